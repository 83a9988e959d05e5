"""Decisions and corrections that somebody leaves half-way: nothing waits for ever, and nothing leaves unseen."""

from datetime import timedelta

import pytest

from cuttings.edges.store import StoreError, issues, outbox
from cuttings.edges.store.outbox import Letter
from cuttings.model import when
from flows import decide, making, people, publish, reread
from flows.house import open_house
from tests.edges_store.test_issues import END, START, digest

NOW = when("2026-04-06")
DAY = timedelta(days=1)


@pytest.fixture
def house(home):  # noqa: ARG001 - where it stands
    with open_house() as opened:
        yield opened


def approved(house, edition="managers"):
    issue, _ = issues.begin(house.store, edition, START, END, now=NOW)
    issues.save(house.store, issue.id, digest(), (), now=NOW)
    letter = Letter(issue.id, "edition", "Cuttings", "t", "h")
    outbox.release(house.store, letter, [("ann@x.example", None)], by="Ed", now=NOW, deadline=NOW + 2 * DAY)
    return issues.find(house.store, issue.id)


def hold(house, issue, now):
    said = decide._Said("hold", "Ed", "a name in it", None, {}, None)
    decide._decided(house, issue, said, False, now)
    return issues.find(house.store, issue.id)


def test_what_is_held_without_ever_having_had_a_deadline_gets_one(house):
    days = house.settings.edition("managers").answer_days
    held = hold(house, approved(house), NOW)
    assert held.expires == NOW + days * DAY
    assert issues.expire(house.store, now=held.expires - timedelta(seconds=1)) == ()
    assert issues.expire(house.store, now=held.expires) == (held.id,)


def test_what_was_approved_and_is_held_after_its_deadline_is_not_closed_the_same_hour(house):
    issue, _ = issues.begin(house.store, "managers", START, END, now=NOW)
    issues.save(house.store, issue.id, digest(), (), now=NOW)
    issues.move(house.store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + DAY)
    outbox.release(house.store, Letter(issue.id, "edition", "s", "t", "h"), [], by="Ed", now=NOW, deadline=NOW + DAY)
    held = hold(house, issues.find(house.store, issue.id), NOW + 2 * DAY)
    assert held.expires > NOW + 2 * DAY


def test_a_hold_while_it_waits_does_not_stop_the_clock(house):
    issue, _ = issues.begin(house.store, "managers", START, END, now=NOW)
    issues.save(house.store, issue.id, digest(), (), now=NOW)
    issues.move(house.store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + 3 * DAY)
    assert hold(house, issues.find(house.store, issue.id), NOW + DAY).expires == NOW + 3 * DAY


def test_a_correction_that_was_not_finished_is_left_to_who_makes_it(house, monkeypatch):
    first = approved(house)
    issues.bring_on(house.store, first.id, "delivered", now=NOW, by="deliver")
    second = issues.revise(house.store, first.id, now=NOW, by="Jo", reason="a wrong figure")
    monkeypatch.setattr(making, "made", lambda *_, **__: pytest.fail("made by publish, unseen by its author"))
    edition = house.settings.edition("managers")
    done = publish._one(house, edition, (START, END), NOW)
    assert (done.state, done.issue) == ("there already", second.id)
    with pytest.raises(StoreError, match=rf"by Jo is not finished \(a wrong figure\).*do-not-send {second.id}"):
        publish._corrected(house, first, "another fault", "Sam", False, NOW)


@pytest.mark.parametrize(
    ("flow", "broken"), [(people.retention, "flows.people._ended"), (reread.reread, "flows.reread._begin")]
)
def test_a_run_that_fails_is_told_the_same_day(house, monkeypatch, flow, broken):
    def fail(*_):
        raise ValueError("no such thing")

    monkeypatch.setattr(broken, fail)
    with pytest.raises(ValueError):
        flow.fn()
    told = outbox.letter_of(house.store, _told(house, flow.name), "notice")
    assert told.subject == f"Press cuttings: '{flow.name}' failed"


def _told(house, name):
    with house.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT issue FROM letters").scalars().all()
    return next(row for row in rows if f"failed {name}" in row)
