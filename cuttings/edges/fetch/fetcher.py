"""One polite, guarded session for everything we read from the web."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import urllib3
from requests.auth import _basic_auth_str
from requests.cookies import RequestsCookieJar

from cuttings.addresses import absolute, host_of, origin
from cuttings.edges.fetch import guard, media, sentences
from cuttings.edges.fetch.decode import ACCEPTED, Incomplete, Undecodable, decoded
from cuttings.edges.fetch.outgoing import Outgoing, numeric
from cuttings.edges.fetch.politeness import Later, Politeness, retry_after
from cuttings.edges.fetch.results import Expects, Fetched, FetchFailed, Get, NotModified
from cuttings.edges.fetch.robots import Robots
from cuttings.model import Page
from cuttings.settings import Source

PRODUCT = "Cuttings"
VERSION = "0.1"
MOST_REDIRECTS = 5
LARGEST: Mapping[Expects, int] = {"page": 8_000_000, "data": 12_000_000}  # decoded bytes
_LARGEST_ROBOTS = 2_000_000
_LONGEST_ADDRESS = 4000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TINY_CHUNKS = 4000  # chunks of under 32 bytes: a server that sends a megabyte byte by byte costs seconds
_ACCEPT: Mapping[Expects, str] = {
    "page": "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.5",
    "data": "application/rss+xml, application/atom+xml, application/feed+json, application/json, application/xml;q=0.9,"
    " text/xml;q=0.9, */*;q=0.5",
}


def user_agent(contact: str) -> str:
    """How we name ourselves: what we are and whom to write to. ValueError when it would not fit a header."""
    text = f"{PRODUCT}/{VERSION} (press cuttings for a council; +{'mailto:' if '@' in contact else ''}{contact})"
    if not text.isascii() or not text.isprintable():
        raise ValueError("The contact shown to sites must be one line of plain letters: an e-mail or web address.")
    return text


class _Session(requests.Session):
    """requests without redirects: even with allow_redirects=False it reads and unpacks a redirect's body."""

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


@dataclass(slots=True)
class _Ask:
    """One call of `get`, as it goes from hop to hop."""

    first: str
    expects: Expects
    cap: int
    allow_private: bool
    pace: float
    validators: Mapping[str, str]
    credentials: str | None
    family: str | None
    robots: bool
    budget: float  # seconds on the network that are left for all hops together
    hops: list[str] = field(default_factory=list)
    jars: dict[tuple[str, str, int], RequestsCookieJar] = field(default_factory=dict)


