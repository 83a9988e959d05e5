"""Blocks for sources.toml, as a person would write them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping

from cuttings.addresses import host_of, site

_LICENCE = '# licence = { mode = "excerpt", words = 80, notice = "…" }   # without it: headline and link alone'


def identifier(name: str, url: str, taken: Container[str] = ()) -> str:
    """An id that is not taken, from the site's name or else its host: "The Care Ledger" -> care-ledger."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-").removeprefix("the-")
    stem = words[:40].rstrip("-") or re.sub(r"[^a-z0-9]+", "-", site(host_of(url)).lower()).strip("-") or "source"
    chosen, n = stem, 1
    while chosen in taken:
        n += 1
        chosen = f"{stem}-{n}"
    return chosen


def block(values: Mapping[str, object], *, note: str = "") -> str:
    """One `[[source]]`, with the licence left at link; None is left out, `note` stands above it as a comment.

    A list of mappings becomes tables of its own: `[[source.page]]`.
    """
    lines = [f"# {line}" for line in note.splitlines()] + ["[[source]]"]
    tables = {key: value for key, value in values.items() if isinstance(value, list) and isinstance(value[0], Mapping)}
    lines += [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None and key not in tables]
    lines.append(_LICENCE)
    for key, rows in tables.items():
        for row in rows:
            lines += ["", f"[[source.{key}]]", *(f"{name} = {_toml(value)}" for name, value in row.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    # JSON's strings are TOML's, but for what neither may hold bare: DEL, and halves of letters.
    clean = value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
