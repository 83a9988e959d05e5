"""What was approved and may not leave any more: kept back before each delivery, and its editor and officer told.

While the mail server is down, an issue may wait for days in the outbox. In between a publisher may take back what it
prints, or a pre-election period may begin.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cuttings.edges.store import StoreError, issues, outbox, sending
from cuttings.edges.store.issues import LEAVING, Issue
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
    found = [issues.find(house.store, name) for name in outbox.waiting(house.store)]
    waiting = [issue for issue in found if issue is not None and issue.state in LEAVING]
    return tuple(_kept_back(house, issue, why, now) for issue in waiting if (why := may_not_leave(house, issue, now)))


def may_not_leave(house: House, issue: Issue, now: datetime) -> str | None:
    """Why nobody more may get an issue; None where nothing speaks against it."""
    if gone := taken_back.printed(house, issue):
        return f"{', '.join(item.number for item in gone)} taken back by its publisher"
    return before_election.WHY if before_election.careless(house, issue, now) else None


def _kept_back(house: House, issue: Issue, why: str, now: datetime) -> str:
    partly = issues.reached(house.store, issue.id)
    said = (
        f"Of its readers {partly} have it or may have it. The others, and who asked for a copy, get none of it."
        if partly
        else "Nobody has it yet. It is held, and made anew; the new proof goes to its editor."
    )
    # Queued first: a run that is killed after the hold would leave nobody who knows of it.
    _tell(house, issue, why, f"{why[0].upper()}{why[1:]}. {said}", "kept back", now)
    expires = now + timedelta(days=house.settings.edition(issue.edition).answer_days)
    try:
        issues.move(house.store, issue.id, "held", now=now, by=BY, proved=True, reason=why, expires=expires)
    except StoreError:
        latest = issues.find(house.store, issue.id)
        if latest is None or latest.state not in LEAVING:
            return f"{issue.id} was held or closed meanwhile"  # by its editor, this very minute
        stopped = sending.stop(house.store, issue.id, f"not sent: {why}", now=now)
        return f"{issue.id} was partly sent before that: {stopped} of its messages are not sent"
    return made_anew(house, issues.find(house.store, issue.id) or issue, now) or f"{issue.id} is held"


def made_anew(house: House, issue: Issue, now: datetime) -> str | None:
    """Of an issue that waits for its approval, what was done about it; None where there was nothing to do.

    It goes on waiting: who approves it sees the new proof first, in an edition that needs no approval too.
    """
    try:
        return taken_back.made_anew(house, issue, now) or before_election.made_anew(house, issue, now)
    except StoreError as error:
        said = f"{str(error).rstrip('.')}. To send none:  ./run do-not-send {issue.id}"
        _tell(house, issue, "it could not be made anew", said, "not made anew", now)
        return said


def _tell(house: House, issue: Issue, what: str, said: str, about: str, now: datetime) -> None:
    notice = Notice("contact", f"{issue.id}: {what}", (said,))
    letters.send_notice(house, issue.id, notice, letters.officer(house), now, about=about)
