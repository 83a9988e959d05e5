"""A second maker of damaged pages, written apart from the first: whole stories, more columns, more kinds of damage.

`make(kind, seed, taste)`: the kinds are the five fault types, P (a PDF's lines, q-pages) and S (several articles on a
page). A `Taste` holds the odds of every fault, so that rules tuned to one taste can be measured on another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.digital_edition.generator import broken_ligatures
from tests.digital_edition.stories import STORIES

KINDS = ("A", "B", "C", "D", "E", "P", "S")
NAMES = (
    "Oona Fairbrother", "Dev Chatterley", "Marcus Thwaite", "Ines Calloway", "Joseph Amadi", "Beth Arkwright",
    "Rowan Pike", "Nadia Summers", "Huw Tredegar", "Clare Oduya",
)  # fmt: skip
BIOS = (
    "{name} is head of commissioning at Staveley Vale Council",
    "{name} chairs the county’s carers’ forum and writes in a personal capacity.",
    "The author manages a hospital discharge team. Email {first}@example.org",
    "{name} was director of adult services at Hedley until 2011",
)
MASTHEADS = ("CIVICCARE", "SOCIAL PRACTICE", "THE LOCAL DIRECTOR", "ADULTSERVICESREVIEW", "HOMES & PEOPLE")
ISSUES = ("FEB11", "JUNE 2012", "NOV 10", "MAY 13", "AUTUMN 2014", "")
CAPTIONS = (
    "Night shift: the team’s car at Thorncombe",
    "Photograph: Hettie Moor",
    "Above: the hall at Lantern Court",
    "Picture by Sam Ogilvy",
    "The old laundry, now a drop-in",
)
ADVERTS = (
    ("ADVERTISEMENT", "Recruiting now", "Senior practitioners, Hedley", "www.hedleyjobs.example"),
    ("Stairlifts from £9 a week", "Call 0800 000 0000 today"),
    ("Save the date", "National care conference, 4 June", "events@example.org"),
)
STAFF = (
    "Publisher", "Wren Halloran", "wren@example.net", "News editor", "Tam Birch", "tam@example.net", "Design",
    "Lou Farrant", "Circulation", "Pip Eden", "pip@example.net", "Printed by Moss & Sons", "ISSN 0000-0000",
)  # fmt: skip
KICKERS = frozenset(kicker for _, _, kicker, _ in STORIES)
MARKS = ("CC", "SP", "■", "TLD", "●")


@dataclass(frozen=True)
class Taste:
    columns: tuple[int, ...] = (2, 3, 4)
    widths: tuple[int, int] = (30, 62)
    most: int = 6  # paragraphs of a story
    cap: float = 0.75
    cap_depths: tuple[int, ...] = (1, 2, 2, 3)
    cap_last: float = 0.3
    two_letters: float = 0.1
    block_breaks: tuple[str, ...] = ("first line", "first line", "first line", "column")
    pull: float = 0.75
    second_pull: float = 0.2
    pull_inside: float = 0.4
    glued_folio: float = 0.12
    caption: float = 0.25
    advert: float = 0.12
    odd_title: float = 0.15
    hyphens: float = 0.35
    soft_hyphens: float = 0.2
    lost_spaces: float = 0.1
    mark: float = 0.35
    bio: float = 0.6
    two_pages: float = 0.45
    continued: float = 0.3
    kicker: float = 0.25
    reversed_columns: float = 0.15


SECOND = Taste()
THIRD = Taste(
    columns=(2, 3),
    widths=(36, 56),
    cap=0.85,
    cap_depths=(1, 2, 3, 3),
    cap_last=0.5,
    two_letters=0.05,
    pull=0.9,
    second_pull=0.35,
    pull_inside=0.6,
    glued_folio=0.2,
    caption=0.35,
    advert=0.05,
    odd_title=0.25,
    hyphens=0.5,
    soft_hyphens=0.1,
    lost_spaces=0.2,
    mark=0.2,
    bio=0.8,
    two_pages=0.6,
    continued=0.15,
    kicker=0.1,
    reversed_columns=0.3,
)


@dataclass
class Truth:
    title: str
    standfirst: str
    author: str
    bio: str | None
    body: list[str]


@dataclass
class Made:
    kind: str
    pages: list[str] = field(default_factory=list)
    articles: list[Truth] = field(default_factory=list)
    pulls: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [word for article in self.articles for p in article.body for word in p.split()]


@dataclass
class _Row:
    text: str
    first: bool


# ---------------------------------------------------------------- setting


def _syllables(word: str) -> list[int]:
    """Places where a plain word may be cut: before a consonant that a vowel follows, two letters in from each end."""
    places = [m.start() for m in re.finditer(r"(?<=[aeiouy])(?=[^aeiouyh’–-][aeiouy])", word)]
    return [at for at in places if 3 <= at <= len(word) - 3]


def _rows(rnd: random.Random, paragraphs: Sequence[str], width: int, hyphen: str) -> list[_Row]:
    """Paragraphs set in lines; words of seven letters and more may be cut, at `hyphen` or at a hyphen they have."""
    rows = []
    for paragraph in paragraphs:
        line, first, room = "", True, width - 3
        for word in paragraph.split():
            while line and len(line) + 1 + len(word) > room:
                head, tail = _cut(rnd, word, room - len(line) - 1, hyphen)
                rows.append(_Row(f"{line} {head}".strip(), first))
                line, word, first, room = "", tail, False, width
                if not word:
                    break
            line = f"{line} {word}".strip() if word else line
        if line:
            rows.append(_Row(line, first))
    return rows


def _cut(rnd: random.Random, word: str, room: int, hyphen: str) -> tuple[str, str]:
    own = word.find("-") + 1
    if 2 < own <= room and own < len(word) and word[own].isalpha():
        return word[:own], word[own:]
    places = [at for at in _syllables(word) if at + 1 <= room] if word.islower() and len(word) >= 7 else []
    if hyphen and places and rnd.random() < 0.5:
        return word[: places[-1]] + hyphen, word[places[-1] :]
    return "", word


def _in_columns(rows: list[_Row], count: int) -> list[list[_Row]]:
    size = -(-len(rows) // count)
    return [rows[n * size : (n + 1) * size] for n in range(count) if rows[n * size : (n + 1) * size]]


def _blocks(column: Sequence[_Row], breaks: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    for row in column:
        blocks[-1].append(row.text)
        if breaks == "first line" and row.first:
            blocks.append([])
    return [" ".join(block) for block in blocks if block]


def _torn(rnd: random.Random, column: list[_Row], taste: Taste) -> tuple[list[_Row], tuple[str, str] | None]:
    """The first column without its drop-cap lines, the letter and those lines without it."""
    if len(column) < 7 or rnd.random() >= taste.cap:
        return column, None
    start = column[0].text
    letters = 2 if start[0] == "“" and start[1].isalpha() else 1
    if letters == 1 and rnd.random() < taste.two_letters and start[1:2].isalpha():
        letters = 2
    deep = rnd.choice(taste.cap_depths)
    if not start[letters - 1].isalpha() or any(row.first for row in column[1 : deep + 1]):
        return column, None
    lines = " ".join(row.text for row in column[:deep])
    return column[deep:], (lines[:letters], lines[letters:].lstrip())


# ---------------------------------------------------------------- furniture


def _folio(rnd: random.Random, number: int) -> str:
    name, issue = rnd.choice(MASTHEADS), rnd.choice(ISSUES)
    return rnd.choice(
        (
            f"{number} {name} {issue}".strip(),
            " ".join(f"{name} {issue} {number}".split()),
            f"– {number} –",
            f"Page {number}",
            f"{number} | {name}",
        )
    )


def _page_list(rnd: random.Random) -> str:
    bars = rnd.choice(("  |  ", " \u00a0|\u00a0 ", " "))
    return bars.join(f"Page {n}" for n in range(1, rnd.randint(12, 44)))


def _quote(rnd: random.Random, body: Sequence[str]) -> str | None:
    found = []
    for paragraph in body:
        for match in re.finditer(r"(?:^|(?<=[.!?] ))[A-Z][^“”.!?()]{35,230}[.!?](?= |$)", paragraph):
            words = match[0].split()
            if 7 <= len(words) <= 34:
                found.append(match[0])
    if not found:
        return None
    quote = rnd.choice(found)
    if rnd.random() < 0.2 and ", " in quote and len(quote.split(", ")[0].split()) >= 6:
        quote = quote.split(", ")[0]
    return quote.rstrip(".") if rnd.random() < 0.8 else quote


def _parts(rnd: random.Random, quote: str) -> list[str]:
    words = quote.split()
    if len(words) < 9 or rnd.random() < 0.45:
        return [quote]
    at = rnd.randint(len(words) // 3, len(words) - 2)
    return [" ".join(words[:at]), " ".join(words[at:])]


def _pulls(rnd: random.Random, made: Made, body: Sequence[str], taste: Taste) -> list[list[str]]:
    out = []
    for odds in (taste.pull, taste.pull * taste.second_pull):
        quote = _quote(rnd, body) if rnd.random() < odds else None
        if quote and not any(quote[:30] in other for other in made.pulls):
            made.pulls.append(quote)
            out.append(_parts(rnd, quote))
    return out


def _title(rnd: random.Random, title: str, taste: Taste) -> str:
    if rnd.random() >= taste.odd_title:
        return title
    return rnd.choice((f"{title} {title}", "  ".join(" ".join(word) for word in title.upper().split())))


def _lost_spaces(rnd: random.Random, text: str, odds: float) -> str:
    """Two long, plain words run together, seldom."""
    if rnd.random() >= odds:
        return text
    places = [m.start(1) for m in re.finditer(r"(?<= [a-z]{6})( )(?=[a-z]{6})", text)]
    at = rnd.choice(places) if places else None
    return text if at is None else text[:at] + text[at + 1 :]


# ---------------------------------------------------------------- pages


def make(kind: str, seed: int, taste: Taste = SECOND, stories: Sequence[tuple] = STORIES) -> Made:
    rnd = random.Random(f"{kind}/{seed}")
    made = Made(kind)
    count = rnd.choice((2, 2, 3)) if kind == "S" else 1
    for title, standfirst, kicker, paragraphs in rnd.sample(list(stories), count):
        name = rnd.choice(NAMES)
        most = rnd.randint(2, 3) if kind == "S" else rnd.randint(min(4, len(paragraphs)), taste.most)
        bio = rnd.choice(BIOS).format(name=name, first=name.split()[0].lower())
        story = list(paragraphs[:most])
        made.articles.append(
            Truth(title, standfirst.format(name=name), name, bio if rnd.random() < taste.bio else None, story)
        )
        if rnd.random() < taste.kicker and kind in "ACE":
            made.furniture.append(kicker)
    {"A": _a, "B": _b, "C": _c, "D": _d, "E": _e, "P": _p, "S": _s}[kind](rnd, made, taste)
    return made


def _hyphen(rnd: random.Random, taste: Taste) -> str:
    chance = rnd.random()
    return "‐" if chance < taste.soft_hyphens else "-" if chance < taste.soft_hyphens + taste.hyphens else ""


def _sheets(rnd: random.Random, rows: list[_Row], taste: Taste) -> list[list[_Row]]:
    if len(rows) < 44 or rnd.random() >= taste.two_pages:
        return [rows]
    at = rnd.randint(len(rows) * 2 // 5, len(rows) * 3 // 5)
    return [rows[:at], rows[at:]]


def _set(rnd: random.Random, story: Truth, taste: Taste, widths: tuple[int, int] | None = None) -> list[list[_Row]]:
    low, high = widths or taste.widths
    rows = _rows(rnd, story.body, rnd.randint(low, high), _hyphen(rnd, taste))
    return _sheets(rnd, rows, taste)


def _head(rnd: random.Random, made: Made, taste: Taste, n: int, byline: bool) -> list[str]:
    if n:
        return []
    story = made.articles[0]
    kicker = [text for text in made.furniture if text in KICKERS]
    return [*kicker, _title(rnd, story.title, taste), story.standfirst, *([f"By {story.author}"] if byline else [])]


def _joined(rnd: random.Random, parts: Sequence[str]) -> str:
    return rnd.choice(("\n", "\n\n", "\n\n\n")).join(part for part in parts if part)


def _spliced(rnd: random.Random, made: Made, columns: list[list[str]], taste: Taste) -> None:
    """A caption between two blocks, or inside one, in mid sentence or mid word."""
    if rnd.random() >= taste.caption:
        return
    caption = rnd.choice(CAPTIONS)
    blocks = rnd.choice(columns)
    at = rnd.randrange(len(blocks))
    text = blocks[at]
    inside = [m.start() for m in re.finditer(r"(?<=[a-z]{4})(?=[a-z]{4})", text) if 50 < m.start() < len(text) - 50]
    between = [m.start() for m in re.finditer(r"(?<=[a-z]{2}) (?=[a-z])", text) if 50 < m.start() < len(text) - 50]
    places = inside if rnd.random() < 0.4 else between
    if not places:
        return
    cut = rnd.choice(places)
    made.furniture.append(caption)
    left = text[:cut] + ("-" if places is inside and rnd.random() < 0.5 else "")
    blocks[at : at + 1] = [left, caption, text[cut:].lstrip()]


def _with_pulls(rnd: random.Random, columns: list[list[str]], quotes: list[list[str]], taste: Taste) -> list[list[str]]:
    """Quotes between two columns' blocks, or between two blocks of one column."""
    for parts in quotes:
        column = rnd.choice(columns)
        at = rnd.randint(1, len(column)) if rnd.random() < taste.pull_inside and len(column) > 1 else len(column)
        column[at:at] = parts
    return columns


