"""Rendering, beside WeasyPrint on the same HTML: digests of 5, 50 and 500 items, and both editions of a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

from cuttings import render
from cuttings.model import Digest
from cuttings.settings import Edition
from tests.bench.table import Cell, Table, cpu_seconds
from tests.digest.corpus import MANAGERS, MEMBERS, digest, many

ROUNDS = 3


def measure(quick: bool) -> Table:
    render.pdf_from_html(render.html(_of(5), medium="print"))  # imports, fonts and templates, once
    rows = [_beside(f"{n} items", [_of(n)], 1 if quick else ROUNDS) for n in ((5, 50) if quick else (5, 50, 500))]
    month = [digest(edition, many(60)) for edition in (MANAGERS, MEMBERS)]
    rows.append(_beside("both editions of a month", month, 1 if quick else ROUNDS))
    return Table(
        "Rendering: HTML and PDF, CPU seconds (median of the rounds, taken in turns)",
        rows,
        (
            "ours: the twin, the print document and the PDF; WeasyPrint: the PDF of the same print document, pdf/ua-1.",
            "Fonts and templates are read before the first round.",
        ),
    )


def _of(items: int) -> Digest:
    edition: Edition = MANAGERS.model_copy(update={"budget_words": 100 * items + 1000, "most_items": items})
    held = digest(edition, many(items))
    return replace(held, budget=10**6)


def _beside(name: str, issues: list[Digest], rounds: int) -> Mapping[str, Cell]:
    import weasyprint

    documents = [render.html(d, medium="print") for d in issues]

    def ours() -> None:
        for d in issues:
            render.html(d)
            render.pdf_from_html(render.html(d, medium="print"))

    def theirs() -> None:
        for document in documents:
            weasyprint.HTML(string=document).write_pdf(pdf_variant="pdf/ua-1")

    pairs = [(_cost(ours), _cost(theirs)) for _ in range(rounds)]
    own, peer = (median(side) for side in zip(*pairs, strict=True))
    return {
        "digest": name,
        "items": sum(len(d.items) for d in issues),
        "ours": own,
        "WeasyPrint": peer,
        "ratio": median(a / b for a, b in pairs),
    }


def _cost(work: Callable[[], None]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before
