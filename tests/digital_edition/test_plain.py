"""Text copies of ordinary web articles."""

from __future__ import annotations

import pytest

from cuttings.model import Page, Unreadable
from parsers import digital_edition, plain

NEWS = """‘Rotas need room to breathe’

Home care rotas leave no time for the people behind the front doors, argues Miriam Farrow.

The 2014 survey of home care rotas shows that most visits begin late and nearly all of them end early.

That is no surprise to anyone who has\u00a0 sat in a car outside a bungalow, eating a sandwich\u00a0between two calls.

Councils ‘know the problem’

Commissioners have heard the complaint for years. They have answered it with apps, with tracking and with targets.

None of it has added a minute to the day of those who drive from one front door to another in the rain.

Miriam Farrow is a lecturer at the University of Wexmouth and the author of Minutes and Miles (Almoner Press, 2011).

More on home care rotas

Survey: one visit in three begins late

‘We were told to clock in from the car’

More from The Almoner

Comments are closed.
"""

BLOG = """Skip to main content

Who answers the telephone?

A telephone rings in an office and nobody is there to answer it, which is how most of my working days begin.

I have worked in housing for thirty years.\u00a0 In that time telephones have become cleverer and answers shorter.

What would help is a person, and a person costs less than the machine that was bought to do without one.

Desmond Achebe

Note - a version of this piece appeared in the staff newsletter of the Fellbridge Trust

Resources
Ann Tolley, The Listening Council, Almoner Press, 2009
Bert Rowe and Cy Marsh for the Fellbridge Trust - Ringing True: a guide

3 comments for “Who answers the telephone?”

  1. Gravatar of BrendaBrenda
    posted 05 March 2014 at 08:09:10

    Ours rings in Leeds. See http://example.org/leeds for the reason.

    It is not a good one.

  2. Gravatar of Desmond AchebeDesmond Achebe
    posted 06 March 2014 at 18:00:01

    Thank you, Brenda.

  3. Gravatar of Martin MartinMartin Martin
    posted 06 March 2014 at 18:00:02

    Thank you, Brenda.

Leave Comment

Last Updated : 05 March 2014. Page Author: Web Team."""


def read(text: str, url: str | None = None):
    return plain.read([Page(url, text.encode(), "text/plain")])


class TestNews:
    reading = read(NEWS, "https://almoner.example/2014/05/06/rotas-need-room/")
    article = reading.articles[0]

    def test_heading(self):
        assert self.article.title == "‘Rotas need room to breathe’"
        assert self.article.standfirst == (
            "Home care rotas leave no time for the people behind the front doors, argues Miriam Farrow."
        )
        assert self.article.authors == ("Miriam Farrow",)
        assert self.article.kind == "opinion"

    def test_date_comes_from_the_permalink(self):
        assert (self.article.published, self.article.precision) == ("2014-05-06", "day")

    def test_paragraphs_have_plain_blanks(self):
        assert len(self.article.paragraphs) == 4
        assert "who has sat in a car" in self.article.paragraphs[1]
        assert "sandwich between two" in self.article.paragraphs[1]

    def test_subhead_stands_before_its_paragraph(self):
        assert [(s.text, s.before) for s in self.article.subheads] == [("Councils ‘know the problem’", 2)]

    def test_bio_and_its_book(self):
        assert self.article.author_bio.startswith("Miriam Farrow is a lecturer")
        assert self.article.references == ("Miriam Farrow, Minutes and Miles, Almoner Press, 2011",)

    def test_links_and_empty_widget(self):
        assert [link.text for link in self.article.related_links] == [
            "Survey: one visit in three begins late",
            "‘We were told to clock in from the car’",
        ]
        assert self.article.publication == "The Almoner"
        aside = {a.text for a in self.reading.set_aside}
        assert {"More from The Almoner", "More on home care rotas", "Comments are closed."} <= aside
        assert self.reading.comments == ()


