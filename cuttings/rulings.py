"""What editors decided, and how it outranks the rules. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cuttings.model import Outcome, Reason, Ruling, Verdict

# What an editor may decide about a comment, and the outcome it gives.
COMMENT_DECISIONS: dict[str, Outcome] = {"release": "genuine", "spam": "spam", "duplicate": "duplicate"}
_THEMES = ("theme", "not-theme", "primary-theme", "no-theme")
_PRINT = ("strike", "pin", "headline", "summary", "question")
# Kind of subject -> what may be decided about it.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "comment": (*COMMENT_DECISIONS, *_THEMES),
    "article": (*_THEMES, *_PRINT),
    "story": (*_THEMES, *_PRINT),
    "item": (*_THEMES, *_PRINT),
}
# Decisions that say nothing without a value: which theme, which words.
NEED_A_VALUE = frozenset({"theme", "not-theme", "primary-theme", "headline", "summary", "question"})
_SUBJECT = re.compile(r"(comment|article|story):[0-9a-f]{8,64}|item:[^\s/]{1,100}/[0-9a-f]{8,64}")
LONGEST_SUBJECT = 160


def comment(key: str) -> str:
    """The subject of a ruling on a comment."""
    return f"comment:{key}"


def article(key: str) -> str:
    return f"article:{key}"


def story(key: str) -> str:
    return f"story:{key}"


def item(issue: str, story_key: str) -> str:
    """The subject of a ruling on one story in one issue."""
    return f"item:{issue}/{story_key}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A ruling as it stands on record: its number, and when it was taken back (None: it is in force)."""

    number: int
    ruling: Ruling
    undone: datetime | None = None


def fault(ruling: Ruling) -> str | None:
    """What is wrong with a ruling that comes from outside, in a sentence; None where nothing is."""
    if not _SUBJECT.fullmatch(ruling.subject) or len(ruling.subject) > LONGEST_SUBJECT:
        return f"‘{ruling.subject[:80]}’ is no subject: write comment:KEY, article:KEY, story:KEY or item:ISSUE/STORY"
    allowed = DECISIONS[ruling.subject.partition(":")[0]]
    if ruling.decision not in allowed:
        return f"‘{ruling.decision[:40]}’ is no decision about that: use one of {', '.join(allowed)}"
    if ruling.decision in NEED_A_VALUE and not (ruling.value or "").strip():
        return f"‘{ruling.decision}’ needs a value"
    if not ruling.by.strip():
        return "nobody’s name stands with it"
    if ruling.at.tzinfo is None:
        return "its time has no time zone"
    return None


def ruled(verdict: Verdict, own: Iterable[Ruling] = (), of_copies: Iterable[Ruling] = ()) -> Verdict:
    """The verdict with what editors decided put above it.

    `own` are the rulings on the comment itself, `of_copies` those on comments with the same text. The latest counts,
    its own before a copy's. A copy's release does not make a double post two voices: 'duplicate' stays.
    """
    decided = _latest(own)
    if decided is None:
        decided = _latest(of_copies)
        if decided is None or (verdict.outcome == "duplicate" and decided.decision == "release"):
            return verdict
    outcome = COMMENT_DECISIONS[decided.decision]
    reason = Reason("ruling", 0.0, f"an editor decided: {outcome}")
    others = tuple(r for r in verdict.because if r.rule != "ruling")
    return replace(
        verdict,
        outcome=outcome,
        quotable=verdict.quotable and outcome == "genuine",
        because=(reason, *others),
        duplicate_of=verdict.duplicate_of if outcome == "duplicate" else None,
    )


def _latest(rulings: Iterable[Ruling]) -> Ruling | None:
    known = [r for r in rulings if r.decision in COMMENT_DECISIONS]
    # Of two of one moment (a file may give whole days) the one that was recorded last.
    return max(reversed(known), key=lambda r: r.at, default=None)
