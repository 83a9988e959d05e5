"""The outbox: one row for a recipient, an issue and a kind of message; claimed before it is sent.

    new -> sending -> sent | refused | ambiguous      (sent or ambiguous -> bounced: it came back)
     ^        |                           |
     +-- later (4xx)      resolve: resend, or what an editor found out
     +-> given up (deadline passed, unsubscribed meanwhile)

A crash leaves 'sending'; the sweep makes it 'ambiguous', which is listed and never sent again by itself. Under the
policy "resend-once" it goes back to 'new' instead, marked so that this happens once: nobody gets more than two. The
module `sending` brings messages from one state into the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, select, update

from cuttings.edges.store.connect import Store, StoreError, add_new
from cuttings.edges.store.issues import FOR_READERS, move_in, named_after, proof_in
from cuttings.edges.store.recipients import checked, fold
from cuttings.edges.store.tables import issues, letters, outbox

Kind = Literal["edition", "notice", "proof", "correction", "copy"]  # copy: an issue sent again to one who asked
Policy = Literal["hold", "resend-once"]  # for a message of which nobody can say whether it arrived
BY_POLICY, BY_A_PERSON = "by policy", "by a person"  # who had it sent once more


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
            _replace(connection, letter, now, deadline)
        return _enqueue(connection, letter, to, now, deadline)


def _in_time(connection: Connection, issue: str, now: datetime) -> None:
    """Nobody may have closed the issue yet: the schedule comes once an hour. Asked after the move, as an issue that was
    approved in time may be approved once more, which does nothing; raising takes the move back."""
    expires = connection.execute(select(issues.c.expires).where(issues.c.id == issue)).scalar()
    if expires is not None and expires <= now:
        raise StoreError(f"{issue} had no approval by {expires:%Y-%m-%d %H:%M} UTC and is not sent.")


def _replace(connection: Connection, letter: Letter, now: datetime, deadline: datetime) -> None:
    """An issue that was approved, held, changed and approved again: its readers get what was approved last.

    A message that was tried and put off keeps its row, says what was approved last as well, and has its time anew: it
    may have run out while the issue was held. Whom the suppression list names is given up again by `claim`.
    """
    same = (outbox.c.issue == letter.issue) & (outbox.c.kind == letter.kind)
    waits = same & outbox.c.state.in_(("new", "given up")) & outbox.c.resent.is_(None)
    connection.execute(delete(outbox).where(waits, outbox.c.attempts == 0))
    anew = {"state": "new", "next_try": now, "deadline": deadline, "updated": now}
    connection.execute(update(outbox).where(waits).values(anew))
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


def queued(store: Store, issue: str, kind: Kind) -> bool:
    """Was a letter of this name and kind ever put into the outbox?"""
    with store.reading() as connection:
        same = (letters.c.issue == issue) & (letters.c.kind == kind)
        return connection.execute(select(letters.c.issue).where(same)).first() is not None


def waiting(store: Store) -> tuple[str, ...]:
    """The issues of which messages to readers wait to be sent, copies on request among them."""
    query = select(outbox.c.issue).where(outbox.c.state == "new", outbox.c.kind.in_((*FOR_READERS, "copy"))).distinct()
    with store.reading() as connection:
        return tuple(sorted({name.partition(" copy ")[0] for name in connection.execute(query).scalars()}))


def copies(store: Store, issue: str, address: str) -> tuple[Mailing, ...]:
    """The times an issue was sent again to one address, oldest first."""
    mine = outbox.c.issue.startswith(f"{issue} copy ", autoescape=True) & (outbox.c.folded == fold(address))
    with store.reading() as connection:
        return tuple(as_mailing(row) for row in connection.execute(select(outbox).where(mine).order_by(outbox.c.id)))


def letter_of(store: Store, issue: str, kind: Kind) -> Letter | None:
    """The letter of an issue and kind, as its first reader got it."""
    with store.reading() as connection:
        same = (letters.c.issue == issue) & (letters.c.kind == kind)
        row = connection.execute(select(letters).where(same)).first()
    return Letter(*row[: len(Letter.__dataclass_fields__)]) if row else None


def who_had(store: Store, issue: str) -> tuple[Mailing, ...]:
    """The message of everybody an issue reached, may have reached or is on its way to, a copy on request too.

    One of each reader, who may have two copies (`may_have_two`): readers are counted, never copies.
    """
    had = outbox.c.kind.in_((*FOR_READERS, "copy")) & outbox.c.state.in_(("new", "sending", "sent", "ambiguous"))
    with store.reading() as connection:
        mine = outbox.c.issue.in_([issue, *named_after(connection, issue, "copy ")])
        query = select(outbox).where(mine, had).order_by(outbox.c.folded, outbox.c.id)
        return tuple({row.folded: as_mailing(row) for row in connection.execute(query)}.values())


def of_issue(store: Store, issue: str) -> tuple[Mailing, ...]:
    with store.reading() as connection:
        query = select(outbox).where(outbox.c.issue == issue).order_by(outbox.c.kind, outbox.c.folded)
        return tuple(as_mailing(row) for row in connection.execute(query))


def troubled(store: Store, most: int = 1000) -> tuple[Mailing, ...]:
    """What needs a person: ambiguous, refused, bounced and given up, the newest first."""
    bad = outbox.c.state.in_(("refused", "ambiguous", "bounced", "given up"))
    with store.reading() as connection:
        query = select(outbox).where(bad).order_by(outbox.c.updated.desc()).limit(most)
        return tuple(as_mailing(row) for row in connection.execute(query))


def may_have_two(store: Store, issue: str | None = None) -> dict[str, int]:
    """How many readers of each issue (or of one) may have two copies: the first may have arrived, and a second has
    left. An issue of which nobody may is not there."""
    left = outbox.c.state.in_(("sending", "sent", "ambiguous", "bounced")) & outbox.c.kind.in_(FOR_READERS)
    twice = outbox.c.resent.in_((BY_POLICY, BY_A_PERSON)) & (outbox.c.attempts > 1)
    query = select(outbox.c.issue, func.count()).where(left, twice).group_by(outbox.c.issue)
    if issue is not None:
        query = query.where(outbox.c.issue == issue)
    with store.reading() as connection:
        return dict(connection.execute(query).tuples().all())


def find(store: Store, mailing: int) -> Mailing | None:
    with store.reading() as connection:
        row = connection.execute(select(outbox).where(outbox.c.id == mailing)).first()
    return as_mailing(row) if row else None


def doubled(store: Store, most: int = 1000) -> tuple[Mailing, ...]:
    """What the policy "resend-once" put back to be sent a second time, the newest first: its readers may have two."""
    query = select(outbox).where(outbox.c.resent == BY_POLICY).order_by(outbox.c.updated.desc()).limit(most)
    with store.reading() as connection:
        return tuple(as_mailing(row) for row in connection.execute(query))


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


def as_mailing(row: Row[Any]) -> Mailing:
    return Mailing(**{name: getattr(row, name) for name in Mailing.__dataclass_fields__})
