"""The whole line: many pages from papers 50 ms away, collected and made into an issue, cold and warm.

Each run is a process of its own that calls the flows as a scheduled run does, once with Prefect (its server running
beside it, as under `serve`) and once with plain functions in its place: the difference is what Prefect costs. The
papers are real servers on loopback, whose names the run's own resolver leads there.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import line_site
from tests.bench.line_site import FORBIDDEN, SLOW, host
from tests.bench.table import Cell, Table, cpu_seconds

HOME = Path(__file__).resolve().parents[2]
HOSTS, PAGES = 20, 50  # papers, and articles in each
FEW_HOSTS, FEW_PAGES = 4, 10  # the quick part
START_SECONDS = 600.0  # an empty Prefect home on a busy machine
PACE = 0.2  # seconds between two requests to one host, here; a council's is 2
TODAY, TOMORROW = "2026-11-02T07:00:00+00:00", "2026-11-03T07:00:00+00:00"
# What a run notes of itself, whatever it finds: that it was at work, and that it asked each source.
RECORDS = ("runs", "source_contacts", "sources")

COUNCIL = """
[council]
name = "Fellshire County Council"
contact_email = "policy@fellshire.example"
local = ["Fellshire"]

[delivery]
sender = "cuttings@fellshire.example"
"""
EDITIONS = """
[[edition]]
id = "managers"
name = "Cuttings for managers"
audience = "managers"
recipients = ["anna@fellshire.example", "ben@fellshire.example"]
"""


# ---------------------------------------------------------------- one run, in a process of its own


def run(engine: str) -> dict[str, Cell]:
    """collect, then publish; CPU seconds of this process and its children, before and after the first is begun."""
    names_lead_to_loopback()
    if engine == "plain":
        from tests.torture.nursery import instead_of_prefect

        instead_of_prefect()
    from cuttings import render  # noqa: F401 - what an issue is made with is not the first page's cost
    from flows.collect import collect
    from flows.publish import publish

    begun = cpu_seconds(), time.monotonic()
    collected = collect()
    read = sum(count.count("read") for count in collected.sources)
    middle = cpu_seconds(), time.monotonic()
    published = publish("managers")
    done = cpu_seconds(), time.monotonic()
    return {
        "start": begun[0],
        "collect": middle[0] - begun[0],
        "publish": done[0] - middle[0],
        "wall": done[1] - begun[1],
        "read": read,
        "messages": published.messages,
        "failures": "; ".join(c.failure for c in collected.sources if c.failure),
    }


def names_lead_to_loopback() -> None:
    ask: Callable[..., Any] = socket.getaddrinfo

    def answer(name: Any, *arguments: Any, **named: Any) -> Any:
        return ask("127.0.0.1" if str(name).endswith(".line.example") else name, *arguments, **named)

    socket.getaddrinfo = answer


# ---------------------------------------------------------------- the servers


@dataclass(slots=True)
class Site:
    port: int

    def log(self) -> list[dict[str, Any]]:
        """What was asked for since this was asked last."""
        import requests

        return list(requests.get(f"http://127.0.0.1:{self.port}/log", timeout=30).json())

    def turn_to(self, day: int) -> None:
        import requests

        requests.get(f"http://127.0.0.1:{self.port}/day/{day}", timeout=30)


@contextmanager
def site(*size: int) -> Iterator[Site]:
    """Papers: how many, articles in each, and over how many days (none: all of them are there)."""
    command = [sys.executable, "-m", line_site.__name__, *map(str, size)]
    with subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Site(int(process.stdout.readline()))
        process.stdin.close()


@contextmanager
def prefect_server(env: dict[str, str]) -> Iterator[tuple[int, str]]:
    """(process id, address) of a server as `serve` starts it, with an empty database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=HOME, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    try:
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Prefect's server did not start")
            time.sleep(0.25)
        yield process.pid, address
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    import requests

    try:
        return requests.get(f"{address}/health", timeout=5).ok
    except requests.RequestException:
        return False


# ---------------------------------------------------------------- watching


@dataclass(slots=True)
class Watch:
    """The memory that some processes and their children hold together, each shared page counted once."""

    peak: float = 0.0  # MB
    _over: threading.Event = field(default_factory=threading.Event)

    def follow(self, pids: Sequence[int]) -> threading.Thread:
        thread = threading.Thread(target=self._look, args=(pids,), daemon=True)
        thread.start()
        return thread

    def _look(self, pids: Sequence[int]) -> None:
        while not self._over.wait(0.5):
            self.peak = max(self.peak, sum(map(_proportional, family(pids))) / 1e6)

    def end(self) -> None:
        self._over.set()


