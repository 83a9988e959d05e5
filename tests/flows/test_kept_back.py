"""What was approved and waits to be sent: it is asked again before each delivery whether it may leave."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuttings.edges.store import StoreError, issues, outbox, people, sending
from cuttings.edges.store.outbox import Letter
from cuttings.model import when
from flows import deadlines, kept_back
from flows.deliver import resend
from flows.house import open_house
from tests.digest.corpus import MEMBERS, digest
from tests.edges_store.made import article, save
from tests.edges_store.test_issues import digest as small

IN_IT, BEFORE = when("2027-03-23"), when("2027-03-21")
WEEK = date(2027, 3, 15), date(2027, 3, 21)


@pytest.fixture
def house(home):
    council = (home.config / "council.toml").read_text()
    home.write(council=council.replace("[council]", '[council]\npre_election = ["2027-03-22..2027-05-06"]'))
    with open_house() as opened:
        yield opened


# Without its items: their articles are not in this store.
OF_MEMBERS = replace(digest(MEMBERS), sections=(), also_read=(), archive=())


def approved(house, *, had=0, edition="members", made=OF_MEMBERS):
    """An issue that was made and approved before the period, for two readers of whom `had` have it."""
    issue, _ = issues.begin(house.store, edition, *WEEK, now=BEFORE)
    issues.save(house.store, issue.id, made, (), now=BEFORE)
    letter = Letter(issue.id, "edition", "Cuttings", "t", "h")
    readers = [("ann@x.example", None), ("ben@x.example", None)]
    outbox.release(house.store, letter, readers, by="Ed", now=BEFORE, deadline=BEFORE + timedelta(days=5))
    for _ in range(had):
        mailing, _ = sending.claim(house.store, by="one", now=BEFORE)
        sending.mark(house.store, mailing, "sent", now=BEFORE)
    return issue


def messages(house, at=IN_IT):
    """Every message of the outbox as it leaves: to whom, and its subject."""
    found = []
    while claimed := sending.claim(house.store, by="one", now=at):
        found.append((claimed[0].recipient, claimed[1].kind, claimed[1].subject))
        sending.mark(house.store, claimed[0], "sent", now=at)
    return found


def test_what_was_approved_before_the_period_and_not_sent_yet_is_held_and_made_anew(house, remade):
    issue = approved(house)
    assert kept_back.kept_back(house, BEFORE) == ()
    (said,) = kept_back.kept_back(house, IN_IT)
    ((name, why),) = remade
    assert name == issue.id
    assert "opinion, readers' views and questions taken out" in why
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
    (said,) = kept_back.kept_back(house, IN_IT)
    assert "could not be made without opinion" in said
    assert said.endswith(f"To send none:  ./run do-not-send {issue.id}")
    assert issues.find(house.store, issue.id).state == "held"
    assert kept_back.kept_back(house, IN_IT) == ()
    assert len(messages(house)) == 2, "that it is kept back, and that it could not be made anew"


def test_of_an_issue_that_some_have_the_rest_is_not_sent(house):
    issue = approved(house, had=1)
    (said,) = kept_back.kept_back(house, IN_IT)
    assert said == f"{issue.id} was partly sent before that: 1 of its messages are not sent"
    assert [kind for _, kind, _ in messages(house)] == ["notice"]
    assert outbox.counts(house.store, issue.id) == {"sent": 1, "given up": 1}


def printing(house, *articles, had=0):
    """A managers' issue of these articles, approved for two readers of whom `had` have it."""
    for one in articles:
        save(house.store, one, now=BEFORE)
    return approved(house, had=had, edition="managers", made=small(*articles))


def withdraw(house, one):
    people.withdraw_article(house.store, one.key, by="Editor", now=BEFORE)


@pytest.fixture
def remade(monkeypatch):
    """Issues that were made anew, by name and why; what that comes to is tested where it is done."""
    made = []
    monkeypatch.setattr("flows.publish.remake", lambda _house, name, change, _now: made.append((name, change.reason)))
    return made


