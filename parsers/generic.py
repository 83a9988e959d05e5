"""Any other page: the container that its markup names, else trafilatura; our metadata and comments around it."""

from __future__ import annotations

from parsers.recipe import Recipe
from parsers.soup import Document

RECIPE = Recipe()


def recognises(doc: Document) -> bool:
    """The family of last resort takes everything that is HTML."""
    return doc.root is not None
