"""The log of runs and commands, output/logs/runs.log: one JSON object a line, from every process that does something.

No personal data: a line holds names of commands, flows, sources and editions, counts, and sentences of our own with
every e-mail address taken out. An exception that is not ours is told by its kind alone: `KeyError: 'Jo Brack'` would
put a reader's name into a file that nobody thinks of when they are asked to erase it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

NAME = "runs.log"
LARGEST = 2_000_000  # bytes; then it becomes runs.log.1
KEPT = 5  # older files beside it
LONGEST = 400  # characters of one value
OURS = ("cuttings", "parsers", "flows")

Fact = str | int | float | bool | None | Mapping[str, int]

# From a word's beginning alone: tried at each of its letters, a word of 100,000 of them would take minutes.
_ADDRESS = re.compile(r"(?<![^\s<>\"'(),;:])[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_place: list[Path] = []


def use(output: Path) -> None:
    """From here on `write` without a folder writes below this output folder."""
    _place[:] = [output / "logs"]


def in_use() -> bool:
    return bool(_place)


def write(event: str, facts: Mapping[str, Fact], folder: Path | None = None) -> None:
    """Add a line. Never fails: a full disk has been told by then, and no run ends for want of a log."""
    chosen = folder or (_place[0] if _place else None)
    if chosen is None:
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {name: _clean(value) for name, value in facts.items() if value is not None}
    line = {"at": at, "event": event, "process": os.getpid(), **line}
    data = f"{json.dumps(line, ensure_ascii=False, default=str)}\n".encode("utf-8", "replace")
    with suppress(OSError):
        _append(chosen / NAME, data)


def plain(text: str) -> str:
    """A sentence without anybody's e-mail address, on one line, of a length."""
    one = " ".join(_ADDRESS.sub("(an address)", text).split())
    return one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…"


def fault(error: BaseException) -> str:
    """What an exception may say in a log or a mail: our own sentences whole, of others their kind."""
    if type(error).__module__.partition(".")[0] in OURS and str(error):
        return plain(str(error))
    return f"a fault of ours ({type(error).__name__})"


def _clean(value: Fact) -> Fact:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(key)): count for key, count in value.items()}
    return value


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (path.parent / ".lock").open("a") as lock:
        # Runs of the schedule and commands by hand write at the same time, and only one of them may turn the page.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _rotate(path, len(data))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)


def _rotate(path: Path, more: int) -> None:
    """Where the file and what is to come would be too large: file -> file.1 -> … ; the oldest goes."""
    if not path.exists() or path.stat().st_size + more <= LARGEST:
        return
    for number in range(KEPT, 0, -1):
        older = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number}"))
