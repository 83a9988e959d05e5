"""robots.txt, remembered for a day (RFC 9309): 4xx = we may, anything else that is not an answer = we must not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from protego import Protego

from cuttings.edges.fetch.results import FetchFailed, Kind

KEPT = timedelta(hours=24)
KEPT_AFTER_FAILURE = timedelta(minutes=10)  # a host that was down for a moment is not shut out for a day
READ = 500 * 1024  # bytes; the standard's least, and more than anybody needs
_MOST_STARS = 8  # in one pattern: each star multiplies the ways a hostile rule can be tried

# The host itself is out of reach: the page would be as well, and its own reason says more than "robots".
_HOST_FAULTS: frozenset[Kind] = frozenset({"bad-address", "refused-address", "dns", "connect", "tls", "busy"})
# A redirect that leads nowhere counts as no file (RFC 9309, 2.3.1.2); one to a private address is refused above.
_ABSENT: frozenset[Kind] = frozenset({"missing", "status-4xx", "redirect", "status-3xx"})


class _Rules(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    until: datetime
    rules: _Rules | None  # None: everything is allowed
    failure: FetchFailed | None = None


class Robots:
    """What every host said; one object a Fetcher, safe to share between threads."""

    def __init__(self, agent: str, now: Callable[[], datetime]) -> None:
        self._agent, self._now = agent, now
        self._entries: dict[str, _Entry] = {}
        self._asking: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def check(self, url: str, root: str, read: Callable[[str], bytes]) -> float:
        """The Crawl-delay in seconds (0: none). Raises FetchFailed when `url` may not be fetched.

        `root` is the site's "scheme://host:port"; `read` fetches its robots.txt and may raise FetchFailed.
        """
        entry = self._entry(root, read)
        if entry.failure is not None:
            raise _about(url, entry.failure)
        if entry.rules is None:
            return 0.0
        if not entry.rules.can_fetch(url, self._agent):
            raise FetchFailed(url, "robots", "The site's robots.txt asks us not to read this address.")
        delay = entry.rules.crawl_delay(self._agent)
        return max(0.0, float(delay)) if delay is not None else 0.0

    def _entry(self, root: str, read: Callable[[str], bytes]) -> _Entry:
        with self._lock:
            asking = self._asking.setdefault(root, threading.Lock())
        with asking:  # two threads with one new host ask for its rules once
            entry = self._entries.get(root)
            if entry is None or entry.until <= self._now():
                entry = self._entries[root] = self._fresh(root, read)
            return entry

    def _fresh(self, root: str, read: Callable[[str], bytes]) -> _Entry:
        try:
            rules = parsed(read(f"{root}/robots.txt"))
        except FetchFailed as failure:
            if failure.kind in _ABSENT:
                return _Entry(self._now() + KEPT, None)
            return _Entry(self._now() + KEPT_AFTER_FAILURE, None, failure)
        return _Entry(self._now() + KEPT, rules)


def parsed(body: bytes) -> _Rules:
    """The rules in a robots.txt; what can't be read in it counts as not there."""
    text = body[:READ].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = (line[:2000] for line in text.splitlines())
    rules: _Rules = Protego.parse("\n".join(line for line in lines if line.count("*") <= _MOST_STARS))
    return rules


def _about(url: str, failure: FetchFailed) -> FetchFailed:
    if failure.kind in _HOST_FAULTS:
        return FetchFailed(url, failure.kind, failure.detail, failure.retry_after, failure.status)
    why = failure.detail[:1].lower() + failure.detail[1:]
    return FetchFailed(url, "robots", f"The site's robots.txt can't be read, so we may not go on: {why}", None)
