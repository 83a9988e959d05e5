"""Politeness and secrets, as the servers' own logs tell: gaps, robots.txt, busy hosts, passwords that stay at home."""

from __future__ import annotations

import itertools
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cuttings.edges.fetch import Fetcher, FetchFailed, Outgoing, guard
from tests.edges_net.servers import Clock, Raw, Secure, fetcher, pages, reply
from tests.torture.rows import Row

PUBLIC = "93.184.216.34"
DATE = "Mon, 02 Mar 2026 09:30:00 GMT"  # half an hour after the clock's beginning


def rows(quick: bool) -> Iterator[Row]:
    yield _many_addresses(quick, virtual=True, gap=2.0)
    if not quick:
        yield _many_addresses(quick, virtual=False, gap=0.02)
    yield _robots_answers(quick)
    yield _robots_rules()
    yield _crawl_delays()
    yield _busy_hosts(quick)
    yield _secrets(quick)


# ---------------------------------------------------------------- a thousand addresses on ten hosts


class _SharedClock(Clock):
    """Time for several threads: whoever waits moves it on for all."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self.lock:
            super().sleep(seconds)


class _RealClock(Clock):
    def __call__(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class _Log:
    """The server's own: of every host when each request came, when it was answered, and how many were inside."""

    clock: Callable[[], float]
    visits: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    inside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    crowded: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, _path: str, connection, head: bytes) -> None:
        host = head.split(b"Host: ")[1].split(b"\r\n")[0].decode()
        came = self.clock()
        with self.lock:
            self.inside[host] += 1
            self.crowded += self.inside[host] > 1
        connection.sendall(reply())
        with self.lock:
            self.inside[host] -= 1
            self.visits[host].append((came, self.clock()))


def _many_addresses(quick: bool, *, virtual: bool, gap: float) -> Row:
    hosts, each = (5, 12) if quick else (10, 100)
    clock = _SharedClock() if virtual else _RealClock()
    log = _Log(clock)
    with Raw(log.answer, robots=None) as site, _public(clock) as made:
        urls = [f"http://h{host}.example:{site.port}/{n}" for host in range(hosts) for n in range(each)]
        random.Random(7).shuffle(urls)
        with ThreadPoolExecutor(16) as pool:
            read = sum(pool.map(lambda url: _reads(made, url, gap), urls))
    early = 0
    for visits in log.visits.values():
        visits.sort()
        # A visit is answered a moment before we know of it, so what the server sees can only be longer than the gap.
        early += sum(b[0] - a[0] < gap - 1e-6 for a, b in itertools.pairwise(visits))
    visits_made = sum(map(len, log.visits.values()))
    bad = early + log.crowded + (len(urls) - read)
    name = f"{len(urls):,} addresses on {hosts} hosts, {'a clock of ours' if virtual else 'real time'}"
    detail = f"{visits_made} visits with robots.txt, {early} too early, {log.crowded} beside another, gap {gap:g} s"
    return Row(name, len(urls), bad, detail)


def _reads(made: Fetcher, url: str, gap: float) -> bool:
    try:
        made.get(url, pace_seconds=gap)
    except FetchFailed:
        return False
    return True


def _public(clock: Clock, **options) -> Fetcher:
    """Names lead to a public address, and that to loopback."""

    def dial(_address, port, timeout):
        return guard.dial("127.0.0.1", port, timeout)

    return Fetcher(
        "policy@council.example", deadline=20, connect_seconds=10, clock=clock, sleep=clock.sleep, now=clock.now,
        resolver=lambda _host, _port: [PUBLIC], dial=dial, **options,
    )  # fmt: skip


# ---------------------------------------------------------------- robots.txt

MAY = ("400 Bad", "401 Login", "402 Pay", "403 No", "404 Gone", "405 No", "410 Gone", "418 Tea", "451 Law", "499 Odd")
MUST_NOT = ("500 Fault", "501 No", "502 Bad", "503 Busy", "504 Late", "507 Full", "520 Odd", "599 Odd", "429 Slow",
            "200 drop", "200 silence", "200 circle", "200 bomb", "100 Continue")  # fmt: skip


def _robots_answers(quick: bool) -> Row:
    bad = []
    answers = [(status, True) for status in MAY] + [(status, False) for status in MUST_NOT]
    answers = answers[::3] if quick else answers
    for status, may in answers:
        with pages({"/a": reply()}, robots=None) as site:
            site.answer = _robots_then_page(status)
            with fetcher(deadline=0.5, connect_seconds=0.5) as made, suppress(FetchFailed):
                made.get(f"{site.base}/a", allow_private=True, pace_seconds=0)
            asked = "/a" in site.paths()
        # A circle of redirects is no file (RFC 9309, 2.3.1.2).
        if asked != (may or status == "200 circle"):
            bad.append(f"{status}: the page was {'asked for' if asked else 'not asked for'}")
    return Row("robots.txt that answers oddly", len(answers), len(bad), "; ".join(bad[:3]) or "4xx may, all else not")


