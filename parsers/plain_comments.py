"""Reader comments in a text copy, where the tags that parted name, time and text are gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from cuttings.model import Comment, comment_key, plain
from parsers.plain_text import moment_in, tidied

_COUNT = re.compile(r"^(?:\d[\d,]*|no|one)\s+(?:comments?|responses?|replies|thoughts?)\b", re.I)
_ON_TITLE = re.compile(
    r"^\d[\d,]*\s+(?:comments?|responses?|replies|thoughts?)\s+(?:for|on|to)\b:?\s*[“\"‘'«]?(.+?)[”\"’'»]?$", re.I
)
_BARE = re.compile(r"^(?:(?:reader|your)\s+)?comments?(?:\s*\(\d+\))?\s*:?$", re.I)
_GRAVATAR = re.compile(r"^(?:\d+[.)]\s*)?(?:Gravatar|Avatar)\s+(?:of|for)\s+(.+)$", re.I)
_SAYS = re.compile(r"^(?:\d+[.)]\s*)?(.{1,80}?)\s+(?:says|wrote|said)\s*:$", re.I)
_POSTED = re.compile(
    r"^(?:posted|on|at|date)\b.*\d{4}|^\w+\s+\d{1,2},?\s+\d{4}\s+at\b|^\d{1,2}\s+\w+\s+\d{4}\s+at\b", re.I
)
_NAME_AND_TIME = re.compile(
    r"^(?:\d+[.)]\s*)?(.{1,60}?)\s+(?:on|posted(?:\s+on)?|at|\|)\s+(\d{1,2}\s+\w+,?\s+\d{4}.*|\w+\s+\d{1,2},?\s+\d{4}.*)$",
    re.I,
)
_END = re.compile(
    r"^(?:leave\s+(?:a\s+)?(?:comment|reply)|post\s+(?:a|your)\s+comment|add\s+(?:a|your)\s+comment|"
    r"comments\s+are\s+(?:now\s+)?closed|last\s+updated|page\s+author|log\s+in\s+to\s+comment)\b",
    re.I,
)
_FURNITURE = re.compile(r"^(?:reply|report(?:\s+abuse)?|like|permalink|log in to reply|\d+)$", re.I)
_URL = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’']")
MOST_BLANK = 40  # blank lines between a comment's heading and what it heads; more, and it heads nothing


@dataclass(frozen=True, slots=True)
class Thread:
    """Where the comments of a text begin and end (line numbers), and the title their heading repeats."""

    start: int
    end: int
    title: str | None


def _opens(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if _GRAVATAR.match(line):
        return True
    if _SAYS.match(line):
        follows = next((other for other in islice(lines, at + 1, at + 1 + MOST_BLANK) if other), "")
        if _POSTED.match(follows):
            return True
    return bool(_NAME_AND_TIME.match(line))


def thread(lines: Sequence[str]) -> Thread | None:
    """The comments' part of a text copy (tidied lines); None when it has no comments' heading."""
    for at, line in enumerate(lines):
        heading = _ON_TITLE.match(line)
        counted = _COUNT.match(line) and len(line.split()) <= 3
        if not (heading or counted or _BARE.match(line) or _opens(lines, at)):
            continue
        begin = at if _opens(lines, at) else at + 1
        follows = next((n for n in range(begin, min(len(lines), begin + MOST_BLANK)) if lines[n]), None)
        if not heading and (follows is None or not _opens(lines, follows)):
            continue  # "Comments" may also be a menu entry
        end = next((n for n in range(at + 1, len(lines)) if _END.match(lines[n])), len(lines))
        return Thread(at, end, heading[1] if heading else None)
    return None


def once(name: str) -> str:
    """Half of a name that stands twice without anything between: image text and name run together.

    "AnnAnn" -> "Ann", "Ann LeeAnn Lee" -> "Ann Lee"; "Martin Martin" has a blank between and stays.
    """
    half, rest = divmod(len(name), 2)
    return name[:half] if not rest and half and name[:half] == name[half:] else name


@dataclass(frozen=True, slots=True)
class Found:
    author: str | None
    posted: str | None
    text: str


def entries(lines: Sequence[str]) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The comments in these lines, in order, and the lines that belong to none (headings, 'Reply')."""
    found: list[Found] = []
    left: list[str] = []
    author: str | None = None
    posted: str | None = None
    paragraphs: list[list[str]] = []
    inside = False

    def close() -> None:
        text = "\n\n".join(" ".join(p) for p in paragraphs if p)
        if inside and text:
            found.append(Found(author, posted, text))
        elif inside:
            left.append(author or "")

    for at, line in enumerate(lines):
        if not line:
            if paragraphs and paragraphs[-1]:
                paragraphs.append([])
        elif _opens(lines, at):
            close()
            gravatar, stamped = _GRAVATAR.match(line), _NAME_AND_TIME.match(line)
            says = _SAYS.match(line)
            name = once(gravatar[1].strip()) if gravatar else (says or stamped or [None, line])[1]
            author, inside, paragraphs = tidied(name or "") or None, True, []
            posted = moment_in(stamped[2]) if stamped and not gravatar and not says else None
        elif inside and posted is None and not paragraphs and _POSTED.match(line):
            posted = moment_in(line)
        elif not inside or _FURNITURE.match(line):
            left.append(line)
        else:
            if not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(line)
    close()
    return tuple(found), tuple(left)


def comments(found: Sequence[Found], article: str, authors: Sequence[str]) -> tuple[Comment, ...]:
    """Records with keys; a reader who signs with the article's author's full name is marked as its author."""
    names = {plain(name) for name in authors}
    seen: dict[tuple[str | None, str], int] = {}
    out = []
    for n, one in enumerate(found, 1):
        same = (one.posted, plain(one.text))
        occurrence = seen.get(same, 0)
        seen[same] = occurrence + 1
        out.append(
            Comment(
                key=comment_key(article, one.posted, one.text, occurrence),
                article=article,
                n=n,
                author=one.author,
                author_url=None,
                by_article_author=bool(one.author) and plain(one.author or "") in names,
                posted=one.posted,
                text=one.text,
                links=tuple(dict.fromkeys(_URL.findall(one.text))),
            )
        )
    return tuple(out)
