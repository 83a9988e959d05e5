"""WordPress with a classic theme: dated permalinks, an RSS feed, threaded comments in the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tests.site.skins.common import STYLE, Resource, last_change, local, number, page, picture, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site

ROBOTS = """User-agent: *
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php
Disallow: /sponsored/

Sitemap: {base}/wp-sitemap.xml
"""


def path(article: TrueArticle) -> str:
    day = article.when
    folder = article.folder or f"/{day:%Y/%m/%d}"
    return f"{folder}/{article.slug}/"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {}
    for article in articles:
        pages[path(article)] = article_page(site, base, article, articles)
        for caption in article.captions:
            pages[_picture(article)] = picture(caption)
    pages["/"] = page("wordpress_home.html", site=site, base=base, articles=articles, path=path, theme="ledger")
    pages["/feed/"] = page(
        "wordpress_feed.xml",
        media_type="application/rss+xml; charset=UTF-8",
        modified=max(local(a.when) for a in articles),
        site=site,
        base=base,
        articles=articles,
        path=path,
    )
    pages["/robots.txt"] = text(ROBOTS.format(base=base))
    pages["/wp-content/themes/ledger/style.css"] = text(STYLE, "text/css")
    return pages


def article_page(site: Site, base: str, article: TrueArticle, articles: Sequence[TrueArticle]) -> Resource:
    if article.outcome == "login wall":
        return page("wordpress_wall.html", site=site, base=base, article=article)
    return page(
        "wordpress.html",
        modified=last_change(article),
        site=site,
        base=base,
        article=article,
        url=base + path(article),
        path=path,
        post_id=number(article.id),
        edited=datetime.fromisoformat(article.modified) if article.modified else None,
        picture=base + _picture(article),
        others=[a for a in articles if a is not article and a.outcome == "article"],
        ld=linked_data(site, base, article),
    )


def _picture(article: TrueArticle) -> str:
    return f"/wp-content/uploads/{article.when:%Y/%m}/{article.slug}.svg"


def linked_data(site: Site, base: str, article: TrueArticle) -> str:
    """The graph that an SEO plug-in writes into the head."""
    url = base + path(article)
    changed = local(datetime.fromisoformat(article.modified) if article.modified else article.when)
    graph = [
        {
            "@type": "Article",
            "@id": f"{url}#article",
            "isPartOf": {"@id": url},
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "headline": article.title,
            "datePublished": local(article.when).isoformat(),
            "dateModified": changed.isoformat(),
            "mainEntityOfPage": {"@id": url},
            "wordCount": article.words,
            "commentCount": len(article.comments),
            "publisher": {"@id": f"{base}/#organization"},
            "articleSection": [article.category],
            "inLanguage": "en-GB",
        },
        {
            "@type": "WebPage",
            "@id": url,
            "url": url,
            "name": f"{article.title} - {site.name}",
            "isPartOf": {"@id": f"{base}/#website"},
            "datePublished": local(article.when).isoformat(),
            "inLanguage": "en-GB",
        },
        {"@type": "Organization", "@id": f"{base}/#organization", "name": site.name, "url": f"{base}/"},
    ]
    # "<" would end the script element early where a headline holds one.
    return json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).replace("<", "\\u003c")


def not_found(site: Site, base: str) -> Resource:
    missing = page("wordpress_404.html", site=site, base=base)
    return Resource(missing.body, status=404)
