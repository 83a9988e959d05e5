"""The outbox: claimed before it is sent, and never two to one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cuttings.edges.store import StoreError, open_store, outbox, recipients, sending
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.recipients import BadAddress
from cuttings.edges.store.sending import STALE
from tests.edges_store.made import DAY, HOUR, NOW, next_try

NOTICE = Letter("health 2026-04-06", "notice", "All is well", "All is well.\n", "<p>All is well.</p>")
TO = [("a@x.example", "Ann"), ("b@x.example", None)]


def queue(store, to=TO, letter=NOTICE, deadline=NOW + 2 * DAY):
    return outbox.enqueue(store, letter, to, now=NOW, deadline=deadline)


def states(store):
    return {m.recipient: m.state for m in outbox.of_issue(store, NOTICE.issue)}


def test_asked_twice_nothing_doubles(store):
    assert queue(store) == 2
    assert queue(store, [("A@x.example", None), ("c@x.example", None)]) == 1
    assert len(outbox.of_issue(store, NOTICE.issue)) == 3


def test_all_recipients_get_the_first_letter(store):
    queue(store)
    queue(store, [("c@x.example", None)], Letter(NOTICE.issue, "notice", "Other words", "x", "x"))
    subjects = set()
    while claimed := sending.claim(store, by="one", now=NOW):
        subjects.add(claimed[1].subject)
    assert subjects == {"All is well"}


def test_a_bad_address_keeps_the_whole_list_out(store):
    with pytest.raises(BadAddress):
        queue(store, [*TO, ("c", None)])
    assert states(store) == {}


def test_a_claim_is_nobody_elses(store):
    queue(store)
    (first, letter), (second, _) = sending.claim(store, by="one", now=NOW), sending.claim(store, by="two", now=NOW)
    assert sending.claim(store, by="three", now=NOW) is None
    assert {first.recipient, second.recipient} == {"a@x.example", "b@x.example"}
    assert (first.state, first.attempts, first.claimed_by, letter) == ("sending", 1, "one", NOTICE)


def test_what_was_sent_is_settled(store):
    queue(store)
    assert not outbox.settled(store, NOTICE.issue, "notice")
    while claimed := sending.claim(store, by="one", now=NOW):
        assert sending.mark(store, claimed[0], "sent", now=NOW, detail="250 ok", message_id="<1@x>")
        assert not sending.mark(store, claimed[0], "refused", now=NOW)
    assert outbox.settled(store, NOTICE.issue, "notice")
    assert outbox.counts(store, NOTICE.issue) == {"sent": 2}


def test_later_waits_for_its_next_try(store):
    queue(store, TO[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "new", now=NOW, detail="451 busy", next_try=NOW + HOUR)
    assert sending.claim(store, by="one", now=NOW) is None
    assert next_try(store) == NOW + HOUR
    again, _ = sending.claim(store, by="one", now=NOW + HOUR)
    assert again.attempts == 2


def test_after_the_deadline_it_is_given_up_with_its_last_reason(store):
    queue(store)
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "new", now=NOW, detail="451 busy", next_try=NOW + HOUR)
    assert sending.claim(store, by="one", now=NOW + 3 * DAY) is None
    details = {m.recipient: m.detail for m in outbox.troubled(store)}
    assert details[mailing.recipient].endswith("451 busy")
    assert set(states(store).values()) == {"given up"}


def test_who_unsubscribed_after_it_was_queued_gets_no_edition_but_a_notice(store):
    queue(store, TO[:1])
    recipients.suppress(store, "A@x.example", "unsubscribed", now=NOW)
    assert sending.claim(store, by="one", now=NOW) is not None
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'new', kind = 'correction'")
        connection.exec_driver_sql("UPDATE letters SET kind = 'correction'")
    assert sending.claim(store, by="one", now=NOW) is None


def test_a_crash_is_swept_into_ambiguous_and_never_sent_by_itself(store):
    queue(store, TO[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    assert sending.sweep(store, now=NOW + STALE / 2) == 0
    assert sending.sweep(store, now=NOW + STALE) == 1
    assert sending.claim(store, by="two", now=NOW + DAY) is None
    (listed,) = outbox.troubled(store)
    assert (listed.state, listed.recipient) == ("ambiguous", "a@x.example")
    # It was only slow: the answer of its server is worth more than our doubt.
    assert sending.mark(store, mailing, "sent", now=NOW + HOUR)
    assert states(store) == {"a@x.example": "sent"}


def test_a_slow_claim_can_not_put_back_what_was_swept(store):
    queue(store, TO[:1])
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.sweep(store, now=NOW + STALE)
    assert not sending.mark(store, mailing, "new", now=NOW + HOUR)


def test_an_editor_settles_what_is_ambiguous(store):
    queue(store)
    for _ in TO:
        sending.claim(store, by="one", now=NOW)
    sending.sweep(store, now=NOW + STALE)
    first, second = outbox.troubled(store)
    with pytest.raises(StoreError, match="deadline"):
        sending.resolve(store, first.id, "resend", now=NOW, by="Ed Itor")
    sending.resolve(store, first.id, "resend", now=NOW, by="Ed Itor", deadline=NOW + 5 * DAY)
    sending.resolve(store, second.id, "sent", now=NOW, by="Ed Itor")
    assert states(store) == {first.recipient: "new", second.recipient: "sent"}
    with pytest.raises(StoreError, match="neither"):
        sending.resolve(store, second.id, "refused", now=NOW, by="Ed Itor")


class Outbox(RuleBasedStateMachine):
    """Two deliverers, crashes and sweeps in any order: nobody is sent to twice, nobody is lost."""

    def __init__(self):
        super().__init__()
        self.store = open_store(":memory:")
        queue(self.store, [(f"{n}@x.example", None) for n in range(4)], deadline=NOW + 1000 * DAY)
        self.now, self.claimed, self.sent = NOW, {}, []

    @rule(by=st.sampled_from(["one", "two"]))
    def claims(self, by):
        found = sending.claim(self.store, by=by, now=self.now)
        if found is not None:
            self.claimed.setdefault(by, []).append(found[0])

    @rule(by=st.sampled_from(["one", "two"]), state=st.sampled_from(["sent", "refused", "ambiguous", "new"]))
    def answers(self, by, state):
        if not self.claimed.get(by):
            return
        mailing = self.claimed[by].pop()
        if state == "sent":
            self.sent.append(mailing.recipient)
        sending.mark(self.store, mailing, state, now=self.now, next_try=self.now + HOUR)

    @rule(by=st.sampled_from(["one", "two"]), arrived=st.booleans())
    def crashes(self, by, arrived):
        for mailing in self.claimed.pop(by, []):
            if arrived:
                self.sent.append(mailing.recipient)

    @rule(hours=st.integers(1, 5))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        sending.sweep(self.store, now=self.now)

    @invariant()
    def nobody_gets_it_twice(self):
        assert len(self.sent) == len(set(self.sent))

    @invariant()
    def nobody_is_lost(self):
        found = states(self.store)
        assert len(found) == 4
        assert set(self.sent) <= {who for who, state in found.items() if state in ("sent", "sending", "ambiguous")}

    def teardown(self):
        self.store.close()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
