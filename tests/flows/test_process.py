"""Which process a run belongs to, and what becomes of the run of one that is dead."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from cuttings.edges.store import runs
from flows import process
from flows.collecting.desk import BEAT, Desk, TakenOver

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
pytestmark = pytest.mark.skipif(process.identity() is None, reason="this system has no /proc to tell processes by")


def other():
    """The identity of a process that has ended by now."""
    code = "from flows import process; print(process.identity())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_living_process_is_not_dead_and_an_ended_one_is():
    assert not process.is_dead(process.identity())
    assert process.is_dead(other())


def test_a_number_that_was_given_to_a_new_process_is_not_the_old_one():
    here, number, began = process.identity().split(" ")
    assert number == str(os.getpid())
    assert process.is_dead(f"{here} {number} {int(began) + 1}")


@pytest.mark.parametrize("identity", ["", "x", "another-machine/pid:[1] 4711 12", "a b c d", "another 1"])
def test_of_what_can_not_be_seen_from_here_nothing_is_known(identity):
    assert not process.is_dead(identity)


def test_where_the_system_tells_nothing_no_process_has_an_identity(tmp_path):
    assert process.identity(tmp_path) is None
    assert not process.is_dead(process.identity(), tmp_path)


def test_the_run_of_a_dead_process_is_taken_over_at_once(home):
    store = home.store
    first = runs.begin(store, "collect", now=NOW, process=other())
    second = runs.begin(store, "collect", now=NOW, process=process.identity(), dead=process.is_dead)
    assert second
    assert second != first
    states = {r.id: r.state for r in runs.latest(store)}
    assert states == {first: "abandoned", second: "running"}
    assert runs.begin(store, "collect", now=NOW, dead=process.is_dead) is None


def test_a_run_that_was_taken_over_ends_with_a_sentence_and_stays_abandoned(home):
    store = home.store
    first = runs.begin(store, "collect", now=NOW)
    later = NOW + 2 * runs.STALE
    second = runs.begin(store, "collect", now=later)

    class House:
        pass

    House.store = store
    desk = Desk(House, None, None, None, first, NOW)
    desk.beat()  # not yet a minute
    desk.beaten = datetime.now(UTC) - BEAT - timedelta(seconds=1)
    with pytest.raises(TakenOver, match="another one has begun since"):
        desk.beat()
    with pytest.raises(TakenOver):  # and every task of it, at once
        desk.beat()
    runs.end(store, first, now=later, counts={"read": 3})
    assert {r.id: r.state for r in runs.latest(store)} == {first: "abandoned", second: "running"}