def _glued(rnd: random.Random, parts: list[str], folio: str, taste: Taste) -> list[str]:
    """Sometimes a folio with a name in capitals is glued on to the end of the block above it."""
    at = parts.index(folio)
    if rnd.random() < taste.glued_folio and at and re.search(r"[A-Z]{5}", folio) and len(parts[at - 1].split()) > 12:
        return [*parts[: at - 1], f"{parts[at - 1]} {folio}", *parts[at + 1 :]]
    return parts


def _a(rnd: random.Random, made: Made, taste: Taste) -> None:
    story = made.articles[0]
    sheets = _set(rnd, story, taste)
    breaks, number = rnd.choice(taste.block_breaks), rnd.randint(8, 60)
    notice = "This page contains a Flash digital edition of a book." if rnd.random() < 0.6 else ""
    listed = _page_list(rnd) if rnd.random() < 0.6 else ""
    for n, rows in enumerate(sheets):
        last = n == len(sheets) - 1
        columns = _in_columns(rows, rnd.choice(taste.columns))
        torn = None
        if n == 0:
            columns[0], torn = _torn(rnd, columns[0], taste)
        set_ = [_blocks(column, breaks) for column in columns]
        if last and rnd.random() < taste.mark:
            mark = rnd.choice(MARKS)
            set_[-1][-1] += f" {mark}"
            made.furniture.append(mark)
        _spliced(rnd, made, set_, taste)
        cut = rnd.randint(1, len(set_))
        quotes = _pulls(rnd, made, [" ".join(row.text for row in rows)], taste) if breaks else []
        before, after = set_[:cut], set_[cut:]
        first: list[str] = []
        if torn:
            if rnd.random() < 0.55:
                before[0][0] = f"{torn[0]} {before[0][0]}"
            else:
                first = [torn[0]]
        if after:
            _with_pulls(rnd, after, quotes[:1], taste)
            _with_pulls(rnd, before, quotes[1:], taste)
        else:
            _with_pulls(rnd, before, quotes, taste)
        folio = _folio(rnd, number + n)
        advert = list(rnd.choice(ADVERTS)) if rnd.random() < taste.advert else []
        bio = [story.bio] if story.bio and last else []
        opener = [torn[1]] if torn else []
        at_end = rnd.random() < taste.cap_last
        middle = [b for column in after for b in column]
        parts = [
            notice,
            *_head(rnd, made, taste, n, False),
            *first,
            *[b for column in before for b in column],
            *bio,
            folio,
            *([] if at_end else opener),
            *middle,
            *(opener if at_end else []),
            *advert,
            *([f"Continued on page {number + 1}"] if not last and rnd.random() < taste.continued else []),
            listed,
        ]
        made.furniture += [notice, folio, listed, *advert]
        parts = [_lost_spaces(rnd, part, taste.lost_spaces * 0.3) if len(part) > 90 else part for part in parts]
        made.pages.append(_joined(rnd, _glued(rnd, parts, folio, taste)))


