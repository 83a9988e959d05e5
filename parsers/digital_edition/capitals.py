"""Layer 4: drop capitals. The letter stands alone (or glued to the wrong words); the rest of its word begins a piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.digital_edition.coherence import junction
from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.words import zipf

_ALONE = re.compile(r"^[“‘\"']?[A-Z]$")
_GLUED = re.compile(r"^([“‘\"']?[A-Z]) (\S.+)$", re.S)
_WORDS = frozenset("I A O".split())  # letters that are words by themselves


@dataclass(frozen=True, slots=True)
class Capital:
    """What was found: the pieces with the capital in its place, which piece now opens the article, and its first word."""

    pieces: tuple[Piece, ...]
    opening: int | None
    word: str | None
    held: int | None = None  # the piece that had the capital glued to its first word: it goes on from the opening
    sure: bool = False


def alone(text: str) -> bool:
    return bool(_ALONE.match(text))


def _fit(letter: str, piece: str, *, first_line: bool) -> tuple[float, str]:
    """How well a capital goes with the start of a piece, and the two joined."""
    start = re.match(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", piece)
    if not start or not piece[0].islower():
        return -9.0, ""
    bare = letter.lstrip("“‘\"'")
    joined = zipf(bare + start[0])
    # "hen", "xcept" are hardly words by themselves; "a" is, and "Na" is not why a page begins with "a".
    score = joined - zipf(start[0]) / 2 if joined >= 2.5 else -9.0
    best = (score, letter + piece)
    if bare in _WORDS and first_line:
        as_word = 1.5 + junction(letter, piece)
        if as_word > score:
            best = (as_word, f"{letter} {piece}")
    return best


def rejoin(pieces: Sequence[Piece], body: int, form: Form, *, headed: bool) -> Capital:
    """Finds the capital and the piece that lacks it, among `pieces[body:]` (a lone letter may stand above them).

    `headed`: a heading stands above; without one only a letter that stands alone can be a drop capital.
    In pages of typeset lines only the first line of the text can lack its capital (every other line may begin small);
    in blocks any piece that begins small can, best one that stands where its neighbours do not continue it.
    """
    holders = [n for n, piece in enumerate(pieces) if alone(piece.text)]
    glued = _glued(pieces, body, form) if headed else []
    best: tuple[float, int, int, str] | None = None
    candidates = _candidates(pieces, body, form)
    for holder in [*holders, *glued]:
        lone = holder in holders
        match = _GLUED.match(pieces[holder].text)
        letter = pieces[holder].text if lone else (match[1] if match else "")
        rest = "" if lone or not match else match[2]
        for n in candidates:
            if n == holder:
                continue
            first_line = n == body or (n == body + 1 and holder == body) or pieces[n].apart == "folio"
            score, joined = _fit(letter, pieces[n].text, first_line=first_line)
            score += 2.0 if lone else _better_without(letter, rest)
            score += _place(pieces, n, body, holder, form)
            if best is None or score > best[0]:
                best = (score, holder, n, joined)
    if best is None or best[0] < 2.5:
        return Capital(tuple(pieces), None, None)
    score, holder, opening, joined = best
    return _mended(pieces, holder, opening, joined, score)


def _glued(pieces: Sequence[Piece], body: int, form: Form) -> list[int]:
    """Pieces that begin with a single capital and go on small; of lines only those of the first rows can."""
    near = range(body, min(len(pieces), body + (5 if form != "blocks" else 400)))
    return [n for n in near if _GLUED.match(pieces[n].text)]


def _candidates(pieces: Sequence[Piece], body: int, form: Form) -> list[int]:
    if form != "blocks":
        first = next((n for n in range(body, len(pieces)) if not alone(pieces[n].text)), None)
        return [] if first is None else [first]
    return [n for n in range(body, len(pieces)) if pieces[n].text[:1].islower() or pieces[n].text[:1] == "’"]


def _better_without(letter: str, rest: str) -> float:
    """A glued "I" or "A" may simply be the word; other letters can't."""
    bare = letter.lstrip("“‘\"'")
    if bare not in _WORDS:
        return 2.0
    return 0.5 - junction(letter, rest)


def _place(pieces: Sequence[Piece], n: int, body: int, holder: int, form: Form) -> float:
    """Where drop-cap blocks are found: below the heading, straight after the folio, or last on the page."""
    score = 0.0
    if n == body or (n == body + 1 and holder == body):
        score += 1.0
    if pieces[n].apart == "folio" or n == len(pieces) - 1:
        score += 1.0
    if form == "blocks" and n and holder != n - 1:
        before = pieces[n - 1].text
        score -= max(-1.0, min(1.5, junction(before, pieces[n].text) / 2))
    if form == "blocks" and len(pieces[n].text.split()) <= 45:
        score += 0.5
    return score


def _mended(pieces: Sequence[Piece], holder: int, opening: int, joined: str, score: float) -> Capital:
    out: list[Piece] = []
    place, held = opening, None
    for n, piece in enumerate(pieces):
        if n == opening:
            place = len(out)
            out.append(replace(piece, text=joined))
        elif n == holder:
            match = _GLUED.match(piece.text)
            if match and not alone(piece.text):
                held = len(out)
                out.append(replace(piece, text=match[2]))
        else:
            out.append(piece)
    return Capital(tuple(out), place, joined.split()[0], held, sure=score >= 5.0)
