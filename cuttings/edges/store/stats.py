"""How much there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, case, func, select, text, true

from cuttings.edges.store.connect import Store, _engine, schema
from cuttings.edges.store.tables import addresses, articles, comments, issues, metadata, outbox, pages, rulings, stories


@dataclass(frozen=True, slots=True)
class SourceCounts:
    id: str
    articles: int
    comments: int
    kept: int  # comments judged genuine


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of the whole store. `size` is in bytes, on disk, with the journal."""

    addresses: int
    articles: int
    stories: int
    sources: tuple[SourceCounts, ...]  # those with the most articles first
    themes: dict[str, int]  # articles by primary theme, the most first; "": those without one
    comments: dict[str, int]  # by outcome
    rulings: dict[str, int]  # in force, by decision
    pages: dict[str, int]  # asked for, by outcome
    issues: dict[str, int]  # by state
    messages: dict[str, int]  # by state
    size: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What one month (UTC) added. `page_bytes`: as the sites sent them, before they are packed."""

    month: str  # 2026-11
    articles: int = 0
    comments: int = 0
    pages: int = 0
    page_bytes: int = 0


def stats(store: Store) -> Stats:
    with store.reading() as connection:

        def by(column: object, table: object, *where: object) -> dict[str, int]:
            query = select(column, func.count()).select_from(table).where(*where).group_by(column)  # type: ignore[call-overload]
            found = {str(name or ""): int(n) for name, n in connection.execute(query)}
            return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

        def count(table: object) -> int:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]

        living = select(func.count()).select_from(stories).where(stories.c.merged_into.is_(None))
        told = by(articles.c.source, articles)
        # In the order of the index of articles: grouped by the outcome as well, it takes twice the time.
        voices = (
            select(articles.c.source, func.count(), func.sum(case((comments.c.outcome == "genuine", 1), else_=0)))
            .join(articles, articles.c.key == comments.c.article)
            .group_by(articles.c.source)
        )
        heard = {str(name or ""): (int(n), int(kept or 0)) for name, n, kept in connection.execute(voices)}
        return Stats(
            addresses=count(addresses),
            articles=count(articles),
            stories=int(connection.execute(living).scalar_one()),
            sources=tuple(SourceCounts(name, n, *heard.get(name, (0, 0))) for name, n in told.items()),
            themes=by(articles.c.primary_theme, articles),
            comments=by(comments.c.outcome, comments),
            rulings=by(rulings.c.decision, rulings, rulings.c.undone_at.is_(None)),
            pages=by(pages.c.outcome, pages),
            issues=by(issues.c.state, issues),
            messages=by(outbox.c.state, outbox),
            size=_size(store),
        )


def growth(store: Store, months: int) -> tuple[Growth, ...]:
    """The latest months in which anything came in, oldest first."""
    found: dict[str, Growth] = {}
    with store.reading() as connection:

        def months_of(column: ColumnElement[datetime], *values: ColumnElement[int]) -> Iterator[tuple[str, list[int]]]:
            """Month by month, back from the newest row: an index is read as far as it is asked for, not for years."""
            end = None
            for _ in range(months):
                latest = connection.execute(select(func.max(column)).where(true() if end is None else column < end))
                if (newest := latest.scalar()) is None:
                    return
                start = newest.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
                within = column >= start, true() if end is None else column < end
                row = connection.execute(select(*values).where(*within)).one()
                yield f"{start:%Y-%m}", [int(n or 0) for n in row]
                end = start

        for month, (n,) in months_of(articles.c.first_seen, func.count()):
            found[month] = replace(found.get(month, Growth(month)), articles=n)
        for month, (n,) in months_of(comments.c.first_seen, func.count()):
            found[month] = replace(found.get(month, Growth(month)), comments=n)
        for month, (n, size) in months_of(pages.c.at, func.count(), func.sum(pages.c.size)):
            found[month] = replace(found.get(month, Growth(month)), pages=n, page_bytes=size)
    return tuple(found[month] for month in sorted(found)[-months:])


def _size(store: Store) -> int:
    if store.engine.dialect.name == "postgresql":
        with store.reading() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    files = (Path(f"{store.engine.url.database}{ending}") for ending in ("", "-wal", "-shm"))
    return sum(path.stat().st_size for path in files if path.exists())


def rows(store: Store) -> dict[str, int]:
    """Rows of every table."""
    with store.reading() as connection:
        query = {table.name: select(func.count()).select_from(table) for table in metadata.sorted_tables}
        return {name: int(connection.execute(one).scalar_one()) for name, one in query.items()}


def schema_at(address: str | Path) -> str | None:
    """The schema of a store as it lies there, without bringing it up to date; None where there is no store yet.

    Raises StoreError where it can't be asked.
    """
    if "://" not in str(address) and not Path(address).exists():
        return None
    engine = _engine(address)
    try:
        return schema(engine)
    finally:
        engine.dispose()
