"""How hard a text is to read: sentence length and reading age (Flesch-Kincaid grade + 5), for the editions' report.

A measure of sentences and syllables, not of sense: quotes are reported, never bent to fit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cuttings.sentences import split

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàáâäèéêëìíîïòóôöùúûü]+")


@dataclass(frozen=True, slots=True)
class Readability:
    """`age`: years, as schools count them (about 12 can be read by most adults); 0 words give age 0."""

    words: int
    sentences: int
    mean_sentence_words: float
    grade: float
    age: float


def readability(text: str) -> Readability:
    """Counts words with letters; a heading or list item is a sentence of its own, as its reader takes it."""
    counts = [(len(words), sum(map(syllables, words))) for s in split(text) if (words := _WORD.findall(s.text))]
    total = sum(n for n, _ in counts)
    if not total:
        return Readability(0, 0, 0.0, 0.0, 0.0)
    mean = total / len(counts)
    grade = max(0.0, 0.39 * mean + 11.8 * sum(n for _, n in counts) / total - 15.59)
    return Readability(total, len(counts), round(mean, 1), round(grade, 1), round(grade + 5, 1))


def syllables(word: str) -> int:
    """Vowel groups, less a silent e, more for what vowel groups hide: 'care' 1, 'social' 2, 'idea' 3. At least 1."""
    low = word.lower().replace("’", "'").removesuffix("'s")
    groups = len(_VOWELS.findall(low))
    if re.search(r"(?<![aeiouy])e(?:d|s)?$", low) and not re.search(r"(?:le|[td]ed|[sxz]es|[cg]es|[sc]hes)$", low):
        groups -= 1  # cared, cares, care; but table, needed, houses
    groups += len(re.findall(r"(?<![cgstx])i(?=a|o(?!u))|(?<=e)a$|(?<!q)u(?=al|ou)|ism$|e(?=ing$)|(?<=sc)i(?=e)", low))
    return max(1, groups)
