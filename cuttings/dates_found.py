"""Dates that a reader may have to act on: consultations, deadlines, inspections, decisions, new law.

Only a date that stands in one sentence with such a word is taken, with the sentence. British formats. A date without
its year counts only where the verb beside it looks ahead ("closes on 14 March"), never where it narrates ("wrote to
her councillor in December"); its year is then the next one after publication, and the find says so (`year_assumed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cuttings.sentences import Sentence, split

DateKind = Literal["consultation", "deadline", "inspection", "decision", "law"]


@dataclass(frozen=True, slots=True)
class DateFound:
    """`iso` has the precision the text gives ("2025-03" or "2025-03-03"); None where the year can't be known.

    `text[start:end] == words`; `sentence` are the offsets of the sentence it comes from.
    """

    kind: DateKind
    iso: str | None
    words: str
    start: int
    end: int
    sentence: tuple[int, int]
    year_assumed: bool


_CUES: tuple[tuple[DateKind, re.Pattern[str]], ...] = (
    (
        "consultation",
        re.compile(
            r"\b(?:consultations?|consulting|call for (?:evidence|views)|have your say|views are sought)\b", re.I
        ),
    ),
    (
        "deadline",
        re.compile(
            r"\b(?:deadlines?|clos(?:es|ing date)|close (?:on|at)|(?:views|comments)\b[^.]{0,50}\bby|no later than|"
            r"appl(?:y|ications?) (?:before|until)|(?:submit|submitted|return|returned|register|reply|respond|"
            r"responses?|apply|applications?|bids|evidence|complete|completed|pay|paid) by|must\b[^.]{0,60}\bby|"
            r"until|expires?|due (?:by|on))\b",
            re.I,
        ),
    ),
    (
        "inspection",
        re.compile(
            r"\b(?:inspect\w*|re-inspect\w*|(?:cqc|ofsted) (?:visit|assessment|report)\w*|peer (?:review|challenge)|"
            r"site visits?)\b",
            re.I,
        ),
    ),
    (
        "decision",
        re.compile(
            r"\b(?:decide[sd]?|decisions?|vot(?:e|es|ed|ing)|cabinet|full council|scrutiny (?:committee|panel|board)|"
            r"committee (?:meets|will|is|agreed|approved)|approv(?:e|es|ed|al)|ruling|ruled|judgment|hearing|"
            r"health and wellbeing board (?:meets|will))\b",
            re.I,
        ),
    ),
    (
        "law",
        re.compile(
            r"\b(?:(?:come|comes|coming|came) into (?:force|effect)|takes? effect|took effect|in force|royal assent|"
            r"(?:will )?be implemented|implementation|commence[sd]?|new (?:duty|duties|law|rules|regulations))\b",
            re.I,
        ),
    ),
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_MONTH = (
    "(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = (
    r"(?:(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun),?\s+(?:the\s+)?)?"
)
_FORMATS = (
    re.compile(
        rf"\b{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:\.?,?\s+(?P<year>(?:19|"
        rf"20)\d\d))?(?!\d)"
    ),
    re.compile(
        rf"\b{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>(?:19|20)\d\d))?(?!\d)"
    ),
    re.compile(r"(?<![\d/])(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>(?:19|20)\d\d)(?![\d/])"),
    re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
    re.compile(rf"\b{_MONTH},?\s+(?P<year>(?:19|20)\d\d)(?!\d)"),
    # 'may' is a verb as well: a month alone only behind a word that dates follow.
    re.compile(
        r"(?:(?<=\bin )|(?<=\bby )|(?<=\buntil )|(?<=\bsince )|(?<=\bafter )|(?<=\bfrom )|(?<=\bnext )|(?<=\blast )|"
        rf"(?<=\bearly )|(?<=\blate )){_MONTH}\b(?!\s+\d)"
    ),
)
_AHEAD = re.compile(
    r"\b(?:will|shall|won['’]t|would|must|(?:is|are) (?:\w+ly )?(?:to|due|expected|planned|scheduled|set|likely|"
    r"asked|invited|open|being|required)|(?:has|have) (?:until|to)|(?:has|have) been (?:asked|told|given|invited)|"
    r"(?<!had )(?:agreed|promised|pledged|decided|voted) to|(?:plan|hope|intend|expect|aim|need|want)s? to|can|"
    r"(?-i:may)|next|closes|opens|ends|begins|starts|runs|meets|goes|comes|takes|expires|applies|(?:close|open|meet|"
    r"apply) (?:on|at|from)|come into|take effect|(?:deadline|closing date|last day|date)[^.,;]{0,40} is|please|"
    r"should)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|had|did|didn['’]t|wasn['’]t|weren['’]t|hadn['’]t|last|ago|since|came|took|found|wrote|rang|went|"
    r"began|said|told|met|saw|gave|made|held|got|left|heard|sent|chose|rose|fell|ran|knew|felt|put|cut|led|kept|"
    r"set out|brought|bought|paid|lost|won|stood|spoke|broke|(?!need|feed|speed|indeed|exceed|proceed|"
    r"succeed)\w{2,}ed)\b",
    re.IGNORECASE,
)
# 'Views by 14 March, please', 'open until Friday 3 June': a day with such a word, where no verb tells.
_TILL = re.compile(
    r"\b(?:by|until|till|before|no later than|deadline:?|closes?:?|closing date:?)\s(?:\w+day,?\s)?$", re.I
)
# A past participle that a verb of time to come governs: 'will be asked', 'must be returned', 'is expected'.
_GOVERNS = re.compile(
    r"\b(?:be|get|is|are|being|to|must|have until|an?|the|of|for|its|their|all|any|those)\s(?:\w+ly\s)?$", re.I
)
_LONGEST = 1500  # characters: a longer 'sentence' is a table or a list without its breaks
_A_WEEK = timedelta(days=7)


def dates(text: str, published: date | None = None) -> tuple[DateFound, ...]:
    """Every dated consultation, deadline, inspection, decision or change of law in the text's whole sentences."""
    return tuple(
        found
        for sentence in split(text)
        if sentence.whole and len(sentence.text) <= _LONGEST
        for found in _in_sentence(text, sentence, published)
    )


