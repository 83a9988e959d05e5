"""What Prefect must be told before it is imported. Nothing else here, so that importing this costs nothing.

Prefect's own database lives in output/prefect and is disposable: everything that counts is in our store.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from importlib.metadata import version
from pathlib import Path

from cuttings.settings import Settings
from flows import writable
from flows.place import local_folder, output_folder, secret

AUTH_FILE = "prefect-auth"
ROOM = 20_000_000  # bytes that a new database of Prefect's needs, with its journal
RECORDS = "prefect.db"
MADE_BY = "made-by"  # in it: the version of Prefect that has made its records ready for itself
UPGRADE = (sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes")
_RECORDS = (
    "Prefect keeps its records of runs there, and can't start without. Make room, make it writable for this user, or "
    "name another folder in PREFECT_HOME. It may be deleted: what counts is in Cuttings' own store."
)


def environment(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that a Prefect of ours runs with; what the deployer has set stands."""
    wanted = {
        "PREFECT_HOME": str(output_folder(settings, environ) / "prefect"),
        # A council's server reports to nobody.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # What server and runner say is written to a file, as fields.
        "PREFECT_LOGGING_COLORS": "false",
        # On a busy machine the temporary server of a run by hand takes longer than the default 20 s.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        # And its database more than 10 s (5 s to connect): an answer that comes late is better than a run that is lost.
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
    }
    if settings.server.ui_url:
        # The page in the browser asks this address for its data, not the one that only this machine can reach.
        wanted["PREFECT_UI_API_URL"] = f"{settings.server.ui_url.rstrip('/')}/api"
    # Behind an outgoing proxy Prefect's client would ask the proxy for the server on this very machine.
    here = dict.fromkeys(["127.0.0.1", "localhost", settings.server.host])
    for name in ("NO_PROXY", "no_proxy"):
        given = [part.strip() for part in environ.get(name, "").split(",") if part.strip()]
        wanted[name] = ",".join(dict.fromkeys([*given, *here]))
    return {name: value if name.lower() == "no_proxy" else environ.get(name, value) for name, value in wanted.items()}


def auth_file(environ: Mapping[str, str] = os.environ) -> Path:
    return local_folder(environ) / AUTH_FILE


def auth_string(environ: Mapping[str, str] = os.environ) -> str:
    """ "name:password" of the UI, made at the first serve."""
    given = environ.get("PREFECT_SERVER_API_AUTH_STRING")
    return given or secret(AUTH_FILE, lambda: f"cuttings:{secrets.token_urlsafe(18)}", environ)


def api_url(settings: Settings) -> str:
    return f"http://{settings.server.host}:{settings.server.port}/api"


def answers(url: str, auth: str | None) -> bool:
    """Whether a Prefect server of ours listens there: asked once, answered within two seconds."""
    import requests

    session = requests.Session()
    session.trust_env = False  # a proxy for the outside world must not be asked for this machine
    try:
        login = tuple(auth.split(":", 1)) if auth else None
        return session.get(f"{url}/admin/version", auth=login, timeout=2).status_code == 200  # type: ignore[arg-type]
    except requests.RequestException:
        return False


def prepare(settings: Settings, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set the environment for a run by hand: the running server if there is one, else a temporary one.

    Raises BadConfiguration where a temporary one would have no place for its records.
    """
    environ.update(environment(settings, environ))
    if "PREFECT_API_URL" in environ:
        return
    path = auth_file(environ)
    auth = environ.get("PREFECT_API_AUTH_STRING") or (path.read_text().strip() if path.exists() else None)
    if answers(api_url(settings), auth):
        environ["PREFECT_API_URL"] = api_url(settings)
        if auth:
            environ["PREFECT_API_AUTH_STRING"] = auth
    else:
        check(settings, environ)


def folder(settings: Settings, environ: Mapping[str, str] = os.environ) -> Path:
    return Path(environment(settings, environ)["PREFECT_HOME"])


def check(settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Look at the place of a server of ours before it starts: one that can't write is waited for two minutes, and then
    ends in a traceback. Raises BadConfiguration."""
    writable.check(folder(settings, environ), _RECORDS, ROOM)


def make_records(settings: Settings, environ: Mapping[str, str] = os.environ, upgrade: Sequence[str] = UPGRADE) -> None:
    """Have Prefect's database made, or brought to a new Prefect, by one process; others that come meanwhile wait.

    Every server of Prefect's does so as it starts: of two first runs at once, one ended with "duplicate column name:
    block_type_name", and both after two minutes without a server. What fails here, the server that follows will tell.
    """
    if any(f"PREFECT_{whose}_DATABASE_CONNECTION_URL" in environ for whose in ("SERVER", "API")):
        return
    home = folder(settings, environ)
    if _made(home):
        return
    with (home / f"{MADE_BY}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _made(home):
            return
        failed = _run(upgrade, environ, lock.fileno())
        if failed and not (home / MADE_BY).exists():
            # What a killed first run left half-made stays so: a column is there, and the note that it is there is not.
            for name in (RECORDS, f"{RECORDS}-wal", f"{RECORDS}-shm"):
                (home / name).unlink(missing_ok=True)
            failed = _run(upgrade, environ, lock.fileno())
        if not failed:
            (home / MADE_BY).write_text(version("prefect"))


def _run(command: Sequence[str], environ: Mapping[str, str], lock: int) -> bool:
    """Whether it failed. The lock is the child's as well: it may outlive a run that is killed."""
    given = {**os.environ, **environ}
    return subprocess.run(command, env=given, capture_output=True, check=False, pass_fds=(lock,)).returncode != 0


def _made(home: Path) -> bool:
    """Records that were deleted are made anew."""
    note = home / MADE_BY
    return (home / RECORDS).exists() and note.exists() and note.read_text() == version("prefect")
