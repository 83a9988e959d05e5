"""Every line a digest prints, each with the origin of its words: what the budget, the glossary and the gate look at."""

from __future__ import annotations

from collections.abc import Iterator

from cuttings.model import Digest, Item, Words


def lines(digest: Digest) -> Iterator[Words]:
    """In print order. Labels of ours ('Why it matters here') and page numbers are not counted."""
    yield digest.title
    yield digest.sources
    yield from digest.contact
    yield from digest.in_brief
    yield from (Words(item.headline.text, item.headline.origin, item.headline.by) for item in digest.start_with)
    for section in digest.sections:
        yield from (w for w in (section.heading, section.why, section.decide, section.question) if w)
        for item in section.items:
            yield from of_item(item)
    for item in digest.also_read:
        yield from of_item(item)
    for entry in digest.diary:
        yield entry.what
        if entry.quotation is None or entry.leans:
            yield entry.about
        if entry.quotation:
            yield Words(entry.quotation.printed, "source")
    yield from digest.readers
    if digest.trend:
        for row in digest.trend.rows:
            yield Words(f"{row.name} {' '.join(map(str, row.counts))} {' '.join(map(str, row.comments[-2:]))}", "count")
            if row.note:
                yield row.note
        if digest.trend.warning:
            yield digest.trend.warning
    for explained in digest.explained:
        yield Words(explained.term, "configuration")
        yield explained.words
    for made in digest.made:
        yield Words(made.term, "configuration")
        yield made.words
    yield from digest.notices


def of_item(item: Item) -> Iterator[Words]:
    yield item.headline
    yield item.byline
    yield from (Words(mark.label, "count") for mark in item.marks)
    yield from (Words(q.printed, "source") for q in item.quotations)
    yield from (w for figure in item.figures for w in (figure.base, figure.year) if w)
    yield from (w for w in (item.base, item.year, item.summary, item.question, item.changed, item.comments) if w)
    yield from item.voices
    yield from (Words(copy.source, "count") for copy in item.also_in)


def words(digest: Digest) -> int:
    return sum(len(line.text.split()) for line in lines(digest))
