"""Discovery for one source: which pages to ask for, and what its lists named that we do not ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cuttings.addresses import canonical
from cuttings.edges.discover import Discovery, discover
from cuttings.edges.discover.sorting import ITSELF, TWICE
from cuttings.edges.fetch import FetchFailed
from cuttings.edges.store import addresses, runs
from cuttings.edges.store import sources as states
from cuttings.edges.store.addresses import Address
from cuttings.model import precision, when
from cuttings.settings import Source
from flows.collecting.desk import Desk
from flows.house import House

# Nobody misses these: the same entry twice, and the list's link to itself.
_NO_LOSS = frozenset({TWICE, ITSELF})

TOO_MANY = "further entries, too many to look at"


@dataclass(frozen=True, slots=True)
class Discovered:
    documents: tuple[tuple[str, ...], ...]  # addresses that belong together, in order
    found: int = 0
    failure: str | None = None
    left_out: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


def discover_documents(desk: Desk, source: Source) -> Discovered:
    """Those pages that the source names for the first time, and those whose visit is due."""
    store, now = desk.house.store, desk.now
    discovery, failure = _ask(desk, source)
    new = [
        Address(url=canonical(page), asked=page, source=source.id, first_seen=now, hint=found.published)
        for found in discovery.found
        for page in found.pages or (found.url,)
    ]
    added = addresses.add(store, new)
    desk.contacted(source, failure=failure, found=added)
    if not failure and not discovery.unchanged:
        listing = {"etag": discovery.etag, "last_modified": discovery.last_modified}
        if runs.marked(store, _listing(source)) != listing:
            runs.mark(store, _listing(source), listing, now=now)
    sooner, waiting = _changed(source, discovery)
    if sooner:
        addresses.visit_sooner(store, sooner, now=now)
    together = _issues(desk, source, discovery)
    documents: dict[tuple[str, ...], None] = {}
    for address in addresses.due(store, now=now, source=source.id):
        documents[together.get(address.url, (address.url,))] = None
    left_out = Counter(reason for _, reason in discovery.set_aside if reason not in _NO_LOSS)
    if discovery.overflow:
        left_out[TOO_MANY] += discovery.overflow
    return Discovered(tuple(documents), added, failure, tuple(left_out.most_common()), (*discovery.notes, *waiting))


def _changed(source: Source, discovery: Discovery) -> tuple[dict[str, datetime], tuple[str, ...]]:
    """Known pages with the moment their site says it changed them, the newest; a note where these are not all.

    A site that is built anew dates every page of its sitemap by that day: they are not all asked for at once.
    """
    dated = [(_latest(item.updated), item.key) for item in discovery.known if item.updated]
    newest = sorted(((moment, key) for moment, key in dated if moment), reverse=True)
    today = sum(moment >= newest[0][0] - timedelta(days=1) for moment, _ in newest) if newest else 0
    most = source.most_at_first
    note = f"{today} pages were changed at once; the newest {most} are looked at again." if today > most else None
    return {key: moment for moment, key in newest[:most]}, (note,) if note else ()


def _latest(iso: str | None) -> datetime | None:
    """The last moment a date can mean: what is dated by its day may have been changed after that day's visit."""
    moment = when(iso)
    return moment + timedelta(days=1) if moment and precision(iso) == "day" else moment


def _ask(desk: Desk, source: Source) -> tuple[Discovery, str | None]:
    """What the source's lists say, and why it could not be asked."""
    before = states.find(desk.house.store, source.id)
    seen = runs.marked(desk.house.store, _listing(source)) or {}
    try:
        discovery = discover(
            source,
            desk.get(source),
            now=desk.now,
            known=_Known(desk.house),
            last_contact=before.last_success if before else None,
            etag=seen.get("etag"),
            last_modified=seen.get("last_modified"),
            run=desk.readers.run,
        )
    except FetchFailed as error:
        # What is known of this source and due may still be there to read.
        return Discovery(), error.detail
    if not discovery.failures:
        return discovery, None
    # Not a success: what the missing list names must still be new when it can be read again.
    failure = f"one of its lists could not be read: {discovery.failures[0].detail}"
    # Half an issue's pages would pass for all of them.
    return (Discovery() if source.method == "page-turner" else discovery), failure


def _listing(source: Source) -> str:
    return f"listing:{source.id}"


def _issues(desk: Desk, source: Source, discovery: Discovery) -> dict[str, tuple[str, ...]]:
    """The pages of one issue belong together, whichever of them is due and whenever they were discovered."""
    name, store = f"issues:{source.id}", desk.house.store
    issues = {tuple(pages) for pages in runs.marked(store, name) or ()}
    new = {tuple(canonical(page) for page in found.pages) for found in discovery.found if len(found.pages) > 1} - issues
    if new:
        runs.mark(store, name, sorted(issues | new), now=desk.now)
    return {page: pages for pages in issues | new for page in pages}


class _Known:
    """The addresses in the store, asked a list at a time."""

    def __init__(self, house: House) -> None:
        self._store = house.store

    def among(self, keys: Iterable[str]) -> frozenset[str]:
        return addresses.known(self._store, keys)
