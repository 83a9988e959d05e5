"""Answers taken in: who asked for no more mail gets none; what bounced is counted and, where it must be, stopped."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cuttings.edges.mail.answers import ENOUGH, Bounce, Failure, Machine, Stop, understand
from cuttings.edges.mail.inbox import Inbox
from cuttings.edges.mail.message import unsubscribe_token
from cuttings.edges.store import Store, recipients, sending
from cuttings.edges.store.recipients import BadAddress


@dataclass(slots=True)
class Returned:
    """What one look into the inbox found. `unread`: left for a person, as we could not tell what it is."""

    stopped: list[str] = field(default_factory=list)  # addresses
    bounced: int = 0  # messages of ours
    suppressed: list[tuple[str, str]] = field(default_factory=list)  # (address, why) after a bounce
    machines: int = 0
    unread: int = 0
    failure: str | None = None  # why the inbox could not be read to its end


def take_in(
    store: Store,
    inbox: Inbox,
    *,
    clock: Callable[[], datetime],
    confirm: Callable[[str], object],
    report: Callable[[str, str], object],
) -> Returned:
    """Read the inbox. `confirm(address)` is called for each stop request, `report(address, why)` for each address that
    gets no more mail after bounces: both before the message is marked as read, so they may be called twice for one.

    Raises InboxError.
    """
    found = Returned()

    def handle(data: bytes) -> bool:
        answer = understand(data)
        if isinstance(answer, Stop):
            return _stop(store, answer, found, clock(), confirm)
        if isinstance(answer, Bounce):
            ours = [_bounce(store, failure, found, clock(), report) for failure in answer.failures]
            return all(ours)
        found.machines += isinstance(answer, Machine)
        return answer is not None

    found.unread = inbox.take(handle)
    return found


def _stop(store: Store, asked: Stop, found: Returned, now: datetime, confirm: Callable[[str], object]) -> bool:
    try:
        proof = unsubscribe_token(asked.address, store.hash_key or b"")
    except BadAddress:
        return False
    # Without the token anybody could take anybody off the list; a person looks at it.
    if not store.hash_key or not hmac.compare_digest(proof, asked.token):
        return False
    recipients.unsubscribe(store, asked.address, now=now, detail="asked for by e-mail")
    confirm(asked.address)
    found.stopped.append(asked.address)
    return True


def _bounce(
    store: Store, failure: Failure, found: Returned, now: datetime, report: Callable[[str, str], object]
) -> bool:
    try:
        times = sending.bounced(store, failure.message_id, failure.address, now=now, detail=failure.detail)
    except BadAddress:
        return False
    if times is None:
        return False
    found.bounced += 1
    if failure.gone or times >= ENOUGH:
        why = f"{failure.detail} ({times} {'issues' if times > 1 else 'issue'} came back)"
        # Of somebody who asked for no more mail, nobody is told to allow it "once the address works again".
        if recipients.suppress(store, failure.address, "bounced", now=now, detail=why):
            report(failure.address, why)
            found.suppressed.append((failure.address, why))
    return True
