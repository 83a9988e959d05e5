"""A members' issue that was composed before the pre-election period and would leave in it: made anew with its care,
or, where it was approved before and still waits to be sent, kept back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cuttings.digest.counting import PRE_ELECTION
from cuttings.edges.store import StoreError, issues, sending
from cuttings.edges.store.issues import Change, Issue
from cuttings.model import Notice
from flows import letters
from flows.house import House
from flows.making import NotFitToSend

BY = "the calendar"


def careless(house: House, issue: Issue, now: datetime) -> bool:
    """Whether it was made as at any other time, while today only what is printed with care may leave.

    The issue itself says which it is. Its day can't: an issue made anew keeps the day it was composed first.
    """
    digest = issue.digest
    if digest is None or digest.empty or digest.audience != "members":
        return False
    return house.settings.council.in_pre_election(now) and all(e.words.text != PRE_ELECTION for e in digest.made)


def kept_back(house: House, now: datetime) -> tuple[str, ...]:
    """Of what was approved before the period, nothing more leaves in it; a sentence for each such issue.

    One that nobody has yet is held and made anew, and its proof goes to editor and deputy. Where some readers have it
    the others get none: a second wording of an issue is a correction, and that is for a person to decide. The contact
    officer hears of either.
    """
    waiting = issues.latest(house.store, states=("approved", "delivering"), most=1000)
    return tuple(_kept_back(house, issue, now) for issue in waiting if careless(house, issue, now))


def _kept_back(house: House, issue: Issue, now: datetime) -> str:
    why = "the pre-election period has begun"
    expires = now + timedelta(days=house.settings.edition(issue.edition).answer_days)
    try:
        issues.move(house.store, issue.id, "held", now=now, by=BY, proved=True, reason=why, expires=expires)
    except StoreError:  # somebody has it, or may have it
        stopped = sending.stop(house.store, issue.id, f"not sent: {why}", now=now)
        done = f"{issue.id} was partly sent before the pre-election period: {stopped} of its messages are not sent"
    else:
        held = issues.find(house.store, issue.id) or issue
        try:
            done = made_anew(house, held, now) or f"{issue.id} is held: {why}"
        except StoreError as error:
            done = f"{str(error).rstrip('.')}. It is held. To send none:  ./run do-not-send {issue.id}"
    notice = Notice("contact", f"{issue.id}: {why}", (f"{done}.",))
    letters.send_notice(house, issue.id, notice, letters.officer(house), now, about="pre-election")
    return done


def made_anew(house: House, issue: Issue, now: datetime) -> str | None:
    """What was done about it, in a sentence that begins with the issue; None where there was nothing to do.

    The new proof goes to editor and deputy. Raises StoreError where it can't be made so: all of it is opinion.
    """
    from flows.publish import WAITING, remake  # which imports this

    if issue.state not in WAITING or not careless(house, issue, now):
        return None
    because = "opinion, readers' views and questions taken out: the pre-election period has begun"
    was = f"{issue.id} was composed before the pre-election period, which has begun since"
    try:
        remake(house, issue.id, Change(BY, True, because), now)
    except (StoreError, NotFitToSend) as error:
        raise StoreError(
            f"{was}, and could not be made without opinion, readers' views and questions: {error} Nothing was sent."
        ) from error
    proof = issues.proof(house.store, issue.id)
    return f"{was}. It was made anew without opinion, readers' views and questions as proof {proof}"