def _interface(rnd: random.Random) -> list[str]:
    words = [
        f"{a}.{b}"
        for a in ("search", "basket", "orderForm", "share", "note")
        for b in ("title", "noResults", "itemPrice", "sendMessage", "close")
    ]
    return rnd.sample(words, rnd.randint(15, 20))


def _b(rnd: random.Random, made: Made, taste: Taste) -> None:
    story = made.articles[0]
    number, breaks = rnd.randint(8, 60), rnd.choice(("first line", "column", "column"))
    for n, rows in enumerate(sheets := _set(rnd, story, taste)):
        last = n == len(sheets) - 1
        set_ = [_blocks(column, breaks) for column in _in_columns(rows, rnd.choice(taste.columns))]
        quotes = _pulls(rnd, made, [" ".join(row.text for row in rows)], taste)
        cut = rnd.randint(1, len(set_))
        _with_pulls(rnd, set_[cut - 1 :], quotes, taste)
        folio, words = _folio(rnd, number + n), _interface(rnd)
        head = _head(rnd, made, taste, n, rnd.random() < 0.6) or ["FEATURE"]
        bio = [story.bio] if story.bio and last else []
        text = [
            *head, *[b for c in set_[:cut] for b in c], folio, *[b for c in set_[cut:] for b in c], *bio,
        ]  # fmt: skip
        spaced = rnd.choice(("\n", "\n\n\n"))
        made.pages.append(
            "\n".join(words) + spaced + spaced.join(broken_ligatures(part) if part != folio else part for part in text)
        )
        made.furniture += [*words, folio]


