"""What an erasure reaches beyond the comments: digests and letters in the store, raw pages, free pages of the file.

The words are gone from the store in one transaction. What lies in files (raw pages, issues, messages) can't be part
of it, so the same transaction notes what is still to be done; `settled` takes it off the list. A process that was
killed half-way leaves the note, and the next one goes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, union, update
from sqlalchemy.exc import DBAPIError

from cuttings import redacted
from cuttings.edges.store.connect import Store, chunks, put
from cuttings.edges.store.issues import named_after
from cuttings.edges.store.tables import (
    article_versions,
    articles,
    comments,
    issue_files,
    issue_items,
    issue_log,
    issues,
    labels,
    letters,
    marks,
    outbox,
    page_articles,
    pages,
    redactions,
    rulings,
    set_aside,
    verdicts,
)
from cuttings.edges.store.troubles import Trouble, trouble
from cuttings.edges.store.values import from_json
from cuttings.model import Aside, Digest, Item

UNSETTLED = "erasures to carry through"
ERASED = "erased at a reader's request"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What an erasure has still to reach: raw pages of these articles, files and messages of these issues."""

    articles: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


def note(connection: Connection, found_articles: Iterable[str], found_issues: Iterable[str], now: datetime) -> None:
    before = _noted(connection)
    value = {
        "articles": sorted({*before.articles, *found_articles}),
        "issues": sorted({*before.issues, *found_issues}),
    }
    put(connection, marks, {"name": UNSETTLED, "value": value, "at": now})
    # Whoever erases writes the file anew at once. Where that is killed or finds somebody at work, the night must.
    connection.execute(delete(marks).where(marks.c.name == WRITTEN_ANEW))


def unsettled(store: Store) -> Unsettled:
    with store.reading() as connection:
        return _noted(connection)


def settled(store: Store, done: Unsettled, *, now: datetime) -> None:
    with store.writing() as connection:
        before = _noted(connection)
        value = {
            "articles": sorted({*before.articles} - {*done.articles}),
            "issues": sorted({*before.issues} - {*done.issues}),
        }
        put(connection, marks, {"name": UNSETTLED, "value": value, "at": now})


def _noted(connection: Connection) -> Unsettled:
    value = connection.execute(select(marks.c.value).where(marks.c.name == UNSETTLED)).scalar() or {}
    return Unsettled(tuple(value.get("articles", ())), tuple(value.get("issues", ())))


# ---------------------------------------------------------------- issues and letters


def from_issues(connection: Connection, words: Sequence[str], now: datetime, by: str) -> tuple[str, ...]:
    """Take readers' words out of every digest and letter that printed them; the ids of those issues.

    Counts stay: a reader was counted, and is not uncounted.
    """
    wanted = [folded for text in words if (folded := _flat(text))]
    if not wanted:
        return ()
    found = []
    rows = connection.execute(select(issues.c.id, issues.c.state, issues.c.digest).where(issues.c.digest.is_not(None)))
    for row in rows.all():
        digest = from_json(Digest, row.digest)
        bare = _without_voices(digest, wanted)
        if bare == digest:
            continue
        found.append(str(row.id))
        connection.execute(update(issues).where(issues.c.id == row.id).values(digest=bare, updated=now))
        line = {"issue": row.id, "at": now, "was": row.state, "became": row.state, "by": by, "proved": False}
        connection.execute(issue_log.insert().values(**line, reason=ERASED))
    _from_letters(connection, found, words)
    return tuple(found)


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _without_voices(digest: Digest, wanted: Sequence[str]) -> Digest:
    def bare(item: Item) -> Item:
        kept = tuple(v for v in item.voices if not any(_is_of(_flat(v.text), w) for w in wanted))
        return item if kept == item.voices else replace(item, voices=kept)

    sections = tuple(replace(s, items=tuple(bare(i) for i in s.items)) for s in digest.sections)
    return replace(digest, sections=sections, also_read=tuple(bare(i) for i in digest.also_read))


def _is_of(voice: str, words: str) -> bool:
    """A voice is a whole comment; where it is a part, a long one: 'I agree.' stands in other people's words too."""
    return voice == words or (len(voice) >= redacted.PREFIX and voice in words)


def _from_letters(connection: Connection, found: Sequence[str], words: Sequence[str]) -> None:
    for issue in found:
        query = select(letters).where(letters.c.issue.in_([issue, *named_after(connection, issue)]))
        for letter in connection.execute(query).all():
            same = (letters.c.issue == letter.issue) & (letters.c.kind == letter.kind)
            bare = {name: redacted.redact_text(getattr(letter, name), words) for name in ("text", "html")}
            connection.execute(update(letters).where(same).values(bare))


@dataclass(frozen=True, slots=True)
class Sent:
    """An issue that had somebody's words or article in it, and how many have it: what left can't be called back."""

    issue: str
    state: str
    sent: int
    last: datetime | None


