"""GOV.UK: the pages (govspeak) and the content API, /api/content/PATH, which answers in JSON."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from cuttings.model import Article, Kind, Link, Page, Reading, Unreadable
from parsers import dates
from parsers.blocks import blocks_of
from parsers.body import structure
from parsers.recipe import Recipe, key
from parsers.soup import Document, http
from parsers.wording import clean, from_html, words

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("research|independent_report|statistics|impact_assessment", "research"),
    ("decision|employment_tribunal|ombudsman|cma_case", "decision"),
    ("guidance|regulation|statutory|policy_paper|manual", "law"),
    ("news|press_release|government_response|speech|world_news_story", "news"),
    ("authored_article|oral_statement|written_statement", "opinion"),
)


def _document_type(doc: Document) -> str | None:
    return (doc.meta("govuk:schema-name", "govuk:format") or "").replace("_", " ") or None


RECIPE = Recipe(bodies=(".govspeak", ".gem-c-govspeak"), section=_document_type)


def recognises(doc: Document) -> bool:
    if doc.is_json:
        return isinstance(doc.json, dict) and "content_id" in doc.json and "document_type" in doc.json
    host = urlsplit(doc.url or "").hostname or ""
    return (
        host in {"gov.uk", "www.gov.uk"}
        or any(n.startswith("govuk:") for n in doc.metas)
        or "gem-c-govspeak" in doc.classes
    )


def read_json(doc: Document, *, source: str | None = None) -> Reading:
    """One answer of the content API."""
    data: dict[str, Any] = doc.json
    details = data.get("details") if isinstance(data.get("details"), dict) else {}
    title = _text(data.get("title"))
    blocks, asides = [], []
    for html in _bodies(details or {}):
        page = Document(Page(None, html.encode("utf-8", "replace")))
        if page.root is not None:
            found, left = blocks_of(page.root)
            blocks += found
            asides += left
    path = data.get("base_path")
    url = f"https://www.gov.uk{path}" if isinstance(path, str) and path.startswith("/") else doc.url
    if url and doc.page.url and not re.search(r"(?:^|\.)gov\.uk(?:/|$)", doc.page.url):
        url = http(path, doc.page.url) if isinstance(path, str) else doc.page.url
    if not blocks:
        raise Unreadable(doc.url, "paragraphs", "the content API's answer holds no text")
    body = structure(blocks, None, title=title, authors=(), asides=asides)
    published = dates.read_date(
        str(
            data.get("first_published_at")
            or (details or {}).get("first_public_at")
            or data.get("public_updated_at")
            or ""
        )
    )
    modified = dates.read_date(str(data.get("public_updated_at") or data.get("updated_at") or ""))
    kind, evidence = _kind(str(data.get("document_type") or ""))
    article = Article(
        key=key(url, title, body.paragraphs),
        url=url,
        source=source,
        title=title,
        standfirst=_text(data.get("description")),
        authors=_people(data),
        kind=kind,
        kind_evidence=evidence,
        language=_text(data.get("locale")),
        published=published,
        precision=_precision(published),
        modified=modified,
        paragraphs=tuple(body.paragraphs),
        subheads=tuple(body.subheads),
        pull_quotes=tuple(body.pull_quotes),
        references=tuple(body.references),
        related_links=(*body.related, *_related(data)),
        version_note=body.version_note,
        publication=_publisher(data) or "GOV.UK",
        repairs=tuple(body.repairs),
    )
    return Reading((article,), (), tuple(body.asides))


def _precision(iso: str | None) -> Any:
    from cuttings.model import precision

    return precision(iso)


def _text(value: object) -> str | None:
    return from_html(value) or None if isinstance(value, str) else None


def _bodies(details: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for name in ("body", "parts", "collection_groups"):
        value = details.get(name)
        if isinstance(value, str):
            found.append(value)
        for item in value if isinstance(value, list) else ():
            if not isinstance(item, dict):
                continue
            if isinstance(item.get("content"), str):  # body in two formats: take the HTML one
                if "html" in str(item.get("content_type")):
                    found.append(item["content"])
            elif isinstance(item.get("body"), str):
                heading = f"<h2>{item['title']}</h2>" if isinstance(item.get("title"), str) else ""
                found.append(heading + item["body"])
    return found


def _kind(document_type: str) -> tuple[Kind, str | None]:
    for pattern, kind in _KINDS:
        if re.search(pattern, document_type):
            return kind, f"GOV.UK files it under ‘{document_type.replace('_', ' ')}’"
    return "unknown", None


def _linked(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    links = data.get("links")
    found = links.get(name) if isinstance(links, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _people(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(clean(p["title"]) for p in _linked(data, "people") if isinstance(p.get("title"), str))


def _publisher(data: dict[str, Any]) -> str | None:
    names = [clean(o["title"]) for o in _linked(data, "organisations") if isinstance(o.get("title"), str)]
    return names[0] if names else None


def _related(data: dict[str, Any]) -> tuple[Link, ...]:
    found = _linked(data, "ordered_related_items") + _linked(data, "related")
    return tuple(
        Link(clean(i["title"]), http(i.get("base_path"), "https://www.gov.uk"))
        for i in found
        if isinstance(i.get("title"), str)
    )


__all__ = ["RECIPE", "read_json", "recognises", "words"]
