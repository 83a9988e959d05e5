"""What five years leave in a store beside articles and comments: runs, visits, issues, messages, rulings, margins."""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cuttings.edges.store.packing import packed
from cuttings.edges.store.values import to_json
from cuttings.model import Aside, Audit, Digest, Item, Section, Words

VISITS = 5  # of each page that found it unchanged
RUNS, CONTACTS = 6, 2  # a day; contacts: of each of the sources
SOURCES, EDITIONS, READERS, ITEMS, ALSO = 40, ("managers", "members"), 200, 20, 40
REJUDGED, RULED = 50, 400  # one comment in so many
ASIDES = tuple(
    Aside(f"Latest comments: {name} said: {'much that is in nobody else’s words ' * 3}", why)
    for name, why in (("Ada Fell", "a list of other pages"), ("Ben Moor", "a list of other pages"), ("", "the footer"))
)


def add(path: Path, now: datetime, weeks: int) -> None:
    """Into a store that holds the articles and comments of so many weeks."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("later", 2, _later, deterministic=True)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -200000", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    given = {
        "now": as_text(now),
        "days": 7 * weeks,
        "margins": packed(to_json(ASIDES)),
        "soon": as_text(now - timedelta(days=30)),
    }
    for statement in _STATEMENTS:
        connection.execute(statement, given)
    _issues(connection, now, weeks)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def as_text(at: datetime) -> str:
    """An instant as the store writes it."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _later(moment: str, hours: float) -> str:
    return as_text(datetime.fromisoformat(moment) + timedelta(hours=hours))


def _numbers(count: str) -> str:
    return f"WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {count})"


_STATEMENTS = (
    f"{_numbers(f':days * {RUNS}')} "
    "INSERT INTO runs (kind, started, beat, ended, state, counts) "
    f"SELECT CASE n % {RUNS} WHEN 0 THEN 'collect' WHEN 1 THEN 'publish' ELSE 'deliver' END, "
    f"later(:now, (n - :days * {RUNS}) * 24.0 / {RUNS}), later(:now, (n - :days * {RUNS}) * 24.0 / {RUNS}), "
    f"later(:now, (n - :days * {RUNS}) * 24.0 / {RUNS}), 'done', '{{\"read\":55}}' FROM n",
    f"{_numbers(str(SOURCES))} INSERT INTO sources (id, name, first_contact, last_contact, last_success, failures) "
    "SELECT 'source-' || n, 'Source ' || n, later(:now, -24 * :days), :now, :now, 0 FROM n",
    f"{_numbers(f':days * {CONTACTS} * {SOURCES}')} INSERT INTO source_contacts (source, run, at, failure, found) "
    f"SELECT 'source-' || (n % {SOURCES}), 1 + n / {SOURCES * CONTACTS} * {RUNS}, "
    f"later(:now, (n - :days * {CONTACTS * SOURCES}) * 24.0 / {CONTACTS * SOURCES}), "
    "iif(n % 97 = 0, 'HTTP 503', NULL), n % 7 FROM n",
    "INSERT INTO addresses (url, source, first_seen, state, last_visit, next_visit, failures, etag, sha256) "
    "SELECT url, source, first_seen, 'read', later(first_seen, 240), "
    "iif(first_seen > :soon, later(first_seen, 800), NULL), 0, '\"' || key || '\"', sha256 "
    "FROM (SELECT a.url, a.source, a.first_seen, a.key, p.sha256 FROM articles a JOIN pages p ON p.url = a.url) "
    "WHERE true ON CONFLICT DO NOTHING",
    f"{_numbers(str(VISITS))} INSERT INTO pages (url, source, at, outcome, status, media_type, sha256, size) "
    "SELECT p.url, p.source, later(p.at, 24 * (n + 1) * (n + 1)), 'unchanged', "
    "iif(n % 2, 304, 200), p.media_type, iif(n % 2, NULL, p.sha256), iif(n % 2, NULL, p.size) "
    "FROM pages p CROSS JOIN n WHERE later(p.at, 24 * (n + 1) * (n + 1)) < :now ORDER BY p.at",
    "INSERT INTO set_aside (article, read_at, data) SELECT key, first_seen, :margins FROM articles",
    "INSERT INTO bylines (folded, article) SELECT 'writer ' || (rowid % 500), key FROM articles",
    "INSERT INTO verdicts (comment, at, until, outcome, quotable, score, because, rules_version) "
    "SELECT id, judged_at, later(judged_at, 48), 'review', 0, score, because, 'v0' FROM comments "
    f"WHERE id % {REJUDGED} = 0",
    "INSERT INTO rulings (subject, decision, by, at, exact) "
    "SELECT 'comment:' || key, iif(outcome = 'spam', 'spam', 'release'), 'Ed Itor', later(first_seen, 50), exact "
    f"FROM comments WHERE id % {RULED} = 0",
)


