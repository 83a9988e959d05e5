"""What the makers' markup hides: columns by place or by blanks, what spans them, and where an article goes on."""

from __future__ import annotations

import random
import textwrap
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cuttings.model import Label, Labels, Page, StoredArticle, Story, Unreadable
from parsers import digital_edition
from parsers.digital_edition import EMPTY, NOTHING, furniture, pages
from parsers.digital_edition.order import Block, Hints, ordered
from tests.digest import corpus

TITLE = "The Bus That Would Not Wait"
STANDFIRST = "A timetable can be written down and kindness cannot, says Ruth Kettley"
BODY = (
    "The bus to the day centre used to wait. It waited for the man who could not find his stick and for the woman who "
    "had found hers and gone back for her library book, as she did on most days of the week. Nobody minded this very "
    "much, since the driver knew all of them by name and had a flask of tea beside him. Now it leaves at nine whoever "
    "is on it, because a leaving time can be written down and waiting cannot. Nobody decided this; it was merely never "
    "decided against. The contract says that a bus which is late costs the firm eleven pounds, and says nothing about "
    "a passenger who was left behind on the kerb. I asked the council how many people had stopped coming since the "
    "change. It did not know. I asked the day centre, which did: of the forty who came in the spring of last year, "
    "nineteen come now, and four of those are driven by a neighbour who does not charge for it. The rest are at home, "
    "and somebody will have to visit them there in the end, at a price."
)
QUOTE = "It leaves at nine whoever is on it"


def columns(count: int, width: int) -> list[list[str]]:
    lines = textwrap.wrap(BODY, width)
    size = -(-len(lines) // count)
    return [lines[n * size : (n + 1) * size] for n in range(count)]


def placed(count: int) -> list[tuple[float, float, str]]:
    """(left, top, text) of a page with a headline over all its columns."""
    apart, set_ = 90 / count, columns(count, {2: 44, 3: 34, 4: 26}[count])
    items = [(5.0, 4.0, "FEATURE"), (5.0, 8.0, TITLE), (5.0, 12.0, STANDFIRST)]
    items += [
        (round(5 + apart * k + (2 if k == n == 0 else 0), 1), 20 + 2.0 * n, text)
        for k, column in enumerate(set_)
        for n, text in enumerate(column)
    ]
    return [*items, (5.0, 96.0, "42 CAREINTHESHIRES OCT13")]


def flipping(items: list[tuple[float, float, str]]) -> Page:
    inner = "".join(f'<p class="textItem" style="left:{x}%;top:{y}%">{text}</p>' for x, y, text in items)
    return Page(None, f"<html><body>{inner}</body></html>".encode(), "text/html")


def flipbuilder(inner: str) -> Page:
    head = "<html><head><title>Page 9 - The Almoner</title></head><body><pre>Page 9 - The Almoner\nP. 9\n\n"
    text = f"{head}{TITLE}\n\n{STANDFIRST}\n\n{inner}\n\nalmoner.example   9\n</pre></body></html>"
    return Page("http://a.example/files/basic-html/page9.html", text.encode(), "text/html")


def rows(count: int) -> list[str]:
    set_, wide = columns(count, {2: 44, 3: 34, 4: 26}[count]), {2: 48, 3: 38, 4: 30}[count]
    return [
        "".join(f"{column[n] if n < len(column) else '':<{wide}}" for column in set_).rstrip()
        for n in range(len(set_[0]))
    ]


def only(page: Page):
    (article,) = digital_edition.read([page]).articles
    return article


def as_set(article) -> bool:
    return (article.title, article.standfirst, " ".join(article.paragraphs)) == (TITLE, STANDFIRST, BODY)


@pytest.mark.parametrize("count", [2, 3, 4])
class TestColumns:
    def test_by_place_whatever_order_they_are_sent_in(self, count):
        items = placed(count)
        random.Random(count).shuffle(items)
        page = flipping(items)
        assert digital_edition.recognises([page])
        assert as_set(only(page))

    def test_by_place_with_a_quotation_across_them(self, count):
        items = [(x, y if y < 30 else y + 8, text) for x, y, text in placed(count)] + [(5.0, 32.0, f"“{QUOTE}”")]
        article = only(flipping(items))
        assert as_set(article)
        assert article.pull_quotes == (f"“{QUOTE}”",)

    def test_by_place_with_a_caption_below_the_first(self, count):
        low = 20 + 2.0 * len(columns(count, {2: 44, 3: 34, 4: 26}[count])[0]) + 8
        assert as_set(only(flipping([*placed(count), (5.0, low, "Above: the bus at Orchard House")])))

    def test_by_blanks(self, count):
        article = only(flipbuilder("\n".join(rows(count))))
        assert as_set(article)
        assert article.repairs[0].kind == "columns"

    def test_by_blanks_with_a_quotation_across_them(self, count):
        lines = rows(count)
        half = len(lines) // 2
        article = only(flipbuilder("\n".join([*lines[:half], "", f"            “{QUOTE}”", "", *lines[half:]])))
        assert as_set(article)
        assert article.pull_quotes == (f"“{QUOTE}”",)


def test_the_language_is_told():
    assert only(flipping(placed(2))).language == "en"


@pytest.mark.parametrize(
    "inner", ["", "<p></p>", "<p>This page contains a Flash digital edition of a book.</p><p>Page 1 Page 2 Page 3</p>"]
)
def test_a_page_of_yudu_with_nothing_on_it_says_so(inner):
    page = Page(
        "http://content.yudu.com/a/b/resources/7.htm", f"<html><body>{inner}</body></html>".encode(), "text/html"
    )
    with pytest.raises(Unreadable) as told:
        digital_edition.read([page])
    assert told.value.detail in (EMPTY, NOTHING)


# ---------------------------------------------------------------- over pages

OPENED = """Keys for nobody

Every scheme has a drawer of keys without a label, argues Ruth Kettley

The drawer is in the office. It holds the fuses, the manual for a boiler that was replaced in the last century, and
a key that fits nothing. I have asked in nineteen schemes whose it was, and in nineteen schemes nobody had any idea, so

{onward}

6 CAREINTHESHIRES OCT13"""
ANOTHER = """The lift that spoke

A voice in a lift can be company of a kind, says Oona Marsh

The lift at Carrow Point has a voice. It says the number of the floor, and on Sundays, when nobody else has said a
word to them, some of the tenants say it back. Nobody planned for this.

7 CAREINTHESHIRES OCT13"""
GOES_ON = """it goes back into the drawer. Somebody ought to look into these drawers once a year. It would take an hour
and it would cost nothing at all.

9 CAREINTHESHIRES OCT13"""


def text_page(text: str, n: int) -> Page:
    return Page(f"http://content.yudu.com/a/b/resources/{n}.htm", text.encode(), "text/plain")


def test_continued_on_another_page_is_followed():
    first = OPENED.format(onward="Continued on page 9")
    found = digital_edition.read([text_page(first, 6), text_page(ANOTHER, 7), text_page(GOES_ON, 9)])
    keys, lift = found.articles
    assert "nobody had any idea, so it goes back into the drawer." in " ".join(keys.paragraphs)
    assert (keys.pages, lift.pages) == (("6", "9"), ("7",))
    assert "Continued on page 9" in {aside.text for aside in found.set_aside}


def test_continued_from_is_followed_as_well():
    last = "Continued from page 6\n\n" + GOES_ON
    found = digital_edition.read([text_page(OPENED.format(onward=""), 6), text_page(ANOTHER, 7), text_page(last, 9)])
    keys, lift = found.articles
    assert (keys.pages, lift.pages) == (("6", "9"), ("7",))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Continued on page 9", (True, "9")),
        ("continued from p. 6", (False, "6")),
        ("Turn to page 31 »", (True, "31")),
        ("Continued overleaf", None),
        ("It was continued on page 9 of the report", None),
    ],
)
def test_lines_that_say_where_an_article_goes_on(line, meant):
    assert furniture.jump(line) == meant


