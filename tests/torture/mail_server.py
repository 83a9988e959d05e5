"""A mail server on loopback that fails where it is told to."""

from __future__ import annotations

import itertools
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from cuttings.edges.mail import Server


@dataclass
class Fake:
    """A mail server on loopback that fails at one command, once. `taken`: (reader, bytes) it took or may have taken.

    `answer` None hangs up; "" says nothing until the client gives up; `cut` hangs up after so many bytes of a message.
    """

    command: str | None = None
    answer: str | None = None
    cut: int | None = None
    per_reader: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    _goes_on: bool = False

    def __enter__(self) -> Fake:
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
