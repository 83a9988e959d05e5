"""Adding a site of a known family is a block in sources.toml and nothing else: five made-up sites, by block alone."""

import json
import tomllib
from datetime import UTC, datetime

import pytest

import parsers
from cuttings.edges.discover import discover
from cuttings.edges.fetch import Fetched
from cuttings.settings import Source
from tests.edges_net.servers import Raw, fetcher, reply

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDS = (
    "The county has agreed to keep both day centres open until a review of transport is done. Officers told the "
    "committee that forty families had written in, and that the bus contract would be looked at again in May. "
)
BODY = "".join(f"<p>{WORDS} Paragraph number {n} says it in other words.</p>" for n in range(4))


def article(title, inside):
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='article:published_time' "
        f"content='2026-03-01T08:00:00+00:00'></head><body>{inside}</body></html>"
    ).encode()


def wordpress(base):
    post = {
        "id": 1,
        "link": f"{base}/2026/03/01/day-centres/",
        "date_gmt": "2026-03-01T08:00:00",
        "title": {"rendered": "Day centres stay open"},
    }
    page = article(
        "Day centres stay open",
        "<link rel='stylesheet' href='/wp-content/themes/t/style.css'><article class='post hentry'>"
        "<h1 class='entry-title'>Day centres stay open</h1>"
        f"<div class='entry-content'>{BODY}</div></article>"
        "<div id='comments'><ol class='comment-list'><li id='comment-7' class='comment'><article>"
        "<div class='comment-author vcard'><b class='fn'>Ann Lister</b></div><div class='comment-metadata'>"
        "<time datetime='2026-03-01T10:00:00+00:00'>1 March</time></div>"
        "<div class='comment-content'><p>Good, but who drives the bus?</p></div></article></li></ol></div>",
    )
    return {"/wp-json/wp/v2/posts": json.dumps([post]).encode(), "/2026/03/01/day-centres/": page}


def govuk(_base):
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Charging guidance</title>"
        "<link href='/guidance/charging'/><updated>2026-03-01T08:00:00Z</updated></entry></feed>"
    )
    item = {
        "content_id": "1",
        "document_type": "guidance",
        "base_path": "/guidance/charging",
        "title": "Charging guidance",
        "first_published_at": "2026-03-01T08:00:00+00:00",
        "details": {"body": BODY},
        "locale": "en",
    }
    return {"/search/guidance.atom": feed.encode(), "/api/content/guidance/charging": json.dumps(item).encode()}


def drupal(base):
    entry = f"<url><loc>{base}/news/day-centres</loc><lastmod>2026-03-01</lastmod></url>"
    inside = (
        "<h1 class='page-title'>Day centres stay open</h1><article class='node node--type-news'>"
        f"<div class='field field--name-body'>{BODY}</div></article>"
    )
    page = article("Day centres stay open", inside).replace(
        b"<head>", b"<head><meta name='Generator' content='Drupal 10'>"
    )
    return {"/sitemap.xml": f"<urlset>{entry}</urlset>".encode(), "/news/day-centres": page}


def decisions(_base):
    """A list over two pages, without a feed: the newest design's selector fits nothing here, the older one does."""
    rows = [
        f"<li><h2><a href='/decision/{n}'>Council {n}</a></h2><p>Decided on {n} March 2026</p></li>" for n in (1, 2)
    ]
    table = {
        "/results?from=2026-01-31&page=1": f"<ol class='results'>{rows[1]}</ol>".encode(),
        "/results?from=2026-01-31&page=2": f"<ol class='results'>{rows[0]}</ol>".encode(),
    }
    for n in (1, 2):
        table[f"/decision/{n}"] = article(f"Council {n}", f"<article><h1>Council {n}</h1>{BODY}</article>")
    return table


