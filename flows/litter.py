"""What a run that was killed left half-written: parts of files, which may hold readers' words, cleared away."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

OLD = timedelta(days=2)  # whoever writes for so long is dead
# Where files appear whole or not at all; each is written under a hidden name first. Backups have a folder as well.
PLACES = ("pages", "issues", "outbox", "preview", "backups")
BEGUN = ("backups/.backup-*", ".restore-*", ".*.part")  # of a backup; of a restore, and the store it was to put in


def parts(output: Path) -> list[Path]:
    """Half-written files and folders below the output folder that nobody can be writing any more."""
    # File times are the machine's, whatever CUTTINGS_AS_AT says.
    before = time.time() - OLD.total_seconds()
    found = [path for place in PLACES for path in (output / place).rglob(".*.part") if path.is_file()]
    found += [path for pattern in BEGUN for path in output.glob(pattern)]
    return sorted(path for path in found if path.stat().st_mtime < before)


def clear(output: Path) -> int:
    """Delete them; how many were there."""
    found = parts(output)
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):  # a read-only disk: the next time
                path.unlink()
    return len(found)
