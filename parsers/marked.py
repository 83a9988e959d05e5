"""Standfirst, bio and references where the page marks them with a class of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.around import aside_of_page
from parsers.blocks import blocks_of
from parsers.furniture import furniture
from parsers.markup import Element
from parsers.parts import Body
from parsers.phrases import REFERENCES
from parsers.place import detached
from parsers.soup import Document, Like, ancestors
from parsers.wording import count_words, fold, words

_STANDFIRST = (
    ".standfirst",
    ".article-standfirst",
    ".article__standfirst",
    ".entry-standfirst",
    ".stand-first",
    ".article-intro",
    ".article__intro",
    ".entry-summary",
    ".article-summary",
    ".article__summary",
    ".article-lead",
    ".article__lead",
    ".article-dek",
    ".dek",
    ".deck",
    ".article-subtitle",
    ".entry-subtitle",
    ".post-subtitle",
    ".sub-title",
    ".subtitle",
    ".subheadline",
    ".sub-headline",
    ".kicker-standfirst",
    ".page-summary",
    ".gem-c-lead-paragraph",
    ".lead-paragraph",
    ".post-excerpt",
    ".wp-block-post-excerpt",
    ".field--name-field-summary",
    ".field-name-field-summary",
    ".field--name-field-standfirst",
    ".field-name-field-standfirst",
    ".field--name-field-intro",
    "@alternativeheadline",
    ".intro",
    ".lead",
    ".lede",
    ".summary",
)
_BIO = (
    ".author-bio",
    ".author__bio",
    ".author-description",
    ".author-biography",
    ".about-author",
    ".about-the-author",
    ".post-author-bio",
    ".wp-block-post-author__bio",
    ".wp-block-post-author-biography",
    ".author-box__bio",
    ".author-box-content",
    ".author-info",
    ".author-box",
    ".biography",
)


def marked_standfirst(doc: Document, title: str | None) -> str | None:
    for selector in _STANDFIRST:
        for e in doc.find(selector)[:3]:
            text = words(e)
            if e.tag in {"body", "meta", "article", "main"} or not 30 <= len(text) <= 700 or count_words(text) < 5:
                continue
            if (
                aside_of_page(doc, e)
                or furniture(e)
                or (title and fold(text) == fold(title))
                or detached(e)
                or _teaser(e, title)
            ):
                continue
            if _LINKED(e) > 0.6:
                continue
            return text
    return None


def _LINKED(element: Element) -> float:
    total = len(words(element)) or 1
    return sum(len(words(a)) for a in element.iter("a")) / total


def _teaser(element: Element, title: str | None) -> bool:
    """The summary in a card for another article: its card has a heading of its own, which is not our headline."""
    here = element.getparent()
    for _ in range(3):
        if here is None or here.tag in {"main", "body"} or len(words(here)) > 900:
            return False
        headings = [words(h) for h in here.iter("h1", "h2", "h3", "h4")]
        if headings:
            return bool(title) and all(
                fold(h) not in fold(title or "") and fold(title or "") not in fold(h) for h in headings[:2]
            )
        here = here.getparent()
    return False


_BIO_TOKEN = Like(
    re.compile(r"(?:author|contributor)s?[-_]{1,2}(?:bio|biography|description|about|info|blurb)$", re.I),
    ("author", "contributor"),
)
_REFERENCES_TOKEN = Like(
    re.compile(
        r"(?:^|[-_])(?:references|reference-list|bibliography|footnotes|endnotes|citations|sources-list)$", re.I
    ),
    ("reference", "bibliography", "notes", "citations", "sources-list"),
)


def marked_bio(doc: Document, known: Sequence[str]) -> str | None:
    marked = [e for found in doc.classed(_BIO_TOKEN) for e in found[:2]]
    for group in ([e for s in _BIO for e in doc.find(s)[:2]], marked):
        for e in group:
            if e.tag in {"body", "a", "img"} or detached(e):
                continue
            blocks, _ = blocks_of(e, skip=lambda _: None)
            kept = [b.text for b in blocks if count_words(b.text) >= 5 and b.linked < 0.8 and fold(b.text) not in known]
            text = " ".join(kept)
            if 20 <= len(text) <= 1200:
                return text
    return None


def marked_references(doc: Document, body: Body) -> None:
    """References that stand in a field of their own, beside the body."""
    if body.references:
        return
    for found in doc.classed(_REFERENCES_TOKEN):
        for e in found[:2]:
            if detached(e) or (body.element is not None and any(a is body.element for a in ancestors(e))):
                continue
            blocks, _ = blocks_of(e, skip=lambda _: None)
            lines = [line for b in blocks if b.kind != "h" for line in (b.items or b.lines or (b.text,))]
            body.references += [line for line in lines if not REFERENCES.match(line) and count_words(line) >= 3]
        if body.references:
            return
