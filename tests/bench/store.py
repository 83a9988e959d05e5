"""The store as it grows: what a comment and an article weigh, and how long the desk's questions take.

The rows are those that `save` writes (versions, stories, labels, bands of the index of duplicates, verdicts, pages),
put in by batches: five years of a large council are 100,000 articles with twenty comments each.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table as Rows

from cuttings.edges.store import Store, issues, judged, open_store, outbox, people, periods, recipients, stats, trail
from cuttings.edges.store import tables as t
from cuttings.edges.store.suppressed import pseudonym
from cuttings.model import Article, Evidence, Reason
from tests.bench.table import Cell, Table, cpu_seconds

ARTICLES, COMMENTS, YEARS = 100_000, 20, 5  # comments below each article
QUICK = 1_000
SMALL = 500  # articles of the store that a large one is compared with: 10,000 comments
BATCH = 2_000  # articles
BANDS, VOCABULARY, NAMES = 8, 4_000, 50_000
NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
KEY = b"a key made for measuring"
MOST = 2.0  # seconds within which every question is answered


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

    week = timedelta(weeks=1) / 400  # 400 articles a week, which is what five years of 100,000 come to
    for first in range(0, count, BATCH):
        rows: dict[Rows, list[dict[str, Any]]] = {
            table: []
            for table in (
                t.stories, t.articles, t.article_versions, t.memberships, t.article_bands, t.pages, t.page_articles,
                t.labels, t.comments, t.comment_bands,
            )
        }  # fmt: skip
        for n in range(first, min(first + BATCH, count)):
            at = NOW - week * (count - n)
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
    """A store with that many articles, and the CPU seconds that inserting took (making the rows not counted)."""
    store = open_store(path, hash_key=KEY)
    spent = 0.0
    for rows in batches(count):
        began = cpu_seconds()
        with store.writing() as connection:
            for table, values in rows.items():
                connection.execute(table.insert(), values)
        spent += cpu_seconds() - began
    for n in range(200):
        recipients.add(store, "managers", f"officer{n}@council.example", now=NOW)
    return store, spent


def questions(store: Store, count: int) -> Mapping[str, Callable[[], object]]:
    """What the commands of the desk ask, and what a publish loads."""
    article, comment, week = key("article", count // 2), key("comment", count * COMMENTS // 2), NOW - timedelta(days=7)
    return {
        "issues": lambda: issues.latest(store),
        "recipients list": lambda: recipients.every(store),
        "outbox list": lambda: outbox.troubled(store),
        "quarantine list": lambda: judged.by_outcome(store, "spam"),
        "review, the queue": lambda: judged.by_outcome(store, "review"),
        "explain KEY (an article)": lambda: (trail.article_state(store, article), trail.pages_of(store, article)),
        "explain KEY (a comment)": lambda: trail.comment_state(store, comment),
        "explain ADDRESS": lambda: trail.at_address(store, [f"https://news.example/1/{key('address', 1)}"]),
        "person NAME": lambda: people.voices_of(store, "Jo Brack"),
        "stats": lambda: stats.stats(store),
        "stats, by month": lambda: stats.growth(store, 12),
        "publish: a week": lambda: (periods.stories(store, week, NOW, now=NOW), periods.audit(store, week, NOW)),
    }


def answered(ask: Callable[[], object], rounds: int = 3) -> tuple[float, float]:
    """(seconds, CPU seconds) of the best of some rounds: the first one pays for what lies on the disk."""
    best = (float("inf"), float("inf"))
    for _ in range(rounds):
        began, cpu = time.monotonic(), cpu_seconds()
        ask()
        best = min(best, (time.monotonic() - began, cpu_seconds() - cpu), key=lambda one: one[1])
    return best


def measure(quick: bool) -> Table:
    count = QUICK if quick else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        small, _ = filled(Path(folder) / "small.db", SMALL)
        large, spent = filled(Path(folder) / "large.db", count)
        few, many = questions(small, SMALL), questions(large, count)
        rows: list[dict[str, Cell]] = []
        for name in many:
            _, least = answered(few[name])
            seconds, cpu = answered(many[name])
            rows.append(
                {
                    "question": name,
                    f"{SMALL * COMMENTS:,} comments, CPU s": least,
                    f"{count * COMMENTS:,} comments, CPU s": cpu,
                    "seconds": seconds,
                    "within": MOST,
                }
            )
        notes = [*_weight(large, count), f"Inserted with {count * (COMMENTS + 1) / spent:,.0f} rows per CPU second."]
        small.close()
        large.close()
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
