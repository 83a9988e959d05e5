"""What must fire on which day, and which issues must come of it: reckoned from the calendar, without Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows import names
from flows.catching_up import Schedule

ZONE = "Europe/London"
LONDON = ZoneInfo(ZONE)
# As in the configuration that is shipped, but once a day for what would find nothing every hour and quarter of an hour.
SCHEDULES = (
    Schedule(f"collect/{names.COLLECT}", "0 5 * * *", ZONE),
    Schedule("publish/managers", "0 7 * * MON", ZONE),
    Schedule("publish/members", "0 7 1 * *", ZONE),
    Schedule(f"health/{names.HEALTH}", "0 8 * * MON", ZONE),
    Schedule(f"decide/{names.REMIND}", "0 9 * * *", ZONE),
    Schedule(f"deliver/{names.DELIVER}", "0 10 * * *", ZONE),
)
HOURS = {
    f"collect/{names.COLLECT}": 5,
    "publish/managers": 7,
    "publish/members": 7,
    f"health/{names.HEALTH}": 8,
    f"decide/{names.REMIND}": 9,
    f"deliver/{names.DELIVER}": 10,
}
Period = tuple[str, date, date]  # edition, first day, last day


@dataclass(frozen=True, slots=True)
class Off:
    """From when to when nothing ran."""

    since: datetime
    until: datetime


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Almanac:
    first: date
    last: date
    off: Sequence[Off]

    def is_off(self, moment: datetime) -> bool:
        return any(off.since < moment < off.until for off in self.off)

    def runs(self, day: date) -> Counter[str]:
        """How often each schedule runs on a day; after a time off each that fell due in it runs once, and no more."""
        found = Counter(name for name, moment in self._named(day) if not self.is_off(moment))
        for off in self.off:
            if off.until.date() == day:
                since = days(off.since.date(), day)
                found.update({n for each in since for n, m in self._named(each) if off.since < m < off.until})
        return found

    def _named(self, day: date) -> Iterator[tuple[str, datetime]]:
        for name, hour in HOURS.items():
            if _falls_on(name, day):
                yield name, datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)

    def periods(self) -> dict[Period, bool]:
        """Every period that came to its end; whether its issue is late, so that a person decides about it."""
        found: dict[Period, bool] = {}
        for day in days(self.first, self.last):
            for name, moment in self._named(day):
                if name.startswith("publish/"):
                    found[_before(name, day)] = self.is_off(moment) and self._another_after(name, moment)
        return found

    def _another_after(self, name: str, moment: datetime) -> bool:
        """Whether a later issue fell due before the machine was on again: then that one is the newest."""
        (off,) = (off for off in self.off if off.since < moment < off.until)
        later = days(moment.date() + timedelta(days=1), off.until.date())
        return any(n == name and m < off.until for day in later for n, m in self._named(day))


def _falls_on(name: str, day: date) -> bool:
    if name in ("publish/managers", f"health/{names.HEALTH}"):
        return day.weekday() == 0
    return day.day == 1 if name == "publish/members" else True


def _before(name: str, day: date) -> Period:
    """The week or the month before the day on which its issue is due."""
    if name == "publish/managers":
        return "managers", day - timedelta(days=7), day - timedelta(days=1)
    last = day - timedelta(days=1)
    return "members", last.replace(day=1), last
