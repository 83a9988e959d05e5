"""An empty store for a test, without the second that its migrations take: made once a process, then copied."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cuttings.edges.store import Store, open_store


@cache
def migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(path).close()
        return path.read_bytes()


def fresh(path: Path, hash_key: bytes | None = None) -> Store:
    path.write_bytes(migrated())
    return open_store(path, hash_key=hash_key)
