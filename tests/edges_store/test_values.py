"""The model's values survive the way into JSON and back."""

from __future__ import annotations

import dataclasses
import string
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import model
from cuttings.edges.store.values import clean, from_json, storable, to_json
from tests.edges_store.made import article, comment

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(date, st.dates())
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

VALUES = [
    model.Article,
    model.Comment,
    model.Reading,
    model.Verdict,
    model.Labels,
    model.Membership,
    model.Ruling,
    model.StoredArticle,
    model.JudgedComment,
    model.Audit,
    model.Item,
    model.PastIssue,
]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_value_comes_back_equal(kind, data):
    value = data.draw(st.from_type(kind))
    assert from_json(kind, to_json(value)) == value
    assert clean(value) == value


@given(st.text(), st.text())
def test_hostile_text_is_cleaned_alike_before_and_behind(title, text):
    value = article(title=title, paragraphs=(text,))
    assert from_json(model.Article, to_json(value)) == clean(value)
    assert clean(clean(value)) == clean(value)


@given(st.text())
def test_what_is_storable_encodes_and_keeps_its_length(text):
    kept = storable(text)
    assert "\x00" not in kept
    assert len(kept.encode()) >= len(kept) == len(text)


def test_a_field_that_is_no_more_is_ignored_and_a_new_one_takes_its_default():
    known = {"text": "Home", "before": 2, "colour": "red"}
    assert from_json(model.Subhead, known) == model.Subhead("Home", 2)
    assert from_json(model.Comment, {**dataclasses.asdict(comment(article())), "links": []}).links == ()


def test_a_missing_field_is_named():
    with pytest.raises(ValueError, match="Subhead without its 'before'"):
        from_json(model.Subhead, '{"text": "Home"}')


def test_one_line_without_needless_escapes():
    line = to_json(article(title="‘Friend’ or foe – à la carte"))
    assert "‘Friend’ or foe – à la carte" in line
    assert not set(line) & set(string.whitespace) - {" "}
