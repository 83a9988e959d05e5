# ruff: noqa: E501 - markup reads best with a page element on a line
"""The article found where the markup names no container, and what stands around it given back by region."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page
from parsers import recipe

SAID = (
    "Families in the upper valley will get a named worker from June, the cabinet decided on Tuesday evening after two hours of questions.",
    "The service has lost a third of its staff since the spring, and agency cover has cost more than the whole of the training budget.",
    "Nora Whitlock, who chairs the carers' forum, told members that people had stopped ringing because nobody rang them back.",
    "Letters go out before the end of the month, and a first report comes back to the panel in September with the figures of each team.",
    "The union welcomed the plan but asked who would cover for the named workers when they are ill, on leave or in training for a week.",
    "A second vote on the fees of the day centres was put off until the autumn, as two members had not seen the papers in good time.",
    "Officers said that the papers had been sent, and that they would be sent again, this time on paper and with the annex that was lost.",
)
PARAGRAPHS = "".join(f"<p>{p}</p>" for p in SAID)
POINTS = "".join(
    f"<h2>Team {n} of the valley</h2><ul><li>Two workers in post</li><li>A van to share</li></ul>" for n in range(5)
)
NAV = '<nav class="top"><a href="/">Fell Gazette</a> <a href="/jobs">Jobs</a></nav>'
FOOT = '<footer class="site"><p>Fell Gazette, 2 Market Row</p></footer>'
BOX = '<div class="author_detail_box"><div><a href="/by/ann">Ann Lee</a><p>Ann Lee covers the valley for the Gazette. She likes dogs.</p></div></div>'
CARD = '<div class="item"><a href="/news/{0}"><span><span>Guides</span><h4>What members heard about part {0}</h4></span><span>Read more</span></a></div>'


def read(main: str, around: str = "{}"):
    body = around.format(f"<h1>A named worker for each family</h1>{main}")
    html = f'<!DOCTYPE html><html lang="en"><head><title>A named worker for each family</title></head><body>{NAV}{body}{FOOT}</body></html>'
    return parsers.read([Page("https://gazette.example/news/named-worker", html.encode())])


@pytest.fixture
def alone(monkeypatch):
    """No other reader is asked."""

    def never(_):
        raise AssertionError("trafilatura was asked")

    monkeypatch.setattr(recipe, "from_trafilatura", never)


@pytest.mark.parametrize("around", ["<article>{}</article>", "<main>{}</main>", '<div role="main">{}</div>'])
@pytest.mark.usefixtures("alone")
def test_an_article_with_many_headings_and_lists_is_found(around):
    article = read(f'<div class="x1">{PARAGRAPHS}{POINTS}</div>', around).articles[0]
    assert [p for p in article.paragraphs if p in SAID] == list(SAID)
    assert "Team 4 of the valley" in {s.text for s in article.subheads}


@pytest.mark.parametrize(
    ("around", "links"),
    [("<div>{}</div>", 0), ("<article>{}</article>", 12)],
    ids=["in no article or main part", "among links to other articles"],
)
def test_where_it_is_not_sure_the_other_reader_is_asked(around, links, monkeypatch):
    asked = []
    monkeypatch.setattr(recipe, "from_trafilatura", lambda _: asked.append(1) or [])
    others = "".join(f'<li><a href="/n/{n}">The homes, part {n}</a></li>' for n in range(links))
    read(f'<div class="x1">{PARAGRAPHS}{POINTS}<ul>{others}</ul></div>', around)
    assert asked


@pytest.mark.usefixtures("alone")
def test_a_sidebar_does_not_hold_the_main_part():
    """Themes call the column beside the sidebar "content-sidebar", and the headline may stand in a banner above it."""
    html = f'<html lang="en"><head><title>A named worker</title></head><body>{NAV}<div class="banner"><h1>A named worker</h1></div><div class="gazette-sidebar"><main><div class="entry-content">{PARAGRAPHS}</div></main></div><div class="gazette-sidebar"><p>Jobs in the valley</p></div>{FOOT}</body></html>'
    reading = parsers.read([Page("https://gazette.example/n/1", html.encode())])
    assert reading.articles[0].paragraphs == SAID
    assert any("Jobs in the valley" in aside.text for aside in reading.set_aside)


@pytest.mark.parametrize("mains", [0, 2])
def test_a_sidebar_is_one_where_no_main_part_tells_otherwise(mains):
    teaser = '<div class="entry-content"><p>' + "Jobs in the valley and beyond it. " * 30 + "</p></div>"
    side = f"<main>{teaser}</main>" * mains or teaser
    html = f'<html lang="en"><head><title>A named worker</title></head><body>{NAV}<h1>A named worker</h1><div class="entry-content">{PARAGRAPHS}</div><div class="gazette-sidebar">{side}</div>{FOOT}</body></html>'
    assert parsers.read([Page("https://gazette.example/n/1", html.encode())]).articles[0].paragraphs == SAID


def test_what_stands_around_it_comes_back_by_region():
    reading = read(f'<div class="x1">{PARAGRAPHS}</div>', "<article>{}</article>")
    found = {a.why: a.text for a in reading.set_aside}
    assert (found["navigation"], found["footer"]) == ("Fell Gazette Jobs", "Fell Gazette, 2 Market Row")


def test_a_box_about_the_author_is_no_part_of_the_article():
    reading = read(f'<div class="entry-content">{PARAGRAPHS}{BOX}</div>')
    assert reading.articles[0].paragraphs == SAID
    assert any(a.text.startswith("Ann Lee Ann Lee covers") and "notes" in a.why for a in reading.set_aside)


@pytest.mark.parametrize("heading", ["Related articles", "New articles"])
def test_cards_below_the_text_are_links_to_other_articles(heading):
    cards = "".join(CARD.format(n) for n in (1, 2, 3))
    article = read(f'<div class="entry-content">{PARAGRAPHS}<h3>{heading}</h3>{cards}</div>').articles[0]
    assert article.paragraphs == SAID
    assert not article.subheads
    assert [link.url for link in article.related_links] == [f"https://gazette.example/news/{n}" for n in (1, 2, 3)]
    assert all(f"part {n}" in link.text for n, link in enumerate(article.related_links, 1))


@pytest.mark.parametrize("opening", ['<a name="top">', "<a>"])
def test_a_heading_in_an_anchor_that_leads_nowhere_is_a_subhead(opening):
    """As in pages of 2005, where <a name="top"> is opened and never closed."""
    main = f'<div class="entry-content">{PARAGRAPHS}{opening}<h3>More about the fees</h3><p>{SAID[0]} Again.</p></div>'
    assert "More about the fees" in {s.text for s in read(main).articles[0].subheads}


@pytest.mark.parametrize(
    "line", ["Add as a preferred source on Google", "Add us as a preferred source", "Get started", "Find out more"]
)
def test_a_button_is_no_paragraph(line):
    reading = read(f'<div class="entry-content">{PARAGRAPHS}<p>{line}</p><p>{SAID[0]} Again.</p></div>')
    assert line not in reading.articles[0].paragraphs
    assert any(a.text == line for a in reading.set_aside)


@pytest.mark.parametrize("cut", ["<", "</"])
def test_a_page_cut_short_within_a_tag_has_no_bracket_in_its_words(cut):
    html = f'<html lang="en"><head><title>Fees</title></head><body><h1>Fees</h1><div class="entry-content">{PARAGRAPHS}<p>And so it went on{cut}'
    assert parsers.read([Page(None, html.encode())]).articles[0].paragraphs[-1] == "And so it went on"
