"""Tables that go to a spreadsheet and come back: nothing in them runs there, and what it did to them is undone.

A cell that begins with '=' is a formula to every one of these programs, whoever wrote it; a leading apostrophe keeps
it text. On the way back come a byte order mark, semicolons or tabs for commas, another encoding, other line ends.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# The last four are what some programs take for the first four.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_DELIMITERS = ",;\t"
# A program that parts cells at semicolons sees a cell begin in the middle of ours.
_INSIDE = re.compile(r"""([;,\t|]["'\s]*)(?=[=+\-@＝＋－＠])""")


class BadTable(ValueError):
    """A file that is no table of ours: the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file, and its cells by the name of their column, in small letters."""

    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "")


def cell(text: str) -> str:
    """A value so that a spreadsheet takes it for text; `value` is its inverse."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def value(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def shown(text: str) -> str:
    """Words that are only there to be read, on one line: harmless wherever a program cuts them into cells."""
    return cell(_INSIDE.sub(r"\1'", " ".join(text.split())))


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with every cell quoted; the cells must have been through `cell` or `shown`."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def encoded(table: str) -> bytes:
    """With the mark by which spreadsheet programs know UTF-8."""
    return table.encode("utf-8-sig", "replace")


def read(data: bytes, needed: Iterable[str]) -> tuple[Line, ...]:
    """The lines of a table whose first line names its columns; empty lines are left out. Raises BadTable."""
    text = _decoded(data)
    named = re.match(r"sep=(.)\r?\n", text)  # for one program only, in front of the table
    if named:
        text = text[named.end() :]
    first = text.partition("\n")[0]
    delimiter = named[1] if named and named[1] in _DELIMITERS else max(_DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadTable(f"it is no table that can be read: {error}") from error
    if not lines:
        raise BadTable("it is empty")
    columns = [name.strip().lower() for name in lines[0]]
    if missing := [name for name in needed if name not in columns]:
        raise BadTable(f"its first line must name the columns, and does not name {', '.join(missing)}")
    rows = [Line(n, dict(zip(columns, map(value, row), strict=False))) for n, row in enumerate(lines[1:], 2)]
    return tuple(row for row in rows if any(text.strip() for text in row.cells.values()))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if b"\x00" in data:
            raise BadTable("it is no text. Save it as CSV") from None
        return data.decode("cp1252", "replace")  # what 'CSV' without 'UTF-8' gives on Windows
