"""Labelling: documents per CPU second with the fifteen themes we ship, beside TF-IDF with the cosine to each theme.

The documents are made of the sentences of the sample site's articles, shuffled: sector prose with the words that
themes are found by, as dense as on the real pages, and in every paragraph a name that no other document has.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cuttings.model import Theme
from cuttings.settings import load
from cuttings.themes import compile_themes, label
from tests.bench.table import Cell, Table, cpu_seconds
from tests.site import truth
from tests.site.sites import SITES

HOME = Path(__file__).resolve().parents[2]
DOCUMENTS = 4000
WORDS = 612  # of an article: the mean of the sector's pages that were looked at
ROUNDS = 3
LEAST = 2000

Document = tuple[str, str, str]  # title, standfirst, text


def documents(count: int, words: int = WORDS, seed: int = 5) -> list[Document]:
    """Articles of `words` words in paragraphs of four sentences, each with a headline and a standfirst of its own."""
    chance = random.Random(seed)
    articles = [a for one in SITES for a in truth.of(one.id) if a.outcome == "article" and a.paragraphs]
    sentences = [s for a in articles for p in a.paragraphs for s in re.split(r"(?<=[.?!])\s+", p) if len(s.split()) > 3]
    heads = [(a.title or "", a.standfirst or "") for a in articles]
    made = []
    for n in range(count):
        paragraphs: list[str] = []
        length = 0
        while length < words:
            chosen = [chance.choice(sentences) for _ in range(4)]
            chosen.append(
                f"{chance.choice(('Mrs', 'Mr'))} {_name(chance)} of {_name(chance)} said so, on page {n % 97}."
            )
            paragraphs.append(" ".join(chosen))
            length += sum(len(s.split()) for s in chosen)
        made.append((*heads[n % len(heads)], "\n\n".join(paragraphs)))
    return made


def _name(chance: random.Random) -> str:
    """A name that hardly any other document has: real pages bring new words, too."""
    return "".join(chance.choice("bcdfglmnprstw") + chance.choice("aeiou") for _ in range(3)).capitalize()


def rate(step: Callable[[], object], count: int, rounds: int = ROUNDS) -> float:
    """Documents per CPU second: the best of some rounds, as other work on the machine only ever makes one slower."""
    best = float("inf")
    for _ in range(rounds):
        began = cpu_seconds()
        step()
        best = min(best, cpu_seconds() - began)
    return count / best


def _cosine(themes: Sequence[Theme], made: Sequence[Document]) -> Callable[[], object]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    about = [f"{t.name}. {t.description} {re.sub(r'[!?~*#+]', ' ', ' '.join(t.phrases))}" for t in themes]
    texts = ["\n".join(document) for document in made]
    vectoriser = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english").fit(about)
    wanted = vectoriser.transform(about)
    return lambda: (vectoriser.transform(texts) @ wanted.T).argmax(axis=1)


def measure(quick: bool) -> Table:
    themes = load([HOME / "config" / "default"]).themes
    made = documents(200 if quick else DOCUMENTS)
    matcher = compile_themes(themes)
    rows: list[dict[str, Cell]] = []

    def add(name: str, step: Callable[[], object], count: int, evidence: str) -> None:
        rows.append(
            {"what": name, "documents": count, "per CPU second": round(rate(step, count)), "evidence": evidence}
        )

    def ours(given: Sequence[Document]) -> Callable[[], object]:
        return lambda: [label(*document, matcher) for document in given]

    add(f"Cuttings, articles of {WORDS} words", ours(made), len(made), "phrases with offsets")
    long = documents(len(made) // 10, 3000, seed=6)
    add("Cuttings, long reads of 3,000 words", ours(long), len(long), "phrases with offsets")
    heads = [(title, standfirst, "") for title, standfirst, _ in made]
    add("Cuttings, headline and standfirst", ours(heads), len(heads), "phrases with offsets")
    add("TF-IDF cosine (scikit-learn)", _cosine(themes, made), len(made), "none")
    found = sum(bool(label(*document, matcher).labels) for document in made) / len(made)
    notes = [
        f"{len(themes)} themes, {sum(len(t.phrases) for t in themes)} phrases; {found:.0%} of the articles got one.",
        f"The aim is {LEAST:,} articles per CPU second. The best of {ROUNDS} rounds, Python {sys.version.split()[0]}.",
        "TF-IDF names the nearest theme alone: no second theme, no 'none', nothing to show an editor.",
    ]
    return Table("Labelling with themes", rows, notes)
