"""What becomes of each page of a document, and which pages of a magazine an article goes on over."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.store import addresses
from cuttings.model import Article, Reading, when
from cuttings.settings import Source
from flows.house import open_house
from flows.page_words import gave_words
from flows.reading import BETWEEN, NO_ARTICLE, Document, Got, Read, read_outcomes

NOW = when("2026-11-02T08:00:00+00:00")
FIRST = "The van leaves the yard at six and is back by noon, unless a tyre says otherwise on the moor road."
SECOND = "By the second winter nobody in the team could remember what the rounds had been like before the van came."
ADVERT = "Stair lifts fitted within the week. Ring for our brochure and a free measure of your stairs today."
MAGAZINE = Source(id="mag", name="Mag", method="page-turner", url="https://mag.example/1")


def outcomes(*bodies, articles, source=MAGAZINE, foreign=()):
    with open_house() as house:
        pages = tuple(
            Got(f"https://mag.example/{n}", f"https://mag.example/{n}", house.archive.put(b), size=len(b))
            for n, b in enumerate((f"<p>{body}</p>".encode() for body in bodies), 1)
        )
        read = Read(Document(pages), Reading(articles), foreign)
        return [(o.outcome, o.reason) for o in read_outcomes(house, source, read, NOW)]


def article(page, *paragraphs, language="en"):
    key = hashlib.sha256(str(page).encode()).hexdigest()[:16]
    return Article(key, f"https://mag.example/{page}", paragraphs=paragraphs, language=language)


@pytest.mark.usefixtures("home")
def test_a_page_between_that_gave_no_words_is_set_aside_and_continues_nothing():
    found = outcomes("Contents 4 Vans", FIRST, ADVERT, SECOND, articles=(article(2, FIRST, SECOND),))
    assert found == [("set aside", NO_ARTICLE), ("read", None), ("set aside", BETWEEN), ("read", None)]


@pytest.mark.usefixtures("home")
def test_pages_of_an_article_in_another_language_are_set_aside_with_it():
    why = "another language: cy"
    ours, theirs = (article(1, FIRST), article(4, SECOND)), ((article(2, language="cy"), why),)
    found = outcomes(FIRST, "Mae'r fan yn gadael", "ac yn dod yn ôl", SECOND, articles=ours, foreign=theirs)
    assert found == [("read", None), ("set aside", why), ("set aside", why), ("read", None)]


def test_a_drop_capital_a_cut_word_and_marks_do_not_hide_a_page():
    page = f"<div><b>T</b></div><p>{SECOND[1:60]}-</p><p>{SECOND[60:]}</p>".replace("winter", "win&shy;ter")
    assert gave_words(page.encode(), [FIRST + SECOND])
    assert gave_words(page.encode("utf-16"), [SECOND])
    assert not gave_words(page.encode(), [ADVERT])
    assert not gave_words(page.encode(), [])
    assert not gave_words(b"<" * 1_000_000, [ADVERT])


@given(st.text(alphabet="abc dé.'-<>&;", max_size=300), st.text(max_size=100))
def test_no_page_is_too_odd(page, text):
    assert gave_words(page.encode(), [text]) in (True, False)


@pytest.mark.usefixtures("home")
def test_the_thread_pages_of_an_article_are_visited_with_it_alone():
    paper = Source(id="p", name="P", method="pages", url="https://mag.example/1", pages=("https://mag.example/1",))
    with open_house() as house:
        addresses.add(house.store, [addresses.Address("https://mag.example/1", "p", NOW)])
        pages = tuple(Got(f"https://mag.example/{n}", None, house.archive.put(b"x")) for n in (1, 2))
        read = Read(Document(pages), Reading((article(1, FIRST),)))
        main, more = read_outcomes(house, paper, read, NOW)
    assert main.next_visit is not None
    assert (more.outcome, more.next_visit, more.articles) == ("read", None, ())
