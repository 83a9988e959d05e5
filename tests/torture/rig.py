"""A deployer's house for kills, full disks and a simulated month: folders, sample site, mail server, and its state.

The runs are real processes (`nursery.py`), the sites and the mail server real servers on loopback.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HOME = Path(__file__).resolve().parents[2]
AS_AT = "2026-11-02T07:00:00+00:00"  # the Monday after the sample site's busiest week
SETTLED = "2026-11-02T12:00:00+00:00"  # long after: what a kill left uncertain is by then called so

COUNCIL = """
[council]
name = "Fellshire County Council"
contact_name = "Morag Tennant"
contact_email = "policy@fellshire.example"
local = ["Fellshire"]

[delivery]
channel = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "cuttings@fellshire.example"
"""

EDITIONS = """
[[edition]]
id = "managers"
name = "Cuttings for managers"
audience = "managers"
period = "week"
cron = "0 7 * * MON"
recipients = {managers}

[[edition]]
id = "members"
name = "Cuttings for councillors"
audience = "members"
period = "month"
cron = "0 7 1 * *"
budget_words = 600
most_items = 5
when_empty = "two-lines"
recipients = {members}
"""


# ---------------------------------------------------------------- a mail server


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the server answered with 250: the server's own record of it."""

    recipient: str
    subject: str
    message_id: str
    notice: str  # the words of one without an attachment: two weekly mails may have the same subject


class _Session(SMTP):
    """Tells the office when the 250 to a message is about to leave, and when it has left."""

    async def push(self, status: Any) -> Any:
        if not (getattr(self.event_handler, "fresh", False) and str(status).startswith("250")):
            return await super().push(status)
        self.event_handler.fresh = False
        self.event_handler.office.before_250()
        done = await super().push(status)
        self.event_handler.office.after_250()
        return done


class _Handler:
    def __init__(self, office: PostOffice) -> None:
        self.office, self.fresh = office, False

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        attached = any(True for _ in message.iter_attachments())
        body = message.get_body(("plain",))
        notice = "" if attached or body is None else str(body.get_content())
        for recipient in envelope.rcpt_tos:
            self.office.accepted.append(
                Accepted(recipient, str(message["Subject"]), str(message["Message-ID"]), notice)
            )
        self.fresh = True
        return "250 OK"


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Session(self.handler, hostname="127.0.0.1", enable_SMTPUTF8=True)


