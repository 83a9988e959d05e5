"""`cuttings worker`: a second machine takes runs from the work pool."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def worker(
    server: Annotated[
        str | None, typer.Option("--server", help="Where the other machine serves: http://first.council.example:4200.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What its runs are marked with; this machine's name.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs at a time.")] = 3,
) -> None:
    """Have this machine take runs as well, beside the one that serves. Stays until stopped."""
    from flows import place, worker

    try:
        raise typer.Exit(worker.main(place.settings(), server=server, name=name, limit=limit))
    except worker.CannotWork as error:
        typer.echo(f"cuttings: {error}", err=True)
        raise typer.Exit(1) from error
