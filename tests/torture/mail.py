"""Hostile words in mail, and mail servers that fail at every command: what must follow, and whether it did."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cuttings.edges.mail import Smtp, deliver, unsubscribe_token
from cuttings.edges.mail.answers import Stop, understand
from cuttings.edges.store import open_store, outbox
from cuttings.edges.store.outbox import Letter
from tests.torture import mail_words
from tests.torture.mail_server import Fake
from tests.torture.mail_words import NOW, SENDER, hostile
from tests.torture.rows import Row

KEY = b"torture"


def rows(quick: bool) -> Iterable[Row]:
    yield from mail_words.rows(30 if quick else 500)
    yield from _faults(quick)
    yield _answers(60 if quick else 500)


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
    few = (("4xx", "drop"), ("5xx", "garbage"))  # in turn, so that each command and each fault is met
    for n, command in enumerate(_COMMANDS):
        faults = few[n % 2] if quick else tuple(_ANSWERS)
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
    with _house(3) as store, Fake(command, answer, int(fault) if command == "cut short" else None) as server:
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


def _balance(store: Any, server: Fake, what: str) -> str:
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
    with _house(6) as store, Fake() as server:
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


def _deliver(store: Any, server: Fake, now: datetime) -> None:
    deliver(store, Smtp(server.address), sender=SENDER, clock=lambda: now, by=f"at {now}")


# ---------------------------------------------------------------- answers that nobody of ours wrote


def _answers(n: int) -> Row:
    """Requests and reports of every hostile form: none may pass for one that proves itself."""
    token = unsubscribe_token("ann@fellshire.example", KEY)
    wrong = []
    for number, text in enumerate(hostile(n)):
        body = f"From: {text}\nSubject: unsubscribe {text}\nContent-Type: multipart/report; {text}\n\n{text}"
        subject = f"From: ann@fellshire.example\nSubject: {text} unsubscribe {number:020x}\n\n"
        for data in (body, subject):
            answer = understand(data.encode("utf-8", "replace"))
            if isinstance(answer, Stop) and answer.token == token:
                wrong.append(text)
    return Row("forged and broken answers: none proves itself, none makes us fall over", 2 * n, len(wrong))
