"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["ok", "look", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`says` and `todo` are a line each; `todo` is empty where nothing is to be done."""

    part: str
    mark: Mark
    says: str
    todo: str = ""


def ok(part: str, says: str) -> Finding:
    return Finding(part, "ok", says)


def look(part: str, says: str, todo: str) -> Finding:
    return Finding(part, "look", says, todo)


def fault(part: str, says: str, todo: str) -> Finding:
    return Finding(part, "fault", says, todo)


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
