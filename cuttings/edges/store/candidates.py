"""The index of duplicates: what was read before and may be the same text. It proposes; `duplicates` decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, TextClause, delete, select, text

from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.tables import article_bands, article_versions, articles, comment_bands, comments
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


def like_comment(
    store: Store, exact: str | int, bands: Iterable[int], *, but: Iterable[str] = (), most: int = MOST
) -> tuple[LikeComment, ...]:
    """Comments with the same exact hash or a band in common, eldest first, without those with the keys `but`.

    Erased comments have no text to compare and are left out.
    """
    left_out = set(but)
    with store.reading() as connection:
        numbers = _sharing(connection, comment_bands, "comment", bands)
        # Most of what comes has nothing like it, and ends here.
        given = {"exact": str(exact), "most": most + len(left_out)}
        numbers.update(connection.execute(_SAME, given).scalars())
        if not numbers:
            return ()
        wanted = sorted(numbers)[: most + len(left_out)]
        query = select(comments).where(comments.c.id.in_(wanted), comments.c.erased_at.is_(None))
        rows = connection.execute(query.order_by(comments.c.id)).all()
    like = (LikeComment(judged_comment(r), r.exact, r.author_hash, r.first_seen) for r in rows)
    return tuple(c for c in like if c.judged.comment.key not in left_out)[:most]


# As text and kept, as those below: this is asked for every comment, and building it takes longer than answering it.
_SAME = text("SELECT id FROM comments WHERE exact = :exact ORDER BY id LIMIT :most")


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
