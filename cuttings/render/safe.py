"""Web addresses for print: http and https alone, anything else is no link."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

# What may stand in an address unescaped. Anything else (spaces, quotes, backslashes, other scripts) is escaped.
_SAFE = "-._~:/?#[]@!$&'()*+,;=%"
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
LONGEST = 2000  # characters; longer ones are broken or an attack, and mail clients cut them


class Address(str):
    """Checked, of plain ASCII and of bounded length: printed as it is, as half an address leads nowhere."""


class Picture(str):
    """A data: address of a picture made or read by us: printed as it is, however long. Any other "data:" is words."""


def web(url: str | None) -> Address | None:
    """The address if it is a plain http(s) one with a host, else None: 'javascript:…', 'file:…', '//host', …"""
    if not url or len(url) > LONGEST:
        return None
    url = url.strip()
    if _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None:
        return None
    if not re.fullmatch(r"[\w.\-\[\]:]+", host):
        return None
    return Address(quote(url, safe=_SAFE))


def mail_or_web(url: str | None) -> Address | None:
    """As `web`, and 'mailto:' with one address and no header smuggled in, for unsubscribing."""
    if url and re.fullmatch(r"mailto:[\w.+\-]+@[\w.\-]+(\?subject=[\w%.\-]*)?", url):
        return Address(url)
    return web(url)
