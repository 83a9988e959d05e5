"""Servers that misbehave, one way each: what becomes of the request, and what it may cost."""

import gzip
import socket
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib

import brotli
import pytest

from cuttings.edges.fetch import Fetched
from tests.edges_net.servers import Raw, failure, fetcher, get, pages, reply, says

BROTLI_BOMB = brotli.compress(b"\x00" * 20_000_000, quality=1)
GZIP_BOMB = gzip.compress(b"\x00" * 20_000_000, 9)
DEFLATE_BOMB = zlib.compress(b"\x00" * 20_000_000, 9)


def forever(first, piece, pause=0.0):
    """A server that sends `first`, then `piece` until it is hung up on."""

    def answer(_path, connection, _head):
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)

    return Raw(answer)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
QUICK = {"deadline": 0.4, "connect_seconds": 0.4}


# ---------------------------------------------------------------- heads


@pytest.mark.parametrize(
    ("server", "kind"),
    [
        (lambda: says(b""), "dropped"),
        (lambda: says(b"HTTP/1.1 200 OK\r\nContent-Le"), "bad-content"),
        (lambda: says(b"hello there\r\n\r\n"), "dropped"),
        (lambda: says(b"HTTP/1.1 abc Wrong\r\n\r\n"), "dropped"),
        (lambda: says(b"\x16\x03\x01\x00\x05hello" * 5), "dropped"),
        (lambda: says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000_000 + b"\r\n\r\n"), "too-large"),
        (lambda: says(b"HTTP/1.1 " + b"2" * 10_000_000), "too-large"),
        (lambda: says(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n"), "too-large"),
        (lambda: forever(HEAD, b"X: y\r\n"), "too-large"),
        (lambda: forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too-large"),
        (lambda: forever(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 60_000), "too-large"),
        (lambda: forever(b"HTTP/1.1 200 OK\r\nX: ", b"a", pause=0.02), "timeout"),
        (lambda: forever(b"", b"", pause=0.05), "timeout"),
    ],
    ids=[
        "nothing", "half a head", "no http", "status abc", "tls on the plain port", "a header of 10 MB",
        "a status line of 10 MB", "500 headers", "endless headers", "endless 100 Continue", "an endless header",
        "a header drop by drop", "silence",
    ],
)  # fmt: skip
def test_heads(server, kind):
    with server() as site:
        assert failure(site.base, options=QUICK | {"deadline": 1.0}).kind == kind


def test_a_server_that_resets():
    def answer(_path, connection, _head):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with Raw(answer) as site:
        assert failure(site.base).kind == "dropped"


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    failed = failure(f"http://127.0.0.1:{port}/")
    assert failed.kind == "connect"
    assert failed.passing


def test_a_queue_that_is_full_is_no_answer():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        assert failure(url, options=QUICK).kind in {"connect", "timeout", "robots"}
        for filler in fillers:
            filler.close()


def test_a_name_without_address():
    assert failure("http://no-such-host.invalid/").kind == "dns"


def test_a_name_server_that_never_answers():
    with fetcher(resolver=lambda _host, _port: time.sleep(3), **QUICK) as made:
        began = time.monotonic()
        with pytest.raises(Exception, match="does not answer") as caught:
            made.get("http://slow.example/", pace_seconds=0)
    assert caught.value.kind == "dns"
    assert time.monotonic() - began < 2


# ---------------------------------------------------------------- bodies


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(b"<p>half", Content_Length="5000"), "truncated"),
        (reply(b"<p>a whole page</p>", Content_Length="5"), "truncated"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n<p>123456", "truncated"),
        (reply(b"<p>words", Content_Length="5, 9"), "truncated"),
        (CHUNKED + b"5\r\n<p>ab\r\n", "truncated"),
        (CHUNKED + b"5\r\n<p>", "truncated"),
        (CHUNKED + b"zz\r\n<p>ab\r\n0\r\n\r\n", "truncated"),
        (CHUNKED + b"-5\r\n<p>ab\r\n0\r\n\r\n", "truncated"),
        (CHUNKED + b"5;" + b"x" * 20_000_000, "truncated"),
        (reply(gzip.compress(b"<p>words</p>" * 50)[:-20], Content_Encoding="gzip"), "truncated"),
        (reply(gzip.compress(b"<p>words</p>" * 50)[:-9], Content_Encoding="gzip"), "truncated"),
        (reply(brotli.compress(b"<p>words and more</p>" * 50)[:-3], Content_Encoding="br"), "truncated"),
        (reply(b"<p>not packed</p>", Content_Encoding="gzip"), "bad-content"),
        (reply(b"<p>not packed</p>", Content_Encoding="br"), "bad-content"),
        (reply(b"<p>not packed</p>", Content_Encoding="zstd"), "bad-content"),
        (reply(b"\x28\xb5\x2f\xfd words", Content_Encoding="zstd"), "bad-content"),
        (reply(b"<p>", Content_Encoding="gzip, gzip, gzip, gzip"), "bad-content"),
        (reply(b"<p>", Content_Encoding="../../etc"), "bad-content"),
        (reply(gzip.compress(gzip.compress(b"<p>words</p>")), Content_Encoding="gzip"), "bad-content"),
        (reply(b"x" * 9_000_000), "too-large"),
        (reply(b""), "bad-content"),
        (reply(b"\n \n"), "bad-content"),
        (reply(b"\x00" * 100), "bad-content"),
        (reply(b"%PDF-1.7 words"), "bad-content"),
        (reply(b"%PDF-1.7 words", Content_Type="application/pdf"), "bad-content"),
        (reply(b"words", Content_Type="image/png"), "bad-content"),
        (reply(b"words", Content_Type="video/mp4; charset=utf-8"), "bad-content"),
        (reply(b"\x89PNG words", Content_Type="text/html"), "bad-content"),
        (reply(b"PK\x03\x04 words", Content_Type="text/html"), "bad-content"),
        (reply(b"", "204 No Content"), "bad-content"),
        (reply(b"part", "206 Partial Content"), "bad-content"),
    ],
)
def test_bodies(answer, kind):
    with says(answer) as site:
        assert failure(site.base).kind == kind


