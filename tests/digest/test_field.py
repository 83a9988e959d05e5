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
        ("A bus took fans to the match, and dementia was named once.", "Match won", True),
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


CARE = """Nursing homes warn of collapse
Nursing-home fees to double
Families' fury as nursing home shuts
Woman, 87, died after fall at nursing home
Council's adults director to step down
Director for adults resigns
Adults and health director leaves
Man with Down's syndrome wins right to live in own home
Hospice faces cuts
Hospices in the red
Attendance allowance claims rise
Carer’s Allowance scandal grows
PIP reforms delayed
Winter fuel payment back
Alzheimer's cafe opens
Alzheimer’s café opens
Mental health crisis house to close
Crisis house saved
Parkinson's nurse service axed
MND sufferer climbs peak
Blue badge fraud up
Free bus passes cut
Stairlift firm fined
Sheltered housing tenants evicted
Extra care scheme opens
Retirement village approved
Meals on wheels to end
Stroke survivors' choir
Deaf man wins tribunal
Wheelchair users stranded
Autistic man locked up
Learning disability nurse honoured
Pensioners march on town hall
Flu jabs for over-65s begin
Lonely at Christmas
Live-in carer on trial
Memory clinic opens
Council cuts care
Nurses honoured
Almshouses burn
Older tenants without heating
Vulnerable residents without power
Hospital discharge chaos
Care bosses quit
Support workers strike
Widow, 90, evicted
Woman aged 84 waits on floor
101-year-old tricked
Woman with MS stuck upstairs
Guide dog refused entry
Day centre saved
DISABLED MAN LEFT ON FLOOR""".splitlines()
OTHER = """Brass band wins in the park
Bridge to reopen in May
Potholes cost county millions
United win away
Burglar jailed
Planners back supermarket
School wins chess cup
Buses late again
Library clock mended
Storm fells oak
Mayor opens shop
Take care on the ice
Councillors row over bins
Bypass goes ahead
Childcare fees rise
Stroke of luck for winner
Man, 45, jailed
Boy, 9, found
Council spends 90 pounds
Shop, 200, burns
Bakery wins award
Cathedral roof leaks""".splitlines()


@pytest.mark.parametrize(("title", "stays"), [*((t, True) for t in CARE), *((t, False) for t in OTHER)])
def test_a_headline_of_care_keeps_a_piece_and_another_does_not(title, stays):
    assert (printed(piece("x", title=title)) == ["x"]) is stays


@pytest.mark.parametrize(
    ("words", "title", "stays"),
    [
        ("The company ran two nursing homes in the town.", "Firm goes under", True),
        ("She had looked after him since his multiple sclerosis got worse.", "A life together", True),
        ("Money was left to a hospice.", "Will published", True),
        ("Anyone over 65 may come; over-75s first.", "Jabs begin", True),
        ("Nurses and cooks were asked.", "Budget agreed", True),  # a hint of a theme, and a word of care
        ("Cooks and drivers were asked.", "Budget agreed", False),
        ("Nurses and cooks were asked.", "Cake sold", False),
        ("Drivers should take care.", "Budget agreed", False),
    ],
)
def test_one_word_of_the_sector_in_the_text_is_enough(words, title, stays):
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
