"""Reading the archive again, by one Prefect worker and by two, on one PostgreSQL.

Each worker is held to one core of its own, as if it were a machine of its own; PostgreSQL and Prefect's server take
what they need of either. The pages are read once before; then a theme is added that many of them are about.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests import postgresql
from tests.bench import papers
from tests.bench.table import Cell, Table, cpu_seconds

PAGES, QUICK = 10_000, 160
SOURCES, PARTS = 8, 4
PLAIN = 400  # pages that are read again without Prefect, to see what it costs
HOME = Path(__file__).resolve().parents[2]
AS_AT = "2026-11-02T07:00:00+00:00"
POOL = "bench"
THEME = '[[theme]]\nid = "new"\nname = "New"\ndescription = "A theme that came later"\nphrases = ["the", "council*"]\n'
LEFT_OUT = frozenset({"runs", "marks"})  # they tell of the runs, not of what was read


@dataclass(slots=True)
class Rig:
    """A deployer's house on PostgreSQL, and a Prefect server on PostgreSQL."""

    folder: Path
    env: dict[str, str]
    databases: postgresql.Databases
    watched: dict[str, psutil.Process] = field(default_factory=dict)

    def child(self, *module: str, core: int | None = None, **more: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "children.log").open("ab")

        def hold() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a worker ends on it; `nohup … &` would have it ignored
            if core is not None:
                os.sched_setaffinity(0, {core})

        return subprocess.Popen(
            [sys.executable, "-m", *module], env=self.env | more, stdout=log, stderr=subprocess.STDOUT, cwd=HOME,
            preexec_fn=hold,
        )  # fmt: skip


