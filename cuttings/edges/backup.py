"""Backups: one tar with the store, the raw pages, the issues and the configuration, and a checksum of each.

    manifest.json           what is in it, with SHA-256 of every member; the last member, so a cut-off file has none
    store.db                a consistent copy, as SQLite whatever the store itself is
    pages/ab/abcd….gz       raw pages
    issues/…                issues as they were printed
    config/…                the deployer's configuration, without secrets

A restore makes everything ready beside what is there, checks it, and lets one rename decide: killed before it, the old
store stands; after it, the new one.
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import delete, func, insert, inspect, select, text

from cuttings.edges.archive import Archive, write_whole
from cuttings.edges.store.connect import HEAD, Store, StoreError, open_store
from cuttings.edges.store.tables import metadata

FORMAT = 1
MANIFEST = "manifest.json"
STORE = "store.db"
SECRETS = ("hash-key", "prefect-auth")
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
    store: Store, archive: Archive, issues: Path, config: Path, target: Path, *, now: datetime, secrets: bool = False
) -> Manifest:
    """Write a backup while everything runs; `target` appears whole or not at all, with mode 600.

    The store is copied first: pages that arrive afterwards are too many, never too few.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".backup-"))
    try:
        snapshot = scratch / STORE
        copy_store(store, snapshot)
        counts = _verified(snapshot)
        files: dict[str, str] = {}
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            for member, path in _members(snapshot, archive, issues, config, secrets):
                with suppress(FileNotFoundError):  # a page that retention ended meanwhile
                    files[member] = _add(tar, member, path.read_bytes())
            manifest = Manifest(
                now.isoformat(), _schema(snapshot), fingerprint_of(store.hash_key), counts, secrets, files
            )
            _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)  # noqa: PTH105 - the name is mkstemp's string
    except OSError as error:
        raise BackupError(f"{target}: can't be written: {error.strerror or error}.") from error
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
        _without_journal(target)
        return
    blank = open_store(target)
    try:
        with store.reading() as source_connection, blank.writing() as connection:
            copy_rows(source_connection, connection)
    finally:
        blank.close()
    _without_journal(target)


def copy_rows(source: Any, target: Any) -> None:
    """Every row of every table, in an order that foreign keys allow; the target's own rows go first."""
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    for table in metadata.sorted_tables:
        found = source.execution_options(stream_results=True).execute(select(table))
        for part in found.partitions(500):
            target.execute(insert(table), [dict(row._mapping) for row in part])
        if target.dialect.name == "postgresql" and "id" in table.c and inspect(target).get_pk_constraint(table.name):
            _restart_numbers(target, table)


def _restart_numbers(target: Any, table: Any) -> None:
    sequence = target.execute(text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table.name}).scalar()
    if sequence:
        most = target.execute(select(func.max(table.c.id))).scalar()
        target.execute(text("SELECT setval(:s, :n, :used)"), {"s": sequence, "n": most or 1, "used": most is not None})


