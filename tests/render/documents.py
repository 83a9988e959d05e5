"""Rendered once for all tests of this room."""

import struct
import zlib
from dataclasses import replace
from functools import lru_cache
from io import BytesIO

from pypdf import PdfReader

from cuttings.model import Digest, Label, Labels, Theme
from cuttings.render import crest, html, pdf_from_html
from tests.digest.corpus import MANAGERS, MEMBERS, THEMES, digest, many, stories, story

LONG_TITLE = (
    "The reorganisation of home care in every locality of the county, and what the families, the providers and the "
    "staff of five district offices told a committee that met eleven times between the spring and the autumn about "
    "rotas, travel, weekend cover, call lengths, complaints, pay, parking and the new telephone system"
)
LONG_WORD = "Reorganisation" * 8
OTHER_SCRIPTS = "שלום עולם and مرحبا بالعالم, 👍🏽 🇬🇧 Łódź Ελλάδα"


def odd():
    """A title of 300 letters, a word without an end, other scripts, emoji, right-to-left names, an item in Welsh."""
    welsh = (
        "Mae gofalwyr di-dâl yn y sir yn gweithio 41 awr yr wythnos ar gyfartaledd, yn ôl arolwg newydd y cyngor.",
        "Dim ond traean ohonynt a gafodd seibiant o ddiwrnod neu fwy yn ystod y flwyddyn ddiwethaf.",
        "Bydd y cyngor yn ymgynghori ar ei gynllun tan 6 Tachwedd 2026.",
    )
    english = (
        "Families in five localities waited 31 days on average for a first visit at home.",
        "The committee asked for a plan that names one person for each locality.",
    )
    rtl = ("ליאת בן־דוד", "محمد الحسيني")
    return (
        story("long-title", "gazette", LONG_TITLE, *english, theme="carers", authors=rtl),
        story("long-word", "townhall", LONG_WORD, *english, theme="carers", authors=("Bob" * 40,)),
        story("scripts", "gazette", OTHER_SCRIPTS, *english, theme="workforce", authors=rtl[:1]),
        story("rtl", "practice", "מחסור בעובדי סיעוד בבתי אבות", *english, theme="workforce", authors=rtl[1:]),
        story("welsh", "gazette", "Llai o seibiant i ofalwyr di-dâl 🏴󠁧󠁢󠁷󠁬󠁳󠁿", *welsh,
              standfirst="Arolwg y cyngor yn dangos dyddiau hirach", theme="carers", authors=("Siôn ap Gwilym",)),
        *stories()[:4],
    )  # fmt: skip


def _in_welsh(held):
    return tuple(
        replace(
            s, articles=tuple(replace(a, article=replace(a.article, language="cy")) for a in s.articles)
        ) if s.key == "welsh" else s
        for s in held
    )  # fmt: skip


TWELVE = (
    *THEMES,
    *(
        Theme(
            f"more{n}", name, "More of a directorate's work", (name.lower(),), plain_name=name,
            why={"managers": "The board has asked for a report before the end of the year."},
            questions={"managers": (f"Who in our teams would answer for {name.lower()}?",)},
        )
        for n, name in enumerate(
            ("Housing with care", "Prevention and wellbeing", "Learning disability and autism", "Mental health",
             "Market shaping, commissioning and the price of care", "Inspection and assurance"),
        )
    ),
)  # fmt: skip


ROOMY = MANAGERS.model_copy(update={"budget_words": 2000})


def of_twelve_themes():
    """One story for each of twelve themes: none from an archive, off topic, or of a headline alone."""
    held = []
    plain = [one for one in many(17) if not one.key.startswith(("payments", "gardens", "ashcombe"))][: len(TWELVE)]
    for n, one in enumerate(plain):
        theme = TWELVE[n % len(TWELVE)].id
        labels = Labels(theme, (Label(theme, 0.8, ()),))
        held.append(replace(one, articles=tuple(replace(a, labels=labels) for a in one.articles)))
    return tuple(held)


def _png(width: int, height: int) -> bytes:
    """A plain shield of one colour, made here so that no picture has to be kept."""
    row = b"\0" + bytes((22, 50, 79)) * width
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height)),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="96" viewBox="0 0 80 96">'
    b'<path d="M4 4h72v44c0 24-18 38-36 44C22 86 4 72 4 48z" fill="#16324f"/>'
    b'<path d="M14 40h52M40 14v64" stroke="#e3bd73" stroke-width="8"/></svg>'
)
CRESTS = {
    "managers-odd": crest(_SVG, "image/svg+xml"),
    "members-odd": crest(_png(300, 120)),  # wider than high
}

STATES = {
    "managers-week": lambda: digest(MANAGERS),
    "members-month": lambda: digest(MEMBERS),
    "managers-one": lambda: digest(MANAGERS, stories()[:1]),
    "members-200": lambda: digest(MEMBERS, many(200)),
    "managers-200": lambda: digest(MANAGERS, many(200)),
    "managers-odd": lambda: digest(MANAGERS, _in_welsh(odd())),
    "members-odd": lambda: digest(MEMBERS, _in_welsh(odd())),
    "managers-12-themes": lambda: digest(ROOMY, of_twelve_themes(), themes=TWELVE),
    "members-one": lambda: digest(MEMBERS, stories()[:1]),
}


@lru_cache
def issue(state: str) -> Digest:
    return STATES[state]()


@lru_cache
def printed(state: str, large: bool = False) -> str:
    return html(issue(state), medium="print", large=large, crest=CRESTS.get(state))


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


def structure(document: PdfReader) -> list[dict]:
    """Every element of the tag tree, from the top."""
    found, waiting = [], [document.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not hasattr(element, "get"):
            continue  # the number of marked content
        if "/S" in element:
            found.append(element)
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting.extend(kid for kid in (kids if isinstance(kids, list) else [kids]) if hasattr(kid, "get_object"))
    return found
