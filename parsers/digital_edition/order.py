"""Layer 7: blocks in reading order.

The order as found is the strongest witness: a block stays behind its neighbour unless the two edges contradict each
other. What is searched is the best way through all blocks; every step that is not as found must earn its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from parsers.digital_edition.coherence import between, edges

Certain = Literal["sure", "likely", "uncertain"]

# What it is worth that two blocks stand together on the page, by what stood between them.
AS_FOUND = {"": 4.5, "gap": 3.5, "other": 3.0, "folio": 1.5}
LINES_AS_FOUND = {"": 9.0, "gap": 6.0, "other": 8.0, "folio": 3.0}  # typeset lines come in order but for their columns
AMBIGUOUS = 4.6  # what the best order must be ahead, where it is the one as found
NOT_INTRODUCED = 3.0  # for a name that is used before it is given in full
MOST_EXACT = 8  # beyond it the search keeps only the best partial orders
BEAM = 200
MOST = 40  # blocks; a page with more is no page that was typeset, and stays as it was found

_FULL_NAME = re.compile(r"(?<=[a-z,;:–] )([A-Z][a-z]+) ([A-Z][a-z]+)\b")
_BARE_NAME = re.compile(r"(?<=[a-z,;:–] )[A-Z][a-z]+\b")


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    apart: str = ""  # what stood above it, as in Piece


@dataclass(frozen=True, slots=True)
class Order:
    places: tuple[int, ...]  # indices of the blocks in reading order
    changed: bool
    certainty: Certain


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known besides the edges: where the article opens and closes, what was on the page before."""

    opening: int | None = None
    held: int | None = None  # the block that had the opening's drop capital glued to it: it goes on from the opening
    displaced: bool = False  # the opening had lost its capital to another place, so it may stand anywhere
    headed: bool = False  # the article begins on this page, so its first block begins a sentence
    closing: int | None = None  # the block above the author's line, where it ends a sentence
    marked: int | None = None  # the block that has the article's end mark
    ended: bool = False  # the article ends on this page, so its last block ends a sentence
    by_lines: bool = False
    before: str | None = None
    names: frozenset[str] = frozenset()


def ordered(blocks: Sequence[Block], hints: Hints) -> Order:
    """The best order of the blocks, and how far it is ahead of the next best that differs."""
    count = len(blocks)
    if count < 2 or count > MOST:
        return Order(tuple(range(count)), False, "sure" if count < 2 else "uncertain")
    steps = _steps(blocks, hints)
    starts = [_start(blocks, n, hints) for n in range(count)]
    ends = [_end(blocks, n, hints) for n in range(count)]
    ranked = _search(count, steps, starts, ends)
    found = tuple(range(count))
    if all(way != found for way, _ in ranked):
        ranked.append((found, _score(found, steps, starts, ends)))
    ranked = _introduced(blocks, ranked)
    best, score = ranked[0]
    as_found = next(value for way, value in ranked if way == found)
    second = score - ranked[1][1] if len(ranked) > 1 else 9.0
    if best == found:
        # The order as found has the weight of a witness: where that alone decides, nothing is known.
        return Order(found, False, "sure" if second >= AMBIGUOUS else "uncertain")
    lead = score - as_found
    if lead < 1.0:
        return Order(found, False, "uncertain")
    return Order(best, True, "sure" if min(lead, second) >= 4 else "likely" if min(lead, second) >= 1 else "uncertain")


def _introduced(
    blocks: Sequence[Block], ranked: Sequence[tuple[tuple[int, ...], float]]
) -> list[tuple[tuple[int, ...], float]]:
    """Orders, best first, less those that speak of "Prothero" before they introduce "Gwen Prothero"."""
    whole = {n: set(_FULL_NAME.findall(block.text)) for n, block in enumerate(blocks)}
    full = {name for names in whole.values() for name in names}
    if not full:
        return list(ranked)
    bare = {n: set(_BARE_NAME.findall(_FULL_NAME.sub(" ", block.text))) for n, block in enumerate(blocks)}
    out = []
    for way, value in ranked:
        early = 0
        for name in full:
            first = next(place for place, n in enumerate(way) if name in whole[n])
            early += any(bare[n] & set(name) for n in way[:first])
        out.append((way, value - NOT_INTRODUCED * early))
    return sorted(out, key=lambda item: item[1], reverse=True)