def _without_journal(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    path.chmod(0o600)


def _schema(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


def _verified(path: Path) -> dict[str, int]:
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


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except FileNotFoundError as error:
        raise BackupError(f"{file} is not there.") from error
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
    counts = _verified(folder / STORE)
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


# ---------------------------------------------------------------- bringing one back


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    pages: int  # raw pages that were not here
    files: int  # of issues
    kept: tuple[str, ...]  # configuration that differs here and was left as it is
    forgotten: int  # comments and articles that lost their words again


def restore(
    file: Path,
    address: str | Path,
    archive: Archive,
    issues: Path,
    config: Path,
    *,
    hash_key: bytes | None,
    prepare: Callable[[Store], int],
    replace: bool = False,
) -> Restored:
    """Put a backup in the place of what is here, or leave all as it is.

    `prepare` brings the unpacked store under the list of the forgotten before anybody can read it; it returns how
    much that reached. Raises BackupError where there is a store and `replace` was not said, where the backup is not
    sound, or somebody is at work in the store.
    """
    manifest = read_manifest(file)
    _allowed(address, manifest, hash_key, replace)
    base = archive.folder.parent
    base.mkdir(parents=True, exist_ok=True)
    for left in base.glob(".restore-*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(dir=base, prefix=".restore-"))
    try:
        manifest = unpack(file, scratch)
        forgotten = _made_ready(scratch / STORE, hash_key, prepare)
        # Files named by their contents, and issues as they were: before the switch they are in nobody's way.
        pages = _bring(scratch / "pages", archive.folder)
        printed = _bring(scratch / "issues", issues)
        kept = _configuration(scratch / "config", config)
        if "://" not in str(address):
            _switch(scratch / STORE, Path(address))
        else:
            _load(scratch / STORE, str(address))
    except OSError as error:
        raise BackupError(
            f"The backup could not be brought back: {error.strerror or error}. Nothing was lost."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Restored(manifest, pages, printed, kept, forgotten)


def _allowed(address: str | Path, manifest: Manifest, hash_key: bytes | None, replace: bool) -> None:
    if not replace and _has_rows(address):
        raise BackupError(
            "There is a store here already. To put the backup in its place, say --replace; make a backup of it first."
        )
    if manifest.key is not None and manifest.key != fingerprint_of(hash_key):
        raise BackupError(
            "The backup's names were hashed with another key than the one in config/local/hash-key. Put the key of "
            "that time back first: with another one, nobody who was forgotten would be recognised."
        )


def _has_rows(address: str | Path) -> bool:
    """Is there anything that would be lost? A store that some command has just made is empty."""
    if "://" not in str(address) and not Path(address).exists():
        return False
    try:
        store = open_store(address)
        try:
            with store.reading() as connection:
                tables = [t for t in metadata.sorted_tables if t.name not in ("marks", "runs")]
                return any(connection.execute(select(func.count()).select_from(t)).scalar() for t in tables)
        finally:
            store.close()
    except StoreError:  # damaged, or of a newer version: somebody's all the same
        return True


def _made_ready(path: Path, hash_key: bytes | None, prepare: Callable[[Store], int]) -> int:
    """Brought to this version's schema and under the list of the forgotten; no journal is left beside it."""
    store = open_store(path, hash_key=hash_key)
    try:
        reached = prepare(store)
    finally:
        store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("VACUUM")
    finally:
        connection.close()
    _without_journal(path)
    _verified(path)
    if _schema(path) != HEAD:
        raise BackupError(f"{path.name}: could not be brought to schema {HEAD}.")
    return reached


def _bring(scratch: Path, folder: Path) -> int:
    brought = 0
    for path in sorted(scratch.rglob("*")) if scratch.is_dir() else ():
        target = folder / path.relative_to(scratch)
        if path.is_file() and not target.exists():
            write_whole(target, path.read_bytes())
            brought += 1
    return brought


def _switch(new: Path, database: Path) -> None:
    """One rename. The old file's journal is folded in first: left behind, it would be read into the new file."""
    database.parent.mkdir(parents=True, exist_ok=True)
    if database.exists():
        _close_journal(database)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(new, database)  # noqa: PTH105 - one call, so that the tests can kill us right at it
    handle = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _close_journal(database: Path) -> None:
    try:
        connection = sqlite3.connect(database, timeout=5)
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            # It is damaged, which may be why a backup is wanted; its journal goes with it.
            for ending in ("-wal", "-shm", "-journal"):
                Path(f"{database}{ending}").unlink(missing_ok=True)
            return
        mode = "wal"
    if mode != "delete":
        raise BackupError("Somebody is at work in the store. Stop `./run serve` and every run, then restore again.")


def _load(new: Path, address: str) -> None:
    """Into a server: every row in one transaction, so that others see the old store or the new one."""
    source, target = open_store(new), open_store(address)
    try:
        with source.reading() as rows, target.writing() as connection:
            copy_rows(rows, connection)
    finally:
        source.close()
        target.close()


def _configuration(scratch: Path, config: Path) -> tuple[str, ...]:
    """What is missing is put back; what is there stays, and what differs is named."""
    kept = []
    for path in _files(scratch):
        target = config / path.name
        if not target.exists():
            write_whole(target, path.read_bytes())
        elif target.read_bytes() != path.read_bytes():
            kept.append(path.name)
    return tuple(kept)


def _files(folder: Path) -> Iterable[Path]:
    return [p for p in sorted(folder.glob("*")) if p.is_file()] if folder.is_dir() else []
