"""`cuttings serve`: Prefect's server, the schedules from the configuration, and the worker that runs them.

One process watches over two: the server and the runner. When either ends the other is stopped and this process ends
too, with an error, so that systemd (or a person) starts all of it again. Stopping it leaves the schedules as they are.
Prefect's database can be thrown away while it is stopped: the deployments are written anew at every start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from cuttings.settings import Settings
from flows import prefect_home
from flows.place import settings as load_settings

START_SECONDS = 180.0  # an empty Prefect home on a busy machine takes most of a minute


class CannotServe(Exception):
    """The server can't be started here; the message says what to do."""


def deployments(settings: Settings) -> list[object]:
    """Every schedule as a Prefect deployment: collect, deliver, and one publish for each edition."""
    from prefect.schedules import Cron, Schedule
    from prefect.types.entrypoint import EntrypointType

    from flows.collect import collect
    from flows.deliver import deliver
    from flows.publish import publish

    # No concurrency limit: Prefect never gives the slot of a killed run back, and every later run would wait for it.
    # One run at a time is the store's business, and a late run finds the work of the one before it done.
    def at(cron: str) -> Schedule:
        return Cron(cron, timezone=settings.council.timezone)

    made: list[object] = [
        # A file entry point would load the module a second time and can hide an ImportError.
        collect.to_deployment(
            "scheduled",
            schedule=at(settings.schedule.collect),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Reads every source: new articles, new comments. Safe to run at any time.",
        ),
        deliver.to_deployment(
            "scheduled",
            schedule=at(settings.schedule.deliver),
            entrypoint_type=EntrypointType.MODULE_PATH,
            description="Sends what waits in the outbox. Never sends one issue to one person twice.",
        ),
    ]
    made += [
        publish.to_deployment(
            edition.id,
            schedule=at(edition.cron),
            parameters={"edition": edition.id},
            entrypoint_type=EntrypointType.MODULE_PATH,
            description=f"{edition.name}: the last whole {edition.period}, as PDF, HTML and e-mail.",
        )
        for edition in settings.editions
    ]
    return made


def run_worker() -> None:
    """The runner: polls for runs that are due and starts each in a process of its own. Ends on SIGINT."""
    from prefect import serve

    bury_zombies()
    serve(*deployments(load_settings()), pause_on_shutdown=False, limit=3, print_starting_message=False)  # type: ignore[arg-type]


def bury_zombies() -> None:
    """Runs that were at work when everything was killed stay 'Running' for ever; nobody works on them any more."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    left = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=left))):
            client.set_flow_run_state(run.id, Crashed(message="Cuttings was stopped while it ran."), force=True)


def main(settings: Settings) -> int:
    """Bring everything up and stay until told to stop. Returns the exit code."""
    auth = prefect_home.auth_string()
    os.environ.update(prefect_home.environment(settings))
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = os.environ["PREFECT_API_AUTH_STRING"] = auth
    own_server = "PREFECT_API_URL" not in os.environ
    url = os.environ.setdefault("PREFECT_API_URL", prefect_home.api_url(settings))
    if own_server and prefect_home.answers(url, auth):
        raise CannotServe(
            f"A Cuttings server answers at {url} already. Stop it first, or set another port:\n"
            "[server]\nport = 4201\nin config/local/council.toml."
        )

    stop = _StopRequested()
    server = _start_server(settings, url, auth, stop) if own_server else None
    worker = None
    try:
        if stop.asked:
            return 0
        # A process group of its own, so that Ctrl-C reaches it once and in order: runner first, server last.
        worker = subprocess.Popen(
            [sys.executable, "-m", "flows.serve"], start_new_session=True, preexec_fn=_end_with_parent
        )
        print(f"Cuttings is running. The UI: {settings.server.ui_url or url.removesuffix('/api')}", flush=True)
        print(f"Log in with the words in {prefect_home.auth_file()}. Stop with Ctrl-C.", flush=True)
        while not stop.asked:
            for name, child in (("server", server), ("runner", worker)):
                if child is not None and child.poll() is not None:
                    print(f"cuttings: the {name} ended (exit code {child.returncode}); stopping.", file=sys.stderr)
                    return 1
            stop.wait(1.0)
        return 0
    finally:
        _end(worker, signal.SIGINT)
        _end(server, signal.SIGTERM)


class _StopRequested:
    """SIGTERM and SIGINT as a question: has anybody asked us to stop?"""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        # sigtimedwait would be exact, but a handler runs between these short naps just as well.
        deadline = time.monotonic() + seconds
        while not self.asked and time.monotonic() < deadline:
            time.sleep(0.1)


def _start_server(settings: Settings, url: str, auth: str, stop: _StopRequested) -> subprocess.Popen[bytes]:
    home = prefect_home.folder(settings)
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    where = ("--host", settings.server.host, "--port", str(settings.server.port))
    with log.open("ab") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", *where],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    deadline = time.monotonic() + START_SECONDS
    while not stop.asked and not prefect_home.answers(url, auth):
        if server.poll() is not None:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise CannotServe(
                f"Prefect's server did not start. Is port {settings.server.port} taken? The end of {log}:\n{last}"
            )
        if time.monotonic() > deadline:
            _end(server, signal.SIGTERM)
            raise CannotServe(f"Prefect's server did not answer within {START_SECONDS:.0f} seconds. See {log}.")
        stop.wait(0.3)
    return server


def _end_with_parent() -> None:
    """Runs in the child: have Linux send it SIGTERM when this process dies, by kill -9 too.

    Without it a killed `serve` would leave a server behind that holds the port against the next one.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if child is None or child.poll() is not None:
        return
    child.send_signal(how)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    run_worker()
