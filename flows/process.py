"""Which process this is, and whether another one on this machine is certainly dead."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def identity(proc: Path = PROC) -> str | None:
    """This process in a line: machine since it was booted, room of process numbers, number, and when it began.

    None where the system does not tell (it is no Linux): such a process is never called dead.
    """
    began = _began(os.getpid(), proc)
    here = _here(proc)
    return f"{here} {os.getpid()} {began}" if here and began else None


def is_dead(process: str, proc: Path = PROC) -> bool:
    """Whether the process with this identity is certainly gone. False for one of another machine or container."""
    here, _, rest = process.partition(" ")
    number, _, began = rest.partition(" ")
    if not number.isdigit() or here != _here(proc):
        return False
    # The number of a dead process is given to a new one some day, which then began at another time.
    return _began(int(number), proc) != began


def _here(proc: Path) -> str | None:
    with suppress(OSError):
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        # Containers on one machine count their processes apart: number 7 of another one can't be seen from here.
        return f"{boot}/{(proc / 'self/ns/pid').readlink().name}".replace(" ", "")
    return None


def _began(number: int, proc: Path) -> str | None:
    """When a process began, in ticks since the machine was booted; None where there is none or only its remains."""
    try:
        stat = (proc / str(number) / "stat").read_text(errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # its name may hold blanks and brackets
    return None if len(fields) < 20 or fields[0] in "ZX" else fields[19]
