"""What editors decided about themes: it outranks every phrase, it is what a model learns from, and it measures both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cuttings.model import Article, Label, Labels, Ruling


@dataclass(frozen=True, slots=True)
class Example:
    """An article on whose themes an editor has ruled: which it has, and which it has not. On others nobody ruled."""

    key: str
    title: str | None
    standfirst: str | None
    text: str
    themes: frozenset[str]
    not_themes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Performance:
    """A theme on the rulings: how many of its labels are right (precision), how many of its articles it finds (recall).

    None where there is nothing to divide by: nobody has ruled.
    """

    theme: str
    confirmed: int
    refused: int
    precision: float | None
    recall: float | None


def verdicts(rulings: Iterable[Ruling]) -> dict[str, dict[str, bool]]:
    """Subject -> theme -> does it have it? The latest ruling on a theme counts."""
    found: dict[str, dict[str, bool]] = {}
    for ruling in sorted(rulings, key=lambda r: r.at):
        if ruling.decision in {"theme", "not-theme"} and ruling.value:
            found.setdefault(ruling.subject, {})[ruling.value] = ruling.decision == "theme"
    return found


def ruled(labels: Labels, decided: Mapping[str, bool]) -> Labels:
    """Labels after an editor's word (theme -> has it?). A theme an editor gave comes first, with score 1."""
    by_theme = {one.theme: one for one in labels.labels}
    given = [
        Label(theme, 1.0, by_theme[theme].evidence if theme in by_theme else ())
        for theme, has in decided.items()
        if has
    ]
    left = [one for one in labels.labels if one.theme not in decided]
    merged = tuple(given + left)
    return Labels(merged[0].theme if merged else None, merged)


def examples(rulings: Iterable[Ruling], articles: Mapping[str, Article]) -> tuple[Example, ...]:
    """The rulings as examples, for the articles (by key) whose text is still there."""
    found = []
    for subject, decided in verdicts(rulings).items():
        kind, _, key = subject.partition(":")
        article = articles.get(key) if kind == "article" else None
        if article is not None:
            has = frozenset(theme for theme, yes in decided.items() if yes)
            found.append(Example(key, article.title, article.standfirst, article.text, has, frozenset(decided) - has))
    return tuple(found)


def performance(
    rows: Iterable[Example], themes: Iterable[str], decide: Callable[[Example], Labels]
) -> tuple[Performance, ...]:
    """Precision and recall of each theme on what editors ruled; labels nobody ruled on count for nothing."""
    given = [(row, {one.theme for one in decide(row).labels}) for row in rows]
    measured = []
    for theme in themes:
        confirmed = sum(theme in row.themes for row, _ in given)
        refused = sum(theme in row.not_themes for row, _ in given)
        right = sum(theme in row.themes and theme in labels for row, labels in given)
        wrong = sum(theme in row.not_themes and theme in labels for row, labels in given)
        measured.append(
            Performance(
                theme,
                confirmed,
                refused,
                right / (right + wrong) if right + wrong else None,
                right / confirmed if confirmed else None,
            )
        )
    return tuple(measured)
