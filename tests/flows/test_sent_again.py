"""Which revision goes to a reader who asks for an issue again: the latest that has left."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuttings.edges.store import StoreError, carried, issues, outbox, recipients
from cuttings.model import Words
from flows.house import open_house
from tests.edges_store.test_issues import END, PDF, START, digest

ANN = "anna@fellshire.example"
ISSUE = f"managers-{START}-{END}"


def composed(house, issue):
    issues.save(house.store, issue.id, digest(), [PDF], now=house.clock())


def released(house, issue, kind):
    letter = outbox.Letter(issue.id, kind, f"{issue.id}", "t", "h")
    now = house.clock()
    outbox.release(house.store, letter, [(ANN, None)], by="Ed", now=now, deadline=now + timedelta(days=2))


@pytest.fixture
def house(home):
    """An issue that left, and a correction of it that waits for its approval."""
    assert home
    with open_house() as opened:
        recipients.take_in(opened.store, "managers", [ANN], now=opened.clock())
        first, _ = issues.begin(opened.store, "managers", START, END, now=opened.clock())
        composed(opened, first)
        released(opened, first, "edition")
        second = issues.revise(opened.store, first.id, now=opened.clock(), by="Ed", reason="a wrong day")
        composed(opened, second)
        issues.move(opened.store, second.id, "awaiting approval", now=opened.clock(), by="publish")
        yield opened


def again(house):
    from flows.publish import _again

    edition = house.settings.edition("managers")
    return _again(house, edition, (START, END), ANN, "Ed", house.clock())


@pytest.mark.parametrize("closed", [False, True])
def test_while_a_correction_waits_or_is_closed_the_one_that_left_is_sent_again(house, closed):
    if closed:
        issues.move(house.store, f"{ISSUE}-r2", "not sent", now=house.clock(), by="Ed")
    done = again(house)
    assert (done.issue, done.messages) == (ISSUE, 1)
    (copy,) = outbox.copies(house.store, ISSUE, ANN)
    assert outbox.letter_of(house.store, copy.issue, "copy").subject == ISSUE


def test_once_the_correction_has_left_nobody_gets_the_wrong_one(house):
    from flows.deliver import resend

    released(house, issues.find(house.store, f"{ISSUE}-r2"), "correction")
    with pytest.raises(StoreError, match=f"corrected: {ISSUE}-r2 .* ./run resend {ISSUE}-r2 {ANN}"):
        resend(house, ISSUE, ANN, by="Ed", proved=False, now=house.clock())
    assert outbox.copies(house.store, ISSUE, ANN) == ()
    assert again(house).issue == f"{ISSUE}-r2"


@pytest.mark.parametrize("known", [True, False])
def test_readers_are_told_that_nothing_came_unless_they_may_have_been_told_before_a_restore(house, known):
    from flows.publish import _nothing

    now = house.clock()
    if not known:
        with house.store.writing() as connection:
            carried.be_careful(connection, made=now, now=now)
    edition = house.settings.edition("members").model_copy(update={"when_empty": "two-lines"})
    recipients.take_in(house.store, "members", [ANN], now=now)
    issue, _ = issues.begin(house.store, "members", START, END, now=now)
    nothing = replace(digest(empty=True), contact=(Words("Ask Morag Tennant", "configuration"),))
    done = _nothing(house, edition, issue, nothing, now)
    assert done.messages == (2 if known else 1)
    told = outbox.letter_of(house.store, f"{issue.id} contact", "notice")
    assert ("Its readers were not told" in told.text) is not known


def test_of_a_period_without_an_issue_none_is_sent(house):
    from flows.publish import _again

    edition, days = house.settings.edition("managers"), (date(2026, 1, 5), date(2026, 1, 11))
    with pytest.raises(StoreError, match="There is no issue"):
        _again(house, edition, days, ANN, "Ed", house.clock())