def _c(rnd: random.Random, made: Made, taste: Taste) -> None:
    story = made.articles[0]
    number, staff = rnd.randint(8, 60), list(STAFF[: rnd.randint(6, len(STAFF))])
    for n, rows in enumerate(sheets := _set(rnd, story, taste, (44, 68))):
        last = n == len(sheets) - 1
        step, start, box = rnd.choice((1, 2, 2, 3)), rnd.randint(0, 5), iter(staff if n == 0 else [])
        lines = []
        for k, row in enumerate(rows):
            if k >= start and (k - start) % step == 0 and (extra := next(box, None)):
                lines.append(extra)
                made.furniture.append(extra)
            lines.append(row.text)
        folio = _folio(rnd, number + n)
        bio = [story.bio] if story.bio and last else []
        head = _head(rnd, made, taste, n, rnd.random() < 0.3) or ["FEATURE"]
        listed = _page_list(rnd) if rnd.random() < 0.6 else ""
        parts = [folio, *head, *lines, *bio] if rnd.random() < 0.6 else [*head, *lines, *bio, folio]
        made.pages.append("\n".join(part for part in [*parts, listed] if part))
        made.furniture += [folio, listed]


def _d(rnd: random.Random, made: Made, taste: Taste) -> None:
    story = made.articles[0]
    number = rnd.randint(8, 60)
    for n, rows in enumerate(sheets := _set(rnd, story, taste, (30, 46))):
        last = n == len(sheets) - 1
        count = rnd.choice((2, 2, 3)) if len(rows) > 36 else 2
        columns = [[row.text for row in column] for column in _in_columns(rows, count)]
        if n == 0 and rnd.random() < taste.cap and columns[0][0][0].isalpha() and not rows[1].first:
            columns[0][1] = f"{columns[0][0][0]} {columns[0][1]}"
            columns[0][0] = columns[0][0][1:].lstrip()
        wide, exact = max(len(line) for column in columns for line in column) + 3, rnd.random() < 0.4
        lines = []
        for k in range(max(len(column) for column in columns)):
            cells = [column[k] if k < len(column) else "" for column in columns]
            gutter = " " * rnd.choice((3, 4, 6))
            line = "".join(f"{cell:<{wide}}" for cell in cells) if exact else gutter.join(c for c in cells if c)
            lines.append(line.rstrip())
        quotes = _pulls(rnd, made, [" ".join(row.text for row in rows)], taste)
        top = [f"Page {number + n} - {rnd.choice(MASTHEADS).title()}", f"P. {number + n}"]
        foot = f"www.civiccare.example   {number + n}"
        bio = [story.bio] if story.bio and last else []
        head = _head(rnd, made, taste, n, rnd.random() < 0.7) or ["FEATURE"]
        parts = [*top, *head, *lines, *[part for quote in quotes[:1] for part in quote], *bio, foot]
        made.pulls[:] = made.pulls[: len(made.pulls) - len(quotes[1:])]
        gap = rnd.choice(("\n", "\n\n", "mixed"))
        made.pages.append("".join(part + (rnd.choice(("\n", "\n\n")) if gap == "mixed" else gap) for part in parts))
        made.furniture += [*top, foot]


