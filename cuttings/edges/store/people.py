"""Readers' names and words: how long they are kept, and how they are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from cuttings.edges.store import candidates, suppressed, thread
from cuttings.edges.store.connect import Store, StoreError, chunks
from cuttings.edges.store.suppressed import Suppression, pseudonym
from cuttings.edges.store.tables import (
    article_bands,
    article_versions,
    articles,
    comment_bands,
    comments,
    labels,
    page_articles,
    pages,
    set_aside,
    verdicts,
)
from cuttings.edges.store.values import from_json
from cuttings.model import Article, JudgedComment


@dataclass(frozen=True, slots=True)
class Voice:
    """A stored comment of a person, with where it stood."""

    judged: JudgedComment
    source: str | None
    url: str | None  # of the article
    first_seen: datetime
    erased: bool


def expire_names(store: Store, *, now: datetime) -> int:
    """Drop the names whose time is over (the keyed hash stays); how many comments lost theirs."""
    over = comments.c.names_expire <= now
    with store.reading() as connection:
        if not connection.execute(select(comments.c.id).where(over).limit(1)).first():
            return 0
    with store.writing() as connection:
        nameless = {"author": None, "author_url": None, "names_expire": None}
        return connection.execute(update(comments).where(over).values(nameless)).rowcount


def expire_text(store: Store, *, now: datetime) -> tuple[str, ...]:
    """Drop the text of articles whose licence ends our keeping of it; their keys. Title, link and counts stay."""
    over = articles.c.text_expires <= now
    with store.reading() as connection:
        keys = tuple(sorted(connection.execute(select(articles.c.key).where(over)).scalars()))
    if keys:
        with store.writing() as connection:
            for key in keys:
                _without_text(connection, key)
                connection.execute(
                    update(articles).where(articles.c.key == key).values(text_expires=None, text_gone_at=now)
                )
    return keys


def voices_of(store: Store, name: str, *, source: str | None = None) -> tuple[Voice, ...]:
    """All comments under a name, for an access request or before it is forgotten; found by its hash, in any case.

    Raises StoreError without a hash key: names that have expired can't be found then.
    """
    with store.reading() as connection:
        rows = _rows_of(connection, _hash(store, name), source)
    return tuple(
        Voice(thread.judged_comment(row), row.source, row.url, row.first_seen, row.erased_at is not None)
        for row in rows
    )


def forget(
    store: Store, name: str, *, by: str, now: datetime, source: str | None = None, reason: str | None = None
) -> tuple[str, ...]:
    """Erase a person's words, name and index entries, and keep them out on later reads; keys of their comments.

    The rows stay, empty, with their outcome: counts printed before remain true. Replies of others stay.
    """
    hashed = _hash(store, name)
    suppressed.suppress(store, Suppression("person", hashed, source or "", now, by, reason))
    with store.writing() as connection:
        rows = _rows_of(connection, hashed, source)
        for row in rows:
            erase(connection, row, now)
    return tuple(row.key for row in rows)


def forget_comments(store: Store, keys: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    """Erase single comments by key; those that were there. They stay erased when their page is read again."""
    erased = []
    with store.writing() as connection:
        for part in chunks(keys):
            for row in connection.execute(select(comments).where(comments.c.key.in_(part))).all():
                erase(connection, row, now)
                erased.append(row.key)
    return tuple(erased)


def erase(connection: Connection, row: Row[Any], now: datetime) -> None:
    candidates.drop(connection, comment_bands, "comment", [(row.id, row.bands)])
    nothing = thread.erased(now, thread.verdict_of(row))
    connection.execute(update(comments).where(comments.c.id == row.id).values(nothing))
    # The reasons of old verdicts may quote the words, the labels' evidence holds phrases of them.
    connection.execute(update(verdicts).where(verdicts.c.comment == row.id).values(because=()))
    connection.execute(delete(labels).where(labels.c.subject == f"comment:{row.key}"))


def _hash(store: Store, name: str) -> str:
    if store.hash_key is None:
        raise StoreError("Names can't be looked up without the hash key that 'init' makes.")
    return pseudonym(name, store.hash_key)


def _rows_of(connection: Connection, hashed: str, source: str | None) -> Sequence[Row[Any]]:
    query = (
        select(comments, articles.c.source, articles.c.url)
        .join(articles, articles.c.key == comments.c.article)
        .where(comments.c.author_hash == hashed)
    )
    if source is not None:
        query = query.where(articles.c.source == source)
    return connection.execute(query.order_by(comments.c.id)).all()


# ---------------------------------------------------------------- publishers


def withdraw_article(store: Store, key: str, *, by: str, now: datetime, reason: str | None = None) -> bool:
    """Take an article and the comments below it out for good, at its publisher's wish; False where it is unknown.

    Their words go, the rows stay; later reads don't bring it back.
    """
    suppressed.suppress(store, Suppression("article", key, "", now, by, reason))
    with store.writing() as connection:
        if connection.execute(select(articles.c.key).where(articles.c.key == key)).first() is None:
            return False
        _withdraw(connection, key, now)
        return True


def withdraw_source(store: Store, source: str, *, by: str, now: datetime, reason: str | None = None) -> tuple[str, ...]:
    """The same for everything from a source; the keys of its articles."""
    suppressed.suppress(store, Suppression("source", source, "", now, by, reason))
    with store.writing() as connection:
        keys = tuple(connection.execute(select(articles.c.key).where(articles.c.source == source)).scalars())
        for key in keys:
            _withdraw(connection, key, now)
    return keys


def _withdraw(connection: Connection, key: str, now: datetime) -> None:
    _without_text(connection, key)
    connection.execute(update(articles).where(articles.c.key == key).values(withdrawn_at=now, title=None))
    for row in connection.execute(select(comments).where(comments.c.article == key)).all():
        erase(connection, row, now)


def _without_text(connection: Connection, key: str) -> None:
    here = articles.c.key == key
    rows = connection.execute(select(articles.c.key, articles.c.bands).where(here)).all()
    candidates.drop(connection, article_bands, "article", [tuple(row) for row in rows])
    connection.execute(update(articles).where(here).values(exact=None, bands=None))
    for version in connection.execute(select(article_versions).where(article_versions.c.article == key)).all():
        old = from_json(Article, version.data)
        bare = Article(
            key=old.key,
            url=old.url,
            source=old.source,
            title=old.title,
            authors=old.authors,
            kind=old.kind,
            language=old.language,
            published=old.published,
            precision=old.precision,
            publication=old.publication,
        )
        place = (article_versions.c.article == key) & (article_versions.c.version == version.version)
        connection.execute(update(article_versions).where(place).values(data=bare))
    connection.execute(delete(labels).where(labels.c.subject == f"article:{key}"))
    connection.execute(delete(set_aside).where(set_aside.c.article == key))


def raw_pages(store: Store, article: str) -> tuple[str, ...]:
    """Digests in the archive of the pages that an article was read from, for erasing or rereading them."""
    query = select(pages.c.sha256).join(page_articles, page_articles.c.page == pages.c.id)
    with store.reading() as connection:
        found = connection.execute(query.where(page_articles.c.article == article, pages.c.sha256.is_not(None)))
        return tuple(dict.fromkeys(found.scalars()))
