"""Rulings as a file to keep under version control: keys and decisions, who and when; never a comment's words.

CSV for spreadsheets, TOML for people and diffs. Both come back exactly as they went.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cuttings import rulings, spreadsheet
from cuttings.model import Ruling
from cuttings.rulings import Recorded
from cuttings.spreadsheet import BadTable

COLUMNS = ("subject", "decision", "value", "by", "at", "reason", "undone")
NEEDED = ("subject", "decision", "by", "at")
# 06/04/2026 is in April to some and in June to others: a spreadsheet that turned the date round is not guessed at.
_TURNED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line (of a TOML file: a block, by its number) that is not taken in, with the reason."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    rulings: tuple[Recorded, ...]
    refused: tuple[Refused, ...]


def as_csv(given: Iterable[Recorded]) -> str:
    rows = [[spreadsheet.cell(text) for text in _texts(one)] for one in given]
    return spreadsheet.write(COLUMNS, rows)


def as_toml(given: Iterable[Recorded]) -> str:
    blocks = []
    for one in given:
        lines = [f"{n} = {_quoted(text)}" for n, text in zip(COLUMNS, _texts(one), strict=True) if text]
        blocks.append("\n".join(["[[ruling]]", *lines]))
    return "\n\n".join(["# Editors' rulings. `cuttings rulings import` takes them in again.", *blocks]) + "\n"


def _texts(one: Recorded) -> list[str]:
    r = one.ruling
    return [r.subject, r.decision, r.value or "", r.by, _moment(r.at), r.reason or "", _moment(one.undone)]


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if at else ""


def _quoted(text: str) -> str:
    # JSON's strings are TOML's, but for the one control character that JSON lets pass.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_csv(data: bytes) -> Read:
    """Raises BadTable where it is no table of rulings at all; single lines that are wrong are refused."""
    return _read((line.number, line.cells) for line in spreadsheet.read(data, NEEDED))


def from_toml(data: bytes) -> Read:
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTable(f"it is not valid TOML: {error}") from error
    blocks = tree.get("ruling", [])
    if not isinstance(blocks, list) or set(tree) - {"ruling"}:
        raise BadTable("it must hold [[ruling]] blocks and nothing else")
    return _read((n, block if isinstance(block, dict) else {}) for n, block in enumerate(blocks, 1))


def _read(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> Read:
    found: list[Recorded] = []
    refused: list[Refused] = []
    for n, (line, cells) in enumerate(lines, 1):
        try:
            found.append(_recorded(cells, n))
        except ValueError as error:
            refused.append(Refused(line, str(error)))
    return Read(tuple(found), tuple(refused))


def _recorded(cells: Mapping[str, Any], number: int) -> Recorded:
    def text(name: str) -> str:
        return str(cells.get(name) or "")

    ruling = Ruling(
        subject=text("subject").strip(),
        decision=text("decision").strip(),
        value=text("value") or None,
        by=text("by"),
        at=_read_moment(cells.get("at"), "at"),
        reason=text("reason") or None,
    )
    if why := rulings.fault(ruling):
        raise ValueError(why)
    undone = cells.get("undone")
    return Recorded(number, ruling, _read_moment(undone, "undone") if undone else None)


def _read_moment(given: object, column: str) -> datetime:
    if isinstance(given, datetime):
        moment = given
    elif isinstance(given, date):
        moment = datetime(given.year, given.month, given.day, tzinfo=UTC)
    else:
        text = str(given or "").strip()
        if _TURNED.match(text):
            raise ValueError(
                f"‘{text}’ under ‘{column}’ was rewritten by a spreadsheet and could mean two days: "
                "write it as 2026-04-06T07:00:00Z"
            )
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"‘{text[:40]}’ under ‘{column}’ is no time: write it as 2026-04-06T07:00:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def in_words(refused: Sequence[Refused], what: str) -> list[str]:
    return [f"{what} {one.line}: {one.why}." for one in refused]
