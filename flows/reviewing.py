"""The editor's desk: the queue, and a sitting in which one key decides. What it looks like is in commands/review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cuttings import desk, model, periods, rulings, themes_rulings
from cuttings.desk import Period, Place
from cuttings.digest.choose import Local
from cuttings.edges.store import articles, issues, judged, labelling
from cuttings.edges.store import periods as stored
from cuttings.edges.store.issues import OPEN
from cuttings.edges.store.judged import Waiting
from cuttings.model import JudgedComment, Labels, Ruling, StoredArticle, Story
from cuttings.settings import Edition
from flows import learning
from flows.house import House

MOST = 1000  # of what waits: more than anybody goes through in a sitting


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to decide on: a comment or an article, by key, with why it stands where it does in the queue."""

    key: str
    article: str
    place: Place
    doubt: float


@dataclass(frozen=True, slots=True)
class Queue:
    cards: tuple[Card, ...]
    learned_from: int = 0  # rulings that the order was learned from; 0: the order of the rules


# ---------------------------------------------------------------- the queue


def coming(house: House, edition: str | None = None, period: str | None = None) -> tuple[Period, ...]:
    """The issues still to come: of each edition the period that runs, and the last whole one until it has left."""
    wanted = [house.settings.edition(edition)] if edition else list(house.settings.editions)
    if period:
        days = periods.parse(period)
        return tuple(Period(e.id, *days) for e in wanted) or (Period("", *days),)
    today = house.clock().astimezone(ZoneInfo(house.settings.council.timezone)).date()
    found = []
    for one in wanted:
        last = periods.last_whole(one.period, today)
        made = issues.of_period(house.store, one.id, *last)
        if made is None or made.state in (*OPEN, "awaiting approval"):
            found.append(Period(one.id, *last))
        found.append(Period(one.id, last[1] + timedelta(days=1), _end(one, last[1] + timedelta(days=1))))
    return tuple(found)


def _end(edition: Edition, first: date) -> date:
    if edition.period == "week":
        return first + timedelta(days=6)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def comments(
    house: House, outcome: str = "review", *, edition: str | None = None, period: str | None = None, most: int = MOST
) -> Queue:
    """Comments with an outcome that nobody ruled on, in the order to look at them.

    With an edition or a period only those that belong to it; else those of coming issues and the others. Of either no
    more than `most` are looked at, as they were first seen last.
    """
    issues_ahead = coming(house, edition, period)
    found = _of_periods(house, outcome, issues_ahead, most)
    if edition is None and period is None:
        found = {one.judged.comment.key: one for one in judged.waiting(house.store, outcome, most=most)} | found
    places = _places(house, {w.judged.comment.article: w.at for w in found.values()}, issues_ahead)
    waiting = tuple(found.values())
    if edition is not None or period is not None:
        waiting = tuple(one for one in waiting if places[one.judged.comment.article].editions)
    learned = learning.comments(house.store, now=house.clock()) if waiting else None
    doubts: dict[str, float] = {}
    where: dict[str, Place] = {}
    article: dict[str, str] = {}
    for one in waiting:
        key, below = one.judged.comment.key, one.judged.comment.article
        doubts[key] = desk.doubt(one.judged, learned.chance(one.judged) if learned else None)
        where[key], article[key] = places[below], below
    cards = tuple(Card(key, article[key], where[key], doubts[key]) for key in desk.order(doubts, where))
    return Queue(cards, learned.rulings if learned else 0)


def _of_periods(house: House, outcome: str, ahead: Sequence[Period], most: int) -> dict[str, Waiting]:
    """What waits below the articles of issues that are still to come, by Comment.key."""
    if not ahead:
        return {}
    found = judged.waiting_of(house.store, outcome, *_moments(house, ahead), most=most)
    return {one.judged.comment.key: one for one in found}


def _moments(house: House, ahead: Sequence[Period]) -> tuple[datetime, datetime]:
    days = min(p.start for p in ahead), max(p.end for p in ahead)
    return periods.moments(days, house.settings.council.timezone)


def themes(house: House, *, edition: str | None = None, period: str | None = None) -> Queue:
    """Articles of the coming issues (or of a period) on whose themes nobody has ruled yet."""
    issues_ahead = coming(house, edition, period)
    if not issues_ahead:
        return Queue(())
    start, after = _moments(house, issues_ahead)
    told = stored.stories(house.store, start, after, now=house.clock(), voices=False)
    held = {story.canonical.article.key: story.canonical for story in told}
    decided = judged.rulings_on(house.store, [rulings.article(key) for key in held])
    left = {
        key: one
        for key, one in held.items()
        if not any(r.decision in themes_rulings.DECISIONS for r in decided.get(rulings.article(key), ()))
    }
    places = _places(house, {key: _stands_at(one) for key, one in left.items()}, issues_ahead, left)
    left = {key: one for key, one in left.items() if places[key].editions}
    doubts = {key: desk.theme_doubt(one.labels) for key, one in left.items()}
    return Queue(tuple(Card(key, key, places[key], doubts[key]) for key in desk.order(doubts, places)))


def _stands_at(held: StoredArticle) -> datetime:
    return model.when(held.article.published) or held.first_seen


