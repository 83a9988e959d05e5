"""The guarded sockets one by one: what is dialled, how long is waited, how much is taken."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest
import urllib3

from cuttings.edges.fetch import guard
from cuttings.edges.fetch.guard import (
    ATTEMPT,
    Attempt,
    DeadlinePassed,
    GuardedAdapter,
    NoAddress,
    RefusedAddress,
    TooMuchSent,
    addresses,
)


def attempt(**changes):
    given = {
        "deadline": time.monotonic() + 60, "body_cap": 1000, "connect_seconds": 5.0, "allow_private": False,
        "resolver": lambda _host, _port: ["93.184.216.34"], "dial": lambda *_: pytest.fail("nothing is to be dialled"),
    }  # fmt: skip
    return Attempt(**(given | changes))


@pytest.fixture
def set_to():
    tokens = []

    def put(made):
        tokens.append(ATTEMPT.set(made))
        return made

    yield put
    for token in reversed(tokens):
        ATTEMPT.reset(token)


def connection(host="news.example", port=8080):
    return SimpleNamespace(host=host, port=port)


class Dialled:
    """Refuses the first so many addresses, and keeps what it was asked."""

    def __init__(self, refused=0):
        self.asked, self.refused = [], refused
        self.socket = socket.socket()

    def __call__(self, address, port, timeout):
        self.asked.append((address, port, timeout))
        if len(self.asked) <= self.refused:
            raise OSError(f"refused for the {len(self.asked)}. time")
        return self.socket


@pytest.fixture
def dialled():
    made = []

    def one(refused=0):
        made.append(Dialled(refused))
        return made[-1]

    yield one
    for each in made:
        each.socket.close()


def test_the_very_address_that_was_checked_is_dialled(set_to, dialled):
    dial, asked = dialled(), []

    def resolver(host, port):
        asked.append((host, port))
        return ["93.184.216.34"]

    set_to(attempt(resolver=resolver, dial=dial))
    assert guard._guarded(connection("[news.example]")) is dial.socket
    assert asked == [("news.example", 8080)]
    assert dial.asked == [("93.184.216.34", 8080, 5.0)]
    assert dial.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_may_take_what_is_left_of_the_request_and_no_more(set_to, dialled):
    dial = dialled()
    set_to(attempt(deadline=time.monotonic() + 2, dial=dial))
    guard._guarded(connection())
    assert 0 < dial.asked[0][2] <= 2


def test_the_next_address_is_tried_where_one_does_not_answer(set_to, dialled):
    dial = dialled(refused=2)
    set_to(attempt(resolver=lambda *_: [f"93.184.216.{n}" for n in (1, 2, 3)], dial=dial))
    assert guard._guarded(connection()) is dial.socket
    assert [address for address, _, _ in dial.asked] == ["93.184.216.1", "93.184.216.2", "93.184.216.3"]


def test_after_four_addresses_it_is_enough_and_the_last_reason_is_told(set_to, dialled):
    dial, asking = dialled(refused=9), connection()
    set_to(attempt(resolver=lambda *_: [f"93.184.216.{n}" for n in range(9)], dial=dial))
    with pytest.raises(urllib3.exceptions.NewConnectionError, match=r"refused for the 4\. time") as caught:
        guard._guarded(asking)
    assert len(dial.asked) == 4
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.conn is asking


def test_a_connection_without_a_port_asks_for_none(set_to, dialled):
    dial = dialled()
    set_to(attempt(dial=dial))
    guard._guarded(connection(port=None))
    assert dial.asked[0][1] == 0


def test_of_several_inner_addresses_the_first_is_named():
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1 is a private address"):
        addresses("wiki.example", 80, attempt(resolver=lambda *_: ["10.0.0.1", "127.0.0.1"]))


def test_a_name_that_is_not_known_says_what_the_name_server_said():
    def unknown(_host, _port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NoAddress, match="Name or service not known"):
        addresses("nowhere.example", 80, attempt(resolver=unknown))


def test_a_name_server_that_says_nothing_is_not_waited_for():
    answered = threading.Event()
    try:
        with pytest.raises(NoAddress, match="the name server does not answer"):
            addresses("slow.example", 80, attempt(connect_seconds=0.02, resolver=lambda *_: answered.wait(20) and []))
    finally:
        answered.set()


def test_the_name_server_has_no_longer_than_the_request(monkeypatch):
    monkeypatch.setattr(guard.time, "monotonic", lambda: 99.98)
    answered = threading.Event()
    brief = attempt(deadline=100.0, connect_seconds=20, resolver=lambda *_: answered.wait(20))
    try:
        with pytest.raises(NoAddress, match="the name server does not answer"):
            addresses("slow.example", 80, brief)
    finally:
        answered.set()


def test_a_name_without_an_address():
    with pytest.raises(NoAddress, match=r"^no address$"):
        addresses("empty.example", 80, attempt(resolver=lambda *_: []))


@pytest.mark.parametrize(("now", "left"), [(90.0, 10.0), (99.5, 0.5)])
def test_what_is_left_until_the_deadline(monkeypatch, now, left):
    monkeypatch.setattr(guard.time, "monotonic", lambda: now)
    assert attempt(deadline=100.0).left() == left


@pytest.mark.parametrize("now", [100.0, 100.5])
def test_at_the_deadline_nothing_is_left(monkeypatch, now):
    monkeypatch.setattr(guard.time, "monotonic", lambda: now)
    with pytest.raises(DeadlinePassed):
        attempt(deadline=100.0).left()


def test_the_systems_resolver_gives_each_address_once():
    assert guard.resolve("127.0.0.1", 80) == ("127.0.0.1",)


def test_a_dialled_socket_keeps_its_patience():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        guard.dial("127.0.0.1", server.getsockname()[1], 3.0) as dialled,
    ):
        assert dialled.gettimeout() == 3.0


# ---------------------------------------------------------------- the meter


class Raw:
    def __init__(self, *chunks):
        self.chunks, self.closed = list(chunks), 0

    def readinto(self, buffer):
        chunk = self.chunks.pop(0) if self.chunks else b""
        if isinstance(chunk, Exception):
            raise chunk
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self):
        self.closed += 1


class Sock:
    def __init__(self):
        self.timeouts = []

    def settimeout(self, seconds):
        self.timeouts.append(seconds)


def metered(*chunks, **changes):
    raw, sock = Raw(*chunks), Sock()
    return guard._Metered(raw, sock, attempt(**changes)), raw, sock


def test_exactly_the_cap_passes_and_a_byte_more_does_not():
    meter, _, _ = metered(b"abc", b"d")
    meter.cap = 3
    assert meter.readinto(bytearray(10)) == 3
    assert meter.received == 3
    with pytest.raises(TooMuchSent):
        meter.readinto(bytearray(10))


def test_a_head_is_held_to_256_kib():
    assert metered()[0].cap == 256 * 1024


def test_every_read_waits_for_what_is_left_alone(monkeypatch):
    monkeypatch.setattr(guard.time, "monotonic", lambda: 90.0)
    meter, _, sock = metered(b"abc", deadline=97.0)
    meter.readinto(bytearray(10))
    assert sock.timeouts == [7.0]


def test_a_read_that_takes_too_long_is_the_deadline():
    with pytest.raises(DeadlinePassed):
        metered(TimeoutError())[0].readinto(bytearray(10))


def test_after_the_end_nothing_is_read():
    meter, raw, _ = metered(b"abc")
    assert meter.ended is False
    meter.ended = True
    assert meter.readinto(bytearray(10)) is None
    assert raw.chunks == [b"abc"]


def test_it_is_closed_once():
    meter, raw, _ = metered()
    assert meter.readable()
    meter.close()
    meter.close()
    assert raw.closed == 1
    assert meter.closed


# ---------------------------------------------------------------- a response


def sent(end, data):
    with suppress(OSError):  # who had enough has hung up
        end.sendall(data)
        end.shutdown(socket.SHUT_WR)


@pytest.fixture
def answered(set_to):
    ends = []

    def answer(data, method="GET", **changes):
        set_to(attempt(**changes))
        ours, theirs = socket.socketpair()
        ends.extend((ours, theirs))
        threading.Thread(target=sent, args=(theirs, data), daemon=True).start()  # it may be more than a socket holds
        response = guard._Response(ours, 0, method)
        assert response.surplus == b""
        response.begin()
        return response

    yield answer
    for end in ends:
        end.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


def test_what_comes_after_the_announced_length_is_seen(answered):
    response = answered(HEAD + b"abSURPLUS")
    assert response.read() == b"ab"
    assert response.surplus == b"SURPLUS"


def test_an_honest_length_leaves_no_surplus(answered):
    response = answered(HEAD + b"ab")
    assert response.read() == b"ab"
    assert response.surplus == b""


def test_an_answer_to_head_has_no_body(answered):
    assert answered(HEAD, "HEAD").read() == b""


def test_the_body_has_a_cap_of_its_own_behind_the_head(answered):
    response = answered(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40_000 + b"\r\n\r\n" + b"b" * 40_000, body_cap=5000)
    with pytest.raises(TooMuchSent):
        response.read()


def test_a_head_past_its_cap_is_not_read_to_its_end(answered):
    with pytest.raises(TooMuchSent):
        answered(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 60_000) for n in range(5)))


# ---------------------------------------------------------------- requests' transport


def test_every_scheme_has_its_guarded_pool():
    pools = GuardedAdapter().poolmanager.pool_classes_by_scheme
    assert {scheme: pool.ConnectionCls for scheme, pool in pools.items()} == {
        "http": guard._Connection,
        "https": guard._SecureConnection,
    }


def test_a_proxy_is_metered_but_dialled_unguarded():
    manager = GuardedAdapter().proxy_manager_for("http://proxy.council.example:8080", timeout=7)
    pools = manager.pool_classes_by_scheme
    assert {scheme: pool.ConnectionCls for scheme, pool in pools.items()} == {
        "http": guard._ToProxy,
        "https": guard._SecureThroughProxy,
    }
    assert manager.connection_pool_kw["timeout"] == 7
    assert manager.proxy.host == "proxy.council.example"
    assert all(pool.ConnectionCls.response_class is guard._Response for pool in pools.values())
