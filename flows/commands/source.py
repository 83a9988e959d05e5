"""`cuttings source`: what would be read at a new site; whether the sources that are configured still work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands import source_asking as asking
from flows.commands import source_import
from flows.commands import source_shown as shown
from flows.commands.telling import stop

if TYPE_CHECKING:
    from cuttings.edges.discover.probe import Proposal
    from cuttings.edges.fetch import Fetched, Get
    from cuttings.edges.store import Store
    from cuttings.edges.store.sources import SourceState
    from cuttings.model import Reading
    from cuttings.settings import Design, Settings, Source

app = typer.Typer()
source_app = typer.Typer(help="Try a site before you add it; check the sources you have.", no_args_is_help=True)
app.add_typer(source_app, name="source")
source_app.command("import")(source_import.import_)

REDESIGN = "Nothing is listed where something used to be. Has the site been redesigned?"


# ---------------------------------------------------------------- try


@source_app.command("try")
def try_(
    url: Annotated[str, typer.Argument(help="An article's address; or a feed's, a list's, a site's.")],
    family: Annotated[str | None, typer.Option(help="The parser to use; left out, it is recognised.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address of your own network.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(help="A CSS selector of the site's own, as body=div.story; for each part its own --select."),
    ] = None,
) -> None:
    """Show what would be read there, what is set aside and why, and a block for sources.toml. Keeps nothing."""
    from cuttings.edges.fetch import FetchFailed
    from flows.place import now, settings

    chosen = settings()
    trial = trial_source(url, family, private, select or ())
    with asking.fetcher(chosen) as fetcher, asking.reader("parsers") as run:
        get = fetcher.bound_to(trial)
        try:
            fetched = asking.page(get, url)
        except FetchFailed as error:
            stop(error.detail)
        if fetched.redirects:
            asking.say([shown.line("Leads to", fetched.final_url)])
        reading = _page_or_list(run, fetched, trial)
        if not isinstance(reading, str):
            asking.say(asking.shown_reading(run, reading, [fetched]))
        elif asking.is_page(fetched):
            asking.say(shown.wrapped("No article", reading))
        _propose(chosen, trial, fetched, get, run, article=not isinstance(reading, str), now=now)


def _page_or_list(run: Callable[..., Any], fetched: Fetched, trial: Source) -> Reading | str:
    if not asking.is_page(fetched):
        return "It is no page but a list."
    return asking.read(run, [fetched], trial.family, trial.designs)


def _design(select: Sequence[str]) -> tuple[Design, ...]:
    """The one design that --select describes, where it does."""
    from pydantic import ValidationError

    from cuttings.settings import Design

    parts = dict(word.partition("=")[::2] for word in select)
    try:
        return (Design.model_validate(parts),) if parts else ()
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        if fault["type"] == "extra_forbidden":
            stop(f"--select has no part '{name}'; it has: {', '.join(Design.model_fields)}.")
        said = str(fault["msg"]).removeprefix("Value error, ")
        stop(f"--select{f' {name}' if name else ''}: {said}.")


def trial_source(url: str, family: str | None, private: bool, select: Sequence[str] = ()) -> Source:
    from pydantic import ValidationError

    from cuttings.settings import Source

    page = _design(select)
    try:
        return Source(
            id="try",
            name="Try",
            method="pages",
            url=url,
            pages=(url,),
            family=family,
            allow_private=private,
            page=page,
            pace_seconds=0.1 if private else 2.0,  # one's own server is not a stranger's
        )
    except ValidationError:
        stop(f"'{shown.short(url, 60)}' is not a web address: it must start with http:// or https://.")


def _propose(
    chosen: Settings, trial: Source, fetched: Fetched, get: Get, run: Callable[..., Any], *, article: bool, now: Any
) -> None:
    from cuttings.edges.discover.blocks import block
    from cuttings.edges.discover.probe import Probe

    probe = Probe(fetched, get, now(), run)
    proposal = probe.propose(article=article)
    typer.echo("")
    if proposal is None:
        asking.say(shown.wrapped("No way in", "No feed, interface, sitemap or list was found. It was looked for at:"))
        for address, why in probe.tried:
            asking.say([shown.line("", f"{address}: {why}")])
        raise typer.Exit(1)
    values = _values(chosen, trial, proposal, fetched, probe.site, run if article else None)
    if article:
        asking.say(shown.wrapped("How to read", f"Method '{proposal.method}': {proposal.why}."))
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
    family = trial.family or (asking.family(run, fetched) if run else None)
    return {
        "id": identifier(site or "", fetched.final_url, {s.id for s in chosen.sources}),
        "name": name,
        "method": proposal.method,
        "url": proposal.url,
        "selector": proposal.selector,
        "family": None if family == "generic" else family,
        "allow_private": True if trial.allow_private else None,
        "page": [design.model_dump(exclude_none=True) for design in trial.page] or None,
    }


def _look(
    values: dict[str, object], proposal: Proposal, trial: Source, get: Get, run: Callable[..., Any], now: Any
) -> dict[str, object]:
    """Ask what the proposed source lists and read its first page; what that tells of the block."""
    from cuttings.edges.discover import discover
    from cuttings.edges.fetch import FetchFailed
    from cuttings.settings import Source

    asking.say(shown.wrapped("How to read", f"Method '{proposal.method}': {proposal.why}."))
    given = {key: value for key, value in values.items() if value is not None}
    source = Source.model_validate({**given, "pace_seconds": trial.pace_seconds, "most_at_first": 50})
    try:
        found = discover(source, get, now=now, run=run)
    except FetchFailed as error:
        asking.say(shown.wrapped("Not listed", error.detail))
        return {}
    asking.say(shown.discovery(found))
    first = asking.first(found, source, get, run)
    if not isinstance(first, tuple):
        asking.say(shown.wrapped("Not read", first or "There was nothing to read."))
        return {}
    reading, pages = first
    typer.echo("")
    asking.say([shown.line("The first", pages[0].final_url)])
    asking.say(asking.shown_reading(run, reading, pages))
    family = trial.family or asking.family(run, pages[0])
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
    with asking.fetcher(chosen) as fetcher, asking.reader("parsers") as run, asking.store(chosen) as store:
        for n, source in enumerate(sources):
            if n:
                typer.echo("")
            typer.echo(shown.short(f"{source.id} – {source.name} ({source.method})", shown.WIDTH))
            if fault := _checked(source, fetcher.bound_to(source), run, store):
                bad.append(source.id)
                asking.say(shown.wrapped("TO DO", fault))
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
        asking.say([shown.line("Before", _history(state, len(known)))])
    try:
        found = discover(source, get, now=now(), known=known, last_contact=last, run=run)
    except FetchFailed as error:
        return error.detail
    asking.say(shown.discovery(found, contacted_before=bool(known)))
    if not found.listed:
        return REDESIGN if known else "It answers, and lists nothing that could be read."
    first = asking.first(found, source, get, run)
    if first is None:
        return None
    if isinstance(first, str):
        return f"None of its pages could be read. {first}"
    reading, _ = first
    article = reading.articles[0]
    asking.say([shown.line("Reads", article.title or "(no headline)")])
    said = [
        shown.counted(len(article.paragraphs), "paragraph"),
        shown.counted(len(reading.comments), "comment"),
        f"published {article.published or 'on an unknown day'}",
    ]
    asking.say([shown.line("", ", ".join(said))])
    changed = next((r for a in reading.articles for r in a.repairs if r.kind == "page family"), None)
    if any(r.kind == "page design" for a in reading.articles for r in a.repairs):
        return (
            "None of its own selectors ([[source.page]]) fits its pages. Have they been redesigned? Add the new "
            "selectors above the old ones, which the archived pages need: 'cuttings source try URL --select body=…' "
            "shows their effect."
        )
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
    with asking.store(chosen) as store:
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
            asking.say(f"{'':<29}{part.strip()}" for part in shown.wrapped("", shown.short(state.failure, 150)))
    gone = sorted(set(states) - {s.id for s in chosen.sources})
    if gone:
        asking.say(shown.wrapped("Taken out", ", ".join(gone)))
    if not chosen.sources:
        typer.echo("No source is configured. 'cuttings source try URL' proposes one.")
