"""Judge -> label, for one document: verdicts, themes, the story an article joins, and copies elsewhere judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cuttings import duplicates, rulings, spam, themes
from cuttings.edges.store import articles, candidates, judged, periods
from cuttings.edges.store.candidates import LikeComment
from cuttings.edges.store.namesakes import namesakes
from cuttings.model import Article, Comment, Labels, Membership, Outcome, Reading, Verdict, when
from cuttings.settings import Source
from cuttings.spam.thread_rules import PAGES, SAME
from flows.house import House

# Later copies can only make an earlier comment more suspect: names that have expired since would else speak for it.
_WORSE: Mapping[Outcome, int] = {"genuine": 0, "review": 1, "spam": 2}

SAID_BY_NOW = PAGES + 1  # articles: each of them has as many others with its words as the rules ask for
NEARLY = SAME - 0.1  # of the other's pieces: the rules look at words that were made legible, which differ a little

Copies = dict[str, set[str]]  # Article.key -> keys of its comments


@dataclass(frozen=True, slots=True)
class Marked:
    """What a reading's texts say by themselves, whatever else was read: by Article.key and Comment.key."""

    signatures: Mapping[str, duplicates.Signature]
    labels: Mapping[str, Labels]


@dataclass(slots=True)
class _Found:
    memberships: list[Membership] = field(default_factory=list)
    merges: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    copies: Copies = field(default_factory=dict)


def mark(reading: Reading, matcher: themes.Matcher) -> Marked:
    """The part of judging that needs no store: it may go on beside others'."""
    signatures = {a.key: duplicates.article_signature(a) for a in reading.articles} | _signatures(reading.comments)
    labels = {a.key: themes.label(a.title, a.standfirst, a.text, matcher) for a in reading.articles}
    labels |= {c.key: themes.label(None, None, c.text, matcher) for c in reading.comments}
    return Marked(signatures, labels)


def judge_reading(
    house: House,
    source: Source,
    reading: Reading,
    marked: Marked,
    *,
    first_contact: datetime,
    now: datetime,
    known: frozenset[str] | None = None,
) -> tuple[articles.Judged, Copies]:
    """What we think of a reading, and which comments below other articles say the same as one of its own.

    `known`: keys of those of its articles that are stored, where that was just asked.
    """
    found = _Found()
    if known is None:
        known = articles.known(house.store, [a.key for a in reading.articles])
    for article in reading.articles:
        if article.key not in known:  # one that is stays in its story
            _join_story(house, article, reading.articles, marked, found)
        thread = [c for c in reading.comments if c.article == article.key]
        found.verdicts |= _verdicts(house, article, thread, marked, found)
    expires = source.licence.text_expires_days
    thoughts = articles.Judged(
        reading=reading,
        verdicts=found.verdicts,
        labels=marked.labels,
        memberships=tuple(found.memberships),
        signatures=marked.signatures,
        since=first_contact - timedelta(days=source.since_days),
        text_expires=now + timedelta(days=expires) if expires else None,
        merges=tuple(found.merges),
    )
    return thoughts, found.copies


def _join_story(house: House, article: Article, beside: Sequence[Article], marked: Marked, found: _Found) -> None:
    """The story that a new article joins."""
    signature = marked.signatures[article.key]
    like = candidates.like_article(house.store, signature.exact, signature.bands, but=article.key)
    others = [duplicates.candidate(c.article, c.story) for c in like]
    # Two copies may stand in one document; those placed a moment ago are not in the store yet.
    placed = {m.article: m.story for m in found.memberships}
    others += [duplicates.candidate(a, placed[a.key]) for a in beside if a.key in placed]
    placement = duplicates.join(article, others, signature)
    found.memberships.append(placement.membership)
    if placement.merged:
        because = f"joined by ‘{article.title or article.key}’: {placement.membership.because}"
        found.merges.append(((placement.membership.story, *placement.merged), because))


def _verdicts(
    house: House, article: Article, thread: Sequence[Comment], marked: Marked, found: _Found
) -> Mapping[str, Verdict]:
    met = _met(house, thread, marked.signatures)
    verdicts = spam.judge(article, thread, met.known)
    for comment, verdict in zip(thread, verdicts, strict=True):
        others = met.others.get(comment.key, ())
        moved = others if verdict.outcome == "spam" else _moved(marked.signatures[comment.key], others, met.pieces)
        _note(found.copies, moved)
    return {comment.key: verdict for comment, verdict in zip(thread, verdicts, strict=True)}


def _signatures(thread: Sequence[Comment]) -> dict[str, duplicates.Signature]:
    found = duplicates.signatures([comment.text for comment in thread])
    return {comment.key: one for comment, one in zip(thread, found, strict=True)}


@dataclass(frozen=True, slots=True)
class _Met:
    """What other articles hold of a thread's texts and names. `others` by keys of the thread, `pieces` by theirs."""

    known: spam.Known
    others: Mapping[str, tuple[LikeComment, ...]] = field(default_factory=dict)
    pieces: Mapping[str, duplicates.Signature] = field(default_factory=dict)


