"""Layer 5: title, standfirst, byline above the text; the line about the author; letters set apart for looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.digital_edition.capitals import alone, fits
from parsers.digital_edition.capitals import glued as capital_glued
from parsers.digital_edition.coherence import junction
from parsers.digital_edition.layout import Form, Piece
from parsers.digital_edition.words import zipf
from parsers.plain_text import attributed, byline, ends_sentence, is_bio, is_name, speaker

_SENTENCE_INSIDE = re.compile(r"[.!?][”’\"')]?\s+[“‘\"'(]?[A-Z]")
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "up",
        "with",
        "who",
        "what",
        "we",
    ]
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text; `body` is the first piece that does not belong to it."""

    body: int
    title: str | None = None
    kicker: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    mended: bool = False  # the heading was letter-spaced or doubled


def undoubled(text: str) -> str | None:
    """A heading printed twice in a line, or each of its letters twice -> once; None: nothing to mend."""
    half, odd = divmod(len(text), 2)
    if half >= 6 and odd and text[:half] == text[half + 1 :] and text[half] == " ":
        return text[:half]
    if half >= 6 and not odd and text[:half] == text[half:]:
        return text[:half]
    letters = text.replace(" ", "")
    if len(letters) >= 8 and not len(letters) % 2 and letters[::2] == letters[1::2]:
        return " ".join(word[::2] for word in text.split())
    return None


