"""A research institute on Drupal: a sitemap, one page in Welsh, one that has gone but says 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tests.site.skins.common import STYLE, Resource, last_change, number, page, picture, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site

ROBOTS = """User-agent: *
Crawl-delay: 0
Disallow: /core/
Disallow: /members/
Disallow: /search/

Sitemap: {base}/sitemap.xml
"""
LIST_PAGE = "/research"


def path(article: TrueArticle) -> str:
    return f"{article.folder or '/research'}/{article.slug}"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {}
    shown = [a for a in articles if a.outcome == "article"]
    for article in articles:
        node = number(article.id, 4)
        if article.outcome == "soft 404":
            pages[path(article)] = page("drupal_missing.html", site=site, base=base)
            continue
        pages[path(article)] = page(
            "drupal.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            path=path,
            node=node,
            others=[a for a in shown if a is not article],
        )
        for caption in article.captions:
            pages[f"/sites/default/files/{node}.svg"] = picture(caption)
    pages["/sitemap.xml"] = page(
        "sitemap.xml", media_type="text/xml; charset=utf-8", site=site, base=base, articles=articles, path=path
    )
    pages[LIST_PAGE] = page("drupal_list.html", site=site, base=base, articles=shown, path=path)
    pages["/"] = pages[LIST_PAGE]
    pages["/robots.txt"] = text(ROBOTS.format(base=base))
    pages["/core/themes/olivero/style.css"] = text(STYLE, "text/css")
    return pages


def not_found(site: Site, base: str) -> Resource:
    return Resource(page("drupal_missing.html", site=site, base=base).body, status=404)
