"""Who and what is kept out: forgotten people, withdrawn articles and sources."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from cuttings.edges.store.connect import Store, add_new, chunks
from cuttings.edges.store.tables import suppressions
from cuttings.model import Article, Comment, plain
from cuttings.redacted import erased_key

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
    """A name as a keyed hash: equal for equal names however they are written (`folded_name`), worthless without the
    key."""
    return hmac.new(key, folded_name(name).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


_PLAINLY = str.maketrans("‘’ʼ`‐‑–øłđ", "''''---old")


def folded_name(name: str) -> str:
    """A name for comparing: 'JOSÉ  O’Brien' is 'jose o'brien'. Marks stay where they are letters, as in Hindi."""
    kept, latin = [], False
    for character in unicodedata.normalize("NFKD", plain(name).translate(_PLAINLY)):
        if unicodedata.combining(character) and latin:
            continue
        latin = "LATIN" in unicodedata.name(character, "")
        kept.append(character)
    return unicodedata.normalize("NFKC", "".join(kept))


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


def withdrawn(connection: Connection, found: Sequence[Article]) -> Withdrawn:
    """Keys of those articles that their publisher withdrew, one by one or with their whole source."""
    keys = _among(connection, "article", [a.key for a in found])
    sources = _among(connection, "source", [a.source for a in found if a.source])
    return frozenset(a.key for a in found if a.key in keys or a.source in sources)


def forgotten(connection: Connection, hashes: Iterable[str], source: str | None) -> frozenset[str]:
    """Those of the name hashes that are suppressed everywhere or at this source."""
    return _among(connection, "person", hashes, ("", source or ""))


def places(given: Sequence[Comment], rows: Mapping[str, Row[Any]]) -> tuple[list[Comment], frozenset[str]]:
    """What was read without the marks that a redacted page has where somebody's words were; keys of those rows."""
    kept, held = [], set()
    for comment in given:
        marked = erased_key(comment.text)
        row = rows.get(marked) if marked else None
        if marked and row is None:  # a better reader may have given the comment another key since
            row = next((r for r in rows.values() if r.erased_at is not None and r.posted == comment.posted), None)
        # Anybody can write '[erased …]' below an article: without an erased comment to match it is theirs.
        if row is not None and row.erased_at is not None and row.article == comment.article:
            held.add(row.key)
        else:
            kept.append(comment)
    return kept, frozenset(held)


def _among(connection: Connection, kind: str, values: Iterable[str], scopes: tuple[str, ...] = ("",)) -> frozenset[str]:
    found: set[str] = set()
    for part in chunks(values):
        query = select(suppressions.c.value).where(
            suppressions.c.kind == kind, suppressions.c.value.in_(part), suppressions.c.scope.in_(scopes)
        )
        found.update(connection.execute(query).scalars())
    return frozenset(found)
