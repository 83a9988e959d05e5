"""What a rule says: how strongly it applies (0 to 1) and the sentence for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cuttings.spam.sight import Sight


@dataclass(frozen=True, slots=True)
class Finding:
    sentence: str
    strength: float = 1.0


Look = Callable[[Sight], Finding | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One explained reason for or against spam. A positive weight speaks for spam, a negative one for a reader."""

    name: str
    weight: float
    look: Look


def shown(text: str, most: int = 40) -> str:
    """A few words of the comment for a reason's sentence, on one line, cut with its cut shown."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= most else f"'{line[: most - 1]}…'"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
