"""`./run torture [PART…] [--quick] [--keep]`: hostile pages, servers, mail, disks and kills; each row with its counts.

PART is one of PARTS; none: all of them. --quick takes few of each (as `./run test` does); --keep writes the tables as
JSON under tests/torture/results/VERSION. Ends with 1 when anything went wrong.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.bench.table import cpu_seconds
from tests.torture.rows import Row, Spent, keep

# Each is a module of this package with `rows(quick: bool) -> Iterable[Row]`.
PARTS: tuple[str, ...] = (
    "pages",
    "articles",
    "text",
    "mail",
    "network",
    "layouts",
    "kills",
    "kills_postgresql",
    "steps",
    "together",
    "disks",
    "disk_commands",
    "month",
    "commands",
)


def part(name: str, quick: bool) -> Iterable[Row]:
    rows: Iterable[Row] = importlib.import_module(f"tests.torture.{name}").rows(quick)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run torture", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true")
    wanted = parser.parse_args()
    bad = tried = 0
    for name in wanted.parts or PARTS:
        print(f"\n{name}", flush=True)
        kept, began, cpu = list[Row](), time.monotonic(), cpu_seconds()
        for row in part(name, wanted.quick):
            kept.append(row)
            tried, bad = tried + row.tried, bad + row.bad
            print(f"  {'ok ' if not row.bad else 'BAD'} {row.name}: {row.tried} tried, {row.bad} bad", flush=True)
            if row.detail:
                print(f"      {row.detail}", flush=True)
        if wanted.keep:
            spent = Spent(round(time.monotonic() - began), round(cpu_seconds() - cpu), wanted.quick)
            print(f"  kept: {keep(name, kept, spent, Path(__file__).parent / 'results' / version('cuttings'))}")
    print(f"\n{tried} tried, {bad} bad")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
