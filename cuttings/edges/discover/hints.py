"""What a page says of its site: its feeds, its REST root, the program that made it. Pure."""

from __future__ import annotations

import re

from bs4 import Tag

from cuttings.edges.discover.soup import attribute, base, resolved, soup

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
# A feed of one article's comments, or of a search for its title, is named on its page as well.
_COMMENT_FEED = re.compile(r"comments?\b|replies", re.IGNORECASE)


def read_hints(body: bytes, media_type: str, url: str) -> dict[str, tuple[str, ...]]:
    """The feeds, REST root and generator a page names: {"feed": (…), "wordpress": (…), "generator": (…)}.

    "site" is the name it gives its site. Feeds of comments are left out.
    """
    page = soup(body, media_type)
    at = base(page, url)
    hints: dict[str, list[str]] = {}
    for link in page.find_all("link", href=True, limit=500):
        relations = attribute(link, "rel").lower().split()
        address = resolved(attribute(link, "href"), at)
        if "https://api.w.org/" in relations:
            hints.setdefault("wordpress", []).append(address)
        elif "alternate" not in relations or attribute(link, "type").lower() not in _FEED_TYPES:
            continue
        elif not _COMMENT_FEED.search(f"{attribute(link, 'title')} {address}"):
            hints.setdefault("feed", []).append(address)
    for kind, named in (("generator", ("name", "generator")), ("site", ("property", "og:site_name"))):
        meta = page.find("meta", attrs={named[0]: re.compile(f"^{named[1]}$", re.IGNORECASE)})
        if isinstance(meta, Tag) and (content := " ".join(attribute(meta, "content").split())[:200]):
            hints[kind] = [content]
    return {kind: tuple(dict.fromkeys(values)) for kind, values in hints.items()}
