"""Five real texts, where they are at hand: read, judged and labelled as a careful editor would, and printed."""

import json
from pathlib import Path

import pytest

import parsers
from cuttings import spam, themes
from cuttings.model import Page
from cuttings.settings import load

HOME = Path(__file__).resolve().parent.parent
SEEDS = HOME.parent / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real texts are not at hand (../shared/seeds)")

CASES = ("000", "001_003", "002", "004")
FIELDS = ("title", "standfirst", "authors", "author_bio", "version_note", "pull_quotes")


def expected(case):
    return json.loads((SEEDS / "expected" / f"{case}.json").read_text(encoding="utf-8"))


def pages(case):
    wanted = expected(case)
    return [
        Page(url, (SEEDS / name).read_bytes(), "text/plain")
        for name, url in zip(wanted["source_files"], wanted["urls"], strict=True)
    ]


@pytest.fixture(scope="module")
def readings():
    return {case: parsers.read(pages(case)) for case in CASES} if SEEDS.is_dir() else {}


@pytest.mark.parametrize("case", CASES)
def test_a_seed_is_one_article(readings, case):
    assert len(readings[case].articles) == 1


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", CASES)
def test_a_field_is_what_the_editor_has(readings, case, field):
    wanted = expected(case)[field]
    found = getattr(readings[case].articles[0], field)
    assert found == (tuple(wanted) if isinstance(wanted, list) else wanted)


@pytest.mark.parametrize("case", CASES)
def test_paragraphs_subheads_and_date_are_the_editors(readings, case):
    wanted, article = expected(case), readings[case].articles[0]
    assert list(article.paragraphs) == [p["text"] for p in wanted["paragraphs"]]
    assert [(s.text, s.before) for s in article.subheads] == [
        (s["text"], s["before_paragraph"]) for s in wanted["subheads"]
    ]
    assert article.published == wanted["date"]
    assert [link.text for link in article.related_links] == [link["text"] for link in wanted["related_links"]]


@pytest.mark.parametrize("case", CASES)
def test_furniture_is_set_aside(readings, case):
    aside = " ".join(" ".join(a.text.split()) for a in readings[case].set_aside)
    for furniture in expected(case)["furniture"]:
        assert " ".join(furniture.split())[:40] in aside


@pytest.mark.parametrize("case", CASES)
def test_comments_and_their_verdicts_are_the_editors(readings, case):
    wanted, reading = expected(case)["comments"], readings[case]
    found = [(c.n, c.author, c.posted, c.text) for c in reading.comments]
    assert found == [(c["n"], c["author"], c["posted"], c["text"]) for c in wanted]
    number = {c.key: c.n for c in reading.comments}
    verdicts = spam.judge(reading.articles[0], reading.comments)
    assert [(v.outcome, number.get(v.duplicate_of)) for v in verdicts] == [
        (c["verdict"], c["duplicate_of"]) for c in wanted
    ]
    assert not any(v.quotable for v, c in zip(verdicts, wanted, strict=True) if c["truncated"])


@pytest.mark.parametrize("case", CASES)
def test_the_main_theme_is_the_editors(readings, case):
    matcher = themes.compile_themes(load([HOME / "config" / "default"]).themes)
    article = readings[case].articles[0]
    assert (
        themes.label(article.title, article.standfirst, article.text, matcher).primary
        == expected(case)["themes"]["primary"]
    )
