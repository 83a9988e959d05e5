"""Floors on the labelled development pages, and the real seeds exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cuttings.model import Page
from parsers import digital_edition, plain
from tests.digital_edition import measure

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
needs_editions = pytest.mark.skipif(
    not measure.SHARED.exists(), reason="the labelled pages (../shared/editions) are not here"
)
needs_seeds = pytest.mark.skipif(not SEEDS.exists(), reason="the seeds (../shared/seeds) are not here")


@needs_editions
def test_floors():
    by_kind = measure.table(measure.SHARED)
    figures = [f for all_of in by_kind.values() for f in all_of]
    n = len(figures)
    assert sum(f.exact for f in figures) / n >= 0.92
    assert sum(f.after for f in figures) / n >= 0.99
    assert sum(f.leaked for f in figures) / n <= 0.01
    assert sum(f.lost for f in figures) / n <= 0.001
    assert sum(f.worse for f in figures) == 0


@needs_editions
def test_every_text_copy_is_recognised():
    for path in measure.SHARED.glob("*.txt"):
        assert digital_edition.recognises([Page(None, path.read_bytes(), "text/plain")]), path.name


def seed(name: str) -> tuple[dict, list[Page]]:
    expected = json.loads((SEEDS / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    pages = [
        Page(url, (SEEDS / file).read_bytes(), "text/plain")
        for url, file in zip(expected["urls"], expected["source_files"], strict=True)
    ]
    return expected, pages


@needs_seeds
@pytest.mark.parametrize("name", ["000", "001_003"])
@pytest.mark.parametrize("with_address", [True, False])
def test_page_turner_seeds(name, with_address):
    expected, pages = seed(name)
    if not with_address:
        pages = [Page(None, page.body, page.media_type) for page in pages]
    assert digital_edition.recognises(pages)
    (article,) = digital_edition.read(pages).articles
    assert list(article.paragraphs) == [p["text"] for p in expected["paragraphs"]]
    assert article.title == expected["title"]
    assert article.standfirst == expected["standfirst"]
    assert list(article.authors) == expected["authors"]
    assert article.author_bio == expected["author_bio"]
    assert article.published == expected["date"]
    assert list(article.pages) == [str(n) for n in expected["pages"]]
    assert list(article.pull_quotes) == expected["pull_quotes"]


@needs_seeds
@pytest.mark.parametrize("name", ["000", "001_003"])
def test_page_turner_furniture(name):
    expected, pages = seed(name)
    aside = {a.text for a in digital_edition.read(pages).set_aside}
    assert set(expected["furniture"]) <= aside


@needs_seeds
@pytest.mark.parametrize("name", ["002", "004"])
def test_web_seeds(name):
    expected, pages = seed(name)
    assert plain.recognises(pages)
    assert not digital_edition.recognises(pages)
    reading = plain.read(pages)
    (article,) = reading.articles
    assert list(article.paragraphs) == [p["text"] for p in expected["paragraphs"]]
    assert article.title == expected["title"]
    assert article.standfirst == expected["standfirst"]
    assert list(article.authors) == expected["authors"]
    assert article.author_bio == expected["author_bio"]
    assert article.published == expected["date"]
    assert article.version_note == expected["version_note"]
    assert [(s.text, s.before) for s in article.subheads] == [
        (s["text"], s["before_paragraph"]) for s in expected["subheads"]
    ]
    assert [link.text for link in article.related_links] == [link["text"] for link in expected["related_links"]]
    assert {r["text"] for r in expected["references"]} >= set(article.references)
    found = [(c.n, c.author, c.posted, c.text) for c in reading.comments]
    assert found == [(c["n"], c["author"], c["posted"], c["text"]) for c in expected["comments"]]
    assert {a.text for a in reading.set_aside} >= set(expected["furniture"])
