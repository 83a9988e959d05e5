"""Carrying an erasure through: raw pages, issues on disk, messages in the outbox folder, Prefect's records. No Prefect.

The store is first, in one transaction that also notes what is left to do; `settle` does what is noted, however often
it is asked and wherever it was killed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cuttings import redacted, seen
from cuttings.edges import ledger
from cuttings.edges.archive import ArchiveError, write_whole
from cuttings.edges.store import articles, erased, issues, people, suppressed
from cuttings.edges.store.erased import RawPage, Unsettled
from cuttings.model import (
    BadConfiguration,
    Comment,
    Digest,
    Page,
    PageDesign,
    Reading,
    Unreadable,
    as_json,
    comment_key,
)
from cuttings.redacted import CannotRedact, Spoken
from flows import place, shelving, stopped
from flows.stopped import ledger_file

if TYPE_CHECKING:
    from cuttings.edges.store.issues import Issue
    from cuttings.settings import Settings, Source
    from flows.house import House


class Readers(Protocol):
    def read(
        self, pages: Sequence[Page], family: str | None, source: str, designs: Sequence[PageDesign] = ()
    ) -> Reading: ...


class Fetched(Protocol):
    """A page that lies in the archive."""

    @property
    def sha256(self) -> str: ...
    @property
    def final_url(self) -> str | None: ...
    @property
    def media_type(self) -> str: ...


@dataclass(slots=True)
class Done:
    """What was carried through, for people to read."""

    pages_redacted: int = 0
    pages_deleted: int = 0  # they could not be redacted safely
    pages_gone: int = 0  # ended by retention before
    files: list[str] = field(default_factory=list)  # printed anew
    messages: int = 0  # in the outbox folder, written anew
    records: int = 0  # of Prefect, deleted
    left: list[str] = field(default_factory=list)  # sentences: what could not be reached, and what to do


def remember(kind: str, values: Iterable[str], scope: str, now: datetime) -> None:
    """Into the list that outlives every backup, before anything is erased."""
    ledger.add(ledger_file(), [ledger.Entry(kind, value, scope, now.isoformat()) for value in values])


# ---------------------------------------------------------------- raw pages

Pairs = tuple[tuple[str, str | None], ...]  # (digest of the original, of the page that takes its place, or nothing)


def at_intake(
    house: House, readers: Readers, source: Source, pages: Sequence[Fetched], found: Sequence[Comment]
) -> Pairs:
    """Redacted copies of pages that show words of somebody who was forgotten, put beside them in the archive.

    Asked before a document is saved; `replace_pages` then lets them take the originals' place.
    """
    gone = people.kept_out(house.store, found, source.id)
    if not gone:
        return ()
    shown = {(c.posted, c.text) for c in found if c.key in gone}
    raw = [RawPage(p.final_url or "", source.id, "read", p.media_type, p.sha256, house.clock()) for p in pages]

    def is_gone(comment: Comment) -> bool:
        own = (comment.posted, comment.text) in shown
        return own or bool(people.kept_out(house.store, [comment], source.id))

    return _redacted_pages(house, readers, raw, is_gone)


def replace_pages(house: House, pairs: Pairs, *, now: datetime) -> None:
    for original, kept in pairs:
        if kept is not None:
            erased.replace_page(house.store, original, kept, now=now)
        house.archive.delete(original)


def _redacted_pages(house: House, readers: Readers, pages: Sequence[RawPage], gone: Callable[[Comment], bool]) -> Pairs:
    pairs = []
    for page in pages:
        with suppress(ArchiveError):  # ended by retention, or damaged: nothing can be read there
            body = house.archive.get(page.sha256)
            new = _redacted(house, readers, page, body, gone)
            if new != body:
                pairs.append((page.sha256, house.archive.put(new) if new is not None else None))
    return tuple(pairs)


def _redacted(
    house: House, readers: Readers, page: RawPage, body: bytes, gone: Callable[[Comment], bool]
) -> bytes | None:
    """The page without the words of those who are gone; None where it can't be had without harm to what others said."""

    def read(data: bytes) -> Reading:
        source = next((s for s in house.settings.sources if s.id == page.source), None)
        own = (source.designs,) if source and source.designs else ()
        family = source.family if source else None
        return readers.read([Page(page.url or None, data, page.media_type)], family, page.source or "", *own)

    try:
        before = read(body)
    except Unreadable:
        return None
    spoken = [Spoken(c.key, c.author, c.author_url, c.text, gone(c)) for c in before.comments]
    spoken = [replace(s, gone=s.gone and redacted.erased_key(s.text) is None) for s in spoken]
    if not any(s.gone for s in spoken):
        return body
    try:
        new = redacted.redact(body, page.media_type, spoken, words_of(before))
        after = read(new)
    except (CannotRedact, Unreadable):
        return None
    return new if _others(before, spoken) == _others(after, ()) else None


