"""Which themes a text has, and the words that say so.

The plain path: the phrases of `themes.toml` (their language is described in themes_phrases.py), weighed by how
telling they are, by where they stand (title, standfirst, text) and by the company they keep (themes_context.py).
It needs no training and imports nothing heavy. What editors' rulings add to it is in themes_learned.py.

The caller passes the article's own words only. An author's bio ("senior lecturer in social work"), related links,
pull quotes and readers' comments would each lend a theme that the article does not have. A comment is labelled by
the same function, with no title.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, count, islice
from math import log2, sqrt
from operator import ge, itemgetter
from typing import NamedTuple, Protocol

from cuttings.model import Evidence, Label, Labels, Theme
from cuttings.themes_context import ADULT_CARE, CASE_FORM, CASE_NUMBER, ELSEWHERE
from cuttings.themes_phrases import BadPhrase, Finder, Hit, Phrase, parse

# How much a phrase says by itself. One plain phrase is just short of a label, so that it needs company: another
# phrase, or a text which is about adult care at all. A hint needs two companions.
WEIGHT: Mapping[str, float] = {"!": 2.0, "": 0.9, "~": 0.75, "?": 0.4}
ENOUGH = 0.95  # points that make a label
BARELY = 0.85  # points that do where nothing else comes near, in a text that is about adult care: one hint
FIELD: Mapping[str, float] = {"title": 1.0, "standfirst": 0.6}
COMPANY = 0.5  # points for a text that is clearly about adult social care
AGAINST: Mapping[str, float] = {"!": 1.6, "": 0.8, "~": 0.6, "?": 0.3}
FOR: Mapping[str, float] = {"!": 1.0, "": 0.7, "~": 0.5, "?": 0.3}
SWALLOWED = 0.25  # 'budget' inside another theme's 'personal budget'
BESIDE = 0.35  # of the first theme's points: a long article touches on everything, but is about few things
EARLY = 0.1  # points: what a headline names first is what it is about
FIRST = 12  # characters of a headline that are its beginning
SHORT = 60  # words: up to here every word of a text counts in full
FORM = 0.3  # of a phrase's weight where it belongs to the form of a page, as 'complained' does to a decision
LONG = 500  # words: a text of so many that never once names care, a council or those it is for is another trade's
_ADULT, _ELSEWHERE = "adult care", "elsewhere"


class _Owner(NamedTuple):
    """Whose phrase it is: a theme's (`excludes`: where its phrases do not count), or the context's."""

    kind: str  # "theme", "excludes", "adult care", "elsewhere"
    name: str


class Learned(Protocol):
    """What was learned from editors' rulings (themes_learned.py): it has the last word on the themes it knows."""

    def decide(
        self, plain: Labels, weighed: Weighed, title: str | None, standfirst: str | None, text: str
    ) -> Sequence[Label]: ...


@dataclass(frozen=True, slots=True)
class Matcher:
    """Compiled themes. Make it once with `compile_themes`; `label` takes it as an argument."""

    themes: tuple[str, ...]
    finder: Finder
    learned: Learned | None = None


def compile_themes(themes: Sequence[Theme]) -> Matcher:
    """Themes -> Matcher. Raises BadPhrase (a ValueError that names theme and phrase)."""
    phrases: list[Phrase] = []
    for theme in themes:
        for kind, written in (("theme", theme.phrases), ("excludes", theme.exclusions)):
            for one in written:
                try:
                    phrases.append(parse(one, _Owner(kind, theme.id)))
                except BadPhrase as error:
                    raise BadPhrase(f"theme '{theme.id}': {error}") from error
    phrases += [parse(one, _Owner(_ADULT, _ADULT)) for one in ADULT_CARE]
    phrases += [parse(one, _Owner(_ELSEWHERE, name)) for name, group in ELSEWHERE for one in group]
    return Matcher(tuple(t.id for t in themes), Finder.build(phrases))


