"""The days an issue is about. Pure: today is an argument."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Days = tuple[date, date]  # both belong to the period

EARLIEST, LATEST = 1900, 2200  # years
ALLOWED = "a week (2026-W44), a month (2026-10), or two days (2026-10-26..2026-11-01)"


class BadPeriod(ValueError):
    """Something that is no period; the message says what is one."""


def last_whole(kind: Literal["week", "month"], today: date) -> Days:
    """The last week (Monday to Sunday) or month that was over before `today`."""
    if kind == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def parse(text: str) -> Days:
    """A period as people write it. Raises BadPeriod with a sentence."""
    text = text.strip()
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d{1,2})", text):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return _within(monday, monday + timedelta(days=6))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            first = date(int(match[1]), int(match[2]), 1)
            return _within(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
            start, end = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            if start <= end:
                return _within(start, end)
    except (ValueError, OverflowError):
        pass
    raise BadPeriod(f"'{text}' is no period. Write {ALLOWED}.")


def _within(start: date, end: date) -> Days:
    """The calendar ends with 9999-12-31, and the day after a period is asked for. Raises ValueError."""
    if start.year < EARLIEST or end.year > LATEST:
        raise ValueError
    return start, end


def moments(days: Days, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a period and the first one after it, on the council's clock.

    A week with a clock change is an hour longer or shorter; the days are what counts.
    """
    tz = ZoneInfo(zone)
    start, end = days
    after = end + timedelta(days=1)
    return datetime.combine(start, time(), tz), datetime.combine(after, time(), tz)
