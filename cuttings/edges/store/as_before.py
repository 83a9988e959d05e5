"""Whether a document says what is stored of it: most of an archive that is read again does, and nothing is written.

Asked without the writer's turn, so that several machines may compare at once while one of them writes. Where themes
alone are others, they are written for many documents together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from cuttings.edges.store.articles import Judged
from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.labelling import differing, write_labels
from cuttings.edges.store.suppressed import places, withdrawn
from cuttings.edges.store.tables import (
    article_versions,
    articles,
    comments,
    memberships,
    rulings,
    set_aside,
    story_merges,
    verdicts,
)
from cuttings.edges.store.thread import decides_as, rows_of, says_where
from cuttings.edges.store.values import clean, from_json
from cuttings.model import Article, Aside, Labels, Reading

Generation = tuple[int | None, ...]

# Each gets a row when something comes that a comment or an article may be judged otherwise for.
_GROWING = (comments, verdicts, memberships, story_merges, rulings)


def generation(store: Store) -> Generation:
    """What was thought of a text while this stays the same is what would be thought of it now."""
    with store.reading() as connection:
        newest = [select(func.max(table.c.id)).scalar_subquery() for table in _GROWING]
        return tuple(connection.execute(select(*newest)).one())


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of a document that are others than stored, by subject ("article:KEY", "comment:KEY"), and the version
    of each article in whose words they were found."""

    labels: Mapping[str, Labels]
    versions: Mapping[str, int]


def other_themes(store: Store, judged: Judged) -> Themes | None:
    """All that `articles.save`, given this and no pages, would change, where that is themes or nothing at all.

    None where it is anything else, and where in doubt.
    """
    if judged.merges or judged.memberships:
        return None
    reading = clean(judged.reading)
    with store.reading() as connection:
        versions = _versions(connection, reading.articles, judged)
        if versions is None or withdrawn(connection, reading.articles) or not _asides_are(connection, reading):
            return None
        subjects = _subjects(connection, reading, judged)
        if subjects is None:
            return None
        given = {subject: judged.labels[key] for subject, key in subjects if key in judged.labels}
        return Themes(differing(connection, given)[1], versions)


def put_themes(store: Store, found: Sequence[Themes], *, now: datetime) -> None:
    """Write themes that were found a while ago, in one transaction; those whose words are no longer here are let go."""
    versions = {key: version for one in found for key, version in one.versions.items()}
    wanted = {subject: labels for one in found for subject, labels in one.labels.items()}
    with store.writing() as connection:
        here: set[str] = set()
        for part in chunks(versions):
            stands = articles.c.withdrawn_at.is_(None) & articles.c.text_gone_at.is_(None)
            query = select(articles.c.key, articles.c.version).where(articles.c.key.in_(part), stands)
            here |= {f"article:{r.key}" for r in connection.execute(query) if r.version == versions[r.key]}
        for part in chunks(s.removeprefix("comment:") for s in wanted if s.startswith("comment:")):
            query = select(comments.c.key).where(comments.c.key.in_(part), comments.c.erased_at.is_(None))
            here |= {f"comment:{key}" for key in connection.execute(query).scalars()}
        write_labels(connection, {subject: one for subject, one in wanted.items() if subject in here}, now=now)


def _versions(connection: Connection, given: Sequence[Article], judged: Judged) -> dict[str, int] | None:
    """The versions of the articles; None where one is not as it was read now."""
    current = (article_versions.c.article == articles.c.key) & (article_versions.c.version == articles.c.version)
    columns = articles.c.key, articles.c.exact, articles.c.text_gone_at, articles.c.version, article_versions.c.data
    rows: dict[str, Row[Any]] = {}
    for part in chunks(a.key for a in given):
        query = select(*columns).join(article_versions, current).where(articles.c.key.in_(part))
        rows.update((row.key, row) for row in connection.execute(query))
    for article in given:
        row, signature = rows.get(article.key), judged.signatures.get(article.key)
        if row is None or row.text_gone_at is not None or from_json(Article, row.data) != article:
            return None
        if signature is not None and str(signature.exact) != row.exact:
            return None
    return {key: row.version for key, row in rows.items()}


def _asides_are(connection: Connection, reading: Reading) -> bool:
    if not reading.set_aside:
        return True
    first = reading.articles[0].key
    held = connection.execute(select(set_aside.c.data).where(set_aside.c.article == first)).scalar()
    return held is not None and tuple(from_json(Aside, a) for a in held) == reading.set_aside


def _subjects(connection: Connection, reading: Reading, judged: Judged) -> list[tuple[str, str]] | None:
    """(subject, key) of all that bears themes; None where the thread is not as it was read and judged now."""
    keys = [a.key for a in reading.articles]
    rows = {row.key: row for row in rows_of(connection, keys)}
    given, held = places(reading.comments, rows)
    present = {c.key: c for c in given}
    gone = [key for key, row in rows.items() if row.gone_at is None and key not in present and key not in held]
    if not present.keys() <= rows.keys() or (gone and judged.whole_thread):
        return None
    for key, comment in present.items():
        row = rows[key]
        if row.gone_at is not None or says_where(row, comment) or not decides_as(row, judged.verdicts[key]):
            return None
    wordless = {key for key, row in rows.items() if row.erased_at is not None}  # themes are found in words
    told = [(f"article:{key}", key) for key in keys]
    return told + [(f"comment:{key}", key) for key in present if key not in wordless]