def _in_sentence(text: str, sentence: Sentence, published: date | None) -> Iterator[DateFound]:
    cues = [(m.start(), kind) for kind, pattern in _CUES for m in pattern.finditer(sentence.text)]
    if not cues:
        return
    taken: list[tuple[int, int]] = []
    matches = []
    for pattern in _FORMATS:
        for match in pattern.finditer(sentence.text):
            start, end = match.span()
            if not any(start < e and s < end for s, e in taken):
                taken.append((start, end))
                matches.append(match)
    for match in sorted(matches, key=lambda m: m.start()):
        parts = match.groupdict()
        if not parts.get("year") and not _is_to_come(sentence.text, match.start(), bool(parts.get("day"))):
            continue
        read = _iso(parts, published)
        if read is None:
            continue
        iso, assumed = read
        start, end = sentence.start + match.start(), sentence.start + match.end()
        kind = _kind(cues, match.start())
        yield DateFound(kind, iso, text[start:end], start, end, (sentence.start, sentence.end), assumed)


def _is_to_come(sentence: str, at: int, is_day: bool) -> bool:
    """What the verb beside a date without its year says: the nearest one before it, else the next one behind it.

    A consultation that "opened on 3 May and closes on 9 June" has both: each date goes with its own verb.
    """
    ahead = [(m.start(), True) for m in _AHEAD.finditer(sentence)]
    behind = [(m.start(), False) for m in _BEHIND.finditer(sentence) if not _GOVERNS.search(sentence[: m.start()])]
    verbs = sorted(ahead + behind)
    before = [verb for verb in verbs if verb[0] < at]
    if before:
        nearest = before[-1][1]
    elif verbs and not (is_day and _TILL.search(sentence[:at])):
        nearest = verbs[0][1]
    else:
        nearest = is_day and bool(_TILL.search(sentence[:at]))
    # A month alone is a story's as often as a diary's: nothing in its sentence may narrate.
    return nearest and (is_day or not behind)


def _kind(cues: list[tuple[int, DateKind]], at: int) -> DateKind:
    """The nearest word's; but 'the consultation closes on …' is about the consultation."""
    kinds = {kind for _, kind in cues}
    nearest = min(cues, key=lambda cue: (abs(cue[0] - at), cue[0]))[1]
    return "consultation" if nearest == "deadline" and "consultation" in kinds else nearest


def _iso(parts: dict[str, str | None], published: date | None) -> tuple[str | None, bool] | None:
    """(ISO date, was the year assumed?), or None where there is no such day: '31 February', '45/13/2020'."""
    named = parts["month"] or ""
    month = int(named) if named.isdigit() else _MONTHS[named.lower()]
    day = int(parts.get("day") or 0) or None
    year = int(parts.get("year") or 0) or None
    if year is not None:
        return (_written(year, month, day), False) if _exists(year, month, day) else None
    if published is None:
        # 2024 has a 29 February: any day that can exist
        return (None, True) if _exists(2024, month, day) else None
    possible = [y for y in (published.year - 1, published.year, published.year + 1) if _exists(y, month, day)]
    weekday = (parts.get("weekday") or "").lower()[:3]
    if weekday and day is not None:
        fitting = [y for y in possible if _DAYS[date(y, month, day).weekday()].startswith(weekday)]
        possible = fitting or possible
    if not possible:
        return None
    return _written(_next_of(possible, month, day, published), month, day), True


def _next_of(years: list[int], month: int, day: int | None, published: date) -> int:
    """The year of the next such date; one that has just gone by is still this year's."""

    def distance(year: int) -> int:
        return (date(year, month, day or 15) - published).days

    slack = _A_WEEK.days if day else 31
    ahead = [y for y in years if distance(y) >= -slack]
    return min(ahead or years, key=lambda y: abs(distance(y)))


def _exists(year: int, month: int, day: int | None) -> bool:
    try:
        date(year, month, day or 1)
    except ValueError:
        return False
    return True


def _written(year: int, month: int, day: int | None) -> str:
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
