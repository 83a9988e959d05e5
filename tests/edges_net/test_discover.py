"""Discovery as a whole: a fake site in memory that speaks the vocabulary of `get`, and the sample site over HTTP."""

import json
import tomllib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from cuttings.addresses import canonical
from cuttings.edges.discover import discover, discover_comments, is_archive
from cuttings.edges.fetch import Fetched, FetchFailed, NotModified
from cuttings.edges.limited import Limited
from cuttings.model import Page
from cuttings.settings import Source
from tests.edges_net.test_discover_read import item, rss, sitemap

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SITE = "https://n.example"


class FakeSite:
    """Pages by address; a FetchFailed kind where there is a string; 'missing' for the others."""

    def __init__(self, table):
        self.table, self.asked = table, []

    def __call__(self, url, *, etag=None, **_kwargs):
        self.asked.append(url)
        found = self.table.get(url, self.table.get(url.partition("?")[0], "missing"))
        if isinstance(found, str):
            raise FetchFailed(url, found, "It failed.")
        if etag == "same":
            return NotModified(url)
        return Fetched(Page(url=url, body=found), url, etag='"v1"')


def source(method="feed", url=f"{SITE}/feed/", **kwargs):
    kwargs = {"id": "s", "name": "S", **kwargs}
    return Source(method=method, url=url, **kwargs)


def run(table, given=None, **kwargs):
    site = FakeSite(table)
    result = discover(given or source(), site, now=NOW, **kwargs)
    result_asked = site.asked
    return result, result_asked


