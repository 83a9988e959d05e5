"""Twenty small papers for `line`, in a process of their own: pages as a WordPress site has them, 50 ms away.

`python -m tests.bench.line_site HOSTS PAGES [DAYS]` prints its port and answers until its input is closed. What was
asked for, and when, is at http://127.0.0.1:PORT/log, and asking for that empties it. With DAYS a paper prints its pages
in as many days, none of them away; http://127.0.0.1:PORT/day/3 makes it the fourth.
"""

from __future__ import annotations

import hashlib
import html
import json
import random
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate

LATENCY = 0.05  # seconds
COMMENTS = 10  # below each article
SLOW = 1.0  # the crawl delay that the first paper asks for
FORBIDDEN = "/private/notes/"  # named in every feed, closed by every robots.txt
NEWEST = datetime(2026, 11, 1, 18, tzinfo=UTC)

WHO = (
    "The council", "A care provider", "The county's largest union", "Home care workers", "The regulator",
    "Unpaid carers", "An inspector", "The integrated care board", "A charity for disabled people", "The minister",
    "Families of residents", "The safeguarding board", "Hospital managers", "A care home in the valley",
    "The director of adult services", "Occupational therapists",
)  # fmt: skip
DID = (
    "has set out plans for", "is short of money for", "will review", "wants a fair price for", "has warned about",
    "welcomed new funding for", "published figures about", "asked ministers to think again about",
    "is recruiting staff for", "found serious gaps in", "has cut the waiting list for", "will close", "reported on",
    "called for an end to delays in", "was told to improve", "has begun a trial of",
)  # fmt: skip
WHAT = (
    "home care visits in the evening", "care homes for people with dementia", "direct payments",
    "discharge from hospital to the community", "assessments under the Care Act", "safeguarding enquiries",
    "respite for family carers", "supported living", "the fees that are paid to care homes", "day centres",
    "the pay of care workers", "digital care records", "mental health social work", "deferred payments",
    "adaptations of the homes of older people", "reablement after a stroke",
)  # fmt: skip
NAMES = ("Jo", "Ash", "Nell", "Ravi", "Morag", "Dan", "Priya", "Tom", "Edith", "Sam", "Ines", "Kofi", "Bea", "Lou")
SURNAMES = ("Harker", "Tennant", "Singh", "Brack", "Lowe", "Marsh", "Obi", "Quill", "Reid", "Stone", "Voss", "Webb")


@cache
def _english() -> tuple[list[str], list[float]]:
    from wordfreq import top_n_list

    words = [word for word in top_n_list("en", 20_000) if word.isalpha()]
    return words, list(accumulate(1 / (rank + 3.0) for rank in range(len(words))))


def words(chance: random.Random, count: int) -> str:
    """Words drawn as English uses them: texts made of ready sentences would all be copies of each other."""
    english, odds = _english()
    drawn = chance.choices(english, cum_weights=odds, k=count)
    return ". ".join(" ".join(drawn[at : at + 14]).capitalize() for at in range(0, count, 14)) + "."


def headline(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}"


def sentences(chance: random.Random) -> str:
    return f"{headline(chance)}, {words(chance, 36).lower()}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    kind: str
    body: bytes


