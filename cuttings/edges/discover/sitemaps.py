"""Sitemaps, news sitemaps and indexes of them -> Listing. Pure."""

from __future__ import annotations

import io
from typing import Any

from lxml import etree

from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.values import Listed, Listing
from cuttings.edges.fetch.decode import Incomplete, TooLarge, Undecodable, gunzipped

MOST_ENTRIES = 50_000  # the standard's own limit
LARGEST = 30_000_000  # bytes, unpacked
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
    try:
        for event, element in _events(body):
            name = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
            if event == "start":
                root = root if root is not None else name
                if root not in {"urlset", "sitemapindex"}:
                    return Listing(fault="This is not a sitemap.")
                continue
            if name in _FIELDS and not _in_image(element):
                row.setdefault(_FIELDS[name], " ".join("".join(element.itertext()).split())[:2000])
            if name in {"url", "sitemap"}:
                into = entries if name == "url" else more
                if len(into) < MOST_ENTRIES:
                    into.append(_listed(row))
                else:
                    overflow += 1
                row = {}
                element.clear(keep_tail=False)
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError):
        pass  # libxml2 gives up on some damage even so; what was read before it stays
    if root is None:
        return Listing(fault="This is not a sitemap.")
    return Listing(tuple(entries), more=tuple(more), overflow=overflow)


def _events(body: bytes) -> Any:
    return etree.iterparse(
        io.BytesIO(body.lstrip(b" \t\r\n")),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )


def _in_image(element: Any) -> bool:
    """image:loc and video:title describe a picture on the page."""
    above = element.getparent()
    return above is not None and isinstance(above.tag, str) and above.tag.rpartition("}")[2] in {"image", "video"}


def _listed(row: dict[str, str]) -> Listed:
    return Listed(row.get("link", ""), row.get("title") or None, iso(row.get("published")) or iso(row.get("changed")))


def _plain_list(body: bytes) -> Listing:
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not lines[0].startswith(("http://", "https://")):
        return Listing(fault="This is not a sitemap.")
    entries = tuple(Listed(line[:2000]) for line in lines[:MOST_ENTRIES])
    return Listing(entries, overflow=max(0, len(lines) - MOST_ENTRIES))
