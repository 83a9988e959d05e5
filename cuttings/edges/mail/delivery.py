"""The way of a message: claimed, built, sent, marked. Whatever is killed when, nobody gets it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cuttings.edges.mail.channels import Channel, Outcome
from cuttings.edges.mail.message import Attachment, BadMessage, Sender, build_message, message_id, unsubscribe_token
from cuttings.edges.store import Store, outbox, sending
from cuttings.edges.store.outbox import Letter, Mailing
from cuttings.edges.store.recipients import BadAddress

# How long to wait after the first, second, … failure that may pass; the last one for all that follow.
BACK_OFF = tuple(timedelta(minutes=m) for m in (2, 5, 15, 30, 60, 120))


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did: how many were sent, refused, put back for later, ambiguous, swept up after a crash."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    ambiguous: int = 0
    swept: int = 0
    again: int = 0  # of those sent, how many for the second time, as nobody could say whether the first arrived
    troubles: tuple[str, ...] = ()  # a line for each that was not sent: recipient, what became of it, why
    touched: frozenset[str] = field(default_factory=frozenset)  # issues that had a message in it


def deliver(
    store: Store,
    channel: Channel,
    *,
    sender: Sender,
    clock: Callable[[], datetime],
    by: str,
    largest_bytes: int | None = None,
    most: int = 10_000,
    stale: timedelta = sending.STALE,
    policy: outbox.Policy = "hold",
    link: Callable[[Path], str | None] = lambda _: None,
    told: Callable[[int], None] = lambda _: None,
) -> Delivered:
    """Send what is due in the outbox, one message at a time: claim, build, send, mark.

    `clock` gives the time, as sending takes long; `by` names this process in its claims; `link` is where readers find
    a PDF that is too large to send; `told` hears how many have been dealt with; `policy` says what becomes of a
    message that may or may not have arrived. Several may run at once.
    Where the server can't be reached, or twice in a row hangs up on a message, the rest waits for the next run:
    a server in trouble must not make the whole list ambiguous.
    """
    counts: Counter[str] = Counter()
    troubles: list[str] = []
    touched: set[str] = set()
    lost = 0
    swept = sending.sweep(store, now=clock(), stale=stale, policy=policy)
    attached = _Attached(link)
    try:
        for mailing, letter in _claims(store, by, clock, most):
            touched.add(mailing.issue)
            key = store.hash_key or b""
            # Sent again after a change of our address, it is still the same message.
            named = message_id(mailing.issue, mailing.kind, mailing.recipient, sender.address, key)
            identity = mailing.message_id or named
            token = unsubscribe_token(mailing.recipient, key) if key else None
            outcome = _send(channel, mailing, letter, sender, identity, largest_bytes, attached, token)
            settle(store, mailing, outcome, now=clock(), message_id=identity, policy=policy)
            counts[outcome.state] += 1
            counts["again"] += outcome.state == "sent" and mailing.resent == outbox.BY_POLICY
            told(counts.total() - counts["again"])
            if outcome.state != "sent":
                troubles.append(f"{mailing.recipient}: {outcome.state}: {outcome.detail}")
            lost = lost + 1 if outcome.lost else 0
            if lost and (outcome.state == "later" or lost == 2):
                break
    finally:
        channel.close()
    return Delivered(
        sent=counts["sent"],
        refused=counts["refused"],
        later=counts["later"],
        ambiguous=counts["ambiguous"],
        swept=swept,
        again=counts["again"],
        troubles=tuple(troubles),
        touched=frozenset(touched),
    )


def _claims(store: Store, by: str, clock: Callable[[], datetime], most: int) -> Iterator[tuple[Mailing, Letter]]:
    for _ in range(most):
        claimed = sending.claim(store, by=by, now=clock())
        if claimed is None:
            return
        yield claimed


class _Attached:
    """The PDF of the letter in hand and the HTML beside it, read once for all its recipients."""

    def __init__(self, link: Callable[[Path], str | None]) -> None:
        self._path: str | None = None
        self._data = b""
        self._html: bytes | None = None
        self._link = link

    def of(self, letter: Letter) -> Attachment | None:
        """The PDF; in a proof the HTML as well."""
        if letter.attachment is None:
            return None
        path = Path(letter.attachment)
        if letter.attachment != self._path:
            self._data = path.read_bytes()
            twin = path.with_suffix(".html")
            self._html = twin.read_bytes() if twin.exists() else None
            self._path = letter.attachment
        name = letter.attachment_name or path.name
        return Attachment(self._data, name, self._link(path), self._html, both=letter.kind == "proof")


def _send(
    channel: Channel,
    mailing: Mailing,
    letter: Letter,
    sender: Sender,
    identity: str,
    largest_bytes: int | None,
    attached: _Attached,
    token: str | None,
) -> Outcome:
    try:
        message = build_message(
            sender=sender,
            to=mailing.recipient,
            to_name=mailing.name,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            # The message as it was meant: sent again, it is the same to the byte.
            date=mailing.created,
            message_id=identity,
            pdf=attached.of(letter),
            largest_bytes=largest_bytes,
            token=token,
        )
    except (BadMessage, BadAddress) as error:
        return Outcome("refused", f"it could not be built: {error}")
    except OSError as error:
        return Outcome("later", f"the attachment {letter.attachment} can't be read: {error.strerror or error}")
    return channel.send(message)


def settle(
    store: Store,
    mailing: Mailing,
    outcome: Outcome,
    *,
    now: datetime,
    message_id: str,
    policy: outbox.Policy = "hold",
) -> bool:
    """Mark what became of a claimed message; False where somebody else has settled it since."""
    next_try = now + BACK_OFF[min(mailing.attempts, len(BACK_OFF)) - 1]
    again = outcome.state == "ambiguous" and sending.once_more(
        policy, resent=mailing.resent, deadline=mailing.deadline, at=next_try
    )
    state: Literal["sent", "refused", "ambiguous", "new"]
    state = "new" if again or outcome.state == "later" else outcome.state
    detail = outcome.detail
    if state == "refused" and mailing.resent == outbox.BY_POLICY:
        # Some servers refuse what they have already: "554 duplicate Message-ID".
        state, detail = "ambiguous", f"the first may have arrived; the second was refused: {detail}"
    return sending.mark(
        store,
        mailing,
        state,
        now=now,
        detail=detail,
        message_id=message_id,
        next_try=next_try if state == "new" else None,
        again=again,
    )
