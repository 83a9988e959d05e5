"""The first load: which of very many comments repeat an earlier one, in one pass, with memory that stays flat.

Time is linear in the number of texts. A group of texts that shares a band is compared with its first member and with
the member before, not all with all, so that a phrase which ten thousand people paste costs ten thousand looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cuttings.duplicates.signatures import SHORT, bands_of, distinct
from cuttings.duplicates.text import normalise

CHUNK = 20_000  # texts whose words are in memory together
SAME = 0.8
PLACES, ENOUGH = 12, 5  # of a pair at 0.8 one in 1,600 falls short of five in twelve; of strangers nearly all do

_I64 = npt.NDArray[np.int64]
_U64 = npt.NDArray[np.uint64]
_HALF = np.uint64(32)


def copies(texts: Sequence[str]) -> _I64:
    """For each text the position of the earlier text that it repeats, or -1. Texts in order, the elder first.

    Exact copies of any length, and near copies (0.8 of the later one's character runs in the elder) of texts of eight
    words or more. Who may say the same as whom is for the caller: 'Well said!' of two people is found here too.
    """
    keys = [normalise(t) for t in texts]
    original = _exact(keys)
    alone = np.flatnonzero(original < 0)
    telling = alone[np.fromiter((keys[i].count(" ") + 1 >= SHORT for i in alone), dtype=bool, count=len(alone))]
    for later, earlier in _pairs(_in_order(keys, telling)):
        if original[later] < 0 and _inside(keys[later], keys[earlier]):
            original[later] = earlier
    for at in np.flatnonzero(original >= 0):  # an original may itself have turned out to be a copy
        while original[original[at]] >= 0:
            original[at] = original[original[at]]
    return original


def _exact(keys: Sequence[str]) -> _I64:
    first: dict[str, int] = {}
    original = np.full(len(keys), -1, dtype=np.int64)
    for at, key in enumerate(keys):
        if key and (seen := first.setdefault(key, at)) != at:
            original[at] = seen
    return original


def _in_order(keys: Sequence[str], wanted: _I64) -> _U64:
    """Every band of the wanted texts with its text's position in the lower half of the number, sorted by band."""
    parts = []
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        owner, band = bands_of([keys[i] for i in chunk], "comment")
        parts.append(band.astype(np.uint32).astype(np.uint64) << _HALF | chunk[owner].astype(np.uint64))
    every = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)
    every.sort()
    return every


def _pairs(every: _U64) -> Iterator[tuple[int, int]]:
    """(later, earlier) of texts that share a band, each once: with the group's first, and with the one before."""
    band, position = every >> _HALF, (every & np.uint64(0xFFFF_FFFF)).astype(np.int64)
    same = np.flatnonzero(band[1:] == band[:-1]) + 1
    starts = np.maximum.accumulate(np.where(np.concatenate(([True], band[1:] != band[:-1])), np.arange(len(band)), 0))
    later = position[same]
    wanted = [
        later.astype(np.uint64) << _HALF | earlier.astype(np.uint64)
        for earlier in (position[starts[same]], position[same - 1])
        if len(same)
    ]
    # By the later text and then the earlier one, so that the eldest original wins.
    for pair in distinct(np.concatenate(wanted)).tolist() if wanted else ():
        yield pair >> 32, pair & 0xFFFF_FFFF


def _inside(later: str, earlier: str) -> bool:
    """Is 0.8 of the later text in the earlier one? A few places of it tell most strangers apart first."""
    last = max(1, len(later) - 4)
    if last > PLACES and sum(later[i : i + 5] in earlier for i in range(0, last, last // PLACES)) < ENOUGH:
        return False
    theirs = {earlier[i : i + 5] for i in range(max(1, len(earlier) - 4))}
    mine = {later[i : i + 5] for i in range(last)}
    return len(mine & theirs) >= SAME * len(mine)
