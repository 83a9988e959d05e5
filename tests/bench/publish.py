"""Rendering, beside WeasyPrint on the same HTML: digests of 5, 50 and 500 items, and both editions of a month. And an
issue of the same week out of a small store and a large one, from the first question to the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from cuttings import render
from cuttings.edges.archive import Archive
from cuttings.edges.store import issues
from cuttings.model import Digest, Theme
from cuttings.render.layout import laid_out
from cuttings.settings import Edition, Settings, Source
from flows.house import House
from flows.wrapped import Wrapped
from tests.bench import commands
from tests.bench import store as kept
from tests.bench.table import Cell, Table, cpu_seconds
from tests.digest.corpus import COUNCIL, EXCERPT, MANAGERS, MEMBERS, digest, many

ROUNDS = 3
ARCHIVES = (500, 50_000)  # articles with twenty comments each: 10,000 comments and a million
FEW = (500, 2_000)
MONTH, GROWTH, BESIDE = 6.0, 1.2, 1.2  # CPU seconds of a month's editions; times the small archive; times WeasyPrint


def measure(quick: bool) -> Table:
    render.pdf_from_html(render.html(_of(5), medium="print"))  # imports, fonts and templates, once
    rows: list[Mapping[str, Cell]] = [
        _beside(f"{n} items", [_of(n)], 1 if quick else ROUNDS) for n in ((5, 50) if quick else (5, 50, 500))
    ]
    month = [digest(edition, many(60)) for edition in (MANAGERS, MEMBERS)]
    if not quick:  # where one is laid out twice it stands for itself: beside another its cost would be half hidden
        rows += [_beside(f"{made.name}, a month", [made], ROUNDS) for made in month]
        rows.append(_beside("managers, a week", [digest(MANAGERS)], ROUNDS))
    rows.append(_beside("both editions of a month", month, 1 if quick else ROUNDS))
    rows.append(_as_published(month, 1 if quick else ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        sizes = FEW if quick else ARCHIVES
        houses = [_house(Path(folder) / str(size), size) for size in sizes]
        rows += archives(houses, sizes, 2 if quick else ROUNDS)
        for house in houses:
            house.store.close()
    return Table(
        "Rendering: HTML and PDF, CPU seconds (median of the rounds, taken in turns)",
        rows,
        (
            "ours: the twin, the print document and the PDF; WeasyPrint: the PDF of the same print document, pdf/ua-1.",
            "Fonts, templates and the stylesheet are read before the first round.",
            "Set tighter: how many were laid out a second time, as a few lines alone would have taken another page; "
            "both layouts are in ours, WeasyPrint lays out once. As published: with the gate's look as well.",
            f"A week of 400 articles with {kept.COMMENTS} comments each out of a store: asked for, composed, rendered; "
            "the best of the rounds, and times the small store.",
        ),
    )


def _house(folder: Path, size: int) -> House:
    """A deployer's house with a store of so many articles, and the themes and sources that they have."""
    folder.mkdir(mode=0o700)
    store, _ = kept.filled(folder / commands.DATABASE, size)
    themes = tuple(
        Theme(id=f"theme-{n}", name=f"Theme {n}", description="A theme.", phrases=("care home",)) for n in range(15)
    )
    sources = tuple(
        Source(id=f"source-{n}", name=f"Paper {n}", url="https://news.example/", licence=EXCERPT) for n in range(40)
    )
    settings = Settings(council=COUNCIL, themes=themes, sources=sources, editions=(MANAGERS, MEMBERS))
    return House(settings, folder, store, Archive(folder / "pages"), lambda: kept.NOW)


def archives(houses: Sequence[House], sizes: Sequence[int], rounds: int) -> list[Mapping[str, Cell]]:
    """The same week out of stores of so many articles, in turns, composed as `publish` composes it."""
    costs = [[_cost(lambda house=house: _week(house)) for house in houses] for _ in range(rounds)]  # type: ignore[misc]
    best = [min(one) for one in zip(*costs, strict=True)]
    return [
        {
            "digest": f"a week out of {size * kept.COMMENTS:,} comments",
            "items": MANAGERS.most_items,
            "set tighter": None,
            "ours": cost,
            "WeasyPrint": None,
            "ratio": cost / best[0],
            "aim": f"{GROWTH} times" if n else None,
        }
        for n, (size, cost) in enumerate(zip(sizes, best, strict=True))
    ]


def _week(house: House) -> None:
    from flows import making

    last = kept.NOW.date() - timedelta(days=1)
    issue, _ = issues.begin(house.store, MANAGERS.id, last - timedelta(days=6), last, now=kept.NOW)
    made, _ = making.compose.fn(Wrapped(house), MANAGERS, Wrapped(issue), kept.NOW).value
    assert made.items
    render.html(made)
    render.pdf_from_html(render.html(made, medium="print"))


def _of(items: int) -> Digest:
    edition: Edition = MANAGERS.model_copy(update={"budget_words": 100 * items + 1000, "most_items": items})
    held = digest(edition, many(items))
    return replace(held, budget=10**6)


def _beside(name: str, made: list[Digest], rounds: int) -> dict[str, Cell]:
    import weasyprint

    documents = [render.html(d, medium="print") for d in made]

    def ours() -> None:
        for d in made:
            render.html(d)
            render.pdf_from_html(render.html(d, medium="print"))

    def theirs() -> None:
        for document in documents:
            weasyprint.HTML(string=document).write_pdf(pdf_variant="pdf/ua-1")

    pairs = [(_cost(ours), _cost(theirs)) for _ in range(rounds)]
    own, peer = (median(side) for side in zip(*pairs, strict=True))
    return {
        "digest": name,
        "items": sum(len(d.items) for d in made),
        "set tighter": sum(_tighter(document) for document in documents),
        "ours": own,
        "WeasyPrint": peer,
        "ratio": median(a / b for a, b in pairs),
        "aim": f"{BESIDE} times",
    }


def _as_published(made: Sequence[Digest], rounds: int) -> dict[str, Cell]:
    """What goes out: the gate's look at it as well, and the second layout of an issue that ends with a few lines."""

    def ours() -> None:
        for d in made:
            render.check(d, render.html(d), render.pdf_from_html(render.html(d, medium="print")))

    return {
        "digest": "the same as published",
        "items": sum(len(d.items) for d in made),
        "set tighter": sum(_tighter(render.html(d, medium="print")) for d in made),
        "ours": median(_cost(ours) for _ in range(rounds)),
        "WeasyPrint": None,
        "ratio": None,
        "aim": f"{MONTH:.0f} CPU s",
    }


def _tighter(document: str) -> bool:
    """Whether its second layout is the one that goes out."""
    return str(laid_out(document)._html.etree_element.get("class")).startswith("tight ")


def _cost(work: Callable[[], None]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before