def _robots_then_page(status: str):
    def answer(path, connection, _head):
        if path != "/robots.txt":
            connection.sendall(reply())
        elif status == "200 drop":
            connection.sendall(reply(b"User-agent: *\n", Content_Length="5000"))
        elif status == "200 silence":
            time.sleep(1)
        elif status == "200 circle":
            connection.sendall(reply(b"", "301 Moved", Location="/robots.txt"))
        elif status == "200 bomb":
            connection.sendall(reply(b"# " + b"x" * 3_000_000))
        else:
            connection.sendall(reply(b"", status))

    return answer


# What a robots.txt says, an address, and whether we may ask for it.
RULES: tuple[tuple[bytes, str, bool], ...] = (
    (b"User-agent: *\nDisallow: /", "/a", False),
    (b"User-agent: *\nDisallow:", "/a", True),
    (b"User-agent: *\nDisallow: /private", "/a", True),
    (b"User-agent: *\nDisallow: /private", "/private/x", False),
    (b"User-agent: cuttings\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
    (b"User-agent: CUTTINGS\nDisallow: /", "/a", False),
    (b"User-agent: Cuttings\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
    (b"User-agent: other\nDisallow: /", "/a", True),
    (b"User-agent: other\nUser-agent: *\nDisallow: /", "/a", False),
    (b"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    (b"User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
    (b"User-agent: *\nDisallow: /*.html$", "/x.html", False),
    (b"User-agent: *\nDisallow: /*.html$", "/x.html?y", True),
    (b"User-agent: *\nDisallow: /*?print", "/x?print=1", False),
    (b"User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    (b"User-agent: *\rDisallow: /a\r", "/a", False),
    (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a", False),
    (b"user-AGENT : *\ndisALLOW : /a", "/a", False),
    (b"User-agent: * # all\nDisallow: /a # this", "/a", False),
    (b"User-agent: *\nDisallow: /%61", "/a", False),
    (b"User-agent: *\nDisallow: /caf\xc3\xa9", "/caf%C3%A9", False),
    (b"<html><body>Not found</body></html>", "/a", True),
    (b"\x00\xff\xfe garbage \x80" * 100, "/a", True),
    (b"Disallow: /", "/a", True),
    (b"User-agent: *\n" + b"Disallow: /x\n" * 50_000, "/a", True),
    (b"User-agent: *\nDisallow: /a\n" + b"# " + b"x" * 600_000, "/a", False),
    (b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"\n", "/" + "a" * 1000, True),
    (b"User-agent: *\nDisallow: /" + b"*" * 100_000, "/a", True),
    (b"User-agent: *\n" + b"Allow: /b\n" * 1000 + b"Disallow: /a", "/a", False),
)


def _robots_rules() -> Row:
    bad = []
    slowest = 0.0
    for text, path, may in RULES:
        with pages({path: reply()}, robots=reply(text, Content_Type="text/plain")) as site, fetcher() as made:
            began = time.process_time()
            read = _allowed(made, f"{site.base}{path}")
            slowest = max(slowest, time.process_time() - began)
            if read != may:
                bad.append(f"{text[:60]!r} for {path[:20]}: {'read' if read else 'not read'}")
    if slowest > 2:
        bad.append(f"one took {slowest:.1f} CPU s")
    return Row("rules in robots.txt", len(RULES), len(bad), "; ".join(bad[:3]) or f"at most {slowest:.2f} CPU s")


def _allowed(made: Fetcher, url: str) -> bool:
    try:
        made.get(url, allow_private=True, pace_seconds=0)
    except FetchFailed as failed:
        if failed.kind != "robots":
            raise
        return False
    return True


# What Crawl-delay says, and the seconds between two requests with a pace of 2; None: the second is left for later.
DELAYS: tuple[tuple[str, float | None], ...] = (
    ("5", 5), ("0.5", 2), ("1.9", 2), ("60", 60), ("61", None), ("86400", None), ("1e9", None), ("inf", 2),
    ("nan", 2), ("-5", 2), ("", 2), ("soon", 2), ("5s", 2), ("0x10", 2), ("٥", 5), ("9" * 400, 2),
)  # fmt: skip


def _crawl_delays() -> Row:
    bad = []
    for written, gap in DELAYS:
        clock = Clock()
        text = f"User-agent: *\nCrawl-delay: {written}\nDisallow:".encode()
        with pages({"/a": reply(), "/b": reply()}, robots=reply(text)) as site, fetcher(clock) as made:
            waited = []
            for path in ("/a", "/b"):
                before = clock.seconds
                try:
                    made.get(f"{site.base}{path}", allow_private=True, pace_seconds=2)
                    waited.append(clock.seconds - before)
                except FetchFailed as failed:
                    waited.append(failed.kind)
        if gap is None:
            right = waited[-1] == "busy" and len(site.paths()) < 2
        else:
            right = waited[-1] == gap or (written == "٥" and waited[-1] == 2)
        if not right:
            bad.append(f"Crawl-delay: {written[:20]}: {waited}")
    return Row("Crawl-delay, in every form", len(DELAYS), len(bad), "; ".join(bad[:3]) or "kept, or left for later")


# What Retry-After says, and after how many seconds we ask again.
PAUSES: tuple[tuple[str | None, float], ...] = (
    ("120", 120), ("7", 7), ("1.5", 1.5), (DATE, 1800), ("Mon, 02 Mar 2026 10:30:00 +0100", 1800),
    ("Monday, 02-Mar-26 09:30:00 GMT", 1800), ("Mon Mar  2 09:30:00 2026", 1800), (None, 600), ("", 600), ("0", 600),
    ("-60", 600), ("soon", 600), ("1e9", 600), ("Mon, 02 Mar 2015 09:30:00 GMT", 600), ("315360000", 86400),
    ("9" * 500, 600), ("Fri, 31 Dec 9999 23:59:59 GMT", 86400), ("120, 240", 600), ("NaN", 600),
)  # fmt: skip


def _busy_hosts(quick: bool) -> Row:
    bad = []
    cases = [(status, pause) for status in ("429 Slow", "503 Busy") for pause in PAUSES]
    cases = cases[::3] if quick else cases
    for status, (written, seconds) in cases:
        clock = Clock()
        busy = reply(b"", status, **({} if written is None else {"Retry_After": written}))
        with pages({"/a": busy, "/b": reply()}) as site, fetcher(clock) as made:
            for path, at in (("/a", 0.0), ("/b", seconds - 6), ("/b", seconds)):
                clock.seconds = max(clock.seconds, at)
                with suppress(FetchFailed):
                    made.get(f"{site.base}{path}", allow_private=True, pace_seconds=0)
                if path == "/b" and at == seconds - 6 and seconds > 12 and "/b" in site.paths():
                    bad.append(f"{status}, Retry-After {str(written)[:30]}: asked again after {clock.seconds:g} s")
                    break
            if "/b" not in site.paths():
                bad.append(f"{status}, Retry-After {str(written)[:30]}: not asked after {seconds:g} s")
    return Row("busy hosts, in every form", len(cases), len(bad), "; ".join(bad[:3]) or "none asked before its time")


# ---------------------------------------------------------------- passwords


def _secrets(quick: bool) -> Row:
    """A password for one scheme, host and port, and a redirect to every change of these, http and https."""
    import trustme

    authority = trustme.CA()
    statuses = ("302 Found",) if quick else ("301 Moved", "302 Found", "303 Other", "307 Same", "308 Same")
    bad, tried, stayed = [], 0, 0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        bundle = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(str(bundle))
        servers: dict[str, Raw] = {}
        for scheme in ("http", "https", "http2", "https2"):
            heads = _Heads()
            hosts = ("news.example", "other.example")
            made = Secure(authority, heads.answer, hosts) if "https" in scheme else Raw(heads.answer)
            servers[scheme] = stack.enter_context(made)
            servers[scheme].heads = heads
        for status in statuses:
            for start, goal, change in _steps(servers):
                tried += 1
                for server in servers.values():
                    server.heads.seen.clear()
                    server.heads.moves = {"/start": (status, goal)}
                with _public(Clock(), outgoing=Outgoing(ca_bundle=str(bundle))) as made, suppress(FetchFailed):
                    made.get(start.replace("://", "://jo:secret@"), pace_seconds=0)
                heads = [row for server in servers.values() for row in server.heads.seen]
                followed = ["secret" in head or "am86c2VjcmV0" in head for path, head in heads if path == "/goal"]
                if not followed:
                    bad.append(f"{status} {change}: never got there")
                elif any(followed) != (change == "none"):
                    bad.append(f"{status} {change}: {'sent' if any(followed) else 'not sent'}")
                stayed += not any(followed)
    detail = "; ".join(bad[:3]) or f"sent on where nothing changed, left at home {stayed} times"
    return Row("passwords at a redirect", tried, len(bad), detail)


class _Heads:
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.moves: dict[str, tuple[str, str]] = {}

    def answer(self, path: str, connection, head: bytes) -> None:
        self.seen.append((path, head.decode("latin-1")))
        status, goal = self.moves.get(path, ("200 OK", ""))
        connection.sendall(reply(b"", status, Location=goal) if goal else reply())


def _steps(servers: dict[str, Raw]) -> Iterator[tuple[str, str, str]]:
    for scheme, other in (("http", "https"), ("https", "http")):
        port, second, elsewhere = (servers[name].port for name in (scheme, f"{scheme}2", other))
        start = f"{scheme}://news.example:{port}/start"
        yield start, "/goal", "none"
        yield start, f"{scheme}://NEWS.example:{port}/goal", "none"
        yield start, f"{scheme}://other.example:{port}/goal", "host"
        yield start, f"//other.example:{port}/goal", "host"
        yield start, f"{scheme}://eve:x@other.example:{port}/goal", "host"
        yield start, f"{scheme}://news.example:{second}/goal", "port"
        yield start, f"{other}://news.example:{elsewhere}/goal", "scheme"
        yield start, f"{other}://other.example:{elsewhere}/goal", "scheme and host"
