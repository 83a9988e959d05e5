"""What the calendar decides about issues that wait for an approval: a reminder, and 'not sent' where none came in time.

Done by the flow `decide` on a schedule of its own, or by `cuttings remind`; nowhere else, so that none is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cuttings.edges.store import issues, outbox
from cuttings.edges.store.issues import Issue
from cuttings.model import Notice
from flows import kept_back, letters
from flows.house import House

DECISION: Literal["keep deadlines"] = "keep deadlines"  # as the flow `decide` calls it
BY = "the calendar"
WAITING = ("awaiting approval", "held")


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue that waits, or that waited until now; `did` is empty where nothing was due, and `queued` says how many
    messages about it this very run put into the outbox: what others put there is not ours to send."""

    issue: str
    state: str
    until: datetime | None
    did: str = ""
    queued: int = 0


def keep(house: House, now: datetime) -> tuple[Seen, ...]:
    """Of every issue that waits: what its publisher took back taken out, the proof sent, the reminder sent; and
    without an answer 'not sent'. Done again, it does nothing more."""
    closed = close(house, now)
    soon = now + timedelta(hours=house.settings.delivery.remind_hours)
    waiting = issues.latest(house.store, states=WAITING, most=1000)
    return (*closed, *(_seen(house, issue, now, soon) for issue in waiting if issue.digest is not None))


def close(house: House, now: datetime) -> tuple[Seen, ...]:
    """Issues whose deadline has passed are not sent, and the contact officer hears of it."""
    issues.expire(house.store, now=now)
    closed = []
    for expired in issues.latest(house.store, states=("expired",), most=1000):
        lines = (f"{expired.id} had no approval in time and was not sent.", "Its readers were not told.")
        notice = Notice("contact", f"{expired.id}: not sent", lines)
        queued = letters.send_notice(house, expired.id, notice, letters.officer(house), now, about="expired")
        issues.move(house.store, expired.id, "not sent", now=now, by=BY, proved=True, reason="no approval in time")
        closed.append(Seen(expired.id, "not sent", expired.expires, "closed: no approval in time", queued))
    return tuple(closed)


def _seen(house: House, issue: Issue, now: datetime, soon: datetime) -> Seen:
    before = _said(house, issue)
    if (anew := kept_back.made_anew(house, issue, now)) is not None and (queued := _said(house, issue) != before):
        return Seen(issue.id, issue.state, issue.expires, anew, int(queued))
    did = []
    # There already, unless a run was killed before it.
    if proofs := letters.send_proof(house, issue, now):
        did.append("proof sent")
    reminders = 0
    if issue.expires is not None and issue.expires <= soon and (reminders := letters.remind(house, issue, now)):
        did.append("called to mind")
    return Seen(issue.id, issue.state, issue.expires, ", ".join(did), proofs + reminders)


def _said(house: House, issue: Issue) -> tuple[int, ...]:
    """What changes when a message about something taken back is queued: what can't be made without it is found so
    every hour, and its notice is written once."""
    told = [outbox.queued(house.store, f"{issue.id} {about}", "notice") for about in ("taken back", "not made anew")]
    return issues.proof(house.store, issue.id), *told
