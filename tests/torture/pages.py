"""Pages cut, flipped and mutated: the reader says what it read, or why it can't, in 2 CPU seconds and 300 MB.

The pages are the cases of tests/parsers and, where they are beside the checkout, the annotated pages and the seeds of
../shared. Each is read in limited.py's worker, which has the limits from the kernel.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cuttings.edges.limited import Crashed, Exceeded, Limited
from cuttings.model import Page, Unreadable
from tests.parsers.mutations import MUTATIONS, mutated
from tests.torture.rows import Row

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS, MEGABYTES = 2.0, 300.0
FLIPS_OF_REAL = 20  # a page of 100 kB takes ten times as long as a case, and there are fifty
ADDRESS = "https://valley.example/2024/05/06/care/"


def rows(quick: bool) -> Iterable[Row]:
    ours, real = list(_cases()), [] if quick else list(_real())
    pages = [*ours, *real]
    most = 1 if quick else 100
    loaded = ("parsers", "parsers.plain", "trafilatura")
    with Limited(cpu_seconds=CPU_SECONDS, memory_mb=MEGABYTES, wall_seconds=60, preload=loaded) as one:
        yield _row(one, "as they are", pages)
        yield _row(one, f"cut at {most} points", _each(pages, most, _cut))
        yield _row(one, f"bytes flipped, {most} times each", _each(ours, most, _flipped))
        if real:
            yield _row(one, f"100 bytes flipped, {FLIPS_OF_REAL} times each", _each(real, FLIPS_OF_REAL, _flipped))
        count = 60 if quick else 10_000
        for n, name in enumerate(MUTATIONS):
            share = count // len(MUTATIONS) + (n < count % len(MUTATIONS))
            yield _row(one, f"mutated: {name}", _mutants(ours, real, name, share))
        if not quick:
            from tests.parsers.test_hostile import HOSTILE

            yield _row(one, "hostile by hand", HOSTILE.items())


Sample = tuple[str, bytes]


def _cases() -> Iterator[Sample]:
    for case in sorted((ROOT / "tests/parsers/cases").iterdir()):
        yield case.name, next(case.glob("page.*")).read_bytes()


def _real() -> Iterator[Sample]:
    for folder, pattern in (("pages", "*.html"), ("seeds", "*.txt"), ("seeds", "*.html")):
        for path in sorted((ROOT / "../shared" / folder).glob(pattern)):
            yield path.name, path.read_bytes()


def _each(pages: Iterable[Sample], count: int, change: Callable[[random.Random, bytes], bytes]) -> Iterator[Sample]:
    for name, body in pages:
        rng = random.Random(name)
        for n in range(count):
            yield f"{name} #{n}", change(rng, body)


def _cut(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flipped(rng: random.Random, body: bytes) -> bytes:
    """A hundred bytes, each with one bit turned over; of a case, which is short, up to a hundred."""
    changed = bytearray(body)
    for _ in range(rng.randint(1, 100) if len(body) < 10_000 else 100):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _mutants(ours: list[Sample], real: list[Sample], kind: str, count: int) -> Iterator[Sample]:
    """Every fourth of a real page, which takes as long as the other three."""
    rng = random.Random(kind)
    for n in range(count):
        name, body = rng.choice(real if real and n % 4 == 0 else ours)
        yield f"{name} {kind} #{n}", mutated(rng, body, kind)


def _row(limited: Limited, name: str, samples: Iterable[Sample]) -> Row:
    tried = read = 0
    wrong: list[str] = []
    for label, body in samples:
        tried += 1
        fault = _fault(limited, body)
        if fault is None:
            read += 1
        elif fault:
            wrong.append(f"{label}: {fault}")
    detail = wrong[0] if wrong else f"{read} read, {tried - read} refused with a reason"
    return Row(name, tried, len(wrong), detail)


def _fault(limited: Limited, body: bytes) -> str | None:
    """None: it was read; "": refused with a reason; else what went wrong."""
    kind = "application/json" if body[:1] in {b"{", b"["} else "text/html" if b"<" in body[:5000] else "text/plain"
    try:
        reading = limited.call("parsers:read", [Page(ADDRESS, body, media_type=kind)])
    except Unreadable as error:
        return "" if error.detail else "refused without a reason"
    except (Exceeded, Crashed) as error:
        return error.detail
    except Exception as error:  # whatever it is, it is not ours
        return repr(error)
    said = reading.comments or any(a.paragraphs or a.standfirst for a in reading.articles)
    return None if said else "silently empty"
