"""OPML, the list of feeds that every feed reader can export -> the feeds in it. Pure; a stranger wrote every byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cuttings.addresses import absolute
from cuttings.edges.discover.markup import events, forget

MOST_FEEDS = 500
LARGEST = 5_000_000  # bytes
# "feed://n.example/rss" and "feed:https://n.example/rss" are how browsers once opened a feed reader.
_FEED_SCHEME = re.compile(r"^feed:(?:(?P<whole>(?=https?:))|//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feed:
    name: str
    url: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Feeds:
    """`set_aside` are outlines that are no feeds, with the reason; `fault` a sentence when it is no OPML."""

    feeds: tuple[Feed, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    fault: str | None = None


def read_opml(body: bytes) -> Feeds:
    """The feeds an OPML file names, folders opened, each address once."""
    if len(body) > LARGEST:
        return Feeds(fault=f"The file is larger than {LARGEST // 1_000_000} MB, which no list of feeds is.")
    feeds: dict[str, Feed] = {}
    aside: list[tuple[str, str]] = []
    root = None
    for event, element, name in events(body):
        if event == "end":
            if name == "outline":
                forget(element)
            continue
        root = root or name
        if root != "opml":
            break
        if name != "outline":
            continue
        values = {str(key).lower(): " ".join(value.split()) for key, value in element.attrib.items()}
        title = (values.get("title") or values.get("text") or "")[:200]
        link = values.get("xmlurl", "")
        if not link:
            if "htmlurl" in values or "url" in values:
                aside.append((title or values.get("htmlurl", ""), "a link without a feed"))
            continue  # a folder
        _take(feeds, aside, title, link, values.get("htmlurl"))
    if root != "opml":
        return Feeds(fault="This is not an OPML file: its first tag is not <opml>.")
    return Feeds(tuple(feeds.values()), tuple(aside))


def _take(feeds: dict[str, Feed], aside: list[tuple[str, str]], title: str, link: str, site: str | None) -> None:
    try:
        url = absolute(_FEED_SCHEME.sub(lambda match: "https://" if match["whole"] is None else "", link))
    except ValueError:
        aside.append((title or link[:200], "its feed is no web address"))
        return
    if url in feeds:
        aside.append((title or url, "named twice"))
    elif len(feeds) >= MOST_FEEDS:
        aside.append((title or url, f"more than {MOST_FEEDS} feeds in one file"))
    else:
        feeds[url] = Feed(title or url.split("/")[2], url, site)