def words_of(reading: Reading) -> list[str]:
    """An article's own words, which stay whoever shares a name with their writer."""
    return [
        words
        for a in reading.articles
        for words in (a.title, a.standfirst, *a.authors, a.author_bio, *a.paragraphs, *(s.text for s in a.subheads))
        if words
    ]


def _others(reading: Reading, spoken: Sequence[Spoken]) -> tuple[Any, ...]:
    """What must be the same before and after: the articles, and every comment of those who stay."""
    gone = {s.key for s in spoken if s.gone}
    left = [
        (c.author, c.posted, c.text)
        for c in reading.comments
        if c.key not in gone and redacted.erased_key(c.text) is None
    ]
    return tuple((a.title, a.paragraphs, a.published) for a in reading.articles), tuple(left)


def _settle_article(house: House, readers: Readers, key: str, done: Done, now: datetime) -> None:
    if key not in articles.find(house.store, [key]):  # withdrawn
        delete_pages(house, [key], done)
        return
    pages = erased.pages_of(house.store, key)
    there = [p for p in pages if house.archive.has(p.sha256)]
    done.pages_gone += len(pages) - len(there)

    def gone(comment: Comment) -> bool:
        # Read without the pages beside it, a page may name its article otherwise.
        known = replace(comment, key=comment_key(key, comment.posted, comment.text), article=key)
        source = next((p.source for p in pages), None)
        return bool(people.kept_out(house.store, [comment, known], source))

    pairs = _redacted_pages(house, readers, there, gone)
    replace_pages(house, pairs, now=now)
    done.pages_redacted += sum(kept is not None for _, kept in pairs)
    done.pages_deleted += sum(kept is None for _, kept in pairs)


def delete_pages(house: House, keys: Iterable[str], done: Done) -> None:
    """Raw pages of withdrawn articles go; one that carries another article too can't be cut and is named."""
    for key in keys:
        for page in erased.pages_of(house.store, key):
            if others := erased.articles_on(house.store, page.sha256):
                done.left.append(f"The page {page.url} also carries {len(others)} article(s) that stay; it was kept.")
            elif house.archive.delete(page.sha256):
                done.pages_deleted += 1


# ---------------------------------------------------------------- all that is noted


def settle(house: House, readers: Readers, *, now: datetime) -> Done:
    """Carry through what erasures have noted. Idempotent; what fails is told and stays noted."""
    done, noted = Done(), erased.unsettled(house.store)
    for original in erased.replaced_pages(house.store):
        house.archive.delete(original)  # a process was killed between the note and the file
    for key in noted.articles:
        _settle_article(house, readers, key, done, now)
        erased.settled(house.store, Unsettled(articles=(key,)), now=now)
    for name in noted.issues:
        issue = issues.find(house.store, name)
        if issue is not None and issue.digest is not None:
            _settle_issue(house, issue, issue.digest, done)
        erased.settled(house.store, Unsettled(issues=(name,)), now=now)
    if noted.issues and (why := shelving.shelve(house)):
        done.left.append(why)
    return done


def _settle_issue(house: House, issue: Issue, digest: Digest, done: Done) -> None:
    made = _printed(house.settings, issue, digest)
    for file in issue.files:
        path = Path(file.path)
        if not path.exists():
            continue
        new = made.get(file.kind)
        if new is None:
            path.unlink()
            erased.replace_file(house.store, issue.id, file.kind, None)
            done.left.append(f"{path} could not be printed anew and was deleted.")
            continue
        write_whole(path, new)
        erased.replace_file(house.store, issue.id, file.kind, hashlib.sha256(new).hexdigest(), len(new))
        done.files.append(str(path))
    for path in (house.output / "preview").glob("*") if (house.output / "preview").is_dir() else ():
        path.unlink()  # dry runs, which anybody can repeat
    done.messages += _settle_messages(house, issue, digest, made.get("pdf"))


