"""Which links of a page are its list of articles? A selector to begin with, for a person to correct. Pure."""

from __future__ import annotations

import re
from collections import defaultdict

from bs4 import Tag

from cuttings.addresses import host_of, site
from cuttings.edges.discover.soup import MOST_LINKS, attribute, base, resolved, soup, words

_AROUND = frozenset({"nav", "header", "footer", "aside", "form"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_ROUND_NAMES = re.compile(r"nav|menu|foot|breadcrumb|cookie|social|share|pager|pagination|tag|login", re.IGNORECASE)
_PLAIN_CLASS = re.compile(r"[A-Za-z][\w-]*")
_FEWEST = 3
_SHORTEST = 15  # characters of a headline; "Read more" is shorter


def guess_selector(body: bytes, media_type: str, url: str) -> str | None:
    """The selector of the largest family of links that look like headlines; None where there is none."""
    page = soup(body, media_type)
    at, here = base(page, url), site(host_of(url))
    families: dict[str, set[str]] = defaultdict(set)
    lengths: dict[str, int] = defaultdict(int)
    for link in page.find_all("a", href=True, limit=MOST_LINKS):
        title = words(link) or ""
        address = resolved(attribute(link, "href"), at)
        if len(title) < _SHORTEST or not _on(address, here) or (selector := _shape(link)) is None:
            continue
        if address not in families[selector]:
            families[selector].add(address)
            lengths[selector] += min(len(title), 120)
    fitting = [s for s, found in families.items() if len(found) >= _FEWEST]
    # Headlines are long and stand in headings; a menu has as many links, and short ones.
    return max(fitting, key=lambda s: (" h" in s, lengths[s], s), default=None)


def _on(address: str, here: str) -> bool:
    try:
        return site(host_of(address)) == here
    except ValueError:
        return False


def _shape(link: Tag) -> str | None:
    """ "article.teaser h2 a"; None for what stands in a menu or a footer."""
    heading = next((c.name for c in link.children if isinstance(c, Tag) and c.name in _HEADINGS), None)
    inner = f"a:has({heading})" if heading else "a"
    holder = None
    for n, above in enumerate(link.parents):
        if above.name in _AROUND or _ROUND_NAMES.search(attribute(above, "class") + " " + attribute(above, "id")):
            return None
        if n > 40:
            break
        if above.name in _HEADINGS and heading is None:
            heading = above.name
            inner = f"{heading} a"
        elif holder is None and n < 6 and (name := _named(above)):
            holder = name
    return f"{holder} {inner}" if holder else inner if heading else None


def _named(element: Tag) -> str | None:
    classes = element.get("class")
    first = next((c for c in classes if _PLAIN_CLASS.fullmatch(c)), None) if isinstance(classes, list) else None
    return f"{element.name}.{first}" if first and element.name not in {"body", "html"} else None
