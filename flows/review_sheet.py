"""The review queue as a spreadsheet, out and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cuttings import rulings, spreadsheet
from cuttings.edges.store import articles, judged, labelling
from cuttings.model import Labels, Ruling
from cuttings.spreadsheet import Line
from flows import judging, reviewing
from flows.house import House
from flows.reviewing import Card, InThread, Labelled, Queue

# What people write into the column, and the decision it stands for.
WORDS: Mapping[str, str] = {
    "genuine": "release", "g": "release", "release": "release", "reader": "release", "ok": "release",
    "spam": "spam", "s": "spam",
    "duplicate": "duplicate", "d": "duplicate", "double": "duplicate",
}  # fmt: skip
SKIP = frozenset({"", "skip", "k", "?", "-"})
COMMENT_COLUMNS = (
    "key", "verdict", "held as", "chance", "editions", "local", "article", "source", "posted", "answers", "text",
    "reasons",
)  # fmt: skip
ARTICLE_COLUMNS = ("key", "verdict", "themes", "editions", "local", "title", "source", "published", "standfirst")
TOGETHER = 250  # cards that are looked up at a time, comments with their threads: one may hold thousands
LONGEST = 5000  # characters of a cell; programs cut at 32,767


@dataclass(frozen=True, slots=True)
class Done:
    decided: int
    left: int  # lines without a verdict
    before: int  # decided so already
    refused: tuple[str, ...]

    @property
    def sentence(self) -> str:
        said = f"{self.decided} decided, {self.before} were so already, {self.left} left without a verdict"
        return f"{said}, {len(self.refused)} refused." if self.refused else f"{said}."


def of_comments(house: House, queue: Queue) -> str:
    """The queue with an empty column for the verdict; no commenter's name."""
    rows: list[list[str]] = []
    for start in range(0, len(queue.cards), TOGETHER):
        part = queue.cards[start : start + TOGETHER]
        threads = reviewing.in_threads(house, [card.key for card in part])
        rows += [_of_comment(card, threads[card.key]) for card in part if card.key in threads]
    return spreadsheet.write(COMMENT_COLUMNS, rows)


def _of_comment(card: Card, found: InThread) -> list[str]:
    one, article = found.judged, found.article.article if found.article else None
    parent = next((c.comment.text for c in found.before if c.comment.n == one.comment.parent), "")
    return [
        rulings.comment(card.key), "", one.verdict.outcome, f"{one.verdict.score:.2f}",
        _shown(" ".join(card.place.editions)), _shown(card.place.local),
        _shown(article.title if article else None), _shown(article.source if article else None),
        _shown(one.comment.posted), _shown(parent),
        _shown(one.comment.text), _shown("; ".join(r.sentence for r in one.verdict.because)),
    ]  # fmt: skip


def of_articles(house: House, queue: Queue) -> str:
    rows: list[list[str]] = []
    for start in range(0, len(queue.cards), TOGETHER):
        part = queue.cards[start : start + TOGETHER]
        found = reviewing.labelled(house, [card.key for card in part])
        rows += [_of_article(card, found[card.key]) for card in part if card.key in found]
    return spreadsheet.write(ARTICLE_COLUMNS, rows)


def _of_article(card: Card, found: Labelled) -> list[str]:
    article = found.article.article
    return [
        rulings.article(card.key), "", " ".join(_ids(found.standing)), _shown(" ".join(card.place.editions)),
        _shown(card.place.local), _shown(article.title), _shown(article.source), _shown(article.published),
        _shown(article.standfirst),
    ]  # fmt: skip


def _ids(labels: Labels) -> list[str]:
    return sorted((one.theme for one in labels.labels), key=lambda theme: theme != labels.primary)


def _shown(text: str | None) -> str:
    from flows.terminal import safe

    return spreadsheet.shown(safe((text or "")[:LONGEST]))


def take_in(house: House, data: bytes, by: str) -> Done:
    """Rule as the column 'verdict' says; a line that can't be understood is refused with its number."""
    lines = spreadsheet.read(data, ("key", "verdict"))
    decided: list[Ruling] = []
    refused: list[str] = []
    left = before = 0
    for line in lines:
        if line.get("verdict").strip().lower() in SKIP:
            left += 1
            continue
        try:
            found = _decisions(house, line, by)
        except ValueError as error:
            refused.append(f"line {line.number}: {error}.")
            continue
        before += not found
        decided += found
    judged.rule(house.store, decided)
    called = [one.subject.partition(":")[2] for one in decided if one.decision == "spam"]
    judging.judge_like_ruled(house, called, now=house.clock())
    subjects = {ruling.subject for ruling in decided}
    return Done(len(subjects), left, before, tuple(refused))


def _decisions(house: House, line: Line, by: str) -> list[Ruling]:
    subject, now = line.get("key").strip(), house.clock()
    kind, _, key = subject.partition(":")
    if kind == "comment":
        wanted: list[tuple[str, str | None]] = [(_comment_decision(line), None)]
        if key not in judged.find(house.store, [key]):
            raise ValueError(f"there is no comment ‘{key[:40]}’ here: was the key changed?")
    elif kind == "article":
        if key not in articles.find(house.store, [key]):
            raise ValueError(f"there is no article ‘{key[:40]}’ here: was the key changed?")
        wanted = _theme_decisions(house, line, subject)
    else:
        raise ValueError(f"‘{subject[:40]}’ is no key of this queue")
    in_force = judged.rulings_on(house.store, [subject]).get(subject, ())
    last = {r.value: r.decision for r in in_force}
    return [Ruling(subject, d, v, by, now, "by spreadsheet") for d, v in wanted if last.get(v) != d]


def _comment_decision(line: Line) -> str:
    word = line.get("verdict").strip().lower()
    if word not in WORDS:
        raise ValueError(f"‘{word[:40]}’ is no verdict: write genuine, spam or duplicate, or leave it empty")
    return WORDS[word]


def _theme_decisions(house: House, line: Line, subject: str) -> list[tuple[str, str | None]]:
    """The column 'themes' as it came back, against how it stands here."""
    if line.get("verdict").strip().lower() not in {"ok", "right", "yes", "c", "x"}:
        raise ValueError("write ok where the column ‘themes’ is right, or leave the verdict empty")
    known = [theme.id for theme in house.settings.themes]
    wanted = list(dict.fromkeys(line.get("themes").replace(",", " ").replace(";", " ").split()))
    if unknown := [theme for theme in wanted if theme not in known]:
        raise ValueError(f"there is no theme ‘{unknown[0][:40]}’. Known: {', '.join(known)}")
    standing = labelling.of_subjects(house.store, [subject])[subject][1]
    if not wanted:
        return [("no-theme", None)]
    gone = [one.theme for one in standing.labels if one.theme not in wanted]
    decisions: list[tuple[str, str | None]] = [("not-theme", theme) for theme in gone]
    decisions += [("theme", theme) for theme in wanted]
    if wanted[0] != standing.primary:
        decisions = [d for d in decisions if d != ("theme", wanted[0])] + [("primary-theme", wanted[0])]
    return decisions
