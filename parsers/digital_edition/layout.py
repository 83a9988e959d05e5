"""Layer 3: lines -> pieces in columns' order, and of which form the page is.

A *piece* is what the page gives in one go: a typeset line, or a whole block of the text layer. Pieces never lose or
gain words; later layers only give them roles and an order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from parsers.digital_edition.coherence import junction
from parsers.digital_edition.furniture import Cleared
from parsers.digital_edition.words import unspaced
from parsers.plain_text import ends_sentence, tidied

Form = Literal["blocks", "lines", "columns"]
_GUTTER = re.compile(r"(?<=\S)\s{3,}(?=\S)")
LONG = 110  # characters; no typeset column is that wide, so a line beyond it is a whole block


@dataclass(frozen=True, slots=True)
class Piece:
    """`apart`: what stood between it and the piece before: "" (nothing), "gap", "other" (furniture), "folio"."""

    text: str
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    form: Form
    pieces: tuple[Piece, ...]
    width: int  # characters of a full typeset line; 0 for blocks
    woven: int = 0  # how many lines held two columns
    spaced: tuple[str, ...] = ()  # headings that were set in letters apart, mended


def layout(page: Cleared) -> Layout:
    rows = [_cells(line.raw) for line in page.lines]
    woven = sum(1 for row in rows if len(row) > 1)
    if woven >= 4 and woven >= 0.3 * len(rows):
        return _columns(page, rows, woven)
    usual = _usual_gap(page)
    spaced = {n: solid for n, line in enumerate(page.lines) if (solid := unspaced(line.raw))}
    pieces = [
        Piece(spaced.get(n, line.text), before or ("gap" if line.gap > usual else ""))
        for n, (line, before) in enumerate(zip(page.lines, page.before, strict=True))
    ]
    words = sum(len(piece.text.split()) for piece in pieces)
    in_long = sum(len(piece.text.split()) for piece in pieces if len(piece.text) > LONG)
    long = sum(1 for piece in pieces if len(piece.text) > LONG)
    if in_long >= 0.5 * words or (long >= 2 and in_long >= 0.3 * words):
        return Layout("blocks", tuple(pieces), 0, spaced=tuple(spaced.values()))
    return Layout("lines", tuple(pieces), full_width([p.text for p in pieces]), spaced=tuple(spaced.values()))


def _usual_gap(page: Cleared) -> int:
    """How many blank lines stand between any two lines; where all lines are double spaced a blank one says nothing."""
    gaps = [line.gap for line in page.lines[1:]]
    return round(median(gaps)) if gaps else 0


def full_width(texts: Sequence[str]) -> int:
    """The measure: the length that typeset lines come close to without exceeding it much."""
    lengths = sorted(len(text) for text in texts if len(text.split()) >= 3)
    if not lengths:
        return 0
    return lengths[int(0.8 * (len(lengths) - 1))]


# ---------------------------------------------------------------- two columns on one line


def _cells(raw: str) -> list[str]:
    return [tidied(cell) for cell in _GUTTER.split(raw.replace("\u00a0", " ").strip()) if cell.strip()]


def _columns(page: Cleared, rows: Sequence[Sequence[str]], woven: int) -> Layout:
    """Left column, then right column; lines above stay first, lines that span both columns stay last."""
    first = next(n for n, row in enumerate(rows) if len(row) > 1)
    last = max(n for n, row in enumerate(rows) if len(row) > 1)
    count = max(2, round(median(len(row) for row in rows if len(row) > 1)))
    width = full_width([cell for row in rows[first : last + 1] if len(row) == count for cell in row])
    columns: list[list[str]] = [[] for _ in range(count)]
    below: list[Piece] = []
    tail: int | None = None
    for at in range(first, len(rows)):
        row = rows[at]
        if at > last and (
            below or page.before[at] or not _goes_on(columns if tail is None else [columns[tail]], " ".join(row), width)
        ):
            below.append(
                Piece("   ".join(row) if len(row) > 1 else row[0], page.before[at] or ("" if below else "other"))
            )
        elif len(row) == count:
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
        elif at > last:
            tail = _side(columns, row[0]) if tail is None else tail
            columns[tail].append(row[0])
        elif len(row) == 1:
            side = count - 1 if _indent(page.lines[at].raw) > 0.6 * width else _side(columns, row[0])
            columns[side].append(row[0])
        else:
            for column, cell in zip(columns, row, strict=False):
                column.append(cell)
    spaced = [unspaced(line.raw) for line in page.lines[:first]]
    pieces = [
        Piece(solid or line.text, before)
        for line, before, solid in zip(page.lines[:first], page.before[:first], spaced, strict=True)
    ]
    for number, column in enumerate(columns):
        pieces += [Piece(text, "" if n else ("gap" if number else "other")) for n, text in enumerate(column)]
    return Layout("columns", (*pieces, *below), width, woven, tuple(solid for solid in spaced if solid))


def _indent(raw: str) -> int:
    return len(raw) - len(raw.lstrip())


def _goes_on(columns: Sequence[Sequence[str]], text: str, width: int) -> bool:
    """A line below the last pair still belongs to a column: not wider, and no contradiction to the line above it."""
    fits = not text[:1].isupper() or any(junction(" ".join(column[-2:]), text) > -1.5 for column in columns if column)
    return len(text) <= 1.15 * width and fits


def _side(columns: Sequence[Sequence[str]], text: str) -> int:
    """Which column a line belongs to that stands alone in its row; the left one unless another fits better."""
    fits = [
        (junction(" ".join(column[-2:]), text) + (3.5 if n == 0 else 0.0)) if column else -9.0
        for n, column in enumerate(columns)
    ]
    return fits.index(max(fits))


# ---------------------------------------------------------------- lines to paragraphs


def ends_paragraph(line: str, following: str, width: int) -> bool:
    """A full stop before the end of the measure and a fresh start below it."""
    if not ends_sentence(line) and not line.endswith(":"):
        return False
    room = width - len(line)
    start = following.split(" ")[0] if following else ""
    fresh = following[:1].isupper() or following[:1] in "“‘\"'("
    # The next word would have fitted: the line was ended on purpose.
    return fresh and room > len(start) + 1
