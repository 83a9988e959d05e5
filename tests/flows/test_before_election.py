"""An issue says itself whether it was made with a pre-election period's care; its days alone can't."""

from dataclasses import replace
from datetime import date

import pytest

from cuttings.edges.store.issues import Issue
from cuttings.model import when
from flows import before_election
from flows.house import open_house
from tests.digest.corpus import MEMBERS, digest

IN_IT, BEFORE = when("2027-03-23"), when("2027-03-21")


@pytest.fixture
def house(home):
    council = (home.config / "council.toml").read_text()
    home.write(council=council.replace("[council]", '[council]\npre_election = ["2027-03-22..2027-05-06"]'))
    with open_house() as opened:
        yield opened


def waiting(made, state="awaiting approval"):
    day = date(2027, 3, 21)
    return Issue("members-1", "members", day, day, 1, 1, state, BEFORE, BEFORE, digest=made)


def test_what_was_made_without_care_may_not_leave_in_the_period(house):
    usual, careful = digest(MEMBERS), digest(MEMBERS, pre_election=True)
    assert before_election.careless(house, waiting(usual), IN_IT)
    assert not before_election.careless(house, waiting(usual), BEFORE)
    assert not before_election.careless(house, waiting(careful), IN_IT), "or it would be made anew at every approval"
    assert not before_election.careless(house, waiting(digest()), IN_IT), "managers' editions print opinion all year"
    assert not before_election.careless(house, waiting(None, "begun"), IN_IT)
    assert not before_election.careless(house, waiting(replace(usual, empty=True), "empty"), IN_IT)


@pytest.mark.parametrize("state", ["approved", "delivered", "not sent"])
def test_an_issue_that_is_decided_is_left_alone(house, state):
    assert before_election.made_anew(house, waiting(digest(MEMBERS), state), IN_IT) is None
