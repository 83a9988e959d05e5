"""Sitemaps, news sitemaps and indexes of them -> Listing. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.markup import bare, events, forget, local, starts, words
from cuttings.edges.discover.values import Listed, Listing
from cuttings.edges.fetch.decode import Incomplete, TooLarge, Undecodable, gunzipped

MOST_ENTRIES = 50_000  # the standard's own limit
LARGEST = 24_000_000  # bytes, unpacked; 50,000 addresses are 10 MB
_FIELDS = {"loc": "link", "lastmod": "changed", "publication_date": "published", "title": "title"}


def read_sitemap(body: bytes) -> Listing:
    """What a sitemap lists: `entries` are pages, `more` an index's sitemaps. Also as a gzip file or a plain list."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzipped(body, LARGEST)
        except TooLarge:
            return Listing(fault="The sitemap is larger than any we read, once unpacked.")
        except (Undecodable, Incomplete):
            return Listing(fault="The sitemap is a damaged gzip file.")
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"\x00" not in body[:100]:
        return _plain_list(body)
    return _xml(body)


_ROOTS = ("urlset", "sitemapindex")
_ROWS = ("url", "sitemap")


def _xml(body: bytes) -> Listing:
    found: dict[str, list[Listed]] = {name: [] for name in _ROWS}
    root = None
    whole = False
    for event, element, name in events(body, (*_ROOTS, *_ROWS)):
        if event == "start":
            if root is None and name in _ROWS:
                break
            root = root or name
        elif name in _ROWS:
            found[name].append(_row(element))
            forget(element)
            if len(found[name]) == MOST_ENTRIES:
                break
        else:
            whole = name == root
    if root is None:
        return Listing(fault="This is not a sitemap.")
    overflow = 0 if whole else max(0, starts(body, _ROWS) - sum(map(len, found.values())))
    return Listing(tuple(found["url"]), more=tuple(found["sitemap"]), overflow=overflow)


def _row(element: Any) -> Listed:
    row: dict[str, str] = {}
    for part in element.iterdescendants():
        name = _field(part.tag)
        if name is not None and name not in row and (part.getparent() is element or not _in_image(part)):
            row[name] = " ".join(words(part, 2000).split())
    updated = iso(row.get("changed"))
    return Listed(row.get("link", ""), row.get("title") or None, iso(row.get("published")) or updated, updated)


@lru_cache(maxsize=1024)
def _field(tag: Any) -> str | None:
    return _FIELDS.get(bare(tag)) if isinstance(tag, str) else None


def _in_image(element: Any) -> bool:
    """image:loc and video:title describe a picture on the page."""
    above = element.getparent()
    return above is not None and local(above) in {"image", "video"}


def _plain_list(body: bytes) -> Listing:
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not lines[0].startswith(("http://", "https://")):
        return Listing(fault="This is not a sitemap.")
    entries = tuple(Listed(line[:2000]) for line in lines[:MOST_ENTRIES])
    return Listing(entries, overflow=max(0, len(lines) - MOST_ENTRIES))
