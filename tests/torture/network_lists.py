"""Hostile lists: feeds, sitemaps, JSON, list pages, page-turners, OPML. What they cost, and what is still read."""

from __future__ import annotations

import gzip
import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from cuttings.edges.discover.discover import MOST_ENTRIES
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.govuk import read_govuk
from cuttings.edges.discover.guess import guess_selector
from cuttings.edges.discover.hints import read_hints
from cuttings.edges.discover.lists import Selectors, read_list
from cuttings.edges.discover.opml import read_opml
from cuttings.edges.discover.sitemaps import read_sitemap
from cuttings.edges.discover.sorting import newest, sorted_out
from cuttings.edges.discover.turner import read_turner
from cuttings.edges.discover.values import Listing
from cuttings.edges.discover.wordpress import read_posts
from cuttings.settings import Source
from tests.torture.rows import Row

MOST_SECONDS = 2.0
MOST_BYTES = 300_000_000
URL = "https://n.example/feed/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOURCE = Source(id="x", name="X", url=URL)

ITEM = "<item><title>A story</title><link>https://n.example/a{}</link><pubDate>{}</pubDate></item>"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>{}]>".format(
    "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/passwd'><!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;]>"


def feed(inside: str, before: str = "") -> bytes:
    return f"<?xml version='1.0'?>{before}<rss version='2.0'><channel>{inside}</channel></rss>".encode()


def sitemap(inside: str, before: str = "") -> bytes:
    return f"<?xml version='1.0'?>{before}<urlset>{inside}</urlset>".encode()


def xml(make: Callable[..., bytes], row: str) -> dict[str, tuple[bytes, int]]:
    """Bodies by what is wrong with them, and the fewest entries that must still be read."""
    whole = row.format(1, "Mon, 02 Mar 2026 09:00:00 GMT")
    return {
        "a billion laughs": (make(whole + "<title>&j;</title>" + row.format("&j;", "&j;"), LAUGHS), 1),
        "an entity of a file": (make(whole + row.format("&j;", ""), OUTSIDE), 1),
        "100,000 entries": (make("".join(row.format(n, "2026-03-01") for n in range(100_000))), 1000),
        "the year 9999": (make(row.format(1, "Fri, 31 Dec 9999 23:59:59 GMT")), 1),
        "the year 0": (make(row.format(1, "0000-00-00T00:00:00Z")), 1),
        "the year 10**9": (make(row.format(1, "1000000000-01-01")), 1),
        "100,000 tags deep": (make(whole + "<a>" * 100_000), 1),
        "100,000 tags deep, closed": (make(whole + "<a>" * 100_000 + "</a>" * 100_000), 1),
        "100,000 attributes": (make(whole + "<a" + "".join(map(" a{}=''".format, range(100_000))) + "/>"), 0),
        "a title of 10 MB": (make(whole + row.format("x" * 10_000_000, "")), 1),
        "10 MB of '<'": (make(whole + "<" * 10_000_000), 0),
        "10 MB of '<a '": (make(whole + "<a " * 3_300_000), 0),
        "a comment without end": (make(whole + "<!--" + "-" * 5_000_000), 1),
        "CDATA without end": (make(whole + "<![CDATA[" + "]" * 5_000_000), 1),
        "a million processing instructions": (make(whole + "<?a?>" * 1_000_000), 1),
        "a million namespaces": (make(whole + "".join(f"<a xmlns:n{n}='u'/>" for n in range(100_000))), 1),
        "NULs": (make(whole).replace(b"A story", b"A\x00story"), 0),
        "cut in the middle": (make(whole * 50)[:2000], 1),
        "UTF-16": (make(whole).decode().encode("utf-16"), 0),
        "UTF-7": (b"<?xml version='1.0' encoding='utf-7'?>" + make(whole)[21:], 0),
        "no such encoding": (make(whole).replace(b"version='1.0'?", b"version='1.0' encoding='klingon'?"), 0),
        "nothing": (b"", 0),
        "a page": (b"<!doctype html><html><body><p>moved</p></body></html>", 0),
    }


def json_bodies() -> dict[str, tuple[bytes, int]]:
    items = [{"url": f"https://n.example/{n}", "title": "x"} for n in range(100_000)]
    return {
        "100,000 items": (json.dumps({"items": items}).encode(), 1000),
        "deep lists": (b'{"items":' + b"[" * 1_000_000, 0),
        "deep objects": (b'{"items":[' + b'{"a":' * 500_000, 0),
        "a number of 5,000 digits": (b'{"items":[' + b"9" * 5000 + b"]}", 0),
        "a number of 10 MB": (b'{"items":[' + b"9" * 10_000_000 + b"]}", 0),
        "a string of 10 MB": (b'{"items":[{"url":"https://n.example/' + b"a" * 10_000_000 + b'"}]}', 0),
        "every type but the right one": (json.dumps({"items": [1, None, [], {}, {"url": 7}, {"url": {}}]}).encode(), 0),
        "NaN and infinity": (b'{"items":[NaN, Infinity, -Infinity]}', 0),
        "halves of letters": (b'{"items":[{"url":"https://n.example/\\ud800","title":"\\udfff"}]}', 0),
    }


