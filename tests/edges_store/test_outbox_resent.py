"""The policy "resend-once": what may or may not have arrived goes out a second time by itself, and never a third."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text

from cuttings.edges.store import connect, open_store, outbox, recipients, sending
from cuttings.edges.store.outbox import BY_A_PERSON, BY_POLICY, Letter
from cuttings.edges.store.sending import STALE, once_more
from tests.edges_store.made import DAY, HOUR, NOW
from tests.edges_store.test_issues import printed
from tests.edges_store.test_schema import place, released

__all__ = ["place"]

NOTICE = Letter("health 2026-04-06", "notice", "All is well", "All is well.\n", "<p>All is well.</p>")
LATE = NOW + 2 * DAY
ONCE = "resend-once"


def queue(store, *to, letter=NOTICE, deadline=LATE):
    outbox.enqueue(store, letter, [(f"{name}@x.example", None) for name in to or ("ann",)], now=NOW, deadline=deadline)


def row(store, name="ann", issue=NOTICE.issue):
    return next(m for m in outbox.of_issue(store, issue) if m.recipient == f"{name}@x.example")


def claim(store, now=NOW, by="one"):
    found = sending.claim(store, by=by, now=now)
    return found and found[0]


@pytest.mark.parametrize(
    ("policy", "resent", "at", "again"),
    [
        ("hold", None, NOW, False),
        (ONCE, None, NOW, True),
        (ONCE, BY_POLICY, NOW, False),
        (ONCE, BY_A_PERSON, NOW, False),
        (ONCE, None, LATE - timedelta(seconds=1), True),
        (ONCE, None, LATE, False),
    ],
)
def test_only_under_its_policy_only_once_and_only_before_the_deadline(policy, resent, at, again):
    assert once_more(policy, resent=resent, deadline=LATE, at=at) is again


def test_what_a_crash_left_is_put_back_once_and_is_then_a_persons(store):
    queue(store)
    claim(store)
    assert sending.sweep(store, now=NOW + STALE, policy=ONCE) == 1
    back = row(store)
    assert (back.state, back.resent, back.next_try, back.deadline) == ("new", BY_POLICY, NOW + STALE, LATE)
    assert "it may have arrived" in back.detail
    assert outbox.troubled(store) == ()
    second = claim(store, now=NOW + STALE)
    assert (second.attempts, second.resent) == (2, BY_POLICY)
    assert sending.sweep(store, now=NOW + 2 * STALE, policy=ONCE) == 1
    assert row(store).state == "ambiguous"
    assert claim(store, now=NOW + 2 * STALE) is None
    assert [m.recipient for m in outbox.doubled(store)] == ["ann@x.example"]


def test_under_hold_nothing_is_put_back(store):
    queue(store)
    claim(store)
    sending.sweep(store, now=NOW + STALE)
    assert (row(store).state, row(store).resent) == ("ambiguous", None)
    assert outbox.doubled(store) == ()


def test_found_after_its_deadline_it_is_listed_and_not_sent_again(store):
    queue(store)
    claim(store)
    sending.sweep(store, now=LATE, policy=ONCE)
    assert (row(store).state, row(store).resent) == ("ambiguous", None)


def test_what_was_uncertain_before_the_policy_was_chosen_stays_with_its_person(store):
    queue(store)
    claim(store)
    sending.sweep(store, now=NOW + STALE)
    sending.sweep(store, now=NOW + 2 * STALE, policy=ONCE)
    assert row(store).state == "ambiguous"


def test_what_a_person_had_sent_again_is_not_sent_a_third_time_by_itself(store):
    queue(store)
    claim(store)
    sending.sweep(store, now=NOW + STALE)
    sending.resolve(store, row(store).id, "resend", now=NOW + STALE, by="Ed Itor", deadline=LATE)
    assert row(store).resent == BY_A_PERSON
    claim(store, now=NOW + STALE)
    sending.sweep(store, now=NOW + 2 * STALE, policy=ONCE)
    assert row(store).state == "ambiguous"
    assert outbox.doubled(store) == ()


def test_one_that_never_left_and_is_sent_by_a_person_is_a_first(store):
    queue(store)
    mailing = claim(store)
    sending.mark(store, mailing, "refused", now=NOW)
    sending.resolve(store, mailing.id, "resend", now=NOW, by="Ed Itor", deadline=LATE)
    assert row(store).resent is None


def swept(store, *, letter=NOTICE, now=NOW + STALE):
    """A claim of somebody who is slow, not dead; and its row, put back meanwhile."""
    queue(store, letter=letter)
    slow = claim(store)
    sending.sweep(store, now=now, policy=ONCE)
    return slow


@pytest.mark.parametrize("state", ["sent", "refused"])
def test_a_slow_claim_that_has_its_answer_after_all_saves_the_second_copy(store, state):
    slow = swept(store)
    assert sending.mark(store, slow, state, now=NOW + HOUR, detail="250 at last")
    assert row(store).state == state
    assert claim(store, now=NOW + HOUR) is None


@pytest.mark.parametrize("state", ["ambiguous", "new"])
def test_a_slow_claim_that_knows_nothing_changes_nothing(store, state):
    slow = swept(store)
    assert not sending.mark(store, slow, state, now=NOW + HOUR, again=state == "new")
    assert (row(store).state, row(store).resent) == ("new", BY_POLICY)


def test_a_slow_claim_is_too_late_once_the_second_has_begun(store):
    slow = swept(store)
    second = claim(store, now=NOW + STALE, by="two")
    assert not sending.mark(store, slow, "sent", now=NOW + HOUR)
    assert sending.mark(store, second, "sent", now=NOW + HOUR)


def test_a_second_copy_that_is_not_sent_in_time_is_uncertain_and_not_given_up(store):
    swept(store)
    assert claim(store, now=LATE) is None
    assert row(store).state == "ambiguous"
    assert row(store).detail.startswith("it may have arrived, and is not sent again: the deadline passed")


def test_a_second_copy_to_one_who_stopped_meanwhile_is_not_sent(store):
    issue = printed(store)
    edition = replace(NOTICE, issue=issue.id, kind="edition")
    outbox.release(store, edition, [("ann@x.example", None)], by="Ed", now=NOW, deadline=LATE)
    claim(store)
    sending.sweep(store, now=NOW + STALE, policy=ONCE)
    recipients.suppress(store, "ann@x.example", "unsubscribed", now=NOW)
    assert claim(store, now=NOW + STALE) is None
    left = row(store, issue=issue.id)
    assert (left.state, left.detail) == (
        "ambiguous", "it may have arrived, and is not sent again: on the suppression list",
    )  # fmt: skip
    assert [m.recipient for m in outbox.who_had(store, issue.id)] == ["ann@x.example"]


def test_a_second_copy_that_waits_is_caught_where_the_policy_is_hold_by_now(store):
    swept(store)
    assert sending.sweep(store, now=NOW + HOUR) == 1
    assert (row(store).state, row(store).updated) == ("ambiguous", NOW + HOUR)
    assert row(store).detail.startswith("it may have arrived, and is not sent again")
    assert claim(store, now=NOW + HOUR) is None
    assert sending.sweep(store, now=NOW + HOUR) == 0


@pytest.mark.parametrize("state", ["ambiguous", "refused"])
def test_what_a_person_sends_after_the_policy_did_is_theirs_and_is_not_caught(store, state):
    slow = swept(store)
    if state == "refused":
        sending.mark(store, slow, "refused", now=NOW + HOUR)
    else:
        sending.sweep(store, now=NOW + HOUR)
    sending.resolve(store, slow.id, "resend", now=NOW + HOUR, by="Ed Itor", deadline=LATE)
    assert row(store).resent == BY_A_PERSON
    assert sending.sweep(store, now=NOW + HOUR) == 0
    assert claim(store, now=NOW + HOUR).id == slow.id


def test_the_first_that_comes_back_saves_the_second(store):
    slow = swept(store)
    with store.writing() as connection:
        connection.execute(text("UPDATE outbox SET message_id = '<1@x>'"))
    assert sending.bounced(store, "<1@x>", "ann@x.example", now=NOW + STALE, detail="550 unknown") == 1
    assert row(store).state == "bounced"
    assert claim(store, now=NOW + DAY) is None
    assert not sending.mark(store, slow, "sent", now=NOW + DAY)


def test_rows_of_the_schema_before_come_forward_as_never_sent_again(place):
    released(place, "0006")
    engine = connect._engine(place)
    columns = "issue, kind, recipient, folded, state, attempts, created, next_try, deadline, claimed_at, updated"
    moment, late = "'2026-04-06T07:00:00.000000Z'", "'2026-04-09T07:00:00.000000Z'"
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        for name, state in (("ann", "sending"), ("ben", "ambiguous")):
            connection.execute(text(
                f"INSERT INTO outbox ({columns}) VALUES ('{NOTICE.issue}', 'notice', '{name}@x.example', "
                f"'{name}@x.example', '{state}', 1, {moment}, {moment}, {late}, {moment}, {moment})"
            ))  # fmt: skip
    engine.dispose()
    store = open_store(place)
    assert [m.resent for m in outbox.of_issue(store, NOTICE.issue)] == [None, None]
    assert sending.sweep(store, now=NOW + STALE, policy=ONCE) == 1
    assert (row(store).state, row(store, "ben").state) == ("new", "ambiguous")
    store.close()


class Resending(RuleBasedStateMachine):
    """Two deliverers, slow answers, crashes and sweeps in any order: at most two copies each, and nobody is lost."""

    def __init__(self):
        super().__init__()
        self.store = open_store(":memory:")
        self.names = ("ann", "ben", "cat")
        queue(self.store, *self.names, deadline=NOW + 2 * DAY)
        self.now, self.claimed, self.arrived = NOW, {}, Counter()

    @rule(by=st.sampled_from(["one", "two"]))
    def claims(self, by):
        found = claim(self.store, now=self.now, by=by)
        if found is not None:
            self.claimed.setdefault(by, []).append(found)

    @rule(
        by=st.sampled_from(["one", "two"]),
        state=st.sampled_from(["sent", "refused", "ambiguous", "new"]),
        arrived=st.booleans(),
    )
    def answers(self, by, state, arrived):
        if not self.claimed.get(by):
            return
        mailing = self.claimed[by].pop()
        if state == "sent" or (state == "ambiguous" and arrived):
            self.arrived[mailing.recipient] += 1
        again = state == "ambiguous" and once_more(ONCE, resent=mailing.resent, deadline=mailing.deadline, at=self.now)
        if state == "refused" and mailing.resent:
            state = "ambiguous"
        became = "new" if again else state
        sending.mark(self.store, mailing, became, now=self.now, next_try=self.now + HOUR, again=again)

    @rule(by=st.sampled_from(["one", "two"]), arrived=st.booleans())
    def crashes(self, by, arrived):
        for mailing in self.claimed.pop(by, []):
            self.arrived[mailing.recipient] += arrived

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        sending.sweep(self.store, now=self.now, policy=ONCE)

    @invariant()
    def nobody_has_three(self):
        assert max(self.arrived.values(), default=0) <= 2

    @invariant()
    def who_has_one_is_never_told_to_have_none_and_who_has_two_is_named(self):
        rows = {m.recipient: m for m in outbox.of_issue(self.store, NOTICE.issue)}
        assert len(rows) == len(self.names)
        for who, copies in self.arrived.items():
            state, resent = rows[who].state, rows[who].resent
            assert not copies or state in ("sent", "sending", "ambiguous") or (state, resent) == ("new", BY_POLICY)
            assert copies < 2 or resent == BY_POLICY

    def teardown(self):
        self.store.close()


TestResending = Resending.TestCase
TestResending.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
