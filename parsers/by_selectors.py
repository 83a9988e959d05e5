"""What a source's own selectors pick on a page: for sites whose markup no family knows, and for their redesigns.

The newest design comes first, and the first that fits the page counts, so that pages archived before a redesign are
still read with the selectors of their time. What no selector picks is found as on any other page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cuttings.model import PageDesign
from parsers import bylines, dates
from parsers.blocks import blocks_of, remove
from parsers.commenter import tidy_name
from parsers.headline import Found, site_name
from parsers.markup import Element
from parsers.remark import Remark, Scan
from parsers.soup import Document, ancestors, http
from parsers.threads import Thread
from parsers.wording import words

MOST = 5000  # comments of one page


@dataclass(frozen=True, slots=True)
class Picked:
    """What the selectors of one design found; None or empty where they found nothing, or there is none."""

    body: Element | None = None
    title: Found | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    thread: Thread | None = None


def pick(doc: Document, designs: Sequence[PageDesign]) -> Picked | None:
    """What the first design that fits picks, or None. Standfirst, authors and date are taken out of the page."""
    if doc.root is None or not designs:
        return None
    from cssselect2 import ElementWrapper  # here: hardly any source has selectors of its own

    page = ElementWrapper.from_html_root(doc.root)
    for design in designs:
        if _all(page, design.body or design.title or design.comments):
            return _picked(doc, page, design)
    return None


def _all(page: Any, selector: str | None) -> list[Element]:
    if not selector:
        return []
    from cssselect2 import compile_selector_list

    found = [wrapped.etree_element for wrapped in page.query_all(*compile_selector_list(selector))]
    return [element for element in found if words(element) or element.get("content") or element.get("datetime")]


def _picked(doc: Document, page: Any, design: PageDesign) -> Picked:
    body = max(_all(page, design.body), key=lambda e: len(words(e)), default=None)
    titles, standfirsts = _all(page, design.title)[:1], _all(page, design.standfirst)
    authors, days = _all(page, design.author), _all(page, design.date)
    thread = _thread(doc, page, design) if design.comments else None
    inside = {e for element in (thread.elements if thread else ()) for e in element.iter()}
    authors, days = [e for e in authors if e not in inside], [e for e in days if e not in inside]
    picked = Picked(
        body=body,
        title=next((Found(_said(e), "the source's own selector", e) for e in titles), None),
        standfirst=" ".join(map(_said, standfirsts)) or None,
        authors=bylines.people(map(_said, authors), site_name(doc)),
        published=next((day for e in days if (day := _day(e))), None),
        thread=thread,
    )
    holders = {body, *ancestors(body)}
    used = (standfirsts, authors if picked.authors else [], days if picked.published else [])
    remove([e for found in used for e in found if e not in holders])
    return picked


def _said(element: Element) -> str:
    """The words of an element, or of a <meta> what it holds."""
    return words(element) or str(element.get("content") or "").strip()


def _day(element: Element) -> str | None:
    given = element.get("datetime") or element.get("content")
    return dates.read_date(given) or dates.read_date(words(element))


# ---------------------------------------------------------------- comments


def _thread(doc: Document, page: Any, design: PageDesign) -> Thread:
    elements = _all(page, design.comments)[:MOST]
    items = set(elements)
    parts = [
        {_owner(e, items): e for e in reversed(_all(page, selector))}
        for selector in (design.comment_author, design.comment_date, design.comment_text)
    ]
    stamps = [words(e) for owner, e in parts[1].items() if owner is not None]
    american = dates.looks_american(stamps)
    remarks: list[Remark] = []
    place: dict[Element, int] = {}
    for element in elements:
        author, day, text = (found.get(element) for found in parts)
        scan = Scan(element, items)
        scan.author = author if author is not None else scan.author
        scan.date = day if day is not None else scan.date
        said = _text(text, items) if text is not None else scan.text
        if not said:
            continue
        above = next((a for a in ancestors(element) if a in place), None)
        place[element] = len(remarks)
        links = [http(a.get("href"), doc.url) for a in text.iter("a")] if text is not None else scan.links(doc.url)
        remarks.append(
            Remark(
                author=tidy_name(words(author)) if author is not None else scan.name(),
                author_url=scan.url(doc.url),
                posted=scan.iso(american) or (_day(day) if day is not None else None),
                text=said,
                parent=None if above is None else place[above],
                links=tuple(dict.fromkeys(link for link in links if link)),
            )
        )
    return Thread(tuple(remarks), tuple(elements))


def _owner(element: Element, items: set[Element]) -> Element | None:
    return next((e for e in (element, *ancestors(element)) if e in items), None)


def _text(element: Element, items: set[Element]) -> str:
    others = items - {element}
    blocks, _ = blocks_of(element, skip=lambda e: "comment" if e in others else None, breaks=True)
    return "\n\n".join(block.text for block in blocks)
