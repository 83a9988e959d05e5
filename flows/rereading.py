"""Reading again what lies in the archive, without the network: the same code as `collect` reads with.

What an editor ruled stands, what was published stays as it was printed, and where nothing is read otherwise, nothing
is written.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cuttings.edges.archive import ArchiveError
from cuttings.edges.store import addresses, articles, as_before, runs
from cuttings.edges.store import sources as states
from cuttings.edges.store.addresses import KeptPage, PageOutcome
from cuttings.model import BadConfiguration, Unreadable
from cuttings.settings import Source
from flows.judging import Copies, Marked, judge_copies_again, judge_reading, mark
from flows.reading import Document, Got, Line, Read, read_document, read_outcomes, reader_version

CHANGED, UNCHANGED, ASIDE, FAILED, GONE = "read anew", "unchanged", "set aside", "failed", "no raw page any more"
OF_OLD = "a page of an issue that was read before Cuttings kept which pages belong together; it stays as it was read"
TOGETHER = 50  # documents whose new themes are written at once: others wait while one writes
MOST_TOLD = 20  # documents whose change or failure is named
WHOLE = "reread"  # the kind of a run that reads all of the archive; that of a part is "reread 2/8"


@dataclass(frozen=True, slots=True)
class Part:
    """One of `of` parts of the archive, counted from 1: each document is in exactly one of them."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Of "2/8". Raises BadConfiguration."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text.strip())
        part = cls(int(found[1]), int(found[2])) if found else None
        if part is None or not 1 <= part.number <= part.of:
            raise BadConfiguration(f"'{text}' is no part. Write the second of eight as 2/8.")
        return part

    def __str__(self) -> str:
        return f"{WHOLE} {self.number}/{self.of}"

    def of_documents(self, numbers: Sequence[int]) -> tuple[int, ...]:
        # Not every eighth in their order: a collect at work adds some, and each part asks for itself.
        return tuple(n for n in numbers if zlib.crc32(b"%d" % n) % self.of == self.number - 1)

    @staticmethod
    def elsewhere(kind: str, part: Part | None) -> bool:
        """Whether a run of this kind reads documents that `part` (None: the whole) is to read as well."""
        name, _, which = kind.partition(" ")
        if name != WHOLE:
            return False
        return part is None or not which.endswith(f"/{part.of}") or kind == str(part)


@dataclass(frozen=True, slots=True)
class Again:
    """What became of some documents: (CHANGED, …) with their numbers, which add up to the documents given.

    `details` counts what changed in them; `told` names the first of them, (address, what became of it).
    """

    counts: tuple[tuple[str, int], ...] = ()
    details: tuple[tuple[str, int], ...] = ()
    told: tuple[tuple[str, str], ...] = ()

    def count(self, what: str) -> int:
        return dict(self.counts).get(what, 0)

    @property
    def documents(self) -> int:
        return sum(n for _, n in self.counts)


def together(parts: Sequence[Again]) -> Again:
    counts: Counter[str] = Counter()
    details: Counter[str] = Counter()
    for part in parts:
        counts.update(dict(part.counts))
        details.update(dict(part.details))
    told = tuple(line for part in parts for line in part.told)[:MOST_TOLD]
    return Again(tuple(counts.items()), tuple(details.most_common()), told)


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    details: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)
    themes: list[as_before.Themes] = field(default_factory=list)  # that are still to be written
    _contacts: dict[str, datetime] = field(default_factory=dict)

    def first_contact(self, line: Line, source: Source) -> datetime:
        """When a source was first asked: looked up once for all its documents."""
        if source.id not in self._contacts:
            state = states.find(line.house.store, source.id)
            self._contacts[source.id] = state.first_contact if state else line.now
        return self._contacts[source.id]

    def note(self, what: str, address: str, detail: str | None = None) -> None:
        self.counts[what] += 1
        if detail and len(self.told) < MOST_TOLD:
            self.told.append((address, detail))


def read_again(line: Line, numbers: Sequence[int], *, dry_run: bool = False) -> Again:
    """Read documents again, by the numbers of `addresses.documents`. `dry_run`: say what would change, and no more."""
    tally = _Tally()
    for start in range(0, len(numbers), TOGETHER):
        for number in numbers[start : start + TOGETHER]:
            _one(line, number, tally, dry_run)
        if tally.themes and not dry_run:
            as_before.put_themes(line.house.store, tally.themes, now=line.now)
        tally.themes.clear()
    return Again(tuple(tally.counts.items()), tuple(tally.details.items()), tuple(tally.told))


def _one(line: Line, number: int, tally: _Tally, dry_run: bool) -> None:
    store = line.house.store
    pages = addresses.document(store, number)
    address = pages[0].url
    source = _source(line, pages[0])
    if _is_a_part(line, source, pages):
        tally.note(ASIDE, address, OF_OLD)
        return
    was_read = _was_read(pages)
    try:
        read, pages = _read(line, source, pages)
    except ArchiveError:
        tally.note(GONE, address, GONE)
        return
    except Unreadable as error:
        # What it said when it could be read stays; that it can't be any more is said here, and in the counts.
        tally.note(ASIDE if error.field == "page" else FAILED, address, error.detail if was_read else None)
        return
    _save(line, source, read, pages, tally, dry_run)


def _was_read(pages: Sequence[KeptPage]) -> bool:
    """A magazine begins with its cover, which was set aside."""
    return any(page.was_read for page in pages)


def _source(line: Line, page: KeptPage) -> Source:
    """As configured; a source that was taken out since is read as any page would be."""
    try:
        return line.house.settings.source(page.source or "")
    except BadConfiguration:
        return Source(id=page.source or "unknown", name=page.source or "unknown", url=page.final_url)


