"""Which addresses we may talk to, and sockets that hold a request to its deadline and its size.

The check is made on the numeric address that the socket is about to dial, after the name was resolved: a check on the
name is beaten by a name server that answers "public" first and "127.0.0.1" a moment later.

Behind an outgoing proxy the proxy resolves and dials, so only it can see that address; see `Fetcher`.
"""

from __future__ import annotations

import contextvars
import http.client
import io
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Resolver = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]

_HEAD_CAP = 256 * 1024  # bytes of status lines and headers; http.client allows 100 lines of 64 KiB
# Networks that `is_private` of some Python versions lets through: carrier NAT (where cloud providers keep metadata
# services), protocol assignments, 6to4 relays, benchmarks.
_INSIDE = tuple(
    map(ipaddress.ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "2001::/23"))
)
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.ip_network("::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddress(Exception):
    """The guard says no; the text is a sentence's second half: "127.0.0.1 is a loopback address"."""


class NoAddress(Exception):
    """The host's name leads to no address."""


class DeadlinePassed(Exception):
    """The request as a whole took too long."""


class TooMuchSent(Exception):
    """More bytes on the wire than any page we take."""


def refusal(address: str, *, allow_private: bool = False) -> str | None:
    """Why we do not talk to this numeric address; None when we may.

    `allow_private` admits loopback and private networks; link-local addresses (cloud metadata), multicast and
    reserved ones are never admitted.
    """
    try:
        ip = _inner(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return f"'{address}' is not a numeric address"
    if ip.is_unspecified or ip.is_link_local or ip.is_multicast:
        return f"{address} is no address that a web site can have"
    if ip.is_loopback:
        return None if allow_private else f"{address} is a loopback address"
    if ip.is_reserved:
        return f"{address} is a reserved address"
    if ip.is_private or any(ip in net for net in _INSIDE) or not ip.is_global or getattr(ip, "is_site_local", False):
        return None if allow_private else f"{address} is a private address"
    return None


def _inner(ip: _Address) -> _Address:
    """The IPv4 address that an IPv6 one stands for: "::ffff:127.0.0.1", "::7f00:1", 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip.sixtofour:
        return ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in net for net in _NAT64) or (ip in _COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, as the system's resolver gives them, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def dial(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


# ---------------------------------------------------------------- one request's limits


@dataclass(slots=True)
class Attempt:
    """The limits of the request that runs in this thread."""

    deadline: float  # on time.monotonic()
    body_cap: int  # bytes on the wire after the head
    connect_seconds: float
    allow_private: bool
    resolver: Resolver
    dial: Dial

    def left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return left


# A pooled connection outlives the request that opened it, so its limits can't be given to it when it is made.
ATTEMPT: contextvars.ContextVar[Attempt] = contextvars.ContextVar("attempt")


def addresses(host: str, port: int, attempt: Attempt) -> tuple[str, ...]:
    """The addresses of `host` that we may dial. Raises NoAddress, RefusedAddress, DeadlinePassed.

    Resolved in a thread of its own: getaddrinfo knows no deadline, and a dead name server takes half a minute.
    """
    answer: list[Sequence[str]] = []
    fault: list[Exception] = []

    def ask() -> None:
        try:
            answer.append(attempt.resolver(host.strip("[]"), port))
        except Exception as error:
            fault.append(error)

    thread = threading.Thread(target=ask, daemon=True, name="resolve")
    thread.start()
    thread.join(min(attempt.left(), attempt.connect_seconds))
    if fault:
        raise NoAddress(str(fault[0])) from fault[0]
    if not answer or not answer[0]:
        raise NoAddress("the name server does not answer" if thread.is_alive() else "no address")
    reasons = {address: refusal(address, allow_private=attempt.allow_private) for address in answer[0]}
    allowed = tuple(address for address, reason in reasons.items() if reason is None)
    if not allowed:
        raise RefusedAddress(next(reason for reason in reasons.values() if reason))
    return allowed


class _Metered(io.RawIOBase):
    """A socket to read from that never waits beyond the deadline and never passes more than the cap."""

    def __init__(self, raw: Any, sock: Any, attempt: Attempt) -> None:
        self._raw, self._sock, self._attempt = raw, sock, attempt
        self.received = 0
        self.ended = False  # true: what has not been read by now is not wanted
        self.cap = _HEAD_CAP

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.ended:
            return None
        try:
            self._sock.settimeout(self._attempt.left())
            got = int(self._raw.readinto(buffer) or 0)
        except TimeoutError:
            raise DeadlinePassed from None
        self.received += got
        if self.received > self.cap:
            raise TooMuchSent
        return got

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _Response(http.client.HTTPResponse):
    """http.client's response, reading from a metered socket."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self._limits = ATTEMPT.get()
        self.surplus = b""  # sent after the length that was announced: that length was wrong
        self.meter = _Metered(sock.makefile("rb", buffering=0), sock, self._limits)
        self.fp = io.BufferedReader(self.meter, 16384)

    def begin(self) -> None:
        super().begin()
        self.meter.cap = self.meter.received + self._limits.body_cap

    def _close_conn(self) -> None:
        self.meter.ended = True
        if isinstance(self.fp, io.BufferedReader) and not self.fp.closed:
            self.surplus = bytes(self.fp.peek())
        super()._close_conn()  # type: ignore[misc]  # http.client calls it at the end of every body


class _Connection(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _guarded(self)


class _SecureConnection(HTTPSConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _guarded(self)


def _guarded(connection: HTTPConnection) -> socket.socket:
    attempt = ATTEMPT.get()
    port = int(connection.port or 0)
    fault: OSError | None = None
    for address in addresses(connection.host, port, attempt)[:4]:
        try:
            sock = attempt.dial(address, port, min(attempt.left(), attempt.connect_seconds))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            fault = error
    raise urllib3.exceptions.NewConnectionError(connection, str(fault)) from fault


class _ToProxy(HTTPConnection):
    response_class = _Response


class _SecureThroughProxy(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _ProxyPool(HTTPConnectionPool):
    ConnectionCls = _ToProxy


class _SecureProxyPool(HTTPSConnectionPool):
    ConnectionCls = _SecureThroughProxy


class GuardedAdapter(HTTPAdapter):
    """requests' transport over the guarded sockets. ATTEMPT must be set in the thread that sends."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        # The deployer named the proxy, and it usually has a private address: the guard is not for it.
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = {"http": _ProxyPool, "https": _SecureProxyPool}
        return manager