@pytest.mark.parametrize(
    ("server", "kind"),
    [
        (lambda: forever(HEAD + b"\r\n", b"x" * 65536), "too-large"),
        (lambda: forever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), "too-large"),
        (lambda: forever(CHUNKED, b"1\r\nx\r\n" * 1000), "bad-content"),
        (lambda: forever(CHUNKED + b"0\r\n", b"Trailer: x\r\n" * 1000), "too-large"),
        (lambda: forever(HEAD + b"\r\n", b"x", pause=0.02), "timeout"),
        (lambda: forever(HEAD + b"Content-Length: 500\r\n\r\n", b"x", pause=0.02), "timeout"),
        (lambda: forever(CHUNKED, b"1\r\nx\r\n", pause=0.02), "timeout"),
    ],
    ids=[
        "endless",
        "endless chunks",
        "crumbs",
        "endless trailers",
        "drop by drop",
        "a length, drop by drop",
        "chunk by chunk",
    ],
)
def test_bodies_without_an_end(server, kind):
    with server() as site:
        assert failure(site.base, options={"deadline": 3.0 if kind != "timeout" else 0.4}).kind == kind


def test_a_body_that_is_reset():
    def answer(_path, connection, _head):
        connection.sendall(reply(b"<p>half", Content_Length="5000"))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with Raw(answer) as site:
        assert failure(site.base).kind == "truncated"


# ---------------------------------------------------------------- bombs


@pytest.mark.parametrize("where", ["200", "302", "404", "500", "robots", "data"])
@pytest.mark.parametrize(("encoding", "bomb"), [("gzip", GZIP_BOMB), ("deflate", DEFLATE_BOMB), ("br", BROTLI_BOMB)])
def test_bombs_cost_little(where, encoding, bomb):
    status = {"302": "302 Found", "404": "404 Not Found", "500": "500 Fault"}.get(where, "200 OK")
    boom = reply(bomb, status, Content_Encoding=encoding, Location="/landing" if where == "302" else None)
    table = {"/": boom, "/landing": reply()}
    robots = {"robots": boom} if where == "robots" else {}
    with pages(table, **robots) as site:
        tracemalloc.start()
        began = time.process_time()
        if where == "302":
            assert get(f"{site.base}/").page.body == b"<p>words</p>"
        else:
            failed = failure(f"{site.base}/", expects="data" if where == "data" else "page")
            wanted = {"404": "missing", "500": "status-5xx", "robots": "robots"}
            assert failed.kind == wanted.get(where, "too-large")
        cpu, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 32_000_000
    assert cpu < 3  # of which tracemalloc and this very server take most; unpacked whole it would be far more


