"""Readers' names and words: how long they are kept, and how they are erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, delete, literal, or_, select, true, tuple_, update

from cuttings.edges.store import candidates, erased, suppressed, thread
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
    rulings,
    set_aside,
    verdicts,
)
from cuttings.edges.store.values import from_json
from cuttings.model import Article, Comment, JudgedComment

BATCH = 500  # rows that end in one transaction: who else would write waits for it
NEVER = datetime(1, 1, 1, tzinfo=UTC)  # before every moment that is stored


@dataclass(frozen=True, slots=True)
class Voice:
    """A stored comment of a person, with where it stood."""

    judged: JudgedComment
    source: str | None
    url: str | None  # of the article
    first_seen: datetime
    erased: bool
    names_expire: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameDays:
    """For how many days a name is kept: of a reader, of what is quarantined as spam, of what no editor has ruled on."""

    genuine: float = 90
    quarantined: float = 30
    unruled: float = 30


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure reached in the store; files are still to be done (`erased.unsettled`)."""

    comments: tuple[str, ...] = ()  # keys
    articles: tuple[str, ...] = ()  # that they stood below
    issues: tuple[str, ...] = ()  # that had printed their words
    asides: int = 0
    texts: tuple[str, ...] = field(default=(), repr=False)  # for looking whether anything is left; kept nowhere
    names: tuple[str, ...] = field(default=(), repr=False)


def expire_names(store: Store, *, now: datetime, keep: NameDays | None = None) -> int:
    """Drop the names whose time is over (the keyed hash stays); how many comments lost theirs.

    The time is that set at intake, or `keep` from the day a comment was first seen, whichever is over first: a verdict
    or a setting that changed since then counts.
    """
    over = names_late(now, keep)
    nameless = {"author": None, "author_url": None, "names_expire": None}

    def end(connection: Connection, rows: Sequence[Row[Any]]) -> None:
        here = comments.c.id.in_([row.id for row in rows])
        connection.execute(update(comments).where(here).values(nameless))

    return _in_batches(store, (comments.c.names_expire,), over, end)


def names_late(now: datetime, keep: NameDays | None) -> ColumnElement[bool]:
    over = comments.c.names_expire <= now
    if keep is None:
        return over
    days = (("genuine", keep.genuine), ("spam", keep.quarantined), ("review", keep.unruled))
    late = [
        (comments.c.first_seen <= now - timedelta(days=n)) & (comments.c.outcome == o if o != "genuine" else true())
        for o, n in days
    ]
    # Who is named has a term. A range of the index of terms: of five years' comments it holds the last three months'.
    return and_(comments.c.names_expire > NEVER, or_(over, *late))


