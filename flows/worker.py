"""`cuttings worker`: one more machine that takes runs from the work pool of the machine that serves."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from cuttings.settings import Settings
from flows import children, prefect_home, sharing
from flows.house import open_house
from flows.logs import Journal
from flows.place import output_folder
from flows.place import settings as load_settings

NAME, LIMIT = "CUTTINGS_WORKER", "CUTTINGS_WORKER_LIMIT"


class CannotWork(Exception):
    """No worker can be started here; the message says what to do."""


def main(settings: Settings, *, server: str | None, name: str | None, limit: int) -> int:
    """Take runs until told to stop. Returns the exit code."""
    if settings.schedule.work_pool is None:
        raise CannotWork(
            'No work pool is configured. On every machine, in config/local/council.toml:\n[schedule]\nwork_pool = "…"'
        )
    auth = os.environ.get("PREFECT_API_AUTH_STRING") or _words_of_the_server()
    os.environ.update(prefect_home.environment(settings))
    given = server and f"{server.rstrip('/').removesuffix('/api')}/api"
    url = given or os.environ.get("PREFECT_API_URL") or prefect_home.api_url(settings)
    if not prefect_home.answers(url, auth):
        raise CannotWork(
            f"No Cuttings server answers at {url} with the words of {prefect_home.auth_file()}. Is  ./run serve  up "
            "there, can this machine reach it, and is that file a copy of the one there? Another address:  --server URL"
        )
    with open_house() as house:
        sharing.check(house)
    os.environ.update({"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": auth, LIMIT: str(limit)})
    os.environ.update({NAME: name} if name else {})
    return _watch(output_folder(settings) / "logs", name)


def _words_of_the_server() -> str:
    """As the first machine made them: ones made here would open nothing."""
    path = prefect_home.auth_file()
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _watch(logs: Path, name: str | None) -> int:
    import platform

    # A file of its own: two machines can't take turns in turning one over.
    journal = Journal(logs, f"worker-{(name or platform.node()).replace('/', '-')}.log")
    stop = children.StopRequested()
    worker, said = children.start("worker", ("flows.worker",), journal)
    try:
        print(f"This machine takes runs. Stop with Ctrl-C. What it says is in {journal.path}.", flush=True)
        while not stop.asked:
            if worker.poll() is not None:
                said.finish()
                print(f"cuttings: the worker ended (exit code {worker.returncode}); stopping.", file=sys.stderr)
                print("\n".join(said.last), file=sys.stderr)
                return 1
            stop.wait(1.0)
        return 0
    finally:
        children.end(worker, signal.SIGINT)
        journal.close()


def run() -> None:
    """The worker itself: first what it left behind when it was killed, then what is due. Ends on SIGINT."""
    from flows import catching_up, pool

    wanted = load_settings().schedule.work_pool
    assert wanted is not None
    name = os.environ.get(NAME) or pool.here()
    catching_up.bury_zombies(lambda tags: pool.on(name) in tags)
    pool.work(wanted, name, int(os.environ[LIMIT]))


if __name__ == "__main__":
    run()
