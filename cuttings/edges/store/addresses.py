"""Addresses: which are known, which are due, and what came of asking for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update

from cuttings.edges.store.connect import Store, add_new, chunks
from cuttings.edges.store.connect import add as insert
from cuttings.edges.store.tables import addresses, articles, comments, page_articles, pages, redactions
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
    final_url: str | None = None  # where its redirects ended

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


def visit_sooner(store: Store, changed: Mapping[str, datetime], *, now: datetime) -> int:
    """Make addresses due that were read before their site last changed them; how many that were.

    changed: canonical addresses with the moment the site names. Those whose visits fail keep their patience.
    """
    late: list[str] = []
    with store.reading() as connection:
        for part in chunks(map(storable, changed)):
            query = select(addresses.c.url, addresses.c.last_visit).where(
                addresses.c.url.in_(part), addresses.c.state == "read", addresses.c.failures == 0
            )
            due_later = addresses.c.next_visit.is_(None) | (addresses.c.next_visit > now)
            rows = connection.execute(query.where(due_later, addresses.c.last_visit.is_not(None)))
            late += [row.url for row in rows if row.last_visit < changed[row.url]]
    if late:
        with store.writing() as connection:
            for part in chunks(late):
                connection.execute(update(addresses).where(addresses.c.url.in_(part)).values(next_visit=now))
    return len(late)


def find(store: Store, url: str) -> Address | None:
    with store.reading() as connection:
        row = connection.execute(select(addresses).where(addresses.c.url == storable(url))).first()
    return _address(row) if row else None


def record(
    store: Store, outcomes: Sequence[PageOutcome], *, now: datetime, run: int | None = None, together: bool = False
) -> None:
    """Record what came of pages that gave no reading (set aside, failed, unchanged), in one transaction.

    `together`: they are the pages of one document, in order. Pages that were read are recorded by `articles.save`,
    together with what they say: ValueError here.
    """
    if any(outcome.outcome == "read" for outcome in outcomes):
        raise ValueError("a page that was read is recorded by articles.save, with its articles")
    if not outcomes:
        return
    with store.writing() as connection:
        if together:
            write_document(connection, outcomes, now=now, run=run)
        else:
            for outcome in outcomes:
                _write_outcome(connection, outcome, now, run)


def write_document(connection: Connection, outcomes: Sequence[PageOutcome], *, now: datetime, run: int | None) -> None:
    """Record the pages of one document, in order, so that they can be read together again."""
    first: int | None = None
    for outcome in outcomes:
        number = _write_outcome(connection, outcome, now, run, first)
        if first is None and len(outcomes) > 1:
            first = number
            connection.execute(update(pages).where(pages.c.id == number).values(document=number))


def _write_outcome(
    connection: Connection, outcome: PageOutcome, now: datetime, run: int | None, document: int | None = None
) -> int:
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
        "document": document,
        "final_url": outcome.final_url,
    }
    page = insert(connection, pages, row)
    begun = [{"page": page, "article": key} for key in dict.fromkeys(outcome.articles)]
    if begun:
        connection.execute(page_articles.insert(), begun)
    _visit(connection, outcome, now)
    return page


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
        # A login page in its place does not undo that an article was read there.
        state = "read" if before is not None and before.state == "read" else outcome.outcome
        values |= {"state": state, "failures": 0, **{n: getattr(outcome, n) for n in _VALIDATORS}}
    connection.execute(update(addresses).where(here).values(values))


_VALIDATORS = ("etag", "last_modified", "sha256")


def _row(address: Address) -> dict[str, Any]:
    return {name: getattr(address, name) for name in Address.__dataclass_fields__}


def _address(row: Row[Any]) -> Address:
    return Address(**row._mapping)


# ---------------------------------------------------------------- documents: pages that were read together


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was asked for once, with the digest of its body in the archive."""

    number: int
    url: str  # canonical
    source: str | None
    at: datetime
    outcome: str
    sha256: str
    media_type: str
    status: int
    final_url: str  # where it was read from

    @property
    def was_read(self) -> bool:
        return self.outcome == "read"


