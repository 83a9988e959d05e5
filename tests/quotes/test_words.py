"""Readability, glossary terms and acronyms that are spelt out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.glossary import counts_in, expansions_in
from cuttings.readability import readability, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("care", 1), ("cared", 1), ("needed", 2), ("social", 2), ("table", 2), ("houses", 2), ("council", 2),
        ("people", 2), ("area", 3), ("being", 2), ("assessment", 3), ("quality", 3),
        ("carer’s", 2), ("the", 1), ("by", 1),
    ],
)  # fmt: skip
def test_syllables(word, count):
    assert syllables(word) == count


def test_long_words_and_sentences_raise_the_reading_age():
    easy = readability("We help people. They live at home. Staff call in each day.")
    hard = readability(
        "Notwithstanding considerable organisational reconfiguration, multidisciplinary commissioning arrangements "
        "necessitate comprehensive personalisation infrastructure."
    )
    assert easy.age < 9 < 16 < hard.age
    assert easy.sentences == 3
    assert readability("").age == 0


GLOSSARY = ["CQC", "budget", "personal budget", "ASC", "co-production", "direct payment", "carer's assessment", "DoLS"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The CQC’s view of personal budgets", ("CQC", "personal budget")),
        ("a budget and a personal budget", ("budget", "personal budget")),
        ("asc, ASCOF and basc", ()),
        ("Co production and co-production", ("co-production",)),
        ("Carer’s assessments, direct-payments", ("carer's assessment", "direct payment")),
        ("budgeting", ()),
        ("DoLS applies; dols", ("DoLS",)),
    ],
)
def test_terms_that_occur(text, expected):
    assert tuple(counts_in(text, GLOSSARY)) == expected


def test_acronyms_and_their_own_explanations():
    text = (
        "The Care Quality Commission (CQC) and the Deprivation of Liberty Safeguards (DoLS). Two ICBs and McAdam met."
    )
    assert expansions_in(text) == {
        "CQC": "Care Quality Commission",
        "DoLS": "Deprivation of Liberty Safeguards",
    }
    assert expansions_in("He was here (OK).") == {}


@given(st.text(max_size=120))
def test_any_text_has_a_reading_age(text):
    assert readability(text).age >= 0
    expansions_in(text)
    assert set(counts_in(text, GLOSSARY)) <= set(GLOSSARY)
