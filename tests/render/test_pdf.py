"""The PDF: tagged, named, the same twice, and what the checkers say. None of them is veraPDF."""

import logging
import re
import shutil
import subprocess

import pytest

from cuttings.render import pdf_from_html
from tests.render.documents import STATES, addresses, fonts, issue, outline, pdf, printed, reader

SHOWN = pytest.mark.parametrize("state", STATES)


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
    [("managers-week", 4), ("members-month", 2), ("managers-one", 1), ("members-200", 2), ("managers-200", 4)],
)
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


LONG = pytest.mark.parametrize("state", ["managers-week", "managers-200", "members-month", "members-200"])


@LONG
def test_no_heading_is_left_alone_at_the_foot_of_a_page(state):
    held = issue(state)
    headings = {section.heading.text for section in held.sections}
    headings |= {i.headline.text for s in held.sections for i in s.items if i.standfirst or i.quotation}
    for place, page in enumerate(reader(state).pages[:-1]):
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        body = [line for line in lines if not re.search(r"Page \d+ of \d+$", line)]
        if place:  # what stands at the edges is painted after the words: the theme that goes on from the page before
            assert re.fullmatch(r"\d+ .+|Also read|Dates for .+", body.pop())
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


@pytest.mark.parametrize("state", ["managers-week", "members-month"])
def test_large_print_has_nothing_below_eighteen_point(state):
    sizes = []

    def visit(text, cm, tm, _font, size):
        if text.strip():
            sizes.append(round(size * abs(tm[3] * cm[3]), 1))

    document = reader(state, large=True)
    for page in document.pages:
        page.extract_text(visitor_text=visit)
    head_and_foot = 14
    assert min(sizes) >= head_and_foot
    assert {size for size in sizes if size < 18} <= {head_and_foot}
    assert "Contents" in document.pages[0].extract_text()


@SHOWN
def test_page_validation(state):
    page = pytest.importorskip("page")
    report = page.validate_pdf_bytes(pdf(state), profile=page.ValidationProfile.PDF_UA_1)
    assert list(report.failures) == []


@SHOWN
def test_outloud(state, tmp_path):
    outloud = pytest.importorskip("outloud")
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state))
    found = outloud.check(str(path)).findings
    assert [(f.rule, f.message, f.evidence) for f in found] == []


@SHOWN
def test_pdfua(state, tmp_path):
    pdfua = pytest.importorskip("pdfua")
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state))
    assert list(pdfua.validate(str(path)).findings) == []


@SHOWN
def test_qpdf(state, tmp_path):
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed: apt-get install qpdf")
    path = tmp_path / "issue.pdf"
    path.write_bytes(pdf(state))
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_outside_is_asked_for(caplog):
    held = printed("managers-one").replace("</main>", '<img src="http://127.0.0.1:9/x.png" alt="x"></main>')
    assert b"127.0.0.1:9" not in pdf_from_html(held)
    assert any("127.0.0.1:9" in record.getMessage() for record in caplog.records)  # refused, and said so
    caplog.clear()
