"""What a message's row says at every step of its way, and which questions are asked of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cuttings.edges.store import StoreError, issues, outbox, recipients, sending
from cuttings.edges.store.outbox import Letter, Mailing
from tests.edges_store.made import DAY, HOUR, NOW
from tests.edges_store.test_issues import END, PDF, START, composed, digest, printed

NOTICE = Letter("health 2026-04-06", "notice", "All is well", "Text.\n", "<p>Html.</p>", "a.pdf", "All is well.pdf")
ANN, BEN, CAT = ("ann@x.example", "Ann"), ("ben@x.example", None), ("cat@x.example", "Cat")
LATE = NOW + 2 * DAY


def queue(store, *to, letter=NOTICE, now=NOW, deadline=LATE):
    return outbox.enqueue(store, letter, to or (ANN,), now=now, deadline=deadline)


def claimed(store, by="one", now=NOW):
    found = sending.claim(store, by=by, now=now)
    return found and found[0]


def of(store, letter=NOTICE):
    return {m.recipient: m for m in outbox.of_issue(store, letter.issue)}


def edition(issue, kind="edition"):
    return replace(NOTICE, issue=issue.id, kind=kind)


def test_a_new_row(store):
    assert queue(store, ANN, BEN) == 2
    assert of(store)["ann@x.example"] == Mailing(
        id=1, issue=NOTICE.issue, kind="notice", recipient="ann@x.example", name="Ann", state="new", attempts=0,
        created=NOW, next_try=NOW, deadline=LATE, claimed_at=None, claimed_by=None, updated=NOW, message_id=None,
        detail=None,
    )  # fmt: skip
    assert of(store)["ben@x.example"].name is None


def test_a_claimed_row_and_its_letter(store):
    queue(store)
    queue(store, letter=replace(NOTICE, kind="proof", subject="A proof"))
    before = of(store)["ann@x.example"]
    mailing, letter = sending.claim(store, by="one", now=NOW + HOUR)
    assert letter == NOTICE
    assert mailing == replace(
        before, id=1, kind="notice", state="sending", attempts=1, claimed_at=NOW + HOUR, claimed_by="one",
        updated=NOW + HOUR,
    )  # fmt: skip
    assert sending.claim(store, by="one", now=NOW + HOUR)[1].subject == "A proof"


def test_what_is_due_first_goes_first_then_what_was_queued_first(store):
    queue(store, BEN, now=NOW)
    queue(store, ANN, now=NOW - HOUR)
    queue(store, CAT, now=NOW)
    order = [claimed(store).recipient for _ in range(3)]
    assert order == ["ann@x.example", "ben@x.example", "cat@x.example"]


def test_it_is_due_from_its_moment_on(store):
    queue(store)
    assert claimed(store, now=NOW - timedelta(seconds=1)) is None
    assert claimed(store, now=NOW) is not None


@pytest.mark.parametrize(("before", "state"), [(timedelta(seconds=1), "sending"), (timedelta(0), "given up")])
def test_at_its_deadline_it_is_given_up(store, before, state):
    queue(store)
    claimed(store, now=LATE - before)
    assert of(store)["ann@x.example"].state == state


def test_why_it_was_given_up_and_when(store):
    queue(store)
    assert claimed(store, now=LATE) is None
    row = of(store)["ann@x.example"]
    assert (row.detail, row.updated) == ("the deadline passed; last: it was never tried", LATE)


def test_nothing_due_nothing_is_written(store):
    queue(store, deadline=NOW - HOUR, now=NOW + DAY)
    assert claimed(store) is None
    assert of(store)["ann@x.example"].state == "new"


@pytest.mark.parametrize("kind", ["edition", "correction", "copy"])
def test_who_is_on_the_suppression_list_gets_no_issue(store, kind):
    issue = printed(store)
    queue(store, ANN, BEN, letter=edition(issue, kind))
    recipients.suppress(store, "ANN@x.example", "unsubscribed", now=NOW)
    assert claimed(store).recipient == "ben@x.example"
    row = of(store, edition(issue))["ann@x.example"]
    assert (row.state, row.detail, row.updated) == ("given up", "on the suppression list", NOW)


@pytest.mark.parametrize(("kind", "state"), [("edition", "given up"), ("correction", "new")])
def test_who_was_taken_off_the_edition_gets_none_that_waits_but_its_correction(store, kind, state):
    """They may have had the issue that is corrected."""
    issue = printed(store)
    recipients.add(store, "managers", "ann@x.example", now=NOW)
    recipients.add(store, "members", "ben@x.example", now=NOW)
    recipients.remove(store, "managers", "ann@x.example", now=NOW)
    recipients.remove(store, "members", "ben@x.example", now=NOW)
    queue(store, BEN, ANN, letter=edition(issue, kind))
    assert claimed(store, now=NOW + HOUR).recipient == "ben@x.example"
    row = of(store, edition(issue))["ann@x.example"]
    assert row.state == state
    if state == "given up":
        assert (row.detail, row.updated) == ("no longer a recipient", NOW + HOUR)


@pytest.mark.parametrize("kind", ["edition", "correction"])
@pytest.mark.parametrize(
    ("states", "replaced"), [((), False), (("approved",), True), (("approved", "delivering"), True)]
)
def test_a_corrected_issue_takes_the_place_of_the_first_once_it_leaves(store, kind, states, replaced):
    first, other = printed(store), printed(store, edition="members")
    later = printed(store, start=START + 7 * DAY, end=END + 7 * DAY)
    for issue in (first, other, later):
        queue(store, ANN, letter=edition(issue, kind))
    issues.move(store, first.id, "delivering", now=NOW, by="x")
    second = issues.revise(store, first.id, now=NOW, by="Ed", reason="a wrong date")
    issues.save(store, second.id, digest(), [PDF], now=NOW)
    for state in states:
        issues.move(store, second.id, state, now=NOW, by="Ed")
    queue(store, BEN, letter=edition(second, "correction"))
    while claimed(store, now=NOW + HOUR):
        pass
    row = of(store, edition(first))["ann@x.example"]
    assert row.state == ("given up" if replaced else "sending")
    if replaced:
        assert (row.detail, row.updated) == ("a corrected issue goes out in its place", NOW + HOUR)
    assert {of(store, edition(issue))["ann@x.example"].state for issue in (other, later)} == {"sending"}


@pytest.mark.parametrize("kind", ["edition", "correction"])
@pytest.mark.parametrize(("state", "leaves"), [(None, False), ("approved", True), ("delivering", True)])
def test_an_issue_leaves_when_it_may(store, kind, state, leaves):
    issue = composed(store)
    for one in ("approved", "delivering") if state == "delivering" else (state,) if state else ():
        issues.move(store, issue.id, one, now=NOW, by="Ed")
    queue(store, letter=edition(issue, kind))
    assert bool(claimed(store)) is leaves


@pytest.mark.parametrize("kind", ["notice", "proof", "copy"])
def test_what_is_no_issue_for_all_readers_needs_none_approved(store, kind):
    queue(store, letter=edition(composed(store), kind))
    assert claimed(store)


def test_marked_as_sent(store):
    queue(store)
    mailing = claimed(store)
    assert sending.mark(store, mailing, "sent", now=NOW + HOUR, detail="250 ok", message_id="<1@x>") is True
    row = of(store)["ann@x.example"]
    assert (row.state, row.updated, row.detail, row.message_id) == ("sent", NOW + HOUR, "250 ok", "<1@x>")
    assert (row.next_try, row.attempts) == (NOW, 1)


def test_put_back_it_keeps_its_name_and_waits(store):
    queue(store)
    first = claimed(store)
    assert sending.mark(store, first, "new", now=NOW, message_id="<1@x>", next_try=NOW + HOUR)
    row = of(store)["ann@x.example"]
    assert (row.state, row.next_try, row.message_id, row.detail) == ("new", NOW + HOUR, "<1@x>", None)
    second = claimed(store, now=NOW + HOUR)
    assert sending.mark(store, second, "sent", now=NOW + HOUR)
    assert of(store)["ann@x.example"].message_id == "<1@x>"


@pytest.mark.parametrize("change", [{"id": 2}, {"claimed_by": "two"}, {"attempts": 2}])
@pytest.mark.parametrize("state", ["sent", "refused", "ambiguous", "new"])
def test_only_the_claim_itself_may_say_what_became_of_it(store, change, state):
    queue(store, ANN, BEN)
    mailing = claimed(store)
    assert sending.mark(store, replace(mailing, **change), state, now=NOW) is False
    assert of(store)["ann@x.example"].state == "sending"
    assert sending.mark(store, mailing, state, now=NOW) is True
    assert of(store)["ann@x.example"].state == state


@pytest.mark.parametrize(
    ("state", "possible"), [("sent", True), ("refused", True), ("ambiguous", True), ("new", False)]
)
def test_a_claim_that_was_swept(store, state, possible):
    queue(store)
    mailing = claimed(store)
    assert sending.sweep(store, now=NOW + sending.STALE - timedelta(seconds=1)) == 0
    assert sending.sweep(store, now=NOW + sending.STALE) == 1
    row = of(store)["ann@x.example"]
    said = "the program was stopped while it was being sent; it may have arrived"
    assert (row.state, row.detail, row.updated) == ("ambiguous", said, NOW + sending.STALE)
    assert sending.mark(store, mailing, state, now=NOW + DAY) is possible


def test_a_sweep_counts_what_it_found_and_leaves_the_rest(store):
    queue(store, ANN, BEN, CAT)
    claimed(store)
    claimed(store)
    assert sending.sweep(store, now=NOW + HOUR, stale=2 * HOUR) == 0
    assert sending.sweep(store, now=NOW + HOUR, stale=HOUR) == 2
    assert sending.sweep(store, now=NOW + HOUR, stale=HOUR) == 0
    assert outbox.counts(store, NOTICE.issue) == {"ambiguous": 2, "new": 1}


def test_was_it_queued_and_which_letter(store):
    queue(store)
    assert outbox.queued(store, NOTICE.issue, "notice") is True
    assert outbox.queued(store, NOTICE.issue, "proof") is False
    assert outbox.queued(store, "another", "notice") is False
    assert outbox.letter_of(store, NOTICE.issue, "notice") == NOTICE
    assert outbox.letter_of(store, NOTICE.issue, "proof") is None
    assert outbox.letter_of(store, "another", "notice") is None


def test_copies_of_an_issue_for_one_reader(store):
    for n in (1, 2):
        queue(store, ANN, BEN, letter=replace(NOTICE, issue=f"m%_1 copy {n}", kind="copy"))
    queue(store, ANN, letter=replace(NOTICE, issue="mxx1 copy 1", kind="copy"))
    queue(store, ANN, letter=replace(NOTICE, issue="m%_1", kind="copy"))
    found = outbox.copies(store, "m%_1", "ANN@X.example")
    assert [(m.issue, m.recipient) for m in found] == [
        ("m%_1 copy 1", "ann@x.example"),
        ("m%_1 copy 2", "ann@x.example"),
    ]


def test_who_had_an_issue(store):
    letter = replace(NOTICE, issue="managers-1", kind="proof")
    queue(store, ANN, letter=letter)
    readers = [(f"r{n}@x.example", None) for n in range(6)]
    queue(store, *readers, letter=replace(letter, kind="correction"), deadline=NOW + 9 * DAY)
    queue(store, CAT, letter=replace(letter, issue="managers-1 copy 1", kind="copy"))
    queue(store, BEN, letter=replace(letter, issue="managers-12 copy 1", kind="copy"))
    states = ("new", "sending", "sent", "ambiguous", "refused", "given up")
    with store.writing() as connection:
        for n, state in enumerate(states):
            connection.exec_driver_sql(f"UPDATE outbox SET state = '{state}' WHERE recipient = 'r{n}@x.example'")
    assert [m.recipient for m in outbox.who_had(store, "managers-1")] == ["cat@x.example", *(r for r, _ in readers[:4])]


def test_of_two_messages_to_one_reader_the_later_counts(store):
    queue(store, ANN, letter=replace(NOTICE, issue="managers-1", kind="edition"))
    queue(store, ANN, letter=replace(NOTICE, issue="managers-1 copy 1", kind="copy"))
    assert [m.kind for m in outbox.who_had(store, "managers-1")] == ["copy"]


@pytest.mark.parametrize(
    ("state", "counts"), [("sent", 1), ("ambiguous", 1), ("refused", None), ("new", None), ("sending", None)]
)
def test_only_what_was_sent_can_come_back(store, state, counts):
    queue(store, ANN, BEN)
    mailing = claimed(store)
    if state == "new":
        sending.mark(store, mailing, "new", now=NOW, message_id="<1@x>")
    elif state != "sending":
        sending.mark(store, mailing, state, now=NOW, message_id="<1@x>")
    else:
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE outbox SET message_id = '<1@x>' WHERE id = 1")
    assert sending.bounced(store, "<1@x>", "ben@x.example", now=NOW, detail="550") is None
    assert sending.bounced(store, "<2@x>", "ann@x.example", now=NOW, detail="550") is None
    assert sending.bounced(store, "<1@x>", "Ann@X.example", now=NOW + HOUR, detail="550 gone") == counts
    row = of(store)["ann@x.example"]
    if counts:
        assert (row.state, row.detail, row.updated) == ("bounced", "came back: 550 gone", NOW + HOUR)
    else:
        assert row.state == state


def test_bounces_are_counted_by_issue(store):
    for n in (1, 2):
        queue(store, ANN, BEN, letter=replace(NOTICE, issue=f"i{n}"))
    while mailing := claimed(store):
        sending.mark(store, mailing, "sent", now=NOW, message_id=f"<{mailing.issue}-{mailing.recipient}>")
    counted = [
        sending.bounced(store, f"<i{n}-{who}@x.example>", f"{who}@x.example", now=NOW, detail="550")
        for n, who in ((1, "ann"), (1, "ben"), (2, "ann"), (2, "ann"))
    ]
    assert counted == [1, 1, 2, 2]


@pytest.mark.parametrize("state", ["ambiguous", "refused", "bounced", "given up"])
@pytest.mark.parametrize("decision", ["resend", "sent", "refused"])
def test_a_person_settles_what_is_open(store, state, decision):
    queue(store)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = '{state}'")
    sending.resolve(store, 1, decision, now=NOW + HOUR, by="Ed Itor", deadline=NOW + 5 * DAY)
    row = of(store)["ann@x.example"]
    assert row.state == ("new" if decision == "resend" else decision)
    assert (row.detail, row.updated) == (f"{decision}: decided by Ed Itor", NOW + HOUR)
    again = (NOW + HOUR, NOW + 5 * DAY) if decision == "resend" else (NOW, LATE)
    assert (row.next_try, row.deadline) == again


@pytest.mark.parametrize("state", ["new", "sending", "sent"])
def test_what_is_not_open_is_nobodys_to_settle(store, state):
    queue(store)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = '{state}'")
    said = r"^Message 1 is neither ambiguous, refused, bounced nor given up\.$"
    with pytest.raises(StoreError, match=said):
        sending.resolve(store, 1, "sent", now=NOW, by="Ed")
    assert of(store)["ann@x.example"].state == state
    with pytest.raises(StoreError, match=r"Message 99 is neither"):
        sending.resolve(store, 99, "sent", now=NOW, by="Ed")
    with pytest.raises(StoreError, match=r"^A message that is sent again needs a new deadline\.$"):
        sending.resolve(store, 1, "resend", now=NOW, by="Ed")


def test_troubles_are_listed_the_newest_first(store):
    people = [(f"r{n}@x.example", None) for n in range(7)]
    queue(store, *people)
    states = ("refused", "ambiguous", "bounced", "given up", "new", "sending", "sent")
    with store.writing() as connection:
        for n, state in enumerate(states):
            connection.exec_driver_sql(f"UPDATE outbox SET state = '{state}' WHERE id = {n + 1}")
            connection.exec_driver_sql(
                f"UPDATE outbox SET updated = '2026-05-0{n + 1} 00:00:00.000000' WHERE id = {n + 1}"
            )
    assert [m.state for m in outbox.troubled(store)] == ["given up", "bounced", "ambiguous", "refused"]
    assert [m.state for m in outbox.troubled(store, 2)] == ["given up", "bounced"]


def test_counts_of_an_issue_and_of_a_kind(store):
    queue(store, ANN, BEN)
    queue(store, CAT, letter=replace(NOTICE, kind="proof"))
    queue(store, CAT, letter=replace(NOTICE, issue="another"))
    claimed(store)
    assert outbox.counts(store, NOTICE.issue) == {"new": 2, "sending": 1}
    assert outbox.counts(store, NOTICE.issue, "notice") == {"new": 1, "sending": 1}
    assert outbox.counts(store, NOTICE.issue, "proof") == {"new": 1}
    assert outbox.counts(store, "nowhere") == {}


@pytest.mark.parametrize(
    ("states", "settled"),
    [
        (("sent", "refused"), True), (("ambiguous", "given up"), True), (("bounced", "sent"), True),
        (("new", "sent"), False), (("sending", "sent"), False), (("sending", "new"), False),
    ],
)  # fmt: skip
def test_an_issue_is_settled_when_nothing_is_on_its_way(store, states, settled):
    letter = replace(NOTICE, issue="managers-1", kind="edition")
    queue(store, ANN, BEN, letter=letter)
    queue(store, ANN, letter=replace(letter, kind="proof"))
    with store.writing() as connection:
        for n, state in enumerate(states):
            connection.exec_driver_sql(f"UPDATE outbox SET state = '{state}' WHERE id = {n + 1}")
    assert outbox.settled(store, "managers-1") is settled
    assert outbox.settled(store, "managers-1", "correction") is False
    assert outbox.settled(store, "managers-1", "proof") is False


def test_approved_and_queued_with_its_words_in_the_log(store):
    issue = composed(store)
    letter = edition(issue)
    with pytest.raises(StoreError, match=r"was changed since: proof .* is the latest, not 7"):
        outbox.release(store, letter, [ANN], by="Ed", now=NOW, deadline=LATE, proof=7)
    assert not outbox.queued(store, issue.id, "edition")
    assert (
        outbox.release(store, letter, [ANN, BEN], by="Ed", now=NOW + HOUR, deadline=LATE, proved=True, reason="Fine")
        == 2
    )
    row = of(store, letter)["ann@x.example"]
    assert (row.created, row.deadline, row.kind) == (NOW + HOUR, LATE, "edition")
    assert issues.find(store, issue.id).state == "approved"
    entry = issues.log(store, issue.id)[-1]
    assert (entry.by, entry.proved, entry.reason, entry.at) == ("Ed", True, "Fine", NOW + HOUR)


def test_a_name_that_was_only_typed_is_logged_as_that(store):
    issue = composed(store)
    outbox.release(store, edition(issue), [ANN], by="Ed", now=NOW, deadline=LATE)
    assert issues.log(store, issue.id)[-1].proved is False
