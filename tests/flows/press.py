"""A small WordPress-like paper on loopback whose articles and threads a test changes while it runs."""

from __future__ import annotations

import hashlib
import html
import json
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cuttings import themes
from cuttings.edges.fetch import Fetcher
from cuttings.edges.store import runs
from flows.collecting.desk import Desk
from flows.collecting.discovering import discover_documents
from flows.collecting.stages import fetch_batch, read_batch
from flows.house import open_house

PARAGRAPHS = (
    "The council will pay for two more evening visits a week to people who come home from hospital, after a trial in "
    "three villages showed that fewer of them were back on a ward within a month.",
    "Home care workers told the committee that the second visit gave them time to notice what had changed: a fridge "
    "that had not been opened, a carer who had stopped sleeping, a rug that had become a danger.",
    "The money comes from the better care fund and runs until the end of March, when the committee will look at the "
    "figures again and decide whether the evening rounds become part of the ordinary service.",
)


@dataclass(frozen=True)
class Remark:
    id: int
    author: str
    posted: str  # local time, "2026-10-28T09:15:00"
    text: str
    parent: int = 0


def remarks(count, *, first=1, words="We had the evening visit for my mother and it made the difference"):
    """Comments that differ from each other, a quarter of an hour apart."""
    return tuple(
        Remark(n, f"Reader {chr(64 + (n - 1) % 26 + 1)}. {n}", f"2026-10-{20 + n // 60:02}T{n % 24:02}:{n % 60:02}:00",
               f"{words}, number {n} of those who asked the ward about it.")
        for n in range(first, first + count)
    )  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One article. `shown`: which comments its pages hold ("all", "none"); `per_page`: how many go on one page."""

    slug: str = "evening-visits"
    title: str = "Evening visits for people who leave hospital"
    paragraphs: tuple[str, ...] = PARAGRAPHS
    published: str = "2026-10-27T08:00:00"
    comments: tuple[Remark, ...] = ()
    per_page: int = 0  # 0: all on one page
    newest_first: bool = False  # the article's own address shows the last page of comments
    shown: str = "all"
    language: str = "en-GB"
    post: int = 77

    @property
    def pages(self):
        size = self.per_page or max(1, len(self.comments))
        return [self.comments[at : at + size] for at in range(0, len(self.comments), size)] or [()]


@dataclass
class Press:
    """The paper. `broken` maps a path's beginning to a status; `instead` a path to (body, type)."""

    stories: dict[str, Story] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    feed: list[str] | None = None
    log: list[tuple[str, int, bool]] = field(default_factory=list)
    base: str = ""

    def put(self, story, **changes):
        story = replace(story, **changes)
        self.stories[story.slug] = story
        return story

    def asked(self, *, conditional=None):
        """Paths asked for, robots.txt apart."""
        return [p for p, _, c in self.log if p != "/robots.txt" and (conditional is None or c == conditional)]

    # ------------------------------------------------------------ answers

    def answer(self, target):
        """(status, type, body)"""
        parts = urlsplit(target)
        for start, status in self.broken.items():
            if target.startswith(start):
                return status, "text/html", b"<h1>Sorry</h1>"
        if parts.path in self.instead:
            return 200, "text/html; charset=utf-8", self.instead[parts.path].encode()
        if parts.path == "/feed/":
            return 200, "application/rss+xml; charset=utf-8", self._feed().encode()
        if parts.path == "/wp-json/wp/v2/comments":
            return self._rest(parse_qs(parts.query))
        bits = parts.path.strip("/").split("/")
        story = self.stories.get(bits[0])
        if story is None:
            return 404, "text/html", b"<h1>Not found</h1>"
        number = int(bits[1].removeprefix("comment-page-")) if len(bits) > 1 else None
        if number is not None and number > len(story.pages):
            return 404, "text/html", b"<h1>Not found</h1>"
        return 200, "text/html; charset=utf-8", self._page(story, number).encode()

    def _feed(self):
        items = "".join(
            f"<item><title>{html.escape(s.title)}</title><link>{self.base}/{s.slug}/</link></item>"
            for s in self.stories.values()
            if self.feed is None or s.slug in self.feed
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><link>{self.base}/</link>{items}</channel></rss>"

    def _rest(self, query):
        wanted = {int(n) for n in query.get("post", ["0"])}
        size, page = int(query["per_page"][0]), int(query["page"][0])
        rows = [(s, r) for s in self.stories.values() for r in s.comments if s.post in wanted]
        rows = rows[(page - 1) * size : page * size]
        if not rows and page > 1:
            body = {"code": "rest_comment_invalid_page_number", "message": "no such page"}
            return 400, "application/json", json.dumps(body).encode()
        found = [
            {
                "id": r.id,
                "post": s.post,
                "parent": r.parent,
                "author_name": r.author,
                "author_url": "",
                "date": r.posted,
                "date_gmt": r.posted,
                "content": {"rendered": f"<p>{html.escape(r.text)}</p>"},
                "link": f"{self.base}/{s.slug}/#comment-{r.id}",
                "status": "approved",
                "type": "comment",
            }
            for s, r in rows
        ]
        return 200, "application/json; charset=UTF-8", json.dumps(found).encode()

    def _page(self, story, number):
        pages = story.pages
        own = len(pages) if story.newest_first else 1
        at = number or own
        here = pages[at - 1] if story.shown == "all" else ()
        address = f"{self.base}/{story.slug}/"
        links = []
        if at > 1:
            links.append(f'<div class="nav-previous"><a href="{address}comment-page-{at - 1}/#comments">Older comments'
                         "</a></div>")  # fmt: skip
        if at < len(pages):
            links.append(f'<div class="nav-next"><a href="{address}comment-page-{at + 1}/#comments">Newer comments'
                         "</a></div>")  # fmt: skip
        nav = f'<nav class="navigation comment-navigation">{"".join(links)}</nav>' if links else ""
        body = "".join(f"<p>{html.escape(p)}</p>" for p in story.paragraphs)
        thread = "".join(_comment(r) for r in here)
        count = len(story.comments)
        return f"""<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8">
<title>{html.escape(story.title)} – Moor Gazette</title><meta name="generator" content="WordPress 6.4">
<link rel="https://api.w.org/" href="{self.base}/wp-json/"><link rel="shortlink" href="{self.base}/?p={story.post}">
<meta property="article:published_time" content="{story.published}+00:00"></head>
<body class="post-template-default single single-post postid-{story.post}">
<main><article class="post"><header class="entry-header"><h1 class="entry-title">{html.escape(story.title)}</h1>
<div class="entry-meta"><span class="author vcard">Nell Harker</span>
<a href="{address}#comments">{count} Comments</a></div></header>
<div class="entry-content">{body}</div></article>
<div id="comments" class="comments-area"><h2 class="comments-title">{count} thoughts on this article</h2>
{nav}<ol class="comment-list">{thread}</ol>{nav}</div></main></body></html>"""


def _comment(remark):
    return f"""<li class="comment depth-1" id="comment-{remark.id}"><article class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{html.escape(remark.author)}</b></div>
<div class="comment-metadata"><time datetime="{remark.posted}+00:00">{remark.posted}</time></div></footer>
<div class="comment-content"><p>{html.escape(remark.text)}</p></div></article></li>"""


@contextmanager
def serve():
    """A paper on a free port of loopback."""
    press = Press()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, kind, body = press.answer(self.path) if self.path != "/robots.txt" else (404, "text/plain", b"")
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            asked = self.headers.get("If-None-Match")
            if status == 200 and asked == etag:
                status, body = 304, b""
            press.log.append((self.path, status, asked is not None))
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        press.base = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield press
        server.shutdown()


def source_toml(press, id_="moor", name="Moor Gazette", **more):
    lines = [f"{key} = {json.dumps(value)}" for key, value in more.items()]
    return "\n".join(
        ("[[source]]", f'id = "{id_}"', f'name = "{name}"', f'url = "{press.base}/feed/"', "since_days = 60",
         "allow_private = true", "pace_seconds = 0", *lines, "")
    )  # fmt: skip


def _raise(_address):
    raise  # called inside the handler of the fault, which a test must see


@contextmanager
def at_work(readers):
    """A desk as the flow has one, without Prefect."""
    with open_house() as house, Fetcher("policy@fellshire.example") as fetcher:
        run = runs.begin(house.store, "collect", now=datetime.now(UTC))
        yield Desk(house, fetcher, readers, themes.compile_themes(house.settings.themes), run, house.clock())
        runs.end(house.store, run, now=datetime.now(UTC), counts={})


def discovered(readers):
    """What discovery says of the only source."""
    with at_work(readers) as desk:
        (source,) = desk.house.settings.sources
        return discover_documents(desk, source)


def collect(readers):
    """What the flow does, without Prefect: counts of all pages by outcome."""
    counts = Counter()
    with at_work(readers) as desk:
        for source in desk.house.settings.sources:
            found = discover_documents(desk, source)
            documents, asked = fetch_batch(desk, source, found.documents)
            counts += asked + read_batch(desk, source, documents, fault=_raise)
    return counts
