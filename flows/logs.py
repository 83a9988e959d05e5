"""What the server and the runner say, as structured lines in a file that never grows beyond its limit.

Prefect's own lines may hold what a run was working on (an error's words, a parameter): no address of a person and no
words of a foreign exception are written here. The run's page in Prefect says more, to those who may log in.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

FILE_BYTES, FILES = 5_000_000, 5  # with the one being written: 30 MB at most
LONGEST = 2_000  # characters of a line

# From a word's beginning alone: tried at each of its letters, a word of 100,000 of them would take minutes.
_ADDRESS = re.compile(r"(?<![^\s<>()\"',;:=])[^\s<>()\"',;:=]+@[^\s<>()\"',;:=]+")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PREFECT = re.compile(r"\d\d:\d\d:\d\d\.\d{3} \| (?P<level>[A-Z]+)\s*\| (?P<logger>.*?) - (?P<text>.*)", re.DOTALL)
# 'KeyError: …', 'httpx.ReadError: …'; ours are sentences that were written to be read.
_EXCEPTION = re.compile(
    r"(?<![\w.])(?P<kind>[A-Za-z_][\w.]{0,200}(?:Error|Exception|Exited|Interrupt|Warning)): (?P<words>.*)", re.DOTALL
)
_OURS = ("cuttings.", "flows.", "parsers.", "StoreError", "ArchiveError")


class Journal:
    """Lines to `folder`/cuttings.log; older ones beside it as cuttings.log.1 to .5. A full disk stops nobody."""

    def __init__(self, folder: Path, name: str = "cuttings.log") -> None:
        self._handler: logging.Handler | None = None
        self.path = folder / name
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handler = _Quiet(self.path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8", delay=True)

    def write(self, source: str, line: str, *, at: datetime) -> None:
        if self._handler is not None:
            text = json.dumps(structured(source, line, at=at), ensure_ascii=False)
            self._handler.handle(logging.LogRecord("cuttings", logging.INFO, "", 0, text, None, None))

    def close(self) -> None:
        if self._handler is not None:
            self._handler.close()


class _Quiet(RotatingFileHandler):
    def _open(self) -> IO[str]:  # type: ignore[override]
        opened = super()._open()
        with suppress(OSError):
            Path(self.baseFilename).chmod(0o600)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:
        """What can't be written is lost; the children that say it must never wait for a disk."""


def structured(source: str, line: str, *, at: datetime) -> dict[str, str]:
    """A line of Prefect's console as fields: at, from, level, logger, text; without personal data."""
    plain = _COLOURS.sub("", line).rstrip()
    found = _PREFECT.fullmatch(plain)
    level, logger, text = found.group("level", "logger", "text") if found else ("INFO", source, plain)
    return {
        "at": at.isoformat(timespec="seconds"),
        "from": source,
        "level": level,
        "logger": logger,
        "text": _clean(text),
    }


def _clean(text: str) -> str:
    # A traceback's source lines are program text; its last line quotes the data: KeyError: 'Jo Brack'.
    text = _EXCEPTION.sub(
        lambda m: m[0] if m["kind"].startswith(_OURS) else f"{m['kind']}: (its words are on the run's page)", text
    )
    return _ADDRESS.sub("(address)", text)[:LONGEST]


class Follower:
    """Reads what a child says, writes it down, and remembers the last lines."""

    def __init__(self, source: str, stream: IO[bytes], journal: Journal) -> None:
        self._source, self._stream, self._journal = source, stream, journal
        self.last: deque[str] = deque(maxlen=8)
        self._thread = threading.Thread(target=self._follow, name=f"log of the {source}", daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        for line in self._lines():
            self.last.append(line)
            self._journal.write(self._source, line, at=datetime.now(UTC))

    def _lines(self) -> Iterator[str]:
        with suppress(ValueError, OSError):  # the pipe was closed under us
            for raw in self._stream:
                line = raw.decode("utf-8", "replace").rstrip()
                if line:
                    yield line

    def finish(self) -> None:
        """What was said up to the child's end. Its own children may keep the pipe open: they are not waited for."""
        self._thread.join(2)
