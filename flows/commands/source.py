"""`cuttings source`: what would be read at a new site; whether the sources that are configured still work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from flows.commands import source_shown as shown

if TYPE_CHECKING:
    from cuttings.edges.discover import Discovery
    from cuttings.edges.discover.probe import Proposal
    from cuttings.edges.fetch import Fetched, Fetcher, Get
    from cuttings.edges.store import Store
    from cuttings.edges.store.sources import SourceState
    from cuttings.model import Reading
    from cuttings.settings import Settings, Source

app = typer.Typer()
source_app = typer.Typer(help="Try a site before you add it; check the sources you have.", no_args_is_help=True)
app.add_typer(source_app, name="source")

_FIRST_PAGES = 8  # of a magazine's issue, for a look at it
_TRIES = 3  # pages of a source that are read before it is said that none can be
REDESIGN = "Nothing is listed where something used to be. Has the site been redesigned?"


# ---------------------------------------------------------------- try


@source_app.command("try")
def try_(
    url: Annotated[str, typer.Argument(help="An article's address; or a feed's, a list's, a site's.")],
    family: Annotated[str | None, typer.Option(help="The parser to use; left out, it is recognised.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address of your own network.")] = False,
) -> None:
    """Show what would be read there, what is set aside and why, and a block for sources.toml. Keeps nothing."""
    from cuttings.edges.fetch import FetchFailed
    from flows.place import now, settings

    chosen = settings()
    trial = _trial(url, family, private)
    with _fetcher(chosen) as fetcher, _reader("parsers") as run:
        get = fetcher.bound_to(trial)
        try:
            fetched = _page(get, url)
        except FetchFailed as error:
            _stop(error.detail)
        if fetched.redirects:
            _say([shown.line("Leads to", fetched.final_url)])
        reading = _read(run, [fetched], family) if _is_page(fetched) else "It is no page but a list."
        if not isinstance(reading, str):
            _say(_shown_reading(run, reading, [fetched]))
        elif _is_page(fetched):
            _say(shown.wrapped("No article", reading))
        _propose(chosen, trial, fetched, get, run, article=not isinstance(reading, str), now=now)


def _trial(url: str, family: str | None, private: bool) -> Source:
    from pydantic import ValidationError

    from cuttings.settings import Source

    try:
        return Source(
            id="try",
            name="Try",
            method="pages",
            url=url,
            pages=(url,),
            family=family,
            allow_private=private,
            pace_seconds=0.1 if private else 2.0,  # one's own server is not a stranger's
        )
    except ValidationError:
        _stop(f"'{shown.short(url, 60)}' is not a web address: it must start with http:// or https://.")


def _propose(
    chosen: Settings, trial: Source, fetched: Fetched, get: Get, run: Callable[..., Any], *, article: bool, now: Any
) -> None:
    from cuttings.edges.discover.blocks import block
    from cuttings.edges.discover.probe import Probe

    probe = Probe(fetched, get, now(), run)
    proposal = probe.propose(article=article)
    typer.echo("")
    if proposal is None:
        _say(shown.wrapped("No way in", "No feed, interface, sitemap or list was found. It was looked for at:"))
        for address, why in probe.tried:
            _say([shown.line("", f"{address}: {why}")])
        raise typer.Exit(1)
    values = _values(chosen, trial, proposal, fetched, probe.site, run if article else None)
    if article:
        _say(shown.wrapped("How to read", f"Method '{proposal.method}': {proposal.why}."))
    else:
        values |= _look(values, proposal, trial, get, run, now())
    typer.echo("\nA block for config/local/sources.toml:\n")
    typer.echo(block(values), nl=False)


def _values(
    chosen: Settings, trial: Source, proposal: Proposal, fetched: Fetched, site: str | None, run: Any
) -> dict[str, object]:
    """What a block needs, in the order a person writes it."""
    from cuttings.addresses import host_of
    from cuttings.edges.discover.blocks import identifier

    name = site or host_of(fetched.final_url).removeprefix("www.")
    family = trial.family or (_family(run, fetched) if run else None)
    return {
        "id": identifier(site or "", fetched.final_url, {s.id for s in chosen.sources}),
        "name": name,
        "method": proposal.method,
        "url": proposal.url,
        "selector": proposal.selector,
        "family": None if family == "generic" else family,
        "allow_private": True if trial.allow_private else None,
    }


def _look(
    values: dict[str, object], proposal: Proposal, trial: Source, get: Get, run: Callable[..., Any], now: Any
) -> dict[str, object]:
    """Ask what the proposed source lists and read its first page; what that tells of the block."""
    from cuttings.edges.discover import discover
    from cuttings.edges.fetch import FetchFailed
    from cuttings.settings import Source

    _say(shown.wrapped("How to read", f"Method '{proposal.method}': {proposal.why}."))
    given = {key: value for key, value in values.items() if value is not None}
    source = Source.model_validate({**given, "pace_seconds": trial.pace_seconds, "most_at_first": 50})
    try:
        found = discover(source, get, now=now, run=run)
    except FetchFailed as error:
        _say(shown.wrapped("Not listed", error.detail))
        return {}
    _say(shown.discovery(found))
    first = _first(found, source, get, run)
    if not isinstance(first, tuple):
        _say(shown.wrapped("Not read", first or "There was nothing to read."))
        return {}
    reading, pages = first
    typer.echo("")
    _say([shown.line("The first", pages[0].final_url)])
    _say(_shown_reading(run, reading, pages))
    family = trial.family or _family(run, pages[0])
    return {"family": None if family == "generic" else family}


# ---------------------------------------------------------------- check


@source_app.command("check")
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of sources; none: all of them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All sources, which is what no name means too.")] = False,
) -> None:
    """Ask each source what it lists, read one of its pages, and say what has changed. Keeps nothing.

    Ends with 0 where all is well, with 1 where a source can't be read or seems to have been redesigned.
    """
    from flows.place import settings

    chosen = settings()
    sources = [chosen.source(name) for name in names] if names and not every else list(chosen.sources)
    bad: list[str] = []
    with _fetcher(chosen) as fetcher, _reader("parsers") as run, _store(chosen) as store:
        for n, source in enumerate(sources):
            if n:
                typer.echo("")
            typer.echo(shown.short(f"{source.id} – {source.name} ({source.method})", shown.WIDTH))
            if fault := _checked(source, fetcher.bound_to(source), run, store):
                bad.append(source.id)
                _say(shown.wrapped("TO DO", fault))
    typer.echo("")
    well = len(sources) - len(bad)
    others = f"; not: {shown.short(', '.join(bad), 50)}" if bad else ""
    typer.echo(f"{well} of {shown.counted(len(sources), 'source')} well{others}.")
    if bad:
        raise typer.Exit(1)


def _checked(source: Source, get: Get, run: Callable[..., Any], store: Store | None) -> str | None:
    """One source's lines; a sentence where somebody has to look at it."""
    from cuttings.edges.discover import discover
    from cuttings.edges.fetch import FetchFailed
    from flows.place import now

    state, known = _memory(source, store)
    last = state.last_success if state else None
    if state is not None:
        _say([shown.line("Before", _history(state, len(known)))])
    try:
        found = discover(source, get, now=now(), known=known, last_contact=last, run=run)
    except FetchFailed as error:
        return error.detail
    _say(shown.discovery(found, contacted_before=bool(known)))
    if not found.listed:
        return REDESIGN if known else "It answers, and lists nothing that could be read."
    first = _first(found, source, get, run)
    if first is None:
        return None
    if isinstance(first, str):
        return f"None of its pages could be read. {first}"
    reading, _ = first
    article = reading.articles[0]
    _say([shown.line("Reads", article.title or "(no headline)")])
    said = [
        shown.counted(len(article.paragraphs), "paragraph"),
        shown.counted(len(reading.comments), "comment"),
        f"published {article.published or 'on an unknown day'}",
    ]
    _say([shown.line("", ", ".join(said))])
    changed = next((r for a in reading.articles for r in a.repairs if r.kind == "page family"), None)
    if changed is not None:
        return (
            f"Its pages have changed: {changed.where}. Has the site been redesigned? If it reads well, change 'family'."
        )
    return f"One of its lists could not be read: {found.failures[0].detail}" if found.failures else None


