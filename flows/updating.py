"""What `./run update` asks of the program before and after: a backup, and a self-check. The script does the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cuttings.model import Article, Audit, Digest, Label, Labels, StoredArticle, Story
from cuttings.settings import Edition, Settings
from flows import place, prefect_home

if TYPE_CHECKING:
    from cuttings.edges.store import Store

BEFORE, BACKUP = "before.json", "backup"
HEADLINE = "Sample day centre opens"


class CannotUpdate(Exception):
    """Not now, or not with this version: the message says why and what to do."""


def begin(folder: Path, now: datetime) -> Path | None:
    """Make the backup an update can go back to, and note what was wrong already; its path, None without a store.

    Raises CannotUpdate while something runs: a run that writes between the backup and the way back would be lost.
    """
    from cuttings.edges.store.stats import schema_at
    from flows import doctor
    from flows.house import database

    settings = place.settings()
    _nothing_runs(settings)
    faults = [f.says for f in doctor.examine(settings, now=now, online=False) if f.mark == "fault"]
    (folder / BEFORE).write_text(json.dumps(faults, ensure_ascii=False), encoding="utf-8")
    address = database(settings)
    if schema_at(address) is None:
        return None
    target = place.output_folder(settings) / "backups" / f"before-update-{now:%Y-%m-%d-%H%M%S}.tar"
    _back_up(target, now)
    (folder / BACKUP).write_text(f"{target}\n", encoding="utf-8")
    return target


def _nothing_runs(settings: Settings) -> None:
    path = prefect_home.auth_file()
    if prefect_home.answers(prefect_home.api_url(settings), path.read_text().strip() if path.exists() else None):
        raise CannotUpdate(
            "Cuttings is running. Stop it first (Ctrl-C, or: systemctl stop cuttings), update, and start it again."
        )


def _back_up(target: Path, now: datetime) -> None:
    from cuttings.edges import backup, restoring
    from cuttings.edges.store import runs
    from flows.house import open_house

    with open_house() as house:
        for run in runs.latest(house.store):
            alive = run.state == "running" and now - run.beat < runs.STALE
            if alive:
                raise CannotUpdate(f"A run is at work ('{run.kind}'). Wait for its end, then update.")
        noted = {}
        if house.store.engine.dialect.name == "postgresql":
            # So that the way back takes away what the new version makes, and nothing of anybody else's. In this backup
            # alone: an old list in a later one would name as ours what somebody else has made since.
            with house.store.reading() as connection:
                noted[restoring.STRANGERS] = restoring.strangers(connection)
        issues = house.output / "issues"
        backup.make(house.store, house.archive, issues, place.local_folder(), target, now=now, noted=noted)
        runs.mark(house.store, "backup", now.isoformat(), now=now)


def check(folder: Path, now: datetime) -> tuple[str, ...]:
    """What is wrong with this version here; none means that it may stay. The store is brought to its schema."""
    from flows import doctor
    from flows.house import database, open_house

    settings = place.settings()
    database_is_there = (folder / BACKUP).exists() or Path(str(database(settings))).exists()
    if database_is_there:
        with open_house() as house:
            _readable(house.store)
    known = json.loads((folder / BEFORE).read_text(encoding="utf-8")) if (folder / BEFORE).exists() else []
    found = [f"{f.part}: {f.says}" for f in doctor.examine(settings, now=now, online=False)
             if f.mark == "fault" and f.says not in known]  # fmt: skip
    return (*found, *_printed(settings, now))


def _readable(store: Store) -> None:
    """Every table can be counted, and the latest issues be read back."""
    from cuttings.edges.store import issues, stats

    stats.rows(store)
    issues.latest(store, most=5)


def _printed(settings: Settings, now: datetime) -> Iterator[str]:
    """A made-up issue of each edition, composed, laid out and checked as a real one."""
    from cuttings import render

    for edition in settings.editions:
        digest = sample(settings, edition, now)
        twin = render.html(digest, template=edition.template)
        pdf = render.pdf_from_html(render.html(digest, medium="print", template=edition.template))
        yield from (f"a sample issue of {edition.id}: {fault}" for fault in render.check(digest, twin, pdf))


def sample(settings: Settings, edition: Edition, now: datetime) -> Digest:
    from cuttings import digest, periods

    start, end = periods.last_whole(edition.period, now.date())
    paragraphs = (
        "A sample council has opened a sample day centre, and forty people came on its first morning.",
        "The centre is open on five days a week. It costs nothing to those who come, the council says.",
    )
    article = Article(
        "sample", "https://sample.example/centre", "sample", HEADLINE, language="en",
        published=end.isoformat(), precision="day", paragraphs=paragraphs,
    )  # fmt: skip
    theme = next((t for t in edition.themes), settings.themes[0].id if settings.themes else None)
    labels = Labels(theme, (Label(theme, 1.0, ()),)) if theme else Labels(None, ())
    stored = StoredArticle(article, now - timedelta(hours=1), 1, labels, "sample")
    return digest.compose(
        (Story("sample", (stored,)),),
        edition=edition,
        period=(start, end),
        number=1,
        council=settings.council,
        themes=settings.themes,
        sources={},
        audit=Audit(sources=("Sample",), pages_in=1, pages_read=1, articles=1, stories=1),
        now=now,
    )
