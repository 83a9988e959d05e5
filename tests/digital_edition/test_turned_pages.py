"""Page-turner pages, layer by layer and whole, on pages of our own."""

from __future__ import annotations

import pytest

from cuttings.model import Page, Unreadable
from parsers import digital_edition
from parsers.digital_edition import furniture, headings, paragraphs, words
from parsers.digital_edition.coherence import junction
from parsers.digital_edition.order import Block, Hints, ordered

FIRST = """This page contains a Flash digital edition of a book.
HOUSING The key in the drawer


A spare key is a small thing to lose and a large one to be without, says Ruth Kettley


W been there. The warden, who had retired in the spring, had never handed it


over, and nobody had thought to ask her, although she lived across the road and could be seen on most \
mornings watering her tomatoes. In the end it was the postman who climbed in. He was not supposed to, of \
course, and he has asked me not to print his name. He is fifty-eight, he said, and there are easier ways of \
getting into a kitchen. Every scheme I have visited since then


Ruth Kettley is a housing adviser at Oxmoor District Council


42 CAREINTHESHIRES OCT13


hen the alarm went off at Orchard House, the only key was in a drawer where it had always


It was the postman who climbed in. He was not supposed to, of course, and he


has asked me not to print his name


has a drawer like that. It holds the fuses, the manual for a boiler that was replaced in the last century, \
and a key without a label. Somebody ought to look into these drawers once a year. It


Page 1  |  Page 2  |  Page 3  |  Page 4  |  Page 5  |  Page 6
"""

SECOND = """would take an hour, it would cost nothing, and it would tell us a good deal about who
is meant to be in charge. CITS
THEMAGAZINEOFTHESHIRES 43
"""


def page(text: str, url: str | None = None, kind: str = "text/plain") -> Page:
    return Page(url, text.encode(), kind)


class TestTwoPages:
    reading = digital_edition.read([page(FIRST), page(SECOND)])
    article = reading.articles[0]

    def test_one_article_over_both(self):
        assert len(self.reading.articles) == 1
        assert self.article.pages == ("42", "43")
        assert self.article.published == "2013-10"
        assert self.article.publication == "Care in the Shires"

    def test_heading(self):
        assert self.article.title == "The key in the drawer"
        assert self.article.standfirst.endswith("says Ruth Kettley")
        assert self.article.authors == ("Ruth Kettley",)
        assert self.article.author_bio == "Ruth Kettley is a housing adviser at Oxmoor District Council"

    def test_text_in_order(self):
        text = " ".join(self.article.paragraphs)
        assert text.startswith(
            "When the alarm went off at Orchard House, the only key was in a drawer where it had always"
        )
        assert "had always been there. The warden" in text
        assert "handed it over, and nobody" in text
        assert "since then has a drawer like that" in text
        assert text.endswith(
            "It would take an hour, it would cost nothing, and it would tell us a good deal about "
            "who is meant to be in charge."
        )

    def test_quote_and_furniture_are_set_aside(self):
        (quote,) = self.article.pull_quotes
        assert quote.startswith("It was the postman who climbed in.")
        assert quote.endswith("has asked me not to print his name")
        aside = {a.text: a.why for a in self.reading.set_aside}
        assert aside["CITS"] == "end mark"
        assert aside["HOUSING"] == "kicker above the headline"
        assert "42 CAREINTHESHIRES OCT13" in aside
        assert "THEMAGAZINEOFTHESHIRES 43" in aside

    def test_what_was_mended_is_said(self):
        kinds = {r.kind for r in self.article.repairs}
        assert {"drop capital", "reading order", "page join", "paragraph breaks"} <= kinds


