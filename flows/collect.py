"""The flow `collect`: discover -> fetch -> archive -> read -> judge -> label -> save, source by source.

Three tasks a source, a plain function call a page. What Prefect may run twice changes nothing the second time: an
address is known or it is not, and a page that was read a moment ago says nothing new.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from cuttings import themes, visits
from cuttings.addresses import canonical
from cuttings.edges.archive import ArchiveError
from cuttings.edges.discover import Discovery, discover
from cuttings.edges.fetch import Fetched, Fetcher, FetchFailed, Outgoing
from cuttings.edges.limited import CannotStart
from cuttings.edges.store import StoreError, addresses, people, runs
from cuttings.edges.store import sources as states
from cuttings.edges.store.addresses import Address, PageOutcome
from cuttings.model import BadConfiguration
from cuttings.settings import Source
from flows.house import House, open_house
from flows.progress import say
from flows.reading import Document, Got, Readers, gave_up_on, open_readers, take_in
from flows.wrapped import Wrapped

T = TypeVar("T")

AT_ONCE = 8  # sources; one host is never asked for two things at once, whatever this says
BEAT = timedelta(minutes=1)

# How a failure is named where it is counted: few, and the same for every page it happened to.
REASONS = {
    "bad-address": "no address of the web",
    "refused-address": "a private address",
    "dns": "the host was not found",
    "connect": "the server did not answer",
    "tls": "its certificate can't be trusted",
    "timeout": "too slow",
    "dropped": "the connection was dropped",
    "truncated": "the page was not whole",
    "too-large": "too large",
    "bad-content": "not a readable page",
    "redirect": "redirected to where we may not go",
    "robots": "robots.txt does not allow it",
    "busy": "the server was busy",
    "missing": "no longer there",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run did: the counts of each source, and why a source could not be read."""

    sources: tuple[SourceCounts, ...]
    ran: bool = True  # False: another collect was at work

    @property
    def failed(self) -> tuple[SourceCounts, ...]:
        return tuple(s for s in self.sources if s.failure)


@dataclass(frozen=True, slots=True)
class SourceCounts:
    source: str
    name: str
    found: int = 0  # addresses not known before
    pages: tuple[tuple[str, int], ...] = ()  # (read, unchanged, set aside, failed) with their numbers
    failure: str | None = None

    def count(self, outcome: str) -> int:
        return dict(self.pages).get(outcome, 0)


@dataclass(slots=True)
class _Desk:
    """What the tasks of one run share."""

    house: House
    fetcher: Fetcher
    readers: Readers
    matcher: themes.Matcher
    run: int
    now: datetime
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    beaten: datetime = field(default_factory=lambda: datetime.now(UTC))

    def beat(self) -> None:
        # The real clock, not the house's, which may be set to a day long past: zombies are found by it.
        moment = datetime.now(UTC)
        if moment - self.beaten > BEAT:
            self.beaten = moment
            runs.beat(self.house.store, self.run, now=moment)

    def saving(self, step: Callable[[], T]) -> T:
        """One document at a time from the search for copies to the commit: copies that come together see each other."""
        with self.one_at_a_time:
            return step()


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
    with open_house() as house:
        chosen = [house.settings.source(s) for s in sources] if sources else list(house.settings.sources)
        if not chosen:
            raise BadConfiguration("No source is configured. Add one to config/local/sources.toml.")
        run = runs.begin(house.store, "collect", now=datetime.now(UTC))
        if run is None:
            return Collected((), ran=False)
        try:
            with _open_desk(house, run) as desk:
                counts = _every_source(desk, chosen)
        except BaseException as error:
            with suppress(StoreError):  # what went wrong may be the store itself
                runs.end(house.store, run, now=datetime.now(UTC), counts={}, failure=type(error).__name__)
            raise
        # Names and licensed text have their time; it is looked at whenever something new comes in.
        people.expire_names(house.store, now=house.clock())
        people.expire_text(house.store, now=house.clock())
        totals = _totals(counts)
        runs.end(house.store, run, now=datetime.now(UTC), counts=totals)
    collected = Collected(tuple(counts))
    _show(collected)
    return collected


@contextmanager
def _open_desk(house: House, run: int) -> Iterator[_Desk]:
    council = house.settings.council
    contact = council.user_agent_contact or council.contact_email
    with Fetcher(contact, outgoing=Outgoing.from_environment(os.environ)) as fetcher, open_readers() as readers:
        yield _Desk(
            house=house,
            fetcher=fetcher,
            readers=readers,
            matcher=themes.compile_themes(house.settings.themes),
            run=run,
            now=house.clock(),
        )


