"""What `serve` does about the past: runs that were at work when it was killed, and runs that its downtime swallowed.

Prefect would keep the first as 'Running' for ever and start all of the second at once. Here each schedule gets one run
for the whole of its downtime, collects first, and publishes after them. How far each schedule was served stands in
our store, as Prefect's database may be thrown away. A run that dies while `serve` is up is begun once more, and told.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from cuttings.edges.store import StoreError, runs
from flows.house import open_house

MARK = "served"  # name of a deployment -> when the runner last stood ready for it
BEAT = 60.0  # seconds
# A run that fell due while the runner was being killed may not have begun. A run too many finds the work done.
MARGIN = timedelta(minutes=2)
LONGEST_COLLECT = 2 * 3600.0  # seconds; publishes that were missed wait so long for the collect before them
SILENT = timedelta(minutes=9)  # Prefect's runs give a sign of life every three
AUTOMATION = "cuttings: runs that died"
CATCH_UP = "catch-up"  # the tag of a run that we started because another one was missed, or died


@dataclass(frozen=True, slots=True)
class Schedule:
    """A deployment that the clock starts ("collect/read every source"), its five cron fields, their time zone."""

    name: str
    cron: str
    timezone: str


def schedules_of(deployments: Iterable[Any]) -> tuple[Schedule, ...]:
    """The cron schedules of Prefect's deployments."""
    return tuple(
        Schedule(f"{deployment.flow_name}/{deployment.name}", each.schedule.cron, each.schedule.timezone)
        for deployment in deployments
        for each in deployment.schedules or ()
    )


def fell_due(schedule: Schedule, after: datetime, until: datetime) -> bool:
    """Whether the schedule names a moment after `after` and not later than `until`, by Prefect's own reckoning."""
    return bool(moments(schedule, after + timedelta(seconds=1), until, most=1))


def moments(schedule: Schedule, start: datetime, end: datetime, most: int | None = None) -> list[datetime]:
    """When the schedule is due from `start` to `end`, as Prefect's server reckons it."""
    from prefect.server.schemas.schedules import CronSchedule

    cron = CronSchedule(cron=schedule.cron, timezone=schedule.timezone)
    return list(asyncio.run(cron.get_dates(n=most, start=start, end=end)))


def missed(
    schedules: Iterable[Schedule], served: Mapping[str, datetime], crashed: Iterable[str], now: datetime
) -> tuple[str, ...]:
    """The names of the deployments that get a run now: collect first, then the others in their order.

    Those that fell due since they were last served, and those whose run was at work when all was killed (`crashed`).
    A schedule that was never served is new: it waits for its time.
    """
    broken = set(crashed)
    due = [
        s.name
        for s in schedules
        if s.name in broken or (s.name in served and fell_due(s, served[s.name] - MARGIN, now))
    ]
    return tuple(sorted(due, key=lambda name: not _is_collect(name)))


def _is_collect(name: str) -> bool:
    return name.startswith("collect/")


# ---------------------------------------------------------------- our own mark


def read_served() -> dict[str, datetime]:
    with open_house() as house:
        kept = runs.marked(house.store, MARK) or {}
    return {name: datetime.fromisoformat(moment) for name, moment in kept.items()}


def write_served(served: Mapping[str, datetime], now: datetime) -> None:
    with open_house() as house:
        runs.mark(house.store, MARK, {name: moment.isoformat() for name, moment in served.items()}, now=now)


# ---------------------------------------------------------------- Prefect's records


def bury_zombies(dead: Callable[[Sequence[str]], bool] = lambda _tags: True) -> tuple[str, ...]:
    """Runs at work when everything was killed, marked as crashed; the names of the deployments that the clock started.

    Only for the start of a runner: nobody works on them any more. `dead` tells by a run's tags whether it was its own.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    left = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    by_the_clock: list[str] = []
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=left))):
            if not dead(run.tags):
                continue
            client.set_flow_run_state(run.id, Crashed(message="Cuttings was stopped while it ran."), force=True)
            if run.deployment_id and (run.auto_scheduled or CATCH_UP in run.tags):
                by_the_clock += _name(client, run.deployment_id)
    return tuple(by_the_clock)


def drop_late() -> tuple[str, ...]:
    """Delete the runs that the clock should have started while nobody was there; the names of their deployments."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterExpectedStartTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType

    waiting = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    before = FlowRunFilterExpectedStartTime(before_=datetime.now(UTC))  # type: ignore[arg-type]
    wanted = FlowRunFilter(state=waiting, expected_start_time=before)
    late: dict[UUID, None] = {}
    with get_client(sync_client=True) as client:
        while found := [r for r in client.read_flow_runs(flow_run_filter=wanted) if r.auto_scheduled]:
            for run in found:
                client.delete_flow_run(run.id)
                if run.deployment_id:
                    late[run.deployment_id] = None
        return tuple(name for deployment in late for name in _name(client, deployment))


@dataclass(frozen=True, slots=True)
class Died:
    """A run that Prefect calls crashed. `again`: the clock had started it, so nobody else will."""

    run: UUID
    deployment: str
    again: bool


