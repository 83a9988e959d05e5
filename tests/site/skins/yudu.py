"""A page-turner's text layer: blocks in the order in which the machine found them, with its usual damage.

What is spoilt, by an article's `damage`:

- "late drop cap": the big first letter stands alone on a line in another sentence, its block after the folio;
- "glued drop cap": the letter is glued to the wrong words, its block after bio and folio, headline beside its kicker;
- always: paragraph marks are lost, but a block ends after the first line of a new paragraph; the pull quote
  repeats the body and cuts a sentence; the folio runs its words together; the bio stands in the flow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tests.site.skins.common import Resource, page, text
from tests.site.truth import TrueArticle

if TYPE_CHECKING:
    from tests.site.sites import Site

FOLDER = "/A7k2mq/pandp1026/resources"
MAGAZINE, MONTH = "PRACTICE&PLACE", "OCT26"
COVER = (
    "PRACTICE & PLACE",
    "OCTOBER 2026",
    "The magazine of the Adult Practice Forum",
    "INSIDE",
    "2 Listening for a living",
    "4 Keys, doors, neighbours",
    "5 One corridor, two budgets",
)


def path(article: TrueArticle) -> str:
    return page_path(article.pages[0])


def page_path(number: int) -> str:
    return f"{FOLDER}/{number}.htm"


def build(_site: Site, base: str, articles: Sequence[TrueArticle]) -> Mapping[str, Resource]:
    blocks: dict[int, list[str]] = {1: list(COVER)}
    for article in articles:
        blocks |= dict(zip(article.pages, spoil(article), strict=True))
    # One extractor left the notice out on the first page of a joined pair, one put it last.
    notices = {n: ("first", "last", "none")[n % 3] for n in blocks}
    pages = {
        page_path(n): page(
            "yudu.html",
            issue="Practice & Place October 2026",
            page=n,
            blocks=blocks[n],
            notice=notices[n],
            folder=FOLDER,
            base=base,
            last=max(blocks),
        )
        for n in sorted(blocks)
    }
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /login\n")
    pages["/"] = pages[page_path(1)]
    return pages


def spoil(article: TrueArticle) -> list[list[str]]:
    """The article's text layer: for each of its pages the blocks in the order found."""
    first, *rest = article.paragraphs
    opening, remainder = _cut(first, 110)
    letter, opening = opening[0], opening[1:]
    columns = _columns([remainder, *rest])
    head = [article.standfirst] if article.standfirst else []
    if article.title:
        head.insert(0, f"{article.kicker.upper()} {article.title}" if article.kicker else article.title)
    tail = [article.bio] if article.bio else []
    numbers = article.pages
    if article.damage == "glued drop cap":
        columns[0] = f"{letter} {columns[0]}"
        half = len(columns) // 2
        columns = _with_quotes(columns, article, half + 1)
        return [[*head, *columns[:half], *tail, _folio(numbers[0]), opening, *columns[half:]]]
    if len(numbers) == 1:
        columns = [columns[0], letter, *columns[1:]]
        half = (len(columns) + 1) // 2
        columns = _with_quotes(columns, article, half)
        return [[*head, *columns[:half], _folio(numbers[0]), opening, *columns[half:], *tail]]
    middle = (len(columns) + 1) // 2
    before, after = _cut(columns[middle], len(columns[middle]) // 2)
    left = [columns[0], letter, *columns[1:middle], before]
    left = _with_quotes(left, article, len(left) - 2)
    return [
        [*head, *left[:-3], _folio(numbers[0]), opening, *left[-3:]],
        [after, *columns[middle + 1 :], *tail, _folio(numbers[1])],
    ]


def _columns(paragraphs: Sequence[str]) -> list[str]:
    """Blocks as the machine cuts them: each ends after the indented first line of the next paragraph."""
    blocks, current = [], paragraphs[0]
    for paragraph in paragraphs[1:]:
        line, remainder = _cut(paragraph, 42)
        blocks.append(f"{current} {line}")
        current = remainder
    return [*blocks, current]


def _with_quotes(blocks: list[str], article: TrueArticle, at: int) -> list[str]:
    """The pull quote as a block of its own in the middle of somebody's sentence."""
    for quote in article.pull_quotes:
        before, after = _cut(blocks[at], len(blocks[at]) // 2)
        blocks = [*blocks[:at], before, quote.rstrip("."), after, *blocks[at + 1 :]]
    return blocks


def _cut(words: str, length: int) -> tuple[str, str]:
    """Two parts at the blank nearest after `length` characters, never at the end of a sentence."""
    for blank in re.finditer(r" ", words[length:]):
        before, after = words[: length + blank.start()], words[length + blank.end() :]
        if before[-1] not in ".?!’":
            return before, after
    raise ValueError(f"too short to be cut: {words!r}")


def _folio(number: int) -> str:
    return f"{number} {MAGAZINE} {MONTH}" if number % 2 == 0 else f"{MAGAZINE} {number}"
