"""Layer 6: pull quotes. One repeats the text, and is found by its letters alone: blanks, hyphens and case differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.words import bare
from parsers.plain_text import ends_sentence

_STOPS = ".,;:!?…”’)"
SEAM = "\x1f"  # stands in the others' text for the run itself, so that nothing is read across its place
MOST_WORDS = 70
MOST_LINES = 500  # pieces on a page; a longer one was not typeset, and every pair of lines would have to be compared
MOST_BLOCKS = 100  # any two of them may hold the other copy between them, so it costs the more
MOST_TWICE = 120  # lines that stand twice; where more do, the page is a list
MOST_PIECES = 9
APART = 3.0  # how much a line must look set apart where its copy stands on another page, and may itself be the quote


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces first..last (both included) that are set aside together, and why."""

    first: int
    last: int
    why: str


_bare = lru_cache(maxsize=8192)(bare)


@dataclass(frozen=True, slots=True)
class _Letters:
    text: str
    starts: frozenset[int]
    ends: frozenset[int]
    stops: frozenset[int]  # ends of words that a mark of punctuation follows

    def find(self, key: str, before: str = "", after: str = "", *, loose: bool = False) -> bool:
        """True where `key` stands as whole words, and neither `before` nor `after` goes on with it there.

        Without the second test a line of the text would be found in the pull quote that repeats its sentence.
        """
        at = self.text.find(key)
        while at >= 0:
            end = at + len(key)
            if loose or (at in self.starts and end in self.ends and not self.goes_on(at, end, before, after)):
                return True
            at = self.text.find(key, at + 1)
        return False

    def goes_on(self, start: int, end: int, before: str, after: str) -> bool:
        """True where the word before `start` is `before`, or the one after `end` is `after`."""
        left = before and self.text.endswith(before, 0, start) and start - len(before) in self.starts
        right = after and self.text.startswith(after, end) and end + len(after) in self.ends
        return bool(left or right)


def _letters(texts: Sequence[str]) -> _Letters:
    return _letters_of(tuple(texts))


@lru_cache(maxsize=1024)
def _letters_of(texts: tuple[str, ...]) -> _Letters:
    parts, starts, ends, stops, at = [], set(), set(), set(), 0
    for text in texts:
        if text == SEAM:
            parts.append(SEAM)
            at += 1
            continue
        for word in re.split(r"[\s\u2010–—/]+|(?<=\w)-(?=\w)", text):
            letters = _bare(word)
            if letters:
                parts.append(letters)
                starts.add(at)
                at += len(letters)
                ends.add(at)
                if word[-1] in _STOPS:
                    stops.add(at)
    return _Letters("".join(parts), frozenset(starts), frozenset(ends), frozenset(stops))


def repeats(
    pieces: Sequence[Piece], form: Form, width: int, elsewhere: Sequence[str] = (), spare: int | None = None
) -> list[Run]:
    """Runs of whole pieces whose words stand once more in the other pieces, or in `elsewhere`, the other pages' pieces.

    In blocks the other copy may begin at one block's end and go on at any other block's start, as the order of blocks
    is not known yet; typeset lines are in order apart from the run itself. Where both copies are whole lines, the one
    that looks set apart goes. `spare`: a piece that opens the article, whatever it repeats.
    """
    if len(pieces) > (MOST_BLOCKS if form == "blocks" else MOST_LINES):
        return []
    keys = [_letters([piece.text]).text for piece in pieces]
    found: list[tuple[float, int, int]] = []
    twice = _twice(keys, elsewhere) if form != "blocks" else set(range(len(keys)))
    if form != "blocks" and len(twice) > MOST_TWICE:
        return []
    first = 0
    while first < len(pieces):
        last = _longest(pieces, keys, first, form, elsewhere) if first in twice and first != spare else None
        if last is not None and not (spare is not None and first <= spare <= last):
            key = "".join(keys[first : last + 1])
            here = form == "blocks" or _stands(key, _others(pieces, first, last, form), form)
            if not here and _set_apart(pieces, first, last, width) < APART:
                first += 1
                continue
            whole = 0.0 if form != "blocks" or _stops(key, [*_others(pieces, first, last, form), *elsewhere]) else -4.0
            found.append((_set_apart(pieces, first, last, width) + whole, first, last))
            first = last
        first += 1
    chosen: list[Run] = []
    gone: set[int] = set()
    for _, first, last in sorted(found, key=lambda item: (-item[0], item[1])):
        key = "".join(keys[first : last + 1])
        others = _others(pieces, first, last, form, gone)
        if _copied(key, others, elsewhere, form):
            chosen.append(Run(first, last, "pull quote that repeats the text"))
            gone.update(range(first, last + 1))
    return sorted(chosen, key=lambda run: run.first)


def within(text: str, quotes: Sequence[str]) -> bool:
    """True where a piece is a part of one of the quotes: what was set aside is nobody's other copy any more."""
    key = _letters([text]).text
    return bool(key) and any(key in _letters([quote]).text for quote in quotes)


def _twice(keys: Sequence[str], elsewhere: Sequence[str]) -> set[int]:
    """The lines whose letters stand anywhere else; no other can begin a run that does."""
    whole, apart, at = "".join(keys), _letters(elsewhere).text, 0
    found = set()
    for n, key in enumerate(keys):
        if key and (whole.find(key) < at or whole.find(key, at + 1) >= 0 or key in apart):
            found.add(n)
        at += len(key)
    return found


