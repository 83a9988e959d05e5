"""Opening, migrating, and what happens to those who get in the way."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, text

from cuttings.edges import migrations
from cuttings.edges.store import StoreError, connect, open_store, stats
from cuttings.edges.store.tables import metadata
from tests.edges_store.conftest import missing
from tests.edges_store.made import FORK, NOW, article, comment, save
from tests.postgresql import databases


def test_the_migrations_build_what_the_tables_say(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        difference = compare_metadata(context, metadata)
    assert not difference, "cuttings/edges/store/tables.py has changed: write a migration (README, 'the store')"


def test_all_of_this_runs_on_postgresql_too():
    if reason := missing():
        pytest.skip(reason)


def test_the_head_that_every_start_compares_with_is_the_newest_migration():
    assert migrations.head() == connect.HEAD


def test_opening_twice_finds_everything_there(tmp_path):
    first = open_store(tmp_path / "a.db")
    save(first, article())
    first.close()
    assert stats.stats(open_store(tmp_path / "a.db")).articles == 1


def test_a_start_that_finds_nothing_to_do_does_not_import_alembic(tmp_path):
    open_store(tmp_path / "a.db").close()
    code = f"import sys; from cuttings.edges.store import open_store; open_store({str(tmp_path / 'a.db')!r}); "
    code += "print(*[m for m in ('alembic', 'prefect', 'sklearn', 'weasyprint') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_new_file_is_its_owners_alone(tmp_path):
    open_store(tmp_path / "deep" / "down" / "a.db").close()
    assert stat.S_IMODE((tmp_path / "deep" / "down" / "a.db").stat().st_mode) == 0o600


def test_sqlite_is_set_up_for_many_readers_and_lasting_commits(lite):
    with lite.reading() as connection:
        settings = {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "foreign_keys")}
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    assert settings == {"journal_mode": "wal", "foreign_keys": 1}
    assert synchronous == 2


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    store = open_store(tmp_path / "a.db")
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        open_store(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b"%PDF-1.7 " * 200), "not a Cuttings database"),
        (lambda path: path.mkdir(), "can't be opened"),
    ],
)
def test_what_is_no_database_is_said_to_be_none(tmp_path, make, says):
    make(tmp_path / "a.db")
    with pytest.raises(StoreError, match=says):
        open_store(tmp_path / "a.db")


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't be made"):
        open_store(tmp_path / "file" / "a.db")


@pytest.mark.parametrize("address", ["mysql://u@h/x", "nonsense://"])
def test_an_address_of_another_kind_of_database(address):
    with pytest.raises(StoreError, match="no database"):
        open_store(address)


def test_a_server_that_is_not_there():
    pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed: pip install 'psycopg[binary]'")
    with pytest.raises(StoreError, match="can't be reached") as raised:
        open_store("postgresql://somebody:secret@127.0.0.1:1/none")
    assert "secret" not in str(raised.value)


def test_a_read_only_store_can_be_read_and_says_why_it_can_not_be_written(tmp_path):
    store = open_store(tmp_path / "a.db")
    save(store, article())
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.rollback()
    assert stats.stats(store).articles == 1
    with pytest.raises(StoreError, match="can't be written to"):
        save(store, article("other"))


def test_a_full_disk_keeps_what_was_there(tmp_path):
    store = open_store(tmp_path / "a.db")
    save(store, article())

    def full(connection, _record):
        connection.execute("PRAGMA max_page_count = 1")  # no page more than there are

    store.close()
    event.listen(store.engine, "connect", full)
    big = article("big", paragraphs=(" ".join(map(str, range(200_000))),))
    with pytest.raises(StoreError, match="disk is full"):
        save(store, big)
    assert stats.stats(store).articles == 1


def migrate_until_killed(path, last):
    engine = connect._engine(path)
    statements = itertools.count(1)

    def count(*_):
        if next(statements) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    migrations.upgrade(engine)


@pytest.mark.parametrize("statement", [3, 40, 75])
def test_killed_in_the_middle_of_a_migration_the_old_schema_stands(tmp_path, statement):
    path = tmp_path / "a.db"
    process = FORK.Process(target=migrate_until_killed, args=(path, statement))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    save(open_store(path), article())


STEPS = sorted(path.name[1:5] for path in (migrations.Path(migrations.__file__).parent / "versions").glob("v0*.py"))


def released(path, step="0001"):
    """A store as the version with this schema left it, with a row in it."""
    engine = connect._engine(path)
    migrations.upgrade(engine, step)
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        connection.execute(text("INSERT INTO stories (key, first_seen) VALUES ('a', '2026-04-06T07:00:00.000000Z')"))
    engine.dispose()


@pytest.fixture(params=["sqlite"] if missing() else ["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a store may be made: there is nothing there yet."""
    if request.param == "sqlite":
        yield tmp_path / "a.db"
        return
    with databases(request.getfixturevalue("postgresql")) as server:
        yield server.make(f"forward-{uuid.uuid4().hex[:8]}")


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_store_of_every_earlier_schema_comes_forward_with_its_rows(place, step):
    released(place, step)
    engine = connect._engine(place)
    assert connect.schema(engine) == step
    engine.dispose()
    store = open_store(place)
    assert connect.schema(store.engine) == connect.HEAD == STEPS[-1]
    with store.reading() as connection:
        assert connection.execute(text("SELECT key FROM stories")).scalars().all() == ["a"]
    store.close()


