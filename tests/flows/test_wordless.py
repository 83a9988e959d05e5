"""What Prefect keeps of an error names nobody."""

import traceback

import pytest

from cuttings.edges.store import StoreError
from flows.wordless import TAKEN_OUT, wordless


def raised(error, cause=None):
    with pytest.raises(type(error)) as caught, wordless():
        raise error from cause
    return "".join(traceback.format_exception(caught.value))


def test_what_an_error_says_of_somebody_is_gone_and_where_it_was_stays():
    said = raised(ValueError("Jo Brack <jo@private.example>"), KeyError("Jo Brack"))
    assert "private.example" not in said
    assert "Brack" not in said
    assert said.count(TAKEN_OUT) >= 2
    assert "test_wordless.py" in said


def test_our_own_sentences_and_the_systems_stay():
    assert "the disk is full" in raised(StoreError("The store x: the disk is full."))
    assert "No space left" in raised(OSError(28, "No space left on device"))
