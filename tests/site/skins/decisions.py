"""An ombudsman's decisions, server-rendered: a page of search results, each decision in `article#article`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tests.site.skins.common import STYLE, Resource, last_change, page, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site


def path(article: TrueArticle) -> str:
    return f"/decisions/adult-care-services/{article.slug}"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {
        path(article): page(
            "decisions.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
        )
        for article in articles
    }
    pages["/decisions/search-results"] = page("decisions_list.html", site=site, base=base, articles=articles, path=path)
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /make-a-complaint/form\n")
    pages["/styles/site.css"] = text(STYLE, "text/css")
    return pages
