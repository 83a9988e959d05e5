# ruff: noqa: E501 - markup reads best with a page element on a line
"""Headline, people and days as pages give them: separators, two names, two dates, heads that contradict the page."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page

BODY = "".join(
    f"<p>{p}</p>"
    for p in (
        "Families in the upper valley will get a named worker from June, the cabinet decided on Tuesday after two hours of questions.",
        "The service has lost a third of its staff since the spring, and agency cover has cost more than the whole training budget.",
        "Letters go out before the end of the month, and a first report comes back to the panel on 12 September 2024, members heard.",
    )
)
COMMENTS = '<ol class="comment-list"><li class="comment" id="comment-9"><cite class="fn">Carys Pugh</cite> <time datetime="2024-06-01T10:00">1 June 2024</time><p>About time too.</p></li></ol>'


def read(head: str, top: str, below: str = "", url: str = "https://gazette.example/news/named-worker"):
    html = f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body><header><a class="logo" href="/">Fell Gazette</a></header><main><article>{top}<div class="entry-content">{BODY}</div>{below}</article></main><footer><p>© 2019 Fell Gazette</p></footer></body></html>'
    return parsers.read([Page(url, html.encode())]).articles[0]


def ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle",{fields}}}</script>'


SITE = '<meta property="og:site_name" content="Fell Gazette">'
TITLES = {
    "site after a bar": ("<title>Care fees rise | Fell Gazette</title>", "<h2>Care fees rise</h2>", "Care fees rise"),
    "site before a dash": (f"<title>Fell Gazette - Care fees rise again</title>{SITE}", "", "Care fees rise again"),
    "site after two colons": (f"<title>Care fees rise again :: Fell Gazette</title>{SITE}", "", "Care fees rise again"),
    "site after an arrow": (f"<title>Care fees rise again » Fell Gazette</title>{SITE}", "", "Care fees rise again"),
    "section and site": (
        f"<title>Care fees rise again | News | Fell Gazette</title>{SITE}",
        "",
        "Care fees rise again",
    ),
    "a dash of its own": (
        "<title>Care fees – the great unknown - Fell Gazette</title>",
        "<h1>Care fees – the great unknown</h1>",
        "Care fees – the great unknown",
    ),
    "a dash of its own, no heading": (
        f"<title>Care fees – the great unknown | Fell Gazette</title>{SITE}",
        "",
        "Care fees – the great unknown",
    ),
    "a colon of its own": (
        f'<title>Care: who pays? | Fell Gazette</title>{SITE}<meta property="og:title" content="Care: who pays?">',
        "",
        "Care: who pays?",
    ),
    "the first h1 is the paper's": (
        f"<title>Care fees rise again | Fell Gazette</title>{SITE}",
        "<h1>Fell Gazette</h1><h2>Care fees rise again</h2>",
        "Care fees rise again",
    ),
    "several h1": (
        "<title>Care fees rise again | Fell Gazette</title>",
        "<h1>Health and care</h1><h1>Care fees rise again</h1><h1>In this issue</h1>",
        "Care fees rise again",
    ),
    "in capitals": ("<title>CARE FEES RISE AGAIN</title>", "<h1>CARE FEES RISE AGAIN</h1>", "CARE FEES RISE AGAIN"),
    "shorter in the head": (
        '<title>Fees rise</title><meta property="og:title" content="Fees rise">',
        "<h1>Care fees rise again in the upper valley</h1>",
        "Care fees rise again in the upper valley",
    ),
}


@pytest.mark.parametrize("name", TITLES)
def test_title(name):
    head, top, title = TITLES[name]
    assert read(head, top).title == title


H1 = "<h1>Named workers for families</h1>"
AUTHORS = {
    "staff reporter": ("", f"{H1}<p class=byline>By Staff reporter</p>", ()),
    "a guest": ("", f"{H1}<p class=byline>Guest post by Ann Lee</p>", ("Ann Lee",)),
    "a guest, no class": ("", f"{H1}<p>Guest post by Ann Lee</p>", ("Ann Lee",)),
    "two": ("", f"{H1}<p class=byline>By Ann Lee and Bo Dahl</p>", ("Ann Lee", "Bo Dahl")),
    "a role after the name": ("", f"{H1}<p class=byline>Ann Lee, local democracy reporter</p>", ("Ann Lee",)),
    "a list in JSON-LD": (
        ld('"author":[{"@type":"Person","name":"Ann Lee"},{"@type":"Person","name":"Bo Dahl"}]'),
        H1,
        ("Ann Lee", "Bo Dahl"),
    ),
    "an organisation in JSON-LD": (ld('"author":{"@type":"Organization","name":"Fell Gazette"}'), H1, ()),
    "an organisation, and a person on the page": (
        ld('"author":{"@type":"Organization","name":"Fell Gazette"}'),
        f"{H1}<p class=byline>By Ann Lee</p>",
        ("Ann Lee",),
    ),
    "an address in JSON-LD": (
        ld('"author":"https://gazette.example/staff/ann-lee"'),
        f'{H1}<p>By <a href="/staff/ann-lee">Ann Lee</a></p>',
        ("Ann Lee",),
    ),
    "an address in a meta tag": (
        '<meta property="article:author" content="https://social.example/annlee">',
        f"{H1}<p class=byline>By Ann Lee</p>",
        ("Ann Lee",),
    ),
    "a handle": (
        '<meta name="twitter:creator" content="@annlee">',
        f'{H1}<p class=byline>By Ann Lee <a href="https://social.example/annlee">@annlee</a></p>',
        ("Ann Lee",),
    ),
    "the page's editor": (
        "",
        f"{H1}<p class=byline>By Ann Lee</p><p class=credits>Page editor: Carys Pugh</p>",
        ("Ann Lee",),
    ),
    "only the page's editor": ("", f"{H1}<p class=author>Page editor: Carys Pugh</p>", ()),
    "a photographer": ("", f"{H1}<p class=byline>Words: Ann Lee | Photographs: Carys Pugh</p>", ("Ann Lee",)),
    "only a reader": ("", H1, ()),
    "admin": ('<meta name="author" content="admin">', f"{H1}<span class=author>admin</span>", ()),
    "the same name twice": (
        '<meta name="author" content="ANN LEE">',
        f"{H1}<p class=byline>By Ann Lee</p><p class=byline>Ann Lee</p>",
        None,
    ),
}


@pytest.mark.parametrize("name", AUTHORS)
def test_authors(name):
    head, top, authors = AUTHORS[name]
    found = read(head, top, COMMENTS).authors
    if authors is None:
        assert [a.lower() for a in found] == ["ann lee"]
    else:
        assert found == authors


def meta(published: str) -> str:
    return f'<meta property="article:published_time" content="{published}">'


DATES = {
    "British order": ("", f"{H1}<p class=date>07/05/2024</p>", "2024-05-07"),
    "American page": ("", f"{H1}<p class=date>May 7, 2024</p>", "2024-05-07"),
    "a day above twelve settles it": ("", f"{H1}<p class=date>05/27/2024</p>", "2024-05-27"),
    "days ago, with a stamp": (
        "",
        f'{H1}<time datetime="2024-05-07T08:00:00+01:00">3 days ago</time>',
        "2024-05-07T08:00:00+01:00",
    ),
    "days ago alone": ("", f"{H1}<p class=date>3 days ago</p>", None),
    "only the year of the copyright": ("", H1, None),
    "a month": ("", f"{H1}<p class=date>May 2024</p>", "2024-05"),
    "published and updated": (
        "",
        f"{H1}<p>Published 7 May 2024. Last updated 9 May 2024</p>",
        "2024-05-07",
    ),
    "updated first": (
        "",
        f"{H1}<p class=meta>Updated: 9 May 2024 | First published: 7 May 2024</p>",
        "2024-05-07",
    ),
    "the head has another day than page and address": (
        ld('"datePublished":"2021-01-01"'),
        f"{H1}<p class=date>7 May 2024</p>",
        "2024-05-07",
    ),
    "zone": (meta("2024-05-07T23:30:00+01:00"), H1, "2024-05-07T23:30:00+01:00"),
    "UTC": (meta("2024-05-07T09:30:00Z"), f"{H1}<p class=date>7 May 2024</p>", "2024-05-07T09:30:00Z"),
    "an event in the text and a stamp": (meta("2024-05-07"), f"{H1}<p>The fair is on 3 August 2024.</p>", "2024-05-07"),
}


@pytest.mark.parametrize("name", DATES)
def test_published(name):
    head, top, published = DATES[name]
    url = (
        "https://gazette.example/2024/05/07/named-worker/"
        if "address" in name
        else "https://gazette.example/news/named-worker"
    )
    assert read(head, top, url=url).published == published


def test_modified():
    article = read("", f"{H1}<p>Published 7 May 2024. Last updated 9 May 2024</p>")
    assert article.modified == "2024-05-09"


def test_a_date_from_the_future_of_the_text_is_not_the_article_s():
    assert read("", H1).published is None
