"""What no database takes is replaced by the mark for a lost letter, one for one, wherever it stands in a value."""

from __future__ import annotations

import pytest

from cuttings.edges.store.values import clean, storable
from cuttings.model import Subhead
from tests.edges_store.made import article


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain é 日本 \x01\x7f\ufffe", "plain é 日本 \x01\x7f\ufffe"),
        ("a\x00b", "a\ufffdb"),
        ("\ud800\udfff", "\ufffd\ufffd"),
        ("half \ud83d", "half \ufffd"),
        ("\ud7ff\ue000", "\ud7ff\ue000"),
        ("", ""),
    ],
)
def test_letter_by_letter(text, kept):
    assert storable(text) == kept
    assert clean(text) == kept


def test_however_deep_it_stands():
    one = article(title="a\x00", authors=("\ud800", "x"), subheads=(Subhead("b\x00", 1),))
    whole = clean(one)
    assert (whole.title, whole.authors, whole.subheads) == ("a\ufffd", ("\ufffd", "x"), (Subhead("b\ufffd", 1),))
    assert whole.paragraphs == one.paragraphs
    assert clean(whole) == whole


@pytest.mark.parametrize("value", [None, 7, 2.5, b"\x00", Subhead, {"a\x00": 1}])
def test_what_is_no_value_of_the_models_is_left(value):
    assert clean(value) is value
