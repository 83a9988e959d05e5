"""The PDF: tagged, named, the same twice, and what the checkers say. None of them is veraPDF."""

import gc
import logging
import re
import shutil
import subprocess
from io import BytesIO

import outloud
import page as page_validation
import pdfua
import pytest
from pypdf import PdfReader

from cuttings.render import pdf_from_html
from cuttings.render.layout import VARIANT, _may_be_tighter, collecting_rarely
from cuttings.render.pdf import _finish, _name_languages
from tests.render.browser import not_checked
from tests.render.documents import STATES, addresses, fonts, issue, outline, pdf, printed, reader, structure

SHOWN = pytest.mark.parametrize("state", STATES)
# Large print is a layout of its own (nothing hangs, other things break), so it is checked as a file of its own.
LARGE = ("managers-week", "members-month", "managers-odd", "managers-one", "managers-200", "managers-12-themes")
FILES = pytest.mark.parametrize(
    ("state", "large"),
    [*((state, False) for state in STATES), *((state, True) for state in LARGE)],
    ids=[*STATES, *(f"{state}-large" for state in LARGE)],
)


@pytest.fixture(autouse=True)
def _a_render_that_logs_is_a_failed_test(caplog):
    with caplog.at_level(logging.WARNING):
        yield
    assert [
        record.getMessage() for record in caplog.records if record.name.startswith(("weasyprint", "fontTools"))
    ] == []


@SHOWN
def test_title_language_tags(state):
    document = reader(state)
    root = document.trailer["/Root"]
    assert document.metadata.title == f"{issue(state).name}: {issue(state).title.text}"
    assert document.metadata.author == issue(state).council
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize(
    ("state", "most"),
    [
        ("managers-week", 4), ("members-month", 2), ("managers-one", 1), ("members-one", 1), ("members-200", 2),
        ("managers-200", 4), ("managers-odd", 4), ("members-odd", 2), ("managers-12-themes", 4),
    ],
)  # fmt: skip
def test_page_budget_and_no_empty_page(state, most):
    document = reader(state)
    assert 1 <= len(document.pages) <= most
    for page in document.pages:
        assert len(page.extract_text().split()) > 30


def test_same_input_same_bytes():
    assert pdf_from_html(printed("managers-one")) == pdf("managers-one")


@SHOWN
def test_every_glyph_comes_from_a_font_of_ours(state):
    assert fonts(reader(state))
    assert all(name.startswith("Cuttings-") for name in fonts(reader(state)))


@SHOWN
def test_links_are_the_items_addresses(state):
    expected = {i.url for i in issue(state).items} | {
        c.url for i in issue(state).items for c in i.also_in if not i.brief
    }
    assert set(addresses(reader(state))) == expected


@SHOWN
def test_bookmarks_are_the_headings(state):
    titles = [title for _, title in outline(reader(state))]
    assert titles[0] == issue(state).name
    for section in issue(state).sections:
        assert any(section.heading.text in title for title in titles)
        for item in section.items:
            assert " ".join(item.headline.text.split()) in [" ".join(t.split()) for t in titles]


LONG = pytest.mark.parametrize("state", [state for state in STATES if not state.endswith("-one")])


@LONG
def test_no_heading_is_left_alone_at_the_foot_of_a_page(state):
    held = issue(state)
    headings = {section.heading.text for section in held.sections}
    headings |= {i.headline.text for s in held.sections for i in s.items if i.standfirst or i.quotation}
    for place, page in enumerate(reader(state).pages[:-1]):
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        body = [line for line in lines if not re.search(r"Page \d+ of \d+$", line)]
        if place:  # what stands at the edges is painted after the words: the theme that goes on from the page before
            assert re.fullmatch(r"\d+ .+|Also read|Dates for .+|From the archive|What practitioners say", body.pop())
        assert not any(heading in body[-1] for heading in headings)
        assert not re.fullmatch(r"[MC]\d+( [A-Z]+)*|Why it matters here:.*", body[-1])


@LONG
def test_no_page_but_the_last_is_left_half_empty(state):
    point, foot, most = 25.4 / 72, 16, 60  # mm; an item that stays whole takes its room with it
    for page in reader(state).pages[:-1]:
        heights = []

        def visit(text, cm, tm, _font, _size, heights=heights):
            if text.strip():
                heights.append((tm[5] * cm[3] + cm[5]) * point)

        page.extract_text(visitor_text=visit)
        assert min(y for y in heights if y > foot) - foot < most


@pytest.mark.parametrize("state", LARGE)
def test_large_print_has_nothing_below_eighteen_point(state):
    sizes = []

    def visit(text, cm, tm, _font, size):
        if text.strip():
            sizes.append(round(size * abs(tm[3] * cm[3]), 1))

    document = reader(state, large=True)
    for page in document.pages:
        page.extract_text(visitor_text=visit)
    assert min(sizes) >= 18  # the running head and foot as well
    if issue(state).sections[1:]:
        assert "Contents" in document.pages[0].extract_text()


