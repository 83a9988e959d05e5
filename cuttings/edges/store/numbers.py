"""Counts for documents about the store: how much of what, never of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal_column, select

from cuttings.edges.store.connect import Store
from cuttings.edges.store.people import NEVER
from cuttings.edges.store.tables import (
    articles,
    comments,
    issue_files,
    issue_items,
    issues,
    outbox,
    suppressions,
    usage,
)


@dataclass(frozen=True, slots=True)
class Held:
    """`articles_of` and `words_of` (printed under a licence) are by source id; `names` still stand in plain."""

    articles_of: Mapping[str, int]
    words_of: Mapping[str, int]
    outcomes: tuple[tuple[str, int], ...]
    names: int
    erased: int
    kept_out: int
    issues: int


def held(store: Store) -> Held:
    with store.reading() as connection:

        def one(query: object) -> int:
            return int(connection.execute(query).scalar_one() or 0)  # type: ignore[call-overload]

        def by(column: object, value: object) -> dict[str, int]:
            query = select(column, value).group_by(column)  # type: ignore[call-overload]
            return {str(name): int(n) for name, n in connection.execute(query)}

        everything = select(func.count()).select_from(comments)
        return Held(
            articles_of=by(articles.c.source, func.count()),
            words_of=by(usage.c.source, func.sum(usage.c.words)),
            outcomes=tuple(sorted(by(comments.c.outcome, func.count()).items())),
            # Whoever is named has a term: the index of terms is three months long, the comments are years.
            names=one(everything.where(comments.c.names_expire > NEVER, comments.c.author.is_not(None))),
            erased=one(everything.where(comments.c.erased_at.is_not(None))),
            kept_out=one(select(func.count()).select_from(suppressions).where(suppressions.c.kind == "person")),
            issues=one(select(func.count()).select_from(issues).where(issues.c.state != "empty")),
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """An issue without its contents. `items`: those of its period; `files`: (kind, path, bytes)."""

    edition: str
    number: int
    start: date
    end: date
    revision: int
    state: str
    items: int
    files: tuple[tuple[str, str, int], ...]


def printed(store: Store) -> tuple[Printed, ...]:
    """Every issue that has files, of every revision, by edition, period and revision.

    The digests stay where they are: ten years of them are read for seconds, and a list of issues needs none.
    """
    with store.reading() as connection:
        items = dict(
            connection.execute(
                select(issue_items.c.issue, func.count())
                .where(issue_items.c.position > 0)  # those of the archive are no part of the period's counts
                .group_by(issue_items.c.issue)
            )
            .tuples()
            .all()
        )
        files: dict[str, list[tuple[str, str, int]]] = {}
        for row in connection.execute(select(issue_files).order_by(issue_files.c.issue, issue_files.c.kind)):
            files.setdefault(row.issue, []).append((row.kind, row.path, row.size))
        columns = [c for c in issues.c if c.name != "digest"]
        order = issues.c.edition, issues.c.period_end, issues.c.revision
        rows = connection.execute(select(*columns).order_by(*order)).all()
    return tuple(
        Printed(
            row.edition,
            row.number,
            date.fromisoformat(row.period_start),
            date.fromisoformat(row.period_end),
            row.revision,
            row.state,
            items.get(row.id, 0),
            tuple(files[row.id]),
        )
        for row in rows
        if row.id in files
    )


def mail(store: Store, *, since: datetime | None = None) -> dict[str, int]:
    """Messages by state, of those whose state changed since then."""
    # An index has the messages in the order of their states, which would spare putting a week's in order by reading ten
    # years of them; of an expression it knows nothing.
    state = outbox.c.state if since is None else func.coalesce(outbox.c.state, literal_column("''"))
    query = select(state, func.count()).group_by(state)
    if since is not None:
        query = query.where(outbox.c.updated >= since)
    with store.reading() as connection:
        return dict(connection.execute(query).tuples().all())


def waiting_mail(store: Store, *, before: datetime) -> int:
    """Messages that should have left before this moment and have not; editions that no one approved are not due."""
    late = (outbox.c.state == "new") & (outbox.c.next_try <= before)
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(outbox).where(late)).scalar_one())


def queue(store: Store) -> int:
    """Comments that wait for an editor."""
    query = select(func.count()).select_from(comments).where(comments.c.outcome == "review")
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one())