class TestForms:
    """The same words as each maker's markup has them."""

    BODY = (
        "The bus to the day centre used to wait. It waited for the man who could not find his",
        "stick and for the woman who had found hers and gone back for her library book.",
        "Now it leaves at nine whoever is on it, because a leaving time can be written down.",
    )

    def test_yudu_with_blocks_or_breaks(self):
        def html(inner: str) -> str:
            return f"<html><head><script>var a='x'</script></head><body>{inner}</body></html>"

        notice = "This page contains a Flash digital edition of a book."
        as_p = html("".join(f"<p>{b}</p>" for b in (notice, *self.BODY, "7 THE ALMONER")))
        as_br = html("<div>" + "<br><br>".join((notice, *self.BODY, "7 THE ALMONER")) + "</div>")
        for text in (as_p, as_br):
            pages = [page(text, "http://content.yudu.com/a/b/resources/7.htm", "text/html")]
            assert digital_edition.recognises(pages)
            article = digital_edition.read(pages).articles[0]
            assert " ".join(article.paragraphs) == " ".join(self.BODY)
            assert article.pages == ("7",)

    def test_flipbuilder_keeps_its_gutter(self):
        rows = [
            ("The bus to the day centre used to", "for her library book. Now it leaves"),
            ("wait. It waited for the man who", "at nine whoever is on it, because a"),
            ("could not find his stick and for the", "leaving time can be written down and"),
            ("woman who had found hers and", "waiting cannot. Nobody decided this;"),
            ("gone back to the house once more", "it was merely never decided against."),
        ]
        pre = "\n".join(f"{a:<40}{b}" for a, b in rows)
        head = "<html><head><title>Page 9 - The Almoner</title></head><body>"
        html = f"{head}<pre>Page 9 - The Almoner\nP. 9\n\n{pre}\n</pre></body></html>"
        pages = [page(html, "http://a.example/files/basic-html/page9.html", "text/html")]
        assert digital_edition.recognises(pages)
        article = digital_edition.read(pages).articles[0]
        assert " ".join(article.paragraphs) == " ".join([a for a, _ in rows] + [b for _, b in rows])
        assert article.repairs[0].kind == "columns"

    def test_flippingbook_lines_have_their_place(self):
        left = [
            "The bus to the day centre used to",
            "wait. It waited for the man who",
            "could not find his stick and for",
        ]
        right = [
            "the woman who had found hers and",
            "gone back for her library book, as",
            "she did on most days of the week.",
        ]
        items = [
            f'<p class="textItem" style="left:{x}%;top:{10 + 3 * n}%">{text}</p>'
            for x, column in ((55.0, right), (5.0, left))
            for n, text in reversed(list(enumerate(column)))
        ]
        pages = [page("<html><body>" + "".join(items) + "</body></html>", None, "text/html")]
        assert digital_edition.recognises(pages)
        assert " ".join(digital_edition.read(pages).articles[0].paragraphs) == " ".join(left + right)

    def test_a_web_article_is_none_of_these(self):
        html = (
            "<html><body><article><h1>Buses</h1>"
            + "".join(f"<p>{b}</p>" for b in self.BODY)
            + "</article></body></html>"
        )
        assert not digital_edition.recognises([page(html, "http://a.example/2014/buses/", "text/html")])


@pytest.mark.parametrize(
    ("text", "number", "name", "issue"),
    [
        ("42 CAREINTHESHIRES JAN12", "42", "Care in the Shires", "2012-01"),
        ("THEMAGAZINEOFTHESHIRES 43", "43", "The Magazine of the Shires", None),
        ("page 6", "6", None, None),
        ("- 12 -", "12", None, None),
        ("P. 18", "18", None, None),
        ("Page 18 - The Almoner", "18", "The Almoner", None),
        ("THE ALMONER MARCH 10", None, "The Almoner", "2010-03"),
        ("almoner.example   18", "18", None, None),
        ("14 | The Almoner | Spring 2014", "14", "The Almoner", "2014"),
    ],
)
def test_folios(text, number, name, issue):
    found = furniture.folio(" ".join(text.split()), edge=True)
    assert found is not None
    assert (found.number, found.name, found.issue) == (number, name, issue)


@pytest.mark.parametrize(
    "text",
    [
        "Ten ways to lose a key",
        "In March 2010 the council closed it",
        "There were 12",
        "It was May 14 when they",
        "Why 2010 mattered",
    ],
)
def test_no_folios(text):
    assert furniture.folio(text, edge=True) is None


def test_a_page_list_that_ran_into_the_text_is_cut_out():
    text, found = furniture.page_list_in("the people we see. " + " ".join(f"Page {n}" for n in range(1, 9)))
    assert text == "the people we see."
    assert found.startswith("Page 1 Page 2")


