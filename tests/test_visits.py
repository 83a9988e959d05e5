from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cuttings.visits import OFTEN, PATIENCE, after_failure, after_reading

NOW = datetime(2026, 11, 2, 5, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 2), timezones=st.just(UTC))


def test_a_fresh_thread_is_looked_at_every_day():
    assert after_reading("2026-11-01", NOW, 28, NOW) == NOW + OFTEN


def test_an_older_thread_is_looked_at_less_often():
    assert after_reading("2026-10-13", NOW, 28, NOW) == NOW + timedelta(days=20, hours=5) / 4


def test_a_thread_whose_time_is_over_is_left_alone():
    assert after_reading("2026-10-01", NOW - timedelta(days=30), 28, NOW) is None
    assert after_reading("2026-11-01", NOW, 0, NOW) is None


def test_a_date_in_the_future_counts_as_today():
    assert after_reading("2027-01-01", NOW, 28, NOW) == NOW + OFTEN


@given(MOMENTS, MOMENTS, st.integers(0, 400))
def test_the_next_visit_lies_ahead_and_not_beyond_a_quarter_of_the_time(published, seen, days):
    following = after_reading(published.isoformat(), seen, days, NOW)
    assert following is None or NOW < following <= NOW + max(OFTEN, timedelta(days=days) / 4)


@given(st.integers(1, 20), st.booleans(), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_patience_grows_and_ends(failures, passing, retry_after):
    again = after_failure(failures, passing, retry_after, NOW)
    if not passing or failures > len(PATIENCE):
        assert again is None
    else:
        assert NOW + PATIENCE[failures - 1] <= again <= NOW + PATIENCE[-1]
