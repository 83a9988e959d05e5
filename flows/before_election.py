"""A members' issue that was composed before the pre-election period and would leave in it: made anew with its care."""

from __future__ import annotations

from datetime import datetime

from cuttings.digest.counting import PRE_ELECTION
from cuttings.edges.store import StoreError, issues
from cuttings.edges.store.issues import Change, Issue
from flows.house import House
from flows.making import NotFitToSend

BY, WHY = "the calendar", "the pre-election period has begun"


def careless(house: House, issue: Issue, now: datetime) -> bool:
    """Whether it was made as at any other time, while today only what is printed with care may leave.

    The issue itself says which it is. Its day can't: an issue made anew keeps the day it was composed first.
    """
    digest = issue.digest
    if digest is None or digest.empty or digest.audience != "members":
        return False
    return house.settings.council.in_pre_election(now) and all(e.words.text != PRE_ELECTION for e in digest.made)


def made_anew(house: House, issue: Issue, now: datetime) -> str | None:
    """What was done about it, in a sentence that begins with the issue; None where there was nothing to do.

    The new proof goes to editor and deputy. Raises StoreError where it can't be made so: all of it is opinion.
    """
    from flows.publish import WAITING, remake  # which imports this

    if issue.state not in WAITING or not careless(house, issue, now):
        return None
    because = f"opinion, readers' views and questions taken out: {WHY}"
    was = f"{issue.id} was composed before the pre-election period, which has begun since"
    try:
        remake(house, issue.id, Change(BY, True, because), now)
    except (StoreError, NotFitToSend) as error:
        raise StoreError(
            f"{was}, and could not be made without opinion, readers' views and questions: {error} Nothing was sent."
        ) from error
    proof = issues.proof(house.store, issue.id)
    return f"{was}. It was made anew without opinion, readers' views and questions as proof {proof}"
