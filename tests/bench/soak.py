"""A month in one process: thousands of articles through the whole line, day by day, with a moved clock.

`serve` gives every run a process of its own; here all of them share one, so that what a run leaves behind adds up:
memory, open files, rows. The papers are those of `line`, over the same real servers.
"""

from __future__ import annotations

import ctypes
import gc
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cuttings.edges.store.packing import unpacked
from tests.bench.line import House, Site, family, house, names_lead_to_loopback, site
from tests.bench.line_site import NEWEST
from tests.bench.table import Cell, Table, cpu_seconds

HOME = Path(__file__).resolve().parents[2]
HOSTS, ARTICLES, DAYS = 20, 10_000, 30
FEW_HOSTS, FEW_ARTICLES, FEW_DAYS = 3, 120, 10  # the quick part
WARM = 3  # days until everything has been loaded once
# What the second half may add a day, of what there is: a leak of a hundred bytes a page would be more.
MOST_MEMORY, MOST_FILES = 0.005, 0.1
MOST_OBJECTS = 200  # caches that have a limit fill up
MOST_OVER = 0.05  # of the payload
PACKED = (
    ("comments", "because"), ("verdicts", "because"), ("labels", "evidence"), ("article_versions", "data"),
    ("set_aside", "data"), ("issues", "digest"),
)  # fmt: skip


# ---------------------------------------------------------------- the month, in a process of its own


def month(port: int, days: int) -> None:
    """A line of JSON for each day."""
    names_lead_to_loopback()
    from tests.torture.nursery import instead_of_prefect

    instead_of_prefect()
    from cuttings.edges.store import people
    from flows.collect import collect
    from flows.deliver import deliver
    from flows.house import open_house
    from flows.publish import publish

    for day in range(days):
        Site(port).turn_to(day)
        now = datetime.combine(NEWEST.date(), datetime.min.time(), UTC) - timedelta(days=days - 1 - day, hours=-20)
        os.environ["CUTTINGS_AS_AT"] = now.isoformat()
        began = cpu_seconds(), time.monotonic()
        read = sum(count.count("read") for count in collect().sources)
        sent = publish("managers").messages if now.weekday() == 0 else 0
        deliver()
        with open_house() as home:  # what retention does every night, without Prefect's records
            people.expire_names(home.store, now=home.clock(), keep=people.NameDays())
            people.expire_text(home.store, now=home.clock())
        spent = cpu_seconds() - began[0], time.monotonic() - began[1]
        print(json.dumps({"read": read, "sent": sent, "cpu": spent[0], "wall": spent[1], **_held()}), flush=True)


def _held() -> dict[str, Cell]:
    import psutil

    own = psutil.Process()
    held = own.memory_full_info().uss / 1e6
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return {
        "held": held,
        "memory": own.memory_full_info().uss / 1e6,
        "objects": len(gc.get_objects()),
        "files": own.num_fds(),
        "threads": threading.active_count(),
        "children": len(family([own.pid])) - 1,
    }


# ---------------------------------------------------------------- what came of it


