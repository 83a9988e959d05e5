"""Strangers' words on a terminal can do nothing to it, and fill no more room than they are given."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.terminal import MOST_MARKS, columns, cut, safe, wrapped

ANY = st.text(st.characters(codec=None), max_size=60) | st.text("a \x1b\u0301\u200d\u202e日\n", max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("  two\n\n lines\tand a tab ", "two lines and a tab"),
        ("\x1b[2Jgone", "�[2Jgone"),
        ("a\x9bb\x07c\x00d", "a�b�c�d"),
        ("left \u202eright\u2066 turned\u200f", "left right turned"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\u2028end\u2029here", "line end here"),
        ("lone \ud83d half", "lone � half"),
        ("private \ue000 unassigned \U000e0fff", "private � unassigned �"),
        ("Nguye\u0302\u0303n", "Nguye\u0302\u0303n"),
        ("a\u0301\u0301\u0301\u0301\u0301b\u0301", "a\u0301\u0301\u0301b\u0301"),
        ("a\u20dd\u20dd\u20dd\u20dd", "a\u20dd\u20dd\u20dd"),
        ("a\u0301\u0301 \u0301\u0301\u0301", "a\u0301\u0301 \u0301\u0301\u0301"),
        ("שלום", "שלום"),
        ("日本 \U0001f600", "日本 \U0001f600"),
        ("", ""),
    ],
)
def test_what_is_left_of_it(text, shown):
    assert safe(text) == shown


@given(ANY)
def test_nothing_that_a_terminal_obeys_is_left(text):
    left = safe(text)
    assert not {c for c in left if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}}
    assert safe(left) == left
    assert "  " not in left
    assert left == left.strip()


@given(st.text("e\u0301\u20dd", max_size=40))
def test_marks_do_not_climb(text):
    longest = run = 0
    for c in safe(text):
        run = run + 1 if unicodedata.combining(c) or unicodedata.category(c) == "Me" else 0
        longest = max(longest, run)
    assert longest <= MOST_MARKS


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("abc", 3), ("日本", 4), ("ｆｕ", 4), ("e\u0301", 1), ("a日", 3), ("\U0001f600", 2)]
)
def test_columns(text, wide):
    assert columns(text) == wide


@given(ANY, st.integers(0, 6), st.integers(10, 40))
def test_wrapped_lines_fit_and_lose_nothing(text, indent, width):
    lines = wrapped(text, indent=" " * indent, width=width)
    assert all(columns(line) <= width for line in lines)
    assert all(line.startswith(" " * indent) and line.strip() for line in lines)
    assert "".join(lines).replace(" ", "") == safe(text).replace(" ", "")


def test_words_are_put_on_the_line_as_long_as_there_is_room():
    assert wrapped("one two three four", width=9) == ["one two", "three", "four"]
    assert wrapped("one two three four", width=9, indent="  ") == ["  one two", "  three", "  four"]
    assert wrapped("abcdefghij kl", width=4) == ["abcd", "efgh", "ij", "kl"]
    assert wrapped("a bcdefghi", width=4) == ["a", "bcde", "fghi"]
    assert wrapped("日本語日本語", width=5) == ["日本", "語日", "本語"]
    assert wrapped("", width=9) == []
    assert wrapped("x" * 100) == ["x" * 80, "x" * 20]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("exactly", 7, "exactly"),
        ("one more", 7, "one mo…"),
        ("a cut before a space", 6, "a cut…"),
        ("日本語", 5, "日本…"),
        ("日本語", 6, "日本語"),
        ("日本語", 4, "日…"),
        ("\x1b[2J", 3, "�[…"),
    ],
)
def test_a_cut_is_shown(text, most, shown):
    assert cut(text, most) == shown


@given(ANY, st.integers(1, 30))
def test_a_cut_fits(text, most):
    shown = cut(text, most)
    assert columns(shown) <= most
    assert shown == safe(text) or shown.endswith("…")
