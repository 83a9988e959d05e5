"""Which figures may be printed alone: those whose own clause says what they are a figure of."""

import pytest

from cuttings.figures import figures
from cuttings.figures_clear import says_of_what, worth


def clear(sentence, kind=None):
    found = [f for f in figures(sentence) if kind is None or f.kind == kind]
    assert found, "the sentence has no figure at all"
    return any(worth(f, sentence) > 0 for f in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "About 64% of carers in the county had no break last year.",
        "Turnover among homecare workers fell from 31% to 24% in the year to June.",
        "About a third of the 240 people whose visits will stop have two care workers at each visit.",
        "Fellshire pays £22.40 an hour for homecare in its villages.",
        "The county council will spend £1.4m on beds that nobody had planned for.",
        "Weekly fees in the county’s homes rose by £60 on average.",
        "In a survey of 1,204 carers, 71% said that they were tired.",
        "One in six adults in the dale looks after somebody without pay.",
        "The average cost of a new package of care rose by 11% last year.",
        "More than 40% of nurses in care homes have left their jobs this year.",
    ],
)
def test_figures_that_say_of_what(sentence):
    assert clear(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It cost £2.60 on the market stall.",
        "Its overall score was 61% for the year.",
        "Information was complete for 402 of them (81%).",
        "In 23 (7%) there was any sign that anybody had asked.",
        "Their missing entries fell from 19% to 4% within a year.",
        "On average they spent 37% of their time on it.",
        "Six months on the figure was 48% in both groups.",
        "The figure for their parent bodies was 55% in May.",
        "Some 58% agreed, and nobody was much surprised.",
        "In about half of these cases nothing had changed.",
        "Inspectors think that a third of councils could do this now.",
        "Of the amber ones, 66% were closed without a visit.",
        "A card and a stamp for my sister come to £3.20 in all.",
        "The council will hand back the £3,870 and say sorry.",
        "The council will pay Mr T £350 for his time and trouble.",
        "Take one in ten of the cases at random and read them.",
        "In the three others it was 2% at most.",
        "There a nurse was asked in 14% of cases.",
        "Visits fell from 30% to 20%.",
        "Almost two thirds of those who wrote in had had one.",
    ],
)
def test_figures_that_do_not(sentence):
    assert not clear(sentence)


def test_a_trifle_is_no_figure_but_a_rate_is():
    assert not says_of_what("Stamps for the appeal to families came to £45 at Easter.", "£45", "money")
    assert says_of_what("Meals on wheels in the district cost residents £7.45 a day.", "£7.45 a day", "money")
    assert says_of_what("Residents of the district pay a charge of £7.45 for meals on wheels.", "£7.45", "money")
    assert says_of_what("Day centres in the county cost residents and taxpayers £4.5m.", "£4.5m", "money")


def test_the_figure_that_the_headline_turns_on_comes_first():
    text = (
        "The gardens of care homes in the shire cover 12% of the land beside the canal. "
        "In the villages 44% of homecare visits start late because carers drive twenty miles."
    )
    garden, visits = figures(text)
    guide = ["Homecare visits in the villages start late"]
    assert worth(visits, text, guide) > worth(garden, text, guide) > 0
    assert worth(garden, text) > worth(visits, text) > 0


def test_a_share_with_its_base_is_worth_more():
    bare = "About 64% of carers in the county had no break last year."
    based = "About 64% of carers in the county (n = 240) had no break last year."
    assert worth(figures(based)[0], based) > worth(figures(bare)[0], bare)


def test_a_count_is_no_figure_to_lift():
    assert worth(figures("There are 1,400 beds in the homes of the county.")[0], "x" * 60) == 0
