"""`cuttings source`: what would be read at an address that is not configured yet; whether what is configured works."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.edges.fetch import Fetched
    from cuttings.model import Reading
    from cuttings.settings import Settings, Source

app = typer.Typer()
source_app = typer.Typer(help="Try a site before you add it; check the sources you have.", no_args_is_help=True)
app.add_typer(source_app, name="source")

WIDTH = 76


@source_app.command("try")
def try_(
    url: Annotated[str, typer.Argument(help="An article's address, or a feed's.")],
    family: Annotated[str | None, typer.Option(help="The parser to use; left out, it is recognised.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address of your own network.")] = False,
) -> None:
    """Show what would be read there, what is set aside and why, and a block for sources.toml. Keeps nothing."""
    from cuttings.edges.fetch import FetchFailed
    from cuttings.settings import Source
    from flows.place import settings

    chosen = settings()
    source = Source(id="try", name="Try", method="pages", url=url, pages=(url,), family=family, allow_private=private)
    with _fetcher(chosen) as fetcher:
        try:
            fetched = fetcher.bound_to(source)(url)
        except FetchFailed as error:
            _stop(error.detail)
        hints = _hints(fetched)
        reading = _read([fetched], family)
        if reading is not None:
            _show(reading)
        _propose(url, hints)


@source_app.command("check")
def check(
    name: Annotated[str | None, typer.Argument(help="The source's id; left out: all of them.")] = None,
) -> None:
    """Ask each source for what is new and read one of its pages. Keeps nothing."""
    from cuttings.edges.discover import discover
    from cuttings.edges.fetch import FetchFailed
    from flows.place import now, settings

    chosen = settings()
    sources = [chosen.source(name)] if name else chosen.sources
    bad = 0
    with _fetcher(chosen) as fetcher:
        for source in sources:
            get = fetcher.bound_to(source)
            try:
                found = discover(source, get, now=now()).found
                state = f"{len(found)} to read" if found else "answers, nothing to read"
                if found:
                    state += _first([get(page) for page in found[0].pages[:8]], source)
            except FetchFailed as error:
                bad, state = bad + 1, error.detail
            typer.echo(f"{source.id:<28} {state}")
    if bad:
        raise typer.Exit(1)


def _fetcher(settings: Settings):  # type: ignore[no-untyped-def]
    from cuttings.edges.fetch import Fetcher, Outgoing

    council = settings.council
    contact = council.user_agent_contact or council.contact_email
    return Fetcher(contact, outgoing=Outgoing.from_environment(os.environ))


def _read(fetched: Sequence[Fetched], family: str | None) -> Reading | None:
    import parsers
    from cuttings.edges.limited import Crashed, Exceeded, Limited
    from cuttings.model import Unreadable

    with Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=("parsers",)) as worker:
        try:
            return worker.run(parsers.read, [f.page for f in fetched], family=family)
        except Unreadable as error:
            typer.echo(f"Not read as an article: {error.detail}.")
        except (Exceeded, Crashed) as error:
            typer.echo(f"The page is too much for the reader: {error.detail}")
    return None


def _first(fetched: Sequence[Fetched], source: Source) -> str:
    """What the first document says, in a few words; of a magazine's issue, its first pages."""
    reading = _read(fetched, source.family)
    if reading is None:
        return "; the first could not be read"
    article = reading.articles[0]
    return f"; the first: {article.title or '(no headline)'!r}, {len(reading.comments)} comments"


def _hints(fetched: Fetched) -> Mapping[str, tuple[str, ...]]:
    from cuttings.edges.discover.pages import read_hints

    return read_hints(fetched.page.body, fetched.page.media_type, fetched.final_url)


def _show(reading: Reading) -> None:
    for article in reading.articles:
        typer.echo(f"Title       {article.title or '(the page has no headline)'}")
        typer.echo(f"Standfirst  {_short(article.standfirst)}")
        typer.echo(f"Authors     {', '.join(article.authors) or '-'}")
        typer.echo(f"Published   {article.published or '-'}   kind {article.kind}   language {article.language or '-'}")
        words = len(article.text.split())
        typer.echo(f"Body        {len(article.paragraphs)} paragraphs, {words} words: {_short(article.text)}")
        for repair in article.repairs:
            typer.echo(f"Repaired    {repair.kind}: {repair.where} ({repair.certainty})")
    typer.echo(f"Comments    {len(reading.comments)}")
    for comment in reading.comments[:3]:
        typer.echo(f"  {comment.posted or '-'}  {_short(comment.text)}")
    typer.echo(f"Set aside   {len(reading.set_aside)}")
    for aside in reading.set_aside[:12]:
        typer.echo(f"  {aside.why}: {_short(aside.text, 48)}")


def _short(text: str | None, width: int = WIDTH - 14) -> str:
    flat = " ".join((text or "-").split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def _propose(url: str, hints: Mapping[str, tuple[str, ...]]) -> None:
    """A block to copy; with a feed or WordPress's interface named by the page, else the page itself."""
    from cuttings.addresses import host_of, site

    host = host_of(url)
    name = site(host)
    identifier = "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
    if hints.get("wordpress"):
        method, address = "wordpress", f"{url.split(host)[0]}{host}/"
    elif hints.get("feed"):
        method, address = "feed", hints["feed"][0]
    else:
        method, address = "list", f"{url.split(host)[0]}{host}/"
    typer.echo("\nA block for config/local/sources.toml:\n")
    typer.echo("[[source]]")
    for key, value in {"id": identifier, "name": name, "method": method, "url": address}.items():
        typer.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    if method == "list":
        typer.echo('selector = "a"        # the CSS selector of the links to articles; the page names no feed')
    typer.echo('# licence = { mode = "excerpt", words = 80, notice = "…" }   # without one: link alone')


def _stop(sentence: str) -> None:
    typer.echo(f"cuttings: {sentence}", err=True)
    raise typer.Exit(1)