@dataclass(frozen=True, slots=True)
class _Field:
    """One part of a text with what was found in it."""

    where: str
    weight: float
    words: int
    hits: Mapping[str, tuple[tuple[Hit, float], ...]]  # theme -> its hits and the factor each counts with
    adult: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the phrases say before anything is decided: points per theme (only those with a phrase), and the company."""

    fields: tuple[_Field, ...]
    points: Mapping[str, float]
    company: float  # 0 to COMPANY: how clearly the text is about adult social care
    against: float  # 0 and up: how clearly it is about something else

    def evidence(self, theme: str) -> tuple[Evidence, ...]:
        return _evidence(self.fields, theme)


def weigh(title: str | None, standfirst: str | None, text: str, matcher: Matcher) -> Weighed:
    """The points of every theme; `label` decides on them, and so does a model that was learned from rulings."""
    parts = _fields(title, standfirst, text, matcher)
    adult, elsewhere = sum(p.adult for p in parts), sum(p.elsewhere for p in parts)
    company = COMPANY * min(1.0, adult)
    against = max(0.0, elsewhere - 0.5 * min(2.0, adult))
    points: dict[str, float] = {}
    if not adult and sum(p.words for p in parts) >= LONG:
        return Weighed(parts, points, company, against)
    form = CASE_FORM if _is_case(parts) else frozenset()
    touched = {theme for part in parts for theme in part.hits}
    for theme in [one for one in matcher.themes if one in touched]:
        own = sum([_points(p, theme, form) for p in parts if theme in p.hits])
        if own:
            points[theme] = own + company - against + (EARLY if _opens(parts, theme) else 0.0)
    return Weighed(parts, points, company, against)


def label(title: str | None, standfirst: str | None, text: str, matcher: Matcher) -> Labels:
    """The themes of a text: one primary or none, and every label with the phrases behind it and where they stand.

    Scores run from 0 to 1; 0.5 is what makes a label (a little less where it is the only one that comes near).
    Evidence offsets count characters of the field they name. What editors' rulings taught decides on the themes it was
    taught, in articles: a comment has no headline, and no model has learned from one.
    """
    weighed = weigh(title, standfirst, text, matcher)
    plain = _plain(weighed, matcher)
    if matcher.learned is None or not (title or standfirst):
        return plain
    labels = list(matcher.learned.decide(plain, weighed, title, standfirst, text))
    labels.sort(key=lambda one: (-one.score, matcher.themes.index(one.theme)))
    return Labels(labels[0].theme if labels else None, tuple(labels))


def _plain(weighed: Weighed, matcher: Matcher) -> Labels:
    points, company = weighed.points, weighed.company
    least = max(ENOUGH, BESIDE * max(points.values(), default=0.0))
    enough = [theme for theme, score in points.items() if score >= least - 1e-9]
    if not enough and points and company >= COMPANY:
        best = max(points, key=lambda theme: points[theme])
        enough = [best] if points[best] >= BARELY else []
    labels = [
        Label(theme, round(points[theme] / (points[theme] + ENOUGH), 4), weighed.evidence(theme)) for theme in enough
    ]
    # Equal scores: the order of themes.toml, which the deployer chose.
    labels.sort(key=lambda one: (-one.score, matcher.themes.index(one.theme)))
    return Labels(labels[0].theme if labels else None, tuple(labels))


def _fields(title: str | None, standfirst: str | None, text: str, matcher: Matcher) -> tuple[_Field, ...]:
    fields = []
    headed = False
    for where, words in (("title", title), ("standfirst", standfirst)):
        if words and words.strip():
            # A page without a headline is headed by its standfirst.
            weight = FIELD[where] if headed or where == "title" else FIELD["title"]
            headed = True
            fields.append(_read(where, words, weight, None, matcher))
    if text and text.strip():
        full = 0.7 if headed else 1.0
        fields.append(_read("text", text, full, SHORT, matcher))
    return tuple(fields)


def _read(where: str, words: str, weight: float, short: int | None, matcher: Matcher) -> _Field:
    """`short`: the number of words beyond which each word of this field counts for less (None: never)."""
    found, tokens = matcher.finder.find(words)
    if short:
        weight /= max(1.0, sqrt(tokens / short))
    theme_hits: dict[str, list[Hit]] = {}
    masks: dict[str, list[Hit]] = {}
    adult: dict[str, tuple[float, int]] = {}
    elsewhere: list[Hit] = []
    for hit in found:
        phrase = hit[0]
        kind, name = phrase.owner
        if kind == "theme":
            if name in theme_hits:
                theme_hits[name].append(hit)
            else:
                theme_hits[name] = [hit]
        elif kind == "excludes":
            masks.setdefault(name, []).append(hit)
        elif kind == _ADULT:
            value, times = adult.get(phrase.text, (FOR[phrase.tier], 0))
            adult[phrase.text] = (value, times + 1)
        else:
            elsewhere.append(hit)
    own = {
        theme: _longest(hits, _Cover(masks[theme], apart=True) if theme in masks else None)
        for theme, hits in theme_hits.items()
    }
    against: dict[str, tuple[float, int]] = {}
    claimed = _Cover([h for hits in own.values() for h in hits if h[0].tier == "!"] if elsewhere else ())
    for hit in elsewhere:
        if not claimed.covers(hit):
            phrase = hit[0]
            value, times = against.get(phrase.text, (AGAINST[phrase.tier], 0))
            against[phrase.text] = (value, times + 1)
    return _Field(
        where,
        weight,
        tokens,
        _factors(own),
        weight * sum([value * _often(times) for value, times in adult.values()]),
        weight * sum([value * _often(times) for value, times in against.values()]),
    )


def _often(times: int) -> float:
    """Said twice is not twice as true: 1, 1.6, 2, 2.3 …"""
    return log2(1 + times)


class _Cover:
    """Spans that hide what lies inside one of them; asked in the time of a binary search.

    `apart`: those of 'a + b' hide as well. An exclusion is meant so: 'carer + homecare firm' is about paid carers.
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, hits: Iterable[Hit], *, apart: bool = False) -> None:
        spans = sorted([(hit[1], hit[2]) for hit in hits if apart or not hit[3]])
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def covers(self, hit: Hit) -> bool:
        before = bisect_right(self._starts, hit[1])
        return before > 0 and self._ends[before - 1] >= hit[2]