def day(days_ago):
    return (NOW - timedelta(days=days_ago)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def urls(found):
    return [f.url.removeprefix(SITE) for f in found]


# ---------------------------------------------------------------- feeds


def test_a_feed_is_sorted_newest_first_and_old_ones_are_archive():
    body = rss(item(link=f"{SITE}/old", date=day(90)), item(link=f"{SITE}/new", date=day(1)), item(link="/x", date=""))
    result, asked = run({f"{SITE}/feed/": body})
    assert [(f.url, f.archive) for f in result.found] == [
        (f"{SITE}/new", False),
        (f"{SITE}/old", True),
        (f"{SITE}/x", False),
    ]
    assert result.etag == '"v1"'
    assert asked == [f"{SITE}/feed/"]
    assert all(f.pages == (f.url,) for f in result.found)


def test_every_entry_is_in_one_heap():
    links = [
        f"{SITE}/a",
        f"{SITE}/a?utm_source=feed",
        f"{SITE}/a#x",
        "http://n.example/a",
        f"{SITE}/b",
        "mailto:a@n.example",
        "javascript:x",
        "",
        "https://elsewhere.example/a",
        f"{SITE}/paper.pdf",
        f"{SITE}/feed/",
        "http://[::1",
        f"{SITE}/k",
        "https://jo:pw@n.example/c",
    ]
    body = rss(*(item(link=link, date=day(n)) for n, link in enumerate(links)))
    result, _ = run({f"{SITE}/feed/": body}, known={canonical(f"{SITE}/k")})
    assert urls(result.found) == ["/a", "/b", "/c"]
    assert urls(result.known) == ["/k"]
    assert len(result.found) + len(result.known) + len(result.set_aside) == len(links)
    reasons = [why for _, why in result.set_aside]
    assert reasons.count("listed twice") == 3
    assert {"no link", "leads to another site", "a file (.pdf), not a page", "the list itself"} <= set(reasons)
    assert "a link of the kind mailto:" in reasons
    assert "pw" not in str(result)


def test_first_contact_takes_the_newest():
    body = rss(*(item(link=f"{SITE}/{n}", date=day(n)) for n in range(20)))
    result, _ = run({f"{SITE}/feed/": body}, source(most_at_first=5))
    assert urls(result.found) == ["/0", "/1", "/2", "/3", "/4"]
    assert len(result.set_aside) == 15


def test_a_feed_elsewhere_may_lead_to_the_site_it_names():
    table = {"https://feeds.host.example/n": rss(item(link=f"{SITE}/a"), item(link="https://x.example/b"))}
    result, _ = run(table, source(url="https://feeds.host.example/n"))
    assert urls(result.found) == ["/a"]


def test_a_private_source_stays_on_its_port():
    here = "http://10.0.0.5:8001"
    links = [f"{here}/a", "http://10.0.0.5:22/", "http://10.0.0.6:8001/", "https://n.example/a"]
    table = {f"{here}/feed": rss(*(item(link=link) for link in links))}
    result, _ = run(table, source(url=f"{here}/feed", allow_private=True))
    assert [f.url for f in result.found] == [f"{here}/a"]


def test_nothing_new_since_last_time():
    result, _ = run({f"{SITE}/feed/": rss(item())}, etag="same")
    assert result.unchanged
    assert result.etag == "same"


@pytest.mark.parametrize("body", [b"<html>moved</html>", b"", b"{}"])
def test_what_is_no_feed_is_a_failure(body):
    with pytest.raises(FetchFailed) as caught:
        run({f"{SITE}/feed/": body})
    assert caught.value.kind == "bad-content"


def test_a_site_that_is_away_is_a_failure():
    with pytest.raises(FetchFailed) as caught:
        run({f"{SITE}/feed/": "connect"})
    assert caught.value.kind == "connect"


def test_a_parser_that_breaks_its_limits_is_a_failure():
    with Limited(cpu_seconds=5, preload=("cuttings.edges.discover.feeds",)) as limited:
        result, _ = run({f"{SITE}/feed/": rss(item())}, run=limited.run)
        assert urls(result.found) == ["/a"]
        with pytest.raises(FetchFailed) as caught:
            discover(
                source(),
                FakeSite({f"{SITE}/feed/": rss(item())}),
                now=NOW,
                run=lambda _function, *_: limited.call("os:abort"),
            )
    assert caught.value.kind == "bad-content"


def test_archive_is_a_matter_of_the_date():
    assert is_archive("2025-01-01", source(), NOW)
    assert not is_archive("2026-02-20", source(), NOW)
    assert not is_archive(None, source(), NOW)


# ---------------------------------------------------------------- sitemaps


def rows(*pairs, kind="url"):
    return [f"<{kind}><loc>{SITE}{path}</loc><lastmod>{date}</lastmod></{kind}>" for path, date in pairs]


SITEMAP = source("sitemap", f"{SITE}/sitemap.xml")


def test_an_index_is_followed_where_something_changed():
    index = sitemap(
        *rows(("/new.xml", "2026-03-01"), ("/old.xml", "2020-01-01"), ("/gone.xml", "2026-03-01"), kind="sitemap"),
        root="sitemapindex",
    )
    table = {f"{SITE}/sitemap.xml": index, f"{SITE}/new.xml": sitemap(*rows(("/a", "2026-02-28")))}
    result, asked = run(table, SITEMAP)
    assert urls(result.found) == ["/a"]
    assert f"{SITE}/old.xml" not in asked
    assert [failure.kind for failure in result.failures] == ["missing"]


def test_packed_sitemaps_are_followed():
    index = sitemap(*rows(("/posts.xml.gz", "2026-03-01"), kind="sitemap"), root="sitemapindex")
    result, _ = run(
        {f"{SITE}/sitemap.xml": index, f"{SITE}/posts.xml.gz": sitemap(*rows(("/a", "2026-02-28")))}, SITEMAP
    )
    assert urls(result.found) == ["/a"]


def test_an_index_of_itself_ends():
    index = sitemap(
        *rows(("/sitemap.xml", "2026-03-01"), ("/x.xml", "2026-03-01"), kind="sitemap"), root="sitemapindex"
    )
    result, asked = run({f"{SITE}/sitemap.xml": index, f"{SITE}/x.xml": index}, SITEMAP)
    assert len(asked) == 2
    assert result.found == ()


def test_an_index_without_end_is_cut_off():
    many = rows(*((f"/{n}.xml", "2026-03-01") for n in range(100)), kind="sitemap")
    table = {f"{SITE}/sitemap.xml": sitemap(*many, root="sitemapindex")}
    table |= {f"{SITE}/{n}.xml": sitemap(*rows((f"/a{n}", "2026-03-01"))) for n in range(100)}
    result, asked = run(table, SITEMAP)
    assert len(asked) == 30
    assert any("further sitemaps" in note for note in result.notes)


def test_after_the_first_visit_only_what_changed_since_is_news():
    body = sitemap(*rows(("/new", "2026-03-01"), ("/old", "2019-01-01")))
    result, _ = run({f"{SITE}/sitemap.xml": body}, SITEMAP, last_contact=NOW - timedelta(days=1))
    assert urls(result.found) == ["/new"]
    assert result.set_aside == ((f"{SITE}/old", "older than the last visit"),)


def test_a_sitemap_that_is_gone_is_a_failure():
    with pytest.raises(FetchFailed):
        run({}, SITEMAP)


# ---------------------------------------------------------------- WordPress

WP = source("wordpress", f"{SITE}/")
POSTS = f"{SITE}/wp-json/wp/v2/posts"


def post(n, days_ago=1):
    return {
        "id": n,
        "link": f"{SITE}/p{n}",
        "date_gmt": (NOW - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%S"),
        "title": {"rendered": f"Post {n}"},
    }


def test_rest_is_asked_for_what_is_new():
    result, asked = run({POSTS: json.dumps([post(1), post(2)]).encode()}, WP)
    assert urls(result.found) == ["/p1", "/p2"]
    assert "after=2026-01-31T09%3A00%3A00" in asked[0]
    _, asked = run({POSTS: b"[]"}, WP, last_contact=NOW - timedelta(days=3))
    assert "after=2026-02-25T09%3A00%3A00" in asked[0]


def test_rest_is_read_page_by_page():
    class Pages(FakeSite):
        def __call__(self, url, **kwargs):
            page = int(url.partition("&page=")[2].partition("&")[0])
            self.table[url] = json.dumps([post(page * 1000 + n) for n in range(100 if page < 3 else 7)]).encode()
            return super().__call__(url, **kwargs)

    site = Pages({})
    result = discover(source("wordpress", f"{SITE}/", most_at_first=1000), site, now=NOW)
    assert len(result.found) == 207
    assert len(site.asked) == 3


@pytest.mark.parametrize("closed", ["status-4xx", "missing", "robots", b"<html>", b'{"code":"rest_disabled"}'])
def test_a_closed_interface_falls_back_to_the_feed(closed):
    result, _ = run({POSTS: closed, f"{SITE}/feed/": rss(item(date=day(1)))}, WP)
    assert urls(result.found) == ["/a"]
    assert any("its feed was read" in note for note in result.notes)


@pytest.mark.parametrize("away", ["dns", "connect", "busy", "refused-address"])
def test_a_site_that_is_away_is_not_asked_twice(away):
    site = FakeSite({POSTS: away})
    with pytest.raises(FetchFailed):
        discover(WP, site, now=NOW)
    assert len(site.asked) == 1


def test_new_comments_by_rest():
    rows = [{"link": f"{SITE}/p{n % 2}/#comment-{n}", "date_gmt": "2026-03-01T10:00:00"} for n in range(5)]
    site = FakeSite({f"{SITE}/wp-json/wp/v2/comments": json.dumps(rows).encode()})
    result = discover_comments(WP, site, now=NOW, since=NOW - timedelta(days=7))
    assert sorted((f.url, f.comments) for f in result.found) == [(f"{SITE}/p0/", 3), (f"{SITE}/p1/", 2)]


def test_new_comments_by_feed():
    body = rss(item(link=f"{SITE}/p1/#comment-1", date=day(1)), item(link=f"{SITE}/p2/#comment-2", date=day(50)))
    site = FakeSite({f"{SITE}/comments/feed/": body})
    result = discover_comments(WP, site, now=NOW, since=NOW - timedelta(days=7))
    assert [(f.url, f.comments) for f in result.found] == [(f"{SITE}/p1/", 1)]


# ---------------------------------------------------------------- lists, addresses, page-turners


def test_a_list_page():
    page = b"<div class=n><a href=/a>A</a><a href=/b?utm_source=x>B</a><a href=#top>Top</a></div>"
    result, _ = run({f"{SITE}/news": page}, source("list", f"{SITE}/news", selector="div.n a"))
    assert urls(result.found) == ["/a", "/b"]
    assert result.set_aside == ((f"{SITE}/news", "the list itself"),)


def test_configured_addresses():
    given = source("pages", SITE, pages=(f"{SITE}/a", f"{SITE}/b", "http://n.example/a/", f"{SITE}/c"))
    result, asked = run({}, given, known={canonical(f"{SITE}/c")})
    assert urls(result.found) == ["/a", "/b"]
    assert urls(result.known) == ["/c"]
    assert len(result.set_aside) == 1
    assert asked == []


def test_an_issue_is_one_document():
    first = f"{SITE}/issue/1.htm"
    page = b"".join(f"<a href={n}.htm>{n}</a>".encode() for n in range(1, 9))
    result, asked = run({first: page}, source("page-turner", first))
    assert [f.pages for f in result.found] == [tuple(f"{SITE}/issue/{n}.htm" for n in range(1, 9))]
    assert asked == [first]
    result, asked = run({first: page}, source("page-turner", first), known={canonical(first)})
    assert result.found == ()
    assert asked == []


def test_an_issue_that_names_neighbours_alone_is_walked():
    table = {
        f"{SITE}/i/{n}.htm": (
            f"<a href={n - 1}.htm>back</a>" * (n > 1) + f"<a href={n + 1}.htm>next</a>" * (n < 6)
        ).encode()
        for n in range(1, 7)
    }
    result, _ = run(table, source("page-turner", f"{SITE}/i/1.htm"))
    assert result.found[0].pages == tuple(f"{SITE}/i/{n}.htm" for n in range(1, 7))


def test_an_issue_of_a_single_page():
    first = f"{SITE}/issue/cover.htm"
    result, _ = run({first: b"<p>words</p>"}, source("page-turner", first))
    assert result.found[0].pages == (first,)


# ---------------------------------------------------------------- the sample site, over HTTP


@pytest.fixture(scope="module")
def sample():
    from tests.site.server import serve

    with serve() as running:
        yield running


def sample_sources():
    from tests.site.sites import SITES

    return [site.id for site in SITES]


@pytest.mark.parametrize("name", sample_sources())
def test_the_sample_site_is_discovered(sample, name):
    """Every address found answers with a page, and what the truth lists for a source is found."""
    from tests.edges_net.servers import fetcher
    from tests.site import truth
    from tests.site.server import sources_toml

    block = next(b for b in tomllib.loads(sources_toml(sample))["source"] if b["id"] == name)
    given = Source.model_validate(block)
    with fetcher() as made:
        get = made.bound_to(given)
        if name == "county-provider-news":
            with pytest.raises(FetchFailed) as caught:
                discover(given, get, now=NOW)
            assert caught.value.kind == "connect"
            return
        result = discover(given, get, now=datetime(2026, 11, 2, tzinfo=UTC))
        assert not result.failures
        pages = {page for found in result.found for page in found.pages}
        wanted = {canonical(sample.url(article)) for article in truth.of(name)}
        assert wanted <= {canonical(page) for page in pages}
        for page in pages:
            with suppress(FetchFailed):  # the site has a page that is gone: listed, and not there
                assert isinstance(get(page), Fetched)
