"""The sample site's content and pages: is there enough, and do the pages say what the truth says?"""

import functools
import json
import re
from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from tests.site import truth
from tests.site.pages import NOT_ARTICLES, base, documents, pages_of, resources
from tests.site.server import find
from tests.site.sites import SITES, site
from tests.site.skins import yudu

THEMES = {
    "personalisation",
    "practice",
    "workforce",
    "assessment",
    "safeguarding",
    "finance",
    "commissioning",
    "prevention",
    "integration",
    "carers",
    "voice",
    "policy",
    "quality",
    "housing",
    "digital",
}
ARTICLES = [a for a in truth.articles() if a.outcome == "article"]
IN_HTML = [a for a in ARTICLES if not a.pages]
LIVE = [s for s in SITES if s.skin is not None]


def words(text):
    return re.findall(r"\w+", text)


@functools.cache
def soup(article):
    return BeautifulSoup(pages_of(article)[0].body, "lxml")


def flat(text):
    """Blanks of every kind are one blank."""
    return " ".join(text.split())


# ---------------------------------------------------------------- the content


def test_there_is_enough_for_a_demonstration():
    comments = Counter(c.verdict for a in ARTICLES for c in a.comments)
    assert len(ARTICLES) >= 34
    assert comments.total() >= 170
    assert comments["genuine"] >= 100
    assert comments["spam"] >= 30
    assert comments["duplicate"] >= 8


def test_every_theme_has_two_articles_and_some_have_none():
    first = Counter(a.themes[0] for a in ARTICLES if a.themes)
    assert set(first) == THEMES
    assert min(first.values()) >= 2
    assert sum(not a.themes for a in ARTICLES) >= 2
    assert {t for a in ARTICLES for t in a.themes} <= THEMES


def test_both_periods_of_the_demonstration_are_full():
    week = [a for a in ARTICLES if "2026-10-26" <= a.published < "2026-11-02"]
    october = [a for a in ARTICLES if a.published.startswith("2026-10")]
    assert len(week) >= 10
    assert len(october) >= 22
    assert sum(a.day < "2025-11-02" for a in ARTICLES) >= 3  # over a year old: archive
    assert any(a.published.startswith("2026-09") for a in ARTICLES)
    assert {a.precision for a in ARTICLES} == {"month", "day", "time"}


def test_articles_are_long_enough_and_original():
    assert [(a.id, a.words) for a in ARTICLES if not 180 <= a.words <= 600] == []
    openings = Counter(a.paragraphs[0] for a in ARTICLES if a.copy_of is None)
    assert max(openings.values()) == 1


def test_every_kind_of_comment_occurs():
    kinds = {f"{c.verdict} {c.subtype}" for a in ARTICLES for c in a.comments}
    assert kinds >= {
        "genuine short",
        "genuine rant",
        "genuine poor-english",
        "genuine with-link",
        "genuine organisation",
        "genuine late",
        "genuine quoting",
        "genuine author-answers",
        "genuine cut-off",
        "spam keyword-name",
        "spam spun",
        "spam template-praise",
        "spam promotion-link",
        "spam prices",
        "spam gibberish",
        "spam other-language",
        "spam copied-sentence",
        "duplicate double-post",
        "duplicate near-copy",
    }


@pytest.mark.parametrize("article", [a for a in ARTICLES if a.comments], ids=lambda a: a.id)
def test_double_posts_repeat_their_words_within_minutes(article):
    for comment in article.comments:
        if comment.verdict != "duplicate":
            continue
        original = article.comments[comment.duplicate_of - 1]
        assert original.verdict == "genuine"
        assert original.author == comment.author
        assert 0 <= (comment.when - original.when).total_seconds() <= 600
        assert (comment.text == original.text) == (comment.subtype == "double-post")


def test_nothing_is_later_than_the_morning_of_the_demonstration():
    for article in ARTICLES:
        moments = [article.when, *(c.when for c in article.comments)]
        assert max(moments) < datetime(2026, 11, 2, 7), article.id
        assert all(c.when >= article.when for c in article.comments), article.id


