"""What `serve` is made of, without a server: its schedules around the clock changes, its log, what it catches up on,
and the unit that systemd starts it by."""

import json
import os
import shutil
import stat
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import logs
from flows.catching_up import Schedule, missed, moments
from flows.commands import service
from flows.place import HOME

LONDON = ZoneInfo("Europe/London")
AUTUMN, SPRING = "2026-10-25", "2027-03-28"  # the days on which the clocks change
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---------------------------------------------------------------- the clock changes


def at(cron):
    return Schedule("collect/read every source", cron, "Europe/London")


def days_of(schedule, changes):
    """How often a schedule fires on each local day of the week around a change, and at which local times."""
    start = utc(changes) - timedelta(days=3)
    found = [m.astimezone(LONDON) for m in moments(schedule, start, start + timedelta(days=7))]
    return Counter(m.date() for m in found), {f"{m:%H:%M}" for m in found}


@pytest.mark.parametrize("changes", [AUTUMN, SPRING])
@pytest.mark.parametrize("cron", ["0 7 * * *", "0 5 * * *", "30 3 * * *", "0 2 * * *"])
def test_each_day_around_a_clock_change_has_its_time_exactly_once(changes, cron):
    days, times = days_of(at(cron), changes)
    hour, minute = cron.split()[1], cron.split()[0]
    assert set(days.values()) == {1}
    assert len(days) == 7
    assert times == {f"{int(hour):02}:{int(minute):02}"}


def test_half_past_one_comes_once_when_it_is_there_twice_and_once_when_it_is_not_there():
    autumn, times = days_of(at("30 1 * * *"), AUTUMN)
    assert set(autumn.values()) == {1}
    assert len(autumn) == 7
    assert times == {"01:30"}
    spring, times = days_of(at("30 1 * * *"), SPRING)
    assert set(spring.values()) == {1}
    assert len(spring) == 7
    assert times == {"01:30", "00:30"}  # 1.30 does not exist on that day: the hour before


@pytest.mark.parametrize("changes", [AUTUMN, SPRING])
@pytest.mark.parametrize("cron", ["0 7 * * *", "30 1 * * *", "0 1 * * *"])
def test_whenever_the_server_looks_ahead_it_sees_the_same_moments(changes, cron):
    # It reckons anew every minute, in the doubled hour too, and knows a run by its moment.
    begin, end = utc(changes) - timedelta(hours=12), utc(changes) + timedelta(hours=36)
    found = set()
    for minutes in range(0, 48 * 60, 43):
        found |= {m.astimezone(UTC) for m in moments(at(cron), begin + timedelta(minutes=minutes), end, most=3)}
    assert len({m.astimezone(LONDON).date() for m in found}) == len(found)


def test_mondays_at_seven_and_the_first_of_the_month_are_meant_in_the_councils_time():
    weekly = moments(at("0 7 * * MON"), utc("2026-10-12"), utc("2026-11-09"))
    assert [m.astimezone(UTC).hour for m in weekly] == [6, 6, 7, 7]
    monthly = moments(at("0 7 1 * *"), utc("2027-03-02"), utc("2027-04-30"))
    assert [m.astimezone(LONDON).isoformat() for m in monthly] == ["2027-04-01T07:00:00+01:00"]


# ---------------------------------------------------------------- what is caught up on


WEEKLY = Schedule("publish/managers", "0 7 * * MON", "Europe/London")
DAILY = Schedule("collect/read every source", "0 5 * * *", "Europe/London")
OFTEN = Schedule("deliver/send what waits", "*/15 * * * *", "Europe/London")
ALL = (WEEKLY, OFTEN, DAILY)


def test_after_a_long_downtime_each_schedule_gets_one_run_and_the_collect_goes_first():
    served = dict.fromkeys((s.name for s in ALL), NOW - timedelta(days=60))
    assert missed(ALL, served, (), NOW) == ("collect/read every source", "publish/managers", "deliver/send what waits")


def test_a_short_stop_in_which_nothing_fell_due_is_caught_up_on_by_nothing():
    at_nine = NOW + timedelta(minutes=5)
    served = dict.fromkeys((s.name for s in ALL), at_nine)
    assert missed(ALL, served, (), at_nine + timedelta(minutes=5)) == ()


def test_a_run_that_was_due_as_all_was_killed_counts_as_missed():
    seven = utc("2026-11-02T07:00")
    served = {"publish/managers": seven + timedelta(seconds=20)}
    assert missed([WEEKLY], served, (), seven + timedelta(minutes=1)) == ("publish/managers",)


def test_what_was_at_work_when_all_was_killed_is_done_again_and_nothing_else():
    served = dict.fromkeys((s.name for s in ALL), NOW)
    assert missed([WEEKLY, DAILY], served, ["publish/managers", "publish/gone"], NOW) == ("publish/managers",)


def test_a_new_schedule_waits_for_its_time():
    assert missed(ALL, {}, (), NOW) == ()


