"""Messages of the outbox on their way: claimed, sent, and settled; `outbox` tells the states they go through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, case, func, literal, or_, select, update

from cuttings.edges.store.connect import Store, StoreError
from cuttings.edges.store.issues import FOR_READERS, LEAVING, with_its_words
from cuttings.edges.store.outbox import BY_A_PERSON, BY_POLICY, Letter, Mailing, Policy, as_mailing
from cuttings.edges.store.recipients import fold
from cuttings.edges.store.tables import issues, letters, mail_suppressions, outbox, recipients

# Longer than any conversation with a mail server may last (see mail.smtp): what is older was left by a crash.
STALE = timedelta(minutes=30)


def once_more(policy: Policy, *, resent: str | None, deadline: datetime, at: datetime) -> bool:
    """Whether a message that may or may not have arrived is sent again by itself, at this moment.

    `resent` as its row has it: what a person had sent again is theirs to decide about, and a second copy that is
    uncertain too must not bring a third.
    """
    return policy == "resend-once" and resent is None and at < deadline


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
    return as_mailing(claimed), Letter(*letter[: len(Letter.__dataclass_fields__)])


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


def stop(store: Store, issue: str, why: str, *, now: datetime) -> int:
    """Send those readers of an issue nothing any more whose message waits, or whose copy; how many."""
    with store.writing() as connection:
        return _stop(connection, with_its_words(connection, issue), literal(why), now)


def _give_up(connection: Connection, now: datetime) -> None:
    last = func.coalesce(outbox.c.detail, "it was never tried")
    _stop(connection, outbox.c.deadline <= now, "the deadline passed; last: " + last, now)
    stopped = select(mail_suppressions.c.folded).where(mail_suppressions.c.folded == outbox.c.folded).exists()
    _stop(connection, outbox.c.kind.in_((*FOR_READERS, "copy")) & stopped, literal("on the suppression list"), now)
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


def _stop(connection: Connection, which: Any, why: Any, now: datetime) -> int:
    """Of what waits, send these no more; how many.

    Of a second copy nobody knows whether the first arrived: that is no giving up, and its reader counts among those who
    had the issue.
    """
    second = outbox.c.resent == BY_POLICY
    said = case((second, "it may have arrived, and is not sent again: " + why), else_=why)
    values = {"state": case((second, "ambiguous"), else_="given up"), "updated": now, "detail": said}
    return connection.execute(update(outbox).where(outbox.c.state == "new", which).values(values)).rowcount


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
