"""`cuttings explain KEY`: the whole trail of an article or a comment, from its page to where it was published."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="A key, the beginning of one, or the address of an article.")],
) -> None:
    """The whole trail of an article or comment: page, repairs, verdict, themes, rulings, where it was printed."""
    from flows import trail
    from flows.house import open_house
    from flows.terminal import wrapped

    with open_house() as house:
        try:
            sections = trail.told(house, key)
        except trail.NotOne as error:
            typer.echo(f"cuttings: {error}", err=True)
            raise typer.Exit(1) from None
    for head, lines in sections:
        typer.echo(f"{head}")
        for line in lines:
            first, *rest = wrapped(line, indent="    ") or [""]
            typer.echo(first[2:])
            for more in rest:
                typer.echo(more)
        typer.echo("")
