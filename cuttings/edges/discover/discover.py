"""From a configured source to the addresses to read: asks for its listings and sorts what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from cuttings.addresses import absolute
from cuttings.edges.discover import govuk, rest, walking
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.rest import discover_comments
from cuttings.edges.discover.sitemaps import read_sitemap
from cuttings.edges.discover.sorting import TWICE, is_archive, joined, newest, sorted_out
from cuttings.edges.discover.task import Run, Task, directly
from cuttings.edges.discover.values import Discovery, Failure, Found, Known, Listed, among
from cuttings.edges.fetch.results import FetchFailed, Get
from cuttings.model import when
from cuttings.settings import Source

MOST_SITEMAPS = 30  # asked for in one go
MOST_ENTRIES = 10_000  # of all of them together, the newest: sorting them is what costs
OLDER = "older than the last visit"


def discover(
    source: Source,
    get: Get,
    *,
    now: datetime,
    known: Known = (),
    last_contact: datetime | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    run: Run = directly,
) -> Discovery:
    """What a source has to read. Raises FetchFailed when nothing at all could be learnt from it.

    get: `Fetcher.bound_to(source)`. known: canonical addresses already read. last_contact: when the source was last
    discovered with success; None is first contact, with its cap. etag, last_modified: of the last Discovery.
    run: how a parser is called (`Limited.run` keeps strangers' lists to limits).
    """
    task = Task(source, get, now, known, last_contact, etag, last_modified, run)
    return _METHODS[source.method](task)


# ---------------------------------------------------------------- methods


def _feed(task: Task) -> Discovery:
    fetched = task.first(task.source.url)
    if fetched is None:
        return task.unchanged
    return task.result(task.listing(fetched, read_feed, fetched.final_url), fetched, "in the feed")


def _govuk(task: Task) -> Discovery:
    """What a list names, to be read by the content API: its addresses, not the pages', are what is found."""
    fetched = task.first(govuk.list_address(task.source.url))
    if fetched is None:
        return task.unchanged
    listing = task.listing(fetched, govuk.read_govuk, fetched.final_url)
    entries, files = [], []
    for entry in listing.entries:
        address = govuk.content_address(entry.link)
        if address is None:
            files.append((entry.link or f"({entry.title or 'no title'})", "no page that the content API knows"))
        else:
            entries.append(replace(entry, link=address))
    result = task.result(replace(listing, entries=tuple(entries)), fetched, "on GOV.UK")
    return replace(result, set_aside=(*result.set_aside, *files))


def _sitemap(task: Task) -> Discovery:
    waiting, asked = [task.source.url], set[str]()
    results: list[Discovery] = []
    entries: list[Listed] = []
    failed_ones: list[FetchFailed] = []
    overflow = 0
    while waiting and len(asked) < MOST_SITEMAPS:
        url = waiting.pop(0)
        if url in asked:
            continue
        asked.add(url)
        try:
            fetched = task.further(url)
            listing = task.listing(fetched, read_sitemap)
        except FetchFailed as failed:
            failed_ones.append(failed)
            continue
        several = [*entries, *listing.entries]
        entries = list(newest(several, MOST_ENTRIES))
        overflow += listing.overflow + len(several) - len(entries)
        fresh = _fresh(listing.more, task.after)
        children = sorted_out(fresh, task.source, now=task.now, why="a sitemap", base=fetched.final_url, files=True)
        waiting += [child.url for child in children.found]
        results.append(replace(children, found=(), known=()))
    if not results and failed_ones:
        raise failed_ones[0]
    notes = (f"{len(waiting)} further sitemaps were not looked at.",) if waiting else ()
    recent, older = _parted(task, entries)
    result = joined(task.sorted(recent, "in the sitemap"), older, *results)
    failures = tuple(map(Failure.of, failed_ones))
    return replace(result, failures=failures, notes=notes, overflow=overflow)


def _fresh(sitemaps: tuple[Listed, ...], after: datetime) -> tuple[Listed, ...]:
    """Sitemaps of an index that may hold something new: those last changed before we care hold nothing."""
    return tuple(s for s in sitemaps if (moment := when(s.published)) is None or moment >= after)


def _parted(task: Task, entries: list[Listed]) -> tuple[tuple[Listed, ...], Discovery]:
    """Once a site has been visited, what its sitemap dates before that visit is no news.

    Else the site's whole past would be read, a helping every day.
    """
    recent: list[Listed] = []
    older: list[tuple[str, str]] = []
    for entry in entries:
        moment = when(entry.published)
        if task.last_contact and moment and moment < task.after:
            older.append((entry.link, OLDER))
        else:
            recent.append(entry)
    return tuple(recent), Discovery(set_aside=tuple(older))


def _pages(task: Task) -> Discovery:
    items = tuple(Found(absolute(url), why="configured") for url in task.source.pages)
    once: dict[str, Found] = {}
    twice: list[tuple[str, str]] = []
    for item in items:
        if once.setdefault(item.key, item) is not item:
            twice.append((item.url, TWICE))
    known = among(task.known, once)
    return Discovery(
        found=tuple(item for key, item in once.items() if key not in known),
        known=tuple(item for key, item in once.items() if key in known),
        set_aside=tuple(twice),
    )


_METHODS: Mapping[str, Callable[[Task], Discovery]] = {
    "feed": _feed,
    "sitemap": _sitemap,
    "wordpress": rest.posts,
    "govuk": _govuk,
    "list": walking.list_pages,
    "pages": _pages,
    "page-turner": walking.issue,
}

__all__ = ["discover", "discover_comments", "is_archive"]
