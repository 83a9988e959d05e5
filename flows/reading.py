"""Read -> judge -> label -> save, for one document: plain functions that `collect` and `reread` share."""

from __future__ import annotations

import hashlib
import queue
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import parsers
from cuttings import themes, visits
from cuttings.addresses import canonical
from cuttings.edges.archive import Archive
from cuttings.edges.discover import comment_pages
from cuttings.edges.limited import Crashed, Exceeded, Limited
from cuttings.edges.store import addresses, articles
from cuttings.edges.store.addresses import PageOutcome
from cuttings.model import Article, Aside, Comment, Page, PageDesign, Reading, Unreadable, comment_key, plain
from cuttings.settings import Source
from flows import erasing
from flows.house import House
from flows.judging import judge_copies_again, judge_reading, mark
from flows.page_words import gave_words
from flows.place import HOME

T = TypeVar("T")

# Reasons are counted, so they are the same for every page; the page's address stands beside them.
TOO_DEMANDING = "too demanding to read, so it was stopped"
NO_ARTICLE = "a cover or a list of contents, with no article on it"
BETWEEN = "a list of contents or an advertisement between the pages of an article"
UNREADABLE_COMMENTS = "more comments: our reader can't make them out"
READER_FAILED = "our reader failed on it: please report its address"


