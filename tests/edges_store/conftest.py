"""A store for each test: SQLite always, PostgreSQL where its server and driver are installed."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import text

from cuttings.edges.store import open_store
from cuttings.edges.store.tables import metadata
from tests.postgresql import missing, running

__all__ = ["missing"]

KEY = b"a key made for the tests"


@pytest.fixture(scope="session")
def postgresql():
    with running() as address:
        yield address


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
