"""An empty store for a test, without the second that its migrations take: made once a process, then copied.

PostgreSQL where its server and driver are installed: a store of its own is migrated once, and emptied after each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from cuttings.edges.store import Store, open_store
from cuttings.edges.store.tables import metadata
from tests.postgresql import missing

# One line about what is missing, instead of one for every test: see tests/edges_store/test_schema.py.
KINDS = ("sqlite",) if missing() else ("sqlite", "postgresql")


@cache
def migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(path).close()
        return path.read_bytes()


def fresh(path: Path, hash_key: bytes | None = None) -> Store:
    path.write_bytes(migrated())
    return open_store(path, hash_key=hash_key)


@contextmanager
def emptied(address: str, hash_key: bytes | None = None) -> Iterator[Store]:
    """The store at a server's address, without a row in it again afterwards."""
    store = open_store(address, hash_key=hash_key)
    try:
        yield store
    finally:
        with store.engine.begin() as connection:  # not by the store's own way: a test may have broken that
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        store.close()
