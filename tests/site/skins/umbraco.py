"""An Umbraco site of some age: .aspx addresses, a list page, comments by UComment, the date in the footer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from tests.site.skins.common import STYLE, Resource, last_change, number, page, picture, rich, text
from tests.site.truth import TrueArticle, TrueComment

if TYPE_CHECKING:
    from tests.site.sites import Site


def path(article: TrueArticle) -> str:
    return f"/blog/{article.slug}.aspx"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    def paragraphs(comment: TrueComment) -> Markup:
        """UComment keeps a comment in one <p> with breaks."""
        lines = [rich(line, base, "nofollow") for line in re.split(r"\n", comment.markup)]
        return Markup("<p>{}</p>").format(Markup("<br />\n").join(lines))

    pages: dict[str, Resource] = {}
    for article in articles:
        pages[path(article)] = page(
            "umbraco.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            url_path=path(article),
            path=path,
            node=number(article.id, 4),
            # Some of its posts date themselves, the others leave it to the footer.
            show_date=number(article.slug) % 2 == 0,
            paragraphs=paragraphs,
            others=[a for a in articles if a is not article],
        )
        for caption in article.captions:
            pages[f"/media/{number(article.id, 4)}/{article.slug}.svg"] = picture(caption)
    pages["/blog.aspx"] = page("umbraco_list.html", site=site, base=base, articles=articles, path=path)
    pages["/"] = pages["/blog.aspx"]
    pages["/css/style.css"] = text(STYLE, "text/css")
    pages["/media/logo.svg"] = picture(site.name)
    pages["/media/share.svg"] = picture("share")
    # No robots.txt: a 404 means that everything may be fetched.
    return pages
