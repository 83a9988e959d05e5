"""The hash key and the list of the forgotten: are they there, whose alone are they, do they belong to this store?"""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cuttings.edges import ledger
from cuttings.edges.backup import fingerprint_of
from cuttings.edges.store import runs, suppressed
from flows import place
from flows.stopped import ledger_file

if TYPE_CHECKING:
    from cuttings.edges.store import Store

MARK = "hash key"  # its fingerprint, so that another key is noticed before anything is hashed with it


def note(store: Store, *, now: datetime) -> None:
    """Remember which key this store's names are hashed with; the first one stays."""
    if store.hash_key and runs.marked(store, MARK) is None:
        runs.mark(store, MARK, fingerprint_of(store.hash_key), now=now)


def faults(store: Store) -> tuple[str, ...]:
    """What is wrong with key and list, each in a sentence with what to do; for `doctor`."""
    found = []
    key = place.local_folder() / place.KEY_FILE
    known = runs.marked(store, MARK)
    if known is not None and known != fingerprint_of(store.hash_key):
        found.append(
            f"{key} is another key than the one this store's names were hashed with: who was forgotten is no longer "
            "recognised. Put the first key back."
        )
    found += [
        f"{path} can be read by others on this machine. Put it right:  chmod 600 {path}"
        for path in (key, ledger_file())
        if path.exists() and _open_to_others(path)
    ]
    listed = {(e.kind, e.value, e.scope) for e in ledger.read(ledger_file())}
    missing = [s for s in suppressed.every(store) if (s.kind, s.value, s.scope) not in listed]
    if missing:
        found.append(
            f"{len(missing)} people or articles are kept out here, but {ledger_file()} does not list them: a restored "
            "backup would bring them back. The next `./run retention` writes them down."
        )
    return tuple(found)


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
