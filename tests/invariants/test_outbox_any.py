"""Whatever is killed when, by however many at work: nobody gets a message twice, or not more than twice by policy."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.edges.mail.channels import Outcome
from cuttings.edges.mail.delivery import settle
from cuttings.edges.store import outbox, sending
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.sending import STALE
from tests.stores import fresh

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
LETTER = Letter("health 2026-04-06", "notice", "All is well", "Text.\n", "<p>Html.</p>")
PEOPLE = [("ann@x.example", "Ann"), ("ben@x.example", None), ("Ann@X.example", "Ann again"), ("cat@x.example", "Cat")]
# (what a process does with the message it holds, whether it reaches its reader)
ENDS = {
    "sent": True, "refused": False, "later": False, "ambiguous": True, "ambiguous, lost": False,
    "killed before it was sent": False, "killed after it was sent": True, "slow": True,
}  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("queue"), st.sets(st.sampled_from(range(len(PEOPLE))))),
    st.tuples(st.just("send"), st.sampled_from(sorted(ENDS))),
    st.tuples(st.just("wait"), st.sampled_from((1, 29, 31, 200))),
    st.tuples(st.just("sweep"), st.just(None)),
    st.tuples(st.just("slow ends"), st.just(None)),
)


class World:
    """The outbox, the readers' boxes, and the processes that still hold a message."""

    def __init__(self, store, policy):
        self.store, self.policy, self.now = store, policy, NOW
        self.boxes, self.queued, self.slow, self.n = Counter(), set(), [], 0

    def queue(self, who):
        to = [PEOPLE[n] for n in sorted(who)]
        new = outbox.enqueue(self.store, LETTER, to, now=self.now, deadline=NOW + timedelta(days=2))
        folded = {address.lower() for address, _ in to}
        assert new == len(folded - self.queued)
        self.queued |= folded

    def send(self, how):
        self.n += 1
        claimed = sending.claim(self.store, by=f"process {self.n}", now=self.now)
        if claimed is None:
            return
        mailing, letter = claimed
        assert letter == LETTER
        self.boxes[mailing.recipient.lower()] += ENDS[how]
        if how == "slow":
            self.slow.append(mailing)
        elif not how.startswith("killed"):
            outcome = Outcome(how.partition(",")[0], None if how == "sent" else "why")
            assert settle(self.store, mailing, outcome, now=self.now, message_id="<1@x>", policy=self.policy)

    def slow_ends(self, _):
        """A server that took its time said yes after all: that counts, unless its row is somebody else's by now."""
        if self.slow:
            mailing = self.slow.pop()
            settle(self.store, mailing, Outcome("sent", None), now=self.now, message_id="<1@x>", policy=self.policy)

    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    def sweep(self, _):
        sending.sweep(self.store, now=self.now, policy=self.policy)

    def check(self):
        rows = {m.recipient.lower(): m for m in outbox.of_issue(self.store, LETTER.issue)}
        assert set(rows) == self.queued
        most = 1 if self.policy == "hold" else 2
        assert not [who for who, times in self.boxes.items() if times > most]
        for who, row in rows.items():
            # Nothing is lost: what did not arrive still waits, or is told to a person.
            if not self.boxes[who]:
                assert row.state != "sent"
            if row.state == "sent":
                assert self.boxes[who]
        assert sum(outbox.counts(self.store, LETTER.issue).values()) == len(rows)


@pytest.mark.parametrize("policy", ["hold", "resend-once"])
@settings(max_examples=8, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_nobody_gets_it_more_often_than_the_policy_says(policy, steps):
    with TemporaryDirectory() as folder:
        store = fresh(Path(folder) / "one.db")
        try:
            world = World(store, policy)
            world.queue({0, 1, 3})
            for name, given_ in steps:
                getattr(world, name.replace(" ", "_"))(given_)
                world.check()
            # In the end everybody has it, or stands in the list of what a person has to look at.
            world.wait(2 * STALE.seconds // 60)
            world.sweep(None)
            for _ in range(20):
                world.send("sent")
                world.wait(121)
            world.check()
            told = {m.recipient.lower() for m in outbox.troubled(store)}
            assert {who for who in world.queued if not world.boxes[who]} <= told
        finally:
            store.close()
