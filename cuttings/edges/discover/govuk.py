"""GOV.UK: where its lists are, what they say, and the content API's address of a page. Pure.

Every finder ("/search/news-and-communications?organisations[]=…") has an Atom feed of its newest entries, and every
page has its content as JSON below /api/content, which is steadier than its markup.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cuttings.addresses import absolute
from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.feeds import _text, _title, read_feed
from cuttings.edges.discover.values import Listed, Listing

MOST_ENTRIES = 1000
_API = "/api/content"
# Lists among the links of a content item: what a collection, a topic page or an organisation's page names.
_LISTS = ("documents", "children", "ordered_featured_documents", "taxons_content", "related_guides")


def list_address(url: str) -> str:
    """The list behind an address somebody copied: of a finder its Atom feed, of a page its content item."""
    split = urlsplit(absolute(url))
    path = split.path
    if path.endswith(".atom") or path.startswith("/api/"):
        return url
    if path.startswith(("/search/", "/government/organisations/")):
        path = f"{path.removesuffix('/')}.atom"
    else:
        path = f"{_API}{path}"
    return urlunsplit((split.scheme, split.netloc, path, split.query, ""))


def content_address(link: str) -> str | None:
    """Where the content API keeps a page; None for a file or an address without a path."""
    try:
        split = urlsplit(absolute(link))
    except ValueError:
        return None
    if split.path.startswith("/api/"):
        return link
    if split.path == "/" or re.search(r"\.[a-z]{2,5}$", split.path):
        return None
    return urlunsplit((split.scheme, split.netloc, f"{_API}{split.path.rstrip('/')}", "", ""))


def read_govuk(body: bytes, url: str) -> Listing:
    """What a finder's feed, a search answer or a content item lists."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_feed(body, url)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Listing(fault="GOV.UK's answer begins like JSON and is none.")
    rows = _rows(data)
    if not rows:
        return Listing(fault="GOV.UK's answer holds no list of pages.")
    entries = tuple(_listed(row, url) for row in rows[:MOST_ENTRIES])
    return Listing(entries, overflow=max(0, len(rows) - MOST_ENTRIES))


def _rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[Any] = data["results"] if isinstance(data.get("results"), list) else []
    links = data.get("links")
    if isinstance(links, dict):
        for name in _LISTS:
            found = found + links[name] if isinstance(links.get(name), list) else found
    return [row for row in found if isinstance(row, dict)]


def _listed(row: dict[str, Any], url: str) -> Listed:
    link = _text(row.get("base_path")) or _text(row.get("link")) or _text(row.get("web_url"))
    with suppress(ValueError):  # the sorting says what is wrong with it
        link = absolute(link, url) if 0 < len(link) < 4000 else link
    updated = iso(_text(row.get("public_timestamp") or row.get("public_updated_at")))
    return Listed(link, _title(_text(row.get("title"))), updated, updated)
