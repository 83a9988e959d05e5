# ruff: noqa: E501 - markup reads best with a page element on a line
"""Pages that are no article raise Unreadable with a sentence for people; articles that look like them do not."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page, Unreadable

WORDS = (
    "The panel heard that forty people had waited longer than a year for an assessment, and that nobody had written to them. "
    "A carer from Nether Poll told the meeting that she had stopped ringing. The director said that letters would go out by "
    "Friday, and that two agency workers had been hired until the summer. Members asked for the figures every month. "
)
ARTICLE = "".join(f"<p>{WORDS}</p>" for _ in range(6))


def html(title: str, main: str, head: str = "", body: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{head}</head><body {body}>{main}</body></html>".encode()


def teaser(n: int) -> str:
    return f'<article><h2><a href="/news/{n}">Story number {n} about care in the valley</a></h2><p>A short line about it.</p></article>'


WALLS = {
    "login page": html(
        "Log in",
        "<main><h1>Log in</h1><form><label>E-mail</label><input><input type=password></form><p>Please log in to continue.</p></main>",
    ),
    "members only": html(
        "Members area",
        "<main><h1>Members only</h1><p>You must be logged in to view this page. Forgotten your password?</p><form><input type=password></form></main>",
    ),
    "cookie wall": html(
        "Before you continue",
        "<main><h1>Before you continue</h1><p>We and our partners store cookies on your device and process personal data. Accept cookies or manage your consent and privacy settings. Cookies help us to measure. You can withdraw your consent to cookies at any time in our privacy policy.</p><button>Accept all</button></main>",
    ),
    "paywall": html(
        "Care fees to rise",
        f"<main><article><h1>Care fees to rise</h1><div class=entry-content><p>{WORDS}</p></div><div class=paywall><h3>Subscribe to continue reading</h3><p>Already a subscriber? Sign in</p></div></article></main>",
    ),
    "paywall said in JSON-LD": html(
        "Care fees to rise",
        f"<main><article><h1>Care fees to rise</h1><div class=entry-content><p>{WORDS[:160]}...</p></div></article></main>",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Care fees to rise","isAccessibleForFree":false}</script>',
    ),
    "soft 404": html(
        "Page not found – The Valley Paper",
        "<main><h1>Page not found</h1><p>Sorry, the page that you were looking for has moved or no longer exists. Try our search, or go back to the home page and start again from there.</p></main>",
    ),
    "WordPress 404": html(
        "Oh dear",
        f"<main><h1>Oh dear</h1><div class=entry-content><p>{WORDS}</p></div></main>",
        body='class="error404"',
    ),
    "robot check": html(
        "Just a moment...",
        "<main><h1>Checking your browser</h1><p>Enable JavaScript and cookies to continue to the page that you asked for, please.</p></main>",
    ),
    "server error": html("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
    "list page": html(
        "News", "<main><h1>News</h1>" + "".join(map(teaser, range(12))) + "</main>", body='class="archive category"'
    ),
    "list page without marks": html(
        "All the news", "<main><h1>News</h1>" + "".join(map(teaser, range(12))) + "</main>"
    ),
    "links only": html(
        "Links",
        "<main><ul>"
        + "".join(f'<li><a href="/{n}">A page about something in the valley</a></li>' for n in range(30))
        + "</ul></main>",
    ),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "nothing": b"<html><body></body></html>",
    "only white space": b" \n\t\x00",
    "JSON of something else": b'{"status": "ok", "items": []}',
}


@pytest.mark.parametrize("name", WALLS)
def test_is_no_article(name):
    with pytest.raises(Unreadable) as caught:
        parsers.read([Page("https://valley.example/2024/05/06/care/", WALLS[name])])
    assert caught.value.field in {"page", "paragraphs"}
    assert len(caught.value.detail) > 10


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_what_the_server_refused(status):
    with pytest.raises(Unreadable, match=str(status)):
        parsers.read([Page("https://valley.example/a", html("Care", ARTICLE), status=status)])


ARTICLES = {
    "a number for a headline": html(
        "404 people wait for a carer",
        f"<main><h1>404 people wait for a carer</h1><div class=entry-content><p>{WORDS}</p></div></main>",
    ),
    "an apology for a headline": html(
        "Sorry is not enough, says ombudsman",
        f"<main><h1>Sorry is not enough, says ombudsman</h1><div class=entry-content><p>{WORDS}</p></div></main>",
    ),
    "about paywalls": html(
        "Subscribe to continue: why papers close their doors",
        f"<main><h1>Subscribe to continue: why papers close their doors</h1><div class=entry-content>{ARTICLE}</div></main>",
    ),
    "with a cookie notice": html(
        "Care fees to rise",
        f'<div id="cookie-banner">We use cookies. Accept all cookies or manage consent.</div><main><h1>Care fees to rise</h1><div class=entry-content>{ARTICLE}</div></main>',
    ),
    "with a login box": html(
        "Care fees to rise",
        f"<div class=login><form><input type=password></form></div><main><h1>Care fees to rise</h1><div class=entry-content>{ARTICLE}</div></main>",
    ),
    "with a subscriber's link above": html(
        "Care fees to rise",
        f"<header>Already a subscriber? Log in. Subscribe to read more.</header><main><h1>Care fees to rise</h1><div class=entry-content><p>{WORDS}</p></div></main>",
    ),
    "with teasers below": html(
        "Care fees to rise",
        f"<main><article><h1>Care fees to rise</h1><div class=entry-content>{ARTICLE}</div></article>"
        + "".join(map(teaser, range(5)))
        + "</main>",
    ),
    "short": html(
        "Care fees to rise",
        f"<main><article><h1>Care fees to rise</h1><div class=entry-content><p>{WORDS}</p></div></article></main>",
    ),
    "named after an error": html(
        "404 people wait for a carer",
        f"<main><h1>Four hundred and four people wait for a carer</h1><div class=entry-content>{ARTICLE}</div></main>",
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_is_an_article(name):
    reading = parsers.read([Page("https://valley.example/2024/05/06/care/", ARTICLES[name])])
    assert "Nether Poll" in reading.articles[0].text
    assert reading.comments == ()


def test_the_wrong_family_says_so():
    page = Page("https://valley.example/2024/05/06/care/", ARTICLES["about paywalls"])
    reading = parsers.read([page], family="umbraco")
    assert [r.kind for r in reading.articles[0].repairs] == ["page family"]
    assert "generic" in reading.articles[0].repairs[0].where


def test_an_unknown_family_is_named():
    with pytest.raises(Unreadable, match=r"'typo3'.*wordpress"):
        parsers.read([Page(None, ARTICLES["short"])], family="typo3")


def test_no_page_at_all():
    with pytest.raises(Unreadable):
        parsers.read([])
