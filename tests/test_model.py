import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.model import Article, Audit, Subhead, as_json, comment_key, day, fingerprint, plain, precision, when


@pytest.mark.parametrize(
    ("iso", "moment", "known_to"),
    [
        ("2012", datetime(2012, 1, 1, tzinfo=UTC), "year"),
        ("2012-02", datetime(2012, 2, 1, tzinfo=UTC), "month"),
        ("2012-02-03", datetime(2012, 2, 3, tzinfo=UTC), "day"),
        ("2012-02-03T21:35:17", datetime(2012, 2, 3, 21, 35, 17, tzinfo=UTC), "time"),
        ("2012-07-03T21:35:17+01:00", datetime(2012, 7, 3, 20, 35, 17, tzinfo=UTC), "time"),
    ],
)
def test_a_date_keeps_the_precision_it_was_given(iso, moment, known_to):
    assert when(iso) == moment
    assert precision(iso) == known_to


@pytest.mark.parametrize(
    "wrong", [None, "", "yesterday", "2013-02-31", "2013-13", "9999-12-31T23:59:59-14:00", "12-01-02"]
)
def test_what_is_no_date_is_none(wrong):
    assert when(wrong) is None
    assert precision(wrong) is None
    assert day(wrong) is None


def test_day_is_the_day_in_utc():
    assert day("2026-10-31T00:30:00+01:00") == date(2026, 10, 30)


@given(st.text())
def test_any_text_can_be_compared_and_keyed(text):
    assert plain(plain(text)) == plain(text)
    assert len(fingerprint(text)) == 16


def test_a_pile_of_accents_is_cut_before_it_costs_minutes():
    assert len(plain("a" + "\u0301\u0323" * 500_000)) < 40
    assert plain("Việt Nam") == plain("VIỆT NAM")


def test_comments_that_differ_by_a_second_are_two():
    assert comment_key("a", "2012-02-11T16:47:50", "Well said") != comment_key("a", "2012-02-11T16:47:51", "Well said")


def test_a_double_click_gives_two_comments():
    assert comment_key("a", None, "Well said") != comment_key("a", None, "Well said", occurrence=1)


def test_values_become_json():
    article = Article(key="k", url=None, paragraphs=("One.", "Two."), subheads=(Subhead("Why", 1),))
    back = json.loads(json.dumps(as_json(article)))
    assert back["paragraphs"] == ["One.", "Two."]
    assert back["subheads"] == [{"text": "Why", "before": 1}]


def test_an_audit_that_adds_up_has_no_fault():
    audit = Audit(
        pages_in=5, pages_read=4, pages_failed=(("the server did not answer", 1),), pages_joined=1, articles=3,
        stories=2, copies=1, comments_in=6, comments_kept=3, comments_duplicate=1, comments_spam=2,
    )  # fmt: skip
    assert audit.faults() == ()


def test_an_audit_names_the_sum_that_is_wrong():
    assert Audit(comments_in=6, comments_kept=5).faults() == ("comments: 6 in, 5 accounted for",)
