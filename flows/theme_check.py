"""What the themes of the configuration make of the archive, against the labels that its articles bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cuttings import themes, themes_rulings
from cuttings.edges.store import articles, labelling
from cuttings.model import Article, Labels, StoredArticle, Theme
from cuttings.themes_rulings import Example, Performance
from flows.house import House
from flows.themes_in_use import taught


@dataclass(frozen=True, slots=True)
class Caught:
    """An article that has the theme, or (among the lost) had it; `was`: its first theme as it is stored."""

    key: str
    title: str | None
    first: bool
    newly: bool
    was: str | None
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(slots=True)
class Checked:
    """The archive as the themes would label it; nothing is stored."""

    themes: tuple[Theme, ...]
    articles: int = 0
    without: int = 0
    caught: dict[str, list[Caught]] = field(default_factory=dict)  # the surest first
    lost: dict[str, list[Caught]] = field(default_factory=dict)
    together: Counter[tuple[str, str]] = field(default_factory=Counter)
    phrases: set[tuple[str, str]] = field(default_factory=set)  # (theme, phrase) that spoke for a label

    def beside(self, theme: str) -> list[tuple[str, int]]:
        """The themes that its articles have as well, the most frequent first."""
        return [(other, n) for (one, other), n in self.together.most_common() if one == theme]

    def unused(self, theme: Theme) -> list[str]:
        """Its phrases that spoke for no label in the archive, as configured, without their marks."""
        bare = [phrase.rstrip("!~?") for phrase in theme.phrases]
        return [phrase for phrase in bare if (theme.id, phrase) not in self.phrases]


def check(house: House, chosen: Theme | None, rows: Sequence[Example], most: int | None = None) -> Checked:
    """Label the archive, or its newest articles, with the themes that are live and `chosen`, which may be a draft."""
    live = [t for t in house.settings.themes if chosen is None or t.id != chosen.id]
    # A theme stands where it is configured: of equal scores the earlier one is first.
    order = {t.id: n for n, t in enumerate(house.settings.themes)}
    used = sorted([*live, *([chosen] if chosen else [])], key=lambda t: order.get(t.id, len(order)))
    matcher = taught(used, rows)
    done = Checked(tuple(used))
    for held, given in _archive(house, most):
        article = held.article
        now = themes.label(article.title, article.standfirst, article.text, matcher)
        _note(done, article, given, now, only=chosen.id if chosen else None)
    for found in done.caught.values():
        found.sort(key=lambda one: (-one.score, one.key))
    return done


def _archive(house: House, most: int | None) -> Iterator[tuple[StoredArticle, Labels]]:
    """The newest articles whose text is here, with what phrases and models said when they were read."""
    for keys in articles.newest(house.store, most=most):
        held = articles.find(house.store, keys)
        labels = labelling.of_subjects(house.store, [f"article:{key}" for key in held])
        for key in sorted(held):
            if held[key].article.paragraphs:
                yield held[key], labels[f"article:{key}"][0]


def _note(done: Checked, article: Article, before: Labels, now: Labels, only: str | None) -> None:
    done.articles += 1
    done.without += not now.labels
    had, has = {one.theme for one in before.labels}, {one.theme for one in now.labels}
    fields = {"title": article.title or "", "standfirst": article.standfirst or "", "text": article.text}
    for one in now.labels:
        done.phrases.update((one.theme, e.phrase) for e in one.evidence)
        done.together.update((one.theme, other) for other in has if other != one.theme)
        if only in (None, one.theme):
            lines = evidence_lines(now, one.theme, fields) if only else ()
            caught = Caught(
                article.key, article.title, now.primary == one.theme, one.theme not in had, before.primary,
                one.score, lines,
            )  # fmt: skip
            done.caught.setdefault(one.theme, []).append(caught)
    for label in before.labels:
        if label.theme not in has and only in (None, label.theme):
            lines = evidence_lines(before, label.theme, fields) if only else ()
            gone = Caught(
                article.key, article.title, before.primary == label.theme, False, before.primary, label.score, lines
            )
            done.lost.setdefault(label.theme, []).append(gone)


def evidence_lines(labels: Labels, theme: str, fields: dict[str, str]) -> tuple[str, ...]:
    """The phrases behind a theme, each once, with the words around it."""
    found: dict[str, str] = {}
    for label in labels.labels:
        for one in label.evidence if label.theme == theme else ():
            text = fields[one.where]
            before, after = text[max(0, one.start - 25) : one.start], text[one.end : one.end + 25]
            found.setdefault(one.phrase, f"{one.where}: …{before}[{text[one.start : one.end]}]{after}…")
    return tuple(found.values())


def measured(configured: Sequence[Theme], rows: Sequence[Example]) -> tuple[Performance, ...]:
    """The phrases' precision and recall on the rulings; models have seen these very articles, so they are left out."""
    matcher = themes.compile_themes(configured)
    return themes_rulings.performance(
        rows, [t.id for t in configured], lambda row: themes.label(row.title, row.standfirst, row.text, matcher)
    )


def learned(configured: Sequence[Theme], rows: Sequence[Example]) -> frozenset[str]:
    """Themes that a model decides on."""
    found = taught(configured, rows).learned
    return frozenset(getattr(found, "models", ()))
