"""The first load: which of very many comments repeat an earlier one, in one pass, with memory that stays flat.

Time is linear in the number of texts. A group of texts that shares a band is compared with its first member and with
the member before, not all with all, so that a phrase which ten thousand people paste costs ten thousand looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cuttings.duplicates.signatures import BANDS, EDGE, SHORT, bands_of, shingles
from cuttings.duplicates.text import normalise

CHUNK = 20_000  # texts whose shingles are in memory together
SAME = 0.8

_I64 = npt.NDArray[np.int64]


def copies(texts: Sequence[str]) -> _I64:
    """For each text the position of the earlier text that it repeats, or -1. Texts in order, the elder first.

    Exact copies of any length, and near copies (0.8 of the later one's character runs in the elder) of texts of eight
    words or more. Who may say the same as whom is for the caller: 'Well said!' of two people is found here too.
    """
    keys = [normalise(t) for t in texts]
    original = _exact(keys)
    alone = np.flatnonzero(original < 0)
    telling = alone[np.fromiter((keys[i].count(" ") + 1 >= SHORT for i in alone), dtype=bool, count=len(alone))]
    bands = _bands(keys, telling)
    checked: dict[tuple[int, int], bool] = {}
    for band in range(bands.shape[1]):
        for later, earlier in _pairs(bands[:, band], telling):
            if original[later] >= 0 or (later, earlier) in checked:
                continue
            checked[later, earlier] = inside = _inside(keys[later], keys[earlier])
            if inside:
                original[later] = earlier
    for at in telling:  # an original may itself turn out to be a copy in a later band
        while original[at] >= 0 and original[original[at]] >= 0:
            original[at] = original[original[at]]
    return original


def _exact(keys: Sequence[str]) -> _I64:
    first: dict[str, int] = {}
    original = np.full(len(keys), -1, dtype=np.int64)
    for at, key in enumerate(keys):
        if key and (seen := first.setdefault(key, at)) != at:
            original[at] = seen
    return original


def _bands(keys: Sequence[str], wanted: _I64) -> _I64:
    """Bands and both ends of the wanted texts, one row each."""
    rows = np.zeros((len(wanted), BANDS + 2), dtype=np.int64)
    for start in range(0, len(wanted), CHUNK):
        chunk = [keys[i] for i in wanted[start : start + CHUNK]]
        rows[start : start + len(chunk), :BANDS] = bands_of(*shingles(chunk, "comment"))
        for at, key in enumerate(chunk, start):
            words = key.split()
            # Python's own hash differs from run to run, which is no matter within one.
            rows[at, BANDS], rows[at, BANDS + 1] = hash(" ".join(words[:EDGE])), hash(" ".join(words[-EDGE:]))
    return rows


def _pairs(column: _I64, position: _I64) -> Iterator[tuple[int, int]]:
    """(later, earlier) of texts that share the band: with the group's first, and with the one before."""
    order = np.argsort(column, kind="stable")
    same = np.flatnonzero(column[order[1:]] == column[order[:-1]]) + 1
    first, last = -1, -2
    for at in same.tolist():
        if at != last + 1:
            first = at - 1
        last = at
        later = int(position[order[at]])
        yield later, int(position[order[first]])
        if at - 1 != first:
            yield later, int(position[order[at - 1]])


def _inside(later: str, earlier: str) -> bool:
    mine = {later[i : i + 5] for i in range(max(1, len(later) - 4))}
    theirs = {earlier[i : i + 5] for i in range(max(1, len(earlier) - 4))}
    return len(mine & theirs) >= SAME * len(mine)
