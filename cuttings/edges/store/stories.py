"""Stories: which article belongs to which, since when, and which stories turned out to be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from cuttings.edges.store.connect import Store, add_new, chunks
from cuttings.edges.store.tables import articles, memberships, stories, story_merges
from cuttings.model import Membership


@dataclass(frozen=True, slots=True)
class Belonging:
    """One entry of an article's history: it belonged to this story from `since` until `until` (None: still)."""

    membership: Membership
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Merge:
    elder: str
    younger: str
    at: datetime
    because: str


def join_new(connection: Connection, story: str, *, now: datetime) -> str:
    """The story that lives under this key today, made where there is none."""
    living = lives_as(connection, [story]).get(story)
    if living is None:
        add_new(connection, stories, [{"key": story, "first_seen": now}])
        living = story
    return living


def join(connection: Connection, membership: Membership, *, now: datetime, first: bool = False) -> None:
    """Let an article belong to the story its membership names, unless it does already."""
    story = join_new(connection, membership.story, now=now)
    here = articles.c.key == membership.article
    if not first and connection.execute(select(articles.c.story).where(here)).scalar() == story:
        return
    holds = (memberships.c.article == membership.article) & memberships.c.until.is_(None)
    connection.execute(update(memberships).where(holds).values(until=now))
    row = {"article": membership.article, "story": story, "since": now}
    connection.execute(memberships.insert().values(**row, similarity=membership.similarity, because=membership.because))
    connection.execute(update(articles).where(here).values(story=story))


def merge(store: Store, keys: Sequence[str], *, now: datetime, because: str) -> str:
    """Make one story of several: the elder's key stays and is returned, every move is recorded.

    Keys of stories merged before stand for the story they live in. Raises ValueError for an unknown key.
    """
    with store.writing() as connection:
        return merge_in(connection, keys, now=now, because=because)


def merge_in(connection: Connection, keys: Sequence[str], *, now: datetime, because: str) -> str:
    """`merge` as a part of a transaction."""
    living = lives_as(connection, keys)
    if missing := [key for key in keys if key not in living]:
        raise ValueError(f"no story {', '.join(missing)}")
    query = select(stories).where(stories.c.key.in_(set(living.values())))
    elder, *younger = sorted(connection.execute(query), key=lambda row: (row.first_seen, row.key))
    for row in younger:
        _merge(connection, elder.key, row.key, now, because)
    return str(elder.key)


def _merge(connection: Connection, elder: str, younger: str, now: datetime, because: str) -> None:
    moving = connection.execute(select(articles.c.key).where(articles.c.story == younger)).scalars().all()
    for key in moving:
        join(connection, Membership(key, elder, 1.0, because), now=now)
    # Pointers are kept one step long, however many merges follow.
    into = (stories.c.key == younger) | (stories.c.merged_into == younger)
    connection.execute(update(stories).where(into).values(merged_into=elder))
    connection.execute(story_merges.insert().values(elder=elder, younger=younger, at=now, because=because))


def lives_as(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """For each known story key, the key it lives under today; unknown keys are left out."""
    living: dict[str, str] = {}
    for part in chunks(keys):
        for row in connection.execute(select(stories).where(stories.c.key.in_(part))):
            living[row.key] = row.merged_into or row.key
    return living


def members(store: Store, story: str) -> tuple[str, ...]:
    """Keys of the articles that belong to a story today, in the order they were first seen."""
    with store.reading() as connection:
        living = lives_as(connection, [story]).get(story, story)
        query = select(articles.c.key).where(articles.c.story == living)
        return tuple(connection.execute(query.order_by(articles.c.first_seen, articles.c.key)).scalars())


def history(store: Store, article: str) -> tuple[Belonging, ...]:
    query = select(memberships).where(memberships.c.article == article).order_by(memberships.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(Belonging(Membership(r.article, r.story, r.similarity, r.because), r.since, r.until) for r in rows)


def merges(store: Store, story: str) -> tuple[Merge, ...]:
    """The merges a story took part in, oldest first."""
    took_part = (story_merges.c.elder == story) | (story_merges.c.younger == story)
    with store.reading() as connection:
        rows = connection.execute(select(story_merges).where(took_part).order_by(story_merges.c.id)).all()
    return tuple(Merge(r.elder, r.younger, r.at, r.because) for r in rows)
