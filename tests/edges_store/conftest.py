"""A store for each test: SQLite always, PostgreSQL where its server and driver are installed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from cuttings.edges.store import open_store
from cuttings.edges.store.tables import metadata

KEY = b"a key made for the tests"


def missing() -> str | None:
    if importlib.util.find_spec("psycopg") is None:
        return "PostgreSQL's driver is not installed: pip install 'psycopg[binary]'"
    if shutil.which("initdb") is None and not _debian():
        return "PostgreSQL's server is not installed: apt-get install postgresql"
    return None


def _debian() -> Path | None:
    """Debian keeps initdb out of the PATH, one folder a version."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    found = shutil.which("initdb")
    programs = _debian() or Path(found).resolve().parent
    folder = tmp_path_factory.mktemp("postgresql")
    # initdb refuses to run as root, and its folder must then be somebody else's, way up to the root of the tests.
    as_nobody = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if as_nobody:
        folder = Path(tempfile.mkdtemp(prefix="cuttings-postgresql-"))
        folder.chmod(0o755)
        shutil.chown(folder, "nobody")
    data = folder / "data"
    run = {"check": True, "cwd": "/", "stdout": subprocess.DEVNULL}
    try:
        subprocess.run([*as_nobody, programs / "initdb", "-D", data, "-U", "cuttings", "--auth=trust", "-N"], **run)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = [*as_nobody, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", options, "start"], **run)
        try:
            yield f"postgresql://cuttings@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# One line about what is missing, instead of one for every test: see test_schema.py.
@pytest.fixture(params=["sqlite"] if missing() else ["sqlite", "postgresql"])
def store(request):
    if request.param == "sqlite":
        yield request.getfixturevalue("lite")
        return
    opened = open_store(request.getfixturevalue("postgresql"), hash_key=KEY)
    yield opened
    with opened.writing() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    opened.close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A migrated store without a row in it: copied, it saves every test its own migration."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    open_store(path).close()
    return path


@pytest.fixture
def lite(tmp_path, empty):
    """SQLite alone, for what is only its own."""
    shutil.copy(empty, tmp_path / "lite.db")
    opened = open_store(tmp_path / "lite.db", hash_key=KEY)
    yield opened
    opened.close()
