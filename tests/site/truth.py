"""The sample site's content, and with it the ground truth: what a perfect reader would make of every page.

One file in `content/<source>/` is one page's article with its readers' comments. Front matter is TOML
between two lines of `+++`; the body is paragraphs parted by blank lines, where a block that begins

    "## "   is a subhead            "> "  is a pull quote (it repeats words of the body)
    "- "    is a list, a line each  "! "  is a picture's caption

and `[words](address)` is a link, `*words*` an emphasis anywhere. After a line `=== comments` every comment begins with

    @ NAME | 2026-10-27 09:14:22 | VERDICT SUBTYPE | options

Options: `>3` answers comment 3 of the file, `=3` says the same as comment 3, `by-author`, `url=http://…` (the
name's link). Once read, comments are numbered from 1 in the order of the page, where answers stand right below
what they answer.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"

VERDICTS = ("genuine", "spam", "duplicate")
# What a page is; everything but "article" is met with a reason by whoever reads it.
OUTCOMES = ("article", "other language", "login wall", "cookie wall", "soft 404", "disallowed", "not an article")

_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+|/[^)\s]*)\)")
_EMPHASIS = re.compile(r"\*(\w[^*\n]*)\*")
_BARE = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;:!?]")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the body: kind "p", "h", "quote", "li" or "caption", in light markup."""

    kind: str
    markup: str

    @property
    def text(self) -> str:
        return plain(self.markup)


@dataclass(frozen=True, slots=True)
class TrueComment:
    """A reader's comment and the truth about it. `posted` is local time, "2026-10-27T09:14:22"."""

    n: int
    author: str
    posted: str
    verdict: str
    subtype: str
    markup: str
    author_url: str | None = None
    by_author: bool = False
    parent: int | None = None
    duplicate_of: int | None = None

    @property
    def text(self) -> str:
        return plain(self.markup)

    @property
    def links(self) -> tuple[str, ...]:
        """Addresses in the text: behind words, or bare."""
        behind = [m.group(2) for m in _LINK.finditer(self.markup)]
        return (*behind, *_BARE.findall(plain(self.markup)))

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.posted)


@dataclass(frozen=True, slots=True)
class TrueArticle:
    """A page as its author meant it. `published` has the precision the page shows: month, day or time (local)."""

    source: str
    slug: str
    published: str
    title: str | None = None  # None: the page shows no headline
    standfirst: str | None = None
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    bio: str | None = None
    modified: str | None = None
    kind: str = "news"
    language: str = "en"
    themes: tuple[str, ...] = ()  # the first is the main one; none: off topic
    category: str = "News"
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()  # (words, address)
    version_note: str | None = None
    copy_of: str | None = None  # "source/slug" of the article this is a copy of
    editor: str | None = None  # the page's editor, who is not its author
    comments_closed: bool = False
    pages: tuple[int, ...] = ()  # printed pages of a page-turner
    damage: str | None = None  # how the page-turner's text layer is spoilt
    outcome: str = "article"
    folder: str | None = None  # where on the site it lives, when not at the usual place
    blocks: tuple[Block, ...] = ()
    comments: tuple[TrueComment, ...] = field(default=())

    @property
    def id(self) -> str:
        return f"{self.source}/{self.slug}"

    @property
    def precision(self) -> str:
        return {4: "year", 7: "month", 10: "day"}.get(len(self.published), "time")

    @property
    def day(self) -> str:
        """As much of the date as says no hour: "2026-10-27", or "2026-10"."""
        return self.published[:10]

    @property
    def when(self) -> datetime:
        """A moment to sort by and to write into headers; the first of the month where only that is known."""
        return datetime.fromisoformat(self.published + "-01" if self.precision == "month" else self.published)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """A list is one paragraph, a line and a bullet each item."""
        found: list[str] = []
        for part in self.body():
            if isinstance(part, list):
                found.append("\n".join(f"• {item.text}" for item in part))
            elif part.kind == "p":
                found.append(part.text)
        return tuple(found)

    @property
    def subheads(self) -> tuple[tuple[str, int], ...]:
        """(words, index of the paragraph it stands above)."""
        found: list[tuple[str, int]] = []
        n = 0
        for part in self.body():
            if isinstance(part, list) or part.kind == "p":
                n += 1
            elif part.kind == "h":
                found.append((part.text, n))
        return tuple(found)

    @property
    def pull_quotes(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind == "quote")

    @property
    def captions(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind == "caption")

    @property
    def has_list(self) -> bool:
        """Readers may part the items of a list or not; compare words where a test doesn't care."""
        return any(b.kind == "li" for b in self.blocks)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        return len(self.text.split())

    def body(self) -> list[Block | list[Block]]:
        """The blocks as a page prints them, neighbouring list items together."""
        grouped: list[Block | list[Block]] = []
        for block in self.blocks:
            if block.kind != "li":
                grouped.append(block)
            elif grouped and isinstance(grouped[-1], list):
                grouped[-1].append(block)
            else:
                grouped.append([block])
        return grouped


