"""Kills: SIGKILL at any moment of a collect, a publish and a delivery, and right after the mail server's 250.
(`kills_postgresql.py` does it to houses whose store is on a server.)

Real processes and a real mail server. What must hold in the end, by the server's own log: nobody has an issue twice,
and every reader either has it or is listed. The same seed kills at the same moments, as far as a machine has such.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.site.server import serve, sources_toml
from tests.torture.at_the_250 import at_the_250, sent_once_more
from tests.torture.rig import House, Nursery, account, command, contents, house, only, post_office
from tests.torture.rows import Row
from tests.torture.tally import FEW, MANAGERS, READERS, SEED, Runs, Tally

# All of the sample site, a third at a time: a run with all of it has most of its kills in the reading.
THIRDS = (
    ("care-ledger", "kitchen-table", "care-ombudsman"),
    ("fieldwork", "open-lives", "practice-and-place"),
    ("support-evidence", "care-department", "fellshire-observer"),
)
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
                yield at_the_250(where, nursery, 6, whole=False)
                yield sent_once_more(where, nursery, 3)
                yield _a_few(where, nursery)
            return
        kinds: list[Callable[[Nursery], Row]] = [
            lambda n: at_the_250(where, n, 100, whole=True),
            lambda n: sent_once_more(where, n, 30),
            lambda n: anywhere(where, n, 200),
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


def _a_few(where: Path, nursery: Nursery) -> Row:
    """Four kills in one house, and what must hold in it; without a house that was never killed to lay it beside."""
    given, tally = random.Random(SEED), Tally()
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), ("care-ombudsman",))
        home = house(where / "a-few", text, office.port, managers=MANAGERS, members=[])
        runs = Runs(home, nursery.run)
        for do, times, seconds in QUICK:
            for _ in range(times):
                if nursery.run(home, *do, kill_after=given.uniform(0.02, seconds)) != -9:
                    break
                tally.killed_at(do[0])
            runs.through(*do)
        runs.settled()
        tally.add(home, account(home, office, {"managers": MANAGERS}), *runs.wrong)
    return tally.row("SIGKILL at a random moment, then run again")


def anywhere(
    where: Path,
    nursery: Nursery,
    kills: int,
    thirds: Sequence[Sequence[str]] = THIRDS,
    store: Callable[[str], str | None] = lambda _: None,
) -> Row:
    """So many kills in collect and publish, and what falls to deliver besides.

    `store` gives the address of a new store for the house of a name; None: a file among its folders.
    """
    given, tally = random.Random(SEED), Tally()
    with serve() as site:
        sources = [only(sources_toml(site), third) for third in thirds]
        models = [
            _unkilled(where / f"unkilled-{n}", nursery, text, store(f"unkilled-{n}")) for n, text in enumerate(sources)
        ]
        while tally.killed_on_the_way < kills and tally.rounds < kills:
            third = tally.rounds % len(sources)
            lasts, model = models[third]
            with post_office() as office:
                name = f"round-{tally.rounds}"
                home = house(where / name, sources[third], office.port, store=store(name), **READERS)
                runs = Runs(home, nursery.run)
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


def _say(what: str, tally: Tally) -> None:
    """How far it has come: the whole takes a while."""
    print(f"      {what}: {tally.killed} kills in {tally.rounds} houses", file=sys.stderr, flush=True)


def _unkilled(
    where: Path, nursery: Nursery, text: str, store: str | None = None
) -> tuple[dict[tuple[str, ...], float], tuple[list[tuple[object, ...]], ...]]:
    """How long each stage lasts when nobody kills it, and what it leaves."""
    lasts: dict[tuple[str, ...], float] = {}
    with post_office() as office:
        home = house(where, text, office.port, store=store, **READERS)
        for do, *_ in STAGES:
            began = time.monotonic()
            assert nursery.run(home, *do) == 0, home.log.read_text()[-2000:]
            lasts[do] = time.monotonic() - began
        assert not account(home, office, READERS).bad
    return lasts, contents(home)


# ---------------------------------------------------------------- through the real commands


def _real_commands(where: Path, nursery: Nursery, kills: int) -> Row:
    """`python -m flows.commands.main` is what `./run` and `cuttings` call: with Prefect and its temporary server."""
    given, tally = random.Random(SEED + 1), Tally()
    with serve() as site:
        text = only(sources_toml(site), FEW)
        lasts, model = _unkilled(where / "real-unkilled", nursery, text)
        while tally.killed < kills and tally.rounds < kills:
            with post_office() as office:
                home = house(where / f"real-{tally.rounds}", text, office.port, **READERS)
                runs = Runs(home, command)
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
