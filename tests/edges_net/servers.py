"""Misbehaving servers on loopback, and a Fetcher that may visit them."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from cuttings.edges.fetch import Fetcher, FetchFailed, guard

ROBOTS_404 = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Raw:
    """A server of raw bytes: `answer(path, connection, head)` writes what it likes; robots.txt is 404 unless asked.

    `seen` holds (path, head) of every request, `connections` counts dials.
    """

    def __init__(self, answer, *, robots=ROBOTS_404):
        self.answer, self.robots = answer, robots
        self.seen, self.connections = [], 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self._open = set()
        self._closing = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.seen.append((path, head.decode("latin-1")))
            if path == "/robots.txt" and self.robots is not None:
                connection.sendall(self.robots)
            else:
                self.answer(path, connection, head)
        except OSError:
            pass  # the reader has had enough: that is what most of these tests are about
        finally:
            connection.close()
            self._open.discard(connection)

    def close(self):
        self._closing = True
        self._socket.close()
        for connection in list(self._open):
            connection.close()

    def paths(self):
        return [path for path, _ in self.seen if path != "/robots.txt"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Secure(Raw):
    """The same over TLS, with a certificate for `hosts` from an authority of `trustme`."""

    def __init__(self, authority, answer, hosts=("127.0.0.1",), **kwargs):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*hosts).configure_cert(self.context)
        super().__init__(answer, **kwargs)
        self.base = self.base.replace("http:", "https:")

    def _talk(self, connection):
        try:
            connection = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        super()._talk(connection)


def says(data, **kwargs):
    """A server that gives the same bytes to everybody."""
    return Raw(lambda _path, connection, _head: connection.sendall(data), **kwargs)


def reply(body=b"<p>words</p>", status="200 OK", **headers):
    lines = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"}
    lines.update({name.replace("_", "-"): value for name, value in headers.items()})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def pages(table, **kwargs):
    """A server with a page for each path; 404 for the others."""

    def answer(path, connection, _head):
        connection.sendall(table.get(path, reply(b"", "404 Not Found")))

    return Raw(answer, **kwargs)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self):
        self.seconds = 0.0
        self.slept = []
        self.started = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.seconds

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self):
        return self.started + timedelta(seconds=self.seconds)


@contextmanager
def fetcher(clock=None, **kwargs):
    clock = clock or Clock()
    kwargs = {"deadline": 5.0, "connect_seconds": 2.0, **kwargs}
    with Fetcher("policy@council.example", clock=clock, sleep=clock.sleep, now=clock.now, **kwargs) as made:
        yield made


def get(url, clock=None, options=None, **kwargs):
    """One request to a private address, politely without waiting."""
    with fetcher(clock, **(options or {})) as made:
        return made.get(url, **{"allow_private": True, "pace_seconds": 0, **kwargs})


def failure(url, *args, **kwargs):
    """How a request failed; a test that expects a failure and gets a page should say so."""
    try:
        result = get(url, *args, **kwargs)
    except FetchFailed as failed:
        return failed
    raise AssertionError(f"{url} should have failed and gave {result!r}"[:300])


def public(names=None, **options):
    """A fetcher for whom names lead to public addresses, and those to loopback; figures are resolved as ever."""

    def resolver(host, port):
        if host.endswith(".example"):
            return (names or {}).get(host, lambda: ["93.184.216.34"])()
        return guard.resolve(host, port)

    def dial(address, port, timeout):
        return guard.dial("127.0.0.1" if address == "93.184.216.34" else address, port, timeout)

    return fetcher(resolver=resolver, dial=dial, **options)
