"""The words of an element, and texts as they are compared and counted."""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup

from parsers.markup import Element

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TAGLIKE = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
SILENT = frozenset(
    {"script", "style", "template", "svg", "head", "object", "iframe", "map", "audio", "video", "canvas"}
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def clean(text: str | None) -> str:
    """One line: "in\\xa0 care" -> "in care"; soft hyphens and zero-width characters go."""
    if not text:
        return ""
    text = text.strip()
    if text.isprintable() and "  " not in text:
        return text  # as most paragraphs are; to split one and to join it takes three times as long as to ask
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def fold(text: str) -> str:
    """Text for comparing within one page; model.plain, which levels more, is ten times slower."""
    return clean(text).casefold()


_UNSAID = SILENT | {"noscript"}


def words(element: Element) -> str:
    """Every visible word of an element, on one line, with a space where a block begins."""
    if not len(element):
        return clean(element.text)
    parts: list[str] = []
    _gather(element, parts)
    return clean("".join(parts))


def shorter(element: Element, most: int) -> bool:
    """Has it at most so many letters? Asked before the words of what may be the whole page are put together."""
    for text in element.itertext():
        most -= len(text) if text[:1] > " " else len(text.strip())
        if most < 0:
            return False
    return True


def _gather(element: Element, parts: list[str]) -> None:
    block = element.tag in BLOCKS or element.tag == "br"
    if block:
        parts.append(" ")
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if tag not in _UNSAID:
            if len(child):
                _gather(child, parts)
            elif tag in BLOCKS or tag == "br":
                parts.append(f" {child.text or ''} ")
            elif text := child.text:
                parts.append(text)
        if tail := child.tail:
            parts.append(tail)
    if block:
        parts.append(" ")


def from_html(fragment: str) -> str:
    """A short string that may hold markup or entities ("Care &amp; <em>support</em>") -> its words."""
    if "<" not in fragment or not _TAGLIKE.search(fragment):
        return clean(html.unescape(fragment))
    return clean(BeautifulSoup(fragment, "lxml").get_text(" "))


def words_without(
    element: Element, skipped: set[Element], others: set[Element] | frozenset[Element] = frozenset()
) -> str:
    parts: list[str] = []
    _gather_without(element, skipped, others, parts)
    return clean("".join(parts))


# Not a function inside the other: one that calls itself holds itself, and with it the page, until it is collected.
def _gather_without(
    element: Element, skipped: set[Element], others: set[Element] | frozenset[Element], parts: list[str]
) -> None:
    parts.append(element.text or "")
    for child in element:
        tag = child.tag
        if tag not in SILENT and child not in skipped and child not in others:
            block = tag in BLOCKS
            if block or tag == "br":
                parts.append(" ")
            _gather_without(child, skipped, others, parts)
            if block:
                parts.append(" ")
        parts.append(child.tail or "")


def count_words(text: str, most: int = -1) -> int:
    """Counted no further than one beyond `most`, where that is given."""
    return len(text.split(None, most))
