"""What a printer looks at, on the real PDF: lines that stand alone, broken words, ligatures, embedded fonts."""

import re
from functools import lru_cache
from itertools import pairwise

import pymupdf
import pytest

from tests.render.documents import STATES, issue, pdf, printed, reader
from tests.render.test_html import read

FILES = [*((state, False) for state in STATES), *((state, True) for state in ("managers-week", "members-month"))]
EVERY = pytest.mark.parametrize(("state", "large"), FILES, ids=[f"{s}{'-large' * big}" for s, big in FILES])
HEAD_AND_FOOT = {False: (40, 42), True: (45, 56)}  # points of a page's height that its running head and foot may take


def squeezed(text):
    return re.sub(r"\s+", "", text)


@lru_cache
def lines(state, large):
    """The lines of each page's body, in the order they are painted: what stands beside each other is one line each."""
    found = []
    for page in pymupdf.open(stream=pdf(state, large)):
        head, foot = HEAD_AND_FOOT[large]
        rows = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
        body = [r for r in rows if r["bbox"][1] > head * (page.number > 0) and r["bbox"][3] < page.rect.height - foot]
        found.append(["".join(span["text"] for span in row["spans"]) for row in body])
    return found


def paragraphs(state, large):
    document = printed(state, large)
    return [squeezed(read(p).text) for p in re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", document, re.DOTALL)]


def parted(state, large):
    """(lines at the foot, lines at the head of the next page) of each paragraph that goes over a page's end."""
    pages = [[squeezed(line) for line in page] for page in lines(state, large)]
    for before, after in pairwise(pages):
        for text in paragraphs(state, large):
            for n in range(1, len(before) + 1):
                foot = "".join(before[-n:])
                if len(foot) >= len(text) or not text.startswith(foot):
                    continue
                heads = ["".join(after[:m]) for m in range(1, len(after) + 1)]
                if text[len(foot) :] in heads:
                    yield n, heads.index(text[len(foot) :]) + 1


@EVERY
def test_no_line_of_a_paragraph_stands_alone(state, large):
    assert [pair for pair in parted(state, large) if min(pair) < 2] == []


def test_a_line_that_stands_alone_would_be_seen(monkeypatch):
    monkeypatch.setitem(globals(), "paragraphs", lambda *_: ["onetwothree", "four"])
    monkeypatch.setitem(globals(), "lines", lambda *_: [["before", "one", "two"], ["three", "four"]])
    assert list(parted("any", False)) == [(2, 1)]


@EVERY
def test_quotations_are_copied_out_in_whole_words(state, large):
    def copied(words):
        return " ".join(words.split()).replace("- ", "-")  # a line may end after the hyphen of "long-term"

    text = copied(" ".join(line for page in lines(state, large) for line in page))
    latin = [item for item in issue(state).items if item.headline.text.isascii() and not item.brief]
    assert latin
    for item in latin:
        for quotation in item.quotations:
            # Over a page's end the running heads are cut away; a line's end is a space and never a broken word.
            assert copied(quotation.printed) in text, item.number


@EVERY
def test_words_are_broken_in_the_narrow_column_alone(state, large):
    """A line may end with a hyphen where its author has one ("long-term"), and in contents and contact."""
    known = read(printed(state, large)).text
    beside = " ".join(re.findall(r'<div class="beside">(.*?)</div>', printed(state, large), re.DOTALL))
    broken = [(a, b) for page in lines(state, large) for a, b in pairwise(page) if a.rstrip()[-1:] in "-\u2010"]
    for line, after in broken:
        first, second = line.split()[-1], (after.split() or [""])[0]
        assert f"{first}{second}" in known or f"{first[:-1]}{second}" in read(beside).text, (line, after)


@EVERY
def test_ligatures_are_copied_out_as_letters(state, large):
    text = " ".join(page.extract_text() for page in reader(state, large).pages)
    assert not re.search("[\ufb00-\ufb06]", text)
    words = set(re.findall(r"\b[a-z]*f[fil][a-z]*\b", read(printed(state, large)).text))
    assert words <= set(re.findall(r"\b[a-z]+\b", text))


@EVERY
def test_every_font_is_embedded_with_its_letters(state, large):
    held = [
        font.get_object()
        for page in reader(state, large).pages
        for font in (page["/Resources"].get("/Font") or {}).values()
    ]
    assert held
    for font in held:
        (inner,) = font["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
        assert "/ToUnicode" in font
        assert str(font["/BaseFont"]).split("+", 1)[-1].startswith("Cuttings-")


@pytest.mark.parametrize(
    ("state", "large"),
    [("members-month", False), ("members-odd", False), ("members-200", False), ("members-month", True)],
)
def test_what_a_theme_means_for_residents_begins_beside_its_article(state, large):
    """A grey box that opens a page is nobody's."""
    pages = [squeezed("".join(page)) for page in lines(state, large)]

    def page_of(words):
        return next(n for n, page in enumerate(pages) if squeezed(words) in page)

    boxes = [s for s in issue(state).sections if s.items[-1].headline.text.isascii()]
    assert boxes
    for section in boxes:
        first = section.why or section.decide or section.question
        if first:
            assert page_of(first.text) == page_of(section.items[-1].byline.text)
