"""`./run update` with a store in PostgreSQL: what a new version did to it is taken back by its own backup."""

import sqlite3
import tarfile
import uuid

import pytest
from sqlalchemy.exc import ProgrammingError

from cuttings.edges import restoring
from cuttings.edges.store import connect, open_store, recipients, runs, stats
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


def marks_in(file, folder):
    with tarfile.open(file) as tar:
        tar.extract("store.db", folder, filter="data")
    with sqlite3.connect(folder / "store.db") as store:
        found = {name for (name,) in store.execute("SELECT name FROM marks")}
    store.close()
    return found


def marked(environ):
    store = open_store(environ["CUTTINGS_DATABASE"], hash_key=KEY)
    try:
        return runs.marked(store, restoring.STRANGERS)
    finally:
        store.close()


def test_the_list_of_what_is_not_ours_is_in_the_backup_of_the_update_alone(environ, folder, tmp_path):
    assert command(environ, "updating", "begin", folder).returncode == 0
    file = (folder / "backup").read_text().strip()
    assert restoring.STRANGERS in marks_in(file, tmp_path)
    assert marked(environ) is None
    as_a_new_version_leaves_it(environ)
    assert command(environ, "restore", file, "--replace").returncode == 0
    assert marked(environ) is None
    assert command(environ, "backup", tmp_path / "later.tar").returncode == 0
    assert restoring.STRANGERS not in marks_in(tmp_path / "later.tar", tmp_path)


@pytest.fixture
def with_an_old_list(environ, tmp_path):
    """A backup that says that nothing of anybody else's is there, as one of before somebody else came does."""
    store = open_store(environ["CUTTINGS_DATABASE"], hash_key=KEY)
    runs.mark(store, restoring.STRANGERS, [], now=NOW)
    store.close()
    assert command(environ, "backup", tmp_path / "old.tar").returncode == 0
    return tmp_path / "old.tar"


def elsewhere(environ, request, *steps):
    """Another database on the server, where another program has been at work."""
    with databases(request.getfixturevalue("postgresql")) as server:
        address = server.make(f"moved-{uuid.uuid4().hex[:8]}")
    store = connect.store_at(address)
    with store.writing() as connection:
        for step in steps:
            connection.exec_driver_sql(step)
    store.close()
    return environ | {"CUTTINGS_DATABASE": address}


THEIRS = ("CREATE TABLE theirs (words text)", "INSERT INTO theirs VALUES ('kept')")


@pytest.mark.parametrize("words", [("--replace",), ()])
def test_moved_to_a_database_of_somebody_else_a_backup_takes_nothing_away(environ, with_an_old_list, request, words):
    before, moved = counted(environ), elsewhere(environ, request, *THEIRS)
    back = command(moved, "restore", with_an_old_list, *words)
    assert back.returncode == 0, back.stderr
    assert counted(moved) == before
    assert "theirs" in tables(moved)
    assert marked(moved) is None


@pytest.mark.parametrize(("version", "stays"), [("0001", True), ("9999", False)])
def test_only_where_a_newer_version_of_ours_was_the_list_counts(environ, version, stays):
    # Not by the command: that brings an older schema to ours before it puts anything in its place.
    store = connect.store_at(environ["CUTTINGS_DATABASE"])
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        restoring._build_anew(connection, [])
    assert connect.schema(store.engine) == connect.HEAD
    store.close()
    assert ("theirs" in tables(environ)) is stays


def test_where_nothing_of_ours_was_all_of_it_stays(environ, request):
    moved = elsewhere(environ, request, *THEIRS)
    store = connect.store_at(moved["CUTTINGS_DATABASE"])
    with store.writing() as connection:
        restoring._build_anew(connection, [])
    store.close()
    assert {"theirs", "alembic_version", "outbox"} <= tables(moved)


def test_another_programs_version_is_not_taken_for_a_newer_one_of_ours(environ, with_an_old_list, request):
    version = ("CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('4be2')")
    moved = elsewhere(environ, request, *THEIRS, *version, "CREATE TABLE runs (words text)")
    there = tables(moved)
    back = command(moved, "restore", with_an_old_list, "--replace")
    assert (back.returncode, "Another program" in back.stderr) == (1, True), back.stderr
    assert tables(moved) == there


def test_a_view_of_somebody_else_on_our_tables_is_named_and_stays(environ, folder):
    assert command(environ, "updating", "begin", folder).returncode == 0
    as_a_new_version_leaves_it(environ)
    store = connect.store_at(environ["CUTTINGS_DATABASE"])
    with store.writing() as connection:
        connection.exec_driver_sql("CREATE VIEW their_view AS SELECT key FROM articles")
    store.close()
    back = command(environ, "restore", (folder / "backup").read_text().strip(), "--replace")
    assert (back.returncode, "view their_view" in back.stderr) == (1, True), back.stderr
    assert "later" in tables(environ)
    with store.writing() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM their_view").scalar() == 2
        connection.exec_driver_sql("DROP VIEW their_view")
    store.close()
    assert command(environ, "restore", (folder / "backup").read_text().strip(), "--replace").returncode == 0


@pytest.mark.parametrize("words", [("--replace",), ()])
def test_a_table_of_somebody_else_with_a_name_of_ours_is_told_in_a_sentence(environ, with_an_old_list, request, words):
    moved = elsewhere(environ, request, *THEIRS, "CREATE TABLE comments (words text)")
    back = command(moved, "restore", with_an_old_list, *words)
    assert (back.returncode, "did not take the backup" in back.stderr) == (1, True), back.stderr
    assert '"comments"' in back.stderr
    assert "Traceback" not in back.stderr
    assert tables(moved) == {"theirs", "comments"}


def test_where_somebody_else_has_a_table_with_a_name_of_ours_it_stays(environ, request):
    moved = elsewhere(environ, request, *THEIRS, "CREATE TABLE comments (words text)")
    store = connect.store_at(moved["CUTTINGS_DATABASE"])
    with pytest.raises(ProgrammingError, match="already exists"), store.writing() as connection:
        restoring._build_anew(connection, [])
    store.close()
    assert tables(moved) == {"theirs", "comments"}
