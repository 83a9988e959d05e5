"""Walking through a stranger's XML: no entity resolved, nothing fetched, damage forgiven, depth bounded. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

DEEPEST = 200  # a million nested tags cost minutes; articles inside an Atom feed nest a few dozen deep


# "<a <a <a …": libxml2 opens a tag inside the other, a million deep, before it lets us see one of them. And every
# attribute of a tag is compared with every other.
_NO_CLOSE = re.compile(rb"(?:\A|>)[^>]{2000,}")
_MOST_OPEN = 300
_MOST_ATTRIBUTES = 1000


def hopeless(body: bytes) -> bool:
    """Is this so damaged that a parser would spend minutes on it? In linear time, before any parser."""
    for match in _NO_CLOSE.finditer(body):
        attributes = match[0].count(b"='") + match[0].count(b'="')
        if match[0].count(b"<") > _MOST_OPEN or attributes > _MOST_ATTRIBUTES:
            return True
    return False


def events(body: bytes) -> Iterator[tuple[str, Any, str]]:
    """("start" | "end", element, its local name in lower case); ends early where the markup is beyond reading."""
    if hopeless(body):
        return
    walk = etree.iterparse(
        io.BytesIO(body.lstrip(b" \t\r\n")),
        events=("start", "end"),
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


def local(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def words(element: Any, most: int) -> str:
    """The text in an element, up to `most` characters."""
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
