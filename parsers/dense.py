"""The element that holds the article, told by where the running text of the page stands; for markup that says nothing.

Cheap and sure of itself, or silent: where it answers, trafilatura need not be asked, which takes ten times as long.
"""

from __future__ import annotations

from parsers.around import aside_of_page, off
from parsers.markup import Element
from parsers.soup import Document, ancestors
from parsers.wording import words

_RUNNING = 80  # letters in a row that are no link: a caption, a button or a headline has fewer
_LEAST = 800  # letters of running text that an article has
_LEAST_NAMED = 200  # the same, inside <article> or <main>
_NEARLY_ALL = 0.93  # of the page's running text must be in the element
_DENSE = 0.9  # of the element's own letters must be running text
_DENSE_NAMED = 0.82  # the same, inside <article> or <main>
# An article with many headings, lists and captions has less, but hardly a letter of those is a link; a list of other
# articles is nothing but links, and stands inside <article> or <main> more rarely than beside it.
_DENSE_UNLINKED = 2 / 3
_LINKED = 0.1
# A long report has headings, lists and captions as well. They are no menus where hardly a letter of them is a link.
_LONG = 5000  # letters of running text
_ALL_OF_LONG = 0.96  # of the page's running text must be in the element
_DENSE_LONG = 0.7  # of its own letters must be running text
_LINKED_LONG = 0.03  # of its own letters may be links
_PARAGRAPHS = ("p", "pre", "blockquote")
_HOLDERS = ("div", "section", "article", "td", "main", "li", "dd")


def densest(doc: Document) -> Element | None:
    """None where running text stands in several places, or there is too little of it."""
    if doc.root is None:
        return None
    held: dict[Element, int] = {}
    total = 0
    for element, size in _running(doc, doc.root):
        total += size
        above: Element | None = element
        while above is not None:
            held[above] = held.get(above, 0) + size
            above = above.getparent()
    if total < _LEAST_NAMED:
        return None
    top = next(iter(doc.tags.get("body", ())), doc.root)
    here = _innermost(top, held, _NEARLY_ALL * total)
    named = here.tag not in {"body", "html"} and _named(here)
    if not named and (total < _LEAST or here.tag in {"body", "html"}):
        return None
    running, size = held.get(here, 0), len(words(here))
    if running >= (_DENSE_NAMED if named else _DENSE) * size:
        return here
    if named and total >= _LEAST and running >= _DENSE_UNLINKED * size and _linked(here) <= _LINKED * size:
        return here
    return _long(top, held, total) if total >= _LONG else None


def _innermost(top: Element, held: dict[Element, int], least: float) -> Element:
    """The innermost element that holds so many letters of running text."""
    here = top
    while True:
        inner = next((c for c in here if held.get(c, 0) >= least), None)
        if inner is None or inner.tag in _PARAGRAPHS:
            return here
        here = inner


def _long(top: Element, held: dict[Element, int], total: int) -> Element | None:
    here = _innermost(top, held, _ALL_OF_LONG * total)
    size = len(words(here))
    if here.tag in {"body", "html"} or held.get(here, 0) < _DENSE_LONG * size:
        return None
    return here if _linked(here) <= _LINKED_LONG * size else None


def _linked(element: Element) -> int:
    return sum(len(words(a)) for a in element.iter("a"))


def _named(element: Element) -> bool:
    """Is it, or does it stand in, what the markup calls the article or main part? A short list in it is no menu."""
    return any(e.tag in {"article", "main"} or e.get("role") == "main" for e in (element, *ancestors(element)))


def _running(doc: Document, root: Element) -> list[tuple[Element, int]]:
    """Each element with running text of its own, and the letters of it."""
    found: list[tuple[Element, int]] = []
    for element in root.iter(*_PARAGRAPHS):
        size = len("".join(element.itertext())) - sum(len("".join(a.itertext())) for a in element.iter("a"))
        if size >= _RUNNING and not _beside(doc, element):
            found.append((element, size))
    for element in root.iter(*_HOLDERS):
        size = len((element.text or "").strip()) + sum(len((c.tail or "").strip()) for c in element)
        if size >= _RUNNING and not _beside(doc, element):
            found.append((element, size))
    return found


def _beside(doc: Document, element: Element) -> bool:
    return aside_of_page(doc, element) or off(doc, element)