def plain(markup: str) -> str:
    """The words without the links behind them and without their emphasis."""
    return _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", markup))


def parse(source: str, text: str) -> TrueArticle:
    """One content file. Raises ValueError with the file's fault."""
    _, front, rest = text.split("+++\n", 2)
    values: dict[str, Any] = tomllib.loads(front)
    body, _, thread = rest.partition("\n=== comments\n")
    tuples = {k: tuple(values[k]) for k in ("authors", "themes", "tags", "references", "pages") if k in values}
    related = tuple((words, url) for words, url in values.get("related", ()))
    fields: dict[str, Any] = values | tuples | {"related": related}
    article = TrueArticle(source=source, blocks=tuple(_blocks(body)), comments=tuple(_comments(thread)), **fields)
    _check(article)
    return article


def _blocks(body: str) -> list[Block]:
    kinds: dict[str, str] = {"## ": "h", "> ": "quote", "! ": "caption"}
    found = []
    for chunk in re.split(r"\n\s*\n", body.strip()):
        mark = next((m for m in kinds if chunk.startswith(m)), None)
        if chunk.startswith("- "):
            found += [Block("li", line.removeprefix("- ").strip()) for line in chunk.splitlines()]
        elif mark:
            found.append(Block(kinds[mark], " ".join(chunk.removeprefix(mark).split())))
        elif chunk.strip():
            found.append(Block("p", " ".join(chunk.split())))
    return found


def _comments(thread: str) -> list[TrueComment]:
    found = []
    for n, chunk in enumerate(re.split(r"^@ ", thread, flags=re.MULTILINE)[1:], 1):
        head, _, text = chunk.partition("\n")
        author, posted, verdict, *options = (part.strip() for part in head.split(" | "))
        outcome, _, subtype = verdict.partition(" ")
        values: dict[str, Any] = {}
        for option in " ".join(options).split():
            if option.startswith(">"):
                values["parent"] = int(option[1:])
            elif option.startswith("="):
                values["duplicate_of"] = int(option[1:])
            elif option.startswith("url="):
                values["author_url"] = option[4:]
            elif option == "by-author":
                values["by_author"] = True
            else:
                raise ValueError(f"comment {n}: unknown option {option!r}")
        found.append(
            TrueComment(n, author, posted.replace(" ", "T"), outcome, subtype or "ordinary", text.strip(), **values)
        )
    return _renumbered(found)


def _renumbered(comments: list[TrueComment]) -> list[TrueComment]:
    """From the numbers of the file to those of the page."""
    ordered = in_page_order(comments)
    number = {comment.n: n for n, comment in enumerate(ordered, 1)}

    def renumbered(comment: TrueComment) -> TrueComment:
        parent = None if comment.parent is None else number[comment.parent]
        duplicate_of = None if comment.duplicate_of is None else number[comment.duplicate_of]
        return replace(comment, n=number[comment.n], parent=parent, duplicate_of=duplicate_of)

    return [renumbered(comment) for comment in ordered]


def _check(article: TrueArticle) -> None:
    for comment in article.comments:
        where = f"{article.id}, comment {comment.n}"
        if comment.verdict not in VERDICTS:
            raise ValueError(f"{where}: verdict {comment.verdict!r}")
        if (comment.verdict == "duplicate") != (comment.duplicate_of is not None):
            raise ValueError(f"{where}: a duplicate says of which, and nothing else does")
        if comment.parent is not None and article.comments[comment.parent - 1].when > comment.when:
            raise ValueError(f"{where}: answers what was not yet written")
    if article.outcome not in OUTCOMES:
        raise ValueError(f"{article.id}: outcome {article.outcome!r}")


def in_page_order(comments: Sequence[TrueComment], parent: int | None = None) -> list[TrueComment]:
    """The thread, every comment followed by its answers."""
    found = []
    for comment in comments:
        if comment.parent == parent:
            found += [comment, *in_page_order(comments, comment.n)]
    return found


@functools.cache
def articles() -> tuple[TrueArticle, ...]:
    """Every page of the sample site that has content, newest first within its source."""
    found = []
    for path in sorted(CONTENT.glob("*/*.md")):
        try:
            found.append(parse(path.parent.name, path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path.relative_to(CONTENT)}: {error}") from error
    return tuple(sorted(found, key=lambda a: (a.source, -a.when.timestamp(), a.slug)))


def of(source: str) -> tuple[TrueArticle, ...]:
    """The articles of one source, newest first."""
    return tuple(a for a in articles() if a.source == source)


def article(id: str) -> TrueArticle:  # noqa: A002 - "source/slug", as everywhere here
    """One article by its "source/slug"."""
    return next(a for a in articles() if a.id == id)
