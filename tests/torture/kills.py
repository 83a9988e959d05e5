"""Kills: SIGKILL at any moment of a collect, a publish and a delivery, and right after the mail server's 250.

Real processes and a real mail server. What must hold in the end, by the server's own log: nobody has an issue twice,
and every reader either has it or is listed. The same seed kills at the same moments, as far as a machine has such.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.rig import (
    AS_AT,
    SETTLED,
    Account,
    House,
    Nursery,
    account,
    command,
    contents,
    house,
    only,
    post_office,
)
from tests.torture.rows import Row

SEED = int(os.environ.get("CUTTINGS_TORTURE_SEED", "20261102"))
FEW = ("care-ledger", "kitchen-table")  # where the kills, not the reading, are what counts
# All of the sample site, a third at a time: a run with all of it has most of its kills in the reading.
THIRDS = (
    ("care-ledger", "kitchen-table", "care-ombudsman"),
    ("fieldwork", "open-lives", "practice-and-place"),
    ("support-evidence", "care-department", "fellshire-observer"),
)
MANAGERS = [f"manager{n}@fellshire.example" for n in range(6)]
MEMBERS = [f"cllr{n}@fellshire.example" for n in range(3)]
READERS = {"managers": MANAGERS, "members": MEMBERS}
# The ways of a run, and how often each is killed, at least and at most, before it is let through.
STAGES = (
    (("collect",), 4, 8),
    (("publish", "managers"), 3, 7),
    (("publish", "members"), 2, 5),
    (("deliver",), 1, 2),
)
# Of the quick part: how often, and within how many seconds, a part of what the stage lasts.
QUICK = ((("collect",), 2, 2.0), (("publish", "managers"), 2, 1.5))


def rows(quick: bool) -> Iterable[Row]:
    with tempfile.TemporaryDirectory(prefix="cuttings-kills-") as folder:
        where = Path(folder)
        if quick:
            with Nursery() as nursery:
                yield _at_the_250(where, nursery, 6, whole=False)
                yield _a_few(where, nursery)
            return
        kinds: list[Callable[[Nursery], Row]] = [
            lambda n: _at_the_250(where, n, 100, whole=True),
            lambda n: _anywhere(where, n, 200),
            lambda n: _real_commands(where, n, 24),
        ]
        # Side by side: each waits most of its time for processes that wait for one another.
        with ThreadPoolExecutor(len(kinds)) as threads:
            for done in as_completed([threads.submit(_with_a_nursery, kind) for kind in kinds]):
                yield done.result()


def _with_a_nursery(kind: Callable[[Nursery], Row]) -> Row:
    with Nursery() as nursery:
        return kind(nursery)


# ---------------------------------------------------------------- anywhere


@dataclass(slots=True)
class _Tally:
    kills: dict[str, int] = field(default_factory=dict)
    rounds: int = 0
    sent: int = 0
    uncertain: int = 0
    told: int = 0
    doubled: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return sum(self.kills.values())

    @property
    def killed_on_the_way(self) -> int:
        """In a collect or a publish: a delivery is short, and is killed after the server's 250 besides."""
        return self.killed - self.kills.get("deliver", 0)

    def killed_at(self, stage: str) -> None:
        self.kills[stage] = self.kills.get(stage, 0) + 1

    def add(self, home: House, found: Account, *more: str) -> None:
        """A house that is through; what is wrong with it names its folder and shows the end of its log."""
        self.rounds += 1
        self.sent += found.sent
        self.uncertain += found.uncertain
        self.told += found.told
        self.doubled += found.doubled
        self.lost += found.lost
        wrong = [*more, *found.broken]
        if found.unaccounted:
            wrong.append(f"{found.unaccounted} messages whose row is not what the server says")
        if wrong or found.doubled or found.lost:
            print(f"{home.folder.name}: {wrong}, {found}\n{home.log.read_text()[-3000:]}", file=sys.stderr, flush=True)
        self.wrong += [f"{home.folder.name}: {what}" for what in wrong]

    def row(self, name: str, also: str = "") -> Row:
        where = ", ".join(f"{n} in {stage}" for stage, n in sorted(self.kills.items()))
        detail = (
            f"seed {SEED}: {where}{also}; {self.rounds} houses; {self.sent} messages sent, {self.doubled} doubled, "
            f"{self.lost} silently lost, {self.uncertain} listed as uncertain, {self.told} as refused or given up"
        )
        bad = self.doubled + self.lost + len(self.wrong)
        return Row(name, self.killed, bad, f"{detail}; {self.wrong[0]}" if self.wrong else detail)


