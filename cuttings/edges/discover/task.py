"""One visit to a source: what its methods share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cuttings.edges.discover.sorting import sorted_out
from cuttings.edges.discover.values import Discovery, Known, Listed, Listing
from cuttings.edges.fetch.results import Expects, Fetched, FetchFailed, Get
from cuttings.edges.limited import Crashed, Exceeded
from cuttings.settings import Source

T = TypeVar("T")
Run = Callable[..., Any]  # run(function, *args): here, or in a worker with limits (Limited.run)

OVERLAP = timedelta(days=2)  # asked for again: posts are dated when they were written, not when they appeared


def directly(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


@dataclass(frozen=True, slots=True)
class Task:
    source: Source
    get: Get
    now: datetime
    known: Known
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
        return sorted_out(entries, self.source, now=self.now, why=why, home=home, known=self.known, base=base)

    def read(self, url: str, function: Callable[..., T], *args: Any) -> T:
        """A parser's answer; FetchFailed when a stranger's bytes were too much for it."""
        try:
            answer: T = self.run(function, *args)
        except (Exceeded, Crashed) as error:
            raise FetchFailed(url, "bad-content", f"The list can't be read: {error.detail}") from error
        return answer

    def first(self, url: str, expects: Expects = "data") -> Fetched | None:
        """The source's own listing; None when the site says that it is the one we had."""
        fetched = self.get(url, expects=expects, etag=self.etag, last_modified=self.last_modified)
        return fetched if isinstance(fetched, Fetched) else None

    @property
    def unchanged(self) -> Discovery:
        return Discovery(unchanged=True, etag=self.etag, last_modified=self.last_modified)

    def further(self, url: str, expects: Expects = "data") -> Fetched:
        """A listing of which we have no copy."""
        fetched = self.get(url, expects=expects)
        if not isinstance(fetched, Fetched):  # nothing was said about what we have
            raise FetchFailed(url, "bad-content", "The site says nothing has changed, but was not asked that.")
        return fetched

    def listing(self, fetched: Fetched, read: Callable[..., Listing], *more: Any) -> Listing:
        """What a listing says; FetchFailed when it is none."""
        listing = self.read(fetched.final_url, read, fetched.page.body, *more)
        if listing.fault:
            raise FetchFailed(fetched.final_url, "bad-content", listing.fault)
        return listing

    def result(self, listing: Listing, fetched: Fetched, why: str) -> Discovery:
        """The discovery that one listing makes."""
        found = self.sorted(listing.entries, why, listing.home, fetched.final_url)
        notes = (listing.cut,) if listing.cut else ()
        return replace(
            found, notes=notes, overflow=listing.overflow, etag=fetched.etag, last_modified=fetched.last_modified
        )
