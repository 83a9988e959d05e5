from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.periods import last_whole, moments, parse


@pytest.mark.parametrize(
    ("kind", "today", "days"),
    [
        ("week", date(2026, 11, 2), (date(2026, 10, 26), date(2026, 11, 1))),  # a Monday
        ("week", date(2026, 11, 1), (date(2026, 10, 19), date(2026, 10, 25))),  # its Sunday: that week is not over
        ("week", date(2027, 1, 1), (date(2026, 12, 21), date(2026, 12, 27))),
        ("month", date(2026, 11, 1), (date(2026, 10, 1), date(2026, 10, 31))),
        ("month", date(2028, 3, 31), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_the_last_whole_period(kind, today, days):
    assert last_whole(kind, today) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-W44", (date(2026, 10, 26), date(2026, 11, 1))),
        ("2026-W1", (date(2025, 12, 29), date(2026, 1, 4))),
        ("2026-10", (date(2026, 10, 1), date(2026, 10, 31))),
        ("2028-02", (date(2028, 2, 1), date(2028, 2, 29))),
        (" 2012-01-01..2013-09-30 ", (date(2012, 1, 1), date(2013, 9, 30))),
    ],
)
def test_periods_as_people_write_them(text, days):
    assert parse(text) == days


@pytest.mark.parametrize(
    "text", ["", "October", "2026-13", "2026-W54", "2026-W00", "2026-11-01..2026-10-26", "9999-W53"]
)
def test_what_is_no_period_is_told(text):
    with pytest.raises(ValueError, match="is no period"):
        parse(text)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["week", "month"]))
def test_a_last_whole_period_is_over_and_whole(today, kind):
    start, end = last_whole(kind, today)
    assert start <= end < today
    assert today - end <= timedelta(days=31)
    assert last_whole(kind, end + timedelta(days=1)) == (start, end)


def test_the_clock_change_makes_a_week_an_hour_longer():
    start, after = moments((date(2026, 10, 19), date(2026, 10, 25)), "Europe/London")
    assert start.astimezone(UTC) == datetime(2026, 10, 18, 23, tzinfo=UTC)
    assert after.astimezone(UTC) == datetime(2026, 10, 26, tzinfo=UTC)
