"""The editions of the four shared articles, against what was drawn by hand. Skipped where they are not at hand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cuttings import model
from cuttings.digest import compose
from cuttings.settings import Council, Edition, Licence, Source

SHARED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "expected"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared seeds are not at {SHARED}")

EXCERPT = Licence(mode="excerpt", words=80)
THEMES = tuple(
    model.Theme(key, name, "", (), why={"managers": f"Why {key}."}, questions={"managers": (f"Ask {key}?",)})
    for key, name in (("personalisation", "Choice"), ("practice", "Practice"), ("workforce", "Workforce"))
)


def seed(name: str) -> model.Story:
    held = json.loads((SHARED / name).read_text(encoding="utf-8"))
    key = name.removesuffix(".json")
    repairs = (model.Repair("reading order", "the page", "sure"),) if held["pages"] else ()
    article = model.Article(
        key=key, url=held["urls"][0], source="paper", title=held["title"], standfirst=held["standfirst"],
        authors=tuple(held["authors"]), author_bio=held["author_bio"], kind="opinion", language="en",
        published=held["date"], paragraphs=tuple(p["text"] for p in held["paragraphs"]),
        pull_quotes=tuple(held["pull_quotes"]), pages=tuple(str(p) for p in held["pages"]), repairs=repairs,
    )  # fmt: skip
    found = [held["themes"]["primary"], *held["themes"]["secondary"]]
    labels = model.Labels(found[0], tuple(model.Label(t, 0.9 - n / 5, ()) for n, t in enumerate(found)))
    comments = tuple(
        model.JudgedComment(
            model.Comment(f"{key}-{c['n']}", key, c["n"], c["author"], None, False, c["posted"], c["text"]),
            model.Verdict(c["verdict"], False, 0, ()),
        )
        for c in held["comments"]
    )
    stored = model.StoredArticle(article, datetime(2013, 9, 1, tzinfo=UTC), 1, labels, key)
    return model.Story(key, (stored,), comments)


@pytest.fixture(scope="module")
def issue() -> model.Digest:
    return compose(
        [seed(p.name) for p in sorted(SHARED.glob("*.json"))],
        edition=Edition(id="managers", name="Cuttings", audience="managers"),
        period=(date(2012, 1, 1), date(2013, 9, 30)), number=1, council=Council(), themes=THEMES,
        sources={"paper": Source(id="paper", name="P", url="https://p.example", licence=EXCERPT)},
        audit=model.Audit(pages_in=5, pages_read=5, pages_joined=1, articles=4, stories=4),
        now=datetime(2013, 10, 1, tzinfo=UTC),
    )  # fmt: skip


def test_four_articles_in_the_order_drawn_by_hand(issue):
    assert [i.story for i in issue.items] == ["002", "004", "000", "001_003"]
    assert [s.theme for s in issue.sections] == ["workforce", "practice", "personalisation"]
    assert issue.in_brief[0].text == "4 articles, all opinion."
    assert issue.in_brief[1].text == "3 are archive: over a year old, not current law."


def test_marks_posts_and_pages(issue):
    items = {i.story: i for i in issue.items}
    assert [m.id for m in items["002"].marks] == ["opinion"]
    assert [m.id for m in items["000"].marks] == ["opinion", "archive", "repaired"]
    assert items["001_003"].byline.text.endswith("January 2012, pp 18–19")
    assert ", Professor of Health and Social Care, " in items["001_003"].byline.text
    assert ", senior lecturer in social work, " in items["002"].byline.text
    assert ", post not given, " in items["004"].byline.text
    assert items["004"].comments.text == "3 reader comments: too few to describe, not a sample, none quoted."


def test_the_one_figure_worth_lifting_warns_of_its_missing_base(issue):
    figures = [f for i in issue.items for f in i.figures]
    assert len(figures) == 1
    assert figures[0].quotation.cut_before
    assert len(figures[0].quotation.text.split()) <= 25
    assert figures[0].base.text.startswith("not given here")