def _issues(connection: sqlite3.Connection, now: datetime, weeks: int) -> None:
    """One a week of each edition, sent to everybody."""
    for edition in EDITIONS:
        for week in range(weeks, 0, -1):
            end = (now - timedelta(weeks=week - 1)).date() - timedelta(days=1)
            _issue(connection, edition, weeks - week + 1, end, now - timedelta(weeks=week - 1))


def _issue(connection: sqlite3.Connection, edition: str, number: int, end: date, at: datetime) -> None:
    start, moment = end - timedelta(days=6), as_text(at)
    name = f"{edition}-{start}-{end}"
    rows = connection.execute(
        "SELECT key, story, title, url, source FROM articles WHERE published_at >= ? AND published_at < ? LIMIT ?",
        (as_text(at - timedelta(days=7)), moment, ITEMS + ALSO),
    ).fetchall()
    items = [_item(n, *row) for n, row in enumerate(rows)]
    digest = _digest(edition, number, start, end, at, items)
    connection.execute(
        "INSERT INTO issues (id, edition, period_start, period_end, revision, number, state, begun, updated, digest) "
        "VALUES (?, ?, ?, ?, 1, ?, 'delivered', ?, ?, ?)",
        (name, edition, str(start), str(end), number, moment, moment, packed(to_json(digest))),
    )
    connection.executemany(
        "INSERT INTO issue_files (issue, kind, path, sha256, size) VALUES (?, ?, ?, ?, 100000)",
        [(name, kind, f"issues/{name}/{kind}", "0" * 64) for kind in ("pdf", "html", "json", "large")],
    )
    connection.executemany(
        "INSERT INTO issue_items (issue, position, story, article, version, theme, reason) "
        "VALUES (?, ?, ?, ?, 1, 'theme-1', 'local; discussed')",
        [(name, n, item.story, item.article) for n, item in enumerate(items, 1)],
    )
    connection.executemany(
        "INSERT INTO usage (issue, article, source, licence, words, recipients, at) "
        "VALUES (?, ?, ?, 'excerpt', 25, ?, ?)",
        [(name, item.article, item.source, READERS, moment) for item in items],
    )
    steps = ("begun", "composed", "awaiting approval", "approved", "delivering", "delivered")
    connection.executemany(
        "INSERT INTO issue_log (issue, at, was, became, by, proved) VALUES (?, ?, ?, ?, 'Ed Itor', 0)",
        [(name, moment, was, became) for was, became in itertools.pairwise(steps)],
    )
    connection.execute(
        "INSERT INTO letters (issue, kind, subject, text, html, at) VALUES (?, 'edition', ?, ?, ?, ?)",
        (name, f"Cuttings {number}", "A line of the letter. " * 300, "<p>A line of the letter.</p>" * 600, moment),
    )
    connection.executemany(
        "INSERT INTO outbox (issue, kind, recipient, folded, state, attempts, created, next_try, deadline, updated, "
        "message_id) VALUES (?, 'edition', ?, ?, ?, 1, ?, ?, ?, ?, ?)",
        [
            (name, to, to, "refused" if n == 7 else "sent", moment, moment, moment, moment, f"<{name}.{n}@council>")
            for n in range(READERS)
            for to in (f"officer{n}@council.example",)
        ],
    )


def _item(n: int, key: str, story: str, title: str, url: str, source: str) -> Item:
    return Item(
        number=f"M{n + 1}",
        story=story,
        article=key,
        version=1,
        source=source,
        headline=Words(title, "source"),
        url=url,
        byline=Words(f"{source}, this week", "count"),
        marks=(),
        theme="theme-1",
        brief=n >= ITEMS,
        comments=Words("20 readers commented.", "count"),
        because=("local", "discussed"),
    )


def _digest(edition: str, number: int, start: date, end: date, at: datetime, items: list[Item]) -> Digest:
    section = Section("theme-1", Words("Home care", "configuration"), 0, tuple(items[:ITEMS]))
    return Digest(
        edition=edition,
        name=f"Cuttings for {edition}",
        audience="managers",
        council="Fellshire",
        service="Adult social care",
        number=number,
        start=start,
        end=end,
        composed=at,
        title=Words(f"Cuttings for {edition}", "configuration"),
        sources=Words("Sources read: 40 of 40.", "count"),
        contact=(),
        contact_email="officer@council.example",
        in_brief=(),
        sections=(section,),
        also_read=tuple(replace(item, comments=None) for item in items[ITEMS:]),
        diary=(),
        readers=(),
        trend=None,
        explained=(),
        made=(),
        notices=(),
        audit=Audit(pages_in=400, pages_read=400, articles=400, stories=400),
        stories={"theme-1": len(items)},
        empty=False,
    )
