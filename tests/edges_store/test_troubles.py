"""What is wrong with a database is told by its driver's codes, not by its words."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError

from cuttings.edges.store import StoreError, connect, erased, stats
from cuttings.edges.store.troubles import trouble
from tests.edges_store.conftest import missing
from tests.edges_store.made import article, save


def failing(path, prepare, then):
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        prepare(connection)
        with pytest.raises(sqlite3.Error) as raised:
            connection.execute(then).fetchall()
    finally:
        connection.close()
    return raised.value


def busy(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        return failing(path, lambda _: None, "BEGIN IMMEDIATE")
    finally:
        other.close()


def full(path):
    big = "INSERT INTO t VALUES (zeroblob(1000000))"
    return failing(path, lambda c: (c.execute("CREATE TABLE t (x)"), c.execute("PRAGMA max_page_count = 3")), big)


def read_only(path):
    return failing(path, lambda c: c.execute("PRAGMA query_only = ON"), "CREATE TABLE t (x)")


def no_database(path):
    path.write_bytes(b"%PDF-1.7 " * 200)
    return failing(path, lambda _: None, "SELECT * FROM sqlite_master")


def not_there(path):
    return failing(path, lambda _: None, f"ATTACH '{path.parent / 'no' / 'folder'}' AS other")


def our_own(path):
    return failing(path, lambda _: None, "SELECT * FROM nowhere")


@pytest.mark.parametrize(
    ("makes", "kind"),
    [(busy, "busy"), (full, "full"), (read_only, "read-only"), (no_database, "no database"), (not_there, "not there"),
     (our_own, None)],
)  # fmt: skip
def test_sqlites_codes(tmp_path, makes, kind):
    assert trouble(makes(tmp_path / "a.db")) == kind


class Raised(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [("53100", "full"), ("53300", "resources"), ("40P01", "busy"), ("57P01", "unreachable"), ("57014", "busy"),
     ("25006", "read-only"), ("28P01", "refused"), ("3D000", "not there"), ("42P01", None), ("42501", "refused")],
)  # fmt: skip
def test_postgresqls_states(sqlstate, kind):
    assert trouble(Raised(sqlstate)) == kind


def test_words_alone_are_no_trouble():
    assert trouble(ValueError("database or disk is full, and locked")) is None


def test_a_store_somebody_writes_in_is_not_written_anew_and_the_wait_of_others_stays(lite, tmp_path):
    save(lite, article())
    assert erased.scrub(lite)
    other = sqlite3.connect(tmp_path / "lite.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with lite.engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    try:
        assert not erased.scrub(lite)
    finally:
        other.close()
    with lite.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == before > 5000


ON_A_SERVER = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@ON_A_SERVER
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_transaction_that_may_only_read(store):
    with pytest.raises(StoreError, match="can't be written to"):
        on_server(store, "SET TRANSACTION READ ONLY", "DELETE FROM marks")


@ON_A_SERVER
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_server_that_goes_in_the_middle(store):
    with pytest.raises(StoreError, match="can't be reached"):
        on_server(store, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert stats.rows(store)


def on_server(store, *statements):
    with store.reading() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@ON_A_SERVER
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_no_writer_waits_for_ever_and_none_keeps_its_turn_for_ever(store):
    with store.writing() as connection:
        asked = ("lock_timeout", "idle_in_transaction_session_timeout")
        assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in asked] == ["1min", "10min"]
        take = f"SET LOCAL lock_timeout = '10ms'; SELECT pg_advisory_xact_lock({connect._LOCK})"
        with store.engine.connect() as other, pytest.raises(DBAPIError) as raised:
            other.exec_driver_sql(take)
    assert trouble(raised.value) == "busy"
    with store.reading() as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "0", "of that transaction alone"
