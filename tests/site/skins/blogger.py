"""A carer's blog on Blogger: dated .html addresses, an Atom feed, comment threads in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from tests.site.skins.common import STYLE, Resource, last_change, page, picture, rich, text
from tests.site.truth import TrueArticle, TrueComment

if TYPE_CHECKING:
    from tests.site.sites import Site


def path(article: TrueArticle) -> str:
    return f"/{article.when:%Y/%m}/{article.slug}.html"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    def lines(comment: TrueComment) -> Markup:
        """Blogger knows no paragraphs in a comment: breaks, two of them for a blank line."""
        return Markup("<br />").join(rich(line, base, "nofollow") for line in comment.markup.split("\n"))

    pages: dict[str, Resource] = {}
    for article in articles:
        pages[path(article)] = page(
            "blogger.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            path=path,
            lines=lines,
            others=[a for a in articles if a is not article],
        )
        for caption in article.captions:
            pages[f"/img/{article.slug}.svg"] = picture(caption)
    pages["/feeds/posts/default"] = page(
        "blogger_atom.xml",
        media_type="application/atom+xml; charset=UTF-8",
        site=site,
        base=base,
        articles=articles,
        path=path,
    )
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /search\nAllow: /\n")
    pages["/img/blank.svg"] = picture("blank")
    pages["/static/v1/widgets/css_bundle_v2.css"] = text(STYLE, "text/css")
    return pages
