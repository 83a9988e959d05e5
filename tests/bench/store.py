"""The store as it grows: what a comment and an article weigh, and how long the desk's questions take.

The rows are those that `save` writes (versions, stories, labels, bands of the index of duplicates, verdicts, pages),
put in by batches: five years of a large council are 100,000 articles with twenty comments each.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table as Rows
from sqlalchemy import select

from cuttings.edges.store import (
    Store,
    addresses,
    bylines,
    issues,
    judged,
    labelling,
    numbers,
    open_store,
    outbox,
    people,
    periods,
    recipients,
    retained,
    runs,
    sources,
    stats,
    trail,
    usage,
)
from cuttings.edges.store import tables as t
from cuttings.edges.store.packing import packed, unpacked
from cuttings.edges.store.suppressed import pseudonym
from cuttings.model import Article, Evidence, Reason
from tests.bench import commands, store_years
from tests.bench.store_years import as_text
from tests.bench.table import Cell, Table, cpu_seconds

ARTICLES, COMMENTS, YEARS = 100_000, 20, 5  # comments below each article
QUICK = 1_000
SMALL = 500  # articles of the store that a large one is compared with: 10,000 comments
BATCH = 2_000  # articles
APART = timedelta(weeks=1) / 400  # 400 articles a week, which is what five years of 100,000 come to
BANDS, VOCABULARY, NAMES = 8, 4_000, 50_000
NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
KEY = b"a key made for measuring"
ROUNDS = 4
MOST = 2.0  # seconds within which every question is answered
TABLES = (
    t.stories, t.articles, t.article_versions, t.memberships, t.article_bands, t.pages, t.page_articles, t.labels,
    t.comments, t.comment_bands,
)  # fmt: skip


def key(kind: str, n: int) -> str:
    return hashlib.sha256(f"{kind} {n}".encode()).hexdigest()[:16]


def batches(count: int, seed: int = 3) -> Iterator[dict[Rows, list[dict[str, Any]]]]:
    """The rows of `count` articles, table by table; the latest ones are of this week, whatever the count."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghilmnoprstuw", k=chance.randint(2, 9))) for _ in range(VOCABULARY)]
    names = [f"{chance.choice(words).title()} {chance.choice(words).title()}" for _ in range(NAMES)]
    hashes = {name: pseudonym(name, KEY) for name in names}

    def text(n: int) -> str:
        return " ".join(chance.choices(words, k=n))

    for first in range(0, count, BATCH):
        rows: dict[Rows, list[dict[str, Any]]] = {table: [] for table in TABLES}
        for n in range(first, min(first + BATCH, count)):
            at = NOW - APART * (count - n)
            _article(rows, n, at, text)
            for m in range(COMMENTS):
                name = chance.choice(names)
                _comment(rows, n * COMMENTS + m + 1, n, m + 1, at, text(45), name, hashes[name], chance)
        yield rows


def _article(rows: Mapping[Rows, list[dict[str, Any]]], n: int, at: datetime, text: Callable[[int], str]) -> None:
    own, url = key("article", n), f"https://news.example/{n}/{key('address', n)}"
    made = Article(
        key=own, url=url, source=f"source-{n % 40}", title=text(8), standfirst=text(20), authors=(text(2).title(),),
        kind="news", language="en", published=at.date().isoformat(), precision="day",
        paragraphs=tuple(text(60) for _ in range(10)),
    )  # fmt: skip
    rows[t.stories].append({"key": own, "first_seen": at})
    bands = [hash((n, b)) % 2**31 for b in range(BANDS)]
    rows[t.articles].append(
        {
            "key": own, "url": url, "source": made.source, "title": made.title, "first_seen": at, "published_at": at,
            "version": 1, "story": own, "primary_theme": f"theme-{n % 15}", "exact": key("exact", n), "bands": bands,
        }
    )  # fmt: skip
    rows[t.article_versions].append(
        {"article": own, "version": 1, "read_at": at, "cause": "first", "fields": [], "data": made}
    )
    rows[t.memberships].append(
        {"article": own, "story": own, "similarity": 1.0, "because": "the first of its story", "since": at}
    )
    rows[t.article_bands] += [{"band": band, "article": own} for band in set(bands)]
    rows[t.pages].append(
        {
            "id": n + 1, "url": url, "source": made.source, "at": at, "outcome": "read", "status": 200,
            "media_type": "text/html", "sha256": hashlib.sha256(url.encode()).hexdigest(), "size": 60_000,
        }
    )  # fmt: skip
    rows[t.page_articles].append({"page": n + 1, "article": own})
    for m in range(2):
        rows[t.labels].append(
            {
                "subject": f"article:{own}", "theme": f"theme-{(n + m) % 15}", "score": 0.6, "is_primary": not m,
                "evidence": [Evidence("care home", "text", 40, 49), Evidence("closure", "title", 4, 11)], "at": at,
            }
        )  # fmt: skip


