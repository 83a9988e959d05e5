"""Web pages that list others: list pages by selector, page-turners by their page numbers, feeds a page names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from cuttings.addresses import absolute, host_of
from cuttings.edges.discover.dates import iso
from cuttings.edges.discover.values import Listed, Listing

MOST_BYTES = 2_000_000  # of a list page; what stands further down is not new
MOST_LINKS = 2000
MOST_PAGES = 400  # of one issue of a page-turner
_DIGITS = re.compile(r"(\d+)")
_FEED_TYPES = {"application/rss+xml": "feed", "application/atom+xml": "feed", "application/feed+json": "feed"}


def read_list(body: bytes, media_type: str, url: str, selector: str) -> Listing:
    """The links that a CSS selector picks: of links, or of what holds one ("article.teaser")."""
    soup = _soup(body, media_type)
    base = _base(soup, url)
    try:
        picked = soup.select(selector, limit=MOST_LINKS)
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        return Listing(fault=f"'{selector}' is not a CSS selector: {str(error).splitlines()[0]}")
    entries = tuple(_listed(element, base) for element in picked)
    return Listing(entries) if entries else Listing(fault=f"Nothing on the page fits the selector '{selector}'.")


def _listed(element: Tag, base: str) -> Listed:
    link = element if element.name == "a" else element.select_one("h1 a[href], h2 a[href], h3 a[href], h4 a[href]")
    link = link or element.find("a", href=True)
    if not isinstance(link, Tag):
        return Listed("", _words(element))
    time = (element if element.name != "a" else element.parent or element).find("time")
    published = iso(_attribute(time, "datetime")) if isinstance(time, Tag) else None
    return Listed(
        _resolved(_attribute(link, "href"), base), _words(link) or _attribute(link, "title") or None, published
    )


def _resolved(href: str, base: str) -> str:
    try:
        return absolute(href, base)
    except ValueError:
        return href  # the sorting says what is wrong with it


# ---------------------------------------------------------------- page-turners


def read_turner(body: bytes, media_type: str, url: str) -> tuple[str, ...]:
    """The addresses of an issue's pages, in order, as far as this page's links tell; () when it has no page numbers.

    A page is an address that differs from the others in one number: ".../resources/18.htm", "…/page18.html",
    "…/index.html?page=18". Gaps in the list ("1 2 3 … 58") are filled.
    """
    soup = _soup(body, media_type)
    base = _base(soup, url)
    links = {own for href in _links(soup) if (own := _own(href, base, url))}
    links.add(absolute(url))
    shapes: dict[tuple[str, ...], set[int]] = {}
    widths: dict[tuple[str, ...], int] = {}
    for link in links:
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


def _own(href: str, base: str, url: str) -> str | None:
    try:
        link = absolute(href, base)
        return link if host_of(link) == host_of(url) else None
    except ValueError:
        return None


def _shapes(link: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every number in the last part of an address or its query, with what stands before and after it."""
    start = link.partition("?")[0].rfind("/") + 1
    for match in _DIGITS.finditer(link, start):
        if len(match[0]) <= 4:
            yield (link[: match.start()], link[match.end() :]), match[0]


# ---------------------------------------------------------------- what a page says of its site


def read_hints(body: bytes, media_type: str, url: str) -> dict[str, tuple[str, ...]]:
    """The feeds, REST root and generator a page names: {"feed": (…), "wordpress": (…), "generator": (…)}."""
    soup = _soup(body, media_type)
    base = _base(soup, url)
    hints: dict[str, list[str]] = {}
    for link in soup.find_all("link", href=True, limit=500):
        kind = _FEED_TYPES.get(_attribute(link, "type").lower())
        relations = _attribute(link, "rel").lower().split()
        if "https://api.w.org/" in relations:
            kind = "wordpress"
        elif "alternate" not in relations:
            kind = None
        if kind:
            hints.setdefault(kind, []).append(_resolved(_attribute(link, "href"), base))
    generator = soup.find("meta", attrs={"name": re.compile("^generator$", re.IGNORECASE)})
    if isinstance(generator, Tag):
        hints["generator"] = [_attribute(generator, "content")[:200]]
    return {kind: tuple(dict.fromkeys(values)) for kind, values in hints.items()}


# ---------------------------------------------------------------- soup


def _soup(body: bytes, media_type: str) -> BeautifulSoup:
    return BeautifulSoup(body[:MOST_BYTES], "lxml", from_encoding=_charset(media_type))


def _charset(media_type: str) -> str | None:
    message = Message()
    message["content-type"] = media_type.encode("ascii", "ignore").decode()
    charset = message.get_param("charset")
    try:
        return charset if isinstance(charset, str) and "".encode(charset) is not None else None
    except LookupError:
        return None


def _base(soup: BeautifulSoup, url: str) -> str:
    tag = soup.find("base", href=True)
    return _resolved(_attribute(tag, "href"), url) if isinstance(tag, Tag) else url


def _links(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["a", "area"], href=True, limit=MOST_LINKS):
        yield _attribute(tag, "href")


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else (value or "").strip()


def _words(tag: Tag) -> str | None:
    return " ".join(tag.get_text(" ").split())[:500] or None