def test_a_gigabyte_in_gzip_costs_no_gigabyte():
    """In a process of its own, whose peak can be read: the server sends 1 GiB of zeros, packed twice."""
    inner = gzip.compress(b"\x00" * (1 << 24), 9) * 64
    program = """
import resource, sys, time
from cuttings.edges.fetch import Fetcher, FetchFailed
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
with Fetcher("policy@council.example") as fetcher:
    try:
        fetcher.get(sys.argv[1], allow_private=True, pace_seconds=0)
    except FetchFailed as failed:
        print(failed.kind, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, time.process_time() - began)
"""
    for body, encoding in [(inner, "gzip"), (gzip.compress(inner, 9), "gzip, gzip")]:
        with says(reply(body, Content_Encoding=encoding)) as site:
            done = subprocess.run(
                [sys.executable, "-c", program, site.base], capture_output=True, text=True, check=True, timeout=60
            )
        kind, kilobytes, seconds = done.stdout.split()
        assert kind == "too-large"
        assert int(kilobytes) < 32_000
        assert float(seconds) < 1.5


def test_half_a_million_empty_gzip_files_in_one():
    with says(reply(gzip.compress(b"<p>one</p>") + gzip.compress(b"") * 300_000, Content_Encoding="gzip")) as site:
        result = get(site.base)
    assert isinstance(result, Fetched)
    assert result.page.body == b"<p>one</p>"


# ---------------------------------------------------------------- harmless oddities are read


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (reply(gzip.compress(b"<p>a</p>"), Content_Encoding="gzip"), b"<p>a</p>"),
        (reply(gzip.compress(b"<p>a</p>"), Content_Encoding="x-gzip"), b"<p>a</p>"),
        (reply(gzip.compress(b"<p>a") + gzip.compress(b"</p>"), Content_Encoding="gzip"), b"<p>a</p>"),
        (reply(gzip.compress(b"<p>a</p>") + b"\x00" * 9, Content_Encoding="gzip"), b"<p>a</p>"),
        (reply(zlib.compress(b"<p>a</p>"), Content_Encoding="deflate"), b"<p>a</p>"),
        (reply(zlib.compress(b"<p>a</p>")[2:-4], Content_Encoding="deflate"), b"<p>a</p>"),
        (reply(brotli.compress(b"<p>a</p>"), Content_Encoding="br"), b"<p>a</p>"),
        (reply(gzip.compress(gzip.compress(b"<p>a</p>")), Content_Encoding="gzip, gzip"), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Encoding="identity"), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Length=None), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Length="many"), b"<p>a</p>"),
        (reply(b"<p>a</p>\r\n", Content_Length="8"), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Type=None), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Type=""), b"<p>a</p>"),
        (reply(b"<p>a</p>", Content_Type="application/octet-stream"), b"<p>a</p>"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4;x=y\r\n<p>a\r\n4\r\n</p>\r\n0\r\nT: x\r\n\r\n", b"<p>a</p>"),
        (b"HTTP/1.0 200 OK\r\n\r\n<p>a</p>", b"<p>a</p>"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"<p>a</p>"), b"<p>a</p>"),
        (b"HTTP/1.1 200\r\nContent-Length: 8\r\n\r\n<p>a</p>", b"<p>a</p>"),
        (reply("<p>ä</p>".encode("utf-16")), "<p>ä</p>".encode("utf-16")),
        (reply(b"<p>\xff\xfe\x80 bad utf-8</p>"), b"<p>\xff\xfe\x80 bad utf-8</p>"),
    ],
)
def test_odd_but_whole(answer, body):
    with says(answer) as site:
        result = get(site.base)
    assert isinstance(result, Fetched)
    assert result.page.body == body
