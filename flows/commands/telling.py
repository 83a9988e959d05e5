"""How a command ends that cannot go on: a sentence on standard error, and 1 or 2."""

from __future__ import annotations

from typing import NoReturn

import typer

from flows.terminal import shown


def stop(sentence: str, code: int = 1) -> NoReturn:
    typer.echo(f"cuttings: {shown(sentence)}", err=True)
    raise typer.Exit(code)
