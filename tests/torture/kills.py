"""Kills: SIGKILL at any moment of a collect, a publish and a delivery, and right after the mail server's 250.

Real processes and a real mail server. What must hold in the end, by the server's own log: nobody has an issue twice,
and every reader either has it or is listed. The same seed kills at the same moments, as far as a machine has such.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterable, Iterator
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
MANAGERS = [f"manager{n}@fellshire.example" for n in range(6)]
MEMBERS = [f"cllr{n}@fellshire.example" for n in range(3)]
# The ways of a run, and how often each may be killed before it is let through.
STAGES = ((("collect",), 5), (("publish", "managers"), 4), (("publish", "members"), 3), (("deliver",), 2))


def rows(quick: bool) -> Iterable[Row]:
    with tempfile.TemporaryDirectory(prefix="cuttings-kills-") as folder, Nursery() as nursery:
        where = Path(folder)
        if not quick:
            yield from _anywhere(where, nursery, 180)
            yield from _real_commands(where, 20)
        yield from _at_the_250(where, nursery, 6 if quick else 100, whole=not quick)


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

    def killed_at(self, stage: str) -> None:
        self.kills[stage] = self.kills.get(stage, 0) + 1

    def add(self, found: Account) -> None:
        self.rounds += 1
        self.sent += found.sent
        self.uncertain += found.uncertain
        self.told += found.told
        self.doubled += found.doubled
        self.lost += found.lost
        self.wrong += found.broken
        if found.unaccounted:
            self.wrong.append(f"{found.unaccounted} messages whose row is not what the server says")

    def row(self, name: str) -> Row:
        where = ", ".join(f"{n} in {stage}" for stage, n in sorted(self.kills.items()))
        detail = (
            f"seed {SEED}: {where}; {self.rounds} houses; {self.sent} messages sent, {self.doubled} doubled, "
            f"{self.lost} silently lost, {self.uncertain} listed as uncertain, {self.told} as refused or given up"
        )
        bad = self.doubled + self.lost + len(self.wrong)
        return Row(name, self.killed, bad, f"{detail}; {self.wrong[0]}" if self.wrong else detail)


def _anywhere(where: Path, nursery: Nursery, kills: int) -> Iterator[Row]:
    given, tally = random.Random(SEED), _Tally()
    with serve() as site:
        text = sources_toml(site)
        lasts, model = _unkilled(where / "unkilled", nursery, text)
        while tally.killed < kills and tally.rounds < kills:
            with post_office() as office:
                home = house(where / f"round-{tally.rounds}", text, office.port, managers=MANAGERS, members=MEMBERS)
                for do, most in STAGES:
                    for _ in range(min(given.randint(1, most), kills - tally.killed)):
                        status = nursery.run(home, *do, kill_after=given.uniform(0.02, lasts[do]))
                        if status != -9:
                            break
                        tally.killed_at(do[0])
                    _through(nursery, home, tally, *do)
                _settled(nursery, home, tally)
                tally.add(account(home, office, {"managers": MANAGERS, "members": MEMBERS}))
                if contents(home)[:2] != model[:2]:
                    tally.wrong.append("what was collected is not what a run without kills collects")
    yield tally.row("SIGKILL at a random moment, then run again")


def _unkilled(where: Path, nursery: Nursery, text: str) -> tuple[dict[tuple[str, ...], float], tuple[object, ...]]:
    """How long each stage lasts when nobody kills it, and what it leaves."""
    lasts: dict[tuple[str, ...], float] = {}
    with post_office() as office:
        home = house(where, text, office.port, managers=MANAGERS, members=MEMBERS)
        for do, _ in STAGES:
            began = time.monotonic()
            assert nursery.run(home, *do) == 0, home.log.read_text()[-2000:]
            lasts[do] = time.monotonic() - began
    return lasts, contents(home)


def _through(nursery: Nursery, home: House, tally: _Tally, *do: str, at: str = AS_AT) -> None:
    status = nursery.run(home, *do, at=at)
    if status:
        tally.wrong.append(f"{' '.join(do)} ended with {status}: {home.log.read_text()[-300:]}")


def _settled(nursery: Nursery, home: House, tally: _Tally) -> None:
    """Hours later: what was left in the middle is called uncertain; the officer's notice of it leaves in the second."""
    for _ in range(2):
        _through(nursery, home, tally, "deliver", at=SETTLED)


