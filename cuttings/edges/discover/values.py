"""What discovery finds: addresses with what the listing says of them, and what it leaves out, with the reason."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from cuttings.addresses import canonical
from cuttings.edges.fetch.results import FetchFailed, Kind


@runtime_checkable
class Asked(Protocol):
    """Known addresses that are asked for many at once, as a store's are."""

    def among(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the canonical addresses that are known."""
        ...


Known = Container[str] | Asked


def among(known: Known, keys: Iterable[str]) -> frozenset[str]:
    """Those of the canonical addresses that are known."""
    return known.among(keys) if isinstance(known, Asked) else frozenset(key for key in keys if key in known)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a feed, sitemap or list page, as it stands there; `link` may be relative or no address at all."""

    link: str
    title: str | None = None
    published: str | None = None  # ISO, of the precision given
    updated: str | None = None  # ISO: when the listing says that it was changed


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing says. `home` is the site it says it belongs to; `more` are listings it points to.

    `fault` is a sentence when it is no listing of its kind; `overflow` counts entries beyond the cap, or behind damage
    that could not be read past; `following` is the next page of a list; `cut` is a sentence when only its beginning
    was looked at, so that nobody knows what is missing.
    """

    entries: tuple[Listed, ...] = ()
    home: str | None = None
    more: tuple[Listed, ...] = ()
    overflow: int = 0
    fault: str | None = None
    following: str | None = None
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An address to read. `pages` are the consecutive pages of its document: of a page-turner all, else `url` alone.

    `archive`: published before the source's `since_days`, so it is read but is not news. An undated find is judged
    again once it has been read: see `is_archive`. `comments`: how many new ones the site announces. `updated`: when the
    listing says that the page was changed.
    """

    url: str
    title: str | None = None
    published: str | None = None
    why: str = ""
    archive: bool = False
    pages: tuple[str, ...] = ()
    comments: int = 0
    updated: str | None = None

    def __post_init__(self) -> None:
        if not self.pages:
            object.__setattr__(self, "pages", (self.url,))

    @property
    def key(self) -> str:
        """The name its copies share: what the store knows it by."""
        return canonical(self.url)


@dataclass(frozen=True, slots=True)
class Failure:
    url: str
    kind: Kind
    detail: str
    retry_after: datetime | None = None

    @classmethod
    def of(cls, failed: FetchFailed) -> Failure:
        return cls(failed.url, failed.kind, failed.detail, failed.retry_after)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Every entry of the listings is in `found`, `known` or `set_aside` (address, why).

    `failures` are listings that could not be had while others could. `unchanged`: the site said that the listing is
    the one whose `etag` and `last_modified` were given. `overflow` counts entries that were too many to look at, and
    stand nowhere else. `notes` are sentences for people.
    """

    found: tuple[Found, ...] = ()
    known: tuple[Found, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False
    overflow: int = 0

    @property
    def listed(self) -> int:
        """How many entries the site named, whatever became of them."""
        return len(self.found) + len(self.known) + len(self.set_aside) + self.overflow
