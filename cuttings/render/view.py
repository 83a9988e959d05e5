"""Digest -> HTML. One document serves as the HTML twin and as what WeasyPrint makes the PDF of.

The templates' folder is the only thing read from disk, once (`look`). Text reaches a template as plain strings,
is escaped by Jinja2 and passes `_clean` last, whatever field it came from.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from cuttings.digest import printed, wording
from cuttings.model import Digest
from cuttings.render import fonts
from cuttings.render.safe import Address, Picture, mail_or_web, web
from cuttings.render.sparkline import course, sparkline

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
INKS = (
    "#1f4e79", "#7a2e1d", "#2f5d3a", "#5b3a7e", "#7d5200", "#0f5f66", "#8b1e54", "#3d4f5f",
    "#6b4a2b", "#2a4fa0", "#4d6310", "#9a3412", "#155e75", "#6d28a9", "#374151",
)  # fmt: skip
OTHER_INK = "#4b5966"
CONTENTS_ABOVE = {"managers": 1.5, "members": 4.0}  # pages
COLOURS = len(INKS)  # .t0 … .t14 of digest.css
LONGEST_WORD = 120  # characters; a word of a megabyte costs minutes of layout
LONGEST_TEXT = 6000

Medium = Literal["screen", "print"]

# What a template may use, and what it is; a test compares this with what the templates do use.
VARIABLES: Mapping[str, str] = {
    "digest": "the issue: model.Digest",
    "page": "the document: Page below",
    "letter": "the e-mail: letter.Letter",
    "shelf": "the list of all issues: years and their shelf.Shelved",
    "council": "the council's name, in the list of all issues",
    "css": "the stylesheet of that list",
    "kinds": "what its kinds of file are called",
    "size": "bytes as people say them",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What the document is beside its content. `css` and `crest` are ready to be put in as they are."""

    title: str
    description: str
    running: str  # at the foot of every printed page
    created: str  # ISO 8601, seconds
    css: Markup
    crest: Picture | None
    large: bool
    contents: bool


@dataclass(frozen=True)
class Look:
    """The templates' folder as read: the environment by medium, the stylesheet, the fonts."""

    folder: Path
    css: str
    faces: tuple[fonts.Face, ...]
    environments: Mapping[str, Environment]


_GONE = re.compile(
    # Controls, lone surrogates, and marks that turn the direction of everything after them ("\u202egnp.exe").
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff\ufeff]"
)
_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")


def clean(text: str) -> str:
    """Last step of every printed string: no controls, no word or text of a length that breaks a page."""
    text = _GONE.sub("", text[: LONGEST_TEXT * 2])
    text = _LONG.sub(lambda m: m[0][: LONGEST_WORD - 1] + "…", text)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rstrip() + " …"


def _finalize(last: Callable[[str], str]) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        # By their type: a headline may begin with "data:image/" as well, and half a megabyte after it.
        if isinstance(value, Markup | Address | Picture) or not isinstance(value, str):
            return value
        return last(clean(value))

    return finalize


@lru_cache(maxsize=4)
def look(folder: Path = TEMPLATES) -> Look:
    """Reads templates, stylesheet and fonts once; tests and designers may bring a folder of their own."""
    faces = fonts.load(folder / "fonts")
    printable = fonts.Printable(faces)
    by_medium: dict[str, Callable[[str], str]] = {"screen": str, "print": printable}
    environments = {medium: environment(folder, last) for medium, last in by_medium.items()}
    return Look(folder, (folder / "digest.css").read_text(encoding="utf-8"), faces, environments)


def environment(folder: Path, last: Callable[[str], str] = str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        finalize=_finalize(last),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        web=web,
        bare=_bare,
        mail_or_web=mail_or_web,
        ink=ink,
        spoken=_spoken,
        quoted=quoted,
        colour=colour,
        sparkline=sparkline,
        course=course,
    )
    return env


