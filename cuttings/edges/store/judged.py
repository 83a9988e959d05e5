"""Comments and what is thought of them: finding, judging again, the editor's rulings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, select, update

from cuttings import rulings as rules
from cuttings.edges.store import labelling, thread
from cuttings.edges.store.connect import Store, add, chunks
from cuttings.edges.store.tables import articles, comments, rulings, verdicts
from cuttings.model import JudgedComment, Ruling, Verdict
from cuttings.rulings import Recorded


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """A verdict that was in force from `since` until `until`, when another one replaced it."""

    verdict: Verdict
    since: datetime
    until: datetime


def find(store: Store, keys: Iterable[str]) -> dict[str, JudgedComment]:
    """Stored comments by key, with the verdict in force; those gone from their site too."""
    with store.reading() as connection:
        return {key: thread.judged_comment(row) for key, row in _rows(connection, keys).items()}


def threads(store: Store, keys: Iterable[str], *, gone: bool = False) -> dict[str, tuple[JudgedComment, ...]]:
    """The comments of articles, in page order, by Article.key; deleted ones only where `gone`."""
    with store.reading() as connection:
        return thread.load(connection, keys, gone=gone)


def by_outcome(store: Store, outcome: str, *, most: int = 200) -> tuple[JudgedComment, ...]:
    """Comments with an outcome, ruled on or not, the most suspect first: what the quarantine holds."""
    query = select(comments).where(comments.c.outcome == outcome, comments.c.erased_at.is_(None))
    with store.reading() as connection:
        rows = connection.execute(query.order_by(comments.c.score.desc(), comments.c.id).limit(most)).all()
    return tuple(thread.judged_comment(row) for row in rows)


def change(store: Store, given: Mapping[str, Verdict], *, now: datetime) -> tuple[str, ...]:
    """Put new verdicts in force by Comment.key, below what editors ruled; keys of those that changed.

    The old verdicts go into the history. Unknown keys raise ValueError.
    """
    with store.writing() as connection:
        rows = _rows(connection, given)
        if missing := sorted(set(given) - set(rows)):
            raise ValueError(f"no comment {', '.join(missing[:5])}")
        return _change(connection, rows.values(), given, now)


def _change(
    connection: Connection, rows: Iterable[Row[Any]], given: Mapping[str, Verdict], now: datetime
) -> tuple[str, ...]:
    rows = list(rows)
    given = {row.key: thread.nameless(given[row.key], row.author, row.author_url) for row in rows}
    own = thread.rulings_on(connection, [rules.comment(row.key) for row in rows])
    among = [(row.exact, row.key, partial(thread.copy_of, row, given[row.key])) for row in rows if row.exact]
    copied = thread.rulings_of_copies(connection, among)
    changed = []
    for row in rows:
        verdict = rules.ruled(given[row.key], own.get(rules.comment(row.key), ()), copied.get(row.key, ()))
        if thread.rejudge(connection, row, verdict, now):
            changed.append(row.key)
    return tuple(changed)


def history(store: Store, key: str) -> tuple[PastVerdict, ...]:
    """The verdicts on a comment that are no longer in force, oldest first."""
    query = select(verdicts).join(comments, comments.c.id == verdicts.c.comment).where(comments.c.key == key)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(verdicts.c.id)).all()
    return tuple(PastVerdict(thread.verdict_of(row), row.at, row.until) for row in rows)


def _rows(connection: Connection, keys: Iterable[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for part in chunks(keys):
        found.update((row.key, row) for row in connection.execute(select(comments).where(comments.c.key.in_(part))))
    return found


# ---------------------------------------------------------------- rulings


def rule(store: Store, given: Sequence[Ruling]) -> tuple[int, ...]:
    """Record what editors decided; the rulings' numbers. Decisions about comments are in force at once.

    A ruling on a comment is also in force for every stored copy of the same text. Asked twice, nothing doubles.
    """
    with store.writing() as connection:
        return tuple(_rule(connection, ruling) for ruling in given)


_IDENTITY = ("subject", "decision", "value", "by", "at")  # two themes may be confirmed in one moment


def _rule(connection: Connection, ruling: Ruling) -> int:
    same = [getattr(rulings.c, name) == getattr(ruling, name) for name in _IDENTITY]
    known = connection.execute(select(rulings.c.id).where(*same, rulings.c.undone_at.is_(None))).scalar()
    if known is not None:
        return int(known)
    kind, _, key = ruling.subject.partition(":")
    row = _rows(connection, [key]).get(key) if kind == "comment" else None
    fields = {name: getattr(ruling, name) for name in Ruling.__dataclass_fields__}
    # Only a decision about the comment itself holds for its copies: what an editor says of its themes does not.
    exact = row.exact if row is not None and ruling.decision in rules.COMMENT_DECISIONS else None
    number = add(connection, rulings, {**fields, "exact": exact})
    _in_force(connection, ruling.subject, ruling.decision, ruling.at, row)
    return number


def _in_force(connection: Connection, subject: str, decision: str, now: datetime, row: Row[Any] | None) -> None:
    if decision in rules.COMMENT_DECISIONS:
        if row is not None:
            _apply(connection, row, now)
    else:
        labelling.settle(connection, [subject])


def _apply(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Bring a comment and its copies under the rulings as they stand, from the verdict that the rules gave."""
    rows = {row.key: row}
    if row.exact:
        copies = connection.execute(select(comments).where(comments.c.exact == row.exact))
        rows.update((copy.key, copy) for copy in copies)
    _change(connection, rows.values(), _by_rules(connection, rows.values()), now)


