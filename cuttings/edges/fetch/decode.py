"""Content-Encoding, undone a piece at a time, so that a bomb costs what its cap allows and no more. Pure.

gzip, deflate and br are what we ask for. zstd has no decoder here (Python 3.14 brings one) and is not asked for;
a site that sends it regardless gets "bad-content", which costs nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

ACCEPTED = "gzip, deflate, br"
_STEP = 65536  # bytes a decoder may put out at once
_MOST_LAYERS = 2
_MOST_MEMBERS = 1000  # a gzip file may be many joined: half a million empty ones would cost seconds


class TooLarge(Exception):
    """More decoded bytes than the cap."""


class Undecodable(Exception):
    """The bytes are not what their encoding says."""


class Incomplete(Exception):
    """The encoded bytes ended before their end mark."""


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None: ...


class _Zlib:
    """gzip (also several files joined) and both readings of 'deflate'."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._stream = zlib.decompressobj(window)
        self._members = 1
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                if self._window != 31 or not data.startswith(b"\x1f") or self._members >= _MOST_MEMBERS:
                    return  # padding after the end is common and harmless
                self._stream = zlib.decompressobj(self._window)
                self._members += 1
            try:
                piece = self._stream.decompress(data, _STEP)
            except zlib.error as error:
                if self._window != 15 or self._begun:
                    raise Undecodable(str(error)) from None
                # 'deflate' should wrap its stream, and some servers send it bare.
                self._window, self._stream = -15, zlib.decompressobj(-15)
                continue
            self._begun = True
            if piece:
                yield piece
            data = self._stream.unconsumed_tail or self._stream.unused_data

    def finish(self) -> None:
        if not self._stream.eof:
            raise Incomplete


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._stream.process(data, output_buffer_limit=_STEP)
            while piece:
                yield piece
                piece = b"" if self._stream.is_finished() else self._stream.process(b"", output_buffer_limit=_STEP)
        except brotli.error as error:
            raise Undecodable(str(error)) from None

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise Incomplete


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": lambda: _Zlib(31),
    "x-gzip": lambda: _Zlib(31),
    "deflate": lambda: _Zlib(15),
    "br": _Brotli,
}


def decoded(pieces: Iterable[bytes], encoding: str, cap: int) -> bytes:
    """The body behind a Content-Encoding header ("gzip", "", "identity, br").

    Raises TooLarge as soon as more than `cap` bytes (of any layer) have come out, Undecodable, Incomplete.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if len(names) > _MOST_LAYERS:
        raise Undecodable(f"{len(names)} encodings on top of each other")
    stream = iter(pieces)
    for name in reversed(names):
        if name not in _DECODERS:
            raise Undecodable(f"the encoding '{name[:20]}' was not asked for")
        stream = _layer(_capped(stream, cap), _DECODERS[name]())
    return b"".join(_capped(stream, cap))


def gunzipped(body: bytes, cap: int) -> bytes:
    """A gzip file's content (sitemap.xml.gz); the errors of `decoded`."""
    return decoded([body], "gzip", cap)


def _layer(pieces: Iterator[bytes], decoder: _Decoder) -> Iterator[bytes]:
    empty = True
    for piece in pieces:
        empty = empty and not piece
        yield from decoder.feed(piece)
    if not empty:  # an empty body below an encoding's name is what some servers answer with
        decoder.finish()


def _capped(pieces: Iterator[bytes], cap: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > cap:
            raise TooLarge
        yield piece
