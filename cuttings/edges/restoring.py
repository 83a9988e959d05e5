"""A backup brought back: made ready and checked beside what is there, and then one step decides.

With SQLite that step is a rename, with a server one transaction: killed before it, the old store stands; after it, the
new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, delete, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from cuttings.edges import sent_since
from cuttings.edges.archive import Archive, write_whole
from cuttings.edges.backup import (
    STORE,
    BackupError,
    Manifest,
    copy_rows,
    fingerprint_of,
    read_manifest,
    schema_of,
    sums,
    unpack,
    verified,
    without_journal,
)
from cuttings.edges.sent_since import Seen, brought_up
from cuttings.edges.store import carried, erased, runs
from cuttings.edges.store.carried import Doubt
from cuttings.edges.store.connect import HEAD, NAME, Store, StoreError, open_store, schema, store_at
from cuttings.edges.store.tables import marks, metadata
from cuttings.edges.store.troubles import trouble

STRANGERS = "tables of others"  # the mark in the backup that `./run update` makes of a store on a server
AT_WORK = "Somebody is at work in the store. Stop `./run serve` and every run, then restore again."
SENT_MEANWHILE = "Something was sent or decided while the backup was made ready. The old store stands: restore again."
NOT_OURS = (
    "Another program keeps its tables in this database, under the same 'alembic_version' as ours would be. Give"
    " Cuttings a database of its own. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    pages: int  # raw pages that were not here
    files: int  # of issues
    kept: tuple[str, ...]  # configuration that differs here and was left as it is
    forgotten: int  # comments and articles that lost their words again
    doubt: Doubt | None  # None: what was sent since is known, or nothing was


@dataclass(frozen=True, slots=True)
class _Ready:
    """An unpacked store that may take the old one's place, as long as that one still gives the answer it gave."""

    forgotten: int
    not_ours: Sequence[str] | None  # tables of others that the backup names
    doubt: Doubt | None
    seen: Seen | None  # of the old store; None: nothing was taken over from it

    def check(self, connection: Any) -> None:
        if self.seen is not None and carried.moment(connection) != self.seen:
            raise BackupError(SENT_MEANWHILE)


def restore(
    file: Path,
    address: str | Path,
    archive: Archive,
    issues: Path,
    config: Path,
    *,
    hash_key: bytes | None,
    prepare: Callable[[Store], int],
    now: datetime,
    replace: bool = False,
    nothing_sent: bool = False,
    answer_days: Mapping[str, float] | None = None,
) -> Restored:
    """Put a backup in the place of what is here, or leave all as it is.

    `prepare` brings the unpacked store under the list of the forgotten before anybody can read it; it returns how
    much that reached. What the store that is here has sent since is carried over; where that can't be known, nothing
    that may have left leaves by itself. `nothing_sent`: somebody knows that nothing was. `answer_days`: how many an
    edition's editor has for an answer, where a proof is sent anew. Raises BackupError where there is a store and
    `replace` was not said, where the backup is not sound, or somebody is at work in the store.
    """
    manifest = read_manifest(file)
    _allowed(address, manifest, hash_key, replace)

    made = datetime.fromisoformat(manifest.made)

    def since(store: Store) -> tuple[Doubt | None, Seen | None]:
        return brought_up(store, address, made, now, nothing_sent, answer_days)

    def made_ready(path: Path) -> _Ready:
        return _made_ready(path, hash_key, prepare, since)

    try:
        with _scratch(archive.folder.parent) as scratch:
            return _restored(file, scratch, address, archive.folder, issues, config, made_ready)
    except (OSError, sqlite3.OperationalError) as error:  # SQLite says of its own that a disk is full
        why = getattr(error, "strerror", None) or error
        raise BackupError(
            f"The backup could not be brought back: {why}. Nothing was lost: what was here is here."
        ) from error


@contextmanager
def _scratch(base: Path) -> Iterator[Path]:
    base.mkdir(parents=True, exist_ok=True)
    for left in base.glob(".restore-*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(dir=base, prefix=".restore-"))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _restored(
    file: Path,
    scratch: Path,
    address: str | Path,
    archive: Path,
    issues: Path,
    config: Path,
    made_ready: Callable[[Path], _Ready],
) -> Restored:
    manifest = unpack(file, scratch)
    ready = made_ready(scratch / STORE)
    # Files named by their contents, and issues as they were: before the switch they are in nobody's way.
    pages = _bring(scratch / "pages", archive)
    printed = _bring(scratch / "issues", issues)
    kept = _configuration(scratch / "config", config)
    if "://" not in str(address):
        _switch(scratch / STORE, Path(address), ready)
    else:
        _load(scratch / STORE, str(address), ready)
    return Restored(manifest, pages, printed, kept, ready.forgotten, ready.doubt)


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
        if "://" in str(address) and not sent_since.ours(address):
            return False
        store = open_store(address)
        try:
            with store.reading() as connection:
                tables = [t for t in metadata.sorted_tables if t.name not in ("marks", "runs")]
                return any(connection.execute(select(func.count()).select_from(t)).scalar() for t in tables)
        finally:
            store.close()
    except StoreError:  # damaged, or of a newer version: somebody's all the same
        return True


