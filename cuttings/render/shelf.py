"""The list of all issues, as one self-contained page: output/issues/index.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from cuttings.digest import wording
from cuttings.render import fonts
from cuttings.render.view import Look, look

KINDS = {"pdf": "PDF", "large": "PDF, large print", "html": "web page", "json": "data (JSON)"}


@dataclass(frozen=True, slots=True)
class Shelved:
    """An issue as the list shows it. `files`: (kind, path relative to the list, bytes), as in KINDS."""

    name: str  # "Cuttings for managers"
    number: int
    start: date
    end: date
    state: Literal["sent", "corrected", "awaiting approval", "not sent"]
    items: int
    files: tuple[tuple[str, str, int], ...]

    @property
    def period(self) -> str:
        return wording.span(self.start, self.end)

    @property
    def year(self) -> int:
        return self.end.year


def shelf(issues: Sequence[Shelved], council: str, *, chosen: Look | None = None) -> str:
    """The page for these issues, the newest first, under their years. Links are relative: the folder can be moved."""
    look_ = chosen or look()
    ordered = sorted(issues, key=lambda i: (i.end, i.name, i.number), reverse=True)
    years = [(year, tuple(held)) for year, held in groupby(ordered, key=lambda i: i.year)]
    template = look_.environments["screen"].get_template("shelf.html")
    document = template.render(shelf=years, council=council, css=Markup("/*css*/"), kinds=KINDS, size=size)
    css = (look_.folder / "shelf.css").read_text(encoding="utf-8")
    faces = fonts.needed(document, look_.faces)
    for kind, generic in (("Serif", "serif"), ("Sans", "sans-serif")):
        css = css.replace(f"var(--{kind.lower()})", f"{fonts.stack(kind, faces)},{generic}")
    return document.replace("/*css*/", "\n".join([*(face.css() for face in faces), css]), 1)


def size(count: int) -> str:
    """'143 kB', '2.1 MB'."""
    return f"{max(round(count / 1000), 1)} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
