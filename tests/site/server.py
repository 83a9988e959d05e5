"""The sample site over real HTTP: one small server per source, each on a loopback port of its own."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from tests.site import truth
from tests.site.sites import SITES, Site
from tests.site.skins.common import Resource, picture, text

MAX_LOG = 100_000


class Request(NamedTuple):
    """One line of the request log. `path` has its query, as asked for."""

    source: str
    method: str
    path: str
    status: int


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, site: Site, log: list[Request]) -> None:
        super().__init__((host, 0), _Handler)
        self.site, self.log = site, log
        self.base = f"http://{host}:{self.server_address[1]}"
        self.resources = dict(build(site, self.base))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSite/1.0"
    sys_version = ""
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The log is a list, not the terminal."""

    def _answer(self, *, with_body: bool) -> None:
        resource = find(self.server.site, self.server.base, self.server.resources, self.path)
        status = 304 if resource.status == 200 and self._known(resource) else resource.status
        self.server.log.append(Request(self.server.site.id, self.command, self.path, status))
        del self.server.log[:-MAX_LOG]
        body = b"" if status == 304 else resource.body
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 200
        if packed:
            body = gzip.compress(body, mtime=0)
        self.send_response(status)
        self.send_header("ETag", resource.etag)
        self.send_header("Last-Modified", format_datetime(resource.modified.astimezone(UTC), usegmt=True))
        self.send_header("Vary", "Accept-Encoding")
        for name, value in resource.headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", resource.media_type)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _known(self, resource: Resource) -> bool:
        """If-None-Match wins over If-Modified-Since, as RFC 9110 has it."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked.strip() == "*" or resource.etag in [t.strip().removeprefix("W/") for t in asked.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            moment = parsedate_to_datetime(since)
        except ValueError:
            return False
        return resource.modified.replace(microsecond=0) <= moment


def build(site: Site, base: str) -> Mapping[str, Resource]:
    """Every page of a source by its path, for a site that stands at `base` ("http://127.0.0.1:8081")."""
    if site.skin is None:
        return {}
    found: Mapping[str, Resource] = site.skin.build(site, base, truth.of(site.id))
    return found


def find(site: Site, base: str, resources: Mapping[str, Resource], target: str) -> Resource:
    """The resource for a request's target (path and query); one of status 404 where there is none."""
    parts = urlsplit(target)
    path = unquote(parts.path)
    answer = getattr(site.skin, "answer", None)
    found: Resource | None = answer and answer(site, base, truth.of(site.id), path, parse_qs(parts.query))
    if found is None:
        found = resources.get(path)
    if found is None and path.startswith("/avatar/"):
        return picture(path)
    not_found = getattr(site.skin, "not_found", None)
    if found is None and not_found is not None:
        found = not_found(site, base)
    return found or _plain_404()


def _plain_404() -> Resource:
    page = text("<!DOCTYPE html><html lang=en><title>404 Not Found</title><h1>Not Found</h1></html>", "text/html")
    return Resource(page.body, page.media_type, status=404)


class Running:
    """The sample site while it runs. A context manager; `stop()` may be called twice."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.log: list[Request] = []
        self._servers = {s.id: _Server(host, s, self.log) for s in SITES if s.skin is not None}
        # Bound and never listening: its port stays ours, and whoever knocks is refused.
        self._closed = {s.id: socket.socket() for s in SITES if s.skin is None}
        for closed in self._closed.values():
            closed.bind((host, 0))
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for server in self._servers.values()
        ]
        for thread in self._threads:
            thread.start()

    def base(self, source: str) -> str:
        """The root of a source, without a slash at its end."""
        if source in self._servers:
            return self._servers[source].base
        return f"http://{self.host}:{self._closed[source].getsockname()[1]}"

    def url(self, article: truth.TrueArticle | str) -> str:
        """The address of an article (or of its "source/slug"); of a page-turner's article, its first page."""
        found = truth.article(article) if isinstance(article, str) else article
        skin = next(s.skin for s in SITES if s.id == found.source)
        assert skin is not None
        path: str = skin.path(found)
        return self.base(found.source) + path

    def requests(self, source: str | None = None) -> list[Request]:
        """What was asked so far, in order."""
        return [r for r in self.log if source is None or r.source == source]

    def put(self, source: str, path: str, resource: Resource) -> None:
        """Change a page while the site runs, or add one: an edit, a new comment, a redesign."""
        self._servers[source].resources[path] = resource

    def stop(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        for closed in self._closed.values():
            closed.close()
        self._servers, self._closed = {}, {}

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def serve(host: str = "127.0.0.1") -> Running:
    """Start one server per source, each on a free port of `host`."""
    return Running(host)


def sources_toml(running: Running, *, since_days: int = 60) -> str:
    """A sources.toml for the ports that were given; times and places are those of the sample site."""
    blocks = []
    for site in SITES:
        lines = [
            "[[source]]",
            f"id = {_quoted(site.id)}",
            f"name = {_quoted(site.name)}",
            f"method = {_quoted(site.method)}",
            f"url = {_quoted(running.base(site.id) + site.entry)}",
        ]
        if site.selector:
            lines.append(f"selector = {_quoted(site.selector)}")
        licence = ", ".join(f"{k} = {v if isinstance(v, int) else _quoted(v)}" for k, v in site.licence.items())
        lines += [
            f"since_days = {since_days}",
            f"licence = {{ {licence} }}",
            f"weight = {site.weight}",
            "pace_seconds = 0",
            "allow_private = true",
        ]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(value: str) -> str:
    """A JSON string is a TOML basic string."""
    return json.dumps(value, ensure_ascii=False)
