"""A gibibyte packed into next to nothing, in every encoding, wherever a body can be: in a process of its own each."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import brotli

from tests.edges_net.servers import pages, reply
from tests.torture.rows import Row

GIBIBYTE = 1 << 30
MOST_SECONDS = 1.0  # of computing time
MOST_BYTES = 32_000_000  # on top of what the process had before
_BLOCK = 1 << 24
_HOME = Path(__file__).resolve().parents[2]

_CHILD = """
import json, resource, sys, time
from datetime import UTC, datetime
from cuttings.edges.discover import discover
from cuttings.edges.fetch import Fetcher, FetchFailed
from cuttings.settings import Source
url, method = sys.argv[1:]
source = Source(id="x", name="X", method=method, url=url, pages=(url,), allow_private=True, pace_seconds=0)
with Fetcher("policy@council.example") as fetcher:
    get = fetcher.bound_to(source)
    peak, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        if method == "pages":
            became = get(url).page.body.decode()
        else:
            became = f"{len(discover(source, get, now=datetime(2026, 3, 2, tzinfo=UTC)).found)} found"
    except FetchFailed as failed:
        became = failed.kind
    seconds = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
print(json.dumps([became, seconds, grown]))
"""


def _deflated() -> bytes:
    """A gibibyte of zeros as raw deflate: one flushed block, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\x00" * _BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (GIBIBYTE // _BLOCK) + packer.flush()


def _brotli() -> bytes:
    packer = brotli.Compressor(quality=1)
    zeros = b"\x00" * (1 << 22)
    return b"".join(packer.process(zeros) for _ in range(GIBIBYTE >> 22)) + packer.finish()


def _zstd() -> bytes:
    """By hand, as nothing here packs it: 8,192 blocks that each say 'this byte, 131,072 times'."""
    size = 1 << 17
    block = (1 << 1 | size << 3).to_bytes(3, "little") + b"\x00"
    last = (1 | 1 << 1 | size << 3).to_bytes(3, "little") + b"\x00"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * (GIBIBYTE // size - 1) + last


@cache
def bomb(encoding: str) -> bytes:
    if encoding == "br":
        return _brotli()
    if encoding == "zstd":
        return _zstd()
    wrapped = {"gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03", "deflate": b"\x78\x9c"}
    return wrapped[encoding] + _deflated()


ENCODINGS = ("gzip", "deflate", "br", "zstd")
# Where the bomb lies -> how it is asked for, and what should become of it (with zstd: of what nobody asked for).
PLACES: dict[str, tuple[str, str, str]] = {
    "200": ("pages", "too-large", "bad-content"),
    "302": ("pages", "<p>words</p>", "<p>words</p>"),
    "404": ("pages", "missing", "missing"),
    "500": ("pages", "status-5xx", "status-5xx"),
    "robots.txt": ("pages", "robots", "robots"),
    "feed": ("feed", "too-large", "bad-content"),
    "sitemap": ("sitemap", "too-large", "bad-content"),
    "sitemap.xml.gz": ("sitemap", "bad-content", "bad-content"),
}


def rows(quick: bool) -> Iterator[Row]:
    bad: list[str] = []
    tried, slowest, largest = 0, 0.0, 0
    for encoding in ENCODINGS:
        for n, place in enumerate(PLACES):
            if place == "sitemap.xml.gz" and encoding != "gzip":
                continue
            if quick and (n + ENCODINGS.index(encoding)) % 9:
                continue
            tried += 1
            became, seconds, grown = _tried(encoding, place)
            slowest, largest = max(slowest, seconds), max(largest, grown)
            wanted = PLACES[place][2 if encoding == "zstd" else 1]
            if became != wanted:
                bad.append(f"{encoding} on {place}: {became}, wanted {wanted}")
            elif seconds > MOST_SECONDS or grown > MOST_BYTES:
                bad.append(f"{encoding} on {place}: {seconds:.2f} CPU s, {grown / 1e6:.0f} MB")
    detail = "; ".join(bad[:3]) or f"at most {slowest:.2f} CPU s and {largest / 1e6:.0f} MB for one"
    yield Row("bombs of 1 GiB", tried, len(bad), detail)


def _tried(encoding: str, place: str) -> tuple[str, float, int]:
    status = {"302": "302 Found", "404": "404 Not Found", "500": "500 Fault"}.get(place, "200 OK")
    packed = {"Content_Encoding": encoding}
    if place == "sitemap.xml.gz":
        packed = {"Content_Type": "application/gzip"}
    boom = reply(bomb(encoding), status, Location="/landing" if place == "302" else None, **packed)
    robots = {"robots": boom} if place == "robots.txt" else {}
    with pages({"/x": boom, "/landing": reply()}, **robots) as site:
        command = [sys.executable, "-c", _CHILD, f"{site.base}/x", PLACES[place][0]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=_HOME)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1][:200], 0.0, 0
    became, seconds, grown = json.loads(done.stdout)
    return became, seconds, grown