def _bare(address: str) -> str:
    """An address as it is typed: 'https://www.x.example/a/' is 'x.example/a'."""
    return str(address).partition("://")[2].removeprefix("www.").rstrip("/")


def _spoken(iso: str) -> str:
    return wording.spoken(iso) or iso


def quoted(words: str) -> str:
    """Words within marks: single ones around words that have double ones, which stay as their author set them."""
    return f"‘{words}’" if any(mark in words for mark in '“”"') else f"“{words}”"


def colour(place: int) -> str:
    """The CSS class of a theme by its place in the edition's table: 't0' … 't14', 'other'."""
    return f"t{place % COLOURS}" if place >= 0 else "other"


def ink(place: int) -> str:
    """The same colour by value, for e-mail, where classes don't survive. Equal to :root of digest.css (tested)."""
    return INKS[place % COLOURS] if place >= 0 else OTHER_INK


def crest(data: bytes | None, media_type: str = "image/png") -> Picture | None:
    """A crest's file as a data: address, or None."""
    return Picture(f"data:{media_type};base64,{b64encode(data).decode()}") if data else None


def folder_of(digest: Digest, chosen: Look, template: str | None, name: str) -> str:
    """The template for this digest: the edition's own folder where it has the file, else the audience's."""
    own = template and (chosen.folder / template / name).is_file()
    return f"{template if own else digest.audience}/{name}"


def html(
    digest: Digest,
    *,
    chosen: Look | None = None,
    medium: Medium = "screen",
    crest: str | None = None,
    large: bool = False,
    template: str | None = None,
    contents: bool | None = None,
) -> str:
    """The whole issue as one self-contained document.

    `medium` "print" is what `pdf_from_html` takes: characters that no font of ours has become '[?]' there; on the
    "screen" they stay, as the reader's own fonts may have them. `crest` is a data: address (see `crest`), `large`
    sets 18 point, `template` is the edition's folder, `contents` puts a table of contents in front (None: where
    more pages are to be expected than CONTENTS_ABOVE).
    """
    look_ = chosen or look()
    if contents is None:
        pages = expected_pages(digest, large)
        contents = len(digest.sections) > 1 and pages > CONTENTS_ABOVE[digest.audience]
    name = folder_of(digest, look_, template, "digest.html")
    env = look_.environments[medium]
    page = Page(
        title=f"{digest.name}: {digest.title.text}",
        description=f"{digest.council}. {' '.join(line.text for line in digest.in_brief)}",
        running=f"{digest.name}, {wording.span(digest.start, digest.end)}",
        created=digest.composed.isoformat(timespec="seconds"),
        css=Markup("/*css*/"),
        crest=Picture(crest) if crest else None,
        large=large,
        contents=contents,
    )
    document = env.get_template(name).render(digest=digest, page=page)
    faces = fonts.needed(document, look_.faces)
    return document.replace("/*css*/", _stylesheet(look_, faces, medium), 1)


def _stylesheet(chosen: Look, faces: tuple[fonts.Face, ...], medium: Medium) -> str:
    # WeasyPrint warns of media queries on width and colour scheme, so the PDF's document goes without that part.
    common, screen, paper = re.split(r"^/\* == (?:screen|print) == \*/$", chosen.css, maxsplit=2, flags=re.M)
    own = (common, paper) if medium == "print" else (common, screen, paper)
    css = "\n".join([*(face.css(unpacked=medium == "print") for face in faces), *own])
    for kind, generic in (("Serif", "serif"), ("Sans", "sans-serif")):
        css = css.replace(f"var(--{kind.lower()})", f"{fonts.stack(kind, faces)},{generic}")
    return css


def expected_pages(digest: Digest, large: bool = False) -> float:
    """How many A4 pages the words will take, roughly, by the words that were counted on printed pages."""
    a_page = {("managers", False): 360, ("members", False): 290, ("managers", True): 110, ("members", True): 110}
    return printed.words_in_all(digest) / a_page[digest.audience, large]
