"""What editors decided about themes: it outranks every phrase, it is what a model learns from, and it measures both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cuttings.model import Article, Label, Labels, Ruling


@dataclass(frozen=True, slots=True)
class Example:
    """An article on whose themes an editor has ruled: which it has, and which it has not. On others nobody ruled.

    `none`: an editor said that it has no theme at all, so every label it gets is wrong.
    """

    key: str
    title: str | None
    standfirst: str | None
    text: str
    themes: frozenset[str]
    not_themes: frozenset[str]
    none: bool = False


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


@dataclass(frozen=True, slots=True)
class Decided:
    """An editor's word on one article or comment: theme -> has it?; which is first; that it has none of them."""

    has: Mapping[str, bool] = field(default_factory=dict)
    primary: str | None = None
    none: bool = False

    def __bool__(self) -> bool:
        return bool(self.has) or self.none


DECISIONS = frozenset({"theme", "not-theme", "primary-theme", "no-theme"})
NOTHING_DECIDED = Decided()


def verdicts(rulings: Iterable[Ruling]) -> dict[str, Decided]:
    """What stands, by subject. The latest ruling on a theme counts; 'no theme' takes back all that was said before."""
    found: dict[str, Decided] = {}
    for ruling in sorted((r for r in rulings if r.decision in DECISIONS), key=lambda r: r.at):
        before = found.get(ruling.subject, NOTHING_DECIDED)
        if ruling.decision == "no-theme":
            found[ruling.subject] = Decided(none=True)
        elif ruling.value:
            has = {**before.has, ruling.value: ruling.decision != "not-theme"}
            first = ruling.value if ruling.decision == "primary-theme" else before.primary
            found[ruling.subject] = Decided(has, first if first and has.get(first) else None, before.none)
    return found


def ruled(labels: Labels, decided: Decided) -> Labels:
    """Labels after an editor's word: what was refused is gone, what was given has score 1.

    The first theme is the one an editor put first, else the one that was first before, else the best that is left.
    """
    if not decided:
        return labels
    by_theme = {one.theme: one for one in labels.labels}
    given = [theme for theme, has in decided.has.items() if has]
    found = [Label(theme, 1.0, by_theme[theme].evidence if theme in by_theme else ()) for theme in given]
    if not decided.none:
        found += [one for one in labels.labels if one.theme not in decided.has]
    themes = [one.theme for one in found]
    first = next((t for t in (decided.primary, labels.primary, *themes) if t in themes), None)
    return Labels(first, tuple(sorted(found, key=lambda one: (one.theme != first, -one.score))))


def examples(rulings: Iterable[Ruling], articles: Mapping[str, Article]) -> tuple[Example, ...]:
    """The rulings as examples, for the articles (by key) whose text is still there."""
    found = []
    for subject, decided in verdicts(rulings).items():
        kind, _, key = subject.partition(":")
        article = articles.get(key) if kind == "article" else None
        if article is not None and article.paragraphs:
            has = frozenset(theme for theme, yes in decided.has.items() if yes)
            refused = frozenset(decided.has) - has
            found.append(
                Example(key, article.title, article.standfirst, article.text, has, refused, decided.none and not has)
            )
    return tuple(found)


def performance(
    rows: Iterable[Example], themes: Iterable[str], decide: Callable[[Example], Labels]
) -> tuple[Performance, ...]:
    """Precision and recall of each theme on what editors ruled; labels nobody ruled on count for nothing."""
    given = [(row, {one.theme for one in decide(row).labels}) for row in rows]
    measured = []
    for theme in themes:
        confirmed = sum(theme in row.themes for row, _ in given)
        refused = sum(row.none or theme in row.not_themes for row, _ in given)
        right = sum(theme in row.themes and theme in labels for row, labels in given)
        wrong = sum((row.none or theme in row.not_themes) and theme in labels for row, labels in given)
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
