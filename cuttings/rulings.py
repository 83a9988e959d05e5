"""What editors decided, and how it outranks the rules. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cuttings.model import Outcome, Reason, Ruling, Verdict

# What an editor may decide about a comment, and the outcome it gives.
COMMENT_DECISIONS: dict[str, Outcome] = {"release": "genuine", "spam": "spam", "duplicate": "duplicate"}


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
    return max(known, key=lambda r: r.at, default=None)
