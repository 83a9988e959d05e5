"""What a text is compared by: an exact key, bands to look candidates up by, and shingles to verify them with.

Bands are 32 groups of 4 MinHash values (a pair at Jaccard .5 shares a band in 87 of 100 cases), and a few anchors:
the first and the last words, and for articles a sample of their word triples. Anchors find the copy that was cut
after a third, which MinHash alone loses. Bands only propose; `containment` decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cuttings.duplicates.text import normalise

Unit = Literal["comment", "article"]
PERMUTATIONS, BANDS, ROWS, SEED = 128, 32, 4, 20120203
EDGE = 6  # words at either end that make an anchor
SAMPLE = 24  # of the word triples of an article, one in so many is an anchor
MOST_ANCHORS = 40
SHORT = 8  # fewer words than this are told apart by the exact key alone: 'Well said!' is said by many

_U64 = npt.NDArray[np.uint64]
_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Signature:
    """`exact`: hex key of the normalised text; `bands`: signed 64-bit; `shingles`: hashed pieces; `words`: how many."""

    exact: str
    bands: tuple[int, ...]
    shingles: frozenset[int]
    words: int

    @property
    def short(self) -> bool:
        return self.words < SHORT


def signature(text: str | None, unit: Unit = "comment") -> Signature:
    """The signature of one text. Comments are cut into runs of 5 characters, articles into runs of 3 words."""
    key = normalise(text)
    return signatures_of([key], unit)[0]


def signatures_of(keys: Sequence[str], unit: Unit) -> list[Signature]:
    """Signatures of texts that are normalised already; one pass over all of them."""
    flat, offsets = shingles(keys, unit)
    bands = bands_of(flat, offsets)
    found = []
    for at, key in enumerate(keys):
        pieces = flat[offsets[at] : offsets[at + 1]]
        words = key.split()
        own = [int(b) for b in bands[at]] if len(pieces) and len(words) >= SHORT else []
        own += anchors(words, pieces, unit)
        found.append(Signature(exact_key(key), tuple(dict.fromkeys(own)), frozenset(pieces.tolist()), len(words)))
    return found


def exact_key(normalised: str) -> str:
    return hashlib.blake2b(normalised.encode("utf-8", "replace"), digest_size=8).hexdigest()


def as_band(*parts: str) -> int:
    """A signed 64-bit number for any words that should meet in the index."""
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def anchors(words: Sequence[str], pieces: _U64, unit: Unit) -> list[int]:
    """First words, last words, and for articles the sampled triples; none for a short text."""
    if len(words) < SHORT:
        return []
    ends = [as_band("head", *words[:EDGE]), as_band("tail", *words[-EDGE:])]
    if unit == "article":
        sampled = np.unique(pieces[pieces % np.uint64(SAMPLE) == 0])[:MOST_ANCHORS]
        ends += [int(v) for v in sampled.astype(np.int64)]
    return ends


def containment(small: frozenset[int], large: frozenset[int]) -> float:
    """How much of `small` is in `large`, 0 to 1."""
    return len(small & large) / len(small) if small else 0.0


# ---------------------------------------------------------------- in numbers


def shingles(keys: Sequence[str], unit: Unit) -> tuple[_U64, npt.NDArray[np.uint64]]:
    """Hashed shingles of all texts in one array, and where each text's begin (one more offset than texts).

    A text shorter than one shingle gives itself as the only one, an empty text gives none.
    """
    size = 5 if unit == "comment" else 3
    symbols, lengths = _characters(keys) if unit == "comment" else _words(keys)
    counts = np.where(lengths >= size, lengths - size + 1, np.minimum(lengths, 1))
    offsets = np.zeros(len(keys) + 1, dtype=np.uint64)
    np.cumsum(counts, out=offsets[1:])
    total = int(offsets[-1])
    if not total:
        return np.zeros(0, dtype=np.uint64), offsets
    text_of = np.repeat(np.arange(len(keys)), counts)
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    at = np.arange(total) - offsets[:-1].astype(np.int64)[text_of] + starts[text_of]
    # Only a text shorter than one shingle would read on into its neighbour.
    stubs = bool((lengths < size).any())
    last = (starts + lengths)[text_of]
    padded = np.concatenate((symbols, np.zeros(size, dtype=np.uint64)))
    hashed = np.zeros(total, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(size):
            symbol = padded[at + step]
            if stubs:
                symbol = np.where(at + step < last, symbol, np.uint64(0))
            hashed = _mix(hashed + symbol + np.uint64(step + 1))
    return hashed, offsets


def _mix(values: _U64) -> _U64:
    values = values * _PRIME
    mixed: _U64 = values ^ (values >> np.uint64(29))
    return mixed


def _characters(keys: Sequence[str]) -> tuple[_U64, npt.NDArray[np.int64]]:
    codes = np.frombuffer("".join(keys).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return codes, np.fromiter((len(k) for k in keys), dtype=np.int64, count=len(keys))


def _words(keys: Sequence[str]) -> tuple[_U64, npt.NDArray[np.int64]]:
    split = [k.split() for k in keys]
    known: dict[str, int] = {}
    flat = [known.get(w) or known.setdefault(w, as_band(w) & 0xFFFF_FFFF_FFFF_FFFF or 1) for ws in split for w in ws]
    lengths = np.fromiter((len(ws) for ws in split), dtype=np.int64, count=len(split))
    return np.array(flat, dtype=np.uint64), lengths


def bands_of(flat: _U64, offsets: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """MinHash bands, one row of 32 signed numbers a text."""
    # Imported here: telling spam apart needs no MinHash, and the command that does it starts in less time.
    from rensa import RMinHash

    rows: Any = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, PERMUTATIONS, SEED).to_rows()
    matrix = np.array(rows, dtype=np.uint64).reshape(len(offsets) - 1, BANDS, ROWS)
    folded = np.zeros(matrix.shape[:2], dtype=np.uint64)
    with np.errstate(over="ignore"):
        for row in range(ROWS):
            folded = _mix(folded + matrix[:, :, row] + np.uint64(1))
        folded = _mix(folded + np.arange(BANDS, dtype=np.uint64))
    return folded.astype(np.int64)


def alike(bands: Iterable[int], others: Iterable[int]) -> bool:
    return not set(bands).isdisjoint(others)
