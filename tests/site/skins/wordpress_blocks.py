"""WordPress with a block theme: no feed worth having, but a REST interface for posts and comments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.site.skins.common import (
    ENVIRONMENT,
    STYLE,
    Resource,
    avatar,
    last_change,
    local,
    number,
    page,
    picture,
    rich_comment,
    text,
)
from tests.site.skins.wordpress import not_found as not_found
from tests.site.truth import TrueArticle, TrueComment

if TYPE_CHECKING:
    from tests.site.sites import Site

ROBOTS = "User-agent: *\nDisallow: /wp-admin/\nCrawl-delay: 0\n"
Query = Mapping[str, Sequence[str]]


def path(article: TrueArticle) -> str:
    return f"/{article.category.lower()}/{article.slug}/"


def build(site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    pages: dict[str, Resource] = {}
    for article in articles:
        pages[path(article)] = page(
            "wordpress_blocks.html",
            modified=last_change(article),
            site=site,
            base=base,
            article=article,
            url=base + path(article),
            path=path,
            post_id=number(article.id),
            content=content(base, article, articles),
            others=[a for a in articles if a is not article],
        )
        for caption in article.captions:
            pages[_picture(article)] = picture(caption)
    pages["/"] = page("wordpress_home.html", site=site, base=base, articles=articles, path=path, theme="fieldwork")
    pages["/feed/"] = page(
        "wordpress_feed.xml",
        media_type="application/rss+xml; charset=UTF-8",
        site=site,
        base=base,
        articles=articles,
        path=path,
    )
    pages["/robots.txt"] = text(ROBOTS)
    pages["/wp-content/themes/fieldwork/style.css"] = text(STYLE, "text/css")
    pages["/wp-json/"] = _json(
        {
            "name": site.name,
            "description": site.tagline,
            "url": base,
            "home": base,
            "namespaces": ["oembed/1.0", "wp/v2"],
            "routes": {"/wp/v2/posts": {}, "/wp/v2/comments": {}},
        }
    )
    return pages


def content(base: str, article: TrueArticle, articles: Sequence[TrueArticle]) -> str:
    """The rendered post: the same HTML in the page and in the REST interface."""
    template = ENVIRONMENT.get_template("wordpress_blocks_content.html")
    return template.render(article=article, base=base, picture=base + _picture(article), others=articles, path=path)


def _picture(article: TrueArticle) -> str:
    return f"/wp-content/uploads/{article.when:%Y/%m}/{article.slug}.svg"


def answer(_site: Site, base: str, articles: Sequence[TrueArticle], path_: str, query: Query) -> Resource | None:
    """The REST interface, and the addresses with a query that WordPress has for everything."""
    asked = path_.rstrip("/")
    route = _one(query, "rest_route").rstrip("/")
    if route:
        asked = "/wp-json" + route
    if asked == "/wp-json/wp/v2/posts":
        return _collection([_post(base, a, articles) for a in _between(articles, query)], query)
    if asked.startswith("/wp-json/wp/v2/posts/"):
        found = [_post(base, a, articles) for a in articles if str(number(a.id)) == asked.rsplit("/", 1)[1]]
        return _json(found[0]) if found else _error("rest_post_invalid_id", "Invalid post ID.", 404)
    if asked == "/wp-json/wp/v2/comments":
        wanted = {n for value in query.get("post", ()) for n in value.split(",")}
        chosen = [a for a in articles if not wanted or str(number(a.id)) in wanted]
        return _collection([_comment(base, a, c) for a in chosen for c in _between(a.comments, query)], query)
    return None


def _between(items: Iterable[Any], query: Query) -> list[Any]:
    """`after` and `before` are compared with the local time, as WordPress does it; newest first."""
    after, before = (_one(query, k) for k in ("after", "before"))
    kept = [
        i
        for i in items
        if (not after or _moment(after) < local(i.when)) and (not before or local(i.when) < _moment(before))
    ]
    return sorted(kept, key=lambda i: i.when, reverse=_one(query, "order") != "asc")


def _one(query: Query, name: str) -> str:
    return next(iter(query.get(name, ())), "")


def _moment(value: str) -> datetime:
    """A `+` of a zone that nobody encoded arrives as a blank."""
    return local(datetime.fromisoformat(value.replace(" ", "+")))


def _collection(items: list[dict[str, Any]], query: Query) -> Resource:
    size = min(int(_one(query, "per_page") or 10), 100)
    wanted = int(_one(query, "page") or 1)
    last = -(-len(items) // size)
    if wanted > max(last, 1):
        detail = "The page number requested is larger than the number of pages available."
        return _error("rest_post_invalid_page_number", detail, 400)
    fields = _one(query, "_fields")
    chosen = items[(wanted - 1) * size : wanted * size]
    if fields:
        chosen = [{k: v for k, v in i.items() if k in {f.split(".")[0] for f in fields.split(",")}} for i in chosen]
    return _json(chosen, {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(last)})


def _post(base: str, article: TrueArticle, articles: Sequence[TrueArticle]) -> dict[str, Any]:
    changed = datetime.fromisoformat(article.modified) if article.modified else article.when
    summary = article.standfirst or article.paragraphs[0]
    return {
        "id": number(article.id),
        **_dates(article.when),
        "guid": {"rendered": f"{base}/?p={number(article.id)}"},
        "modified": changed.isoformat(),
        "modified_gmt": _gmt(changed),
        "slug": article.slug,
        "status": "publish",
        "type": "post",
        "link": base + path(article),
        "title": {"rendered": _entities(article.title or "")},
        "content": {"rendered": content(base, article, articles), "protected": False},
        "excerpt": {"rendered": f"<p>{_entities(summary)}</p>\n", "protected": False},
        "author": number(article.authors[0]) if article.authors else 0,
        "comment_status": "closed" if article.comments_closed else "open",
        "sticky": False,
        "format": "standard",
        "_links": {
            "self": [{"href": f"{base}/wp-json/wp/v2/posts/{number(article.id)}"}],
            "replies": [{"embeddable": True, "href": f"{base}/wp-json/wp/v2/comments?post={number(article.id)}"}],
        },
    }


def _comment(base: str, article: TrueArticle, comment: TrueComment) -> dict[str, Any]:
    return {
        "id": number(f"{article.id}{comment.n}"),
        "post": number(article.id),
        "parent": number(f"{article.id}{comment.parent}") if comment.parent else 0,
        "author": number(article.authors[0]) if comment.by_author else 0,
        "author_name": comment.author,
        "author_url": comment.author_url or "",
        **_dates(comment.when),
        "content": {"rendered": str(rich_comment(comment.markup, base)) + "\n"},
        "link": f"{base}{path(article)}#comment-{number(f'{article.id}{comment.n}')}",
        "status": "approved",
        "type": "comment",
        "author_avatar_urls": {"48": f"{base}/avatar/{avatar(comment.author)}?s=48&d=mm&r=g"},
    }


def _dates(moment: datetime) -> dict[str, str]:
    return {"date": moment.isoformat(), "date_gmt": _gmt(moment)}


def _gmt(moment: datetime) -> str:
    return local(moment).astimezone(UTC).replace(tzinfo=None).isoformat()


def _entities(words: str) -> str:
    """Typographic signs come as numbers from WordPress: ’ as &#8217;."""
    escaped = words.replace("&", "&#038;").replace("<", "&lt;")
    return "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in escaped)


def _json(value: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Resource:
    body = json.dumps(value, ensure_ascii=True).encode()
    return Resource(body, "application/json; charset=UTF-8", status=status, headers=headers or {})


def _error(code: str, message: str, status: int) -> Resource:
    return _json({"code": code, "message": message, "data": {"status": status}}, status=status)