def _places(
    house: House,
    at: Mapping[str, datetime],
    issues_ahead: Sequence[Period],
    held: Mapping[str, StoredArticle] | None = None,
) -> dict[str, Place]:
    zone, local = ZoneInfo(house.settings.council.timezone), Local(house.settings.council.local)
    found = {key: desk.editions_of(moment.astimezone(zone).date(), issues_ahead) for key, moment in at.items()}
    if house.settings.council.local:
        held = articles.find(house.store, at) if held is None else held
        names = {key: local.find(Story(one.story, (one,))) for key, one in held.items()}
    else:
        names = {}
    return {key: Place(found[key], name[0] if (name := names.get(key)) else None) for key in at}


# ---------------------------------------------------------------- what is shown


@dataclass(frozen=True, slots=True)
class InThread:
    """A comment with its article, what it answers, and its neighbours; what it doubles, where it is a duplicate."""

    judged: JudgedComment
    article: StoredArticle | None
    before: tuple[JudgedComment, ...] = ()  # the one it answers, and the one above it, in page order
    after: tuple[JudgedComment, ...] = ()  # answers, else the one below
    double_of: JudgedComment | None = None


def in_thread(house: House, key: str) -> InThread | None:
    """None where the comment is no longer there, or its words are gone."""
    return in_threads(house, [key]).get(key)


def in_threads(house: House, keys: Iterable[str]) -> dict[str, InThread]:
    """By Comment.key; without those that are no longer there, or whose words are gone."""
    found = {key: one for key, one in judged.find(house.store, keys).items() if one.comment.text}
    below = {one.comment.article for one in found.values()}
    threads = judged.threads(house.store, below)
    held = articles.find(house.store, below)
    doubled = judged.find(house.store, [one.verdict.duplicate_of for one in found.values() if one.verdict.duplicate_of])
    return {
        key: _in_thread(one, threads.get(one.comment.article, ()), held.get(one.comment.article), doubled)
        for key, one in found.items()
    }


def _in_thread(
    one: JudgedComment,
    thread: Sequence[JudgedComment],
    article: StoredArticle | None,
    doubled: Mapping[str, JudgedComment],
) -> InThread:
    comment = one.comment
    around = [c for c in thread if c.comment.key != comment.key]
    before = [c for c in around if c.comment.n == comment.parent] + [
        c for c in around if c.comment.n < comment.n and c.comment.n != comment.parent
    ][-1:]
    answers = [c for c in around if c.comment.parent == comment.n] or [c for c in around if c.comment.n > comment.n]
    return InThread(
        one,
        article,
        tuple(sorted(before, key=lambda c: c.comment.n)),
        tuple(answers[:1]),
        doubled.get(one.verdict.duplicate_of or ""),
    )


@dataclass(frozen=True, slots=True)
class Labelled:
    article: StoredArticle
    given: Labels  # what the phrases said
    standing: Labels  # after the rulings


def labelled(house: House, keys: Iterable[str]) -> dict[str, Labelled]:
    """By Article.key; without those that are no longer there."""
    held = articles.find(house.store, keys)
    labels = labelling.of_subjects(house.store, [rulings.article(key) for key in held])
    return {key: Labelled(one, *labels[rulings.article(key)]) for key, one in held.items()}


# ---------------------------------------------------------------- a sitting


@dataclass(slots=True)
class Sitting:
    """Walks the cards of a queue; what was decided can be undone step by step, across skips."""

    house: House
    by: str
    cards: tuple[Card, ...]
    at: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    _steps: list[tuple[int, str, tuple[int, ...]]] = field(default_factory=list)  # card, what was done, rulings

    @property
    def card(self) -> Card | None:
        return self.cards[self.at] if self.at < len(self.cards) else None

    def decide(
        self, subject: str, decisions: Iterable[tuple[str, str | None]], done: str, *, stay: bool = False
    ) -> None:
        """Rule on the card before us; `done` is what is counted. `stay`: there may be more to say about it."""
        now = self.house.clock()
        given = [Ruling(subject, decision, value, self.by, now) for decision, value in decisions]
        self._steps.append((self.at, done, judged.rule(self.house.store, given)))
        self._count(done, 1)
        self.at += not stay

    def skip(self, done: str = "skipped") -> None:
        self._steps.append((self.at, done, ()))
        self._count(done, 1)
        self.at += 1

    def undo(self) -> str | None:
        """Take the last step back and return to its card; what it was, or None where there is none."""
        if not self._steps:
            return None
        self.at, done, numbers = self._steps.pop()
        for number in numbers:
            judged.undo(self.house.store, number, now=self.house.clock())
        self._count(done, -1)
        return done

    def called_spam(self) -> tuple[str, ...]:
        """Keys of the comments that were, and not taken back."""
        return tuple(self.cards[at].key for at, done, numbers in self._steps if done == "spam" and numbers)

    def _count(self, done: str, by: int) -> None:
        self.counts[done] = self.counts.get(done, 0) + by

    def summary(self) -> str:
        said = [f"{n} {done}" for done, n in self.counts.items() if n]
        left = len(self.cards) - self.at
        return f"{', '.join(said) or 'Nothing decided'}; {left} left."
