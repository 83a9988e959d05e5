"""A page and what is read of it -> a test case, for a person to correct: `cuttings record` writes it.

A case is a folder with the page as it came, about.json (what it shows, its address) and expected.json.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cuttings.model import Page, Reading, as_json
from parsers.soup import Document

_ARTICLE = (
    "title",
    "standfirst",
    "authors",
    "author_bio",
    "published",
    "language",
    "kind",
    "paragraphs",
    "subheads",
    "pull_quotes",
    "references",
    "related_links",
    "version_note",
)
_COMMENT = ("n", "author", "author_url", "posted", "text", "parent", "by_article_author")


def recorded(page: Page, family: str | None = None) -> tuple[dict[str, bytes], str]:
    """The files of a case and a name for it. Raises Unreadable: a page that can't be read is no case yet."""
    import parsers

    reading = parsers.read([page], family=family)
    doc = Document(page)
    recognised = next((f.name for f in parsers.FAMILIES if f.recognises(doc)), "generic")
    files = case_files(page, reading, what="recorded; say what it shows", family=family, recognised=recognised)
    return files, case_name(doc.url, recognised)


def case_files(page: Page, reading: Reading, *, what: str, family: str | None, recognised: str) -> dict[str, bytes]:
    """The files of a case by name. `recognised`: the family that the page shows by itself."""
    name = "page.json" if "json" in page.media_type else "page.html"
    about = {
        "what": what,
        "url": page.url,
        "family": family,
        "recognised": recognised,
        "media_type": page.media_type.split(";")[0].strip(),
    }
    return {name: page.body, "about.json": _json(about), "expected.json": _json(expected(reading))}


def expected(reading: Reading) -> dict[str, Any]:
    """What a case asserts: the fields of its article and of each comment. The day is enough for the article's date."""
    article = as_json(reading.articles[0])
    fields = {name: article[name] for name in _ARTICLE}
    fields["published"] = (fields["published"] or "")[:10] or None
    return {**fields, "comments": [{name: c[name] for name in _COMMENT} for c in as_json(reading.comments)]}


def case_name(url: str | None, recognised: str) -> str:
    """A folder's name out of an address: /2024/05/home-care-plan/ -> "wordpress-home-care-plan"."""
    last = re.sub(r"\.\w+$", "", (url or "").split("?")[0].rstrip("/").rsplit("/", 1)[-1])
    slug = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:50].strip("-")
    return f"{recognised}-{slug or 'page'}"


def write(files: dict[str, bytes], folder: Path) -> None:
    """Raises FileExistsError where the folder holds something: a case that a person corrected is not written over."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
