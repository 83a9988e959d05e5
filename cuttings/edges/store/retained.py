"""What has had its time: asked before anything is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cuttings.edges.store.connect import Store
from cuttings.edges.store.people import NameDays, names_late, words_late
from cuttings.edges.store.tables import articles, comments, pages


def names_over(store: Store, *, now: datetime, keep: NameDays) -> int:
    with store.reading() as connection:
        query = select(func.count()).select_from(comments).where(names_late(now, keep))
        return int(connection.execute(query).scalar_one())


def words_over(store: Store, *, now: datetime, days: float | None) -> int:
    over = words_late(now, days)
    if over is None:
        return 0
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(comments).where(over)).scalar_one())


def texts_over(store: Store, *, now: datetime) -> int:
    with store.reading() as connection:
        query = select(func.count()).select_from(articles).where(articles.c.text_expires <= now)
        return int(connection.execute(query).scalar_one())


def pages_over(store: Store, *, now: datetime, days: float, licences: Mapping[str, int]) -> tuple[str, ...]:
    """Digests of raw pages that were last sent to us longer ago than `days`, or than their source's licence allows."""
    query = select(pages.c.sha256, pages.c.source, func.max(pages.c.at).label("last")).where(
        pages.c.sha256.is_not(None)
    )
    with store.reading() as connection:
        rows = connection.execute(query.group_by(pages.c.sha256, pages.c.source)).all()
    over: set[str] = set()
    kept: set[str] = set()
    for row in rows:
        term = timedelta(days=min(days, licences.get(row.source or "", days)))
        (over if row.last <= now - term else kept).add(row.sha256)
    return tuple(sorted(over - kept))


def page_digests(store: Store) -> frozenset[str]:
    with store.reading() as connection:
        return frozenset(connection.execute(select(pages.c.sha256).where(pages.c.sha256.is_not(None))).scalars())
