"""How far a run has come: a line for the run's page in Prefect, and for the terminal of whoever started it."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger

ON_TERMINAL = "CUTTINGS_PROGRESS"  # set by the command line for runs by hand


def say(line: str) -> None:
    with suppress(MissingContextError):  # a stage that is called outside a run has no page there
        get_run_logger().info(line)
    if os.environ.get(ON_TERMINAL):
        print(f"  {line}", flush=True)


def say_fault(address: str) -> None:
    """Inside a handler: what kind of fault of ours a document met, and where in the program.

    Never the words of the exception: `KeyError: 'Jo Brack'` would put a reader's name into Prefect's records.
    """
    kind, _, trace = sys.exc_info()
    where = "".join(traceback.format_tb(trace))
    get_run_logger().error("could not take in %s: %s\n%s", address, kind.__name__ if kind else "a fault", where)
