"""One issue made: composed, rendered, checked, and its files put in their places. One maker of an edition at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from cuttings import digest as compose_digest
from cuttings import duplicates, periods, render, rulings
from cuttings.edges.archive import write_whole
from cuttings.edges.limited import KNOWN, Crashed, Exceeded, Limited
from cuttings.edges.store import holding, issues, judged, past_issues
from cuttings.edges.store import periods as stored
from cuttings.edges.store.issues import Change, Issue, IssueFile
from cuttings.model import Article, BadConfiguration, Digest, PastIssue, Ruling, Story, as_json
from cuttings.settings import Edition, Settings, Source
from flows import place
from flows.house import House
from flows.progress import say
from flows.wrapped import Wrapped

A_YEAR = timedelta(days=366)  # what is less than a year old is no archive
FURTHER_BACK, ENOUGH_ARCHIVE = (timedelta(days=60), timedelta(days=730)), 40
FITTINGS, SHORTER = 14, 0.96  # how often an issue of too many pages is made shorter, and by how much each time


class NotFitToSend(Exception):
    """The checks before sending found faults; the message names them. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class File:
    kind: str
    path: Path
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Made:
    digest: Digest
    stories: tuple[Story, ...]
    files: tuple[File, ...] = ()

    @property
    def described(self) -> tuple[IssueFile, ...]:
        return tuple(IssueFile(f.kind, str(f.path), f.sha256, len(f.data)) for f in self.files)


@contextmanager
def alone(house: House, edition: str) -> Iterator[None]:
    """Whoever comes second waits, and then finds the issue made: two runs at once must not render it twice.

    Goes with its process, so a killed run keeps nobody waiting; and holds on every machine that shares the store.
    """
    folder = house.output / "issues" / edition
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotFitToSend(f"{folder} can't be written: {error.strerror}. Nothing was made or sent.") from error
    with holding.held(house.store, f"publish {edition}", wait=True):
        yield


def made(
    wrapped: Wrapped[House],
    edition: Edition,
    issue: Issue,
    now: datetime,
    *,
    change: Change | None = None,
    correction: tuple[str, str, datetime] | None = None,
) -> Made:
    """An issue composed and rendered, or, where its period is empty, composed alone.

    `change`: rulings that are not in the store yet; `correction`: (what was wrong, who says so, when the first one was
    sent). Raises NotFitToSend.
    """
    for tries_left in reversed(range(FITTINGS)):
        digest, stories = compose(wrapped, edition, Wrapped(issue), now, change).value
        if digest.empty:
            return Made(digest, stories)
        if correction is not None:
            digest = compose_digest.corrected(digest, *correction)
        alone = len(digest.items) == 1
        if alone or not tries_left or not render.hopeless(digest):
            files, digest = render_issue(wrapped, edition, Wrapped(issue), Wrapped((digest, stories))).value
            if alone or not any(_overlong(digest, file) for file in files):
                break
        # Many short items fill more pages than their words suggest: fewer words go on fewer pages. Older pieces go
        # before any news does.
        news = compose_digest.words_of_news(digest)
        fewer = news if digest.archive else int(min(edition.budget_words, digest.words) * SHORTER)
        edition = edition.model_copy(update={"budget_words": fewer})
    say(f"checking {issue.id}: {', '.join(file.kind for file in files)}")
    check(digest, files, stories, wrapped.value.settings.sources)
    return Made(digest, stories, files)


def _overlong(digest: Digest, file: File) -> bool:
    return file.kind in ("pdf", "large") and render.overlong(digest, file.data, large=file.kind == "large")


# ---------------------------------------------------------------- compose


@task(name="compose", cache_policy=NO_CACHE)
def compose(
    wrapped: Wrapped[House], edition: Edition, held: Wrapped[Issue], now: datetime, change: Change | None = None
) -> Wrapped[tuple[Digest, tuple[Story, ...]]]:
    """Choose, order, quote and count: the digest, and the stories of its period and of the archive it was made of."""
    house, issue = wrapped.value, held.value
    settings, store = house.settings, house.store
    stories = _stories(house, (issue.start, issue.end), now)
    edited = _edited(house, issue, now, stories)
    archive = _archive(house, edition, issue, now) if edition.audience == "managers" else ()
    keys = [story.key for story in (*stories, *edited)]
    say(f"composing {issue.id} from {len(keys)} stories")
    digest = compose_digest.compose(
        stories,
        edition=edition,
        period=(issue.start, issue.end),
        number=issue.number,
        council=settings.council,
        themes=settings.themes,
        sources={source.id: source for source in settings.sources},
        audit=stored.audit(store, _since(house, edition, issue), now + timedelta(seconds=1)),
        now=now,
        history=_history(house, edition, issue),
        printed_before=past_issues.where_printed(
            house.store, edition.id, keys, before=issue.start, number=issue.number
        ),
        struck_before=past_issues.struck(house.store, edition.id, keys, number=issue.number),
        rulings=_rulings(house, issue, (*stories, *edited, *archive), change),
        issue=issue.id,
        archive=archive,
        edited=edited,
        pre_election=settings.council.in_pre_election(now, house.clock()),  # composed before it, corrected in it
    )
    printed = {item.story for item in digest.archive}
    return Wrapped((digest, (*stories, *edited, *(story for story in archive if story.key in printed))))


