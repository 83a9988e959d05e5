"""Lists page by page, GOV.UK, OPML, proposals for new sites, and what is left out with its count."""

import json
import zlib
from contextlib import suppress
from datetime import timedelta

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.addresses import canonical
from cuttings.edges.discover import discover
from cuttings.edges.discover.blocks import block, identifier
from cuttings.edges.discover.dates import written
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.guess import guess_selector
from cuttings.edges.discover.lists import Selectors, read_list
from cuttings.edges.discover.opml import read_opml
from cuttings.edges.discover.probe import Probe
from cuttings.edges.fetch import Fetched
from cuttings.edges.fetch.decode import Incomplete, TooLarge, Undecodable, decoded
from cuttings.model import Page
from tests.edges_net.test_discover import NOW, SITE, FakeSite, run, source, urls
from tests.edges_net.test_discover_read import item, rss

LIST = f"{SITE}/results?page={{page}}"


def rows(*numbers, day=1):
    return b"".join(b"<li><a href=/d%d>Decision %d</a> %d February 2026</li>" % (n, n, day) for n in numbers)


def numbered(**kwargs):
    return source("list", LIST, selector="li a", **kwargs)


def list_pages(*pages):
    return {f"{SITE}/results?page={n}": body for n, body in enumerate(pages, 1)}


def test_a_list_is_read_page_by_page_until_nothing_is_new():
    table = list_pages(rows(1, 2), rows(3, 4), rows(4), rows(5))
    result, asked = run(table, numbered())
    assert urls(result.found) == ["/d1", "/d2", "/d3", "/d4"]
    assert len(asked) == 3
    assert result.found[0].published == "2026-02-01"


def test_a_page_past_the_end_ends_the_list():
    for end in ("missing", b"<p>No results</p>"):
        result, _ = run(list_pages(rows(1), rows(2), end), numbered())
        assert urls(result.found) == ["/d1", "/d2"]
        assert not result.failures


def test_a_page_that_fails_is_told():
    result, _ = run(list_pages(rows(1), "connect"), numbered())
    assert urls(result.found) == ["/d1"]
    assert [failure.kind for failure in result.failures] == ["connect"]


def test_known_pages_end_the_walk_and_so_does_the_cap():
    table = list_pages(*(rows(n * 2, n * 2 + 1) for n in range(1, 30)))
    _, asked = run(table, numbered(), known={canonical(f"{SITE}/d{n}") for n in range(100)}, last_contact=NOW)
    assert len(asked) == 1
    _, asked = run(table, numbered(most_at_first=6))
    assert len(asked) == 3
    result, asked = run(table, numbered(most_pages=4))
    assert len(asked) == 4
    assert result.notes == ("Only the first 4 pages of the list were looked at (most_pages).",)


def test_what_is_dated_long_ago_and_put_up_today_is_new():
    result, _ = run(list_pages(rows(1, day=3), "missing"), numbered(), last_contact=NOW - timedelta(hours=1))
    assert urls(result.found) == ["/d1"]


def test_the_next_page_by_its_link():
    table = {
        f"{SITE}/news": rows(1) + b"<p class=next><a href='?page=2'>Older</a></p>",
        f"{SITE}/news?page=2": rows(2) + b"<a class=next href='?page=2'>Older</a>",
    }
    result, asked = run(table, source("list", f"{SITE}/news", selector="li a", next_selector=".next"))
    assert urls(result.found) == ["/d1", "/d2"]
    assert asked == [f"{SITE}/news", f"{SITE}/news?page=2"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/r?fd={since}&td={today}", "/r?fd=2026-01-31&td=2026-03-02"),
        ("/r?from={since:%d/%m/%Y}", "/r?from=31/01/2026"),
        ("/r?page={page0}", "/r?page=0"),
        ("/r?q={{x}}", "/r?q={x}"),
    ],
)
def test_placeholders(url, asked):
    found = []

    def get(address, **_):
        found.append(address)
        return Fetched(Page(url=address, body=rows(1)), address)

    discover(source("list", f"{SITE}{url}", selector="li a", most_pages=1), get, now=NOW)
    assert found == [f"{SITE}{asked}"]


@pytest.mark.parametrize("url", ["/r?{nobody}", "/r?{page.__class__.x}", "/r?{0}", "/r?{", "/r?{page:zz}"])
def test_a_placeholder_that_is_none(url):
    with pytest.raises(ValueError, match="placeholder"):
        source("list", f"{SITE}{url}", selector="a")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Decided on 4 March 2026", "2026-03-04"),
        ("Wednesday, 4th March, 2026 10.00 am", "2026-03-04"),
        ("Mar 4, 2026", "2026-03-04"),
        ("04/03/2026", "2026-03-04"),
        ("posted 2026-03-04 by x", "2026-03-04"),
        ("31 February 2026, then 4 March 2026", None),
        ("40/13/2026", None),
        ("no day at all", None),
        (None, None),
    ],
)
def test_days_as_lists_write_them(text, day):
    assert written(text) == day


