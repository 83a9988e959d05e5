"""What a line of a filter's standard input can be: huge, broken, deep, of the wrong types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.torture.commands_world import Call, World, few, row
from tests.torture.rows import Row

GOOD: Mapping[str, Mapping[str, Any]] = {
    "read": {"paths": ["nowhere.html"], "url": "https://x.example/a", "family": None, "fetched_at": None},
    "judge": {
        "article": {"title": "Day centre", "published": "2026-10-28", "text": "It is open.", "authors": ["A"],
                    "url": None, "source": None},
        "comments": [{"n": 1, "author": "Jo", "author_url": None, "posted": "2026-10-28T19:02:11", "text": "Good.",
                      "parent": None, "links": [], "by_article_author": False}],
    },
    "label": {"title": "Direct payments", "standfirst": None, "text": "A personal budget is yours."},
    "stories": {"id": "a", "title": "Day centre", "text": "It is open again.", "published": "2026-10-28",
                "source": "moor", "authors": [], "url": None},
    "quote": {"text": "The day centre is open again after a year.", "sentences": 2},
}  # fmt: skip
HUGE = 10**4000
# What JSON can put where something else is meant.
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, HUGE, -HUGE, 1e308, float("nan"), float("inf"), "", "x", "\x00", "\ud800", "\x1b[2J",
    "2026-99-99", "99999-01-01", "-0001-01-01", "x" * 100_000, [], [[]], [None], ["\ud800"], [1], {}, {"": None},
    [{}], {"x": []}, "http://[", "javascript:alert(1)", "\u202e",
)  # fmt: skip


def _deep(depth: int) -> bytes:
    return b'{"text": ' + b"[" * depth + b"]" * depth + b"}"


def _deep_object(depth: int) -> bytes:
    return b'{"text": ' * depth + b"1" + b"}" * depth


def _with(good: Mapping[str, Any], text: str) -> bytes:
    key = "text" if "text" in good else "url"
    return json.dumps({**good, key: text}).encode()


# Each makes one line (without its end) out of a good question and a size in bytes.
LINES: dict[str, Callable[[Mapping[str, Any], int], bytes]] = {
    "of letters without an end": lambda _, n: b"x" * n,
    "one long text": lambda good, n: _with(good, "word " * (n // 5)),
    "one long text in Thai": lambda good, n: json.dumps({**good, "text": "\u0e01" * (n // 6)}).encode(),
    "a million keys": lambda good, n: json.dumps({**good, **{str(k): k for k in range(n // 100)}}).encode(),
    "deep lists": lambda *_: _deep(100_000),
    "deep objects": lambda *_: _deep_object(100_000),
    "brackets alone": lambda _, n: b"[" * (n // 10),
    "broken UTF-8": lambda *_: b'{"text": "\xff\xfe\xc3\x28"}',
    "a lone surrogate": lambda *_: b'{"text": "\\ud800 and \\udc00", "title": "\\ud83d", "id": "\\udfff"}',
    "UTF-16": lambda good, _: json.dumps(good).encode("utf-16").replace(b"\n", b" "),
    "a byte order mark in front": lambda good, _: b"\xef\xbb\xbf" + json.dumps(good).encode(),
    "NUL in it": lambda *_: b'{"text": "a\x00b"}',
    "NUL escaped": lambda *_: b'{"text": "a\\u0000b", "paths": ["a\\u0000b"], "id": "\\u0000"}',
    "NaN": lambda *_: b"NaN",
    "infinity": lambda *_: b'{"text": Infinity, "sentences": -Infinity, "n": NaN}',
    "a number of 10,000 digits": lambda *_: b"9" * 10_000,
    "a number of 10,000 digits inside": lambda *_: b'{"text": "x", "sentences": ' + b"9" * 10_000 + b"}",
    "an exponent": lambda *_: b'{"text": "x", "sentences": 1e999999999}',
    "a key twice": lambda *_: b'{"text": "x", "text": ["y"], "id": 1, "id": 2}',
    "two objects": lambda *_: b"{} {}",
    "no JSON": lambda *_: b"{'text': 'x',}",
    "a comma too much": lambda *_: b'{"text": "x",}',
    "carriage return": lambda good, _: json.dumps(good).encode() + b"\r",
}


def rows(world: World, quick: bool) -> Iterator[Row]:
    size = 2_000_000 if quick else 100_000_000
    filters = ("label",) if quick else tuple(GOOD)
    for name, make in few(LINES, quick, 3):
        yield row(f"a line: {name}", world, _one(world, filters, make, size))
    yield row("a line: any value for any key", world, _any_value(world, filters))
    yield row("a line: the file's last, without an end", world, _unended(world, filters))
    yield row("a line: many empty ones", world, _empty(world, filters))


def _given(world: World, data: bytes) -> Path:
    path = world.files / "lines.jsonl"
    path.write_bytes(data)
    return path


def _one(
    world: World, filters: tuple[str, ...], make: Callable[[Mapping[str, Any], int], bytes], size: int
) -> Iterator[Call]:
    """The line, and a good one behind it, which is answered as ever."""
    for command in filters:
        good = json.dumps(GOOD[command]).encode()
        given = _given(world, make(GOOD[command], size) + b"\n" + good + b"\n")
        yield Call((command, "--jsonl"), given, answers=2)


def _any_value(world: World, filters: tuple[str, ...]) -> Iterator[Call]:
    for command in filters:
        good = GOOD[command]
        lines = [json.dumps(one) for one in _changed(good)]
        yield Call((command, "--jsonl"), _given(world, ("\n".join(lines) + "\n").encode()), answers=len(lines))


def _changed(good: Any) -> Iterator[Any]:
    """The question with every value in it, at every depth, put in the place of another or left out."""
    if isinstance(good, Mapping):
        for key, inner in good.items():
            yield {k: v for k, v in good.items() if k != key}
            yield from ({**good, key: value} for value in VALUES)
            yield from ({**good, key: changed} for changed in _changed(inner))
    elif isinstance(good, list):
        yield from ([value, *good] for value in VALUES)
        for n, inner in enumerate(good):
            yield from ([*good[:n], changed, *good[n + 1 :]] for changed in _changed(inner))


def _unended(world: World, filters: tuple[str, ...]) -> Iterator[Call]:
    for command in filters:
        good = GOOD[command]
        yield Call((command, "--jsonl"), _given(world, json.dumps(good).encode()), answers=1)


def _empty(world: World, filters: tuple[str, ...]) -> Iterator[Call]:
    for command in filters:
        good = GOOD[command]
        data = b"\n \r\n\t\n" * 10_000 + json.dumps(good).encode() + b"\n\n"
        yield Call((command, "--jsonl"), _given(world, data), answers=1)
