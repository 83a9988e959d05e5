"""Layer 6: what is set among the text and is not part of it: pull quotes, captions, staff boxes.

A pull quote repeats the text; it is found by its letters alone (blanks, hyphens and case differ between the two
copies). A caption or a staff list is found by its shape and by the sentence it interrupts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.digital_edition.coherence import junction
from parsers.digital_edition.furniture import contact
from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.words import bare, cut_in_two
from parsers.plain_text import ends_sentence, is_name

SENTENCE_INSIDE = re.compile(r"[.!?][”’\"')]?\s+[“‘\"'(]?[A-Z]")
STAFF = "staff or imprint column"
ADVERT = "advertisement"
_LABELLED = re.compile(
    r"^(?:(?:photo(?:graph)?s?|pictures?|images?|illustrations?|cartoon|graphic|photography)"
    r"(?:\s+(?:by|courtesy of))?\s*[:©]|"
    r"(?:photo(?:graph)?s?|pictures?|images?|illustrations?|photography) (?:by|courtesy of) [A-Z]|"
    r"(?:above|below|left|right|far left|far right|top|bottom|opposite|pictured)(?: (?:left|right))?\s*:\s|©\s|"
    r"pictured\b|caption\s*:)",
    re.I,
)
_CALL = re.compile(
    r"\b(?:call|tel|phone|visit|book(?: now)?|freephone|order)\b.*(?:\d{3,}|www\.|\.(?:com|org|uk|example)\b)", re.I
)
_SELLING = re.compile(r"^(?:advertisement|advertising feature|advertorial|promotion|sponsored(?: by .*)?)\b", re.I)
_STOPS = ".,;:!?…”’)"
SEAM = "\x1f"  # stands in the others' text for the run itself, so that nothing is read across its place
MOST_WORDS = 70
MOST_LINES = 500  # pieces on a page; a longer one was not typeset, and every pair of lines would have to be compared
MOST_PIECES = 9
MOST_LOOKED_AT = 3000


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
    if len(pieces) > MOST_LINES:
        return []
    keys = [_letters([piece.text]).text for piece in pieces]
    found: list[tuple[float, int, int]] = []
    first = 0
    while first < len(pieces):
        last = _longest(pieces, keys, first, form, elsewhere) if keys[first] and first != spare else None
        if last is not None and not (spare is not None and first <= spare <= last):
            key = "".join(keys[first : last + 1])
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


# ---------------------------------------------------------------- captions, staff boxes


def intrusions(
    pieces: Sequence[Piece], body: int, form: Form, width: int, names: frozenset[str], spare: int | None = None
) -> list[Run]:
    """Runs that interrupt the text without repeating it; none on a page too long to have been typeset."""
    if len(pieces) > MOST_LOOKED_AT:
        return []
    if form == "blocks":
        return _block_captions(pieces, body, names, spare)
    return _narrow_runs(pieces, body, width, names)


def _looks_set_apart(text: str, width: int) -> bool:
    """Short, not ended as a sentence, and begun with a capital (or an address): no line of running text."""
    if contact(text) or labelled(text):
        return True
    if len(text) > 0.75 * width or ends_sentence(text) or re.search(r"[,;:–—-]$", text):
        return False
    return text[:1].isupper() or text[:1].isdigit()


def _narrow_runs(pieces: Sequence[Piece], body: int, width: int, names: frozenset[str]) -> list[Run]:
    sold = {
        n
        for run in _adverts(pieces, max(body, len(pieces) - 8), None, address=False)
        for n in range(run.first, run.last + 1)
    }
    single = [n for n in range(body, len(pieces)) if _looks_set_apart(pieces[n].text, width)]
    boxed = _boxed(pieces, single, body, width)
    runs = []
    at = body
    while at < len(pieces):
        if at in sold:
            end = next(n for n in range(at, len(pieces) + 1) if n not in sold)
            runs.append(Run(at, end - 1, ADVERT))
            at = end
            continue
        last = _run_from(pieces, at, body, width, names, boxed)
        if last is None:
            at += 1
            continue
        staff = any(contact(pieces[n].text) or is_name(pieces[n].text) for n in range(at, last + 1)) or at in boxed
        runs.append(Run(at, last, STAFF if staff else "caption, advertisement or pull quote"))
        at = last + 1
    return runs


def _boxed(pieces: Sequence[Piece], single: Sequence[int], body: int, width: int) -> set[int]:
    """Lines of a box that was woven into the text: short lines that come again and again between full ones."""
    chosen = set()
    for n in single:
        near = [m for m in single if 0 < abs(m - n) <= 4]
        full_before = n == body or len(pieces[n - 1].text) > 0.6 * width or ends_sentence(pieces[n - 1].text)
        if near and full_before:
            chosen.add(n)
    return chosen if len(chosen) >= 3 else set()


def _run_from(
    pieces: Sequence[Piece], at: int, body: int, width: int, names: frozenset[str], boxed: set[int]
) -> int | None:
    """The last piece of an intrusion that begins at `at`; None if none begins there."""
    if at in boxed or contact(pieces[at].text) or labelled(pieces[at].text):
        return at
    last = at
    while last < len(pieces) and len(pieces[last].text) <= 0.75 * width and (last == at or not pieces[last].apart):
        if ends_sentence(pieces[last].text) or last - at >= 7:
            break
        last += 1
    last -= 1
    if last < at or not _looks_set_apart(pieces[at].text, width):
        return None
    before = pieces[at - 1].text if at > body else ""
    after = pieces[last + 1].text if last + 1 < len(pieces) else ""
    if not before or not after:
        return None
    text = " ".join(piece.text for piece in pieces[at : last + 1])
    if len(text.split()) < 2 and not names:
        return None
    as_text = junction(before, text, names) + junction(text, after, names)
    without = junction(before, after, names)
    lines = last - at + 1
    return last if without - as_text > (1.5 if lines == 1 else 0.0) else None


def labelled(text: str) -> bool:
    """ "Photograph: Ann Lee", "Above: the new hall": a caption that says so."""
    return len(text.split()) <= 20 and bool(_LABELLED.match(text))


def _adverts(pieces: Sequence[Piece], body: int, spare: int | None, *, address: bool = True) -> list[Run]:
    """Short lines one below the other of which one sells, or gives an address: "Stairlifts from £9" "Call 0800 …"."""
    runs = []
    at = body
    while at < len(pieces):
        end = at
        while end < len(pieces) and end != spare and _slogan(pieces[end].text):
            end += 1
        texts = [piece.text for piece in pieces[at:end]]
        if any(_CALL.search(t) or _SELLING.match(t) or (address and contact(t) and len(texts) > 1) for t in texts):
            runs.append(Run(at, end - 1, ADVERT))
        at = max(end, at + 1)
    return runs


def _slogan(text: str) -> bool:
    """A few words that are no part of running text."""
    if contact(text) or _SELLING.match(text):
        return True
    return (
        len(text.split()) <= 9
        and (text[:1].isupper() or text[:1].isdigit())
        and not text.endswith((".", ",", ";", "-"))
    )


def _block_captions(pieces: Sequence[Piece], body: int, names: frozenset[str], spare: int | None) -> list[Run]:
    """A short block that is no sentence and stands between two blocks which belong together without it.

    A paragraph's first line is short and open as well; but the block below goes on with it, and not with the one above.
    """
    runs = _adverts(pieces, body, spare)
    taken = {n for run in runs for n in range(run.first, run.last + 1)}
    for at in range(body, len(pieces)):
        text = pieces[at].text
        if at in taken:
            continue
        if contact(text):
            runs.append(Run(at, at, "address line"))
            continue
        if at != spare and labelled(text):
            runs.append(Run(at, at, "caption or advertisement"))
            continue
        if at == spare or not (at > body and at + 1 < len(pieces)) or len(text.split()) > 20 or text[:1].islower():
            continue
        before, after = pieces[at - 1].text, pieces[at + 1].text
        if ends_sentence(before) or not after[:1].islower():
            continue
        hyphened = (
            re.search(r"\w[-\u2010]$", before) and pieces[at].apart != "folio" and pieces[at + 1].apart != "folio"
        )
        if cut_in_two(before, after) or (hyphened and junction(before, after) > junction(text, after)):
            runs.append(Run(at, at, "caption or advertisement"))
        elif ends_sentence(text) or SENTENCE_INSIDE.search(text) or at - 1 == spare:
            continue
        elif _stands_between(before, text, after, names):
            runs.append(Run(at, at, "caption or advertisement"))
    return runs


def _stands_between(before: str, text: str, after: str, names: frozenset[str]) -> bool:
    """True where two blocks belong together and the one between them goes on from neither."""
    healed, onward = junction(before, after, names), junction(text, after, names)
    if onward < 0.5 and healed - onward > 2.5:
        return True
    return onward < 1.5 and healed > 0.0 and healed - onward - junction(before, text, names) > 4.0
