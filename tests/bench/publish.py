"""Rendering, beside WeasyPrint on the same HTML: digests of 5, 50 and 500 items, and both editions of a month. And an
issue of the same week out of a small store and a large one, from the first question to the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from cuttings import digest as compose_digest
from cuttings import render
from cuttings.edges.store import Store, judged, past_issues, periods
from cuttings.model import Digest, Theme
from cuttings.render.layout import laid_out
from cuttings.settings import Edition, Source
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
        stores = [kept.filled(Path(folder) / f"{size}.db", size)[0] for size in sizes]
        rows += archives(stores, sizes, 2 if quick else ROUNDS)
        for store in stores:
            store.close()
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


def archives(stores: Sequence[Store], sizes: Sequence[int], rounds: int) -> list[Mapping[str, Cell]]:
    """The same week out of stores of so many articles, in turns."""
    costs = [[_cost(lambda store=store: _week(store)) for store in stores] for _ in range(rounds)]  # type: ignore[misc]
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


def _week(store: Store) -> None:
    start = kept.NOW - timedelta(days=7)
    themes = tuple(
        Theme(id=f"theme-{n}", name=f"Theme {n}", description="A theme.", phrases=("care home",)) for n in range(15)
    )
    sources = {
        f"source-{n}": Source(id=f"source-{n}", name=f"Paper {n}", url="https://news.example/", licence=EXCERPT)
        for n in range(40)
    }
    stories = periods.stories(store, start, kept.NOW, now=kept.NOW)
    year = timedelta(days=366)
    archive = periods.stories(store, start - year, kept.NOW - year, now=kept.NOW, archive=True)
    ruled = judged.rulings_on(store, [f"story:{story.key}" for story in stories])
    made = compose_digest.compose(
        stories,
        edition=MANAGERS,
        period=(start.date(), kept.NOW.date()),
        number=1,
        council=COUNCIL,
        themes=themes,
        sources=sources,
        audit=periods.audit(store, start, kept.NOW),
        now=kept.NOW,
        history=past_issues.past(store, MANAGERS.id, before=start.date()),
        rulings=[ruling for found in ruled.values() for ruling in found],
        issue="managers-week",
        archive=archive,
    )
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
