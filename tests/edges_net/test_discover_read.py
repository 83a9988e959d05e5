"""What feeds, sitemaps, lists and page-turners say, byte by byte and without a network."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.discover.dates import iso, plausible
from cuttings.edges.discover.feeds import MOST_ENTRIES, read_feed
from cuttings.edges.discover.hints import read_hints
from cuttings.edges.discover.lists import Selectors, read_list
from cuttings.edges.discover.markup import hopeless
from cuttings.edges.discover.sitemaps import read_sitemap
from cuttings.edges.discover.turner import read_turner
from cuttings.edges.discover.wordpress import per_article, read_comments, read_posts, root_of

HERE = "https://n.example/feed/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def rss(*items, before="", channel="<link>https://n.example/</link>"):
    return (
        f"<?xml version='1.0'?>{before}<rss version='2.0'><channel>{channel}{''.join(items)}</channel></rss>".encode()
    )


def item(title="A story", link="https://n.example/a", date="Tue, 25 Jun 2013 09:15:00 +0100", more=""):
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{more}</item>"


def only(listing):
    assert len(listing.entries) == 1
    return listing.entries[0]


# ---------------------------------------------------------------- feeds


def test_an_rss_entry():
    entry = only(read_feed(rss(item()), HERE))
    assert (entry.link, entry.title, entry.published) == ("https://n.example/a", "A story", "2013-06-25T09:15:00+01:00")


def test_an_atom_entry():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://n.example/atom"/>
    <link href="https://n.example/"/><entry><title type="html">A &amp;lt;b&amp;gt;new&amp;lt;/b&amp;gt; story</title>
    <link rel="replies" href="/comments"/><link rel="alternate" href="/a"/><id>tag:n.example,1</id>
    <published>2026-02-01T10:00:00Z</published><updated>2026-02-03T10:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>words <a href="/x">x</a></p></div></content>
    </entry></feed>"""
    listing = read_feed(body, HERE)
    entry = only(listing)
    assert (entry.link, entry.title, entry.published) == ("https://n.example/a", "A new story", "2026-02-01T10:00:00Z")
    assert listing.home == "https://n.example/"


