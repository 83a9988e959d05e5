"""Private addresses in every spelling, by every way that leads there: nothing is ever dialled but the public stand-in.

The public address 93.184.216.34 is led to loopback by a back door of the dialler; a canary listens on loopback and
counts who comes in; and every dial of another address is counted, whether or not anybody listens there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from cuttings.edges.discover import discover
from cuttings.edges.fetch import Fetched, Fetcher, FetchFailed, guard
from cuttings.edges.fetch.outgoing import numeric
from cuttings.settings import Source
from tests.edges_net.servers import ROBOTS_404, Clock, Raw, reply, says
from tests.torture.rows import Row

PUBLIC = "93.184.216.34"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

FORMS = (
    # Loopback, as one may write it
    "127.0.0.1", "127.1", "127.0.1", "127.127.127.127", "127.255.255.254", "2130706433", "0x7f000001", "0x7F000001",
    "0x7f.1", "0x7f.0.0.0x1", "0177.0.0.1", "0177.1", "017700000001", "127.0.0.1.", "localhost", "LOCALHOST",
    "localhost.", "0", "0.0.0.0", "0x0", "00.0.0.0", "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "１２７.0.0.1", "①②⑦.0.0.1",
    "127。0。0。1", "127．0．0．1", "ⓛocalhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[::1%25lo]",
    # Private networks
    "10.0.0.1", "10.255.255.255", "0xa.1", "167772161", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.1", "3232235777", "0xc0a80101", "100.64.0.1", "192.0.0.8", "198.18.0.1", "192.0.2.5", "203.0.113.9",
    "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]",
    "[2002:c0a8:101::1]", "[2001:db8::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[100::1]",
    # Where clouds keep their keys, and what is no host at all
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]", "[fe80::1]",
    "[fe80::1%25eth0]", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "[ff02::1]",
)  # fmt: skip


class Watch:
    """One net: who resolves to what, what was dialled, and whether the canary was reached."""

    def __init__(self) -> None:
        self.canary = says(reply(b"<p>the inner page</p>"), robots=None)
        self.dialled: list[str] = []
        self.names: dict[str, list[list[str]]] = {}  # the answers of a name, one after the other; the last stays

    def resolve(self, host: str, port: int):
        if not host.endswith(".example"):
            return guard.resolve(host, port)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, port: int, timeout: float):
        if address == PUBLIC:
            return guard.dial("127.0.0.1", port, timeout)
        self.dialled.append(address)
        if address.startswith("127."):
            return guard.dial(address, port, timeout)
        raise OSError("the torture dials nobody else")

    @property
    def touched(self) -> int:
        return self.canary.connections + len(self.dialled)

    def fetcher(self) -> Fetcher:
        clock = Clock()
        return Fetcher(
            "policy@council.example", deadline=3, connect_seconds=2, clock=clock, sleep=clock.sleep, now=clock.now,
            resolver=self.resolve, dial=self.dial,
        )  # fmt: skip


REFUSALS = frozenset({"refused-address", "bad-address", "redirect", "dns"})
Way = Callable[[Watch, str, str], list[str]]  # (net, the form, a name that leads to it) -> what was read


def direct(net: Watch, form: str, name: str) -> list[str]:
    return [_got(net, f"http://{host}:{net.canary.port}/") for host in (form, name)]


def by_redirect(net: Watch, form: str, name: str) -> list[str]:
    read = []
    for host in (form, name):
        landing = reply(b"", "302 Found", Location=f"http://{host}:{net.canary.port}/")
        with says(landing) as site:
            read.append(_got(net, f"http://news.example:{site.port}/"))
    return read


def by_robots(net: Watch, form: str, name: str) -> list[str]:
    read = []
    for host in (form, name):
        moved = reply(b"", "301 Moved", Location=f"http://{host}:{net.canary.port}/robots.txt")
        with says(reply(b"", "404 Gone"), robots=moved) as site:
            read.append(_got(net, f"http://news.example:{site.port}/"))
    return read


def by_rebinding(net: Watch, _form: str, name: str) -> list[str]:
    turncoat = f"turncoat{len(net.names)}.example"
    net.names[turncoat] = [[PUBLIC], net.names[name][0]]
    with says(reply(b"", "404 Gone")) as site:  # the public half answers for robots.txt alone
        return [_got(net, f"http://{turncoat}:{site.port}/")]


def by_feed(net: Watch, form: str, name: str) -> list[str]:
    links = "".join(f"<item><link>{link}</link></item>" for link in _links(net, form, name))
    return _through(net, "feed", f"<rss><channel>{links}</channel></rss>".encode())


def by_sitemap(net: Watch, form: str, name: str) -> list[str]:
    more = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in _links(net, form, name))
    return _through(net, "sitemap", f"<sitemapindex>{more}</sitemapindex>".encode())


def by_rest(net: Watch, form: str, name: str) -> list[str]:
    posts = [{"link": link, "title": {"rendered": "x"}} for link in _links(net, form, name)]
    return _through(net, "wordpress", json.dumps(posts).encode())


def by_list(net: Watch, form: str, name: str) -> list[str]:
    links = "".join(f'<a href="{link}">a</a>' for link in _links(net, form, name))
    following = f'<a class="next" href="http://{name}:{net.canary.port}/2">more</a>'
    return _through(net, "list", f"<html><body>{links}{following}</body></html>".encode())


def _links(net: Watch, form: str, name: str) -> list[str]:
    return [f"http://{host}:{net.canary.port}/inside" for host in (form, name)]


def _through(net: Watch, method: str, listing: bytes) -> list[str]:
    """Discover by a listing and read all that it found, as a run does."""
    with Raw(lambda _path, connection, _head: connection.sendall(reply(listing)), robots=ROBOTS_404) as site:
        url = f"http://news.example:{site.port}/list"
        source = Source(id="x", name="X", method=method, url=url, selector="a", next_selector=".next", pace_seconds=0)
        with net.fetcher() as fetcher:
            get = fetcher.bound_to(source)
            try:
                found = discover(source, get, now=NOW)
            except FetchFailed as failed:
                return [failed.kind]
            return [failure.kind for failure in found.failures] + [_read(get, item.url) for item in found.found]


def _got(net: Watch, url: str) -> str:
    with net.fetcher() as fetcher:
        return _read(lambda address: fetcher.get(address, pace_seconds=0), url)


def _read(get, url: str) -> str:
    try:
        answer = get(url)
    except FetchFailed as failed:
        return failed.kind
    return f"read: {answer.page.body[:40]!r}" if isinstance(answer, Fetched) else "not modified"


WAYS: tuple[tuple[str, Way], ...] = (
    ("direct", direct),
    ("redirect", by_redirect),
    ("robots.txt", by_robots),
    ("rebinding", by_rebinding),
    ("feed", by_feed),
    ("sitemap", by_sitemap),
    ("WordPress REST", by_rest),
    ("list page", by_list),
)


def rows(quick: bool) -> Iterator[Row]:
    forms = FORMS[::6] if quick else FORMS
    for way, walk in WAYS:
        net = Watch()
        bad: list[str] = []
        with net.canary:
            for n, form in enumerate(forms):
                name = f"f{n}.news.example"
                net.names[name] = [[numeric(form) or "127.0.0.1"]]
                before = net.touched
                became = walk(net, form, name)
                # Every way must have ended at the guard: one that led nowhere would prove nothing.
                if net.touched != before or not any(kind in REFUSALS for kind in became):
                    bad.append(f"{form}: dialled {net.dialled[-1:]}, {became}")
            detail = "; ".join(bad[:3]) or f"the canary counted {net.canary.connections} connections"
            yield Row(f"private addresses, {way}", len(forms), len(bad), detail)
    yield _back_door()


def _back_door() -> Row:
    """That the canary can be reached at all: else all the above would prove nothing."""
    net = Watch()
    with net.canary:
        read = _got(net, f"http://news.example:{net.canary.port}/")
        return Row("the public stand-in is read", 1, int(not read.startswith("read")), read)
