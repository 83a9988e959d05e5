"""Several pages of one document -> one Reading: comment pages, continued articles, REST answers beside a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cuttings.model import Article, Comment, Reading, Repair, Subhead, comment_key, plain


def join(readings: Sequence[Reading]) -> Reading:
    """`readings` in page order, at least one. Comments keep the order of the pages and are counted through."""
    whole = readings[0]
    for later in readings[1:]:
        whole = _two(whole, later)
    return whole


def _two(first: Reading, later: Reading) -> Reading:
    if not first.articles:
        return replace(_with_comments(later, first.comments), set_aside=(*first.set_aside, *later.set_aside))
    if not later.articles:
        return replace(_with_comments(first, later.comments), set_aside=(*first.set_aside, *later.set_aside))
    article, other = first.articles[-1], later.articles[0]
    if len(later.articles) > 1 or not _one_article(article, other):
        shifted = tuple(
            replace(c, n=c.n + len(first.comments), parent=c.parent and c.parent + len(first.comments))
            for c in later.comments
        )
        return Reading(
            (*first.articles, *later.articles), (*first.comments, *shifted), (*first.set_aside, *later.set_aside)
        )
    grown = _continued(article, other)
    joined = _with_comments(replace(first, articles=(*first.articles[:-1], grown)), later.comments)
    return replace(joined, set_aside=(*first.set_aside, *(a for a in later.set_aside if a not in first.set_aside)))


def _one_article(a: Article, b: Article) -> bool:
    if a.key == b.key:
        return True
    return bool(a.title and b.title) and plain(a.title or "") == plain(b.title or "")


def _continued(a: Article, b: Article) -> Article:
    """The words of page two that page one has not: a second page of comments repeats the article, ?page=2 goes on."""
    known = {plain(p) for p in a.paragraphs}
    fresh = [n for n, p in enumerate(b.paragraphs) if plain(p) not in known]
    if not fresh:
        return a
    start = len(a.paragraphs)
    heads = tuple(Subhead(s.text, start + fresh.index(s.before)) for s in b.subheads if s.before in fresh)
    return replace(
        a,
        paragraphs=(*a.paragraphs, *(b.paragraphs[n] for n in fresh)),
        subheads=(*a.subheads, *heads),
        author_bio=a.author_bio or b.author_bio,
        references=tuple(dict.fromkeys((*a.references, *b.references))),
        related_links=tuple(dict.fromkeys((*a.related_links, *b.related_links))),
        version_note=a.version_note or b.version_note,
        repairs=(*a.repairs, Repair("page join", f"paragraph {start + 1}", "sure")),
    )


def _with_comments(reading: Reading, later: Sequence[Comment]) -> Reading:
    if not later:
        return reading
    key = reading.articles[-1].key if reading.articles else later[0].article
    known = {(c.author, c.posted, plain(c.text)) for c in reading.comments}
    found = list(reading.comments)
    place: dict[int, int] = {}
    counted: dict[tuple[str | None, str], int] = {}
    for c in found:
        counted[c.posted, plain(c.text)] = counted.get((c.posted, plain(c.text)), 0) + 1
    for c in later:
        if (c.author, c.posted, plain(c.text)) in known:
            place[c.n] = next(
                f.n for f in found if (f.author, f.posted, plain(f.text)) == (c.author, c.posted, plain(c.text))
            )
            continue
        same = (c.posted, plain(c.text))
        occurrence = counted.get(same, 0)
        counted[same] = occurrence + 1
        n = len(found) + 1
        place[c.n] = n
        found.append(
            replace(
                c, n=n, article=key, parent=place.get(c.parent or 0), key=comment_key(key, c.posted, c.text, occurrence)
            )
        )
    return replace(reading, comments=tuple(found))
