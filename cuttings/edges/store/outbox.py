"""The outbox: one row for a recipient, an issue and a kind of message; claimed before it is sent.

    new -> sending -> sent | refused | ambiguous      (sent or ambiguous -> bounced: it came back)
     ^        |                           |
     +-- later (4xx)      resolve: resend, or what an editor found out
     +-> given up (deadline passed, unsubscribed meanwhile)

A crash leaves 'sending'; the sweep makes it 'ambiguous', which is listed and never sent again by itself. Under the
policy "resend-once" it goes back to 'new' instead, marked so that this happens once: nobody gets more than two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, case, delete, func, literal, or_, select, update

from cuttings.edges.store.connect import Store, StoreError, add_new
from cuttings.edges.store.issues import LEAVING, move_in, proof_in
from cuttings.edges.store.recipients import checked, fold
from cuttings.edges.store.tables import issues, letters, mail_suppressions, outbox, recipients

Kind = Literal["edition", "notice", "proof", "correction", "copy"]  # copy: an issue sent again to one who asked
FOR_READERS = ("edition", "correction")  # need an approved issue, and stop when somebody unsubscribes
Policy = Literal["hold", "resend-once"]  # for a message of which nobody can say whether it arrived
BY_POLICY, BY_A_PERSON = "by policy", "by a person"  # who had it sent once more
# Longer than any conversation with a mail server may last (see mail.smtp): what is older was left by a crash.
STALE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to every recipient of one issue and kind. `issue` may be a name such as "health 2026-04-06"."""

    issue: str
    kind: Kind
    subject: str
    text: str
    html: str
    attachment: str | None = None  # path of the PDF
    attachment_name: str | None = None  # as readers see it: "Cuttings for managers, 30 March to 5 April 2026.pdf"


@dataclass(frozen=True, slots=True)
class Mailing:
    """One message to one person, and what became of it."""

    id: int
    issue: str
    kind: Kind
    recipient: str
    name: str | None
    state: str
    attempts: int
    created: datetime
    next_try: datetime
    deadline: datetime
    claimed_at: datetime | None
    claimed_by: str | None
    updated: datetime
    message_id: str | None
    detail: str | None
    resent: str | None = None  # sent once more, as the first may or may not have arrived: BY_POLICY or BY_A_PERSON


def once_more(policy: Policy, *, resent: str | None, deadline: datetime, at: datetime) -> bool:
    """Whether a message that may or may not have arrived is sent again by itself, at this moment.

    `resent` as its row has it: what a person had sent again is theirs to decide about, and a second copy that is
    uncertain too must not bring a third.
    """
    return policy == "resend-once" and resent is None and at < deadline


def enqueue(
    store: Store,
    letter: Letter,
    to: Sequence[tuple[str, str | None]],
    *,
    now: datetime,
    deadline: datetime,
) -> int:
    """Put a letter to (address, name) pairs into the outbox; how many are new. Asked twice, nothing doubles.

    The first letter of an issue and kind stays: no two recipients get different ones. (Only `release` replaces it.)
    Raises BadAddress.
    """
    with store.writing() as connection:
        return _enqueue(connection, letter, to, now, deadline)


def release(
    store: Store,
    letter: Letter,
    to: Sequence[tuple[str, str | None]],
    *,
    by: str,
    now: datetime,
    deadline: datetime,
    proved: bool = False,
    reason: str | None = None,
    proof: int | None = None,
) -> int:
    """Approve an issue and queue its letter in one transaction; how many messages are new.

    One, because an issue that was approved by a process killed before it queued anything would look delivered.
    `proof` is the number of the proof that was approved. What an earlier approval had queued before an editor held the
    issue again gives way to this one. Raises StoreError where the issue may not be approved, is late or has a newer
    proof, ValueError without a name, BadAddress.
    """
    with store.writing() as connection:
        latest = proof_in(connection, letter.issue)
        if proof is not None and proof != latest:
            raise StoreError(
                f"{letter.issue} was changed since: proof {latest} is the latest, not {proof}. Nothing was sent. "
                "Look at the new proof and approve that one."
            )
        if move_in(connection, letter.issue, "approved", now=now, by=by, proved=proved, reason=reason):
            _in_time(connection, letter.issue, now)
            _replace(connection, letter, now)
        return _enqueue(connection, letter, to, now, deadline)


def _in_time(connection: Connection, issue: str, now: datetime) -> None:
    """Nobody may have closed the issue yet: the schedule comes once an hour. Asked after the move, as an issue that was
    approved in time may be approved once more, which does nothing; raising takes the move back."""
    expires = connection.execute(select(issues.c.expires).where(issues.c.id == issue)).scalar()
    if expires is not None and expires <= now:
        raise StoreError(f"{issue} had no approval by {expires:%Y-%m-%d %H:%M} UTC and is not sent.")