def test_what_a_publisher_took_back_while_the_mail_server_was_down_is_not_sent(house, remade):
    a, b = article("a"), article("b")
    issue = printing(house, a, b)
    assert kept_back.kept_back(house, BEFORE) == ()
    withdraw(house, a)
    (said,) = kept_back.kept_back(house, BEFORE)
    ((name, why),) = remade
    assert name == issue.id
    assert "taken back by its publisher" in why
    assert "made anew" in said
    assert issues.find(house.store, issue.id).state == "held"
    assert [kind for _, kind, _ in messages(house, BEFORE)] == ["notice"]


def test_who_has_not_got_yet_what_was_taken_back_gets_none_of_it(house, remade):
    a, b = article("a"), article("b")
    issue = printing(house, a, b, had=1)
    withdraw(house, a)
    kept_back.kept_back(house, BEFORE)
    assert remade == []
    assert [kind for _, kind, _ in messages(house, BEFORE)] == ["notice"]
    (stopped,) = [m for m in outbox.of_issue(house.store, issue.id) if m.state == "given up"]
    assert stopped.detail.startswith("not sent: ")
    assert stopped.detail.endswith("taken back by its publisher")


def test_a_copy_and_what_a_person_has_sent_again_are_kept_back_too(house, remade):
    a, b = article("a"), article("b")
    issue = printing(house, a, b, had=2)
    issues.bring_on(house.store, issue.id, "delivered", now=BEFORE, by="deliver")
    copy = Letter(f"{issue.id} copy 1", "copy", "again", "t", "h")
    outbox.enqueue(house.store, copy, [("ann@x.example", None)], now=BEFORE, deadline=BEFORE + timedelta(days=1))
    assert kept_back.kept_back(house, BEFORE) == ()
    withdraw(house, a)
    (said,) = kept_back.kept_back(house, BEFORE)
    assert remade == []
    assert said == f"{issue.id} was partly sent before that: 1 of its messages are not sent"
    assert [kind for _, kind, _ in messages(house, BEFORE)] == ["notice"]
    assert kept_back.kept_back(house, BEFORE) == (), "nothing of it waits any more"
    with pytest.raises(StoreError, match="is not sent again: M1 taken back by its publisher"):
        resend(house, issue.id, "ann@x.example", by="Jo", proved=False, now=BEFORE)


def test_killed_after_the_hold_it_is_made_anew_within_the_hour_and_the_officer_knows(house, remade, monkeypatch):
    a, b = article("a"), article("b")
    issue = printing(house, a, b)
    withdraw(house, a)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as at_once:
        at_once.setattr(kept_back, "made_anew", killed)
        with pytest.raises(Killed):
            kept_back.kept_back(house, BEFORE)
    assert issues.find(house.store, issue.id).state == "held"
    assert [kind for _, kind, _ in messages(house, BEFORE)] == ["notice"]
    deadlines.keep(house, BEFORE)
    assert [name for name, _ in remade] == [issue.id]


def test_an_issue_that_waits_when_an_election_begins_is_made_anew_within_the_hour(house, remade):
    issue = approved(house)
    issues.move(house.store, issue.id, "held", now=BEFORE, by="Ed", expires=IN_IT + timedelta(days=5))
    deadlines.keep(house, BEFORE)
    assert remade == []
    deadlines.keep(house, IN_IT)
    assert [name for name, _ in remade] == [issue.id]


def test_what_its_editor_closed_this_minute_is_not_called_partly_sent(house, monkeypatch):
    issue = approved(house)
    stale = issues.find(house.store, issue.id)
    issues.move(house.store, issue.id, "not sent", now=BEFORE, by="Ed", reason="no")
    monkeypatch.setattr(issues, "find", lambda *_, was=[stale], find=issues.find: was.pop() if was else find(*_))
    (said,) = kept_back.kept_back(house, IN_IT)
    assert said == f"{issue.id} was held or closed meanwhile"
