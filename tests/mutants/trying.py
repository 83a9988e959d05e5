"""mutmut at work on a copy of the checkout: which mutants there are, and what became of each."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tests.mutants.rooms import Room

HOME = Path(__file__).resolve().parents[2]
UNTRIED = "not checked"
_LEFT = shutil.ignore_patterns(
    ".git", ".venv*", "output", "__pycache__", ".*_cache", ".hypothesis", "node_modules", "mutants-*"
)
# PostgreSQL takes seconds to start, for each mutant anew; the store's tests run on it elsewhere.
_PYTEST = ("-k", "not postgresql", "-p", "no:cacheprovider", "-p", "tests.mutants.quick_first")


@dataclass(frozen=True, slots=True)
class Workshop:
    """A room's mutants in a folder. What was tried in it before stands, as long as its function is the same."""

    room: Room
    folder: Path
    children: int

    def prepare(self) -> None:
        """The folder becomes a copy of the checkout, or its files are brought up to date."""
        shutil.copytree(HOME, self.folder, ignore=_LEFT, dirs_exist_ok=True, symlinks=True)
        (self.folder / "output").mkdir(exist_ok=True)
        tables = [
            'source_paths = ["cuttings", "parsers", "flows"]',
            'also_copy = ["config", "templates", "run", "README.md"]',
            f"only_mutate = {json.dumps(self.room.files)}",
            f"pytest_add_cli_args_test_selection = {json.dumps(self.room.tests)}",
            f"pytest_add_cli_args = {json.dumps(_PYTEST)}",
            "timeout_multiplier = 6.0",
            "timeout_constant = 4.0",
            "use_git_change_detection = false",
        ]
        with (self.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write("\n[tool.mutmut]\n" + "\n".join(tables) + "\n")

    def try_some(self, names: Sequence[str], seconds: float | None) -> str:
        """Tries the mutants of these names or patterns, for so long; returns what mutmut said."""
        with subprocess.Popen(
            [*_mutmut(), "run", "--max-children", str(self.children), *names],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        ) as one:  # fmt: skip
            try:
                return one.communicate(timeout=seconds)[0]
            except subprocess.TimeoutExpired:
                return "The time was up."
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(one.pid, signal.SIGKILL)

    def results(self) -> dict[str, str]:
        """What became of each mutant of the room, by its name."""
        said = subprocess.run(
            [*_mutmut(), "results", "--all", "true"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        found = (line.strip().rsplit(": ", 1) for line in said.stdout.splitlines() if "__mutmut_" in line)
        return {name: state for name, state in found if _of(name, self.room.only)}

    def shown(self, mutant: str) -> list[str]:
        """The lines that the mutant changes, with '-' and '+' in front."""
        said = subprocess.run(
            [*_mutmut(), "show", mutant], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return [line for line in said.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def tried(shop: Workshop, ending: str, again: bool, minutes: float | None) -> dict[str, str]:
    """Tries what is left, and with `again` what survived before; `ending`: those whose number ends in such a digit."""
    shop.prepare()
    until = None if minutes is None else time.monotonic() + 60 * minutes
    before = shop.results()
    names = [name for name, state in before.items() if again and state == "survived"] or _left(before, ending)
    said = ""
    if names or not before:
        said = shop.try_some(names or _patterns(shop.room, ending), minutes and 60 * minutes)
    # Of a function that has changed since, it is the run that makes the new mutants.
    while (left := _left(shop.results(), ending)) and left != names and (until is None or time.monotonic() < until):
        names = left
        said = shop.try_some(names, until and until - time.monotonic())
    results = shop.results()
    if all(state == UNTRIED for state in results.values()):
        sys.exit(f"No mutant was tried:\n{said[-3000:]}")
    return results


def _left(results: dict[str, str], ending: str) -> list[str]:
    endings = tuple(ending or "0123456789")
    return [name for name, state in results.items() if state == UNTRIED and name.endswith(endings)]


def _patterns(room: Room, ending: str) -> list[str]:
    """The mutants wanted, as patterns; none: all."""
    return [f"{one}{digit}" for one in room.only or ("*",) for digit in ending] if ending else list(room.only)


def _of(name: str, only: Iterable[str]) -> bool:
    return not only or any(fnmatchcase(name, pattern) for pattern in only)


def _mutmut() -> list[str]:
    return [str(Path(sys.executable).with_name("mutmut"))]
