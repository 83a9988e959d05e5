"""Without a theme: what is of the sector stays under 'Other', what is not is set aside and counted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cuttings.model import Ruling
from tests.digest.corpus import COUNCIL, MANAGERS, digest, story

BAND = "The brass band played in the park on Sunday and the sun was out all day."


def piece(key, *words, title="A Sunday in the park", source="ledger", **more):
    return story(key, source, title, *(words or (BAND,)), **more)


def printed(*held, edition=MANAGERS, **more):
    return [i.story for i in digest(edition, held, **more).items]


@pytest.mark.parametrize(
    ("words", "title", "stays"),
    [
        (BAND, "Brass band wins in the park", False),
        ("The council has repaired the bridge. The council is pleased.", "Bridge open", False),
        ("The local authority will mend roads. A local authority must.", "Roads", False),
        ("A bus took fans to the match, and dementia was named once.", "Match won", False),
        ("Hedges were cut. Nobody minds.", "Hedges cut", False),
        ("The show sold out. Pay for the cast is low.", "Show sold out", False),
        ("Care was taken with the paint.", "New paint for the pier", False),
        ("The mayor opened a shop.", "Mayor opens shop", False),
        ("The quiz was fun.", "Care home residents win a quiz", True),
        ("The quiz was fun.", "Carers win a quiz", True),
        ("The choir has people with dementia and their carers in it.", "A choir sings", True),
        ("A care worker spoke. Another care worker sang.", "An evening", True),
        ("The day was long.", "What social workers read in June", True),
        ("Home care is short of vans. Home care staff walk.", "Vans", True),
    ],
)
def test_the_sector_s_words_keep_a_piece_without_a_theme(words, title, stays):
    assert (printed(piece("x", words, title=title)) == ["x"]) is stays


def test_what_is_set_aside_is_counted():
    issue = digest(held=(piece("x"), story("y", "gazette", "Carers", "Words.", theme="carers")))
    assert [i.story for i in issue.items] == ["y"]
    assert ("without a theme", 1) in issue.left_out
    assert any("1 printed + 1 left out (1 without a theme)" in e.words.text for e in issue.made)


def test_the_sector_s_own_press_keeps_other():
    themed = [story(f"t{n}", "practice", f"Title {n}", "Words.", theme="carers") for n in range(2)]
    assert "x" in printed(piece("x", title="Our office moves", source="practice"), *themed, *_more("practice"))
    assert "x" not in printed(piece("x", title="Our office moves", source="practice"), themed[0])
    papers = [piece(f"p{n}", source="practice") for n in range(4)]
    assert "x" not in printed(piece("x", source="practice"), *themed, *papers)


def _more(source):
    return [story(f"m{n}", source, f"More {n}", "Words.", theme="workforce") for n in range(2)]


@pytest.mark.parametrize(
    ("words", "stays"),
    [
        ("The band played at Wexmoor General Hospital on Sunday.", True),
        ("The band played in Ashcombe on Sunday.", False),
        ("The band played for Elm Lodge in Ashcombe.", True),
    ],
)
def test_a_service_that_the_council_lists_keeps_it_and_a_district_does_not(words, stays):
    council = COUNCIL.model_copy(update={"local": (*COUNCIL.local, "Elm Lodge")})
    assert (printed(piece("x", words), council=council) == ["x"]) is stays


def said(decision, value=None, day=9, subject="article:x"):
    return Ruling(subject, decision, value, "Ines Tolland", datetime(2026, 10, day, tzinfo=UTC))


def test_an_editor_s_pin_keeps_it():
    assert printed(piece("x"), rulings=[said("pin")]) == ["x"]


def test_no_theme_by_an_editor_sets_aside_whatever_it_says_and_wherever_it_stands():
    care = piece("x", "The quiz was fun.", title="Care home residents win a quiz")
    assert printed(care, rulings=[said("no-theme")]) == []
    other_copy = replace(care, articles=(care.canonical, story("z", "gazette", "T", "W.", theme="carers").canonical))
    assert printed(other_copy, rulings=[said("no-theme")]) == []
    assert printed(other_copy, rulings=[said("no-theme"), said("theme", "carers", 10, "story:x")]) == ["x"]
    assert printed(care, rulings=[said("no-theme"), said("pin", day=10)]) == ["x"]


def test_councillors_get_nothing_without_a_theme():
    edition = MANAGERS.model_copy(update={"audience": "members"})
    assert printed(piece("x", title="Care home residents win a quiz"), edition=edition) == []
