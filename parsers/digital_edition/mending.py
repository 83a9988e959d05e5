"""What is mended inside the pieces of a page, and the log of everything mended or set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cuttings.model import Repair
from parsers.digital_edition.layout import Piece
from parsers.digital_edition.order import Certain
from parsers.digital_edition.words import (
    certainly_cut,
    ligature_faults,
    likely_cut,
    mend_ligatures,
    parted,
    rejoined,
)

_CUT = re.compile(r"(\S+[-\u2010]) (?=(\S+))")


@dataclass(slots=True)
class Log:
    """What happens on one page, collected: repairs and words set aside."""

    where: str
    repairs: list[Repair] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)

    def mended(self, kind: str, what: str, certainty: Certain) -> None:
        self.repairs.append(Repair(kind, f"{self.where}{': ' if self.where and what else ''}{what}", certainty))


def counted(words: int) -> str:
    return "1 word" if words == 1 else f"{words} words"


def mended(pieces: Sequence[Piece], log: Log) -> list[Piece]:
    """Words whole again inside each piece: ligatures, hyphens left from line ends, blanks that were lost."""
    pieces = _softened(pieces)
    systematic = ligature_faults([token for piece in pieces for token in piece.text.split()]) >= 2
    out, ligatures, hyphens, blanks = [], 0, 0, []
    for piece in pieces:
        text, count = mend_ligatures(piece.text, systematic=systematic)
        ligatures += count
        text, cut = _hyphens(text)
        hyphens += cut
        text, lost = _blanks(text)
        blanks += lost
        out.append(Piece(text, piece.apart))
    if ligatures:
        log.mended("ligature", counted(ligatures), "sure" if systematic else "likely")
    if hyphens:
        log.mended("line-end hyphen", counted(hyphens), "likely")
    for word in blanks:
        log.mended("line-end hyphen" if "-" in word else "lost blank", f"“{word}”", "likely")
    return out


def _softened(pieces: Sequence[Piece]) -> list[Piece]:
    """Hyphens of line ends marked as such (U+2010) where the page is seen to cut words with the plain hyphen.

    One cut that can be nothing else tells: from then on "judge-" "ment" is no compound. Elsewhere, as on a page that
    marks its cuts by U+2010, a hyphen is what the author wrote ("to-" "morrow").
    """
    out = list(pieces)
    if any("\u2010" in piece.text for piece in out):
        return out
    pairs = [match.group(1, 2) for piece in out if "- " in piece.text for match in _CUT.finditer(piece.text)]
    ends = [(n, a.text.rsplit(" ", 1)[-1], b.text.split(" ", 1)[0]) for n, (a, b) in enumerate(pairwise(out))]
    if not any(certainly_cut(a, b) for a, b in (*pairs, *(end[1:] for end in ends))):
        return out
    for n, first, second in ends:
        if likely_cut(first, second):
            out[n] = Piece(out[n].text[:-1] + "\u2010", out[n].apart)

    def soft(match: re.Match[str]) -> str:
        return f"{match[1][:-1]}\u2010 " if likely_cut(match[1], match[2]) else match[0]

    return [Piece(_CUT.sub(soft, piece.text), piece.apart) if "- " in piece.text else piece for piece in out]


def _hyphens(text: str) -> tuple[str, int]:
    count = 0

    def joined(match: re.Match[str]) -> str:
        nonlocal count
        whole = rejoined(match[1], match[2])
        if whole is None:
            return match[0]
        count += 1
        return whole[: len(whole) - len(match[2])]

    return (_CUT.sub(joined, text), count) if "- " in text or "\u2010 " in text else (text, 0)


def _blanks(text: str) -> tuple[str, list[str]]:
    lost = []
    words = text.split(" ")
    for n, word in enumerate(words):
        if len(word) >= 9 and (cut := parted(word)):
            words[n] = cut
            lost.append(cut)
    return " ".join(words), lost
