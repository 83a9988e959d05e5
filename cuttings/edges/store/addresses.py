"""Addresses: which are known, which are due, and what came of asking for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from cuttings.edges.store.connect import Store, add_new, chunks
from cuttings.edges.store.connect import add as insert
from cuttings.edges.store.tables import addresses, page_articles, pages
from cuttings.edges.store.values import clean, storable

PageState = Literal["read", "unchanged", "set aside", "failed"]
LONGEST = 2000  # characters of an address; longer ones are traps, and no index holds them


@dataclass(frozen=True, slots=True)
class Address:
    """A page we know of. `url` is canonical; `asked` is how the source wrote it, where that differs."""

    url: str
    source: str
    first_seen: datetime
    asked: str | None = None
    hint: str | None = None  # publication date as the feed or sitemap gives it, ISO 8601
    state: str = "new"  # new, read, set aside, failed
    last_visit: datetime | None = None
    next_visit: datetime | None = None  # None: never again
    failures: int = 0  # in a row
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None  # of the last body

    @property
    def to_fetch(self) -> str:
        return self.asked or self.url


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What came of asking for one page once. `reason` is needed where it was set aside or failed.

    `articles` are the keys of those that begin on it: none on a page that was read means that it continues one from
    another page, two mean that two share it. A document's first page may simply carry all of them.
    """

    url: str  # canonical
    outcome: PageState
    source: str | None = None
    reason: str | None = None  # one of few, for counting: "no article", "another language: cy", "HTTP 404"
    articles: tuple[str, ...] = ()
    status: int | None = None
    media_type: str | None = None
    sha256: str | None = None
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    next_visit: datetime | None = None  # None: never again

    def __post_init__(self) -> None:
        if self.outcome in ("set aside", "failed") and not self.reason:
            raise ValueError(f"{self.url} was {self.outcome} without a reason")


def known(store: Store, urls: Iterable[str]) -> frozenset[str]:
    """Those of the canonical addresses that are in the store."""
    found: set[str] = set()
    with store.reading() as connection:
        for part in chunks(map(storable, urls)):
            found.update(connection.execute(select(addresses.c.url).where(addresses.c.url.in_(part))).scalars())
    return frozenset(found)


def add(store: Store, found: Sequence[Address]) -> int:
    """Take in new addresses, due at once unless `next_visit` says when; how many were new.

    Known ones stay as they are, and so do those longer than LONGEST characters: out.
    """
    rows = [_row(replace(a, next_visit=a.next_visit or a.first_seen)) for a in found if len(a.url) <= LONGEST]
    with store.writing() as connection:
        return add_new(connection, addresses, rows)


def due(store: Store, *, now: datetime, source: str | None = None, most: int = 10_000) -> tuple[Address, ...]:
    """Addresses whose visit is due, longest overdue first."""
    query = select(addresses).where(addresses.c.next_visit <= now)
    if source is not None:
        query = query.where(addresses.c.source == source)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(addresses.c.next_visit, addresses.c.url).limit(most))
        return tuple(_address(row) for row in rows)


def find(store: Store, url: str) -> Address | None:
    with store.reading() as connection:
        row = connection.execute(select(addresses).where(addresses.c.url == storable(url))).first()
    return _address(row) if row else None


def record(store: Store, outcomes: Sequence[PageOutcome], *, now: datetime, run: int | None = None) -> None:
    """Record what came of pages that gave no reading (set aside, failed, unchanged), in one transaction.

    Pages that were read are recorded by `articles.save`, together with what they say: ValueError here.
    """
    if any(outcome.outcome == "read" for outcome in outcomes):
        raise ValueError("a page that was read is recorded by articles.save, with its articles")
    with store.writing() as connection:
        for outcome in outcomes:
            write_outcome(connection, outcome, now=now, run=run)


def write_outcome(connection: Connection, outcome: PageOutcome, *, now: datetime, run: int | None) -> None:
    outcome = clean(outcome)
    row = {
        "run": run,
        "url": outcome.url,
        "source": outcome.source,
        "at": now,
        "outcome": outcome.outcome,
        "reason": outcome.reason,
        "status": outcome.status,
        "media_type": outcome.media_type,
        "sha256": outcome.sha256,
        "size": outcome.size,
    }
    page = insert(connection, pages, row)
    begun = [{"page": page, "article": key} for key in dict.fromkeys(outcome.articles)]
    if begun:
        connection.execute(page_articles.insert(), begun)
    _visit(connection, outcome, now)


def _visit(connection: Connection, outcome: PageOutcome, now: datetime) -> None:
    here = addresses.c.url == outcome.url
    before = connection.execute(select(addresses).where(here)).first()
    if before is None:
        fresh = Address(url=outcome.url, source=outcome.source or "", first_seen=now)
        connection.execute(addresses.insert().values(_row(fresh)))
    values: dict[str, Any] = {"last_visit": now, "next_visit": outcome.next_visit}
    if outcome.outcome == "failed":
        # What was read once stays 'read': we still have it, though the site is down today.
        state = "failed" if before is None or before.state == "new" else before.state
        values |= {"state": state, "failures": (before.failures if before else 0) + 1}
    elif outcome.outcome == "unchanged":
        # The validators of the body we have stay, unless the site has sent newer ones.
        values |= {"failures": 0, **{n: v for n in _VALIDATORS if (v := getattr(outcome, n))}}
    else:
        values |= {"state": outcome.outcome, "failures": 0, **{n: getattr(outcome, n) for n in _VALIDATORS}}
    connection.execute(update(addresses).where(here).values(values))


_VALIDATORS = ("etag", "last_modified", "sha256")


def _row(address: Address) -> dict[str, Any]:
    return {name: getattr(address, name) for name in Address.__dataclass_fields__}


def _address(row: Row[Any]) -> Address:
    return Address(**row._mapping)
