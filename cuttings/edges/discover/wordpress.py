"""WordPress' REST interface: the addresses to ask, and what the answers say. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlencode

from cuttings.addresses import absolute
from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.feeds import _text, _title
from cuttings.edges.discover.values import Listed, Listing

PER_PAGE = 100  # WordPress gives no more


def root_of(url: str) -> str:
    """The site's root, whatever part of it was configured: its home page, its feed or its REST root."""
    return re.sub(r"/(wp-json(/.*)?|feed/?|index\.php)?(\?.*)?$", "", absolute(url)) or absolute(url)


def posts_address(root: str, after: datetime, page: int) -> str:
    wanted = {"orderby": "date", "order": "desc", "_fields": "id,link,date,date_gmt,modified_gmt,title"}
    return _address(root, "posts", after, page, wanted)


def comments_address(root: str, after: datetime, page: int) -> str:
    return _address(root, "comments", after, page, {"order": "desc", "_fields": "id,link,date_gmt,post"})


def thread_address(rest: str, post: int, page: int) -> str:
    """A page of one article's comments, eldest first; `rest` is the interface's root as the site's pages name it."""
    fields = "id,post,parent,author_name,author_url,date,date_gmt,content,link,status,type"
    query = {"post": post, "per_page": PER_PAGE, "page": page, "order": "asc", "orderby": "date_gmt", "_fields": fields}
    # Where a site has no fine addresses, its root is "/?rest_route=/" and the list is named inside the query.
    return f"{rest}wp/v2/comments{'&' if '?' in rest else '?'}{urlencode(query)}"


def _address(root: str, what: str, after: datetime, page: int, more: dict[str, str]) -> str:
    moment = after.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    query = urlencode({"after": moment, "per_page": PER_PAGE, "page": page, **more})
    return f"{root}/wp-json/wp/v2/{what}?{query}"


def read_posts(body: bytes) -> Listing:
    rows = _rows(body)
    return _listing([_post(row) for row in rows]) if rows is not None else Listing(fault=_NO_REST)


def read_comments(body: bytes) -> Listing:
    """One entry a comment: the address of its article."""
    rows = _rows(body)
    if rows is None:
        return Listing(fault=_NO_REST)
    return _listing([Listed(_text(row.get("link")).partition("#")[0], None, _date(row)) for row in rows])


def per_article(entries: tuple[Listed, ...]) -> Counter[str]:
    """How many comments every article has among these."""
    return Counter(entry.link.partition("#")[0] for entry in entries)


_NO_REST = "The site's WordPress interface gave no list."


def _listing(entries: list[Listed]) -> Listing:
    return Listing(tuple(entries[:PER_PAGE]), overflow=max(0, len(entries) - PER_PAGE))


def _rows(body: bytes) -> list[dict[str, object]] | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else None


def _post(row: dict[str, object]) -> Listed:
    title = row.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else title
    return Listed(_text(row.get("link")), _title(_text(rendered)), _date(row), _moment(row.get("modified_gmt")))


def _date(row: dict[str, object]) -> str | None:
    return _moment(row.get("date_gmt")) or iso(_text(row.get("date")))


def _moment(gmt: object) -> str | None:
    return iso(f"{gmt}+00:00") if isinstance(gmt, str) and len(gmt) == 19 else None
