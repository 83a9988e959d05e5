"""Who must stay forgotten, and who gets no more mail, outside the store and its backups: a file of keyed hashes.

A backup that was made before somebody was forgotten holds their words; one made before a reader stopped has them on its
list. What is restored from it is brought under this list before anybody can use it. One line is one JSON object; names
and addresses never stand in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KINDS = ("person", "comment", "article", "source", "stopped", "allowed")
READERS = ("stopped", "allowed")  # who stops may come back and stop again: the later of the two holds
# As after `sudo ./run recipients stop …`.
_GIVE_BACK = "It is another account's. Give it back to the one that Cuttings runs under:  sudo chown ACCOUNT {}"


class LedgerError(Exception):
    """The list of the forgotten can't be read or written: which file, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`value`: keyed hash of a name, Comment.key, Article.key or source id; `scope`: a source id, or "" everywhere.

    Of readers: keyed hash of the address; an edition, or "" for all mail.
    """

    kind: str
    value: str
    scope: str
    at: str  # ISO 8601


def read(path: Path) -> tuple[Entry, ...]:
    """Every entry, oldest first, each once; of a reader's stops and returns the one that holds.

    A line that a crash cut off is passed over: nothing was erased by it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except PermissionError as error:
        raise LedgerError(f"{path}: can't be read. {_GIVE_BACK.format(path)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path}: can't be read ({error}). Without it nobody stays forgotten: restore it.") from error
    found: dict[tuple[object, ...], Entry] = {}
    for number, line in enumerate(lines, 1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError) as error:
            if number == len(lines) or not line.endswith("}"):
                continue
            raise LedgerError(f"{path}, line {number}: is damaged. Put back a copy of this file.") from error
        before = found.setdefault(_subject(entry), entry)
        if entry.kind in READERS and entry.at > before.at:
            found[_subject(entry)] = entry
    return tuple(found.values())


def _subject(entry: Entry) -> tuple[object, ...]:
    return READERS if entry.kind in READERS else entry.kind, entry.value, entry.scope


def add(path: Path, entries: Iterable[Entry]) -> int:
    """Append what is not there yet, on the disk before anything is erased; how many were new."""
    known = {_subject(e): e for e in read(path)}
    new = []
    for entry in entries:
        if _is_new(entry, known.get(_subject(entry))):
            known[_subject(entry)] = entry
            new.append(entry)
    if new:
        _append(path, new)
    return len(new)


def _is_new(entry: Entry, before: Entry | None) -> bool:
    # Whose mail came back is stopped and not in the list, so of a return to all mail each is written down. Who is put
    # on an edition returns only where they were taken off it.
    returns = entry.kind == "allowed" and not entry.scope
    if before is None:
        return returns or entry.kind != "allowed"
    return entry.kind in READERS and (returns or entry.kind != before.kind) and entry.at > before.at


def _append(path: Path, entries: Sequence[Entry]) -> None:
    text = "".join(json.dumps(asdict(entry)) + "\n" for entry in entries)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            end = os.lseek(handle, 0, os.SEEK_END)
            if end and os.pread(handle, 1, end - 1) != b"\n":
                text = "\n" + text  # after a line that a crash cut off
            os.write(handle, text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except PermissionError as error:
        raise LedgerError(f"{path}: can't be written. {_GIVE_BACK.format(path)}") from error
    except OSError as error:
        raise LedgerError(f"{path}: can't be written ({error.strerror}). Put that right and try again.") from error
