"""What has had its time: asked before anything is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cuttings.edges.store.connect import Store, chunks
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


@dataclass(frozen=True, slots=True)
class Over:
    """Digests of raw pages: `pages` have had their time, `unknown` are on no record."""

    pages: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def pages_over(
    store: Store, digests: Iterable[str], *, now: datetime, days: float, licences: Mapping[str, int]
) -> Over:
    """Which of these raw pages were last sent to us longer ago than `days`, or than their source's licence allows.

    Asked of what the archive still holds, a few months of pages: the record of visits goes back to the first day.
    """
    over: list[str] = []
    unknown: list[str] = []
    with store.reading() as connection:
        for part in chunks(digests):
            last = select(pages.c.sha256, pages.c.source, func.max(pages.c.at).label("last"))
            query = last.where(pages.c.sha256.in_(part)).group_by(pages.c.sha256, pages.c.source)
            waits: dict[str, bool] = {}
            for row in connection.execute(query):
                term = timedelta(days=min(days, licences.get(row.source or "", days)))
                waits[row.sha256] = row.last > now - term or waits.get(row.sha256, False)
            over += [digest for digest in part if waits.get(digest) is False]
            unknown += [digest for digest in part if digest not in waits]
    return Over(tuple(over), tuple(unknown))