def test_rdf_and_dublin_core():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>https://n.example/</link></channel>
    <item rdf:about="https://n.example/a"><title>A story</title><link>https://n.example/a</link>
    <dc:date>2026-02-01</dc:date></item></rdf:RDF>"""
    assert only(read_feed(body, HERE)).published == "2026-02-01"


def test_a_json_feed():
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://n.example/",
        "items": [{"url": "https://n.example/a", "title": "A story", "date_published": "2026-02-01T10:00:00Z"}, 7],
    }
    listing = read_feed(json.dumps(data).encode(), HERE)
    assert listing.entries[0].published == "2026-02-01T10:00:00Z"
    assert listing.entries[1].link == ""
    assert listing.home == "https://n.example/"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Care &amp; support", "Care & support"),
        ("Care &amp;amp; support", "Care & support"),
        ("&lt;b&gt;New&lt;/b&gt; rules", "New rules"),
        ("<![CDATA[Care & <i>support</i>]]>", "Care & support"),
        ("  two\n lines ", "two lines"),
        ("“Quoted” – caf\u00e9", "“Quoted” – café"),
        ("", None),
    ],
)
def test_titles(written, read):
    assert only(read_feed(rss(item(title=written)), HERE)).title == read


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ("https://n.example/a?x=1&amp;y=2", "https://n.example/a?x=1&y=2"),
        ("/a", "https://n.example/a"),
        ("a", "https://n.example/feed/a"),
        (" https://n.example/a \n", "https://n.example/a"),
        ("", ""),
    ],
)
def test_links(link, read):
    assert only(read_feed(rss(item(link=link)), HERE)).link == read


def test_an_entry_whose_identifier_is_its_link():
    body = rss("<item><title>A</title><guid>https://n.example/a</guid></item>")
    assert only(read_feed(body, HERE)).link == "https://n.example/a"


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("Tue, 25 Jun 2013 09:15:00 GMT", "2013-06-25T09:15:00+00:00"),
        ("2013-06-25", "2013-06-25"),
        ("2013-06-25T09:15:00+01:00", "2013-06-25T09:15:00+01:00"),
        ("yesterday", None),
        ("", None),
        ("Tue, 99 Jun 2013 09:15:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    ],
)
def test_dates(date, read):
    assert only(read_feed(rss(item(date=date)), HERE)).published == read


def test_a_date_to_come_is_not_believed():
    assert plausible("2026-03-03", NOW) == "2026-03-03"
    assert plausible("2031-01-01", NOW) is None
    assert plausible(None, NOW) is None
    assert iso("2013-02-31") is None


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"<html><body>a page</body></html>", b"hello", b"{}", b"{", b'{"items": 7}', b"[1]", b"\x00\xff" * 50,
     b"<?xml version='1.0'?>", b"<urlset/>", b"<" * 5000, b'{"items":' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_feed_says_so(body):
    listing = read_feed(body, HERE)
    assert listing.entries == ()
    assert listing.fault
    assert listing.fault.startswith("This is not a feed")


def test_a_feed_without_entries_is_a_feed():
    assert read_feed(rss(), HERE).fault is None


BOMB = "<!DOCTYPE r [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        rss(item(), item(title="&j;", link="https://n.example/b"), before=BOMB),
        rss(item(), item(title="&x;"), before="<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"),
        rss(item(), before="<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/x.dtd'>"),
        rss(item(), "<a>" * 100_000),
        rss(item(), "<item><title>" * 20_000),
        rss(item(), "&nope;" * 10_000),
        rss(item(more=f"<description>{'&lt;p&gt;' * 50_000}</description>")),
        rss(item(more="<title>" + "x" * 1_000_000 + "</title>")),
        rss(item(), "<item>" + "\x01"),
        rss(item())[:-30],
        b"\xef\xbb\xbf\n\n" + rss(item()),
        rss(item()).decode().replace("version='1.0'", "version='1.0' encoding='windows-1252'").encode("cp1252"),
        rss(item()).decode().encode("utf-16"),
    ],
    ids=[
        "bomb", "outside entity", "outside dtd", "deep", "deep titles", "unknown entities", "long text", "long title",
        "control", "cut", "blanks first", "windows-1252", "utf-16",
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_feed_gives_what_is_whole(body):
    listing = read_feed(body, HERE)
    assert listing.entries[0].link == "https://n.example/a"
    text = str(listing)
    assert "lollol" not in text
    assert len(text) < 10_000_000


@pytest.mark.parametrize("junk", ["<a " * 100_000, "<item " + " ".join(f"a{n}='x'" for n in range(50_000)) + "/>"])
def test_hopeless_damage_costs_nothing(junk):
    assert read_feed(rss(item(), junk), HERE).fault


@given(st.lists(st.tuples(st.integers(0, 2100), st.sampled_from([b"x", b"<", b"='"]), st.booleans()), max_size=6))
def test_hopeless_is_what_goes_on_too_long_without_a_close(pieces):
    body = b"".join(piece * n + b">" * closed for n, piece, closed in pieces)
    stretches = [part for part in body.split(b">") if len(part) >= 2000]
    assert hopeless(body) == any(part.count(b"<") > 300 or part.count(b"='") > 1000 for part in stretches)


def test_a_hundred_thousand_entries():
    listing = read_feed(rss(*(item(link=f"https://n.example/{n}") for n in range(MOST_ENTRIES + 500))), HERE)
    assert len(listing.entries) == MOST_ENTRIES
    assert listing.overflow == 500


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: rss(item(title=t.replace("<", "")))))
def test_no_feed_is_beyond_reading(body):
    listing = read_feed(body, HERE)
    assert all(isinstance(entry.link, str) for entry in listing.entries)


@given(st.data())
def test_a_feed_cut_or_flipped_anywhere_is_read_or_refused(data):
    body = bytearray(rss(item(), item(link="https://n.example/b")))
    for _ in range(data.draw(st.integers(0, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    listing = read_feed(bytes(body[: data.draw(st.integers(0, len(body)))]), HERE)
    assert len(listing.entries) <= 3


# ---------------------------------------------------------------- sitemaps


def sitemap(*rows, root="urlset"):
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    spaces += " xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
    return f"<?xml version='1.0'?><{root} {spaces}>{''.join(rows)}</{root}>".encode()


ROW = "<url><loc>https://n.example/a</loc><lastmod>2026-02-01</lastmod></url>"


def test_a_sitemap():
    entry = only(read_sitemap(sitemap(ROW)))
    assert (entry.link, entry.published) == ("https://n.example/a", "2026-02-01")


def test_a_news_sitemap():
    row = """<url><loc>https://n.example/a</loc><image:image><image:loc>https://n.example/a.jpg</image:loc></image:image>
    <lastmod>2026-02-09</lastmod><news:news><news:publication_date>2026-02-01T10:00:00Z</news:publication_date>
    <news:title>A story</news:title></news:news></url>"""
    entry = only(read_sitemap(sitemap(row)))
    assert (entry.link, entry.title, entry.published) == ("https://n.example/a", "A story", "2026-02-01T10:00:00Z")


def test_an_index():
    listing = read_sitemap(sitemap("<sitemap><loc>https://n.example/1.xml</loc></sitemap>", root="sitemapindex"))
    assert [entry.link for entry in listing.more] == ["https://n.example/1.xml"]
    assert listing.entries == ()


def test_a_packed_sitemap():
    assert only(read_sitemap(gzip.compress(sitemap(ROW)))).link == "https://n.example/a"


def test_a_plain_list():
    assert [e.link for e in read_sitemap(b"https://n.example/a\r\nhttps://n.example/b\n").entries] == [
        "https://n.example/a",
        "https://n.example/b",
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b"hello", gzip.compress(sitemap(ROW))[:-12], b"\x1f\x8bnot", rss(item()),
     gzip.compress(b"\x00" * 40_000_000), b"<a " * 50_000],
)  # fmt: skip
def test_what_is_no_sitemap_says_so(body):
    assert read_sitemap(body).fault


def test_a_sitemap_of_bombs():
    body = sitemap("<url><loc>&j;</loc></url>", ROW).replace(b"<urlset", BOMB.encode() + b"<urlset")
    assert "lollol" not in str(read_sitemap(body))


@given(st.binary(max_size=300))
def test_no_sitemap_is_beyond_reading(body):
    read_sitemap(body)
    read_sitemap(b"<urlset>" + body)


# ---------------------------------------------------------------- list pages

PAGE = b"""<html><body><nav><a href="/about">About</a></nav>
<article class="teaser"><h2><a href="/a">First <b>story</b></a></h2>
<time datetime="2026-02-01">1 February</time></article>
<article class="teaser"><a href="b"><img alt=""></a><h3><a href="b">Second</a></h3></article>
<article class="teaser"><p>no link</p></article></body></html>"""


def test_links_by_selector():
    entries = read_list(
        PAGE, "text/html", "https://n.example/news/", Selectors(("article h2 a, article h3 a",))
    ).entries
    assert [(e.link, e.title) for e in entries] == [
        ("https://n.example/a", "First story"),
        ("https://n.example/news/b", "Second"),
    ]


def test_what_holds_a_link_may_be_selected():
    entries = read_list(PAGE, "text/html", "https://n.example/news/", Selectors(("article.teaser",))).entries
    assert [(e.link, e.published) for e in entries] == [
        ("https://n.example/a", "2026-02-01"),
        ("https://n.example/news/b", None),
        ("", None),
    ]


def test_a_base_is_minded():
    page = b"<base href='https://n.example/x/'><a class=s href=a>A</a>"
    assert (
        read_list(page, "text/html", "https://n.example/", Selectors(("a.s",))).entries[0].link
        == "https://n.example/x/a"
    )


def test_the_declared_charset_is_used():
    page = "<a href=/a>café</a>".encode("cp1252")
    assert read_list(page, "text/html; charset=windows-1252", HERE, Selectors(("a",))).entries[0].title == "café"
    assert read_list(page, "text/html; charset=nonsense", HERE, Selectors(("a",))).entries


@pytest.mark.parametrize("selector", ["a[", "::", "div >", "", "a:no-such-thing"])
def test_a_wrong_selector_is_named(selector):
    assert "selector" in (read_list(PAGE, "text/html", HERE, Selectors((selector,))).fault or "")


def test_a_selector_that_fits_nothing_is_named():
    assert (
        read_list(PAGE, "text/html", HERE, Selectors(("div.news a",))).fault
        == "Nothing on the page fits the selector 'div.news a'. Has the site been redesigned?"
    )


# ---------------------------------------------------------------- page-turners

LIBRARY = "https://turner.example/Library/A1/Care2026/resources/"


def numbers(links, first="1.htm", text=b""):
    body = b"".join(f"<a href='{link}'>{link}</a> | ".encode() for link in links) + text
    return [url.removeprefix(LIBRARY) for url in read_turner(body, "text/html", LIBRARY + first)]


@pytest.mark.parametrize(
    ("links", "first", "pages"),
    [
        (["2.htm", "3.htm", "4.htm"], "1.htm", ["1.htm", "2.htm", "3.htm", "4.htm"]),
        (["2.htm", "3.htm", "9.htm"], "1.htm", [f"{n}.htm" for n in range(1, 10)]),
        (["1.htm", "10.htm", "2.htm"], "index.htm", [f"{n}.htm" for n in range(1, 11)]),
        (["page2.html", "page3.html"], "page1.html", ["page1.html", "page2.html", "page3.html"]),
        (["index.html?page=2", "index.html?page=3"], "index.html?page=1", [f"index.html?page={n}" for n in (1, 2, 3)]),
        (["02.htm", "03.htm"], "01.htm", ["01.htm", "02.htm", "03.htm"]),
        (["2.htm", "2026.htm"], "1.htm", ["1.htm", "2.htm", "2026.htm"]),
        (["2.htm", "/other/9.htm", "https://ads.example/3.htm", "mailto:a@b.example"], "1.htm", ["1.htm", "2.htm"]),
        ([], "1.htm", []),
        (["cover.htm"], "index.htm", []),
    ],
)
def test_the_pages_of_an_issue(links, first, pages):
    assert numbers(links, first) == pages


# ---------------------------------------------------------------- what a page says of its site


def test_hints():
    page = b"""<link rel="alternate" type="application/rss+xml" href="/feed/">
    <link rel="https://api.w.org/" href="/wp-json/">
    <link rel="stylesheet" type="text/css" href="/x.css"><meta name="Generator" content="WordPress 6.5">"""
    assert read_hints(page, "text/html", "https://n.example/a") == {
        "feed": ("https://n.example/feed/",),
        "wordpress": ("https://n.example/wp-json/",),
        "generator": ("WordPress 6.5",),
    }


# ---------------------------------------------------------------- WordPress


@pytest.mark.parametrize(
    ("given_url", "root"),
    [
        ("https://n.example", "https://n.example"),
        ("https://n.example/", "https://n.example"),
        ("https://n.example/blog/", "https://n.example/blog"),
        ("https://n.example/blog/feed/", "https://n.example/blog"),
        ("https://n.example/wp-json/wp/v2/posts?page=2", "https://n.example"),
        ("https://n.example/blog/index.php", "https://n.example/blog"),
    ],
)
def test_the_root_of_a_wordpress_site(given_url, root):
    assert root_of(given_url) == root


def test_posts():
    rows = [
        {
            "id": 1,
            "link": "https://n.example/a",
            "date_gmt": "2026-02-01T10:00:00",
            "title": {"rendered": "A &#8211; b"},
        },
        {"id": 2, "link": None, "date": "2026-02-01", "title": 7},
        "odd",
    ]
    entries = read_posts(json.dumps(rows).encode()).entries
    assert [(e.link, e.title, e.published) for e in entries] == [
        ("https://n.example/a", "A – b", "2026-02-01T10:00:00+00:00"),
        ("", None, "2026-02-01"),
    ]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"code":"rest_no_route"}', b"<html>", b"[" * 100_000])
def test_a_closed_interface_says_so(body):
    assert read_posts(body).fault
    assert read_comments(body).fault


def test_comments_are_counted_by_article():
    rows = [{"link": f"https://n.example/a#comment-{n}", "date_gmt": "2026-02-01T10:00:00"} for n in range(3)]
    assert per_article(read_comments(json.dumps(rows).encode()).entries) == {"https://n.example/a": 3}
