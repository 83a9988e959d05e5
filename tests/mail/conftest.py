"""A real mail server on loopback, with a certificate and a login, and one that misbehaves on purpose."""

from __future__ import annotations

import socket
import ssl
import threading
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from cuttings.edges.mail import Server
from tests.edges_store.conftest import postgresql
from tests.postgresql import databases
from tests.stores import KINDS, emptied, fresh

__all__ = ["postgresql"]

PASSWORD = "correct horse"


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    """A store without a hash key."""
    if request.param == "postgresql":
        with emptied(request.getfixturevalue("postgresql")) as opened:
            yield opened
        return
    opened = fresh(tmp_path / "a.db")
    yield opened
    opened.close()


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    """Where processes of their own may open a store: there is nothing there yet."""
    if request.param == "sqlite":
        yield tmp_path / "a.db"
        return
    with databases(request.getfixturevalue("postgresql")) as server:
        yield server.make(f"mail-{uuid.uuid4().hex[:8]}")


class Inbox:
    """Keeps what arrives: (recipient, bytes) in order."""

    def __init__(self):
        self.arrived = []

    async def handle_DATA(self, _server, _session, envelope):
        self.arrived += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return "250 taken"


def certified(folder, *names):
    """(the file of a new authority, a server context with its certificate for these names)"""
    authority = trustme.CA()
    path = folder / f"{names[0]}.pem"
    authority.cert_pem.write_to_path(str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return Path(path), context


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("ca"), "localhost", "127.0.0.1")


@pytest.fixture(params=["unknown", "another", "name"])
def untrusted(request, tmp_path):
    """(the file of an authority to trust, a server context that it does not speak for 'localhost')"""
    _, context = certified(tmp_path, "localhost")
    if request.param == "unknown":
        return None, context
    if request.param == "another":
        return certified(tmp_path, "another.example")[0], context
    return certified(tmp_path, "elsewhere.example")


def logged_in(_server, _session, _envelope, _mechanism, given):
    # Not handled: aiosmtpd answers 535 itself.
    return AuthResult(success=(given.login, given.password) == (b"cuttings", PASSWORD.encode()), handled=False)


def _controller(inbox, **options):
    class Quiet(Controller):
        def factory(self):
            return SMTP(self.handler, hostname="mail.example", data_size_limit=2_000_000, **options)

    return Quiet(inbox, hostname="127.0.0.1", port=0)


class _FreePort:
    """aiosmtpd asks for its port by connecting to it, so a free one must be known before."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def __exit__(self, *_):
        pass


@pytest.fixture
def start():
    """start(**aiosmtpd's options) -> (port, inbox); stopped after the test."""
    running = []

    def started(ssl_context=None, **options):
        inbox = Inbox()
        controller = _controller(inbox, **options)
        with _FreePort() as port:
            controller.port = port
        controller.ssl_context = ssl_context
        controller.start()
        running.append(controller)
        return controller.port, inbox

    yield started
    for controller in running:
        controller.stop()


@pytest.fixture
def secured(start, authority):
    """(Server with STARTTLS and a login, its inbox)"""
    path, context = authority
    port, inbox = start(tls_context=context, require_starttls=True, authenticator=logged_in, auth_required=True)
    return Server("localhost", port, "starttls", "cuttings", PASSWORD, path, timeout=10, hello="test.example"), inbox


class Scripted:
    """A server that answers as a script says: {"MAIL": "451 busy", "DATA": None}; None hangs up without a word.

    "." is the answer to the message itself. `arrived` holds the messages it was sent whole, answered or not.
    """

    def __init__(self, answers, times=10_000):
        self.answers, self.times, self.arrived, self.connections = answers, times, [], 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            self._converse(connection, lines)

    def _converse(self, connection, lines):
        if self._answer(connection, "connect", "220 mail.example") is None:
            return
        for line in lines:
            command = line.split(None, 1)[0].upper().decode() if line.strip() else ""
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(command, "250 mail.example")
            told = self._answer(connection, command, usual)
            if told is None or command == "QUIT":
                return
            if command == "DATA" and told.startswith("354"):
                message = []
                for part in lines:
                    if part == b".\r\n":
                        self.arrived.append(b"".join(message))
                        break
                    message.append(part[1:] if part.startswith(b".") else part)
                if self._answer(connection, ".", "250 taken") is None:
                    return

    def _answer(self, connection, command, usual):
        """What was answered, None where the connection ends here."""
        answer = usual
        if command in self.answers and self.times > 0:
            self.times -= 1
            answer = self.answers[command]
        if answer is not None:
            connection.sendall(answer.encode() + b"\r\n")
        return None if answer is None or answer.startswith("421") else answer

    def close(self):
        # A thread in accept() is woken by a shutdown, not by a close.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@pytest.fixture
def scripted():
    running = []

    def started(answers=None, times=10_000):
        running.append(Scripted(answers or {}, times))
        return running[-1]

    yield started
    for server in running:
        server.close()
