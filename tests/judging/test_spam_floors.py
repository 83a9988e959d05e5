"""How well the rules do: floors on our rows, on the shared ones and on the seeds where they are there.

The figures for pages that the weights have not seen come from `python tests/judging/weigh.py`.
"""

import json
from pathlib import Path

import pytest

from cuttings.model import Article, Comment
from cuttings.spam import Memory, judge
from tests.judging.rows import HELD_OUT, OURS, SHARED, threads

SEED = SHARED.parent / "seeds" / "expected" / "004.json"


def _count(folder):
    told = {}
    for one in threads(folder):
        for label, verdict in zip(one.labels, judge(one.article, one.comments), strict=True):
            told.setdefault(label, []).append(verdict.outcome)
    return told


def _share(outcomes, *wanted):
    return sum(o in wanted for o in outcomes) / len(outcomes)


def test_floors_on_our_rows():
    told = _count(OURS)
    assert sum(map(len, told.values())) >= 500
    assert _share(told["genuine"], "spam") == 0
    assert _share(told["genuine"], "review") <= 0.03
    assert _share(told["spam"], "spam") >= 0.60
    assert _share(told["spam"], "spam", "review") >= 0.95
    assert told["duplicate"] == ["duplicate"] * len(told["duplicate"])


def test_floors_on_rows_that_no_weight_was_set_on():
    told = _count(HELD_OUT)
    assert sum(map(len, told.values())) >= 60
    assert _share(told["genuine"], "spam") == 0
    assert _share(told["genuine"], "review") <= 0.08
    assert _share(told["spam"], "spam") >= 0.45
    assert _share(told["spam"], "spam", "review") >= 0.80


def test_floors_on_the_shared_rows():
    if not SHARED.exists():
        pytest.skip("../shared/spam is not beside this checkout")
    told = _count(SHARED)
    assert _share(told["genuine"], "spam") <= 1 / 200
    assert _share(told["genuine"], "review") <= 0.08
    assert _share(told["spam"], "spam") >= 0.50
    assert _share(told["spam"], "spam", "review") >= 0.85
    assert _share(told["duplicate"], "duplicate") >= 0.95


@pytest.mark.parametrize(
    "hard", ["late", "very_short", "rant", "poor_english", "organisation", "with_link", "question"]
)
def test_hard_genuine_comments_survive(hard):
    outcomes = [
        verdict.outcome
        for one in threads(OURS)
        for label, subtype, verdict in zip(one.labels, one.subtypes, judge(one.article, one.comments), strict=True)
        if label == "genuine" and subtype == hard
    ]
    assert outcomes
    assert "spam" not in outcomes


def test_the_seed_thread_is_judged_as_its_editor_did():
    if not SEED.exists():
        pytest.skip("../shared/seeds is not beside this checkout")
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    article = Article(
        "seed",
        None,
        title=seed["title"],
        published=seed["date"],
        paragraphs=tuple(p["text"] for p in seed["paragraphs"]),
    )
    comments = [
        Comment(f"k{c['n']}", "seed", c["n"], c["author"], None, False, c["posted"], c["text"])
        for c in seed["comments"]
    ]
    verdicts = judge(article, comments)
    assert [v.outcome for v in verdicts] == [c["verdict"] for c in seed["comments"]]
    assert verdicts[3].duplicate_of == "k3"
    assert not verdicts[2].quotable
    assert all(v.because for v in verdicts[3:])


def test_rows_of_ours_hold_no_text_of_others():
    if not SHARED.exists():
        pytest.skip("../shared/spam is not beside this checkout")
    theirs = {c.text.strip().lower() for one in threads(SHARED) for c in one.comments if len(c.text.split()) >= 5}
    assert not [c.text for one in threads(OURS) for c in one.comments if c.text.strip().lower() in theirs]


def test_an_article_without_date_text_or_at_all_is_no_obstacle():
    comments = [Comment("k", "a", 1, "loft boards", "http://loft-boards.example", False, None, "Thanks for sharing!")]
    for article in (None, Article("a", None), Article("a", None, title="Visits")):
        verdict = judge(article, comments)[0]
        assert verdict.outcome in {"review", "spam"}
        assert not verdict.quotable
    assert judge(None, []) == ()


def test_a_campaign_is_seen_across_articles():
    said = "A fitted kitchen adds value to your home, order online today and get 20% off at our store."
    memory, outcomes = Memory(), []
    for at, name in enumerate(["cheap fitted kitchens", "Nathalie", "Nathalie"]):
        article = Article(f"a{at}", None, title="Visits", published="2014-03-10")
        comments = [Comment(f"k{at}", f"a{at}", 1, name, None, False, "2014-06-10T10:00:00", said)]
        verdicts = judge(article, comments, memory.known(article.key, comments))
        memory.add(article.key, comments, verdicts)
        outcomes.append(verdicts[0].outcome)
    assert outcomes == ["spam", "spam", "spam"]
    alone = judge(Article("b", None, title="Visits", published="2014-03-10"), comments)[0]
    assert alone.score < verdicts[0].score


def test_the_same_page_again_is_no_campaign():
    article = Article("a", None, title="Visits", published="2014-03-10")
    comments = [
        Comment(
            "k",
            "a",
            1,
            "Moira",
            None,
            False,
            "2014-03-11T10:00:00",
            "We waited nine months for ours, and then it rained in.",
        )
    ]
    memory = Memory()
    first = judge(article, comments, memory.known("a", comments))
    memory.add("a", comments, first)
    assert judge(article, comments, memory.known("a", comments)) == first


def test_word_lists_are_there_and_clean():
    for path in (Path(__file__).resolve().parents[2] / "cuttings" / "spam" / "words").glob("*.txt"):
        assert path.read_text(encoding="utf-8").startswith("# "), f"{path.name} says what it is in its first line"
