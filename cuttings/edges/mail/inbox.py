"""Where answers to our mail arrive: a Maildir, or a folder of an IMAP server. What is not understood stays unread."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from cuttings.edges.mail import secured
from cuttings.edges.mail.answers import LONGEST

MOST = 500  # messages in one go
HERE = ("127.0.0.1", "localhost", "::1")  # what never leaves the machine needs no TLS


class InboxError(Exception):
    """The inbox can't be read: which, why, and what to do, in a sentence."""


Handle = Callable[[bytes], bool]  # takes a message's bytes; True where it is done with and may be marked as read


class Inbox(Protocol):
    def take(self, handle: Handle, most: int = MOST) -> int:
        """Show each unread message to `handle`, the newest first; how many stay unread. Raises InboxError."""
        ...


@dataclass(frozen=True, slots=True)
class Maildir:
    """A folder with `new` and `cur`, as mail servers and fetchmail write it. Read = moved to `cur`, flagged as seen."""

    folder: Path

    def take(self, handle: Handle, most: int = MOST) -> int:
        try:
            unread = [path for path in (*self._in("new"), *self._in("cur")) if not _seen(path)]
            # What a person left unread for months must not keep today's from being looked at.
            unread.sort(key=lambda path: path.stat().st_mtime, reverse=True)
            left = len(unread)
            for path in unread[:most]:
                with path.open("rb") as file:
                    data = file.read(LONGEST)
                if handle(data):
                    path.rename(self.folder / "cur" / f"{path.name.partition(':')[0]}:2,{_flags(path)}S")
                    left -= 1
            return left
        except OSError as error:
            raise InboxError(
                f"The inbox {self.folder} can't be read: {error.strerror or error}. It must be a Maildir, a folder "
                "with 'new' and 'cur', that the account Cuttings runs under may change."
            ) from error

    def _in(self, name: str) -> list[Path]:
        return [path for path in (self.folder / name).iterdir() if not path.name.startswith(".") and path.is_file()]


def _flags(path: Path) -> str:
    return "".join(sorted(set(path.name.partition(":2,")[2]) - {"S"}))


def _seen(path: Path) -> bool:
    return path.parent.name == "cur" and "S" in path.name.partition(":2,")[2]


@dataclass(frozen=True, slots=True)
class Imap:
    """A folder of an IMAP server. Read = flagged as \\Seen; nothing is deleted or moved."""

    host: str
    port: int
    user: str
    password: str | None = field(default=None, repr=False)
    folder: str = "INBOX"
    tls: bool = True
    ca_file: Path | None = None
    timeout: float = 60

    def take(self, handle: Handle, most: int = MOST) -> int:
        try:
            connection = self._connected()
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise InboxError(f"The inbox {self._name} can't be opened: {_said(error)}.") from error
        try:
            return self._take(connection, handle, most)
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise InboxError(f"The inbox {self._name} can't be read to its end: {_said(error)}.") from error
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()

    @property
    def _name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"

    def _connected(self) -> imaplib.IMAP4:
        if self.tls:
            context = secured.context(self.ca_file)
            connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=context, timeout=self.timeout
            )
        else:
            connection = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        try:
            connection.login(self.user, self.password or "")
            quoted = '"' + self.folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
            _answered(connection.select(quoted))
        except BaseException:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
            raise
        return connection

    def _take(self, connection: imaplib.IMAP4, handle: Handle, most: int) -> int:
        found = _answered(connection.uid("SEARCH", "UNSEEN"))
        numbers = sorted({int(n) for line in found if isinstance(line, bytes) for n in line.split()}, reverse=True)
        left = len(numbers)
        for number in numbers[:most]:
            # PEEK: what turns out to be for a person must not look as if somebody had read it.
            parts = _answered(connection.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{LONGEST}>)"))
            data = next((part[1] for part in parts if isinstance(part, tuple) and len(part) > 1), None)
            if isinstance(data, bytes) and handle(data):
                _answered(connection.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)"))
                left -= 1
        return left


def _answered(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"the server answered {kind}: {data!r:.200}")
    return data


def _said(error: Exception) -> str:
    if (said := secured.in_words(error)) is not None:
        return said
    if isinstance(error, UnicodeError):
        return "a name or password holds letters that this server's log-in can't carry"  # the error would show them
    words = f"{type(error).__name__}: {error}" if isinstance(error, OSError) else str(error)
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:300].rstrip(".")


def inbox_at(address: str, *, password: str | None = None, ca_file: Path | None = None) -> Inbox:
    """The inbox that [delivery] names: "maildir:/path", "imaps://user@host:993/INBOX". Raises InboxError."""
    if address.startswith("maildir:"):
        return Maildir(Path(address.removeprefix("maildir:")))
    parts = urlsplit(address)
    if parts.scheme not in ("imap", "imaps") or not re.search(r".@", parts.netloc) or not parts.hostname:
        raise InboxError(f"{address!r} is no inbox. Write maildir:/path or imaps://user@host/INBOX.")
    tls = parts.scheme == "imaps"
    if not tls and parts.hostname not in HERE:
        # The settings refuse it too; a password is not to depend on who asked for the inbox.
        raise InboxError(f"{address!r} would send the password in the clear. Write imaps://user@host/INBOX.")
    return Imap(
        parts.hostname,
        parts.port or (993 if tls else 143),
        unquote(parts.username or ""),
        password,
        unquote(parts.path.strip("/")) or "INBOX",
        tls,
        ca_file,
    )