def count_statements(path):
    engine, seen = connect._engine(path), itertools.count()
    event.listen(engine, "before_cursor_execute", lambda *_: next(seen))
    migrations.upgrade(engine)
    engine.dispose()
    return next(seen)


@pytest.mark.parametrize(("step", "kills"), [("0001", 8), ("0004", 4), ("0006", 3)])
def test_killed_in_the_middle_of_a_step_the_store_is_old_or_new_and_keeps_its_rows(tmp_path, step, kills):
    released(tmp_path / "trial.db", step)
    statements = count_statements(tmp_path / "trial.db")
    for last in range(1, statements + 1, max(1, statements // kills)):
        path = tmp_path / f"{last}.db"
        released(path, step)
        process = FORK.Process(target=migrate_until_killed, args=(path, last))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        engine = connect._engine(path)
        assert connect.schema(engine) in (step, connect.HEAD)
        engine.dispose()
        store = open_store(path)
        with store.reading() as connection:
            assert connection.execute(text("SELECT key FROM stories")).scalars().all() == ["a"]
        store.close()


def at_once(n, target, *given):
    """Run a function in n processes that start at the same moment; their exit codes."""
    barrier = FORK.Barrier(n)

    def begin():
        barrier.wait(60)
        target(*given)

    running = [FORK.Process(target=begin) for _ in range(n)]
    for process in running:
        process.start()
    for process in running:
        process.join(120)
    return [process.exitcode for process in running]


def test_those_that_start_at_once_migrate_once(tmp_path):
    assert at_once(4, open_store, tmp_path / "a.db") == [0] * 4
    assert len(inspect(open_store(tmp_path / "a.db").engine).get_table_names()) == len(metadata.tables) + 1


def save_thirty(path):
    store = open_store(path)
    for n in range(30):
        a = article(f"piece-{n}")
        save(store, a, [comment(a, 1, f"Voice {n}"), comment(a, 2, f"Another {n}")], now=NOW + timedelta(seconds=n))


def test_two_processes_that_save_the_same_keep_it_once(tmp_path, empty):
    path = shutil.copy(empty, tmp_path / "a.db")
    assert at_once(2, save_thirty, path) == [0, 0]
    rows = stats.rows(open_store(path))
    assert (rows["articles"], rows["comments"], rows["article_versions"], rows["memberships"]) == (30, 60, 30, 30)
    assert rows["pages"] == 60
