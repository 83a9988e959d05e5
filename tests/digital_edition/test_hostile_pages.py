"""Mutated and hostile pages: an answer or Unreadable, never a crash, never silently empty."""

from __future__ import annotations

import random

import pytest

from cuttings.model import Page, Unreadable
from parsers import digital_edition, plain
from tests.digital_edition import generator


def mutated(seed: int) -> tuple[bytes, str]:
    rnd = random.Random(seed)
    body = bytearray(generator.make(generator.KINDS[seed % 5], seed).pages[0].encode())
    for _ in range(rnd.randint(1, 30)):
        body[rnd.randrange(len(body))] = rnd.randrange(256)
    if rnd.random() < 0.5:
        body = body[: rnd.randrange(len(body))]
    kind = rnd.choice(("text/plain", "text/html"))
    if kind == "text/html" and rnd.random() < 0.5:
        body = bytearray(b"<html><body><pre>") + body.replace(b"\n\n", b"<p>")
    return bytes(body), kind


@pytest.mark.parametrize("seed", range(60))
def test_mutated_pages(seed):
    body, kind = mutated(seed)
    pages = [Page(None, body, kind)]
    for reader in (digital_edition, plain):
        reader.recognises(pages)
        try:
            reading = reader.read(pages)
        except Unreadable:
            continue
        assert reading.articles
        assert all(article.paragraphs for article in reading.articles)


@pytest.mark.parametrize(
    "body",
    [
        "A\n" * 5000,
        "Page 1 " * 20000,
        "“" * 50000,
        "word " * 60000,
        "x" * 300000,
        "- " * 40000,
        "a   b\n" * 5000,
        "Kind of line that is set in a column of type\n" * 2000,
        "T e fi nd " * 5000,
        "\n\n".join(f"{n}. Gravatar of AnnAnn" for n in range(2000)),
    ],
    ids=[
        "letters",
        "page-list",
        "quotes",
        "words",
        "one-word",
        "dashes",
        "gutters",
        "same-lines",
        "ligatures",
        "names",
    ],
)
def test_pages_nobody_set(body):
    for reader in (digital_edition, plain):
        pages = [Page(None, body.encode(), "text/plain")]
        reader.recognises(pages)
        try:
            reading = reader.read(pages)
        except Unreadable:
            continue
        assert reading.articles