def titled(text: str) -> bool:
    """Most of its longer words begin with a capital."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if word.lower() not in _SMALL]
    return bool(words) and sum(1 for word in words if word[0].isupper()) >= 0.6 * len(words)


def may_be_title(text: str) -> bool:
    text = undoubled(text) or text
    return (
        1 <= len(text.split()) <= 16
        and len(text) <= 110
        and not re.search(r"[,;:.]$", text)
        and (text[:1].isupper() or text[:1] in "‘“\"'" or text[:1].isdigit())
        and not _SENTENCE_INSIDE.search(text)
    )


def _standfirst(pieces: Sequence[Piece], at: int, form: Form) -> int:
    """How many pieces from `at` on are a standfirst that names its speaker; 0 if none is there."""
    most = 1 if form == "blocks" else 5
    for count in range(1, most + 1):
        if at + count >= len(pieces) + (1 if count == 1 else 0) or any(alone(p.text) for p in pieces[at : at + count]):
            return 0
        text = " ".join(piece.text for piece in pieces[at : at + count])
        if len(text.split()) > 50 or byline(pieces[at + count - 1].text):
            return 0
        if attributed(text) and not byline(text):
            return count
    return 0


def head(pieces: Sequence[Piece], form: Form, width: int, *, first: bool = True) -> Head:
    """Reads the pieces above the text. Pages that begin in mid sentence have none.

    `first`: of its document; a later page may begin in the middle of an article, so a title must look like one.
    """
    at = next((n for n, piece in enumerate(pieces) if not alone(piece.text)), len(pieces))
    if at >= len(pieces) or pieces[at].text[:1].islower():
        return Head(at if at < len(pieces) else 0)
    above = _kicker_line(pieces, at)
    at += 1 if above else 0
    lines, found = _title_lines(pieces, at, form, width, first)
    title = " ".join(piece.text for piece in pieces[at : at + lines]) or None
    if above and not title:
        return Head(at - 1)
    after = at + lines
    standfirst = None
    if found:
        standfirst = " ".join(piece.text for piece in pieces[after : after + found])
        after += found
    named = speaker(standfirst or "")
    line = None
    if after < len(pieces) and (title or standfirst):
        said = byline(pieces[after].text)
        if not said and title and not named and is_name(pieces[after].text):
            said = (pieces[after].text,)
        if said:
            line, named, after = pieces[after].text, said, after + 1
            if not standfirst and (more := _standfirst(pieces, after, form)):
                standfirst = " ".join(piece.text for piece in pieces[after : after + more])
                after += more
    mended = undoubled(title or "")
    kicker, title = (None, mended or title) if above else _kicker(mended or title)
    return Head(after, title, above or kicker, standfirst, named, line, mended is not None)


def _kicker_line(pieces: Sequence[Piece], at: int) -> str | None:
    """ "HOUSING" above "Keys to the fourth floor": a few capitals on a line of their own, over a title."""
    text = pieces[at].text
    if at + 2 >= len(pieces) or not text.isupper() or not 1 <= len(text.split()) <= 4 or not text[:1].isalpha():
        return None
    below = pieces[at + 1].text
    named = byline(below) or ends_sentence(text) or not may_be_title(below)
    named = named or (below.isupper() and (len(text.split()) > 2 or len(below.split()) < 3))
    return None if named or len(below.split()) > 12 or not titled(below) or is_name(below) else text


def _title_lines(pieces: Sequence[Piece], at: int, form: Form, width: int, first: bool) -> tuple[int, int]:
    """(lines of the title, lines of the standfirst below it)."""
    most = 1 if form == "blocks" else 3
    for count in (*range(1, most + 1), 0):
        if count and not may_be_title(" ".join(piece.text for piece in pieces[at : at + count])):
            continue
        if count and at + count < len(pieces) and pieces[at + count].text[:1].islower():
            continue  # the first line of a standfirst without a title above it
        found = _standfirst(pieces, at + count, form)
        if found:
            return count, found
        if count and at + count < len(pieces) and byline(pieces[at + count].text):
            return count, 0
    text = pieces[at].text
    if not may_be_title(text) or at + 1 >= len(pieces):
        return 0, 0
    between = _plain_standfirst(pieces, at, form)
    if between:
        return 1, between
    for lines in range(1, most + 1):
        whole = " ".join(piece.text for piece in pieces[at : at + lines])
        if may_be_title(whole) and (found := _unattributed(pieces, at + lines, form, width, titled(whole))):
            return lines, found
    if width and len(text) > 0.85 * width:
        return 0, 0
    following = pieces[at + 1].text
    if titled(text) and len(following.split()) >= 5 and (following[:1].isupper() or junction(text, following) < 2.0):
        return 1, 0
    # "A quiet word with staff" in sentence case: only where it can't be the start of a sentence that goes on below.
    if not first or len(text.split()) > 10 or "," in text:
        return 0, 0
    fresh = following[:1].isupper() or following[:1] in "“‘" or (at + 2 < len(pieces) and alone(following))
    apart = pieces[at + 1].apart != "" and len(text.split()) <= 9
    return (1, 0) if fresh and (apart or form == "blocks") and not ends_sentence(text) else (0, 0)


def _plain_standfirst(pieces: Sequence[Piece], at: int, form: Form) -> int:
    """Lines between a title and a "By …" are the standfirst, whoever it speaks for."""
    for count in range(1, 2 if form == "blocks" else 5):
        if at + 1 + count < len(pieces) and byline(pieces[at + 1 + count].text):
            words = sum(len(piece.text.split()) for piece in pieces[at + 1 : at + 1 + count])
            return count if words <= 60 else 0
    return 0


def _unattributed(pieces: Sequence[Piece], at: int, form: Form, width: int, below_title: bool) -> int:
    """Pieces of a standfirst that is whole by itself and that the text below it does not go on with; 0 if none.

    In typeset lines it must be set to another measure, as a line of the text can't be told from it otherwise.
    """
    if at + 2 >= len(pieces):
        return 0
    text = pieces[at].text
    if not 5 <= len(text.split()) <= 40 or not text[:1].isupper() or capital_glued(text):
        return 0
    if form != "blocks" and not (width and (len(text) > 1.12 * width) and below_title):
        return 0
    following = next((piece.text for piece in pieces[at + 1 :] if not alone(piece.text)), "")
    if alone(pieces[at + 1].text) or (capital_glued(following) and below_title):
        return 1
    if following[:1].isupper() or following[:1] in "“‘":
        return int(ends_sentence(text) or (below_title and (bool(speaker(text)) or form != "blocks")))
    letter = next((piece.text for piece in pieces[:200] if alone(piece.text)), None)
    if not letter and at + 2 < len(pieces) and capital_glued(pieces[at + 2].text):
        letter = pieces[at + 2].text.split()[0]
    if below_title and ((letter and fits(letter, following)) or (width and len(text) > 1.4 * width)):
        return 1
    goes_on = junction(text, following)
    if form == "blocks" and below_title and speaker(text):
        # "They parted long ago. Ann Lee walks across" | "nurse had left": another block's end may fit far better.
        others = (
            piece.text for piece in pieces[at + 1 : at + 60] if piece.text != following and len(piece.text.split()) > 4
        )
        # A first line of the text is one column wide; what is longer, and still short, was set above it.
        return int(60 < len(text) <= 220 or goes_on < max([0.5, *(junction(other, following) for other in others)]))
    return int(goes_on < -1.0)


def _kicker(title: str | None) -> tuple[str | None, str | None]:
    """ "PENSIONS Saving for later" -> kicker and title. "NHS reform" has an acronym, not a kicker."""
    words = (title or "").split()
    if title and title.isupper():
        return None, title  # nothing tells a kicker from the headline's first words
    count = 0
    while count < len(words) and words[count].isupper() and len(words[count]) >= 4:
        count += 1
    if not title or not 0 < count < len(words) or len(words) - count < 2 or not words[count][:1].isupper():
        return None, title
    if any(zipf(word) < (2.0 if len(word) >= 8 else 4.0) for word in words[:count]):
        return None, title
    return " ".join(words[:count]), " ".join(words[count:])


def bio_at(pieces: Sequence[Piece], at: int, authors: Sequence[str], form: Form, *, strangers: bool = True) -> int:
    """How many pieces from `at` on are about the author; 0 if none. Lines go on to the next gap or the page's end."""
    text = pieces[at].text
    if form == "blocks":
        return 1 if is_bio(text, authors, strangers=strangers) else 0
    before = pieces[at - 1].text if at else ""
    alone_here = at + 1 >= len(pieces) or pieces[at + 1].apart
    if alone_here and any(text.startswith(f"{name} ") for name in authors) and is_bio(text, authors):
        return 1
    if before and not pieces[at].apart and not ends_sentence(before) and not re.search(r"[”’]$", before):
        return 0
    end = at + 1
    while end < len(pieces) and not pieces[end].apart and end - at < 9:
        end += 1
    whole = " ".join(piece.text for piece in pieces[at:end])
    if end < len(pieces) and end - at >= 9:
        return 0
    return end - at if is_bio(whole, authors, strangers=strangers) else 0
