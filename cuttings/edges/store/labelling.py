"""Themes of articles and comments, with their evidence, and what editors decided about them put above it.

The table holds what the phrases (or a model) said; an editor's word is laid over it whenever labels are read, so that
a ruling that is taken back leaves no trace and the same page read again changes nothing that an editor decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from cuttings import themes_rulings
from cuttings.edges.store.connect import Store, chunks
from cuttings.edges.store.tables import articles, labels, rulings
from cuttings.edges.store.values import from_json
from cuttings.model import Evidence, Label, Labels, Ruling

NONE = Labels(None, ())


def write_labels(connection: Connection, given: Mapping[str, Labels], *, now: datetime) -> frozenset[str]:
    """Make `given` the labels by subject ("article:KEY", "comment:KEY"), below editors' rulings; those that changed."""
    before, changed = differing(connection, given)
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
    settle(connection, given)  # all: a ruling may have waited for an article that no phrase labels
    return frozenset(changed)


def differing(connection: Connection, given: Mapping[str, Labels]) -> tuple[Mapping[str, Labels], Mapping[str, Labels]]:
    """The labels that these subjects have, and those of `given` that are others."""
    before = given_labels(connection, given)
    return before, {
        s: one for s, one in given.items() if _ordered(one) != before.get(s, NONE) and (one.labels or s in before)
    }


def settle(connection: Connection, subjects: Iterable[str]) -> None:
    """Bring the first theme of articles, which counts are made of, up to their labels and rulings."""
    wanted = [subject for subject in subjects if subject.startswith("article:")]
    ruled = labels_of(connection, wanted)
    for subject in wanted:
        here = articles.c.key == subject.removeprefix("article:")
        connection.execute(update(articles).where(here).values(primary_theme=ruled.get(subject, NONE).primary))


def labels_of(connection: Connection, subjects: Iterable[str]) -> dict[str, Labels]:
    """The labels by subject, editors' word above all, the first theme first; subjects without any are left out."""
    wanted = list(subjects)
    found = given_labels(connection, wanted)
    for subject, decided in themes_rulings.verdicts(_theme_rulings(connection, wanted)).items():
        found[subject] = themes_rulings.ruled(found.get(subject, NONE), decided)
    return {subject: one for subject, one in found.items() if one.labels}


def given_labels(connection: Connection, subjects: Iterable[str]) -> dict[str, Labels]:
    """What phrases and models said, before any editor; the best first."""
    found: dict[str, list[Label]] = {}
    primary: dict[str, str] = {}
    for part in chunks(subjects):
        for row in connection.execute(select(labels).where(labels.c.subject.in_(part))):
            evidence = tuple(from_json(Evidence, e) for e in row.evidence)
            found.setdefault(row.subject, []).append(Label(row.theme, row.score, evidence))
            if row.is_primary:
                primary[row.subject] = row.theme
    return {subject: _ordered(Labels(primary.get(subject), tuple(given))) for subject, given in found.items()}


def _theme_rulings(connection: Connection, subjects: Iterable[str]) -> list[Ruling]:
    found: list[Ruling] = []
    for part in chunks(subjects):
        mine = rulings.c.subject.in_(part), rulings.c.decision.in_(sorted(themes_rulings.DECISIONS))
        query = select(rulings).where(*mine, rulings.c.undone_at.is_(None)).order_by(rulings.c.id)
        found += [Ruling(r.subject, r.decision, r.value, r.by, r.at, r.reason) for r in connection.execute(query)]
    return found


def of_subjects(store: Store, subjects: Iterable[str]) -> dict[str, tuple[Labels, Labels]]:
    """(as given by phrases and models, as they stand after the rulings) by subject, for `explain` and the desk."""
    wanted = list(subjects)
    with store.reading() as connection:
        given, standing = given_labels(connection, wanted), labels_of(connection, wanted)
    return {s: (given.get(s, NONE), standing.get(s, NONE)) for s in wanted}


def _ordered(given: Labels) -> Labels:
    """Best first, as the rows come back: equal labels are equal values, however they were ordered."""
    return Labels(given.primary, tuple(sorted(given.labels, key=lambda label: (-label.score, label.theme))))


def counts(store: Store) -> dict[str, tuple[int, int]]:
    """(articles that have it, those that have it first) by theme, as stored and ruled."""
    # Not a range of subjects: that would be read from the rows with all their evidence, and not from the index.
    about = func.substr(labels.c.subject, 1, len("article:")) == "article:"
    given = select(labels.c.theme, func.count()).where(about).group_by(labels.c.theme)
    firsts = select(articles.c.primary_theme, func.count()).group_by(articles.c.primary_theme)
    decisions = sorted(themes_rulings.DECISIONS)
    ruled = select(rulings.c.subject.distinct()).where(rulings.c.undone_at.is_(None), rulings.c.decision.in_(decisions))
    with store.reading() as connection:
        have = Counter(dict(connection.execute(given).tuples().all()))
        first = dict(connection.execute(firsts).tuples().all())
        subjects = [s for s in connection.execute(ruled).scalars() if s.startswith("article:")]
        # What is counted above is what the phrases said; editors' word lies over it.
        for one in given_labels(connection, subjects).values():
            have.subtract({label.theme for label in one.labels})
        for one in labels_of(connection, subjects).values():
            have.update({label.theme for label in one.labels})
    return {theme: (n, first.get(theme, 0)) for theme, n in have.items() if n > 0}
