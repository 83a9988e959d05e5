"""Servers that misbehave, one way each: a page or a failure with a kind, in time, and never an unforeseen exception."""

from __future__ import annotations

import gzip
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator

import brotli

from cuttings.edges.fetch import FetchFailed
from tests.edges_net.servers import Raw, get, reply, says
from tests.torture.rows import Row

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
DEADLINE = 1.5  # seconds; a second more is granted for threads that wake late
READ = frozenset({"read"})


def forever(first: bytes, piece: bytes, pause: float = 0.0) -> Callable[[], Raw]:
    def answer(_path, connection, _head):
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)

    return lambda: Raw(answer)


def once(data: bytes) -> Callable[[], Raw]:
    return lambda: says(data)


def reset(after: bytes) -> Callable[[], Raw]:
    def answer(_path, connection, _head):
        if after:
            connection.sendall(after)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return lambda: Raw(answer)


def to(location: str, **headers: str) -> bytes:
    return reply(b"", "302 Found", Location=location, **headers)


def circle() -> Raw:
    return Raw(lambda path, connection, _: connection.sendall(to("/b" if path == "/a" else "/a")))


def ladder() -> Raw:
    return Raw(lambda path, connection, _: connection.sendall(to(f"{path}x")))


BODY = gzip.compress(b"<p>words</p>" * 50)
# A name, the server, and what may become of it: a failure's kind, or "read".
SERVERS: tuple[tuple[str, Callable[[], Raw], frozenset[str]], ...] = tuple(
    (name, server, frozenset(kinds.split()))
    for name, server, kinds in (
        # Heads
        ("nothing at all", once(b""), "dropped"),
        ("half a head", once(b"HTTP/1.1 200 OK\r\nContent-Le"), "bad-content dropped"),
        ("no HTTP", once(b"220 mail.example ESMTP\r\n\r\n"), "dropped"),
        ("HTTP/9.9", once(b"HTTP/9.9 200 OK\r\n\r\n<p>words</p>"), "dropped read"),
        ("HTTP/0.9", once(b"<p>words</p>"), "dropped"),
        ("a status of letters", once(b"HTTP/1.1 abc Wrong\r\n\r\n"), "dropped"),
        ("status 999", once(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), "status-odd"),
        ("TLS on the plain port", once(b"\x16\x03\x01\x00\x05hello" * 5), "dropped"),
        ("a header of 10 MB", once(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000_000 + b"\r\n\r\n"), "too-large"),
        ("a status line of 10 MB", once(b"HTTP/1.1 " + b"2" * 10_000_000), "too-large"),
        ("500 headers", once(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n"), "too-large"),
        ("headers without end", forever(HEAD, b"X: y\r\n"), "too-large"),
        ("100 Continue without end", forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too-large"),
        ("a header without end", forever(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 60_000), "too-large"),
        ("a header drop by drop", forever(b"HTTP/1.1 200 OK\r\nX: ", b"a", 0.02), "timeout"),
        ("silence", forever(b"", b"", 0.05), "timeout"),
        ("a reset instead of an answer", reset(b""), "dropped"),
        ("NULs in a header", once(HEAD + b"X: a\x00b\r\nContent-Length: 12\r\n\r\n<p>words</p>"), "read dropped"),
        ("folded headers", once(HEAD + b"X: a\r\n b\r\nContent-Length: 12\r\n\r\n<p>words</p>"), "read"),
        # Bodies
        ("a body without end", forever(HEAD + b"\r\n", b"x" * 65536), "too-large"),
        ("chunks without end", forever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), "too-large"),
        ("crumbs without end", forever(CHUNKED, b"1\r\nx\r\n" * 1000), "bad-content"),
        ("trailers without end", forever(CHUNKED + b"0\r\n", b"Trailer: x\r\n" * 1000), "too-large"),
        ("a body drop by drop", forever(HEAD + b"\r\n", b"x", 0.02), "timeout"),
        ("a length, drop by drop", forever(HEAD + b"Content-Length: 500\r\n\r\n", b"x", 0.02), "timeout"),
        ("chunk by chunk", forever(CHUNKED, b"1\r\nx\r\n", 0.02), "timeout"),
        ("a reset in the body", reset(reply(b"<p>half", Content_Length="5000")), "truncated"),
        ("a body cut short", once(reply(b"<p>half", Content_Length="5000")), "truncated"),
        ("a length too short", once(reply(b"<p>a whole page</p>", Content_Length="5")), "truncated"),
        ("two lengths", once(HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n<p>123456"), "truncated"),
        ("a negative length", once(reply(b"<p>words</p>", Content_Length="-5")), "read truncated"),
        ("a length of 10**30", once(reply(b"<p>words</p>", Content_Length="1" + "0" * 30)), "truncated too-large"),
        ("chunked and a length", once(CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n4\r\n<p>a\r\n0\r\n\r\n"), "read"),
        ("a bad chunk size", once(CHUNKED + b"zz\r\n<p>ab\r\n0\r\n\r\n"), "truncated"),
        ("a negative chunk", once(CHUNKED + b"-5\r\n<p>ab\r\n0\r\n\r\n"), "truncated"),
        ("a chunk cut short", once(CHUNKED + b"ffffff\r\n<p>"), "truncated"),
        ("an endless chunk size", once(CHUNKED + b"5;" + b"x" * 20_000_000), "truncated"),
        ("gzip cut short", once(reply(BODY[:-20], Content_Encoding="gzip")), "truncated"),
        ("gzip that is none", once(reply(b"<p>not packed</p>", Content_Encoding="gzip")), "bad-content"),
        ("gzip with a false checksum", once(reply(BODY[:-8] + b"\0" * 8, Content_Encoding="gzip")), "bad-content"),
        ("gzip in gzip, once named", once(reply(gzip.compress(BODY), Content_Encoding="gzip")), "bad-content"),
        ("four encodings", once(reply(b"<p>", Content_Encoding="gzip, gzip, gzip, gzip")), "bad-content"),
        ("an encoding of another world", once(reply(b"<p>", Content_Encoding="../../etc")), "bad-content"),
        ("br cut short", once(reply(brotli.compress(b"words " * 99)[:-3], Content_Encoding="br")), "truncated"),
        ("deflate, bare", once(reply(zlib.compress(b"<p>a</p>")[2:-4], Content_Encoding="deflate")), "read"),
        ("zstd, not asked for", once(reply(b"\x28\xb5\x2f\xfd words", Content_Encoding="zstd")), "bad-content"),
        ("9 MB", once(reply(b"x" * 9_000_000)), "too-large"),
        ("an empty page", once(reply(b"")), "bad-content"),
        ("a page of NULs", once(reply(b"\x00" * 1000)), "bad-content"),
        ("a PDF that says HTML", once(reply(b"%PDF-1.7 words")), "bad-content"),
        ("a picture", once(reply(b"words", Content_Type="image/png")), "bad-content"),
        ("a zip that says HTML", once(reply(b"PK\x03\x04 words")), "bad-content"),
        (
            "UTF-16 that says UTF-8",
            once(reply("<p>ä</p>".encode("utf-16"), Content_Type="text/html; charset=utf-8")),
            "read",
        ),
        ("invalid UTF-8", once(reply(b"<p>\xff\xfe\x80</p>")), "read"),
        # Statuses and redirects
        ("204", once(reply(b"", "204 No Content")), "bad-content"),
        ("206", once(reply(b"part", "206 Partial Content")), "bad-content"),
        ("304 that nobody asked for", once(reply(b"", "304 Not Modified")), "bad-content"),
        ("401", once(reply(b"", "401 Login", WWW_Authenticate="Basic")), "status-4xx"),
        ("404", once(reply(b"gone", "404 Not Found")), "missing"),
        ("500", once(reply(b"oh", "500 Fault")), "status-5xx"),
        ("429 for ten years", once(reply(b"", "429 Slow", Retry_After="315360000")), "busy"),
        ("503, negative", once(reply(b"", "503 Busy", Retry_After="-60")), "busy"),
        ("a circle", circle, "redirect"),
        ("a ladder without end", ladder, "redirect"),
        ("a redirect to nowhere", once(reply(b"", "302 Found")), "redirect"),
        ("a redirect to a file", once(to("file:///etc/passwd")), "redirect"),
        ("a redirect to javascript", once(to("javascript:alert(1)")), "redirect"),
        ("a redirect to gopher", once(to("gopher://127.0.0.1:70/_x")), "redirect"),
        ("a redirect to a broken host", once(to("http://[::1/")), "redirect"),
        ("a redirect of 10 kB", once(to("/" + "a" * 10_000)), "redirect"),
        ("a redirect with a line end", once(to("/a\x0b\x0cSet-Cookie: x=1")), "redirect missing read bad-content"),
    )
)


def rows(quick: bool) -> Iterator[Row]:
    chosen = SERVERS[::4] if quick else SERVERS
    bad: list[str] = []
    slowest = 0.0
    for name, server, kinds in chosen:
        began = time.monotonic()
        with server() as site:
            became = outcome(f"{site.base}/a")
        took = time.monotonic() - began
        slowest = max(slowest, took)
        if became not in kinds:
            bad.append(f"{name}: {became}, wanted {' or '.join(sorted(kinds))}")
        elif took > DEADLINE + 1 + 2:  # two more for a server thread that was still busy sending
            bad.append(f"{name}: took {took:.1f} s")
    detail = "; ".join(bad[:3]) or f"each a page or a failure with its kind; the slowest {slowest:.1f} s"
    yield Row("misbehaving servers", len(chosen), len(bad), detail)


def outcome(url: str) -> str:
    try:
        get(url, options={"deadline": DEADLINE, "connect_seconds": DEADLINE})
    except FetchFailed as failed:
        return failed.kind
    except Exception as error:  # the point of the row: nothing but FetchFailed comes out
        return f"{type(error).__name__}: {error}"
    return "read"
