"""Blogger (blogspot): post-body, threaded comments li.comment#c123, and the older dl#comments-block."""

from __future__ import annotations

from parsers.recipe import Recipe
from parsers.soup import Document

RECIPE = Recipe(bodies=(".post-body", ".entry-content", ".post-content"))


def recognises(doc: Document) -> bool:
    return "blogger" in doc.generator or (
        b"blogger.com/" in doc.raw and doc.has(".post-body", "#comments-block", ".comment-thread")
    )
