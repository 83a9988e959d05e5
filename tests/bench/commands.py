"""Whole commands on a store of five years, each a process of its own, beside the same on a small one."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.table import Cell

HOME = Path(__file__).resolve().parents[2]
DATABASE = "cuttings.db"
LONGEST = 300  # seconds
ROUNDS = 2
COUNCIL = '[council]\nname = "Fellshire"\nlocal = ["Fell End"]\ncontact_email = "officer@council.example"\n'


@dataclass(frozen=True, slots=True)
class House:
    """A deployer's folders around a store that is there already, in `folder`."""

    folder: Path
    env: Mapping[str, str]
    words: Mapping[str, Sequence[str]]  # by what the row is called


def house(folder: Path, hash_key: bytes, now: datetime, sources: int) -> House:
    config = folder / "config"
    config.mkdir()
    (config / "council.toml").write_text(COUNCIL, encoding="utf-8")
    blocks = (
        f'[[source]]\nid = "source-{n}"\nname = "Source {n}"\nurl = "https://news{n}.example/feed/"\n'
        for n in range(sources)
    )
    (config / "sources.toml").write_text("\n".join(blocks), encoding="utf-8")
    key = config / "hash-key"
    key.write_bytes(hash_key)
    key.chmod(0o600)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CUTTINGS_"))}
    env |= {
        "CUTTINGS_CONFIG": f"{HOME / 'config' / 'default'}{os.pathsep}{config}",
        "CUTTINGS_OUTPUT": str(folder),
        "CUTTINGS_AS_AT": now.isoformat(),
        "COLUMNS": "80",
    }
    return House(folder, env, _words(folder))


def _words(folder: Path) -> dict[str, Sequence[str]]:
    """Commands that have something to find: a name that wrote, an article, a comment, an address, all of the middle."""
    connection = sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)

    def one(query: str, *given: object) -> str:
        return str(connection.execute(query, given).fetchone()[0])

    comment = one("SELECT key FROM comments WHERE id = (SELECT max(id) / 2 FROM comments)")
    article = one("SELECT article FROM comments WHERE key = ?", comment)
    url = one("SELECT url FROM articles WHERE key = ?", article)
    name = one("SELECT author FROM comments WHERE author IS NOT NULL ORDER BY id DESC LIMIT 1")
    connection.close()
    sheet = str(folder / "queue.csv")
    return {
        "recipients list": ["recipients", "list"],
        "outbox list": ["outbox", "list"],
        "quarantine list": ["quarantine", "list"],
        "issues": ["issues"],
        "usage": ["usage"],
        "stats": ["stats"],
        "explain an article": ["explain", article],
        "explain a comment": ["explain", comment],
        "explain an address": ["explain", url],
        "person NAME": ["person", name],
        "forget NAME, before it asks": ["forget", name],
        "review --export": ["review", "--export", sheet],
        "review --export --outcome spam": ["review", "--outcome", "spam", "--export", sheet],
        "review --export --outcome genuine": ["review", "--outcome", "genuine", "--export", sheet],
        "review --export --themes": ["review", "--themes", "--export", sheet],
        "review --export --edition managers": ["review", "--edition", "managers", "--export", sheet],
        "rulings export": ["rulings", "export", str(folder / "rulings.csv")],
        "themes list": ["themes", "list"],
        "themes check": ["themes", "check"],
        "source list": ["source", "list"],
    }


def rows(small: House, large: House, heads: tuple[str, str], within: float) -> Iterator[dict[str, Cell]]:
    for name in large.words:
        # The first round pays for what lies on the disk, and for a model of the rulings that is made once.
        turns = [(_spent(small, name)[0], *_spent(large, name)) for _ in range(ROUNDS)]
        few, many, seconds = (min(column) for column in zip(*turns, strict=True))
        yield {"question": f"./run {name}", heads[0]: few, heads[1]: many, "seconds": seconds, "within": within}


def _spent(house: House, name: str) -> tuple[float, float]:
    """(CPU seconds, seconds) of a whole command. RuntimeError where it fails."""
    command = [sys.executable, "-m", "flows.commands.main", *house.words[name]]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command, cwd=HOME, env=dict(house.env), stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=LONGEST,
            check=False,
        )  # fmt: skip
        after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
        if done.returncode not in (0, 1):  # 1: `forget` that nobody answers
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed: {said.read()[-500:].decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds
