"""`cuttings serve` as a policy officer runs it: a cron run that really fires, and a run by hand with parameters."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import pytest
import requests

from cuttings.edges.store import issues, runs

pytestmark = pytest.mark.prefect

PATIENCE = 480  # seconds; a cron run fires at the full minute, and a busy machine starts it late


def until(found, what, serving=None):
    """Ask again and again, at most PATIENCE seconds long; what `found` gives, as soon as it gives something."""
    deadline, nap = time.monotonic() + PATIENCE, threading.Event()
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        assert serving is None or serving.poll() is None, "serve ended by itself"
        nap.wait(0.5)
    raise AssertionError(f"{what}: not within {PATIENCE} seconds")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def serving(sampled):
    """`cuttings serve`, with a managers' edition that is due every minute."""
    editions = (sampled.config / "editions.toml").read_text()
    sampled.write(
        editions=editions.replace('id = "managers"', 'id = "managers"\ncron = "* * * * *"'),
        council=(sampled.config / "council.toml").read_text()
        + f'\n[server]\nport = {free_port()}\n[schedule]\ncollect = "* * * * *"\n',
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    log = (sampled.folder / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.commands.main", "serve"],
        env=kept | sampled.env,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process, kept | sampled.env
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        log.close()


def listening(port):
    """The addresses of this machine that somebody listens at on this port, as the kernel tells."""
    tables = "".join(path.read_text() for name in ("tcp", "tcp6") if (path := Path("/proc/net", name)).exists())
    rows = [line.split() for line in tables.splitlines() if " 0A " in line]  # LISTEN
    return {address for _, local, *_ in rows for address, _, at in [local.partition(":")] if int(at, 16) == port}


def status(url, login=None):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, json={}, auth=login, timeout=30).status_code


def the_api_is_here_alone_and_behind_its_login(sampled):
    port = tomllib.loads((sampled.config / "council.toml").read_text())["server"]["port"]
    assert listening(port) == {"0100007F"}  # 127.0.0.1, as /proc/net/tcp writes it
    runs_of, login = f"http://127.0.0.1:{port}/api/flow_runs/filter", (sampled.config / "prefect-auth").read_text()
    assert [status(runs_of), status(runs_of, ("cuttings", "a guess"))] == [401, 401]
    assert status(runs_of, tuple(login.strip().split(":", 1))) == 200


def test_a_cron_run_fires_and_a_run_by_hand_takes_its_parameters(sampled, serving):
    process, env = serving

    until(lambda: runs.last(sampled.store, "collect"), "a collect run by the clock", process)
    the_api_is_here_alone_and_behind_its_login(sampled)
    pdf = until(lambda: list(sampled.output.rglob("managers/**/*.pdf")), "the managers' PDF", process)[0]
    assert pdf.read_bytes().startswith(b"%PDF-")
    until(lambda: issues.latest(sampled.store, edition="managers", states=("delivered",)), "its delivery", process)

    command = ["prefect", "deployment", "run", "publish/members", "-p", "period=2026-10", "--watch"]
    by_hand = subprocess.run(
        [sys.executable, "-m", "flows.commands.main", *command],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert by_hand.returncode == 0, by_hand.stdout + by_hand.stderr
    (issue,) = issues.latest(sampled.store, edition="members")
    assert issue.start.isoformat() == "2026-10-01"
    assert issue.file("pdf") is not None

    # Every further minute found the work done: one issue, one message for each recipient. (The contact officer may
    # have been told that there was nothing yet, when the first publish fired before the first collect was done.)
    assert len(issues.latest(sampled.store, edition="managers")) == 1
    assert len([m for m in sampled.messages() if not m.name.startswith("policy@")]) == 3

    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0
    with sqlite3.connect(sampled.output / "prefect" / "prefect.db") as prefect:
        paused = prefect.execute("SELECT count(*) FROM deployment_schedule WHERE active = 0").fetchone()[0]
        by_the_clock = prefect.execute(
            "SELECT count(*) FROM flow_run WHERE auto_scheduled AND state_type = 'COMPLETED'"
        ).fetchone()[0]
    assert paused == 0
    assert by_the_clock >= 2
