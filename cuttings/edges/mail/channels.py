"""How a message leaves: into a folder, or over SMTP. Each channel says honestly what it knows afterwards."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol

from cuttings.edges.archive import write_whole
from cuttings.edges.mail import secured
from cuttings.model import fingerprint


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: sent; refused (never again); later (nothing left the house); ambiguous."""

    state: Literal["sent", "refused", "later", "ambiguous"]
    detail: str | None = None  # what the server said
    lost: bool = False  # the connection, not the message, was at fault: the next one would fare alike


class Channel(Protocol):
    def send(self, message: EmailMessage) -> Outcome:
        """Send one message, once, to the address in its To header. Never raises for what the outside does."""
        ...

    def close(self) -> None: ...


# ---------------------------------------------------------------- a folder


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes each message as a file that every mail client opens. The default: nothing leaves the machine."""

    folder: Path

    def path(self, message: EmailMessage) -> Path:
        """Where a message goes: the same message to the same file, so that sending it again changes nothing."""
        recipient = re.sub(r"[^a-z0-9.@-]+", "-", _recipient(message).casefold())[:80]
        return self.folder / f"{recipient}-{fingerprint(str(message['Message-ID']))}.eml"

    def send(self, message: EmailMessage) -> Outcome:
        path = self.path(message)
        try:
            write_whole(path, message.as_bytes())
        except OSError as error:
            return Outcome("later", f"{path}: can't be written: {error.strerror or error}")
        return Outcome("sent", str(path))

    def close(self) -> None:
        pass


# ---------------------------------------------------------------- SMTP


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and how to talk to it. Times are in seconds, for each single answer."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None  # a certificate authority of the council's own
    timeout: float = 60
    hello: str | None = None  # the name we greet with; the machine's own when None


class _Interrupted(Exception):
    """The connection ended after the message had begun to leave, before the server said what it did with it."""


class Smtp:
    """One connection, opened when the first message is sent and kept for those that follow."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> Outcome:
        outcome = self._sent(message)
        secret = self._server.password
        # There are servers that repeat what they were told; this goes into the store and into mails.
        if secret and outcome.detail and secret in outcome.detail:
            return replace(outcome, detail=outcome.detail.replace(secret, "(the password)"))
        return outcome

    def _sent(self, message: EmailMessage) -> Outcome:
        data = message.as_bytes()
        try:
            connection = self._open()
        except _REFUSALS as error:
            # Not one recipient's fault: a wrong password is mended by the officer, and the message then leaves.
            return self._dropped(Outcome("later", f"{self._name}: {_said(error)}", lost=True))
        try:
            return self._converse(connection, message, data)
        except _Interrupted as error:
            return self._dropped(Outcome("ambiguous", f"{self._name}: {error}", lost=True))
        except (OSError, smtplib.SMTPException) as error:
            return self._dropped(Outcome("later", f"{self._name}: {_said(error)}", lost=True))

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._dropped(Outcome("later"))

    @property
    def _name(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    def _open(self) -> smtplib.SMTP:
        if self._connection is not None:
            # A server that hung up while we were busy is found out before anything leaves.
            with suppress(OSError, smtplib.SMTPException):
                if self._connection.noop()[0] == 250:
                    return self._connection
            self._dropped(Outcome("later"))
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, server.hello, timeout=server.timeout, context=secured.context(server.ca_file)
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, server.hello, timeout=server.timeout)
        self._connection = connection
        if server.security == "starttls":
            connection.starttls(context=secured.context(server.ca_file))
        if server.username:
            connection.login(server.username, server.password or "")
        else:
            connection.ehlo_or_helo_if_needed()
        return connection

    def _dropped(self, outcome: Outcome) -> Outcome:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return outcome

    def _converse(self, connection: smtplib.SMTP, message: EmailMessage, data: bytes) -> Outcome:
        size = [f"size={len(data)}"] if connection.has_extn("size") else []
        code, answer = connection.mail(_address(message, "From"), size)
        if code != 250:
            return self._refused(connection, "MAIL", code, answer)
        code, answer = connection.rcpt(_recipient(message))
        if code not in (250, 251):
            return self._refused(connection, "RCPT", code, answer)
        return self._hand_over(connection, data)

    def _hand_over(self, connection: smtplib.SMTP, data: bytes) -> Outcome:
        code, answer = connection.docmd("DATA")
        if code != 354:
            return self._refused(connection, "DATA", code, answer)
        with _after_data():
            connection.send(_dotted(data))
            code, answer = connection.getreply()
        if code == 250:
            return Outcome("sent", f"{self._name}: {_text(answer)}")
        return self._refused(connection, "the message", code, answer)

    def _refused(self, connection: smtplib.SMTP, at: str, code: int, answer: bytes) -> Outcome:
        detail = f"{self._name} answered {code} at {at}: {_text(answer)}"
        if code == 421:  # the server closes the connection
            return self._dropped(Outcome("later", detail, lost=True))
        with suppress(OSError, smtplib.SMTPException):
            connection.rset()
        if code == -1 or not 400 <= code < 600:  # no answer, or one that no server should give here
            state: Literal["later", "ambiguous"] = "ambiguous" if at == "the message" else "later"
            return self._dropped(Outcome(state, detail, lost=True))
        return Outcome("refused" if code >= 500 else "later", detail)


_REFUSALS = (OSError, smtplib.SMTPException, ValueError)


@contextmanager
def _after_data() -> Iterator[None]:
    """From the first byte of the message on, silence may mean that it was delivered."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise _Interrupted(f"the connection ended after the message was sent, before an answer: {error}") from error


def _dotted(data: bytes) -> bytes:
    """The message as DATA carries it: CRLF line ends, a dot doubled at the start of a line, a lone dot at the end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _recipient(message: EmailMessage) -> str:
    return _address(message, "To")


def _address(message: EmailMessage, name: str) -> str:
    only: Address
    (only,) = message[name].addresses
    return only.addr_spec


def _said(error: Exception) -> str:
    if (said := secured.in_words(error)) is not None:
        return said
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:300]