@settings(max_examples=30, deadline=None)
@given(minutes=st.integers(0, 60 * 24 * 40))
def test_no_downtime_is_caught_up_on_twice(minutes):
    served = {DAILY.name: NOW - timedelta(minutes=minutes)}
    runs = missed([DAILY], served, (), NOW)
    assert len(runs) <= 1
    assert missed([DAILY], dict.fromkeys(served, NOW), (), NOW + timedelta(hours=1)) == ()
    five = utc("2026-11-04T05:00")
    assert bool(runs) == (NOW - timedelta(minutes=minutes) - timedelta(minutes=2) < five)


# ---------------------------------------------------------------- the log


def test_a_line_of_prefects_is_written_as_fields():
    line = "07:00:02.118 | WARNING | prefect.runner - Flow run 'collect every source' was late\n"
    assert logs.structured("runner", line, at=NOW) == {
        "at": "2026-11-04T09:00:00+00:00",
        "from": "runner",
        "level": "WARNING",
        "logger": "prefect.runner",
        "text": "Flow run 'collect every source' was late",
    }


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("sent to anna.ash@fellshire.example now", "sent to (address) now"),
        ("KeyError: 'Jo Brack'", "KeyError: (its words are on the run's page)"),
        ("Finished in state Failed('httpx.ReadError: Jo Brack said')",
         "Finished in state Failed('httpx.ReadError: (its words are on the run's page)"),
        ("StoreError: The store x.db: the disk is full.", "StoreError: The store x.db: the disk is full."),
        ("\x1b[31mred\x1b[0m", "red"),
        ("{\"recipient\": \"x@y.example\"}", "{\"recipient\": \"(address)\"}"),
    ],
)  # fmt: skip
def test_no_person_stands_in_the_log(said, written):
    assert logs.structured("runner", said, at=NOW)["text"] == written


def test_the_log_never_grows_beyond_its_limit_and_is_its_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "FILE_BYTES", 10_000)
    journal = logs.Journal(tmp_path / "logs")
    for n in range(3_000):
        journal.write("runner", f"line {n}", at=NOW)
    journal.close()
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == logs.FILES + 1
    assert all(f.stat().st_size <= 10_000 for f in files)
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert json.loads(files[0].read_text().splitlines()[-1])["text"] == "line 2999"


def test_where_no_log_can_be_written_what_is_said_is_still_read(tmp_path):
    (tmp_path / "logs").write_text("a file stands there")
    journal = logs.Journal(tmp_path / "logs")
    follower = logs.Follower("server", BytesIO(b"one\n\xff\n\nlast\n"), journal)
    follower.finish()
    assert list(follower.last) == ["one", "\ufffd", "last"]


# ---------------------------------------------------------------- the unit


@pytest.mark.parametrize("worker", [None, "http://first.fellshire.example:4200"])
@pytest.mark.parametrize("user", ["root", None])
@pytest.mark.parametrize("name", ["cuttings", "cut tings", "100% cuts", "a$b\"c"])  # fmt: skip
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path, name, user, worker):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not there to check the unit with")
    home = tmp_path / name
    (home / "config" / "systemd").mkdir(parents=True)
    shutil.copy(HOME / service.TEMPLATE, home / service.TEMPLATE)
    run = home / "run"
    run.write_text("#!/bin/sh\n")
    run.chmod(0o755)
    path = tmp_path / "cuttings.service"
    path.write_text(service.unit(home, home / "config" / "local" / "environment", user=user, worker=worker))
    own = [] if user else ["--user"]
    told = subprocess.run(
        ["systemd-analyze", *own, "verify", str(path)],
        capture_output=True, text=True, env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    if "Failed to" in told.stderr and not user:
        pytest.skip(f"no unit of one's own account can be checked here: {told.stderr.strip()}")
    assert told.returncode == 0, told.stderr
    assert "cuttings.service" not in told.stderr
    shown = path.read_text()
    assert "@" not in "".join(line for line in shown.splitlines() if not line.startswith("#"))
    assert ("User=" in shown) == (user is not None)
    assert shown.count("ExecStart=") == 1
    assert ('worker --server "http://first.fellshire.example:4200"\n' in shown) == (worker is not None)
    assert (" serve\n" in shown) == (worker is None)


def test_what_is_left_to_type_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    service.service(user=True, install=True)
    said = capsys.readouterr().out
    assert (tmp_path / "systemd" / "user" / "cuttings.service").exists()
    assert "loginctl enable-linger" in said
    assert "systemctl --user enable --now cuttings" in said
    (tmp_path / "systemd" / "user" / "cuttings.service").unlink()
    (tmp_path / "systemd" / "user").rmdir()
    (tmp_path / "systemd" / "user").write_text("a file stands there")
    with pytest.raises(service.CannotInstall, match=r"sudo \./run service --install"):
        service.service(user=True, install=True)