def _history(state: SourceState, known: int) -> str:
    last = f"{state.last_contact:%d %b %Y %H:%M}"
    if not state.failures:
        return f"last asked {last} with success; {known:,} pages known"
    return f"last asked {last}, {shown.counted(state.failures, 'failure')} in a row; {known:,} pages known"


def _memory(source: Source, store: Store | None) -> tuple[SourceState | None, frozenset[str]]:
    """How the source fared before, and the addresses that are known of it."""
    if store is None:
        return None, frozenset()
    from sqlalchemy import select

    from cuttings.edges.store import sources
    from cuttings.edges.store.tables import addresses

    with store.reading() as connection:
        known = connection.execute(select(addresses.c.url).where(addresses.c.source == source.id)).scalars()
        return sources.find(store, source.id), frozenset(known)


# ---------------------------------------------------------------- list


@source_app.command("list")
def list_() -> None:
    """Every source: how it is read, when it was last asked, and what went wrong."""
    from cuttings.edges.store import sources
    from flows.place import settings

    chosen = settings()
    with _store(chosen) as store:
        states = {state.id: state for state in sources.every(store)} if store else {}
    for source in chosen.sources:
        state = states.get(source.id)
        if state is None:
            said = "never asked"
        elif state.failures:
            said = f"failing: {shown.counted(state.failures, 'time')} in a row, last {state.last_contact:%d %b %Y}"
        else:
            said = f"well, last asked {state.last_contact:%d %b %Y %H:%M}"
        typer.echo(f"{shown.short(source.id, 28):<29}{source.method:<12}{said}"[: shown.WIDTH].rstrip())
        if state is not None and state.failures:
            _say(f"{'':<29}{part.strip()}" for part in shown.wrapped("", shown.short(state.failure, 150)))
    gone = sorted(set(states) - {s.id for s in chosen.sources})
    if gone:
        _say(shown.wrapped("Taken out", ", ".join(gone)))
    if not chosen.sources:
        typer.echo("No source is configured. 'cuttings source try URL' proposes one.")


