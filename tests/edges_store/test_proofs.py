"""What approvals, corrections and bounces ask of the store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cuttings import rulings
from cuttings.edges.store import StoreError, issues, outbox, recipients, sending, usage
from cuttings.edges.store.issues import Change
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.usage import Use
from cuttings.model import Ruling
from tests.edges_store.made import DAY, NOW, article, save
from tests.edges_store.test_issues import END, PDF, START, digest

NEXT = (END + timedelta(days=1), END + timedelta(days=7))


def composed(store, *of, start=START, end=END):
    issue, _ = issues.begin(store, "managers", start, end, now=NOW)
    return issues.save(store, issue.id, digest(*of), [PDF], now=NOW)


def struck(issue, story, by="Ed Itor"):
    ruling = Ruling(rulings.item(issue.id, story), "strike", None, by, NOW, "M1: not ours")
    return Change(by, False, "M1 taken out: not ours", (ruling,))


def letter(issue, kind="edition"):
    return Letter(issue.id, kind, "s", "t\n", "<html></html>")


def release(store, issue, to, kind="edition", **more):
    people = [(address, None) for address in to]
    return outbox.release(store, letter(issue, kind), people, by="Ed", now=NOW, deadline=NOW + 2 * DAY, **more)


def send_all(store, state="sent", now=NOW):
    while claimed := sending.claim(store, by="one", now=now):
        sending.mark(store, claimed[0], state, now=now, message_id=f"<{claimed[0].id}@x>")


def test_a_number_is_never_given_twice_even_where_an_empty_period_fills_later(store):
    first, _ = issues.begin(store, "managers", START, END, now=NOW)
    issues.save(store, first.id, digest(empty=True), [], now=NOW)
    second, _ = issues.begin(store, "managers", *NEXT, now=NOW)
    issues.save(store, second.id, digest(), [PDF], now=NOW)
    again, new = issues.begin(store, "managers", START, END, now=NOW + DAY)
    assert (second.number, again.number, new, again.state) == (1, 2, False, "begun")
    assert issues.next_number(store, "managers") == 3
    third, _ = issues.begin(store, "managers", NEXT[1] + timedelta(days=1), NEXT[1] + timedelta(days=7), now=NOW)
    assert third.number == 3


def test_a_change_its_ruling_and_its_line_in_the_log_are_one_step(store):
    a = article()
    save(store, a)
    issue = composed(store, a)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish")
    assert issues.proof(store, issue.id) == 1
    change = struck(issue, a.key)
    issues.save(store, issue.id, digest(), [PDF], now=NOW, change=change)
    assert issues.proof(store, issue.id) == 2
    ((number, ruling),) = issues.rulings_on_items(store, issue.id)
    assert ruling == change.rulings[0]
    back = Change("Ed Itor", True, "taken back", (), (number,))
    issues.save(store, issue.id, digest(a), [PDF], now=NOW, change=back)
    assert issues.rulings_on_items(store, issue.id) == ()
    issues.move(store, issue.id, "approved", now=NOW, by="Ed")
    with pytest.raises(StoreError, match="can't change any more"):
        issues.save(store, issue.id, digest(), [PDF], now=NOW, change=change)
    assert issues.rulings_on_items(store, issue.id) == ()
    assert issues.proof(store, issue.id) == 3


def test_the_second_of_two_makers_is_refused(store):
    issue = composed(store)
    with pytest.raises(StoreError, match="another run has made it"):
        issues.save(store, issue.id, digest(), [PDF], now=NOW, expected=("begun", "empty"))


def test_only_the_latest_proof_can_be_approved(store):
    a = article()
    save(store, a)
    issue = composed(store, a)
    issues.save(store, issue.id, digest(), [PDF], now=NOW, change=struck(issue, a.key))
    with pytest.raises(StoreError, match="proof 2 is the latest, not 1"):
        release(store, issue, ["a@x.example"], proof=1)
    assert outbox.of_issue(store, issue.id) == ()
    assert release(store, issue, ["a@x.example"], proof=2) == 1
    issues.note(store, issue.id, now=NOW, by="Ed", proved=False, reason="sent again to a@x.example")
    assert release(store, issue, ["a@x.example"], proof=2) == 0  # asked twice, whatever was noted since


def test_nobody_gets_the_first_issue_after_its_correction_has_left(store):
    for address in ("a@x.example", "b@x.example"):
        recipients.add(store, "managers", address, now=NOW)
    issue = composed(store)
    release(store, issue, ["a@x.example", "b@x.example"])
    first, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, first, "sent", now=NOW)
    new = issues.revise(store, issue.id, now=NOW, by="Ed", reason="a wrong date")
    issues.save(store, new.id, digest(), [PDF], now=NOW)
    assert [i.id for i in issues.earlier_revisions(store, new)] == [issue.id]
    had = [m.recipient for m in outbox.who_had(store, issue.id)]
    assert had == ["a@x.example", "b@x.example"]  # b's is on its way: the corrected one goes in its place
    release(store, new, had, "correction")
    send_all(store)
    assert {m.recipient: m.state for m in outbox.of_issue(store, issue.id)} == {
        "a@x.example": "sent",
        "b@x.example": "given up",
    }
    assert outbox.counts(store, new.id) == {"sent": 2}


def test_a_message_that_came_back_is_counted_once_and_only_where_it_was_ours(store):
    issue = composed(store)
    release(store, issue, ["a@x.example"])
    assert sending.bounced(store, "<1@x>", "a@x.example", now=NOW, detail="550") is None  # not sent yet
    send_all(store)
    (mailing,) = outbox.of_issue(store, issue.id)
    assert sending.bounced(store, mailing.message_id, "b@x.example", now=NOW, detail="550") is None
    for _ in range(2):
        assert sending.bounced(store, mailing.message_id, "A@x.example", now=NOW, detail="550") == 1
    assert [m.state for m in outbox.troubled(store)] == ["bounced"]
    assert outbox.who_had(store, issue.id) == ()


def test_who_unsubscribes_is_off_every_list_in_one_step(store):
    for edition in ("managers", "members"):
        recipients.add(store, edition, "Ann@x.example", now=NOW)
    assert recipients.unsubscribe(store, "ann@x.example", now=NOW) == 2
    assert recipients.suppressed(store, "ANN@x.example") == "unsubscribed"
    assert recipients.of_edition(store, "members") == ()
    assert recipients.unsuppress(store, "ann@x.example")
    assert recipients.suppressed(store, "ann@x.example") is None


def test_the_usage_log_grows_with_the_readers_and_never_shrinks(store):
    use = Use("i", "a", "weekly", "excerpt", 12, 3, NOW)
    assert usage.log(store, [use]) == 1
    for recipients_, meant in ((5, 5), (4, 5)):
        assert usage.log(store, [Use("i", "a", "weekly", "excerpt", 12, recipients_, NOW)]) == 0
        assert usage.of_issue(store, "i")[0].recipients == meant
    assert usage.of_issue(store, "other") == ()
    assert usage.every(store) == usage.of_issue(store, "i")
