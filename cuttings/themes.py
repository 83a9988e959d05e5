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
from itertools import accumulate
from math import log2, sqrt
from typing import Protocol

from cuttings.model import Evidence, Label, Labels, Theme
from cuttings.themes_context import ADULT_CARE, CASE_FORM, CASE_NUMBER
from cuttings.themes_elsewhere import ELSEWHERE
from cuttings.themes_finder import Finder, Hit
from cuttings.themes_phrases import BadPhrase, Phrase, parse

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
# Whose phrase it is: `n` of the n-th theme, `~n` of what that theme excludes, and of the context these and upwards.
_ADULT, _ELSEWHERE = 1_000_000, 1_000_001


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
    for n, theme in enumerate(themes):
        for owner, written in ((n, theme.phrases), (~n, theme.exclusions)):
            for one in written:
                try:
                    phrases.append(parse(one, owner))
                except BadPhrase as error:
                    raise BadPhrase(f"theme '{theme.id}': {error}") from error
    phrases += [parse(one, _ADULT) for one in ADULT_CARE]
    phrases += [parse(one, _ELSEWHERE + n) for n, (_, group) in enumerate(ELSEWHERE) for one in group]
    return Matcher(tuple(t.id for t in themes), Finder(phrases))


@dataclass(frozen=True, slots=True)
class _Field:
    """One part of a text with what was found in it."""

    where: str
    weight: float
    words: int
    hits: Mapping[int, Sequence[tuple[Hit, float]]]  # the number of a theme -> its hits, with what each counts
    adult: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the phrases say before anything is decided: points per theme (only those with a phrase), and the company."""

    themes: tuple[str, ...]
    fields: tuple[_Field, ...]
    points: Mapping[str, float]
    company: float  # 0 to COMPANY: how clearly the text is about adult social care
    against: float  # 0 and up: how clearly it is about something else

    def evidence(self, theme: str) -> tuple[Evidence, ...]:
        number = self.themes.index(theme)
        return tuple(
            [
                Evidence(phrase.text, part.where, start, end)
                for part in self.fields
                for (phrase, start, end, _), _ in part.hits.get(number, ())
            ]
        )


def weigh(title: str | None, standfirst: str | None, text: str, matcher: Matcher) -> Weighed:
    """The points of every theme; `label` decides on them, and so does a model that was learned from rulings."""
    parts = _fields(title, standfirst, text, matcher)
    adult, elsewhere = sum([p.adult for p in parts]), sum([p.elsewhere for p in parts])
    company = COMPANY * min(1.0, adult)
    against = max(0.0, elsewhere - 0.5 * min(2.0, adult))
    points: dict[str, float] = {}
    if adult or sum([p.words for p in parts]) < LONG:
        form = CASE_FORM if _is_case(parts) else frozenset()
        own: dict[int, float] = {}
        for part in parts:
            for number, hits in part.hits.items():
                own[number] = own.get(number, 0.0) + part.weight * _points(hits, form)
        early = _early(parts)
        for number in sorted(own):
            points[matcher.themes[number]] = own[number] + company - against + (EARLY if number in early else 0.0)
    return Weighed(matcher.themes, parts, points, company, against)


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
    if text and not text.isspace():
        full = 0.7 if headed else 1.0
        fields.append(_read("text", text, full, SHORT, matcher))
    return tuple(fields)


def _read(where: str, words: str, weight: float, short: int | None, matcher: Matcher) -> _Field:
    """`short`: the number of words beyond which each word of this field counts for less (None: never)."""
    found, tokens = matcher.finder.find(words)
    if short:
        weight /= max(1.0, sqrt(tokens / short))
    own: list[Hit] = []
    masks: dict[int, list[Hit]] = {}
    adult: list[Phrase] = []
    elsewhere: list[Hit] = []
    for hit in found:
        owner = hit[0].owner
        if owner < 0:
            masks.setdefault(~owner, []).append(hit)
        elif owner < _ADULT:
            own.append(hit)
        elif owner == _ADULT:
            adult.append(hit[0])
        else:
            elsewhere.append(hit)
    hits = _counted(own, {number: _Cover(spans, apart=True) for number, spans in masks.items()})
    against = []
    if elsewhere:
        claimed = _Cover([hit for theme in hits.values() for hit, _ in theme if hit[0].tier == "!"])
        against = [hit[0] for hit in elsewhere if not claimed.covers(hit)]
    return _Field(where, weight, tokens, hits, weight * _context(adult, FOR), weight * _context(against, AGAINST))


def _context(phrases: Sequence[Phrase], values: Mapping[str, float]) -> float:
    """What phrases of the context say together. Said twice is not twice as true: 1, 1.6, 2, 2.3 …"""
    times: dict[str, int] = {}
    value: dict[str, float] = {}
    for phrase in phrases:
        text = phrase.text
        if text in times:
            times[text] += 1
        else:
            times[text], value[text] = 1, values[phrase.tier]
    return sum([value[text] * log2(1 + often) for text, often in times.items()])


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


def _first_and_longest(hit: Hit) -> tuple[int, int, bool]:
    return hit[1], -hit[2], hit[0].tier != "!"


def _counted(found: list[Hit], hidden: Mapping[int, _Cover]) -> dict[int, list[tuple[Hit, float]]]:
    """The hits of each theme in the order of the text, each with what it counts: less in another theme's longer phrase.

    Left out is what an exclusion hides, and what lies inside a longer phrase of the same theme.
    """
    found.sort(key=_first_and_longest)
    counted: dict[int, list[tuple[Hit, float]]] = {}
    reached: dict[int, int] = {}  # theme -> where its last phrase ends
    around: list[tuple[int, int, int]] = []  # phrases that have begun and not yet ended
    last = 0  # where the last of them ends
    for hit in found:
        phrase, start, end, apart = hit
        theme = phrase.owner
        if end <= reached.get(theme, 0) or (theme in hidden and hidden[theme].covers(hit)):
            continue
        factor = 1.0
        if start >= last:
            around.clear()
        else:
            for begin, until, other in around:
                if until >= end and other != theme and until - begin > end - start:
                    factor = SWALLOWED
                    break
        if theme in counted:
            counted[theme].append((hit, factor))
        else:
            counted[theme] = [(hit, factor)]
        if not apart:
            reached[theme] = end
            around.append((start, end, theme))
            if end > last:
                last = end
    return counted


def _is_case(parts: Sequence[_Field]) -> bool:
    """A decision with its text; of a bare title 'Marlbury Council (24 001 337)' the form is all there is to go by."""
    return any(
        hit[0].text == CASE_NUMBER
        for part in parts
        if part.where == "title"
        for hits in part.hits.values()
        for hit, _ in hits
    ) and any(part.where == "text" and part.words >= SHORT for part in parts)


def _points(hits: Sequence[tuple[Hit, float]], form: Set[str]) -> float:
    if len(hits) == 1:  # as of most themes in most texts
        ((phrase, *_), factor), *_ = hits
        return WEIGHT[phrase.tier] * (FORM if phrase.text in form else 1.0) * log2(1 + factor)
    together: dict[str, float] = {}
    values: dict[str, float] = {}
    for (phrase, _, _, _), factor in hits:
        text = phrase.text
        value = WEIGHT[phrase.tier]
        if text not in together:
            together[text], values[text] = factor, value
        else:
            together[text] += factor
            if value > values[text]:
                values[text] = value
    return sum([values[text] * (FORM if text in form else 1.0) * log2(1 + n) for text, n in together.items()])


def _early(parts: Sequence[_Field]) -> Set[int]:
    """The themes that the headline begins with."""
    return {
        number
        for part in parts
        if part.where == "title"
        for number, hits in part.hits.items()
        for (_, start, _, apart), _ in hits
        if start < FIRST and not apart
    }
