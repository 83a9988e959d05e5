"""The index of duplicates is built anew: a third of the rows, in half the bytes each.

Bands are worked out as the program does today, whatever it does when this is run: an index that the program of that
day can't look anything up in would be of no use to it.

Revision ID: 0003
"""

import json
from array import array
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 2_000

comments = sa.table("comments", *(sa.column(c) for c in ("id", "text", "erased_at", "bands")))
comment_bands = sa.table("comment_bands", sa.column("band"), sa.column("comment"))
articles = sa.table("articles", *(sa.column(c) for c in ("key", "version", "exact", "bands")))
versions = sa.table("article_versions", *(sa.column(c) for c in ("article", "version", "data")))
article_bands = sa.table("article_bands", sa.column("band"), sa.column("article"))


def upgrade() -> None:
    connection = op.get_bind()
    _comments(connection)
    _articles(connection)


def downgrade() -> None:
    # The older program looks nothing up under these bands; `reread` builds its own.
    connection = op.get_bind()
    for table, owners in ((comment_bands, comments), (article_bands, articles)):
        connection.execute(sa.delete(table))
        connection.execute(sa.update(owners).values(bands=None))


def _comments(connection: sa.Connection) -> None:
    from cuttings.duplicates.signatures import bands_of
    from cuttings.duplicates.text import normalise

    connection.execute(sa.delete(comment_bands))
    connection.execute(sa.update(comments).where(comments.c.erased_at.is_not(None)).values(bands=None))
    query = sa.select(comments.c.id, comments.c.text).where(
        comments.c.erased_at.is_(None), comments.c.bands.is_not(None)
    )
    for rows in _in_batches(connection, query, comments.c.id):
        owner, band = bands_of([normalise(row.text) for row in rows], "comment")
        own: list[set[int]] = [set() for _ in rows]
        for at, value in zip(owner.tolist(), band.tolist(), strict=True):
            own[at].add(value)
        _write(connection, comments, comments.c.id, comment_bands, [(r.id, o) for r, o in zip(rows, own, strict=True)])


def _articles(connection: sa.Connection) -> None:
    from cuttings.duplicates import article_signature
    from cuttings.edges.store.values import from_json
    from cuttings.model import Article

    connection.execute(sa.delete(article_bands))
    current = (versions.c.article == articles.c.key) & (versions.c.version == articles.c.version)
    query = sa.select(articles.c.key, articles.c.exact, versions.c.data).join(versions, current)
    for rows in _in_batches(connection, query.where(articles.c.bands.is_not(None)), articles.c.key):
        own = []
        for row in rows:
            data = json.loads(row.data) if isinstance(row.data, str | bytes) else row.data
            sign = article_signature(from_json(Article, data))
            # Where the text is gone its exact hash stays, and so does what finds nothing.
            own.append((row.key, set(sign.bands) if str(sign.exact) == row.exact else set()))
        _write(connection, articles, articles.c.key, article_bands, own)


def _in_batches(connection: sa.Connection, query: Any, key: Any) -> Iterator[list[Any]]:
    last = None
    while True:
        part = query if last is None else query.where(key > last)
        rows = list(connection.execute(part.order_by(key).limit(BATCH)))
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _write(connection: sa.Connection, owners: Any, key: Any, table: Any, found: list[tuple[Any, set[int]]]) -> None:
    connection.execute(
        sa.update(owners).where(key == sa.bindparam("its_key")).values(bands=sa.bindparam("its_bands")),
        [{"its_key": owner, "its_bands": array("i", sorted(bands)).tobytes()} for owner, bands in found],
    )
    column = "comment" if table is comment_bands else "article"
    pairs = [{"band": band, column: owner} for owner, bands in found for band in sorted(bands)]
    if pairs:
        connection.execute(sa.insert(table), pairs)
