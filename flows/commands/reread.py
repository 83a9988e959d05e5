"""`cuttings reread`: what lies in the archive, read as this version of the program reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.settings import Settings
    from flows.rereading import Again

app = typer.Typer()

NO_POOL = (
    "Parts are for several machines, and no work pool is configured ([schedule] work_pool). Without --parts the "
    "archive is read here."
)


@app.command()
def reread(
    source: Annotated[str | None, typer.Option("--source", help="Only this source; left out: all of them.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only pages that came since: 2026-10-01.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    parts: Annotated[
        int | None, typer.Option("--parts", min=1, max=1000, help="So many runs, which the machines of the pool share.")
    ] = None,
) -> None:
    """Read the archive again, without the network: after an upgrade, or new themes. Rulings and issues stay."""
    from flows import place
    from flows.commands.running import prepare

    settings = prepare()
    if source:
        settings.source(source)  # a slip of the pen is told before Prefect starts
    if since:
        place.as_moment(since)
    if parts:
        if dry_run:
            raise typer.BadParameter("a dry run is done in one piece: leave out --parts")
        tell_parts(settings, parts, source, since)
        return
    from flows.reread import reread as flow

    result = flow(source, since, dry_run)
    if result is None:
        typer.echo("Another reread is at work; this one did nothing.")
        return
    tell(result, dry_run)


def tell_parts(settings: Settings, parts: int, source: str | None, since: str | None) -> None:
    from flows import reread_parts
    from flows.house import open_house

    if settings.schedule.work_pool is None:
        raise reread_parts.CannotShare(NO_POOL)
    started = reread_parts.start(parts, source, since)
    unfinished = reread_parts.wait_for(started, say=typer.echo)
    with open_house() as house:
        tell(reread_parts.counted(house.store, started), dry_run=False)
    if unfinished:
        typer.echo(f"Not read to their end: {', '.join(unfinished)}. Give the command again.", err=True)
        raise typer.Exit(1)


def tell(result: Again, dry_run: bool) -> None:
    typer.echo(f"{result.documents} documents in the archive:")
    for what, n in result.counts:
        typer.echo(f"  {n:>6}  {what}")
    if result.details:
        typer.echo("What would change:" if dry_run else "What changed:")
        for what, n in result.details:
            typer.echo(f"  {n:>6}  {what}")
    for address, what in result.told:
        typer.echo(f"  {address}\n          {what}")
    if dry_run:
        typer.echo("Nothing was written.")
