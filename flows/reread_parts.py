"""Reading the archive again in parts, which the workers of the pool take: started here, waited for, counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from cuttings.edges.store import runs
from flows import names
from flows.rereading import CHANGED, FAILED, GONE, UNCHANGED, Again, Part

if TYPE_CHECKING:
    from cuttings.edges.store import Store

DEPLOYMENT = f"reread/{names.REREAD}"
NAP = 3.0  # seconds between two looks


class CannotShare(Exception):
    """The parts can't be given to anybody; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Started:
    run: UUID
    part: Part
    at: datetime


def start(parts: int, source: str | None = None, since: str | None = None) -> tuple[Started, ...]:
    """A run for each part of the archive. Raises CannotShare where nobody serves."""
    began = datetime.now(UTC)
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound as error:
            raise CannotShare("Nobody is there to take the parts. Start  ./run serve  first.") from error
        started = []
        for number in range(1, parts + 1):
            part = Part(number, parts)
            asked = {"source": source, "since": since, "part": f"{number}/{parts}"}
            # What is left out is left out: the form's list of sources has no empty entry, and the server insists on it.
            wanted = {name: value for name, value in asked.items() if value is not None}
            run = client.create_flow_run_from_deployment(
                deployment.id,
                parameters=wanted,
                state=Scheduled(),
                name=str(part),
                idempotency_key=f"{part} {began.isoformat()}",
            )
            started.append(Started(run.id, part, began))
        return tuple(started)


def wait_for(started: Sequence[Started], *, say: Callable[[str], None]) -> tuple[str, ...]:
    """Stay until all parts are done; those that did not come to their end, with what became of them."""
    waiting = {one.run: one.part for one in started}
    unfinished: list[str] = []
    with get_client(sync_client=True) as client:
        while waiting:
            wanted = FlowRunFilter(id=FlowRunFilterId(any_=list(waiting)))
            for run in client.read_flow_runs(flow_run_filter=wanted):
                if run.state is None or not run.state.is_final():
                    continue
                part = waiting.pop(run.id)
                if not run.state.is_completed():
                    unfinished.append(f"{part} ({run.state.type.value.lower()})")
                say(f"{len(started) - len(waiting)} of {len(started)} parts")
            if waiting:
                time.sleep(NAP)
    return tuple(unfinished)


def counted(store: Store, started: Sequence[Started]) -> Again:
    """What all of them did, from our own records."""
    counts: Counter[str] = Counter()
    for one in started:
        run = runs.last(store, str(one.part))
        # One that did nothing, as another call has this part at work, left nothing: the last is an older one.
        counts.update(dict(run.counts) if run and run.started >= one.at else {})
    outcomes = {what: n for what, n in counts.items() if what in (CHANGED, UNCHANGED, "set aside", FAILED, GONE)}
    details = {what: n for what, n in counts.items() if what not in outcomes}
    return Again(tuple(outcomes.items()), tuple(details.items()))
