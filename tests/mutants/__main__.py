"""`./run mutants [ROOM…]`: changes one thing at a time in the guard, the outbox and the cleaning of text, on a copy of
this checkout, and counts the changes that no test notices. Ends with 1 where a room is below its floor.

--keep writes the table to tests/bench/results/VERSION/mutants.json, if every mutant was tried; --show prints each
change that went unnoticed. A whole room takes a while: with --folder FOLDER and --minutes N a run stops after N
minutes, and the next one with the same folder goes on. Take a new folder once the tests have changed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.table import machine
from tests.mutants.rooms import ROOMS, Room
from tests.mutants.trying import HOME, UNTRIED, Workshop, tried

_WORDS = {"timeout": "timeouts", "no tests": "untested", "segfault": "killed", "suspicious": "killed"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A timeout is a killed mutant too: the program hung, and a test would have said so."""

    room: str
    mutants: int
    tried: int
    killed: int
    timeouts: int
    survived: int
    untested: int
    equivalent: int

    @property
    def share(self) -> float:
        counted = self.tried - self.equivalent
        return (self.killed + self.timeouts) / counted if counted else 0.0


def counted(name: str, room: Room, results: dict[str, str]) -> Counted:
    states = Counter(
        "equivalent" if mutant in room.equivalent and state == "survived" else _WORDS.get(state, state)
        for mutant, state in results.items()
    )
    return Counted(
        name, len(results), len(results) - states[UNTRIED], states["killed"], states["timeouts"], states["survived"],
        states["untested"], states["equivalent"],
    )  # fmt: skip


def _show(shop: Workshop, results: dict[str, str]) -> None:
    for mutant, state in results.items():
        if state in ("survived", "no tests") and mutant not in shop.room.equivalent:
            lines = shop.shown(mutant)
            print(f"    {mutant} ({state})", *(f"        {line}" for line in lines), sep="\n", flush=True)


_HEAD = ("room", "mutants", "tried", "killed", "hung", "survived", "untested", "equivalent", "share")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run mutants", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rooms", nargs="*", choices=[*ROOMS, []], metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="how many mutants at once")
    parser.add_argument(
        "--ending", default="", metavar="DIGITS", help="a sample: those whose number ends in one of these"
    )
    parser.add_argument("--folder", type=Path, help="where the mutants are made; it stays")
    parser.add_argument("--minutes", type=float, help="stop after so many, for each room")
    parser.add_argument("--again", action="store_true", help="with --folder: try what survived once more")
    wanted = parser.parse_args()
    # Hypothesis finds the same examples for every mutant.
    os.environ["CI"] = "1"
    table = []
    print("{:8}{:>8}{:>7}{:>8}{:>6}{:>10}{:>10}{:>12}{:>8}".format(*_HEAD))
    for name in wanted.rooms or ROOMS:
        room = ROOMS[name]
        place = nullcontext(wanted.folder / name) if wanted.folder else TemporaryDirectory(prefix="cuttings-mutants-")
        with place as folder:
            shop = Workshop(room, Path(folder).resolve(), wanted.children)
            results = tried(shop, wanted.ending, wanted.again, wanted.minutes)
            row = counted(name, room, results)
            table.append(row)
            print(
                f"{row.room:8}{row.mutants:8}{row.tried:7}{row.killed:8}{row.timeouts:6}{row.survived:10}"
                f"{row.untested:10}{row.equivalent:12}{row.share:8.1%}",
                flush=True,
            )
            if wanted.show:
                _show(shop, results)
    if wanted.keep:
        keep(table)
    sys.exit(any(row.share < ROOMS[row.room].floor for row in table))


def keep(table: list[Counted]) -> None:
    """Adds the rooms that were tried whole to the version's table."""
    version = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    path = HOME / "tests" / "bench" / "results" / version / "mutants.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rooms = json.loads(path.read_text(encoding="utf-8"))["rooms"] if path.exists() else {}
    for row in table:
        if row.tried < row.mutants:
            print(f"{row.room} is not kept: {row.tried} of {row.mutants} mutants were tried")
        else:
            rooms[row.room] = asdict(row) | {"share": round(row.share, 4)}
    path.write_text(json.dumps({"machine": machine(), "rooms": rooms}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
