"""The same words twice in one thread: a double click, a second try, a page that was imported twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cuttings.duplicates.signatures import Signature, containment, signature
from cuttings.duplicates.text import normalise
from cuttings.model import Comment, when

SAME = 0.8  # of the later comment's character runs in the earlier one
DOUBLE_CLICK = timedelta(minutes=10)
NEAREST = 200  # of a writer's earlier comments are compared, so that a thread of thousands stays quick
SAID_BY_MANY = 5  # words; below it equal texts of two names are two people who agree


@dataclass(frozen=True, slots=True)
class Repeat:
    """Comment `later` says again what `earlier` said; both are positions in the thread."""

    later: int
    earlier: int
    similarity: float
    because: str


def repeats(comments: Sequence[Comment]) -> tuple[Repeat, ...]:
    """Every comment that repeats an earlier one of its thread, with the first of its kind as the original.

    `comments` is one thread in page order. The earlier of two by date is the original, whatever the page's order.
    """
    order = sorted(range(len(comments)), key=lambda i: (_moment(comments[i]), i))
    keys = [normalise(c.text) for c in comments]
    found: dict[int, Repeat] = {}
    cache: dict[int, Signature] = {}

    def sign(at: int) -> Signature:
        if at not in cache:
            cache[at] = signature(comments[at].text)
        return cache[at]

    by_key: dict[str, list[int]] = {}
    by_author: dict[str, list[int]] = {}
    for at in order:
        author = normalise(comments[at].author)
        repeat = _exact(comments, keys, at, by_key.get(keys[at], ())) if keys[at] else None
        if repeat is None and author and keys[at]:
            repeat = _near(comments, keys, at, by_author.get(author, ())[-NEAREST:], sign)
        if repeat is not None:
            found[at] = repeat
            continue
        by_key.setdefault(keys[at], []).append(at)
        by_author.setdefault(author, []).append(at)
    return tuple(found[at] for at in sorted(found))


def _moment(comment: Comment) -> float:
    moment = when(comment.posted)
    return moment.timestamp() if moment else float("inf")


def _gap(one: Comment, other: Comment) -> timedelta | None:
    first, second = when(one.posted), when(other.posted)
    if first is None or second is None or len(one.posted or "") <= 10 or len(other.posted or "") <= 10:
        return None
    return abs(second - first)


def _exact(comments: Sequence[Comment], keys: Sequence[str], at: int, earlier: Sequence[int]) -> Repeat | None:
    mine, words = comments[at], len(keys[at].split())
    for other in earlier:
        gap = _gap(mine, comments[other])
        soon = gap is not None and gap <= DOUBLE_CLICK
        if normalise(mine.author) == normalise(comments[other].author):
            return Repeat(at, other, 1.0, f"the same words by the same writer as comment {comments[other].n}")
        # A page imported twice keeps the clock, while a name may have been edited between: 'Max B' and 'Max'.
        if soon and words >= SAID_BY_MANY:
            return Repeat(at, other, 1.0, f"the same words within ten minutes of comment {comments[other].n}")
    return None


def _near(
    comments: Sequence[Comment], keys: Sequence[str], at: int, earlier: Sequence[int], sign: Callable[[int], Signature]
) -> Repeat | None:
    if len(keys[at].split()) < SAID_BY_MANY:
        return None
    best: Repeat | None = None
    for other in earlier:
        gap = _gap(comments[at], comments[other])
        if sign(at).short and not (gap is not None and gap <= DOUBLE_CLICK):
            continue
        alike = containment(sign(at).shingles, sign(other).shingles)
        if alike >= SAME and (best is None or alike > best.similarity):
            best = Repeat(at, other, alike, f"nearly the same words by the same writer as comment {comments[other].n}")
    return best
