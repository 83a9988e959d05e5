"""Read -> judge -> label -> save, for one document: plain functions that `collect` and `reread` share."""

from __future__ import annotations

import hashlib
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import parsers
from cuttings import duplicates, spam, themes, visits
from cuttings.addresses import canonical
from cuttings.edges.limited import Crashed, Exceeded, Limited
from cuttings.edges.store import addresses, articles, candidates, stories
from cuttings.edges.store.addresses import PageOutcome
from cuttings.edges.store.namesakes import namesakes
from cuttings.model import Article, Comment, Labels, Membership, Page, Reading, Unreadable, Verdict
from cuttings.settings import Source
from flows.house import House
from flows.place import HOME

T = TypeVar("T")

# Reasons are counted, so they are the same for every page; the page's address stands beside them.
TOO_DEMANDING = "too demanding to read, so it was stopped"
NO_ARTICLE = "a cover or a list of contents, with no article on it"
READER_FAILED = "our reader failed on it: please report its address"


@dataclass(frozen=True, slots=True)
class Got:
    """One page that was fetched and lies in the archive; `page` has its body."""

    address: str  # canonical
    page: Page
    etag: str | None = None
    last_modified: str | None = None


# A document: the consecutive pages of it, mostly one.
Document = tuple[Got, ...]


