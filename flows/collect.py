"""The flow `collect`: discover -> fetch -> archive -> read -> judge -> label -> save, source by source.

A task for each source; everything in it is a plain function call, and the task's log says how far it is: a further task
takes Prefect and its server as much as a third of a page takes us. What Prefect may run twice changes nothing the
second time: an address is known or it is not, and a page that was read a moment ago says nothing new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from cuttings.edges.archive import ArchiveError
from cuttings.edges.store import StoreError, holding, people, runs
from cuttings.model import BadConfiguration
from cuttings.settings import Source
from flows import health, process
from flows.collecting.counts import Collected, SourceCounts, table, totals
from flows.collecting.desk import Desk, TakenOver, open_desk
from flows.collecting.discovering import discover_documents
from flows.collecting.stages import fetch_batch, read_batch
from flows.house import open_house
from flows.progress import say, say_fault
from flows.watching import watched
from flows.wordless import wordless
from flows.wrapped import Wrapped

__all__ = ["Collected", "SourceCounts", "collect"]

AT_ONCE = 8  # sources; one host is never asked for two things at once, whatever this says
BATCH = 20  # documents that are fetched before they are read: what a crash may cost


def _run_name() -> str:
    wanted = flow_run.parameters.get("sources") or []
    return f"collect {', '.join(wanted) if wanted else 'every source'}"


@flow(
    name="collect",
    flow_run_name=_run_name,
    task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE),  # type: ignore[arg-type]
    validate_parameters=True,
)
def collect(sources: list[str] | None = None) -> Collected:
    """Read what is new at every source (or at those named), and look again at threads that are still alive.

    Args:
        sources: ids of the sources to read, as in sources.toml. Empty: every source.
    """
    with open_house() as house, watched(house, "collect") as facts:
        chosen = [house.settings.source(s) for s in sources] if sources else list(house.settings.sources)
        if not chosen:
            raise BadConfiguration("No source is configured. Add one to config/local/sources.toml.")
        ours, now = process.identity(), datetime.now(UTC)
        # Runs of single sources may be at work beside each other, on several machines: each source has one reader.
        run = runs.begin(house.store, "collect", now=now, exclusive=not sources, process=ours, dead=process.is_dead)
        if run is None:
            return Collected((), ran=False)
        try:
            with open_desk(house, run) as desk:
                counts = _every_source(desk, chosen)
        except BaseException as error:
            with suppress(StoreError):  # what went wrong may be the store itself
                runs.end(house.store, run, now=datetime.now(UTC), counts={}, failure=type(error).__name__)
            raise
        # Names and licensed text have their time; it is looked at whenever something new comes in.
        people.expire_names(house.store, now=house.clock())
        people.expire_text(house.store, now=house.clock())
        runs.end(house.store, run, now=datetime.now(UTC), counts=totals(counts))
        facts["counts"] = totals(counts)
        health.tell_failing_sources(house)
    collected = Collected(tuple(counts))
    rows, sentence = table(collected)
    create_table_artifact(rows, key="collected", description=sentence)
    return collected


def _every_source(desk: Desk, chosen: Sequence[Source]) -> list[SourceCounts]:
    wrapped = Wrapped(desk)
    work: list[tuple[Source, PrefectFuture[Any]]] = [
        (source, collect_source.submit(wrapped, source.id)) for source in chosen
    ]
    results = [(source, future.result(raise_on_failure=False)) for source, future in work]
    for _, result in results:
        # A full disk is no source's fault; raised when no task is at work any more.
        if isinstance(result, (StoreError, ArchiveError, TakenOver)):
            raise result
    return [r if isinstance(r, SourceCounts) else _died(desk, source, r) for source, r in results]


def _died(desk: Desk, source: Source, error: object) -> SourceCounts:
    """A stage died of something nobody foresaw: this source has failed, the others have not."""
    # The digest prints the reason, so it holds nothing of what was being worked on: the run's page does.
    why = f"a fault of ours ({type(error).__name__}); the run's page has the details"
    desk.contacted(source, failure=why)
    return SourceCounts(source.id, source.name, failure=why)


# ---------------------------------------------------------------- one source


@task(name="source", task_run_name="{source_id}", cache_policy=NO_CACHE)
def collect_source(wrapped: Wrapped[Desk], source_id: str) -> SourceCounts:
    """One source: discover, then fetch and read its pages a batch at a time."""
    desk = wrapped.value
    source = desk.house.settings.source(source_id)
    with wordless(), holding.held(desk.house.store, f"source {source_id}") as ours:
        if not ours:
            return SourceCounts(source.id, source.name, notes=("another run is reading it",))
        return _source(desk, source)


def _source(desk: Desk, source: Source) -> SourceCounts:
    found = discover_documents(desk, source)
    most = len(found.documents)
    if found.failure or most:
        say(f"{source.name}: {found.failure or f'{most} to fetch'}")
    counts: Counter[str] = Counter()
    for start in range(0, most, BATCH):
        documents, outcomes = fetch_batch(desk, source, found.documents[start : start + BATCH])
        counts += outcomes + read_batch(desk, source, documents, fault=say_fault)
        say(f"{source.name}: {min(start + BATCH, most)} of {most}: {_told(counts)}")
    if not most:
        say(f"{source.name}: nothing new")
    pages = tuple(sorted(counts.items()))
    return SourceCounts(source.id, source.name, found.found, pages, found.failure, found.left_out, found.notes)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items())) or "nothing new"
