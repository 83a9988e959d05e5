"""Layer 6, second half: what is set among the text without repeating it: captions, staff boxes, advertisements.

They are found by their shape and by the sentence that they interrupt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.digital_edition.coherence import junction
from parsers.digital_edition.furniture import contact
from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.pulls import Run
from parsers.digital_edition.words import cut_in_two
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
MOST_LOOKED_AT = 3000


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