def _comment(
    rows: Mapping[Rows, list[dict[str, Any]]],
    number: int,
    article: int,
    n: int,
    at: datetime,
    text: str,
    name: str,
    hashed: str,
    chance: random.Random,
) -> None:
    outcome = chance.choices(("genuine", "spam", "review", "duplicate"), (80, 14, 2, 4))[0]
    held = at > NOW - timedelta(days=90)
    bands = {chance.randrange(-(2**31), 2**31) for _ in range(2)}
    because = [] if outcome == "genuine" else [Reason("link", 3.0, "one link to https://shop.example")]
    rows[t.comments].append(
        {
            "id": number, "key": key("comment", number), "article": key("article", article), "n": n,
            "author": name if held else None, "author_hash": hashed, "names_expire": at + timedelta(days=90) if held
            else None, "by_article_author": False, "posted": at.date().isoformat(), "text": text,
            "exact": key("words", number), "bands": sorted(bands), "first_seen": at, "outcome": outcome,
            "quotable": outcome == "genuine", "score": round(chance.random() * 5, 2), "because": because,
            "rules_version": "v1", "judged_at": at,
        }
    )  # fmt: skip
    rows[t.comment_bands] += [{"band": band, "comment": number} for band in bands]


def filled(path: Path, count: int) -> tuple[Store, float]:
    """A store with that many articles, and how many rows went in per CPU second (making them not counted).

    A year's worth of random words takes minutes to draw: one stretch of weeks is drawn, and the weeks before it are
    copies of it with keys, addresses, digests and bands of their own.
    """
    latest = min(count, BATCH)
    store = open_store(path, hash_key=KEY)
    # Beside it, as each table's rows lie in the order of time.
    drawn = open_store(path.with_name(f"{path.stem}-drawn.db"), hash_key=KEY)
    spent = inserted = 0.0
    for rows in batches(latest):
        began = cpu_seconds()
        with drawn.writing() as connection:
            for table, values in rows.items():
                connection.execute(table.insert(), values)
                inserted += len(values)
        spent += cpu_seconds() - began
    drawn.close()
    _copies(path, Path(drawn.place), -(-count // latest))
    store_years.add(path, NOW, weeks=max(1, count * APART // timedelta(weeks=1)))
    for n in range(200):
        recipients.add(store, "managers", f"officer{n}@council.example", now=NOW)
    return store, inserted / spent


def _copies(path: Path, drawn: Path, times: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("own", 2, own, deterministic=True)
    connection.create_function("renamed", 3, _renamed, deterministic=True)
    connection.create_function("before", 2, _before, deterministic=True)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -200000", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS drawn", (str(drawn),))
    for back in reversed(range(times)):
        connection.execute("BEGIN")
        for table in TABLES:
            columns = [column.name for column in table.columns]
            given = ", ".join(_EARLIER.get(f"{table.name}.{name}", _EARLIER.get(name, name)) for name in columns)
            order = ", ".join(column.name for column in table.primary_key) if table in (t.comments, t.pages) else "1"
            connection.execute(
                f"INSERT INTO main.{table.name} ({', '.join(columns)}) "
                f"SELECT {given} FROM drawn.{table.name} ORDER BY {order}",
                {"back": back, "rows": (times - 1 - back) * BATCH, "cut": as_text(NOW - timedelta(days=90))},
            )
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def own(value: str | None, back: int) -> str | None:
    """The key or digest that the copy of so many stretches ago has instead of this one; the latest keep theirs."""
    if value is None or not back:
        return value
    return hashlib.blake2b(f"{value} {back}".encode(), digest_size=len(value) // 2).hexdigest()


def _renamed(data: bytes, key: str, new: str) -> bytes:
    return packed(unpacked(data).replace(key, new))


def _before(moment: str | None, back: int) -> str | None:
    return moment and as_text(datetime.fromisoformat(moment) - APART * BATCH * back)


_MOVED_BAND = "(band + 2147483648 + :back * 40503077) % 4294967296 - 2147483648"
_NAMED = "CASE WHEN before(first_seen, :back) > :cut THEN {} END"
# What a column of a copy holds, where it is not what was drawn.
_EARLIER: Mapping[str, str] = {
    "key": "own(key, :back)",
    "article": "own(article, :back)",
    "story": "own(story, :back)",
    "exact": "own(exact, :back)",
    "sha256": "own(sha256, :back)",
    "url": "iif(:back, replace(url, '.example/', '.example/' || :back || '/'), url)",
    "data": "renamed(data, article, own(article, :back))",
    "id": f"id + :rows * {COMMENTS}",
    "comment": f"comment + :rows * {COMMENTS}",
    "pages.id": "id + :rows",
    "page": "page + :rows",
    "memberships.id": "id + :rows",
    "band": _MOVED_BAND,
    "subject": "'article:' || own(substr(subject, 9), :back)",
    **{
        name: f"before({name}, :back)" for name in ("at", "first_seen", "published_at", "read_at", "since", "judged_at")
    },
    "author": _NAMED.format("author"),
    "names_expire": _NAMED.format("before(names_expire, :back)"),
}


def questions(store: Store, count: int) -> Mapping[str, Callable[[], object]]:
    """What the commands of the desk ask, and what a publish loads."""
    # In the middle of the store, where nothing is of this week.
    latest, back = min(count, BATCH), max(0, count // BATCH // 2)
    article, comment = (str(own(key(kind, latest // 2), back)) for kind in ("article", "comment"))
    week = NOW - timedelta(days=7)
    with store.reading() as connection:
        latest_name = (
            select(t.comments.c.author).where(t.comments.c.author.is_not(None)).order_by(t.comments.c.id.desc())
        )
        name = str(connection.execute(latest_name.limit(1)).scalar_one())
    return {
        "issues": lambda: issues.latest(store),
        "recipients list": lambda: recipients.every(store),
        "outbox list": lambda: outbox.troubled(store),
        "quarantine list": lambda: judged.by_outcome(store, "spam"),
        "review, what waits below a week's articles": lambda: judged.waiting_of(store, "review", week, NOW, most=1000),
        "explain KEY (an article)": lambda: (trail.article_state(store, article), trail.pages_of(store, article)),
        "explain KEY (a comment)": lambda: trail.comment_state(store, comment),
        "explain ADDRESS": lambda: trail.at_address(store, [f"https://news.example/1/{key('address', 1)}"]),
        "person NAME": lambda: people.voices_of(store, name),
        "stats": lambda: stats.stats(store),
        "stats, by month": lambda: stats.growth(store, 12),
        "review, what waits": lambda: judged.waiting(store, "review", most=1000),
        "themes list": lambda: labelling.counts(store),
        "forget, who writes as well": lambda: bylines.authored(store, "Writer 7"),
        "usage": lambda: usage.between(store, NOW - timedelta(days=365), NOW),
        "doctor: sources, runs, messages": lambda: (
            sources.every(store),
            runs.latest(store),
            runs.last(store, "collect"),
            numbers.mail(store),
            numbers.waiting_mail(store, before=NOW),
        ),
        "the list of all issues": lambda: numbers.printed(store),
        "what is due to be visited": lambda: addresses.due(store, now=NOW),
        "governance, health: counts": lambda: (numbers.held(store), numbers.queue(store), numbers.printed(store)),
        "retention: what is over": lambda: (
            retained.names_over(store, now=NOW, keep=people.NameDays()),
            retained.texts_over(store, now=NOW),
            retained.pages_over(store, _archived(store), now=NOW, days=90, licences={"source-1": 30}),
        ),
        "publish: a week": lambda: (periods.stories(store, week, NOW, now=NOW), periods.audit(store, week, NOW)),
    }


def _archived(store: Store) -> Iterator[str]:
    """Digests of the raw pages of the latest three months: the archive holds no others."""
    with store.reading() as connection:
        query = select(t.pages.c.sha256).where(t.pages.c.outcome == "read", t.pages.c.at > NOW - timedelta(days=90))
        yield from connection.execute(query).scalars()


def answered(ask: Callable[[], object]) -> tuple[float, float]:
    """(seconds, CPU seconds)."""
    began, cpu = time.monotonic(), cpu_seconds()
    ask()
    return time.monotonic() - began, cpu_seconds() - cpu


def measure(quick: bool) -> Table:
    count = QUICK if quick else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("small", "large")]
        for home in homes:
            home.mkdir(mode=0o700)
        small, _ = filled(homes[0] / commands.DATABASE, SMALL)
        large, rate = filled(homes[1] / commands.DATABASE, count)
        try:
            table = beside(small, large, count, rate)
        finally:
            small.close()
            large.close()
        houses = [commands.house(home, KEY, NOW, store_years.SOURCES) for home in homes]
        whole = commands.rows(houses[0], houses[1], _heads(count), MOST)
        return Table(
            table.title, [*table.rows, *whole], [*table.notes, "./run …: the whole command, its start included."]
        )


def _heads(count: int) -> tuple[str, str]:
    return f"{SMALL * COMMENTS:,} comments, CPU s", f"{count * COMMENTS:,} comments, CPU s"


def beside(small: Store, large: Store, count: int, rate: float) -> Table:
    """Each question to either store, in turns: a busy machine slows both."""
    few, many = questions(small, SMALL), questions(large, count)
    rows: list[dict[str, Cell]] = []
    less, more = _heads(count)
    for name in many:
        # The best of some rounds, as many of either: the first one pays for what lies on the disk.
        turns = [(answered(few[name])[1], *answered(many[name])) for _ in range(ROUNDS)]
        small_cpu, seconds, cpu = (min(column) for column in zip(*turns, strict=True))
        rows.append(
            {
                "question": name,
                less: small_cpu,
                more: cpu,
                "seconds": seconds,
                "within": MOST,
            }
        )
    notes = [*_weight(large, count), f"Inserted in batches with {rate:,.0f} rows per CPU second."]
    return Table("The store as it grows", rows, notes)


def _weight(store: Store, count: int) -> list[str]:
    """Bytes by table and its indexes, as SQLite counts its pages."""
    with store.reading() as connection:
        size = sum(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count",)) * int(
            connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        )
        try:
            of = dict(connection.exec_driver_sql("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name").tuples().all())
        except Exception:  # not every SQLite is built with dbstat
            return [f"{size / 1e6:,.0f} MB in all, {size / count:,.0f} bytes an article with its {COMMENTS} comments."]
    voices = sum(n for name, n in of.items() if "comment" in name)
    return [
        f"{size / 1e6:,.0f} MB in all: {voices / count / COMMENTS:,.0f} bytes a comment, "
        f"{(size - voices) / count:,.0f} an article (with versions, pages, labels and indexes)."
    ]
