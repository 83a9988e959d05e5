"""Hostile words in mail, and mail servers that fail at every command: what must follow, and whether it did."""

from __future__ import annotations

import itertools
import random
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from typing import Any

from cuttings.edges.mail import Attachment, BadMessage, Sender, Server, Smtp, build_message, deliver, unsubscribe_token
from cuttings.edges.mail.answers import Stop, understand
from cuttings.edges.mail.message import file_name, one_line
from cuttings.edges.store import open_store, outbox
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.recipients import BadAddress
from tests.torture.rows import Row

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
KEY = b"torture"
SENDER = Sender("cuttings@fellshire.example", "Fellshire cuttings", "officer@fellshire.example", "Zoë Marsh",
                "stop@fellshire.example", "managers", "https://fellshire.example/stop")  # fmt: skip
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id",
    "Auto-Submitted", "Precedence", "MIME-Version", "Content-Type",
}  # fmt: skip


def rows(quick: bool) -> Iterable[Row]:
    yield from _words(60 if quick else 500)
    yield from _faults(quick)
    yield _answers(60 if quick else 500)


# ---------------------------------------------------------------- hostile words

_ENDS = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\n\r\n",
    "=0D=0A",
    "%0d%0a",
    "\\r\\n",
]
_LINES = [
    "Bcc: thief@x.example",
    "X-Evil: 1",
    "Content-Type: text/html",
    "To: other@x.example",
    ".",
    "QUIT",
    "<script>",
]
_WRAPS = ["{}", "=?utf-8?q?{}?=", "=?utf-8?b?{}?=", "=?=?utf-8?q?{}?=?=", "==??utf-8?q?{}??==", '"{}"', "<{}>", "({})"]
_SIGNS = [
    "\u202e",
    "\u200b",
    "\x00",
    "\ud800",
    "\u0301" * 50,
    "é",
    "İ",
    "ﷺ",
    "👩‍👩‍👧",
    "x" * 300,
    ",",
    ";",
    "@",
    "\\",
    '"',
    "../",
]


def _hostile(n: int) -> Iterator[str]:
    """The same `n` texts every time: line breaks, headers, encoded words and odd signs in every mixture."""
    given = random.Random(5)
    for _ in range(n):
        inner = "".join(
            given.choice(pool) for pool in given.choices([_ENDS, _LINES, _SIGNS, ["News", " "]], k=given.randint(2, 7))
        )
        yield given.choice(_WRAPS).format(inner) if given.random() < 0.7 else inner


def _words(n: int) -> Iterator[Row]:
    texts = list(_hostile(n))
    places = (("titles", "subject"), ("readers' names", "to_name"), ("addresses", "to"), ("file names", "name"),
              ("authors in the text", "text"))  # fmt: skip
    with _Fake() as server:
        for name, place in places:
            wrong = [text for text in texts if not _as_meant(server, place, text)]
            first = f"first: {wrong[0]!r:.100}" if wrong else ""
            yield Row(f"hostile {name}: the headers that arrive are those that were meant", n, len(wrong), first)


