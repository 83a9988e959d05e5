"""The flow `publish`: load -> compose -> render -> check -> awaiting approval, or into the outbox.

Asked twice for one edition and period it finds the issue it made and makes no second one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from cuttings import digest as compose_digest
from cuttings import duplicates, periods, render, rulings
from cuttings.edges.archive import write_whole
from cuttings.edges.limited import Crashed, Exceeded, Limited
from cuttings.edges.store import StoreError, issues, judged, outbox, recipients
from cuttings.edges.store import periods as stored
from cuttings.edges.store.issues import Issue, IssueFile
from cuttings.model import Article, BadConfiguration, Digest, Notice, PastIssue, Ruling, Story, as_json
from cuttings.settings import Edition, Settings
from flows import letters, place
from flows.deliver import deliver
from flows.house import House, open_house
from flows.wrapped import Wrapped

ANSWER_DAYS = 7  # an issue that waits so long for its approval is not sent
State = Literal["published", "awaiting approval", "empty", "there already", "preview"]


class NotFitToSend(Exception):
    """The checks before sending found faults; the message names them. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one publish: the issue, where its files are, how many messages it has in the outbox."""

    state: State
    issue: str | None
    title: str
    files: tuple[str, ...] = ()
    messages: int = 0
    digest: Digest | None = None


def _run_name() -> str:
    given = flow_run.parameters
    dry = " (dry run)" if given.get("dry_run") else ""
    return f"publish {given.get('edition')} {given.get('period') or 'latest'}{dry}"


@flow(name="publish", flow_run_name=_run_name)
def publish(edition: str, period: str | None = None, dry_run: bool = False) -> Published:
    """Make one issue of an edition and hand it to delivery.

    Args:
        edition: id of the edition, as in editions.toml: managers, members, ….
        period: a week (2026-W44), a month (2026-10) or two days (2026-10-26..2026-11-01). Empty: the last whole one.
        dry_run: make the PDF and the HTML in output/preview, keep nothing, send nothing.
    """
    with open_house() as house:
        chosen = house.settings.edition(edition)
        now = house.clock()
        days = _days(chosen, period, now, house.settings)
        if dry_run:
            return _preview(Wrapped(house), chosen, days, now)
        recipients.take_in(house.store, chosen.id, chosen.recipients, now=now)
        issue, _ = issues.begin(house.store, chosen.id, *days, now=now)
        published = _made(house, chosen, issue, now)
    _show(published)
    if published.messages:
        deliver()
    return published


def _made(house: House, edition: Edition, issue: Issue, now: datetime) -> Published:
    """What is still to be done for an issue, done: a run that was killed half-way is taken up where it ended."""
    if issue.state == "composed":
        return _hand_over(house, edition, issue, now)
    if issue.state == "awaiting approval":
        letters.send_proof(house, issue, now)  # once only, however often; a killed run may not have got that far
    if issue.state not in ("begun", "empty"):
        return _there_already(house, issue)
    wrapped = Wrapped(house)
    digest, stories = compose(wrapped, edition, issue, now)
    if digest.empty:
        return _nothing(house, edition, issue, digest, now)
    files, digest = render_issue(wrapped, edition, issue, digest, stories)
    try:
        _check(digest, files, stories)
    except NotFitToSend as error:
        notice = Notice("contact", f"{digest.name}: not sent", (str(error), "Nothing was sent to its readers."))
        letters.send_notice(house, issue.id, notice, letters.officer(house), now, about="faults")
        raise
    try:
        issue = issues.save(house.store, issue.id, digest, _described(files), now=now)
    except StoreError:
        # Another run for the same period was quicker, and its issue has left: that one is the issue.
        return _there_already(house, issues.find(house.store, issue.id) or issue)
    return _hand_over(house, edition, issue, now)


def _days(edition: Edition, period: str | None, now: datetime, settings: Settings) -> periods.Days:
    if period:
        return periods.parse(period)
    return periods.last_whole(edition.period, now.astimezone(ZoneInfo(settings.council.timezone)).date())


def _there_already(house: House, issue: Issue) -> Published:
    counts = outbox.counts(house.store, issue.id, "edition")
    title = issue.digest.title.text if issue.digest else issue.id
    return Published("there already", issue.id, title, tuple(f.path for f in issue.files), sum(counts.values()))


# ---------------------------------------------------------------- compose


@task(name="compose", cache_policy=NO_CACHE)
def compose(wrapped: Wrapped[House], edition: Edition, issue: Issue, now: datetime) -> tuple[Digest, tuple[Story, ...]]:
    """Choose, order, quote and count: the stories of the period, and the digest made of them."""
    house = wrapped.value
    settings, store = house.settings, house.store
    start, after = periods.moments((issue.start, issue.end), settings.council.timezone)
    # Original publishers go before those who copy from them; the configuration's order of sources says who is who.
    rank = {source.id: n for n, source in enumerate(settings.sources)}
    stories = stored.stories(
        store, start, after, now=now,
        order=lambda copies: duplicates.canonical_first(copies, lambda s: rank.get(s or "", len(rank))),
    )  # fmt: skip
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
        rulings=_rulings(house, issue, stories),
        issue=issue.id,
    )
    return digest, stories


def _since(house: House, edition: Edition, issue: Issue) -> datetime:
    """The audit of an issue tells what was collected since the one before was made; of the first, everything."""
    earlier = [i.begun for i in issues.latest(house.store, edition=edition.id) if i.end < issue.start]
    return max(earlier, default=datetime(1970, 1, 1, tzinfo=UTC))


def _history(house: House, edition: Edition, issue: Issue) -> Sequence[PastIssue]:
    return issues.past(house.store, edition.id, before=issue.start)


def _rulings(house: House, issue: Issue, stories: Sequence[Story]) -> Sequence[Ruling]:
    subjects = [rulings.story(s.key) for s in stories] + [rulings.item(issue.id, s.key) for s in stories]
    subjects += [rulings.article(a.article.key) for s in stories for a in s.articles]
    return [r for found in judged.rulings_on(house.store, subjects).values() for r in found]


# ---------------------------------------------------------------- render and check


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    path: Path
    data: bytes


@task(name="render", cache_policy=NO_CACHE)
def render_issue(
    wrapped: Wrapped[House], edition: Edition, issue: Issue, digest: Digest, stories: Sequence[Story]
) -> tuple[tuple[_File, ...], Digest]:
    """The issue as PDF, HTML and JSON, not yet on disk, and the digest they were made of.

    The PDF is made in a process that can be killed. An item that can't be laid out costs itself: it is shown by its
    link alone, and the audit note says so.
    """
    house = wrapped.value
    crest = _crest(house.settings)
    with Limited(cpu_seconds=120, memory_mb=2000, wall_seconds=300) as worker:

        def made(digest: Digest) -> tuple[str, bytes]:
            printed = render.html(digest, medium="print", crest=crest, template=edition.template)
            return render.html(digest, crest=crest, template=edition.template), worker.run(
                render.pdf_from_html, printed
            )

        (twin, pdf), digest, _ = render.rescue(digest, made, (Exceeded, Crashed))
    folder = house.output / "issues" / edition.id / issue.id
    name = partial(render.attachment, digest)
    record = {"issue": issue.id, "digest": as_json(digest), "stories": [_story_record(s) for s in stories]}
    data = json.dumps(record, ensure_ascii=False, indent=1).encode()
    files = (
        _File("pdf", folder / name("pdf"), pdf),
        _File("html", folder / name("html"), twin.encode()),
        _File("json", folder / name("json"), data),
    )
    return files, digest


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


def _check(digest: Digest, files: Sequence[_File], stories: Sequence[Story]) -> None:
    """The gate: an issue with a fault is not sent, and says why."""
    by_kind = {f.kind: f.data for f in files}
    texts: dict[str, Article] = {a.article.key: a.article for s in stories for a in s.articles}
    faults = render.check(digest, by_kind["html"].decode(), by_kind["pdf"], texts)
    if faults:
        raise NotFitToSend(f"{digest.title.text} was not sent: {' '.join(faults)}")
    for file in files:
        try:
            write_whole(file.path, file.data)
        except OSError as error:
            raise NotFitToSend(f"{file.path} can't be written: {error.strerror}. Nothing was sent.") from error


def _described(files: Sequence[_File]) -> tuple[IssueFile, ...]:
    return tuple(IssueFile(f.kind, str(f.path), hashlib.sha256(f.data).hexdigest(), len(f.data)) for f in files)


def _preview(wrapped: Wrapped[House], edition: Edition, days: periods.Days, now: datetime) -> Published:
    house = wrapped.value
    there = issues.of_period(house.store, edition.id, *days)
    number = there.number if there else len(issues.latest(house.store, edition=edition.id, most=10_000)) + 1
    issue = there or Issue(f"preview-{edition.id}", edition.id, *days, 1, number, "begun", now, now)
    digest, stories = compose(wrapped, edition, issue, now)
    if digest.empty:
        return Published("empty", None, digest.title.text, digest=digest)
    files, digest = render_issue(wrapped, edition, issue, digest, stories)
    files = tuple(replace(f, path=house.output / "preview" / f.path.name) for f in files)
    _check(digest, files, stories)
    return Published("preview", None, digest.title.text, tuple(str(f.path) for f in files), digest=digest)


# ---------------------------------------------------------------- hand over


def _hand_over(house: House, edition: Edition, issue: Issue, now: datetime) -> Published:
    assert issue.digest is not None
    published = Published(
        "published", issue.id, issue.digest.title.text, tuple(f.path for f in issue.files), digest=issue.digest
    )
    if edition.approval:
        expires = now + timedelta(days=ANSWER_DAYS)
        issues.move(house.store, issue.id, "awaiting approval", now=now, by="publish", proved=True, expires=expires)
        messages = letters.send_proof(house, replace(issue, expires=expires), now)
        return replace(published, state="awaiting approval", messages=messages)
    why = f"the edition '{edition.id}' is sent without approval (editions.toml)"
    messages = letters.release(house, issue.id, by="the configuration", proved=True, reason=why, now=now)
    return replace(published, messages=messages)


def _nothing(house: House, edition: Edition, issue: Issue, digest: Digest, now: datetime) -> Published:
    """An empty period: no issue. The contact officer is told why; readers only where the edition says so."""
    issues.save(house.store, issue.id, digest, (), now=now)
    notice = compose_digest.officer_notice(digest)
    messages = letters.send_notice(house, issue.id, notice, letters.officer(house), now)
    for_readers = compose_digest.readers_notice(digest, edition)
    if for_readers is not None:
        messages += letters.send_notice(house, issue.id, for_readers, letters.readers(house, edition.id), now)
    return Published("empty", issue.id, digest.title.text, messages=messages, digest=digest)


def _show(published: Published) -> None:
    lines = [f"# {published.title}", "", f"State: **{published.state}**, {published.messages} messages."]
    lines += ["", *(f"- `{path}`" for path in published.files)]
    create_markdown_artifact("\n".join(lines), key="issue", description=published.title)
