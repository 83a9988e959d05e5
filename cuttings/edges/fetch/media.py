"""Is what came of the kind we asked for? By its type before it is read, and by its first bytes after. Pure."""

from __future__ import annotations

import re

from cuttings.edges.fetch.results import Expects, FetchFailed

_READABLE = re.compile(
    r"text/.*|application/(xhtml\+xml|xml|json|octet-stream|gzip|x-gzip|javascript|[\w.-]+\+(xml|json)|rss|atom)"
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip file or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_PACKED: tuple[tuple[bytes, str], ...] = ((b"\x1f\x8b", "a packed file"), (b"\x28\xb5\x2f\xfd", "a packed file"))


def check_type(url: str, media_type: str, expects: Expects) -> None:
    """Raises FetchFailed for a type that can't be read as text; no type is fine, the bytes will tell."""
    essence = media_type.partition(";")[0].strip().lower()
    if essence and not _READABLE.fullmatch(essence):
        wanted = "a page" if expects == "page" else "a feed or a list"
        raise FetchFailed(url, "bad-content", f"We asked for {wanted} and were sent '{essence[:60]}'.")


def check_body(url: str, body: bytes, expects: Expects) -> None:
    """Raises FetchFailed for nothing at all, and for a PDF that calls itself HTML."""
    if not body.strip(b"\x00 \t\r\n"):
        raise FetchFailed(url, "bad-content", "The site sent an empty page.")
    for magic, name in (*_MAGIC, *(_PACKED if expects == "page" else ())):
        if body.startswith(magic):
            raise FetchFailed(url, "bad-content", f"What was sent as a page is {name}.")