def _as_meant(server: _Fake, place: str, text: str) -> bool:
    """Is the message refused here, or does it arrive with the headers and the words that it should have?"""
    given: dict[str, Any] = {"to": "ann@fellshire.example", "to_name": "Ann", "subject": "News", "text": "Words.\n"}
    given["pdf"] = Attachment(b"%PDF-1.7", text if place == "name" else "a.pdf")
    if place != "name":
        given[place] = text
    try:
        message = build_message(sender=SENDER, html="<html><body>x</body></html>", date=NOW, message_id="<1@x.example>",
                                token="0123456789abcdef0123", **given)  # fmt: skip
    except (BadMessage, BadAddress):
        return place == "to"  # nothing else may keep a message from leaving
    channel = Smtp(server.address)
    outcome = channel.send(message)
    channel.close()
    if outcome.state != "sent":
        return False
    recipient, data = server.taken[-1]
    read = message_from_bytes(data, policy=policy.default)
    (attached,) = read.iter_attachments()
    return (
        sorted(read.keys()) == sorted(HEADERS)
        and len(read.get_all("To", [])) == 1
        and recipient == read["To"].addresses[0].addr_spec
        and len(read["To"].addresses) == 1
        and _squeezed(str(read["Subject"])) == _squeezed(one_line(given["subject"]))
        and attached.get_filename() == file_name(given["pdf"].name)
        and attached.get_content() == b"%PDF-1.7"
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


# ---------------------------------------------------------------- faults at every command

_ANSWERS = {
    "4xx": "451 busy", "421": "421 closing", "5xx": "550 no", "drop": None, "silence": "", "garbage": "hello there",
    "a number that means nothing": "299 hm", "an endless line": "2" * 70_000,
}  # fmt: skip
_EARLY = ("connect", "EHLO", "STARTTLS", "AUTH")
# RSET follows a refusal; NOOP asks, before every further message, whether the server is still there.
_COMMANDS = (*_EARLY, "MAIL", "RCPT", "DATA", ".", "RSET", "NOOP", "QUIT")


def _expected(command: str, fault: str) -> str:
    """What the outbox must hold of the first reader after the fault."""
    if command == "cut short":
        return "ambiguous"
    if command in ("RSET", "NOOP", "QUIT"):  # what became of the message was clear by then
        return "refused" if command == "RSET" else "sent"
    if command == "EHLO" and _ANSWERS[fault] and str(_ANSWERS[fault]).startswith("299"):
        return "sent"  # any 2xx is a welcome (RFC 5321, 4.2.1)
    if fault == "5xx" and command not in _EARLY:
        return "refused"
    unclear = fault not in ("4xx", "421", "5xx")
    return "ambiguous" if command == "." and unclear else "new"


def _faults(quick: bool) -> Iterator[Row]:
    for command in _COMMANDS:
        faults = [f for f in _ANSWERS if not quick or f in ("4xx", "5xx", "drop", "garbage")]
        told = [said for fault in faults if (said := _after(command, fault))]
        yield Row(f"a server that fails at {command}: the state that must follow, no double, none lost",
                  len(faults), len(told), told[0] if told else "")  # fmt: skip
    told = [said for n in ((1, 400) if quick else (1, 40, 400, 900, 1500)) if (said := _after("cut short", str(n)))]
    yield Row("hung up in the middle of a message", 2 if quick else 5, len(told), told[0] if told else "")
    said = _some_refused()
    yield Row("some readers refused for good, some for now: the others get theirs", 6, int(bool(said)), said)


def _after(command: str, fault: str) -> str:
    """One delivery with the fault, one the next day without; what went wrong, "" where nothing did."""
    answer = None if command == "cut short" else _ANSWERS[fault]
    with _house(3) as store, _Fake(command, answer, int(fault) if command == "cut short" else None) as server:
        server.per_reader = {"reader0@x.example": "550 unknown"} if command == "RSET" else {}
        _deliver(store, server, NOW)
        after = {m.recipient: m.state for m in outbox.of_issue(store, "health")}
        first = after["reader0@x.example"]
        if first != _expected(command, fault):
            return f"{command}, {fault}: {first!r} instead of {_expected(command, fault)!r}"
        server.heal()
        for day in (1, 2):
            _deliver(store, server, NOW + timedelta(days=day))
        return _balance(store, server, f"{command}, {fault}")


def _balance(store: Any, server: _Fake, what: str) -> str:
    """Nobody twice, and whoever was not certainly served stands in the list with a reason."""
    got = Counter(recipient for recipient, _ in server.taken)
    for m in outbox.of_issue(store, "health"):
        if got[m.recipient] > 1:
            return f"{what}: {m.recipient} got {got[m.recipient]}"
        if m.state == "sent" and got[m.recipient] != 1:
            return f"{what}: {m.recipient} is marked as sent and got none"
        if m.state not in ("sent", "refused", "ambiguous") or (m.state != "sent" and not m.detail):
            return f"{what}: {m.recipient} is left as {m.state!r}"
    return ""


def _some_refused() -> str:
    with _house(6) as store, _Fake() as server:
        server.per_reader = {"reader1@x.example": "550 unknown", "reader3@x.example": "452 full"}
        _deliver(store, server, NOW)
        states = {m.recipient[6]: m.state for m in outbox.of_issue(store, "health")}
        meant = {"0": "sent", "1": "refused", "2": "sent", "3": "new", "4": "sent", "5": "sent"}
        if states != meant:
            return str(states)
        server.per_reader = {}
        _deliver(store, server, NOW + timedelta(days=1))
        return _balance(store, server, "some refused")


@cache
def _empty_store() -> bytes:
    """A new store as bytes: making one takes half a second, and this needs a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "a.db")
        with store.writing() as connection:
            connection.exec_driver_sql("PRAGMA user_version")
        store.close()
        return (Path(folder) / "a.db").read_bytes()


@contextmanager
def _house(readers: int) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        path.write_bytes(_empty_store())
        store = open_store(path, hash_key=KEY)
        letter = Letter("health", "notice", "All is well", "Words.\n" * 60, "<html><body>Words.</body></html>\n")
        to = [(f"reader{n}@x.example", None) for n in range(readers)]
        outbox.enqueue(store, letter, to, now=NOW, deadline=NOW + timedelta(days=9))
        try:
            yield store
        finally:
            store.close()


def _deliver(store: Any, server: _Fake, now: datetime) -> None:
    deliver(store, Smtp(server.address), sender=SENDER, clock=lambda: now, by=f"at {now}")


# ---------------------------------------------------------------- answers that nobody of ours wrote


def _answers(n: int) -> Row:
    """Requests and reports of every hostile form: none may pass for one that proves itself."""
    token = unsubscribe_token("ann@fellshire.example", KEY)
    wrong = []
    for number, text in enumerate(_hostile(n)):
        body = f"From: {text}\nSubject: unsubscribe {text}\nContent-Type: multipart/report; {text}\n\n{text}"
        subject = f"From: ann@fellshire.example\nSubject: {text} unsubscribe {number:020x}\n\n"
        for data in (body, subject):
            answer = understand(data.encode("utf-8", "replace"))
            if isinstance(answer, Stop) and answer.token == token:
                wrong.append(text)
    return Row("forged and broken answers: none proves itself, none makes us fall over", 2 * n, len(wrong))


# ---------------------------------------------------------------- the server


@dataclass
class _Fake:
    """A mail server on loopback that fails at one command, once. `taken`: (reader, bytes) it took or may have taken.

    `answer` None hangs up; "" says nothing until the client gives up; `cut` hangs up after so many bytes of a message.
    """

    command: str | None = None
    answer: str | None = None
    cut: int | None = None
    per_reader: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    _goes_on: bool = False

    def __enter__(self) -> _Fake:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)  # a thread in accept() is woken by this, not by a close
        self._socket.close()
        self._thread.join(10)

    @property
    def address(self) -> Server:
        # Short only where the server keeps silent: a busy machine must not look like one.
        patience = 0.5 if self.command is not None and self.answer == "" else 30
        server = Server("127.0.0.1", self._socket.getsockname()[1], "none", timeout=patience, hello="test.example")
        if self.command == "STARTTLS":
            return replace(server, security="starttls")
        return replace(server, username="me", password="secret") if self.command == "AUTH" else server

    def heal(self) -> None:
        # TLS has its own tests; here the connection only has to come about.
        self.command = None

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            self._converse(connection, lines)

    def _converse(self, connection: socket.socket, lines: Any) -> None:
        if not self._say(connection, "connect", "220 mail.example"):
            return
        reader = ""
        for line in lines:
            word = line.split(None, 1)[0].upper().decode("latin-1") if line.strip() else ""
            usual = {
                "EHLO": "250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN", "DATA": "354 go on",
                "QUIT": "221 bye", "AUTH": "235 welcome",
            }.get(word, "250 well")  # fmt: skip
            if word == "RCPT":
                reader = line.decode("latin-1").partition("<")[2].partition(">")[0]
                usual = self.per_reader.get(reader, usual)
            if not self._say(connection, word, usual) or word == "QUIT":
                return
            if word == "DATA" and self._goes_on and not self._message(connection, lines, reader):
                return

    def _message(self, connection: socket.socket, lines: Any, reader: str) -> bool:
        if self.command == "cut short" and self.cut is not None:
            lines.read(self.cut)
            return False
        parts = list(itertools.takewhile(lambda part: part != b".\r\n", lines))
        data = b"".join(part[1:] if part.startswith(b".") else part for part in parts)
        refuses = self.command == "." and self.answer is not None and self.answer[:1] in ("4", "5")
        if not refuses:  # also where it hangs up or answers nonsense: it may have delivered it
            self.taken.append((reader, data))
        return self._say(connection, ".", "250 taken")

    def _say(self, connection: socket.socket, word: str, usual: str) -> bool:
        """Answer; False where the connection ends here."""
        answer: str | None = usual
        if self.command is not None and word in (self.command, "HELO" if self.command == "EHLO" else self.command):
            answer = self.answer
        if answer == "":
            self._stopped.wait(3)  # longer than the client waits
            return False
        if answer is None:
            return False
        self._goes_on = answer.startswith("354")
        connection.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")