def _replace(connection: Connection, letter: Letter, now: datetime) -> None:
    """An issue that was approved, held, changed and approved again: its readers get what was approved last.

    A message that was tried keeps its row, so nobody gets a second one. Where it has not arrived it says what was
    approved last as well: an item is often struck because nobody more may read it.
    """
    same = (outbox.c.issue == letter.issue) & (outbox.c.kind == letter.kind)
    untried = (outbox.c.attempts == 0) & outbox.c.state.in_(("new", "given up"))
    connection.execute(delete(outbox).where(same, untried))
    said = {name: getattr(letter, name) for name in Letter.__dataclass_fields__}
    first = (letters.c.issue == letter.issue) & (letters.c.kind == letter.kind)
    connection.execute(update(letters).where(first).values({**said, "at": now}))


def _enqueue(
    connection: Connection, letter: Letter, to: Sequence[tuple[str, str | None]], now: datetime, deadline: datetime
) -> int:
    rows = [
        {
            "issue": letter.issue,
            "kind": letter.kind,
            "recipient": checked(address),
            "folded": fold(address),
            "name": name,
            "state": "new",
            "attempts": 0,
            "created": now,
            "next_try": now,
            "deadline": deadline,
            "updated": now,
        }
        for address, name in to
    ]
    said = {name: getattr(letter, name) for name in Letter.__dataclass_fields__}
    add_new(connection, letters, [{**said, "at": now}])
    return add_new(connection, outbox, rows)


def claim(store: Store, *, by: str, now: datetime) -> tuple[Mailing, Letter] | None:
    """The next message that is due, now 'sending' and nobody else's; None where nothing is.

    Rows past their deadline, or of people who unsubscribed, are given up on the way. Editions and corrections are due
    only while their issue is approved or being delivered.
    """
    with store.reading() as connection:
        if not connection.execute(_due(now).limit(1)).first():
            return None
    with store.writing() as connection:
        _give_up(connection, now)
        row = connection.execute(_due(now).limit(1)).first()
        if row is None:
            return None
        values = {"state": "sending", "attempts": row.attempts + 1, "claimed_at": now, "claimed_by": by, "updated": now}
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        claimed = connection.execute(select(outbox).where(outbox.c.id == row.id)).one()
        same = (letters.c.issue == row.issue) & (letters.c.kind == row.kind)
        letter = connection.execute(select(letters).where(same)).one()
    return _mailing(claimed), Letter(*letter[: len(Letter.__dataclass_fields__)])