def _steps(blocks: Sequence[Block], hints: Hints) -> list[list[float]]:
    views = [edges(block.text) for block in blocks]
    beside = _beside(blocks, hints)
    table = []
    for i, a in enumerate(views):
        row = []
        for j, b in enumerate(views):
            value = -99.0 if i == j else between(a, b, hints.names)
            row.append(value + beside.get((i, j), 0.0))
        table.append(row)
    return table


def _beside(blocks: Sequence[Block], hints: Hints) -> dict[tuple[int, int], float]:
    """What it is worth for two blocks to stay together as found.

    A displaced opening is taken out first: its neighbours on the page say nothing about it. Where it stands last on the
    page, behind a folio, the layer was written column by column from the right: then the folio parts nothing that
    belongs together.
    """
    free = hints.opening if hints.displaced else None
    rest = [n for n in range(len(blocks)) if n != free]
    worth: dict[tuple[int, int], float] = {}
    worths = LINES_AS_FOUND if hints.by_lines else AS_FOUND
    from_the_right = free == len(blocks) - 1 and blocks[free].apart != "folio"
    for a, b in pairwise(rest):
        between = {blocks[n].apart for n in range(a + 1, b + 1)}
        apart = next(kind for kind in ("folio", "other", "gap", "") if kind in between)
        worth[a, b] = -0.5 if apart == "folio" and from_the_right else worths[apart]
    if free is not None and rest:
        if hints.held is not None:
            worth[free, hints.held] = 4.0
        elif from_the_right:
            after = next((n for n in rest if blocks[n].apart == "folio"), rest[0])
            worth[free, after] = 1.5
        else:
            worth[free, rest[0]] = 1.5
    return worth


def _start(blocks: Sequence[Block], n: int, hints: Hints) -> float:
    if hints.opening is not None:
        return 12.0 if n == hints.opening else 0.0
    value = 1.5 if n == 0 else 0.0
    view = edges(blocks[n].text)
    if hints.headed:
        return value + (0.5 if view.fresh else -12.0)
    if hints.before:
        value += between(edges(hints.before), view, hints.names)
    return value


def _end(blocks: Sequence[Block], n: int, hints: Hints) -> float:
    value = 1.0 if n == len(blocks) - 1 else 0.0
    if hints.marked is not None:
        return 6.0 if n == hints.marked else 0.0
    if hints.closing is not None:
        # The author's line may stand below the end, but also at the foot of any column.
        value += 1.5 if n == hints.closing else 0.0
    if hints.closing is not None or hints.ended:
        value -= 0.0 if edges(blocks[n].text).closed else 4.0
    return value


def _score(order: Sequence[int], steps: list[list[float]], starts: list[float], ends: list[float]) -> float:
    inner = sum(steps[a][b] for a, b in pairwise(order))
    return starts[order[0]] + inner + ends[order[-1]]


def _search(
    count: int, steps: list[list[float]], starts: list[float], ends: list[float]
) -> list[tuple[tuple[int, ...], float]]:
    """The best orders, best first. Exact for few blocks, a beam over partial orders for many."""
    states: dict[tuple[int, int], list[tuple[float, tuple[int, ...]]]] = {
        (1 << n, n): [(starts[n], (n,))] for n in range(count)
    }
    most = BEAM if count <= 20 else BEAM // 2
    for _ in range(count - 1):
        following: dict[tuple[int, int], list[tuple[float, tuple[int, ...]]]] = {}
        for (mask, last), ways in states.items():
            for n in range(count):
                if mask >> n & 1:
                    continue
                better = [(value + steps[last][n], (*way, n)) for value, way in ways]
                following.setdefault((mask | 1 << n, n), []).extend(better)
        states = {key: sorted(ways, reverse=True)[:2] for key, ways in following.items()}
        if count > MOST_EXACT and len(states) > most:
            keep = sorted(states.items(), key=lambda item: item[1][0][0], reverse=True)[:most]
            states = dict(keep)
    finished = [(way, value + ends[way[-1]]) for ways in states.values() for value, way in ways]
    return sorted(finished, key=lambda item: item[1], reverse=True)[:3]
