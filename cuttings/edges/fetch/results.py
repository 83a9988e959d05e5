"""What a request ends in: a page, "nothing new", or a failure with a kind and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from cuttings.model import Page

Kind = Literal[
    "bad-address",  # no address of the web
    "refused-address",  # private, loopback, reserved: we do not go there for this source
    "dns",  # the host has no address, or its name server does not answer
    "connect",  # nobody listens, or the network is in the way
    "tls",  # the certificate can't be trusted, or the handshake failed
    "timeout",  # the whole request took longer than the deadline
    "dropped",  # the connection ended in the middle of the answer's head
    "truncated",  # the page is not whole
    "too-large",  # head or page over the cap, compressed or not
    "bad-content",  # not what was asked for: a picture, a broken encoding, nothing at all
    "redirect",  # too many, in a circle, or to where we may not go
    "robots",  # robots.txt says no, or can't be read and then we may not
    "busy",  # 429 or 503, or the host asked for a longer pause than we wait; `retry_after` says when
    "missing",  # 404 or 410
    "status-3xx",
    "status-4xx",
    "status-5xx",
    "status-odd",  # 1xx, 600 and the like
]
Expects = Literal["page", "data"]  # data: feeds, sitemaps, REST answers, which may also be gzip files

# Trying again soon is sensible for these; the others need a person, or another day.
_PASSING: frozenset[Kind] = frozenset({"dns", "connect", "timeout", "dropped", "truncated", "busy", "status-5xx"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came. `final_url` is where the redirects ended, without credentials; `redirects` the way there.

    `page.media_type` is the Content-Type as sent, parameters included: "text/html; charset=windows-1252".
    `etag` and `last_modified` are what to send next time.
    """

    page: Page
    final_url: str
    etag: str | None = None
    last_modified: str | None = None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says that what we have is still what it has."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


class FetchFailed(Exception):
    """No page: the address, the kind of failure, a sentence, and when to come back where that is known."""

    def __init__(
        self, url: str, kind: Kind, detail: str, retry_after: datetime | None = None, status: int | None = None
    ) -> None:
        super().__init__(f"{url}: {detail}")
        self.url, self.kind, self.detail = url, kind, detail
        self.retry_after, self.status = retry_after, status

    @property
    def passing(self) -> bool:
        """Is it worth trying again soon?"""
        return self.kind in _PASSING

    def __reduce__(self) -> tuple[type[FetchFailed], tuple[object, ...]]:
        return type(self), (self.url, self.kind, self.detail, self.retry_after, self.status)


class Get(Protocol):
    """How discovery asks for a page; `Fetcher.bound_to(source)` is one. Raises FetchFailed."""

    def __call__(
        self, url: str, *, expects: Expects = "page", etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | NotModified: ...