def _e(rnd: random.Random, made: Made, taste: Taste) -> None:
    story = made.articles[0]
    number, breaks = rnd.randint(8, 60), rnd.choice(taste.block_breaks)
    for n, rows in enumerate(sheets := _set(rnd, story, taste)):
        last = n == len(sheets) - 1
        columns = _in_columns(rows, rnd.choice(taste.columns))
        torn = None
        if n == 0:
            columns[0], torn = _torn(rnd, columns[0], taste)
        set_ = [_blocks(column, breaks) for column in columns]
        _spliced(rnd, made, set_, taste)
        quotes = _pulls(rnd, made, [" ".join(row.text for row in rows)], taste)
        front, back = [b for column in set_[1:] for b in column], set_[0]
        if rnd.random() < taste.reversed_columns:
            front = [b for column in reversed(set_[1:]) for b in column]
        if torn:
            front.insert(min(rnd.choice((0, 1, 1)), len(front)), torn[0])
        folio = _folio(rnd, number + n)
        bio = [story.bio] if story.bio and last else []
        inner = [part for quote in quotes for part in quote]
        if rnd.random() < taste.pull_inside and len(back) > 1:
            at = rnd.randint(1, len(back) - 1)
            back[at:at] = inner
            inner = []
        head = _head(rnd, made, taste, n, False) or ["FEATURE"]
        parts = [*head, *front, *bio, folio, *inner, *back, *([torn[1]] if torn else [])]
        made.pages.append(_joined(rnd, parts))
        made.furniture.append(folio)


