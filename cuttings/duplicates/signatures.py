"""What a text is compared by: an exact key, bands to look candidates up by, and shingles to verify them with.

Bands are the smallest of a text's hashed word triples (a bottom-k sketch: a pair that shares half of its triples shares
one of the eight smallest in 996 of 1,000 cases), and the first and the last words, which find the copy that was cut
after a third. Bands only propose; `containment` decides. They fit 32 bits: millions of them stand in the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from cuttings.duplicates.text import normalise

Unit = Literal["comment", "article"]
EDGE = 6  # words at either end that make an anchor
FEWEST, MOST = 4, 8  # of a comment's triples that are bands; half of those it has, between these
OF_AN_ARTICLE = 24  # more of them: a copy with much around it shares a fifth of its triples
SHORT = 8  # fewer words than this are told apart by the exact key alone: 'Well said!' is said by many

_U64 = npt.NDArray[np.uint64]
_I64 = npt.NDArray[np.int64]
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SECOND, _THIRD = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_LOW, _SPACE = np.uint64(0xFFFF_FFFF), 32


@dataclass(frozen=True, slots=True)
class Signature:
    """`exact`: hex key of the normalised text; `bands`: signed 32-bit; `shingles`: hashed pieces; `words`: how many."""

    exact: str
    bands: tuple[int, ...]
    shingles: frozenset[int]
    words: int

    @property
    def short(self) -> bool:
        return self.words < SHORT


def signature(text: str | None, unit: Unit = "comment") -> Signature:
    """The signature of one text. Comments are verified by runs of 5 characters, articles by runs of 3 words."""
    key = normalise(text)
    return signatures_of([key], unit)[0]


def signatures(texts: Sequence[str | None], unit: Unit = "comment") -> list[Signature]:
    """Of many texts in one pass, which takes a tenth of the time that one by one takes."""
    return signatures_of([normalise(text) for text in texts], unit)


def signatures_of(keys: Sequence[str], unit: Unit) -> list[Signature]:
    """Signatures of texts that are normalised already; one pass over all of them."""
    bands: list[list[int]] = [[] for _ in keys]
    for owner, band in zip(*(column.tolist() for column in bands_of(keys, unit)), strict=True):
        bands[owner].append(band)
    bare = to_compare(keys, unit)
    return [replace(one, bands=tuple(dict.fromkeys(own))) for one, own in zip(bare, bands, strict=True)]


def to_compare(keys: Sequence[str], unit: Unit) -> list[Signature]:
    """The same without bands, most of the work: for texts that have met already."""
    pieces = shingles_of(keys, unit)
    return [
        Signature(exact_key(key), (), frozenset(mine), key.count(" ") + 1 if key else 0)
        for key, mine in zip(keys, pieces, strict=True)
    ]


def exact_key(normalised: str) -> str:
    return hashlib.blake2b(normalised.encode("utf-8", "replace"), digest_size=8).hexdigest()


def as_band(*parts: str) -> int:
    """A signed 32-bit number for any words that should meet in the index."""
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "big", signed=True)


def containment(small: frozenset[int], large: frozenset[int]) -> float:
    """How much of `small` is in `large`, 0 to 1."""
    return len(small & large) / len(small) if small else 0.0


# ---------------------------------------------------------------- in numbers


def bands_of(keys: Sequence[str], unit: Unit) -> tuple[_I64, _I64]:
    """(position of the text, band) for every band of every text, by position; a short text has none.

    The same text gives the same bands whatever stands beside it.
    """
    counts = np.fromiter((k.count(" ") + 1 if k else 0 for k in keys), dtype=np.int64, count=len(keys))
    hashed, owner = _words(keys, counts)
    long = counts >= SHORT
    begin = np.concatenate(([0], np.cumsum(counts)))[:-1]
    triples, of = _triples(hashed, owner)
    kept = long[of]
    own, small = _smallest(triples[kept], of[kept], counts, unit)
    at = np.flatnonzero(long)
    heads, tails = _run(hashed, begin[at]), _run(hashed, begin[at] + counts[at] - EDGE, 1)
    owners = np.concatenate((own, at, at))
    bands = np.concatenate((small, _folded(heads), _folded(tails)))
    order = np.argsort(owners, kind="stable")
    return owners[order], bands[order]


def _words(keys: Sequence[str], counts: _I64) -> tuple[_U64, _I64]:
    """A number for every word of all texts, and the position of its text."""
    owner = np.repeat(np.arange(len(keys)), counts)
    said = " ".join(k for k in keys if k)
    if not said:
        return np.zeros(0, dtype=np.uint64), owner
    said += " "
    codes = (
        np.frombuffer(said.encode("ascii"), dtype=np.uint8)
        if said.isascii()
        else np.frombuffer(said.encode("utf-32-le", "replace"), dtype=np.uint32)
    )
    ends = np.flatnonzero(codes == _SPACE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(int(place.max()) + 1, _PRIME, dtype=np.uint64))
        return _mix(np.add.reduceat(codes.astype(np.uint64) * powers[place], starts)), owner


def _triples(words: _U64, owner: _I64) -> tuple[_U64, _I64]:
    """A number for every three words in a row of one text, and the position of the text."""
    if len(words) < 3:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    inside = owner[:-2] == owner[2:]
    with np.errstate(over="ignore"):
        mixed = _mix(words[:-2] * _PRIME + words[1:-1] * _SECOND + words[2:] * _THIRD)
    return mixed[inside], owner[:-2][inside]


def _smallest(triples: _U64, of: _I64, words: _I64, unit: Unit) -> tuple[_I64, _I64]:
    """The owners and the smallest different triples of each, folded to 32 bits."""
    ranked = distinct(of.astype(np.uint64) << np.uint64(32) | triples >> np.uint64(32))
    owner = (ranked >> np.uint64(32)).astype(np.int64)
    first = np.searchsorted(owner, np.arange(len(words)))
    rank = np.arange(len(owner)) - first[owner]
    most = np.clip((words - 1) // 2, FEWEST, MOST) if unit == "comment" else np.full(len(words), OF_AN_ARTICLE)
    kept = rank < most[owner]
    return owner[kept], _folded(_mix((ranked & _LOW)[kept]))


def distinct(values: _U64) -> _U64:
    """The different values in order. numpy's own `unique` hashes first, which costs a millisecond for five numbers."""
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def _run(words: _U64, starts: _I64, salt: int = 0) -> _U64:
    """A number for the EDGE words from each start on."""
    value = np.full(len(starts), salt, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(EDGE):
            value = _mix(value + words[starts + step])
    return value


def _folded(values: _U64) -> _I64:
    return values.astype(np.uint32).astype(np.int32).astype(np.int64)


def _mix(values: _U64) -> _U64:
    with np.errstate(over="ignore"):
        values = values * _PRIME
        values ^= values >> np.uint64(32)
        values = values * _SECOND
        mixed: _U64 = values ^ (values >> np.uint64(29))
    return mixed


def shingles(key: str) -> frozenset[int]:
    """The pieces of one comment, normalised already."""
    return frozenset(shingles_of([key], "comment")[0])


def shingles_of(keys: Sequence[str], unit: Unit) -> list[list[int]]:
    """What texts are verified by, hashed: runs of 5 characters, or of 3 words.

    A text shorter than one run gives itself as the only one, an empty text gives none.
    """
    if unit == "comment":
        # Python's own hash differs from run to run, which is no matter: shingles are never kept.
        return [[hash(k[i : i + 5]) for i in range(max(1, len(k) - 4))] if k else [] for k in keys]
    counts = np.fromiter((k.count(" ") + 1 if k else 0 for k in keys), dtype=np.int64, count=len(keys))
    hashed, owner = _words(keys, counts)
    triples, of = _triples(hashed, owner)
    ends = np.searchsorted(of, np.arange(len(keys) + 1))
    found = [triples[ends[at] : ends[at + 1]].tolist() for at in range(len(keys))]
    return [f or ([hash(k)] if k else []) for f, k in zip(found, keys, strict=True)]


def alike(bands: Iterable[int], others: Iterable[int]) -> bool:
    return not set(bands).isdisjoint(others)
