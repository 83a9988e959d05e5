"""What a page shows to a person, and where in its source each visible character stands. Pure.

HTML, JSON with HTML in it, or plain text: whatever stands between the letters is seen through.
"""

from __future__ import annotations

import bisect
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

# What a comment is made of when it is read may differ in quotation marks from what the page has.
_ALIKE = str.maketrans("‘’‚“”„–—‐‑", "'''\"\"\"----")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """As compared: case folded, without accents; nothing for white space and what can't be seen."""
    if unicodedata.category(character) in {"Cf", "Cc"} or character.isspace():
        return ""
    plainly = unicodedata.normalize("NFKD", character).casefold().translate(_ALIKE)
    return "".join(c for c in plainly if not c.isspace() and not unicodedata.combining(c))


def folded(text: str) -> str:
    """A text as it is compared: what can be seen of it, without case, accents and spaces."""
    return "".join(map(_fold, text))


def parts_of(text: str) -> list[str]:
    return [seen for part in re.split(r"\n\s*\n", text) if (seen := folded(part))]


@dataclass(slots=True)
class Stream:
    """Visible characters of a part of the page, folded, each with the place in the source that it comes from."""

    kind: str  # text, attribute, script
    folded: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def occurrences(self, wanted: str, since: int = 0, until: int | None = None, whole: bool = False) -> Iterator[int]:
        at = self.folded.find(wanted, since)
        while wanted and at >= 0 and at + len(wanted) <= (len(self.folded) if until is None else until):
            if not whole or self._alone(at, at + len(wanted)):
                yield at
            at = self.folded.find(wanted, at + 1)

    def _alone(self, start: int, end: int) -> bool:
        """'Jo Brack' does not stand in 'Jo Brackley': no letter touches it in the source."""
        before = start > 0 and self.ends[start - 1] == self.starts[start] and self.folded[start - 1].isalnum()
        after = end < len(self.starts) and self.starts[end] == self.ends[end - 1] and self.folded[end].isalnum()
        return not before and not after

    def at_source(self, place: int) -> int:
        """The first character that stands at or after a place in the source."""
        return bisect.bisect_left(self.starts, place)


