"""How well one piece of text runs on into another, in natural-log odds: > 0 speaks for it, < 0 against.

Nothing but the two edges is looked at: is a sentence open or closed, do quotation marks and brackets fit, is a word
cut in two, and do the words follow each other as English words do (follows.tsv).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.digital_edition.words import rejoined, zipf

_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|[.,;:!?]|\d+")
_ENDINGS = [
    "tion",
    "sion",
    "ment",
    "ness",
    "ity",
    "ance",
    "ence",
    "ship",
    "ism",
    "ist",
    "ing",
    "ed",
    "ly",
    "ous",
    "ful",
    "less",
    "ive",
    "able",
    "ible",
    "al",
    "ic",
    "est",
    "er",
    "or",
    "s",
    "y",
    "e",
    "t",
    "n",
    "d",
    "l",
    "r",
]
_CLOSED = re.compile(r"[.!?…](?:[”’\"')\]]|\s)*$")
_PAUSED = re.compile(r"[:;–—…-][”’\"')\]]*\s*$")
_OPENERS = re.compile(r"^[“‘\"'(\[–—\s-]*")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sir|Rev|Cllr|No|vs|etc|eg|ie|e\.g|i\.e|[A-Z])\.$")
_CERTAIN_STARTS = frozenset(["i", "i'm", "i've", "i'd", "i'll"])


@lru_cache(maxsize=1)
def _follows() -> Mapping[tuple[str, str, str], float]:
    table: dict[tuple[str, str, str], float] = {}
    text = (Path(__file__).parent / "follows.tsv").read_text(encoding="utf-8")
    for row in text.splitlines():
        if row.startswith("#"):
            continue
        gap, first, *cells = row.split("\t")
        for cell in cells:
            value, words = cell.split(":", 1)
            for word in words.split(" "):
                table[gap, first, word] = int(value) / 4
    return table


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    return frozenset(first for _, first, _ in _follows() if first.isalpha() or "'" in first)


@lru_cache(maxsize=4096)
def _kind(word: str) -> str:
    """A common word is its own kind; the others are told by their endings ("~ing")."""
    lower = word.lower().replace("’", "'")
    if lower in _vocabulary():
        return lower
    if lower[0].isdigit():
        return "#"
    if not lower[0].isalpha():
        return lower
    if lower.endswith("'s"):
        return "~'s"
    return next((f"~{e}" for e in _ENDINGS if lower.endswith(e) and len(lower) > len(e) + 1), "~")


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
        score += max(-4.0, min(4.0, _running(a, b)))
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


def _running(a: Edges, b: Edges) -> float:
    """The last words before and the first words after, pair by pair."""
    table = _follows()
    if not a.last or not b.first:
        return 0.0
    score = table.get(("1", _kind(a.last[-1]), _kind(b.first[0])), 0.0)
    if len(a.last) > 1:
        score += 0.4 * table.get(("2", _kind(a.last[-2]), _kind(b.first[0])), 0.0)
    if len(b.first) > 1:
        score += 0.4 * table.get(("2", _kind(a.last[-1]), _kind(b.first[1])), 0.0)
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
