"""The fonts of templates/fonts/: which file has which glyphs, and which of them a text needs.

Every character is printed from a named font. The text faces are always embedded; those for other scripts and for
emoji only where the text has such characters, so an ordinary issue carries 170 kB of fonts and not 900.
"""

from __future__ import annotations

import json
import unicodedata
from base64 import b64encode
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

ALWAYS = ("Cuttings Serif", "Cuttings Sans")
UNPRINTABLE = "[?]"


@dataclass(frozen=True)
class Face:
    file: str
    family: str
    weight: int
    style: str
    covers: tuple[tuple[int, int], ...]
    data: bytes

    @cached_property
    def _starts(self) -> list[int]:
        return [first for first, _ in self.covers]

    def has(self, character: str) -> bool:
        code = ord(character)
        at = bisect_right(self._starts, code) - 1
        return at >= 0 and code <= self.covers[at][1]

    def css(self, *, unpacked: bool = False) -> str:
        """The @font-face rule; `unpacked` for WeasyPrint, which would unpack the file again for every document."""
        kind, data = ("truetype", self._unpacked) if unpacked else ("woff2", self._packed)
        return (
            f"@font-face{{font-family:'{self.family}';font-weight:{self.weight};font-style:{self.style};"
            f"src:url({data}) format('{kind}')}}"
        )

    @cached_property
    def _packed(self) -> str:
        return f"data:font/woff2;base64,{b64encode(self.data).decode()}"

    @cached_property
    def _unpacked(self) -> str:
        # Here: a heavy import, for the PDF's document alone.
        from fontTools.ttLib.woff2 import decompress  # type: ignore[import-untyped]

        out = BytesIO()
        decompress(BytesIO(self.data), out)
        return f"data:font/ttf;base64,{b64encode(out.getvalue()).decode()}"


def load(folder: Path) -> tuple[Face, ...]:
    """Reads fonts.json and the files it names. The list gives coverage as hexadecimal ranges: "20-7E"."""
    faces = []
    for row in json.loads((folder / "fonts.json").read_text(encoding="utf-8")):
        covers = tuple(_range(text) for text in row["covers"])
        data = (folder / row["file"]).read_bytes()
        faces.append(Face(row["file"], row["family"], row["weight"], row["style"], covers, data))
    return tuple(faces)


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first, 16), int(last or first, 16)


def needed(text: str, faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """The faces to embed for this text: the text faces, and the first family that has each other character."""
    families = set(ALWAYS)
    base = [f for f in faces if f.family in ALWAYS]
    for character in set(text):
        if _invisible(character) or any(f.has(character) for f in base):
            continue
        family = next((f.family for f in faces if f.has(character)), None)
        if family:
            # Serif and sans have their own extensions, and a text is set in both.
            families.update({family, family.replace("Serif", "Sans")})
    return tuple(f for f in faces if f.family in families)


def stack(kind: str, faces: tuple[Face, ...]) -> str:
    """The font-family list: the text face, then the others in the order of the list. `kind` is "Serif" or "Sans"."""
    families = dict.fromkeys(f.family for f in faces)
    first = [name for name in families if name.startswith(f"Cuttings {kind}")]
    return ",".join(f"'{name}'" for name in (*first, *(name for name in families if name not in first)))


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp") or "\ufe00" <= character <= "\ufe0f"


class Printable:
    """Text as far as our fonts go: what no font has becomes '[?]', once for a run of such characters."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        self._faces = faces
        self._known: dict[str, bool] = {}

    def has(self, character: str) -> bool:
        known = self._known.get(character)
        if known is None:
            known = _invisible(character) or character.isspace() or any(f.has(character) for f in self._faces)
            self._known[character] = known
        return known

    def __call__(self, text: str) -> str:
        if text.isascii():
            return text
        out: list[str] = []
        for character in unicodedata.normalize("NFC", text):
            if self.has(character):
                out.append(character)
            elif not out or out[-1] != UNPRINTABLE:
                out.append(UNPRINTABLE)
        return "".join(out)
