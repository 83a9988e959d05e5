"""What a row of kills counts, and the runs of one house that is killed in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.torture.rig import AS_AT, SETTLED, Account, House
from tests.torture.rows import Row

FEW = ("care-ledger", "kitchen-table")  # where the kills, not the reading, are what counts
MANAGERS = [f"manager{n}@fellshire.example" for n in range(6)]
MEMBERS = [f"cllr{n}@fellshire.example" for n in range(3)]
READERS = {"managers": MANAGERS, "members": MEMBERS}
SEED = int(os.environ.get("CUTTINGS_TORTURE_SEED", "20261102"))


@dataclass(slots=True)
class Tally:
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


class Runs:
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
