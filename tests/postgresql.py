"""A PostgreSQL server of one's own for tests and benchmarks: in a folder that goes with it, on a free port."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def missing() -> str | None:
    if importlib.util.find_spec("psycopg") is None:
        return "PostgreSQL's driver is not installed: pip install 'psycopg[binary]'"
    if shutil.which("initdb") is None and not _debian():
        return "PostgreSQL's server is not installed: apt-get install postgresql"
    return None


def _debian() -> Path | None:
    """Debian keeps initdb out of the PATH, one folder a version."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def running() -> Iterator[str]:
    """The address of its database 'postgres'. Nothing in it outlives a power cut: it is not asked to."""
    programs = _debian() or Path(shutil.which("initdb") or "").resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="cuttings-postgresql-"))
    # initdb refuses to run as root, and its folder must then be somebody else's, way up to the root of the tests.
    as_nobody = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if as_nobody:
        folder.chmod(0o755)
        shutil.chown(folder, "nobody")

    def call(*command: str | Path) -> None:
        subprocess.run([*as_nobody, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    data = folder / "data"
    try:
        # In the order of a language, as a council's server has it: with C alone what relies on bytes would pass.
        language = ("--locale-provider=icu", "--icu-locale=en-GB") if _version(programs) >= 15 else ()
        call(programs / "initdb", "-D", data, "-U", "cuttings", "--auth=trust", "-N", "--encoding=UTF8", *language)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = (programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
        call(*control, "-o", options, "start")
        try:
            yield f"postgresql://cuttings@127.0.0.1:{port}/postgres"
        finally:
            call(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(programs: Path) -> int:
    """The first number of "initdb (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"."""
    told = subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True, text=True).stdout
    return int(told.split()[2].split(".")[0])


@contextmanager
def databases(address: str) -> Iterator[Databases]:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        yield Databases(address, connection)


class Databases:
    """Databases beside the first one of a server."""

    def __init__(self, address: str, connection: object) -> None:
        self._address, self._connection = address, connection

    def backend(self) -> int:
        """The number of the process that answers us: a child of the server's."""
        (number,) = self._connection.execute("SELECT pg_backend_pid()").fetchone()  # type: ignore[attr-defined]
        return int(number)

    def make(self, name: str, *, like: str | None = None) -> str:
        """A new database's address; `like`: with all that is in that one, which nobody may use meanwhile."""
        template = f' TEMPLATE "{like}"' if like else ""
        self._connection.execute(f'CREATE DATABASE "{name}"{template}')  # type: ignore[attr-defined]
        return f"{self._address.rpartition('/')[0]}/{name}"
