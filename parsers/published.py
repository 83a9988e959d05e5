"""When it was published and changed: every place a page says so, checked against the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cuttings.model import day
from parsers import dates
from parsers.around import off
from parsers.furniture import names
from parsers.headline import ld
from parsers.markup import Element
from parsers.soup import Document
from parsers.wording import clean, words

_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_date",
    "article.published",
    "dc.date",
    "dcterms.date",
    "date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)
_DATE_CLASSES = (
    ".entry-date",
    ".published",
    ".post-date",
    ".posted-on",
    ".article-date",
    ".article__date",
    ".date-published",
    ".pubdate",
    ".publish-date",
    ".wp-block-post-date",
    ".date-header",
    ".post-timestamp",
    ".timestamp",
    ".dateline",
    ".field-name-post-date",
    ".field--name-created",
    ".date-display-single",
    ".submitted",
    ".entry-meta",
    ".post-meta",
    ".article-meta",
    ".meta",
    ".byline",
    ".date",
    ".datum",
    ".time",
)
_UPDATED = re.compile(r"(?:last\s+)?(?:updated|modified|reviewed|edited|aktualisiert|zuletzt)\b", re.I)
_PUBLISHED = re.compile(r"\b(?:first\s+)?(?:published|posted|publié|veröffentlicht|publicado)\b", re.I)


@dataclass(frozen=True, slots=True)
class Dates:
    published: str | None = None
    modified: str | None = None
    note: str | None = None  # when a choice had to be made


def read_dates(doc: Document, headline: Element | None = None) -> Dates:
    """Publication and modification. The address and the page's own line decide where the head of the page disagrees."""
    modified = _first_date(ld(doc, "dateModified")) or _first_date(
        m for n in _MODIFIED_METAS for m in doc.metas.get(n, ())
    )
    for e in doc.props.get("datemodified", ()):
        modified = modified or dates.read_date(e.get("datetime") or e.get("content") or words(e))
    head = _first_date(ld(doc, "datePublished")) or _first_date(ld(doc, "dateCreated"))
    head = head or _first_date(m for n in _DATE_METAS for m in doc.metas.get(n, ()))
    address = dates.from_url(doc.url)
    shown = _shown_date(doc) or _date_near(doc, headline)
    if head and address and len(address) == 10 and not head.startswith(address):
        apart = _days_apart(head, address)
        if apart == 1 and head.endswith(("+00:00", "Z")):
            # 2.40 in the morning in UTC is still the evening before where the paper is.
            return Dates(shown if shown and shown.startswith(address) else address, modified)
        if apart > 1 and shown and shown.startswith(address):
            return Dates(shown, modified, "the address and the page agree on another day than the page's head")
    if head:
        return Dates(_finer(head, shown), modified)
    if shown and (not address or shown.startswith(address[:7])):
        return Dates(shown, modified)
    if address and len(address) == 10:
        return Dates(address, modified)
    if shown or address:
        return Dates(shown or address, modified)
    called = dates.read_date(words(headline)) if headline is not None else None
    if called and len(called) == 10:
        return Dates(called, modified, "taken from the headline")
    return Dates(_shown_month(doc), modified)


def _shown_month(doc: Document) -> str | None:
    """The date of a monthly: "May 2024" in an element that is called a date."""
    for selector in _DATE_CLASSES:
        for e in doc.find(selector)[:4]:
            text = words(e)
            if len(text) <= 40 and not off(doc, e) and not _is_update(e) and (iso := dates.read_date(text)):
                return iso
    return None


def _first_published(text: str) -> str:
    """ "Updated: 9 May | First published: 7 May" from 'published' on."""
    found = _PUBLISHED.search(text)
    return text[found.start() :] if found and _UPDATED.search(text[: found.start()]) else text


def _date_near(doc: Document, headline: Element | None) -> str | None:
    """A line by the headline that says hardly more than a date: "December 17, 2025", "Posted 3 May 2012 by Ann"."""
    if headline is None:
        return None
    start = doc.place(headline)
    near: list[tuple[int, str]] = []
    for e in doc.near(headline, 20, 60):
        if (
            e.tag not in _LINES
            or not 6 <= len((e.text or "").strip()) + sum(len((c.tail or "").strip()) for c in e) <= 80
        ):
            continue
        text = clean((e.text or "") + " " + " ".join(c.tail or "" for c in e))
        if off(doc, e) or _is_update(e) or not (iso := dates.read_date(_first_published(text))) or len(iso) < 10:
            continue
        away = doc.place(e) - start
        near.append((abs(away) + (20 if away < 0 else 0), iso))
    return min(near)[1] if near else None


_LINES = frozenset({"p", "span", "div", "small", "li", "h2", "h3", "h4", "h5", "h6", "em", "strong", "td", "a"})


def _finer(head: str, shown: str | None) -> str:
    return shown if shown and len(head) == 10 and shown.startswith(head) else head


def _first_date(values: Iterable[Any]) -> str | None:
    for value in values:
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and (iso := dates.read_date(value)):
            return iso
    return None


def _days_apart(a: str, b: str) -> int:
    first, second = day(a), day(b)
    return abs((first - second).days) if first and second else 0


def _shown_date(doc: Document) -> str | None:
    for e in (*doc.props.get("datepublished", ()), *doc.props.get("datecreated", ())):
        given = e.get("datetime") or e.get("content") or e.get("title") or words(e)
        if not off(doc, e) and (iso := dates.read_date(given)):
            return iso
    for e in doc.tags.get("time", ()):
        if (
            not off(doc, e)
            and not _is_update(e)
            and (iso := dates.read_date(e.get("datetime")) or dates.read_date(words(e)[:80]))
        ):
            return iso
    for e in doc.classes.get("published", ()):
        if e.tag == "abbr" and (iso := dates.read_date(e.get("title"))):
            return iso
    for selector in _DATE_CLASSES:
        for e in doc.find(selector)[:4]:
            if off(doc, e) or _is_update(e):
                continue
            text = words(e)
            if (
                len(text) <= 200
                and (iso := dates.read_date(e.get("datetime") or _first_published(text)))
                and len(iso) >= 10
            ):
                return iso
    return None


def _is_update(element: Element) -> bool:
    named = f"{names(element)} {element.get('itemprop') or ''}".lower()
    if ("updated" in named.split() and "published" not in named.split()) or "datemodified" in named:
        return True
    text = words(element)[:60]
    before = element.getprevious()
    lead = clean(
        (before.tail if before is not None else element.getparent().text if element.getparent() is not None else "")
        or ""
    )
    return bool(_UPDATED.search(text) and not _PUBLISHED.search(text)) or bool(
        _UPDATED.search(lead[-30:]) and not _PUBLISHED.search(lead[-30:])
    )
