"""What a rule says: how strongly it applies (0 to 1) and the sentence for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from cuttings.spam.sight import Sight


@dataclass(frozen=True, slots=True)
class Finding:
    sentence: str
    strength: float = 1.0


Look = Callable[[Sight], Finding | None]


def once(look: Look) -> Look:
    """The same look, which remembers on the sight what it found: several rules ask what the name is."""

    @wraps(look)
    def remembered(sight: Sight) -> Finding | None:
        if look not in sight.found:
            sight.found[look] = look(sight)
        found: Finding | None = sight.found[look]
        return found

    return remembered


@dataclass(frozen=True, slots=True)
class Rule:
    """One explained reason for or against spam. A positive weight speaks for spam, a negative one for a reader.

    `proof`: something that sellers do and readers hardly ever. Without any proof a comment is never quarantined,
    however late it comes and however odd its writer's name is: it waits for an editor.
    """

    name: str
    weight: float
    look: Look
    proof: bool = False


def shown(text: str, most: int = 40) -> str:
    """A few words of the comment for a reason's sentence, on one line, cut with its cut shown."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= most else f"'{line[: most - 1]}…'"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
