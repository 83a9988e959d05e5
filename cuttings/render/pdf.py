"""HTML -> PDF/UA with WeasyPrint. Meant to run in the killable worker (cuttings/edges/limited.py), as
"cuttings.render:pdf_from_html": hostile text may still cost time or memory, and then it costs one process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PRINT = 4  # annotation flag


def pdf_from_html(html: str) -> bytes:
    """A tagged PDF (pdf/ua-1). Nothing is fetched: no address but data: is followed. Same input, same bytes."""
    # Imported here: a second of start-up that only rendering should pay.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    written = HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1", finisher=_finish)
    return bytes(written)


def _finish(_: Any, pdf: Any) -> None:
    """What WeasyPrint 70 leaves out and the checkers miss: see the three steps."""
    _print_links(pdf)
    _scope_headers(pdf)
    _running_heads_are_artifacts(pdf)


def _of_type(pdf: Any, key: str, value: str) -> Iterator[Any]:
    return (thing for thing in pdf.objects if isinstance(thing, dict) and thing.get(key) == value)


def _by_reference(pdf: Any) -> dict[bytes, Any]:
    return {thing.reference: thing for thing in pdf.objects if hasattr(thing, "get")}


def _print_links(pdf: Any) -> None:
    """Without the Print flag a link is on the screen and not on paper."""
    for link in _of_type(pdf, "Subtype", "/Link"):
        link["F"] = link.get("F", 0) | _PRINT


def _scope_headers(pdf: Any) -> None:
    """A header cell says whether it heads a column or a row. WeasyPrint lists each cell's headers, which few read."""
    by_reference = _by_reference(pdf)
    for cell in _of_type(pdf, "S", "/TH"):
        row = by_reference.get(cell.get("P"), {})
        group = by_reference.get(row.get("P"), {})
        cell["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def _running_heads_are_artifacts(pdf: Any) -> None:
    """Page numbers and running heads are marked as content that hangs in no structure tree: mark them as furniture."""
    document = next(_of_type(pdf, "S", "/Document"), None)
    if document is None:
        return
    by_reference = _by_reference(pdf)
    told: set[tuple[bytes, int]] = set()
    waiting = [document]
    while waiting:
        element = waiting.pop()
        for kid in element.get("K", ()):
            if isinstance(kid, int):
                told.add((element["Pg"], kid))
            elif kid in by_reference and by_reference[kid].get("Type") == "/StructElem":
                waiting.append(by_reference[kid])
    streams = {thing.reference: thing for thing in pdf.objects if hasattr(thing, "stream")}
    for page in _of_type(pdf, "Type", "/Page"):
        contents = streams.get(page.get("Contents"))
        if contents is None:
            continue
        line = contents.stream
        for at in range(2, len(line)):
            marked = line[at] == b"BDC" and isinstance(line[at - 1], dict)
            if marked and (page.reference, line[at - 1].get("MCID")) not in told:
                line[at - 2 : at + 1] = ["/Artifact", b"", b"BMC"]
