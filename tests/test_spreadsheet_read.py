"""What comes back from a spreadsheet program, in its encodings and marks; what is no table is told in a sentence."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.spreadsheet import BadTable, encoded, read, write


def cells(data, *needed):
    return [dict(line.cells) for line in read(data, needed)]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b;c\n1,2;3\n", [{"a": "1", "b;c": "2;3"}]),
        (b"a;b;c,d\n1;2;3,4\n", [{"a": "1", "b": "2", "c,d": "3,4"}]),
        (b"a\tb\n1\t2,3\n", [{"a": "1", "b": "2,3"}]),
        (b"a;b\n1;2,3,4,5\n", [{"a": "1", "b": "2,3,4,5"}]),
        (b'a,b\n"two\nlines",x\n', [{"a": "two\nlines", "b": "x"}]),
        (b'a,b\r\n"two\r\nlines","say ""x"""\r\n', [{"a": "two\r\nlines", "b": 'say "x"'}]),
        (b"a,b\n1\n", [{"a": "1"}]),
        (b"a,b\n1,2,3\n", [{"a": "1", "b": "2"}]),
        (b" A ,\tB\n1, 2 \n", [{"a": "1", "b": " 2 "}]),
        (b"a,b\n", []),
        (b"a;b\r1;2\r", [{"a": "1", "b": "2"}]),
        (b"sep=;\na,b;c\n1;2\n", [{"a,b": "1", "c": "2"}]),
        (b"sep=;\r\na;b\r\n1;2\r\n", [{"a": "1", "b": "2"}]),
        (b"sep=;;\n", []),
        (b'sep="\na;b\n1;2\n', [{"a": "1", "b": "2"}]),
        (b"sep=\r\na,b\n1,2\n", [{"a": "1", "b": "2"}]),
        (b"a\n'=1\n''x\n'x\n", [{"a": "=1"}, {"a": "'x"}, {"a": "'x"}]),
    ],
)
def test_whatever_parts_the_cells(data, rows):
    assert cells(data) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_whatever_letters_it_is_in(encoding):
    data = "name,why\nZoë,“said” – é\n".encode(encoding)
    assert cells(data, "name", "why") == [{"name": "Zoë", "why": "“said” – é"}]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_in_either_order(mark):
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert cells(mark + "a\né\n".encode(encoding)) == [{"a": "é"}]


def test_bytes_that_windows_has_no_letter_for_are_shown_as_lost():
    assert cells(b"a\nx\x81\xe9\n") == [{"a": "x\ufffdé"}]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b"name\nx\n", "its first line must name the columns, and does not name key, verdict"),
        (b"key\nx\n", "its first line must name the columns, and does not name verdict"),
        (b"\xff\x00\xfd\x00", "it is no text. Save it as CSV"),
        (b"PK\x03\x04\x00\xff\x00", "it is no text. Save it as CSV"),
    ],
)
def test_what_is_no_table_is_told_whole(data, says):
    with pytest.raises(BadTable) as refused:
        read(data, ["key", "verdict"])
    assert str(refused.value) == says


def test_a_cell_without_an_end_is_told():
    with pytest.raises(BadTable) as refused:
        read(b'key\n"' + b"x" * (csv.field_size_limit() + 1) + b'"\n', ["key"])
    assert str(refused.value).startswith("it is no table that can be read: field larger than")


WORD = st.text("a;,\t\"'\n\r é=x", max_size=12)


@given(st.sampled_from(",;\t"), st.lists(st.tuples(WORD, WORD), max_size=4))
def test_what_a_program_saves_with_another_mark_is_read_as_well(mark, rows):
    table = "".join(
        mark.join('"' + word.replace('"', '""') + '"' for word in row) + "\r\n" for row in [("key", "words"), *rows]
    )
    found = [(line.get("key"), line.get("words")) for line in read(table.encode("utf-8-sig"), ["key", "words"])]

    def undone(word):  # an apostrophe that kept a formula text
        return word[1:] if word.startswith(("'=", "''", "'\t", "'\r", "'\n")) else word

    assert found == [(undone(a), undone(b)) for a, b in rows if undone(a).strip() or undone(b).strip()]


@given(st.binary(max_size=60), st.lists(st.sampled_from(["key", "verdict"]), max_size=2))
def test_any_bytes_are_a_table_or_a_sentence(data, needed):
    try:
        lines = read(data, needed)
    except BadTable:
        return
    assert all(line.number > 1 and "".join(line.cells.values()).strip() for line in lines)


def test_what_is_written_is_quoted_whole_and_marked():
    table = write(("key", "words"), [("1", "a\nb"), ("", "é")])
    assert table == '"key","words"\n"1","a\nb"\n"","é"\n'
    assert encoded(table).startswith(b"\xef\xbb\xbf")
    assert encoded("\ud800x") == b"\xef\xbb\xbf?x"
