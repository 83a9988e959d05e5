"""How our sources have fared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from cuttings.edges.store.connect import Store
from cuttings.edges.store.tables import source_contacts, sources


@dataclass(frozen=True, slots=True)
class SourceState:
    id: str
    name: str
    first_contact: datetime
    last_contact: datetime
    last_success: datetime | None
    last_failure: datetime | None
    failure: str | None  # why the last failure happened, even where a success followed
    failures: int  # in a row; 0: the last contact succeeded


def contacted(
    store: Store,
    source: str,
    *,
    name: str,
    now: datetime,
    run: int | None = None,
    failure: str | None = None,
    found: int = 0,
) -> SourceState:
    """Record that a source was asked for what is new: `failure` says why it could not be read (None: it could).

    Its first contact, failed or not, is kept for ever: `first_contact - since_days` parts news from archive.
    """
    with store.writing() as connection:
        row = connection.execute(select(sources).where(sources.c.id == source)).first()
        outcome = {"last_failure": now, "failure": failure} if failure else {"last_success": now}
        failures = (row.failures if row else 0) + 1 if failure else 0
        state = {"name": name, "last_contact": now, "failures": failures, **outcome}
        if row is None:
            connection.execute(sources.insert().values(id=source, first_contact=now, **state))
        else:
            connection.execute(update(sources).where(sources.c.id == source).values(state))
        connection.execute(
            source_contacts.insert().values(source=source, run=run, at=now, failure=failure, found=found)
        )
    known = find(store, source)
    assert known is not None
    return known


def find(store: Store, source: str) -> SourceState | None:
    """None where the source has never been contacted."""
    with store.reading() as connection:
        row = connection.execute(select(sources).where(sources.c.id == source)).first()
    return SourceState(*row) if row else None


def every(store: Store) -> tuple[SourceState, ...]:
    with store.reading() as connection:
        return tuple(SourceState(*row) for row in connection.execute(select(sources).order_by(sources.c.id)))
