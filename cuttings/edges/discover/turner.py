"""Page-turners: the pages of an issue, from the numbers in the links of one of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuttings.addresses import absolute, host_of
from cuttings.edges.discover.soup import base, links, soup

MOST_PAGES = 400  # of one issue
_DIGITS = re.compile(r"(\d+)")


def read_turner(body: bytes, media_type: str, url: str) -> tuple[str, ...]:
    """The addresses of an issue's pages, in order, as far as this page's links tell; () when it has no page numbers.

    A page is an address that differs from the others in one number: ".../resources/18.htm", "…/page18.html",
    "…/index.html?page=18". Gaps in the list ("1 2 3 … 58") are filled.
    """
    page = soup(body, media_type)
    at = base(page, url)
    found = {own for href in links(page) if (own := _own(href, at, url))}
    found.add(absolute(url))
    shapes: dict[tuple[str, ...], set[int]] = {}
    widths: dict[tuple[str, ...], int] = {}
    for link in found:
        for shape, digits in _shapes(link):
            shapes.setdefault(shape, set()).add(int(digits))
            if digits.startswith("0"):
                widths[shape] = len(digits)
    own_shapes = {shape for shape, _ in _shapes(absolute(url))}
    numbered = {shape: numbers for shape, numbers in shapes.items() if len(numbers) > 1}
    ours = {shape: numbers for shape, numbers in numbered.items() if shape in own_shapes}
    if not (ours or numbered):
        return ()
    shape, numbers = max((ours or numbered).items(), key=lambda item: (len(item[1]), item[0]))
    low, high = min(numbers), max(numbers)
    # Thousands apart, it is an issue number or a year that differs: only what is linked can be trusted.
    wanted = sorted(numbers)[:MOST_PAGES] if high - low >= MOST_PAGES else range(low, high + 1)
    before, after = shape
    return tuple(f"{before}{str(n).zfill(widths.get(shape, 1))}{after}" for n in wanted)


def page_order(url: str) -> tuple[int, str]:
    """What an issue's pages are sorted by."""
    numbers = [int(digits) for _, digits in _shapes(url)]
    return (numbers[-1] if numbers else 0, url)


def _own(href: str, at: str, url: str) -> str | None:
    try:
        link = absolute(href, at)
        return link if host_of(link) == host_of(url) else None
    except ValueError:
        return None


def _shapes(link: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every number in the last part of an address or its query, with what stands before and after it."""
    start = link.partition("?")[0].rfind("/") + 1
    for match in _DIGITS.finditer(link, start):
        if len(match[0]) <= 4:
            yield (link[: match.start()], link[match.end() :]), match[0]
