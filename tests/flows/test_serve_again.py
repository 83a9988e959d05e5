"""`cuttings serve` after days of downtime, on an empty Prefect database, and after it was killed in the middle."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cuttings.edges.store import issues, runs
from flows.catching_up import MARK
from tests.flows.test_serve import PATIENCE, free_port, until

pytestmark = pytest.mark.prefect

NEVER = "0 5 29 2 *"  # so that no run of the test is one that merely fell due


class Served:
    """`cuttings serve` of a house, started and stopped as often as the test likes."""

    def __init__(self, home):
        self.home = home
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        self.env = kept | home.env
        self.database = home.output / "prefect" / "prefect.db"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.commands.main", "serve"], env=self.env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(PATIENCE) == 0

    def kill(self):
        """SIGKILL for all of it, as a power cut would: serve, server, runner, runs."""
        family = [self.process.pid, *_descendants(self.process.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def states(self, deployment):
        """How the runs of a deployment ended, the oldest first."""
        asked = """SELECT r.state_type FROM flow_run r JOIN deployment d ON d.id = r.deployment_id
                   JOIN flow f ON f.id = d.flow_id WHERE f.name || '/' || d.name = ? ORDER BY r.created"""
        if not self.database.exists():
            return []
        try:
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as prefect:
                rows = [state for (state,) in prefect.execute(asked, (deployment,))]
        except sqlite3.OperationalError:  # it is only just being made
            return []
        return [state for state in rows if state != "SCHEDULED"]


def _descendants(pid):
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


@pytest.fixture
def served(sampled):
    editions = (sampled.config / "editions.toml").read_text()
    editions = editions.replace('id = "managers"', f'id = "managers"\ncron = "{NEVER}"')
    sampled.write(
        editions=editions.replace('id = "members"', f'id = "members"\ncron = "{NEVER}"'),
        council=(sampled.config / "council.toml").read_text()
        + f'\n[server]\nport = {free_port()}\n[schedule]\ncollect = "0 5 * * *"\nretention = "{NEVER}"\n',
    )
    running = Served(sampled)
    try:
        yield running
    finally:
        running.stop()


def test_after_days_of_downtime_and_a_kill_each_schedule_gets_one_run_that_does_the_work(served):
    home = served.home
    # Three collects fell due and one publish. Prefect's database is gone: our own store knows.
    days_ago, years_ago = datetime.now(UTC) - timedelta(days=3), datetime(2024, 2, 28, tzinfo=UTC)
    late = {"collect/read every source": days_ago.isoformat(), "publish/managers": years_ago.isoformat()}
    runs.mark(home.store, MARK, late, now=days_ago)
    served.start()
    until(lambda: "RUNNING" in served.states("collect/read every source"), "the run that catches up", served.process)
    until(lambda: [r for r in runs.latest(home.store) if r.state == "running"], "its work", served.process)
    served.kill()

    served.start()  # what was at work is called crashed and done again, once; the publish waits for it
    until(lambda: runs.last(home.store, "collect"), "the run that takes up", served.process)
    until(lambda: issues.latest(home.store, edition="managers", states=("delivered",)), "the issue", served.process)
    until(lambda: served.states("publish/managers") == ["COMPLETED"], "the end of its run", served.process)
    assert served.states("collect/read every source") == ["CRASHED", "COMPLETED"]
    assert [r.state for r in runs.latest(home.store) if r.kind == "collect"] == ["done", "abandoned"]
    assert served.states("publish/members") == []
    assert len([m for m in home.messages() if not m.name.startswith("policy@")]) == 2
    served.stop()
    with sqlite3.connect(served.database) as prefect:
        assert prefect.execute("SELECT count(*) FROM deployment_schedule WHERE active = 0").fetchone() == (0,)
        assert prefect.execute("SELECT count(*) FROM flow_run WHERE state_type = 'RUNNING'").fetchone() == (0,)
        assert prefect.execute("SELECT count(*) FROM automation").fetchone() == (1,)
    log = (home.output / "logs" / "cuttings.log").read_text()
    assert log.count("\n") > 5
    assert "@fellshire" not in log
