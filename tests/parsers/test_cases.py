"""Every directory in cases/ is a page of one family with what a careful reader makes of it; one assertion a field.

A case is `page.html` (or .json), `about.json` (what it shows, its address, the family that recognises it) and
`expected.json`. To add one, add a directory: nothing registers it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import parsers
from cuttings.model import Page, as_json
from parsers.wording import words

CASES = sorted(p for p in (Path(__file__).parent / "cases").iterdir() if p.is_dir())


def load(case: Path):
    about = json.loads((case / "about.json").read_text("utf-8"))
    page = Page(about["url"], next(case.glob("page.*")).read_bytes(), media_type=about["media_type"])
    return about, page, json.loads((case / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module", params=CASES, ids=lambda c: c.name)
def case(request):
    about, page, expected = load(request.param)
    return about, page, expected, parsers.read([page], family=about["family"])


FIELDS = (
    "title",
    "standfirst",
    "authors",
    "author_bio",
    "language",
    "paragraphs",
    "subheads",
    "pull_quotes",
    "references",
)


@pytest.mark.parametrize("field", [*FIELDS, "related_links", "version_note"])
def test_field(case, field):
    assert as_json(getattr(case[3].articles[0], field)) == case[2][field]


def test_day(case):
    assert (case[3].articles[0].published or "")[:10] == case[2]["published"]


def test_kind(case):
    assert case[3].articles[0].kind == case[2].get("kind", case[3].articles[0].kind)
    assert (case[3].articles[0].kind_evidence is None) == (case[3].articles[0].kind == "unknown")


@pytest.mark.parametrize("field", ["n", "author", "author_url", "posted", "text", "parent", "by_article_author"])
def test_comments(case, field):
    assert [getattr(c, field) for c in case[3].comments] == [c[field] for c in case[2]["comments"]]


def test_recognised(case):
    doc = parsers.Document(case[1])
    assert next(f.name for f in parsers.FAMILIES if f.recognises(doc)) == case[0]["recognised"]


def test_words_are_not_lost(case):
    """Every word of the page's visible text is in the article, in a comment, or set aside."""
    about, page, _, reading = case
    if "json" in about["media_type"]:
        pytest.skip("JSON has no furniture to account for")
    doc = parsers.Document(page)
    seen = letters(words(doc.tags["body"][0]))
    article = reading.articles[0]
    kept = [
        article.title,
        article.standfirst,
        article.author_bio,
        article.version_note,
        *article.authors,
        *article.paragraphs,
    ]
    kept += [s.text for s in article.subheads] + list(article.pull_quotes) + list(article.references)
    kept += [link.text for link in article.related_links] + [c.text for c in reading.comments]
    kept += [c.author for c in reading.comments] + [a.text for a in reading.set_aside]
    said = letters(" ".join(k for k in kept if k))
    assert seen - said - COMMENT_FURNITURE == set()


# What stands in a comment beside its author, time and words is not kept: it is the same on every page.
COMMENT_FURNITURE = {
    "reply",
    "says",
    "edit",
    "delete",
    "replies",
    "replydelete",
    "permalink",
    "submitted",
    "posted",
    "report",
    "said",
    "march",
    *("mon", "june", "juin", "août", "min", "uhr", "ago", "months"),
    *("dit", "wrote", "antworten", "répondre"),
}


def letters(text: str) -> set[str]:
    return {w.lower() for w in re.findall(r"[^\W\d_]{3,}", text)}
