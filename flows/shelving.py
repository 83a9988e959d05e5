"""The list of all issues, output/issues/index.html: written anew whenever one is made, sent, changed or erased."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cuttings.edges.archive import write_whole
from cuttings.edges.store import numbers
from cuttings.edges.store.issues import LEAVING

if TYPE_CHECKING:
    from cuttings.render.shelf import Shelved
    from flows.house import House

INDEX = "index.html"
Shown = Literal["sent", "corrected", "awaiting approval", "not sent"]
_SHOWN: Mapping[str, Shown] = {
    **dict.fromkeys(LEAVING, "sent"),
    "awaiting approval": "awaiting approval",
    "held": "awaiting approval",
    "expired": "not sent",
    "not sent": "not sent",
}


def shelve(house: House) -> str | None:
    """Write the list. Returns a sentence where it could not be written: no issue waits for that."""
    from cuttings.render.shelf import shelf

    folder = house.output / "issues"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / ".index.lock").open("a") as lock:
            # Two runs that end together: the one that asked the store first must not write last.
            fcntl.flock(lock, fcntl.LOCK_EX)
            page = shelf(tuple(_shelved(house, folder)), house.settings.council.name).encode()
            path = folder / INDEX
            if not path.exists() or path.read_bytes() != page:
                write_whole(path, page)
    except OSError as error:
        return f"{folder / INDEX} can't be written: {error.strerror or error}."
    return None


def _shelved(house: House, folder: Path) -> Iterator[Shelved]:
    from cuttings.render.shelf import KINDS, Shelved

    names = {edition.id: edition.name for edition in house.settings.editions}
    every = [issue for issue in numbers.printed(house.store) if issue.state in _SHOWN]
    corrected = {(i.edition, i.start, i.end): i.revision for i in every if i.revision > 1 and i.state in LEAVING}
    for issue in every:
        newest = corrected.get((issue.edition, issue.start, issue.end), 1)
        if issue.state in LEAVING and issue.revision < newest:
            continue  # its correction stands for it: nobody should find the wrong one first
        # Where readers can see the folder, a proof or what was kept back is nobody's to open.
        shown = issue.state in LEAVING or house.settings.delivery.public_url is None
        files = tuple(
            (kind, os.path.relpath(path, folder), size)
            for kind in KINDS
            for held, path, size in (issue.files if shown else ())
            if held == kind and Path(path).exists()
        )
        state = "corrected" if issue.revision > 1 and issue.state in LEAVING else _SHOWN[issue.state]
        name = names.get(issue.edition, issue.edition)
        yield Shelved(name, issue.number, issue.start, issue.end, state, issue.items, files)
