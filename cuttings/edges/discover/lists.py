"""List pages: the links that a selector picks, what the rows say of them, and the next page of the list. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from cuttings.edges.discover.dates import iso, written
from cuttings.edges.discover.soup import MOST_LINKS, attribute, base, resolved, soup_and_cut, words
from cuttings.edges.discover.values import Listed, Listing

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_ROW_HEIGHT = 4  # elements above a link that may still be its row: span, heading, div, li
_MOST_IN_ROW = 200  # elements looked at for a date


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a list page. `links`: the newest design first; the first that picks anything is used."""

    links: tuple[str, ...]
    following: str | None = None  # of the link to the next page of the list


def read_list(body: bytes, media_type: str, url: str, selectors: Selectors) -> Listing:
    """The links that are picked: of links, or of what holds one ("article.teaser"), with the date in their row."""
    page, cut = soup_and_cut(body, media_type)
    at = base(page, url)
    try:
        picked = _picked(page, selectors.links)
        following = page.select_one(selectors.following) if selectors.following else None
    except _Wrong as wrong:
        return Listing(fault=str(wrong))
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        return Listing(fault=f"'{selectors.following}' is not a CSS selector: {str(error).splitlines()[0]}")
    if not picked:
        tried = "' nor '".join(selectors.links)
        return Listing(fault=f"Nothing on the page fits the selector '{tried}'. Has the site been redesigned?")
    overflow = max(0, len(picked) - MOST_LINKS)
    del picked[MOST_LINKS:]
    rows = Counter(id(above) for element in picked for above in _above(element))
    entries = tuple(_listed(element, _row(element, rows), at) for element in picked)
    return Listing(entries, overflow=overflow, following=_following(following, at), cut=cut)


class _Wrong(Exception):
    """A selector can't be read; the text is a sentence."""


def _picked(page: BeautifulSoup, selectors: Sequence[str]) -> list[Tag]:
    for selector in selectors:
        try:
            found = list(page.select(selector))
        except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
            raise _Wrong(f"'{selector}' is not a CSS selector: {str(error).splitlines()[0]}") from None
        if found:
            return found
    return []


def _above(element: Tag) -> list[Tag]:
    return [above for above, _ in zip(element.parents, range(_ROW_HEIGHT), strict=False)]


def _row(element: Tag, rows: Counter[int]) -> Tag:
    """The largest element around this link that holds no other: a table row, a list item, a teaser."""
    row = element
    for above in _above(element):
        if rows[id(above)] > 1 or above.name in {"body", "html", "[document]"}:
            break
        row = above
    return row


def _listed(element: Tag, row: Tag, at: str) -> Listed:
    link = element if element.name == "a" else _link_in(element)
    if link is None:
        return Listed("", words(element))
    title = words(link) or attribute(link, "title") or None
    return Listed(resolved(attribute(link, "href"), at), title, _date(row))


def _link_in(element: Tag) -> Tag | None:
    """A headline's link says more than a picture's."""
    first = None
    for n, item in enumerate(element.descendants):
        if n > _MOST_IN_ROW * 2:
            break
        if isinstance(item, Tag) and item.name == "a" and item.has_attr("href"):
            first = first or item
            if any(above.name in _HEADINGS for above in _above(item)) or any(
                isinstance(child, Tag) and child.name in _HEADINGS for child in item.children
            ):
                return item
    return first


def _date(row: Tag) -> str | None:
    for n, item in enumerate(row.descendants):
        if n > _MOST_IN_ROW:
            break
        if isinstance(item, Tag) and item.name == "time" and (found := iso(attribute(item, "datetime"))):
            return found
    return written(words(row))


def _following(link: Tag | None, at: str) -> str | None:
    if link is None:
        return None
    if link.name not in {"a", "link"}:
        link = _link_in(link)
    href = attribute(link, "href") if link is not None else ""
    return resolved(href, at) if href else None