def _every_source(desk: _Desk, chosen: Sequence[Source]) -> list[SourceCounts]:
    wrapped = Wrapped(desk)
    chains = []
    for source in chosen:
        found = discover_source.submit(wrapped, source.id)
        # A future stands for its result here, which Prefect's types don't know.
        fetched = fetch_pages.submit(wrapped, source.id, found)  # type: ignore[call-overload]
        chains.append((source, (found, fetched, read_pages.submit(wrapped, source.id, fetched))))
    counts = []
    full: Exception | None = None
    for source, stages in chains:
        result = _last_result(stages)
        if isinstance(result, SourceCounts):
            counts.append(result)
            continue
        if isinstance(result, (StoreError, ArchiveError)):
            full = full or result  # a full disk is no source's fault; raised when no task is at work any more
            continue
        # A stage died of something nobody foresaw: this source has failed, the others have not.
        # The digest prints the reason, so it holds nothing of what was being worked on: the run's page does.
        why = f"a fault of ours ({type(result).__name__}); the run's page has the details"
        contacted(desk, source, failure=why)
        counts.append(SourceCounts(source.id, source.name, failure=why))
    if full:
        raise full
    return counts


def _last_result(stages: Sequence[PrefectFuture[Any]]) -> Any:
    """What the last stage gave, or the exception that the first one to fail died of: those after it never ran."""
    result: Any = None
    for stage in stages:
        result = stage.result(raise_on_failure=False)
        if isinstance(result, Exception):
            break
    return result


def contacted(desk: _Desk, source: Source, *, failure: str | None = None, found: int = 0) -> None:
    states.contacted(
        desk.house.store, source.id, name=source.name, now=desk.now, run=desk.run, failure=failure, found=found
    )


# ---------------------------------------------------------------- the three stages of a source


@dataclass(frozen=True, slots=True)
class _Discovered:
    documents: tuple[tuple[str, ...], ...]  # addresses that belong together, in order
    found: int
    failure: str | None


@task(name="discover", task_run_name="discover {source_id}", cache_policy=NO_CACHE)
def discover_source(wrapped: Wrapped[_Desk], source_id: str) -> _Discovered:
    """Which pages to ask for: those the source names for the first time, and those whose visit is due."""
    desk = wrapped.value
    source, store, now = desk.house.settings.source(source_id), desk.house.store, desk.now
    before = states.find(store, source_id)
    seen = runs.marked(store, f"listing:{source_id}") or {}
    failure = None
    try:
        discovery = discover(
            source,
            desk.fetcher.bound_to(source),
            now=now,
            known=_Known(desk.house),
            last_contact=before.last_success if before else None,
            etag=seen.get("etag"),
            last_modified=seen.get("last_modified"),
            run=desk.readers.run,
        )
    except FetchFailed as error:
        # What is known of this source and due may still be there to read.
        discovery, failure = Discovery(), error.detail
    if discovery.failures:
        # Not a success: what the missing list names must still be new when it can be read again.
        failure = f"one of its lists could not be read: {discovery.failures[0].detail}"
        if source.method == "page-turner":
            discovery = Discovery()  # half an issue's pages would pass for all of them
    new = [
        Address(url=canonical(page), asked=page, source=source_id, first_seen=now, hint=found.published)
        for found in discovery.found
        for page in found.pages or (found.url,)
    ]
    added = addresses.add(store, new)
    contacted(desk, source, failure=failure, found=added)
    if not failure and not discovery.unchanged:
        listing = {"etag": discovery.etag, "last_modified": discovery.last_modified}
        runs.mark(store, f"listing:{source_id}", listing, now=now)
    together = _issues(desk, source_id, discovery)
    documents: dict[tuple[str, ...], None] = {}
    for address in addresses.due(store, now=now, source=source_id):
        documents[together.get(address.url, (address.url,))] = None
    say(f"{source.name}: {failure or f'{len(documents)} to fetch'}")
    return _Discovered(tuple(documents), added, failure)


def _issues(desk: _Desk, source_id: str, discovery: Discovery) -> dict[str, tuple[str, ...]]:
    """The pages of one issue belong together, whichever of them is due and whenever they were discovered."""
    name, store = f"issues:{source_id}", desk.house.store
    issues = {tuple(pages) for pages in runs.marked(store, name) or ()}
    new = {tuple(canonical(page) for page in found.pages) for found in discovery.found if len(found.pages) > 1} - issues
    if new:
        runs.mark(store, name, sorted(issues | new), now=desk.now)
    return {page: pages for pages in issues | new for page in pages}


class _Known:
    """The addresses in the store, asked one by one as discovery comes upon them."""

    def __init__(self, house: House) -> None:
        self._store = house.store

    def __contains__(self, url: object) -> bool:
        return isinstance(url, str) and bool(addresses.known(self._store, [url]))


@dataclass(frozen=True, slots=True)
class _Fetched:
    documents: Wrapped[tuple[Document, ...]]
    discovered: _Discovered
    counts: tuple[tuple[str, int], ...]


@task(name="fetch", task_run_name="fetch {source_id}", cache_policy=NO_CACHE)
def fetch_pages(wrapped: Wrapped[_Desk], source_id: str, discovered: _Discovered) -> _Fetched:
    """Ask for the pages, one after the other; what came is in the archive, what did not is recorded with its reason."""
    desk = wrapped.value
    source = desk.house.settings.source(source_id)
    documents: list[Document] = []
    counts: Counter[str] = Counter()
    for pages in discovered.documents:
        got, outcomes = _fetch_document(desk, source, pages)
        if got:
            documents.append(got)
        addresses.record(desk.house.store, outcomes, now=desk.now, run=desk.run)
        counts.update(o.outcome for o in outcomes)
    return _Fetched(Wrapped(tuple(documents)), discovered, tuple(counts.items()))