# ---------------------------------------------------------------- through the real commands


def _real_commands(where: Path, kills: int) -> Iterator[Row]:
    given, tally = random.Random(SEED + 1), _Tally()
    with serve() as site:
        text = only(sources_toml(site), FEW)
        while tally.killed < kills and tally.rounds < kills:
            with post_office() as office:
                home = house(where / f"real-{tally.rounds}", text, office.port, managers=MANAGERS, members=MEMBERS)
                # Its temporary server makes its database once; afterwards a kill meets our work and not that.
                began = time.monotonic()
                _command(home, tally, "deliver")
                lasts = time.monotonic() - began
                for do, most in STAGES:
                    for _ in range(min(most, kills - tally.killed)):
                        status = command(home, *do, kill_after=given.uniform(lasts * 0.3, lasts * 1.1))
                        if status != -9:
                            break
                        tally.killed_at(do[0])
                    _command(home, tally, *do)
                for _ in range(2):
                    _command(home, tally, "deliver", at=SETTLED)
                tally.add(account(home, office, {"managers": MANAGERS, "members": MEMBERS}))
    yield tally.row("SIGKILL for `cuttings collect`, `publish`, `deliver`, then again")


def _command(home: House, tally: _Tally, *words: str, at: str = AS_AT) -> None:
    status = command(home, *words, at=at)
    if status:
        tally.wrong.append(f"cuttings {' '.join(words)} ended with {status}: {home.log.read_text()[-300:]}")


# ---------------------------------------------------------------- between the server's 250 and our commit


def _at_the_250(where: Path, nursery: Nursery, kills: int, *, whole: bool) -> Iterator[Row]:
    """`whole`: an issue that was collected and published; else notices alone, which cost no reading and no printing."""
    given, tally = random.Random(SEED + 2), _Tally()
    readers = [f"reader{n}@fellshire.example" for n in range(kills + kills // 5 + 2)]
    with serve() as site, post_office() as office:
        text = only(sources_toml(site), FEW)
        home = house(where / "at-the-250", text, office.port, managers=readers if whole else [], members=MEMBERS)
        if whole:
            _through(nursery, home, tally, "collect")
        else:
            _queue(home, readers)
        left = kills

        def kill() -> None:
            nonlocal left
            if left and nursery.child:
                left -= 1
                # At once, or so soon that our commit may or may not be done.
                time.sleep(given.choice((0.0, 0.0, given.uniform(0, 0.005))))
                nursery.kill()

        office.after_250 = kill
        do: tuple[str, ...] = ("publish", "managers") if whole else ("deliver",)
        while tally.killed < kills:
            status = nursery.run(home, *do)
            if status != -9:
                tally.wrong.append(f"{do[0]} ended with {status} before {kills} kills: {home.log.read_text()[-300:]}")
                break
            tally.killed_at(do[0])
            do = ("deliver",)
        office.after_250 = lambda: None
        _settled(nursery, home, tally)
        tally.add(account(home, office, {"managers": readers} if whole else {}))
        tally.lost += len(set(readers) - {a.recipient for a in office.accepted})
        unsure = home.rows("SELECT count(*) FROM outbox WHERE state = 'ambiguous' AND recipient LIKE 'reader%'")[0][0]
        if unsure > kills:
            tally.wrong.append(f"{unsure} messages are called uncertain after {kills} kills")
    yield tally.row("SIGKILL between the server's 250 and our commit")


def _queue(home: House, readers: list[str]) -> None:
    from cuttings.edges.store import open_store, outbox

    letter = outbox.Letter("health 2026-11-02", "notice", "All is well", "All is well.", "<p>All is well.</p>")
    store = open_store(home.database)
    now = datetime.fromisoformat(AS_AT)
    outbox.enqueue(store, letter, [(r, None) for r in readers], now=now, deadline=now + timedelta(days=2))
    store.close()
