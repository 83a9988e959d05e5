"""Where this checkout keeps its things, and the settings that hold here.

Only folders and the environment: nothing that needs Prefect, the network or the store, so that every command can
afford it.
"""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cuttings.periods import EARLIEST, LATEST
from cuttings.settings import BadConfiguration, Settings, load
from flows import families

HOME = Path(__file__).resolve().parent.parent
KEY_FILE = "hash-key"


def config_folders(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """config/default and config/local; CUTTINGS_CONFIG names other folders, parted as in PATH."""
    chosen = environ.get("CUTTINGS_CONFIG")
    if chosen:
        folders = tuple(Path(part) for part in chosen.split(os.pathsep) if part)
        if not folders:
            raise BadConfiguration(f"CUTTINGS_CONFIG names no folder: '{chosen}'.")
        return folders
    return HOME / "config" / "default", HOME / "config" / "local"


def local_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder the deployer owns: the last of the configuration folders."""
    return config_folders(environ)[-1]


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    return load(config_folders(environ), families.NAMES)


def output_folder(settings: Settings, environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything produced goes: CUTTINGS_OUTPUT, else as configured, else output/ of the checkout."""
    chosen = environ.get("CUTTINGS_OUTPUT")
    # A path in the configuration counts from the checkout, wherever the command was typed.
    return Path(chosen) if chosen else HOME / (settings.storage.output or "output")


def hash_key(environ: Mapping[str, str] = os.environ) -> bytes:
    """The key that commenters' names are hashed with: kept out of the store, so that a backup alone names nobody."""
    return secret(KEY_FILE, lambda: secrets.token_hex(32), environ).encode()


def secret(name: str, make: Callable[[], str], environ: Mapping[str, str] = os.environ) -> str:
    """The words in a file of the deployer's folder; made the first time, readable by its owner alone."""
    path = local_folder(environ) / name
    try:
        words = _made_once(path, make)
        wide = stat.S_IMODE(path.stat().st_mode) & 0o077
    except OSError as error:
        raise BadConfiguration(f"{path}: can't be read or made: {error.strerror}.") from error
    if wide:
        raise BadConfiguration(f"{path}: others on this machine can read this secret. Run:  chmod 600 {path}")
    if not words:
        raise BadConfiguration(f"{path}: is empty. Put back what stood in it, or delete it to have a new one made.")
    return words


def _made_once(path: Path, make: Callable[[], str]) -> str:
    """There whole or not at all: a run killed, or a disk full, in the middle must not leave an empty secret behind."""
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")  # of mode 600
    aside = Path(name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{make()}\n")
            file.flush()
            os.fsync(file.fileno())
        _first_stays(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path.read_text().strip()


def _first_stays(aside: Path, path: Path) -> None:
    """Of two processes that make the same secret at once, both go on with the one that was first."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return
    except OSError:  # a file system without links, as some shared folders are
        if not path.exists():
            aside.replace(path)


def now(environ: Mapping[str, str] = os.environ) -> datetime:
    """The clock, in UTC. CUTTINGS_AS_AT sets it, for a demonstration or a digest of a time long past."""
    as_at = environ.get("CUTTINGS_AS_AT")
    return as_moment(as_at) if as_at else datetime.now(UTC)


def as_moment(text: str) -> datetime:
    """An ISO date or time as a moment in UTC; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadConfiguration(f"'{text}' is no date and time. Write it as 2026-11-02 or 2026-11-02T07:00.") from error
    if not EARLIEST <= moment.year <= LATEST:
        raise BadConfiguration(f"'{text}' lies outside the years {EARLIEST} to {LATEST}.")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def send_by(settings: Settings, now: datetime) -> datetime:
    """After this a message that could not be sent is given up and reported."""
    return now + timedelta(hours=settings.delivery.deadline_hours)
