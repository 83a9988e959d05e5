"""Rendered once for all tests of this room."""

from functools import lru_cache
from io import BytesIO

from pypdf import PdfReader

from cuttings.model import Digest
from cuttings.render import html, pdf_from_html
from tests.digest.corpus import MANAGERS, MEMBERS, digest, many, stories

STATES = {
    "managers-week": lambda: digest(MANAGERS),
    "members-month": lambda: digest(MEMBERS),
    "managers-one": lambda: digest(MANAGERS, stories()[:1]),
    "members-200": lambda: digest(MEMBERS, many(200)),
    "managers-200": lambda: digest(MANAGERS, many(200)),
}


@lru_cache
def issue(state: str) -> Digest:
    return STATES[state]()


@lru_cache
def printed(state: str, large: bool = False) -> str:
    return html(issue(state), medium="print", large=large)


@lru_cache
def pdf(state: str, large: bool = False) -> bytes:
    return pdf_from_html(printed(state, large))


def reader(state: str, large: bool = False) -> PdfReader:
    return PdfReader(BytesIO(pdf(state, large)))


def addresses(document: PdfReader) -> list[str]:
    found = []
    for page in document.pages:
        for annotation in page.get("/Annots") or ():
            action = annotation.get_object().get("/A")
            if action and action.get("/URI"):
                found.append(str(action["/URI"]))
    return found


def fonts(document: PdfReader) -> set[str]:
    names = set()
    for page in document.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            names.add(str(font.get_object()["/BaseFont"]).split("+", 1)[-1])
    return names


def outline(document: PdfReader) -> list[tuple[int, str]]:
    def walk(entries, depth):
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                yield depth, str(entry.title)

    return list(walk(document.outline, 0))
