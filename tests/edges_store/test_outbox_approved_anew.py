"""An issue that was approved, held, changed and approved again: its readers get what was approved last, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cuttings.edges.store import StoreError, issues, outbox, sending
from cuttings.edges.store.outbox import Letter
from tests.edges_store.made import DAY, HOUR, NOW
from tests.edges_store.test_issues import composed

PEOPLE = [("ann@x.example", None), ("ben@x.example", None)]


def approve(store, issue, words, *, to=PEOPLE, now=NOW):
    said = Letter(issue.id, "edition", words, f"{words}\n", f"<p>{words}</p>", f"{words}.pdf")
    return outbox.release(store, said, to, by="Ed", now=now, deadline=now + 2 * DAY)


def hold(store, issue):
    issues.move(store, issue.id, "held", now=NOW, by="Ed", reason="a name in it")


def send(store, now=NOW):
    """Everything that is due; to whom, and which words."""
    sent = []
    while claimed := sending.claim(store, by="one", now=now):
        sending.mark(store, claimed[0], "sent", now=now)
        sent.append((claimed[0].recipient, claimed[1].subject, claimed[1].attachment))
    return sent


def test_readers_get_the_proof_that_was_approved_last(store):
    issue = composed(store)
    assert approve(store, issue, "first") == 2
    hold(store, issue)
    assert approve(store, issue, "second", to=PEOPLE[:1]) == 1
    assert send(store) == [("ann@x.example", "second", "second.pdf")]


@pytest.mark.parametrize("became", ["sent", "ambiguous", None])
@pytest.mark.parametrize("wanted", ["held", "not sent"])
def test_what_one_reader_has_or_may_have_is_not_called_back(store, became, wanted):
    issue = composed(store)
    approve(store, issue, "first")
    mailing, _ = sending.claim(store, by="one", now=NOW)
    if became:
        sending.mark(store, mailing, became, now=NOW)
    with pytest.raises(StoreError, match=rf"become '{wanted}' any more: 1 of its readers have it.*\./run correct"):
        issues.move(store, issue.id, wanted, now=NOW, by="Ed", reason="a name in it")
    if became:
        assert send(store) == [("ben@x.example", "first", "first.pdf")]


def test_a_copy_that_somebody_asked_for_has_left_as_well(store):
    issue = composed(store)
    approve(store, issue, "first")
    copy = Letter(f"{issue.id} copy 1", "copy", "first", "t", "h")
    outbox.enqueue(store, copy, PEOPLE[:1], now=NOW, deadline=NOW + DAY)
    hold(store, issue)
    approve(store, issue, "second")
    sending.claim(store, by="one", now=NOW)
    with pytest.raises(StoreError, match="being sent"):
        hold(store, issue)


def test_while_the_mail_server_is_down_an_issue_may_still_be_held(store):
    issue = composed(store)
    approve(store, issue, "first", to=PEOPLE[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "new", now=NOW, detail="451 busy", next_try=NOW + HOUR)
    issues.bring_on(store, issue.id, "delivering", now=NOW, by="deliver")
    hold(store, issue)
    assert send(store, now=NOW + HOUR) == []


def test_what_gave_up_while_the_issue_was_held_has_its_time_anew(store):
    issue = composed(store)
    approve(store, issue, "first", to=PEOPLE[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "new", now=NOW, detail="451 busy", next_try=NOW + HOUR)
    hold(store, issue)
    later = NOW + 4 * DAY
    outbox.enqueue(store, Letter("x", "notice", "s", "t", "h"), PEOPLE[1:], now=later, deadline=later + DAY)
    assert len(send(store, now=later)) == 1
    assert outbox.counts(store, issue.id) == {"given up": 1}
    approve(store, issue, "second", to=PEOPLE[:1], now=later)
    assert send(store, now=later) == [("ann@x.example", "second", "second.pdf")]


def test_the_rest_of_an_issue_can_be_stopped(store):
    issue = composed(store)
    approve(store, issue, "first")
    sending.mark(store, sending.claim(store, by="one", now=NOW)[0], "sent", now=NOW)
    assert sending.stop(store, issue.id, "not sent: an election", now=NOW) == 1
    assert send(store) == []
    assert [m.detail for m in outbox.of_issue(store, issue.id) if m.state == "given up"] == ["not sent: an election"]
    assert sending.stop(store, issue.id, "again", now=NOW) == 0


def test_what_was_put_off_by_a_busy_server_says_what_was_approved_last(store):
    issue = composed(store)
    approve(store, issue, "first", to=PEOPLE[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "new", now=NOW, detail="451 busy", next_try=NOW + HOUR)
    hold(store, issue)
    assert approve(store, issue, "second", to=PEOPLE[:1]) == 0
    assert send(store, now=NOW + HOUR) == [("ann@x.example", "second", "second.pdf")]


def test_approved_twice_in_a_row_the_first_letter_stays(store):
    issue = composed(store)
    approve(store, issue, "first")
    assert approve(store, issue, "second") == 0
    assert {words for _, words, _ in send(store)} == {"first"}


def test_the_proof_of_the_same_issue_is_left_alone(store):
    issue = composed(store)
    proof = replace(Letter(issue.id, "edition", "proof", "t", "h"), kind="proof")
    outbox.enqueue(store, proof, PEOPLE[:1], now=NOW, deadline=NOW + DAY)
    approve(store, issue, "first")
    assert outbox.letter_of(store, issue.id, "proof") == proof
    assert outbox.counts(store, issue.id, "proof") == {"new": 1}


def test_an_approval_that_comes_late_is_none_though_nobody_closed_the_issue_yet(store):
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + DAY)
    with pytest.raises(StoreError, match=r"had no approval by 2026-04-07 07:00 UTC and is not sent\.$"):
        approve(store, issue, "late", now=NOW + DAY)
    assert issues.find(store, issue.id).state == "awaiting approval"
    assert not outbox.queued(store, issue.id, "edition")


def test_what_was_approved_in_time_may_be_approved_once_more_after_it(store):
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + DAY)
    assert approve(store, issue, "first") == 2
    assert approve(store, issue, "first", now=NOW + DAY) == 0
