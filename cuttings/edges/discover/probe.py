"""How could a site be read that nobody has configured yet? Asks it, the best way first, and says what it tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cuttings.addresses import absolute, host_of
from cuttings.edges.discover import govuk, turner, wordpress
from cuttings.edges.discover.feeds import read_feed
from cuttings.edges.discover.guess import guess_selector
from cuttings.edges.discover.hints import read_hints
from cuttings.edges.discover.sitemaps import read_sitemap
from cuttings.edges.discover.task import Run, directly
from cuttings.edges.fetch.results import Expects, Fetched, FetchFailed, Get
from cuttings.edges.limited import Crashed, Exceeded

_MOST_ASKED = 10  # addresses, each after the site's pause
_FEEDS = ("/feed/", "/rss.xml", "/rss", "/atom.xml", "/feed.xml")
_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml")


@dataclass(frozen=True, slots=True)
class Proposal:
    """How the site may be read: what a block needs, and a sentence that says how it was found."""

    method: str
    url: str
    why: str
    selector: str | None = None


@dataclass(slots=True)
class Probe:
    """One site under examination. `site` is its name for itself; `tried` are (address, what came of it)."""

    fetched: Fetched
    get: Get
    now: datetime
    run: Run = directly
    site: str | None = None
    tried: list[tuple[str, str]] = field(default_factory=list)

    def propose(self, *, article: bool) -> Proposal | None:
        """The best way to read the site. `article`: what was fetched reads as one, so it is no list itself."""
        body, media_type, url = self.fetched.page.body, self.fetched.page.media_type, self.fetched.final_url
        if is_markup(body) or body.lstrip().startswith(b"{"):
            if (count := self._entries(read_feed, body, url)) is not None:
                return Proposal("feed", url, f"it is a feed, with {count} entries")
            if (count := self._entries(read_sitemap, body)) is not None:
                return Proposal("sitemap", url, f"it is a sitemap, with {count} entries")
        hints = self._read(read_hints, body, media_type, url) or {}
        self.site = next(iter(hints.get("site", ())), None)
        return next((way for way in self._ways(hints, article) if way is not None), None)

    def _ways(self, hints: dict[str, tuple[str, ...]], article: bool) -> Iterator[Proposal | None]:
        yield self._govuk()
        yield self._issue()
        yield self._rest(hints)
        yield from self._feeds(hints)
        yield None if article else self._list(self.fetched)
        yield self._guessed_feed()
        yield self._sitemap()
        yield self._home()
        yield self._list(self.fetched)  # a list may read as an article when its teasers are long

    # ------------------------------------------------------------ the ways, each a Proposal or None

    def _govuk(self) -> Proposal | None:
        url = self.fetched.final_url
        if host_of(url) not in {"gov.uk", "www.gov.uk"}:
            return None
        if not urlsplit(url).path.startswith(("/search/", "/government/organisations/", "/government/collections/")):
            url = f"{_root(url)}/search/news-and-communications"
        count = self._asked(govuk.list_address(url), govuk.read_govuk, with_url=True)
        return Proposal("govuk", url, f"GOV.UK lists {count} pages there") if count else None

    def _issue(self) -> Proposal | None:
        page, url = self.fetched.page, self.fetched.final_url
        if not re.search(r"\d[^/]*$|page=\d", url):
            return None
        numbered: tuple[str, ...] = self._read(turner.read_turner, page.body, page.media_type, url) or ()
        if len(numbered) < 4 or url not in numbered:
            return None
        return Proposal("page-turner", numbered[0], f"its pages are numbered, {len(numbered)} of them")

    def _rest(self, hints: dict[str, tuple[str, ...]]) -> Proposal | None:
        made_by = " ".join(hints.get("generator", ())).lower()
        if not hints.get("wordpress") and "wordpress" not in made_by and b"/wp-content/" not in self.fetched.page.body:
            return None
        named = hints.get("wordpress", ())
        root = wordpress.root_of(named[0]) if named else _root(self.fetched.final_url)
        count = self._asked(wordpress.posts_address(root, self.now - timedelta(days=365), 1), wordpress.read_posts)
        return Proposal("wordpress", f"{root}/", "WordPress's own interface answers") if count else None

    def _feeds(self, hints: dict[str, tuple[str, ...]]) -> Iterator[Proposal | None]:
        for url in hints.get("feed", ())[:3]:
            count = self._asked(url, read_feed, with_url=True)
            yield Proposal("feed", url, f"the page names this feed, with {count} entries") if count else None

    def _guessed_feed(self) -> Proposal | None:
        for path in _FEEDS:
            url = f"{_root(self.fetched.final_url)}{path}"
            if count := self._asked(url, read_feed, with_url=True):
                return Proposal("feed", url, f"there is a feed at the usual place, with {count} entries")
        return None

    def _sitemap(self) -> Proposal | None:
        for path in _SITEMAPS:
            url = f"{_root(self.fetched.final_url)}{path}"
            if count := self._asked(url, read_sitemap):
                return Proposal("sitemap", url, f"there is a sitemap with {count} entries, articles and others")
        return None

    def _list(self, fetched: Fetched) -> Proposal | None:
        page = fetched.page
        selector = self._read(guess_selector, page.body, page.media_type, fetched.final_url)
        if not selector:
            return None
        return Proposal("list", fetched.final_url, "the links of this page, by a guess: look at them", selector)

    def _home(self) -> Proposal | None:
        home = f"{_root(self.fetched.final_url)}/"
        fetched = self._get(home, "page")
        return self._list(fetched) if fetched else None

    # ------------------------------------------------------------ asking and reading

    def _asked(self, url: str, read, *, with_url: bool = False) -> int | None:  # type: ignore[no-untyped-def]
        """How many entries the listing at an address has; None where there is none."""
        fetched = self._get(url, "data")
        if fetched is None:
            return None
        count = self._entries(read, fetched.page.body, *([fetched.final_url] if with_url else []))
        if not count:
            self.tried.append((url, "no list" if count is None else "a list without entries"))
        return count

    def _entries(self, read, *args: object) -> int | None:  # type: ignore[no-untyped-def]
        listing = self._read(read, *args)
        return None if listing is None or listing.fault else len(listing.entries) + len(listing.more)

    def _get(self, url: str, expects: Expects) -> Fetched | None:
        if any(url == asked for asked, _ in self.tried):
            return None
        if len(self.tried) >= _MOST_ASKED:
            return None
        try:
            fetched = self.get(absolute(url), expects=expects)
        except (FetchFailed, ValueError) as error:
            self.tried.append((url, error.detail if isinstance(error, FetchFailed) else str(error)))
            return None
        return fetched if isinstance(fetched, Fetched) else None

    def _read(self, read, *args: object):  # type: ignore[no-untyped-def]
        try:
            return self.run(read, *args)
        except (Exceeded, Crashed):
            return None


def is_markup(body: bytes) -> bool:
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and b"<html" not in start and not start.startswith(b"<!doctype html")


def _root(url: str) -> str:
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"
