"""How well one piece of text runs on into another, in natural-log odds: > 0 speaks for it, < 0 against.

Nothing but the two edges is looked at: is a sentence open or closed, do quotation marks and brackets fit, is a word
cut in two, and do the words follow each other as English words do (follows.tsv).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.digital_edition.words import rejoined, zipf

_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|[.,;:!?–—]|\d+")
_CLOSED = re.compile(r"[.!?…](?:[”’\"')\]]|\s)*$")
_PAUSED = re.compile(r"[:;–—…-][”’\"')\]]*\s*$")
_OPENERS = re.compile(r"^[“‘\"'(\[–—\s-]*")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sir|Rev|Cllr|No|vs|etc|eg|ie|e\.g|i\.e|[A-Z])\.$")
_CERTAIN_STARTS = frozenset(["i", "i'm", "i've", "i'd", "i'll"])


@dataclass(frozen=True, slots=True)
class _Table:
    """follows.tsv: which kind a word is of, and the rows of figures by gap and first kind, not yet taken apart."""

    kinds: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]  # longest first; the last one fits every word
    rows: Mapping[tuple[str, str], str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    kinds: dict[str, str] = {}
    endings: list[tuple[str, str]] = []
    rows: dict[tuple[str, str], str] = {}
    for line in (Path(__file__).parent / "follows.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        mark, kind, cells = line.split("\t", 2)
        if mark == "=":
            kinds.update(dict.fromkeys(cells.split(" "), kind))
        elif mark == "~":
            endings += [("" if ending == "*" else ending, kind) for ending in cells.split(" ")]
        else:
            rows[mark, kind] = cells
    own = {kind: kind for _, kind in rows if not kind.startswith("~")}
    return _Table(kinds | own, tuple(sorted(endings, key=lambda e: -len(e[0]))), rows)


@lru_cache(maxsize=2048)
def _row(gap: str, first: str) -> Mapping[str, float]:
    row: dict[str, float] = {}
    for cell in _table().rows.get((gap, first), "").split("\t"):
        value, _, kinds = cell.partition(":")
        row.update(dict.fromkeys(kinds.split(" "), int(value) / 2 if value else 0.0))
    return row


NAME = "^"


@lru_cache(maxsize=4096)
def _kind(word: str, inside: bool) -> str:
    """A common word is its own kind; the others belong to a group of words used alike, at worst by their ending.

    `inside` a sentence a capital makes a name.
    """
    lower = word.lower().replace("’", "'").replace("—", "–")
    if lower[0].isdigit():
        return "#"
    if inside and word[0].isupper() and len(word) > 1 and lower[:2] != "i'" and zipf(word) < 5.5:
        return NAME
    table = _table()
    return table.kinds.get(lower) or next(kind for ending, kind in table.endings if lower.endswith(ending))


@dataclass(frozen=True, slots=True)
class Edges:
    """What of a piece is needed for every comparison, computed once."""

    first: tuple[str, ...]  # first and last words and marks
    last: tuple[str, ...]
    closed: bool  # ends as a sentence does
    paused: bool  # ends at a colon, semicolon or dash
    fresh: bool  # begins as a sentence can: a capital or a number
    lower: bool  # begins with a small letter
    opened: int  # quotation marks and brackets that are open at its end
    closing: int  # that are closed in it without having been opened
    start: str
    end: str


@lru_cache(maxsize=2048)
def edges(text: str) -> Edges:
    stripped = _OPENERS.sub("", text)
    opened, closing = _balance(text)
    tail = text[-120:].rstrip()
    words = text.split()
    return Edges(
        first=tuple(_TOKEN.findall(text[:120])[:3]),
        last=tuple(_TOKEN.findall(tail)[-3:]),
        closed=bool(_CLOSED.search(tail)) and not _ABBREVIATION.search(tail),
        paused=bool(_PAUSED.search(tail)),
        fresh=stripped[:1].isupper() or stripped[:1].isdigit(),
        lower=stripped[:1].islower(),
        opened=opened,
        closing=closing,
        start=words[0] if words else "",
        end=words[-1] if words else "",
    )


def _balance(text: str) -> tuple[int, int]:
    opened = closing = 0
    for left, right in (("“", "”"), ("(", ")")):
        depth = 0
        for char in text:
            if char == left:
                depth = 1 if left == "“" else depth + 1  # every paragraph of a long speech opens anew
            elif char == right:
                if depth:
                    depth -= 1
                else:
                    closing += 1
        opened += min(depth, 1)
    return opened, closing


def junction(first: str, second: str, names: frozenset[str] = frozenset()) -> float:
    """Log odds that `second` is what comes after `first`. `names`: words seen with a capital in mid sentence."""
    return between(edges(first), edges(second), names)


def between(a: Edges, b: Edges, names: frozenset[str]) -> float:
    score = _sentence(a, b, names) + _marks(a, b)
    if not a.closed:
        score += max(-6.0, min(6.0, _running(a, b)))
        score += _cut_word(a, b)
    return score


def _sentence(a: Edges, b: Edges, names: frozenset[str]) -> float:
    if a.closed:
        return 0.3 if b.fresh else (-1.5 if a.end[-1:] in "”’\"'" or a.end[-1:] in "!?" else -6.0)
    if a.paused:
        return 0.3
    if b.lower:
        return 1.0
    word = b.first[0] if b.first else ""
    if word.lower().replace("’", "'") in _CERTAIN_STARTS or word in names or word.isdigit():
        return 0.0
    # A capital in mid sentence: a name as good as any other, or a small word that never is one.
    return -4.0 if zipf(word) >= 5.5 else -1.8


def _marks(a: Edges, b: Edges) -> float:
    if a.opened and b.closing:
        return 2.5
    if b.closing and not a.opened:
        return -2.0
    return -0.7 if a.opened else 0.0


# How much a pair of words says: (words apart, counted from the end of the first text, from the start of the second).
_PAIRS = (
    ("1", 1, 0, 0.9),
    ("2", 2, 0, 0.5),
    ("2", 1, 1, 0.5),
    ("3", 2, 1, 0.45),
    ("3", 3, 0, 0.4),
    ("3", 1, 2, 0.4),
)


def _kinds(words: Sequence[str], *, inside: bool) -> list[str]:
    out = []
    for word in words:
        out.append(_kind(word, inside))
        inside = word not in ".!?:"
    return out


def _running(a: Edges, b: Edges) -> float:
    """The last words before and the first words after, pair by pair."""
    if not a.last or not b.first:
        return 0.0
    before, after = _kinds(a.last, inside=False), _kinds(b.first, inside=True)
    score = 0.0
    for gap, left, right, weight in _PAIRS:
        if left <= len(before) and right < len(after):
            score += weight * _row(gap, before[-left]).get(after[right], 0.0)
    if a.last[-1].lower() == b.first[0].lower() and a.last[-1].isalpha():
        score -= 3.0
    return score


def _cut_word(a: Edges, b: Edges) -> float:
    """A word begun in one piece and ended in the other."""
    whole = rejoined(a.end, b.start)
    if whole is not None:
        return 2.0 if zipf(whole) >= 2.0 else 0.5
    left, right = re.search(r"[a-z]+$", a.end), re.match(r"[a-z]+", b.start)
    if left and right and zipf(left[0]) < 2.0 and zipf(a.end + right[0]) >= 2.5:
        return 6.0
    return -2.0 if a.end.endswith(("-", "\u2010")) else 0.0
