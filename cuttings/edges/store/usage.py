"""What of whom was printed for how many people: the licence register's evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

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
    """Record uses; how many are new (an article is logged once an issue)."""
    names = Use.__dataclass_fields__
    with store.writing() as connection:
        return add_new(connection, usage, [{name: getattr(use, name) for name in names} for use in uses])


def between(store: Store, start: datetime, end: datetime) -> tuple[Use, ...]:
    query = select(usage).where(usage.c.at >= start, usage.c.at < end).order_by(usage.c.at, usage.c.id)
    with store.reading() as connection:
        return tuple(
            Use(**{name: getattr(row, name) for name in Use.__dataclass_fields__}) for row in connection.execute(query)
        )