def sent_of(store: Store, found: Iterable[str]) -> tuple[Sent, ...]:
    with store.reading() as connection:
        return tuple(_sent(connection, issue) for issue in found)


def _sent(connection: Connection, issue: str) -> Sent:
    state = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar() or "unknown"
    gone = select(func.count(), func.max(outbox.c.updated)).where(
        outbox.c.issue == issue,
        outbox.c.state.in_(("sent", "ambiguous", "sending")) | outbox.c.resent.is_not(None),
        outbox.c.kind.in_(("edition", "correction")),
    )
    count, last = connection.execute(gone).one()
    return Sent(issue, state, int(count), last)


def issues_with(store: Store, keys: Iterable[str]) -> tuple[str, ...]:
    """The issues that print these articles, by id."""
    found: set[str] = set()
    with store.reading() as connection:
        for part in chunks(keys):
            found.update(
                connection.execute(select(issue_items.c.issue).where(issue_items.c.article.in_(part))).scalars()
            )
    return tuple(sorted(found))


def withdrawn_in(store: Store, issue: str) -> frozenset[str]:
    """Keys of the articles that an issue prints and their publishers have taken back since."""
    query = (
        select(articles.c.key)
        .join(issue_items, issue_items.c.article == articles.c.key)
        .where(issue_items.c.issue == issue, articles.c.withdrawn_at.is_not(None))
    )
    with store.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def message_ids(store: Store, issue: str) -> frozenset[str]:
    """Message-IDs of what was sent, or written to the outbox folder, for an issue."""
    with store.reading() as connection:
        mine = outbox.c.issue.in_([issue, *named_after(connection, issue)])
        query = select(outbox.c.message_id).where(mine, outbox.c.message_id.is_not(None))
        return frozenset(connection.execute(query).scalars())


def replace_file(store: Store, issue: str, kind: str, sha256: str | None, size: int = 0) -> None:
    """A file of an issue was printed anew (or, without a digest, is gone)."""
    here = (issue_files.c.issue == issue) & (issue_files.c.kind == kind)
    with store.writing() as connection:
        if sha256 is None:
            connection.execute(delete(issue_files).where(here))
        else:
            connection.execute(update(issue_files).where(here).values(sha256=sha256, size=size))


# ---------------------------------------------------------------- asides


def from_asides(connection: Connection, words: Sequence[str], names: Sequence[str], source: str | None) -> int:
    """'Latest comments' in a margin are set aside with the page; how many lists lost a passage."""
    query = select(set_aside).join(articles, articles.c.key == set_aside.c.article)
    if source is not None:
        query = query.where(articles.c.source == source)
    full = [name for name in names if " " in name.strip()]
    passages = [part for text in words for part in text.split("\n\n") if len(part) >= redacted.LONG]
    starts = [part[: redacted.PREFIX + 5] for part in passages]
    changed = 0
    for row in connection.execute(query).all():
        before = tuple(from_json(Aside, a) for a in row.data)
        after = tuple(replace(a, text=redacted.NAMELESS) if _shows(a.text, starts, full) else a for a in before)
        if after != before:
            changed += 1
            connection.execute(update(set_aside).where(set_aside.c.article == row.article).values(data=after))
    return changed


def _shows(text: str, starts: Sequence[str], names: Sequence[str]) -> bool:
    return any(redacted.holds(text, s) for s in starts) or any(redacted.holds(text, n, whole=True) for n in names)


# ---------------------------------------------------------------- raw pages


@dataclass(frozen=True, slots=True)
class RawPage:
    url: str
    source: str | None
    outcome: str
    media_type: str
    sha256: str
    at: datetime


def pages_of(store: Store, article: str) -> tuple[RawPage, ...]:
    """Every raw page an article and its comments were read from, or that came from its address; newest last."""
    begun = select(page_articles.c.page).where(page_articles.c.article == article)
    documents = select(pages.c.document).where(pages.c.id.in_(begun), pages.c.document.is_not(None))
    addresses = select(pages.c.url).where(pages.c.id.in_(begun))
    # Apart, and not joined by "or", so that each is answered from its own index.
    beside = select(pages.c.id).where(pages.c.document.in_(documents))
    there = select(pages.c.id).where(pages.c.url.in_(addresses))
    query = select(pages).where(pages.c.sha256.is_not(None), pages.c.id.in_(union(begun, beside, there)))
    with store.reading() as connection:
        rows = connection.execute(query.order_by(pages.c.id)).all()
    found = {
        r.sha256: RawPage(r.final_url or r.url, r.source, r.outcome, r.media_type or "text/html", r.sha256, r.at)
        for r in rows
    }
    return tuple(found.values())


