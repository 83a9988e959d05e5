"""The command `governance`: the papers a council needs, from what is configured and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def governance(
    folder: Annotated[Path | None, typer.Argument(help="Where to; left out: output/governance.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write privacy notice, DPIA draft, accessibility statement and licence register, to be filled in."""
    from cuttings.edges.archive import write_whole
    from flows import governance as papers
    from flows.house import open_house

    with open_house() as house:
        folder = folder or house.output / "governance"
        made = papers.documents(papers.facts(house))
    there = [name for name in made if (folder / name).exists()]
    if there and not force:
        typer.echo(
            f"cuttings: {folder / there[0]} is there, perhaps filled in. Say another folder, or --force.", err=True
        )
        raise typer.Exit(1)
    for name, text in made.items():
        try:
            write_whole(folder / name, text.encode())
        except OSError as error:
            typer.echo(f"cuttings: {folder / name}: can't be written: {error.strerror}.", err=True)
            raise typer.Exit(1) from error
        typer.echo(f"{folder / name}")
    gaps = sum(text.count("[to fill in") for name, text in made.items() if name.endswith(".md"))
    typer.echo(f"{gaps} places are marked '[to fill in]': they are the council's to decide, not ours.")