def _others(pieces: Sequence[Piece], first: int, last: int, form: Form, gone: Collection[int] = ()) -> list[str]:
    seam = [SEAM] if form != "blocks" else []
    above = [piece.text for n, piece in enumerate(pieces[:first]) if n not in gone]
    return [*above, *seam, *[piece.text for n, piece in enumerate(pieces) if n > last and n not in gone]]


def _stops(key: str, others: Sequence[str]) -> bool:
    """True where the other copy has a mark of punctuation at the run's end: one quotes sentences, not first lines."""
    for one in (_letters([other]) for other in others):
        for size in range(min(len(key), 30), 3, -1):
            at = (
                one.text.find(key[-size:])
                if size == min(len(key), 30)
                else (0 if one.text.startswith(key[-size:]) else -1)
            )
            if at >= 0 and at + size in one.stops:
                return True
    return False


def _set_apart(pieces: Sequence[Piece], first: int, last: int, width: int) -> float:
    """How much a run looks like a quotation set apart: no full stop, furniture around it, another measure."""
    texts = [piece.text for piece in pieces[first : last + 1]]
    score = 2.0 * (not ends_sentence(texts[-1]))
    score += 1.0 * bool(pieces[first].apart)
    score += 1.0 * bool(last + 1 >= len(pieces) or pieces[last + 1].apart)
    longest = max(len(text) for text in texts)
    if width and (longest > 1.15 * width or longest < 0.75 * width):
        score += 2.0
    before = pieces[first - 1].text if first else ""
    score += 0.5 * bool(before and not ends_sentence(before))
    return score


def _longest(
    pieces: Sequence[Piece], keys: Sequence[str], first: int, form: Form, elsewhere: Sequence[str]
) -> int | None:
    """The last piece of the longest run from `first` that stands elsewhere as a whole; None if none does."""
    found = None
    for last in range(first, min(len(pieces), first + MOST_PIECES)):
        texts = [piece.text for piece in pieces[first : last + 1]]
        words = sum(len(text.split()) for text in texts)
        if words > MOST_WORDS or (form != "blocks" and last > first and pieces[last].apart == "folio"):
            break
        key = "".join(keys[first : last + 1])
        others = _others(pieces, first, last, form)
        if not key:
            continue
        if not (
            _stands(key, others, form) or _stands(key, [*others, *elsewhere] if form == "blocks" else elsewhere, form)
        ):
            if form != "blocks":
                break  # a longer run can't stand elsewhere either; blocks may be out of order, so there it can
            continue
        if _worth(texts, words, form) and _whole(pieces, key, first, last, others, form, elsewhere):
            found = last
    return found


def _whole(
    pieces: Sequence[Piece],
    key: str,
    first: int,
    last: int,
    others: Sequence[str],
    form: Form,
    elsewhere: Sequence[str],
) -> bool:
    """Not a part of a longer copy: a line of the text whose sentence is quoted has neighbours that go on with it."""
    # Two words: "… on an ordinary day. It commissioned" is quoted below a block that ends "… every day."
    before = _letters([" ".join(pieces[first - 1].text.split()[-2:])]).text if first else ""
    after = _letters([" ".join(pieces[last + 1].text.split()[:2])]).text if last + 1 < len(pieces) else ""
    if form != "blocks":
        return _letters(others).find(key, before, after) or _letters(elsewhere).find(key, before, after)
    inside = [other for other in [*others, *elsewhere] if _letters([other]).find(key)]
    if inside:
        return any(_letters([other]).find(key, before, after) for other in inside)
    return _stands(key, [*others, *elsewhere], form, before, after)


def _worth(texts: Sequence[str], words: int, form: Form) -> bool:
    """Too short a run may be a turn of phrase that the text uses twice."""
    fresh = texts[0][:1].isupper() or texts[0][:1] in "“‘\"'"
    return words >= (4 if fresh else 8) if form == "blocks" else words >= (6 if fresh else 12)


def _copied(key: str, others: Sequence[str], elsewhere: Sequence[str], form: Form) -> bool:
    return _stands(key, others, form) or _stands(key, [*others, *elsewhere] if form == "blocks" else elsewhere, form)


def _stands(key: str, others: Sequence[str], form: Form, before: str = "", after: str = "") -> bool:
    """True where the letters stand in other pieces: within one, or at one's end and another's start."""
    if form != "blocks":
        return _letters(others).find(key, loose=True)
    each = [_letters([other]) for other in others]
    if any(one.find(key) for one in each):
        return True
    if len(key) < 16:
        return False
    for left in each:
        for size in range(min(len(key) - 1, len(left.text)), 0, -1):
            at = len(left.text) - size
            if at in left.starts and left.text.endswith(key[:size]):
                if not left.goes_on(at, len(left.text), before, "") and _goes_through(key[size:], each, left, after):
                    return True
                break
    return False


def _goes_through(rest: str, each: Sequence[_Letters], last: _Letters, after: str, through: int = 3) -> bool:
    """True where `rest` begins a piece, or is a whole short piece and goes on at another one's start."""
    for one in each:
        if one is last:
            continue
        if one.text.startswith(rest) and len(rest) in one.ends:
            if not one.goes_on(0, len(rest), "", after):
                return True
        elif through > 1 and len(one.text) >= 4 and rest.startswith(one.text):
            others = [other for other in each if other is not one]
            if _goes_through(rest[len(one.text) :], others, last, after, through - 1):
                return True
    return False
