"""Whether a folder can be written to, asked before a run: afterwards it would be somebody else's traceback."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from cuttings.model import BadConfiguration

OUTPUT = (
    "Everything that is collected and published is kept in it. Make it writable for this user, or name another folder "
    "in CUTTINGS_OUTPUT or in council.toml, key 'storage.output'."
)


def check(folder: Path, what: str = OUTPUT, room: int = 0) -> None:
    """Make the folder if need be. Raises BadConfiguration where nothing, or fewer than `room` bytes, can be kept in it.

    `what`: what it is for and what to do.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Asking for permissions is not enough: a disk may be mounted read-only, and root may do anything elsewhere.
        with suppress(FileNotFoundError), tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadConfiguration(f"{folder}: nothing can be written there ({why}). {what}") from error
    if free < room:
        raise BadConfiguration(f"{folder}: only {free // 1_000_000} MB are free on its disk. {what}")