class _Runs:
    """The runs of one house, and what none of them may do: end with an error when nobody kills it."""

    def __init__(self, home: House, run: Callable[..., int]) -> None:
        self.home, self.wrong, self._run = home, list[str](), run

    def through(self, *do: str, at: str = AS_AT) -> None:
        before = len(self.home.log.read_text(errors="replace")) if self.home.log.exists() else 0
        status = self._run(self.home, *do, at=at)
        if status:
            said = self.home.log.read_text(errors="replace")[before:]
            self.wrong.append(f"{' '.join(do)} ended with {status}: {said[-300:]}")

    def settled(self) -> None:
        """Hours later: what was left in the middle is called uncertain; the officer hears of it in the second run."""
        for _ in range(2):
            self.through("deliver", at=SETTLED)


def _a_few(where: Path, nursery: Nursery) -> Row:
    """Four kills in one house, and what must hold in it; without a house that was never killed to lay it beside."""
    given, tally = random.Random(SEED), _Tally()
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), ("care-ombudsman",))
        home = house(where / "a-few", text, office.port, managers=MANAGERS, members=[])
        runs = _Runs(home, nursery.run)
        for do, times, seconds in QUICK:
            for _ in range(times):
                if nursery.run(home, *do, kill_after=given.uniform(0.02, seconds)) != -9:
                    break
                tally.killed_at(do[0])
            runs.through(*do)
        runs.settled()
        tally.add(home, account(home, office, {"managers": MANAGERS}), *runs.wrong)
    return tally.row("SIGKILL at a random moment, then run again")


def _anywhere(where: Path, nursery: Nursery, kills: int) -> Row:
    """So many kills in collect and publish, and what falls to deliver besides."""
    given, tally = random.Random(SEED), _Tally()
    with serve() as site:
        sources = [only(sources_toml(site), third) for third in THIRDS]
        models = [_unkilled(where / f"unkilled-{n}", nursery, text) for n, text in enumerate(sources)]
        while tally.killed_on_the_way < kills and tally.rounds < kills:
            third = tally.rounds % len(sources)
            lasts, model = models[third]
            with post_office() as office:
                home = house(where / f"round-{tally.rounds}", sources[third], office.port, **READERS)
                runs = _Runs(home, nursery.run)
                for do, least, most in STAGES:
                    for _ in range(given.randint(least, most)):
                        status = nursery.run(home, *do, kill_after=given.uniform(0.02, lasts[do]))
                        if status != -9:
                            break
                        tally.killed_at(do[0])
                    runs.through(*do)
                runs.settled()
                if contents(home)[:2] != model[:2]:
                    runs.wrong.append("what was collected is not what a run without kills collects")
                tally.add(home, account(home, office, READERS), *runs.wrong)
                _say("at random", tally)
    if tally.killed_on_the_way < kills:
        tally.wrong.append(f"only {tally.killed_on_the_way} of {kills} kills in collect and publish")
    return tally.row("SIGKILL at a random moment, then run again")


def _say(what: str, tally: _Tally) -> None:
    """How far it has come: the whole takes a while."""
    print(f"      {what}: {tally.killed} kills in {tally.rounds} houses", file=sys.stderr, flush=True)


def _unkilled(
    where: Path, nursery: Nursery, text: str
) -> tuple[dict[tuple[str, ...], float], tuple[list[tuple[object, ...]], ...]]:
    """How long each stage lasts when nobody kills it, and what it leaves."""
    lasts: dict[tuple[str, ...], float] = {}
    with post_office() as office:
        home = house(where, text, office.port, **READERS)
        for do, *_ in STAGES:
            began = time.monotonic()
            assert nursery.run(home, *do) == 0, home.log.read_text()[-2000:]
            lasts[do] = time.monotonic() - began
        assert not account(home, office, READERS).bad
    return lasts, contents(home)


# ---------------------------------------------------------------- through the real commands


