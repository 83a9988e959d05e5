"""The readers' comments of a page as records, whatever the theme or plugin that drew them.

1. Which elements are comments: thread_items.
2. What each says (remark.Scan): name, address, time and words are looked for in that order, and what one has found the
   next ignores, so that no name, date or 'Reply' ends up in the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from cuttings.model import Aside
from parsers import dates
from parsers.linked_data import types
from parsers.markup import Element
from parsers.remark import Remark, Scan
from parsers.soup import Document, ancestors, http, low_tokens, tokens
from parsers.thread_items import by_headings, by_marks, by_own_class, by_shape, wrap_definition_lists
from parsers.thread_marks import (
    ITEM_ID,
    MOST,
    PING,
)
from parsers.wording import SILENT, clean, from_html, words, words_without


@dataclass(frozen=True, slots=True)
class Thread:
    remarks: tuple[Remark, ...] = ()
    elements: tuple[Element, ...] = ()  # what to take out of the page before its body is read
    asides: tuple[Aside, ...] = ()


def read_thread(doc: Document) -> Thread:
    """Every comment of the page in page order; no comments gives an empty Thread."""
    wrap_definition_lists(doc)
    scans: dict[Element, Scan] = {}
    found = by_marks(doc, scans)
    thread = _thread(doc, found, scans) if found else Thread()
    if not thread.remarks:
        scans = {}
        shaped = max(by_shape(doc, scans), by_own_class(doc), key=len) or by_headings(doc)
        if shaped:
            thread = _thread(doc, shaped, scans)
    if not thread.remarks:
        thread = replace(thread, remarks=_from_linked_data(doc))
    return thread


def _thread(doc: Document, found: Sequence[Element], scans: Mapping[Element, Scan] = MappingProxyType({})) -> Thread:
    chosen = set(found)
    asides = [Aside(_all_words(e, chosen), f"beyond the first {MOST:,} comments of a page") for e in found[MOST:]]
    kept: list[tuple[Element, Scan]] = []
    for element in found[:MOST]:
        if _ping(element):
            asides.append(Aside(words(element), "pingback"))
            continue
        scan = scans.get(element)
        if scan is None or not chosen.isdisjoint(scan.inner):
            scan = Scan(element, chosen)
        if scan.text and (scan.author is not None or scan.date is not None):
            kept.append((element, scan))
        elif scan.text or scan.author is not None:
            asides.append(Aside(words_without(element, chosen), "comment without a name, a date or words"))
    american = dates.looks_american([words(s.date) for _, s in kept if s.date is not None])
    remarks: list[Remark] = []
    place: dict[Element, int] = {}
    numbered: dict[str, int] = {}
    depths: list[tuple[int, int]] = []
    indented = bool(doc.classes.get("indented"))
    seen: set[tuple[str | None, ...]] = set()
    for element, scan in kept:
        number = _number(element)
        remark = Remark(
            author=scan.name(),
            author_url=scan.url(doc.url),
            posted=scan.iso(american),
            text=scan.text,
            parent=_parent(element, place, numbered, depths, indented),
            links=scan.links(doc.url),
            by_author=_by_author(element, scan),
            id=number,
        )
        twin = (number, remark.author, remark.text)
        if number and twin in seen:
            continue  # the thread printed twice, once for phones
        seen.add(twin)
        place[element] = len(remarks)
        if number:
            numbered.setdefault(number, len(remarks))
        depth = _depth(element)
        if depth:
            depths.append((depth, len(remarks)))
        remarks.append(remark)
    return Thread(tuple(remarks), tuple(found), tuple(asides))


def _all_words(element: Element, chosen: set[Element]) -> str:
    """The words of one of many thousand comments, at the speed of a copy where no other stands in it."""
    if any(e is not element and (e in chosen or e.tag in SILENT) for e in element.iter("*")):
        return words_without(element, chosen)
    return clean(" ".join(element.itertext()))


def _ping(element: Element) -> bool:
    if not PING.isdisjoint(low_tokens(element)):
        return True
    above = element.getparent()
    return above is not None and not PING.isdisjoint((*low_tokens(above), (above.get("id") or "").lower()))


def _number(element: Element) -> str | None:
    for e in (element, *(c for c in element if isinstance(c.tag, str))):
        match = ITEM_ID.match(e.get("id") or "")
        if match:
            return match["n"] or match["b"]
    return element.get("data-comment-id") or element.get("data-id") or None


_DEPTH = re.compile(r"(?:depth|level|comment-depth|comment-level)[-_]?(\d{1,2})", re.I)


def _depth(element: Element) -> int | None:
    for token in tokens(element):
        if match := _DEPTH.fullmatch(token):
            return int(match[1])
    return None


def _parent(
    element: Element,
    place: dict[Element, int],
    numbered: dict[str, int],
    depths: list[tuple[int, int]],
    indented: bool,
) -> int | None:
    """`indented`: does the page have elements of this class?"""
    for above in ancestors(element):
        if above in place:
            return place[above]
        if indented and "indented" in tokens(above):  # Drupal: the replies follow their comment in a div of their own
            before = above.getprevious()
            while before is not None and before not in place:
                before = before.getprevious()
            if before is not None:
                return place[before]
    wanted = element.get("data-parent-id") or element.get("data-parent") or element.get("data-comment-parent")
    if wanted and wanted != "0" and wanted in numbered:
        return numbered[wanted]
    depth = _depth(element)
    if depth and depth > 1:
        for other_depth, n in reversed(depths):
            if other_depth == depth - 1:
                return n
    return None


_OF_AUTHOR = frozenset(
    {
        "bypostauthor",
        "by-author",
        "by-node-author",
        "comment-by-author",
        "comment-by-node-author",
        "byarticleauthor",
        "wpd-blog-post_author",
        "is-author",
        "by-post-author",
        "author-comment",
    }
)


def _by_author(element: Element, scan: Scan) -> bool:
    if not _OF_AUTHOR.isdisjoint(low_tokens(element)):
        return True
    by_class = (scan.by_token.get(t, ()) for t in ("blog-author", "post-author", "comment-by-post-author"))
    return any("blog-admin" not in tokens(e) for marked in by_class for e in marked)


def _from_linked_data(doc: Document) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    for thing in doc.linked_data:
        if "Comment" not in types(thing) and thing.get("comment"):
            _add_linked(remarks, thing["comment"], None, doc.url)
            if remarks:
                break
    return tuple(remarks)


# Not a function inside the other: one that calls itself holds itself, and with it the page, until it is collected.
def _add_linked(remarks: list[Remark], value: object, parent: int | None, base: str | None) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict) or "Comment" not in types(item) or len(remarks) >= MOST:
            continue
        text = item.get("text") or item.get("description") or item.get("articleBody")
        if not isinstance(text, str) or not text.strip():
            continue
        author = item.get("author") or item.get("creator")
        author = author[0] if isinstance(author, list) and author else author
        name = author.get("name") if isinstance(author, dict) else author
        link = author.get("url") if isinstance(author, dict) else None
        n = len(remarks)
        remarks.append(
            Remark(
                author=clean(name) or None if isinstance(name, str) else None,
                author_url=http(link, base) if isinstance(link, str) else None,
                posted=dates.read_date(str(item.get("dateCreated") or item.get("datePublished") or "")),
                text="\n\n".join(t for t in (from_html(p) for p in re.split(r"\n\s*\n|</p>\s*<p[^>]*>", text)) if t),
                parent=parent,
            )
        )
        if item.get("comment"):
            _add_linked(remarks, item["comment"], n, base)
