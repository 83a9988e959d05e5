"""Layer 1: a page as it was sent -> lines of text with what stood between them.

Page-turners give their text in three forms: blocks (YUDU: one element, or one line, a block), lines with a gutter of
blanks between columns (FlipBuilder's <pre>: raw white space is all there is), and lines with a place (FlippingBook).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cuttings.model import Page
from parsers import markup
from parsers.plain_text import decoded, tidied

_PLACED = "textItem"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PER_CENT = re.compile(r"(left|top)\s*:\s*(-?\d+(?:\.\d+)?)\s*%", re.I)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "table",
        "tr",
        "td",
        "main",
        "nav",
        "figure",
        "figcaption",
        "pre",
    ]
)
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "head", "iframe", "object"])
MOST_WORDS, MOST_LINES, MOST_SIGNS = 10_000, 1_200, 200_000  # a page; signs count a gutter's blanks
MAX_NESTING = 200  # a page nested deeper is hostile: its text is taken without structure


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `raw` keeps white space (gutters), `gap` is how many blank lines stood above it."""

    raw: str
    gap: int = 0

    @property
    def text(self) -> str:
        return tidied(self.raw)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's lines in the order as found, and the number that its address gives it ("…/resources/18.htm")."""

    url: str | None
    lines: tuple[Line, ...]
    number: str | None = None

    @property
    def beyond_print(self) -> bool:
        """More than any printed page holds, so nothing can be known of how it was set: a broadsheet has 7,000 words."""
        return (
            len(self.lines) > MOST_LINES
            or sum(len(line.raw) for line in self.lines) > MOST_SIGNS
            or sum(len(line.raw.split()) for line in self.lines) > MOST_WORDS
        )


def sheet(page: Page) -> Sheet:
    """The lines of one page. Never fails; a page without text has no lines."""
    plain = page.media_type.split(";")[0].strip().lower() == "text/plain"
    text = decoded(page.body) if plain else _html_text(markup.decoded(page.body, page.media_type)[1])
    return Sheet(page.url, lines_of(text), number_in(page.url))


def lines_of(text: str) -> tuple[Line, ...]:
    out: list[Line] = []
    gap = 0
    for raw in text.split("\n"):
        if raw.strip():
            out.append(Line(raw.rstrip(), gap))
            gap = 0
        else:
            gap += 1
    return tuple(out)


_IN_ADDRESS = (
    re.compile(r"/resources/(\d{1,4})\.html?\b", re.I),
    re.compile(r"/page[-_/]?(\d{1,4})(?:\.html?)?(?:$|[?#/])", re.I),
    re.compile(r"[?&]page=(\d{1,4})\b", re.I),
    re.compile(r"/(\d{1,4})\.html?(?:$|[?#])", re.I),
)


def number_in(url: str | None) -> str | None:
    """The page number of a page-turner's address, as printed there."""
    return next((m[1] for pattern in _IN_ADDRESS if (m := pattern.search(url or ""))), None)


# ---------------------------------------------------------------- HTML


def _html_text(html: bytes) -> str:
    root = markup.parse(html)
    if root is None:
        return ""
    placed = [e for e in root.iter() if isinstance(e.tag, str) and _PLACED in (e.get("class") or "").split()]
    return _placed_text(placed) if len(placed) >= 3 else _flowing_text(root)


def _flowing_text(root: Any) -> str:
    """Text with one blank line between block elements, "\\n" for <br>, and <pre> as it stands."""
    parts: list[str] = []

    def walk(node: Any, raw: bool, depth: int) -> None:
        tag = node.tag if isinstance(node.tag, str) else None
        if tag is None or tag in _SILENT:
            return
        if depth > MAX_NESTING:
            parts.append(" ".join(node.itertext()))
            return
        raw = raw or tag == "pre"
        if tag in _BLOCKS:
            parts.append("\n\n")
        elif tag == "br":
            parts.append("\n")
        say(node.text, raw)
        for child in node:
            walk(child, raw, depth + 1)
            say(child.tail, raw)
        if tag in _BLOCKS:
            parts.append("\n\n")

    def say(text: str | None, raw: bool) -> None:
        if text:
            parts.append(text if raw else re.sub(r"[^\S\u00a0]+", " ", text))

    walk(root, False, 0)
    return "".join(parts)


# ---------------------------------------------------------------- lines with a place


@dataclass(frozen=True, slots=True)
class _Placed:
    left: float
    top: float
    text: str


def _place(element: Any) -> _Placed | None:
    found = {key.lower(): float(value) for key, value in _PER_CENT.findall(element.get("style") or "")}
    for key in ("left", "top"):
        number = _NUMBER.match((element.get(key) or element.get(f"data-{key}") or "").strip())
        if key not in found and number:
            found[key] = float(number[0])
    text = tidied("".join(element.itertext()))
    return _Placed(found["left"], found["top"], text) if text and len(found) == 2 else None


def _placed_text(elements: Sequence[Any]) -> str:
    """Columns from left to right, each from top to bottom; a blank line where a column ends or a gap opens.

    Lines whose left edges lie together are a column; a heading that begins left of, or above, everything stays first.
    """
    items = [place for element in elements if (place := _place(element))]
    out: list[str] = []
    for column in _columns(items):
        steps = sorted(b.top - a.top for a, b in pairwise(column) if b.top > a.top)
        usual = steps[len(steps) // 2] if steps else 0.0
        row: list[_Placed] = []
        for item in column:
            if row and abs(item.top - row[-1].top) < 0.3:
                row.append(item)
                continue
            if row:
                out.append(" ".join(one.text for one in sorted(row, key=lambda p: p.left)))
                if usual and item.top - row[-1].top > 1.7 * usual:
                    out.append("")
            row = [item]
        out += [" ".join(one.text for one in sorted(row, key=lambda p: p.left)), ""]
    return "\n".join(out)


def _columns(items: Sequence[_Placed]) -> list[list[_Placed]]:
    """Groups of lines by left edge. Indented first lines (within 3 per cent) belong to their column."""
    if not items:
        return []
    columns: list[list[_Placed]] = []
    for item in sorted(items, key=lambda p: p.left):
        if columns and item.left - columns[-1][0].left <= 12 and item.left - columns[-1][-1].left <= 3:
            columns[-1].append(item)
        else:
            columns.append([item])
    return [sorted(column, key=lambda p: (p.top, p.left)) for column in columns]