def _p(rnd: random.Random, made: Made, taste: Taste) -> None:
    """Lines as a PDF gives them: column after column, the drop capital above everything or above the text."""
    story = made.articles[0]
    number = rnd.randint(8, 60)
    for n, rows in enumerate(sheets := _set(rnd, story, taste, (32, 60))):
        last = n == len(sheets) - 1
        lines = [row.text for row in rows]
        cap = ""
        if n == 0 and rnd.random() < taste.cap and lines[0][0].isalpha():
            cap, lines[0] = lines[0][0], lines[0][1:].lstrip()
        head = _head(rnd, made, taste, n, False)
        above = rnd.random() < 0.5
        quotes = _pulls(rnd, made, [" ".join(lines)], taste)
        gaps = rnd.random() < 0.4
        narrow = max(14, round(max(map(len, lines)) * 0.62))
        size = -(-len(lines) // rnd.choice((1, 2, 2)))
        columns = [lines[at : at + size] for at in range(0, len(lines), size)]
        for quote in quotes:
            column = rnd.choice(columns)
            set_ = [row.text for row in _rows(rnd, [" ".join(quote)], narrow, "")]
            at = rnd.randint(2, max(2, len(column) - 2)) if not gaps else len(column)
            column[at:at] = ["", *set_, ""] if gaps else set_
        body: list[str] = []
        for k, column in enumerate(columns):
            body += ["", *column] if k and gaps else column
        running, folio = rnd.choice(("OPINION", "ANALYSIS", "")), f"{number + n} {rnd.choice(MASTHEADS)}"
        bio = [row.text for row in _rows(rnd, [story.bio], 44, "")] if story.bio and last else []
        parts = [*([cap] if above and cap else []), *head, *([cap] if cap and not above else []), *body]
        parts += [*([""] if gaps and bio else []), *bio, *([running] if running else []), folio]
        made.furniture += [running, folio]
        made.pages.append("\n".join(parts))


def _s(rnd: random.Random, made: Made, _taste: Taste) -> None:
    """Two or three short articles below each other on a page of blocks or of lines."""
    in_lines, number = rnd.random() < 0.4, rnd.randint(8, 60)
    parts = []
    for story in made.articles:
        rows = _rows(rnd, story.body, rnd.randint(40, 60), "")
        parts += [story.title, story.standfirst, *([f"By {story.author}"] if rnd.random() < 0.5 else [])]
        parts += [row.text for row in rows] if in_lines else _blocks(rows, "first line")
        parts += [story.bio] if story.bio else []
    folio = _folio(rnd, number)
    made.furniture.append(folio)
    made.pages.append("\n".join([*parts, folio]))
