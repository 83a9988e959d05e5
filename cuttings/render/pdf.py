"""HTML -> PDF/UA with WeasyPrint. Meant to run in the killable worker (cuttings/edges/limited.py), as
"cuttings.render:pdf_from_html": hostile text may still cost time or memory, and then it costs one process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

VARIANT = "pdf/ua-1"
MOST_TIGHT = 6  # pages: what is longer has no last page to save, and laying it out twice would be dear
_PRINT = 4  # annotation flag


SCRAP = 0.35  # of a page's height: less than this on the last one is not worth a sheet of paper
FRAME = '<html lang="en-GB" class="'  # as templates/digest.html begins; a designer's frame without it is left as it is


def pdf_from_html(html: str, *, spare_paper: bool = True) -> bytes:
    """A tagged PDF (pdf/ua-1). Nothing is fetched: no address but data: is followed. Same input, same bytes.

    Where a few lines alone run over on to the last page, the issue is laid out once more, a little tighter, and stays
    so if that saves the page; `spare_paper` False leaves it as it came.
    """
    # Imported here: a second of start-up that only rendering should pay.
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    fonts = FontConfiguration()  # one for both layouts: the files are read once

    def laid_out(document: str) -> Any:
        return HTML(string=document, url_fetcher=fetcher).render(font_config=fonts, pdf_variant=VARIANT)

    document = laid_out(html)
    if spare_paper and _ends_in_a_scrap(document) and (tighter := _tighter(html)):
        other = laid_out(tighter)
        document = other if len(other.pages) < len(document.pages) else document
    return bytes(document.write_pdf(finisher=_finish, pdf_variant=VARIANT))


def _tighter(html: str) -> str | None:
    """The document marked to be set tighter; None for large print, whose white space is what it is for."""
    head = html.find(FRAME)
    if head < 0 or " large" in html[head : html.find(">", head)]:
        return None
    return f"{html[: head + len(FRAME)]}tight {html[head + len(FRAME) :]}"


def _ends_in_a_scrap(document: Any) -> bool:
    pages = len(document.pages)
    if not 2 <= pages <= MOST_TIGHT:
        return False
    try:
        page = document.pages[-1]._page_box
        body = page.children[0].children[0]
        return bool(body.element_tag == "body" and body.height < SCRAP * page.height)
    except (AttributeError, IndexError, TypeError):  # WeasyPrint's own names: another version may have others
        return False


def _finish(document: Any, pdf: Any) -> None:
    """What WeasyPrint 70 leaves out and the checkers miss: see the four steps."""
    _name_languages(document, pdf)
    _print_links(pdf)
    _scope_headers(pdf)
    _running_heads_are_artifacts(pdf)


def _of_type(pdf: Any, key: str, value: str) -> Iterator[Any]:
    return (thing for thing in pdf.objects if isinstance(thing, dict) and thing.get(key) == value)


def _by_reference(pdf: Any) -> dict[bytes, Any]:
    return {thing.reference: thing for thing in pdf.objects if hasattr(thing, "get")}


# Tags that give each of their boxes one element of a kind, whatever is in it. What carries `lang` in a template is one.
_ONE_EACH = {"a": "/Link", "h3": "/H3", "p": "/P", "blockquote": "/BlockQuote", "span": "/Span"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def _name_languages(document: Any, pdf: Any) -> None:
    """Words in another language say so, or a Welsh headline is read out by an English voice.

    WeasyPrint keeps no way from an element back to its box, but it makes the elements in the boxes' order: the n-th
    link of the tree is the n-th link laid out. Where a version counts differently, that kind stays as it was.
    """
    try:
        boxes = [(box.element_tag or "", box) for page in document.pages for box in _boxes(page._page_box)]
    except AttributeError:  # these are WeasyPrint's own names: another version may have others
        return
    for tag, kind in _ONE_EACH.items():
        elements = [one for one in _of_type(pdf, "S", kind) if not _is_run(one)]
        # The words after a link ("page 2") make a link of their own, in our language.
        laid_out = [(name, box) for name, box in boxes if name == tag or (name.startswith("a::") and tag == "a")]
        if len(laid_out) != len(elements):
            continue
        for (name, box), element in zip(laid_out, elements, strict=True):
            language = box.element.get("lang") if name == tag else None
            if language and _LANGUAGE.fullmatch(language):
                element["Lang"] = f"({language})"


def _boxes(box: Any) -> Iterator[Any]:
    """Every box that has an element, in the elements' order: lines and words have none and stand in their parent's."""
    if type(box).__name__ not in ("LineBox", "TextBox"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _is_run(element: Any) -> bool:
    """A stretch of text within a line: WeasyPrint tags it /Span as well, with nothing but its number inside."""
    return element.get("S") == "/Span" and len(element["K"]) == 1 and isinstance(element["K"][0], int)


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
