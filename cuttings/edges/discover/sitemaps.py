"""Sitemaps, news sitemaps and indexes of them -> Listing. Pure."""

from __future__ import annotations

from typing import Any

from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.markup import events, forget, local, words
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


def _xml(body: bytes) -> Listing:
    entries: list[Listed] = []
    more: list[Listed] = []
    overflow = 0
    row: dict[str, str] = {}
    root = None
    for event, element, name in events(body):
        if event == "start":
            root = root or name
            if root not in {"urlset", "sitemapindex"}:
                break
            continue
        if name in _FIELDS and len(entries) < MOST_ENTRIES and not _in_image(element):
            row.setdefault(_FIELDS[name], " ".join(words(element, 2000).split()))
        if name in {"url", "sitemap"}:
            into = entries if name == "url" else more
            if len(into) < MOST_ENTRIES:
                into.append(_listed(row))
            else:
                overflow += 1
            row = {}
            forget(element)
    if root not in {"urlset", "sitemapindex"}:
        return Listing(fault="This is not a sitemap.")
    return Listing(tuple(entries), more=tuple(more), overflow=overflow)


def _in_image(element: Any) -> bool:
    """image:loc and video:title describe a picture on the page."""
    above = element.getparent()
    return above is not None and local(above) in {"image", "video"}


def _listed(row: dict[str, str]) -> Listed:
    return Listed(row.get("link", ""), row.get("title") or None, iso(row.get("published")) or iso(row.get("changed")))


def _plain_list(body: bytes) -> Listing:
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not lines[0].startswith(("http://", "https://")):
        return Listing(fault="This is not a sitemap.")
    entries = tuple(Listed(line[:2000]) for line in lines[:MOST_ENTRIES])
    return Listing(entries, overflow=max(0, len(lines) - MOST_ENTRIES))
