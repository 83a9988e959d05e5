"""Ways in which a page goes wrong on its way: tags lost, doubled or swapped, attributes shuffled, encodings broken."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]+>")
_ATTRIBUTES = re.compile(rb'(?<=\s)[\w:-]+="[^"<>]*"')
_WORDS = re.compile(rb">([^<>]{3,})<")
_ODD = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u202e\u200b".encode(),
    b"&#0;",
    b"&#x110000;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
)


def _some(rng: random.Random, body: bytes, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes]) -> bytes:
    share = rng.choice((0.01, 0.1, 0.5))
    return pattern.sub(lambda m: change(m[0]) if rng.random() < share else m[0], body)


def _dropped(rng: random.Random, body: bytes) -> bytes:
    return _some(rng, body, _TAG, lambda _: b"")


def _doubled(rng: random.Random, body: bytes) -> bytes:
    return _some(rng, body, _TAG, lambda tag: tag * rng.choice((2, 2, 3, 30)))


def _swapped(rng: random.Random, body: bytes) -> bytes:
    tags = _TAG.findall(body) or [b"<p>"]
    return _some(rng, body, _TAG, lambda _: rng.choice(tags))


def _shuffled(rng: random.Random, body: bytes) -> bytes:
    attributes = _ATTRIBUTES.findall(body) or [b'class="comment"']
    return _some(rng, body, _ATTRIBUTES, lambda _: rng.choice(attributes))


def _reworded(rng: random.Random, body: bytes) -> bytes:
    texts = [*_WORDS.findall(body), b"", b" ", b"x" * 5000, b"1/1/1 " * 200, b"3 May 2024", b"Reply", b"404 not found"]
    return _some(rng, body, _WORDS, lambda _: b">" + rng.choice(texts) + b"<")


def _misencoded(rng: random.Random, body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    name = rng.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "shift_jis", "utf-7", "cp037"))
    changed = text.encode(name, "replace")
    return changed if rng.random() < 0.5 else body[: len(body) // 2] + changed[len(changed) // 2 :]


def _sprinkled(rng: random.Random, body: bytes) -> bytes:
    pieces = [body[n : n + 200] for n in range(0, len(body), 200)]
    return b"".join(piece + rng.choice(_ODD) if rng.random() < 0.2 else piece for piece in pieces)


def _moved(rng: random.Random, body: bytes) -> bytes:
    a, b, c = sorted(rng.randrange(len(body) + 1) for _ in range(3))
    return body[:a] + body[b:c] + body[a:b] + body[c:]


MUTATIONS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "tags dropped": _dropped,
    "tags doubled": _doubled,
    "tags swapped": _swapped,
    "attributes shuffled": _shuffled,
    "text replaced": _reworded,
    "encodings broken": _misencoded,
    "odd bytes": _sprinkled,
    "pieces moved": _moved,
}


def mutated(rng: random.Random, body: bytes, kind: str) -> bytes:
    return MUTATIONS[kind](rng, body)
