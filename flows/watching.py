"""A run of a flow, watched: a line in the log, the list of issues brought up to date, and a mail when it fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cuttings.edges.store import StoreError
from flows import run_log, shelving
from flows.wordless import take_words

if TYPE_CHECKING:
    from flows.house import House

ABOUT_ISSUES = frozenset({"publish", "deliver", "decide", "correct"})


@contextmanager
def watched(house: House, flow: str, told: tuple[type[Exception], ...] = ()) -> Iterator[dict[str, run_log.Fact]]:
    """Everything a flow does in its house. What is put into the mapping stands in the log.

    `told`: errors of which the contact officer has been told by then. The error itself goes on its way.
    """
    from flows import health

    began = time.monotonic()
    facts: dict[str, run_log.Fact] = {}
    try:
        yield facts
    except Exception as error:
        run_log.write("run failed", {"flow": flow, "seconds": _since(began), "why": run_log.fault(error)})
        if not isinstance(error, told):
            with suppress(StoreError, OSError):  # what went wrong may be the store itself
                health.tell_failed(house, flow, error)
        take_words(error)
        raise
    finally:
        if flow in ABOUT_ISSUES:
            with suppress(StoreError):
                if why := shelving.shelve(house):
                    run_log.write("list of issues not written", {"why": why})
    run_log.write("run done", {"flow": flow, "seconds": _since(began), **facts})


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
