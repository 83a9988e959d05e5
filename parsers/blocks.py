"""An element of a page -> its blocks in reading order: paragraphs, headings, lists, tables, quotations.

A block is one paragraph as a reader sees it. Furniture inside (share bars, advertisements, forms) is not lost: it
comes back as an Aside with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from cuttings.model import Aside
from parsers.furniture import WHY, furniture, names, short
from parsers.markup import Element
from parsers.wording import BLOCKS, SILENT, clean, words

BlockKind = Literal["p", "h", "list", "table", "quote", "pull", "pre", "caption"]


@dataclass(slots=True)
class Block:
    """`links`: (words, href) of its links; `linked`: share of its words inside links; `strong`, `em`: all of it."""

    kind: BlockKind
    text: str
    element: Element
    links: list[tuple[str, str]] = field(default_factory=list)
    linked: float = 0.0
    strong: bool = False
    em: bool = False
    level: int = 0
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # as the page breaks them with <br>; one line when it does not


_PULL = re.compile(
    r"(?:^|[\s_-])(?:pull-?quote|pullquote|quote--pull|pullout|pull-out|blockquote--pull|callout-quote)(?=$|[\s_-])",
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|wp-caption-text|figcaption|image-credit|photo-credit|credit|picture-caption)(?=$|[\s_-])",
)
_PULLED = frozenset({"aside", "div", "figure", "p", "section"})
_BLANKS = re.compile(r"[ \t\n\r\xa0]+")  # first, as a pattern with blanks *and* breaks is quadratic on 100,000 blanks
_DOUBLE_BREAK = re.compile(r"(?: ?\x0b){2,}")
_LINK, _BOLD, _ITALIC = 1, 2, 4
_HEADINGS = {f"h{n}": n for n in range(1, 7)}


def _carries_text(figure: Element) -> bool:
    """<figure> holds a picture with its caption, or a table, a quotation, a listing."""
    return any(e.tag in {"table", "blockquote", "pre", "ul", "ol", "aside"} for e in figure.iter("*")) or bool(
        _PULL.search(names(figure).lower())
    )


def _leads_somewhere(element: Element) -> bool:
    """Is the link that it stands in one? <a name="top"> is none."""
    over = next((above for above in element.iterancestors("a")), None)
    return over is not None and over.get("href") is not None


class Walker:
    """Walks one element and collects its blocks and what it set aside. Use `blocks_of`."""

    def __init__(
        self, skip: Callable[[Element], str | None], breaks: bool = False, total: Callable[[], int] = lambda: 0
    ) -> None:
        self.skip, self.breaks = skip, breaks
        self.total = total  # letters of it all, counted when something is to be left out
        self.nested = 0  # lists in lists
        self.blocks: list[Block] = []
        self.asides: list[Aside] = []
        self.elsewhere: list[Element] = []  # links to other articles, which were left out
        self._fresh()

    def _fresh(self) -> None:
        self.parts: list[str] = []
        self.marks: list[int] = []  # of each part: _LINK, _BOLD, _ITALIC or several of them
        self.links: list[tuple[int, str, str]] = []  # the part where each begins, its words, its address

    def flush(self, element: Element, kind: BlockKind = "p", level: int = 0) -> None:
        """What has gathered becomes blocks: a double <br> parts paragraphs, a single one is white space."""
        if not self.parts:
            return
        raw = "".join(self.parts)
        if raw.isspace():
            self._fresh()
            return
        breaks = "\x0b" in raw
        broken = raw.count("\x0b") > 1 and _DOUBLE_BREAK.search(_BLANKS.sub(" ", raw)) is not None
        for start, end in self._pieces() if broken else ((0, len(self.parts)),):
            piece = "".join(self.parts[start:end]) if broken else raw
            lines = tuple(line for line in map(clean, piece.split("\x0b")) if line) if breaks else (clean(piece),)
            text = ("\n" if self.breaks else " ").join(lines)
            if not text:
                continue
            linked, strong, em = self._shares(start, end)
            self.blocks.append(
                Block(
                    kind,
                    text,
                    element,
                    links=[(said, href) for at, said, href in self.links if start <= at < end],
                    linked=linked,
                    strong=strong >= 0.95,
                    em=em >= 0.95,
                    level=level,
                    lines=lines,
                )
            )
        self._fresh()

    def _pieces(self) -> Iterable[tuple[int, int]]:
        """The parts between double breaks: of `<b>Who pays</b><br><br>The council` only the first piece is bold."""
        start = breaks = 0
        for n, part in enumerate(self.parts):
            if part == "\x0b":
                breaks += 1
            elif part.strip():
                if breaks > 1:
                    yield start, n
                    start = n
                breaks = 0
        yield start, len(self.parts)

    def _shares(self, start: int, end: int) -> tuple[float, float, float]:
        """How much of some parts is in links, bold, italic."""
        if not any(self.marks):
            return 0.0, 0.0, 0.0
        length = linked = strong = em = 0
        for part, mark in zip(self.parts[start:end], self.marks[start:end], strict=True):
            size = len(part.strip())
            length += size
            if mark:
                linked += size if mark & _LINK else 0
                strong += size if mark & _BOLD else 0
                em += size if mark & _ITALIC else 0
        return (linked / length, strong / length, em / length) if length else (0.0, 0.0, 0.0)

    def text(self, text: str, mark: int) -> None:
        if not self.parts and text.isspace():
            return  # white space between two blocks, which is half of all texts
        self.parts.append(text)
        self.marks.append(mark)

    def walk(self, element: Element, kind: BlockKind = "p", mark: int = 0) -> None:
        if text := element.text:
            self.text(text, mark)
        for child in element:
            if isinstance(child.tag, str):
                self.child(child, element, kind, mark)
            if tail := child.tail:
                self.text(tail, mark)

    def child(self, child: Element, parent: Element, kind: BlockKind, mark: int) -> None:
        tag = child.tag
        if tag in SILENT or tag == "noscript":
            return
        if tag == "br":
            self.parts.append("\x0b")
            self.marks.append(0)
            return
        if tag == "img":
            return
        why = self.skip(child)
        if why:
            text = words(child)
            if why != "navigation" and text and 0 < 0.4 * self.total() < len(text):
                why = None  # div.social-wrap round the whole article is no bar of buttons, ASP.NET's <form> no form
        if why:
            if text:
                self.asides.append(Aside(text, why))
                if why == WHY["related"]:
                    self.elsewhere.append(child)
                self.parts.append(" ")
                self.marks.append(0)
            return
        if tag == "a":
            text = words(child)
            if text:
                self.links.append((len(self.parts), text, child.get("href") or ""))
            self.walk(child, kind, mark | _LINK)
        elif tag in {"b", "strong"}:
            self.walk(child, kind, mark | _BOLD)
        elif tag in {"i", "em", "cite"}:
            self.walk(child, kind, mark | _ITALIC)
        elif tag in {"sup"} and re.fullmatch(r"\[?\d{1,3}\]?", words(child)) and child.find(".//a") is not None:
            pass  # a footnote mark: "reform[3]" reads as "reform"
        elif tag in BLOCKS:
            self.block(child, parent, kind, mark)
        else:
            self.walk(child, kind, mark)

    def block(self, child: Element, parent: Element, kind: BlockKind, mark: int) -> None:
        self.flush(parent, kind)
        tag = child.tag
        if tag in _HEADINGS:
            # A card for another article is a link round its heading; round a paragraph, one that nobody closed.
            self.walk(child, "h", _LINK if mark & _LINK and _leads_somewhere(child) else 0)
            self.flush(child, "h", _HEADINGS[tag])
        elif tag in {"ul", "ol", "menu"} and self.nested < 5:
            self.list_(child)
        elif tag == "table":
            self.table(child)
        elif tag == "pre":
            text = "".join(child.itertext()).strip("\n")
            if text.strip():
                self.blocks.append(Block("pre", text.expandtabs(4), child))
        else:
            self.named(child, kind)

    def named(self, child: Element, kind: BlockKind) -> None:
        """A block whose class may say that it is a caption or a quotation pulled out of the text."""
        tag, named = child.tag, names(child).lower()
        if (
            tag == "figcaption"
            or (tag == "figure" and not _carries_text(child))
            or (named and _CAPTION.search(named) and short(child))
        ):
            text = words(child)
            if text:
                self.asides.append(Aside(text, "caption"))
            return
        if tag == "blockquote" or (named and tag in _PULLED and _PULL.search(named)):
            kind = "pull" if self._pulls(child) else "quote"
        self.walk(child, kind)
        self.flush(child, kind)

    @staticmethod
    def _pulls(element: Element) -> bool:
        parent = element.getparent()
        around = names(parent) if parent is not None and parent.tag in {"aside", "figure", "div"} else ""
        return bool(_PULL.search(names(element).lower()) or _PULL.search(around.lower())) or element.tag == "aside"

    def list_(self, element: Element) -> None:
        items: list[str] = []
        links: list[tuple[str, str]] = []
        linked = length = 0.0
        inner = Walker(self.skip, self.breaks, self.total)
        inner.nested = self.nested + 1
        start = element.get("start") or ""
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
        for n, item in enumerate((c for c in element if isinstance(c.tag, str) and c.tag not in SILENT), first):
            if why := self.skip(item):
                self.asides += [Aside(words(item), why)] if words(item) else []
                continue
            inner.blocks, inner.links = [], []
            inner._fresh()
            inner.walk(item)
            inner.flush(item)
            if len(inner.blocks) > 3 or any(b.kind in {"h", "table"} for b in inner.blocks):
                # A list that lays out whole sections ("1. Heading, three paragraphs") is no list to a reader.
                self._close_list(element, items, links, linked / max(1.0, length))
                self.blocks += inner.blocks
                items, links, linked, length = [], [], 0.0, 0.0
                continue
            mark = f"{n}. " if element.tag == "ol" else "• "
            text = "\n".join(b.text if b.kind != "list" else re.sub(r"(?m)^", "  ", b.text) for b in inner.blocks)
            if text:
                items.append(mark + text)
                for b in inner.blocks:
                    links += b.links
                    linked += b.linked * len(b.text)
                    length += len(b.text)
        self.asides += inner.asides
        self._close_list(element, items, links, linked / max(1.0, length))

    def _close_list(self, element: Element, items: list[str], links: list[tuple[str, str]], linked: float) -> None:
        if items:
            plain = tuple(re.sub(r"^(?:\d+\.|•) ", "", i) for i in items)
            self.blocks.append(Block("list", "\n".join(items), element, links=links, linked=linked, items=plain))

    def table(self, element: Element) -> None:
        rows = []
        cells_per_row = []
        for row in element.iter("tr"):
            cells = [words(c) for c in row if isinstance(c.tag, str) and c.tag in {"td", "th"}]
            cells = [c for c in cells if c]
            if cells:
                rows.append(" | ".join(cells))
                cells_per_row.append(len(cells))
        if not rows:
            self.walk(element)
            self.flush(element)
        elif (
            max(cells_per_row) == 1
            or element.find(".//table") is not None
            or (element.find(".//p") is not None and len(rows) <= 2)
            or (self.breaks and any(self.skip(e) for e in element.iter("*")))  # a comment's name and day in cells
        ):
            self.layout(element)
        else:
            self.blocks.append(Block("table", "\n".join(rows), element))

    def layout(self, element: Element) -> None:
        """A table that only lays out the page: each cell is a column of its own."""
        for cell in element.iter("td", "th", "caption"):
            if cell.find(".//table") is None and not (self.breaks and self.skip(cell)):
                self.walk(cell)
                self.flush(cell)


def blocks_of(
    element: Element,
    *,
    skip: Callable[[Element], str | None] = furniture,
    breaks: bool = False,
    related: list[Element] | None = None,
    size: int | None = None,
) -> tuple[list[Block], list[Aside]]:
    """`skip` names the reason to leave an element out; `breaks` keeps a single <br> as a line break;
    `related` collects the elements that link to other articles; `size`: letters of the element, where it is known."""
    walker = Walker(skip, breaks)
    if skip is furniture:
        walker.total = cache(lambda: len(words(element)) if size is None else size)
    walker.walk(element)
    walker.flush(element)
    if related is not None:
        related += walker.elsewhere
    return walker.blocks, walker.asides


def remove(elements: Iterable[Element]) -> None:
    """Takes elements out of the tree, keeping the text that follows them."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
            element.tail = None
        parent.remove(element)