@dataclass(slots=True)
class PostOffice:
    """`before_250` is called in the server's thread when a message was accepted, and `after_250` as soon as its sender
    was told so."""

    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    before_250: Callable[[], None] = lambda: None
    after_250: Callable[[], None] = lambda: None

    def doubles(self) -> int:
        """Issues of one subject, and notices of the same words, that one address got more than once."""
        return sum(n - 1 for n in Counter((a.recipient, a.subject, a.notice) for a in self.accepted).values())


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office.port = probe.getsockname()[1]
    controller = _Controller(_Handler(office), hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


# ---------------------------------------------------------------- a house


@dataclass(slots=True)
class House:
    """A deployer's folders. `env` is what every process of the house is given."""

    folder: Path
    env: dict[str, str]

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def address(self) -> str:
        """Of its store: a path, or a server's."""
        return self.env.get("CUTTINGS_DATABASE") or str(self.output / "cuttings.db")

    @property
    def database(self) -> Path:
        """The file that the store is."""
        return Path(self.address)

    @property
    def on_a_server(self) -> bool:
        return "://" in self.address

    @property
    def log(self) -> Path:
        return self.folder / "runs.log"

    def at(self, moment: str) -> dict[str, str]:
        return {**self.env, "CUTTINGS_AS_AT": moment}

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The store asked directly, as somebody would who does not trust our own functions."""
        if self.on_a_server:
            import psycopg

            with psycopg.connect(self.address) as server:
                return server.execute(question.replace("?", "%s").encode(), values).fetchall()
        connection = sqlite3.connect(self.database, timeout=60)
        try:
            return connection.execute(question, values).fetchall()
        finally:
            connection.close()


def house(
    folder: Path,
    sources: str,
    port: int,
    *,
    managers: Sequence[str],
    members: Sequence[str],
    store: str | None = None,
    delivery: str = "",
) -> House:
    """`store`: its address, where it is no file of the house; `delivery`: more lines for [delivery]."""
    config = folder / "config"
    config.mkdir(parents=True)
    (config / "council.toml").write_text(COUNCIL.format(port=port) + delivery)
    (config / "editions.toml").write_text(
        EDITIONS.format(managers=json.dumps(list(managers)), members=json.dumps(list(members)))
    )
    (config / "sources.toml").write_text(sources)
    (config / "themes.toml").write_text((HOME / "config" / "default" / "themes.toml").read_text())
    env = {"CUTTINGS_CONFIG": str(config), "CUTTINGS_OUTPUT": str(folder / "output"), "CUTTINGS_AS_AT": AS_AT}
    env |= {"CUTTINGS_DATABASE": store} if store else {}
    return House(folder, env)


def only(sources: str, names: Sequence[str]) -> str:
    """Of a sources.toml the blocks with these ids."""
    blocks = sources.split("[[source]]")[1:]
    chosen = [b for b in blocks if (found := re.search(r'^id = "([^"]+)"', b, re.MULTILINE)) and found[1] in names]
    return "".join(f"[[source]]{block}" for block in chosen)


# ---------------------------------------------------------------- its runs


class Nursery:
    """Bears the runs. `run` gives a run's exit code; -9 where it was killed."""

    def __init__(self) -> None:
        outside = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CUTTINGS_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"],
            cwd=HOME, env=outside, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._lines: queue.Queue[dict[str, list[int]]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._answer()
        self.child = 0

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put({})

    def _answer(self, seconds: float | None = 600) -> dict[str, list[int]]:
        answer = self._lines.get(timeout=seconds)
        if not answer:
            raise RuntimeError("the process that bears the runs has ended: its error stands above")
        return answer

    def begin(self, house: House, *do: Any, at: str = AS_AT, **order: Any) -> int:
        assert self._process.stdin is not None
        order |= {"do": do, "env": house.at(at), "log": str(house.log)}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        self.child = self._answer()["pids"][0]
        return self.child

    def end(self, within: float | None = 600) -> int:
        """The first exit code that is not 0, of those that were born together. Raises queue.Empty."""
        statuses = self._answer(within)["statuses"]
        self.child = 0
        return next((status for status in statuses if status), 0)

    def run(self, house: House, *do: str, at: str = AS_AT, kill_after: float | None = None, **order: Any) -> int:
        self.begin(house, *do, at=at, **order)
        if kill_after is not None:
            with suppress(queue.Empty):
                return self.end(kill_after)
            self.kill()
        return self.end()

    def stop(self) -> None:
        """SIGSTOP for the run's whole process group: it does nothing more until it is killed."""
        self._signal(signal.SIGSTOP)

    def kill(self) -> None:
        """SIGKILL for the run's whole process group."""
        self._signal(signal.SIGKILL)

    def kill_for_good(self) -> None:
        """As `kill`; returns when the run is dead."""
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(self.child)
            try:
                self.kill()
                select.select([handle], [], [], 60)
            finally:
                os.close(handle)

    def _signal(self, number: int) -> None:
        child = self.child
        if child:
            with suppress(ProcessLookupError):
                os.killpg(child, number)

    def close(self) -> None:
        self.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def command(
    house: House,
    *words: str,
    at: str = AS_AT,
    kill_after: float | None = None,
    once: Callable[[], bool] | None = None,
) -> int:
    """A real `cuttings …` with Prefect and all; its exit code, -9 where it was killed after so many seconds.

    `once`: the seconds count from the moment when this is true.
    """
    process = commanded(house, *words, at=at)
    while once is not None and process.poll() is None and not once():
        time.sleep(0.01)
    ended = _ended(process, kill_after)
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
    return finished(process)


def commanded(
    house: House, *words: str, at: str = AS_AT, folder: Path = HOME, into: Path | None = None
) -> subprocess.Popen[bytes]:
    """A command begun, in a process group of its own; its words go to the house's log, or its answer into a file."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CUTTINGS_"))}
    with house.log.open("ab") as log, into.open("wb") if into else nullcontext(log) as answer:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.commands.main", *words], cwd=folder, env=outside | house.at(at),
            stdin=subprocess.DEVNULL, stdout=answer, stderr=log, start_new_session=True,
        )  # fmt: skip


def finished(process: subprocess.Popen[bytes]) -> int:
    """Its exit code, when it has ended."""
    status = process.wait(600)
    # What a killed run leaves behind (a temporary server of Prefect's) is in its group.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return status


def _ended(process: subprocess.Popen[bytes], within: float | None) -> bool:
    handle = os.pidfd_open(process.pid)
    try:
        ready, _, _ = select.select([handle], [], [], within)
        return bool(ready)
    finally:
        os.close(handle)


# ---------------------------------------------------------------- what must hold in the end


@dataclass(frozen=True, slots=True)
class Account:
    """What a house and the mail server say in the end; everything but `sent` and `uncertain` should be nothing."""

    sent: int
    uncertain: int  # listed as ambiguous, for a person
    told: int  # refused or given up, and listed as such
    doubled: int  # messages of one issue that one address got twice, by the server's log
    lost: int  # readers of an issue who neither have it nor are listed
    unaccounted: int  # rows that say 'sent' without the server having it, or are still on their way
    broken: tuple[str, ...]  # what is wrong with the store, the archive or the files

    @property
    def bad(self) -> int:
        return self.doubled + self.lost + self.unaccounted + len(self.broken)


def account(house: House, office: PostOffice, expected: Mapping[str, Sequence[str]]) -> Account:
    """`expected`: the readers of each edition that should have come out, once."""
    got = {(a.recipient, a.message_id) for a in office.accepted}
    rows = house.rows("SELECT issue, kind, recipient, state, message_id FROM outbox")
    states = Counter(state for *_, state, _ in rows)
    unsent = [r for r in rows if r[3] == "sent" and (r[2], r[4]) not in got]
    waiting = states["new"] + states["sending"]
    lost = 0
    for edition, readers in expected.items():
        mine = {r[2] for r in rows if r[1] == "edition" and r[0].startswith(edition)}
        lost += len(set(readers) - mine)
    return Account(
        sent=states["sent"],
        uncertain=states["ambiguous"],
        told=states["refused"] + states["given up"],
        doubled=office.doubles(),
        lost=lost,
        unaccounted=len(unsent) + waiting,
        broken=tuple(_broken(house)),
    )


def _broken(house: House) -> Iterator[str]:
    if not house.on_a_server:  # which keeps its own order
        yield from _broken_file(house)
    yield from _audit_faults(house)
    for path in (house.output / "pages").rglob("*.gz"):
        if not _sound(house, path.stem):
            yield f"archive: {path.name} is damaged"
    listed = """SELECT f.path, f.sha256 FROM issue_files f JOIN issues i ON i.id = f.issue WHERE i.state != 'begun'"""
    for name, sha256 in house.rows(listed):
        path = Path(name)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield f"issue file {path.name} is not whole"


def _broken_file(house: House) -> Iterator[str]:
    for (said,) in house.rows("PRAGMA integrity_check"):
        if said != "ok":
            yield f"store: {said}"
    for row in house.rows("PRAGMA foreign_key_check"):
        yield f"store: a row of {row[0]} hangs in the air"


def _audit_faults(house: House) -> tuple[str, ...]:
    from cuttings.edges.store import open_store
    from cuttings.edges.store import periods as stored

    store = open_store(house.address)
    try:
        return stored.audit(store, datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)).faults()
    finally:
        store.close()


def _sound(house: House, sha256: str) -> bool:
    from cuttings.edges.archive import Archive, ArchiveError

    try:
        Archive(house.output / "pages").get(sha256)
    except ArchiveError:
        return False
    return True


def contents(house: House) -> tuple[list[tuple[Any, ...]], ...]:
    """What was collected and made, so that a house with kills can be laid beside one without."""
    return (
        sorted(house.rows("SELECT url, title FROM articles WHERE url IS NOT NULL")),
        sorted(house.rows("SELECT a.url, c.text FROM comments c JOIN articles a ON a.key = c.article")),
        sorted(house.rows("SELECT id, state FROM issues")),
    )
