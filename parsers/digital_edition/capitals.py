"""Layer 4: drop capitals. The letter stands alone or is glued to wrong words; the rest of its word begins a piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.digital_edition.coherence import junction
from parsers.digital_edition.furniture import contact
from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.words import zipf

_ALONE = re.compile(r"^[“‘\"']?[A-Z][a-z]?$")
_GLUED = re.compile(r"^([“‘\"']?[A-Z][a-z]?) (\S.+)$", re.S)
_WORDS = frozenset(["I", "A"])  # letters that are words by themselves
_SHORT = frozenset(
    [
        "a",
        "i",
        "o",
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
    ]
) | frozenset(["oh", "on", "or", "ox", "so", "to", "up", "us", "we"])
MOST_ALONE = 6  # single letters on a page; more are an index or a letter-spaced line, not drop capitals
_QUOTES = "“‘\"'"


@dataclass(frozen=True, slots=True)
class Capital:
    """The pieces with the capital in its place, which piece now opens the article, and its first word."""

    pieces: tuple[Piece, ...]
    opening: int | None
    word: str | None
    held: int | None = None  # the piece that had the capital glued to its first word: it goes on from the opening
    sure: bool = False


def alone(text: str) -> bool:
    """One capital, or the first two letters of a word or a word of two letters ("Jo", "It"), by themselves."""
    return bool(_ALONE.match(text))


def fits(letter: str, text: str) -> bool:
    """True where a lone capital and the start of a text are one word: "T", "he lift broke down"."""
    return _as_one_word(letter, text) > 0


def _is_word(text: str) -> bool:
    """ "It", "He": two letters that are a word need no rest."""
    return len(text.strip(_QUOTES)) == 2 and zipf(text) >= 5.5


def glued(text: str) -> bool:
    """ "W at last they": a single capital before a word, which may be a drop capital or only "I" or "A"."""
    match = _GLUED.match(text)
    return match is not None and not _is_word(match[1])


def _as_one_word(letter: str, piece: str) -> float:
    """How surely a capital and the start of a piece are one word: "hen", "xcept" are hardly words by themselves."""
    start = re.match(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", piece)
    if not start or not piece[0].islower():
        return -9.0
    joined, fragment = zipf(letter.lstrip(_QUOTES) + start[0]), zipf(start[0])
    least = 0.0 if letter.lstrip(_QUOTES) in _WORDS else -1.9  # "A" "more" is not "Amore"; "E" "very" is "Every"
    if joined < 2.5 or joined - fragment < least:
        return -9.0
    no_word = fragment < 3.0 or (len(start[0]) <= 2 and start[0] not in _SHORT)
    return joined + 1.5 if no_word else joined - fragment / 2 - 2.0


def _clamped(value: float) -> float:
    return max(-2.0, min(2.0, value))


def rejoin(pieces: Sequence[Piece], body: int, form: Form, *, headed: bool) -> Capital:
    """Finds the capital and the piece that lacks it, among `pieces[body:]` (a lone letter may stand above them).

    `headed`: a heading stands above; without one only a letter that stands alone can be a drop capital.
    In pages of typeset lines only the first line of the text can lack its capital (every other line may begin small);
    in blocks any piece that begins small can, best one that stands where its neighbours do not continue it.
    """
    lone = [n for n, piece in enumerate(pieces) if alone(piece.text)]
    if len(lone) > MOST_ALONE:
        return Capital(tuple(pieces), None, None)
    holders = lone or (_glued(pieces, body, form) if headed else [])
    best: tuple[float, int, int, str] | None = None
    for holder in holders:
        for n in _candidates(pieces, body, form):
            if n != holder:
                score, joined = _scored(pieces, holder, n, body, form)
                if best is None or score > best[0]:
                    best = (score, holder, n, joined)
    if best is None or best[0] < 2.0:
        return Capital(tuple(pieces), None, None)
    score, holder, opening, joined = best
    return _mended(pieces, holder, opening, joined, score)


def _scored(pieces: Sequence[Piece], holder: int, n: int, body: int, form: Form) -> tuple[float, str]:
    """How much speaks for the capital of `holder` being the one that piece `n` lacks, and the piece with it."""
    held, piece = pieces[holder].text, pieces[n].text
    match = _GLUED.match(held)
    letter, rest = (held, "") if alone(held) or not match else (match[1], match[2])
    is_word = letter.lstrip(_QUOTES) in _WORDS or _is_word(letter)
    one, two = _as_one_word(letter, piece), -9.0
    if is_word and piece[:1].islower():
        two = _clamped(junction(letter, piece)) - 0.5
    if two > one and form == "blocks":
        # Any verb goes with "I": it must stand where drop-cap blocks do, and the letter must be wrong where it is.
        two += 1.5 if pieces[n].apart == "folio" or n == len(pieces) - 1 else -1.5
        if rest and junction(letter, rest) > 0.0:
            two -= 2.0 if _displaced(pieces, n) > 2.5 else 9.0
    elif two > one:
        two += 2.0  # below a heading nothing begins small
    score = max(one, two)
    if score < -5:
        return score, ""
    if not rest or not is_word:
        score += 3.0
    if rest:
        above = piece if form == "blocks" else pieces[holder - 1].text
        score += _clamped(junction(above, rest) - (junction(above, f"{letter} {rest}") if is_word else 0.0))
        score -= _clamped(junction(letter, rest)) if is_word and form == "blocks" else 0.0
    score += _place(pieces, n, body, holder, form)
    return score, letter + piece if one >= two else f"{letter} {piece}"


def _glued(pieces: Sequence[Piece], body: int, form: Form) -> list[int]:
    """The pieces that may have the capital before their own first word: the first block, or one of the first lines."""
    near = range(body, min(len(pieces), body + (1 if form == "blocks" else 4)))
    return [n for n in near if glued(pieces[n].text)]


def _candidates(pieces: Sequence[Piece], body: int, form: Form) -> list[int]:
    if form != "blocks":
        lines = (
            n for n in range(body, len(pieces)) if len(pieces[n].text.split()) >= 3 or not pieces[n].text[:1].isupper()
        )
        first = next((n for n in lines if not alone(pieces[n].text) and "@" not in pieces[n].text), None)
        return [] if first is None else [first]
    return [
        n
        for n in range(body, len(pieces))
        if (pieces[n].text[:1].islower() or pieces[n].text[:1] == "’") and not contact(pieces[n].text)
    ]


def _place(pieces: Sequence[Piece], n: int, body: int, holder: int, form: Form) -> float:
    """Drop-cap blocks stand below the heading, after the folio or last on the page, and part what belongs together."""
    score = 1.0 if pieces[n].apart == "folio" or n in (body, len(pieces) - 1) or n == holder + 1 else 0.0
    if form == "blocks" and n and holder != n - 1:
        above = pieces[n - 1].text
        healed = junction(above, pieces[n + 1].text) if n + 1 < len(pieces) else 0.0
        score += _clamped(healed - junction(above, pieces[n].text))
    return score


def _displaced(pieces: Sequence[Piece], n: int) -> float:
    """How much better the text runs on without a piece that stands below the folio or last on the page."""
    if not n or (pieces[n].apart != "folio" and n != len(pieces) - 1):
        return 0.0
    above = pieces[n - 1].text
    healed = junction(above, pieces[n + 1].text) if n + 1 < len(pieces) else 0.0
    return healed - junction(above, pieces[n].text)


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