def page_bodies() -> dict[str, tuple[bytes, int]]:
    row = b"<li><h2><a href=/story-%d>A story of some length, no %d</a></h2><time datetime=2026-01-01></time></li>"
    return {
        "25,000 teasers": (b"<ul>" + b"".join(row % (n, n) for n in range(25_000)), 2000),
        "100,000 links in a row": (b"<a href=/x>x</a>" * 100_000, 2000),
        "100,000 links, none closed": (b"<a href=/x>" * 100_000, 2000),
        "100,000 tags deep": (b"<div>" * 100_000 + b"<a href=/x>x</a>", 0),
        "deep, with links": (b"<div><a href=/x>a long enough title</a>" * 50_000, 2000),
        "deep tables": (b"<table><tr><td><a href=/x>x</a>" * 50_000, 1),
        "misnested": (b"<a href=/1><b><i><u>" * 30_000 + b"<p>x" * 30_000, 1),
        "100,000 attributes": (b"<a " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b" href=/x>x</a>", 0),
        "2 MB of '<'": (b"<" * 2_000_000, 0),
        "2 MB of '<a '": (b"<a " * 660_000, 0),
        "a title of 2 MB": (b"<a href=/x>" + b"x " * 1_000_000, 1),
        "an attribute without end": (b"<a href='" + b"x" * 1_900_000, 0),
        "comments without end": (b"<!--" * 400_000, 0),
        "entities without end": (b"&amp" * 400_000, 0),
        "UTF-16": (("<a href=/x>x</a>" * 60_000).encode("utf-16"), 1),
        "a script of 2 MB": (b"<script>" + b"<a href=/x>" * 180_000, 0),
    }


def opml_bodies() -> dict[str, tuple[bytes, int]]:
    row = "<outline text='A {}' xmlUrl='https://n.example/{}/feed'/>"

    def opml(inside: str, before: str = "") -> bytes:
        return f"<?xml version='1.0'?>{before}<opml><body>{inside}</body></opml>".encode()

    return {
        "a billion laughs": (opml(row.format("&j;", 1), LAUGHS), 0),
        "an entity of a file": (opml(row.format("x", 1) + "<outline text='&j;'/>", OUTSIDE), 1),
        "50,000 feeds": (opml("".join(row.format(n, n) for n in range(50_000))), 500),
        "100,000 folders deep": (opml(row.format(0, 0) + "<outline text='x'>" * 100_000), 1),
        "another kind of link": (opml("<outline text='x' xmlUrl='javascript:alert(1)'/>" + row.format(1, 1)), 1),
        "a name with line ends": (opml("<outline text='a&#10;[[source]]&#10;b' xmlUrl='https://n.example/f'/>"), 1),
        "nothing": (b"", 0),
        "a feed": (feed(""), 0),
    }


def rows(quick: bool) -> Iterator[Row]:
    selectors = Selectors(("ul.none li a", "a"), "a.next")
    sitemap_row = "<url><loc>https://n.example/a{}</loc><lastmod>{}</lastmod></url>"
    atom_row = "<entry><title>A</title><link href='https://n.example/a{}'/><updated>{}</updated></entry>"

    def of_page(body: bytes) -> int:
        read_turner(body, "text/html", "https://n.example/1.htm")
        read_hints(body, "text/html", URL)
        guess_selector(body, "text/html", URL)
        return 0

    kinds: tuple[tuple[str, dict[str, tuple[bytes, int]], Callable[[bytes], int]], ...] = (
        ("RSS", xml(feed, ITEM), lambda body: _entries(read_feed(body, URL))),
        ("Atom", xml(_atom, atom_row), lambda body: _entries(read_feed(body, URL))),
        ("sitemaps", xml(sitemap, sitemap_row), lambda body: _entries(read_sitemap(body))),
        ("packed sitemaps", _packed(xml(sitemap, sitemap_row)), lambda body: _entries(read_sitemap(body))),
        ("JSON feeds", json_bodies(), lambda body: _entries(read_feed(body, URL))),
        ("WordPress answers", json_bodies(), lambda body: _entries(read_posts(body))),
        ("GOV.UK answers", json_bodies(), lambda body: _entries(read_govuk(body, URL))),
        ("list pages", page_bodies(), lambda body: _entries(read_list(body, "text/html", URL, selectors))),
        ("page-turners, hints, guesses", page_bodies(), of_page),
        ("OPML", opml_bodies(), lambda body: len(read_opml(body).feeds)),
    )
    for name, bodies, read in kinds:
        floors = name not in {"WordPress answers", "GOV.UK answers", "page-turners, hints, guesses"}
        chosen = dict(list(bodies.items())[:: 10 if quick else 1])
        yield _measured(name, chosen, read, floors)
    yield _damaged(300 if quick else 5000)


