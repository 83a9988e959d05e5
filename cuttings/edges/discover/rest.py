"""WordPress by its REST interface: new posts, and articles with new comments; by its feeds where that is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cuttings.addresses import absolute
from cuttings.edges.discover import wordpress
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.task import Run, Task, directly
from cuttings.edges.discover.values import Discovery, Found, Listed, Listing
from cuttings.edges.fetch.results import FetchFailed, Get
from cuttings.model import when
from cuttings.settings import Source

MOST_REST_PAGES = 20
_CLOSED = "The site's WordPress interface is closed, so its feed was read: {}"


def posts(task: Task) -> Discovery:
    root = wordpress.root_of(task.source.url)
    try:
        entries, notes = _rest(task, lambda page: wordpress.posts_address(root, task.after, page), wordpress.read_posts)
    except FetchFailed as failed:
        if failed.kind in {"dns", "connect", "tls", "refused-address", "busy"}:
            raise  # the site itself is away; its feed would be as well
        fetched = task.further(f"{root}/feed/")
        result = task.result(task.listing(fetched, read_feed, fetched.final_url), fetched, "in the feed")
        # The feed's validators are no answer to the question that is asked first next time.
        return replace(result, notes=(*result.notes, _CLOSED.format(failed.detail)), etag=None, last_modified=None)
    return replace(task.sorted(entries, "posted", base=root), notes=notes)


def discover_comments(source: Source, get: Get, *, now: datetime, since: datetime, run: Run = directly) -> Discovery:
    """Articles of a WordPress site with comments newer than `since`, by REST or else by the feed of its comments.

    Raises FetchFailed when neither can be had.
    """
    task = Task(source, get, now, (), since, None, None, run)
    root = wordpress.root_of(source.url)
    try:
        entries, notes = _rest(
            task, lambda page: wordpress.comments_address(root, since, page), wordpress.read_comments
        )
    except FetchFailed as failed:
        fetched = task.further(f"{root}/comments/feed/")
        listing = task.listing(fetched, read_feed, fetched.final_url)
        entries = tuple(e for e in listing.entries if (moment := when(e.published)) is None or moment >= since)
        notes = (_CLOSED.format(failed.detail),)
    counts = wordpress.per_article(entries)
    sorted_ = task.sorted(tuple(Listed(link) for link in counts), "new comments", base=root)
    by_link = {_key(link, root): count for link, count in counts.items()}
    found = tuple(replace(item, comments=by_link.get(item.key, 1)) for item in sorted_.found)
    return replace(sorted_, found=found, notes=notes)


def _key(link: str, root: str) -> str:
    try:
        return Found(absolute(link, root)).key
    except ValueError:
        return link


def _rest(
    task: Task, address: Callable[[int], str], read: Callable[[bytes], Listing]
) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    entries: list[Listed] = []
    notes: tuple[str, ...] = ()
    for page in range(1, MOST_REST_PAGES + 1):
        try:
            listing = task.listing(task.further(address(page)), read)
        except FetchFailed:
            if page == 1:
                raise
            return tuple(entries), (*notes, f"Page {page} of the site's list can't be read.")
        entries += listing.entries
        if listing.overflow:
            notes = (*notes, f"Page {page} of the site's list held {listing.overflow:,} entries more than asked for.")
        if len(listing.entries) < wordpress.PER_PAGE:
            return tuple(entries), notes
        if task.last_contact is None and len(entries) >= task.source.most_at_first:
            break
    return tuple(entries), (
        *notes,
        f"Only the newest {len(entries)} entries were looked at; there may be more.",
    )
