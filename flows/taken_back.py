"""Issues that wait for an approval and print what its publisher has taken back since: made anew without it."""

from __future__ import annotations

from datetime import datetime

from cuttings.edges.store import StoreError, erased, issues
from cuttings.edges.store.issues import Change, Issue
from cuttings.model import Item, Notice
from flows import letters
from flows.house import House
from flows.making import NotFitToSend

BY = "the publisher"


def printed(house: House, issue: Issue) -> tuple[Item, ...]:
    """What a waiting issue prints and may not."""
    gone = erased.withdrawn_in(house.store, issue.id)
    return tuple(item for item in issue.digest.items if item.article in gone) if issue.digest and gone else ()


def made_anew(house: House, issue: Issue, now: datetime) -> str | None:
    """What was done about it, in a sentence that begins with the issue; None where there was nothing to do.

    The new proof goes to editor and deputy. An issue with nothing else in it is closed, and the contact officer told,
    as they are where it can't be made without the item. Asked every hour with the deadlines, and before every approval.
    """
    if not (gone := printed(house, issue)):
        return None
    from flows.publish import remake  # which imports who asks here

    numbers = ", ".join(item.number for item in gone)
    change = Change(BY, True, f"{numbers} taken out: taken back by its publisher")
    try:
        remake(house, issue.id, change, now)
    except (StoreError, NotFitToSend) as error:
        return _closed(house, issue, numbers, error, now)
    proof = issues.proof(house.store, issue.id)
    return f"{issue.id} printed what its publisher has taken back since ({numbers}). It was made anew as proof {proof}"


def _closed(house: House, issue: Issue, numbers: str, error: Exception, now: datetime) -> str:
    gone = {item.article for item in printed(house, issue)}
    # Its news alone: old pieces out of the archive are printed beside news and make no issue.
    if issue.digest is not None and gone.issuperset(item.article for item in issue.digest.of_period):
        reason = "its publisher took back all that it prints"
        issues.move(house.store, issue.id, "not sent", now=now, by=BY, proved=True, reason=reason)
        said = f"{issue.id} is closed and is not sent: {reason}"
    else:
        said = (
            f"{issue.id} prints what its publisher has taken back since ({numbers}), and could not be made without it: "
            f"{str(error).rstrip('.')}. To send none:  ./run do-not-send {issue.id}"
        )
    notice = Notice("contact", f"{issue.id}: something was taken back by its publisher", (f"{said}.",))
    letters.send_notice(house, issue.id, notice, letters.officer(house), now, about="taken back")
    return said
