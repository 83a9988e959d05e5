"""What a torture part gives: one row a kind of attack or accident, with its counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`tried` cases of one kind, `bad` of which went wrong; `detail`: what was counted, or the first to go wrong."""

    name: str
    tried: int
    bad: int
    detail: str = ""
