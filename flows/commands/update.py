"""`cuttings update` says how; `./run update` does it, with the hidden steps here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer()


@app.command()
def update(
    version: Annotated[str | None, typer.Argument(help="A tag, branch or commit; left out: the newest.")] = None,
) -> None:
    """Bring Cuttings to a newer version: backup, libraries, store, self-check; all taken back when that fails."""
    typer.echo(f"The script does that, as it changes this program:  ./run update {version or ''}".rstrip(), err=True)
    raise typer.Exit(1)


@app.command(hidden=True)
def updating(
    step: Annotated[Literal["begin", "check"], typer.Argument()],
    folder: Annotated[Path, typer.Argument(help="Where the script keeps what it needs for the way back.")],
) -> None:
    """A step of `./run update`: `begin` in the old version, `check` in the new one."""
    from flows import place
    from flows import updating as room

    if step == "begin":
        made = room.begin(folder, place.now())
        typer.echo(f"backup: {made}" if made else "There is no store yet, so there is nothing to back up.")
        return
    faults = room.check(folder, place.now())
    for fault in faults:
        typer.echo(f"self-check: {fault}", err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo("self-check: the store opens, the configuration holds, a sample of each edition prints")
