"""WordPress: classic and block themes, and the page builders that live in it."""

from __future__ import annotations

from parsers.recipe import Recipe
from parsers.soup import Document

RECIPE = Recipe(
    bodies=(
        ".entry-content",
        ".wp-block-post-content",
        ".post-content",
        ".td-post-content",
        ".single-content",
        ".the-content",
        ".article-content",
        ".post-entry",
        ".entry-body",
        ".elementor-widget-theme-post-content",
        ".et_pb_post_content",
        ".post__content",
        ".postcontent",
        ".post-body",
        ".entry",
        ".post-text",
    )
)


def recognises(doc: Document) -> bool:
    """By its generator, its paths, or the classes that its template functions print."""
    if "wordpress" in doc.generator or any(
        c.startswith(("postid-", "wp-singular", "single-format-")) for c in doc.body_classes
    ):
        return True
    return b"/wp-content/" in doc.raw or b"/wp-includes/" in doc.raw or b"/wp-json/" in doc.raw