class Readers:
    """Workers that read strangers' pages and can be killed, a few for all the sources of a run."""

    def __init__(self, workers: Sequence[Limited]) -> None:
        self._free: queue.SimpleQueue[Limited] = queue.SimpleQueue()
        for worker in workers:
            self._free.put(worker)

    def read(self, pages: Sequence[Page], family: str | None, source: str) -> Reading:
        """What the pages say; raises Unreadable, also where they broke a limit."""
        try:
            return self.run(parsers.read, pages, family=family, source=source)
        except Exceeded as error:
            raise Unreadable(pages[0].url, "paragraphs", TOO_DEMANDING) from error
        except (Crashed, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Unreadable(pages[0].url, "paragraphs", READER_FAILED) from error

    def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Any function of a module in one of the workers; raises Exceeded or Crashed where it broke a limit."""
        worker = self._free.get()
        try:
            return worker.run(function, *args, **kwargs)
        finally:
            self._free.put(worker)


@contextmanager
def open_readers(count: int = 2) -> Iterator[Readers]:
    workers = [Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=("parsers",)) for _ in range(count)]
    try:
        yield Readers(workers)
    finally:
        for worker in workers:
            worker.close()


@cache
def reader_version() -> str:
    """Changes with the parsers: what two versions of them read differently is not the publisher's edit."""
    digest = hashlib.sha256()
    for path in sorted((HOME / "parsers").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def take_in(
    house: House,
    readers: Readers,
    source: Source,
    document: Document,
    *,
    matcher: themes.Matcher,
    first_contact: datetime,
    now: datetime,
    run: int | None,
    saving: Callable[[Callable[[], T]], T] = lambda step: step(),
) -> tuple[PageOutcome, ...]:
    """Read one document, judge it and save it; what became of each of its pages. Loses nothing, raises nothing
    that is the page's fault.

    `saving` wraps the part from the search for copies to the commit: two copies that arrive together must see
    each other, so the caller may let one document at a time through it.
    """
    try:
        reading = _read(readers, source, document)
    except Unreadable as error:
        outcomes = tuple(_not_read(house, got, source, error, now) for got in document)
        addresses.record(house.store, outcomes, now=now, run=run)
        return outcomes

    def judge_and_save() -> tuple[PageOutcome, ...]:
        outcomes = _read_outcomes(house, source, document, reading, now)
        judged = _judged(house, source, reading, matcher, first_contact, now)
        articles.save(house.store, judged, now=now, pages=outcomes, run=run)
        return outcomes

    return saving(judge_and_save)  # type: ignore[arg-type, return-value]


def gave_up_on(
    house: House, source: Source, document: Document, *, now: datetime, run: int | None
) -> tuple[PageOutcome, ...]:
    """Record that a document was not taken in through a fault of ours; it is tried again, with patience."""
    fault = Unreadable(document[0].page.url, "paragraphs", READER_FAILED)
    outcomes = tuple(_not_read(house, got, source, fault, now) for got in document)
    addresses.record(house.store, outcomes, now=now, run=run)
    return outcomes


def _read(readers: Readers, source: Source, document: Document) -> Reading:
    reading = readers.read([got.page for got in document], source.family, source.id)
    for article in reading.articles:
        if article.language and article.language not in source.languages:
            raise Unreadable(article.url, "page", f"another language: {article.language}")
    # Where the site says nothing about its own name, ours for it stands.
    return replace(reading, articles=tuple(replace(a, source=source.id) for a in reading.articles))


def _not_read(house: House, got: Got, source: Source, error: Unreadable, now: datetime) -> PageOutcome:
    known = addresses.find(house.store, got.address)
    if error.field == "page":
        # No article at all, which is an answer. A site down for maintenance gives one too, so it is asked once more.
        again = now + visits.PATIENCE[2] if known is None or known.state != "set aside" else None
        return _outcome(got, source, "set aside", reason=error.detail, next_visit=again)
    failures = known.failures + 1 if known else 1
    again = visits.after_failure(failures, passing=True, retry_after=None, now=now)
    return _outcome(got, source, "failed", reason=error.detail, next_visit=again)


def _outcome(got: Got, source: Source, outcome: addresses.PageState, **values: object) -> PageOutcome:
    return PageOutcome(
        url=got.address,
        outcome=outcome,
        source=source.id,
        status=got.page.status,
        media_type=got.page.media_type,
        sha256=got.page.sha256,
        size=len(got.page.body),
        etag=got.etag,
        last_modified=got.last_modified,
        **values,  # type: ignore[arg-type]
    )


def _read_outcomes(
    house: House, source: Source, document: Document, reading: Reading, now: datetime
) -> tuple[PageOutcome, ...]:
    """An article begins on the page whose address it bears; one without an address of the document, on the first."""
    begins: dict[str, list[str]] = {got.address: [] for got in document}
    for article in reading.articles:
        at = canonical(article.url) if article.url else document[0].address
        begins[at if at in begins else document[0].address].append(article.key)
    known = addresses.find(house.store, document[0].address)
    first_seen = known.first_seen if known else now
    published = max((a.published or "" for a in reading.articles), default="") or None
    following = visits.after_reading(published, first_seen, source.revisit_days, now)
    # A page of a magazine has no thread below it.
    following = None if source.method == "page-turner" else following
    # A page continues an article that began on one before it; what stands before the first of them continues none.
    first = next((n for n, got in enumerate(document) if begins[got.address]), 0)
    return tuple(
        _outcome(got, source, "set aside", reason=NO_ARTICLE)
        if n < first
        else _outcome(got, source, "read", articles=tuple(begins[got.address]), next_visit=following)
        for n, got in enumerate(document)
    )


# ---------------------------------------------------------------- judge and label


def _judged(
    house: House, source: Source, reading: Reading, matcher: themes.Matcher, first_contact: datetime, now: datetime
) -> articles.Judged:
    signatures: dict[str, duplicates.Signature] = {}
    memberships: list[Membership] = []
    verdicts: dict[str, Verdict] = {}
    labels: dict[str, Labels] = {}
    for article in reading.articles:
        signatures[article.key] = duplicates.article_signature(article)
        memberships += _membership(house, article, signatures[article.key], memberships, reading.articles, now)
        labels[article.key] = themes.label(article.title, article.standfirst, article.text, matcher)
        thread = [c for c in reading.comments if c.article == article.key]
        verdicts |= _verdicts(house, article, thread, signatures)
        for comment in thread:
            labels[comment.key] = themes.label(None, None, comment.text, matcher)
    expires = source.licence.text_expires_days
    return articles.Judged(
        reading=reading,
        verdicts=verdicts,
        labels=labels,
        memberships=tuple(memberships),
        signatures=signatures,
        since=first_contact - timedelta(days=source.since_days),
        text_expires=now + timedelta(days=expires) if expires else None,
        reader=reader_version(),
    )


def _membership(
    house: House,
    article: Article,
    signature: duplicates.Signature,
    here: Sequence[Membership],
    beside: Sequence[Article],
    now: datetime,
) -> list[Membership]:
    """The story an article joins; none for one that is known already, which stays where it is."""
    if articles.find(house.store, [article.key]):
        return []
    like = candidates.like_article(house.store, signature.exact, signature.bands, but=article.key)
    found = [duplicates.candidate(c.article, c.story) for c in like]
    # Two copies may stand in one document; those placed a moment ago are not in the store yet.
    placed = {m.article: m.story for m in here}
    found += [duplicates.candidate(a, placed[a.key]) for a in beside if a.key in placed]
    placement = duplicates.join(article, found, signature)
    if placement.merged:
        because = f"joined by ‘{article.title or article.key}’: {placement.membership.because}"
        stories.merge(house.store, (placement.membership.story, *placement.merged), now=now, because=because)
    return [placement.membership]


def _verdicts(
    house: House, article: Article, thread: Sequence[Comment], signatures: dict[str, duplicates.Signature]
) -> Mapping[str, Verdict]:
    for comment in thread:
        signatures[comment.key] = duplicates.signature(comment.text)
    known = _known(house, thread, signatures)
    judged = spam.judge(article, thread, known)
    return {comment.key: verdict for comment, verdict in zip(thread, judged, strict=True)}


def _known(house: House, thread: Sequence[Comment], signatures: Mapping[str, duplicates.Signature]) -> spam.Known:
    """What other articles hold of these texts, word for word or nearly, and of these names."""
    if not thread:
        return spam.NOTHING_KNOWN
    here = thread[0].article
    texts: dict[str, spam.Elsewhere] = {}
    near: dict[str, duplicates.Signature] = {}
    for comment in thread:
        mine = signatures[comment.key]
        like = candidates.like_comment(house.store, mine.exact, mine.bands)
        others = [c for c in like if c.judged.comment.article != here]
        equal = {c.judged.comment.article: c.judged.verdict.outcome == "spam" for c in others if c.exact == mine.exact}
        if equal:
            texts[spam.text_key(comment.text)] = spam.Elsewhere(len(equal), sum(equal.values()))
        near |= {c.judged.comment.key: duplicates.signature(c.judged.comment.text) for c in others}
    found = namesakes(house.store, {c.author for c in thread if c.author}, but=here)
    names = {duplicates.normalise(name): spam.Elsewhere(*counts) for name, counts in found.items()}
    return spam.Known(texts, names, tuple(near.values()))
