"""How well `quote` finds what an editor would keep: ROUGE against extracts chosen by hand, beside its peers.

    python -m tests.quotes.measure

Each method picks as many sentences as the extract has, out of the same sentences, knowing the text alone.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from cuttings.quotes import quote
from cuttings.sentences import split
from tests.quotes.extracts import EXTRACTS
from tests.site import truth

Method = Callable[[str, Sequence[str], int], Sequence[str]]


def lead(_text: str, sentences: Sequence[str], n: int) -> Sequence[str]:
    return sentences[:n]


def by_chance(text: str, sentences: Sequence[str], n: int) -> Sequence[str]:
    return random.Random(text).sample(list(sentences), n)


def centroid(_text: str, sentences: Sequence[str], n: int) -> Sequence[str]:
    """Nearest to the mean of the text's TF-IDF, the earlier a little more."""
    rows = TfidfVectorizer(stop_words="english").fit_transform(sentences).toarray()
    near = rows @ rows.mean(axis=0)
    return _best(sentences, [s * (1.2 - 0.4 * i / len(sentences)) for i, s in enumerate(near)], n)


def textrank(_text: str, sentences: Sequence[str], n: int) -> Sequence[str]:
    """As in Mihalcea and Tarau 2004: shared words over the sum of the logarithms of the lengths, damping .85."""
    bags = [set(re.findall(r"\w+", s.lower())) for s in sentences]
    size = len(bags)
    links = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            if i != j and len(bags[i]) > 1 and len(bags[j]) > 1:
                links[i, j] = len(bags[i] & bags[j]) / (np.log(len(bags[i])) + np.log(len(bags[j])))
    sums = links.sum(axis=1, keepdims=True)
    links = np.divide(links, sums, out=np.zeros_like(links), where=sums > 0)
    ranks = np.ones(size)
    for _ in range(50):
        ranks = 0.15 + 0.85 * links.T @ ranks
    return _best(sentences, ranks, n)


def ours(text: str, _sentences: Sequence[str], n: int) -> Sequence[str]:
    return [q.text for q in quote(text, n)]


def _best(sentences: Sequence[str], scores: Sequence[float], n: int) -> Sequence[str]:
    order = sorted(range(len(sentences)), key=lambda i: (-scores[i], i))[:n]
    return [sentences[i] for i in sorted(order)]


METHODS: dict[str, Method] = {
    "quote": ours,
    "TextRank": textrank,
    "TF-IDF centroid + position": centroid,
    "lead": lead,
    "by chance": by_chance,
}


def rouge(found: str, wanted: str, n: int) -> tuple[float, float]:
    """(recall, F1) of the n-grams."""
    one, other = _grams(found, n), _grams(wanted, n)
    shared = (one & other).total()
    recall, precision = shared / max(other.total(), 1), shared / max(one.total(), 1)
    return recall, 2 * recall * precision / (recall + precision) if shared else 0.0


def _grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"[\w'’%£]+", text.lower())
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def cases() -> list[tuple[str, list[str], list[str]]]:
    """(text, its sentences, the extract's) of every article."""
    held = {article.id: article.text for article in truth.articles()}
    found = []
    for name, openings in EXTRACTS.items():
        sentences = [s.text for s in split(held[name])]
        chosen = [s for o in openings for s in sentences if " ".join(s.split()).startswith(o)]
        assert len(chosen) == len(openings), name
        found.append((held[name], sentences, chosen))
    return found


def measure(methods: Sequence[str] = tuple(METHODS)) -> dict[str, tuple[float, float, float, float]]:
    """Method -> mean ROUGE-1 recall, ROUGE-2 recall, ROUGE-1 F1, ROUGE-2 F1."""
    held = cases()
    found = {}
    for name in methods:
        scores = []
        for text, sentences, chosen in held:
            said, wanted = " ".join(METHODS[name](text, sentences, len(chosen))), " ".join(chosen)
            (recall1, f1), (recall2, f2) = rouge(said, wanted, 1), rouge(said, wanted, 2)
            scores.append((recall1, recall2, f1, f2))
        mean = np.mean(scores, axis=0)
        found[name] = (float(mean[0]), float(mean[1]), float(mean[2]), float(mean[3]))
    return found


def main() -> None:
    print(f"{len(EXTRACTS)} articles{'':16}  recall-1  recall-2     F1-1     F1-2")
    for name, scores in measure().items():
        print(f"{name:27}" + "".join(f"{score:10.3f}" for score in scores))


if __name__ == "__main__":
    main()