class Fetcher:
    """Fetches pages politely; safe to share between threads, closed with `close()` or `with`.

    contact: an e-mail or web address, shown to the sites in the user agent.
    outgoing: the deployer's proxy and certificates (`Outgoing.from_environment(os.environ)`).
    deadline, connect_seconds: seconds for a whole request with its redirects (waiting for a turn apart), for dialling.
    clock, sleep, now: seconds that count up, how to wait, the time with its zone: what politeness is measured with.
    resolver, dial: how names become addresses, and addresses sockets.

    Private addresses are refused where the socket is opened. Through a proxy that is the proxy's socket, so we can
    only look before we ask: a host that is, spells or resolves here to a private address is refused, as are
    "localhost", one-word names and ".local"/".internal"; a name that only the proxy can resolve is left to it, and
    the deployer's proxy must keep requests out of its own network. Loopback is never asked for through a proxy.
    """

    def __init__(
        self,
        contact: str,
        *,
        outgoing: Outgoing | None = None,
        deadline: float = 30.0,
        connect_seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolver: guard.Resolver = guard.resolve,
        dial: guard.Dial = guard.dial,
    ) -> None:
        self._outgoing = outgoing or Outgoing()
        self._deadline, self._connect_seconds = deadline, connect_seconds
        self._now, self._resolver, self._dial = now, resolver, dial
        self._politeness = Politeness(clock, sleep, now)
        self._robots = Robots(PRODUCT, now)
        # A pooled connection to a private host must never serve a request that may not go there.
        self._sessions = {private: _session(user_agent(contact)) for private in (False, True)}

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()

    def bound_to(self, source: Source) -> Get:
        """`get` with a source's pace, permission for private addresses, and family."""
        return partial(
            self.get, allow_private=source.allow_private, pace_seconds=source.pace_seconds, family=source.family
        )

    def get(
        self,
        url: str,
        *,
        expects: Expects = "page",
        allow_private: bool = False,
        pace_seconds: float = 2.0,
        etag: str | None = None,
        last_modified: str | None = None,
        family: str | None = None,
        auth: tuple[str, str] | None = None,
        largest: int | None = None,
    ) -> Fetched | NotModified:
        """A page, or NotModified when `etag` or `last_modified` still holds. Raises FetchFailed.

        `allow_private` holds for the host that was asked for, not for where it redirects to. `auth`, or a user name
        and password in the address, goes to the scheme, host and port that were asked for and nowhere else.
        `largest` is the most decoded bytes.
        """
        first, credentials = _opened(url, auth)
        ask = _Ask(
            first=first,
            expects=expects,
            cap=largest or LARGEST[expects],
            allow_private=allow_private,
            pace=pace_seconds,
            validators=_validators(etag, last_modified),
            credentials=credentials,
            family=family,
            robots=True,
            budget=self._deadline,
        )
        return self._follow(ask)

    # ------------------------------------------------------------ hop by hop

    def _follow(self, ask: _Ask) -> Fetched | NotModified:
        current = ask.first
        for _ in range(MOST_REDIRECTS + 1):
            outcome = self._hop(ask, current)
            if not isinstance(outcome, str):
                return outcome
            ask.hops.append(current)
            if outcome in ask.hops and not ask.jars:
                raise FetchFailed(ask.first, "redirect", sentences.CIRCLE)
            current = outcome
        raise FetchFailed(ask.first, "redirect", sentences.TOO_MANY.format(MOST_REDIRECTS))

    def _hop(self, ask: _Ask, url: str) -> Fetched | NotModified | str:
        """One request. The next address where it is a redirect."""
        private = ask.allow_private and _same_house(ask.first, url)
        gap = ask.pace
        try:
            if ask.robots:
                delay = self._robots.check(url, _root(url), partial(self._robots_txt, ask, private))
                gap = max(gap, delay)
            with self._politeness.turn(_queue(url), gap):
                return self._exchange(ask, url, private)
        except Later as later:
            raise FetchFailed(url, "busy", sentences.LATER.format(later.at), later.at) from None
        except FetchFailed as failure:
            if failure.kind == "refused-address" and ask.hops:
                failure.detail = f"The site redirects to another address that we may not visit: {failure.detail}"
            raise

    def _robots_txt(self, ask: _Ask, private: bool, url: str) -> bytes:
        rules = _Ask(
            first=url,
            expects="data",
            cap=_LARGEST_ROBOTS,
            allow_private=private,
            pace=ask.pace,
            validators={},
            credentials=ask.credentials if origin(url) == origin(ask.first) else None,
            family=None,
            robots=False,
            budget=self._deadline,
        )
        outcome = self._follow(rules)
        return outcome.page.body if isinstance(outcome, Fetched) else b""

    def _exchange(self, ask: _Ask, url: str, private: bool) -> Fetched | NotModified | str:
        began = time.monotonic()
        attempt = guard.Attempt(
            deadline=began + ask.budget,
            body_cap=ask.cap + 65536,
            connect_seconds=self._connect_seconds,
            allow_private=private,
            resolver=self._resolver,
            dial=self._dial,
        )
        token = guard.ATTEMPT.set(attempt)
        response: requests.Response | None = None
        try:
            response = self._send(ask, url, attempt)
            return self._outcome(ask, url, response)
        except FetchFailed:
            raise
        except Exception as error:
            raise sentences.failure(url, error, self._deadline, reading=response is not None) from error
        finally:
            if response is not None:
                response.close()
            guard.ATTEMPT.reset(token)
            ask.budget -= time.monotonic() - began

    def _send(self, ask: _Ask, url: str, attempt: guard.Attempt) -> requests.Response:
        proxy = self._outgoing.proxy_for(url)
        if proxy:
            _look_ahead(host_of(url), attempt)
        headers = {"Accept": _ACCEPT[ask.expects]}
        if _may_have_secrets(ask.first, url):
            headers.update(ask.validators)
        if ask.credentials and origin(url) == origin(ask.first):
            headers["Authorization"] = ask.credentials
        session = self._sessions[attempt.allow_private]
        prepared = session.prepare_request(
            requests.Request("GET", url, headers=headers, cookies=ask.jars.get(origin(url)))
        )
        return session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(min(self._connect_seconds, attempt.left()), attempt.left()),
            proxies={"http": proxy, "https": proxy} if proxy else {},
            verify=self._outgoing.ca_bundle or True,
        )

    def _outcome(self, ask: _Ask, url: str, response: requests.Response) -> Fetched | NotModified | str:
        status = response.status_code
        if len(response.cookies):
            ask.jars.setdefault(origin(url), RequestsCookieJar()).update(response.cookies)
        if status in _REDIRECTS:
            return _next(url, response.headers.get("Location"))
        etag, last_modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
        if status == 304:
            if not ask.validators:
                raise FetchFailed(url, "bad-content", sentences.UNASKED_304, status=304)
            return NotModified(url, etag or ask.validators.get("If-None-Match"), last_modified)
        if status in {429, 503}:
            at = retry_after(response.headers.get("Retry-After"), self._now())
            self._politeness.stay_away(_queue(url), at)
            raise FetchFailed(url, "busy", sentences.BUSY.format(status, at), at, status)
        if status != 200:
            raise sentences.status_failure(url, status)
        media_type = response.headers.get("Content-Type", "").strip()
        media.check_type(url, media_type, ask.expects)
        body = _body(response, ask.cap)
        if ask.robots:
            media.check_body(url, body, ask.expects)
        page = Page(url=url, body=body, media_type=media_type, family=ask.family, fetched_at=self._now(), status=status)
        return Fetched(page, url, etag, last_modified, (*ask.hops[1:], url) if ask.hops else ())


