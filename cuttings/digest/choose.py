"""Which stories an edition prints, and why: a score of explained parts, then variety while picking.

Every part adds a sentence to the item's `because`, so `--explain` prints what was decided, not a number alone.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from cuttings import model
from cuttings.model import Audience, PastIssue, PastItem, Ruling, StoredArticle, Story, Theme
from cuttings.settings import Source

ARCHIVE_AFTER = timedelta(days=365)

# Another item of the same theme or publisher is worth this much of its score: no theme and no publisher takes over.
SAME_THEME, SAME_SOURCE = 0.72, 0.85
# What each audience is there for. Managers lift evidence; members decide, and are asked about it.
KIND: Mapping[Audience, Mapping[str, float]] = {
    "managers": {"law": 0.8, "decision": 0.6, "research": 0.6, "news": 0.4, "opinion": 0.1},
    "members": {"decision": 0.9, "law": 0.6, "news": 0.5, "research": 0.2, "opinion": 0.1},
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story with what choosing found out about it. `primary` is its theme after the editors' rulings."""

    story: Story
    primary: str | None
    local: str | None  # the name that made it local
    pinned: bool
    changed: bool
    late: bool
    archive: bool
    score: float
    because: tuple[str, ...]
    printed: PastItem | None = None  # where an earlier issue has it
    counted: bool = False  # in an earlier period of the trend


class Rulings:
    """Editors' decisions on stories and articles; the last word on a subject counts."""

    def __init__(self, rulings: Iterable[Ruling], issue: str = "") -> None:
        self._held: dict[tuple[str, str], Ruling] = {}
        for ruling in sorted(rulings, key=lambda r: r.at):
            self._held[ruling.subject, ruling.decision] = ruling
        self._issue = issue

    def on(self, story: Story, decision: str) -> Ruling | None:
        # The issue's own word on an item goes over the story's, the story's over the article's.
        subjects = [f"item:{self._issue}/{story.key}", f"story:{story.key}"]
        subjects += [f"article:{held.article.key}" for held in story.articles]
        return next((self._held[s, decision] for s in subjects if (s, decision) in self._held), None)


class Local:
    """Finds the council's districts, wards, providers and hospitals as whole names, in any case."""

    def __init__(self, names: Sequence[str]) -> None:
        # The longest first: "Fell Hospital" says more than "Fell".
        ordered = sorted((n for n in names if n.strip()), key=len, reverse=True)
        spelt = "|".join(r"\s+".join(map(re.escape, n.split())) for n in ordered)
        self._names = re.compile(rf"(?<!\w)(?:{spelt})(?!\w)", re.IGNORECASE) if ordered else None

    def find(self, story: Story) -> tuple[str, str] | None:
        """(name as the article writes it, "title" | "standfirst" | "text"), the most prominent first."""
        if self._names is None:
            return None
        article = story.canonical.article
        for where, text in (("title", article.title), ("standfirst", article.standfirst), ("text", article.text)):
            match = self._names.search(text or "")
            if match:
                return " ".join(match[0].split()), where
        return None


def dated(story: Story, zone: tzinfo = UTC) -> date:
    """The day a story counts for: its publication, or when it was first seen where the page gives no date."""
    held = story.canonical
    return day(held.article.published, zone) or held.first_seen.astimezone(zone).date()


def day(iso: str | None, zone: tzinfo = UTC) -> date | None:
    """The (first) day of an ISO date on the council's clock: half past midnight in London in June is that day, and the
    day before in UTC. What names no hour is the day it names, everywhere."""
    moment = model.when(iso)
    if moment is None:
        return None
    return moment.astimezone(zone).date() if model.precision(iso) == "time" else moment.date()


def in_period(story: Story, start: date, end: date, zone: tzinfo = UTC) -> bool:
    """By publication date; unknown dates and late finds by the day they were first seen."""
    return _in_period(story.canonical, start, end, zone)


def _in_period(held: StoredArticle, start: date, end: date, zone: tzinfo) -> bool:
    first, last = day(held.article.published, zone), latest(held.article.published, zone)
    seen = held.first_seen.astimezone(zone).date()
    # "2026-10" may be any day of October: only its first sight can tell which week it belongs to.
    if first is not None and first == last:
        return start <= first <= end or (first < start and start <= seen <= end)
    return start <= seen <= end and (first is None or first <= end)


def counted(story: Story, compared: Iterable[PastIssue], zone: tzinfo = UTC) -> bool:
    """Whether the period of one of these issues had a story already, printed or not: it counts once in a trend.

    Published on Saturday and first seen on Monday morning before that week's issue was made, it belongs to its own week
    and, as a late find, to the next one as well; a copy of it may be published a week later.
    """
    return any(
        _in_period(held, issue.start, issue.end, zone) and (issue.composed is None or held.first_seen <= issue.composed)
        for issue in compared
        for held in story.articles
    )


def latest(iso: str | None, zone: tzinfo = UTC) -> date | None:
    """The last day an ISO date of any precision can mean: '2026-02' is 28 February 2026."""
    first, precision = day(iso, zone), model.precision(iso)
    if first is None or precision in ("day", "time"):
        return first
    if precision == "year":
        return date(first.year, 12, 31)
    return date(first.year, first.month, monthrange(first.year, first.month)[1])


def _changed(held: StoredArticle, printed: PastItem | None) -> bool:
    """Edited by its publisher since it was printed. Another copy may stand first by now, which can't be compared, and
    a newer program may read the same page otherwise, which is no edit."""
    if printed is None or printed.article not in (None, held.article.key):
        return False
    return (held.edited or held.version) > printed.version


