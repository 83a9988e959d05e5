"""Themes of articles and comments, with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from cuttings.edges.store.connect import chunks
from cuttings.edges.store.tables import labels
from cuttings.edges.store.values import from_json
from cuttings.model import Evidence, Label, Labels


def write_labels(connection: Connection, given: Mapping[str, Labels], *, now: datetime) -> frozenset[str]:
    """Make `given` the labels by subject ("article:KEY", "comment:KEY"); those whose labels changed."""
    before = labels_of(connection, given)
    none = Labels(None, ())
    changed = {
        s: one for s, one in given.items() if _ordered(one) != before.get(s, none) and (one.labels or s in before)
    }
    for part in chunks(s for s in changed if s in before):
        connection.execute(delete(labels).where(labels.c.subject.in_(part)))
    rows: list[dict[str, Any]] = [
        {
            "subject": subject,
            "theme": label.theme,
            "score": label.score,
            "evidence": label.evidence,
            "is_primary": label.theme == one.primary,
            "at": now,
        }
        for subject, one in changed.items()
        for label in one.labels
    ]
    if rows:
        connection.execute(labels.insert(), rows)
    return frozenset(changed)


def labels_of(connection: Connection, subjects: Iterable[str]) -> dict[str, Labels]:
    """The labels by subject, the best first; subjects without any are left out."""
    found: dict[str, list[Label]] = {}
    primary: dict[str, str] = {}
    for part in chunks(subjects):
        for row in connection.execute(select(labels).where(labels.c.subject.in_(part))):
            evidence = tuple(from_json(Evidence, e) for e in row.evidence)
            found.setdefault(row.subject, []).append(Label(row.theme, row.score, evidence))
            if row.is_primary:
                primary[row.subject] = row.theme
    return {subject: _ordered(Labels(primary.get(subject), tuple(given))) for subject, given in found.items()}


def _ordered(given: Labels) -> Labels:
    """Best first, as the rows come back: equal labels are equal values, however they were ordered."""
    return Labels(given.primary, tuple(sorted(given.labels, key=lambda label: (-label.score, label.theme))))
