"""A process that has imported the command line, and bears a child for each call: a call costs milliseconds.

Started by `commands.py` as `python -m tests.torture.booth`. A line in, an Order as JSON; a line out:
`{"status": 1, "cpu": 0.02, "mb": 80.5}` (-9: killed at the wall clock). The child is what `cuttings WORDS…` is, with
limits on CPU and memory from the kernel; flows run in it as plain functions, as in the nursery.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from typing import Any

from tests.torture.nursery import instead_of_prefect

# Loaded once, so that what a child's memory and CPU seconds grow by is its input's doing.
LOADED = (
    "cuttings.edges.backup", "cuttings.edges.discover", "cuttings.edges.fetch", "cuttings.edges.limited",
    "cuttings.edges.restoring", "cuttings.quotes", "cuttings.render", "cuttings.rulings_file", "cuttings.spam",
    "cuttings.themes", "flows.collect", "flows.commands.main", "flows.decide", "flows.deliver", "flows.house",
    "flows.publish", "flows.review_sheet", "parsers", "parsers.generic", "trafilatura",
)  # fmt: skip


def _child(order: dict[str, Any]) -> None:
    os.setsid()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for number, name, flags in (
        (0, order["stdin"], os.O_RDONLY),
        (1, order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, order["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(name, flags, 0o600), number)
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu"], order["cpu"] + 1))
    if order["user"]:
        os.setgid(order["user"])
        os.setuid(order["user"])
    sys.argv = ["cuttings", *order["words"]]
    status = 0
    try:
        importlib.import_module("flows.commands.main").main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or 1
        os._exit(status)


def _ended(pid: int, order: dict[str, Any]) -> dict[str, float]:
    """Waits for the child, and kills its group when the wall clock says so or its memory grows past all bounds."""
    handle = os.pidfd_open(pid)
    until, before = time.monotonic() + order["wall"], _resident(os.getpid())
    highest = 0.0
    while not select.select([handle], [], [], 0.02)[0]:
        highest = max(highest, _resident(pid) - before)
        if time.monotonic() > until or highest > order["mb"]:
            os.killpg(pid, signal.SIGKILL)
            break
    os.close(handle)
    _, status, used = os.wait4(pid, 0)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "mb": max(highest, used.ru_maxrss / 1024 - before),
    }


def _resident(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * resource.getpagesize() / 1e6
    except (OSError, IndexError):
        return 0.0


def main() -> None:
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w", buffering=1)
    instead_of_prefect()
    for module in LOADED:
        importlib.import_module(module)
    print(json.dumps({"ready": os.getpid()}), file=answers)
    for line in orders:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _child(order)
        print(json.dumps(_ended(pid, order)), file=answers)


if __name__ == "__main__":
    main()
