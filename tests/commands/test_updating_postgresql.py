"""`./run update` with a store in PostgreSQL: what a new version did to it is taken back by its own backup."""

import uuid

import pytest

from cuttings.edges.store import connect, open_store, recipients, stats
from tests.commands import making
from tests.commands.making import KEY, NOW, command
from tests.edges_store.conftest import missing, postgresql
from tests.postgresql import databases

assert postgresql  # a fixture


@pytest.fixture
def environ(tmp_path, request):
    if why := missing():
        pytest.skip(why)
    with databases(request.getfixturevalue("postgresql")) as server:
        address = server.make(f"update-{uuid.uuid4().hex[:8]}")
        made = making.environment(tmp_path) | {"CUTTINGS_DATABASE": address}
        store = open_store(address, hash_key=KEY)
        making.furnish(store)
        with store.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE theirs (words text)")
            connection.exec_driver_sql("INSERT INTO theirs VALUES ('kept')")
        store.close()
        yield made


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "way back").mkdir()
    return tmp_path / "way back"


def counted(environ):
    store = open_store(environ["CUTTINGS_DATABASE"], hash_key=KEY)
    try:
        return {table: n for table, n in stats.rows(store).items() if table != "marks"}
    finally:
        store.close()


def tables(environ):
    store = connect.store_at(environ["CUTTINGS_DATABASE"])
    try:
        with store.reading() as connection:
            ask = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            return set(connection.exec_driver_sql(ask).scalars())
    finally:
        store.close()


def as_a_new_version_leaves_it(environ):
    """A migration went through: another schema, a table and a column that this version does not know, and a row."""
    store = open_store(environ["CUTTINGS_DATABASE"], hash_key=KEY)
    recipients.add(store, "managers", "new@fellshire.example", now=NOW)
    with store.writing() as connection:
        for step in (
            "CREATE TABLE later (id bigint PRIMARY KEY)",
            "ALTER TABLE recipients ADD COLUMN later bigint REFERENCES later",
            "ALTER TABLE outbox DROP COLUMN resent",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            connection.exec_driver_sql(step)
    store.close()


def test_what_a_version_did_to_the_server_is_taken_back(environ, folder):
    before, known = counted(environ), tables(environ)
    done = command(environ, "updating", "begin", folder)
    assert done.returncode == 0, done.stderr
    file = (folder / "backup").read_text().strip()
    as_a_new_version_leaves_it(environ)
    failed = command(environ, "updating", "check", folder)
    assert (failed.returncode, "newer version" in failed.stderr) == (1, True)
    back = command(environ, "restore", file, "--replace")
    assert back.returncode == 0, back.stderr
    assert counted(environ) == before
    assert tables(environ) == known
    store = connect.store_at(environ["CUTTINGS_DATABASE"])
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT words FROM theirs").scalars().all() == ["kept"]
    assert connect.schema(store.engine) == connect.HEAD
    store.close()


def test_a_backup_of_every_day_takes_away_nothing_that_it_does_not_know(environ, tmp_path):
    before = counted(environ)
    assert command(environ, "backup", tmp_path / "a.tar").returncode == 0
    as_a_new_version_leaves_it(environ)
    back = command(environ, "restore", tmp_path / "a.tar", "--replace")
    assert back.returncode == 0, back.stderr
    assert counted(environ) == before
    assert {"theirs", "later"} <= tables(environ)


def test_a_version_that_works_stays(environ, folder):
    assert command(environ, "updating", "begin", folder).returncode == 0
    done = command(environ, "updating", "check", folder)
    assert done.returncode == 0, done.stderr


def test_where_somebody_is_at_work_on_the_server_nothing_is_taken_back(environ, folder):
    assert command(environ, "updating", "begin", folder).returncode == 0
    as_a_new_version_leaves_it(environ)
    other = connect.store_at(environ["CUTTINGS_DATABASE"])
    with other.reading():
        back = command(environ, "restore", (folder / "backup").read_text().strip(), "--replace")
    other.close()
    assert (back.returncode, "at work in the store" in back.stderr) == (1, True)
    assert "later" in tables(environ)
