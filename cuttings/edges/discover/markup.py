"""Walking through a stranger's XML: no entity resolved, nothing fetched, damage forgiven, depth bounded. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

DEEPEST = 200  # a million nested tags cost minutes; articles inside an Atom feed nest a few dozen deep


# "<a <a <a …": libxml2 opens a tag inside the other, a million deep, before it lets us see one of them. And every
# attribute of a tag is compared with every other.
_LONG = 2000  # bytes without a '>'
_MOST_OPEN = 300
_MOST_ATTRIBUTES = 1000


def hopeless(body: bytes) -> bool:
    """Is this so damaged that a parser would spend minutes on it? In linear time, before any parser."""
    for stretch in _unclosed(body):
        attributes = stretch.count(b"='") + stretch.count(b'="')
        if stretch.count(b"<") > _MOST_OPEN or attributes > _MOST_ATTRIBUTES:
            return True
    return False


def _unclosed(body: bytes) -> Iterator[bytes]:
    """The stretches of 2000 bytes and more without a '>'.

    Of each window the last '>' alone is looked for: a regular expression goes through all 8 MB of a long sitemap.
    """
    at = 0
    while at + _LONG <= len(body):
        close = body.rfind(b">", at, at + _LONG)
        if close < 0:
            close = body.find(b">", at + _LONG)
            close = len(body) if close < 0 else close
            yield body[at:close]
        at = close + 1


def events(body: bytes, tags: Sequence[str] | None = None) -> Iterator[tuple[str, Any, str]]:
    """("start" | "end", element, its local name in lower case); ends early where the markup is beyond reading.

    tags: local names of the elements that are told of; none: all. An event costs a microsecond or two, and a sitemap
    of 100,000 rows has 600,000.
    """
    if hopeless(body):
        return
    walk = etree.iterparse(
        io.BytesIO(body.lstrip(b" \t\r\n")),
        events=("start", "end"),
        tag=tuple(f"{{*}}{name}" for name in tags) if tags else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in walk:
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                return
            yield event, element, local(element)
    except (etree.XMLSyntaxError, ValueError):
        return  # what was read before it broke is still worth having


def starts(body: bytes, names: Sequence[str]) -> int:
    """How many elements of these names begin in it, told from its letters: to count what there is too much to read."""
    tag = rb"<(?:[\w.-]+:)?(?:" + "|".join(names).encode() + rb")(?=[\s/>])"
    # Of UTF-16, every other byte is a NUL.
    return len(re.findall(tag, body.replace(b"\0", b"") if b"\0" in body[:200] else body, re.IGNORECASE))


def local(element: Any) -> str:
    tag = element.tag
    return bare(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def bare(tag: str) -> str:
    """A tag without its namespace, in lower case."""
    return tag.rpartition("}")[2].lower()


def words(element: Any, most: int) -> str:
    """The text in an element, up to `most` characters."""
    if not len(element):
        return (element.text or "")[:most]
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece[: most - length])
        length += len(pieces[-1])
        if length >= most:
            break
    return "".join(pieces)


def forget(element: Any) -> None:
    """Gives back the memory of an element that has been dealt with, and of those before it."""
    element.clear(keep_tail=True)
    above = element.getparent()
    while above is not None and element.getprevious() is not None:
        del above[0]
