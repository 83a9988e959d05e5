"""Runs: at most one of a kind at work, zombies found, and the marks that say how far we have come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from cuttings.edges.store.connect import Store, add, put
from cuttings.edges.store.tables import marks, runs

STALE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    kind: str
    started: datetime
    beat: datetime
    ended: datetime | None
    state: str  # running, done, failed, abandoned
    counts: Mapping[str, Any]
    detail: str | None


def _nobody_is_known_dead(_process: str) -> bool:
    return False


def begin(
    store: Store,
    kind: str,
    *,
    now: datetime,
    exclusive: bool = True,
    stale: timedelta = STALE,
    process: str | None = None,
    dead: Callable[[str], bool] = _nobody_is_known_dead,
) -> int | None:
    """The number of a new run; None where `exclusive` and another run of this kind is at work.

    A run that has given no sign of life for `stale` was killed: it is marked 'abandoned' and does not count. So is
    one of whose `process` (as it was given here when the run began) `dead` is sure.
    """
    with store.writing() as connection:
        at_work = (runs.c.kind == kind) & (runs.c.state == "running")
        gone = [
            row.id
            for row in connection.execute(select(runs).where(at_work))
            if row.beat < now - stale or (row.process is not None and dead(row.process))
        ]
        if gone:
            connection.execute(update(runs).where(runs.c.id.in_(gone)).values(state="abandoned", ended=now))
        if exclusive and connection.execute(select(runs.c.id).where(at_work)).first():
            return None
        row = {"kind": kind, "started": now, "beat": now, "state": "running", "process": process}
        return add(connection, runs, row)


def beat(store: Store, run: int, *, now: datetime) -> bool:
    """A sign of life. False where the run was given up as abandoned meanwhile and should stop."""
    with store.writing() as connection:
        alive = (runs.c.id == run) & (runs.c.state == "running")
        return connection.execute(update(runs).where(alive).values(beat=now)).rowcount == 1


def end(store: Store, run: int, *, now: datetime, counts: Mapping[str, Any], failure: str | None = None) -> None:
    """Close a run with its counts. One that was given up as abandoned meanwhile stays so: another is at work."""
    with store.writing() as connection:
        state = "failed" if failure else "done"
        values = {"state": state, "ended": now, "beat": now, "counts": dict(counts), "detail": failure}
        still = (runs.c.id == run) & (runs.c.state == "running")
        connection.execute(update(runs).where(still).values(values))


def last(store: Store, kind: str, *, state: str = "done") -> Run | None:
    """The latest run of a kind in a state."""
    query = select(runs).where(runs.c.kind == kind, runs.c.state == state).order_by(runs.c.id.desc()).limit(1)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return _run(row) if row else None


def latest(store: Store, most: int = 20) -> tuple[Run, ...]:
    """The latest runs of every kind and state, newest first."""
    with store.reading() as connection:
        return tuple(_run(row) for row in connection.execute(select(runs).order_by(runs.c.id.desc()).limit(most)))


def at_work(store: Store, *, now: datetime, stale: timedelta = STALE) -> tuple[Run, ...]:
    """The runs at work that have given a sign of life."""
    query = select(runs).where(runs.c.state == "running", runs.c.beat >= now - stale).order_by(runs.c.id)
    with store.reading() as connection:
        return tuple(_run(row) for row in connection.execute(query))


def _run(row: Row[Any]) -> Run:
    return Run(row.id, row.kind, row.started, row.beat, row.ended, row.state, row.counts or {}, row.detail)


def mark(store: Store, name: str, value: Any, *, now: datetime) -> None:
    """Keep one fact (a JSON value) under a name, such as how far 'collect' has come."""
    with store.writing() as connection:
        put(connection, marks, {"name": name, "value": value, "at": now})


def marked(store: Store, name: str) -> Any:
    """The fact kept under a name, None where there is none."""
    with store.reading() as connection:
        return connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar()
