"""What comes back to our address, understood: a stop request, a report of what was not delivered, a machine's reply.

Nothing here trusts a sender. A stop request must come from the address it is for and carry the token that our message
to that address held (RFC 2369's mailto); a report must name a message that we sent to that reader, by its Message-ID.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry
from email.message import Message
from typing import Any

LONGEST = 512 * 1024  # bytes that are looked at: what a report says stands before the message it sends back
# The address itself is at fault (RFC 3463): nobody of that name, no such domain, a closed mailbox. A full mailbox or a
# server that dislikes ours says nothing about the reader.
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
ENOUGH = 3  # so many issues that came back for other reasons


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody asks for no more mail: from whom it says it is, and the token that proves it."""

    address: str
    token: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that could not be delivered to one reader. `gone`: the address is at fault, not the day."""

    address: str
    message_id: str
    status: str  # "5.1.1"
    detail: str

    @property
    def gone(self) -> bool:
        return self.status in GONE


@dataclass(frozen=True, slots=True)
class Bounce:
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """An out-of-office reply, or a report that a message is late: nobody needs to read it."""


Answer = Stop | Bounce | Machine


def understand(data: bytes) -> Answer | None:
    """What a message is; None where a person has to read it. Never raises, whatever the message holds."""
    try:
        return _understood(message_from_bytes(data[:LONGEST], policy=policy.compat32))
    except Exception:  # the standard library's parser has many ways to fail on hostile mail
        return None


def _understood(message: Message) -> Answer | None:
    if message.get_content_type() == "multipart/report":
        return _report(message) if str(message.get_param("report-type")).lower() == "delivery-status" else None
    return _stop(message) or (Machine() if _by_machine(message) else None)


# ---------------------------------------------------------------- stop requests

_STOP = re.compile(r"\s*unsubscribe\b[\s:]*(?P<token>[0-9a-f]{20})?\s*", re.IGNORECASE)
_HEADER: Any = HeaderRegistry()
_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{20}(?![0-9a-f])")


def _stop(message: Message) -> Stop | None:
    asked = _STOP.fullmatch(_header(message, "Subject"))
    if asked is None:
        return None
    # Not email.utils: before CPython 3.11.10 it takes 'ann@x.example, "' for one address of Ann's.
    senders = [a.addr_spec for v in message.get_all("From", []) for a in _HEADER("From", str(v)).addresses]
    if len(senders) != 1:
        return None
    # Some mail programs put what a mailto link says into the body.
    token = asked["token"] or next(iter(_TOKEN.findall(_words(message))), None)
    return Stop(senders[0], token.lower()) if token else None


def _header(message: Message, name: str) -> str:
    return " ".join(str(make_header(decode_header(str(message.get(name, ""))))).split())


def _words(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            body: Any = part.get_payload(decode=True)
            return body.decode("utf-8", "replace")[:10_000] if isinstance(body, bytes) else ""
    return ""


def _by_machine(message: Message) -> bool:
    submitted = _header(message, "Auto-Submitted").casefold() or "no"
    return (
        not submitted.startswith("no")
        or _header(message, "Precedence").casefold() in ("auto_reply", "bulk", "junk")
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
    )


# ---------------------------------------------------------------- reports (RFC 3464)


def _report(message: Message) -> Answer | None:
    parts = list(message.walk())
    blocks = [b for p in parts if p.get_content_type() == "message/delivery-status" for b in _blocks(p)]
    actions = [_field(block, "Action") for block in blocks if block.get("Action")]
    failed = [block for block in blocks if _field(block, "Action") == "failed"]
    if not failed:
        return Machine() if actions else None
    identity = next(_identities(parts), None)
    if identity is None:
        return None
    failures = tuple(f for block in failed if (f := _failure(block, identity)))
    return Bounce(failures) if failures else None


def _blocks(part: Message) -> list[Message]:
    held: Any = part.get_payload()
    return held if isinstance(held, list) else []


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split()).casefold()


def _identities(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        held: Any = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(held, list):
            original = held[0]
        elif part.get_content_type() == "text/rfc822-headers" and isinstance(held, str):
            original = message_from_string(held, policy=policy.compat32)
        else:
            continue
        if identity := str(original.get("Message-ID", "")).strip():
            yield identity


def _failure(block: Message, identity: str) -> Failure | None:
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _, address = str(block.get(name, "")).partition(";")
        address = address.strip().strip("<>")
        if kind.strip().casefold() == "rfc822" and "@" in address:
            status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", _field(block, "Status"))
            said = _printable(f"{status[0] if status else ''} {block.get('Diagnostic-Code', '')}")
            return Failure(address, identity, status[0] if status else "", said or "no reason was given")
    return None


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
