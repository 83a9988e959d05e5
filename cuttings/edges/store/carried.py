"""What a restore may not forget: what has left the house since the backup was made.

A backup of Sunday knows nothing of Monday's issue. Where the store that it replaces can be read, issues, messages and
readers are carried over from that one. Where it can't, nobody here knows what has been sent: then nothing that may have
left leaves by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, delete, func, insert, select, update

from cuttings.edges.store.connect import Store, add_new, begins_with, chunks, put
from cuttings.edges.store.issues import Issue
from cuttings.edges.store.stops import BOUNCED
from cuttings.edges.store.tables import (
    article_bands,
    article_versions,
    articles,
    bylines,
    issue_files,
    issue_items,
    issue_log,
    issues,
    labels,
    letters,
    mail_suppressions,
    marks,
    memberships,
    outbox,
    recipients,
    rulings,
    runs,
    stories,
    usage,
)

CAUTION = "restored"  # the mark: what ended before this moment may have been sent, and nobody here knows
_WAITS = issues.c.state.in_(("awaiting approval", "held"))
PUBLISHED = "published "  # marks: how far each edition has come
BY = "restore"
ANSWER_DAYS = 7.0  # for an edition that the settings no longer have
UNCERTAIN = "it may have been sent since the backup was made, and is not sent again by itself"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was not known after a restore: messages that are listed as ambiguous, issues whose editor is asked again."""

    messages: int
    waiting: int


def continues(old: Connection, new: Connection) -> bool:
    """Is the store `old` what became of the one that the backup `new` was made of?

    A store begun anew on an empty disk, or another one altogether, lacks the backup's latest run.
    """
    latest = new.execute(select(runs.c.id, runs.c.kind, runs.c.started).order_by(runs.c.id.desc()).limit(1)).first()
    if latest is None:
        return False
    same = (runs.c.id == latest.id) & (runs.c.kind == latest.kind) & (runs.c.started == latest.started)
    return old.execute(select(runs.c.id).where(same)).first() is not None


def in_doubt_since(connection: Connection, made: datetime) -> bool:
    """Was a backup restored in this store, after that moment, without knowing what had been sent?"""
    since = _caution(connection)
    return since is not None and since > made


def moment(connection: Connection) -> tuple[Any, ...]:
    """Another answer than before: something was sent, decided or stopped meanwhile."""
    known = (
        (outbox, outbox.c.updated),
        (issues, issues.c.updated),
        (mail_suppressions, mail_suppressions.c.at),
        (recipients, recipients.c.added),
        (recipients, recipients.c.removed),
    )
    latest = [connection.execute(select(func.count(), func.max(column)).select_from(table)) for table, column in known]
    return tuple(value for found in latest for value in found.one())


# ---------------------------------------------------------------- the old store is known


def take_over(old: Connection, new: Connection, *, unsure: bool) -> None:
    """Issues with all that belongs to them, messages, the usage log and the readers, as the old store has them.

    What both know is as the old one has it; what only the backup knows stays, but for stops: their reader was allowed
    mail again, unless the old store is `unsure` of what followed the backup.
    """
    names = [row.id for row in old.execute(select(issues.c.id))]
    _printed_articles(old, new)
    for table in (issue_log, issue_items, issue_files):
        _clear(new, table.c.issue, names)
    _clear(new, issues.c.id, names)
    _copy(old, new, issues, run=None)  # the runs of then are not carried over
    for table in (issue_files, issue_items, issue_log):
        _copy(old, new, table)
    _rulings_on_items(old, new, names)
    for table in (outbox, letters, usage):
        _clear(new, table.c.issue, old.execute(select(table.c.issue).distinct()).scalars())
        _copy(old, new, table)
    _readers(old, new)
    _stops(old, new, unsure=unsure)
    for row in old.execute(select(marks)):
        if row.name.startswith(PUBLISHED) or row.name == CAUTION:
            put(new, marks, dict(row._mapping))


def _clear(new: Connection, column: Column[Any], names: Iterable[str]) -> None:
    for part in chunks(names):
        new.execute(delete(column.table).where(column.in_(part)))


def _copy(old: Connection, new: Connection, table: Table, which: Any = None, **changed: Any) -> None:
    """Rows as they are; those with a number get a new one, as theirs may be another's here."""
    columns = [column for column in table.c if column.autoincrement is not True]
    query = select(*columns).order_by(*table.primary_key)
    found = old.execute(query if which is None else query.where(which))
    for part in found.partitions(500):
        new.execute(insert(table), [dict(row._mapping) | changed for row in part])


def _printed_articles(old: Connection, new: Connection) -> None:
    """Articles that an issue printed and the backup has not: the issue's items name them, and what came before."""
    printed = set(old.execute(select(issue_items.c.article)).scalars())
    missing = printed - set(new.execute(select(articles.c.key)).scalars())
    belongs = old.execute(select(issue_items.c.story)).scalars()
    wanted = {*belongs, *_of(old, articles.c.story, articles.c.key, missing)}
    wanted |= _of(old, memberships.c.story, memberships.c.article, missing)
    there = set(new.execute(select(stories.c.key)).scalars())
    new_stories: dict[str, dict[str, Any]] = {}
    while wanted := wanted - there - {*new_stories}:
        rows = [r for part in chunks(wanted) for r in old.execute(select(stories).where(stories.c.key.in_(part)))]
        new_stories |= {row.key: dict(row._mapping) for row in rows}
        wanted = {row.merged_into for row in rows if row.merged_into}
    if new_stories:
        new.execute(insert(stories), [row | {"merged_into": None} for row in new_stories.values()])
    for key, row in new_stories.items():
        new.execute(update(stories).where(stories.c.key == key).values(merged_into=row["merged_into"]))
    for part in chunks(missing):
        for table, column in (
            (articles, articles.c.key),
            (article_versions, article_versions.c.article),
            (article_bands, article_bands.c.article),
            (memberships, memberships.c.article),
            (bylines, bylines.c.article),
        ):
            _copy(old, new, table, column.in_(part))
        _copy(old, new, labels, labels.c.subject.in_([f"article:{key}" for key in part]))


