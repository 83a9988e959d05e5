import pytest

from cuttings.model import Page, Unreadable
from parsers.digital_edition import COVER, read

COVER_PAGE = """MOOR AND DALE

SPRING 2025

The quarterly of the Upland Care Forum

INSIDE

2 The long way to a short visit

6 Who drives the night bus?

This page contains a Flash digital edition of a book."""

ARTICLE_PAGE = """The long way to a short visit

A visit of fifteen minutes can take an hour and a half to reach. I kept a diary of one week on the tops, and most of
it is about gates.

On Monday the ford was over the wheels, so I walked the last half mile with the bag on my back. The man I was going to
see had put the kettle on at eight and it was twenty past nine.

2 MOORANDDALE SPRING25

This page contains a Flash digital edition of a book."""


def page(text, n):
    return Page(f"http://pages.example/B1/md25/resources/{n}.htm", text.encode(), "text/plain")


def test_a_cover_is_no_article_and_its_words_are_kept():
    reading = read([page(COVER_PAGE, 1), page(ARTICLE_PAGE, 2)])
    (article,) = reading.articles
    assert article.paragraphs[0].startswith("A visit of fifteen minutes")
    (cover,) = [a.text for a in reading.set_aside if a.why == COVER]
    assert "6 Who drives the night bus?" in " ".join(cover.split())


def test_a_cover_alone_is_told_as_one():
    with pytest.raises(Unreadable) as told:
        read([page(COVER_PAGE, 1)])
    assert (told.value.field, told.value.detail) == ("page", COVER)
