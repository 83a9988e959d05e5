"""The lines around an item: whose view it is, a figure's base, what stands in the diary, since when counts run."""

from dataclasses import replace

import pytest

from cuttings import model
from cuttings.digest import wording
from cuttings.settings import Licence
from tests.digest.corpus import MEMBERS, SOURCES, digest, story

# ---------------------------------------------------------------- whose view


def signed(*authors):
    return model.Article(key="k", url=None, authors=authors)


@pytest.mark.parametrize(
    ("authors", "one"),
    [
        (("Nerys Oldfield",), True),
        (("Dr Nerys Oldfield",), True),
        (("Mary-Jane O’Dowd",), True),
        (("Léa Noël",), True),
        (("Nerys Oldfield", "Ivo Brand"), False),
        (("Nerys Oldfield and Ivo Brand",), False),
        (("Nerys Oldfield & Ivo Brand",), False),
        (("Nerys Oldfield, Ivo Brand",), False),
        (("Care Gazette",), False),
        (("Editorial",), False),
        (("The editorial team",), False),
        (("Wexmoor Carers Association",), False),
        (("Our social affairs desk",), False),
        (("Guest contributor",), False),
        (("admin",), False),
        ((" ",), False),
        ((), False),
    ],
)
def test_one_person_s_view_is_that_of_one_named_person(authors, one):
    assert wording.by_one_person(signed(*authors), "Care Gazette") is one
    opinion = story(
        "o", "gazette", "Give carers a break", "They need it.", authors=authors, kind="opinion", theme="carers"
    )
    label = "One person’s view" if one else "Opinion: its authors’ view"
    issue = digest(MEMBERS, (opinion,))
    assert [m.label for m in issue.items[0].marks] == [label]
    assert issue.in_brief[1].text == ("It gives one person’s view." if one else "It gives its authors’ view.")
    assert [m.label for m in digest(held=(opinion,)).items[0].marks] == ["Opinion"]


def test_views_of_one_and_of_several_are_told_together():
    held = [
        story(f"o{n}", "gazette", f"View {n}", "Words.", authors=authors, kind="opinion", theme="carers")
        for n, authors in enumerate([("Ann Poe",), ("Ann Poe", "Bo Rill")])
    ]
    news = story("n", "gazette", "News", "Words.", theme="carers")
    assert digest(MEMBERS, (*held, news)).in_brief[1].text == "Two give their authors’ views."
    assert digest(MEMBERS, tuple(held)).in_brief[1].text == "Each gives its authors’ view."


# ---------------------------------------------------------------- the base


MANY = "Some 64% of those who looked after a relative in the county had had no night of rest since the summer."


@pytest.mark.parametrize(
    ("standfirst", "words", "base"),
    [
        # Of some of them, and nobody says of how many: the base beside it is not its own.
        ("A poll of 640 carers tells of short nights", MANY, wording.NO_BASE),
        ("Half of 640 carers asked sleep badly", MANY, wording.NO_BASE),
        ("A poll of 640 carers", "A poll of 640 carers was taken in May. The poll found that 64% of carers had no rest "
         "at all in the summer.", None),
        ("A poll of 90 nurses", "A poll of 640 carers was taken in May. The poll found that 64% of carers had no rest "
         "at all in the summer.", "poll of 640 carers"),
        ("Short nights", "A poll of 640 carers was taken in May. The poll found that 64% of carers in the county had "
         "no rest.", wording.NO_BASE),
        ("Short nights are told of all over the county", MANY, wording.NO_BASE),
        ("Short nights", "A poll of 640 carers was taken in May. The poll found that 64% of all the carers had "
         "no rest.", "poll of 640 carers"),
        ("Short nights", "Of 640 carers asked, 64% had had no night of rest since the summer of last year.", None),
    ],
)  # fmt: skip
def test_a_base_is_not_called_missing_where_it_can_be_read(standfirst, words, base):
    one = story("x", "office", "Rest", words, standfirst=standfirst, theme="carers")
    (item,) = digest(held=(one,)).items
    found = [item.base, *(figure.base for figure in item.figures)]
    assert [words.text for words in found if words] == ([base] if base else [])


# ---------------------------------------------------------------- the diary


def diary(*words, licence=90, title="Homes to be sold", **more):
    sources = {"gazette": SOURCES["gazette"].model_copy(update={"licence": Licence(mode="excerpt", words=licence)})}
    one = story("x", "gazette", title, *words, theme="carers", published="2026-10-07", **more)
    return digest(held=(one,), sources=sources).diary


@pytest.mark.parametrize(
    "words",
    [
        "Its cabinet will now be asked to decide on 3 December 2026.",
        "Their consultation closes on 3 December 2026.",
        "It will be inspected again by 3 December 2026.",
        "They must reply to the consultation by 3 December 2026.",
        "His appeal will be decided on 3 December 2026.",
        "Her consultation closes on 3 December 2026.",
        "It’s due to be decided on 3 December 2026.",
    ],
)
def test_a_date_whose_words_begin_with_somebody_s_pronoun_stands_with_the_headline_alone(words):
    (entry,) = diary(words, title="Ashcombe homes to be sold")
    assert entry.day == "2026-12-03"
    assert entry.quotation is None
    assert entry.about.text == "Ashcombe homes to be sold"


@pytest.mark.parametrize(
    "words",
    [
        "The national consultation closes on 3 December 2026.",
        "Item by item, ministers will decide on 3 December 2026.",
        "This national consultation closes on 3 December 2026.",
    ],
)
def test_other_dates_keep_their_words(words):
    (entry,) = diary(words)
    assert entry.quotation.text == words


ACRONYMS = (
    "The Wexmoor and Thornley Board for Everything in the Long Run (WTBELR) met. The County Alliance of Very Many "
    "Small Friends (CAVMSF) met as well."
)


def test_dates_are_paid_before_what_acronyms_mean():
    words = "Everybody may answer the national consultation until 3 December 2026."
    for licence in range(10, 40):
        (entry,) = diary(ACRONYMS, words, licence=licence, standfirst=None)
        if licence >= 30:
            assert entry.quotation is not None


def test_a_printed_acronym_is_spelt_out_before_another():
    one = story("x", "gazette", "CAVMSF closes", ACRONYMS, standfirst="What the CAVMSF did", theme="carers")
    for words in (12, 14):
        sources = {"gazette": SOURCES["gazette"].model_copy(update={"licence": Licence(mode="excerpt", words=words)})}
        assert [e.term for e in digest(held=(one,), sources=sources).explained] == ["CAVMSF"]


# ---------------------------------------------------------------- since when


def test_the_note_says_since_when_its_counts_run():
    told = {entry.term: entry.words.text for entry in digest().made}
    assert told["Sources"].startswith("Since the last issue: 6 of 7 read.")
    assert told["Comments"].startswith("Since the last issue: 31 read = 22 kept")
    assert told["Stories"].startswith("14 in the period")
    first = {entry.term: entry.words.text for entry in digest(history=()).made}
    assert first["Sources"].startswith("Since the start: 6 of 7 read.")
    members = " ".join(entry.words.text for entry in digest(MEMBERS).made)
    assert "Since the last issue we read 6 of 7 sources." in members
    assert "Coastal Care News. We set aside 6 spam comments" in members
    assert "Since the start we read" in " ".join(e.words.text for e in digest(MEMBERS, history=()).made)
    audit = replace(digest().audit, comments_spam=1, comments_duplicate=0, comments_review=0, comments_kept=30)
    assert "We set aside 1 spam comment." in " ".join(e.words.text for e in digest(MEMBERS, audit=audit).made)
