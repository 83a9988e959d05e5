"""What issues printed: what may not come again so soon, and what an editor decided about single items.

What counts as printed is what readers have had or may still get. So an issue that waits for its editor counts: after a
missed week the next one is made in the same hour, and it must not print the same items or ask the same questions. What
holds: a story stands in one issue of an edition, the first that had it. Where that one is given up ("not sent",
"expired") it counts no more from then on, and the next issue made may print its stories as late finds where they were
first seen in its days; an issue made beside it stays as it is and is not made anew by itself. Whoever lets an issue
wait until later ones are made, and then gives it up, has decided that its stories reach nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from cuttings.edges.store.connect import Store, begins_with, chunks
from cuttings.edges.store.issues import LEAVING
from cuttings.edges.store.stories import lives_as
from cuttings.edges.store.tables import issue_items, issues, rulings
from cuttings.edges.store.tables import stories as merged
from cuttings.edges.store.values import from_json
from cuttings.model import Digest, PastIssue, PastItem

# Had by readers, or to be had yet: see above.
PRINTED = ("composed", "awaiting approval", "held", *LEAVING)


def _struck(connection: Connection) -> tuple[Any, ...]:
    of_items = begins_with(connection, rulings.c.subject, "item:")
    return of_items, rulings.c.decision == "strike", rulings.c.undone_at.is_(None)


def _earlier(edition: str, before: date, number: int | None) -> tuple[ColumnElement[bool], ...]:
    """Issues of an edition before the one in hand: by their number, as an issue of other days may overlap its period;
    where that is not known, those whose period ended before its first day."""
    mine = issues.c.edition == edition, issues.c.state.in_(PRINTED)
    return (*mine, issues.c.period_end < before.isoformat() if number is None else issues.c.number < number)


def last_begun(store: Store, edition: str, *, before: date, number: int) -> datetime | None:
    """When the last of the issues before this one was begun, its corrections aside; None for the first."""
    query = select(func.max(issues.c.begun)).where(*_earlier(edition, before, number), issues.c.revision == 1)
    with store.reading() as connection:
        return connection.execute(query).scalar()


def past(
    store: Store, edition: str, *, before: date, number: int | None = None, most: int = 6
) -> tuple[PastIssue, ...]:
    """What earlier issues printed that left the house or may still, newest first.

    `before` and `number` are the first day and the number of the issue in hand. Of one that was corrected, what left
    the house counts. Stories that were merged since stand under the key they live under today.
    """
    query = select(issues).where(*_earlier(edition, before, number))
    newest = issues.c.period_end.desc() if number is None else issues.c.number.desc()
    with store.reading() as connection:
        rows = connection.execute(query.order_by(newest, issues.c.revision.desc()).limit(most * 2)).all()
        of_period: dict[tuple[str, str], Row[Any]] = {}
        for row in sorted(rows, key=lambda row: row.state not in LEAVING):
            of_period.setdefault((row.period_start, row.period_end), row)
        chosen = [row for row in rows if row.digest and of_period[row.period_start, row.period_end] is row][:most]
        printed = {row.id: _printed(connection, row.id) for row in chosen}
    return tuple(_past(row, printed[row.id]) for row in chosen)


def _printed(connection: Connection, issue: str) -> dict[str, tuple[int, str]]:
    rows = connection.execute(select(issue_items).where(issue_items.c.issue == issue)).all()
    living = lives_as(connection, [row.story for row in rows])
    return {living.get(row.story, row.story): (row.version, row.article) for row in rows}


def _past(row: Row[Any], printed: dict[str, tuple[int, str]]) -> PastIssue:
    digest = from_json(Digest, row.digest)
    return PastIssue(
        number=row.number,
        start=date.fromisoformat(row.period_start),
        end=date.fromisoformat(row.period_end),
        items={story: version for story, (version, _) in printed.items()},
        asked=digest.asked,
        stories=digest.stories,
        comments=digest.comments,
        articles={story: article for story, (_, article) in printed.items()},
        composed=digest.composed,
    )


def where_printed(
    store: Store, edition: str, stories: Iterable[str], *, before: date, number: int
) -> dict[str, PastItem]:
    """Where each of the stories, by the keys they live under, stood last in an earlier issue, however long ago."""
    query = (
        select(issue_items, issues.c.number)
        .join(issues, issues.c.id == issue_items.c.issue)
        .where(*_earlier(edition, before, number))
        .order_by(issues.c.number, issues.c.revision)
    )
    found: dict[str, PastItem] = {}
    with store.reading() as connection:
        names = _ever_called(connection, stories)
        for part in chunks(names):
            for row in connection.execute(query.where(issue_items.c.story.in_(part))):
                known = found.get(names[row.story])
                if known is None or known.issue <= row.number:
                    found[names[row.story]] = PastItem(row.number, row.article, row.version)
    return found


def _ever_called(connection: Connection, living: Iterable[str]) -> dict[str, str]:
    """Every key that the stories have had -> the one they live under."""
    names: dict[str, str] = {}
    for part in chunks(living):
        names.update(dict.fromkeys(part, ""))
        for row in connection.execute(select(merged.c.key, merged.c.merged_into).where(merged.c.merged_into.in_(part))):
            names[row.key] = row.merged_into
    return {key: into or key for key, into in names.items()}


def struck(store: Store, edition: str, stories: Iterable[str], *, number: int) -> dict[str, datetime]:
    """Those of the stories, by the keys they live under, that an editor struck from an earlier issue of the edition,
    whatever became of it, and when. What was struck once is not wanted a week later as a late find."""
    asked = set(stories)
    query = select(rulings.c.subject, rulings.c.at).order_by(rulings.c.at, rulings.c.id)
    with store.reading() as connection:
        rows = connection.execute(query.where(*_struck(connection))).all()
        named = [(row.at, *row.subject.removeprefix("item:").rpartition("/")[::2]) for row in rows]
        mine = _of_edition(connection, {issue for _, issue, _ in named}, edition, number)
        living = lives_as(connection, {key for _, _, key in named})
    found = {living.get(key, key): at for at, issue, key in named if issue in mine}
    return {key: at for key, at in found.items() if key in asked}


def _of_edition(connection: Connection, names: Iterable[str], edition: str, number: int) -> frozenset[str]:
    found: set[str] = set()
    for part in chunks(names):
        # One whose only item was struck is empty, and its number went to the next.
        earlier = or_(issues.c.number < number, issues.c.state == "empty")
        mine = issues.c.id.in_(part), issues.c.edition == edition, earlier
        found.update(connection.execute(select(issues.c.id).where(*mine)).scalars())
    return frozenset(found)


def had(
    store: Store, edition: str, stories: Iterable[str], *, before: date, number: int | None = None
) -> frozenset[str]:
    """Those of the stories, by the keys they live under, that an editor struck from any issue, or that an earlier issue
    of the edition printed; `before` and `number` are the first day and the number of the one in hand."""
    asked = set(stories)
    printed = select(issue_items.c.story).distinct().join(issues, issues.c.id == issue_items.c.issue)
    with store.reading() as connection:
        on_items = connection.execute(select(rulings.c.subject).where(*_struck(connection))).scalars()
        keys = {key.rpartition("/")[2] for key in on_items}
        keys.update(connection.execute(printed.where(*_earlier(edition, before, number))).scalars())
        living = lives_as(connection, keys)
    return frozenset(asked & {living.get(key, key) for key in keys})


def printed_in(store: Store, story: str) -> tuple[str, ...]:
    """The issues (of any state) that hold a story, by id; for `explain` and for corrections."""
    query = select(issue_items.c.issue).where(issue_items.c.story == story).distinct().order_by(issue_items.c.issue)
    with store.reading() as connection:
        return tuple(connection.execute(query).scalars())
