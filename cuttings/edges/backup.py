"""Backups: one tar with the store, the raw pages, the issues and the configuration, and a checksum of each.

    manifest.json           what is in it, with SHA-256 of every member; the last member, so a cut-off file has none
    store.db                a consistent copy, as SQLite whatever the store itself is
    pages/ab/abcd….gz       raw pages
    issues/…                issues as they were printed
    config/…                the deployer's configuration, without secrets

How one comes back: restoring.py.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import delete, func, insert, select, text

from cuttings.edges.archive import Archive
from cuttings.edges.store import runs
from cuttings.edges.store.connect import Store, open_store
from cuttings.edges.store.tables import metadata

FORMAT = 1
MANIFEST = "manifest.json"
STORE = "store.db"
HASH_KEY = "hash-key"
SECRETS = (HASH_KEY, "prefect-auth")
# Never in a backup: it is what a backup is brought under when it comes back.
NEVER = ("forgotten",)


class BackupError(Exception):
    """A backup can't be made or restored: what is wrong, and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: SHA-256 by member; `key`: fingerprint of the hash key that the names in the store were hashed with."""

    made: str  # ISO 8601
    schema: str
    key: str | None
    counts: Mapping[str, int]
    secrets: bool
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


def fingerprint_of(key: bytes | None) -> str | None:
    """Tells whether two keys are the same, and nothing of either."""
    return hashlib.sha256(b"cuttings hash key:" + key).hexdigest()[:16] if key else None


# ---------------------------------------------------------------- making one


def make(
    store: Store,
    archive: Archive,
    issues: Path,
    config: Path,
    target: Path,
    *,
    now: datetime,
    secrets: bool = False,
    noted: Mapping[str, Any] | None = None,
) -> Manifest:
    """Write a backup while everything runs; `target` appears whole or not at all, with mode 600.

    The store is copied first: pages that arrive afterwards are too many, never too few. `noted`: marks for the copy
    alone; the store itself never has them, not even when we are killed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".backup-"))
    try:
        snapshot = scratch / STORE
        copy_store(store, snapshot)
        if noted:
            _note(snapshot, noted, now)
        counts = verified(snapshot)
        files: dict[str, str] = {}
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            for member, path in _members(snapshot, archive, issues, config, secrets):
                with suppress(FileNotFoundError):  # a page that retention ended meanwhile
                    files[member] = _add(tar, member, path.read_bytes())
            manifest = Manifest(
                now.isoformat(), schema_of(snapshot), fingerprint_of(store.hash_key), counts, secrets, files
            )
            _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)  # noqa: PTH105 - the name is mkstemp's string
    except (OSError, sqlite3.OperationalError) as error:  # SQLite says of its own that a disk is full
        why = getattr(error, "strerror", None) or error
        raise BackupError(f"{target}: can't be written: {why}.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
    return manifest


def _members(snapshot: Path, archive: Archive, issues: Path, config: Path, secrets: bool) -> Iterator[tuple[str, Path]]:
    yield STORE, snapshot
    for sha256 in archive.digests():
        yield f"pages/{sha256[:2]}/{sha256}.gz", archive.folder / sha256[:2] / f"{sha256}.gz"
    for path in sorted(issues.rglob("*")) if issues.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield f"issues/{path.relative_to(issues).as_posix()}", path
    for path in sorted(config.glob("*")) if config.is_dir() else ():
        wanted = path.is_file() and path.name not in NEVER and not path.name.startswith(".")
        if wanted and (secrets or path.suffix == ".toml"):
            yield f"config/{path.name}", path


def _add(tar: tarfile.TarFile, member: str, data: bytes) -> str:
    entry = tarfile.TarInfo(member)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest()


def copy_store(store: Store, target: Path) -> None:
    """A consistent copy as an SQLite file without a journal, while others read and write."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection, sqlite3.connect(target) as copy:
            source: Any = connection.connection.driver_connection
            source.backup(copy, pages=-1)  # one piece: small pieces begin anew whenever somebody writes
        copy.close()
        without_journal(target)
        return
    blank = open_store(target)
    try:
        with store.reading() as source_connection, blank.writing() as connection:
            if copy_rows(source_connection, connection) != sums(connection):
                raise BackupError("The copy of the store is not what was read. Nothing was written; try again.")
    finally:
        blank.close()
    without_journal(target)


def copy_rows(source: Any, target: Any) -> dict[str, tuple[int, int]]:
    """Every row of every table, in an order that foreign keys allow; the target's own rows go first.

    Table -> (rows, checksum) of what went in; `sums` of the target must say the same afterwards.
    """
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    copied = {}
    for table in metadata.sorted_tables:
        found = source.execution_options(stream_results=True).execute(select(table))
        rows, total = 0, 0
        for part in found.partitions(500):
            target.execute(insert(table), [dict(row._mapping) for row in part])
            rows, total = rows + len(part), (total + sum(map(_sum, part))) % _MOST
        copied[table.name] = (rows, total)
        if target.dialect.name == "postgresql" and "id" in table.c:
            _restart_numbers(target, table)
    return copied


