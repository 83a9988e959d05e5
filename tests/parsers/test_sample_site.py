"""Every page of the sample site, in eight skins, comes out as its author meant it."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page, Unreadable
from tests.site import server, truth
from tests.site.sites import SITES

BASE = "http://sample.example"


def pages():
    for site in SITES:
        if site.skin is None or not hasattr(site.skin, "path"):
            continue
        resources = server.build(site, BASE)
        for article in truth.of(site.id):
            path = site.skin.path(article)
            if not article.pages and path in resources:
                yield pytest.param(article, path, resources[path], id=article.id)


PAGES = list(pages())
ARTICLES = [p for p in PAGES if p.values[0].outcome == "article"]
WALLS = [p for p in PAGES if p.values[0].outcome in {"login wall", "cookie wall", "soft 404"}]


def read(path, resource):
    return parsers.read([Page(BASE + path, resource.body, media_type=resource.media_type, status=resource.status)])


@pytest.mark.parametrize(("article", "path", "resource"), ARTICLES)
def test_article(article, path, resource):
    found = read(path, resource).articles[0]
    assert (found.title, found.authors, found.author_bio) == (article.title, article.authors, article.bio)
    assert (found.standfirst, found.language) == (article.standfirst, article.language)
    assert (found.published or "")[:10] == article.day
    assert found.references == article.references
    assert found.pull_quotes == article.pull_quotes
    assert found.version_note == article.version_note
    assert [s.text for s in found.subheads] == [text for text, _ in article.subheads]
    assert [p for p in article.paragraphs if p not in found.paragraphs] == []
    assert len(found.paragraphs) - len(article.paragraphs) <= 1  # a decision closes with a line about who decided


@pytest.mark.parametrize(("article", "path", "resource"), ARTICLES)
def test_comments(article, path, resource):
    found = [
        (c.n, c.author, c.author_url, (c.posted or "")[:19], " ".join(c.text.split()), c.parent, c.by_article_author)
        for c in read(path, resource).comments
    ]
    assert found == [
        (c.n, c.author, c.author_url, c.posted, " ".join(c.text.split()), c.parent, c.by_author)
        for c in article.comments
    ]


@pytest.mark.parametrize(("article", "path", "resource"), WALLS)
def test_wall(article, path, resource):
    with pytest.raises(Unreadable) as caught:
        read(path, resource)
    assert caught.value.field == "page", article.outcome


def test_there_is_something_to_test():
    assert len(ARTICLES) >= 25
    assert WALLS