class Paper:
    """One host: a feed, its articles with their threads, and a robots.txt. `number` decides what it says."""

    def __init__(self, number: int, pages: int, base: str, days: int = 0) -> None:
        self.number, self.base, self.robots_delay = number, base, SLOW if number == 0 and not days else 0.0
        self._daily = -(-pages // days) if days else pages
        self._days, self.day = days, 0
        self._paths = {f"/{number}-{n}/": n for n in range(pages)}

    def answer(self, path: str) -> Answer:
        if path == "/feed/":
            recent = self._daily * max(0, self.day - 1), self._daily * (self.day + 1)  # today's and yesterday's
            return self._feed([*list(self._paths)[slice(*recent)], FORBIDDEN])
        if path == "/robots.txt":
            delay = f"Crawl-delay: {SLOW:g}\n" if self.robots_delay else ""
            return Answer(200, "text/plain", f"User-agent: *\nDisallow: /private/\n{delay}".encode())
        if path not in self._paths:
            return Answer(404, "text/html", b"<h1>Not found</h1>")
        return self._article(self.number, self._paths[path])

    def _feed(self, paths: Sequence[str]) -> Answer:
        items = "".join(f"<item><title>{p}</title><link>{self.base}{p}</link></item>" for p in paths)
        body = f"<?xml version='1.0'?><rss version='2.0'><channel><link>{self.base}/</link>{items}</channel></rss>"
        return Answer(200, "application/rss+xml; charset=utf-8", body.encode())

    def _article(self, number: int, n: int) -> Answer:
        # Every twentieth article is a paper's copy of what the paper before it printed.
        own = random.Random(f"{number - 1 if number and n % 20 == 7 else number} {n}")
        title = f"{headline(own)}: {words(own, 3).lower().rstrip('.')}"
        published = NEWEST - timedelta(hours=own.randrange(150))
        if self._days:
            published = NEWEST - timedelta(days=self._days - 1 - n // self._daily, hours=own.randrange(12))
        body = "".join(f"<p>{sentences(own)}</p>" for _ in range(10))
        thread = "".join(_comment(random.Random(f"{number} {n} {m}"), m, published) for m in range(COMMENTS))
        page = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<meta name="generator" content="WordPress 6.4">
<meta property="article:published_time" content="{published:%FT%T+00:00}"></head>
<body class="single single-post postid-{n}"><nav><ul>{_menu()}</ul></nav><main><article class="post">
<header class="entry-header"><h1 class="entry-title">{html.escape(title)}</h1><div class="entry-meta">
<span class="author vcard">Nell Harker</span></div></header><div class="entry-content">{body}</div></article>
<div id="comments" class="comments-area"><h2 class="comments-title">{COMMENTS} thoughts on this article</h2>
<ol class="comment-list">{thread}</ol></div></main><aside><ul>{_menu()}</ul></aside></body></html>"""
        return Answer(200, "text/html; charset=utf-8", page.encode())


def _menu() -> str:
    return "".join(f'<li><a href="/section-{n}/">{WHAT[n].capitalize()}</a></li>' for n in range(12))


def _comment(chance: random.Random, m: int, published: datetime) -> str:
    posted = published + timedelta(minutes=30 * m + chance.randrange(30))
    name = f"{chance.choice(NAMES)} {chance.choice(SURNAMES)}"
    text = words(chance, max(3, min(200, round(chance.lognormvariate(3.5, 0.75)))))  # 45 on average
    if chance.random() < 0.03:
        text = f"Great post! Cheap loans for everybody at http://loans{chance.randrange(9)}.example/apply click now"
    return f"""<li class="comment depth-1" id="comment-{m + 1}"><article class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{name}</b></div>
<div class="comment-metadata"><time datetime="{posted:%FT%T+00:00}">{posted:%d %B %Y}</time></div></footer>
<div class="comment-content"><p>{html.escape(text)}</p></div></article></li>"""


# ---------------------------------------------------------------- the server


def host(number: int) -> str:
    return f"paper{number:02}.line.example"


def main(hosts: int, pages: int, days: int = 0) -> None:
    log: list[dict[str, object]] = []
    papers: Mapping[str, Paper]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            began = time.monotonic()
            name = (self.headers.get("Host") or "").partition(":")[0]
            if self.path == "/log":
                self._send(Answer(200, "application/json", json.dumps(log).encode()), 200)
                log.clear()
                return
            if self.path.startswith("/day/"):
                for paper in papers.values():
                    paper.day = int(self.path[5:])
            answer = papers[name].answer(self.path) if name in papers else Answer(421, "text/plain", b"")
            tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
            asked = self.headers.get("If-None-Match")
            status = 304 if answer.status == 200 and asked == tag else answer.status
            time.sleep(0 if days else LATENCY)
            self._send(answer, status, tag)
            line: dict[str, object] = {"host": name, "path": self.path, "status": status}
            line |= {"agent": self.headers.get("User-Agent"), "began": began, "ended": time.monotonic()}
            log.append(line)

        def _send(self, answer: Answer, status: int, tag: str | None = None) -> None:
            body = b"" if status == 304 else answer.body
            self.send_response(status)
            if tag:
                self.send_header("ETag", tag)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # who asked may have lost patience
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        _english()  # before the first visitor, who would wait for it
        port = server.server_address[1]
        papers = {host(n): Paper(n, pages, f"http://{host(n)}:{port}", days) for n in range(hosts)}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(port, flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