def _of(connection: Connection, wanted: Column[Any], column: Column[Any], keys: Iterable[str]) -> set[str]:
    parts = (connection.execute(select(wanted).where(column.in_(part))).scalars() for part in chunks(keys))
    return {found for part in parts for found in part}


def _rulings_on_items(old: Connection, new: Connection, names: Iterable[str]) -> None:
    """What editors struck, pinned and wrote: an issue that waits is made anew with it."""
    known = {*names}

    def here(connection: Connection) -> list[int]:
        on_an_item = begins_with(connection, rulings.c.subject, "item:")
        rows = connection.execute(select(rulings.c.id, rulings.c.subject).where(on_an_item))
        return [r.id for r in rows if r.subject.removeprefix("item:").rpartition("/")[0] in known]

    _clear(new, rulings.c.id, here(new))  # type: ignore[arg-type]
    for part in chunks(here(old)):
        _copy(old, new, rulings, rulings.c.id.in_(part))


def _readers(old: Connection, new: Connection) -> None:
    """Who gets which edition. Of two rows for one reader the one holds that was changed later."""
    here = {(row.edition, row.folded): row for row in new.execute(select(recipients))}
    for row in old.execute(select(recipients)).all():
        values = {name: value for name, value in row._mapping.items() if name != "id"}
        known = here.get((row.edition, row.folded))
        if known is None:
            new.execute(insert(recipients), [values])
        elif _changed(row) >= _changed(known):
            new.execute(update(recipients).where(recipients.c.id == known.id).values(values))


def _changed(row: Row[Any]) -> datetime:
    changed: datetime = max(row.added, row.removed or row.added)
    return changed


def _stops(old: Connection, new: Connection, *, unsure: bool) -> None:
    if not unsure:
        new.execute(delete(mail_suppressions))
    # What a person asked for in the backup is not made a bounce, after which mail is allowed once the address works.
    asked = set(new.execute(select(mail_suppressions.c.folded).where(mail_suppressions.c.why != BOUNCED)).scalars())
    for row in old.execute(select(mail_suppressions)).all():
        if row.why != BOUNCED or row.folded not in asked:
            put(new, mail_suppressions, dict(row._mapping))


# ---------------------------------------------------------------- it is not known


def be_careful(
    new: Connection, *, made: datetime, now: datetime, answer_days: Mapping[str, float] | None = None
) -> None:
    """Nothing that may have been sent since the backup was made leaves by itself.

    Messages that waited become 'ambiguous'. An issue that waits for its approval gets another proof, which says so,
    and at least as many days for the answer as its edition's first one: those of the backup may be over.
    """
    waits = outbox.c.state.in_(("new", "sending"))
    new.execute(update(outbox).where(waits).values(state="ambiguous", updated=now, detail=UNCERTAIN))
    for row in new.execute(_asked_again()).all():
        line = {"issue": row.id, "at": now, "was": row.state, "became": row.state, "by": BY, "proved": True}
        add_new(new, issue_log, [{**line, "reason": _why(made)}])
        until = now + timedelta(days=(answer_days or {}).get(row.edition, ANSWER_DAYS))
        if row.expires is None or row.expires < until:
            new.execute(update(issues).where(issues.c.id == row.id).values(expires=until))
    caution(new, made=made, now=now)


def caution(new: Connection, *, made: datetime, now: datetime) -> None:
    """Every issue of a period that has ended by now waits for a person, if it is made in this store."""
    put(new, marks, {"name": CAUTION, "value": {"until": now.isoformat(), "made": made.isoformat()}, "at": now})


def _asked_again() -> Any:
    return select(issues.c.id, issues.c.edition, issues.c.state, issues.c.expires).where(_WAITS)


def doubt(new: Connection, now: datetime) -> Doubt:
    """What `be_careful` did just now, and is still so after what is known was taken over."""
    uncertain = select(func.count()).select_from(outbox)
    uncertain = uncertain.where(outbox.c.detail == UNCERTAIN, outbox.c.state == "ambiguous", outbox.c.updated == now)
    asked = select(func.count(issue_log.c.issue.distinct())).join(issues, issues.c.id == issue_log.c.issue)
    asked = asked.where(_WAITS, issue_log.c.by == BY, issue_log.c.at == now)
    return Doubt(new.execute(uncertain).scalar_one(), new.execute(asked).scalar_one())


def may_have_left(store: Store, issue: Issue) -> str | None:
    """Why an issue of a period from before such a restore has to wait for a person; None where it need not."""
    with store.reading() as connection:
        value = connection.execute(select(marks.c.value).where(marks.c.name == CAUTION)).scalar()
    if not value or issue.end > datetime.fromisoformat(value["until"]).date():
        return None
    return _why(datetime.fromisoformat(value["made"]))


def _caution(connection: Connection) -> datetime | None:
    value = connection.execute(select(marks.c.value).where(marks.c.name == CAUTION)).scalar()
    return datetime.fromisoformat(value["until"]) if value else None


def _why(made: datetime) -> str:
    return (
        f"a backup of {made:%-d %B %Y, %H:%M} UTC was restored, and nobody here knows whether this issue was sent "
        "after that: ask one of its readers first"
    )
