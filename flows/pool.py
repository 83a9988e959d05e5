"""The work pool: runs that several machines take, each by a worker of its own, from one Prefect server."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.utilities.processutils import command_to_string, setup_signal_handlers_worker
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from flows import names

PAGE = 100  # deployments that the server tells at once


def here() -> str:
    """What this machine's worker is called: the machine's name, which Prefect wants without '/' and '%'."""
    return platform.node().replace("/", "-").replace("%", "-") or "worker"


def on(worker: str) -> str:
    """The tag of a run that this worker took."""
    return f"on {worker}"


def elsewhere(tags: Iterable[str], worker: str) -> bool:
    """Whether another worker than this one took the run with these tags."""
    took = [tag for tag in tags if tag.startswith(on(""))]
    return bool(took) and on(worker) not in took


class _Job(ProcessJobConfiguration):
    """Without a command of its own, Prefect first has another process look for the program, which is installed here:
    each run would load all of Prefect twice."""

    def prepare_for_flow_run(self, *values: Any, **named: Any) -> None:
        self.command = self.command or command_to_string([sys.executable, "-m", "prefect.engine"])
        super().prepare_for_flow_run(*values, **named)


with warnings.catch_warnings():
    # It stands in for Prefect's own worker of this type, on purpose, and only in this process.
    warnings.simplefilter("ignore", UserWarning)

    class Worker(ProcessWorker):
        """Prefect's worker, which writes on each run who took it: what a killed machine leaves is found by it."""

        job_configuration = _Job

        async def run(self, flow_run: Any, configuration: Any, task_status: Any = None) -> Any:
            with suppress(httpx.HTTPError):  # the run itself is worth more than its tag
                await self.client.update_flow_run(flow_run.id, tags=[*flow_run.tags, on(self.name)])
            return await super().run(flow_run, configuration, task_status)


def work(pool: str, name: str, limit: int) -> None:
    """Take runs from the pool, `limit` at a time, until a signal. Then none is begun, and those at work are let end."""
    setup_signal_handlers_worker(os.getpid(), f"the worker {name}", print)
    worker = Worker(pool, name=name, limit=limit)
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(worker.start(printer=lambda text: print(text, flush=True)))


def stand_ready(deployments: Iterable[Any], pool: str) -> None:
    """Make the pool, where it is not there, and write the deployments into it."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(pool)
        except ObjectNotFound:
            wanted = WorkPoolCreate(
                name=pool,
                type="process",
                description="Machines that read for Cuttings: ./run worker",
                base_job_template=ProcessWorker.get_default_base_job_template(),
            )
            with suppress(ObjectAlreadyExists):
                client.create_work_pool(wanted)
    for deployment in deployments:
        deployment.apply(work_pool_name=pool)


def clear_away(deployments: Iterable[Any], pool: str | None) -> tuple[str, ...]:
    """Delete what is no longer configured: a source that was taken out, or deployments of another pool. Their names.

    A worker would take their runs and fail; without a pool they would be late for ever.
    """
    wanted = {f"{one.flow_name}/{one.name}" for one in deployments}
    gone: list[str] = []
    with get_client(sync_client=True) as client:
        for name, deployment in _every(client, {name.partition("/")[0] for name in wanted}):
            if name not in wanted or deployment.work_pool_name != pool:
                client.delete_deployment(deployment.id)
                gone.append(name)
    return tuple(gone)


def keep_switched_off(deployments: Iterable[Any]) -> tuple[str, ...]:
    """What somebody switched off stays so, also where it had another name then; which. Prefect would switch it on
    again with every start."""
    made = {f"{one.flow_name}/{one.name}": one for one in deployments}
    with get_client(sync_client=True) as client:
        there = dict(_every(client, {name.partition("/")[0] for name in made}))
    former = {now: before for before, now in names.BEFORE.items()}
    off = []
    for name, one in made.items():
        known = there.get(name) or there.get(former.get(name, ""))
        if known is not None and _is_off(known):
            one.paused = True
            off.append(name)
    return tuple(off)


def _is_off(deployment: Any) -> bool:
    return bool(deployment.paused or (deployment.schedules and not any(s.active for s in deployment.schedules)))


def _every(client: Any, flows: set[str]) -> list[tuple[str, Any]]:
    """The deployments of flows of ours; somebody else's on the same server are none of our business."""
    found: list[Any] = []
    while page := client.read_deployments(limit=PAGE, offset=len(found)):
        found += page
    named = {flow: client.read_flow(flow).name for flow in {one.flow_id for one in found}}
    return [(f"{named[one.flow_id]}/{one.name}", one) for one in found if named[one.flow_id] in flows]
