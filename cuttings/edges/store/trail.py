"""The trail of one article or comment through the store: what `explain` tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.tables import articles, comments, issue_items, issues, page_articles, pages, stories, usage

MOST_ALIKE = 20


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that something typed may mean."""

    articles: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.articles) + len(self.comments) + len(self.stories)


def beginning(store: Store, prefix: str) -> Keys:
    """Articles, comments and stories whose key begins so; a story's key is mostly that of its first article."""
    with store.reading() as connection:

        def like(table: Table) -> tuple[str, ...]:
            # The first that is no longer such a key: a range, so that the index answers it.
            query = select(table.c.key).where(table.c.key >= prefix, table.c.key < prefix + "g").order_by(table.c.key)
            return tuple(connection.execute(query.limit(MOST_ALIKE)).scalars())

        found = like(articles)
        return Keys(found, like(comments), tuple(key for key in like(stories) if key not in found))


def at_address(store: Store, urls: Sequence[str]) -> tuple[str, ...]:
    """Keys of the articles that stand at an address or were read from a page there."""
    with store.reading() as connection:
        own = connection.execute(select(articles.c.key).where(articles.c.url.in_(urls))).scalars().all()
        begun = select(page_articles.c.article).join(pages, pages.c.id == page_articles.c.page)
        read = connection.execute(begun.where(pages.c.url.in_(urls)).distinct()).scalars().all()
    return tuple(sorted({*own, *read}))


@dataclass(frozen=True, slots=True)
class Seen:
    """One time a page was asked for."""

    url: str
    at: datetime
    outcome: str
    reason: str | None
    status: int | None
    media_type: str | None
    sha256: str | None
    size: int | None


def pages_of(store: Store, article: str) -> tuple[Seen, ...]:
    """The pages that an article was read from, each time they were, and in between; oldest first."""
    with store.reading() as connection:
        begun = select(pages.c.url).join(page_articles, page_articles.c.page == pages.c.id)
        urls = connection.execute(begun.where(page_articles.c.article == article).distinct()).scalars().all()
        query = select(pages).where(pages.c.url.in_(urls)).order_by(pages.c.at, pages.c.id)
        return tuple(_seen(row) for row in connection.execute(query))


def _seen(row: Any) -> Seen:
    return Seen(**{name: getattr(row, name) for name in Seen.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class ArticleState:
    key: str
    url: str | None
    source: str | None
    title: str | None
    story: str
    first_seen: datetime
    version: int
    archive: bool
    text_expires: datetime | None
    text_gone_at: datetime | None
    withdrawn_at: datetime | None


def article_state(store: Store, key: str) -> ArticleState | None:
    """What is known of an article, also of one that was withdrawn."""
    with store.reading() as connection:
        row = connection.execute(select(articles).where(articles.c.key == key)).first()
    return ArticleState(**{n: getattr(row, n) for n in ArticleState.__dataclass_fields__}) if row else None


@dataclass(frozen=True, slots=True)
class CommentState:
    key: str
    first_seen: datetime
    judged_at: datetime
    gone_at: datetime | None
    erased_at: datetime | None
    names_expire: datetime | None
    author_hash: str | None
    copies: tuple[str, ...] = ()  # keys of the comments with the same text


def comment_state(store: Store, key: str) -> CommentState | None:
    with store.reading() as connection:
        row = connection.execute(select(comments).where(comments.c.key == key)).first()
        if row is None:
            return None
        alike: Sequence[str] = ()
        if row.exact:
            same = select(comments.c.key).where(comments.c.exact == row.exact, comments.c.key != key)
            alike = connection.execute(same.order_by(comments.c.id).limit(MOST_ALIKE)).scalars().all()
    plain = {n: getattr(row, n) for n in CommentState.__dataclass_fields__ if n != "copies"}
    return CommentState(**plain, copies=tuple(alike))


@dataclass(frozen=True, slots=True)
class Printed:
    """One place in one issue. `words`: taken from the article, where the issue has left the house."""

    issue: str
    state: str
    position: int  # below 0: from the archive
    article: str
    version: int
    theme: str | None
    reason: str
    words: int | None
    recipients: int | None


def printed(store: Store, keys: Iterable[str]) -> tuple[Printed, ...]:
    """Where articles stand in issues of any state, oldest period first."""
    found: list[Printed] = []
    taken = (usage.c.issue == issue_items.c.issue) & (usage.c.article == issue_items.c.article)
    with store.reading() as connection:
        for part in chunks(keys):
            query = (
                select(issue_items, issues.c.state, issues.c.period_end, usage.c.words, usage.c.recipients)
                .join(issues, issues.c.id == issue_items.c.issue)
                .outerjoin(usage, taken)
                .where(issue_items.c.article.in_(part))
                .order_by(issues.c.period_end, issues.c.id)
            )
            names = Printed.__dataclass_fields__
            found += [Printed(**{n: getattr(row, n) for n in names}) for row in connection.execute(query)]
    return tuple(found)
