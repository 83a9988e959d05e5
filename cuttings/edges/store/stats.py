"""How much there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from cuttings.edges.store.connect import Store
from cuttings.edges.store.tables import addresses, articles, comments, issues, metadata, outbox, stories


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of the whole store. `size` is in bytes, on disk, with the journal."""

    addresses: int
    articles: int
    stories: int
    comments: dict[str, int]  # by outcome
    issues: dict[str, int]  # by state
    messages: dict[str, int]  # by state
    size: int


def stats(store: Store) -> Stats:
    with store.reading() as connection:

        def by(column: object, table: object) -> dict[str, int]:
            query = select(column, func.count()).select_from(table).group_by(column)  # type: ignore[call-overload]
            return {str(name): int(n) for name, n in connection.execute(query)}

        def count(table: object) -> int:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]

        living = select(func.count()).select_from(stories).where(stories.c.merged_into.is_(None))
        return Stats(
            addresses=count(addresses),
            articles=count(articles),
            stories=int(connection.execute(living).scalar_one()),
            comments=by(comments.c.outcome, comments),
            issues=by(issues.c.state, issues),
            messages=by(outbox.c.state, outbox),
            size=_size(store),
        )


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
