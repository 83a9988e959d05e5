"""Articles and their comments: saving what was read and judged, and finding it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, func, select, update

from cuttings.edges.store import candidates, thread
from cuttings.edges.store.addresses import PageOutcome, write_document
from cuttings.edges.store.bylines import sign
from cuttings.edges.store.connect import Store, add_pairs, chunks, put
from cuttings.edges.store.judged import follow
from cuttings.edges.store.labelling import labels_of, write_labels
from cuttings.edges.store.stories import join, join_new, merge_in
from cuttings.edges.store.suppressed import Withdrawn, withdrawn
from cuttings.edges.store.tables import article_bands, article_versions, articles, set_aside
from cuttings.edges.store.values import clean, from_json
from cuttings.model import Article, Aside, Labels, Membership, Reading, StoredArticle, Verdict, fingerprint, when

NOTHING = Labels(primary=None, labels=())
WITHDRAWN = "withdrawn by its publisher"
AHEAD = timedelta(days=1)  # an article dated further ahead than this counts by when it was first seen

# A difference in one of these is the publisher's edit and makes a version. The rest is brought up to date in place:
# a list of related links differs at every visit, and kind or language is our own judgement.
EDITED = ("title", "standfirst", "authors", "published", "paragraphs", "subheads", "pull_quotes")
THEIRS = ("first", "publisher")  # causes of a version; the third is "reread"


class Signature(Protocol):
    """What duplicates are found by: a hash of the folded text, and bands of signed 64-bit integers."""

    @property
    def exact(self) -> str | int: ...
    @property
    def bands(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """All that the line knows of one document when it saves it.

    `verdicts` holds one for every comment; `memberships` one for every new article that joins a story (without one,
    an article begins a story of its own). Mappings are by Article.key or Comment.key. `since`: articles published
    before it are archive, decided when they are first seen. `whole_thread`: the reading holds every comment that the
    page has, so one that we know and it lacks was deleted there.
    """

    reading: Reading
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    since: datetime | None = None
    whole_thread: bool = True
    text_expires: datetime | None = None  # when the licence ends our keeping of the articles' text
    reader: str | None = None  # version of the program that read it: another one's differences aren't the publisher's
    merges: tuple[tuple[tuple[str, ...], str], ...] = ()  # story keys that turned out to be one story, and why
    again: bool = False  # the same page as before, out of the archive: no difference is the publisher's or a reader's


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save changed. Saving the same reading again gives an empty one (`nothing_new`)."""

    new_articles: tuple[str, ...] = ()
    changed_articles: tuple[str, ...] = ()  # edited by their publisher
    reread_articles: tuple[str, ...] = ()  # the same page, read otherwise than before
    withdrawn: tuple[str, ...] = ()  # not saved: their publisher withdrew them
    new_comments: tuple[str, ...] = ()
    gone_comments: tuple[str, ...] = ()  # deleted at the site since the last visit
    returned_comments: tuple[str, ...] = ()
    rejudged_comments: tuple[str, ...] = ()
    reread_comments: tuple[str, ...] = ()  # the same comments, read otherwise than before
    mended_articles: tuple[str, ...] = ()  # brought up to date in place: kind, language, repairs, …
    relabelled: tuple[str, ...] = ()  # subjects whose themes are others now, "article:KEY" or "comment:KEY"

    @property
    def nothing_new(self) -> bool:
        return self == Saved()


def save(
    store: Store,
    judged: Judged,
    *,
    now: datetime,
    pages: Sequence[PageOutcome] = (),
    run: int | None = None,
    name_days: float = 90,
    dry_run: bool = False,
) -> Saved:
    """Save one document with all that was thought about it, and its pages' outcomes, in one transaction.

    A changed article gets a new version, a comment that vanished is marked gone, a comment by a forgotten person is
    kept without words or name, a withdrawn article is not kept at all (its page counts as set aside), and editors'
    rulings outrank the verdicts given. Names are kept for `name_days` from now, those of spammers a third of that.
    `dry_run`: say what would change, and change nothing. Raises ValueError where a comment has no verdict or article.
    """
    judged = replace(judged, reading=clean(judged.reading))
    reading = judged.reading
    _check(judged)
    digests = [p.sha256 for p in pages if p.outcome == "read"]
    page_sha256 = fingerprint(*digests) if digests and all(digests) else None
    with store.writing() as connection:
        for stories, because in judged.merges:
            merge_in(connection, stories, now=now, because=because)
        out = withdrawn(connection, reading.articles)
        kept = [a for a in reading.articles if a.key not in out]
        saved = Saved(withdrawn=tuple(a.key for a in reading.articles if a.key in out))
        for article in kept:
            saved = _save_article(connection, article, judged, saved, page_sha256, now)
        if kept and reading.set_aside:
            _save_set_aside(connection, kept[0].key, reading.set_aside, now)
        comments = tuple(c for c in reading.comments if c.article not in out)
        change = thread.save(
            connection,
            kept,
            comments,
            judged,
            thread.Keeping(now=now, hash_key=store.hash_key, names=timedelta(days=name_days)),
        )
        follow(connection, change.met, now)
        write_document(connection, [_without_withdrawn(page, out) for page in pages], now=now, run=run)
        if dry_run:
            connection.rollback()
    return replace(
        saved,
        new_comments=change.new,
        gone_comments=change.gone,
        returned_comments=change.returned,
        rejudged_comments=change.rejudged,
        reread_comments=change.reworded,
        relabelled=(*saved.relabelled, *change.relabelled),
    )


