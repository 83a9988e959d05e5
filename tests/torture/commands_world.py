"""A house for hostile calls: its folders, the booth that bears the calls, and what counts as gone wrong."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from tests.torture.rows import Row

HOME = Path(__file__).resolve().parents[2]
CPU_SECONDS, WALL_SECONDS, MEGABYTES = 20, 60, 700.0  # of one call


@dataclass(frozen=True, slots=True)
class Call:
    """`cuttings WORDS…`; `lines` is its standard input as a filter, and how many answers it must give."""

    words: tuple[str, ...]
    stdin: Path | None = None
    answers: int | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[int, ...] = (0, 1, 2)
    as_nobody: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    cpu: float
    mb: float
    out: bytes
    err: bytes


class World:
    """Folders of a house of its own, and the booth."""

    def __init__(self, folder: Path, booth: subprocess.Popen[str]) -> None:
        self.folder, self._booth = folder, booth
        self.local, self.output = folder / "local", folder / "output"
        self.files = folder / "files"
        for one in (self.local, self.output, self.files):
            one.mkdir()
        folder.chmod(0o777)
        self.files.chmod(0o777)
        (self.local / "hash-key").write_text("0" * 64)
        (self.local / "hash-key").chmod(0o600)

    def env(self) -> dict[str, str]:
        default = HOME / "config" / "default"
        return {
            "CUTTINGS_CONFIG": os.pathsep.join((str(default), str(self.local))),
            "CUTTINGS_OUTPUT": str(self.output),
            "CUTTINGS_DATABASE": "",
            "CUTTINGS_AS_AT": "2026-11-02T07:00",
            "COLUMNS": "80",
            # Flows run as plain functions here: without it, each house would have Prefect's database made first.
            "PREFECT_API_URL": "http://127.0.0.1:1/api",
        }

    def call(self, call: Call) -> Ended:
        out, err = self.folder / "out", self.folder / "err"
        order = {
            "words": call.words, "stdin": str(call.stdin or "/dev/null"), "out": str(out), "err": str(err),
            "env": self.env() | dict(call.env), "cwd": str(self.files), "cpu": CPU_SECONDS, "wall": WALL_SECONDS,
            "mb": MEGABYTES, "user": pwd.getpwnam("nobody").pw_uid if call.as_nobody else 0,
        }  # fmt: skip
        for stale in (out, err):
            stale.unlink(missing_ok=True)
        assert self._booth.stdin is not None
        print(json.dumps(order), file=self._booth.stdin, flush=True)
        answer = self._answer()
        return Ended(answer["status"], answer["cpu"], answer["mb"], _bytes(out), _bytes(err))

    def _answer(self) -> Any:
        assert self._booth.stdout is not None
        return json.loads(self._booth.stdout.readline())


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


@contextmanager
def world() -> Iterator[World]:
    with (
        TemporaryDirectory(prefix="cuttings-commands-") as folder,
        subprocess.Popen(
            [sys.executable, "-m", "tests.torture.booth"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME,
        ) as booth,
    ):  # fmt: skip
        made = World(Path(folder), booth)
        made._answer()  # it is ready
        yield made
        assert booth.stdin is not None
        booth.stdin.close()


def fault(call: Call, ended: Ended) -> str | None:
    """What went wrong, in a phrase; None where the call ended as it should: with an answer or a sentence."""
    if ended.status < 0:
        return f"killed at {ended.cpu:.0f} CPU s, {ended.mb:.0f} MB"
    if b"Traceback (most recent call last)" in ended.err:
        return ended.err.decode("utf-8", "replace").strip().splitlines()[-1][:200]
    if ended.status not in call.allowed:
        return f"ended with {ended.status}: {ended.err.decode('utf-8', 'replace').strip()[-120:]!r}"
    if ended.mb > MEGABYTES:
        return f"{ended.mb:.0f} MB"
    if ended.status and not ended.err.strip():
        return f"ended with {ended.status} and says nothing"
    if b"\x1b" in ended.err or b"\x1b" in ended.out:
        return f"an escape sequence reaches the terminal: {(ended.err or ended.out)[:80]!r}"
    return _wrong_answers(call.answers, ended) if call.answers is not None else None


def _wrong_answers(wanted: int, ended: Ended) -> str | None:
    lines = ended.out.splitlines()
    if ended.status or len(lines) != wanted:
        return f"{len(lines)} answers to {wanted} questions, ended with {ended.status}"
    for line in lines:
        answer = json.loads(line)
        if not isinstance(answer, dict) or ("error" in answer and not answer["error"].get("detail")):
            return f"no answer: {line[:80]!r}"
        if "error" in answer and answer["error"]["kind"] in _OF_THE_PROGRAM:
            return f"a fault of the program as an answer: {line[:160]!r}"
    return None


_OF_THE_PROGRAM = ("TypeError", "AttributeError", "KeyError", "IndexError", "AssertionError", "MemoryError")


def row(name: str, world: World, calls: Iterable[Call]) -> Row:
    tried, wrong, most = 0, [], 0.0
    for call in calls:
        tried += 1
        ended = world.call(call)
        most = max(most, ended.cpu)
        if said := fault(call, ended):
            wrong.append(f"{' '.join(map(_short, call.words))} {call.about}: {said}")
    detail = "\n      ".join(wrong[:SHOWN]) if wrong else f"the longest took {most:.2f} CPU s"
    return Row(name, tried, len(wrong), detail)


T = TypeVar("T")


def few(of: Mapping[str, T], quick: bool, every: int) -> list[tuple[str, T]]:
    """All of them; of a quick run one in so many."""
    return list(of.items())[:: every if quick else 1]


SHOWN = int(os.environ.get("CUTTINGS_TORTURE_SHOWN", "3"))


def _short(word: str) -> str:
    return ascii(word)[1:-1] if len(word) < 60 else f"{ascii(word[:40])[1:-1]}… ({len(word)})"


def words(*given: Sequence[str] | str) -> tuple[str, ...]:
    return tuple(one for part in given for one in ([part] if isinstance(part, str) else part))