def _made_ready(
    path: Path,
    hash_key: bytes | None,
    prepare: Callable[[Store], int],
    since: Callable[[Store], tuple[Doubt | None, Seen | None]],
) -> _Ready:
    """Brought to this version's schema, told what was sent since, and brought under the list of the forgotten; no
    journal is left beside it.

    The list of others' tables is true of this backup alone and is not brought back: every later backup would carry it.
    """
    store = open_store(path, hash_key=hash_key)
    try:
        doubt, seen = since(store)
        reached = prepare(store)
        not_ours = runs.marked(store, STRANGERS)
        with store.writing() as writer:
            writer.execute(delete(marks).where(marks.c.name == STRANGERS))
    finally:
        store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("VACUUM")
    finally:
        connection.close()
    without_journal(path)
    verified(path)
    if schema_of(path) != HEAD:
        raise BackupError(f"{path.name}: could not be brought to schema {HEAD}.")
    return _Ready(reached, not_ours, doubt, seen)


def _bring(scratch: Path, folder: Path) -> int:
    brought = 0
    for path in sorted(scratch.rglob("*")) if scratch.is_dir() else ():
        target = folder / path.relative_to(scratch)
        if path.is_file() and not target.exists():
            write_whole(target, path.read_bytes())
            brought += 1
    return brought


def _switch(new: Path, database: Path, ready: _Ready) -> None:
    """One rename. The old file's journal is folded in first: left behind, it would be read into the new file."""
    database.parent.mkdir(parents=True, exist_ok=True)
    # Beside the old one first: the output folder may be another disk than the store's, and there may be no room on it.
    beside = database.with_name(f".{database.name}.part")
    try:
        shutil.copyfile(new, beside)
        beside.chmod(0o600)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        if database.exists():
            _close_journal(database)
            _unchanged(database, ready)
        os.replace(beside, database)  # noqa: PTH105 - one call, so that the tests can kill us right at it
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    handle = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unchanged(database: Path, ready: _Ready) -> None:
    if ready.seen is not None:
        engine = create_engine(f"sqlite:///{database}")  # not by the store's own way: it would begin a journal anew
        try:
            with engine.connect() as connection:
                ready.check(connection)
        finally:
            engine.dispose()


def _close_journal(database: Path) -> None:
    try:
        connection = sqlite3.connect(database, timeout=5)
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        found = trouble(error)
        if found in ("full", "read-only", "not there", "disk"):
            raise  # the journal holds what was written last, and stays
        if found != "busy":
            # It is damaged, which may be why a backup is wanted; its journal goes with it.
            for ending in ("-wal", "-shm", "-journal"):
                Path(f"{database}{ending}").unlink(missing_ok=True)
            return
        mode = "wal"
    if mode != "delete":
        raise BackupError(AT_WORK)


def _load(new: Path, address: str, ready: _Ready) -> None:
    """Into a server: every row in one transaction, so that others see the old store or the new one."""
    source, target = open_store(new), store_at(address)
    try:
        with source.reading() as rows, target.writing() as connection:
            if _others(connection):
                raise BackupError(AT_WORK)
            if schema(target.engine) != HEAD:
                _build_anew(connection, ready.not_ours)
            else:
                ready.check(connection)
            if copy_rows(rows, connection) != sums(connection):
                raise BackupError("What the server holds is not what the backup held. The old store stands.")
        erased.scrub(target)  # its old rows lie in free space, with the words of who was forgotten since
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        raise BackupError(f"The server did not take the backup ({why}). The old store stands.") from error
    finally:
        source.close()
        target.close()


def strangers(connection: Any) -> list[str]:
    """Tables beside ours in the same database: somebody else's."""
    return sorted({*inspect(connection).get_table_names()} - {*metadata.tables, "alembic_version"})


def _build_anew(connection: Any, not_ours: Sequence[str] | None) -> None:
    """This version's schema, empty, in the place of another version's; killed before the end, that one stands.

    A newer version has tables that this one has never heard of. They go where `not_ours` tells them from those that
    were there before; else they stay. Where no version of ours was, all that is there is somebody else's, also a
    table 'comments' without our 'alembic_version': nothing goes, and the server says which is in our way.
    """
    from cuttings.edges.migrations import migrate  # Alembic takes half a second to import

    there = {*inspect(connection).get_table_names()}
    if "alembic_version" in there:
        ours = {*metadata.tables} & there
        if not {"marks", "runs"} <= ours:  # which every version of ours has
            raise BackupError(NOT_OURS)
        if not_ours is not None and not _known(connection):
            ours |= {*strangers(connection)} - {*not_ours}
        _drop(connection, sorted({*ours, "alembic_version"}))
    migrate(connection)


def _drop(connection: Any, names: Sequence[str]) -> None:
    """All in one statement, so that they may name each other, and nothing else goes with them."""
    quoted = connection.dialect.identifier_preparer.quote
    try:
        connection.execute(text(f"DROP TABLE {', '.join(map(quoted, names))} RESTRICT"))
    except SQLAlchemyError as error:
        which = getattr(getattr(getattr(error, "orig", None), "diag", None), "message_detail", None)
        if not which:
            raise
        raise BackupError(
            "Something of others in this database looks at our tables, and would go with them:"
            f" {'; '.join(which.splitlines())}. Take it away first, and make it anew afterwards. Nothing was changed."
        ) from error


def _known(connection: Any) -> bool:
    """Is the schema there one of this version's, or of one before it?"""
    from alembic.script import ScriptDirectory

    from cuttings.edges.migrations import configuration

    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision in {step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()}


def _others(connection: Any) -> int:
    """Processes of ours that have this server's store open: what they know of it would no longer be true."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = :name AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 2.0
    while True:
        others = int(connection.execute(query, {"name": NAME}).scalar_one())
        # One that has just hung up is listed for some milliseconds more.
        if not others or time.monotonic() > deadline:
            return others
        time.sleep(0.05)
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))


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
