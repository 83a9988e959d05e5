"""This machine: clock, disk, folders, secret files, backups, and whether the store can be opened."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cuttings.settings import BadConfiguration, Settings
from flows import place
from flows.doctor.finding import Finding, count, fault, look, ok

if TYPE_CHECKING:
    from cuttings.edges.store import Store

# Bytes. A week of fifteen sources is some 20 MB; an update of the libraries wants a gigabyte beside the old ones.
LITTLE, NEARLY_FULL = 2_000_000_000, 300_000_000
SURELY_PAST = datetime(2026, 1, 1, tzinfo=UTC)  # this program is younger than that


def findings(settings: Settings, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    yield from _clock(settings, now, environ)
    yield from _disk(place.output_folder(settings, environ))
    yield from _secrets(environ)


def _clock(settings: Settings, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    from zoneinfo import ZoneInfo

    zone = settings.council.timezone
    if "CUTTINGS_AS_AT" in environ:
        yield look("clock", f"CUTTINGS_AS_AT sets the time to {now:%Y-%m-%d %H:%M} UTC.", "Unset it for daily work.")
    if datetime.now(UTC) < SURELY_PAST:
        yield fault(
            "clock", f"The machine's clock says {datetime.now(UTC):%Y-%m-%d}.", "Set it: timedatectl set-ntp true"
        )
    yield ok("clock", f"{now.astimezone(ZoneInfo(zone)):%A %-d %B %Y, %H:%M} in {zone}")


def _disk(output: Path) -> Iterator[Finding]:
    from flows import writable

    there = next(folder for folder in (output, *output.parents) if folder.exists())
    try:
        if there == output:
            writable.check(output)
        elif not os.access(there, os.W_OK):
            raise BadConfiguration(f"{there}: nothing can be written there.")
        free = shutil.disk_usage(there).free
    except (BadConfiguration, OSError) as error:
        yield fault(
            "disk", str(error).partition(". ")[0] + ".", "Make it writable, or name another folder in CUTTINGS_OUTPUT."
        )
        return
    said = f"{free / 1e9:.1f} GB free for {output}"
    if free < NEARLY_FULL:
        yield fault("disk", said, "Make room: the next run may end in the middle.")
    elif free < LITTLE:
        yield look("disk", said, "Make room, or shorten [retention] page_days in council.toml.")
    else:
        yield ok("disk", said)


def _secrets(environ: Mapping[str, str]) -> Iterator[Finding]:
    from flows.passwords import open_to_others

    wide = open_to_others(environ)
    for path in wide:
        yield fault("secrets", f"Others on this machine can read {path.name}.", f"chmod 600 {path}")
    key = place.local_folder(environ) / place.KEY_FILE
    if not key.exists():
        yield look(
            "secrets",
            "There is no hash key yet.",
            "./run init  # makes one. Was there one before? Then put that one back first.",
        )
    elif not wide:
        yield ok("secrets", "The key and passwords are their owner's alone.")


def opened(settings: Settings, environ: Mapping[str, str]) -> tuple[Store | None, Sequence[Finding]]:
    """The store, where it is there and of this version: looking must not bring it up to date, nor make one."""
    from cuttings.edges.store import StoreError, open_store
    from cuttings.edges.store.connect import HEAD
    from cuttings.edges.store.stats import schema_at
    from flows.house import database

    try:
        address = database(settings, environ)
        known = schema_at(address)
        if known is None:
            return None, [look("store", "There is no store yet.", "./run collect  # makes it and reads every source.")]
        if known < HEAD:
            todo = "./run backup  # brings it up to date and keeps a copy. ./run update does both."
            return None, [look("store", f"It is of schema {known}; this version wants {HEAD}.", todo)]
        if known > HEAD:
            todo = "Go back to the version that wrote it, or restore a backup."
            return None, [fault("store", f"It was written by a newer version (schema {known}).", todo)]
        key = place.local_folder(environ) / place.KEY_FILE
        words = key.read_text().strip().encode() if key.exists() else b""
        store = open_store(address, hash_key=words or None)
        return store, [ok("store", f"{store.place}, schema {known}")]
    except (StoreError, OSError) as error:
        return None, [fault("store", str(error), _way_out(error))]


def _way_out(error: Exception) -> str:
    """A backup is for what is broken: brought onto a full disk, or over a store somebody writes in, it harms."""
    from cuttings.edges.store.troubles import trouble

    kind = trouble(error.__cause__) if error.__cause__ else None
    if kind in ("damaged", "no database"):
        return "./run restore FILE --replace  # brings a backup back."
    return "./run doctor  # again, once that is put right."


def keys(store: Store) -> Iterator[Finding]:
    """The hash key and the list of the forgotten; the modes of their files are said with the other secrets."""
    from flows import keys as house_keys

    if store.hash_key is None:
        return
    found = [sentence for sentence in house_keys.faults(store) if "chmod" not in sentence]
    for sentence in found:
        says, _, todo = sentence.rpartition(". ")
        yield fault("hash key", says or sentence, todo)
    if not found:
        yield ok("hash key", "It is the one that this store's names were hashed with.")


def backups(store: Store, output: Path, now: datetime) -> Iterator[Finding]:
    """When the last backup was made, wherever it went."""
    from cuttings.edges.store import runs

    said = runs.marked(store, "backup")
    times = [datetime.fromisoformat(said)] if isinstance(said, str) else []
    # Made before the store kept a note of it, or by `./run update`.
    times += [datetime.fromtimestamp(p.stat().st_mtime, UTC) for p in (output / "backups").glob("*.tar")]
    if not times:
        yield look("backup", "There is none.", "./run backup  # and keep a copy of the file elsewhere.")
        return
    days = (now - max(times)) / timedelta(days=1)
    if days > 8:
        yield look("backup", f"The last one is {days:.0f} days old.", "./run backup  # and keep a copy elsewhere.")
    else:
        yield ok("backup", f"The last one is of {max(times):%-d %B %Y}; " + count(round(max(days, 0)), "day") + " old")
