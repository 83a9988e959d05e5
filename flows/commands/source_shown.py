"""What `cuttings source` prints: readings and discoveries, in 80 columns. Pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cuttings.edges.discover import Discovery
    from cuttings.model import Article, Comment, Reading

WIDTH = 80
_LABEL = 13
_FIRST_PARAGRAPHS = 4
_FIRST_COMMENTS = 3
_REASONS = 12


def line(label: str, text: str | None) -> str:
    return f"{label:<{_LABEL}}{short(text)}".rstrip()


def short(text: str | None, width: int = WIDTH - _LABEL) -> str:
    # "–" and "é" are fine in a terminal; a site's control characters would move the cursor.
    flat = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text or "-").split())
    return flat if len(flat) <= width else f"{flat[: width - 1]}…"


def counted(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


# ---------------------------------------------------------------- a reading


def reading(found: Reading) -> Iterator[str]:
    """What a document says, article by article, and what was left out of it."""
    for n, article in enumerate(found.articles):
        if n:
            yield ""
        yield from _article(article)
        yield from _comments([c for c in found.comments if c.article == article.key])
    yield from _set_aside([(aside.why, aside.text) for aside in found.set_aside], "piece", "pieces")


def _article(article: Article) -> Iterator[str]:
    yield line("Title", article.title or "(the page has no headline)")
    if article.standfirst:
        yield line("Standfirst", article.standfirst)
    yield line("Authors", ", ".join(article.authors) or "(none named)")
    changed = f", changed {article.modified}" if article.modified else ""
    yield line("Published", f"{article.published or '(no date found)'}{changed}")
    why = f" ({article.kind_evidence})" if article.kind_evidence else ""
    yield line("Kind", f"{article.kind}{why}; language {article.language or 'unknown'}")
    words = counted(len(article.text.split()), "word")
    yield line("Body", f"{counted(len(article.paragraphs), 'paragraph')}, {words}")
    for n, paragraph in enumerate(article.paragraphs[:_FIRST_PARAGRAPHS], 1):
        yield f"  {n:>{_LABEL - 4}}  {short(paragraph)}"
    if (more := len(article.paragraphs) - _FIRST_PARAGRAPHS) > 0:
        yield f"{'':<{_LABEL}}… and {counted(more, 'more paragraph')}"
    for what, found in (
        ("subhead", article.subheads),
        ("pull quote", article.pull_quotes),
        ("reference", article.references),
        ("related link", article.related_links),
    ):
        if found:
            yield line("", counted(len(found), what))
    for repair in article.repairs:
        yield line("Repaired", f"{repair.kind}: {repair.where} ({repair.certainty})")


def _comments(thread: Sequence[Comment]) -> Iterator[str]:
    replies = sum(c.parent is not None for c in thread)
    own = sum(c.by_article_author for c in thread)
    parts = [counted(replies, "reply", "replies")] * bool(replies) + [f"{own} by the article's author"] * bool(own)
    yield line("Comments", f"{len(thread)} ({', '.join(parts)})" if parts else str(len(thread)))
    for comment in thread[:_FIRST_COMMENTS]:
        who = f"{comment.author or '(no name)'}, {comment.posted or 'no date'}"
        yield f"{'':<{_LABEL}}{short(who)}"
        yield f"{'':<{_LABEL}}  {short(comment.text, WIDTH - _LABEL - 2)}"
    if (more := len(thread) - _FIRST_COMMENTS) > 0:
        yield f"{'':<{_LABEL}}… and {counted(more, 'more comment')}"


def _set_aside(rows: Sequence[tuple[str, str]], one: str, many: str) -> Iterator[str]:
    """(why, what) grouped by why, the commonest first, each with an example."""
    yield line("Set aside", f"{counted(len(rows), one, many)}{':' if rows else ''}")
    groups = Counter(why for why, _ in rows)
    for why, n in groups.most_common(_REASONS):
        example = next(text for reason, text in rows if reason == why)
        yield f"  {n:>{_LABEL - 4}}  {short(why)}"
        yield f"{'':<{_LABEL}}  {short(example, WIDTH - _LABEL - 2)}"
    if (more := len(groups) - _REASONS) > 0:
        yield f"{'':<{_LABEL}}… and {counted(more, 'more reason')}"


# ---------------------------------------------------------------- a discovery


def discovery(found: Discovery, *, contacted_before: bool = False) -> Iterator[str]:
    """What a source lists: how many are new, known, left out and why; what could not be asked."""
    if found.unchanged:
        yield line("Lists", "nothing new: the site says its list has not changed")
        return
    new = counted(len(found.found), "new page" if contacted_before else "page")
    archive = sum(item.archive for item in found.found)
    parts = [new + (f" ({archive} of them archive, by date)" if archive else "")]
    parts += [f"{len(found.known):,} known"] * bool(found.known)
    yield line("Lists", ", ".join(parts))
    for item in found.found[:_FIRST_PARAGRAPHS]:
        pages = f" ({len(item.pages)} pages)" if len(item.pages) > 1 else ""
        title = short(item.title or urlsplit(item.url).path, 40)
        yield f"{'':<{_LABEL}}{(item.published or 'no date')[:10]:<12}{title}{pages}"
    if found.set_aside:
        yield from _set_aside([(why, what) for what, why in found.set_aside], "entry", "entries")
    if found.overflow:
        further = counted(found.overflow, "further entry", "further entries")
        yield from wrapped("Note", f"{further} could not be looked at.")
    for note in found.notes:
        yield from wrapped("Note", note)
    for failure in found.failures:
        yield from wrapped("Not asked", f"{failure.url}: {failure.detail}")


def wrapped(label: str, text: str) -> Iterator[str]:
    """A sentence over several lines, for what a person has to read to the end."""
    for n, part in enumerate(textwrap.wrap(short(text, 1000), WIDTH - _LABEL) or [""]):
        yield f"{label if not n else '':<{_LABEL}}{part}".rstrip()