@dataclass(frozen=True, slots=True)
class Got:
    """One page that was fetched. Its body lies in the archive, so that a source's pages are never all in memory."""

    address: str  # what the store knows it by
    final_url: str | None  # where it was read from
    sha256: str
    media_type: str = "text/html"
    status: int = 200
    fetched_at: datetime | None = None
    family: str | None = None
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None

    def body(self, archive: Archive) -> bytes:
        return archive.get(self.sha256)

    def page(self, archive: Archive) -> Page:
        return Page(
            url=self.final_url,
            body=self.body(archive),
            media_type=self.media_type,
            family=self.family,
            fetched_at=self.fetched_at,
            status=self.status,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """Pages that are read together: those of a magazine's issue, or an article and the further pages of its comments.

    `missed`: what became of the pages of its comments that did not come.
    """

    pages: tuple[Got, ...]
    missed: tuple[PageOutcome, ...] = ()

    @property
    def address(self) -> str:
        return self.pages[0].address


class Readers:
    """Workers that read strangers' pages and can be killed, a few for all the sources of a run."""

    def __init__(self, workers: Sequence[Limited]) -> None:
        self._free: queue.SimpleQueue[Limited] = queue.SimpleQueue()
        for worker in workers:
            self._free.put(worker)

    def read(
        self, pages: Sequence[Page], family: str | None, source: str, designs: Sequence[PageDesign] = ()
    ) -> Reading:
        """What the pages say; raises Unreadable, also where they broke a limit."""
        try:
            return self.run(parsers.read, pages, family=family, source=source, designs=designs)
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
def reader_version(designs: tuple[PageDesign, ...] = ()) -> str:
    """Changes with the parsers and a source's own selectors: what two of them read differently is not the publisher's
    edit."""
    digest = hashlib.sha256(repr(designs).encode() if designs else b"")
    for path in sorted((HOME / "parsers").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Line:
    """What every document is read and judged with."""

    house: House
    readers: Readers
    matcher: themes.Matcher
    now: datetime
    run: int | None = None
    # Wraps the part from the search for copies to the commit: two copies that arrive together must see each other,
    # so the caller may let one document at a time through it. As little as can be is in it: other machines wait.
    saving: Callable[[Callable[[], Any]], Any] = lambda step: step()


def take_in(line: Line, source: Source, document: Document, *, first_contact: datetime) -> tuple[PageOutcome, ...]:
    """Read one document, judge it and save it; what became of each of its pages. Loses nothing, raises nothing
    that is the page's fault."""
    house = line.house
    try:
        read = read_document(line, source, document)
    except Unreadable as error:
        outcomes = tuple(_not_read(house, got, source, error, line.now) for got in document.pages) + document.missed
        addresses.record(house.store, outcomes, now=line.now, run=line.run, together=True)
        return outcomes

    outcomes = (*read_outcomes(house, source, read, line.now), *read.document.missed)
    marked = mark(read.reading, line.matcher)

    def judge_and_save() -> None:
        judged, copies = judge_reading(house, source, read.reading, marked, first_contact=first_contact, now=line.now)
        # Where a page of the thread is missing, what it may hold has not been deleted.
        judged = replace(judged, whole_thread=not read.document.missed, reader=reader_version(source.designs))
        # Pages that show words of somebody who was forgotten are kept without them.
        redacted = erasing.at_intake(house, line.readers, source, read.document.pages, read.reading.comments)
        days = house.settings.retention.name_days
        saved = articles.save(house.store, judged, now=line.now, pages=outcomes, run=line.run, name_days=days)
        erasing.replace_pages(house, redacted, now=line.now)
        if saved.new_comments:
            judge_copies_again(house, copies, now=line.now)

    line.saving(judge_and_save)
    return outcomes


def gave_up_on(line: Line, source: Source, document: Document) -> tuple[PageOutcome, ...]:
    """Record that a document was not taken in through a fault of ours; it is tried again, with patience."""
    fault = Unreadable(document.address, "paragraphs", READER_FAILED)
    outcomes = tuple(_not_read(line.house, got, source, fault, line.now) for got in document.pages) + document.missed
    addresses.record(line.house.store, outcomes, now=line.now, run=line.run, together=True)
    return outcomes


def _not_read(house: House, got: Got, source: Source, error: Unreadable, now: datetime) -> PageOutcome:
    known = addresses.find(house.store, got.address)
    if error.field != "page":
        failures = known.failures + 1 if known else 1
        again = visits.after_failure(failures, passing=True, retry_after=None, now=now)
        return outcome_of(got, source, "failed", reason=error.detail, next_visit=again)
    if known is not None and known.state == "read":
        # An article stood here: a login page or a notice of maintenance in its place may go again.
        published, last_comment = addresses.stirred(house.store, got.address)
        again = visits.after_reading(
            published or known.hint, known.first_seen, source.revisit_days, now, last_comment=last_comment
        )
    else:
        # No article at all, which is an answer. A site down for maintenance gives one too, so it is asked once more.
        again = now + visits.PATIENCE[2] if known is None or known.state != "set aside" else None
    return outcome_of(got, source, "set aside", reason=error.detail, next_visit=again)


def outcome_of(got: Got, source: Source, outcome: addresses.PageState, **values: Any) -> PageOutcome:
    return PageOutcome(
        url=got.address,
        outcome=outcome,
        source=source.id,
        status=got.status,
        media_type=got.media_type,
        sha256=got.sha256,
        size=got.size,
        etag=got.etag,
        last_modified=got.last_modified,
        final_url=got.final_url,
        **values,
    )


def read_outcomes(house: House, source: Source, read: Read, now: datetime) -> tuple[PageOutcome, ...]:
    """An article begins on the page whose address it bears; one without an address of the document, on the first.

    A page continues what began on one before it; where that was set aside, as what stands before the first article
    is, so is the page.
    """
    document, reading = read.document, read.reading
    begins: dict[str, list[str]] = {got.address: [] for got in document.pages}
    foreign: dict[str, str] = {}
    for article, why in (*((a, None) for a in reading.articles), *read.foreign):
        at = canonical(article.url) if article.url else document.address
        at = at if at in begins else document.address
        if why is None:
            begins[at].append(article.key)
        else:
            foreign[at] = why
    known = addresses.find(house.store, document.address)
    first_seen = known.first_seen if known else now
    published = max((a.published or "" for a in reading.articles), default="") or None
    last_comment = max((c.posted or "" for c in reading.comments), default="") or None
    following = visits.after_reading(published, first_seen, source.revisit_days, now, last_comment=last_comment)
    # A page of a magazine has no thread below it.
    following = None if source.method == "page-turner" else following
    outcomes: list[PageOutcome] = []
    why_so_far: str | None = NO_ARTICLE
    texts = [a.text for a in reading.articles] if source.method == "page-turner" else []
    for n, got in enumerate(document.pages):
        if begins[got.address]:
            why_so_far = None
        elif got.address in foreign:
            why_so_far = foreign[got.address]
        why_aside = why_so_far
        if texts and why_aside is None and not begins[got.address] and not gave_words(got.body(house.archive), texts):
            why_aside = BETWEEN
        # Only the article's own page is visited; those of its comments are asked for with it.
        visit = following if n == 0 or source.method == "page-turner" or got.address == document.address else None
        outcomes.append(
            outcome_of(got, source, "set aside", reason=why_aside)
            if why_aside
            else outcome_of(got, source, "read", articles=tuple(begins[got.address]), next_visit=visit)
        )
    return tuple(outcomes)


# ---------------------------------------------------------------- read


@dataclass(frozen=True, slots=True)
class Read:
    """What a document says: `document` is what could be read of it.

    `foreign`: articles in languages that their source is not read in, with the reason.
    """

    document: Document
    reading: Reading
    foreign: tuple[tuple[Article, str], ...] = ()


def read_document(line: Line, source: Source, document: Document) -> Read:
    """Raises Unreadable where the document holds no article for us."""
    try:
        read = Read(document, _reading(line, source, document))
    except Unreadable:
        if len(document.pages) == 1 or source.method == "page-turner":
            raise
        read = _what_can_be_read(line, source, document)
    spoken = [(a, _language(a, source)) for a in read.reading.articles]
    foreign = tuple((a, why) for a, why in spoken if why)
    if foreign and len(foreign) == len(spoken):
        raise Unreadable(foreign[0][0].url, "page", foreign[0][1])
    ours = {a.key for a, why in spoken if not why}
    asides = tuple(Aside(a.title or a.text[:200], why) for a, why in foreign)
    reading = Reading(
        # Where the site says nothing about its own name, ours for it stands.
        articles=tuple(replace(a, source=source.id) for a in read.reading.articles if a.key in ours),
        comments=tuple(c for c in read.reading.comments if c.article in ours),
        set_aside=(*read.reading.set_aside, *asides),
    )
    return replace(read, reading=reading, foreign=foreign)


def _language(article: Article, source: Source) -> str | None:
    """Why an article is not read for its language."""
    if article.language and article.language not in source.languages:
        return f"another language: {article.language}"
    return None


def _what_can_be_read(line: Line, source: Source, document: Document) -> Read:
    """An article whose further comment pages are beyond reading, or some of them: they never cost the article."""
    good = [document.pages[0]]
    reading = _reading(line, source, Document((document.pages[0],)))
    missed: list[PageOutcome] = []
    for got in document.pages[1:]:
        try:
            reading = _reading(line, source, Document((*good, got)))
        except Unreadable:
            missed.append(outcome_of(got, source, "failed", reason=UNREADABLE_COMMENTS))
        else:
            good.append(got)
    return Read(Document(tuple(good), (*document.missed, *missed)), reading)


def _reading(line: Line, source: Source, document: Document) -> Reading:
    archive = line.house.archive
    data = [got for got in document.pages[1:] if is_data(got)]
    shown = [got for got in document.pages if got not in data]
    if len(shown) > 1 and source.method != "page-turner":
        shown = [shown[at] for at in comment_pages.reading_order([got.final_url or got.address for got in shown])]
    reading = line.readers.read([got.page(archive) for got in shown], source.family, source.id, source.designs)
    if len(shown) > 1 and source.method != "page-turner":
        reading = _under_its_own_address(reading, document.pages[0])
    if not data:
        return reading
    try:
        body = comment_pages.joined_answers([got.body(archive) for got in data])
    except ValueError as error:
        raise Unreadable(data[0].address, "paragraphs", f"the answer with the comments is no list: {error}") from error
    if body == b"[]":
        return reading
    answer = Page(data[0].final_url, body, "application/json", "wordpress-rest", status=200)
    return with_answer(reading, line.readers.read([answer], "wordpress-rest", source.id).comments)


def is_data(got: Got) -> bool:
    return "json" in got.media_type.lower()


def _under_its_own_address(reading: Reading, main: Got) -> Reading:
    """The newest page of comments may be the article's own: it still goes by its own address."""
    here = main.final_url and canonical(main.final_url)
    return replace(
        reading,
        articles=tuple(
            replace(a, url=main.final_url) if a.url and canonical(a.url) == here else a for a in reading.articles
        ),
    )


def with_answer(reading: Reading, answered: Sequence[Comment]) -> Reading:
    """The comments of the page and those that its site's interface gave, each once; the page's own keep their keys.

    The two write times differently ("9.15" and "9.15 +01:00"), so one comment is told by its words and its name.
    """
    if not reading.articles or not answered:
        return reading
    article = reading.articles[0]
    authors = {plain(a) for a in article.authors if len(a.split()) > 1}
    shown: dict[tuple[str, str], list[Comment]] = {}
    for comment in reading.comments:
        shown.setdefault((plain(comment.author or ""), plain(comment.text)), []).append(comment)
    found: list[Comment] = []
    place: dict[int, int] = {}
    occurrences = Counter((c.posted, plain(c.text)) for c in reading.comments)
    for comment in answered:
        n = len(found) + 1
        place[comment.n] = n
        mine = shown.get((plain(comment.author or ""), plain(comment.text)))
        parent = place.get(comment.parent or 0)
        if mine:
            found.append(replace(mine.pop(0), n=n, parent=parent))
            continue
        same = comment.posted, plain(comment.text)
        key = comment_key(article.key, comment.posted, comment.text, occurrences[same])
        occurrences[same] += 1
        ours = comment.by_article_author or plain(comment.author or "") in authors
        found.append(replace(comment, key=key, article=article.key, n=n, parent=parent, by_article_author=ours))
    unmet = {id(c) for rest in shown.values() for c in rest}
    left = [c for c in reading.comments if id(c) in unmet]
    moved = {c.n: len(found) + at for at, c in enumerate(left, 1)}
    found += [replace(c, n=moved[c.n], parent=moved.get(c.parent or 0)) for c in left]
    return replace(reading, comments=tuple(found))
