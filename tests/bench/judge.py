"""Copies among very many comments: the first load, the cost of one more, and two peers on the same texts.

Each figure comes from a process of its own, so that one does not warm or fill the memory of another. The texts are
made here: words drawn as English uses them, 45 to a comment on average, a tenth of them copies (half of those edited).
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.table import Cell, Table, cpu_seconds, peak_megabytes

SIZES = (10_000, 100_000, 1_000_000)
DATASKETCH_TO = 10_000  # beyond it takes minutes
THRESHOLD, PERMUTATIONS, BANDS = 0.5, 128, 32
NEW = 300  # comments that come after the first load
SHARE, SHARES = 0.1, (0.5, 0.9)  # of them are copies
THREAD = 10  # to a thread: they are looked up as they are read
RULES, STORIES = (1_000, 10_000), (1_000, 10_000)  # comments, articles: what each costs shows with these
PARAGRAPHS = 10  # of an article


def comments(count: int, seed: int = 7, share: float = SHARE) -> tuple[list[str], list[int]]:
    """Texts, and for each the position of the one that it was copied from, or -1."""
    import numpy as np
    from wordfreq import top_n_list

    chance, numbers = random.Random(seed), np.random.default_rng(seed)
    words = [w for w in top_n_list("en", 20_000) if w.isalpha()]
    odds = 1 / (np.arange(len(words)) + 3.0)
    lengths = np.clip(numbers.lognormal(3.5, 0.75, count).round(), 3, 200).astype(int).tolist()
    texts: list[str] = []
    origin: list[int] = []
    for at, length in enumerate(lengths):
        if at % 10_000 == 0:
            # No word order: what English says again and again ('a lot of the') is met less often than among readers.
            stock = iter(numbers.choice(len(words), sum(lengths[at : at + 10_000]), p=odds / odds.sum()).tolist())
        if at > 100 and chance.random() < share:
            source = chance.randrange(at)
            source = source if origin[source] < 0 else origin[source]
            texts.append(texts[source] if chance.random() < 0.5 else _edited(texts[source], chance))
            origin.append(source)
            continue
        texts.append(" ".join(words[next(stock)] for _ in range(length)).capitalize() + ".")
        origin.append(-1)
    return texts, origin


def _edited(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) >= 12 and chance.random() < 0.5:
        return " ".join(words[: max(8, round(len(words) * 0.6))])
    words[chance.randrange(len(words))] = "changed"
    return " ".join(words)


# ---------------------------------------------------------------- what is measured, each in a process of its own


def ours(count: int, share: float = SHARE) -> dict[str, Cell]:
    from cuttings.duplicates.batch import copies

    texts, origin = comments(count, share=share)
    before = cpu_seconds()
    found = copies(texts)
    spent = cpu_seconds() - before
    return {"cpu s": spent, "peak MB": peak_megabytes(), **_rates([f >= 0 for f in found], origin, texts)}


def rensa(count: int) -> dict[str, Cell]:
    from rensa import RMinHash, RMinHashLSH

    texts, origin = comments(count)
    before = cpu_seconds()
    index = RMinHashLSH(THRESHOLD, PERMUTATIONS, BANDS)
    flags = []
    for at, text in enumerate(texts):
        sketch = RMinHash(PERMUTATIONS, 42)
        sketch.update(_pieces(text))
        flags.append(bool(index.query(sketch)))
        index.insert(at, sketch)
    spent = cpu_seconds() - before
    return {"cpu s": spent, "peak MB": peak_megabytes(), **_rates(flags, origin, texts)}


def datasketch(count: int) -> dict[str, Cell]:
    from datasketch import MinHash, MinHashLSH

    texts, origin = comments(count)
    before = cpu_seconds()
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, PERMUTATIONS // BANDS))
    flags = []
    for at, text in enumerate(texts):
        sketch = MinHash(PERMUTATIONS)
        sketch.update_batch([p.encode() for p in _pieces(text)])
        flags.append(bool(index.query(sketch)))
        index.insert(str(at), sketch)
    spent = cpu_seconds() - before
    return {"cpu s": spent, "peak MB": peak_megabytes(), **_rates(flags, origin, texts)}


def _pieces(text: str) -> list[str]:
    text = text.lower()
    return [text[i : i + 5] for i in range(max(1, len(text) - 4))]


def _rates(flags: Sequence[bool], origin: Sequence[int], texts: Sequence[str]) -> dict[str, Cell]:
    """Of the copies of eight words or more: how many were found; of what was flagged: how much is a copy."""
    telling = [len(t.split()) >= 8 for t in texts]
    right = sum(f and o >= 0 for f, o, t in zip(flags, origin, telling, strict=True) if t)
    flagged = sum(f for f, t in zip(flags, telling, strict=True) if t)
    copied = sum(o >= 0 for o, t in zip(origin, telling, strict=True) if t)
    return {"recall": right / copied, "precision": right / max(1, flagged)}


def store(count: int) -> dict[str, Cell]:
    """The index in the store: CPU to look one more comment up and to enter it, and bytes of index a comment."""
    from cuttings import duplicates
    from cuttings.duplicates.signatures import Signature, bands_of
    from cuttings.edges.store import candidates, open_store
    from cuttings.edges.store.connect import add_pairs
    from cuttings.edges.store.tables import comment_bands

    texts, _ = comments(count + NEW)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cuttings.db"
        house = open_store(path)
        empty = path.stat().st_size
        pairs = []
        for start in range(0, count, 20_000):
            keys = [duplicates.normalise(t) for t in texts[start : min(count, start + 20_000)]]
            owner, band = bands_of(keys, "comment")
            pairs += list(zip(band.tolist(), (owner + start + 1).tolist(), strict=True))
        raw = sqlite3.connect(path)
        # As the daily handful comes, in no order of bands: pages of the index are split as they would be.
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA cache_size = -400000")
        raw.executemany("INSERT OR IGNORE INTO comment_bands (band, comment) VALUES (?, ?)", pairs)
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.close()
        size = path.stat().st_size - empty
        signs: list[Signature] = []
        before = cpu_seconds()
        for start in range(count, count + NEW, THREAD):
            mine = duplicates.signatures(texts[start : start + THREAD])
            candidates.like_comments(house, [(one.exact, one.bands) for one in mine])
            signs += mine
        spent = cpu_seconds() - before
        with house.writing() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            before = cpu_seconds()
            for at, one in enumerate(signs):
                add_pairs(connection, comment_bands, [(b, count + at) for b in set(one.bands)])
            spent += cpu_seconds() - before
            connection.rollback()
        letters = sum(map(len, texts[:count])) / count
    return {"ms a new item": 1000 * spent / NEW, "index B": size / count, "text B": letters}


def rules(count: int) -> dict[str, Cell]:
    """The verdicts on so many comments in threads of ten, with nothing known from elsewhere."""
    from cuttings import spam
    from cuttings.model import Comment, JudgedComment

    texts, _ = comments(count)
    threads = [
        [
            Comment(f"{start + n:016x}", "a", n, f"Reader {start + n}", None, False, "2026-04-01", text)
            for n, text in enumerate(texts[start : start + THREAD], 1)
        ]
        for start in range(0, count, THREAD)
    ]
    spam.judge(None, threads[0])  # what is loaded once
    before = cpu_seconds()
    judged = [JudgedComment(c, v) for some in threads for c, v in zip(some, spam.judge(None, some), strict=True)]
    spent = cpu_seconds() - before
    assert len(judged) == count
    return {"cpu s": spent, "peak MB": peak_megabytes()}


def stories(count: int) -> dict[str, Cell]:
    """So many articles, each placed among those before it; a tenth are copies."""
    from cuttings.duplicates import StoryIndex
    from cuttings.model import Article

    texts, _ = comments(count * PARAGRAPHS, share=0)
    chance = random.Random(5)
    articles: list[Article] = []
    copied = []
    for n in range(count):
        source = chance.randrange(n) if n > 100 and chance.random() < SHARE else -1
        paragraphs = articles[source].paragraphs if source >= 0 else tuple(texts[n * PARAGRAPHS : (n + 1) * PARAGRAPHS])
        if source >= 0 and chance.random() < 0.5:
            paragraphs = paragraphs[:-1]
        articles.append(
            Article(key=f"{n:016x}", url=None, source=f"s{n % 40}", title=f"{texts[n][:40]} {n}", paragraphs=paragraphs)
        )
        copied.append(source >= 0)
    index = StoryIndex()
    before = cpu_seconds()
    joined = [index.place(one).membership.story != one.key for one in articles]
    spent = cpu_seconds() - before
    right = sum(j and c for j, c in zip(joined, copied, strict=True))
    return {
        "cpu s": spent,
        "peak MB": peak_megabytes(),
        "recall": right / sum(copied),
        "precision": right / max(1, sum(joined)),
    }


WHAT: dict[str, Callable[..., dict[str, Cell]]] = {
    "ours": ours,
    "rensa": rensa,
    "datasketch": datasketch,
    "store": store,
    "rules": rules,
    "stories": stories,
}


def measure(quick: bool) -> Table:
    sizes = (2_000, 10_000) if quick else SIZES
    rows: list[dict[str, Cell]] = []
    for size in sizes:
        row = {"comments": size, "who": "ours", **_apart("ours", size), **_apart("store", size)}
        row["us each"] = 1e6 * float(row["cpu s"] or 0) / size
        rows.append(row)
    for share in SHARES:
        for size in sizes[:2]:
            row = {"comments": size, "who": f"ours, {share:.0%} copies", **_apart("ours", size, share)}
            row["us each"] = 1e6 * float(row["cpu s"] or 0) / size
            rows.append(row)
    for what, who, counts in (
        ("rules", "ours: a verdict by every rule", RULES), ("stories", "ours: articles, each to its story", STORIES),
    ):  # fmt: skip
        for size in counts[:1] if quick else counts:
            row = {"comments": size, "who": who, **_apart(what, size)}
            row["us each"] = 1e6 * float(row["cpu s"] or 0) / size
            rows.append(row)
    for who, most in (("rensa", sizes[-1]), ("datasketch", DATASKETCH_TO)):
        for size in sizes:
            if size <= most:
                row = {"comments": size, "who": who, **_apart(who, size)}
                row["us each"] = 1e6 * float(row["cpu s"] or 0) / size
                rows.append(row)
    return Table(
        "Copies among comments: the first load, and one more comment against the store's index",
        rows,
        (
            "cpu s: from texts in memory to every copy known, one thread. Copies under 8 words are not counted.",
            "rensa, datasketch: MinHash alone (128 permutations, 32 bands), with no check of what it proposes.",
            f"ms a new item: signature, look-up and entry in SQLite, mean of {NEW} in threads of {THREAD}.",
            "index B: bytes of index a comment.",
            "a verdict by every rule: some 200 patterns and measures, comments in threads of ten; no copies sought.",
            "articles: of 450 words, a tenth of them copies, half of those with their last paragraph cut off.",
        ),
    )


def _apart(what: str, size: int, *more: float) -> dict[str, Cell]:
    """The figures of one of WHAT, from a process of its own."""
    command = [sys.executable, "-m", "tests.bench.judge", what, str(size), *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    if done.returncode:
        raise RuntimeError(f"measuring {what} with {size} comments failed: {done.stderr[-500:]}")
    figures: dict[str, Cell] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](int(sys.argv[2]), *map(float, sys.argv[3:]))))
