"""`cuttings doctor`: what is configured, what can be reached, what is overdue, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flows.doctor import Finding

app = typer.Typer()

_MARKS = {"ok": "ok", "look": "LOOK", "fault": "FAULT"}  # words, so that colour is not needed
_INDENT = 6 + 12  # the columns of mark and part


@app.command()
def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: no mail server, no source.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON list.")] = False,
) -> None:
    """Say what is configured, reachable and overdue, and what to do. Ends with 1 where there is a fault."""
    from cuttings.model import BadConfiguration
    from flows import doctor as room
    from flows import place

    try:
        found = room.examine(place.settings(), now=place.now(), online=not offline)
    except BadConfiguration as error:
        found = tuple(room.unreadable(error))
    if as_json:
        typer.echo(json.dumps([asdict(f) for f in found], ensure_ascii=False, indent=1))
    else:
        for line in shown(found):
            typer.echo(line)
    if any(f.mark == "fault" for f in found):
        raise typer.Exit(1)


def shown(found: Sequence[Finding]) -> Iterator[str]:
    """The findings in 80 columns: mark, part, what is so; and below it what to do."""
    from flows.terminal import wrapped

    for finding in found:
        head = f"{_MARKS[finding.mark]:<6}{finding.part[:11]:<12}"
        first, *rest = wrapped(finding.says, indent=" " * _INDENT) or [""]
        yield f"{head}{first.strip()}"
        yield from rest
        if finding.todo:
            yield from wrapped(f"-> {finding.todo}", indent=" " * _INDENT)
    faults, looks = (sum(f.mark == mark for f in found) for mark in ("fault", "look"))
    yield ""
    if faults or looks:
        yield f"{faults} to be mended (FAULT), {looks} to be looked at (LOOK)."
        if first := next((f.todo for mark in ("fault", "look") for f in found if f.mark == mark and f.todo), ""):
            yield f"Begin with:  {first.partition('  #')[0]}"
    else:
        yield "All is well."
