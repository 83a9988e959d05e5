"""Pages made from known text: not one body word lost or doubled, and the order right as often as it was.

CUTTINGS_LAYOUTS=5000 makes more of them.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

import pytest

from cuttings.model import Page, Reading
from parsers import digital_edition
from tests.digital_edition import generator
from tests.digital_edition.measure import bare, body, dropped_or_doubled, likeness, read_texts

MANY = int(os.environ.get("CUTTINGS_LAYOUTS", "200")) // len(generator.KINDS)
# Floors: a change that lowers one says so and why. (exact order, mean likeness, pages with exactly their words)
FLOORS = {
    "A": (0.85, 0.985, 0.88),
    "B": (0.9, 0.99, 0.9),
    "C": (0.94, 0.995, 0.94),
    "D": (0.88, 0.99, 0.9),
    "E": (0.8, 0.93, 0.9),
}


@cache
def made(kind: str) -> tuple[tuple[generator.Made, Reading], ...]:
    out = []
    for seed in range(MANY):
        one = generator.make(kind, seed)
        out.append((one, digital_edition.read([Page(None, p.encode(), "text/plain") for p in one.pages])))
    return tuple(out)


@pytest.mark.parametrize("kind", generator.KINDS)
def test_nothing_on_a_page_is_lost_or_doubled(kind):
    for one, reading in made(kind):
        assert not dropped_or_doubled(one.pages, [one.title], reading), one.title


@pytest.mark.parametrize("kind", generator.KINDS)
def test_the_body_has_its_words(kind):
    right = sum(Counter(one.words) == Counter(body(reading)) for one, reading in made(kind))
    assert right >= FLOORS[kind][2] * MANY


@pytest.mark.parametrize("kind", generator.KINDS)
def test_hardly_a_body_word_is_lost(kind):
    lost = sum(sum((Counter(one.words) - Counter(body(reading))).values()) for one, reading in made(kind))
    assert lost <= 0.003 * sum(len(one.words) for one, _ in made(kind))


@pytest.mark.parametrize("kind", generator.KINDS)
def test_order(kind):
    exact = sum(one.words == body(reading) for one, reading in made(kind))
    mean = sum(likeness(one.words, body(reading)) for one, reading in made(kind)) / MANY
    assert exact >= FLOORS[kind][0] * MANY
    assert mean >= FLOORS[kind][1]


@pytest.mark.parametrize("kind", generator.KINDS)
def test_hardly_ever_worse_than_found(kind):
    worse = 0
    for one, reading in made(kind):
        keep, found = Counter(one.words), []
        for word in (w for text in one.pages for w in text.split()):
            if keep[word] > 0:
                keep[word] -= 1
                found.append(word)
        worse += likeness(one.words, body(reading)) < likeness(one.words, found) - 1e-9
    assert worse <= 0.06 * MANY


@pytest.mark.parametrize("kind", generator.KINDS)
def test_headings_and_recognition(kind):
    for one, reading in made(kind):
        article = reading.articles[0]
        assert (article.title, article.standfirst, article.authors) == (one.title, one.standfirst, (one.author,))
        assert digital_edition.recognises([Page(None, p.encode(), "text/plain") for p in one.pages])


@pytest.mark.parametrize("kind", generator.KINDS)
def test_a_changed_order_is_always_said(kind):
    for one, reading in made(kind):
        seen = {r.kind for a in reading.articles for r in a.repairs}
        got = body(reading)
        kept = set(got)
        as_found = likeness(got, [w for text in one.pages for w in text.split() if w in kept])
        assert as_found > 0.9 or seen & {"reading order", "columns", "drop capital", "pull quote", "insert", "ligature"}


@pytest.mark.parametrize("seed", [2005, 2013, 2055])
def test_of_a_sentence_and_its_quotation_on_the_next_page_one_stays(seed):
    """Whole lines of the text on one page, whole lines of the quotation on the other: each is the other's copy."""
    one = generator.make("D", seed)
    assert not bare(one.words) - bare(body(read_texts(one.pages)))
