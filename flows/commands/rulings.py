"""Editors' rulings out and in: keys and decisions, to keep under version control or to carry to another checkout."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.telling import stop

app = typer.Typer()
rulings_app = typer.Typer(help="What editors decided: as a file, out and in.", no_args_is_help=True)
app.add_typer(rulings_app, name="rulings")

TheFile = Annotated[Path, typer.Argument(help="A .csv or .toml file.")]


@rulings_app.command("export")
def export(file: TheFile) -> None:
    """Write every ruling to a file: keys, decisions, who and when; never a comment's words."""
    from cuttings import rulings_file, spreadsheet
    from cuttings.edges.store import judged
    from flows import given
    from flows.house import open_house

    toml = _is_toml(file)
    with open_house() as house:
        found = judged.records(house.store)
    data = rulings_file.as_toml(found).encode() if toml else spreadsheet.encoded(rulings_file.as_csv(found))
    try:
        given.write(file, data)
    except OSError as error:
        stop(f"{file} can't be written: {error.strerror}.")
    back = sum(one.undone is not None for one in found)
    typer.echo(f"{len(found)} rulings in {file}" + (f", {back} of them taken back." if back else "."))


@rulings_app.command("import")
def import_(file: TheFile) -> None:
    """Take rulings in from a file; what is on record already stays, what is wrong is refused with its line."""
    from cuttings import rulings_file, spreadsheet
    from cuttings.edges.store import judged
    from flows import given, judging
    from flows.house import open_house

    toml = _is_toml(file)
    try:
        read = (rulings_file.from_toml if toml else rulings_file.from_csv)(given.read(file))
    except OSError as error:
        stop(f"{file} can't be read: {error.strerror}.")
    except spreadsheet.BadTable as error:
        stop(f"{file}: {error}.")
    with open_house() as house:
        done = judged.take_in(house.store, read.rulings, now=house.clock())
        called = [r.ruling.subject.partition(":")[2] for r in read.rulings if r.ruling.decision == "spam"]
        judging.judge_like_ruled(house, called, now=house.clock())
        themes = {theme.id for theme in house.settings.themes}
    said = f"{done.new} new, {done.known} known already"
    typer.echo(f"{said}, {len(read.refused)} refused." if read.refused else f"{said}.")
    if done.waiting:
        kinds = Counter(r.subject.partition(":")[0] for r in done.waiting)
        what = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in sorted(kinds.items()))
        typer.echo(f"{len(done.waiting)} of the new ones wait for what is not read here yet: {what}.")
        for ruling in done.waiting[:5]:
            typer.echo(f"    {ruling.subject}  {ruling.decision}")
    unknown = {r.ruling.value for r in read.rulings if "theme" in r.ruling.decision and r.ruling.value} - themes
    if unknown:
        names = ", ".join(sorted(str(one)[:40] for one in unknown))
        typer.echo(f"Kept, though no theme of that name is configured here: {names}.")
    for line in rulings_file.in_words(read.refused, "block" if toml else "line"):
        typer.echo(f"cuttings: {file}: {line}", err=True)
    if read.refused:
        raise typer.Exit(1)


def _is_toml(file: Path) -> bool:
    if file.suffix.lower() not in (".csv", ".toml"):
        stop(f"{file}: give a file that ends in .csv or .toml.", 2)
    return file.suffix.lower() == ".toml"
