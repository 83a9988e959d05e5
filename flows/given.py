"""Files that somebody names on the command line: read whole, and never waited for or without an end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LARGEST = 100_000_000  # bytes; a list of a million rulings has half of it


def read(path: Path, largest: int = LARGEST) -> bytes:
    """What the file holds. Raises OSError, with words in `strerror` for a pipe, a device, a directory, or too much.

    Without waiting: `cuttings read page.html`, where that is a pipe nobody writes to, would stand there for ever.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(largest + 1)
    finally:
        os.close(handle)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {largest // 1_000_000} MB", str(path))
    return data


def write(path: Path, data: bytes) -> None:
    """Raises OSError, for a pipe that nobody reads too."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(data)
