"""Dates as feeds and sitemaps write them -> ISO 8601 of the precision given. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from cuttings.model import when

_ISO = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?", re.IGNORECASE)


def iso(text: str | None) -> str | None:
    """ "Tue, 25 Jun 2013 09:15:00 +0100" or "2013-06-25" -> ISO; None for what is no date."""
    text = (text or "").strip()[:64]
    return _iso(text) if text else None


@lru_cache(maxsize=4096)  # the 50,000 rows of a sitemap share a few hundred days
def _iso(text: str) -> str | None:
    if _ISO.fullmatch(text):
        candidate = re.sub(r"\s+(?=[+-]|Z$)", "", text).upper().replace(" ", "T")
    else:
        try:
            candidate = parsedate_to_datetime(text).isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    moment = when(candidate)
    return candidate if moment and 1990 <= moment.year < 9000 else None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<m>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<year>\d{4})\b"),  # day first: these are British lists
)


def written(text: str | None) -> str | None:
    """The first day that a line of a list names, "Thursday 4th June, 2026" or "04/06/2026" -> "2026-06-04"."""
    found = [match for pattern in _WRITTEN if (match := pattern.search((text or "")[:1000]))]
    for match in sorted(found, key=lambda m: m.start()):
        parts = match.groupdict()
        month = int(parts["m"]) if parts.get("m") else _MONTHS.index(parts["month"].lower()) + 1
        if day := iso(f"{parts['year']}-{month:02}-{int(parts['day']):02}"):
            return day
    return None


def from_struct(parsed: object) -> str | None:
    """feedparser's struct_time, which is UTC."""
    if not isinstance(parsed, tuple):
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return iso(datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat())
    except (ValueError, TypeError, OverflowError):
        return None


@lru_cache(maxsize=4096)  # as above: asked of every row, and a run has one `now`
def plausible(published: str | None, now: datetime) -> str | None:
    """The date, unless it lies in the future: an article of the year 2999 was not published then."""
    moment = when(published)
    return published if moment and moment <= now + timedelta(days=2) else None
