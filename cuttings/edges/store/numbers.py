"""Counts for documents about the store: how much of what, never of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from cuttings.edges.store.connect import Store
from cuttings.edges.store.tables import articles, comments, issues, suppressions, usage


@dataclass(frozen=True, slots=True)
class Held:
    """`articles_of` and `words_of` (printed under a licence) are by source id; `names` still stand in plain."""

    articles_of: Mapping[str, int]
    words_of: Mapping[str, int]
    outcomes: tuple[tuple[str, int], ...]
    names: int
    erased: int
    kept_out: int
    issues: int


def held(store: Store) -> Held:
    with store.reading() as connection:

        def one(query: object) -> int:
            return int(connection.execute(query).scalar_one() or 0)  # type: ignore[call-overload]

        def by(column: object, value: object) -> dict[str, int]:
            query = select(column, value).group_by(column)  # type: ignore[call-overload]
            return {str(name): int(n) for name, n in connection.execute(query)}

        everything = select(func.count()).select_from(comments)
        return Held(
            articles_of=by(articles.c.source, func.count()),
            words_of=by(usage.c.source, func.sum(usage.c.words)),
            outcomes=tuple(sorted(by(comments.c.outcome, func.count()).items())),
            names=one(everything.where(comments.c.author.is_not(None))),
            erased=one(everything.where(comments.c.erased_at.is_not(None))),
            kept_out=one(select(func.count()).select_from(suppressions).where(suppressions.c.kind == "person")),
            issues=one(select(func.count()).select_from(issues).where(issues.c.state != "empty")),
        )
