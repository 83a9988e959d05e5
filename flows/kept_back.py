"""What was approved and may not leave any more: kept back before each delivery, and its editor and officer told.

While the mail server is down, an issue may wait for days in the outbox. In between a publisher may take back what it
prints, or a pre-election period may begin.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cuttings.edges.store import StoreError, issues, sending
from cuttings.edges.store.issues import Issue
from cuttings.model import Notice
from flows import before_election, letters, taken_back
from flows.house import House

BY = "the calendar"


def kept_back(house: House, now: datetime) -> tuple[str, ...]:
    """A sentence for each issue that was kept back.

    One that nobody has yet is held and made anew, and its proof goes to editor and deputy. Where some readers have it
    the others get none: a second wording of an issue is a correction, and that is for a person to decide. The contact
    officer hears of either.
    """
    waiting = issues.latest(house.store, states=("approved", "delivering"), most=1000)
    return tuple(_kept_back(house, issue, why, now) for issue in waiting if (why := _why(house, issue, now)))


def _why(house: House, issue: Issue, now: datetime) -> str | None:
    if gone := taken_back.printed(house, issue):
        return f"{', '.join(item.number for item in gone)} taken back by its publisher"
    return before_election.WHY if before_election.careless(house, issue, now) else None


def _kept_back(house: House, issue: Issue, why: str, now: datetime) -> str:
    expires = now + timedelta(days=house.settings.edition(issue.edition).answer_days)
    try:
        issues.move(house.store, issue.id, "held", now=now, by=BY, proved=True, reason=why, expires=expires)
    except StoreError:  # somebody has it, or may have it
        stopped = sending.stop(house.store, issue.id, f"not sent: {why}", now=now)
        done = f"{issue.id} was partly sent before that: {stopped} of its messages are not sent"
    else:
        done = _made_anew(house, issues.find(house.store, issue.id) or issue, now)
    notice = Notice("contact", f"{issue.id}: {why}", (f"{why[0].upper()}{why[1:]}. {done}.",))
    letters.send_notice(house, issue.id, notice, letters.officer(house), now, about="kept back")
    return done


def _made_anew(house: House, issue: Issue, now: datetime) -> str:
    """It stays held: who approves it sees the new proof first, in an edition that needs no approval too."""
    try:
        done = taken_back.made_anew(house, issue, now) or before_election.made_anew(house, issue, now)
    except StoreError as error:
        done = f"{str(error).rstrip('.')}. It is held. To send none:  ./run do-not-send {issue.id}"
    return done or f"{issue.id} is held"
