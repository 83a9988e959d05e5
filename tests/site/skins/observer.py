"""A county newspaper with a system of its own: microdata, nested comments, Atom and JSON feeds, a consent wall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tests.site.skins.common import STYLE, Resource, last_change, local, number, page, picture, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site


def path(article: TrueArticle) -> str:
    return f"/news/{number(article.id, 7)}.{article.slug}/"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {}
    for article in articles:
        walled = article.outcome == "cookie wall"
        pages[path(article)] = page(
            "observer_wall.html" if walled else "observer.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            path=path,
            others=[a for a in articles if a is not article],
        )
        for caption in article.captions:
            pages[f"/static/pictures/{article.slug}.svg"] = picture(caption)
    pages["/news/atom.xml"] = page(
        "observer_atom.xml", media_type="application/atom+xml", site=site, base=base, articles=articles, path=path
    )
    items = [
        {
            "id": base + path(a),
            "url": base + path(a),
            "title": a.title,
            "summary": a.standfirst or "",
            "date_published": local(a.when).isoformat(),
            "authors": [{"name": name} for name in a.authors],
        }
        for a in articles
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": site.name, "home_page_url": base, "items": items}
    pages["/news/feed.json"] = text(json.dumps(feed, ensure_ascii=False), "application/feed+json")
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /comment\nDisallow: /consent\n")
    pages["/static/observer.css"] = text(STYLE, "text/css")
    return pages
