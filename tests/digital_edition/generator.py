"""Damaged page-turner pages whose right result is known, made from our own prose (or any other paragraphs).

The way of the damage is that of a page: paragraphs are set in lines, lines fill columns, the text layer takes the
columns up in blocks or lines, and furniture gets in between. Every choice comes from one random generator, so a seed
names a page.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.digital_edition import prose

KINDS = ("A", "B", "C", "D", "E")


@dataclass
class Made:
    kind: str
    pages: list[str]
    title: str
    standfirst: str
    author: str
    bio: str | None
    body: list[str]
    pulls: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [word for paragraph in self.body for word in paragraph.split()]


@dataclass
class _Row:
    text: str
    first: bool  # first line of a paragraph
    last: bool


def _rows(paragraphs: Sequence[str], width: int) -> list[_Row]:
    rows = []
    for paragraph in paragraphs:
        lines = textwrap.wrap(paragraph, width, initial_indent="   ", break_long_words=False, break_on_hyphens=False)
        lines = [line.strip() for line in lines]
        rows += [_Row(line, n == 0, n == len(lines) - 1) for n, line in enumerate(lines)]
    return rows


def _columns(rows: list[_Row], count: int) -> list[list[_Row]]:
    size = -(-len(rows) // count)
    return [rows[n * size : (n + 1) * size] for n in range(count) if rows[n * size : (n + 1) * size]]


def _blocks(column: list[_Row]) -> list[str]:
    """A block ends after the first line of a paragraph, as the text layers of block-form pages do."""
    blocks: list[list[str]] = [[]]
    for row in column:
        blocks[-1].append(row.text)
        if row.first:
            blocks.append([])
    return [" ".join(block) for block in blocks if block]


def _sentence(rnd: random.Random, body: Sequence[str], longest: int = 32) -> str | None:
    """A sentence for a pull quote: long enough to be one, from inside the text."""
    found = []
    for paragraph in body:
        for match in re.finditer(r"(?:(?<=^)|(?<=[.!?] ))[A-Z][^“”.!?]{40,260}[.!?](?= |$)", paragraph):
            if 8 <= len(match[0].split()) <= longest:
                found.append(match[0].rstrip(".") if rnd.random() < 0.8 else match[0])
    return rnd.choice(found) if found else None


def _halves(rnd: random.Random, quote: str) -> list[str]:
    words = quote.split()
    if rnd.random() < 0.5 or len(words) < 10:
        return [quote]
    at = rnd.randint(len(words) // 3, len(words) - 2)
    return [" ".join(words[:at]), " ".join(words[at:])]


def _page_list(count: int, bars: bool) -> str:
    return ("  |  " if bars else " ").join(f"Page {n}" for n in range(1, count + 1))


_LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")


def broken_ligatures(text: str) -> str:
    """As a newer YUDU prints them: a blank after the sign, 'Th' without its h, 'ft' as a long s and t."""
    out = []
    for word in text.split(" "):
        if word.lstrip("“‘(").startswith("Th") and len(word.lstrip("“‘(")) > 2:
            head = word[: len(word) - len(word.lstrip("“‘("))]
            word = f"{head}T {word.lstrip('“‘(')[2:]}"
        at = 0
        while at < len(word):
            sign = next((s for s in _LIGATURES if word.startswith(s, at)), None)
            if sign and at + len(sign) < len(word) and word[at + len(sign)].isalpha():
                word = word[: at + len(sign)] + " " + word[at + len(sign) :]
                at += len(sign) + 1
            elif word.startswith("ft", at):
                tail = " " if at + 2 < len(word) and word[at + 2].isalpha() else ""
                word = word[:at] + "ſt" + tail + word[at + 2 :]
                at += 2 + len(tail)
            else:
                at += 1
        out.append(word)
    return " ".join(out)


def make(kind: str, seed: int, paragraphs: Sequence[str] = prose.PARAGRAPHS) -> Made:
    rnd = random.Random(f"{kind}{seed}")
    body = rnd.sample(list(paragraphs), min(len(paragraphs), rnd.randint(5, 10)))
    if rnd.random() < 0.5 and not body[0][0].isalpha():
        body.sort(key=lambda p: not p[0].isalpha())
    name = rnd.choice(prose.PEOPLE)
    made = Made(
        kind,
        [],
        rnd.choice(prose.TITLES),
        rnd.choice(prose.STANDFIRSTS).format(name=name),
        name,
        rnd.choice(prose.BIOS).format(name=name) if rnd.random() < 0.7 else None,
        body,
    )
    {"A": _blocks_page, "B": _ligature_page, "C": _staff_page, "D": _gutter_page, "E": _shuffled_page}[kind](rnd, made)
    return made


def _first_column(
    rnd: random.Random, column: list[_Row], with_capital: bool
) -> tuple[list[str], tuple[str, str] | None]:
    """Blocks of the first column; where asked, its drop-cap lines are taken out and given apart."""
    blocks = _blocks(column)
    if not with_capital or len(column) < 6 or not column[0].text[:1].isalpha():
        return blocks, None
    deep = rnd.choice((2, 3))
    if any(row.first for row in column[1 : deep + 1]):
        return blocks, None
    torn = [row.text for row in column[:deep]]
    text = " ".join(torn)
    return _blocks(column[deep:]), (text[0], text[1:].lstrip())


def _furniture(rnd: random.Random, number: int) -> tuple[str, str, str]:
    """(notice, folio, page list) of one magazine."""
    run, _, _ = prose.MAGAZINES[rnd.randrange(len(prose.MAGAZINES))]
    month = rnd.choice(("JAN12", "MAR13", "OCTOBER 2014", "SEPT 09", ""))
    folio = rnd.choice(
        (
            f"{number} {run} {month}".strip(),
            f"{run} {month} {number}".replace("  ", " "),
            f"- {number} -",
            f"page {number}",
        )
    )
    notice = "This page contains a Flash digital edition of a book." if rnd.random() < 0.6 else ""
    pages = _page_list(rnd.randint(8, 40), rnd.random() < 0.7) if rnd.random() < 0.6 else ""
    return notice, folio, pages


def _joined(parts: Sequence[str], rnd: random.Random) -> str:
    return rnd.choice(("\n", "\n\n\n")).join(part for part in parts if part)


def _head(made: Made, byline: bool = False) -> list[str]:
    return [made.title, made.standfirst, *([f"By {made.author}"] if byline else [])]


def _two_pages(rnd: random.Random, rows: list[_Row]) -> list[list[_Row]]:
    if len(rows) < 50 or rnd.random() < 0.6:
        return [rows]
    at = rnd.randint(len(rows) * 2 // 5, len(rows) * 3 // 5)
    return [rows[:at], rows[at:]]


def _blocks_page(rnd: random.Random, made: Made) -> None:
    rows = _rows(made.body, rnd.randint(36, 52))
    sheets = _two_pages(rnd, rows)
    capital = rnd.random() < 0.75
    mark = prose.MAGAZINES[rnd.randrange(4)][2] if rnd.random() < 0.4 else ""
    for n, sheet in enumerate(sheets):
        notice, folio, pages = _furniture(rnd, 18 + n)
        columns = _columns(sheet, rnd.choice((2, 3, 4)))
        first, torn = _first_column(rnd, columns[0], capital and n == 0)
        blocks = [first, *[_blocks(column) for column in columns[1:]]]
        if mark and n == len(sheets) - 1:
            blocks[-1][-1] += f" {mark}"
            made.furniture.append(mark)
        cut = rnd.randint(1, len(blocks) - 1) if len(blocks) > 1 else 1
        before = [b for column in blocks[:cut] for b in column]
        after = [b for column in blocks[cut:] for b in column]
        if torn and before:
            if rnd.random() < 0.5:
                before[0] = f"{torn[0]} {before[0]}"
            else:
                before.insert(rnd.choice((0, min(1, len(before)))), torn[0])
        quote = _sentence(rnd, made.body) if rnd.random() < 0.7 else None
        halves = _halves(rnd, quote) if quote else []
        if quote:
            made.pulls.append(quote)
        bio = [made.bio] if made.bio and n == len(sheets) - 1 else []
        tail = [*([torn[1]] if torn else []), *halves, *after]
        if len(after) > 1 and rnd.random() < 0.4:
            tail = [*([torn[1]] if torn else []), after[0], *halves, *after[1:]]
        parts = [notice, *(_head(made) if n == 0 else []), *before, *bio, folio, *tail, pages]
        made.furniture += [notice, folio, pages]
        made.pages.append(_joined(parts, rnd))


def _ligature_page(rnd: random.Random, made: Made) -> None:
    sheets = _two_pages(rnd, _rows(made.body, rnd.randint(44, 60)))
    for n, sheet in enumerate(sheets):
        _, folio, _ = _furniture(rnd, 30 + n)
        words = [
            f"{a}.{b}"
            for a in ("search", "order", "note")
            for b in ("title", "nothingFound", "price", "send", "createNew")
        ]
        rnd.shuffle(words)
        blocks = [broken_ligatures(b) for column in _columns(sheet, rnd.choice((2, 3))) for b in _blocks(column)]
        quote = _sentence(rnd, made.body) if rnd.random() < 0.7 else None
        halves = [broken_ligatures(h) for h in _halves(rnd, quote)] if quote else []
        if quote:
            made.pulls.append(quote)
        cut = rnd.randint(1, len(blocks))
        head = [broken_ligatures(h) for h in _head(made, byline=True)] if n == 0 else ["FEATURE"]
        bio = [broken_ligatures(made.bio)] if made.bio and n == len(sheets) - 1 else []
        made.pages.append(_joined([*words, *head, *blocks[:cut], folio, *halves, *blocks[cut:], *bio], rnd))
        made.furniture += [*words, folio]


def _staff_page(rnd: random.Random, made: Made) -> None:
    rows = _rows(made.body, rnd.randint(48, 66))
    sheets = _two_pages(rnd, rows)
    staff = list(prose.STAFF)
    if rnd.random() < 0.5:
        rnd.shuffle(staff)
    for n, sheet in enumerate(sheets):
        notice, folio, pages = _furniture(rnd, 12 + n)
        lines: list[str] = []
        step, box = rnd.choice((1, 2, 2, 3)), staff if n == 0 else []
        at, taken = rnd.randint(0, 4), 0
        for k, row in enumerate(sheet):
            if taken < len(box) and k >= at and (k - at) % step == 0:
                lines.append(box[taken])
                taken += 1
            lines.append(row.text)
        made.furniture += [*box[:taken], notice, folio, pages]
        head = _head(made) if n == 0 else ["FEATURE"]
        bio = [made.bio] if made.bio and n == len(sheets) - 1 else []
        made.pages.append("\n".join(p for p in [notice, folio, *head, *lines, *bio, pages] if p))


def _gutter_page(rnd: random.Random, made: Made) -> None:
    sheets = _two_pages(rnd, _rows(made.body, rnd.randint(34, 46)))
    for n, sheet in enumerate(sheets):
        number = 18 + n
        left, *others = _columns(sheet, 2)
        right = others[0] if others else []
        lefts, rights = [row.text for row in left], [row.text for row in right]
        if n == 0 and len(left) > 4 and lefts[0][0].isalpha() and rnd.random() < 0.6 and not left[1].first:
            lefts[1] = f"{lefts[0][0]} {lefts[1]}"
            lefts[0] = lefts[0][1:].lstrip()
        exact = rnd.random() < 0.3
        lines = []
        for k in range(max(len(lefts), len(rights))):
            a, b = lefts[k] if k < len(lefts) else "", rights[k] if k < len(rights) else ""
            gutter = " " * rnd.choice((3, 6))
            lines.append(f"{a:<48}   {b}".rstrip() if exact else f"{a}{gutter}{b}".rstrip() if b else a)
        quote = _sentence(rnd, made.body) if rnd.random() < 0.7 else None
        halves = _halves(rnd, quote) if quote else []
        if quote:
            made.pulls.append(quote)
        head = _head(made, byline=True) if n == 0 else ["FEATURE"]
        bio = [made.bio] if made.bio and n == len(sheets) - 1 else []
        top, foot = [f"Page {number} - The Quarterly", f"P. {number}"], f"fieldnotes.example   {number}"
        made.furniture += [*top, foot]
        parts = [*top, *head, *lines, *halves, *bio, foot]
        made.pages.append("".join(part + rnd.choice(("\n", "\n\n")) for part in parts))


def _shuffled_page(rnd: random.Random, made: Made) -> None:
    sheets = _two_pages(rnd, _rows(made.body, rnd.randint(38, 50)))
    capital = rnd.random() < 0.7
    for n, sheet in enumerate(sheets):
        _, folio, _ = _furniture(rnd, 6 + n)
        columns = _columns(sheet, rnd.choice((2, 2, 3)))
        first, torn = _first_column(rnd, columns[0], capital and n == 0)
        blocks = [first, *[_blocks(column) for column in columns[1:]]]
        front, back = ([b for column in blocks[1:] for b in column], blocks[0])
        if torn:
            front.insert(min(1, len(front)), torn[0])
        quote = _sentence(rnd, made.body) if rnd.random() < 0.7 else None
        halves = _halves(rnd, quote) if quote else []
        if quote:
            made.pulls.append(quote)
        if rnd.random() < 0.3:
            front, caption = _captioned(rnd, front)
            made.furniture += [caption] if caption else []
        bio = [made.bio] if made.bio and n == len(sheets) - 1 else []
        head = _head(made) if n == 0 else ["FEATURE"]
        made.pages.append(_joined([*head, *front, *bio, folio, *halves, *back, *([torn[1]] if torn else [])], rnd))
        made.furniture.append(folio)


def _captioned(rnd: random.Random, blocks: list[str]) -> tuple[list[str], str | None]:
    """A caption set into a word of a block."""
    at = rnd.randrange(len(blocks))
    places = [
        m.start()
        for m in re.finditer(r"(?<=[a-z]{4})(?=[a-z]{4})", blocks[at])
        if 40 < m.start() < len(blocks[at]) - 40
    ]
    if not places:
        return blocks, None
    cut, caption = rnd.choice(places), rnd.choice(prose.CAPTIONS)
    left = blocks[at][:cut] + ("-" if rnd.random() < 0.5 else "")
    return [*blocks[:at], left, caption, blocks[at][cut:], *blocks[at + 1 :]], caption
