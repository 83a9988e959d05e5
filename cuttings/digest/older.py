"""From the archive: what was written a year or more ago on the themes of an issue, as headlines alone.

Old pieces are context for the new ones and never news: they are no part of the period's counts, nothing is quoted from
them, and the section says that they are no current law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cuttings.digest.choose import Candidate
from cuttings.model import PastIssue, Words

MOST = 3
NOT_LAW = Words("Over a year old: not current law or guidance.", "configuration")


def on_themes(
    found: Iterable[Candidate], themes: Iterable[str], printed: set[str], history: Sequence[PastIssue]
) -> Mapping[str, Candidate]:
    """The best archive piece of each of the edition's themes: none of this period's, none that an issue has had."""
    had = printed.union(*(issue.items for issue in history))
    wanted = set(themes)
    best: dict[str, Candidate] = {}
    for c in sorted(found, key=lambda c: (-c.score, c.story.key)):
        if c.archive and c.primary in wanted and c.story.key not in had:
            # Found by looking back, so neither late nor changed since it was printed last.
            best.setdefault(c.primary or "", replace(c, late=False, changed=False))
    return best


def chosen(best: Mapping[str, Candidate], themes: Iterable[str | None]) -> tuple[Candidate, ...]:
    """At most three, one a theme, in the order of the themes that the issue prints."""
    return tuple(best[theme] for theme in themes if theme is not None and theme in best)[:MOST]