def family(pids: Sequence[int]) -> list[Any]:
    import psutil

    found: list[Any] = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            found += [process, *process.children(recursive=True)]
        except psutil.Error:
            continue
    return found


def _proportional(process: Any) -> int:
    import psutil

    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _cpu_of(pids: Sequence[int]) -> float:
    return sum(sum(process.cpu_times()[:4]) for process in family(pids)[:1]) if pids else 0.0


# ---------------------------------------------------------------- a house


@dataclass(slots=True)
class House:
    folder: Path
    env: dict[str, str]

    @property
    def database(self) -> Path:
        return self.folder / "output" / "cuttings.db"

    def sent(self) -> int:
        return len(list((self.folder / "output" / "outbox").glob("*.eml")))

    def rows(self) -> dict[str, Counter[str]]:
        """Every row of every table, as digests."""
        connection = sqlite3.connect(self.database)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            table: Counter(
                hashlib.sha256(repr(row).encode()).hexdigest() for row in connection.execute(f"SELECT * FROM {table}")
            )
            for table in tables
            if not table.startswith("sqlite_")
        }
        connection.close()
        return found


def house(folder: Path, port: int, hosts: int, *more: str) -> House:
    """A deployer's folders, with the papers as sources; `more` stands in each of these."""
    config = folder / "config"
    config.mkdir(parents=True)
    blocks = "".join(
        f'\n[[source]]\nid = "paper{n:02}"\nname = "Paper {n}"\nurl = "http://{host(n)}:{port}/feed/"\n'
        + "".join(f"{line}\n" for line in ("allow_private = true", *(more or (f"pace_seconds = {PACE}",))))
        for n in range(hosts)
    )
    themes = (HOME / "config" / "default" / "themes.toml").read_text(encoding="utf-8")
    for name, text in {"council": COUNCIL, "editions": EDITIONS, "sources": blocks, "themes": themes}.items():
        (config / f"{name}.toml").write_text(text, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CUTTINGS_"))}
    env |= {"CUTTINGS_CONFIG": str(config), "CUTTINGS_OUTPUT": str(folder / "output"), "NO_PROXY": "*"}
    return House(folder, env)


def changed(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> dict[str, int]:
    """Rows that are new or other than before, by table; the run's own records apart."""
    new = {table: sum((rows - before.get(table, Counter())).values()) for table, rows in after.items()}
    return {table: n for table, n in new.items() if n and table not in RECORDS}


# ---------------------------------------------------------------- manners


def violations(log: Sequence[Mapping[str, Any]], *, most_visits: int = 1) -> list[str]:
    """What a host could complain of. A thousandth of a second is left to its own clock."""
    found = []
    by_host: dict[str, list[Mapping[str, Any]]] = {}
    for line in log:
        by_host.setdefault(line["host"], []).append(line)
    for name, lines in by_host.items():
        lines.sort(key=lambda line: line["began"])
        pace = SLOW if name == host(0) else PACE
        if lines[0]["path"] != "/robots.txt":
            found.append(f"{name}: asked for {lines[0]['path']} before its robots.txt")
        for earlier, later in itertools.pairwise(lines):
            if later["began"] < earlier["ended"] - 0.005:
                found.append(f"{name}: two requests at once")
            # The delay that a robots.txt asks for is known when it has been read.
            elif earlier["path"] != "/robots.txt" and later["began"] - earlier["began"] < pace - 0.001:
                found.append(f"{name}: {later['began'] - earlier['began']:.3f} s between two requests")
        asked = Counter(line["path"] for line in lines)
        found += [f"{name}: {path} asked for {n} times" for path, n in asked.items() if n > most_visits]
        found += [f"{name}: a path that robots.txt forbids"] * asked[FORBIDDEN]
        found += [f"{name}: no contact in the name"] * sum("policy@" not in (line["agent"] or "") for line in lines)
    return found


# ---------------------------------------------------------------- the runs


def one_run(home: House, site: Site, engine: str, at: str, server: tuple[int, str] | None) -> dict[str, Any]:
    env = {**home.env, "CUTTINGS_AS_AT": at}
    pids = [server[0]] if server else []
    if server:
        env["PREFECT_API_URL"] = server[1]
    site.log()
    before, sent = home.rows() if home.database.exists() else {}, home.sent()
    beside, watch = _cpu_of(pids), Watch()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.line", engine],
        cwd=HOME, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    watch.follow([process.pid, *pids])
    out, err = process.communicate()
    wall = time.monotonic() - began
    watch.end()
    if process.returncode:
        raise RuntimeError(f"a run with {engine} failed: {err[-2000:]}")
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    log = site.log()
    return told | {
        "server": _cpu_of(pids) - beside,
        "whole wall": wall,
        "peak": watch.peak,
        "asked": len(log),
        "bad": violations(log),
        "written": changed(before, home.rows()),
        "sent": home.sent() - sent,
    }


def measure(quick: bool) -> Table:
    hosts, pages = (FEW_HOSTS, FEW_PAGES) if quick else (HOSTS, PAGES)
    with tempfile.TemporaryDirectory(prefix="cuttings-line-") as folder, site(hosts, pages) as papers:
        plain = house(Path(folder) / "plain", papers.port, hosts)
        whole = house(Path(folder) / "whole", papers.port, hosts)
        env = {**whole.env, "PREFECT_HOME": str(Path(folder) / "prefect"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        whole.env |= {"PREFECT_HOME": env["PREFECT_HOME"], "DO_NOT_TRACK": "1"}
        runs = [("cold, plain functions", one_run(plain, papers, "plain", TODAY, None))]
        with prefect_server(env) as server:
            rest = at_rest(server[0], 5 if quick else 30)
            runs.append(("cold, Prefect", one_run(whole, papers, "prefect", TODAY, server)))
            runs.append(("again, Prefect", one_run(whole, papers, "prefect", TODAY, server)))
        runs.append(("again, plain functions", one_run(plain, papers, "plain", TODAY, None)))
        runs.append(("the next day, plain functions", one_run(plain, papers, "plain", TOMORROW, None)))
        size = plain.database.stat().st_size
    return _table(hosts * pages, runs, size, rest)


def at_rest(pid: int, seconds: float) -> float:
    """CPU seconds that a server burns in a second with nothing to do: its loops look for late runs all day."""
    before, began = _cpu_of([pid]), time.monotonic()
    time.sleep(seconds)
    return (_cpu_of([pid]) - before) / (time.monotonic() - began)


def shares(plain: Mapping[str, Any], engine: Mapping[str, Any], rest: float) -> tuple[float, float]:
    """Prefect's part of the CPU of all processes of a run, from the first page to the last message: with all that its
    server burnt meanwhile, and without what the server burns at rest, run or no run. Starting up is in neither."""
    more, standing = _work(engine) - _work(plain), rest * float(engine["whole wall"])
    return more / _work(engine), (more - standing) / (_work(engine) - standing)


def _table(pages: int, runs: Sequence[tuple[str, Mapping[str, Any]]], size: int, rest: float) -> Table:
    rows = [_row(name, pages, told) for name, told in runs]
    by_name = dict(runs)
    cold, engine = by_name["cold, plain functions"], by_name["cold, Prefect"]
    again, again_plain = by_name["again, Prefect"], by_name["again, plain functions"]
    share, beside = shares(cold, engine, rest)
    notes = [
        f"{pages} articles, each {line_site.LATENCY * 1000:.0f} ms away; {PACE} s between two requests to a host.",
        f"Prefect's share of the cold run's CPU, against the same run as plain functions, all processes: {share:.1%} "
        f"(aim: under 10 %); without what its server burns at rest, {60 * rest:.1f} CPU s a minute, {beside:.1%}.",
        f"The cold run takes {_work(cold):.1f} CPU s; with Prefect {_work(engine):.1f}, {engine['server']:.1f} of "
        f"them its server's. Before the first page it takes {engine['start'] - cold['start']:.1f} CPU s more to start.",
        f"The second run takes {_of_first(again, engine)} with Prefect, {_of_first(again_plain, cold)} without "
        "(aim: under 10 %).",
        f"The store holds {size / 1e6:.1f} MB afterwards.",
    ]
    for name, told in runs:
        notes += [f"{name}: rows written: {', '.join(f'{n} {t}' for t, n in told['written'].items()) or 'none'}."]
        notes += [f"{name}: a source failed: {told['failures']}"] if told["failures"] else []
        notes += [f"{name}: {what}" for what in told["bad"][:5]]
    return Table("The whole line: collect and publish", rows, notes)


def _of_first(again: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    return f"{_work(again) / _work(first):.1%} of the first's CPU, {again['wall'] / first['wall']:.1%} of its time"


def _work(told: Mapping[str, Any]) -> float:
    return float(told["collect"] + told["publish"] + told["server"])


def _row(name: str, pages: int, told: Mapping[str, Any]) -> Mapping[str, Cell]:
    return {
        "run": name,
        "pages read": told["read"],
        "asked": told["asked"],
        "wall s": told["wall"],
        "start CPU s": told["start"],
        "collect CPU s": told["collect"],
        "publish CPU s": told["publish"],
        "server CPU s": told["server"],
        "ms CPU a page": 1000 * _work(told) / pages,
        "peak MB": told["peak"],
        "rows": sum(told["written"].values()),
        "sent": told["sent"],
        "violations": len(told["bad"]),
    }


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))