def test_the_syndicated_copy_shares_its_words_and_not_its_opening():
    copy = next(a for a in ARTICLES if a.copy_of)
    original = truth.article(copy.copy_of)
    shared = set(original.paragraphs) & set(copy.paragraphs)
    assert len(shared) >= 6
    assert copy.paragraphs[0] not in original.paragraphs
    assert copy.source != original.source


def test_every_outcome_has_a_page():
    assert {a.outcome for a in truth.articles()} | {"not an article"} == set(truth.OUTCOMES)


def test_authors_answer_under_their_own_name():
    for article in ARTICLES:
        for comment in article.comments:
            assert comment.by_author <= (comment.author in article.authors), (article.id, comment.n)


def test_a_content_file_with_a_fault_is_refused():
    head = '+++\nslug = "x"\npublished = "2026-10-01"\ntitle = "T"\n+++\nWords.\n\n=== comments\n\n'
    with pytest.raises(ValueError, match="verdict"):
        truth.parse("s", head + "@ A | 2026-10-01 10:00:00 | perhaps\nHello\n")
    with pytest.raises(ValueError, match="duplicate"):
        truth.parse("s", head + "@ A | 2026-10-01 10:00:00 | duplicate double-post\nHello\n")
    with pytest.raises(ValueError, match="not yet written"):
        truth.parse(
            "s", head + "@ A | 2026-10-01 10:00:00 | genuine\nHi\n\n@ B | 2026-10-01 09:00:00 | genuine | >1\nNo\n"
        )


def test_answers_are_numbered_where_the_page_has_them():
    thread = (
        "@ A | 2026-10-01 10:00:00 | genuine\nOne\n\n"
        "@ B | 2026-10-01 11:00:00 | genuine\nTwo\n\n"
        "@ C | 2026-10-01 12:00:00 | genuine | >1\nThree\n\n"
        "@ B | 2026-10-01 11:00:01 | duplicate double-post | =2\nTwo\n"
    )
    article = truth.parse("s", f'+++\nslug = "x"\npublished = "2026-10-01"\n+++\nWords.\n\n=== comments\n\n{thread}')
    assert [(c.n, c.text, c.parent, c.duplicate_of) for c in article.comments] == [
        (1, "One", None, None),
        (2, "Three", 1, None),
        (3, "Two", None, None),
        (4, "Two", None, 3),
    ]


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("article", IN_HTML, ids=lambda a: a.id)
def test_a_page_says_what_the_truth_says(article):
    page = soup(article)
    text = flat(page.get_text(" "))
    assert page.find(["h1", "h3"], string=lambda s: s and s.strip() == article.title)
    for wanted in (article.standfirst, article.bio, article.version_note, *article.authors):
        assert wanted is None or flat(wanted) in text
    for paragraph in article.paragraphs:
        assert words(paragraph.replace("•", ""))[:30] == words(_element(page, paragraph))[:30]
    for subhead, _ in article.subheads:
        assert page.find(["h2", "h3"], string=subhead)


def _element(page, paragraph):
    """The text of the element that holds the paragraph."""
    start = paragraph.removeprefix("• ").split("\n")[0]
    for element in page.find_all(["p", "li"]):
        if flat(element.get_text()) == flat(start):
            return flat(element.parent.get_text(" ") if element.name == "li" else element.get_text())
    return ""


@pytest.mark.parametrize("article", [a for a in IN_HTML if a.comments], ids=lambda a: a.id)
def test_a_page_holds_its_comments_in_order(article):
    text = flat(soup(article).get_text(" "))
    at = 0
    for comment in article.comments:
        opening = flat(comment.text)[:40]
        found = text.find(opening, at)
        assert found >= 0, comment
        assert comment.author in text[at:found]
        at = found + len(opening)


@pytest.mark.parametrize("article", IN_HTML, ids=lambda a: a.id)
def test_a_page_has_furniture_and_a_whole_skeleton(article):
    body = pages_of(article)[0].body.decode()
    assert body.lstrip().lower().startswith("<!doctype html")
    assert body.rstrip().endswith("</html>")
    assert "{{" not in body
    assert not re.search(r">\s*None\s*<", body)
    for tag in ("article", "div", "ol", "ul", "p", "main", "section", "li", "span", "a", "footer"):
        assert len(re.findall(rf"<{tag}[\s>]", body)) == body.count(f"</{tag}>"), tag
    assert len(words(soup(article).get_text(" "))) > article.words + 40