def follow(connection: Connection, keys: Iterable[str], now: datetime) -> None:
    """Bring the stored copies of these comments under the rulings that had waited for them."""
    for row in _rows(connection, keys).values():
        _apply(connection, row, now)


def _by_rules(connection: Connection, rows: Iterable[Row[Any]]) -> dict[str, Verdict]:
    """What the rules last thought of comments, before any ruling, by Comment.key."""
    found: dict[str, Verdict] = {}
    ruled: dict[int, str] = {}
    for row in rows:
        found[row.key] = thread.verdict_of(row)
        if rules.is_ruled(found[row.key]):
            ruled[row.id] = row.key
    for part in chunks(ruled):
        query = select(verdicts).where(verdicts.c.comment.in_(part)).order_by(verdicts.c.comment, verdicts.c.id.desc())
        for past in connection.execute(query):
            key = ruled[past.comment]
            if rules.is_ruled(found[key]) and not rules.is_ruled(earlier := thread.verdict_of(past)):
                found[key] = earlier
    return found


def undo(store: Store, number: int, *, now: datetime) -> bool:
    """Take a ruling back (it stays on record); False where there is none in force. Verdicts follow."""
    with store.writing() as connection:
        here = (rulings.c.id == number) & rulings.c.undone_at.is_(None)
        row = connection.execute(select(rulings).where(here)).first()
        if row is None:
            return False
        _take_back(connection, row, now)
        return True


def _take_back(connection: Connection, row: Row[Any], now: datetime) -> None:
    connection.execute(update(rulings).where(rulings.c.id == row.id).values(undone_at=now))
    kind, _, key = row.subject.partition(":")
    comment = _rows(connection, [key]).get(key) if kind == "comment" else None
    _in_force(connection, row.subject, row.decision, now, comment)


