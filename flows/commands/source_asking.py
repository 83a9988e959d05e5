"""How `cuttings source` asks a site and reads its pages: politely, and in a worker with limits."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from flows.commands import source_shown as shown

if TYPE_CHECKING:
    from cuttings.edges.discover import Discovery
    from cuttings.edges.fetch import Fetched, Fetcher, Get
    from cuttings.edges.store import Store
    from cuttings.model import PageDesign, Reading
    from cuttings.settings import Settings, Source

_FIRST_PAGES = 8  # of a magazine's issue, for a look at it
_TRIES = 3  # pages of a source that are read before it is said that none can be


def fetcher(settings: Settings) -> Fetcher:
    from cuttings.edges.fetch import Fetcher, Outgoing

    council = settings.council
    contact = council.user_agent_contact or council.contact_email
    return Fetcher(contact, outgoing=Outgoing.from_environment(os.environ))


@contextmanager
def reader(*preload: str) -> Iterator[Callable[..., Any]]:
    """How a stranger's bytes are read: in a worker with limits, which knows these modules when it starts."""
    from cuttings.edges.limited import Limited

    with Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=preload) as worker:
        yield worker.run


@contextmanager
def store(settings: Settings) -> Iterator[Store | None]:
    """The store, where there is one: to look at a source is no reason to make it."""
    from flows.house import database, open_house

    place = database(settings)
    if isinstance(place, Path) and not place.exists():
        yield None
        return
    with open_house() as house:
        yield house.store


def page(get: Get, url: str) -> Fetched:
    from cuttings.edges.fetch import Fetched, FetchFailed

    fetched = get(url)
    if not isinstance(fetched, Fetched):
        raise FetchFailed(url, "bad-content", "The site says nothing has changed, but was not asked that.")
    return fetched


def is_page(fetched: Fetched) -> bool:
    """A feed or a sitemap is no page; JSON may be an article (GOV.UK, WordPress)."""
    from cuttings.edges.discover.probe import is_markup

    return not is_markup(fetched.page.body)


def read(
    run: Callable[..., Any], fetched: Sequence[Fetched], family: str | None, designs: Sequence[PageDesign] = ()
) -> Reading | str:
    """What the pages say; a sentence where they say nothing that is an article."""
    import parsers
    from cuttings.edges.limited import Crashed, Exceeded
    from cuttings.model import Unreadable

    try:
        reading: Reading = run(parsers.read, [f.page for f in fetched], family=family, designs=designs)
    except Unreadable as error:
        return f"{error.detail[:1].upper()}{error.detail[1:]}."
    except (Exceeded, Crashed) as error:
        return f"The page is too much for the reader: {error.detail}"
    return reading if reading.articles else "No article was found on it."


def first(
    found: Discovery, source: Source, get: Get, run: Callable[..., Any]
) -> tuple[Reading, list[Fetched]] | str | None:
    """The first of its pages that reads; why none does; None where there is none to read."""
    from cuttings.edges.fetch import FetchFailed

    why: str | None = None
    for item in (*found.found, *found.known)[:_TRIES]:
        try:
            pages = [page(get, url) for url in item.pages[:_FIRST_PAGES]]
        except FetchFailed as error:
            why = f"{item.url}: {error.detail}"
            continue
        reading = read(run, pages, source.family, source.designs)
        if not isinstance(reading, str):
            return reading, pages
        why = f"{item.url}: {reading}"
    return why


def shown_reading(run: Callable[..., Any], reading: Reading, pages: Sequence[Fetched]) -> Iterator[str]:
    yield shown.line("Read as", family(run, pages[0]))
    yield from shown.reading(reading)


def family(run: Callable[..., Any], fetched: Fetched) -> str:
    """The family whose parser takes this page."""
    name: str = run(family_of, fetched.page)
    return name


def family_of(page: Any) -> str:
    """Runs in the worker, as every look into a stranger's page does."""
    import parsers
    from parsers import digital_edition
    from parsers.soup import Document

    if digital_edition.recognises([page]):
        return "digital-edition"
    if page.media_type.split(";")[0].strip().lower() == "text/plain":
        return "plain"
    document = Document(page)
    return next((f.name for f in parsers.FAMILIES if f.recognises(document)), "generic")


def say(lines: Iterable[str]) -> None:
    for text in lines:
        typer.echo(text)
