"""What a torture part gives: one row a kind of attack or accident, with its counts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.table import machine


@dataclass(frozen=True, slots=True)
class Row:
    """`tried` cases of one kind, `bad` of which went wrong; `detail`: what was counted, or the first to go wrong."""

    name: str
    tried: int
    bad: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a part took: by the clock on the wall, of CPU time (its ended children with it), and whether it was cut."""

    seconds: int
    cpu_seconds: int
    quick: bool


def keep(name: str, rows: Sequence[Row], spent: Spent, folder: Path) -> Path:
    """Writes a part's rows as JSON beside the machine's description; returns the file."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "part": name,
        # Of the last quarter of an hour: what else the machine did meanwhile.
        "machine": {**machine(), "load": round(os.getloadavg()[2], 1)},
        **asdict(spent),
        "tried": sum(row.tried for row in rows),
        "bad": sum(row.bad for row in rows),
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