def rulings_on(store: Store, subjects: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
    """Rulings in force by subject ("comment:KEY", "article:KEY", "story:KEY", "item:ISSUE/STORY"), oldest first."""
    with store.reading() as connection:
        return thread.rulings_on(connection, subjects)


def every_ruling(store: Store, *, undone: bool = False) -> tuple[tuple[int, Ruling], ...]:
    """All rulings with their numbers, oldest first, for learning."""
    return tuple((r.number, r.ruling) for r in records(store) if undone or r.undone is None)


def records(store: Store, *, subject: str | None = None) -> tuple[Recorded, ...]:
    """Every ruling on record (on one subject), taken back or not, oldest first: for export and `explain`."""
    query = select(rulings).order_by(rulings.c.id)
    if subject is not None:
        query = query.where(rulings.c.subject == subject)
    with store.reading() as connection:
        return tuple(Recorded(row.id, thread.ruling_of(row), row.undone_at) for row in connection.execute(query))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of rulings from a file: `waiting` are among the new ones, and about what is not in this store yet."""

    new: int = 0
    known: int = 0
    waiting: tuple[Ruling, ...] = ()


def take_in(store: Store, given: Sequence[Recorded], *, now: datetime) -> TakenIn:
    """Record rulings that were made elsewhere, or before a restore; those on record already stay as they are.

    One about a comment or article that is not here waits for it. One that was taken back is taken back here too.
    """
    new = known = 0
    waiting = []
    with store.writing() as connection:
        for one in given:
            same = [getattr(rulings.c, name) == getattr(one.ruling, name) for name in _IDENTITY]
            before = connection.execute(select(rulings).where(*same)).first()
            number = _rule(connection, one.ruling) if before is None else before.id
            if before is None:
                new += 1
                if not _is_here(connection, one.ruling.subject):
                    waiting.append(one.ruling)
            else:
                known += 1
            if one.undone is not None and (before is None or before.undone_at is None):
                row = connection.execute(select(rulings).where(rulings.c.id == number)).one()
                _take_back(connection, row, one.undone if before is None else now)
    return TakenIn(new, known, tuple(waiting))


def _is_here(connection: Connection, subject: str) -> bool:
    kind, _, key = subject.partition(":")
    if kind == "comment":
        return connection.execute(select(comments.c.id).where(comments.c.key == key)).first() is not None
    if kind == "article":
        return connection.execute(select(articles.c.key).where(articles.c.key == key)).first() is not None
    told = key.rpartition("/")[2] if kind == "item" else key
    return connection.execute(select(articles.c.key).where(articles.c.story == told).limit(1)).first() is not None


# ---------------------------------------------------------------- the editor's desk


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that waits for an editor, and when its article counts for a digest."""

    judged: JudgedComment
    at: datetime  # publication of its article, or first sight
    seen: datetime  # when the comment itself was first seen


def waiting(store: Store, outcome: str, *, most: int) -> tuple[Waiting, ...]:
    """Comments with an outcome on which no editor has ruled; erased ones and those gone from their site left out.

    Where there are more than `most`, those that were first seen last.
    """
    with store.reading() as connection:
        held = connection.execute(select(comments.c.id).where(comments.c.outcome == outcome).limit(most + 1)).all()
        # A hundred thousand would be fetched and put in order for the sake of the last thousand: there the index by
        # first sight is walked from its end instead, which the plain condition on the outcome would keep it from.
        has_it = comments.c.outcome if len(held) <= most else func.coalesce(comments.c.outcome, "")
        return _not_ruled(connection, _of_living().where(has_it == outcome), most)


def waiting_of(store: Store, outcome: str, start: datetime, end: datetime, *, most: int) -> tuple[Waiting, ...]:
    """The same below the articles of a period; `end` is no part of it."""
    published = and_(articles.c.published_at >= start, articles.c.published_at < end)
    undated = and_(articles.c.published_at.is_(None), articles.c.first_seen >= start, articles.c.first_seen < end)
    has_it = func.coalesce(comments.c.outcome, "") == outcome  # asked of the period's comments, not the other way round
    with store.reading() as connection:
        found = [  # apart, so that each is answered from its own index
            one
            for case in (published, undated)
            for one in _not_ruled(connection, _of_living().where(case, has_it), most)
        ]
    return tuple(sorted(found, key=lambda one: one.seen, reverse=True)[:most])


def _of_living() -> Select[Any]:
    # Looked up, and not read off the verdict: one that an editor confirms stays as it was, and must not come again.
    ruled = rulings.c.subject == "comment:" + comments.c.key, rulings.c.undone_at.is_(None)
    of_it = rulings.c.decision.in_(sorted(rules.COMMENT_DECISIONS))
    return (
        select(comments, func.coalesce(articles.c.published_at, articles.c.first_seen).label("at"))
        .join(articles, articles.c.key == comments.c.article)
        .where(comments.c.erased_at.is_(None), comments.c.gone_at.is_(None), articles.c.withdrawn_at.is_(None))
        .where(~exists().where(*ruled, of_it))
        .order_by(comments.c.first_seen.desc(), comments.c.id.desc())
    )


def _not_ruled(connection: Connection, query: Select[Any], most: int) -> tuple[Waiting, ...]:
    """The first of these that no ruling on a copy has settled. Where it settled all that were asked for, more are."""
    asked = most
    while True:
        rows = connection.execute(query.limit(asked)).all()
        every = (Waiting(thread.judged_comment(row), row.at, row.first_seen) for row in rows)
        found = [one for one in every if not any(r.rule == "ruling" for r in one.judged.verdict.because)]
        if len(found) >= most or len(rows) < asked:
            return tuple(found[:most])
        asked *= 4


def ruled_on(store: Store) -> tuple[tuple[JudgedComment, Ruling], ...]:
    """Comments whose words are still there with the ruling in force on each, one of equal texts: what is learned from.

    In order of the comments' keys.
    """
    latest: dict[str, Ruling] = {}
    for recorded in sorted(records(store), key=lambda r: r.ruling.at):
        ruling = recorded.ruling
        if recorded.undone is None and ruling.decision in rules.COMMENT_DECISIONS:
            latest[ruling.subject.removeprefix("comment:")] = ruling
    found: dict[str, tuple[JudgedComment, Ruling]] = {}
    with store.reading() as connection:
        rows = _rows(connection, latest)
    for key in sorted(rows):
        row = rows[key]
        if row.erased_at is None:
            found.setdefault(row.exact or key, (thread.judged_comment(row), latest[key]))
    return tuple(found.values())


def counts(store: Store) -> dict[str, int]:
    """Comments by outcome."""
    query = select(comments.c.outcome, func.count()).group_by(comments.c.outcome)
    with store.reading() as connection:
        return dict(connection.execute(query).tuples().all())
