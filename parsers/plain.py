"""Text copies of ordinary web articles: the tags are gone, only lines and blank lines are left.

What was a heading, a byline, a link or a widget is told by its place and its shape; whatever is not the article's
or a reader's goes to `set_aside` with its reason, so that no word is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cuttings.model import Article, Aside, Link, Page, Reading, Subhead, Unreadable, fingerprint, plain, precision
from parsers import plain_comments
from parsers.language import language
from parsers.plain_text import (
    attributed,
    byline,
    date_in_address,
    day_in,
    decoded,
    ends_sentence,
    host_is_readable,
    is_bio,
    is_name,
    moment_in,
    tidied,
)

_SKIP = re.compile(
    r"^(?:(?:skip|jump|go) to\b.*|accessibility(?: statement| options)?|home|menu|main menu|navigation|"
    r"search|contact(?: us)?|"
    r"about(?: us)?|site ?map|cookies?|cookie policy|privacy(?: policy)?|log ?in|sign in|register|"
    r"subscribe|print(?: this page)?|"
    r"share(?: this.*)?|tweet|email(?: this)?|back to top|advertisement|you are here:?.*|text size.*|"
    r"close|news|blogs?)$",
    re.I,
)
_NOTE = re.compile(
    r"^(?:\(?note\s*[-–—:]|\(?n\.?b\.?[\s:]|(?:a|an|another|an earlier) (?:longer |shorter |edited |"
    r"full )?version of this|"
    r"this (?:article|piece|post|blog|column|essay) (?:was )?(?:first|originally|also)\b|(?:first|"
    r"originally) published)",
    re.I,
)
_RESOURCES = re.compile(
    r"^(?:resources|references|further reading|sources|bibliography|notes and references|reading list|"
    r"works cited)\s*:?$",
    re.I,
)
_RELATED = re.compile(
    r"^(?:more (?:on|about|from|in)\b|related\b|read (?:more|next|also)\b|see also\b|you (?:may|"
    r"might) (?:also )?like\b|"
    r"also (?:on|in|read)\b|(?:most|recommended) (?:read|popular|for you)\b|recent (?:posts|articles)\b|"
    r"similar (?:posts|articles)\b|"
    r"further (?:stories|coverage)\b|latest (?:news|from)\b)",
    re.I,
)
_FROM_PAPER = re.compile(r"^more (?:from|in) ((?:the )?[A-Z][\w&’'\- ]{2,50})$", re.I)
_CLOSED = re.compile(
    r"^(?:comments are (?:now )?closed\.?|leave (?:a )?(?:comment|reply)|post a comment|add (?:a|your) comment)$", re.I
)
_FOOTER = re.compile(r"^(?:last (?:updated|modified|reviewed)|page (?:author|editor|owner|last)|updated)\b", re.I)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b|all rights reserved\b)", re.I)
_DATELINE = re.compile(r"^(?:(?:published|posted|date|added|created|on)\b.{0,20})?", re.I)
_BOOK = re.compile(r"\bauthor of ([A-Z][^().;]{5,120}?) \(([^(),;]{3,60}), ((?:19|20)\d\d)\)")
_PAPER = re.compile(
    r"(?:,| and|, and) ((?:[Tt]he )?[A-Z][\w&]*(?: (?:[A-Z][\w&]*|of|for|and|in|the))*)[’']s? "
    r"((?:[a-z-]+ ){0,3}(?:guide|guidance|report|review|handbook|toolkit|strategy|manual|survey|study|paper)\b"
    r"[^.;,()]{0,80})"
)
MOST_LINKS = 60  # blocks of related links below a text; a heading further up heads something else


@dataclass(slots=True)
class _Draft:
    """What has been found so far; `lines` is what is still unread."""

    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    bio: str | None = None
    published: str | None = None
    modified: str | None = None
    note: str | None = None
    publication: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    subheads: list[Subhead] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)


def recognises(pages: Sequence[Page]) -> bool:
    """True for text/plain pages with something to read in them; a page-turner's copy is asked for before."""
    return bool(pages) and all(
        page.media_type.split(";")[0].strip() == "text/plain"
        and page.body.strip()
        and host_is_readable(decoded(page.body))
        for page in pages
    )


def read(pages: Sequence[Page], *, source: str | None = None) -> Reading:
    """One article and its comments from a text copy; several pages are read as one text.

    Raises Unreadable(field="page") for an empty or unreadable text, field "paragraphs" where no sentence is found.
    """
    url = next((page.url for page in pages if page.url), None)
    text = "\n\n".join(decoded(page.body) for page in pages)
    if not text.strip() or not host_is_readable(text):
        raise Unreadable(url, "page", "there is no text on the page")
    lines = [tidied(line) for line in text.split("\n")]
    thread = plain_comments.thread(lines)
    draft = _Draft()
    upper, below, after = lines, [], []
    if thread:
        upper, below, after = lines[: thread.start], lines[thread.start : thread.end], lines[thread.end :]
    found, left = plain_comments.entries(below)
    _article(_blocks(upper), draft, thread.title if thread else None)
    draft.aside += [Aside(line, "heading or link of the comments") for line in left if line]
    _after(after, draft)
    if not draft.paragraphs:
        raise Unreadable(url, "paragraphs", "no sentence of an article was found in the text")
    article = _made(draft, url, source)
    return Reading((article,), plain_comments.comments(found, article.key, article.authors), tuple(draft.aside))