def _check(judged: Judged) -> None:
    keys = {a.key for a in judged.reading.articles}
    if not keys:
        raise ValueError("a reading without an article is not saved; record its page with its reason")
    for comment in judged.reading.comments:
        if comment.article not in keys:
            raise ValueError(f"comment {comment.key} belongs to no article of its reading")
        if comment.key not in judged.verdicts:
            raise ValueError(f"comment {comment.key} has no verdict")


def _without_withdrawn(page: PageOutcome, out: Withdrawn) -> PageOutcome:
    left = tuple(key for key in page.articles if key not in out)
    if page.articles and not left:
        return replace(page, outcome="set aside", reason=WITHDRAWN, articles=())
    return replace(page, articles=left)


def _save_article(
    connection: Connection, article: Article, judged: Judged, saved: Saved, page_sha256: str | None, now: datetime
) -> Saved:
    row = connection.execute(select(articles).where(articles.c.key == article.key)).first()
    membership = next((m for m in judged.memberships if m.article == article.key), None)
    labels = judged.labels.get(article.key, NOTHING)
    if row is None:
        _insert(connection, article, judged, membership, page_sha256, now)
        saved = replace(saved, new_articles=(*saved.new_articles, article.key))
    else:
        cause = _update(connection, row, article, judged, page_sha256, now)
        if cause == "publisher":
            saved = replace(saved, changed_articles=(*saved.changed_articles, article.key))
        elif cause == "reread":
            saved = replace(saved, reread_articles=(*saved.reread_articles, article.key))
        elif cause == "mended":
            saved = replace(saved, mended_articles=(*saved.mended_articles, article.key))
        if membership is not None:
            join(connection, membership, now=now)
    if row is not None and (row.withdrawn_at is not None or row.text_gone_at is not None):
        return saved
    _save_signature(connection, article.key, judged, row.exact if row else None)
    relabelled = write_labels(connection, {f"article:{article.key}": labels}, now=now)
    return replace(saved, relabelled=(*saved.relabelled, *relabelled)) if row is not None else saved


def _insert(
    connection: Connection,
    article: Article,
    judged: Judged,
    membership: Membership | None,
    page_sha256: str | None,
    now: datetime,
) -> None:
    published_at = _counts_at(article, now)
    membership = membership or Membership(article.key, article.key, 1.0, "the first of its story")
    story = join_new(connection, membership.story, now=now)
    row = {
        "key": article.key,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "first_seen": now,
        "published_at": published_at,
        "version": 1,
        "archive": bool(judged.since and published_at and published_at < judged.since),
        "story": story,
        "text_expires": judged.text_expires,
    }
    connection.execute(articles.insert().values(row))
    join(connection, membership, now=now, first=True)
    version = {"article": article.key, "version": 1, "read_at": now, "cause": "first", "fields": []}
    connection.execute(
        article_versions.insert().values(**version, reader=judged.reader, page_sha256=page_sha256, data=article)
    )
    sign(connection, article.key, article.authors)


def _counts_at(article: Article, first_seen: datetime) -> datetime | None:
    """When it was published; None where the page names a day to come, as no digest would ever hold it."""
    published = when(article.published)
    return None if published and published > first_seen + AHEAD else published


def _update(
    connection: Connection, row: Row[Any], article: Article, judged: Judged, page_sha256: str | None, now: datetime
) -> str | None:
    """Bring a known article up to date; the cause of its new version, "mended" where it needs none, None where there
    is nothing to do."""
    here = (article_versions.c.article == article.key) & (article_versions.c.version == row.version)
    before = connection.execute(select(article_versions).where(here)).one()
    old = from_json(Article, before.data)
    # What a licence or a publisher took away does not come back because the page is read again.
    if old == article or row.withdrawn_at is not None or row.text_gone_at is not None:
        return None
    fields = [name for name in EDITED if getattr(old, name) != getattr(article, name)]
    if not fields:
        connection.execute(update(article_versions).where(here).values(data=article))
        sign(connection, article.key, article.authors)
        return "mended"
    if judged.again:
        page_sha256 = before.page_sha256
    same_page = page_sha256 is not None and page_sha256 == before.page_sha256
    cause = "reread" if judged.again or same_page or before.reader != judged.reader else "publisher"
    version = {"article": article.key, "version": row.version + 1, "read_at": now, "cause": cause, "fields": fields}
    connection.execute(
        article_versions.insert().values(**version, reader=judged.reader, page_sha256=page_sha256, data=article)
    )
    sign(connection, article.key, article.authors)
    values = {
        "version": row.version + 1,
        "title": article.title,
        "published_at": _counts_at(article, row.first_seen),
        "changed": row.changed or cause == "publisher",
    }
    connection.execute(update(articles).where(articles.c.key == article.key).values(values))
    return cause