def test_a_page_that_gave_nothing_is_set_aside_with_its_reason():
    blank = "8 CAREINTHESHIRES OCT13"
    found = digital_edition.read([text_page(OPENED.format(onward=""), 6), text_page(blank, 8), text_page(GOES_ON, 9)])
    (article,) = found.articles
    assert article.pages == ("6", "9")
    assert ("page 8", NOTHING) in {(aside.text, aside.why) for aside in found.set_aside}


# ---------------------------------------------------------------- what the reader of the digest is told


def told(article) -> set[str]:
    """The repairs as an edition prints them."""
    labels = Labels("workforce", (Label("workforce", 0.9, ()),))
    kept = StoredArticle(article, datetime(2026, 10, 7, tzinfo=UTC), 1, labels, article.key)
    issue = corpus.digest(held=(Story(article.key, (kept,), ()), *corpus.stories()))
    return {line.text for item in issue.items if item.article == article.key for line in item.repairs}


def dated(article):
    return replace(article, source="gazette", published="2026-10-07", precision="day", url="https://gazette.example/6")


def test_an_order_that_was_mended_is_said_in_the_digest():
    blocks = BODY.split(". ")
    front, back = ". ".join(blocks[4:]), ". ".join(blocks[:4]) + ". Nobody decided"
    front = front.removeprefix("Nobody decided ")
    article = only(text_page(f"{TITLE}\n\n{STANDFIRST}\n\n{front}\n\n42 CAREINTHESHIRES OCT13\n\n{back}\n", 42))
    assert " ".join(article.paragraphs) == BODY
    assert any(line.startswith("reading order") for line in told(dated(article)))


def test_an_order_that_could_not_be_told_is_said_in_the_digest():
    blocks = [f"{sentence}." for sentence in BODY.removesuffix(".").split(". ")]
    one, two = " ".join(blocks[:4]), " ".join(blocks[4:])
    article = only(text_page(f"{TITLE}\n\n{STANDFIRST}\n\n{one}\n\n42 CAREINTHESHIRES OCT13\n\n{two}\n", 42))
    assert " ".join(article.paragraphs) == BODY
    assert any(line.startswith(pages.LEFT) for line in told(dated(article)))


def test_a_page_beyond_print_is_left_as_found_and_says_so():
    text = "\n\n".join(f"Line {n} of a page that nobody ever set in type. It has no end" for n in range(2000))
    article = only(text_page(text, 4))
    assert " ".join(article.paragraphs).split() == text.split()
    assert [(r.kind, r.certainty) for r in article.repairs] == [(pages.LEFT, "uncertain")]


def test_a_name_is_given_in_full_before_it_is_used():
    blocks = [
        Block("It was gossip, said the doctors, and they would not have Prothero do it, because of the law."),
        Block("The shop in Dyer Lane has been kept by old Gwen Prothero for years, with a cat and a book.", "folio"),
    ]
    result = ordered(blocks, Hints(headed=True))
    assert result.certainty != "sure"
    plain = [Block(block.text.replace("Gwen Prothero", "Gwenllian"), block.apart) for block in blocks]
    assert ordered(plain, Hints(headed=True)).places == (0, 1)