# ---------------------------------------------------------------- lines to blocks


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Blocks between blank lines, each a list of lines; lines that were only wrapped are joined.

    A list (one item a line) stays apart: wrapped lines are alike in length and long, items are not.
    """
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [[" ".join(block)] if _wrapped(block) else block for block in blocks if block]


def _wrapped(block: Sequence[str]) -> bool:
    full = [len(line) for line in block[:-1]]
    if not full or max(full) > 120:
        return False
    open_ends = sum(1 for line in block[:-1] if not ends_sentence(line))
    return min(full) >= 0.7 * max(full) and max(full) >= 50 and open_ends >= len(full) / 2


# ---------------------------------------------------------------- the article's part


def _article(blocks: list[list[str]], draft: _Draft, title: str | None) -> None:
    rest = _head(blocks, draft, title)
    rest = _tail(rest, draft)
    _body(rest, draft)


def _is_prose(line: str) -> bool:
    return len(line.split()) > 25 or (ends_sentence(line) and len(line.split()) >= 8)


def _head(blocks: list[list[str]], draft: _Draft, title: str | None) -> list[list[str]]:
    """Takes skip links, title, standfirst, byline and date line off the top; returns what follows."""
    at = _place_of_title(blocks, title)
    for block in blocks[:at]:
        draft.aside += [Aside(line, "link or heading above the article") for line in block]
    rest = [list(block) for block in blocks[at:]]
    if rest and not _is_prose(rest[0][0]):
        draft.title = rest[0].pop(0)
    rest = [block for block in rest if block]
    for _ in range(4):
        if not rest or not _head_line(rest, draft):
            break
        rest = [block for block in rest if block]
    return rest


def _place_of_title(blocks: Sequence[Sequence[str]], title: str | None) -> int:
    """Which block holds the headline: the one that the comments' heading repeats, else the first that is no link."""
    if title:
        for at, block in enumerate(blocks):
            if plain(block[0]) == plain(title):
                return at
    for at, block in enumerate(blocks):
        if not all(_SKIP.match(line) for line in block):
            return at
    return len(blocks)


def _head_line(rest: list[list[str]], draft: _Draft) -> bool:
    """Reads the first line of `rest` if it is a standfirst, a byline or a date; True when it was taken."""
    line, body_follows = rest[0][0], len(rest) > 1 or len(rest[0]) > 1
    named = byline(line) or (() if draft.authors or not is_name(line) else (line,))
    if named and body_follows:
        draft.authors = draft.authors or named
    elif len(line.split()) <= 12 and day_in(line) and body_follows:
        draft.published = draft.published or moment_in(line)
    elif draft.standfirst is None and len(line.split()) <= 60 and body_follows and _is_standfirst(line, rest):
        draft.standfirst = line
        draft.authors = draft.authors or attributed(line)
        rest[0].pop(0)
        return True
    elif _SKIP.match(line):
        draft.aside.append(Aside(line, "link or heading above the article"))
    else:
        return False
    if not _SKIP.match(line):
        draft.aside.append(Aside(line, "byline or date line"))
    rest[0].pop(0)
    return True


def _is_standfirst(line: str, rest: Sequence[Sequence[str]]) -> bool:
    """It names its speaker, or a byline or date stands between it and the text."""
    if attributed(line):
        return True
    following = [other for block in rest for other in block][1:3]
    return any(
        byline(other) or is_name(other) or (len(other.split()) <= 12 and day_in(other)) for other in following[:1]
    )


def _tail(blocks: list[list[str]], draft: _Draft) -> list[list[str]]:
    """Takes footers, link blocks, resources, notes, bio and signature off the bottom; returns the text proper."""
    rest = [list(block) for block in blocks]
    while rest:
        block = rest[-1]
        if not _tail_block(rest, block, draft):
            break
        rest.pop()
    return rest


def _tail_block(rest: Sequence[Sequence[str]], block: Sequence[str], draft: _Draft) -> bool:
    line = block[0]
    if all(_CLOSED.match(one) or _SKIP.match(one) or _COPYRIGHT.match(one) or _FOOTER.match(one) for one in block):
        for one in block:
            _footer(one, draft)
        return True
    if _RESOURCES.match(line) and len(block) > 1:
        draft.references[:0] = block[1:]
        draft.aside.append(Aside(line, "heading of the references"))
        return True
    if _NOTE.match(line) and len(block) == 1 and len(line.split()) <= 60:
        draft.note = line
        return True
    if len(block) == 1 and is_name(line) and len(rest) > 1:
        draft.authors = draft.authors or (line,)
        draft.aside.append(Aside(line, "author's line below the text"))
        return True
    if len(block) == 1 and draft.bio is None and len(rest) > 1 and is_bio(line, draft.authors or _signed(rest)):
        draft.bio = line
        return True
    return _links(rest, block, draft)