def articles_on(store: Store, sha256: str) -> frozenset[str]:
    """Articles that begin on a raw page and have not been withdrawn."""
    query = (
        select(page_articles.c.article)
        .join(pages, pages.c.id == page_articles.c.page)
        .join(articles, articles.c.key == page_articles.c.article)
        .where(pages.c.sha256 == sha256, articles.c.withdrawn_at.is_(None))
    )
    with store.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def at_address(store: Store, *urls: str) -> str | None:
    """The article that stands at one of these addresses (its own, or canonical), or was read from it."""
    with store.reading() as connection:
        named = connection.execute(select(articles.c.key).where(articles.c.url.in_(urls))).scalar()
        begun = (
            select(page_articles.c.article)
            .join(pages, pages.c.id == page_articles.c.page)
            .where(pages.c.url.in_(urls))
            .order_by(pages.c.id.desc())
        )
        return named or connection.execute(begun.limit(1)).scalar()


def story_of(store: Store, article: str) -> str | None:
    with store.reading() as connection:
        return connection.execute(select(articles.c.story).where(articles.c.key == article)).scalar()


def replace_page(store: Store, original: str, kept: str, *, now: datetime) -> None:
    """From now on the redacted page stands where the original stood. Addresses keep the original's digest: they are
    compared with what the site sends."""
    with store.writing() as connection:
        put(connection, redactions, {"original": original, "redacted": kept, "at": now})
        # A page may be redacted for one person after another.
        connection.execute(update(redactions).where(redactions.c.redacted == original).values(redacted=kept))
        connection.execute(update(pages).where(pages.c.sha256 == original).values(sha256=kept))


def replaced_pages(store: Store) -> tuple[str, ...]:
    """Digests of the originals that were replaced and must not be in the archive."""
    with store.reading() as connection:
        query = select(redactions.c.original).where(redactions.c.original != redactions.c.redacted)
        return tuple(connection.execute(query).scalars())


# ---------------------------------------------------------------- the file itself


# Tables that hold readers' words or names; the rest hold numbers and states.
_WORDY = (articles, article_versions, comments, verdicts, labels, rulings, set_aside, issues, letters, outbox)

WRITTEN_ANEW = "store written anew"
# With millions of rows it takes minutes, and as much room again. Half a day short of a week: no night comes to the
# second, and the seventh must not be too early.
ANEW = timedelta(days=6, hours=12)
PATIENCE = 5.0  # seconds that it waits for others: they would wait behind it


def scrub(store: Store) -> bool:
    """Write the file anew: a database leaves what was deleted in its free space. False where somebody else is at work,
    or the disk has no room for it.

    A PostgreSQL server also keeps its log of changes, and whatever is archived of it, for as long as it is set up to.
    """
    return _cleared(store, anew=True) is None


def clear(store: Store, *, now: datetime) -> Trouble | None:
    """Take what was deleted out of the store's files; once in `ANEW` the whole is written anew. What was in the way.

    In an SQLite file what is deleted is overwritten at once, so that between there is only its journal to empty. That
    leaves little: where a page was full and some of its rows moved to another one, it may keep what they said. A server
    is told each night that the room of what was deleted may be used again, which keeps nobody waiting.
    """
    with store.reading() as connection:
        last = connection.execute(select(marks.c.at).where(marks.c.name == WRITTEN_ANEW)).scalar()
    if last is not None and now - ANEW < last <= now:  # a machine whose clock was wrong for a night may have said 2030
        return _cleared(store, anew=False)
    if why := _cleared(store, anew=True):
        _cleared(store, anew=False)
        return why
    with store.writing() as connection:
        put(connection, marks, {"name": WRITTEN_ANEW, "value": None, "at": now})
    return None


def _cleared(store: Store, *, anew: bool) -> Trouble | None:
    begun = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with begun as connection:
        on_server = store.engine.dialect.name == "postgresql"
        return _server_cleared(connection, anew) if on_server else _file_cleared(connection, anew)


def _server_cleared(connection: Connection, anew: bool) -> Trouble | None:
    try:
        connection.exec_driver_sql(f"SET lock_timeout = {PATIENCE * 1000:.0f}")
        for table in _WORDY:
            connection.exec_driver_sql(f"VACUUM {'(FULL) ' if anew else ''}{table.name}")
        return None
    except DBAPIError as error:
        return _in_the_way(error)
    finally:
        connection.exec_driver_sql("RESET lock_timeout")  # the connection goes back to the pool


def _file_cleared(connection: Connection, anew: bool) -> Trouble | None:
    raw: Any = connection.connection.driver_connection
    waits = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    try:
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        if anew:
            raw.execute("VACUUM")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return "busy" if busy else None
    except sqlite3.Error as error:
        return _in_the_way(error)
    finally:
        raw.execute(f"PRAGMA busy_timeout = {waits}")


def _in_the_way(error: Exception) -> Trouble:
    if (found := trouble(error)) in ("busy", "full", "disk"):
        return found
    raise error