def stories_of(house: House, issue: Issue, now: datetime) -> tuple[Story, ...]:
    """All that an issue may print, its archive aside: what was published in its days, and what was edited in them."""
    stories = _stories(house, (issue.start, issue.end), now)
    return (*stories, *_edited(house, issue, now, stories))


def _edited(house: House, issue: Issue, now: datetime, stories: Sequence[Story]) -> tuple[Story, ...]:
    """What an earlier issue printed and its publisher changed in this one's days."""
    start, after = periods.moments((issue.start, issue.end), house.settings.council.timezone)
    known = {story.key for story in stories}
    keys = [key for key in stored.edited(house.store, start, after, now=now) if key not in known]
    had = past_issues.where_printed(house.store, issue.edition, keys, before=issue.start, number=issue.number)
    return stored.told(house.store, had, now=now, order=_order(house))


def _stories(house: House, days: periods.Days, now: datetime, *, archive: bool = False) -> tuple[Story, ...]:
    start, after = periods.moments(days, house.settings.council.timezone)
    return stored.stories(house.store, start, after, now=now, archive=archive, order=_order(house))


def _order(house: House) -> stored.Order:
    # Original publishers go before those who copy from them; the configuration's order of sources says who is who.
    rank = {source.id: n for n, source in enumerate(house.settings.sources)}
    return lambda copies: duplicates.canonical_first(copies, lambda s: rank.get(s or "", len(rank)))


def _archive(house: House, edition: Edition, issue: Issue, now: datetime) -> tuple[Story, ...]:
    """What was there a year before the period: the same days; where they held little, the weeks before them as well.

    A few headlines are wanted out of it: of a store that holds 400 articles a week one week is read, of a small one
    more. What an issue has had doesn't come back, nor what an editor once struck.
    """
    end = issue.end - A_YEAR
    found: tuple[Story, ...] = ()
    for back in (issue.end - issue.start, *FURTHER_BACK):
        found = _stories(house, (end - back, end), now, archive=True)
        if len(found) >= ENOUGH_ARCHIVE:
            break
    had = past_issues.had(
        house.store, edition.id, (story.key for story in found), before=issue.start, number=issue.number
    )
    return tuple(story for story in found if story.key not in had)


def _since(house: House, edition: Edition, issue: Issue) -> datetime:
    """The audit of an issue tells what was collected since the one before was begun; of the first, everything. One that
    was never sent tells nobody."""
    begun = past_issues.last_begun(house.store, edition.id, before=issue.start, number=issue.number)
    return begun or datetime(1970, 1, 1, tzinfo=UTC)


def _history(house: House, edition: Edition, issue: Issue) -> Sequence[PastIssue]:
    return past_issues.past(house.store, edition.id, before=issue.start, number=issue.number)


def _rulings(house: House, issue: Issue, stories: Sequence[Story], change: Change | None) -> Sequence[Ruling]:
    subjects = [rulings.story(s.key) for s in stories]
    subjects += [rulings.article(a.article.key) for s in stories for a in s.articles]
    general = [r for found in judged.rulings_on(house.store, subjects).values() for r in found]
    return [*general, *on_items(house, issue, change)]


def on_items(house: House, issue: Issue, change: Change | None = None) -> tuple[Ruling, ...]:
    """The rulings on single items, those of the issue's earlier revisions with them: a correction keeps them."""
    held: list[Ruling] = []
    for earlier in (*issues.earlier_revisions(house.store, issue), issue):
        for number, ruling in issues.rulings_on_items(house.store, earlier.id):
            if change is None or number not in change.undone:
                subject = rulings.item(issue.id, ruling.subject.rpartition("/")[2])
                held.append(replace(ruling, subject=subject))
    return (*held, *(change.rulings if change else ()))


# ---------------------------------------------------------------- render and check


