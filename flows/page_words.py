"""Which pages of a magazine gave words to its articles: contents or an advertisement between them gave none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

# Letters and figures alone, in pieces of this length: a drop capital or a word cut at the line's end costs one or two.
PIECE = 40
MOST = 2_000_000  # bytes of one page

_TAG = re.compile(r"<[^<>]*>")
_NO_LETTER = re.compile(r"[\W_]+")


def gave_words(body: bytes, texts: Iterable[str]) -> bool:
    """Whether a piece of one of the texts stands on the page."""
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    page = body[:MOST].decode("utf-16" if wide else "utf-8", "replace")
    letters = _letters(html.unescape(_TAG.sub(" ", page)))
    return any(piece in letters for text in texts for piece in _pieces(_letters(text)))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _pieces(letters: str) -> Iterator[str]:
    if len(letters) <= PIECE:
        if letters:
            yield letters
        return
    for at in range(0, len(letters) - PIECE + 1, PIECE // 2):
        yield letters[at : at + PIECE]