def died_since(moment: datetime) -> tuple[Died, ...]:
    """Runs of deployments that crashed after this moment: killed by the system, or their machine was switched off."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterEndTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType

    crashed = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CRASHED]))
    ended = FlowRunFilterEndTime(after_=moment)  # type: ignore[arg-type]
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=FlowRunFilter(state=crashed, end_time=ended))
        return tuple(
            Died(run.id, name, again=bool(run.auto_scheduled) and CATCH_UP not in run.tags)
            for run in found
            if run.deployment_id
            for name in _name(client, run.deployment_id)
        )


def _name(client: Any, deployment: UUID) -> list[str]:
    from prefect.exceptions import ObjectNotFound

    with suppress(ObjectNotFound):
        found = client.read_deployment(deployment)
        return [f"{client.read_flow(found.flow_id).name}/{found.name}"]
    return []


def crash_the_silent(within: timedelta = SILENT) -> None:
    """Have the server call a run crashed that gave no sign of life `within` that time: by hand, or on another machine
    that was switched off."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    ended = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
    trigger = EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect={"prefect.flow-run.heartbeat", *ended},
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )
    message = "It gave no sign of life for nine minutes: its process is dead."
    crashed = ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=message, force=False)
    wanted = AutomationCore(name=AUTOMATION, trigger=trigger, actions=[crashed])
    with get_client(sync_client=True) as client:
        if not client.read_automations_by_name(AUTOMATION):
            client.create_automation(wanted)


# ---------------------------------------------------------------- the caretaker


class Caretaker(threading.Thread):
    """Starts the runs that were missed, one for each schedule, and writes down how far each schedule was served.

    A run that dies is told to the contact officer the same day; where the clock had started it, it is begun once more.
    """

    def __init__(self, schedules: Sequence[Schedule], missed: Sequence[str], served: Mapping[str, datetime]) -> None:
        super().__init__(name="caretaker", daemon=True)
        self._schedules, self._served = tuple(schedules), dict(served)
        self._began = datetime.now(UTC)
        # Name -> a key that starts it once, however often the server is asked after an answer that got lost.
        self._missed = {name: f"{CATCH_UP} {name} {self._began.isoformat()}" for name in missed}
        self._collects: list[UUID] = []  # under way, which publishes wait for
        self._known_dead: set[UUID] = set()

    def run(self) -> None:
        watched = False
        while True:
            watched = watched or self._guarded(crash_the_silent)
            self._catch_up()
            # Guarded: a configuration that is saved half-way must not end what looks after the runs for good.
            self._guarded(self._beat)
            time.sleep(BEAT)
            self._guarded(self.look_after)

    def look_after(self) -> None:
        """What died since the last look."""
        for died in died_since(self._began):
            if died.run in self._known_dead:
                continue
            tell_of(died)
            self._known_dead.add(died.run)
            if died.again:
                self._missed.setdefault(died.deployment, f"{CATCH_UP} {died.run}")

    def _catch_up(self) -> None:
        """Start what is missed. What the server was too busy to take is tried again at the next beat."""
        for name in [n for n in self._missed if _is_collect(n)]:
            if not self._guarded(partial(self._start, name)):
                return
        if self._missed and not self._guarded(self._wait_for_collects):
            return
        for name in tuple(self._missed):
            if not self._guarded(partial(self._start, name)):
                return

    def _guarded(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Exception as error:
            # The schedules go on whatever becomes of this: what is due at seven must not hang on what was due at five.
            print(f"caretaker: {type(error).__name__}: {error}", flush=True)
            return False
        return True

    def _start(self, name: str) -> None:
        from prefect.client.orchestration import get_client
        from prefect.states import Scheduled

        with get_client(sync_client=True) as client:
            deployment = _patiently(lambda: client.read_deployment_by_name(name))
            state: Any = Scheduled(message="Missed while Cuttings was stopped, or begun once more.")
            run = client.create_flow_run_from_deployment(
                deployment.id, state=state, tags=[CATCH_UP], idempotency_key=self._missed[name]
            )
        del self._missed[name]
        if _is_collect(name):
            self._collects.append(run.id)
        self._beat()

    def _wait_for_collects(self) -> None:
        """A publish finds what the collects bring. One that takes for ever is not waited for."""
        from prefect.client.orchestration import get_client
        from prefect.exceptions import ObjectNotFound

        deadline = time.monotonic() + LONGEST_COLLECT
        with get_client(sync_client=True) as client:
            while self._collects and time.monotonic() < deadline:
                try:
                    found = client.read_flow_run(self._collects[-1]).state
                except ObjectNotFound:  # somebody deleted it in the UI, as it hung
                    self._collects.pop()
                    continue
                if found is not None and found.is_final():
                    self._collects.pop()
                    continue
                time.sleep(5)
                self._beat()
        self._collects.clear()

    def _beat(self) -> None:
        now = datetime.now(UTC)
        # What still waits for its run keeps its mark: killed before it starts, it is missed again next time.
        fresh = {s.name: now for s in self._schedules if s.name not in self._missed}
        kept = {name: at for name, at in self._served.items() if name in self._missed}
        with suppress(StoreError, OSError):  # a full disk: the runs themselves say so
            write_served(kept | fresh, now)


def tell_of(died: Died) -> None:
    """One mail a day to the contact officer for each kind of run that dies."""
    from flows import health

    with open_house() as house:
        health.tell_died(house, died.deployment.partition("/")[0], again=died.again)


def _patiently(ask: Callable[[], Any], seconds: float = 300) -> Any:
    """Deployments are written while the runner starts: asked for until they are there."""
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except ObjectNotFound:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
