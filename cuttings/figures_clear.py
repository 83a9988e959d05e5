"""Which figures are worth lifting: those whose own clause says what they are a figure of.

    "Its overall score was 58%."                              whose score?        not lifted
    "Information was complete for 402 of them (81%)."         of whom?            not lifted
    "We spent £2.60 on stamps."                               a trifle            not lifted
    "64% of carers in the county had no break last year."     stands alone

Judged by the words alone. A figure that fails here is still found by `figures`; it is only not printed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cuttings.figures import Figure
from cuttings.quotes_lean import leans, needs_neighbours
from cuttings.quotes_rank import stems

_LEAST_WORDS = 7
_SENSIBLE = 1000.0  # pounds: a smaller sum counts only as a rate, a charge or a price of care
_OF_THEM = re.compile(
    r"\b(?:of|for|among|than|below|above|to|from|half|third|quarter) (?:them|these|those|it|this|that|ones?)\b"
    r"(?!\s(?:who|that|which|with|without|whose|in|on|of|aged|over|under|asked|receiving|living|waiting|offered|year|"
    r"month|week|autumn|winter|spring|summer|financial|field|sector|area|\w{3,}ed))",
    re.IGNORECASE,
)
# 'the figure was 49%', 'the total rose': of what stands in the sentence before.
_BARE_MEASURE = re.compile(
    r"\b(?:the|that|a) (?:\w+ )?(?:figure|total|number|share|rate|proportion|percentage|score|sum|result|difference|"
    r"rest|remainder|majority|average)\s(?:for (?:their|its|his|her)\b|(?:was|is|were|are|rose|fell|stood|had|has|"
    r"would|came|went|reached|dropped|grew|remained|will)\b)|\bit (?:was|is|rose|fell|stood|cost|came)\b",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|myself|us|ourselves)\b|^(?:We|Our)\b|\b(?:Mr|Mrs|Ms|Miss|Mx) [A-Z]"
)
_BARE_COUNT = re.compile(
    r"\b(?:in|for|of|among|by|at) (?:about |some |only |just )?[\d,]+ \([^)]*(?:%|per cent)[^)]*\)", re.I
)
# A share that does something by itself: '58% agreed'. Of whom has to stand before it.
_SUBJECTLESS = re.compile(
    r"\s(?:\w+ly )?(?:said|say|says|agreed?|were|was|are|is|had|has|have|would|will|did|do|felt|feel|thought|think|"
    r"found|wanted?|needed?|reported|believed?|could|can|got|went|left|stayed|told|knew|didn['’]t|did|strongly)\b"
)
_PEOPLE = re.compile(
    r"\b(?:people|adults?|residents|respondents|participants|carers|workers|staff|councils|authorities|organisations|"
    r"members|users|patients|employers|managers|directors|providers|homes|households|families|practitioners|women|men|"
    r"professionals|employees|nurses|students|clients|survey|poll|study|cases|assessments|records|applications|visits|"
    r"reviews|referrals|complaints|requests|tenants|parents|children)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?:an?|per|each|every) (?:hour|day|night|week|month|year|head|person|resident|visit|mile|place|bed|shift)\b|"
    r"\b(?:fees?|rates?|charge[sd]?|allowances?|contributions?|wages?|pay|paid|salary|salaries|bills?|prices?|top-ups?|"
    r"benefits?|grants?|thresholds?|limits?|caps?|tax|precept|rents?|cost of|costs? of|average)\b",
    re.IGNORECASE,
)
_REFERRED = re.compile(r"\b(?:the|that|this|those|these|his|her|their|my|our)\s$", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?(million|billion|trillion|thousand|bn|m|k)?\b", re.IGNORECASE)
_TIMES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
# '… yet 64% of carers': the joint stands there to show that something was said against it.
_SHOWN_JOINT = re.compile(r"^(?:but|yet)\s")
# Advice and what-if: a share that nobody counted.
_NOT_COUNTED = re.compile(
    r"(?:take|choose|imagine|suppose|say|pick|let|first|second|try|assume|if|perhaps|maybe)\b", re.IGNORECASE
)


def says_of_what(clause: str, figure: str, kind: str, at: int | None = None) -> bool:
    """Whether a clause, read alone, says what its figure is a figure of. `at`: where the figure stands in it."""
    at = clause.find(figure) if at is None else at
    bare = _SHOWN_JOINT.sub("", clause.lstrip("\"'“‘(["))
    before, after = clause[:at], clause[at + len(figure) :]
    return not (
        len(clause.split()) < _LEAST_WORDS
        or "?" in clause
        or leans(bare)
        or needs_neighbours(clause)
        or _NOT_COUNTED.match(bare)
        or _OF_THEM.search(clause)
        or _BARE_MEASURE.search(clause)
        or _MINE.search(clause)
        or _BARE_COUNT.search(clause)
        or (kind in ("percentage", "ratio") and _SUBJECTLESS.match(after) and not _PEOPLE.search(before))
        or (kind == "money" and (_REFERRED.search(before) or not _worth_naming(clause, figure)))
    )


def _worth_naming(clause: str, figure: str) -> bool:
    return _largest(figure) >= _SENSIBLE or bool(_RATE.search(figure) or _RATE.search(clause))


def _largest(figure: str) -> float:
    """'£1.2bn to £3m' -> 1,200,000,000 (pounds)."""
    return max(
        (float(m[1].replace(",", "")) * _TIMES.get((m[2] or "").lower(), 1.0) for m in _AMOUNT.finditer(figure)),
        default=0.0,
    )


_WORTH = {"percentage": 1.0, "ratio": 0.9, "money": 0.95}  # a bare count ("142 employers") is no figure to lift


def worth(figure: Figure, text: str, guide: Sequence[str] = ()) -> float:
    """How much a figure carries its story; 0 where it is none to lift. `guide`: title and standfirst.

    A base makes a share whole; words shared with the headline show that the story turns on it; what comes early in an
    article is what it reports.
    """
    if figure.clause is None or figure.kind not in _WORTH:
        return 0.0
    start, end = figure.clause
    clause = text[start:end]
    if not says_of_what(clause, figure.value, figure.kind, figure.start - start):
        return 0.0
    about = set(stems(" ".join(guide)))
    shared = len(about & set(stems(clause)))
    early = 1.0 - 0.3 * start / max(1, len(text))
    return _WORTH[figure.kind] * (1.25 if figure.base else 1.0) * (1.0 + 0.25 * min(shared, 4)) * early
