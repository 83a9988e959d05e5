"""A stranger's web page as soup: decoded, cut to a size, flattened where it is nested beyond sense. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email.message import Message

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString

from cuttings.addresses import absolute

MOST_BYTES = 2_000_000  # of a list page; what stands further down is not new
MOST_LINKS = 2000
_MOST_TAGS = 50_000  # soup costs twenty microseconds a tag; a page of a hundred teasers has 5,000
_DEEPEST = 200  # "main a" looks at every ancestor of every link
_LONGEST_TEXT = 500

# These close themselves or never open, so that counting them would make a plain long list look deep.
_FLAT = frozenset(
    [
        *("a", "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "html", "head", "body"),
        *(
            "br",
            "img",
            "input",
            "hr",
            "meta",
            "link",
            "area",
            "base",
            "col",
            "embed",
            "source",
            "track",
            "wbr",
            "param",
        ),
    ]
)
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)[^<>]*>?")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def soup(body: bytes, media_type: str) -> BeautifulSoup:
    return soup_and_cut(body, media_type)[0]


def soup_and_cut(body: bytes, media_type: str) -> tuple[BeautifulSoup, str | None]:
    """The page, and a sentence where it is only the beginning of it."""
    text, whole = _flattened(_text(body[:MOST_BYTES], media_type))
    cut = f"{_MOST_TAGS:,} tags" if not whole else f"{MOST_BYTES // 1_000_000} MB" if len(body) > MOST_BYTES else None
    return BeautifulSoup(text, "lxml"), cut and f"Only the first {cut} of the list page were looked at."


def base(page: BeautifulSoup, url: str) -> str:
    """What the page's links are relative to."""
    tag = page.find("base", href=True)
    return resolved(attribute(tag, "href"), url) if isinstance(tag, Tag) else url


def resolved(href: str, at: str) -> str:
    """The link as an address; as it stands where it is none: the sorting says what is wrong with it."""
    try:
        return absolute(href, at)
    except ValueError:
        return href


def links(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(["a", "area"], href=True, limit=MOST_LINKS):
        yield attribute(tag, "href")


def attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return (" ".join(value) if isinstance(value, list) else (value or "")).strip()


def words(tag: Tag) -> str | None:
    """The text in a tag, in one line, and not more of it than a headline can have."""
    pieces: list[str] = []
    length = 0
    for n, item in enumerate(tag.descendants):
        if n > _LONGEST_TEXT:  # as many tags around no text at all
            break
        if type(item) is NavigableString:
            pieces.append(str(item)[:_LONGEST_TEXT])
            length += len(pieces[-1])
            if length > _LONGEST_TEXT:
                break
    return " ".join(" ".join(pieces).split())[:_LONGEST_TEXT] or None


def _text(body: bytes, media_type: str) -> str:
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body.decode(marked, "replace")
    if body[1:200:2].count(0) > 60:  # UTF-16 without its mark, whatever its meta says
        return body.decode("utf-16-le", "replace")
    declared = _charset(media_type) or EncodingDetector.find_declared_encoding(body[:4096], is_html=True)
    for encoding in (declared or "utf-8", "utf-8"):
        try:
            # What was cut in the middle of a letter at MOST_BYTES is still UTF-8.
            return str(codecs.getincrementaldecoder(encoding)().decode(body))
        except (LookupError, ValueError, AttributeError, TypeError):
            continue
    return body.decode("cp1252", "replace")


def _charset(media_type: str) -> str | None:
    message = Message()
    message["content-type"] = media_type.encode("ascii", "ignore").decode()
    charset = message.get_param("charset")
    return charset if isinstance(charset, str) else None


def _flattened(text: str) -> tuple[str, bool]:
    """The markup without the tags that stand deeper than any list does; their words and links stay. Is it all?"""
    depth = count = 0
    out: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        count += 1
        if count > _MOST_TAGS:
            out.append(text[end : match.start()])
            return "".join(out), False
        closing, name = match[1], match[2].lower()
        if name in _FLAT:
            continue
        deep = depth > _DEEPEST
        depth = max(0, depth - 1) if closing else depth + 1
        if deep and depth >= _DEEPEST:
            out.append(text[end : match.start()])
            end = match.end()
    out.append(text[end:])
    return "".join(out), True