def _atom(inside: str, before: str = "") -> bytes:
    return f"<?xml version='1.0'?>{before}<feed xmlns='http://www.w3.org/2005/Atom'>{inside}</feed>".encode()


def _packed(bodies: dict[str, tuple[bytes, int]]) -> dict[str, tuple[bytes, int]]:
    chosen = ("100,000 entries", "10 MB of '<'", "a title of 10 MB", "100,000 tags deep")
    return {name: (gzip.compress(bodies[name][0], 1), bodies[name][1]) for name in chosen}


def _entries(listing: Listing) -> int:
    """How many entries; sorted, as a run does, so that what they say of themselves is looked at too."""
    entries = newest(listing.entries, MOST_ENTRIES)
    found = sorted_out(entries, SOURCE, now=NOW, why="", base=URL)
    if len(found.found) + len(found.known) + len(found.set_aside) != len(entries):
        raise AssertionError("an entry was lost")
    return len(listing.entries)


def _measured(name: str, bodies: dict[str, tuple[bytes, int]], read: Callable[[bytes], int], floors: bool) -> Row:
    bad: list[str] = []
    slowest, worst = 0.0, ""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, (body, fewest) in bodies.items():
        most = MOST_SECONDS * (3 if name.startswith("page-turners") else 1)  # three readers, one after the other
        try:
            count, seconds = _timed(read, body)
            if seconds > most:  # two programs on one core slow each other's seconds down too: asked once more
                seconds = min(seconds, _timed(read, body)[1])
        except Exception as error:  # the point of the row: a listing or its fault, and no exception
            bad.append(f"{what}: {type(error).__name__}: {str(error)[:80]}")
            continue
        if seconds > slowest:
            slowest, worst = seconds, what
        if seconds > most:
            bad.append(f"{what}: {seconds:.1f} CPU s")
        elif floors and count < fewest:
            bad.append(f"{what}: {count} entries, of at least {fewest}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024
    if grown > MOST_BYTES:
        bad.append(f"{grown / 1e6:.0f} MB for all together")
    detail = "; ".join(bad[:3]) or f"at most {slowest:.2f} CPU s ({worst}), {grown / 1e6:.0f} MB more"
    return Row(f"hostile {name}", len(bodies), len(bad), detail)


def _timed(read: Callable[[bytes], int], body: bytes) -> tuple[int, float]:
    """What is read, and the CPU seconds of this thread: a server of the row before may still be at work in another."""
    began = time.thread_time()
    count = read(body)
    return count, time.thread_time() - began


def _damaged(count: int) -> Row:
    """Sound lists with bytes cut out, flipped and doubled at random: read or refused, and never an exception."""
    chance = random.Random(11)
    sound: tuple[tuple[bytes, Callable[[bytes], object]], ...] = (
        (feed("".join(ITEM.format(n, "2026-03-01") for n in range(20))), lambda b: _entries(read_feed(b, URL))),
        (sitemap("<url><loc>https://n.example/a</loc></url>" * 20), lambda b: _entries(read_sitemap(b))),
        (b'{"items":[{"url":"https://n.example/a","title":"x"}]}', lambda b: _entries(read_feed(b, URL))),
        (b"<ul>" + b"<li><a href=/a>A story</a>, 4 June 2026</li>" * 20,
         lambda b: _entries(read_list(b, "text/html", URL, Selectors(("a",))))),
        (b"<opml><body><outline text='a' xmlUrl='https://n.example/f'/></body></opml>", read_opml),
    )  # fmt: skip
    bad: list[str] = []
    began = time.process_time()
    for n in range(count):
        body, read = sound[n % len(sound)]
        damaged = bytearray(body)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(damaged))
            match chance.randrange(3):
                case 0:
                    damaged[at] = chance.randrange(256)
                case 1:
                    del damaged[at : at + chance.randint(1, 40)]
                case _:
                    damaged[at:at] = damaged[at : at + 40] * chance.randint(1, 20)
            damaged = damaged or bytearray(b"<")
        try:
            read(bytes(damaged))
        except Exception as error:
            bad.append(f"{bytes(damaged)[:60]!r}: {type(error).__name__}: {error}")
    detail = "; ".join(bad[:2]) or f"{(time.process_time() - began) / count * 1000:.1f} ms each"
    return Row("damaged lists", count, len(bad), detail)
