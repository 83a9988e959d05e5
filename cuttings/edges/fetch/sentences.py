"""What went wrong, in words for people: exceptions and status codes -> FetchFailed. Pure."""

from __future__ import annotations

import http.client
import re
import ssl

import requests
import urllib3

from cuttings.edges.fetch.decode import TooLarge, Undecodable
from cuttings.edges.fetch.guard import DeadlinePassed, NoAddress, RefusedAddress, TooMuchSent
from cuttings.edges.fetch.results import FetchFailed, Kind

CIRCLE = "The site redirects in a circle."
TOO_MANY = "The site redirects more than {} times."
NO_LOCATION = "The site redirects without saying where to."
BAD_LOCATION = "The site redirects to something we can't follow: {}"
UNASKED_304 = "The site says the page has not changed, but we have never had it."
BUSY = "The site is busy ({}) and may be asked again from {:%d %B %Y, %H:%M %Z}."
LATER = "The site wants a longer pause; it may be asked again from {:%d %B %Y, %H:%M %Z}."

_STATUS: dict[int, str] = {
    400: "The site did not understand the request (400).",
    401: "The site wants a login (401).",
    402: "The site wants to be paid (402).",
    403: "The site does not let us read this page (403).",
    404: "The page is not there (404).",
    410: "The page has been taken down (410).",
    451: "The page is withheld for legal reasons (451).",
    500: "The site has a fault of its own (500).",
    502: "The site's server can't be reached behind its front (502).",
    504: "The site's server did not answer its front in time (504).",
}


def status_failure(url: str, status: int) -> FetchFailed:
    return FetchFailed(
        url, _kind(status), _STATUS.get(status, f"The site answered with status {status}."), None, status
    )


def _kind(status: int) -> Kind:
    if status in {404, 410}:
        return "missing"
    if status in {201, 202, 203, 204, 205, 206}:
        return "bad-content"
    families: dict[int, Kind] = {3: "status-3xx", 4: "status-4xx", 5: "status-5xx"}
    return families.get(status // 100, "status-odd")


def bare(url: str) -> str:
    """An address as it may be shown: no password, not a screenful."""
    text = re.sub(r"//[^/@\s]*@", "//", url.strip())
    return text if len(text) <= 200 else f"{text[:197]}..."


def failure(url: str, error: Exception, deadline: float, *, reading: bool) -> FetchFailed:
    """`reading`: the head had arrived, and the page itself was being read."""
    chain = _chain(error)
    kind, detail = _explained(chain, deadline, reading=reading)
    return FetchFailed(url, kind, detail)


def _chain(error: BaseException) -> list[BaseException]:
    """An exception with what is wrapped in it: requests wraps urllib3, which wraps http.client and the socket."""
    chain: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(chain) < 20:
        item = waiting.pop(0)
        if isinstance(item, BaseException) and item not in chain:
            chain.append(item)
            waiting += [*item.args, getattr(item, "reason", None), item.__cause__, item.__context__]
    return chain


def _explained(chain: list[BaseException], deadline: float, *, reading: bool) -> tuple[Kind, str]:
    def first(*kinds: type[BaseException]) -> BaseException | None:
        return next((error for error in chain if isinstance(error, kinds)), None)

    if refused := first(RefusedAddress):
        return "refused-address", f"{refused}."
    if unknown := first(NoAddress):
        return "dns", f"The host's name leads nowhere: {_short(unknown)}."
    if first(DeadlinePassed):
        return "timeout", f"The site did not finish answering within {deadline:g} seconds."
    if first(TooMuchSent, TooLarge, http.client.LineTooLong) or "more than 100 headers" in str(chain[0]):
        return "too-large", "The answer is larger than any page we read."
    if broken := first(Undecodable):
        return "bad-content", f"The page can't be unpacked: {_short(broken)}."
    if first(requests.exceptions.InvalidHeader, urllib3.exceptions.InvalidHeader):
        return "truncated", "The site announces two different lengths, so nobody can tell whether the page is whole."
    if proxy := first(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return "connect", f"The outgoing proxy does not take us there: {_short(proxy)}."
    if not reading and (untrusted := first(ssl.SSLError, requests.exceptions.SSLError)):
        return "tls", f"No safe connection could be made: {_short(untrusted)}."
    if unreached := first(urllib3.exceptions.NewConnectionError):
        return "connect", f"The site's server can't be reached: {_reason(chain, unreached)}."
    if first(requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError):
        return "connect", "The site's server does not pick up."
    if first(requests.exceptions.Timeout, TimeoutError):
        return "timeout", f"The site did not finish answering within {deadline:g} seconds."
    if reading:
        return "truncated", "The page broke off before its end."
    if first(requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError, UnicodeError):
        return "bad-address", "The address can't be asked for."
    if isinstance(chain[0], OSError):
        return "dropped", f"The connection broke before the page began: {_short(chain[-1])}."
    return "dropped", f"The site's answer makes no sense: {_short(chain[0])}."


def _reason(chain: list[BaseException], fallback: BaseException) -> str:
    system = next(
        (error for error in chain if type(error).__module__ == "builtins" and isinstance(error, OSError)), None
    )
    return (system.strerror or str(system)) if isinstance(system, OSError) else _short(fallback)


def _short(error: BaseException) -> str:
    text = re.sub(r"0x[0-9a-f]{6,}|<[^>]*>:?|\[Errno -?\d+\] ", "", str(error) or type(error).__name__)
    return " ".join(text.split())[:160].rstrip(".")
