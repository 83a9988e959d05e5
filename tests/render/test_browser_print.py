"""The HTML file as a reader prints it from the browser: nothing is lost on the way to paper."""

import re
import unicodedata
from io import BytesIO

import pytest
from pypdf import PdfReader

from cuttings.render import html
from tests.render.browser import print_out
from tests.render.documents import CRESTS, addresses, issue

SHOWN = ("managers-week", "members-month", "managers-odd", "members-odd")
MOST = {"managers": 6, "members": 4}  # pages; a browser's own breaks are less thrifty than the PDF's


@pytest.fixture(scope="module", params=SHOWN)
def state(request):
    return request.param


@pytest.fixture(scope="module")
def paper(state, tmp_path_factory):
    document = html(issue(state), crest=CRESTS.get(state))
    return PdfReader(BytesIO(print_out(document, tmp_path_factory.mktemp("print"))))


def squeezed(text):
    """Letters and digits alone: lines break, ligatures and the order of right-to-left words differ between programs."""
    return re.sub(r"[\W_\u02bc]+", "", unicodedata.normalize("NFKC", text))  # pypdf reads ’ as the letter U+02BC


def is_latin(text):
    return all(letter < "\u0250" or not letter.isalpha() for letter in text)


@pytest.fixture(scope="module")
def printed_words(paper):
    return squeezed(" ".join(page.extract_text() for page in paper.pages))


def test_every_item_and_its_words_are_printed(state, printed_words):
    latin = [item for item in issue(state).items if is_latin(item.headline.text)]
    assert len(latin) >= len(issue(state).items) - 2
    for item in latin:
        assert squeezed(item.headline.text) in printed_words, item.number
        if item.quotation and item in {i for s in issue(state).sections for i in s.items}:
            assert squeezed(item.quotation.printed) in printed_words, item.number
    for section in issue(state).sections:
        assert squeezed(section.heading.text) in printed_words
    for line in (*issue(state).in_brief, *issue(state).contact):
        assert squeezed(line.text) in printed_words


def test_every_address_is_a_link_and_printed(state, paper, printed_words):
    kept = {address for address in addresses(paper) if address.startswith("http")}
    assert kept >= {item.url for item in issue(state).items}
    for item in issue(state).items:  # on paper nobody follows a link
        assert squeezed(item.url.partition("://")[2]) in printed_words


def test_what_only_a_screen_needs_is_not_printed(printed_words):
    assert "Skiptothecuttings" not in printed_words


def test_no_word_stands_outside_the_paper(paper):
    for page in paper.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        places = []

        def visit(text, cm, tm, _font, _size, places=places):
            if text.strip():
                places.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

        page.extract_text(visitor_text=visit)
        assert places, "an empty page"
        assert all(0 < x < width and 0 < y < height for x, y in places)


def test_pages(state, paper):
    assert len(paper.pages) <= MOST[issue(state).audience]


def test_the_crest_is_printed(state, paper):
    """A crest that is a picture file; a drawn one leaves lines like any other's."""
    assert bool(paper.pages[0].images) == (state == "members-odd")
