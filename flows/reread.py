"""The flow `reread`: archive -> read -> judge -> label -> save, a batch of documents a task, without the network."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from cuttings.edges.store import Store, StoreError, addresses, holding, runs
from flows import place, process, themes_in_use
from flows.collecting.desk import Turns
from flows.house import open_house
from flows.progress import say
from flows.reading import Line, open_readers
from flows.rereading import WHOLE, Again, Part, read_again, together
from flows.watching import watched
from flows.wrapped import Wrapped

__all__ = ["Again", "reread"]

AT_ONCE = 2  # batches; there are as many processes that read
BATCH = 50  # documents


@flow(
    name="reread",
    task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE),  # type: ignore[arg-type]
    validate_parameters=True,
)
def reread(
    source: str | None = None, since: str | None = None, dry_run: bool = False, part: str | None = None
) -> Again | None:
    """Read again what lies in the archive, as this version of the program reads it. None: another one is at work.

    Args:
        source: id of the source to read again. Empty: every source.
        since: only pages that came since this day, as 2026-10-01. Empty: all of them.
        dry_run: say what would change, and change nothing.
        part: one of several equal parts, as 2/8, where other runs see to the others. Empty: all of it.
    """
    moment = place.as_moment(since) if since else None
    ours = Part.parse(part) if part else None
    with open_house() as house, watched(house, "reread"), open_readers(AT_ONCE) as readers:
        if source:
            house.settings.source(source)
        numbers = addresses.documents(house.store, source=source, since=moment)
        numbers = ours.of_documents(numbers) if ours else numbers
        run = None if dry_run else _begin(house.store, ours)
        if run is None and not dry_run:
            return None
        matcher = themes_in_use.matcher(house)
        turns = Turns(lambda: holding.held(house.store, "turn", wait=True))
        line = Wrapped(Line(house, readers, matcher, house.clock(), run, turns.take))
        batches = [numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)]
        say(f"{len(numbers)} documents in the archive")
        try:
            waiting = [
                read_batch_again.submit(line, f"{at * BATCH + 1}-{at * BATCH + len(batch)}", Wrapped(batch), dry_run)
                for at, batch in enumerate(batches)
            ]
            done: list[Again] = []
            for future in waiting:
                done.append(future.result())
                say(f"{together(done).documents} of {len(numbers)} documents")
                if run is not None:
                    runs.beat(house.store, run, now=datetime.now(UTC))
        except BaseException as error:
            with suppress(StoreError):
                if run is not None:
                    runs.end(house.store, run, now=datetime.now(UTC), counts={}, failure=type(error).__name__)
            raise
        result = together(done)
        if run is not None:
            runs.end(house.store, run, now=datetime.now(UTC), counts=dict(result.counts) | dict(result.details))
    rows: list[dict[str, object]] = [{"documents": what, "number": n} for what, n in result.counts]
    rows += [{"documents": f"changed: {what}", "number": n} for what, n in result.details]
    create_table_artifact(rows, key="reread", description=f"{result.documents} documents were read again.")
    return result


def _begin(store: Store, part: Part | None) -> int | None:
    """A new run; None where this part is at work, or another division of the archive is: it would read all twice."""
    kind, now = str(part) if part else WHOLE, datetime.now(UTC)
    run = runs.begin(store, kind, now=now, process=process.identity(), dead=process.is_dead)
    beside = {other.kind for other in runs.at_work(store, now=now)} - {kind}
    if run is not None and any(Part.elsewhere(other, part) for other in beside):
        runs.end(store, run, now=now, counts={}, failure="another reread is at work")
        return None
    return run


@task(name="reread", task_run_name="reread {span}", cache_policy=NO_CACHE)
def read_batch_again(
    line: Wrapped[Line],
    span: str,  # noqa: ARG001 - the run's page shows it
    numbers: Wrapped[tuple[int, ...]],
    dry_run: bool,
) -> Again:
    """Read, judge, label and save some documents again."""
    return read_again(line.value, numbers.value, dry_run=dry_run)
