"""Which sentences are printed, and the promises every quotation keeps."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.quotes import alike, best_quote, quote, stands_alone
from cuttings.sentences import quotation_depth, split

ARTICLE = """Fellshire is to close four of its seven day centres by next spring. The county council says that falling \
attendance and a gap of £3m in its budget for adult social care leave it no choice.

However, families who use the centres call the plan cruel. “We were told in a letter. Nobody came to see us,” said \
Maud Ashby, whose son has gone to the Larkhill centre for twenty years. Why were they not asked? They plan a march.

What comes instead

Day centres will give way to small groups in libraries, leisure centres and village halls, run by voluntary \
organisations with a grant from the council. This has worked elsewhere. Voluntary organisations in the county doubt \
that the grant will pay for trained staff, for transport from the villages and for the hot meal at noon that many \
people come for, and three of them have already said that they will not bid; \
day centres, they say, can't be replaced by goodwill.

Critics say that day centres keep people apart from everybody else. But the council’s own survey of 412 people found \
that day centres are the only place where most of them meet friends. Councillors will decide on 14 March."""
STANDFIRST = (
    "Closing day centres saves less than it costs, argues Ida Crane: voluntary organisations can't do it for nothing"
)


def test_quotes_are_verbatim_in_order_and_as_many_as_asked_for():
    quotes = quote(ARTICLE, 3, standfirst=STANDFIRST)
    assert len(quotes) == 3
    assert [q.start for q in quotes] == sorted(q.start for q in quotes)
    for one in quotes:
        assert ARTICLE[one.start : one.end] == one.text


def test_never_a_dangling_start_a_question_a_heading_or_half_a_quotation():
    for one in quote(ARTICLE, 50):
        assert not re.match(r"(?:This|However|They|But|Why|What)\b", one.text)
        assert "?" not in one.text
        assert one.text != "What comes instead"
        assert not one.text.startswith(("“We were told", "Nobody came"))


@pytest.mark.parametrize(
    "leaning",
    [
        "This has worked in other counties for years.",
        "However, the council disagrees with its own officers.",
        "He said that the council would not change its mind.",
        "It’s a scandal that nobody in the county was asked.",
        "In this way people lose the only friends they have.",
        "For example, the centre at Larkhill serves forty people.",
        "One of them lives twelve miles from the next centre.",
        "The latter would cost the county far more in the end.",
        "For many families, this is the only rest they have.",
        "And nobody in the county had been asked about it.",
        "Those were the good years for the people of Larkhill.",
        "Such a plan can’t work without money and staff.",
        "‘They never asked us about our day centre,’ he said.",
        "As a result, nobody uses the bus to the library.",
    ],
)
def test_a_sentence_that_leans_on_another_does_not_stand_alone(leaning):
    assert not stands_alone(split(leaning)[0])


@pytest.mark.parametrize(
    "broken",
    [
        "Should councils close their day centres this year?",
        "Day centres and what comes after them",
        "The council gave three reasons for its decision:",
        "Read more about day centres in our archive today.",
        "Write to editor@larkhill.example about your day centre.",
        "• Day centres are to close in four of the towns.",
        "2. Day centres are to close in four of the towns.",
        "the centre closed before anybody had been asked.",
        "Table 3 shows what each of the centres costs a year.",
        "The centre closed.The hall did not close at all.",
        "Too short.",
        "The centres (all of them, said the council will close.",
    ],
)
def test_what_is_no_sentence_for_print(broken):
    assert not stands_alone(split(broken)[0])


@pytest.mark.parametrize(
    "fine",
    [
        "Social workers know what day centres mean to people.",
        "£3m is missing from the county’s budget for care.",
        "In 2019 the county had eleven day centres.",
        "“We need our centre,” said Maud Ashby on Tuesday.",
        "There are four day centres in the north of the county.",
        "Larkhill has had a day centre for thirty years.",
    ],
)
def test_what_stands_alone(fine):
    assert stands_alone(split(fine)[0])


def test_what_the_author_only_answers_is_not_preferred():
    text = (
        "Day centres keep disabled people apart from others in their town. But day centres are where friendships "
        "in a town begin. Day centres keep disabled people in touch with others in their town."
    )
    assert quote(text, 1)[0].text.startswith("Day centres keep disabled people in touch")


def test_the_standfirst_steers_the_choice():
    text = (
        "The council plans to spend its grant on roads, bridges and lamps in the northern towns. "
        "The council plans to spend its grant on carers, breaks and advice in the southern towns."
    )
    assert "carers" in quote(text, 1, standfirst="Carers deserve breaks and advice")[0].text
    assert "bridges" in quote(text, 1, standfirst="Bridges and lamps come first")[0].text


def test_the_same_thing_is_not_said_twice():
    text = (
        "Four day centres in Fellshire will close next spring. Four day centres will close in Fellshire next spring. "
        "Families are planning a march through the market town."
    )
    assert len(quote(text, 2)) == 2
    assert not alike(*(q.text for q in quote(text, 2)))


def test_the_best_quote_is_a_whole_sentence_where_a_good_one_is_short():
    printed = best_quote(ARTICLE, standfirst=STANDFIRST)
    assert not printed.cut
    assert len(printed.text.split()) <= 25
    assert ARTICLE[printed.start : printed.end] == printed.text


LONG = (
    "The report came out in the same week as the county’s budget, in which carers are not named at all, "
    "yet 64 per cent of those who answered the county’s survey said that they had had no break since the summer."
)


def test_a_clause_stands_for_a_sentence_that_is_too_long_and_shows_its_cut():
    printed = best_quote(LONG)
    assert printed.text.startswith("… yet 64 per cent of those")
    assert printed.cut_before
    assert not printed.cut_after
    assert LONG[printed.start : printed.end] == printed.verbatim


def test_what_is_printed_elsewhere_is_not_quoted_again():
    first = best_quote(ARTICLE)
    second = best_quote(ARTICLE, avoid=[first.text])
    assert second.start != first.start


def test_no_quotation_rather_than_a_bad_one():
    assert best_quote("Why? This is it. They left. What now?") is None
    assert quote("") == ()
    assert quote(ARTICLE, 0) == ()


SENTENCES = (
    "Day centres in the county will close next spring, said the council.",
    "This was not what people had asked for.",
    "However, the budget is short by £3m, and nobody can say where the money will come from.",
    "“We were not asked. We are tired,” said Maud Ashby.",
    "Families of disabled people, who have used the centres for years, are planning a march; many will not give up.",
    "Why now?",
    "The council’s survey found that 64% of carers (n = 240) had had no break, while the grant fell.",
    "‘Carers’ rights’ are not a slogan to them.",
    "Heading",
    "\n\n",
    "Dr. Hall (para. 4.2) counted 1,200 people – most of them old – who wait for an assessment of their needs.",
)


def _balanced(words):
    return quotation_depth(words, 0, len(words))[-1] == 0 and words.count("(") == words.count(")")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=14), st.integers(5, 40), st.integers(1, 5))
def test_every_quotation_keeps_its_promises(parts, most_words, many):
    text = " ".join(parts)
    for one in quote(text, many):
        assert text[one.start : one.end] == one.text
        assert _balanced(one.text)
        assert "\n" not in one.text
    assert len(quote(text, many)) <= many
    printed = best_quote(text, most_words=most_words)
    if printed:
        assert text[printed.start : printed.end] == printed.verbatim
        assert len(printed.verbatim.split()) <= most_words
        assert _balanced(printed.verbatim)
        assert printed.cut_before == printed.text.startswith("… ")
        assert printed.cut_after == printed.text.endswith(" …")


@given(st.text(alphabet="aB. ,;–“”‘’'\"()?!\nThisé0%", max_size=250))
def test_no_text_breaks_it(text):
    for one in quote(text, 3):
        assert text[one.start : one.end] == one.text
    best_quote(text)


SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "expected"


@pytest.mark.skipif(not SEEDS.exists(), reason="the shared seeds are not here")
def test_the_seeds_give_quotes_that_stand_alone():
    import json

    for path in sorted(SEEDS.glob("*.json")):
        seed = json.loads(path.read_text(encoding="utf-8"))
        text = "\n\n".join(p["text"] for p in seed["paragraphs"])
        quotes = quote(text, 3, title=seed["title"], standfirst=seed["standfirst"])
        assert len(quotes) == 3
        printed = best_quote(text, title=seed["title"], standfirst=seed["standfirst"])
        assert printed is None or len(printed.verbatim.split()) <= 25
