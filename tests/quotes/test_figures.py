import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.figures import figures


def found(text):
    return [(f.kind, f.value) for f in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About 64% of carers had no break.", [("percentage", "64%")]),
        ("It rose by 3.5 per cent, or two percentage points.", [("percentage", "3.5 per cent")]),
        ("Ten per cent of posts are vacant.", [("percentage", "Ten per cent")]),
        ("Between 10 and 15-20% left.", [("percentage", "15-20%")]),
        ("The gap is £1.2bn this year.", [("money", "£1.2bn")]),
        ("Fees went up by £60 a week.", [("money", "£60 a week")]),
        ("One in three carers is ill.", [("ratio", "One in three")]),
        ("Two-thirds of homes are full.", [("ratio", "Two-thirds")]),
        ("Some 12,400 residents wait.", [("count", "12,400")]),
        ("There are 1.5 million posts.", [("count", "1.5 million")]),
        ("We met 40 disabled people.", [("count", "40")]),
        ("In 2019 the Care Act 2014 was five years old.", []),
        ("See section 42 adults and page 17 people.", []),
        ("It opens at 10.30 on 3 May.", []),
        ("Call 01632 960 123 for help.", []),
    ],
)
def test_what_is_a_figure(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Of those asked, 64% said no (n = 240).", "(n = 240)"),
        ("A survey of 1,204 carers found that 64% had no break.", "survey of 1,204 carers"),
        ("The county asked people in May. 340 people replied. Some 60% were unhappy.", "340 people replied"),
        ("More than 64% had no break.", None),
        ("A survey of 1,204 carers came out.\n\nElsewhere 64% had no break.", None),
    ],
)
def test_the_base_is_the_sources_own_or_none(text, base):
    percentage = next(f for f in figures(text) if f.kind == "percentage")
    assert percentage.base == base
    if base:
        assert text[slice(*percentage.base_at)] == base


def test_the_year_is_a_period_not_the_name_of_an_act():
    one = figures("Under the Care Act 2014 some 60% were seen in 2023-24.")[0]
    assert one.year == "2023-24"
    assert figures("Under the Care Act 2014 some 60% were seen.")[0].year is None


def test_a_long_sentence_gives_a_clause_or_nothing():
    text = (
        "The report came out in the week of the budget, in which carers are not named at all in any of its pages, "
        "yet 64% of those who answered said that they had had no break since the summer."
    )
    one = figures(text)[0]
    assert text[slice(*one.clause)].startswith("yet 64% of those who answered")
    uncut = (
        "The report that came out in the week of the budget found to nobody’s great surprise in the county hall or in "
    )
    uncut += "any of the villages around it that 64% were tired."
    assert figures(uncut)[0].clause is None


@given(st.text(alphabet="a 0123456789%£,.n=()-–mbninoe thref\nPpcs", max_size=200))
def test_every_figure_is_where_it_says(text):
    for one in figures(text + "."):
        whole = text + "."
        assert whole[one.start : one.end] == one.value
        assert one.sentence[0] <= one.start < one.end <= one.sentence[1]
        if one.clause:
            assert one.sentence[0] <= one.clause[0] <= one.start
            assert one.end <= one.clause[1] <= one.sentence[1]