@pytest.mark.parametrize(
    ("a", "b", "whole"),
    [
        ("mid-", "week", "mid-week"),
        ("devel-", "opment", "development"),
        ("gar\u2010", "den", "garden"),
        ("re-", "form", "reform"),
        ("two-", "and", None),
        ("home", "care", None),
        ("–", "and", None),
    ],
)
def test_words_cut_at_a_line_end(a, b, whole):
    assert words.rejoined(a, b) == whole


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("T ere was a diff erence in the offi ce", "There was a difference in the office"),
        ("He walked off the stage aſt er lunch", "He walked off the stage after lunch"),
        ("a stiff neck is no proof of grief", "a stiff neck is no proof of grief"),
        ("the ef ciency of the staff", "the efficiency of the staff"),
        ("the ﬁrst ﬂoor", "the first floor"),
    ],
)
def test_ligatures(text, mended):
    assert words.mend_ligatures(text, systematic=True)[0] == mended


@pytest.mark.parametrize("text", ["T junction", "off and on", "Vitamin T is none", "a cliff edge"])
def test_words_that_only_look_cut_stay(text):
    assert words.mend_ligatures(text, systematic=False)[0] == text


def test_lost_blanks_are_given_back_only_where_there_is_no_doubt():
    assert words.parted("governmentpolicy,") == "government policy,"
    assert words.parted("hospitallike") == "hospital-like"
    for word in ("Stokebridge", "understanding", "kindnesses", "microcommissioning", "personalisation"):
        assert words.parted(word) is None


def test_headings_set_apart_or_doubled():
    assert words.unspaced("B E D S F O R A L L") == "BEDS FOR ALL"
    assert words.unspaced("A  C H A I R  A P A R T") == "A CHAIR APART"
    assert words.unspaced("Beds for all of us") is None
    assert headings.undoubled("Beds for AllBeds for All") == "Beds for All"
    assert headings.undoubled("BBeeddss ffoorr AAllll") == "Beds for All"
    assert headings.undoubled("Beds for all of us") is None


def test_edges_tell_what_follows():
    start = "The council decided in the end that it would have"
    assert junction(start, "to close the home.") > junction(start, "The home was closed.")
    assert junction("It was closed.", "The home is gone.") > junction("It was closed.", "of the home.")
    assert junction("He said: “We will not", "be moved,” and sat down.") > junction(
        "He said: “We will not", "be moved, and sat down."
    )


def test_order_as_found_stays_when_nothing_speaks_against_it():
    blocks = [Block("One thing was certain. It was"), Block("late. Another was the rain, which"), Block("fell.")]
    result = ordered(blocks, Hints())
    assert (result.places, result.changed, result.certainty) == ((0, 1, 2), False, "sure")


def test_columns_from_the_right_are_turned_round():
    blocks = [
        Block("to the river and did not stop until they"),
        Block("were home. Nobody spoke."),
        Block("They had been told to wait, and they waited. Then somebody", "folio"),
        Block("shouted, and all of them ran down"),
    ]
    result = ordered(blocks, Hints(headed=True))
    assert result.places == (2, 3, 0, 1)
    assert result.changed


def test_a_page_of_thousands_of_lines_is_left_as_found():
    text = "\n\n".join(f"Line {n} of a page that nobody ever set in type and that has no end" for n in range(3000))
    article = digital_edition.read([page(text)]).articles[0]
    assert len(" ".join(article.paragraphs).split()) > 3000 * 14


def test_paragraphs_start_one_line_before_an_open_end():
    blocks = [
        "He waited for an answer until it was dark. Nobody came to the door that evening and",
        "nobody came on the next. The neighbours, he learned later, were away, and",
        "had been for a month.",
    ]
    text = paragraphs.joined(blocks, [False] * 3, [False] * 3)
    assert [p[:10] for p in text.paragraphs] == ["He waited ", "Nobody cam", "The neighb"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"page 6\n\nFEATURE\n\nPage 1 Page 2 Page 3 Page 4 Page 5"])
def test_pages_without_an_article_say_so(body):
    with pytest.raises(Unreadable):
        digital_edition.read([Page("http://content.yudu.com/a/b/resources/6.htm", body, "text/plain")])