def _printed(settings: Settings, issue: Issue, digest: Digest) -> dict[str, bytes]:
    """The issue's files, made again from the digest that has lost the words; a kind that fails is left out."""
    from cuttings import render
    from cuttings.edges.limited import Crashed, Exceeded, Limited

    template = next((e.template for e in settings.editions if e.id == issue.edition), None)
    crest = _crest(settings)
    made = {"html": render.html(digest, crest=crest, template=template).encode()}
    with suppress(Exceeded, Crashed), Limited(cpu_seconds=120, memory_mb=2000, wall_seconds=300) as worker:
        document = render.html(digest, medium="print", crest=crest, template=template)
        made["pdf"] = worker.run(render.pdf_from_html, document)
        if issue.file("large") is not None:
            document = render.html(digest, medium="print", crest=crest, large=True, template=template)
            made["large"] = worker.run(render.pdf_from_html, document)
    record = issue.file("json")
    if record is not None and Path(record.path).exists():
        data = json.loads(Path(record.path).read_text(encoding="utf-8"))
        data["digest"] = as_json(digest)
        made["json"] = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return made


def _crest(settings: Settings) -> str | None:
    from cuttings import render

    path, kinds = settings.council.crest, {".png": "image/png", ".svg": "image/svg+xml"}
    if path is None:
        return None
    with suppress(OSError, BadConfiguration):  # a crest that is gone since must not keep somebody's words in print
        return render.crest((place.HOME / path).read_bytes(), kinds.get(path.suffix.lower(), "image/jpeg"))
    return None


def _settle_messages(house: House, issue: Issue, digest: Digest, pdf: bytes | None) -> int:
    """Messages of the issue in the outbox folder: their words and the PDF in them, made anew; headers stay."""
    import email
    from email import policy

    from cuttings import render

    own, written = erased.message_ids(house.store, issue.id), 0
    unsubscribe = house.settings.delivery.unsubscribe or house.settings.council.contact_email
    template = next((e.template for e in house.settings.editions if e.id == issue.edition), None)
    letter = render.letter(digest, unsubscribe=f"mailto:{unsubscribe}?subject=unsubscribe", template=template)
    for path in sorted((house.output / "outbox").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.SMTP)
        if str(message["Message-ID"]).strip() not in own:
            continue
        for part in message.walk():
            kind = part.get_content_type()
            if kind == "text/plain":
                part.set_content(letter.text)
            elif kind == "text/html":
                part.set_content(letter.html, subtype="html")
            elif kind == "application/pdf":
                name = part.get_filename()
                data = pdf or b"%PDF-1.7\n% taken out\n"
                part.set_content(data, maintype="application", subtype="pdf", disposition="attachment", filename=name)
        write_whole(path, message.as_bytes())
        written += 1
    return written


# ---------------------------------------------------------------- looking whether anything is left


def prefect_database(settings: Settings) -> Path:
    from flows import prefect_home

    return prefect_home.folder(settings) / "prefect.db"


# Their rows are of no use once a run is over, so one that shows somebody's words can go.
_EXPENDABLE = ("log", "artifact", "artifact_collection")


def from_prefect(database: Path, shown: Callable[[str], bool], done: Done) -> None:
    """Delete records of Prefect that show a person; those that can't simply go are named."""
    if not database.exists():
        return
    try:
        with sqlite3.connect(database, timeout=30) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            for table, column in _columns(connection):
                rows = [row for row, text in _texts(connection, table, column) if shown(text)]
                if rows and table in _EXPENDABLE:
                    connection.executemany(f'DELETE FROM "{table}" WHERE rowid = ?', [(row,) for row in rows])
                    done.records += len(rows)
                elif rows:
                    done.left.append(
                        f"Prefect's database shows it too ({table}.{column}). It is disposable: stop `./run serve`, "
                        f"delete {database}, start it again."
                    )
        connection.close()
    except sqlite3.Error as error:
        done.left.append(f"{database} could not be looked through ({error}). Stop `./run serve` and delete it.")


