"""Sources that are walked through page by page: lists of links, and the issues of page-turners."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cuttings.addresses import absolute
from cuttings.edges.discover import turner
from cuttings.edges.discover.lists import Selectors, read_list
from cuttings.edges.discover.task import Task
from cuttings.edges.discover.values import Discovery, Failure, Found, Listed, among
from cuttings.edges.fetch.results import Fetched, FetchFailed
from cuttings.model import when


def list_pages(task: Task) -> Discovery:
    """A list and its further pages, until one brings nothing new, the first contact has enough, or it ends."""
    source, address = task.source, _address(task, 1)
    fetched = task.first(address, "page")
    if fetched is None:
        return task.unchanged
    selectors = Selectors(source.selector, source.next_selector)
    first, entries, notes, failures = fetched, list[Listed](), list[str](), list[Failure]()
    asked, named = {absolute(address), fetched.final_url}, set[str]()
    number, overflow = 1, 0
    while True:
        try:
            listing = task.listing(fetched, read_list, fetched.page.media_type, fetched.final_url, selectors)
        except FetchFailed:
            if number == 1:
                raise
            break  # past the end, a list shows its frame without any link
        # Asked for a page past the last, many sites show the first or the last again.
        new = [entry for entry in listing.entries if entry.link not in named]
        entries += listing.entries if number == 1 or new else ()
        overflow += listing.overflow
        notes += [listing.cut] if listing.cut and listing.cut not in notes else []
        named.update(entry.link for entry in new)
        following = listing.following or (_address(task, number + 1) if source.is_numbered else None)
        if following is None or not _worth(task, new, len(entries)) or following in asked:
            break
        if number == source.most_pages:
            notes.append(f"Only the first {number} pages of the list were looked at (most_pages).")
            break
        asked.add(following)
        number += 1
        try:
            fetched = task.further(following, "page")
        except FetchFailed as failed:
            if failed.kind != "missing":  # the page after the last is often not there
                failures.append(Failure.of(failed))
            break
    found = task.sorted(tuple(entries), "on the list page", None, first.final_url)
    found = replace(found, notes=tuple(notes), failures=tuple(failures), overflow=overflow)
    # Further pages change while the first stays, so only a list of one page can be called unchanged.
    return replace(found, etag=first.etag, last_modified=first.last_modified) if number == 1 else found


def _address(task: Task, page: int) -> str:
    return task.source.list_address(page, _since(task).date(), task.now.date())


def _since(task: Task) -> datetime:
    """Not the last visit: what a list dates by its decision may be put up weeks later, and be new all the same."""
    return task.now - timedelta(days=task.source.since_days)


def _worth(task: Task, new: list[Listed], so_far: int) -> bool:
    """Is the next page of the list worth asking for, seeing what was new on this one?"""
    if task.last_contact is None and so_far >= task.source.most_at_first:
        return False
    dated = [moment for entry in new if (moment := when(entry.published))]
    if new and len(dated) == len(new) and max(dated) < _since(task):
        return False
    keys = {_key(entry, task) for entry in new}
    return len(among(task.known, keys)) < len(keys)


def _key(entry: Listed, task: Task) -> str:
    try:
        return Found(absolute(entry.link, task.source.url)).key
    except ValueError:
        return entry.link


def issue(task: Task) -> Discovery:
    """A page-turner's issue: all its pages are one document."""
    if task.source.pages:
        # Pages that name no others, as text copies do, are one document because the configuration says so.
        named = tuple(absolute(url) for url in task.source.pages)
        whole = Found(named[0], why="configured", pages=named)
        return Discovery(known=(whole,)) if among(task.known, [whole.key]) else Discovery(found=(whole,))
    first = absolute(task.source.url)
    if among(task.known, [Found(first).key]):
        return Discovery(known=(Found(first, why="the issue's first page"),))
    numbered: list[str] = []
    at, failures = first, list[Failure]()
    for _ in range(turner.MOST_PAGES):
        try:
            fetched = task.get(at)
        except FetchFailed as failed:
            if at == first:
                raise
            failures.append(Failure.of(failed))
            break
        if not isinstance(fetched, Fetched):
            break
        page = fetched.page
        seen = task.read(at, turner.read_turner, page.body, page.media_type, fetched.final_url)
        new = [url for url in seen if url not in numbered]
        numbered = sorted({*numbered, *seen}, key=turner.page_order)
        # A page that names its neighbours alone leads on to the last it names; a full list needs no second look.
        if not new or len(seen) > 3 or numbered[-1] == at:
            break
        at = numbered[-1]
    document = tuple(numbered) or (first,)
    return Discovery(found=(Found(first, why="the issue's pages", pages=document),), failures=tuple(failures))