class TestBlog:
    reading = read(BLOG)
    article = reading.articles[0]

    def test_title_is_the_one_the_comments_repeat(self):
        assert self.article.title == "Who answers the telephone?"
        assert self.article.standfirst is None
        assert len(self.article.paragraphs) == 3

    def test_author_signs_below_and_the_page_editor_is_nobody(self):
        assert self.article.authors == ("Desmond Achebe",)
        assert any("Web Team" in a.text for a in self.reading.set_aside)

    def test_footer_gives_the_date(self):
        assert (self.article.published, self.article.modified) == ("2014-03-05", "2014-03-05")

    def test_note_and_references(self):
        assert self.article.version_note.startswith("Note - a version")
        assert len(self.article.references) == 2

    def test_comments_are_records(self):
        first, second, third = self.reading.comments
        assert (first.n, first.author, first.posted) == (1, "Brenda", "2014-03-05T08:09:10")
        assert first.text.endswith("for the reason.\n\nIt is not a good one.")
        assert first.links == ("http://example.org/leeds",)
        assert (second.author, second.by_article_author) == ("Desmond Achebe", True)
        assert third.author == "Martin Martin"
        assert len({c.key for c in self.reading.comments}) == 3
        assert {c.article for c in self.reading.comments} == {self.article.key}


@pytest.mark.parametrize(
    ("glued", "name"),
    [("AnnAnn", "Ann"), ("Ann LeeAnn Lee", "Ann Lee"), ("Martin Martin", "Martin Martin"), ("Jojo", "Jojo"), ("", "")],
)
def test_a_doubled_name_is_halved_only_where_nothing_stands_between(glued, name):
    from parsers.plain_comments import once

    assert once(glued) == name


def test_wordpress_comments_of_a_text_copy():
    text = NEWS.replace(
        "Comments are closed.",
        "2 comments\n\nAnn Lee says:\n8 May 2014 at 9:05 pm\n\nQuite so.\n\nReply\n\n"
        "Bo says:\n9 May 2014 at 10:00 am\n\nNo.\n",
    )
    one, two = read(text).comments
    assert (one.author, one.posted, one.text) == ("Ann Lee", "2014-05-08T21:05:00", "Quite so.")
    assert (two.author, two.posted, two.text) == ("Bo", "2014-05-09T10:00:00", "No.")


def test_lines_that_were_only_wrapped_are_one_paragraph():
    import textwrap

    wrapped = "\n\n".join(textwrap.fill(block, 72) for block in NEWS.split("\n\n"))
    assert read(wrapped).articles[0].paragraphs == read(NEWS).articles[0].paragraphs


@pytest.mark.parametrize("body", [b"", b"  \n\n ", b"Home\n\nSearch\n\nContact us", bytes(range(1, 32)) * 40])
def test_nothing_to_read_is_said(body):
    with pytest.raises(Unreadable):
        plain.read([Page("http://a.example/", body, "text/plain")])


def test_it_knows_its_own():
    page = Page(None, NEWS.encode(), "text/plain; charset=utf-8")
    assert plain.recognises([page])
    assert not digital_edition.recognises([page])
    assert not plain.recognises([Page(None, NEWS.encode(), "text/html")])
    assert not plain.recognises([])


def test_every_word_is_somewhere():
    for text in (NEWS, BLOG):
        reading = read(text)
        article = reading.articles[0]
        kept = [
            article.title,
            article.standfirst,
            article.author_bio,
            article.version_note,
            *article.paragraphs,
            *article.references,
            *(s.text for s in article.subheads),
            *(link.text for link in article.related_links),
            *(a.text for a in reading.set_aside),
            *(c.text for c in reading.comments),
            *(c.author for c in reading.comments),
        ]
        words = {word for part in kept if part for word in part.split()}
        said = [w for line in text.split("\n") if "Gravatar" not in line and "posted" not in line for w in line.split()]
        assert [word for word in said if word not in words] == []


@pytest.mark.parametrize(
    ("more", "works"),
    [
        (" and the Moor Trust’s short guide to rotas.", ("The Moor Trust, short guide to rotas",)),
        (
            " and The Institute of Home Care’s handbook for new visitors.",
            ("The Institute of Home Care, handbook for new visitors",),
        ),
        (" and her mother’s report of it is kinder.", ()),
        (" and lives in Hedley.", ()),
    ],
)
def test_works_that_the_line_about_the_author_names(more, works):
    text = NEWS.replace("(Almoner Press, 2011).", f"(Almoner Press, 2011){more}")
    (article,) = read(text).articles
    assert article.references == ("Miriam Farrow, Minutes and Miles, Almoner Press, 2011", *works)