_ENTITY = r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?"
_MARKUP = re.compile(
    r"(?P<hidden><!--.*?-->|<(?P<raw>script|style|noscript|template)\b[^>]*+>.*?</(?P=raw)\s*>)"
    r"|(?P<tag></?[a-zA-Z!?](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|</?[a-zA-Z!?][^>]*+>)"
    rf"|(?P<entity>{_ENTITY})|(?P<run>[^<&]++)|(?P<one>.)",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPED = re.compile(
    r"(?P<code>\\+u[0-9a-fA-F]{4})|(?P<short>\\+[nrtbf\"'/\\])|(?P<tag><[^<>]{0,4000}>)"
    rf"|(?P<entity>{_ENTITY})|(?P<run>[^\\<&]++)|(?P<one>.)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=>\"'<]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")


class SeenPage:
    """The source of a page, what can be seen in it, and the edits that wait."""

    def __init__(self, text: str, *, json: bool) -> None:
        self.text = text
        self.edits: list[tuple[int, int, str]] = []
        self.tags: list[tuple[int, int]] = []
        self.main = Stream("text")
        self.others: list[Stream] = []
        if json:
            self._escaped(self.main, 0, len(text))
        else:
            self._markup()

    @property
    def streams(self) -> list[Stream]:
        return [self.main, *self.others]

    def _markup(self) -> None:
        pieces: list[str] = []
        for found in _MARKUP.finditer(self.text):
            start, end = found.span()
            if found["hidden"] is not None:
                other = Stream("script")
                self._escaped(other, start, end)
                self.others.append(other)
            elif found["tag"] is not None:
                self.tags.append((start, end))
                self.others += self._attributes(start, end)
            elif found["entity"] is not None:
                self._put(self.main, pieces, html.unescape(found["entity"]), start, end)
            else:
                self._run(self.main, pieces, found.group(), start)
        self.main.folded = "".join(pieces)

    def _attributes(self, start: int, end: int) -> Iterator[Stream]:
        for found in ATTRIBUTE.finditer(self.text, start, end):
            group = next((n for n in (2, 3, 4) if found[n] is not None), None)
            if group is not None and found[group]:
                stream = Stream("attribute")
                pieces: list[str] = []
                for part in re.finditer(rf"(?P<entity>{_ENTITY})|(?P<run>[^&]++|&)", found[group]):
                    at = found.start(group) + part.start()
                    if part["entity"] is not None:
                        self._put(stream, pieces, html.unescape(part[0]), at, at + len(part[0]))
                    else:
                        self._run(stream, pieces, part[0], at)
                stream.folded = "".join(pieces)
                yield stream

    def _escaped(self, stream: Stream, since: int, until: int) -> None:
        pieces: list[str] = []
        for found in _ESCAPED.finditer(self.text, since, until):
            start, end = found.span()
            if found["code"] is not None:
                self._put(stream, pieces, chr(int(found["code"][-4:], 16)), start, end)
            elif found["short"] is not None:
                self._put(stream, pieces, "" if found[0][-1] in "nrtbf" else found[0][-1], start, end)
            elif found["entity"] is not None:
                self._put(stream, pieces, html.unescape(found[0]), start, end)
            elif found["tag"] is None:
                self._run(stream, pieces, found.group(), start)
        stream.folded = "".join(pieces)

    @staticmethod
    def _run(stream: Stream, pieces: list[str], run: str, start: int) -> None:
        for n, character in enumerate(run, start):
            if seen := _fold(character):
                pieces.append(seen)
                stream.starts += [n] * len(seen)
                stream.ends += [n + 1] * len(seen)

    @staticmethod
    def _put(stream: Stream, pieces: list[str], characters: str, start: int, end: int) -> None:
        seen = folded(characters)
        pieces.append(seen)
        stream.starts += [start] * len(seen)
        stream.ends += [end] * len(seen)

    # ------------------------------------------------------------ editing

    def take(self, stream: Stream, start: int, end: int, replacement: str = "") -> None:
        """Take out the characters of a stream; tags between them stay."""
        for n in range(start, end):
            since = stream.starts[n]
            if n > start and self.text[stream.ends[n - 1] : since].isspace():
                since = stream.ends[n - 1]
            self.edits.append((since, stream.ends[n], replacement if n == start else ""))

    def take_all(
        self, stream: Stream, wanted: str, kept: Sequence[tuple[int, int]], replacement: str = "", whole: bool = False
    ) -> int:
        """Take a passage out wherever it stands in a stream, but for the ranges that are kept; how often it was found,
        those kept included."""
        found = 0
        for at in stream.occurrences(wanted, whole=whole):
            found += 1
            if not within(kept, at, at + len(wanted)):
                self.take(stream, at, at + len(wanted), replacement)
        return found

    def edited(self) -> str:
        pieces, done = [], 0
        for start, end, replacement in sorted(set(self.edits), key=lambda e: (e[0], e[1], -len(e[2]))):
            if end <= done and start < done:
                continue
            pieces += [self.text[done : max(start, done)], replacement]
            done = max(end, done)
        return "".join((*pieces, self.text[done:]))


def within(ranges: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in ranges)


# ---------------------------------------------------------------- bytes and letters


def is_json(text: str, media_type: str) -> bool:
    return "json" in media_type or text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]+)", re.IGNORECASE)


def decoded(body: bytes, media_type: str) -> tuple[str, str]:
    """Text that becomes the same bytes again, and the codec to do it with."""
    for bom, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(bom):
            return body.decode(codec, "surrogateescape"), codec
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(media_type.encode("ascii", "replace")) or _CHARSET.search(body[:4096])
    name = named[1].decode("ascii").lower() if named else "cp1252"
    # The web reads Latin-1 as Windows' code page; what is not even that keeps its bytes.
    for codec in ("cp1252" if name in {"iso-8859-1", "latin-1", "utf-8", "us-ascii"} else name, "cp1252"):
        try:
            text = body.decode(codec, "surrogateescape")
            if text.encode(codec, "surrogateescape") == body:
                return text, codec
        except (LookupError, UnicodeError):
            continue
    return body.decode("latin-1"), "latin-1"
