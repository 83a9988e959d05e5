"""`./run torture [PART…] [--quick]`: hostile pages, servers, mail, disks and kills; each row with its counts.

PART is one of PARTS; none: all of them. --quick takes few of each (as `./run test` does). Ends with 1 when anything
went wrong.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterable

from tests.torture.rows import Row

# Each is a module of this package with `rows(quick: bool) -> Iterable[Row]`.
PARTS: tuple[str, ...] = ("pages", "articles", "text", "mail", "network", "layouts", "kills", "disks", "month")


def part(name: str, quick: bool) -> Iterable[Row]:
    rows: Iterable[Row] = importlib.import_module(f"tests.torture.{name}").rows(quick)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run torture", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    wanted = parser.parse_args()
    bad = tried = 0
    for name in wanted.parts or PARTS:
        print(f"\n{name}", flush=True)
        for row in part(name, wanted.quick):
            tried, bad = tried + row.tried, bad + row.bad
            print(f"  {'ok ' if not row.bad else 'BAD'} {row.name}: {row.tried} tried, {row.bad} bad", flush=True)
            if row.detail:
                print(f"      {row.detail}", flush=True)
    print(f"\n{tried} tried, {bad} bad")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
