"""How far a run has come: a line for the run's page in Prefect, and for the terminal of whoever started it."""

from __future__ import annotations

import os

from prefect.logging import get_run_logger

ON_TERMINAL = "CUTTINGS_PROGRESS"  # set by the command line for runs by hand


def say(line: str) -> None:
    get_run_logger().info(line)
    if os.environ.get(ON_TERMINAL):
        print(f"  {line}", flush=True)
