"""Quick checks of an issue before it is sent. They are no validator: they see that nothing essential is missing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser

from cuttings.model import Article, Digest, Story
from cuttings.render import taken
from cuttings.render.safe import web
from cuttings.render.view import expected_pages
from cuttings.settings import Source

MOST_PAGES = {"managers": 4, "members": 2}
LARGE_PRINT = 3  # times as many pages


def check(
    digest: Digest,
    html: str,
    pdf: bytes,
    articles: Mapping[str, Article] | None = None,
    *,
    sources: Mapping[str, Source] | None = None,
    stories: Iterable[Story] | None = None,
    large: bool = False,
) -> tuple[str, ...]:
    """Every fault as a sentence; none means the issue may be sent.

    `articles` by key, as they were composed from: with them every word that is a source's is looked up letter by
    letter, and with `sources` by id it is counted against the source's licence. With `stories` readers' words are
    looked up among the comments that were kept.
    """
    return (
        *_composed(digest),
        *(taken.faults(digest, articles, sources, stories) if articles is not None else ()),
        *_document(html, [item.number for item in digest.items]),
        *_file(
            pdf,
            MOST_PAGES[digest.audience] * (LARGE_PRINT if large else 1),
            sum(bool(web(i.url)) for i in digest.items),
        ),
    )


def _composed(digest: Digest) -> Iterator[str]:
    if digest.empty or not digest.items:
        yield "The issue is empty."
    if digest.words > digest.budget:
        yield f"The issue has {digest.words} words, its edition allows {digest.budget}."
    yield from (f"The audit does not add up: {fault}." for fault in digest.audit.faults())
    for question in digest.asked:
        if digest.asked.count(question) > 1:
            yield f"A question is asked twice: {question}"
            break
    numbers = [item.number for item in digest.items]
    if len(set(numbers)) != len(numbers):
        yield "Two items share a number."


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.headings: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.ids: set[str] = set()
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "html":
            self.language = held.get("lang")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if held.get("id"):
            self.ids.add(str(held["id"]))
        if tag in ("a", "area"):
            self.links.append(held.get("href") or "")
        elif tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.resources.append(tag)
        self.resources += [str(held[k]) for k in ("src", "srcset", "poster", "data") if held.get(k)]
        self.resources += [k for k in held if k.startswith("on")]
        self._in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False


def _document(html: str, numbers: Sequence[str]) -> Iterator[str]:
    seen = _Seen()
    seen.feed(html)
    if missing := [number for number in numbers if number not in seen.ids]:
        yield f"The HTML does not hold {', '.join(missing)}."
    if not seen.language:
        yield "The HTML has no language."
    if not seen.title.strip():
        yield "The HTML has no title."
    if seen.headings.count("h1") != 1:
        yield f"The HTML has {seen.headings.count('h1')} main headings instead of one."
    for link in seen.links:
        if not (link.startswith("#") and link[1:] in seen.ids) and web(link) is None:
            yield f"The HTML has a link that is no web address: {link[:80]}"
    for resource in seen.resources:
        if not resource.startswith("data:"):
            yield f"The HTML would load something: {resource[:80]}"


_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MOST_INFLATED = 64 * 2**20  # bytes


def _inflated(pdf: bytes) -> bytes:
    """The file with its streams unpacked, as far as they are packed in the usual way."""
    parts, size = [pdf], 0
    for match in _STREAM.finditer(pdf):
        try:
            part = zlib.decompressobj().decompress(match[1], _MOST_INFLATED - size)
        except zlib.error:  # an image or a font packed in another way: nothing to read there
            continue
        size += len(part)
        parts.append(part)
        if size >= _MOST_INFLATED:
            break
    return b"\n".join(parts)


def overlong(digest: Digest, pdf: bytes, *, large: bool = False) -> bool:
    """Whether the PDF has more pages than its edition allows; a digest of fewer words may fit."""
    return _pages(_inflated(pdf)) > MOST_PAGES[digest.audience] * (LARGE_PRINT if large else 1)


MARGIN = 1.15  # times the pages that words usually take: beyond it no setting has ever been tight enough


def hopeless(digest: Digest) -> bool:
    """Whether its words alone say that it will be overlong: laying it out would cost seconds to be told so."""
    return expected_pages(digest) > MOST_PAGES[digest.audience] * MARGIN


def _pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))


def _file(pdf: bytes, most_pages: int, headlines: int) -> Iterator[str]:
    """`headlines`: how many items link to their page."""
    if not pdf.startswith(b"%PDF-"):
        yield "The PDF is no PDF."
        return
    data = _inflated(pdf)
    for what, pattern in (
        ("is not tagged", rb"/Marked true"),
        ("has no structure tree", rb"/StructTreeRoot"),
        ("has no language", rb"/Lang"),
        ("has no title", rb"<dc:title>|/Title"),
        ("does not name its standard", rb"pdfuaid"),
    ):
        if not re.search(pattern, data):
            yield f"The PDF {what}."
    pages = _pages(data)
    if not 1 <= pages <= most_pages:
        yield f"The PDF has {pages} pages, its edition allows {most_pages}."
    addresses = re.findall(rb"/URI\s*\(((?:[^()\\]|\\.)*)\)", data)
    if len(addresses) < headlines:  # a style sheet that hides what it should show leaves a PDF that is fine but empty
        yield f"The PDF shows {len(addresses)} links, and {headlines} items have one."
    for address in addresses:
        if web(re.sub(rb"\\(.)", rb"\1", address).decode("latin-1")) is None:
            yield f"The PDF has a link that is no web address: {address[:80].decode('latin-1')}"
    for bad in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/GoToR"):
        if bad + b" " in data or bad + b"\n" in data:
            yield f"The PDF holds something active: {bad.decode()}"
