"""Themes: which there are, and what each catches, or would catch, in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.model import Theme
    from cuttings.themes_rulings import Performance
    from flows.theme_check import Caught, Checked

app = typer.Typer()
themes_app = typer.Typer(help="The themes that articles are sorted by.", no_args_is_help=True)
app.add_typer(themes_app, name="themes")

ENOUGH = 20  # articles of a theme: with fewer nearly all of its phrases are unused
UNUSED = 15  # of them named
NEWEST = 2000  # articles that are looked at unless all are asked for: an answer within seconds


@themes_app.command("list")
def list_() -> None:
    """Every theme: how many articles have it, and how well that agrees with what editors ruled."""
    from cuttings.edges.store import labelling
    from flows import theme_check, themes_in_use
    from flows.house import open_house

    with open_house() as house:
        settings = house.settings
        counts = labelling.counts(house.store)
        rows = themes_in_use.examples(house)
        measured = {p.theme: p for p in theme_check.measured(settings.themes, rows)}
        learned = theme_check.learned(settings.themes, rows)
    typer.echo(f"{'theme':<18}{'articles':>9}{'first':>7}{'right':>8}{'found':>8}{'rulings':>9}  decided by")
    for theme in settings.themes:
        have, first = counts.get(theme.id, (0, 0))
        one = measured[theme.id]
        way = "phrases and rulings" if theme.id in learned else "phrases"
        figures = f"{_share(one.precision):>8}{_share(one.recall):>8}{one.confirmed + one.refused:>9}"
        typer.echo(f"{theme.id[:17]:<18}{have:>9}{first:>7}{figures}  {way}")
    for theme in settings.drafts:
        typer.echo(f"{theme.id[:17]:<18}not live: ./run themes check {theme.id}")
    typer.echo("\nright: of its labels that editors ruled on. found: of the articles they gave it.")


@themes_app.command("check")
def check(
    theme: Annotated[str | None, typer.Argument(help="A theme's id; left out: all that are live, in short.")] = None,
    most: Annotated[int, typer.Option(help="How many articles to show of each kind.", min=0)] = 10,
    all_: Annotated[bool, typer.Option("--all", help="Every article, not the newest alone; takes minutes.")] = False,
) -> None:
    """What a theme catches in the archive, with evidence, and what changes if it is used as it stands now."""
    from cuttings.edges.store import articles
    from flows import theme_check, themes_in_use
    from flows.house import open_house

    with open_house() as house:
        known = [*house.settings.themes, *house.settings.drafts]
        chosen = [t for t in known if theme in (None, t.id)]
        if not chosen:
            typer.echo(f"cuttings: there is no theme '{theme}'. Known: {', '.join(t.id for t in known)}.", err=True)
            raise typer.Exit(2)
        rows = themes_in_use.examples(house)
        checked = theme_check.check(house, None if theme is None else chosen[0], rows, None if all_ else NEWEST)
        measured = theme_check.measured(checked.themes, rows)
        held = articles.held(house.store)
    if not all_ and held > NEWEST:
        typer.echo(f"The newest {NEWEST:,} of {held:,} articles in the archive; --all looks at every one.")
    else:
        typer.echo(f"{checked.articles} articles in the archive.")
    if theme is None:
        _in_short(checked)
        return
    _in_full(chosen[0], checked, {p.theme: p for p in measured}[chosen[0].id], most, chosen[0] in house.settings.drafts)


def _in_short(checked: Checked) -> None:
    typer.echo(f"{'theme':<18}{'catches':>8}{'newly':>7}{'loses':>7}  most often beside")
    for theme in checked.themes:
        found = checked.caught.get(theme.id, ())
        beside = ", ".join(f"{t} {n}" for t, n in checked.beside(theme.id)[:2])
        newly, lost = sum(c.newly for c in found), len(checked.lost.get(theme.id, ()))
        typer.echo(f"{theme.id[:17]:<18}{len(found):>8}{newly:>7}{lost:>7}  {beside}"[:80].rstrip())
    typer.echo(f"{checked.without} articles have no theme.")


def _in_full(theme: Theme, checked: Checked, measured: Performance, most: int, draft: bool) -> None:
    from flows.terminal import wrapped

    found, lost = checked.caught.get(theme.id, ()), checked.lost.get(theme.id, ())
    first = sum(one.first for one in found)
    catches = "would catch" if draft else "catches"
    typer.echo(f"‘{theme.name}’ {catches} {len(found)}, {first} of them as their first theme.")
    newly = [one for one in found if one.newly]
    typer.echo(f"Newly, compared with the labels they bear: {len(newly)}. Lost: {len(lost)}.")
    taken = sum(one.first and one.was is not None and one.was != theme.id for one in found)
    if taken:
        typer.echo(f"It takes the first place from another theme in {taken}.")
    if beside := checked.beside(theme.id):
        for line in wrapped("Beside it: " + ", ".join(f"{t} ({n})" for t, n in beside)):
            typer.echo(line)
    typer.echo(
        f"On {measured.confirmed + measured.refused} rulings: right {_share(measured.precision)}, "
        f"found {_share(measured.recall)}."
    )
    old = [one for one in found if not one.newly]
    for head, rows in (("Newly caught", newly), ("Lost", lost), ("Caught", old)):
        if rows and most:
            typer.echo(f"\n{head}" + (f" (the first {most} of {len(rows)})" if len(rows) > most else ""))
            for one in rows[:most]:
                _show(one)
    unused = checked.unused(theme)
    if unused and len(found) >= ENOUGH:
        typer.echo("")
        few = ", ".join(unused[:UNUSED]) + (" …" if len(unused) > UNUSED else "")
        for line in wrapped(f"{len(unused)} of its {len(theme.phrases)} phrases spoke for no article: {few}"):
            typer.echo(line)


def _show(one: Caught) -> None:
    from flows.terminal import cut

    typer.echo(cut(f"  {one.key[:8]}  {'first  ' if one.first else ''}{one.title or '(no headline)'}", 80))
    for line in one.evidence[:2]:
        typer.echo("            " + cut(line, 68))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