_MOST = 1 << 64


def _sum(row: Any) -> int:
    return int.from_bytes(hashlib.blake2b(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest_size=8).digest())


def sums(connection: Any) -> dict[str, tuple[int, int]]:
    """Table -> (rows, a checksum of them that does not depend on their order: databases sort text differently)."""
    said = {}
    for table in metadata.sorted_tables:
        rows, total = 0, 0
        for part in connection.execution_options(stream_results=True).execute(select(table)).partitions(500):
            rows, total = rows + len(part), (total + sum(map(_sum, part))) % _MOST
        said[table.name] = (rows, total)
    return said


def _restart_numbers(target: Any, table: Any) -> None:
    sequence = target.execute(text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table.name}).scalar()
    if sequence:
        most = target.execute(select(func.max(table.c.id))).scalar()
        target.execute(text("SELECT setval(:s, :n, :used)"), {"s": sequence, "n": most or 1, "used": most is not None})


def _note(snapshot: Path, noted: Mapping[str, Any], now: datetime) -> None:
    copy = open_store(snapshot)
    try:
        for name, value in noted.items():
            runs.mark(copy, name, value, now=now)
    finally:
        copy.close()
    without_journal(snapshot)


def without_journal(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    path.chmod(0o600)


def schema_of(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


def verified(path: Path) -> dict[str, int]:
    """Rows by table. Raises BackupError where the file is not sound."""
    connection = sqlite3.connect(path)
    try:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        strays = connection.execute("PRAGMA foreign_key_check").fetchone()
        if said != "ok" or strays is not None:
            raise BackupError(f"{path.name}: the database is damaged ({said}). Use an older backup.")
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {t: connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in sorted(tables)}
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path.name}: is no database, or a damaged one ({error}). Use another backup.") from error
    finally:
        connection.close()


# ---------------------------------------------------------------- looking into one


def read_manifest(file: Path) -> Manifest:
    """What is in a backup, without unpacking it. Raises BackupError."""
    with _opened(file) as tar:
        return _manifest(tar, file)


def key_in(file: Path) -> bytes | None:
    """The hash key that a backup made with its secrets holds, None where it holds none. Raises BackupError."""
    name = f"config/{HASH_KEY}"
    with _opened(file) as tar:
        manifest = _manifest(tar, file)
        if name not in manifest.files:
            return None
        data = _member(tar, name, file)
    if hashlib.sha256(data).hexdigest() != manifest.files[name] or fingerprint_of(data.strip()) != manifest.key:
        raise BackupError(f"{file}: {name} is damaged. Use another backup; nothing was changed here.")
    return data.strip()


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    if file.exists() and not file.is_file():  # a pipe that nobody writes to would never end
        raise BackupError(f"{file} is no plain file.")
    try:
        opened = tarfile.open(file, "r:")  # noqa: SIM115 - what is done with it has errors of its own
    except FileNotFoundError as error:
        raise BackupError(f"{file} is not there.") from error
    except OSError as error:
        raise BackupError(f"{file} can't be read: {error.strerror or error}.") from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{file}: is no backup of Cuttings, or was cut off ({error}). Use another one.") from error
    try:
        with opened as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{file}: is no backup of Cuttings, or was cut off ({error}). Use another one.") from error


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    try:
        found = tar.extractfile(MANIFEST)
    except KeyError:
        found = None
    if found is None:
        raise BackupError(f"{file}: has no list of its contents: it was cut off, or is no backup of Cuttings.")
    try:
        manifest = Manifest(**json.loads(found.read()))
    except (ValueError, TypeError) as error:
        raise BackupError(f"{file}: its list of contents can't be read. Use another backup.") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{file}: was made by another version of Cuttings (format {manifest.format}). Update first.")
    return manifest


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder and check every byte of it. Raises BackupError."""
    with _opened(file) as tar:
        manifest = _manifest(tar, file)
        for name, wanted in manifest.files.items():
            # A name comes out of a file that may have been made by anybody.
            parts = PurePosixPath(name).parts
            if not parts or name.startswith("/") or ".." in parts or "\\" in name:
                raise BackupError(f"{file}: holds a file with the name {name!r}, which is none of ours.")
            data = _member(tar, name, file)
            if hashlib.sha256(data).hexdigest() != wanted:
                raise BackupError(f"{file}: {name} is damaged. Use another backup; nothing was changed here.")
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(data)
            path.chmod(0o600)
    if STORE not in manifest.files:
        raise BackupError(f"{file}: holds no store.")
    counts = verified(folder / STORE)
    if counts != dict(manifest.counts):
        raise BackupError(f"{file}: its store has other rows than it was made with. Use another backup.")
    return manifest


def _member(tar: tarfile.TarFile, name: str, file: Path) -> bytes:
    try:
        found: IO[bytes] | None = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise BackupError(f"{file}: {name} is missing. Use another backup; nothing was changed here.")
    return found.read()
