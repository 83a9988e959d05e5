"""Start-up: CPU seconds until a command has answered, beside an interpreter that does nothing and typer alone."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.table import Cell, Table

HOME = Path(__file__).resolve().parents[2]
ROUNDS = 5
HELP, PLUMBING = 0.3, 0.8  # CPU seconds that are the aim

_MAIN = ("-m", "flows.commands.main")
# name -> the arguments of Python, what it reads, the aim. The first ones are what every other row contains.
RUNS: Mapping[str, tuple[tuple[str, ...], str, float | None]] = {
    "python, nothing": (("-c", "pass"), "", None),
    "import typer": (("-c", "import typer.main"), "", None),
    "--help": ((*_MAIN, "--help"), "", HELP),
    "read (nothing to read)": ((*_MAIN, "read", "--jsonl"), "", PLUMBING),
    "judge (nothing to judge)": ((*_MAIN, "judge", "--jsonl"), "", PLUMBING),
    "label (nothing to label)": ((*_MAIN, "label", "--jsonl"), "", PLUMBING),
    "label (one text)": ((*_MAIN, "label", "--jsonl"), '{"text": "The care home closes."}\n', None),
    "stories (none)": ((*_MAIN, "stories", "--jsonl"), "", None),
    "quote (one text)": ((*_MAIN, "quote", "--jsonl"), '{"text": "The home closes. Nobody was asked."}\n', PLUMBING),
    "recipients list": ((*_MAIN, "recipients", "list"), "", None),
    "issues": ((*_MAIN, "issues"), "", None),
}  # fmt: skip


def seconds(arguments: Sequence[str], given: str, environment: Mapping[str, str]) -> float:
    """CPU seconds of one run. Raises CalledProcessError where it fails: it would be fast for the wrong reason."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        input=given.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(environment),
        cwd=HOME,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(quick: bool) -> Table:
    best: dict[str, float] = dict.fromkeys(RUNS, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CUTTINGS_OUTPUT": folder}
        seconds((*_MAIN, "recipients", "list"), "", environment)  # makes the store: once in a deployment's life
        for _ in range(2 if quick else ROUNDS):
            for name, (arguments, given, _) in RUNS.items():
                best[name] = min(best[name], seconds(arguments, given, environment))
    rows: list[dict[str, Cell]] = [
        {"what": name, "CPU seconds": best[name], "times typer": best[name] / best["import typer"], "aim": aim}
        for name, (_, _, aim) in RUNS.items()
    ]
    notes = [
        "The best of some rounds, one after the other in each. `stories` needs numpy; the last two need the store.",
    ]
    return Table("Starting a command", rows, notes)