@contextmanager
def rig() -> Iterator[Rig]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cuttings-bench-")))
        address = stack.enter_context(postgresql.running())
        databases = stack.enter_context(postgresql.databases(address))
        records = databases.make("prefect").replace("postgresql://", "postgresql+asyncpg://")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = folder / "config"
        config.mkdir()
        (config / "sources.toml").write_text(papers.sources_toml(SOURCES))
        (config / "council.toml").write_text(f'[schedule]\nwork_pool = "{POOL}"\n[server]\nport = {port}\n')
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CUTTINGS_"))}
        env |= {
            "CUTTINGS_CONFIG": f"{HOME / 'config' / 'default'}{os.pathsep}{config}",
            "CUTTINGS_OUTPUT": str(folder / "output"),
            "CUTTINGS_AS_AT": AS_AT,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": records,
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "DO_NOT_TRACK": "1",
        }
        os.environ.update(env)
        made = Rig(folder, env, databases)
        server = made.child("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
        stack.callback(_end, server)
        _until_it_answers(env["PREFECT_API_URL"])
        made.watched["Prefect's server"] = psutil.Process(server.pid)
        with_postgres = psutil.Process(databases.backend()).parent()
        assert with_postgres is not None
        made.watched["PostgreSQL"] = with_postgres
        yield made


def _end(child: subprocess.Popen[bytes]) -> None:
    for process in (*psutil.Process(child.pid).children(recursive=True), child):
        process.terminate()
    child.wait(60)


def _until_it_answers(url: str, seconds: float = 300) -> None:
    from flows.prefect_home import answers

    deadline = time.monotonic() + seconds
    while not answers(url, None):
        if time.monotonic() > deadline:
            raise SystemExit("Prefect's server did not start.")
        time.sleep(0.5)


# ---------------------------------------------------------------- what is read


def fill(address: str, count: int) -> None:
    """Pages in the archive that were fetched and could not be read: the first `reread` reads them."""
    from cuttings.edges.store import addresses
    from cuttings.edges.store.addresses import Address, PageOutcome
    from flows.house import open_house

    with open_house(os.environ | {"CUTTINGS_DATABASE": address}) as house:
        now, coming = house.clock(), papers.sheets(count, SOURCES)
        while some := list(itertools.islice(coming, 500)):
            addresses.add(house.store, [Address(sheet.url, sheet.source, now) for sheet in some])
            outcomes = [
                PageOutcome(
                    sheet.url, "failed", source=sheet.source, reason="made for measuring", status=200,
                    final_url=sheet.url, media_type="text/html", sha256=house.archive.put(sheet.body),
                    size=len(sheet.body),
                )
                for sheet in some
            ]  # fmt: skip
            addresses.record(house.store, outcomes, now=now)


def contents(address: str) -> tuple[int, str]:
    """(rows, SHA-256) of all tables but those that tell of runs; numbers that only tell rows apart are left out."""
    from cuttings.edges.store import open_store
    from cuttings.edges.store.tables import metadata

    store, digest, count = open_store(address), hashlib.sha256(), 0
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in LEFT_OUT:
                continue
            telling = [c for c in table.columns if not (c.name == "id" and table.name not in ("comments", "pages"))]
            lines = sorted(repr(tuple(row)) for row in connection.execute(table.select().with_only_columns(*telling)))
            digest.update("\n".join((table.name, *lines, "")).encode())
            count += len(lines)
    store.close()
    return count, digest.hexdigest()


# ---------------------------------------------------------------- what is measured


@dataclass(frozen=True, slots=True)
class Spent:
    seconds: float
    workers: float  # CPU seconds of the workers and all they started
    others: Mapping[str, float]


def reread(made: Rig, address: str, workers: int, parts: int, *, held: bool = True) -> Spent:
    """All of the archive, by so many workers, each on a core of its own where `held`."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import WorkerStatus

    from flows import reread_parts

    names = [f"machine-{n}" for n in range(1, workers + 1)]
    children = [
        made.child("flows.worker", core=n % (os.cpu_count() or 1) if held else None, CUTTINGS_DATABASE=address,
                   CUTTINGS_WORKER=name, CUTTINGS_WORKER_LIMIT="1")
        for n, name in enumerate(names)
    ]  # fmt: skip
    try:
        with get_client(sync_client=True) as client:
            while len([w for w in client.read_workers_for_work_pool(POOL) if w.status is WorkerStatus.ONLINE
                       and w.name in names]) < workers:  # fmt: skip
                assert all(child.poll() is None for child in children), "a worker ended"
                time.sleep(1)
        processes = [psutil.Process(child.pid) for child in children]
        before = [_cpu(p) for p in processes], {n: _cpu(p) for n, p in made.watched.items()}
        began = time.monotonic()
        unfinished = reread_parts.wait_for(reread_parts.start(parts), say=_say)
        seconds = time.monotonic() - began
        if unfinished:
            raise SystemExit(f"not read to their end: {', '.join(unfinished)}; see {made.folder / 'children.log'}")
        time.sleep(3)  # a run's process ends a moment after its state
        spent = sum(_cpu(p) for p in processes) - sum(before[0])
        others = {n: _cpu(p) - before[1][n] for n, p in made.watched.items()}
        return Spent(seconds, spent, others)
    finally:
        for child in children:
            _end(child)


def _say(text: str) -> None:
    print(f"  {datetime.now(UTC):%H:%M:%S}  {text}", file=sys.stderr, flush=True)


def _cpu(process: psutil.Process) -> float:
    """CPU seconds of a process, its children that have ended, and those that live."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def plain(address: str, count: int) -> float:
    """CPU seconds a page of the same work as plain functions in one process, without Prefect."""
    from cuttings.edges.store import addresses
    from flows import themes_in_use
    from flows.house import open_house
    from flows.reading import Line, open_readers
    from flows.rereading import read_again

    with open_house(os.environ | {"CUTTINGS_DATABASE": address}) as house:
        numbers = addresses.documents(house.store)
        chosen: Sequence[int] = numbers[:: max(1, len(numbers) // count)]
        others = {p.pid for p in psutil.Process().children()}  # Prefect's server and PostgreSQL
        with open_readers(1) as readers:
            line = Line(house, readers, themes_in_use.matcher(house), house.clock())
            read_again(line, chosen[:5])  # what is loaded once is Prefect's runs' start, too

            def spent() -> float:  # the process that reads is no child that has ended yet
                return cpu_seconds() + sum(_cpu(p) for p in psutil.Process().children() if p.pid not in others)

            before = spent()
            read_again(line, chosen[5:])
            return (spent() - before) / len(chosen[5:])


def measure(quick: bool) -> Table:
    if why := postgresql.missing():
        raise SystemExit(why)
    count = QUICK if quick else PAGES
    with rig() as made:
        from flows import place, pool
        from flows.serve import deployments

        filled = made.databases.make("filled")
        fill(filled, count)
        pool.stand_ready([d for d in deployments(place.settings()) if getattr(d, "flow_name", "") == "reread"], POOL)
        first = reread(made, filled, 2, PARTS, held=False)
        _say(f"read for the first time: {first.seconds:.0f} s")
        (made.folder / "config" / "themes.toml").write_text(THEME)
        one, two, sample = (made.databases.make(name, like="filled") for name in ("one", "two", "sample"))
        rows, found, spent = [], [], []
        load = os.getloadavg()[0]
        for name, address, workers, parts in (("one worker", one, 1, 1), ("two workers", two, 2, PARTS)):
            result = reread(made, address, workers, parts)
            _say(f"{name}: {result.seconds:.0f} s")
            size, digest = contents(address)
            spent.append(result)
            found.append((size, digest))
            rows.append(_row(name, count, parts, result, size, digest))
        before = contents(filled)
        least = plain(sample, PLAIN)
    return Table(
        "Reading the archive again, on PostgreSQL", rows, _notes(count, spent, found, before, first, least, load)
    )


def _row(name: str, count: int, parts: int, spent: Spent, size: int, digest: str) -> dict[str, Cell]:
    return {
        "who": name,
        "pages": count,
        "runs": parts,
        "seconds": spent.seconds,
        "pages/s": count / spent.seconds,
        "workers, CPU s": spent.workers,
        **{f"{who}, CPU s": cpu for who, cpu in spent.others.items()},
        "rows": size,
        "contents": digest[:16],
    }


def _notes(
    count: int, spent: Sequence[Spent], found: Sequence[Any], before: Any, first: Spent, least: float, load: float
) -> list[str]:
    one, two = spent
    return [
        f"Speed-up {one.seconds / two.seconds:.2f}; the two took {two.workers / one.workers - 1:+.0%} CPU of the one.",
        "The stores are the same to the byte." if found[0] == found[1] else "THE STORES DIFFER.",
        f"The theme that came in between added {found[0][0] - before[0]:,} rows.",
        f"Without Prefect, {least * 1000:.1f} CPU ms a page of a sample; with it, {one.workers / count * 1000:.1f}.",
        f"Reading all of it for the first time took two workers {first.seconds:.0f} s.",
        f"Each worker held to one core of its own; the machine's load beside was {load:.1f} as it began.",
    ]