@pytest.mark.parametrize("state", LARGE)
def test_large_print_has_every_link_and_bookmark(state):
    document = reader(state, large=True)
    assert set(addresses(document)) == set(addresses(reader(state)))
    assert [title for _, title in outline(document) if title != "Contents"] == [
        title for _, title in outline(reader(state)) if title != "Contents"
    ]


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
def test_a_crest_is_told_to_a_reader_s_program(large):
    (figure,) = [e for e in structure(reader("managers-odd", large)) if "Crest" in str(e.get("/Alt"))]
    assert figure["/S"] == "/Figure"
    assert figure["/Alt"] == "Crest of Wexmoor County Council"


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
def test_another_language_is_told_to_a_reader_s_program(large):
    """Without it a Welsh headline is read out by an English voice."""
    told = [e for e in structure(reader("managers-odd", large)) if str(e.get("/Lang", "")) == "cy"]
    # The headline is a link, the standfirst a paragraph, the quotation a span beside our own words on its figure.
    assert {str(e["/S"]) for e in told} == {"/Link", "/P", "/Span"}
    assert {str(e.get("/Lang")) for e in structure(reader("managers-odd", large))} == {"cy", "None"}


class Box:
    def __init__(self, tag, lang=None, children=()):
        self.element_tag, self.children, self.element = tag, children, {"lang": lang}


class Laid:
    """As much of WeasyPrint's document and PDF as naming languages looks at."""

    def __init__(self, *boxes, elements=1):
        page = type("Page", (), {"_page_box": Box(None, children=boxes)})
        self.pages = [page]
        self.objects = [{"S": "/Link", "K": [0]} for _ in range(elements)]


def test_languages_are_named_where_boxes_and_elements_agree():
    held = Laid(Box("p", children=(Box("a", "cy"), Box("a::after", "cy"), Box("a"))), elements=3)
    _name_languages(held, held)
    assert [one.get("Lang") for one in held.objects] == ["(cy)", None, None]


@pytest.mark.parametrize(
    "held",
    [
        Laid(Box("a", "cy"), elements=2),  # counted differently
        Laid(elements=1),
        Laid(Box("a", "cy)/S(x")),  # no language
        Laid(Box("a", None)),
        type("Other", (), {"objects": [{"S": "/Link", "K": [0]}], "pages": [object()]})(),  # another version's names
    ],
)
def test_what_cannot_be_told_apart_stays_as_it_was(held):
    _name_languages(held, held)
    assert all(set(one) == {"S", "K"} for one in held.objects)


def test_a_few_lines_alone_do_not_take_another_page():
    """The same issue: set as usual it ends with a few lines on a third page, set tighter it ends on the second."""
    usual = pdf_from_html(printed("managers-odd"), spare_paper=False)
    assert len(PdfReader(BytesIO(usual)).pages) == 3
    assert len(reader("managers-odd").pages) == 2


def test_a_tighter_layout_that_saves_nothing_is_left_under_way():
    """A style of a designer's that knows no "tight": the issue stays as it came, byte for byte."""
    loose = printed("managers-odd").replace(".tight", ".slack")
    assert pdf_from_html(loose) == pdf_from_html(loose, spare_paper=False)


def test_fonts_and_styles_kept_apart_change_no_byte():
    """What makes room for a second layout: the same file as WeasyPrint's own way through the same HTML."""
    from weasyprint import HTML

    document = printed("members-one").replace("</main>", "<p>url(data:font/ttf;base64,AAAA)</p></main>")
    plain = HTML(string=document).render(pdf_variant=VARIANT).write_pdf(finisher=_finish, pdf_variant=VARIANT)
    assert pdf_from_html(document) == plain
    assert "data:font/ttf" in PdfReader(BytesIO(plain)).pages[0].extract_text()


def test_garbage_is_collected_as_before_afterwards():
    before = gc.get_threshold()
    with collecting_rarely():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_large_print_is_never_set_tighter():
    assert not _may_be_tighter(printed("managers-odd", True))


@pytest.mark.parametrize("state", ["managers-odd", "members-odd"])
def test_odd_titles_stay_on_the_paper(state):
    """A word without an end is broken, not run over the edge."""
    document = reader(state)
    words = "".join(page.extract_text() for page in document.pages)
    assert words.replace("\n", "").count("Reorganisation") >= 8
    for page in document.pages:
        places = []

        def visit(text, cm, tm, _font, _size, places=places):
            if text.strip():
                places.append((tm[4] * cm[0] + cm[4], text))

        page.extract_text(visitor_text=visit)
        assert all(0 < x < float(page.mediabox.width) - 18 * 72 / 25.4 for x, _ in places)


@FILES
def test_page_validation(state, large):
    report = page_validation.validate_pdf_bytes(pdf(state, large), profile=page_validation.ValidationProfile.PDF_UA_1)
    assert list(report.failures) == []


@FILES
def test_outloud(state, large, tmp_path):
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state, large))
    found = outloud.check(str(path)).findings
    assert [(f.rule, f.message, f.evidence) for f in found] == []


@FILES
def test_pdfua(state, large, tmp_path):
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state, large))
    assert list(pdfua.validate(str(path)).findings) == []


@FILES
def test_qpdf(state, large, tmp_path):
    if shutil.which("qpdf") is None:
        not_checked("no PDF went past qpdf --check: apt-get install qpdf")
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state, large))
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_outside_is_asked_for(caplog):
    held = printed("managers-one").replace("</main>", '<img src="http://127.0.0.1:9/x.png" alt="x"></main>')
    assert b"127.0.0.1:9" not in pdf_from_html(held)
    assert any("127.0.0.1:9" in record.getMessage() for record in caplog.records)  # refused, and said so
    caplog.clear()
