"""What points out of its own sentence, and what only looks as if it did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.quotes import adds, best_quote, repeats
from cuttings.quotes_lean import leans, needs_neighbours


@pytest.mark.parametrize(
    "sentence",
    [
        "I learned this because my neighbour had kept the letters.",
        "In one sense, this is what every profession looks like.",
        "On average they waited for a year and a half.",
        "Ten years ago it had a bus stop and a library.",
        "In the end she paid for all of it by herself.",
        "Residents like this, and nobody has told the cabinet.",
        "Officers could have seen that because every file said so.",
        "People in these groups are seldom asked.",
        "The home in that street too had closed its doors.",
        "Nurses also asked for a room of their own.",
        "Directors would do the same for their own mothers.",
        "A man from the alarm company came that evening.",
        "Families were told that the other would open in May.",
        "Two thirds of the amber ones were never seen.",
        "Those who asked had one within a week, and he had one too.",
        "‘We can’t go on like before,’ she said.",
        "Half of the carers asked for a break were offered one.",
        "A nurse and a social worker spent sixty hours on it.",
        "The manager had never heard of it.",
    ],
)
def test_what_needs_its_neighbours(sentence):
    assert needs_neighbours(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The council said that it would pay for the bus.",
        "Carers told researchers that they had had no break.",
        "Social workers who left their employer this year were mostly under thirty.",
        "Half of those who replied had waited for a year.",
        "Councils need money for services such as day centres.",
        "The nurse wrote the plan and went back to it in May.",
        "The support group has lost its grant.",
        "In this county three homes have closed since spring.",
        "Mrs Harker waited until her daughter rang the council.",
        "A charity has told its members to keep their receipts.",
        "Scores were the same as in the year before.",
        "It is clear that councils cannot pay for everything.",
        "Homes say that the rate which the county pays is below their costs.",
        "People who draw on care were satisfied with support when they had chosen it.",
        "“We need our centre,” said Maud Ashby on Tuesday.",
    ],
)
def test_what_stands_by_itself(sentence):
    assert not needs_neighbours(sentence)


@pytest.mark.parametrize(
    ("words", "pointing"),
    [
        ("There a nurse was asked twice", True),
        ("There are three homes in the dale", False),
        ("First there was a letter", True),
        ("First aid is taught in every home", False),
        ("The question was who would pay", True),
        ("The question of who pays is open", False),
        ("One of us likes the radio", True),
        ("One in six people waits", False),
        ("Some were never asked", True),
        ("Some councils never asked", False),
        ("Against that, the bill is small", True),
        ("Against the odds the club is open", False),
        ("The best thing is the garden", True),
    ],
)
def test_what_points_back_with_its_first_words(words, pointing):
    assert leans(words) is pointing


LEANING_FIRST = (
    "I know this because my council wrote to me about carers. Such breaks are few. "
    "Carers in the county had no break last year because the council closed both respite homes for carers. "
    "That evening a man came about the breaks."
)


def test_a_sentence_that_stands_alone_wins_over_one_that_leans():
    printed = best_quote(LEANING_FIRST, title="Carers and their breaks")
    assert printed.text.startswith("Carers in the county had no break last year")


def test_no_quotation_is_better_than_one_that_nobody_can_follow():
    text = "The team upstairs had also asked for a rota that week. On average they waited for a year for a visit."
    assert best_quote(text) is None
    assert best_quote(text, standfirst="Rotas and visits are out of joint") is None


def test_a_claim_of_the_authors_stands_for_a_story_of_their_own():
    text = (
        "At four in the night the nurse said that Dad had slept. "
        "I need two nights every eight weeks, booked in January for the whole year, so that I have a calendar "
        "and my sister has one as well."
    )
    assert best_quote(text).text == "I need two nights every eight weeks, booked in January for the whole year …"


def test_what_a_headline_says_is_not_spelt_out_again():
    said = "Saltwick ‘requires improvement’, CQC finds"
    assert not adds("Saltwick’s adult social care ‘requires improvement’, says the Care Quality Commission", said)
    assert adds("Inspectors found 640 people who had waited for longer than six months", said)


def test_a_cut_never_hides_the_word_that_takes_it_back():
    text = (
        "The review for the board says that the capacity of the man was presumed by all who met him, as the law "
        "requires, but that nobody in seven organisations asked whether there was any reason to doubt it."
    )
    found = best_quote(text)
    assert found is None or "presumed" not in found.text


def test_a_claim_with_somebody_in_it_wins_over_a_scene():
    text = (
        "On Tuesday the kettle in the hall was on again at four for the lunch club. "
        "Councils must pay for the lunch club, or people in the villages will eat alone again. "
        "I walked home from the lunch club past the hall and the pond."
    )
    assert best_quote(text, title="The lunch club").text.startswith("Councils must pay")


@pytest.mark.parametrize(
    "story",
    [
        "On Sunday the manager said Mam had been no trouble and had sung.",
        "For four years Mam has worn a red button round her neck.",
        "My first visit to a home lasted for an hour and ten minutes.",
        "My late mother kept every letter from the council.",
    ],
)
def test_one_familys_day_is_not_the_point(story):
    text = f"{story} The respite home has four beds for the whole county, and each is booked until March."
    assert best_quote(text).text.startswith("The respite home has four beds")


@pytest.mark.parametrize(
    ("one", "other", "again"),
    [
        ("Half of carers wait longer than six months for a break.", "Half of carers wait longer than six months", True),
        ("The county said that nobody had been told about the plan to close the homes in May.",
         "A row grew after nobody had been told about the plan to sell land", True),
        ("Half of carers are over seventy.", "Half of all hours go unpaid in the county", False),
    ],
)  # fmt: skip
def test_what_says_the_same_again(one, other, again):
    assert repeats(one, other) is again


def test_what_was_found_wins_over_how_it_was_looked_for():
    text = (
        "We asked 40 day centres in the county about their transport and their meals. "
        "Transport to day centres in the county costs as much as their meals and staff together."
    )
    assert best_quote(text, title="Transport to day centres").text.startswith("Transport to day centres")


@given(st.text(alphabet="this that it they she on average ,.;’”“A I the council said one ones also\n", max_size=160))
def test_any_words_get_an_answer_in_no_time(words):
    assert needs_neighbours(words) in (True, False)
    assert leans(words) in (True, False)
