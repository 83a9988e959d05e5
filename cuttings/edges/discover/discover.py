"""From a configured source to the addresses to read: asks for its listings and sorts what they say."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cuttings.addresses import absolute
from cuttings.edges.discover import pages, wordpress
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.sitemaps import read_sitemap
from cuttings.edges.discover.sorting import TWICE, is_archive, joined, sorted_out
from cuttings.edges.discover.values import Discovery, Failure, Found, Listed, Listing
from cuttings.edges.fetch.results import Fetched, FetchFailed, Get
from cuttings.edges.limited import Crashed, Exceeded
from cuttings.model import when
from cuttings.settings import Source

T = TypeVar("T")
Run = Callable[..., Any]  # run(function, *args): here, or in a worker with limits (Limited.run)

MOST_SITEMAPS = 30  # asked for in one go
MOST_REST_PAGES = 20
OVERLAP = timedelta(days=2)  # asked for again: posts are dated when they were written, not when they appeared


def directly(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


@dataclass(frozen=True, slots=True)
class _Task:
    source: Source
    get: Get
    now: datetime
    known: Container[str]
    last_contact: datetime | None
    etag: str | None
    last_modified: str | None
    run: Run

    @property
    def after(self) -> datetime:
        """What is older need not be listed."""
        since = self.now - timedelta(days=self.source.since_days)
        return max(since, self.last_contact - OVERLAP) if self.last_contact else since

    def sorted(
        self, entries: tuple[Listed, ...], why: str, home: str | None = None, base: str | None = None
    ) -> Discovery:
        return sorted_out(
            entries,
            self.source,
            now=self.now,
            why=why,
            home=home,
            known=self.known,
            base=base,
        )

    def read(self, url: str, function: Callable[..., T], *args: Any) -> T:
        """A parser's answer; FetchFailed when a stranger's bytes were too much for it."""
        try:
            answer: T = self.run(function, *args)
        except (Exceeded, Crashed) as error:
            raise FetchFailed(url, "bad-content", f"The list can't be read: {error.detail}") from error
        return answer


def discover(
    source: Source,
    get: Get,
    *,
    now: datetime,
    known: Container[str] = (),
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
    task = _Task(source, get, now, known, last_contact, etag, last_modified, run)
    return _METHODS[source.method](task)


def discover_comments(source: Source, get: Get, *, now: datetime, since: datetime, run: Run = directly) -> Discovery:
    """Articles of a WordPress site with comments newer than `since`, by REST or else by the feed of its comments.

    Raises FetchFailed when neither can be had.
    """
    task = _Task(source, get, now, (), since, None, None, run)
    root = wordpress.root_of(source.url)
    try:
        entries, notes = _rest(
            task, lambda page: wordpress.comments_address(root, since, page), wordpress.read_comments
        )
    except FetchFailed as failed:
        listing = _listing(task, f"{root}/comments/feed/", read_feed, with_url=True)[0]
        entries = tuple(e for e in listing.entries if (moment := when(e.published)) is None or moment >= since)
        notes = (_REST_CLOSED.format(failed.detail),)
    counts = wordpress.per_article(entries)
    sorted_ = task.sorted(tuple(Listed(link) for link in counts), "new comments", base=root)
    by_link = {_tidy_key(link, root): count for link, count in counts.items()}
    found = tuple(replace(item, comments=by_link.get(item.key, 1)) for item in sorted_.found)
    return replace(sorted_, found=found, notes=notes)


_REST_CLOSED = "The site's WordPress interface is closed, so its feed was read: {}"


def _tidy_key(link: str, root: str) -> str:
    try:
        return Found(absolute(link, root)).key
    except ValueError:
        return link


# ---------------------------------------------------------------- methods


def _feed(task: _Task) -> Discovery:
    fetched = task.get(task.source.url, expects="data", etag=task.etag, last_modified=task.last_modified)
    if not isinstance(fetched, Fetched):
        return Discovery(unchanged=True, etag=task.etag, last_modified=task.last_modified)
    listing = task.read(fetched.final_url, read_feed, fetched.page.body, fetched.final_url)
    return _of_listing(task, listing, fetched, "in the feed")


def _of_listing(task: _Task, listing: Listing, fetched: Fetched, why: str) -> Discovery:
    if listing.fault:
        raise FetchFailed(fetched.final_url, "bad-content", listing.fault)
    result = task.sorted(listing.entries, why, listing.home, fetched.final_url)
    notes = (f"{listing.overflow} further entries were not looked at.",) if listing.overflow else ()
    return replace(result, notes=notes, etag=fetched.etag, last_modified=fetched.last_modified)


def _sitemap(task: _Task) -> Discovery:
    waiting, asked = [task.source.url], set[str]()
    results: list[Discovery] = []
    entries: list[Listed] = []
    failed_ones: list[FetchFailed] = []
    notes: list[str] = []
    while waiting and len(asked) < MOST_SITEMAPS:
        url = waiting.pop(0)
        if url in asked:
            continue
        asked.add(url)
        try:
            listing, fetched = _listing(task, url, read_sitemap)
        except FetchFailed as failed:
            failed_ones.append(failed)
            continue
        entries += listing.entries
        if listing.overflow:
            notes.append(f"{listing.overflow} further entries of {url} were not looked at.")
        fresh = _fresh(listing.more, task.after)
        children = sorted_out(fresh, task.source, now=task.now, why="a sitemap", base=fetched.final_url, files=True)
        waiting += [child.url for child in children.found]
        results.append(replace(children, found=(), known=()))
    if not results and failed_ones:
        raise failed_ones[0]
    if waiting:
        notes.append(f"{len(waiting)} further sitemaps were not looked at.")
    recent, older = _parted(task, entries)
    result = joined(task.sorted(recent, "in the sitemap"), older, *results)
    return replace(result, failures=tuple(map(Failure.of, failed_ones)), notes=tuple(notes))


def _fresh(sitemaps: tuple[Listed, ...], after: datetime) -> tuple[Listed, ...]:
    """Sitemaps of an index that may hold something new: those last changed before we care hold nothing."""
    return tuple(s for s in sitemaps if (moment := when(s.published)) is None or moment >= after)


def _parted(task: _Task, entries: list[Listed]) -> tuple[tuple[Listed, ...], Discovery]:
    """Once a site has been visited, what its sitemap dates before that visit is no news.

    Else the site's whole past would be read, a helping every day.
    """
    recent: list[Listed] = []
    older: list[tuple[str, str]] = []
    for entry in entries:
        moment = when(entry.published)
        if task.last_contact and moment and moment < task.after:
            older.append((entry.link, "older than the last visit"))
        else:
            recent.append(entry)
    return tuple(recent), Discovery(set_aside=tuple(older))


def _wordpress(task: _Task) -> Discovery:
    root = wordpress.root_of(task.source.url)
    try:
        entries, notes = _rest(task, lambda page: wordpress.posts_address(root, task.after, page), wordpress.read_posts)
    except FetchFailed as failed:
        if failed.kind in {"dns", "connect", "tls", "refused-address", "busy"}:
            raise  # the site itself is away; its feed would be as well
        listing, fetched = _listing(task, f"{root}/feed/", read_feed, with_url=True)
        result = _of_listing(task, listing, fetched, "in the feed")
        return replace(result, notes=(*result.notes, _REST_CLOSED.format(failed.detail)))
    return replace(task.sorted(entries, "posted", base=root), notes=notes)


def _rest(
    task: _Task, address: Callable[[int], str], read: Callable[[bytes], Listing]
) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    entries: list[Listed] = []
    for page in range(1, MOST_REST_PAGES + 1):
        try:
            listing, _ = _listing(task, address(page), read)
        except FetchFailed:
            if page == 1:
                raise
            return tuple(entries), (f"Page {page} of the site's list can't be read.",)
        entries += listing.entries
        enough = task.last_contact is None and len(entries) >= task.source.most_at_first
        if len(listing.entries) < wordpress.PER_PAGE or enough:
            return tuple(entries), ()
    return tuple(entries), (f"Only the newest {len(entries)} entries were looked at.",)


def _listing(task: _Task, url: str, read: Callable[..., Listing], *, with_url: bool = False) -> tuple[Listing, Fetched]:
    fetched = task.get(url, expects="data")
    if not isinstance(fetched, Fetched):  # nothing was said about what we have
        raise FetchFailed(url, "bad-content", "The site says nothing has changed, but was not asked that.")
    args = (fetched.page.body, fetched.final_url) if with_url else (fetched.page.body,)
    listing = task.read(url, read, *args)
    if listing.fault:
        raise FetchFailed(url, "bad-content", listing.fault)
    return listing, fetched


def _list(task: _Task) -> Discovery:
    fetched = task.get(task.source.url, etag=task.etag, last_modified=task.last_modified)
    if not isinstance(fetched, Fetched):
        return Discovery(unchanged=True, etag=task.etag, last_modified=task.last_modified)
    page = fetched.page
    url = fetched.final_url
    listing = task.read(url, pages.read_list, page.body, page.media_type, url, task.source.selector or "a")
    return _of_listing(task, listing, fetched, "on the list page")


def _pages(task: _Task) -> Discovery:
    return _configured(task, tuple(Found(absolute(url), why="configured") for url in task.source.pages))


def _configured(task: _Task, items: tuple[Found, ...]) -> Discovery:
    once: dict[str, Found] = {}
    twice: list[tuple[str, str]] = []
    for item in items:
        if once.setdefault(item.key, item) is not item:
            twice.append((item.url, TWICE))
    return Discovery(
        found=tuple(item for key, item in once.items() if key not in task.known),
        known=tuple(item for key, item in once.items() if key in task.known),
        set_aside=tuple(twice),
    )


def _page_turner(task: _Task) -> Discovery:
    if task.source.pages:
        # Pages that name no others, as text copies do, are one document because the configuration says so.
        named = tuple(absolute(url) for url in task.source.pages)
        issue = Found(named[0], why="configured", pages=named)
        return Discovery(known=(issue,)) if issue.key in task.known else Discovery(found=(issue,))
    first = absolute(task.source.url)
    if Found(first).key in task.known:
        return Discovery(known=(Found(first, why="the issue's first page"),))
    numbered: list[str] = []
    at, failures = first, list[Failure]()
    for _ in range(pages.MOST_PAGES):
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
        seen = task.read(at, pages.read_turner, page.body, page.media_type, fetched.final_url)
        new = [url for url in seen if url not in numbered]
        numbered = sorted({*numbered, *seen}, key=pages.page_order)
        # A page that names its neighbours alone leads on to the last it names; a full list needs no second look.
        if not new or len(seen) > 3 or numbered[-1] == at:
            break
        at = numbered[-1]
    document = tuple(numbered) or (first,)
    return Discovery(found=(Found(first, why="the issue's pages", pages=document),), failures=tuple(failures))


_METHODS: Mapping[str, Callable[[_Task], Discovery]] = {
    "feed": _feed,
    "sitemap": _sitemap,
    "wordpress": _wordpress,
    "list": _list,
    "pages": _pages,
    "page-turner": _page_turner,
}

__all__ = ["discover", "discover_comments", "is_archive"]
