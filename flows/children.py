"""Processes that a long-lived command starts and watches over: they end with it, and what they say is written down."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from types import FrameType

from flows.logs import Follower, Journal


class StopRequested:
    """SIGTERM and SIGINT as a question: has anybody asked us to stop?"""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        # sigtimedwait would be exact, but a handler runs between these short naps just as well.
        deadline = time.monotonic() + seconds
        while not self.asked and time.monotonic() < deadline:
            time.sleep(0.1)


def start(name: str, module: tuple[str, ...], journal: Journal) -> tuple[subprocess.Popen[bytes], Follower]:
    """`python -m module…` in a process group of its own that ends with us, and whoever writes down what it says."""
    child = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )
    assert child.stdout is not None
    return child, Follower(name, child.stdout, journal)


def end(child: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if child is None or child.poll() is not None:
        return
    child.send_signal(how)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_with_parent() -> None:
    """Runs in the child: have Linux send it SIGTERM when this process dies, by kill -9 too.

    Without it a killed `serve` would leave a server behind that holds the port against the next one.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
