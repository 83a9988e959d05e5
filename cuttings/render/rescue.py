"""One item that can't be laid out costs that item, not the issue.

WeasyPrint has no upper bound on what hostile text may cost, so rendering runs under limits and may fail. Then the
items are halved until the guilty ones are known; they are shown by their link alone, and the audit note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from cuttings.model import Digest, Entry, Item, Words

Out = TypeVar("Out")

UNPRINTABLE = Words("[Could not be laid out: see the page itself]", "configuration")
# Where a source isn't configured its name is the page's own words, and may be what can't be laid out.
NAMELESS = Words("[See the page itself]", "configuration")


def rescue(
    digest: Digest, render: Callable[[Digest], Out], failures: tuple[type[Exception], ...]
) -> tuple[Out, Digest, tuple[str, ...]]:
    """(what `render` made, the digest it made it of, stories shown by their link alone).

    `failures` are the exceptions that mean "this could not be laid out". Raises the last of them where the issue fails
    even with every item plain: then it is no item's fault.
    """
    try:
        return render(digest), digest, ()
    except failures:
        keys = [item.story for item in digest.items]

    def works(held: Sequence[str]) -> bool:
        try:
            render(plain(digest, set(keys) - set(held)))
        except failures:
            return False
        return True

    # The odd one out is nearly always the one: looked at first, it costs one rendering and not six that fail slowly.
    odd = max(digest.items, key=_oddness).story if keys else ""
    if odd:
        mended = plain(digest, {odd})
        try:
            return render(mended), mended, (odd,)
        except failures:
            pass
    guilty = _guilty(keys, works)
    mended = plain(digest, set(guilty))
    return render(mended), mended, tuple(guilty)


def _oddness(item: Item) -> int:
    """How much an item asks of the layout: its characters, and those of other scripts, marks and controls again."""
    fields = [
        item.headline.text,
        item.byline.text,
        *(q.printed for q in item.quotations),
        *(v.text for v in item.voices),
    ]
    text = "".join([*fields, *(copy.source for copy in item.also_in), *(mark.label for mark in item.marks)])
    longest = max(map(len, text.split()), default=0)
    return len(text) + 4 * longest + 8 * sum(ord(character) > 0x2BFF for character in text)


def _guilty(keys: Sequence[str], works: Callable[[Sequence[str]], bool]) -> list[str]:
    if not keys or works(keys):
        return []
    if len(keys) == 1:
        return list(keys)
    half = len(keys) // 2
    return [*_guilty(keys[:half], works), *_guilty(keys[half:], works)]


def plain(digest: Digest, stories: set[str]) -> Digest:
    """The digest with these stories shown by their link alone, and an entry in the audit note that names them."""
    numbers = [item.number for item in digest.items if item.story in stories]
    if not numbers:
        return digest

    def shown(item: Item) -> Item:
        if item.story not in stories:
            return item
        return replace(
            item, headline=UNPRINTABLE, byline=NAMELESS, marks=(), source=NAMELESS.text, standfirst=None,
            quotation=None, base=None, figures=(), summary=None, question=None, comments=None, voices=(), also_in=(),
            repairs=(), year=None,
        )  # fmt: skip

    diary = tuple(
        replace(entry, quotation=None, about=UNPRINTABLE, source=NAMELESS.text) if entry.item in numbers else entry
        for entry in digest.diary
    )
    verb = "is" if len(numbers) == 1 else "are"
    note = Words(f"{', '.join(numbers)} could not be laid out and {verb} shown by the link alone.", "count")
    return replace(
        digest,
        sections=tuple(replace(s, items=tuple(map(shown, s.items))) for s in digest.sections),
        also_read=tuple(map(shown, digest.also_read)),
        archive=tuple(map(shown, digest.archive)),
        diary=diary,
        made=(*digest.made, Entry("Layout" if digest.audience == "managers" else "", note)),
    )
