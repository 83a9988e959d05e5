"""Prefect's own database is made by one process, whoever else comes at the same moment."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from flows import place, prefect_home

# Stands for Prefect's upgrade: says that it was there, and fails where somebody left a half-made database.
UPGRADE = """
import os, pathlib, sys
home = pathlib.Path(os.environ["PREFECT_HOME"])
with (home / "calls").open("a") as calls:
    calls.write("called ")
if (home / "prefect.db").exists() and (home / "prefect.db").read_text() == "half":
    sys.exit(1)
(home / "prefect.db").write_text("whole")
"""


@pytest.fixture
def records(home, tmp_path):
    environ = {**home.env, "PREFECT_HOME": str(tmp_path / "prefect")}
    (tmp_path / "prefect").mkdir()

    def make(**more):
        upgrade = (sys.executable, "-c", UPGRADE)
        prefect_home.make_records(place.settings(environ), environ | more, upgrade)
        calls = tmp_path / "prefect" / "calls"
        return calls.read_text().split() if calls.exists() else []

    make.home = tmp_path / "prefect"
    return make


def test_of_several_first_runs_one_makes_them(records):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: records(), range(4)))
    assert records() == ["called"]


def test_records_that_were_deleted_are_made_anew(records):
    records()
    (records.home / "prefect.db").unlink()
    assert records() == ["called"] * 2


def test_a_new_prefect_brings_them_to_its_own_version(records):
    records()
    (records.home / prefect_home.MADE_BY).write_text("3.0.0")
    assert records() == ["called"] * 2
    assert records() == ["called"] * 2


def test_what_a_killed_first_run_left_half_made_is_made_anew(records):
    (records.home / "prefect.db").write_text("half")
    assert records() == ["called"] * 2
    assert (records.home / "prefect.db").read_text() == "whole"


def test_records_that_were_whole_once_are_never_thrown_away(records):
    records()
    (records.home / prefect_home.MADE_BY).write_text("3.0.0")
    (records.home / "prefect.db").write_text("half")
    assert records() == ["called"] * 2
    assert (records.home / "prefect.db").read_text() == "half"


def test_a_database_elsewhere_is_its_owners(records):
    assert records(PREFECT_SERVER_DATABASE_CONNECTION_URL="postgresql+asyncpg://somewhere/prefect") == []
