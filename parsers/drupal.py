"""Drupal 6 to 10: fields, nodes, and comments whose replies stand in div.indented."""

from __future__ import annotations

from parsers.recipe import Recipe
from parsers.soup import Document

RECIPE = Recipe(
    bodies=(
        ".field--name-body",
        ".field-name-body",
        ".field--name-field-body",
        ".field-name-field-body",
        ".node__content",
        ".node-content",
        ".block-field-blocknodearticlebody",
        ".block-field-blocknodeblogbody",
    )
)


def recognises(doc: Document) -> bool:
    if "drupal" in doc.generator or b"data-drupal-selector" in doc.raw or b"drupal-settings-json" in doc.raw:
        return True
    return b"/sites/default/files/" in doc.raw and doc.has(".node", ".region", ".field")
