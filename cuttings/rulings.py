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


# Rules about who wrote a comment and where it leads. Whoever copies a reader's words brings these along.
_OF_THE_WRITER = frozenset(
    {
        "trade-name", "place-service-name", "phrase-name", "advertising-name", "firm-name", "address-name",
        "other-language-name", "random-name", "link", "selling-link", "many-links", "only-a-link", "shortener",
        "odd-address", "link-markup", "name-link", "selling-name-link", "name-in-link", "linked-stranger",
        "spam-name-elsewhere",
    }
)  # fmt: skip
FEWEST_WORDS = 8  # below it the same words are many people's: 'Well said!' is spam under a trade, not under a name
_RULED = ("ruling", "ruling-on-a-copy")


@dataclass(frozen=True, slots=True)
class Copy:
    """A comment among others of the same words: what decides whether a ruling on one holds for another.

    `writer`: the keyed hash of the name; `links`: of the text and under the name; `at`: seconds, when it was posted.
    """

    writer: str | None
    links: frozenset[str]
    words: int
    at: float
    verdict: Verdict


def holds_for(decision: str, on: Copy, copy: Copy) -> Outcome | None:
    """The outcome that a decision about `on` gives a comment with the same words; None where it says nothing about it.

    Spam stays spam under any name, except short words that anybody may say; an elder comment under another name that
    nothing but the words speaks against may be a reader's whom the spammer copied, so an editor sees it first. A
    release holds for all but those who bring a keyword for a name or a link that the released one had not. Which of
    two is the second voice says nothing about a third.
    """
    if decision not in ("spam", "release"):
        return None
    bad, same = _bad(copy), on.writer is not None and on.writer == copy.writer
    if decision == "release":
        return "genuine" if copy.links <= on.links and (same or bad <= _bad(on)) else None
    if same or on.links & copy.links:
        return "spam"
    if copy.words < FEWEST_WORDS and not bad:
        return None
    if copy.at < on.at and copy.verdict.outcome == "genuine" and not bad:
        return "review"
    return "spam"


def _bad(copy: Copy) -> frozenset[str]:
    return frozenset(r.rule for r in copy.verdict.because if r.weight > 0) & _OF_THE_WRITER


def ruled(verdict: Verdict, own: Iterable[Ruling] = (), of_copies: Iterable[tuple[Ruling, Outcome]] = ()) -> Verdict:
    """The verdict with what editors decided put above it.

    `own` are the rulings on the comment itself, `of_copies` those on comments with the same text, with the outcome
    that each gives this one (`holds_for`). The latest counts, its own before a copy's. A copy's release does not make
    a double post two voices: 'duplicate' stays.
    """
    decided = _latest(own)
    if decided is not None:
        return _put_above(verdict, COMMENT_DECISIONS[decided.decision], _RULED[0], "an editor decided: {}")
    copied = list(of_copies)
    decided = _latest(ruling for ruling, _ in copied)
    if decided is None or (verdict.outcome == "duplicate" and decided.decision == "release"):
        return verdict
    outcome = next(outcome for ruling, outcome in copied if ruling == decided)
    if outcome == "review":
        said = "an editor decided that a later comment with these words, under another name, is spam"
        return _put_above(verdict, outcome, _RULED[1], said)
    return _put_above(verdict, outcome, _RULED[0], "an editor decided: {}")


def is_ruled(verdict: Verdict) -> bool:
    """Whether an editor's word stands above what the rules thought."""
    return any(reason.rule in _RULED for reason in verdict.because)


def _put_above(verdict: Verdict, outcome: Outcome, rule: str, sentence: str) -> Verdict:
    reason = Reason(rule, 0.0, sentence.format(outcome))
    return replace(
        verdict,
        outcome=outcome,
        quotable=verdict.quotable and outcome == "genuine",
        because=(reason, *(r for r in verdict.because if r.rule not in _RULED)),
        duplicate_of=verdict.duplicate_of if outcome == "duplicate" else None,
    )


def _latest(rulings: Iterable[Ruling]) -> Ruling | None:
    known = [r for r in rulings if r.decision in COMMENT_DECISIONS]
    # Of two of one moment (a file may give whole days) the one that was recorded last.
    return max(reversed(known), key=lambda r: r.at, default=None)