def _real_commands(where: Path, nursery: Nursery, kills: int) -> Row:
    """`python -m flows.commands.main` is what `./run` and `cuttings` call: with Prefect and its temporary server."""
    given, tally = random.Random(SEED + 1), _Tally()
    with serve() as site:
        text = only(sources_toml(site), FEW)
        lasts, model = _unkilled(where / "real-unkilled", nursery, text)
        while tally.killed < kills and tally.rounds < kills:
            with post_office() as office:
                home = house(where / f"real-{tally.rounds}", text, office.port, **READERS)
                runs = _Runs(home, command)
                for do, _, most in STAGES:
                    for n in range(min(most // 2 + 1, kills - tally.killed)):
                        # The first at any moment, so mostly while Prefect begins; the others when our own work does.
                        after = given.uniform(1, 15) if n == 0 else given.uniform(0, lasts[do])
                        status = command(home, *do, kill_after=after, once=None if n == 0 else _at_work(home))
                        if status != -9:
                            break
                        tally.killed_at(do[0])
                    runs.through(*do)
                runs.settled()
                if contents(home)[:2] != model[:2]:
                    runs.wrong.append("what was collected is not what a run without kills collects")
                tally.add(home, account(home, office, READERS), *runs.wrong)
                _say("real commands", tally)
    return tally.row("SIGKILL for the real commands collect, publish, deliver, then again")


def _at_work(home: House) -> Callable[[], bool]:
    """Whether the store has been touched since."""
    files: Sequence[Path] = [home.database, home.database.with_name(f"{home.database.name}-shm")]

    def touched() -> list[float]:
        return [path.stat().st_mtime for path in files if path.exists()]

    before = touched()
    return lambda: touched() != before


# ---------------------------------------------------------------- between the server's 250 and our commit


def _at_the_250(where: Path, nursery: Nursery, kills: int, *, whole: bool) -> Row:
    """`whole`: an issue that was collected and published; else notices alone, which cost no reading and no printing.

    A kill counts only where its row was left 'sending': one that came after our commit would show nothing.
    """
    given, tally = random.Random(SEED + 2), _Tally()
    readers = [f"reader{n}@fellshire.example" for n in range(kills + kills // 5 + 2)]
    tries, counted = 0, Counter[str]()
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), FEW)
        home = house(where / "at-the-250", text, office.port, managers=readers if whole else [], members=MEMBERS)
        runs = _Runs(home, nursery.run)
        if whole:
            runs.through("collect")
        else:
            queue_notices(home, readers)
        do: tuple[str, ...] = ("publish", "managers") if whole else ("deliver",)
        while tally.killed < kills and tries < 2 * kills:
            before = _in_doubt(home)
            way = given.choice(WAYS)(home, nursery, given.uniform(0, 0.05))
            office.before_250, office.after_250 = way.before, way.after
            status = nursery.run(home, *do)
            if status != -9:
                runs.wrong.append(f"{do[0]} ended with {status} before {kills} kills: {home.log.read_text()[-300:]}")
                break
            tries += 1
            if _in_doubt(home) - before == {office.accepted[-1].recipient}:
                tally.killed_at(do[0])
                counted[way.name] += 1
            do = ("deliver",)
        office.before_250 = office.after_250 = lambda: None
        runs.settled()
        found = account(home, office, {"managers": readers} if whole else {})
        unsure = _in_doubt(home, "ambiguous")
        got = {a.recipient for a in office.accepted}
        tally.lost += len(set(readers) - got - unsure)
        if len(unsure) != tally.killed or unsure - got:
            runs.wrong.append(
                f"{len(unsure)} messages are called uncertain after {tally.killed} kills; {len(unsure - got)} of them "
                "the server has not"
            )
        if tally.killed < kills:
            runs.wrong.append(f"only {tally.killed} of {kills} kills left their row 'sending'")
        tally.add(home, found, *runs.wrong)
    ways = ", ".join(f"{n} {way}" for way, n in sorted(counted.items()))
    also = f"; {tally.killed} of {tries} kills left their row 'sending' and count: {ways}"
    return tally.row("SIGKILL between the server's 250 and our commit", also)


def _in_doubt(home: House, state: str = "sending") -> set[str]:
    if not home.database.exists():
        return set()
    return {r for (r,) in home.rows("SELECT recipient FROM outbox WHERE state = ?", state)}


class _Stopped:
    """The run stands still before the 250 leaves, and is killed when it has: it lies unread in the run's socket."""

    name = "with the 250 unread"

    def __init__(self, _home: House, nursery: Nursery, _seconds: float) -> None:
        self.before, self.after = nursery.stop, nursery.kill


class _Waiting:
    """The run can't write the 250 down, as the store is being written to by somebody else; it is killed as it waits."""

    name = "waiting for the store to write it down"

    def __init__(self, home: House, nursery: Nursery, seconds: float) -> None:
        self._home, self._nursery, self._seconds = home, nursery, seconds
        self._writer: sqlite3.Connection | None = None

    def before(self) -> None:
        self._writer = sqlite3.connect(self._home.database, timeout=60, isolation_level=None)
        self._writer.execute("BEGIN IMMEDIATE")

    def after(self) -> None:
        time.sleep(self._seconds)
        self._nursery.kill_for_good()
        assert self._writer is not None
        self._writer.close()  # not earlier: the run would write before it dies


WAYS = (_Stopped, _Waiting)


def queue_notices(home: House, readers: Sequence[str]) -> None:
    """One notice for each of them, waiting in a new store."""
    from cuttings.edges.store import open_store, outbox

    letter = outbox.Letter("health 2026-11-02", "notice", "All is well", "All is well.", "<p>All is well.</p>")
    store = open_store(home.database)
    now = datetime.fromisoformat(AS_AT)
    outbox.enqueue(store, letter, [(r, None) for r in readers], now=now, deadline=now + timedelta(days=2))
    store.close()
