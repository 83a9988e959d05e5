"""Every line a digest prints, each with the origin of its words: what the glossary and the gate look at.

The budget looks at `content` alone: what an issue says about itself (its title, whom to ask, how it was made, how hard
it is to read, whose licence) and a headline that the front page names again take no article's place. They do take
room on paper, and the number of pages is held apart from the number of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cuttings.model import Digest, Item, Words


def lines(digest: Digest) -> Iterator[Words]:
    """In print order, but for labels of ours ('Why it matters here') and page numbers."""
    yield digest.title
    yield digest.sources
    yield from digest.contact
    yield from content(digest)
    yield from (Words(item.headline.text, item.headline.origin, item.headline.by) for item in digest.start_with)
    for made in digest.made:
        yield Words(made.term, "configuration")
        yield made.words
    yield from digest.notices


def content(digest: Digest) -> Iterator[Words]:
    """What somebody reads the issue for."""
    yield from digest.in_brief
    for section in digest.sections:
        yield from (w for w in (section.heading, section.why, section.decide, section.question) if w)
        for item in section.items:
            yield from of_item(item)
    for item in (*digest.also_read, *digest.archive):
        yield from of_item(item)
    if digest.archive_note:
        yield digest.archive_note
    for entry in digest.diary:
        yield entry.what
        if entry.quotation is None or entry.leans:
            yield entry.about
        if entry.quotation:
            yield Words(entry.quotation.printed, "source")
    yield from digest.readers
    yield from (Words(f"{entry.term} {entry.words.text}", "count") for entry in digest.discussed)
    if digest.trend:
        for row in digest.trend.rows:
            yield Words(f"{row.name} {' '.join(map(str, row.counts))} {' '.join(map(str, row.comments))}", "count")
            if row.note:
                yield row.note
        if digest.trend.warning:
            yield digest.trend.warning
    for explained in digest.explained:
        yield Words(explained.term, "configuration")
        yield explained.words


def of_item(item: Item) -> Iterator[Words]:
    yield item.headline
    yield item.byline
    yield from (Words(mark.label, "count") for mark in item.marks)
    yield from (Words(q.printed, "source") for q in item.quotations)
    yield from (w for figure in item.figures for w in (figure.base, figure.year) if w)
    yield from (w for w in (item.base, item.year, item.summary, item.question, item.changed, item.comments) if w)
    yield from item.voices
    yield from (Words(copy.source, "count") for copy in item.also_in)


def words_of_news(digest: Digest) -> int:
    """What is left of them without the archive and the acronyms, which take no article's place."""
    return words(replace(digest, archive=(), archive_note=None, explained=()))


def words(digest: Digest) -> int:
    """As the budget counts them."""
    return sum(len(line.text.split()) for line in content(digest))


def words_in_all(digest: Digest) -> int:
    """As paper has to hold them."""
    return sum(len(line.text.split()) for line in lines(digest))