def _save_signature(connection: Connection, key: str, judged: Judged, before: str | None) -> None:
    signature = judged.signatures.get(key)
    if signature is None or str(signature.exact) == before:
        return
    here, bands = articles.c.key == key, sorted(set(signature.bands))
    candidates.drop(
        connection, article_bands, "article", connection.execute(select(articles.c.key, articles.c.bands).where(here))
    )
    connection.execute(update(articles).where(here).values(exact=str(signature.exact), bands=bands))
    add_pairs(connection, article_bands, [(band, key) for band in bands])


def _save_set_aside(connection: Connection, key: str, asides: tuple[Aside, ...], now: datetime) -> None:
    before = connection.execute(select(set_aside.c.data).where(set_aside.c.article == key)).scalar()
    if before is None or tuple(from_json(Aside, a) for a in before) != asides:
        put(connection, set_aside, {"article": key, "read_at": now, "data": asides})


# ---------------------------------------------------------------- finding again


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article: `fields` differ from the version before, `cause` says through whom."""

    number: int
    read_at: datetime
    cause: str  # first, publisher, reread
    fields: tuple[str, ...]
    article: Article


def find(store: Store, keys: Iterable[str]) -> dict[str, StoredArticle]:
    """The stored articles by key, at their current version; withdrawn ones and unknown keys are left out."""
    with store.reading() as connection:
        return load(connection, keys)


def known(store: Store, keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys that `find` knows, without loading what they stand for."""
    found: set[str] = set()
    with store.reading() as connection:
        for part in chunks(keys):
            query = select(articles.c.key).where(articles.c.key.in_(part), articles.c.withdrawn_at.is_(None))
            found.update(connection.execute(query).scalars())
    return frozenset(found)


def load(connection: Connection, keys: Iterable[str]) -> dict[str, StoredArticle]:
    found: dict[str, StoredArticle] = {}
    for part in chunks(keys):
        current = (article_versions.c.article == articles.c.key) & (article_versions.c.version == articles.c.version)
        query = (
            select(articles, article_versions.c.data)
            .join(article_versions, current)
            .where(articles.c.key.in_(part), articles.c.withdrawn_at.is_(None))
        )
        rows = connection.execute(query).all()
        labelled = labels_of(connection, [f"article:{row.key}" for row in rows])
        edited = _edited(connection, [row.key for row in rows if row.version > 1])
        for row in rows:
            found[row.key] = StoredArticle(
                article=from_json(Article, row.data),
                first_seen=row.first_seen,
                version=row.version,
                labels=labelled.get(f"article:{row.key}", NOTHING),
                story=row.story,
                changed=row.changed,
                edited=edited.get(row.key, row.version),
            )
    return found


def _edited(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The last version of each that its publisher made. A newer program may read the same page otherwise."""
    if not keys:
        return {}
    theirs = article_versions.c.article.in_(keys), article_versions.c.cause.in_(THEIRS)
    query = select(article_versions.c.article, func.max(article_versions.c.version)).where(*theirs)
    return dict(connection.execute(query.group_by(article_versions.c.article)).tuples().all())


def versions(store: Store, key: str) -> tuple[Version, ...]:
    """Every state of an article, oldest first."""
    query = select(article_versions).where(article_versions.c.article == key).order_by(article_versions.c.version)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Version(row.version, row.read_at, row.cause, tuple(row.fields), from_json(Article, row.data)) for row in rows
    )


def set_aside_of(store: Store, key: str) -> tuple[Aside, ...]:
    """What was left out of the document that this article is the first of, with the reasons."""
    with store.reading() as connection:
        data = connection.execute(select(set_aside.c.data).where(set_aside.c.article == key)).scalar()
    return tuple(from_json(Aside, a) for a in data or ())


def keys(store: Store, *, after: str = "", most: int = 1000, source: str | None = None) -> tuple[str, ...]:
    """Article keys in order, a piece at a time: the next piece begins `after` the last key of this one."""
    query = select(articles.c.key).where(articles.c.key > after).order_by(articles.c.key).limit(most)
    if source is not None:
        query = query.where(articles.c.source == source)
    with store.reading() as connection:
        return tuple(connection.execute(query).scalars())


def newest(store: Store, *, most: int | None = None, together: int = 500) -> Iterator[tuple[str, ...]]:
    """Article keys, the last first seen first, in pieces."""
    query = select(articles.c.key).order_by(articles.c.first_seen.desc(), articles.c.key).limit(most)
    with store.reading() as connection:
        found = connection.execute(query).scalars().all()
    for start in range(0, len(found), together):
        yield tuple(found[start : start + together])


def held(store: Store) -> int:
    """How many articles there are."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(articles)).scalar_one())
