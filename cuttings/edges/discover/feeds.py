"""RSS, Atom and JSON feeds -> Listing. Pure; a stranger wrote every byte.

feedparser knows every dialect, but falls back to a slow forgiving parser on broken input and reads whole articles it
is not asked for. So lxml first thins a feed out to its first entries' titles, links and dates, in linear time and with
no entity resolved, and feedparser reads what is left.
"""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import feedparser
from lxml import etree

from cuttings.edges.discover.dates import from_struct, iso
from cuttings.edges.discover.markup import events, forget, local, starts, words
from cuttings.edges.discover.values import Listed, Listing

MOST_ENTRIES = 1000
_LONGEST = 2000  # characters of a title or link
_KEPT = frozenset(
    {"title", "link", "guid", "id", "pubdate", "published", "issued", "created", "updated", "modified", "date"}
)
_ROOTS = frozenset({"rss", "feed", "rdf"})
_ENTRIES = ("item", "entry")
_FRAME = _ROOTS | {"channel"}
_NOT_A_FEED = "This is not a feed: neither RSS, Atom nor JSON Feed was found in it."


def read_feed(body: bytes, url: str) -> Listing:
    """What a feed lists; `url` is where it came from, for its relative links."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _json_feed(body)
    thin, overflow = _thinned(body)
    if thin is None:
        return Listing(fault=_NOT_A_FEED)
    try:
        parsed = feedparser.parse(
            io.BytesIO(thin),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=True,
        )
    except (LookupError, AttributeError, TypeError, ValueError):
        # "<item><title>A</title><link>…" damaged in one letter can be a KeyError deep inside feedparser.
        return Listing(_plainly(thin), overflow=overflow)
    entries = tuple(_entry(entry) for entry in parsed.entries)
    return Listing(entries, home=_text(parsed.feed.get("link")), overflow=overflow)


def _plainly(thin: bytes) -> tuple[Listed, ...]:
    """The entries of a thinned feed as they stand, where feedparser has given up."""
    found = []
    for entry in etree.fromstring(thin).iter():
        if local(entry) not in _ENTRIES:
            continue
        values = {local(child): (child.text or child.get("href") or "").strip() for child in entry}
        written = next((values[name] for name in ("pubdate", "published", "date", "updated") if values.get(name)), None)
        found.append(Listed(values.get("link", ""), _title(values.get("title", "")), iso(written)))
    return tuple(found)


def _entry(entry: Any) -> Listed:
    link = _text(entry.get("link"))
    if not link and _text(entry.get("id")).startswith(("http://", "https://")):
        link = _text(entry.get("id"))  # an entry without a link whose identifier is one
    written = dict(entry)  # a plain dict: feedparser's own answers a question for one date with another, and warns
    when = iso(_text(written.get("published"))) or from_struct(written.get("published_parsed"))
    updated = iso(_text(written.get("updated"))) or from_struct(written.get("updated_parsed"))
    return Listed(link, _title(_text(entry.get("title"))), when or updated, updated)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _title(text: str) -> str | None:
    """Titles hold mark-up, escaped once or twice: "Care &amp;amp; support", "<b>New</b> rules"."""
    plain = html.unescape(re.sub(r"<[^<>]{0,500}>", "", html.unescape(text)))
    return " ".join(plain.split())[:500] or None


# ---------------------------------------------------------------- thinning


def _thinned(body: bytes) -> tuple[bytes | None, int]:
    """The feed with its first entries' titles, links and dates alone, and how many entries it has beyond them.

    Those beyond are counted, not walked through.
    """
    root: Any = None
    twins: list[Any] = []  # of every open element: its thin copy, or None where it is left out
    entries = overflow = 0
    for event, element, name in events(body):
        if event == "end":
            twin = twins.pop()
            if twin is not None and name in _KEPT:
                twin.text = _clean(words(element, _LONGEST))
            if name not in _FRAME and not (twins and twins[-1] is not None and local(twins[-1]) in _KEPT):
                forget(element)
            continue
        if root is None:
            if name not in _ROOTS:
                return None, 0
            root = _twin(element, None)
            twins.append(root)
            continue
        is_entry = name in _ENTRIES
        entries += is_entry
        if entries > MOST_ENTRIES:
            overflow = max(1, starts(body, _ENTRIES) - MOST_ENTRIES)
            break
        wanted = is_entry or name in _KEPT or name == "channel"
        twins.append(_twin(element, twins[-1]) if wanted and twins[-1] is not None else None)
    if root is None:
        return None, 0
    if twins and not overflow:  # it ended inside its root: what stands behind the damage was not read
        overflow = max(0, starts(body, _ENTRIES) - entries)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True), overflow


def _twin(element: Any, above: Any) -> Any:
    attributes = {k: _clean(v[:_LONGEST]) for k, v in element.attrib.items()}
    if above is None:
        return etree.Element(element.tag, attributes, nsmap=element.nsmap)
    return etree.SubElement(above, element.tag, attributes, nsmap=element.nsmap)


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


# ---------------------------------------------------------------- JSON Feed


def _json_feed(body: bytes) -> Listing:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Listing(fault="This is not a feed: it begins like JSON and is none.")
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return Listing(fault=_NOT_A_FEED)
    entries = tuple(_json_entry(item) for item in items[:MOST_ENTRIES])
    return Listing(entries, _text(data.get("home_page_url")) or None, overflow=max(0, len(items) - MOST_ENTRIES))


def _json_entry(item: object) -> Listed:
    if not isinstance(item, dict):
        return Listed("")
    link = _text(item.get("url")) or _text(item.get("external_url")) or _text(item.get("id"))
    updated = iso(_text(item.get("date_modified")))
    return Listed(link, _title(_text(item.get("title"))), iso(_text(item.get("date_published"))) or updated, updated)
