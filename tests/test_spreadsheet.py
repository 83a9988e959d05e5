"""Tables for a spreadsheet: no cell of them runs there, and what comes back is what went out."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.spreadsheet import BadTable, cell, encoded, read, shown, value, write

NASTY = st.text("=+-@＝＋－＠'\"\t\r\n;,| aé", max_size=20)
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@pytest.mark.parametrize("text", [*(f"{start}1+1" for start in STARTS), "'=1", "'it"])
def test_what_would_run_stays_text(text):
    assert cell(text) == f"'{text}"
    assert value(cell(text)) == text


@pytest.mark.parametrize("text", ["", "1+1", "a=b", "it's", " =1", "é"])
def test_what_is_text_is_left_alone(text):
    assert cell(text) == text
    assert value(text) == text


def test_a_readers_own_apostrophe_is_not_taken():
    assert value("'twas") == "'twas"
    assert value("'") == "'"


@given(NASTY)
def test_cell_and_value_are_inverse(text):
    assert value(cell(text)) == text
    assert not cell(text).startswith(STARTS)


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("a; =1+1", "a; '=1+1"),
        ("a,@x", "a,'@x"),
        ("a\t-1", "a -1"),
        ('a|"+1', "a|\"'+1"),
        ("a;\n ' -1", "a; ' '-1"),
        ("two\nlines", "two lines"),
        ("=1;=2", "'=1;'=2"),
        ("plain", "plain"),
    ],
)
def test_words_to_be_read_are_harmless_wherever_they_are_cut(text, harmless):
    assert shown(text) == harmless


@given(NASTY)
def test_no_piece_of_shown_words_is_a_formula(text):
    line = shown(text)
    assert "\n" not in line
    for mark in ";,|\t":
        first, *others = line.split(mark)
        assert not first.startswith(STARTS)
        # What a program takes for quotes around a cell is gone before it looks for a formula.
        assert not [piece for piece in others if piece.lstrip(' "').startswith(STARTS)]


ROWS = st.lists(st.tuples(NASTY, NASTY), max_size=5)


@given(ROWS)
def test_a_table_comes_back_as_it_went(rows):
    table = encoded(write(("Key", "words "), [(cell(a), cell(b)) for a, b in rows]))
    back = [(line.get("key"), line.get("words")) for line in read(table, ["key", "words"])]
    assert back == [(a, b) for a, b in rows if (a + b).strip()]


def test_every_cell_is_quoted_and_lines_end_alike():
    assert write(("a", "b"), [("1", 'say "x"')]) == '"a","b"\n"1","say ""x"""\n'
    assert encoded("é\ud800") == b"\xef\xbb\xbf\xc3\xa9?"


@pytest.mark.parametrize(
    "data",
    [
        b"key,verdict\nk1,spam\n",
        b"\xef\xbb\xbfkey,verdict\r\nk1,spam\r\n",
        b"sep=;\r\nkey;verdict\r\nk1;spam\r\n",
        b"sep=,\nkey,verdict\nk1,spam\n",
        b"KEY\t Verdict \nk1\tspam\n",
        '"key","verdict"\n"k1","spam"\n'.encode("utf-16"),
        "key,verdict\nk1,spam\n".encode("utf-16-be").join([b"\xfe\xff", b""]),
        b"key,verdict\n,\n  , \nk1,spam\n\n",
        b"key,verdict,more\nk1,spam\n",
        b"key,verdict\nk1,spam,more,and more\n",
    ],
)
def test_what_programs_make_of_it_is_read(data):
    (line,) = read(data, ["key", "verdict"])
    assert (line.get("key"), line.get("verdict"), line.get("nothing")) == ("k1", "spam", "")


def test_lines_have_their_numbers_in_the_file():
    assert [line.number for line in read(b"key\na\n\nb\n", ["key"])] == [2, 4]


def test_windows_letters_are_read():
    assert read("key\ncaf\u00e9 \u2019".encode("cp1252"), ["key"])[0].get("key") == "caf\u00e9 \u2019"


def test_an_apostrophe_that_kept_a_cell_text_is_gone():
    assert read(b"key\n'=1\n", ["key"])[0].get("key") == "=1"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b"name\nx\n", "its first line must name the columns, and does not name key, verdict"),
        (b"key\nx\n", "does not name verdict"),
        (b"\xff\x00\xfd\x00", "it is no text. Save it as CSV"),
        (b"PK\x03\x04\x00\xff", "it is no text"),
        (b'key,verdict\n"' + b"x" * (csv.field_size_limit() + 1) + b'"\n', "it is no table that can be read: "),
    ],
)
def test_what_is_no_table_is_told(data, says):
    with pytest.raises(BadTable, match="^" + says if not says.startswith("does") else says):
        read(data, ["key", "verdict"])
