"""Page-turner pages made from known text: nothing on them is dropped or doubled, hardly a body word loses its place.

Two makers and three tastes of damage (tests/digital_edition). What went in must come out once, letter for letter,
whatever role it is given; and of the words of the body at most 0.3 % may be taken for something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.digital_edition.measure import MAKERS, bare, body, dropped_or_doubled, read_texts
from tests.torture.rows import Row

MOST_LOST = 0.003


def rows(quick: bool) -> Iterable[Row]:
    for maker, (kinds, _) in MAKERS.items():
        for kind in kinds:
            yield from _kind(maker, kind, 2 if quick else 250)


def _kind(maker: str, kind: str, count: int) -> Iterator[Row]:
    bad, said = 0, ""
    lost = doubled = total = whole = 0
    for seed in range(5000, 5000 + count):
        one = MAKERS[maker][1](kind, seed)
        titles = [article.title for article in one.articles] if hasattr(one, "articles") else [one.title]
        reading = read_texts(one.pages)
        wrong = dropped_or_doubled(one.pages, titles, reading)
        if wrong:
            bad, said = bad + 1, said or f"seed {seed}: {wrong.total()} letters"
        truth, got = bare(one.words), bare(body(reading))
        missing = (truth - got).total()
        lost, total, whole = lost + missing, total + truth.total(), whole + (not missing)
        doubled += _doubled(one, got - truth)
    shares = f"{lost / total:.2%} of body words lost from the body, {doubled / total:.2%} twice, {whole} pages whole"
    yield Row(f"type {kind}, {maker} taste: every letter once", count, bad, said or shares)
    # Few pages say little about a share: the whole run judges it.
    if count >= 100:
        yield Row(f"type {kind}, {maker} taste: the body keeps its words", count, int(lost > MOST_LOST * total), shares)


def _doubled(one: Any, surplus: Counter[str]) -> int:
    """Words more often in the body than they were written, and not from anything else on the page."""
    bios = [article.bio or "" for article in one.articles] if hasattr(one, "articles") else [one.bio or ""]
    other = bare(word for text in [*one.furniture, *one.pulls, *bios] for word in text.split())
    return int((surplus - other).total())
