"""Something held by one process at a time, on every machine that shares the store; let go when its process dies.

A row would outlive a kill -9 and keep others waiting; a lock of the operating system, or of a session with PostgreSQL,
does not.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from cuttings.edges.store.connect import Store, StoreError


@contextmanager
def held(store: Store, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold `name` for as long as the block lasts: True; False where somebody else does. `wait`: until they let go.

    Raises StoreError where the place for the lock can't be written to.
    """
    if store.engine.dialect.name == "postgresql":
        with _in_postgresql(store, name, wait) as ours:
            yield ours
    elif store.engine.url.database in (None, "", ":memory:"):
        yield True  # nobody else can open it
    else:
        with _beside_the_file(Path(store.place), name, wait) as ours:
            yield ours


@contextmanager
def _in_postgresql(store: Store, name: str, wait: bool) -> Iterator[bool]:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    take = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    # A connection of its own, outside of any transaction: the lock belongs to the session.
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ours = connection.execute(text(f"SELECT {take}(:n)"), {"n": number}).scalar() is not False
        try:
            yield ours
        finally:
            if ours:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})


@contextmanager
def _beside_the_file(database: Path, name: str, wait: bool) -> Iterator[bool]:
    folder = database.with_name(f"{database.name}-locks")
    path = folder / hashlib.sha256(name.encode()).hexdigest()[:16]
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = path.open("a")
    except OSError as error:
        raise StoreError(f"{path}: can't be made: {error.strerror}. Check who owns the folder.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
