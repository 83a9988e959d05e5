"""The themes as they are in force here: the phrases of the configuration, and what editors' rulings taught.

Nothing learned is stored: the same rulings give the same models, in seconds, at the start of each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cuttings import themes, themes_rulings
from cuttings.edges.store import articles, judged
from cuttings.model import Theme
from cuttings.themes_learned import LEAST_EXAMPLES
from cuttings.themes_rulings import Example
from flows.house import House


def matcher(house: House) -> themes.Matcher:
    """What articles are labelled with. scikit-learn is loaded only where a theme has enough confirmed examples."""
    return taught(house.settings.themes, examples(house))


def taught(configured: Sequence[Theme], rows: Sequence[Example]) -> themes.Matcher:
    plain = themes.compile_themes(configured)
    most = max((sum(theme.id in row.themes for row in rows) for theme in configured), default=0)
    if most < LEAST_EXAMPLES:
        return plain
    from cuttings.themes_learned import train

    return replace(plain, learned=train(rows, configured, plain))


def examples(house: House) -> tuple[Example, ...]:
    """The articles whose themes an editor ruled on, as far as their text is still here."""
    given = [r for _, r in judged.every_ruling(house.store) if r.decision in themes_rulings.DECISIONS]
    keys = {r.subject.removeprefix("article:") for r in given if r.subject.startswith("article:")}
    held = articles.find(house.store, sorted(keys))
    return themes_rulings.examples(given, {key: one.article for key, one in held.items()})
