"""HTML -> PDF/UA with WeasyPrint. Meant to run in the killable worker (cuttings/edges/limited.py), as
"cuttings.render:pdf_from_html": hostile text may still cost time or memory, and then it costs one process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cuttings.render.layout import VARIANT, collecting_rarely, laid_out

_PRINT = 4  # annotation flag


def pdf_from_html(html: str, *, spare_paper: bool = True) -> bytes:
    """A tagged PDF (pdf/ua-1). Nothing is fetched: no address but data: is followed. Same input, same bytes.

    Where a few lines alone run over on to the last page, the issue is set a little tighter, if that saves the page;
    `spare_paper` False leaves it as it came.
    """
    with collecting_rarely():
        return bytes(laid_out(html, spare_paper=spare_paper).write_pdf(finisher=_finish, pdf_variant=VARIANT))


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
