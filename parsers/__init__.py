"""A page -> what it says. One module is one site family; `read` finds the family and joins the pages of one document.

A new family is a module with `RECIPE` and `recognises`, and one row in FAMILIES. Rows are asked in order.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cuttings.model import Page, PageDesign, Reading, Repair, Unreadable
from parsers import blogger, drupal, generic, govuk, umbraco, wordpress, wordpress_rest
from parsers.by_selectors import Picked, pick
from parsers.join import join
from parsers.recipe import Recipe, canonical, read_page
from parsers.soup import Document


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the table: does a page belong, and how is it read?"""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document, str | None, Picked | None], Reading]


def _html(recipe: Recipe) -> Callable[[Document, str | None, Picked | None], Reading]:
    return lambda doc, source, picked: read_page(doc, recipe, source=source, picked=picked)


def _govuk(doc: Document, source: str | None, picked: Picked | None) -> Reading:
    if doc.is_json:
        return govuk.read_json(doc, source=source)
    return read_page(doc, govuk.RECIPE, source=source, picked=picked)


def _rest(doc: Document, source: str | None, _picked: Picked | None) -> Reading:
    return wordpress_rest.read_json(doc, source=source)


FAMILIES: tuple[Family, ...] = (
    Family("wordpress-rest", wordpress_rest.recognises, _rest),
    Family("govuk", govuk.recognises, _govuk),
    Family("umbraco", umbraco.recognises, _html(umbraco.RECIPE)),
    Family("drupal", drupal.recognises, _html(drupal.RECIPE)),
    Family("blogger", blogger.recognises, _html(blogger.RECIPE)),
    Family("wordpress", wordpress.recognises, _html(wordpress.RECIPE)),
    Family("generic", generic.recognises, _html(generic.RECIPE)),
)
# Read from several pages at once, in modules of their own that are loaded when a page of theirs comes.
_WHOLE_DOCUMENTS = ("digital-edition", "plain")


def family_names() -> tuple[str, ...]:
    """Every name that a source's `family` may have."""
    return (*(f.name for f in FAMILIES), *_WHOLE_DOCUMENTS)


def read(
    pages: Sequence[Page],
    *,
    family: str | None = None,
    source: str | None = None,
    designs: Sequence[PageDesign] = (),
) -> Reading:
    """What a document says. `pages` are its consecutive pages, usually one. Raises Unreadable, and nothing else.

    designs: the source's own selectors for web pages, the newest design first; they outrank the family's.
    """
    if not pages:
        raise Unreadable(None, "page", "there is no page")
    wanted = (family or pages[0].family or "").replace("_", "-") or None
    if wanted is not None and wanted not in family_names():
        raise Unreadable(pages[0].url, "page", f"there is no family '{wanted}'; there are: {', '.join(family_names())}")
    for page in pages:
        if page.url is not None:
            _check_address(page.url)
        if not page.body.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
            raise Unreadable(page.url, "page", "the page is empty")
        if len(page.body) > MAX_BYTES:
            raise Unreadable(page.url, "page", f"the page is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        with _no_collection():
            return _read(pages, wanted, source, designs)
    except (RecursionError, MemoryError) as error:
        raise Unreadable(
            pages[0].url, "page", f"the page's markup can't be taken apart ({type(error).__name__})"
        ) from error


def _check_address(url: str) -> None:
    """An article's key is made of it: "http://[broken" would fail only when the whole page has been read."""
    try:
        canonical(url)
    except ValueError as error:
        raise Unreadable(url, "page", str(error)) from error


@contextmanager
def _no_collection() -> Iterator[None]:
    """A tree is thousands of objects that live until the page is read: looking for rubbish among them is a sixth of
    the time, and there is none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(pages: Sequence[Page], wanted: str | None, source: str | None, designs: Sequence[PageDesign]) -> Reading:
    from parsers import digital_edition, plain

    text = pages[0].media_type.split(";")[0].strip().lower() == "text/plain"
    if digital_edition.recognises(pages):
        reading = digital_edition.read(pages, source=source)
        return _noted(reading, wanted, "digital-edition")
    if text or (wanted == "plain" and plain.recognises(pages)):
        reading = plain.read(pages, source=source)
        return reading if text else _noted(reading, wanted, "plain")
    return join([_one(Document(page), wanted, source, designs) for page in pages])


def _one(doc: Document, wanted: str | None, source: str | None, designs: Sequence[PageDesign]) -> Reading:
    picked = pick(doc, designs)
    reading = _of_family(doc, wanted, source, picked)
    return reading if picked is not None or not designs or doc.is_json else _with(reading, NO_DESIGN)


def _of_family(doc: Document, wanted: str | None, source: str | None, picked: Picked | None) -> Reading:
    named = next((f for f in FAMILIES if f.name == wanted), None)
    if named is not None and named.recognises(doc):
        return named.read(doc, source, picked)
    found = next((f for f in FAMILIES if f.recognises(doc)), None)
    if found is None:
        raise Unreadable(doc.url, "page", "it is neither a web page nor an answer of an interface that we know")
    return _noted(found.read(doc, source, picked), wanted, found.name)


def _noted(reading: Reading, wanted: str | None, found: str) -> Reading:
    """A source's family is what its pages were when it was set up; a page that has become another's says so."""
    if wanted in {None, found} or {wanted, found} <= {"wordpress", "wordpress-rest"}:
        return reading
    return _with(reading, Repair("page family", f"configured as {wanted}, read as {found}", "sure"))


NO_DESIGN = Repair("page design", "none of the source's own selectors fits, so it was read as any other page", "likely")


def _with(reading: Reading, repair: Repair) -> Reading:
    return replace(reading, articles=tuple(replace(a, repairs=(*a.repairs, repair)) for a in reading.articles))


MAX_BYTES = 20_000_000
