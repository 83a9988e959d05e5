"""When an address is asked for again: threads while they live, failures with growing patience. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from cuttings.model import when

# After so many failures in a row, wait so long. One more failure, and a person must look.
PATIENCE = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
OFTEN = timedelta(hours=20)  # a daily run a little early today must still find yesterday's visits due
SLOWING = 4  # a thread is looked at again after a quarter of its age


def after_reading(
    published: str | None, first_seen: datetime, revisit_days: int, now: datetime, *, last_comment: str | None = None
) -> datetime | None:
    """The next look at an article whose readers may still be answering; None when its thread's time is over.

    The rate falls with the time since anybody wrote: a thread of three weeks with an answer of yesterday is looked at
    daily again.
    """
    began = min(when(published) or first_seen, now)
    age = now - began
    if age >= timedelta(days=revisit_days):
        return None
    stirred = max(began, min(when(last_comment) or began, now))
    return now + max(OFTEN, (now - stirred) / SLOWING)


def after_failure(failures: int, passing: bool, retry_after: datetime | None, now: datetime) -> datetime | None:
    """The next try after `failures` failures in a row (this one included); None: never of our own accord."""
    if not passing or failures > len(PATIENCE):
        return None
    soonest = now + PATIENCE[failures - 1]
    # A server may ask for ten years; a week is the most that we let it decide.
    return max(soonest, min(retry_after, now + PATIENCE[-1])) if retry_after else soonest
