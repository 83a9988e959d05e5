"""Counts which kinds of English words follow each other: the table parsers/digital_edition/follows.tsv, from any prose.

    python -m tests.digital_edition.count_follows FOLDER > follows.tsv

FOLDER holds *.txt, a paragraph a line or parted by blank lines; two million words and more make a good table. Words
that are used alike fall into one of 150 groups; the 300 commonest stand for themselves. What is printed is numbers:
log odds against chance in halves, by how many words lie between. No sentence of the prose can be got back from it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import svds
from wordfreq import zipf_frequency

GROUPS, OWN, MOST, SEEN = 150, 300, 14_000, 8  # groups, words of their own, words in all, times one must be seen
GAPS = {1: 0.75, 2: 1.0, 3: 1.0}  # words apart, and the least log odds worth keeping
NUMBER, NAME = "#", "^"
ENDINGS = (
    *("tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "ism", "ist", "ing", "ed", "ly", "ous", "ful"),
    *("less", "ive", "able", "ible", "al", "ic", "est", "er", "or", "'s", "s", "y", "e", "t", "n", "d", "l", "r", ""),
)
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|[.,;:!?–—]|\d+")
HEADER = """\
# Which English words follow each other: log odds against chance, in halves; nothing but numbers is kept of the text.
# = kind: its words; ~ kind: endings of words no kind names; 1, 2, 3 (words apart): first kind, value:second kinds."""


def paragraphs(folder: Path) -> list[list[str]]:
    """Tokens of each paragraph; a word that is a name where it stands is NAME, a number NUMBER."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))]
    raw = [_TOKEN.findall(part) for text in texts for part in re.split(r"\n\s*\n|\n(?=\S{0,3}[A-Z“])", text)]
    inside = [(a, b) for tokens in raw for a, b in pairwise(tokens) if a not in ".!?:"]
    seen = Counter(b.lower() for _, b in inside)
    capital = Counter(b.lower() for _, b in inside if b[0].isupper())
    names = {word for word in capital if capital[word] >= 0.5 * seen[word] and len(word) > 1 and word[:2] != "i'"}

    def kept(word: str, before: str) -> str:
        lower = word.lower().replace("’", "'").replace("—", "–")
        if lower[0].isdigit():
            return NUMBER
        return NAME if before not in ".!?:" and word[0].isupper() and lower in names else lower

    return [[kept(word, before) for before, word in pairwise([".", *tokens])] for tokens in raw]


def pairs(flat: np.ndarray, gap: int, count: int) -> sparse.csr_matrix:
    """How often word j stands `gap` words after word i; numbers above `count` are the ends of paragraphs."""
    a, b = flat[:-gap], flat[gap:]
    good = (a <= count) & (b <= count)
    for between in range(1, gap):
        good &= flat[between : len(flat) - gap + between] <= count
    return sparse.coo_matrix((np.ones(good.sum()), (a[good], b[good])), shape=(count + 1, count + 1)).tocsr()


def groups(near: dict[int, sparse.csr_matrix], weights: np.ndarray) -> np.ndarray:
    """A group for each word: words with like neighbours together."""
    count = len(weights)
    sides = [near[1][:count, :1000], near[1].T.tocsr()[:count, :1000]]
    sides += [near[2][:count, :300], near[2].T.tocsr()[:count, :300]]
    table = sparse.hstack(sides).tocoo()
    rows, columns = np.asarray(table.sum(1)).ravel() + 1e-9, np.asarray(table.sum(0)).ravel() + 1e-9
    value = np.log(np.maximum(1e-9, table.data * table.sum() / (rows[table.row] * columns[table.col])))
    told = sparse.csr_matrix((np.maximum(value, 0), (table.row, table.col)), shape=table.shape)
    left, size, _ = svds(told.astype(float), k=min(60, min(told.shape) - 1), random_state=1)
    place = left * size
    place /= np.linalg.norm(place, axis=1, keepdims=True) + 1e-9
    chance = np.random.default_rng(1)
    centres = place[chance.choice(count, min(GROUPS, count), replace=False, p=weights / weights.sum())]
    for _ in range(40):
        group = np.argmax(place @ centres.T, axis=1)
        for n in range(len(centres)):
            own = group == n
            centre = (place[own] * weights[own, None]).sum(0) if own.any() else place[chance.integers(count)]
            centres[n] = centre / (np.linalg.norm(centre) + 1e-9)
    return group


def odds(near: sparse.csr_matrix, kind: np.ndarray, kinds: int, least: float) -> np.ndarray:
    """Log odds of kind j after kind i, drawn to chance where little was seen; in halves, small ones left out."""
    table, seen = near.tocoo(), np.zeros((kinds, kinds))
    good = (table.row < len(kind)) & (table.col < len(kind))
    np.add.at(seen, (kind[table.row[good]], kind[table.col[good]]), table.data[good])
    chance = seen.sum(1, keepdims=True) * seen.sum(0, keepdims=True) / max(seen.sum(), 1)
    drawn = 3.0 * np.minimum(1, chance) + 0.3
    value = np.clip(np.round(np.log((seen + drawn) / (chance + drawn)) * 2) / 2, -6, 6)
    return np.where(np.abs(value) < least, 0, value)


def follows(text: list[list[str]]) -> str:
    """follows.tsv, as parsers/digital_edition/coherence.py reads it."""
    seen = Counter(word for tokens in text for word in tokens)
    words = [word for word, n in seen.most_common(MOST) if n >= SEEN]
    alone = [word for word in words if word[0].isalpha() and seen[word] >= 300]
    own = {*sorted(alone, key=lambda w: -zipf_frequency(w, "en"))[:OWN], *(w for w in words if not w[0].isalpha())}
    words = [w for w in words if w in own] + [w for w in words if w not in own]
    index = {word: n for n, word in enumerate(words)}
    count = len(words)
    flat = np.array([n for tokens in text for n in (*(index.get(t, count) for t in tokens), *[count + 1] * 3)])
    near = {gap: pairs(flat, gap, count) for gap in GAPS}
    group = groups(near, np.sqrt(np.array([seen[word] for word in words], dtype=float)))
    kind = np.array([n if n < len(own) else len(own) + group[n] for n in range(count)])
    name = [*words[: len(own)], *(f"~{n}" for n in range(group.max() + 1))]
    lines = [HEADER]
    members, votes = defaultdict(list), defaultdict(Counter)
    for n in range(len(own), count):
        if words[n][0].isalpha():
            votes[next(e for e in ENDINGS if words[n].endswith(e))][group[n]] += 1
            if seen[words[n]] >= 12 and zipf_frequency(words[n], "en") >= 3.0:
                members[group[n]].append(words[n])
    lines += [f"=\t~{n}\t{' '.join(sorted(members[n]))}" for n in sorted(members)]
    endings = {ending: found.most_common(1)[0][0] for ending, found in votes.items()}
    endings.setdefault("", next(iter(endings.values()), 0))
    lines += [f"~\t~{n}\t{ending or '*'}" for ending, n in endings.items()]
    for gap, least in GAPS.items():
        table = odds(near[gap], kind, len(name), least)
        for i, first in enumerate(name):
            cells = defaultdict(list)
            for j in np.nonzero(table[i])[0]:
                cells[int(table[i, j] * 2)].append(name[j])
            if cells:
                lines.append(f"{gap}\t{first}\t" + "\t".join(f"{v}:{' '.join(w)}" for v, w in sorted(cells.items())))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(follows(paragraphs(Path(sys.argv[1]))))
