"""Government publishing: a finder with an Atom feed, HTML pages in its components, the content API beside them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tests.site.skins.common import ENVIRONMENT, STYLE, Resource, last_change, local, page, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site

FORMATS = {
    "Open consultation": "open_consultation",
    "Guidance": "detailed_guide",
    "Official Statistics": "official_statistics",
    "Policy paper": "policy_paper",
}
FOLDERS = {
    "open_consultation": "/government/consultations",
    "detailed_guide": "/guidance",
    "official_statistics": "/government/statistics",
    "policy_paper": "/government/publications",
}


def path(article: TrueArticle) -> str:
    return f"{FOLDERS[FORMATS[article.category]]}/{article.slug}"


def edited(article: TrueArticle) -> datetime | None:
    return datetime.fromisoformat(article.modified) if article.modified else None


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {}
    for article in articles:
        pages[path(article)] = page(
            "govuk.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            path=path,
            format=FORMATS[article.category],
            content_id=_content_id(article),
            edited=edited(article),
            content=content(base, article),
            ld=_linked_data(site, base, article),
            others=[a for a in articles if a is not article],
        )
        pages["/api/content" + path(article)] = Resource(
            json.dumps(_api(site, base, article), ensure_ascii=False).encode(),
            "application/json; charset=utf-8",
            last_change(article),
        )
    pages["/search/policy-papers-and-consultations.atom"] = page(
        "govuk_atom.xml",
        media_type="application/atom+xml; charset=utf-8",
        base=base,
        articles=articles,
        path=path,
        changed=lambda a: edited(a) or a.when,
    )
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /*/print$\nDisallow: /search/all*\n")
    pages["/assets/frontend/application.css"] = text(STYLE, "text/css")
    return pages


def content(base: str, article: TrueArticle) -> str:
    return ENVIRONMENT.get_template("govuk_content.html").render(article=article, base=base)


def _content_id(article: TrueArticle) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, article.id))


def _api(site: Site, base: str, article: TrueArticle) -> dict[str, object]:
    organisation = {
        "title": site.name,
        "base_path": "/government/organisations/department-for-care-and-communities",
        "document_type": "organisation",
    }
    return {
        "base_path": path(article),
        "content_id": _content_id(article),
        "title": article.title,
        "description": article.standfirst,
        "document_type": FORMATS[article.category],
        "schema_name": FORMATS[article.category],
        "locale": "en",
        "phase": "live",
        "first_published_at": local(article.when).isoformat(),
        "public_updated_at": local(edited(article) or article.when).isoformat(),
        "details": {"body": content(base, article)},
        "links": {"organisations": [organisation], "primary_publishing_organisation": [organisation]},
    }


def _linked_data(site: Site, base: str, article: TrueArticle) -> str:
    value = {
        "@context": "http://schema.org",
        "@type": "Article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": base + path(article)},
        "headline": article.title,
        "description": article.standfirst,
        "datePublished": local(article.when).isoformat(),
        "dateModified": local(edited(article) or article.when).isoformat(),
        "author": {"@type": "Organization", "name": site.name, "url": f"{base}/government/organisations/dcc"},
        "publisher": {"@type": "Organization", "name": "GOV.UK", "url": base},
    }
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