# ---------------------------------------------------------------- import


@source_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file, as feed readers export it.")],
    write: Annotated[bool, typer.Option("--write", help="Add them to config/local/sources.toml.")] = False,
) -> None:
    """Turn the feeds of an OPML file into blocks for sources.toml. What stands there is never changed."""
    from cuttings.edges.discover.opml import LARGEST, read_opml
    from flows.place import local_folder, settings

    settings()  # a configuration that can't be read is not added to
    try:
        with file.open("rb") as handle:
            body = handle.read(LARGEST + 1)
    except OSError as error:
        _stop(f"{file} can't be read: {error.strerror}.")
    with _reader("cuttings.edges.discover.opml") as run:
        found = run(read_opml, body)
    if found.fault:
        _stop(found.fault)
    written, twice = _blocks(found.feeds)
    aside = [*found.set_aside, *twice]
    target = local_folder() / "sources.toml"
    if write and written:
        _append(target, written)
        typer.echo(f"{shown.counted(len(written), 'source')} added to {target}.")
    else:
        typer.echo("\n".join(written), nl=False)
    for name, why in aside:
        typer.echo(f"Left out: {shown.short(name, 40)}: {why}.", err=True)
    total = len(written) + len(aside)
    typer.echo(f"{total} in the file: {len(written)} new, {len(aside)} left out.", err=True)
    if written and not write:
        typer.echo("Nothing was written: look through them, then use --write.", err=True)


