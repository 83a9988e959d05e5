"""`./run bench [NAME…] [--quick] [--keep]`: the product measured beside its peers.

NAME is one of BENCHES; none: all of them. --quick takes less of everything; --keep writes the tables as JSON under
tests/bench/results/VERSION.
"""

from __future__ import annotations

import argparse
import importlib
from importlib.metadata import version
from pathlib import Path

from tests.bench.table import keep

# Each is a module of this package with `measure(quick: bool) -> Table`.
BENCHES: tuple[str, ...] = ("publish", "judge", "read", "label", "startup", "store", "reread", "line", "soak")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true")
    wanted = parser.parse_args()
    for name in wanted.names or BENCHES:
        # One benchmark's libraries are not loaded for another: they would be in its memory figures.
        table = importlib.import_module(f"tests.bench.{name}").measure(wanted.quick)
        print(table.text(), end="\n\n", flush=True)
        if wanted.keep:
            print(f"kept: {keep(table, name, Path(__file__).parent / 'results' / version('cuttings'))}\n")


if __name__ == "__main__":
    main()
