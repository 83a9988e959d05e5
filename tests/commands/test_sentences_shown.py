"""Our own sentences with somebody else's name or path in them: nothing in them is obeyed, their lines stay."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.terminal import cut, safe, shown, wrapped


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("two\nlines\tand  blanks", "two\nlines\tand  blanks"),
        ("/tmp/\x1b[2J\x07.toml: no such file", "/tmp/�[2J�.toml: no such file"),
        ("back\rover\x08\x0b\x0c", "back�over���"),
        ("\x00\x7f\x80\x9b31m\x9f", "���" + "�31m�"),
        ("\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069", "�" * 8),
        ("שלום 日本 é", "שלום 日本 é"),
        ("\u200b", "\u200b"),
    ],
)
def test_what_is_left(text, left):
    assert shown(text) == left


@given(st.text(st.characters(codec=None)))
def test_nothing_is_obeyed_and_nothing_is_lost(text):
    left = shown(text)
    assert len(left) == len(text)
    assert not [c for c in left if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert not set(left) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert shown(left) == left


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd"])
def test_marks_begin_anew_behind_every_other_letter(mark):
    assert safe(f"a{mark * 9}b{mark * 9}\u200bc{mark * 2}") == f"a{mark * 3}b{mark * 3}c{mark * 2}"
    assert safe(f"{mark * 3}\x07{mark * 4}") == f"{mark * 3}�{mark * 3}"


def test_each_kind_of_what_is_no_letter():
    kinds = {
        "Cc": ("\x07", "�"), "Cf": ("\u00ad", ""), "Cs": ("\udc00", "�"), "Co": ("\uf8ff", "�"),
        "Cn": ("\u0378", "�"), "Zl": ("\u2028", " "), "Zp": ("\u2029", " "), "Zs": ("\u2003", " "),
    }  # fmt: skip
    for kind, (letter, left) in kinds.items():
        assert unicodedata.category(letter) == kind
        assert safe(f"a{letter}b") == f"a{left}b"


def test_a_cut_line_ends_with_its_mark_at_the_last_column():
    assert cut("abc  def", 5) == "abc…"
    assert cut("abcdef", 1) == "…"
    assert cut("a日本", 4) == "a日…"
    assert cut("", 0) == ""


def test_lines_are_as_wide_as_they_may_be():
    assert wrapped("aa bb cc", width=5) == ["aa bb", "cc"]
    assert wrapped("aa bb cc", width=4) == ["aa", "bb", "cc"]
    assert wrapped("aaaaa b", width=4) == ["aaaa", "a b"]
    assert wrapped("日本 x", indent="- ", width=8) == ["- 日本 x"]
    assert wrapped(" \x00 ", width=4) == ["�"]
    assert wrapped("\u200b", indent="> ") == []
