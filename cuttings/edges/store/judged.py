"""Comments and what is thought of them: finding, judging again, the editor's rulings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from cuttings import rulings as rules
from cuttings.edges.store import thread
from cuttings.edges.store.connect import Store, add, chunks
from cuttings.edges.store.tables import comments, rulings, verdicts
from cuttings.model import JudgedComment, Ruling, Verdict


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
    """Comments with an outcome, the most suspect first: the review queue is `by_outcome(store, "review")`."""
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
    own = thread.rulings_on(connection, [rules.comment(row.key) for row in rows])
    copies = thread.rulings_on_text(connection, [row.exact for row in rows if row.exact])
    changed = []
    for row in rows:
        verdict = rules.ruled(given[row.key], own.get(rules.comment(row.key), ()), copies.get(row.exact, ()))
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


def _rule(connection: Connection, ruling: Ruling) -> int:
    same = [getattr(rulings.c, name) == getattr(ruling, name) for name in ("subject", "decision", "by", "at")]
    known = connection.execute(select(rulings.c.id).where(*same)).scalar()
    if known is not None:
        return int(known)
    kind, _, key = ruling.subject.partition(":")
    row = _rows(connection, [key]).get(key) if kind == "comment" else None
    fields = {name: getattr(ruling, name) for name in Ruling.__dataclass_fields__}
    number = add(connection, rulings, {**fields, "exact": row.exact if row else None})
    if row is not None and ruling.decision in rules.COMMENT_DECISIONS:
        _apply(connection, row, ruling.at)
    return number


def _apply(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Bring a comment and its copies under the rulings as they stand, from the verdict that the rules gave."""
    rows = {row.key: row}
    if row.exact:
        copies = connection.execute(select(comments).where(comments.c.exact == row.exact))
        rows.update((copy.key, copy) for copy in copies)
    _change(connection, rows.values(), {key: _by_rules(connection, r) for key, r in rows.items()}, now)


def _by_rules(connection: Connection, row: Row[Any]) -> Verdict:
    """What the rules last thought of a comment, before any ruling."""
    verdict = thread.verdict_of(row)
    if not any(reason.rule == "ruling" for reason in verdict.because):
        return verdict
    query = select(verdicts).where(verdicts.c.comment == row.id).order_by(verdicts.c.id.desc())
    for past in connection.execute(query):
        earlier = thread.verdict_of(past)
        if not any(reason.rule == "ruling" for reason in earlier.because):
            return earlier
    return verdict


def undo(store: Store, number: int, *, now: datetime) -> bool:
    """Take a ruling back (it stays on record); False where there is none in force. Verdicts follow."""
    with store.writing() as connection:
        here = (rulings.c.id == number) & rulings.c.undone_at.is_(None)
        row = connection.execute(select(rulings).where(here)).first()
        if row is None:
            return False
        connection.execute(update(rulings).where(here).values(undone_at=now))
        kind, _, key = row.subject.partition(":")
        comment = _rows(connection, [key]).get(key) if kind == "comment" else None
        if comment is not None:
            _apply(connection, comment, now)
        return True


def rulings_on(store: Store, subjects: Iterable[str]) -> dict[str, tuple[Ruling, ...]]:
    """Rulings in force by subject ("comment:KEY", "article:KEY", "story:KEY", "item:ISSUE/STORY"), oldest first."""
    with store.reading() as connection:
        return thread.rulings_on(connection, subjects)


def every_ruling(store: Store, *, undone: bool = False) -> tuple[tuple[int, Ruling], ...]:
    """All rulings with their numbers, oldest first, for export and for learning."""
    query = select(rulings).order_by(rulings.c.id)
    if not undone:
        query = query.where(rulings.c.undone_at.is_(None))
    with store.reading() as connection:
        return tuple((row.id, thread.ruling_of(row)) for row in connection.execute(query))


def counts(store: Store) -> dict[str, int]:
    """Comments by outcome."""
    query = select(comments.c.outcome, func.count()).group_by(comments.c.outcome)
    with store.reading() as connection:
        return dict(connection.execute(query).tuples().all())