def last_document(store: Store, url: str) -> tuple[KeptPage, ...]:
    """The pages that were last read together with this one as the first of them; none where it never was."""
    with store.reading() as connection:
        query = select(func.max(pages.c.id)).where(pages.c.url == storable(url), pages.c.outcome == "read", _FIRST)
        number = connection.execute(query).scalar()
        return _pages_of(connection, number) if number is not None else ()


def last_page(store: Store, url: str) -> KeptPage | None:
    """The page as it was last asked for with a body, whatever became of it."""
    with store.reading() as connection:
        number = connection.execute(select(func.max(pages.c.id)).where(pages.c.url == storable(url), _KEPT)).scalar()
        return next((p for p in _pages_of(connection, number) if p.number == number), None) if number else None


def stirred(store: Store, url: str) -> tuple[str | None, str | None]:
    """When the article that was last read at an address was published, and when the last comment below it was posted;
    ISO dates, None where that is not known."""
    last = select(func.max(pages.c.id)).where(pages.c.url == storable(url), pages.c.outcome == "read").scalar_subquery()
    keys = select(page_articles.c.article).where(page_articles.c.page == last)
    with store.reading() as connection:
        published = connection.execute(select(func.max(articles.c.published_at)).where(articles.c.key.in_(keys)))
        posted = connection.execute(select(func.max(comments.c.posted)).where(comments.c.article.in_(keys)))
        moment = published.scalar()
        return moment.isoformat() if moment else None, posted.scalar()


def kept_as(store: Store, sha256: str) -> str | None:
    """The digest of the redacted page that stands in the archive for a body which may not be kept."""
    with store.reading() as connection:
        return connection.execute(select(redactions.c.redacted).where(redactions.c.original == sha256)).scalar()


def documents(store: Store, *, source: str | None = None, since: datetime | None = None) -> tuple[int, ...]:
    """Numbers of the first pages of all documents whose bodies were kept, each at its newest state, oldest first."""
    query = select(func.max(pages.c.id)).where(_KEPT, _FIRST).group_by(pages.c.url)
    if source is not None:
        query = query.where(pages.c.source == source)
    if since is not None:
        query = query.having(func.max(pages.c.at) >= since)
    # A page that went on with another document when it was last asked for was no first page then.
    with store.reading() as connection:
        return tuple(sorted(connection.execute(query).scalars()))


def is_whole(store: Store, number: int) -> bool:
    """Whether every page of this document came when it was asked for."""
    query = select(pages.c.id).where(pages.c.document == number, pages.c.outcome == "failed").limit(1)
    with store.reading() as connection:
        return connection.execute(query).first() is None


def document(store: Store, number: int) -> tuple[KeptPage, ...]:
    """The pages of the document whose first page has this number."""
    with store.reading() as connection:
        return _pages_of(connection, number)


# Pages with a body, and those that were read alone or as the first of their document.
_KEPT = pages.c.sha256.is_not(None) & pages.c.outcome.in_(("read", "set aside", "failed"))
_FIRST = pages.c.document.is_(None) | (pages.c.document == pages.c.id)


def _pages_of(connection: Connection, number: int) -> tuple[KeptPage, ...]:
    query = (
        select(pages, addresses.c.asked, redactions.c.redacted)
        .outerjoin(addresses, addresses.c.url == pages.c.url)
        .outerjoin(redactions, redactions.c.original == pages.c.sha256)
        .where((pages.c.id == number) | (pages.c.document == number), _KEPT)
        .order_by(pages.c.id)
    )
    return tuple(
        KeptPage(
            number=row.id,
            url=row.url,
            source=row.source,
            at=row.at,
            outcome=row.outcome,
            sha256=row.redacted or row.sha256,
            media_type=row.media_type or "text/html",
            status=row.status or 200,
            final_url=row.final_url or row.asked or row.url,
        )
        for row in connection.execute(query)
    )
