"""Opening the store: one address, one engine, one writer at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from cuttings.edges.store.troubles import Trouble, trouble

HEAD = "0009"  # the newest schema; a test holds it to the migrations
BUSY_SECONDS = 60.0  # how long a writer waits for another one
NAME = "cuttings"  # what a server's list of connections calls ours

T = TypeVar("T")


class StoreError(Exception):
    """The store can't be used: which one, and what to do, in a sentence for people."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database and the key that names are hashed with (None: names are kept without a hash).

    The questions are functions of the modules beside this one and take it as their first argument:
    `addresses.due(store, now)`, `outbox.claim(store, …)`.
    """

    engine: Engine
    hash_key: bytes | None = field(default=None, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store; nothing may be written in it."""
        with _explained(self), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Waits its turn for up to BUSY_SECONDS."""
        writer = self.engine.connect().execution_options(cuttings_writes=True)
        with _explained(self), writer as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        url = self.engine.url
        return url.database or ":memory:" if url.drivername.startswith("sqlite") else url.render_as_string()


def open_store(address: str | Path, *, hash_key: bytes | None = None) -> Store:
    """The store at a path, or at an SQLAlchemy address ("postgresql://…"), brought to the newest schema.

    Raises StoreError where it can't be opened, or was written by a newer version of the program.
    """
    store = store_at(address, hash_key=hash_key)
    try:
        if schema(store.engine) != HEAD:
            # Alembic takes half a second to import, and almost every start finds nothing to do.
            from cuttings.edges.migrations import upgrade

            with _explained(store):
                upgrade(store.engine)
    except BaseException:
        store.close()  # an open connection would keep `restore` from putting a backup in this store's place
        raise
    return store


def store_at(address: str | Path, *, hash_key: bytes | None = None) -> Store:
    """The store as it is there, of whatever version."""
    return Store(_engine(address), hash_key)


def schema(engine: Engine) -> str | None:
    """The schema's revision, None where there is none yet."""
    with _explained(Store(engine)), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _engine(address: str | Path) -> Engine:
    try:
        url = make_url(address if isinstance(address, str) and "://" in address else f"sqlite:///{address}")
    except ArgumentError as error:
        raise StoreError(f"{address!r} is no database address. Give a file, or postgresql://user@host/name.") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return _postgresql(url)
    if not url.drivername.startswith("sqlite"):
        raise StoreError(f"{url.drivername!r} is no database we know. Give a file, or postgresql://user@host/name.")
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{Path(url.database).parent}: can't be made: {error.strerror}.") from error
        _private(Path(url.database))
    # What a statement was given is readers' words and names: no error may carry it into a log or a digest.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _private(path: Path) -> None:
    """A new file is its owner's alone: it will hold readers' names. SQLite gives its journal the same mode."""
    with suppress(OSError):  # what is wrong with the place is told better when it is opened
        if not path.exists():
            path.touch(mode=0o600)


def _postgresql(url: Any) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"application_name": NAME})
    except ImportError as error:  # psycopg is installed with us; its C library may have been taken away since
        raise StoreError(f"PostgreSQL's driver can't be loaded ({error}). Run ./run again: it mends that.") from error
    event.listen(engine, "connect", _set_up_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin late and end at DDL; ours begin where _begin_sqlite says.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    # FULL, not NORMAL: a claim in the outbox must outlive a power cut, or its message goes out twice.
    # secure_delete: what is deleted is overwritten with zeros; each connection must ask for it, and only some builds of
    # SQLite (Debian's) do so by themselves.
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "cache_size = -32000", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """SQLite waits its turn for everything but this switch: where four processes open a new file at once, three are
    told 'locked' straight away. So we wait ourselves."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            found = trouble(error)
            # A read-only file, or a folder that can't hold the journal, can still be read.
            if found in ("read-only", "not there"):
                return
            if found != "busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("cuttings_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# Any number that nobody else locks by: one writer at a time, as SQLite has it.
_LOCK = 0x43757474696E6773


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    """A machine that was switched off says no goodbye: the server would keep what it held for two hours."""
    with connection.cursor() as cursor:
        cursor.execute("SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 15; SET tcp_keepalives_count = 4")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("cuttings_writes"):
        # Said to be busy after a while, as with SQLite; and who stops in the middle loses its turn.
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{BUSY_SECONDS:.0f}s'; SET LOCAL idle_in_transaction_session_timeout = '10min'; "
            f"SELECT pg_advisory_xact_lock({_LOCK})"
        )
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


_ADVICE: Mapping[Trouble, str] = {
    "full": "the disk is full. Make room and run again: nothing of this step was kept.",
    "read-only": "it can't be written to. Check who owns the file and its folder.",
    "not there": "it can't be opened. Check that it is there, and that its folder may be written to.",
    "no database": "this file is not a Cuttings database. Move it away, or restore a backup.",
    "damaged": "the file is damaged. Restore a backup.",
    "busy": f"another process has been writing for over {BUSY_SECONDS:.0f} seconds. Try again later.",
    "disk": "the disk reports an error, or is full. Check it before you go on.",
    "unreachable": "the server can't be reached. Check that it runs, and address, user and password.",
    "refused": "the server does not let us in, or not do this. Check user, password and rights.",
    "resources": "the server has no room for us: too many connections, or too little memory. Try again later.",
}


@contextmanager
def _explained(store: Store) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if (found := trouble(error)) is None:
            raise
        said = (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
        raise StoreError(f"The store {store.place}: {_ADVICE[found]} ({said})") from error
    except UnicodeDecodeError as error:
        raise StoreError(f"The store {store.place}: holds text that is not UTF-8. Restore a backup.") from error


# ---------------------------------------------------------------- helpers of the modules beside


def begins_with(connection: Connection, column: Any, start: str) -> Any:
    """Whether a column begins so. As a range of its index alone it would be wrong on PostgreSQL, where the order of
    letters is a language's: in English "item:managers" comes after "item;". And SQLite uses no index without it."""
    here = column.startswith(start, autoescape=True)
    if connection.dialect.name == "sqlite":
        here &= (column >= start) & (column < start[:-1] + chr(ord(start[-1]) + 1))
    return here


def chunks(items: Iterable[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Distinct items in pieces that fit into one statement's list of parameters."""
    distinct = list(dict.fromkeys(items))
    for start in range(0, len(distinct), size):
        yield distinct[start : start + size]


def add_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique rule; how many went in. What is there stays as it is."""
    if not rows:
        return 0
    # One statement executed many times: a single one with all the rows in it is compiled anew each time, for longer
    # than the database needs to run it.
    statement = _insert(connection, table).on_conflict_do_nothing()
    return connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def add_pairs(connection: Connection, table: Table, pairs: Sequence[tuple[Any, Any]]) -> None:
    """Insert rows of a table of two columns; those there already stay. For the bands, forty to a comment."""
    if pairs:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        names = ", ".join(column.name for column in table.columns)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING"
        connection.exec_driver_sql(statement, list(pairs))


def add(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    """Insert one row of a numbered table; its number."""
    return int(connection.execute(table.insert().returning(table.c.id), row).scalar_one())


def put(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert the row, or bring the one with its primary key up to it."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _insert(connection: Connection, table: Table) -> Any:
    # Either dialect takes a tenth of a second to import, and hardly anybody has both.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)
