"""A store for each test: SQLite always, PostgreSQL where its server and driver are installed."""

from __future__ import annotations

import shutil

import pytest

from cuttings.edges.store import open_store
from tests.postgresql import missing, running
from tests.stores import KINDS, emptied

__all__ = ["missing"]

KEY = b"a key made for the tests"


@pytest.fixture(scope="session")
def postgresql():
    with running() as address:
        yield address


@pytest.fixture(params=KINDS)
def store(request):
    if request.param == "sqlite":
        yield request.getfixturevalue("lite")
        return
    with emptied(request.getfixturevalue("postgresql"), KEY) as opened:
        yield opened


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
