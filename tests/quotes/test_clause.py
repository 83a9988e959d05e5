"""Where a sentence may be cut: never beside what turns it round, and still where it only goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.quotes import best_quote
from cuttings.quotes_clause import clauses
from cuttings.sentences import split


def cut(text, most_words=25):
    (sentence,) = split(text)
    return [text[start:end] for start, end in clauses(sentence, most_words)]


TURNED = [
    # who says so
    "Respite homes are a waste of money and should be sold in every town, which is what one group said long ago and "
    "what this year's review shows to be mistaken.",
    "Every home in the north of the county will be closed before the spring, or so a petition had it that went round "
    "the villages in the autumn.",
    "The council has spent its whole budget for carers on new offices; that, at least, is what a former member told a "
    "meeting in the town hall.",
    "Nobody over eighty will be given a place in a day centre next year – as one newsletter put it to its many readers "
    "in the dale.",
    "The fee for telephone alarms is against the law and must be paid back, according to a paper that the county's "
    "lawyers have since taken apart.",
    # what is given is taken back
    "The minister told the House that no family would pay more for respite, and her officials have since written that "
    "one family in eight will do so.",
    "Managers say that visits last for half an hour in every part of the county; the logs of the teams show that "
    "most are over in twelve minutes.",
    "The trust has ended all waits of more than a year for an assessment; nobody had looked at "
    "the list of the second team.",
    "The new scheme pays every carer for the hours that they work at night – a promise that was withdrawn within a "
    "week of the vote.",
    "Fees for home care rose by nine per cent in the county in one year; prices in the shops rose by twelve per cent "
    "over the same months.",
    # on what condition
    "Councils may end the payments to a family at the end of the quarter, as long as every person has been seen and "
    "has agreed to it in writing.",
    "Councils have to find somebody to speak for each person who asks for it, where no relative is able and willing to "
    "take that part.",
    "A home may keep its front door locked by day and by night, when a judge has said so for each of the people who "
    "live there.",
    "The county goes on paying for the place that somebody has now, until the review of all places is over in the "
    "spring of next year.",
    "Staff may give medicines to people in their own homes every morning, provided that a nurse has shown them how to "
    "do so.",
    "Families can choose any home in the country for their relatives; there is a top-up to pay if the place costs more "
    "than the county has set.",
    # with what exception
    "All the day centres in the county stay open throughout the summer – except for the two in Larkhill, which have no "
    "roof at the moment.",
    "The council has visited every home on its list at least once since May; only those run by charities were left "
    "out of the round.",
    "The tax for care goes up by four pounds for each household in the dale, or less than a tenth of a penny for every "
    "pound of income there.",
    "The new fee is to be paid by every household in the county from the first of April; families with children are "
    "spared.",
    "Meals at home cost nothing at all for people over ninety in this part of the country – in the first two weeks.",
    "Council homes in the valley can take people with dementia from the autumn of this year; some are full.",
    "Councils should no longer pay for clubs of all kinds in the villages, such as those for lunch, that nobody has "
    "used for years on end.",
    # what is told on, in the same words
    "The home was rated poor by the regulator in March after a visit by night; inspectors rated the home good in June "
    "when a new manager had come.",
    "Two of the day centres in the valley stand empty this winter – the centres were let to a school from the first of "
    "May for five years.",
    "The waiting list for a first visit grew to nine hundred names in the spring; by the autumn the list had been "
    "worked down to forty.",
    "Councils have to pay the fee of the home in full from the first day of a stay; Wales has paid half of it for "
    "the last ten years.",
    # who told whom
    "The council cleared its waiting list in the first three weeks of June, so the leader of the council assured "
    "members in the town hall on Tuesday evening.",
    "The trust has found a bed for each of the nine people on the ward, so the chief nurse informed the families by "
    "letter in the same week.",
    "The county paid all of its home care bills within ten days in the spring, so the treasurer boasted to a room of "
    "providers at the summer fair.",
    "The team visits all of the new arrivals within two working days at present, so a manager testified at the inquest "
    "into the death of a man.",
    "The new rota has given every carer in the town two nights off a week, so the agency reminded its investors in a "
    "notice to the exchange.",
]
# What stands in front says who says so, on what condition it holds or that it does not.
GOVERNED = [
    "Campaigners claimed in a letter that the regulator has since called wrong that fees were rising, and the council "
    "had told nobody in the county about it.",
    "If the plan is agreed in March the four homes in the dale will close, and two hundred people will have to move to "
    "other towns.",
    "The report says that the staff in the home were kind to everybody who lived there, and the families had no wish "
    "for another one.",
    "It is not true that the council has sold its last home to a bank, and the staff of the home have nothing to fear.",
    "Under the draft bill the minister would set the fee for each home, and councils must pay that fee within thirty "
    "days of the first visit.",
    "Visits to people at home have become longer in most parts of the county, whereas the homes in the east have lost "
    "a third of their staff.",
    "Imagine that the county has closed its last home for old people, and families look after people in tents.",
    "Critics of the new rota have been loud in every paper in the region, but the carers in two of the towns have had "
    "more sleep with the rota.",
    # where and when it holds
    "Scotland went its own way more than twenty years ago under its first government, and personal care is free for "
    "everybody over 65 whatever they own.",
    "Wales put a ceiling on what a week of home care may cost there, and people with savings pay a hundred pounds a "
    "week at most for their visits.",
    "Torland has had a fund for its carers since the war, and families with a disabled child get two weeks of "
    "rest in every summer.",
    "The government in Dublin bought the homes back from the banks, and the fee for a place in a home has been the "
    "same for the last six years.",
    "The workhouses of the 1920s had a ward for old people at the back, and the doctor came to see them on the first "
    "day of the month.",
    "The county opened a new kind of home beside its old ones, and each of the people there has a kitchen and a front "
    "door with a key.",
    # on the stage and in a book
    "The new play at the Royal Exchange is set in the Manchester of the year 2040, and every council in England has "
    "closed its last care home.",
    "The first novel by the former nurse is about a town by the sea, and the council there has sold its homes to a "
    "circus from abroad.",
    "The television drama has been made in a disused hospital in the hills, and the carers go on strike for nine weeks "
    "in the snow.",
]


@pytest.mark.parametrize("text", TURNED)
def test_nothing_is_cut_off_that_turns_what_stands_before_it(text):
    assert not [part for part in cut(text) if text.startswith(part)]


@pytest.mark.parametrize("text", GOVERNED)
def test_nothing_is_cut_off_that_governs_what_follows(text):
    assert cut(text) == []


STILL = [
    ("The county will close both of its respite homes before the end of March; the buildings are to be sold to a "
     "housing association in the town.",
     "The county will close both of its respite homes before the end of March"),
    ("The county has asked all of its homes for a list of their vacancies, because the hospital needs forty beds in "
     "the first weeks of the winter.",
     "The county has asked all of its homes for a list of their vacancies"),
    ("The council has opened two new day centres in the north of the county, so families there get three days a week "
     "in the place of one.",
     "The council has opened two new day centres in the north of the county"),
    ("The trust is to share its nurses with nine homes in the dale this winter – the county has paid for travel and "
     "for the telephones of all.",
     "The trust is to share its nurses with nine homes in the dale this winter"),
    ("The grant came to the county in the same week as the new rota did, and 412 families have had a night's sleep "
     "because of what it pays for.",
     "412 families have had a night's sleep because of what it pays for."),
    ("The bridge into the dale was closed for nine weeks in the winter; the council found beds in the town for "
     "forty of the people there.",
     "the council found beds in the town for forty of the people there."),
    ("Councils in the north came to a meeting in the second week of June, and 64% of the carers who were asked had "
     "had no break in the year.",
     "64% of the carers who were asked had had no break in the year."),
    ("The Wexmoor trust closed its ward for old people in the spring, and families of the Wexmoor trust go forty miles "
     "to the next ward.",
     "families of the Wexmoor trust go forty miles to the next ward."),
    ("Demand for home care was high in the towns on the coast last winter, and 412 people had to wait a month for a "
     "first visit.",
     "412 people had to wait a month for a first visit."),
    ("The bus to the centre was taken off in the spring of last year, so families go forty miles a day to the next "
     "centre and back again.",
     "families go forty miles a day to the next centre and back again."),
    ("The new rota has been praised in every paper in the region for its care, but the carers in two of the towns have "
     "left because of it.",
     "but the carers in two of the towns have left because of it."),
    ("I want two nights of rest in every month, planned in the autumn for a year, so that my sister and I have one "
     "calendar between the two of us.",
     "I want two nights of rest in every month, planned in the autumn for a year"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part"), STILL)
def test_what_only_goes_on_may_go(text, part):
    assert part in cut(text)


def test_nothing_ends_between_two_dashes():
    text = (
        "The homes which the county has run since the war – nine of them, all in the dales – are to close in the "
        "spring of next year for good."
    )
    assert cut(text) == []


def test_another_sentence_is_printed_where_a_cut_would_turn_it():
    text = (
        "Night visits to people at home are a luxury and should be ended in every county, which is what some said ten "
        "years ago and what this new study of night visits shows to be wrong. "
        "Night visits in the study kept four in ten people out of hospital in the winter."
    )
    assert best_quote(text, title="A study of care at night").text.startswith("Night visits in the study")


SENTENCES = [one for one, _ in STILL] + TURNED + GOVERNED


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), st.integers(8, 40))
def test_a_clause_is_a_span_of_its_sentence(texts, most):
    text = " ".join(texts)
    for sentence in split(text):
        for start, end in clauses(sentence, most):
            assert sentence.start <= start < end <= sentence.end
            assert 8 <= len(text[start:end].split()) <= most