@task(name="render", cache_policy=NO_CACHE)
def render_issue(
    wrapped: Wrapped[House], edition: Edition, held: Wrapped[Issue], composed: Wrapped[tuple[Digest, tuple[Story, ...]]]
) -> Wrapped[tuple[tuple[File, ...], Digest]]:
    """The issue as PDF, HTML and JSON, not yet on disk, and the digest they were made of.

    The PDF is made in a process that can be killed. An item that can't be laid out costs itself: it is shown by its
    link alone, and the audit note says so.
    """
    house, issue = wrapped.value, held.value
    digest, stories = composed.value
    say(f"rendering {issue.id}: {len(digest.items)} items, {digest.words} words")
    crest = _crest(house.settings)
    # An item whose layout never ends costs one such limit, so an ordinary issue is late by less than 20 seconds.
    with Limited(cpu_seconds=12 + len(digest.items) / 4, memory_mb=2000, wall_seconds=300) as worker:

        def printed(digest: Digest, *, large: bool) -> bytes:
            page = render.html(digest, medium="print", crest=crest, large=large, template=edition.template)
            return worker.run(render.pdf_from_html, page)

        def made(digest: Digest) -> tuple[str, bytes, bytes | None]:
            twin = render.html(digest, crest=crest, template=edition.template)
            large = printed(digest, large=True) if edition.large_print else None
            return twin, printed(digest, large=False), large

        (twin, pdf, large), digest, _ = render.rescue(digest, made, (Exceeded, Crashed, *KNOWN))
    folder = house.output / "issues" / edition.id / issue.id
    if issue.digest is not None and not issue.digest.empty:
        # A proof on its way names its own files: they must not change under it.
        folder /= f"proof-{issues.proof(house.store, issue.id) + 1}"
    name = partial(render.attachment, digest)
    record = {"issue": issue.id, "digest": as_json(digest), "stories": _printed(digest, stories)}
    data = json.dumps(record, ensure_ascii=False, indent=1).encode()
    files = [
        File("pdf", folder / name("pdf"), pdf),
        File("html", folder / name("html"), twin.encode()),
        File("json", folder / name("json"), data),
    ]
    if large is not None:
        plain = folder / name("pdf")
        files.insert(1, File("large", plain.with_name(f"{plain.stem}-large-print.pdf"), large))
    return Wrapped((tuple(files), digest))


def _crest(settings: Settings) -> str | None:
    """The council's crest as a data: address. Raises BadConfiguration where the file can't be used."""
    path = settings.council.crest
    if path is None:
        return None
    kind = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}.get(
        path.suffix.lower()
    )
    if kind is None:
        raise BadConfiguration(f"council.toml, key 'crest': {path} is no PNG, JPEG or SVG file.")
    try:
        return render.crest((place.HOME / path).read_bytes(), kind)
    except OSError as error:
        raise BadConfiguration(f"council.toml, key 'crest': {path} can't be read: {error.strerror}.") from error


def _printed(digest: Digest, stories: Sequence[Story]) -> list[dict[str, object]]:
    """The stories that are in the issue. What an editor struck, or an election keeps out, is told to nobody by the data
    file either; how many stories were left out, and why, stands in the digest."""
    printed = {item.story for item in digest.items}
    return [_story_record(story) for story in stories if story.key in printed]


def _story_record(story: Story) -> dict[str, object]:
    """What a story was made of, for whoever works with the issue's data; no comment's words or names."""
    return {
        "story": story.key,
        "articles": [
            {"key": a.article.key, "url": a.article.url, "source": a.article.source, "title": a.article.title,
             "published": a.article.published, "labels": as_json(a.labels)}
            for a in story.articles
        ],
        "comments_kept": len(story.kept_comments),
    }  # fmt: skip


def check(digest: Digest, files: Sequence[File], stories: Sequence[Story], sources: Iterable[Source]) -> None:
    """The gate: an issue with a fault is not sent, and says why."""
    by_kind = {f.kind: f.data for f in files}
    texts: dict[str, Article] = {a.article.key: a.article for s in stories for a in s.articles}
    known = {source.id: source for source in sources}
    twin = by_kind["html"].decode()
    faults = render.check(digest, twin, by_kind["pdf"], texts, sources=known, stories=stories)
    if not faults and "large" in by_kind:
        found = render.check(digest, twin, by_kind["large"], texts, sources=known, stories=stories, large=True)
        faults = tuple(f"In large print: {fault}" for fault in found)
    if faults:
        raise NotFitToSend(f"{digest.title.text} was not sent: {' '.join(faults)}")


# ---------------------------------------------------------------- files


def put_aside(files: Sequence[File]) -> None:
    """Write the files under names of their own, beside their places: all of them or none. Raises NotFitToSend."""
    for folder in {file.path.parent for file in files}:
        # Of a run that was killed before the store took its files: nobody will ask for them.
        _clear(folder.glob(".*.part"))
    try:
        for file in files:
            write(_aside(file.path, file.sha256), file.data)
    except NotFitToSend:
        clear_aside(files)
        raise


def write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise NotFitToSend(f"{path} can't be written: {error.strerror}. Nothing was sent.") from error


def _aside(path: Path, sha256: str) -> Path:
    return path.with_name(f".{path.name}.{sha256[:16]}.part")


def put_in_place(issue: Issue) -> bool:
    """Bring the files that the store took into their places; False where one of them is neither there nor aside.

    May be done again: a run killed between the store's word and this leaves them aside.
    """
    for file in issue.files:
        path = Path(file.path)
        try:
            _aside(path, file.sha256).replace(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise NotFitToSend(f"{path} can't be written: {error.strerror}. Nothing was sent.") from error
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            return False
    return True


def clear_aside(files: Sequence[File]) -> None:
    """They are not wanted: the disk is full, or the store took somebody else's."""
    _clear(_aside(file.path, file.sha256) for file in files)


def _clear(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):  # a disk that has become read-only; what is left is cleared by the next run
            path.unlink()
