"""Pages of the second maker: nothing lost or doubled, and the order right as often as it was."""

from __future__ import annotations

from functools import cache

import pytest

from cuttings.model import Page, Reading
from parsers import digital_edition
from tests.digital_edition import layouts
from tests.digital_edition.measure import bare, body, claim, dropped_or_doubled, figures_of, likeness, words

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


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_order_of_the_second_maker(kind, taste):
    assert sum(likeness(one.words, body(reading)) for one, reading in made(kind, taste)) >= FLOORS[kind] * MANY


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_every_letter_comes_out_once(kind, taste):
    for one, reading in made(kind, taste):
        assert not dropped_or_doubled(one.pages, [article.title for article in one.articles], reading)


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_few_body_words_are_lost_from_the_body_or_stand_twice_in_it(kind, taste):
    lost = doubled = total = 0
    for one, reading in made(kind, taste):
        truth, got = bare(one.words), bare(body(reading))
        other = bare(words([*one.furniture, *one.pulls, *(article.bio or "" for article in one.articles)]))
        lost, total = lost + (truth - got).total(), total + truth.total()
        doubled += (got - truth - other).total()
    assert lost <= 0.006 * total
    assert doubled <= 0.01 * total


@pytest.mark.parametrize("taste", TASTES)
@pytest.mark.parametrize("kind", layouts.KINDS)
def test_hardly_ever_worse_than_found(kind, taste):
    worse = 0
    for one, reading in made(kind, taste):
        worse += figures_of(one.words, one.pages, [], reading).worse
    assert worse <= 0.1 * MANY


def test_an_order_that_is_called_sure_is_nearly_always_right():
    found = [
        (claim(reading), likeness(one.words, body(reading)))
        for kind in "AE"
        for taste in TASTES
        for one, reading in made(kind, taste)
    ]
    sure = [right for said, right in found if said == "sure"]
    assert len(sure) >= 0.5 * len(found)
    assert sum(right > 0.985 for right in sure) >= 0.9 * len(sure)
