"""What of whom was printed for how many people: the licence register's evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from cuttings.edges.store.connect import Store, add_new
from cuttings.edges.store.tables import usage


@dataclass(frozen=True, slots=True)
class Use:
    """Words of one article in one issue, and to how many recipients it went."""

    issue: str
    article: str
    source: str | None
    licence: str  # link, excerpt, full
    words: int
    recipients: int
    at: datetime


def log(store: Store, uses: Sequence[Use]) -> int:
    """Record uses; how many are new. An article is logged once an issue; only its recipients may become more."""
    names = Use.__dataclass_fields__
    with store.writing() as connection:
        for use in uses:
            same = (usage.c.issue == use.issue) & (usage.c.article == use.article)
            more = same & (usage.c.recipients < use.recipients)
            connection.execute(update(usage).where(more).values(recipients=use.recipients))
        return add_new(connection, usage, [{name: getattr(use, name) for name in names} for use in uses])


def of_issue(store: Store, issue: str) -> tuple[Use, ...]:
    return _uses(store, usage.c.issue == issue)


def every(store: Store) -> tuple[Use, ...]:
    return _uses(store)


def between(store: Store, start: datetime, end: datetime) -> tuple[Use, ...]:
    return _uses(store, usage.c.at >= start, usage.c.at < end)


def _uses(store: Store, *which: ColumnElement[bool]) -> tuple[Use, ...]:
    query = select(usage).where(*which).order_by(usage.c.at, usage.c.id)
    with store.reading() as connection:
        return tuple(
            Use(**{name: getattr(row, name) for name in Use.__dataclass_fields__}) for row in connection.execute(query)
        )
