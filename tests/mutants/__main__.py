"""`./run mutants [ROOM…]`: changes one thing at a time in the guard, the outbox and the cleaning of text, on a copy of
this checkout, and counts the changes that no test notices. Ends with 1 where a room is below its floor.

--keep writes the table to tests/bench/results/VERSION/mutants.json; --show prints each change that went unnoticed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.table import machine
from tests.mutants.rooms import ROOMS, Room

HOME = Path(__file__).resolve().parents[2]
_LEFT = shutil.ignore_patterns(
    ".git", ".venv*", "output", "__pycache__", ".*_cache", ".hypothesis", "node_modules", "mutants-*"
)
_WORDS = {"timeout": "timeouts", "no tests": "untested", "segfault": "killed", "suspicious": "killed"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A timeout is a killed mutant too: the program hung, and a test would have said so."""

    room: str
    mutants: int
    killed: int
    timeouts: int
    survived: int
    untested: int
    equivalent: int

    @property
    def share(self) -> float:
        counted = self.mutants - self.equivalent
        return (self.killed + self.timeouts) / counted if counted else 0.0


def tried(room: Room, folder: Path, children: int, names: Sequence[str]) -> dict[str, str]:
    """What became of each mutant, by its name. `folder` becomes a copy of the checkout with the mutants in it."""
    shutil.copytree(HOME, folder, ignore=_LEFT, dirs_exist_ok=True, symlinks=True)
    (folder / "output").mkdir(exist_ok=True)
    tables = [
        'source_paths = ["cuttings", "parsers", "flows"]',
        'also_copy = ["config", "templates", "run", "README.md"]',
        f"only_mutate = {json.dumps(room.files)}",
        f"pytest_add_cli_args_test_selection = {json.dumps(room.tests)}",
        # PostgreSQL takes seconds to start, for each mutant anew; the store's tests run on it elsewhere.
        'pytest_add_cli_args = ["-k", "not postgresql", "-p", "no:cacheprovider"]',
        "timeout_multiplier = 6.0",
        "timeout_constant = 4.0",
    ]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(tables) + "\n")
    # Hypothesis finds the same examples for every mutant under CI.
    environment = os.environ | {"CI": "1"}
    program = [str(Path(sys.executable).with_name("mutmut"))]
    done = subprocess.run(
        [*program, "run", "--max-children", str(children), *names], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    said = subprocess.run(
        [*program, "results", "--all", "true"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    found = dict(line.strip().rsplit(": ", 1) for line in said.stdout.splitlines() if "__mutmut_" in line)
    results = {name: state for name, state in found.items() if state != "not checked"}
    if not results:
        sys.exit(f"No mutant was tried:\n{done.stdout[-3000:]}")
    return results


def _names(room: Room, ending: str) -> list[str]:
    """The mutants wanted, as patterns; none: all."""
    return [f"{one}{digit}" for one in room.only or ("*",) for digit in ending] if ending else list(room.only)


def counted(name: str, room: Room, results: dict[str, str]) -> Counted:
    states = Counter(
        "equivalent" if mutant in room.equivalent and state == "survived" else _WORDS.get(state, state)
        for mutant, state in results.items()
    )
    return Counted(
        name, len(results), states["killed"], states["timeouts"], states["survived"], states["untested"],
        states["equivalent"],
    )  # fmt: skip


def shown(folder: Path, results: dict[str, str]) -> None:
    for mutant, state in results.items():
        if state in ("survived", "no tests"):
            said = subprocess.run(
                [str(Path(sys.executable).with_name("mutmut")), "show", mutant],
                cwd=folder, capture_output=True, text=True, check=False,
            )  # fmt: skip
            lines = [line for line in said.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            print(f"    {mutant} ({state})", *(f"        {line}" for line in lines), sep="\n", flush=True)


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
    wanted = parser.parse_args()
    table = []
    print(
        f"{'room':8}{'mutants':>9}{'killed':>8}{'hung':>6}{'survived':>10}{'untested':>10}{'equivalent':>12}{'share':>8}"
    )
    for name in wanted.rooms or ROOMS:
        room = ROOMS[name]
        with TemporaryDirectory(prefix=f"cuttings-mutants-{name}-") as folder:
            results = tried(room, Path(folder), wanted.children, _names(room, wanted.ending))
            row = counted(name, room, results)
            table.append(row)
            print(
                f"{row.room:8}{row.mutants:9}{row.killed:8}{row.timeouts:6}{row.survived:10}{row.untested:10}"
                f"{row.equivalent:12}{row.share:8.1%}",
                flush=True,
            )
            if wanted.show:
                shown(Path(folder), results)
    if wanted.keep:
        keep(table)
    sys.exit(any(row.share < ROOMS[row.room].floor for row in table))


def keep(table: list[Counted]) -> None:
    version = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    path = HOME / "tests" / "bench" / "results" / version / "mutants.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    old = json.loads(path.read_text(encoding="utf-8"))["rooms"] if path.exists() else {}
    rooms = old | {row.room: asdict(row) | {"share": round(row.share, 4)} for row in table}
    path.write_text(json.dumps({"machine": machine(), "rooms": rooms}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