def _fetch_document(
    desk: _Desk, source: Source, pages: Sequence[str]
) -> tuple[Document | None, tuple[PageOutcome, ...]]:
    """The document if all of it came and it is not what we had; else the outcomes of its pages."""
    answers = [(page, _fetch_page(desk, source, page, conditional=len(pages) == 1)) for page in pages]
    outcomes = [answer for _, answer in answers if isinstance(answer, PageOutcome)]
    got = tuple(answer for _, answer in answers if isinstance(answer, Got))
    if all(o.next_visit is None and o.outcome == "failed" for o in outcomes):
        # All of it came, or what did not will never come: what is there is read.
        return got or None, tuple(outcomes)
    # Pages of one issue are read together: an article that lost its second page would end in the middle.
    waits = f"waits for another page of its issue ({outcomes[0].reason})"
    soon = desk.now + visits.PATIENCE[0]
    held = [PageOutcome(g.address, "failed", source=source.id, reason=waits, next_visit=soon) for g in got]
    return None, (*outcomes, *held)


def _fetch_page(desk: _Desk, source: Source, url: str, *, conditional: bool) -> Got | PageOutcome:
    """What came, or why nothing did; `conditional`: what we have already counts as nothing."""
    store, now = desk.house.store, desk.now
    desk.beat()
    known = addresses.find(store, url) or Address(url=url, source=source.id, first_seen=now)
    get = desk.fetcher.bound_to(source)
    try:
        answer = (
            get(known.to_fetch, etag=known.etag, last_modified=known.last_modified)
            if conditional
            else get(known.to_fetch)
        )
    except FetchFailed as error:
        return PageOutcome(
            url,
            "failed",
            source=source.id,
            reason=REASONS.get(error.kind, error.kind.replace("status-", "the server answered ")),
            status=error.status,
            next_visit=visits.after_failure(known.failures + 1, error.passing, error.retry_after, now),
        )
    if isinstance(answer, Fetched) and not (conditional and answer.page.sha256 == known.sha256):
        desk.house.archive.put(answer.page.body)
        return Got(url, answer.page, answer.etag, answer.last_modified)
    following = visits.after_reading(known.hint, known.first_seen, source.revisit_days, now)
    return PageOutcome(
        url,
        "unchanged",
        source=source.id,
        etag=answer.etag,
        last_modified=answer.last_modified,
        next_visit=following,
    )


@task(name="read", task_run_name="read {source_id}", cache_policy=NO_CACHE)
def read_pages(wrapped: Wrapped[_Desk], source_id: str, fetched: _Fetched) -> SourceCounts:
    """Read, judge, label and save what was fetched, a document at a time."""
    desk = wrapped.value
    source = desk.house.settings.source(source_id)
    state = states.find(desk.house.store, source_id)
    first_contact = state.first_contact if state else desk.now
    counts = Counter(dict(fetched.counts))
    for document in fetched.documents.value:
        desk.beat()
        try:
            outcomes = take_in(
                desk.house,
                desk.readers,
                source,
                document,
                matcher=desk.matcher,
                first_contact=first_contact,
                now=desk.now,
                run=desk.run,
                saving=desk.saving,
            )
        except (StoreError, ArchiveError, CannotStart):
            raise
        except Exception:
            # A fault of ours in judging one document costs that document, not the rest of its source.
            get_run_logger().exception("could not take in %s", document[0].address)
            outcomes = gave_up_on(desk.house, source, document, now=desk.now, run=desk.run)
        counts.update(o.outcome for o in outcomes)
    found = fetched.discovered
    say(f"{source.name}: {', '.join(f'{n} {outcome}' for outcome, n in sorted(counts.items())) or 'nothing new'}")
    return SourceCounts(source.id, source.name, found.found, tuple(sorted(counts.items())), found.failure)


# ---------------------------------------------------------------- what people see


def _totals(counts: Sequence[SourceCounts]) -> dict[str, int]:
    totals: Counter[str] = Counter(sources=len(counts), sources_failed=sum(bool(c.failure) for c in counts))
    for count in counts:
        totals["found"] += count.found
        totals.update(dict(count.pages))
    return dict(totals)


def _show(collected: Collected) -> None:
    table = [
        {
            "source": c.name,
            "new addresses": c.found,
            **{outcome: c.count(outcome) for outcome in ("read", "unchanged", "set aside", "failed")},
            "could not be asked": c.failure or "",
        }
        for c in collected.sources
    ]
    read = len(collected.sources) - len(collected.failed)
    create_table_artifact(
        table, key="collected", description=f"{read} of {len(collected.sources)} sources could be asked."
    )