def _session(agent: str) -> requests.Session:
    session = _Session()
    session.trust_env = False  # else ~/.netrc is read and its passwords sent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # cookies live as long as one `get`
    session.headers.update({"User-Agent": agent, "Accept-Encoding": ACCEPTED, "Accept-Language": "en-GB, en;q=0.8"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, guard.GuardedAdapter(pool_connections=32, pool_maxsize=4))
    return session


def _opened(url: str, auth: tuple[str, str] | None) -> tuple[str, str | None]:
    """The address without its credentials, and these as a header."""
    try:
        first = absolute(url)
        if len(first) > _LONGEST_ADDRESS:
            raise ValueError(f"The address is longer than {_LONGEST_ADDRESS} characters.")
        split = urlsplit(url.strip())
        if auth is None and split.username is not None:
            auth = unquote(split.username), unquote(split.password or "")
    except ValueError as error:
        raise FetchFailed(sentences.bare(url), "bad-address", str(error)) from None
    return first, _basic_auth_str(*auth) if auth else None


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # They came from the site and go back to it as headers: a line end in one would add a header.
    return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}


def _next(url: str, location: str | None) -> str:
    if not location or not location.strip():
        raise FetchFailed(url, "redirect", sentences.NO_LOCATION)
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # headers arrive as latin-1, addresses are UTF-8
    try:
        address = absolute(location, url)
    except ValueError as error:
        raise FetchFailed(url, "redirect", sentences.BAD_LOCATION.format(error)) from None
    if len(address) > _LONGEST_ADDRESS:
        raise FetchFailed(url, "redirect", sentences.BAD_LOCATION.format("the address is too long."))
    return address


def _body(response: requests.Response, cap: int) -> bytes:
    raw: urllib3.HTTPResponse = response.raw
    head = raw._original_response
    body = decoded(_pieces(raw), response.headers.get("Content-Encoding", ""), cap)
    if raw.length_remaining == 0 and not raw.chunked and getattr(head, "surplus", b"").strip():
        raise Incomplete  # a length that is too short cut the page, and nobody would notice
    return body


def _pieces(raw: urllib3.HTTPResponse) -> Iterator[bytes]:
    count = size = 0
    for piece in raw.stream(65536, decode_content=False):
        count, size = count + 1, size + len(piece)
        if count > _TINY_CHUNKS and size < count * 32:
            raise Undecodable("sent in crumbs of a few bytes")
        yield piece


def _root(url: str) -> str:
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"


def _queue(url: str) -> str:
    """Who waits behind whom: a host's http and https together, a server on another port by itself."""
    _, host, port = origin(url)
    return host if port in {80, 443} else f"{host}:{port}"


def _same_house(first: str, url: str) -> bool:
    """Is this the host the source was allowed to be on? The same port, or the step from http to https."""
    _, host, port = origin(first)
    _, other, other_port = origin(url)
    return host == other and (port == other_port or {port, other_port} <= {80, 443})


def _may_have_secrets(first: str, url: str) -> bool:
    """An ETag is worth little elsewhere, and http to https on one host is the same page."""
    return origin(url) == origin(first) or (_same_house(first, url) and url.startswith("https:"))


def _look_ahead(host: str, attempt: guard.Attempt) -> None:
    """What can be known of a host before a proxy dials it; see Fetcher. Raises RefusedAddress."""
    address = numeric(host)
    if address is not None:
        reason = guard.refusal(address, allow_private=attempt.allow_private)
        if reason:
            raise guard.RefusedAddress(reason)
        return
    try:
        guard.addresses(host, 443, attempt)
    except guard.NoAddress:  # only the proxy has a name server for the world outside
        inside = "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
        if inside and not attempt.allow_private:
            raise guard.RefusedAddress(f"{host} is a name of the network inside") from None
