"""Who and what is kept out: forgotten people, withdrawn articles and sources."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from cuttings.edges.store.connect import Store, add_new, chunks
from cuttings.edges.store.tables import suppressions
from cuttings.model import Article, plain

Withdrawn = frozenset[str]  # Article.key


@dataclass(frozen=True, slots=True)
class Suppression:
    kind: str  # person, article, source
    value: str  # pseudonym of the name; Article.key; source id
    scope: str  # a source id, or "" for everywhere
    at: datetime
    by: str
    reason: str | None = None


def pseudonym(name: str, key: bytes) -> str:
    """A name as a keyed hash: equal for equal names however they are spaced or cased, worthless without the key."""
    return hmac.new(key, plain(name).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def suppress(store: Store, suppression: Suppression) -> bool:
    """Keep a person, an article or a source out from now on; False where it was so already."""
    row = {name: getattr(suppression, name) for name in Suppression.__dataclass_fields__}
    with store.writing() as connection:
        return add_new(connection, suppressions, [row]) == 1


def every(store: Store, kind: str | None = None) -> tuple[Suppression, ...]:
    query = select(suppressions).order_by(suppressions.c.id)
    if kind is not None:
        query = query.where(suppressions.c.kind == kind)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(Suppression(r.kind, r.value, r.scope, r.at, r.by, r.reason) for r in rows)


def suppressed_articles(store: Store, found: Sequence[Article]) -> Withdrawn:
    """Keys of those articles that their publisher withdrew, one by one or with their whole source."""
    with store.reading() as connection:
        return withdrawn(connection, found)


def withdrawn(connection: Connection, found: Sequence[Article]) -> Withdrawn:
    keys = _among(connection, "article", [a.key for a in found])
    sources = _among(connection, "source", [a.source for a in found if a.source])
    return frozenset(a.key for a in found if a.key in keys or a.source in sources)


def forgotten(connection: Connection, hashes: Iterable[str], source: str | None) -> frozenset[str]:
    """Those of the name hashes that are suppressed everywhere or at this source."""
    return _among(connection, "person", hashes, ("", source or ""))


def _among(connection: Connection, kind: str, values: Iterable[str], scopes: tuple[str, ...] = ("",)) -> frozenset[str]:
    found: set[str] = set()
    for part in chunks(values):
        query = select(suppressions.c.value).where(
            suppressions.c.kind == kind, suppressions.c.value.in_(part), suppressions.c.scope.in_(scopes)
        )
        found.update(connection.execute(query).scalars())
    return frozenset(found)