def _columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [(t, row[1]) for t in tables for row in connection.execute(f'PRAGMA table_info("{t}")')]


def _texts(connection: sqlite3.Connection, table: str, column: str) -> Iterator[tuple[int, str]]:
    """The texts of a column, one at a time: weeks of logs and parameters are more than fits beside a run."""
    query = f'SELECT rowid, "{column}" FROM "{table}" WHERE typeof("{column}") = \'text\''
    with suppress(sqlite3.Error):  # one without rowid, or that is no table of rows at all
        for row, text in connection.execute(query):
            if len(text) > 2:
                yield row, text


def shown_by(texts: Sequence[str], names: Sequence[str]) -> Callable[[str], bool]:
    """Does a record show one of these texts (its beginning is enough), or a full name?"""
    starts = [t.strip()[:60] for t in texts if len(t.strip()) >= redacted.LONG]
    full = [n for n in names if " " in n.strip()]

    def shown(record: str) -> bool:
        if not any(mark in record for mark in "<&\\"):  # nothing stands between its letters: a quick look will do
            flat = seen.folded(record)
            if not any(seen.folded(s) in flat for s in (*starts, *full)):
                return False
        return any(redacted.holds(record, s) for s in starts) or any(
            redacted.holds(record, n, whole=True) for n in full
        )

    return shown


def remaining(house: House, shown: Callable[[str], bool]) -> list[str]:
    """Files that still show somebody, each with what to do: other people's words, an article, a log."""
    found = []
    for sha256 in house.archive.digests():
        with suppress(ArchiveError):
            if shown(house.archive.get(sha256).decode("utf-8", "replace")):
                found.append(f"the raw page {sha256[:12]}…: an article's or another reader's words name or quote them")
    folders = [house.output / "issues", house.output / "outbox", house.output / "prefect"]
    kinds = {".html", ".json", ".eml", ".log", ".txt", ".md"}
    paths = [p for folder in folders if folder.is_dir() for p in sorted(folder.rglob("*")) if p.suffix in kinds]
    # They were printed anew without the words: what is left is an author's name below a headline, or another's words.
    why = "an article, its author or another reader there has the name or quotes the words"
    found += [f"{p}: {why}" for p in paths if p.is_file() and shown(_readable(p))]
    return found


def _readable(path: Path) -> str:
    if path.suffix != ".eml":
        return path.read_text(encoding="utf-8", errors="replace")
    import email
    from email import policy

    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    parts = [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
    return "\n".join([str(message["Subject"]), *map(str, parts)])


# ---------------------------------------------------------------- a store that comes from a backup


def apply_ledger(store: Any, entries: Sequence[ledger.Entry], *, now: datetime, by: str = "restore") -> int:
    """Bring a restored store under the list of the forgotten; how many comments and articles lost their words."""
    reached = 0
    stopped.hold(store, entries)
    for entry in entries:
        if entry.kind == "person":
            reached += len(people.forget_hash(store, entry.value, by=by, now=now, source=entry.scope or None).comments)
        elif entry.kind == "comment":
            reached += len(people.forget_comments(store, [entry.value], by=by, now=now).comments)
        elif entry.kind == "article":
            reached += people.withdraw_article(store, entry.value, by=by, now=now)
        elif entry.kind == "source":
            reached += len(people.withdraw_source(store, entry.value, by=by, now=now))
    return reached


def bring_under(store: Any, now: datetime) -> int:
    """`apply_ledger` with the list that is here; the restored store's own suppressions join the list."""
    reached = apply_ledger(store, ledger.read(ledger_file()), now=now)
    in_ledger(store, now)
    return reached


def in_ledger(store: Any, now: datetime) -> None:
    """What the store knows and the list does not (it was lost, or is older than the store): suppressions and stops."""
    known = [s for s in suppressed.every(store) if s.kind not in ledger.READERS]
    ledger.add(ledger_file(), [ledger.Entry(s.kind, s.value, s.scope, now.isoformat()) for s in known])
    stopped.remember(store)
