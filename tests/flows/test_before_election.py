"""An issue says itself whether it was made with a pre-election period's care; its days alone can't."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuttings.edges.store import StoreError, issues, outbox, sending
from cuttings.edges.store.issues import Issue
from cuttings.edges.store.outbox import Letter
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


def approved(house, *, had=0):
    """A members' issue that was made and approved before the period, for two readers of whom `had` have it."""
    issue, _ = issues.begin(house.store, "members", date(2027, 3, 15), date(2027, 3, 21), now=BEFORE)
    # Without its items: their articles are not in this store.
    printed = replace(digest(MEMBERS), sections=(), also_read=(), archive=())
    issues.save(house.store, issue.id, printed, (), now=BEFORE)
    letter = Letter(issue.id, "edition", "Cuttings", "t", "h")
    readers = [("ann@x.example", None), ("ben@x.example", None)]
    outbox.release(house.store, letter, readers, by="Ed", now=BEFORE, deadline=BEFORE + timedelta(days=5))
    for _ in range(had):
        mailing, _ = sending.claim(house.store, by="one", now=BEFORE)
        sending.mark(house.store, mailing, "sent", now=BEFORE)
    return issue


def messages(house):
    """Every message of the outbox as it leaves: to whom, and its subject."""
    found = []
    while claimed := sending.claim(house.store, by="one", now=IN_IT):
        found.append((claimed[0].recipient, claimed[1].kind, claimed[1].subject))
        sending.mark(house.store, claimed[0], "sent", now=IN_IT)
    return found


def test_what_was_approved_before_the_period_and_not_sent_yet_is_held_and_made_anew(house, monkeypatch):
    issue = approved(house)
    assert before_election.kept_back(house, BEFORE) == ()
    made = []
    monkeypatch.setattr("flows.publish.remake", lambda _house, name, change, _now: made.append((name, change.by)))
    (said,) = before_election.kept_back(house, IN_IT)
    assert made == [(issue.id, "the calendar")]
    assert said.startswith(
        f"{issue.id} was composed before the pre-election period, which has begun since. It was made"
    )
    held = issues.find(house.store, issue.id)
    assert held.state == "held"
    assert held.expires > IN_IT, "without an answer it is closed"
    assert [kind for _, kind, _ in messages(house)] == ["notice"], "to the officer alone"


def test_what_cannot_be_made_without_opinion_stays_held_and_is_told_once(house, monkeypatch):
    issue = approved(house)

    def nothing_left(*_):
        raise StoreError("Without that, it holds nothing.")

    monkeypatch.setattr("flows.publish.remake", nothing_left)
    (said,) = before_election.kept_back(house, IN_IT)
    assert "could not be made without opinion" in said
    assert said.endswith(f"It is held. To send none:  ./run do-not-send {issue.id}")
    assert before_election.kept_back(house, IN_IT) == ()
    assert len(messages(house)) == 1


def test_of_an_issue_that_some_have_the_rest_is_not_sent(house):
    issue = approved(house, had=1)
    (said,) = before_election.kept_back(house, IN_IT)
    assert said == f"{issue.id} was partly sent before the pre-election period: 1 of its messages are not sent"
    assert [kind for _, kind, _ in messages(house)] == ["notice"]
    assert outbox.counts(house.store, issue.id) == {"sent": 1, "given up": 1}


@pytest.mark.parametrize("state", ["approved", "delivered", "not sent"])
def test_an_issue_that_is_decided_is_left_alone(house, state):
    assert before_election.made_anew(house, waiting(digest(MEMBERS), state), IN_IT) is None