_START, _END, _IS_BEHIND = itemgetter(1), itemgetter(2), ge


def _first_and_longest(hit: Hit) -> tuple[int, int, bool]:
    return hit[1], -hit[2], hit[0].tier != "!"


def _longest(hits: Sequence[Hit], hidden: _Cover | None) -> list[Hit]:
    """Without what an exclusion covers, and without what lies inside a longer phrase of the same theme."""
    if len(hits) == 1:
        return [] if hidden and hidden.covers(hits[0]) else list(hits)
    if not hidden and all(map(_IS_BEHIND, islice(map(_START, hits), 1, None), map(_END, hits))):
        return list(hits)  # one behind the other: nothing to sort, nothing inside another
    kept: list[Hit] = []
    longest = -1
    for hit in sorted(hits, key=_first_and_longest):
        if hidden and hidden.covers(hit):
            continue
        if hit[2] <= longest:  # sorted: it does not begin before
            continue
        kept.append(hit)
        if not hit[3]:
            longest = hit[2]
    return kept


def _factors(own: Mapping[str, Sequence[Hit]]) -> dict[str, tuple[tuple[Hit, float], ...]]:
    """Each hit with what it counts: less inside a longer phrase of another theme."""
    order = count()  # of two that stand in one place, the one that was found first
    ordered = sorted([(h[1], -h[2], next(order), theme, h) for theme, hits in own.items() for h in hits])
    factors: dict[str, list[tuple[Hit, float]]] = {theme: [] for theme, hits in own.items() if hits}
    around: list[tuple[int, int, str]] = []  # phrases that have begun and not yet ended
    last = 0  # where the last of them ends
    for start, minus_end, _, theme, hit in ordered:
        end = -minus_end
        swallowed = False
        if start >= last:
            around.clear()
        else:
            for begin, until, other in around:
                if until >= end and other != theme and until - begin > end - start:
                    swallowed = True
                    break
        factors[theme].append((hit, SWALLOWED if swallowed else 1.0))
        if not hit[3]:
            around.append((start, end, theme))
            last = max(last, end)
    return {theme: tuple(hits) for theme, hits in factors.items()}


def _is_case(parts: Sequence[_Field]) -> bool:
    """A decision with its text; of a bare title 'Marlbury Council (24 001 337)' the form is all there is to go by."""
    return any(part.where == "text" and part.words >= SHORT for part in parts) and any(
        hit[0].text == CASE_NUMBER
        for part in parts
        if part.where == "title"
        for hits in part.hits.values()
        for hit, _ in hits
    )


def _points(part: _Field, theme: str, form: Set[str]) -> float:
    hits = part.hits.get(theme, ())
    if len(hits) == 1:  # as of most themes in most texts
        (hit, factor), *_ = hits
        alone = WEIGHT[hit[0].tier] * (FORM if hit[0].text in form else 1.0)
        return part.weight * alone * log2(1 + factor)
    together: dict[str, float] = {}
    values: dict[str, float] = {}
    for hit, factor in hits:
        phrase = hit[0]
        text = phrase.text
        value = WEIGHT[phrase.tier] * (FORM if text in form else 1.0)
        together[text] = together.get(text, 0.0) + factor
        values[text] = max(value, values.get(text, 0.0))
    return part.weight * sum([values[text] * log2(1 + times) for text, times in together.items()])


def _opens(parts: Sequence[_Field], theme: str) -> bool:
    """Whether the theme is what the headline begins with."""
    return any(
        hit[1] < FIRST and not hit[3] for part in parts if part.where == "title" for hit, _ in part.hits.get(theme, ())
    )


def _evidence(parts: Sequence[_Field], theme: str) -> tuple[Evidence, ...]:
    return tuple(
        [Evidence(hit[0].text, part.where, hit[1], hit[2]) for part in parts for hit, _ in part.hits.get(theme, ())]
    )