@pytest.mark.parametrize("one", LIVE, ids=lambda s: s.id)
def test_ids_are_unique_and_no_link_leaves_the_examples(one):
    own = urlsplit(base(one.id)).netloc
    for path, resource in resources(one.id).items():
        if "html" not in resource.media_type:
            continue
        page = BeautifulSoup(resource.body, "lxml")
        ids = Counter(e["id"] for e in page.find_all(id=True))
        assert [i for i, n in ids.items() if n > 1] == [], path
        for element in page.find_all(["a", "img", "script", "form", "iframe", "source"]):
            address = element.get("href") or element.get("src") or element.get("action") or ""
            host = urlsplit(address).netloc
            assert host == "" or host == own or host.endswith(".example"), (path, address)


@pytest.mark.parametrize("article", [a for a in IN_HTML if a.related], ids=lambda a: a.id)
def test_related_links_lead_somewhere(article):
    page = soup(article)
    for label, _ in article.related:
        address = page.find("a", string=label)["href"]
        if address.startswith(base(article.source)):
            assert urlsplit(address).path in resources(article.source)


def test_linked_data_and_interfaces_are_valid_json():
    for one in LIVE:
        for path, resource in resources(one.id).items():
            if "json" in resource.media_type:
                assert json.loads(resource.body), path
            elif "html" in resource.media_type:
                for script in BeautifulSoup(resource.body, "lxml").find_all("script", type="application/ld+json"):
                    assert json.loads(script.string)["@context"]


def test_feeds_and_sitemaps_are_well_formed_and_list_every_page():
    for one in LIVE:
        if one.method not in ("feed", "sitemap"):
            continue
        body = resources(one.id)[one.entry].body
        ElementTree.fromstring(body)  # raises where it is not well formed
        for article in truth.of(one.id):
            assert base(one.id) + one.skin.path(article) in body.decode(), article.id


@pytest.mark.parametrize("one", [s for s in LIVE if s.method == "list"], ids=lambda s: s.id)
def test_the_selector_finds_every_article_on_a_list_page(one):
    page = BeautifulSoup(resources(one.id)[one.entry].body, "lxml")
    assert [a["href"] for a in page.select(one.selector)] == [one.skin.path(a) for a in truth.of(one.id)]


def test_a_page_turner_keeps_every_word_of_the_body_once():
    for article in truth.of("practice-and-place"):
        layer = [block for page in yudu.spoil(article) for block in page]
        kept = Counter(re.findall(r"[a-z]{2,}", " ".join(layer).lower()))
        for paragraph in article.paragraphs[1:]:
            kept.subtract(re.findall(r"[a-z]{2,}", paragraph.lower()))
        # The first paragraph lost a letter of its first word to the drop capital.
        kept.subtract(re.findall(r"[a-z]{2,}", article.paragraphs[0].lower())[1:])
        assert [w for w, n in kept.items() if n < 0] == [], article.id
        assert len(layer) >= 9


def test_the_page_turner_lists_all_its_pages():
    first = BeautifulSoup(resources("practice-and-place")[yudu.page_path(1)].body, "lxml")
    linked = {urlsplit(a["href"]).path for a in first.find_all("a")}
    assert linked == {p for p in resources("practice-and-place") if p.endswith(".htm")}


def test_pages_that_are_no_article_do_not_show_one():
    for article in truth.articles():
        if article.outcome in ("login wall", "cookie wall", "soft 404"):
            assert article.paragraphs == ()
            assert len(words(soup(article).get_text(" "))) < 120
    for source, paths in NOT_ARTICLES.items():
        assert set(paths) <= set(resources(source))


def test_documents_gives_every_page_once():
    ids = [article.id for article, _ in documents(None)]
    assert len(ids) == len(set(ids)) == len(truth.articles())


def test_robots_keep_readers_out_of_a_page_that_is_listed():
    for article in truth.articles():
        robots = find(site(article.source), "", resources(article.source), "/robots.txt").body.decode()
        path = site(article.source).skin.path(article)
        closed = [line.split()[1] for line in robots.splitlines() if line.startswith("Disallow")]
        assert any(path.startswith(c) for c in closed) == (article.outcome == "disallowed"), article.id
