"""Seeds 002 and 004 as web pages: everything that ../shared/seeds/expected says, field by field."""

from __future__ import annotations

import re

import pytest

import parsers
from cuttings.model import Page
from tests.parsers import dressed

pytestmark = pytest.mark.skipif(not dressed.SEEDS.exists(), reason="../shared/seeds is not beside this checkout")

PAGES = {
    "002 classic": ("002", lambda: dressed.wordpress("classic"), None),
    "002 plain": ("002", lambda: dressed.wordpress("plain"), None),
    "002 blocks": ("002", lambda: dressed.wordpress("blocks"), "wordpress"),
    "002 wrong family": ("002", lambda: dressed.wordpress("classic"), "umbraco"),
    "004 fn": ("004", lambda: dressed.umbraco("fn"), None),
    "004 link": ("004", lambda: dressed.umbraco("link"), "umbraco"),
    "004 wrong family": ("004", lambda: dressed.umbraco("fn"), "wordpress"),
}


@pytest.fixture(scope="module", params=PAGES, ids=lambda name: name.replace(" ", "-"))
def case(request):
    number, page, family = PAGES[request.param]
    expected = dressed.seed(number)[1]
    reading = parsers.read([Page(expected["urls"][0], page().encode())], family=family)
    return reading, expected


def test_title_and_standfirst(case):
    (article,), expected = case[0].articles, case[1]
    assert (article.title, article.standfirst) == (expected["title"], expected["standfirst"])


def test_authors(case):
    assert list(case[0].articles[0].authors) == case[1]["authors"]


def test_bio(case):
    assert case[0].articles[0].author_bio == case[1]["author_bio"]


def test_paragraphs(case):
    assert list(case[0].articles[0].paragraphs) == [p["text"] for p in case[1]["paragraphs"]]


def test_subheads(case):
    found = [(s.text, s.before) for s in case[0].articles[0].subheads]
    assert found == [(s["text"], s["before_paragraph"]) for s in case[1]["subheads"]]


def test_pull_quotes(case):
    assert list(case[0].articles[0].pull_quotes) == case[1]["pull_quotes"]


def test_related_links(case):
    found = [link.text for link in case[0].articles[0].related_links]
    assert found == [link["text"] for link in case[1]["related_links"]]
    urls = {link.text: link.url for link in case[0].articles[0].related_links}
    assert all(urls[link["text"]] == link["url"] for link in case[1]["related_links"] if link["url"])


def test_version_note(case):
    assert case[0].articles[0].version_note == case[1]["version_note"]


def test_references(case):
    """An editor writes a reference anew; ours keep the page's words, so they are compared by the words they share."""
    found = [set(re.findall(r"\w+", r.casefold())) for r in case[0].articles[0].references]
    wanted = [set(re.findall(r"\w+", r["text"].casefold())) for r in case[1]["references"] if "from" not in r]
    assert [w for w in wanted if w not in found] == []
    books = [set(re.findall(r"\w+", r["text"].casefold())) for r in case[1]["references"]]
    assert all(any(words <= book for book in books) for words in found)
    assert found


def test_date_and_language(case):
    article = case[0].articles[0]
    assert (article.published or "")[:10] == case[1]["date"]
    assert article.language == "en"


def test_kind(case):
    article = case[0].articles[0]
    assert article.kind == "opinion"
    assert article.kind_evidence


def test_comments(case):
    found = [(c.n, c.author, c.posted, c.text) for c in case[0].comments]
    assert found == [(c["n"], c["author"], c["posted"], c["text"]) for c in case[1]["comments"]]
    assert {c.article for c in case[0].comments} <= {case[0].articles[0].key}
    assert len({c.key for c in case[0].comments}) == len(case[0].comments)


def test_furniture_is_set_aside(case):
    reading, expected = case
    aside = dressed.flat(" ".join(a.text for a in reading.set_aside))
    assert [f for f in expected["furniture"] if dressed.flat(f) not in aside] == []


def test_the_pages_editor_is_no_author(case):
    editor = case[1]["page_editor_not_author"]
    if editor is None:
        assert all("editor" not in a.lower() for a in case[0].articles[0].authors)
    else:
        assert editor not in case[0].articles[0].authors
