"""`cuttings stats`: how much there is, by source, theme and month."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.edges.store.stats import Growth, Stats

app = typer.Typer()


@app.command()
def stats(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")] = False,
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months of growth.")] = 6,
) -> None:
    """Count what there is: by source and theme, verdicts, rulings, issues, mail, and the growth of the last months."""
    from cuttings.edges.store import stats as counting
    from flows.house import open_house

    with open_house() as house:
        names = {theme.id: theme.name for theme in house.settings.themes}
        found = counting.stats(house.store)
        grown = counting.growth(house.store, months)
        pages, size = house.archive.size()
    disk = {"store": found.size, "pages": size}
    if as_json:
        data = asdict(found) | {"growth": [asdict(g) for g in grown], "raw_pages": pages, "bytes": disk}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for line in _shown(found, grown, names, pages, disk):
        typer.echo(line)


def _shown(
    found: Stats, grown: tuple[Growth, ...], names: Mapping[str, str], pages: int, disk: Mapping[str, int]
) -> Iterator[str]:
    yield f"{found.articles:,} articles in {found.stories:,} stories; {sum(found.comments.values()):,} comments"
    yield from _table(
        "Source", ("articles", "comments", "kept"), {s.id: (s.articles, s.comments, s.kept) for s in found.sources}
    )
    yield from _table("Theme", ("articles",), {names.get(t, t) or "none": (n,) for t, n in found.themes.items()})
    for title, counts in (
        ("Comments, by verdict", found.comments),
        ("Rulings of editors", found.rulings),
        ("Pages asked for", found.pages),
        ("Issues", found.issues),
        ("Messages", found.messages),
    ):
        yield from _table(title, ("",), {name: (n,) for name, n in counts.items()})
    rows = {g.month: (g.articles, g.comments, g.pages, round(g.page_bytes / 1e6)) for g in grown}
    yield from _table("Month", ("articles", "comments", "pages", "MB read"), rows)
    yield ""
    yield f"On disk: store {disk['store'] / 1e6:,.1f} MB, {pages:,} raw pages {disk['pages'] / 1e6:,.1f} MB"


def _table(title: str, heads: tuple[str, ...], rows: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    from flows.terminal import columns, cut

    room = 80 - 11 * len(heads)
    yield ""
    yield f"{title:<{room}}" + "".join(f"{head:>11}" for head in heads) if any(heads) else title
    if not rows:
        yield "  none"
    for name, numbers in rows.items():
        said = cut(name, room - 3)
        yield f"  {said}{' ' * (room - 2 - columns(said))}" + "".join(f"{n:>11,}" for n in numbers)
