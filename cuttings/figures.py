"""The figures a text gives, each with its sentence, and with its base and year where the source gives them.

A percentage without its base is half a fact. The base is looked for in the figure's own sentence and in the
sentences beside it in the same paragraph, and never guessed: no base found is None, and the digest says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cuttings.figures_base import PEOPLE, base_of
from cuttings.quotes_clause import clauses
from cuttings.sentences import Sentence, split

FigureKind = Literal["percentage", "money", "ratio", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`text[start:end] == value`; `sentence` and `clause` are offsets as well.

    `clause`: the sentence itself or a clause of it in 25 words or fewer which holds the figure; None where the
    sentence is too long and can't be cut. `base` ("n = 240", "1,200 respondents") and `year` ("2012-13") are verbatim.
    """

    kind: FigureKind
    value: str
    start: int
    end: int
    sentence: tuple[int, int]
    clause: tuple[int, int] | None
    base: str | None
    base_at: tuple[int, int] | None
    year: str | None


_UNIT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety)"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:\s?(?:million|billion|trillion|thousand)\b|(?:m|bn|k)\b)"
_PATTERNS: tuple[tuple[FigureKind, re.Pattern[str]], ...] = (
    (
        "percentage",
        re.compile(
            rf"(?<![\w.,£])(?:(?:{_NUMBER})(?:\s?[-–]\s?|\sto\s))?"
            rf"(?:(?:{_NUMBER})\s?(?:%|per\s?cent\b|percentage points?\b)"
            rf"|{_UNIT}(?:-{_UNIT})? per\s?cent\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "money",
        re.compile(
            rf"[£€$]\s?(?:{_NUMBER}){_SCALE}?(?:(?:\s?[-–]\s?|\sto\s)[£€$]?(?:{_NUMBER}){_SCALE}?)?"
            r"(?:\s(?:an?|per|each|every)\s(?:hour|day|week|month|year|head|person|resident)\b)?",
            re.IGNORECASE,
        ),
    ),
    (
        "ratio",
        re.compile(
            rf"\b(?:(?:{_UNIT}|\d+)\s(?:in|out of)\s(?:every\s)?(?:{_UNIT}|\d+)(?!\s(?:years?|months?|weeks?|days?))"
            r"|(?:an?|one|two|three)[ -](?:thirds?|quarters?|fifths?|tenths?|half)(?=\s(?:of|more|fewer|less)\b)"
            r"|half(?=\sof\b))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "count",
        re.compile(
            rf"(?<![\w.,£€$/:-])(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?:{_NUMBER})\s?(?:million|billion|thousand)\b|(?:{_NUMBER})(?:m|bn)\b"
            rf"|\d+(?=\s(?:[a-z][a-z-]+\s){{0,2}}{PEOPLE}\b))(?![\d%]|\s?(?:%|per\s?cent)|[/:]\d)",
        ),
    ),
)
_YEAR = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\s)?"
    r"(?:19|20)\d\d(?:\s?[/–-]\s?(?:(?:19|20)?\d\d))?\b"
)
_AN_ACT = re.compile(r"\b(?:Act|Bill|Regulations|Order|Rules)\s$")
_MOST_WORDS = 25
_LONGEST = 1500  # characters: a longer 'sentence' is a table or a list without its breaks


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure in whole sentences of the text, in order. Pure; offsets are characters."""
    sentences = split(text)
    found: list[Figure] = []
    for n, sentence in enumerate(sentences):
        if sentence.whole and len(sentence.text) <= _LONGEST:
            found.extend(_in_sentence(text, sentences, n))
    return tuple(found)


def _in_sentence(text: str, sentences: Sequence[Sentence], n: int) -> Iterator[Figure]:
    sentence = sentences[n]
    taken: list[tuple[int, int]] = []
    matches: list[tuple[int, int, FigureKind]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(sentence.text):
            start, end = match.span()
            if any(start < e and s < end for s, e in taken) or _is_label(sentence.text, start):
                continue
            taken.append((start, end))
            matches.append((start, end, kind))
    years = _years(sentence.text)
    # Once for all its figures: a table without its breaks is a sentence with a hundred of them.
    spans = _clauses(sentence) if matches else []
    for start, end, kind in sorted(matches):
        base = base_of(sentences, n, start, end) if kind in {"percentage", "ratio"} else None
        yield Figure(
            kind,
            sentence.text[start:end],
            sentence.start + start,
            sentence.start + end,
            (sentence.start, sentence.end),
            next(((s, e) for s, e in spans if s <= sentence.start + start and sentence.start + end <= e), None),
            text[base[0] : base[1]] if base else None,
            base,
            _nearest(years, start),
        )


def _is_label(sentence: str, start: int) -> bool:
    """'section 42 adults', 'page 3', 'No. 7': a number that counts nothing."""
    before = sentence[max(0, start - 14) : start]
    return bool(
        re.search(r"(?:\b(?:section|page|para(?:graph)?|table|figure|chapter|no|s|p|aged?|n)\.?|=)\s?$", before, re.I)
    )


def _clauses(sentence: Sentence) -> list[tuple[int, int]]:
    """What may be printed of it: the whole where it is short enough, else its clauses, the longest first."""
    if sentence.quoted_at_start or sentence.quoted_at_end:
        return []
    whole = sentence.words <= _MOST_WORDS
    return [(sentence.start, sentence.end)] if whole else list(clauses(sentence, _MOST_WORDS))


def _years(sentence: str) -> list[tuple[int, str]]:
    """Years as periods; 'the Care Act 2014' is a name."""
    return [(m.start(), m.group()) for m in _YEAR.finditer(sentence) if not _AN_ACT.search(sentence[: m.start()])]


def _nearest(years: Sequence[tuple[int, str]], at: int) -> str | None:
    return min(years, key=lambda year: abs(year[0] - at))[1] if years else None