def _met(house: House, thread: Sequence[Comment], signatures: Mapping[str, duplicates.Signature]) -> _Met:
    if not thread:
        return _Met(spam.NOTHING_KNOWN)
    here = thread[0].article
    texts: dict[str, spam.Elsewhere] = {}
    near: dict[str, LikeComment] = {}
    met: dict[str, tuple[LikeComment, ...]] = {}
    asked = [(signatures[comment.key].exact, signatures[comment.key].bands) for comment in thread]
    for comment, like in zip(thread, candidates.like_comments(house.store, asked), strict=True):
        others = tuple(c for c in like if c.judged.comment.article != here)
        exact = signatures[comment.key].exact
        equal = {c.judged.comment.article: c.judged.verdict.outcome == "spam" for c in others if c.exact == exact}
        if equal:
            texts[exact] = spam.Elsewhere(len(equal), sum(equal.values()))
        if others:
            met[comment.key] = others
        near |= {c.judged.comment.key: c for c in others}
    found = namesakes(house.store, {c.author for c in thread if c.author}, but=here)
    names = {duplicates.normalise(name): spam.Elsewhere(*counts) for name, counts in found.items()}
    signed = duplicates.to_compare([duplicates.normalise(c.judged.comment.text) for c in near.values()], "comment")
    pieces = dict(zip(near, signed, strict=True))
    ruled = [
        spam.RuledSpam(pieces[key], when(c.judged.comment.posted) or c.first_seen)
        for key, c in near.items()
        if c.judged.verdict.outcome == "spam" and rulings.is_ruled(c.judged.verdict)
    ]
    return _Met(spam.Known(texts, names, tuple(signed), tuple(ruled)), met, pieces)


def _moved(
    mine: duplicates.Signature, others: Sequence[LikeComment], pieces: Mapping[str, duplicates.Signature]
) -> Iterator[LikeComment]:
    """Those whose verdict one more such text can change, where it is no spam itself.

    Two other articles with the same words say all that a third could; to whom the same words stand elsewhere, nearly
    the same say nothing more. The hundredth advertisement that waits for an editor would have the threads of fifty
    others judged again, which took more than half of a collection's time.
    """

    def inside(other: LikeComment) -> float:
        return duplicates.containment(pieces[other.judged.comment.key].shingles, mine.shingles)

    where: dict[str | None, set[str]] = {}
    for other in others:
        where.setdefault(other.exact, set()).add(other.judged.comment.article)
    for other in others:
        if other.exact == mine.exact:
            if len(where[other.exact]) < SAID_BY_NOW:
                yield other
        elif len(where[other.exact]) == 1 and inside(other) >= NEARLY:
            yield other


def _note(copies: Copies, others: Iterable[LikeComment]) -> None:
    for other in others:
        if _WORSE.get(other.judged.verdict.outcome, 2) < _WORSE["spam"]:
            copies.setdefault(other.judged.comment.article, set()).add(other.judged.comment.key)


def judge_copies_again(house: House, copies: Copies, *, now: datetime) -> tuple[str, ...]:
    """A later copy shows an earlier comment to be part of a campaign: its verdict is computed again, until it has been
    published. Keys of the comments whose verdict changed."""
    printed = periods.printed(house.store, copies)
    waiting = [key for key in copies if key not in printed]
    stored = articles.find(house.store, waiting)
    threads = judged.threads(house.store, stored)
    changed: list[str] = []
    for key in sorted(stored):
        thread = threads.get(key, ())
        comments = [c.comment for c in thread]
        known = _met(house, comments, _signatures(comments)).known
        verdicts = spam.judge_some(stored[key].article, comments, copies[key], known)
        worse = {
            c.comment.key: replace(verdict, duplicate_of=c.verdict.duplicate_of)
            for c in thread
            if (verdict := verdicts.get(c.comment.key))
            and _WORSE.get(verdict.outcome, -1) > _WORSE.get(c.verdict.outcome, 9)
        }
        if worse:
            changed += judged.change(house.store, worse, now=now)
    return tuple(changed)


def judge_like_ruled(house: House, keys: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """What is nearly the same as comments that an editor has just called spam is judged again, where it stands below
    other articles and is not printed yet. Keys of those whose verdict changed."""
    known = judged.find(house.store, keys)
    ruled = [one for one in known.values() if one.verdict.outcome == "spam" and rulings.is_ruled(one.verdict)]
    signatures = duplicates.signatures([one.comment.text for one in ruled])
    asked = [(one.exact, one.bands) for one in signatures]
    copies: Copies = {}
    for one, like in zip(ruled, candidates.like_comments(house.store, asked), strict=True):
        _note(copies, (other for other in like if other.judged.comment.article != one.comment.article))
    return judge_copies_again(house, copies, now=now)
