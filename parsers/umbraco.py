"""Umbraco with UComment or Blog4Umbraco.

Comments: h3 "N comments for “TITLE”", ol.commentlist > li.comment#comment-ID with div.comment-author.vcard (the name in
.fn, and again in the avatar's alt text), div.comment-meta "posted 04 March 2013 at 18:05:09", then p.
"""

from __future__ import annotations

import re

from parsers.recipe import Recipe
from parsers.soup import Document
from parsers.wording import words

RECIPE = Recipe(
    bodies=(
        ".entry-content",
        ".bodytext",
        ".body-text",
        ".blogpost-body",
        ".blog-post-body",
        ".post-content",
        ".post-body",
        ".blogpost",
        ".blog-post",
        ".umb-grid",
        ".umb-block-list",
        ".entry",
        ".post",
        "#maincontent",
        "#main-content",
    )
)
_POSTED = re.compile(r"^posted \d\d? \w+ \d{4} at \d\d:\d\d:\d\d")


def recognises(doc: Document) -> bool:
    if (
        "umbraco" in doc.generator
        or b"/umbraco/" in doc.raw
        or "umb-grid" in doc.classes
        or "umb-block-list" in doc.classes
    ):
        return True
    return doc.has(".commentlist") and any(
        _POSTED.match(words(e).lower()) for e in doc.classes.get("comment-meta", ())[:3]
    )