def _signed(rest: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The name in a line of its own within the last blocks: the author, found before their bio is asked for."""
    return tuple(block[0] for block in rest[-4:] if len(block) == 1 and is_name(block[0]))[:1]


def _links(rest: Sequence[Sequence[str]], block: Sequence[str], draft: _Draft) -> bool:
    """A heading with bare lines below it at the end of the page: links to other articles."""
    bare = [not _is_prose(one) or (not ends_sentence(one)) for one in block]
    if not all(bare) or any(len(one.split()) > 25 for one in block):
        return False
    line = block[0]
    if _RELATED.match(line):
        paper = _FROM_PAPER.match(line)
        if len(block) == 1 and not draft.related:
            draft.aside.insert(0, Aside(line, "heading of an empty list of links"))
        elif len(block) == 1:
            draft.aside.append(Aside(line, "heading of related links"))
        else:
            draft.related[:0] = [Link(one, None) for one in block[1:]]
            draft.aside.append(Aside(line, "heading of related links"))
        if paper and not draft.related:
            draft.publication = paper[1]
        return True
    if not _heads_links(rest):
        return False
    draft.related[:0] = [Link(one, None) for one in block]
    return True


def _heads_links(rest: Sequence[Sequence[str]]) -> bool:
    """True when, going up from the last block over bare lines, a heading of related links is met."""
    for block in reversed(rest[-MOST_LINKS:]):
        if any(ends_sentence(one) and len(one.split()) >= 8 for one in block):
            return False
        if _RELATED.match(block[0]):
            return True
    return False


def _footer(line: str, draft: _Draft) -> None:
    """ "Last Updated : 05 March 2014. Page Author: …" names the page's editor: its date is used, its name is not."""
    dated = moment_in(line) if _FOOTER.match(line) else None
    draft.modified = draft.modified or dated
    draft.aside.append(
        Aside(line, "footer" if _FOOTER.match(line) or _COPYRIGHT.match(line) else "heading or link of the comments")
    )


def _after(lines: Sequence[str], draft: _Draft) -> None:
    for line in lines:
        if line:
            _footer(line, draft)


# ---------------------------------------------------------------- the text proper


def _is_subhead(blocks: Sequence[Sequence[str]], at: int) -> bool:
    line = blocks[at][0]
    if len(blocks[at]) != 1 or len(line.split()) > 14 or re.search(r"[.,;:]$", line) or at + 1 >= len(blocks):
        return False
    return _is_prose(blocks[at + 1][0]) and not line[:1].islower()


def _body(blocks: Sequence[Sequence[str]], draft: _Draft) -> None:
    for at, block in enumerate(blocks):
        if _is_subhead(blocks, at):
            draft.subheads.append(Subhead(block[0], len(draft.paragraphs)))
        elif len(block) == 1 and _NOTE.match(block[0]) and at == 0 and draft.note is None:
            draft.note = block[0]
        else:
            draft.paragraphs += block


def _made(draft: _Draft, url: str | None, source: str | None) -> Article:
    published = date_in_address(url) or draft.published
    if published is None:
        # The day of the last change is the latest that the text can have appeared; nothing on the page is nearer.
        published = draft.modified
    elif draft.published and draft.published.startswith(published):
        published = draft.published
    draft.references += _works(draft.bio or "", draft.authors)
    article = Article(
        key=article_key(url, draft.title, draft.paragraphs),
        url=url,
        source=source,
        title=draft.title,
        standfirst=draft.standfirst,
        authors=draft.authors,
        author_bio=draft.bio,
        published=published,
        precision=precision(published),
        modified=draft.modified,
        paragraphs=tuple(draft.paragraphs),
        subheads=tuple(draft.subheads),
        references=tuple(draft.references),
        related_links=tuple(draft.related),
        version_note=draft.note,
        publication=draft.publication,
        language=language(None, "\n".join(draft.paragraphs)),
    )
    speaker = attributed(draft.standfirst or "")
    if speaker and set(speaker) <= set(draft.authors):
        article = replace(article, kind="opinion", kind_evidence=f"the standfirst speaks for {' and '.join(speaker)}")
    return article


def _works(bio: str, authors: Sequence[str]) -> list[str]:
    """Works that the line about the author names: books with publisher and year, and an organisation's own paper.

    "… author of Minutes (Almoner Press, 2011) and the Moor Trust’s guide to rotas" -> two references.
    """
    book = _BOOK.search(bio)
    if not book or not authors:
        return []
    paper = _PAPER.match(bio, book.end())
    out = [f"{authors[0]}, {book[1]}, {book[2]}, {book[3]}"]
    if paper:
        out.append(f"{paper[1][0].upper()}{paper[1][1:]}, {paper[2]}")
    return out


def article_key(url: str | None, title: str | None, paragraphs: Sequence[str]) -> str:
    """Article.key: of the canonical address when there is one, else of the title and the first paragraph."""
    if not url:
        return fingerprint(title, *(plain(p) for p in paragraphs[:1]))
    try:
        from cuttings.addresses import canonical
    except ImportError:
        return fingerprint(url)
    return fingerprint(canonical(url))