def _blocks(feeds: Iterable[Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """A block for each feed that is not configured yet, and those that are."""
    from cuttings.addresses import canonical
    from cuttings.edges.discover.blocks import block, identifier

    taken, addresses = _configured()
    written, twice = [], []
    for feed in feeds:
        if (name := addresses.get(canonical(feed.url))) is not None:
            twice.append((feed.name, f"is configured already, as '{name}'"))
            continue
        chosen = identifier(feed.name, feed.url, taken)
        taken.add(chosen)
        addresses[canonical(feed.url)] = chosen
        values = {"id": chosen, "name": feed.name, "method": "feed", "url": feed.url}
        written.append(block(values))
    return written, twice


def _configured() -> tuple[set[str], dict[str, str]]:
    """Ids and addresses in the files, those taken out by `enabled = false` included."""
    import tomllib

    from cuttings.addresses import canonical
    from flows.place import config_folders

    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for folder in config_folders():
        path = folder / "sources.toml"
        blocks = tomllib.loads(path.read_text(encoding="utf-8")).get("source", []) if path.exists() else []
        for found in blocks:
            ids.add(found["id"])
            if isinstance(found.get("url"), str):
                try:
                    addresses[canonical(found["url"])] = found["id"]
                except ValueError:
                    continue  # a list's address with placeholders need not be one
    return ids, addresses


def _append(target: Path, blocks: Sequence[str]) -> None:
    """Old bytes first, whatever they are; the file is replaced whole, once it is known to be good."""
    import tempfile

    import parsers
    from cuttings.settings import load
    from flows.place import config_folders

    old = target.read_bytes() if target.exists() else b""
    gap = b"" if not old or old.endswith(b"\n\n") else b"\n" if old.endswith(b"\n") else b"\n\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".import-") as folder:
        new = Path(folder) / target.name
        new.write_bytes(old + gap + "\n".join(blocks).encode("utf-8"))
        load((*config_folders()[:-1], Path(folder)), parsers.family_names())
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)


# ---------------------------------------------------------------- asking and reading


def _fetcher(settings: Settings) -> Fetcher:
    from cuttings.edges.fetch import Fetcher, Outgoing

    council = settings.council
    contact = council.user_agent_contact or council.contact_email
    return Fetcher(contact, outgoing=Outgoing.from_environment(os.environ))


@contextmanager
def _reader(*preload: str) -> Iterator[Callable[..., Any]]:
    """How a stranger's bytes are read: in a worker with limits, which knows these modules when it starts."""
    from cuttings.edges.limited import Limited

    with Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=preload) as worker:
        yield worker.run


@contextmanager
def _store(settings: Settings) -> Iterator[Store | None]:
    """The store, where there is one: to look at a source is no reason to make it."""
    from flows.house import database, open_house

    place = database(settings)
    if isinstance(place, Path) and not place.exists():
        yield None
        return
    with open_house() as house:
        yield house.store


def _page(get: Get, url: str) -> Fetched:
    from cuttings.edges.fetch import Fetched, FetchFailed

    fetched = get(url)
    if not isinstance(fetched, Fetched):
        raise FetchFailed(url, "bad-content", "The site says nothing has changed, but was not asked that.")
    return fetched


def _is_page(fetched: Fetched) -> bool:
    """A feed or a sitemap is no page; JSON may be an article (GOV.UK, WordPress)."""
    from cuttings.edges.discover.probe import is_markup

    return not is_markup(fetched.page.body)


def _read(run: Callable[..., Any], fetched: Sequence[Fetched], family: str | None) -> Reading | str:
    """What the pages say; a sentence where they say nothing that is an article."""
    import parsers
    from cuttings.edges.limited import Crashed, Exceeded
    from cuttings.model import Unreadable

    try:
        reading: Reading = run(parsers.read, [f.page for f in fetched], family=family)
    except Unreadable as error:
        return f"{error.detail[:1].upper()}{error.detail[1:]}."
    except (Exceeded, Crashed) as error:
        return f"The page is too much for the reader: {error.detail}"
    return reading if reading.articles else "No article was found on it."


def _first(
    found: Discovery, source: Source, get: Get, run: Callable[..., Any]
) -> tuple[Reading, list[Fetched]] | str | None:
    """The first of its pages that reads; why none does; None where there is none to read."""
    from cuttings.edges.fetch import FetchFailed

    why: str | None = None
    for item in (*found.found, *found.known)[:_TRIES]:
        try:
            pages = [_page(get, page) for page in item.pages[:_FIRST_PAGES]]
        except FetchFailed as error:
            why = f"{item.url}: {error.detail}"
            continue
        reading = _read(run, pages, source.family)
        if not isinstance(reading, str):
            return reading, pages
        why = f"{item.url}: {reading}"
    return why


def _shown_reading(run: Callable[..., Any], reading: Reading, pages: Sequence[Fetched]) -> Iterator[str]:
    yield shown.line("Read as", _family(run, pages[0]))
    yield from shown.reading(reading)


def _family(run: Callable[..., Any], fetched: Fetched) -> str:
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


def _say(lines: Iterable[str]) -> None:
    for text in lines:
        typer.echo(text)


def _stop(sentence: str) -> NoReturn:
    typer.echo(f"cuttings: {sentence}", err=True)
    raise typer.Exit(1)