def primary(story: Story, rulings: Rulings, known: Mapping[str, Theme]) -> str | None:
    """The theme by an editor's ruling, else the canonical copy's, else that of the first copy that has one."""
    ruled, refused = rulings.on(story, "theme"), rulings.on(story, "not-theme")
    # What was ruled on an article stands in its labels already; a second theme that it has too must not become first.
    if ruled and ruled.value in known and not ruled.subject.startswith("article:"):
        return ruled.value
    if ruled and refused and ruled.value == refused.value and ruled.at > refused.at:
        refused = None
    for held in story.articles:
        ranked = [held.labels.primary, *(label.theme for label in held.labels.labels)]
        for theme in ranked:
            if theme in known and not (refused and refused.value == theme):
                return theme
    return None


def is_archive(story: Story, now: datetime) -> bool:
    article = story.canonical.article
    published = model.when(article.published) or model.when(article.modified)
    return published is not None and published < now - ARCHIVE_AFTER


def candidates(
    stories: Sequence[Story],
    *,
    audience: Audience,
    themes: Mapping[str, Theme],
    sources: Mapping[str, Source],
    start: date,
    end: date,
    now: datetime,
    local: Local,
    rulings: Rulings,
    printed: Mapping[str, PastItem],
    compared: Sequence[PastIssue],
    zone: tzinfo,
) -> Iterator[Candidate]:
    """Every story with its score, in the order given. `printed`: where earlier issues have what they have; `compared`:
    those that the trend sets beside this one."""
    for story in stories:
        parts: list[tuple[float, str]] = []
        theme = primary(story, rulings, themes)
        place = local.find(story)
        if place:
            parts.append((1.0 if place[1] != "text" else 0.5, f"local: {place[0]} in the {place[1]}"))
        parts.extend(_worth(story, theme, audience, themes, sources, start, end, zone))
        archive = is_archive(story, now)
        if archive:
            parts.append((-0.5, "older than a year"))
        before = printed.get(story.key)
        published = latest(story.canonical.article.published, zone)
        pinned = rulings.on(story, "pin")
        if pinned:
            parts.append((100.0, f"pinned by {pinned.by}"))
        yield Candidate(
            story=story,
            primary=theme,
            local=place[0] if place else None,
            pinned=pinned is not None,
            changed=_changed(story.canonical, before),
            late=published is not None and published < start,
            archive=archive,
            score=round(sum(weight for weight, _ in parts), 4),
            because=tuple(f"{why} ({weight:+.2f})" for weight, why in parts if round(weight, 2)),
            printed=before,
            counted=counted(story, compared, zone),
        )


def _worth(
    story: Story,
    theme: str | None,
    audience: Audience,
    themes: Mapping[str, Theme],
    sources: Mapping[str, Source],
    start: date,
    end: date,
    zone: tzinfo,
) -> Iterator[tuple[float, str]]:
    held = story.canonical
    if theme:
        scores = [label.score for h in story.articles for label in h.labels.labels if label.theme == theme]
        yield 0.6 + 0.9 * min(max(scores, default=0.5), 1.0), f"theme: {themes[theme].name}"
        configured = themes[theme]
        if configured.why.get(audience) or configured.questions.get(audience):
            yield 0.3, "the council has words of its own for this theme"
    source = sources.get(held.article.source or "")
    if source:
        yield math.log2(source.weight), f"weight of {source.name}"
    yield KIND[audience].get(held.article.kind, 0.2), f"kind: {held.article.kind}"
    length = max((end - start).days, 1)
    age = min(max((end - dated(story, zone)).days, 0) / length, 1.0)
    yield 0.5 * (1 - age), "fresh in the period"
    kept = len(story.kept_comments)
    if kept:
        yield 0.25 * math.log2(1 + kept), f"{kept} reader comments"
    others = {h.article.source for h in story.articles} - {held.article.source}
    if others:
        yield 0.4 * math.log2(1 + len(others)), f"also in {len(others)} other sources"


def ranked(found: Iterable[Candidate], places: int, enough: int = 60) -> tuple[Candidate, ...]:
    """Pinned, then local, then by score, with variety: each further item of a theme or publisher counts for less.

    Local items go first on half of the `places` an edition has, so that a busy week at home leaves room for the rest.

    Ties go to the earlier story key, so the same input gives the same issue. Variety is weighed for the first
    `enough`; whoever comes after them stands in order of the bare score (10,000 stories must not cost 10,000² looks).
    """
    left = sorted(found, key=lambda c: c.story.key)
    seen_themes: Counter[str | None] = Counter()
    seen_sources: Counter[str | None] = Counter()
    picked: list[Candidate] = []
    while left and len(picked) < enough:
        home = sum(c.local is not None for c in picked) * 2 < places
        best = max(left, key=lambda c: _place(c, home, seen_themes, seen_sources))
        left.remove(best)
        picked.append(best)
        seen_themes[best.primary] += 1
        seen_sources[best.story.canonical.article.source] += 1
    return (*picked, *sorted(left, key=lambda c: (-c.score, c.story.key)))


def _place(
    c: Candidate, home: bool, themes: Counter[str | None], sources: Counter[str | None]
) -> tuple[bool, bool, float]:
    again = SAME_THEME ** themes[c.primary] * SAME_SOURCE ** sources[c.story.canonical.article.source]
    score = c.score * again if c.score > 0 else c.score
    return c.pinned, home and c.local is not None, score
