"""What issues printed: what may not come again so soon, and what an editor decided about single items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from cuttings.edges.store.connect import Store
from cuttings.edges.store.issues import LEAVING
from cuttings.edges.store.stories import lives_as
from cuttings.edges.store.tables import issue_items, issues, rulings
from cuttings.edges.store.values import from_json
from cuttings.model import Digest, PastIssue


def past(store: Store, edition: str, *, before: date, most: int = 6) -> tuple[PastIssue, ...]:
    """What earlier issues that left the house printed, newest first; `before` is the first day of the one in hand.

    Stories that were merged since stand under the key they live under today.
    """
    query = select(issues).where(
        issues.c.edition == edition, issues.c.period_end < before.isoformat(), issues.c.state.in_(LEAVING)
    )
    with store.reading() as connection:
        rows = connection.execute(query.order_by(issues.c.period_end.desc(), issues.c.revision.desc()).limit(most * 2))
        latest_of: dict[tuple[str, str], Row[Any]] = {}
        for row in rows:
            latest_of.setdefault((row.period_start, row.period_end), row)
        chosen = [row for row in latest_of.values() if row.digest][:most]
        printed = {row.id: _printed(connection, row.id) for row in chosen}
    return tuple(_past(row, printed[row.id]) for row in chosen)


def _printed(connection: Connection, issue: str) -> dict[str, int]:
    rows = connection.execute(select(issue_items).where(issue_items.c.issue == issue)).all()
    living = lives_as(connection, [row.story for row in rows])
    return {living.get(row.story, row.story): row.version for row in rows}


def _past(row: Row[Any], printed: dict[str, int]) -> PastIssue:
    digest = from_json(Digest, row.digest)
    return PastIssue(
        number=row.number,
        start=date.fromisoformat(row.period_start),
        end=date.fromisoformat(row.period_end),
        items=printed,
        asked=digest.asked,
        stories=digest.stories,
        comments=digest.comments,
    )


def had(store: Store, edition: str, stories: Iterable[str], *, before: date) -> frozenset[str]:
    """Those of the stories, by the keys they live under, that an editor struck from any issue, or that an issue of the
    edition printed which left the house; `before` is the first day of the one in hand."""
    asked = set(stories)
    left = issues.c.edition == edition, issues.c.period_end < before.isoformat(), issues.c.state.in_(LEAVING)
    printed = select(issue_items.c.story).distinct().join(issues, issues.c.id == issue_items.c.issue).where(*left)
    on_an_item = (rulings.c.subject >= "item:") & (rulings.c.subject < "item;")  # a range of its index
    struck = select(rulings.c.subject).where(on_an_item, rulings.c.decision == "strike", rulings.c.undone_at.is_(None))
    with store.reading() as connection:
        keys = {key.rpartition("/")[2] for key in connection.execute(struck).scalars()}
        keys.update(connection.execute(printed).scalars())
        living = lives_as(connection, keys)
    return frozenset(asked & {living.get(key, key) for key in keys})


def printed_in(store: Store, story: str) -> tuple[str, ...]:
    """The issues (of any state) that hold a story, by id; for `explain` and for corrections."""
    query = select(issue_items.c.issue).where(issue_items.c.story == story).distinct().order_by(issue_items.c.issue)
    with store.reading() as connection:
        return tuple(connection.execute(query).scalars())
