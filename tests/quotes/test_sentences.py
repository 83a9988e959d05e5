"""Where sentences end: British abbreviations, numbers, initials, quotations, headings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.sentences import quotation_depth, split


def texts(text):
    return [s.text for s in split(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Dr. Hall and Cllr. Reed met Mrs. Osei at St. Anne’s.",
        "J. K. Hall wrote it with A.B. Okoro.",
        "Spending rose by 3.5 per cent to £1.2m.",
        "Section 42, i.e. the duty to enquire, applies.",
        "Homes such as flats, e.g. Birch Court, are new.",
        "See para. 4.2 and p. 17 of No. 7.",
        "Hall et al. found the same.",
        "Hall v. Fellshire was decided in Feb. 2019.",
        "‘Why wait?’ she asked.",
        "“Stop!” shouted the caretaker.",
        "Waiting … is what we do best.",
        "They met at 5 p.m. on Friday.",
        "Under s. 117 aftercare is free.",
    ],
)
def test_what_does_not_end_a_sentence(whole):
    assert texts(f"{whole} Next comes another.") == [whole, "Next comes another."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is no. We went home.", ["The answer is no.", "We went home."]),
        ("They came at 5 p.m. The hall was full.", ["They came at 5 p.m.", "The hall was full."]),
        ("Costs rose to £1.2m. ‘We can’t wait,’ she said.", ["Costs rose to £1.2m.", "‘We can’t wait,’ she said."]),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("Was it late? It was! Yes…  So it was.", ["Was it late?", "It was!", "Yes…", "So it was."]),
        ("It was cheap (too cheap.) We said so.", ["It was cheap (too cheap.)", "We said so."]),
        ("We agree.[12] They do not.", ["We agree.[12]", "They do not."]),
        ("Wait and see.\u00a0\u00a0 Then decide.", ["Wait and see.", "Then decide."]),
    ],
)
def test_what_ends_a_sentence(text, expected):
    assert texts(text) == expected


def test_a_blank_line_parts_and_a_heading_is_no_whole_sentence():
    sentences = split("Waiting for help\n\nWe waited a year.\n\nNobody rang")
    assert [(s.text, s.whole, s.paragraph) for s in sentences] == [
        ("Waiting for help", False, 0),
        ("We waited a year.", True, 1),
        ("Nobody rang", False, 2),
    ]


def test_a_heading_on_the_line_above_is_parted_from_its_paragraph():
    body = "Older residents told us that they had waited for more than a year before anybody rang them."
    assert texts(f"What we heard\n{body}") == ["What we heard", body]


def test_wrapped_lines_stay_together():
    text = "Older residents told us that they had waited for\nmore than a year before anybody rang them."
    assert texts(text) == [text]


def test_a_sentence_inside_a_quotation_knows_it():
    inside = split("“We are short of staff. Nobody applies. We close at five,” said the manager.")
    assert [(s.quoted_at_start, s.quoted_at_end) for s in inside] == [(False, True), (True, True), (True, False)]


@pytest.mark.parametrize(
    "text",
    [
        "The carers’ rights and the council’s duty.",
        "Back in the ’90s it wasn’t so.",
        "Rock ’n’ roll at the carers' lunch isn't new.",
        "‘Carers’ rights matter’, they said.",
        "“The word ‘care’ is worn,” he said.",
        'She said "yes" and "no".',
        "It was the ‘90s.",
    ],
)
def test_apostrophes_open_no_quotation(text):
    assert quotation_depth(text, 0, len(text))[-1] == 0


@given(st.text(alphabet="aBcI .!?…,;:\n\u00a0()[]0123£%“”‘’'\"–-éDr", max_size=300))
def test_sentences_cover_everything_but_white_space_in_order(text):
    sentences = split(text)
    covered = 0
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
        assert sentence.text
        assert sentence.start >= covered
        assert not text[covered : sentence.start].strip()
        covered = sentence.end
    assert not text[covered:].strip()


@given(st.text(alphabet="ab “”‘’'\"s.", max_size=120))
def test_the_depth_never_falls_below_zero(text):
    depth = quotation_depth(text, 0, len(text))
    assert len(depth) == len(text) + 1
    assert min(depth) >= 0
    assert depth[0] == 0


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("The sums are in annex B. It was sent to every council.", 2),
        ("People in group C. They waited longest.", 2),
        ("The chair was Maud B. Ashby of the county council.", 1),
        ("Mrs A. Hall told the panel.", 1),
    ],
)
def test_a_letter_that_counts_is_no_initial(text, many):
    assert len(split(text)) == many