# ---------------------------------------------------------------- GOV.UK

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Charging</title>
<link href="https://www.gov.uk/guidance/charging"/><updated>2026-03-01T09:00:00Z</updated></entry>
<entry><title>A file</title><link href="https://www.gov.uk/media/x.csv"/></entry></feed>"""


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/search/guidance-and-regulation?topics[]=x", "/search/guidance-and-regulation.atom?topics[]=x"),
        ("/search/all.atom?keywords=care", "/search/all.atom?keywords=care"),
        ("/government/organisations/cqc", "/government/organisations/cqc.atom"),
    ],
)
def test_a_finder_is_read_by_its_feed_and_its_pages_by_the_content_api(url, asked):
    given = source("govuk", f"https://www.gov.uk{url}")
    result, addresses = run({f"https://www.gov.uk{asked.partition('?')[0]}": ATOM}, given)
    assert addresses[0].replace("%5B%5D", "[]") == f"https://www.gov.uk{asked}"
    assert [f.url for f in result.found] == ["https://www.gov.uk/api/content/guidance/charging"]
    assert result.found[0].key == canonical("https://www.gov.uk/guidance/charging")
    assert result.set_aside == (("https://www.gov.uk/media/x.csv", "no page that the content API knows"),)


def test_a_collection_and_a_search_answer_are_lists_too():
    documents = [{"base_path": "/guidance/a", "title": "A", "public_updated_at": "2026-02-01T00:00:00Z"}]
    collection = json.dumps({"links": {"documents": documents}}).encode()
    given = source("govuk", "https://www.gov.uk/government/collections/care")
    result, asked = run({"https://www.gov.uk/api/content/government/collections/care": collection}, given)
    assert [f.url for f in result.found] == ["https://www.gov.uk/api/content/guidance/a"]
    assert len(asked) == 1
    search = json.dumps({"results": [{"link": "/guidance/b", "title": "B"}, 7]}).encode()
    result, _ = run(
        {"https://www.gov.uk/api/search.json": search}, source("govuk", "https://www.gov.uk/api/search.json")
    )
    assert [f.title for f in result.found] == ["B"]


# ---------------------------------------------------------------- left out, and counted


def test_what_was_too_much_is_counted():
    body = rss(*(item(link=f"{SITE}/{n}") for n in range(1200)))
    result, _ = run({f"{SITE}/feed/": body}, source(most_at_first=50))
    assert (len(result.found), result.overflow) == (50, 200)
    assert result.listed == 1200
    assert result.notes == ()  # it is counted, which is said once
    assert {why for _, why in result.set_aside} == {"more than 50 addresses at once"}


def test_a_feed_that_breaks_feedparser_is_read_all_the_same(monkeypatch):
    def broken(*_args, **_kwargs):
        raise KeyError("links")

    monkeypatch.setattr("feedparser.parse", broken)
    entries = read_feed(rss(item()), f"{SITE}/feed/").entries
    assert [(e.link, e.title, e.published) for e in entries] == [(f"{SITE}/a", "A story", "2013-06-25T09:15:00+01:00")]


# ---------------------------------------------------------------- OPML


def test_folders_are_opened_and_nothing_is_named_twice():
    body = b"""<opml><body><outline text="Care"><outline text="A" xmlUrl="https://a.example/f" htmlUrl="https://a.example"/>
    <outline title="B" xmlUrl="feed://b.example/rss"/><outline text="A2" xmlUrl="https://a.example/f"/>
    <outline text="C" xmlUrl="ftp://c.example"/><outline text="D" htmlUrl="https://d.example"/></outline></body></opml>"""
    found = read_opml(body)
    assert [(f.name, f.url) for f in found.feeds] == [("A", "https://a.example/f"), ("B", "https://b.example/rss")]
    assert [why for _, why in found.set_aside] == ["named twice", "its feed is no web address", "a link without a feed"]


@given(st.binary(max_size=300))
def test_no_opml_is_beyond_reading(body):
    read_opml(body)
    read_opml(b"<opml><body><outline xmlUrl='https://n.example/f'/>" + body)


# ---------------------------------------------------------------- a block for a new site


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_block_is_toml_whatever_a_site_calls_itself(name, more):
    import tomllib

    text = block({"id": identifier(name, SITE), "name": name, "selector": [more], "family": None})
    (read,) = tomllib.loads(text)["source"]
    replaced = name.encode("utf-8", "replace").decode()
    assert read["name"] == replaced
    assert "family" not in read


def test_ids_do_not_collide():
    assert identifier("The Care Ledger", SITE) == "care-ledger"
    assert identifier("", "https://www.n.example/") == "n-example"
    assert identifier("Care Ledger", SITE, {"care-ledger", "care-ledger-2"}) == "care-ledger-3"


NAMES_A_FEED = b"<link rel=alternate type=application/rss+xml href=/f>"
TEASERS = b"<nav><a href=/about>About this long organisation</a></nav><main>" + b"".join(
    b"<div class='teaser x'><h3><a href=/news/%d>A headline of a fair length, %d</a></h3><a href=/n/%d>More</a></div>"
    % (n, n, n)
    for n in range(6)
)


def test_a_selector_is_guessed_and_picks_the_headlines():
    selector = guess_selector(TEASERS, "text/html", SITE)
    assert selector == "div.teaser h3 a"
    assert len(read_list(TEASERS, "text/html", SITE, Selectors((selector,))).entries) == 6
    assert guess_selector(b"<p>words</p>", "text/html", SITE) is None


@pytest.mark.parametrize(
    ("table", "method", "url"),
    [
        ({f"{SITE}/x": NAMES_A_FEED, f"{SITE}/f": rss(item())}, "feed", "/f"),
        ({f"{SITE}/x": b"<p>w</p>", f"{SITE}/rss.xml": rss(item())}, "feed", "/rss.xml"),
        ({f"{SITE}/x": rss(item())}, "feed", "/x"),
        ({f"{SITE}/x": TEASERS}, "list", "/x"),
        ({f"{SITE}/x": b"<p>w</p>", f"{SITE}/": TEASERS}, "list", "/"),
        ({f"{SITE}/x": b"<p>w</p>", f"{SITE}/sitemap.xml": b"<urlset><url><loc>https://n.example/a</loc></url></urlset>"},
         "sitemap", "/sitemap.xml"),
    ],
)  # fmt: skip
def test_the_best_way_in_is_proposed(table, method, url):
    get = FakeSite(table)
    way = Probe(get(f"{SITE}/x"), get, NOW).propose(article=False)
    assert (way.method, way.url) == (method, f"{SITE}{url}")


def test_where_there_is_no_way_in_it_is_said_what_was_tried():
    get = FakeSite({f"{SITE}/x": b"<p>w</p>"})
    probe = Probe(get(f"{SITE}/x"), get, NOW)
    assert probe.propose(article=True) is None
    assert len(probe.tried) == 8
    assert len(get.asked) <= 12


# ---------------------------------------------------------------- unpacking

PACKED = {
    "gzip": lambda body: (p := zlib.compressobj(wbits=31)).compress(body) + p.flush(),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": lambda body: body,
}


@given(st.binary(max_size=2000), st.lists(st.sampled_from(sorted(PACKED)), max_size=2), st.integers(1, 50))
def test_what_was_packed_is_unpacked_however_it_arrives(body, encodings, piece):
    packed = body
    for encoding in encodings:
        packed = PACKED[encoding](packed)
    pieces = [packed[n : n + piece] for n in range(0, len(packed), piece)]
    assert decoded(pieces, ", ".join(encodings), 10_000) == body


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]), st.integers(0, 400))
def test_what_is_unpacked_never_passes_its_cap(body, encoding, cap):
    with suppress(TooLarge, Undecodable, Incomplete):
        assert len(decoded([body], encoding, cap)) <= cap


def test_the_beginning_of_a_list_is_called_that():
    row = "<li><a href='/a{0}'>A story of some length, no {0}</a></li>"
    given = source("list", f"{SITE}/news", selector="li a")
    for body, first in (
        ("".join(map(row.format, range(200))) + "<!--" + "x" * 2_000_000, "2 MB"),
        ("".join(map(row.format, range(13_000))), "50,000 tags"),
    ):
        result, _ = run({f"{SITE}/news": body.encode()}, given)
        assert result.notes == (f"Only the first {first} of the list page were looked at.",)
    result, _ = run({f"{SITE}/news": "".join(map(row.format, range(200))).encode()}, given)
    assert result.notes == ()


def test_what_stands_behind_damage_is_counted():
    rows = "".join(item(link=f"{SITE}/{n}") for n in range(3))
    deep = f"<rss><channel>{rows}{'<a>' * 300}{'</a>' * 300}{rows}{rows}</channel></rss>".encode()
    result, _ = run({f"{SITE}/feed/": deep}, source())
    assert (len(result.found), result.overflow) == (3, 6)
    rows = "".join(f"<url><loc>{SITE}/{n}</loc></url>" for n in range(3))
    deep = f"<urlset>{rows}{'<a>' * 300}{'</a>' * 300}{rows}</urlset>".encode()
    result, _ = run({f"{SITE}/map.xml": deep}, source("sitemap", f"{SITE}/map.xml"))
    assert (len(result.found), result.overflow) == (3, 3)


class Store:
    """Known addresses, and how often they were asked for."""

    def __init__(self, *urls):
        self.urls, self.questions = set(map(canonical, urls)), 0

    def among(self, keys):
        self.questions += 1
        return frozenset(self.urls & set(keys))


def test_what_is_known_is_asked_once_for_the_whole_list():
    store = Store(f"{SITE}/3", f"{SITE}/7")
    body = rss(*(item(link=f"{SITE}/{n}") for n in range(200)))
    result, _ = run({f"{SITE}/feed/": body}, source(), known=store)
    assert (len(result.found), urls(result.known), store.questions) == (198, ["/3", "/7"], 1)
