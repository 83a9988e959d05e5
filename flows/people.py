"""The flow `retention`: names, licensed text, raw pages and Prefect's own records end when their time is over.

What is counted stays counted: verdicts, outcomes, labels and keyed hashes have no term.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES

from cuttings.edges.archive import ArchiveError
from cuttings.edges.store import erased, people, retained
from cuttings.edges.store.troubles import Trouble
from flows import erasing, keys, litter
from flows.house import House, open_house
from flows.progress import say
from flows.reading import open_readers
from flows.watching import watched

ORPHAN = timedelta(days=2)  # a page that a killed run archived and never recorded


@dataclass(frozen=True, slots=True)
class Ended:
    """How much was (or, on a dry run, would be) deleted."""

    names: int = 0
    words: int = 0  # of readers, where the configuration gives them a term
    texts: int = 0  # articles whose licence ended
    pages: int = 0
    orphans: int = 0
    runs: int = 0  # of Prefect
    dry_run: bool = False
    left: str | None = None  # a sentence: what could not be done, and what to do

    def lines(self) -> Iterator[str]:
        yield "Over by now (nothing was deleted):" if self.dry_run else "Deleted, as their time is over:"
        yield f"  {self.names} commenters' names (keyed hashes and counts stay)"
        if self.words:
            yield f"  the words of {self.words} comments (outcomes and counts stay)"
        yield f"  the text of {self.texts} articles whose licence ended (title and link stay)"
        yield f"  {self.pages} raw pages, and {self.orphans} that belong to nothing"
        yield f"  {self.runs} finished runs in Prefect's records"
        if self.left:
            yield f"  NOT REACHED: {self.left}"


@flow(name="retention", flow_run_name="end what has had its time")
def retention(dry_run: bool = False) -> Ended:
    """Delete what has been kept for as long as the configuration says.

    Args:
        dry_run: count what is over, delete nothing.
    """
    with open_house() as house, watched(house, "retention"):
        now = house.clock()
        keep = house.settings.retention
        names = people.NameDays(keep.name_days, keep.quarantined_days, keep.unruled_days)
        licences = {s.id: s.licence.text_expires_days for s in house.settings.sources if s.licence.text_expires_days}
        ended = _counted(house, now, names, licences) if dry_run else _ended(house, now, names, licences)
    for line in ended.lines():
        say(line)
    create_table_artifact(
        [{"names": ended.names, "texts": ended.texts, "pages": ended.pages + ended.orphans, "runs": ended.runs}],
        key="retention",
        description="What has had its time. Counts and verdicts stay.",
    )
    return ended


def _counted(house: House, now: datetime, names: people.NameDays, licences: dict[str, int]) -> Ended:
    keep = house.settings.retention
    pages, orphans = _over(house, now, licences)
    return Ended(
        names=retained.names_over(house.store, now=now, keep=names),
        words=retained.words_over(house.store, now=now, days=keep.comment_text_days),
        texts=retained.texts_over(house.store, now=now),
        pages=len(pages),
        orphans=len(orphans) + len(litter.parts(house.output)),
        runs=len(_old_runs(now - timedelta(days=keep.prefect_days))),
        dry_run=True,
    )


def _ended(house: House, now: datetime, names: people.NameDays, licences: dict[str, int]) -> Ended:
    keep = house.settings.retention
    _settle(house, now)
    keys.note(house.store, now=now)
    erasing.in_ledger(house.store, now)
    ended = Ended(
        names=people.expire_names(house.store, now=now, keep=names),
        words=people.expire_words(house.store, now=now, days=keep.comment_text_days),
        texts=len(people.expire_text(house.store, now=now)),
    )
    pages, orphans = _over(house, now, licences)
    ended = replace(
        ended,
        pages=sum(house.archive.delete(sha256) for sha256 in pages),
        orphans=sum(house.archive.delete(sha256) for sha256 in orphans) + litter.clear(house.output),
        runs=_trim(_old_runs(now - timedelta(days=keep.prefect_days))),
    )
    # Whatever this run has ended: every collection ends names too, and leaves the store's files as they are.
    return replace(ended, left=_left_in_files(house, now))


_IN_THE_WAY: Mapping[Trouble, str] = {
    "busy": "something else was at work",
    "full": "the disk has not as much room left as the store itself takes: make room",
    "disk": "the disk reports an error, or is full: look after it",
}


def _left_in_files(house: House, now: datetime) -> str | None:
    why = erased.clear(house.store, now=now)
    if why is None:
        return None
    return (
        "The store's files may still hold deleted words in their free space. The next night's run tries again; this "
        f"time {_IN_THE_WAY[why]}."
    )


def _settle(house: House, now: datetime) -> None:
    """An erasure that was stopped half-way is carried through."""
    if erased.unsettled(house.store) != erased.Unsettled():
        with open_readers(1) as readers:
            erasing.settle(house, readers, now=now)
    for original in erased.replaced_pages(house.store):
        house.archive.delete(original)


def _over(house: House, now: datetime, licences: dict[str, int]) -> tuple[tuple[str, ...], list[str]]:
    """Digests in the archive whose time is over, and those that belong to nothing."""
    days = house.settings.retention.page_days
    over = retained.pages_over(house.store, house.archive.digests(), now=now, days=days, licences=licences)
    before = time.time() - ORPHAN.total_seconds()  # file times are the machine's, whatever CUTTINGS_AS_AT says
    orphans = []
    for sha256 in over.unknown:
        with suppress(ArchiveError):
            if house.archive.kept_since(sha256) < before:
                orphans.append(sha256)
    return over.pages, orphans


def _old_runs(before: datetime) -> list[object]:
    """Finished runs in Prefect's records, with their logs and artifacts; pieces of 200, as its API gives them."""
    wanted = FlowRunFilter(
        end_time=FlowRunFilterEndTime(before_=before),  # type: ignore[arg-type]
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=sorted(TERMINAL_STATES))),
    )
    found: list[object] = []
    with get_client(sync_client=True) as client:
        while part := client.read_flow_runs(flow_run_filter=wanted, limit=200, offset=len(found)):
            found += [run.id for run in part]
    return found


def _trim(old: list[object]) -> int:
    with get_client(sync_client=True) as client:
        for run in old:
            client.delete_flow_run(run)  # type: ignore[arg-type]
    return len(old)
