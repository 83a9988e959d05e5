"""The index of duplicates: what was read before and may be the same text. It proposes; `duplicates` decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, TextClause, delete, select, text

from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.tables import article_bands, article_versions, articles, comments
from cuttings.edges.store.thread import judged_comment
from cuttings.edges.store.values import from_json
from cuttings.model import Article, JudgedComment

# Boiler-plate shares its bands with thousands; the eldest few say all that there is to say.
MOST = 50


@dataclass(frozen=True, slots=True)
class LikeArticle:
    article: Article
    story: str  # the key it lives under today
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class LikeComment:
    judged: JudgedComment
    exact: str | None
    author_hash: str | None
    first_seen: datetime


def like_article(
    store: Store, exact: str | int, bands: Iterable[int], *, but: str | None = None, most: int = MOST
) -> tuple[LikeArticle, ...]:
    """Articles with the same exact hash or a band in common, eldest first, without the one with the key `but`."""
    current = (article_versions.c.article == articles.c.key) & (article_versions.c.version == articles.c.version)
    query = select(articles.c.story, articles.c.first_seen, article_versions.c.data).join(article_versions, current)
    with store.reading() as connection:
        keys = _sharing(connection, article_bands, "article", bands)
        keys.update(connection.execute(select(articles.c.key).where(articles.c.exact == str(exact))).scalars())
        keys.discard(but)
        found: list[Row[Any]] = []
        for part in chunks(keys):
            found += connection.execute(query.where(articles.c.key.in_(part), articles.c.withdrawn_at.is_(None))).all()
    found.sort(key=lambda row: (row.first_seen, row.data["key"]))
    return tuple(LikeArticle(from_json(Article, row.data), row.story, row.first_seen) for row in found[:most])


def like_comments(
    store: Store, asked: Sequence[tuple[str | int, Iterable[int]]], *, most: int = MOST
) -> list[tuple[LikeComment, ...]]:
    """For each comment, given as (exact hash, bands), those with the same hash or a band in common, eldest first.

    Erased comments have no text to compare and are left out. All at once: asked one by one, getting ready to ask takes
    longer than the answer.
    """
    found: list[tuple[LikeComment, ...]] = []
    with store.reading() as connection:
        for start in range(0, len(asked), TOGETHER):
            found += _like(connection, asked[start : start + TOGETHER], most)
    return found


def _like(
    connection: Connection, asked: Sequence[tuple[str | int, Iterable[int]]], most: int
) -> list[tuple[LikeComment, ...]]:
    # A thread says some things twice, and each is looked up once.
    wanted = [(str(exact), tuple(bands)) for exact, bands in asked]
    under = _each(connection, "comment", "comment_bands", "band", {band for _, bands in wanted for band in bands})
    same = _each(connection, "id", "comments", "exact", {exact for exact, _ in wanted}, most)
    numbers = [
        sorted({n for band in bands for n in under.get(band, ())} | set(same.get(exact, ())))[:most]
        for exact, bands in wanted
    ]
    known: dict[int, LikeComment] = {}
    # Most of what comes has nothing like it, and ends here.
    for part in chunks({n for own in numbers for n in own}):
        query = select(comments).where(comments.c.id.in_(part), comments.c.erased_at.is_(None))
        for r in connection.execute(query):
            known[r.id] = LikeComment(judged_comment(r), r.exact, r.author_hash, r.first_seen)
    return [tuple(known[n] for n in own if n in known) for own in numbers]


TOGETHER = 50  # comments looked up at a time, so that what is alike fits into memory in a thread of thousands
_PLACES = (16, 64)


def _each(
    connection: Connection, owner: str, table: str, column: str, values: Iterable[Any], most: int = MOST
) -> dict[Any, list[int]]:
    """The first owners under each value. The statement has one of two lengths, so that it is made ready once."""
    found: dict[Any, list[int]] = {}
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    for part in chunks(values, _PLACES[-1]):
        places = next(n for n in _PLACES if n >= len(part))
        padded = (*part, *[part[-1]] * (places - len(part)))
        for value, number in connection.exec_driver_sql(
            _under(owner, table, column, places, mark, most), padded
        ).fetchall():
            found.setdefault(value, []).append(number)
    return found


@cache
def _under(owner: str, table: str, column: str, places: int, mark: str, most: int) -> str:
    """Each value has its own limit: one that is in half the archive must not crowd out the rest."""
    one = (
        f"SELECT {column}, {owner} FROM (SELECT {column}, {owner} FROM {table} "
        f"WHERE {column} = {mark} ORDER BY {owner} LIMIT {most}) AS s%d"
    )
    return " UNION ".join(one.replace("%d", str(n)) for n in range(places))


def _sharing(connection: Connection, table: Table, owner: str, bands: Iterable[int]) -> set[Any]:
    shared: set[Any] = set()
    for part in chunks(bands, 60):
        given = {f"band{n}": band for n, band in enumerate(part)}
        shared.update(connection.execute(_in_bands(table.name, owner, len(part)), given).scalars())
    return shared


@cache
def _in_bands(table: str, owner: str, bands: int) -> TextClause:
    """Owners under so many bands. Each has its own limit: one that is in half the archive must not crowd out the rest.

    As text and kept: building it takes five times as long as answering it.
    """
    one = f"SELECT {owner} FROM (SELECT {owner} FROM {table} WHERE band = :band%d ORDER BY {owner} LIMIT {MOST}) AS s%d"
    return text(" UNION ".join(one % (n, n) for n in range(bands)))


def drop(connection: Connection, table: Table, owner: str, rows: Iterable[Sequence[Any]]) -> None:
    """Take things out of an index of bands; `rows` are (owner, its bands)."""
    for key, bands in rows:
        for part in chunks(bands or ()):
            connection.execute(delete(table).where(table.c.band.in_(part), table.c[owner] == key))
