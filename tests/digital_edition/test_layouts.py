"""Pages of the second maker: nothing lost or doubled, and the order right as often as it was."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from cuttings.model import Page, Reading
from parsers import digital_edition
from tests.digital_edition import layouts
from tests.digital_edition.measure import likeness, words

MANY = 20
TASTES = {"second": layouts.SECOND, "third": layouts.THIRD}
# Floors of the mean likeness of word order; a change that lowers one says so and why.
FLOORS = {"A": 0.97, "B": 0.98, "C": 0.98, "D": 0.98, "E": 0.85, "P": 0.98, "S": 0.97}


@cache
def made(kind: str, taste: str) -> tuple[tuple[layouts.Made, Reading], ...]:
    out = []
    for seed in range(1000, 1000 + MANY):
        one = layouts.make(kind, seed, TASTES[taste])
        out.append((one, digital_edition.read([Page(None, p.encode(), "text/plain") for p in one.pages])))
    return tuple(out)


def body(reading: Reading) -> list[str]:
    return words(paragraph for article in reading.articles for paragraph in article.paragraphs)


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_order_of_the_second_maker(kind, taste):
    assert sum(likeness(one.words, body(reading)) for one, reading in made(kind, taste)) >= FLOORS[kind] * MANY


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_no_body_word_is_doubled_and_few_are_lost(kind, taste):
    bare = lambda found: Counter(re.sub(r"\W", "", word).lower() for word in found)  # noqa: E731
    lost = sum(sum((bare(one.words) - bare(body(reading))).values()) for one, reading in made(kind, taste))
    assert lost <= 0.01 * sum(len(one.words) for one, _ in made(kind, taste))