def expire_text(store: Store, *, now: datetime) -> tuple[str, ...]:
    """Drop the text of articles whose licence ends our keeping of it; their keys. Title, link and counts stay."""
    keys: list[str] = []

    def end(connection: Connection, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            _without_text(connection, row.key)
            gone = {"text_expires": None, "text_gone_at": now}
            connection.execute(update(articles).where(articles.c.key == row.key).values(gone))
            keys.append(row.key)

    _in_batches(store, (articles.c.text_expires,), articles.c.text_expires <= now, end)
    return tuple(sorted(keys))


def expire_words(store: Store, *, now: datetime, days: float | None) -> int:
    """Drop the words and names of comments first seen longer ago than that; how many. None: they have no term.

    Nothing is left by which they could be found again: neither by a later copy nor by an access request.
    """
    if (over := words_late(now, days)) is None:
        return 0

    def end(connection: Connection, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            erase(connection, row, now)

    # By outcome too, as their index has it: of each outcome of one moment, the erased ones stand behind the others.
    return _in_batches(store, (comments.c.first_seen, comments.c.outcome), over, end)


def _in_batches(
    store: Store,
    order: Sequence[Column[Any]],
    over: ColumnElement[bool],
    end: Callable[[Connection, Sequence[Row[Any]]], None],
) -> int:
    """Let `end` take from the rows what has had its time, a batch in a transaction of its own; how many rows.

    `order`: columns in which an index has the rows. Each batch begins where the last one ended: from the beginning
    again, it would walk past all that was ended before, more each time. Nothing of the same moment is passed over, as
    `end` must make `over` false of what it was given; so a run that was stopped in the middle is simply begun again.
    """
    query = select(order[0].table).where(over).order_by(*order).limit(BATCH)
    with store.reading() as connection:  # nothing is, most times, and nobody need wait for that
        if connection.execute(query.with_only_columns(order[0]).limit(1)).first() is None:
            return 0
    done = 0
    beyond: ColumnElement[bool] = true()
    while True:
        with store.writing() as connection:
            rows = connection.execute(query.where(beyond)).all()
            if not rows:
                return done
            end(connection, rows)
        done += len(rows)
        last = [literal(getattr(rows[-1], column.name), column.type) for column in order]
        beyond = tuple_(*order) >= tuple_(*last)


def words_late(now: datetime, days: float | None) -> ColumnElement[bool] | None:
    if days is None:
        return None
    return and_(comments.c.first_seen <= now - timedelta(days=days), comments.c.erased_at.is_(None))


def voices_of(store: Store, name: str, *, source: str | None = None) -> tuple[Voice, ...]:
    """All comments under a name, for an access request or before it is forgotten; found by its hash, in any case.

    Raises StoreError without a hash key: names that have expired can't be found then.
    """
    with store.reading() as connection:
        rows = _rows_of(connection, name_hash(store, name), source)
    return tuple(
        Voice(
            thread.judged_comment(row), row.source, row.url, row.first_seen, row.erased_at is not None, row.names_expire
        )
        for row in rows
    )


def forget(
    store: Store, name: str, *, by: str, now: datetime, source: str | None = None, reason: str | None = None
) -> Erased:
    """Erase a person's words, name and index entries, and keep them out on later reads.

    The rows stay, empty, with their outcome: counts printed before remain true. Replies of others stay.
    """
    return forget_hash(store, name_hash(store, name), by=by, now=now, source=source, reason=reason, names=(name,))


def forget_hash(
    store: Store,
    hashed: str,
    *,
    by: str,
    now: datetime,
    source: str | None = None,
    reason: str | None = None,
    names: Sequence[str] = (),
) -> Erased:
    """`forget`, by the keyed hash alone: what a restored backup needs, in which nobody may be named."""
    suppressed.suppress(store, Suppression("person", hashed, source or "", now, by, reason))
    with store.writing() as connection:
        return _erase_all(connection, _rows_of(connection, hashed, source), by, now, names, source)


def forget_comments(store: Store, keys: Sequence[str], *, by: str, now: datetime) -> Erased:
    """Erase single comments by key. They stay erased when their page is read again."""
    with store.writing() as connection:
        rows: list[Row[Any]] = []
        for part in chunks(keys):
            rows += connection.execute(select(comments).where(comments.c.key.in_(part))).all()
        return _erase_all(connection, rows, by, now, (), None)


def _erase_all(
    connection: Connection, rows: Sequence[Row[Any]], by: str, now: datetime, names: Sequence[str], source: str | None
) -> Erased:
    texts = tuple(dict.fromkeys(row.text for row in rows if row.text))
    names = tuple(dict.fromkeys((*names, *(row.author for row in rows if row.author))))
    for row in rows:
        erase(connection, row, now)
    printed = erased.from_issues(connection, texts, now, by)
    asides = erased.from_asides(connection, texts, names, source)
    articles_of = tuple(dict.fromkeys(row.article for row in rows))
    if rows:
        erased.note(connection, articles_of, printed, now)
    return Erased(tuple(row.key for row in rows), articles_of, printed, asides, texts, names)


def erase(connection: Connection, row: Row[Any], now: datetime) -> None:
    candidates.drop(connection, comment_bands, "comment", [(row.id, row.bands)])
    nothing = thread.erased(now, thread.verdict_of(row))
    connection.execute(update(comments).where(comments.c.id == row.id).values(nothing))
    # The reasons of old verdicts may quote the words, the labels' evidence holds phrases of them.
    connection.execute(update(verdicts).where(verdicts.c.comment == row.id).values(because=()))
    connection.execute(delete(labels).where(labels.c.subject == f"comment:{row.key}"))
    # That an editor ruled stays; why may quote, and the hash of the text would know it again.
    bare = {"value": None, "reason": None, "exact": None}
    connection.execute(update(rulings).where(rulings.c.subject == f"comment:{row.key}").values(bare))


def kept_out(store: Store, found: Sequence[Comment], source: str | None) -> frozenset[str]:
    """Keys of those comments, as read from a page, whose words may not be kept: their writer was forgotten, at this
    source or everywhere, or they were erased one by one."""
    with store.reading() as connection:
        out: set[str] = set()
        for part in chunks(c.key for c in found):
            gone = select(comments.c.key).where(comments.c.key.in_(part), comments.c.erased_at.is_not(None))
            out.update(connection.execute(gone).scalars())
        if store.hash_key is not None:
            hashes = {c.key: pseudonym(c.author, store.hash_key) for c in found if c.author}
            known = suppressed.forgotten(connection, hashes.values(), source)
            out.update(key for key, hashed in hashes.items() if hashed in known)
    return frozenset(out)


def suppressions_of(store: Store, name: str) -> tuple[str, ...]:
    """Since when and where a name is kept out: 'since 6 April 2026, everywhere'."""
    hashed = name_hash(store, name)
    found = [s for s in suppressed.every(store, "person") if s.value == hashed]
    return tuple(f"since {s.at:%-d %B %Y}, {f'at {s.scope}' if s.scope else 'everywhere'}" for s in found)


def name_hash(store: Store, name: str) -> str:
    """The keyed hash of a name. Raises StoreError without a hash key."""
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
    _without_text(connection, key, title=False)
    erased.note(connection, [key], (), now)
    connection.execute(update(articles).where(articles.c.key == key).values(withdrawn_at=now, title=None))
    for row in connection.execute(select(comments).where(comments.c.article == key)).all():
        erase(connection, row, now)


def _without_text(connection: Connection, key: str, *, title: bool = True) -> None:
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
            title=old.title if title else None,
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