def turner(_base):
    links = " | ".join(f"<a href='{n}.htm'>Page {n}</a>" for n in (1, 2, 3, 4))
    stories = {
        1: "Forty families wrote to the county about the bus, and forty families had an answer in a week.",
        2: "A hoist that nobody mended for a month taught the home what its contract was worth, and what it left out.",
        3: "Night staff were asked first this time; they knew which doors stick and who fears the long corridor.",
        4: "The carers' group meets over soup on Thursdays, since nobody can think of benefits on an empty stomach.",
    }
    more = "Nobody had asked before, said the manager, and nobody has had to ask since that spring."
    return {
        f"/mag/resources/{n}.htm": (
            "<html><body><p>This page contains a Flash digital edition of a book.</p>"
            f"<p>{text}</p><p>{text.split(maxsplit=1)[0]} again: {more}</p><p>{links}</p></body></html>"
        ).encode()
        for n, text in stories.items()
    }


# A block as a person would write it (the private address and the pace are the test's), the site, its family, its finds.
SITES = [
    ('method = "wordpress"\nurl = "{base}/"\nfamily = "wordpress"', wordpress, ["/2026/03/01/day-centres/"], 1),
    ('method = "govuk"\nurl = "{base}/search/guidance?topic=care"\nfamily = "govuk"', govuk,
     ["/api/content/guidance/charging"], 0),
    ('method = "sitemap"\nurl = "{base}/sitemap.xml"\nfamily = "drupal"', drupal, ["/news/day-centres"], 0),
    ('method = "list"\nurl = "{base}/results?from={{since}}&page={{page}}"\nselector = [".new h3 a", ".results h2 a"]',
     decisions, ["/decision/2", "/decision/1"], 0),
    ('method = "page-turner"\nurl = "{base}/mag/resources/1.htm"\nfamily = "digital-edition"', turner,
     ["/mag/resources/1.htm"], 0),
]  # fmt: skip


@pytest.mark.parametrize(("block", "site", "finds", "comments"), SITES, ids=[site.__name__ for _, site, _, _ in SITES])
def test_one_block_and_no_code(block, site, finds, comments):
    with Raw(None) as server, fetcher() as made:
        pages = site(server.base)
        server.answer = lambda path, connection, _: connection.sendall(_answer(pages, path))
        text = f'[[source]]\nid = "made-up"\nname = "Made up"\n{block.format(base=server.base)}\n'
        given = Source(**tomllib.loads(text)["source"][0], allow_private=True, pace_seconds=0)
        get = made.bound_to(given)
        result = discover(given, get, now=NOW)
        assert [found.url.removeprefix(server.base) for found in result.found] == finds
        assert not result.failures
        documents = [get(page) for page in result.found[0].pages]
        assert all(isinstance(document, Fetched) for document in documents)
        reading = parsers.read([document.page for document in documents], family=given.family, source=given.id)
    assert "forty families" in reading.articles[0].text
    assert len(reading.comments) == comments
    assert not [r for a in reading.articles for r in a.repairs if r.kind == "page family"]


def _answer(pages, path):
    body = pages.get(path, pages.get(path.partition("?")[0]))
    if body is None:
        return reply(b"", "404 Not Found")
    kind = (
        "application/json"
        if body[:1] in b"{["
        else "application/xml"
        if body[:4] in (b"<fee", b"<url")
        else "text/html"
    )
    return reply(body, Content_Type=kind)


def test_a_redesign_is_a_second_selector():
    """The list that answers today, and the one of before: whichever design a page has, its links are found."""
    old = b"<ul class='news'><li><a href='/a'>The old design</a></li></ul>"
    new = b"<main><h3 class='teaser'><a href='/a'>The new design</a></h3></main>"
    for body, selector in (
        (old, ["h3.teaser a", "ul.news a"]),
        (new, ["h3.teaser a", "ul.news a"]),
        (old, "ul.news a"),
    ):
        with Raw(lambda _p, connection, _h, body=body: connection.sendall(reply(body))) as server, fetcher() as made:
            given = Source(
                id="s", name="S", method="list", url=f"{server.base}/news", selector=selector, allow_private=True,
                pace_seconds=0,
            )  # fmt: skip
            assert [f.url for f in discover(given, made.bound_to(given), now=NOW).found] == [f"{server.base}/a"]
