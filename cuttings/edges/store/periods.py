"""What a period holds, as stories; what earlier periods held, as counts; and what went in, as an audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from cuttings.edges.store import articles as stored
from cuttings.edges.store import thread
from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.issues import LEAVING
from cuttings.edges.store.labelling import labels_of
from cuttings.edges.store.tables import (
    addresses,
    article_versions,
    articles,
    comments,
    issue_items,
    issues,
    page_articles,
    pages,
    source_contacts,
    sources,
)
from cuttings.model import Article, Audit, JudgedComment, StoredArticle, Story, when

Order = Callable[[Sequence[Article]], Sequence[Article]]
READ = frozenset(("title", "standfirst", "paragraphs"))  # the parts of an article whose change makes it news again
ELSEWHERE = "the same article at another address"


def stories(
    store: Store, start: datetime, end: datetime, *, now: datetime, order: Order | None = None, archive: bool = False,
    voices: bool = True,
) -> tuple[Story, ...]:  # fmt: skip
    """The stories of a period (`end` is not part of it), by publication date.

    An article without a date, dated in the future when it was first seen, or published before the period and found
    late, counts for the period in which it was first seen. Archive (older than first contact looks back) and withdrawn
    articles are left out, and so is what was first seen after `now`. A story comes with all its articles, canonical
    copy first: by `order`, or the earliest. With `archive` archive comes as well, and no story with its comments; nor
    does any where `voices` is False.
    """
    with store.reading() as connection:
        wanted = (False, True) if archive else (False,)
        keys = _stories_between(connection, start, end, now, wanted)
        return _told(connection, keys, now, order, wanted, voices=voices and not archive)


def edited(store: Store, start: datetime, end: datetime, *, now: datetime) -> tuple[str, ...]:
    """The stories with an article whose headline, standfirst or text its publisher changed in a period (`end` is no
    part of it), as it was read then, by the keys they live under. Whatever day they were published on."""
    query = (
        select(articles.c.story, article_versions.c.fields)
        .join(articles, articles.c.key == article_versions.c.article)
        .where(
            article_versions.c.cause == "publisher",
            article_versions.c.read_at >= start,
            article_versions.c.read_at < end,
            article_versions.c.read_at <= now,
            articles.c.withdrawn_at.is_(None),
        )
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(sorted({row.story for row in rows if not READ.isdisjoint(row.fields)}))


def told(store: Store, keys: Iterable[str], *, now: datetime, order: Order | None = None) -> tuple[Story, ...]:
    """Stories by their keys as `stories` gives them, of whatever period; an archive article is no part of any."""
    with store.reading() as connection:
        return _told(connection, keys, now, order, (False,), voices=True)


def _told(
    connection: Connection, keys: Iterable[str], now: datetime, order: Order | None, wanted: Sequence[bool], *,
    voices: bool,
) -> tuple[Story, ...]:  # fmt: skip
    rows: list[str] = []
    for part in chunks(keys):
        mine = articles.c.story.in_(part), articles.c.archive.in_(wanted), articles.c.first_seen <= now
        rows += connection.execute(select(articles.c.key).where(*mine)).scalars().all()
    found = stored.load(connection, rows)
    said = _with_themes(connection, thread.load(connection, found)) if voices else {}
    copies: dict[str, list[StoredArticle]] = {}
    for article in found.values():
        copies.setdefault(article.story, []).append(article)
    whole = [_story(key, held, said, order) for key, held in copies.items()]
    return tuple(sorted(whole, key=lambda s: (_stands_at(s.canonical), s.key)))


def _with_themes(
    connection: Connection, voices: Mapping[str, tuple[JudgedComment, ...]]
) -> dict[str, tuple[JudgedComment, ...]]:
    """The comments that count, each with the theme that is its own."""
    counting = [f"comment:{c.comment.key}" for held in voices.values() for c in held if c.verdict.outcome == "genuine"]
    labelled = labels_of(connection, counting)
    first = {subject.removeprefix("comment:"): labels.primary for subject, labels in labelled.items()}
    return {
        article: tuple(replace(c, theme=first.get(c.comment.key)) if c.comment.key in first else c for c in held)
        for article, held in voices.items()
    }


def _stories_between(
    connection: Connection, start: datetime, end: datetime, now: datetime, archive: Sequence[bool]
) -> list[str]:
    published = and_(articles.c.published_at >= start, articles.c.published_at < end)
    seen = and_(articles.c.first_seen >= start, articles.c.first_seen < end)
    undated = and_(seen, articles.c.published_at.is_(None))
    late = and_(seen, articles.c.published_at < start)
    plain = articles.c.archive.in_(archive), articles.c.withdrawn_at.is_(None), articles.c.first_seen <= now
    keys: dict[str, None] = {}
    for case in (published, undated, late):  # apart, so that each is answered from its own index
        keys.update(dict.fromkeys(connection.execute(select(articles.c.story).where(case, *plain)).scalars()))
    return list(keys)


def _stands_at(held: StoredArticle) -> tuple[datetime, datetime, str]:
    return when(held.article.published) or held.first_seen, held.first_seen, held.article.key


def _story(
    key: str, held: Sequence[StoredArticle], voices: Mapping[str, tuple[JudgedComment, ...]], order: Order | None
) -> Story:
    by_key = {h.article.key: h for h in sorted(held, key=_stands_at)}
    ordered = order([h.article for h in by_key.values()]) if order else [h.article for h in by_key.values()]
    copies = tuple(by_key[a.key] for a in ordered)
    return Story(key, copies, tuple(c for h in copies for c in voices.get(h.article.key, ())))


# ---------------------------------------------------------------- audit


def audit(store: Store, start: datetime, end: datetime) -> Audit:
    """What was collected from `start` to `end` (not part of it) and what became of it. Its sums add up.

    A page counts once, however often it was asked for: as read where it was read at all, else by its last outcome;
    pages that only showed again what we had count as unchanged and not as pages in. A source failed when its last
    contact did. Articles and stories are those of the pages read; comments are those first seen.
    """
    with store.reading() as connection:
        asked, failed = _sources(connection, start, end)
        outcomes, unchanged = _page_outcomes(connection, start, end)
        read = [page for page, (outcome, _) in outcomes.values() if outcome == "read"]
        begun = _begun(connection, read)
        aside: Counter[str] = Counter()
        known: set[str] = set()
        joined = shared = 0
        for page in read:
            fresh = [key for key in begun.get(page, ()) if key not in known]
            known.update(fresh)
            if begun.get(page) and not fresh:
                aside[ELSEWHERE] += 1
            joined += page not in begun
            shared += max(0, len(fresh) - 1)
        elsewhere = aside[ELSEWHERE]
        failures: Counter[str] = Counter()
        for _, (outcome, reason) in outcomes.values():
            if outcome != "read":
                (aside if outcome == "set aside" else failures)[reason or outcome] += 1
        told = _story_keys(connection, known)
        judged = _comment_counts(connection, start, end)
        repairs = _repairs(connection, known)
    return Audit(
        sources=asked,
        sources_failed=failed,
        pages_in=len(outcomes),
        pages_read=len(read) - elsewhere,
        pages_set_aside=_most_first(aside),
        pages_failed=_most_first(failures),
        pages_joined=joined,
        pages_shared=shared,
        pages_unchanged=unchanged,
        articles=len(known),
        stories=len(set(told)),
        copies=len(known) - len(set(told)),
        comments_in=sum(judged.values()),
        comments_kept=judged["genuine"],
        comments_duplicate=judged["duplicate"],
        comments_spam=judged["spam"],
        comments_review=judged["review"],
        repairs=_most_first(repairs),
    )


def _most_first(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((what, n) for what, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0])))


def _sources(
    connection: Connection, start: datetime, end: datetime
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    query = (
        select(sources.c.name, source_contacts.c.failure)
        .join(sources, sources.c.id == source_contacts.c.source)
        .where(source_contacts.c.at >= start, source_contacts.c.at < end)
        .order_by(source_contacts.c.at, source_contacts.c.id)
    )
    last = {row.name: row.failure for row in connection.execute(query)}
    return tuple(sorted(last)), tuple(sorted((name, why) for name, why in last.items() if why is not None))


Outcomes = dict[str, tuple[int, tuple[str, str | None]]]


def _page_outcomes(connection: Connection, start: datetime, end: datetime) -> tuple[Outcomes, int]:
    """By address: (number of the page that counts, (outcome, reason)); and how many were only seen unchanged."""
    between = pages.c.at >= start, pages.c.at < end
    query = select(pages.c.id, pages.c.url, pages.c.outcome, pages.c.reason).where(*between)
    counting: Outcomes = {}
    for row in connection.execute(query.where(pages.c.outcome != "unchanged").order_by(pages.c.at, pages.c.id)):
        if row.outcome == "read" or counting.get(row.url, (0, ("", None)))[1][0] != "read":
            counting[row.url] = row.id, (row.outcome, row.reason)
    again = connection.execute(select(pages.c.url).where(*between, pages.c.outcome == "unchanged").distinct())
    return counting, sum(url not in counting for url in again.scalars())


def _begun(connection: Connection, read: Iterable[int]) -> dict[int, list[str]]:
    begun: dict[int, list[str]] = {}
    for part in chunks(read):
        query = select(page_articles).where(page_articles.c.page.in_(part)).order_by(page_articles.c.article)
        for row in connection.execute(query):
            begun.setdefault(row.page, []).append(row.article)
    return begun


def _story_keys(connection: Connection, keys: Iterable[str]) -> list[str]:
    told: list[str] = []
    for part in chunks(keys):
        told += connection.execute(select(articles.c.story).where(articles.c.key.in_(part))).scalars().all()
    return told


def _comment_counts(connection: Connection, start: datetime, end: datetime) -> Counter[str]:
    between = comments.c.first_seen >= start, comments.c.first_seen < end
    query = select(comments.c.outcome, func.count()).where(*between).group_by(comments.c.outcome)
    return Counter(dict(connection.execute(query).tuples().all()))


def _repairs(connection: Connection, keys: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    current = (article_versions.c.article == articles.c.key) & (article_versions.c.version == articles.c.version)
    for part in chunks(keys):
        query = select(article_versions.c.data).join(articles, current).where(articles.c.key.in_(part))
        for data in connection.execute(query).scalars():
            counts.update(repair["kind"] for repair in data.get("repairs", ()))
    return counts


def printed(store: Store, keys: Iterable[str]) -> frozenset[str]:
    """Those of the articles that an issue which was approved, is leaving or has left holds, by Article.key."""
    found: set[str] = set()
    with store.reading() as connection:
        for part in chunks(keys):
            query = select(issue_items.c.article).join(issues, issues.c.id == issue_items.c.issue)
            found.update(
                connection.execute(query.where(issue_items.c.article.in_(part), issues.c.state.in_(LEAVING))).scalars()
            )
    return frozenset(found)


def overdue(store: Store, *, now: datetime) -> int:
    """How many addresses wait for their visit."""
    with store.reading() as connection:
        query = select(func.count()).select_from(addresses).where(addresses.c.next_visit <= now)
        return int(connection.execute(query).scalar_one())