def due(store: Store, *, now: datetime) -> int:
    """How many messages wait to be sent now."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(_due(now).subquery())).scalar() or 0


def _due(now: datetime) -> Any:
    left = select(issues.c.id).where(issues.c.id == outbox.c.issue, issues.c.state.in_(LEAVING)).exists()
    waits = (outbox.c.state == "new") & (outbox.c.next_try <= now)
    return (
        select(outbox)
        .where(waits, or_(outbox.c.kind.not_in(FOR_READERS), left))
        .order_by(outbox.c.next_try, outbox.c.id)
    )


def _give_up(connection: Connection, now: datetime) -> None:
    last = func.coalesce(outbox.c.detail, "it was never tried")
    _stop(connection, outbox.c.deadline <= now, "the deadline passed; last: " + last, now)
    stopped = select(mail_suppressions.c.folded).where(mail_suppressions.c.folded == outbox.c.folded).exists()
    _stop(connection, outbox.c.kind.in_(FOR_READERS) & stopped, literal("on the suppression list"), now)
    # Somebody who was taken off the edition while the server could not be reached.
    gone = (
        select(recipients.c.id)
        .join(issues, issues.c.edition == recipients.c.edition)
        .where(issues.c.id == outbox.c.issue, recipients.c.folded == outbox.c.folded, recipients.c.removed.is_not(None))
        .exists()
    )
    _stop(connection, (outbox.c.kind == "edition") & gone, literal("no longer a recipient"), now)
    # A corrected issue has left meanwhile: nobody gets the first one after it.
    newer, older = issues.alias(), issues.alias()
    replaced = (
        select(newer.c.id)
        .join(
            older,
            (older.c.edition == newer.c.edition)
            & (older.c.period_start == newer.c.period_start)
            & (older.c.period_end == newer.c.period_end)
            & (older.c.revision < newer.c.revision),
        )
        .where(older.c.id == outbox.c.issue, newer.c.state.in_(LEAVING))
        .exists()
    )
    why = literal("a corrected issue goes out in its place")
    _stop(connection, outbox.c.kind.in_(FOR_READERS) & replaced, why, now)


def _stop(connection: Connection, which: Any, why: Any, now: datetime) -> None:
    """Of what waits, send these no more. Of a second copy nobody knows whether the first arrived: that is no giving up,
    and its reader counts among those who had the issue."""
    second = outbox.c.resent == BY_POLICY
    said = case((second, "it may have arrived, and is not sent again: " + why), else_=why)
    values = {"state": case((second, "ambiguous"), else_="given up"), "updated": now, "detail": said}
    connection.execute(update(outbox).where(outbox.c.state == "new", which).values(values))


def mark(
    store: Store,
    mailing: Mailing,
    state: Literal["sent", "refused", "ambiguous", "new"],
    *,
    now: datetime,
    detail: str | None = None,
    message_id: str | None = None,
    next_try: datetime | None = None,
    again: bool = False,
) -> bool:
    """Record what became of a claimed message; 'new' puts it back for `next_try`, `again` where it may have arrived.
    False where it is not ours any more.

    A claim that was swept while its server took its time may still say 'sent': better late than uncertain, or twice.
    """
    open_to_it: Any = outbox.c.state.in_(("sending",) if state == "new" else ("sending", "ambiguous"))
    if state in ("sent", "refused"):
        open_to_it |= (outbox.c.state == "new") & (outbox.c.resent == BY_POLICY)  # swept, and the second not begun yet
    ours = (
        (outbox.c.id == mailing.id)
        & (outbox.c.claimed_by == mailing.claimed_by)
        & (outbox.c.attempts == mailing.attempts)
        & open_to_it
    )
    values = {"state": state, "updated": now, "detail": detail, "next_try": next_try or mailing.next_try}
    if again:
        values["resent"] = BY_POLICY
    if message_id is not None:
        values["message_id"] = message_id
    with store.writing() as connection:
        return connection.execute(update(outbox).where(ours).values(values)).rowcount == 1


def queued(store: Store, issue: str, kind: Kind) -> bool:
    """Was a letter of this name and kind ever put into the outbox?"""
    with store.reading() as connection:
        same = (letters.c.issue == issue) & (letters.c.kind == kind)
        return connection.execute(select(letters.c.issue).where(same)).first() is not None


def copies(store: Store, issue: str, address: str) -> tuple[Mailing, ...]:
    """The times an issue was sent again to one address, oldest first."""
    mine = outbox.c.issue.startswith(f"{issue} copy ", autoescape=True) & (outbox.c.folded == fold(address))
    with store.reading() as connection:
        return tuple(_mailing(row) for row in connection.execute(select(outbox).where(mine).order_by(outbox.c.id)))


def letter_of(store: Store, issue: str, kind: Kind) -> Letter | None:
    """The letter of an issue and kind, as its first reader got it."""
    with store.reading() as connection:
        same = (letters.c.issue == issue) & (letters.c.kind == kind)
        row = connection.execute(select(letters).where(same)).first()
    return Letter(*row[: len(Letter.__dataclass_fields__)]) if row else None


def who_had(store: Store, issue: str) -> tuple[Mailing, ...]:
    """The message of everybody an issue reached, may have reached or is on its way to, a copy on request too."""
    had = outbox.c.kind.in_((*FOR_READERS, "copy")) & outbox.c.state.in_(("new", "sending", "sent", "ambiguous"))
    mine = (outbox.c.issue == issue) | outbox.c.issue.startswith(f"{issue} copy ", autoescape=True)
    query = select(outbox).where(mine, had).order_by(outbox.c.folded, outbox.c.id)
    with store.reading() as connection:
        return tuple({row.folded: _mailing(row) for row in connection.execute(query)}.values())


def bounced(store: Store, message_id: str, address: str, *, now: datetime, detail: str) -> int | None:
    """Mark a message that came back. How many of this reader's messages have bounced by now (in different issues);
    None where we never sent such a message to them: a forged report counts for nothing."""
    mine = (outbox.c.message_id == message_id) & (outbox.c.folded == fold(address))
    with store.writing() as connection:
        second = (outbox.c.state == "new") & (outbox.c.resent == BY_POLICY)  # so the first had arrived
        known = mine & or_(outbox.c.state.in_(("sent", "ambiguous", "bounced")), second)
        values = {"state": "bounced", "updated": now, "detail": f"came back: {detail}"}
        if not connection.execute(update(outbox).where(known).values(values)).rowcount:
            return None
        back = (outbox.c.folded == fold(address)) & (outbox.c.state == "bounced")
        return connection.execute(select(func.count(outbox.c.issue.distinct())).where(back)).scalar() or 0


def sweep(store: Store, *, now: datetime, stale: timedelta = STALE, policy: Policy = "hold") -> int:
    """What a crash left in 'sending': 'ambiguous', to be listed and resolved by a person, or put back to be sent once
    more where the `policy` says so; how many.

    What waits to be sent once more by a policy that was given up since becomes 'ambiguous' too, and counts.
    """
    caught = _catch(store, now) if policy == "hold" else 0
    left = (outbox.c.state == "sending") & (outbox.c.claimed_at <= now - stale)
    with store.reading() as connection:
        if not connection.execute(select(outbox.c.id).where(left).limit(1)).first():
            return caught
    detail = "the program was stopped while it was being sent; it may have arrived"
    with store.writing() as connection:
        rows = connection.execute(select(outbox.c.id, outbox.c.resent, outbox.c.deadline).where(left)).all()
        for row in rows:
            values: dict[str, Any] = {"state": "ambiguous", "updated": now, "detail": detail}
            if once_more(policy, resent=row.resent, deadline=row.deadline, at=now):
                values |= {"state": "new", "next_try": now, "resent": BY_POLICY}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        return caught + len(rows)


def _catch(store: Store, now: datetime) -> int:
    """Second copies that the policy "resend-once" put back, and that "hold" would not send."""
    second = (outbox.c.state == "new") & (outbox.c.resent == BY_POLICY)
    with store.reading() as connection:
        if not connection.execute(select(outbox.c.id).where(second).limit(1)).first():
            return 0
    detail = "it may have arrived, and is not sent again: the policy is to hold such messages now"
    with store.writing() as connection:
        values = {"state": "ambiguous", "updated": now, "detail": detail}
        return connection.execute(update(outbox).where(second).values(values)).rowcount


def resolve(
    store: Store,
    mailing: int,
    decision: Literal["resend", "sent", "refused"],
    *,
    now: datetime,
    by: str,
    deadline: datetime | None = None,
) -> None:
    """Settle a message that is ambiguous, refused or given up: send it (again), or record what was found out.

    Raises StoreError where it is in another state, or a resend has no `deadline`.
    """
    if decision == "resend" and deadline is None:
        raise StoreError("A message that is sent again needs a new deadline.")
    state = "new" if decision == "resend" else decision
    values: dict[str, Any] = {"state": state, "updated": now, "detail": f"{decision}: decided by {by}"}
    if decision == "resend":
        # Also of what was resent by policy and then refused: left as it was, a sweep under "hold" would catch it.
        doubtful = (outbox.c.state == "ambiguous") | outbox.c.resent.is_not(None)
        values |= {"next_try": now, "deadline": deadline, "resent": case((doubtful, BY_A_PERSON))}
    open_to_it = (outbox.c.id == mailing) & outbox.c.state.in_(("ambiguous", "refused", "bounced", "given up"))
    with store.writing() as connection:
        if connection.execute(update(outbox).where(open_to_it).values(values)).rowcount != 1:
            raise StoreError(f"Message {mailing} is neither ambiguous, refused, bounced nor given up.")


def of_issue(store: Store, issue: str) -> tuple[Mailing, ...]:
    with store.reading() as connection:
        query = select(outbox).where(outbox.c.issue == issue).order_by(outbox.c.kind, outbox.c.folded)
        return tuple(_mailing(row) for row in connection.execute(query))


def troubled(store: Store, most: int = 1000) -> tuple[Mailing, ...]:
    """What needs a person: ambiguous, refused, bounced and given up, the newest first."""
    bad = outbox.c.state.in_(("refused", "ambiguous", "bounced", "given up"))
    with store.reading() as connection:
        query = select(outbox).where(bad).order_by(outbox.c.updated.desc()).limit(most)
        return tuple(_mailing(row) for row in connection.execute(query))


def doubled(store: Store, most: int = 1000) -> tuple[Mailing, ...]:
    """What the policy "resend-once" put back to be sent a second time, the newest first: its readers may have two."""
    query = select(outbox).where(outbox.c.resent == BY_POLICY).order_by(outbox.c.updated.desc()).limit(most)
    with store.reading() as connection:
        return tuple(_mailing(row) for row in connection.execute(query))


def counts(store: Store, issue: str, kind: Kind | None = None) -> dict[str, int]:
    """How many messages of an issue are in which state."""
    query = select(outbox.c.state, func.count()).where(outbox.c.issue == issue).group_by(outbox.c.state)
    if kind is not None:
        query = query.where(outbox.c.kind == kind)
    with store.reading() as connection:
        return dict(connection.execute(query).tuples().all())


def settled(store: Store, issue: str, kind: Kind = "edition") -> bool:
    """Is every message of an issue sent, refused, ambiguous or given up? Not before its letter was queued."""
    with store.reading() as connection:
        same = (letters.c.issue == issue) & (letters.c.kind == kind)
        if connection.execute(select(letters.c.issue).where(same)).first() is None:
            return False
    left = counts(store, issue, kind)
    return not left.get("new") and not left.get("sending")


def _mailing(row: Row[Any]) -> Mailing:
    return Mailing(**{name: getattr(row, name) for name in Mailing.__dataclass_fields__})