def measure(quick: bool) -> Table:
    hosts, articles, days = (FEW_HOSTS, FEW_ARTICLES, FEW_DAYS) if quick else (HOSTS, ARTICLES, DAYS)
    with (
        tempfile.TemporaryDirectory(prefix="cuttings-soak-") as folder,
        site(hosts, articles // hosts, days) as papers,
    ):
        home = house(Path(folder) / "house", papers.port, hosts, "pace_seconds = 0", "revisit_days = 3")
        process = subprocess.run(
            [sys.executable, "-m", "tests.bench.soak", str(papers.port), str(days)],
            cwd=HOME, env=home.env, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        lines = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
        rows = [*_days(lines), *_flat(lines), *_kept(home)]
    notes = (
        f"{sum(line['read'] for line in lines)} articles in {len(lines)} days, one process, "
        f"{sum(line['cpu'] for line in lines):.0f} CPU s.",
        "held: what is this process's alone (USS) at the end of the day, without the readers, which end with a run.",
        "memory: the same once the C library has given back what is free: what it keeps in reserve is no leak, and a",
        "run of `serve` ends with its process. Without that it looks as if a run left one or two MB behind.",
        "payload: what is given to be kept, as it is given: the bodies of pages, and each value of each row once.",
        "disk: the store's file with its indexes and free space, and the archive's files.",
    )
    return Table("A month in one process", rows, notes)


def _days(lines: Sequence[Mapping[str, float]]) -> list[dict[str, Cell]]:
    shown = sorted({0, WARM, len(lines) // 2, len(lines) - 1})
    return [
        _row(f"day {n + 1}: {what}", lines[n][what], None) for n in shown for what in ("held", "memory", "files", "cpu")
    ]


def _flat(lines: Sequence[Mapping[str, float]]) -> list[dict[str, Cell]]:
    later = lines[max(WARM, len(lines) // 2) :]
    memory, files = (slope([line[what] for line in later]) for what in ("memory", "files"))
    return [
        _row("memory in use, share more a day", memory / later[0]["memory"], MOST_MEMORY),
        _row("Python's objects, more a day", slope([line["objects"] for line in later]), MOST_OBJECTS),
        _row("open files, more a day", files, MOST_FILES),
        _row("child processes left", max(line["children"] for line in lines), 0),
        _row("threads, more a day", slope([line["threads"] for line in later]), MOST_FILES),
        _row("CPU of a late day, of an early one", later[-1]["cpu"] / max(0.01, lines[min(WARM, 1)]["cpu"]), 2.0),
    ]


def _row(what: str, value: float, most: float | None) -> dict[str, Cell]:
    return {
        "what": what,
        "value": float(value),
        "most": most,
        "": None if most is None else "good" if value <= most else "BAD",
    }


def slope(values: Sequence[float]) -> float:
    """How much more each next one is, by least squares."""
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    over = sum((n - middle) ** 2 for n in range(len(values)))
    return sum((n - middle) * (v - mean) for n, v in enumerate(values)) / over if over else 0.0


def _kept(home: House) -> list[dict[str, Cell]]:
    output = home.folder / "output"
    connection = sqlite3.connect(home.database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = sum(_values(connection, table) for table in tables if not table.startswith("sqlite_"))
    connection.create_function("plainly", 1, lambda data: len(unpacked(data).encode()), deterministic=True)
    saved = sum(_saved(connection, table, column) for table, column in PACKED)
    try:
        of = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
        unused = connection.execute("SELECT sum(unused) FROM dbstat").fetchone()[0]
    except sqlite3.Error:  # not every SQLite is built with dbstat
        of, unused = {}, 0
    articles, voices = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "comments")
    )
    connection.close()
    indexes = sum(size for name, size in of.items() if name not in tables)
    store = home.database.stat().st_size
    files = [path for path in (output / "pages").rglob("*") if path.is_file()]
    pages = sum(path.stat().st_size for path in files)
    sent = sum(len(gzip.decompress(path.read_bytes())) for path in files)
    payload = sent + values + saved
    return [
        _row("pages as sent, MB", sent / 1e6, None),
        _row("pages packed, MB", pages / 1e6, None),
        _row("values of the store, MB", (values + saved) / 1e6, None),
        _row("of it saved by packing, MB", saved / 1e6, None),
        _row("the store's file, MB", store / 1e6, None),
        _row("of it indexes, MB", indexes / 1e6, None),
        _row("of it unused, MB", unused / 1e6, None),
        _row("the store's file, KB an article", store / 1e3 / max(1, articles), None),
        _row("comments an article", voices / max(1, articles), None),
        _row("disk more than payload, share", (pages + store) / payload - 1, MOST_OVER),
        _row("disk more than its contents packed, share", (pages + store) / (pages + values) - 1, None),
    ]


def _saved(connection: sqlite3.Connection, table: str, column: str) -> int:
    query = f"SELECT coalesce(sum(plainly({column}) - length(CAST({column} AS BLOB))), 0) FROM {table}"
    return int(connection.execute(f"{query} WHERE {column} IS NOT NULL").fetchone()[0])


def _values(connection: sqlite3.Connection, table: str) -> int:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    # Text and bytes by their length, a number by the four bytes that it takes at most here.
    each = " + ".join(
        f"CASE typeof({quoted}) WHEN 'null' THEN 0 WHEN 'integer' THEN 4 WHEN 'real' THEN 8 "
        f"ELSE length(CAST({quoted} AS BLOB)) END"
        for quoted in (f'"{name}"' for name in columns)
    )
    return int(connection.execute(f"SELECT coalesce(sum({each}), 0) FROM {table}").fetchone()[0])


if __name__ == "__main__":
    month(*map(int, sys.argv[1:]))