def _is_a_part(line: Line, source: Source, pages: Sequence[KeptPage]) -> bool:
    """One page of an issue from before pages were recorded with those they were read with."""
    if len(pages) > 1 or source.method != "page-turner":
        return False
    issues = runs.marked(line.house.store, f"issues:{source.id}") or ()
    return any(len(issue) > 1 and pages[0].url in issue for issue in issues)


def _read(line: Line, source: Source, pages: tuple[KeptPage, ...]) -> tuple[Read, tuple[KeptPage, ...]]:
    """What the pages say; where they say nothing, what the page said when it was last an article.

    Raises Unreadable, and ArchiveError where the first page is not there any more.
    """
    try:
        return _of_archive(line, source, pages), pages
    except Unreadable:
        before = addresses.last_document(line.house.store, pages[0].url)
        if not before or before[0].number == pages[0].number:
            raise
        return _of_archive(line, source, before), before


def _of_archive(line: Line, source: Source, pages: tuple[KeptPage, ...]) -> Read:
    archive = line.house.archive
    there = [page for page in pages if archive.has(page.sha256)]
    if pages[0] not in there or (source.method == "page-turner" and len(there) < len(pages)):
        raise ArchiveError(f"{pages[0].url}: its raw page is not in the archive any more")
    missing = [page for page in pages if page not in there]
    missed = [PageOutcome(page.url, "failed", reason=GONE) for page in missing]
    if not addresses.is_whole(line.house.store, pages[0].number):
        missed.append(PageOutcome(pages[0].url, "failed", reason="a page of its comments did not come"))
    got = tuple(
        Got(p.url, p.final_url, p.sha256, p.media_type, p.status, fetched_at=p.at, family=source.family) for p in there
    )
    return read_document(line, source, Document(got, tuple(missed)))


def _save(line: Line, source: Source, read: Read, pages: Sequence[KeptPage], tally: _Tally, dry_run: bool) -> None:
    marked = mark(read.reading, line.matcher)
    one = _Document(line, source, read, marked, tally.first_contact(line, source), _was_read(pages))
    # What is there already is judged before its turn comes, and mostly needs none: it changes nothing that another text
    # is compared with.
    early = one.judged_early()
    themes = as_before.other_themes(line.house.store, early.judged) if early else None
    if themes is None:
        saved: articles.Saved = line.saving(lambda: one.save(early, dry_run))
    else:
        saved = articles.Saved(relabelled=tuple(themes.labels))
        tally.themes += [themes] if themes.labels else []
    changes = {name.replace("_", " "): len(getattr(saved, name)) for name in saved.__dataclass_fields__}
    changes = {name: n for name, n in changes.items() if n and name != "withdrawn"}
    tally.details.update(changes)
    said = ", ".join(f"{n} {name}" for name, n in changes.items())
    tally.note(CHANGED if changes or not one.was_read else UNCHANGED, pages[0].url, said or None)


@dataclass(frozen=True, slots=True)
class _Early:
    """What was thought of a document outside of its turn: it holds while nothing is read that it may be a copy of."""

    generation: as_before.Generation
    judged: articles.Judged
    copies: Copies


@dataclass(frozen=True, slots=True)
class _Document:
    """A document that was read again, on its way to the store."""

    line: Line
    source: Source
    read: Read
    marked: Marked
    first_contact: datetime
    was_read: bool

    def judged_early(self) -> _Early | None:
        """None where some of it is new: it would be judged in vain, as any other new text may be its copy."""
        store = self.line.house.store
        known = self._known()
        if not self.was_read or len(known) < len(self.read.reading.articles):
            return None
        before = as_before.generation(store)  # asked first: what comes while it is judged makes a new one
        return _Early(before, *self._judge(known))

    def save(self, early: _Early | None, dry_run: bool) -> articles.Saved:
        """In its turn: what it was thought of stands, or is thought of again."""
        line, known = self.line, self._known()
        holds = early is not None and early.generation == as_before.generation(line.house.store)
        judged, copies = (early.judged, early.copies) if early is not None and holds else self._judge(known)
        # What was read before counted then; what can be read for the first time counts from today.
        fresh = not self.was_read or len(known) < len(self.read.reading.articles)
        outcomes = _outcomes(line, self.source, self.read) if fresh else ()
        days = line.house.settings.retention.name_days
        saved = articles.save(
            line.house.store, judged, now=line.now, pages=outcomes, run=line.run, name_days=days, dry_run=dry_run
        )
        if saved.new_comments and not dry_run:
            judge_copies_again(line.house, copies, now=line.now)
        return saved

    def _known(self) -> frozenset[str]:
        return articles.known(self.line.house.store, [a.key for a in self.read.reading.articles])

    def _judge(self, known: frozenset[str]) -> tuple[articles.Judged, Copies]:
        line, source, reading = self.line, self.source, self.read.reading
        judged, copies = judge_reading(
            line.house, source, reading, self.marked, first_contact=self.first_contact, now=line.now, known=known
        )
        whole, version = not self.read.document.missed, reader_version(source.designs)
        return replace(judged, again=True, whole_thread=whole, reader=version), copies


def _outcomes(line: Line, source: Source, read: Read) -> tuple[PageOutcome, ...]:
    """The pages as they are recorded anew: read today, though nobody asked their server, so their next visit stays."""
    outcomes = []
    for outcome in read_outcomes(line.house, source, read, line.now):
        known = addresses.find(line.house.store, outcome.url)
        if known is not None:
            outcome = replace(outcome, next_visit=known.next_visit, etag=known.etag, last_modified=known.last_modified)
        outcomes.append(outcome)
    return tuple(outcomes)
