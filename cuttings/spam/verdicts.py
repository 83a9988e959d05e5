"""From findings to verdicts: the sum of the weights, and two thresholds."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from math import exp

from cuttings.duplicates.comments import Repeat, repeats
from cuttings.duplicates.signatures import exact_key
from cuttings.duplicates.text import normalise
from cuttings.model import Article, Comment, Outcome, Reason, Verdict
from cuttings.spam.quotable import not_quotable
from cuttings.spam.rules import HELD, RULES
from cuttings.spam.sight import NOTHING_KNOWN, Known, Sight, Thread
from cuttings.spam.thread_rules import like_ruled_spam
from cuttings.spam.version import RULES_VERSION
from cuttings.spam.weights import BASE, REVIEW_AT, SPAM_AT

Fired = tuple[tuple[str, float, str], ...]  # (rule, strength, sentence)


def judge(article: Article | None, comments: Sequence[Comment], known: Known = NOTHING_KNOWN) -> tuple[Verdict, ...]:
    """One verdict for each comment of a thread, in the given order (page order, all of the thread that is known).

    `article` may lack its date or text, or be None: the rules that need them say nothing then. A verdict's score is
    the chance of spam, 0 to 1, as the rules see it.
    """
    return tuple(_verdicts(Thread(article, comments, known), range(len(comments))).values())


def judge_some(
    article: Article | None, comments: Sequence[Comment], keys: Container[str], known: Known = NOTHING_KNOWN
) -> dict[str, Verdict]:
    """The verdicts that `judge` gives to the comments with these keys, without the work for the rest of the thread."""
    thread = Thread(article, comments, known)
    wanted = [at for at, comment in enumerate(comments) if comment.key in keys]
    return {comments[at].key: verdict for at, verdict in _verdicts(thread, wanted).items()}


def _verdicts(thread: Thread, wanted: Sequence[int]) -> dict[int, Verdict]:
    doubles = {r.later: r for r in repeats(thread.comments)}
    # An original may stand below its copy on pages that show the newest first.
    needed = {*wanted, *(doubles[at].earlier for at in wanted if at in doubles)}
    own = {at: _verdict(Sight(thread, at)) for at in sorted(needed)}
    return {at: _as_repeat(own[at], doubles[at], own, thread) if at in doubles else own[at] for at in wanted}


def fired(sight: Sight) -> Fired:
    """Every rule that has something to say about a comment, with its strength and sentence."""
    return tuple((r.name, f.strength, f.sentence) for r in RULES if (f := r.look(sight)))


def chance(total: float) -> float:
    """A sum of weights as a chance between 0 and 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _verdict(sight: Sight) -> Verdict:
    rules = {r.name: r for r in RULES}
    reasons = [Reason(n, round(rules[n].weight * strength, 3), sentence) for n, strength, sentence in fired(sight)]
    # The reasons that decided come first, on either side.
    reasons = sorted((r for r in reasons if r.weight or r.rule in HELD), key=lambda r: -abs(r.weight))
    total = BASE + sum(r.weight for r in reasons)
    proven = any(rules[r.rule].proof for r in reasons)
    # An editor's word outranks the weights: what is nearly the spam they named is seen by them before it is printed.
    held = total >= REVIEW_AT or like_ruled_spam(sight) is not None or any(r.rule in HELD for r in reasons)
    outcome: Outcome = "spam" if total >= SPAM_AT and proven else "review" if held else "genuine"
    return _finished(sight, outcome, chance(total), tuple(reasons))


def _finished(sight: Sight, outcome: Outcome, score: float, because: tuple[Reason, ...]) -> Verdict:
    hindrance = not_quotable(sight) if outcome == "genuine" else None
    if hindrance:
        because = (*because, Reason("not-quotable", 0.0, hindrance.sentence))
    return Verdict(outcome, outcome == "genuine" and hindrance is None, round(score, 4), because, None, RULES_VERSION)


def _as_repeat(own: Verdict, repeat: Repeat, verdicts: Mapping[int, Verdict], thread: Thread) -> Verdict:
    original = verdicts[repeat.earlier]
    reason = Reason("repeat", 0.0, repeat.because)
    key = thread.comments[repeat.earlier].key
    outcome: Outcome = "spam" if original.outcome == "spam" else "duplicate"
    score = max(own.score, original.score) if outcome == "spam" else own.score
    return Verdict(outcome, False, score, (reason, *own.because), key, RULES_VERSION)


def text_key(text: str) -> str:
    """What copies of a comment share, for `Known.texts`."""
    return exact_key(normalise(text))
