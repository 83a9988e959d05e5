"""The headline and the name of the paper, as the page gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parsers.around import named_as_site
from parsers.furniture import names
from parsers.linked_data import types
from parsers.markup import Element
from parsers.soup import Document, Like, ancestors
from parsers.wording import clean, count_words, fold, from_html, words

ARTICLES = frozenset(
    [
        "Article",
        "NewsArticle",
        "BlogPosting",
        "OpinionNewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "ScholarlyArticle",
        "TechArticle",
        "Report",
        "SocialMediaPosting",
        "LiveBlogPosting",
        "MedicalWebPage",
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stood; `element` is the place on the page, when it is one."""

    value: str
    where: str
    element: Element | None = None


_TITLES = (
    "@headline",
    ".entry-title",
    ".post-title",
    ".article-title",
    ".article__title",
    ".article-headline",
    ".article__headline",
    ".story-title",
    ".page-title",
    ".headline",
    ".wp-block-post-title",
    ".blogpost-title",
    "#page-title",
)
_SPLIT = re.compile(r"\s+[|–—»«·•:\-]+\s+|\s*\|\s*|\s+::\s+")


def title(doc: Document) -> Found | None:
    """The headline as it stands on the page; what the head of the page calls it when no heading agrees with it."""
    said = [
        clean(from_html(str(v)))
        for v in (*ld(doc, "headline"), doc.meta("og:title", "twitter:title", "dc.title", "citation_title"))
        if v
    ]
    window = clean(words(doc.tags["title"][0])) if doc.tags.get("title") else ""
    comments = set(doc.named(_COMMENTS))
    headings = [h for h in _headings(doc) if not (comments and _in(comments, h))]
    site = site_name(doc)
    named = {fold(site)} if site else set()
    headings = [h for h in headings if fold(words(h)) not in named or len(headings) == 1]
    hints = [*said, *([window] if window else [])]
    for hint in hints:
        for heading in headings:
            if _same(words(heading), hint):
                return Found(words(heading), f"heading {heading.tag}", heading)
    for heading in headings:
        text = words(heading)
        if any(len(text) > 12 and fold(text) in fold(hint) for hint in hints):
            return Found(text, f"heading {heading.tag}", heading)
    if headings and (heading := _only_heading(headings)) is not None:
        return Found(words(heading), f"heading {heading.tag}", heading)
    for text in said:
        return Found(without_site(text, site), "what the page calls itself")
    if window:
        return Found(without_site(window, site, guess=True), "window title")
    return None


def _headings(doc: Document) -> list[Element]:
    found: list[Element] = []
    for selector in (*_TITLES, "h1"):
        for e in doc.find(selector)[:12]:  # a page with twenty headlines is a list, and none of them is its own
            if e.tag in {"meta", "title", "body", "html", "ul", "section"} or e in found:
                continue
            if 0 < len(words(e)) <= 300 and not _site_part(e):
                found.append(e)
    h1 = [e for e in found if e.tag == "h1"]
    found = [e for e in h1 if not named_as_site(e)] + [e for e in found if e not in h1]
    return found + [
        e for e in doc.tags.get("h2", ())[:6] if e not in found and 0 < len(words(e)) <= 300 and not _site_part(e)
    ]


def _site_part(element: Element) -> bool:
    here: Element | None = element
    for _ in range(8):
        if here is None or here.tag in {"body", "main", "article"}:
            return False
        if here.tag in {"nav", "aside"} or re.search(
            r"(?:^|[\s_-])(?:sidebar|widget|related|footer|recommended)(?:$|[\s_-])", names(here), re.I
        ):
            return True
        here = here.getparent()
    return False


_COMMENTS = Like(
    re.compile(r"(?:^|\s)(?:comments?(?:-area|-list)?|respond|comment-respond)(?:$|\s)", re.I), ("comment", "respond")
)


def _in(elements: set[Element], element: Element) -> bool:
    return any(e in elements and e.tag != "body" for e in (element, *ancestors(element)))


def _only_heading(headings: list[Element]) -> Element | None:
    h1 = [h for h in headings if h.tag == "h1"]
    strong = h1 or [h for h in headings if h.tag != "h2"] or headings[:1]
    return strong[0] if strong else None


def _same(text: str, hint: str) -> bool:
    a, b = fold(re.sub(r"\W+", " ", text)), fold(re.sub(r"\W+", " ", hint))
    if hint.endswith(("…", "...")) and len(b) > 20 and a.startswith(b):
        return True
    if not a or not b:
        return False
    return a == b or (len(a) > 8 and (b.startswith(a + " ") or b.endswith(" " + a)) and len(a) > 0.4 * len(b))


def without_site(text: str, site: str | None, *, guess: bool = False) -> str:
    """'Care costs rise | The Record' -> 'Care costs rise', when we know or (`guess`) suppose what follows the bar."""
    pieces = [p for p in _SPLIT.split(text) if p]
    if len(pieces) < 2:
        return text
    if site and fold(pieces[-1]) in fold(site) + " " + fold(site).replace(" ", ""):
        return _without_section(text[: text.rindex(pieces[-1])])
    if site and fold(pieces[0]) == fold(site):
        return clean(text[text.index(pieces[0]) + len(pieces[0]) :].lstrip(" |–—»«·•:-"))
    if guess and len(pieces) == 2 and count_words(pieces[1]) <= 4 and count_words(pieces[0]) >= 3:
        return clean(pieces[0])
    return text


def _without_section(text: str) -> str:
    """'Care costs rise | News |' -> 'Care costs rise': what stands between two equal bars is the site's section."""
    bare = clean(text).rstrip(" |–—»«·•:-")
    bars = clean(text)[len(bare) :].strip()
    head, bar, section = bare.rpartition(f" {bars} ") if bars else ("", "", "")
    return head.strip() if bar and count_words(section) <= 2 and count_words(head) >= 3 else bare


def site_name(doc: Document) -> str | None:
    """The name the page gives its paper."""
    given = doc.meta("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")
    if given:
        return given
    for thing in doc.linked_data:
        publisher = thing.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("@id"), str) and "name" not in publisher:
            publisher = doc.by_id.get(publisher["@id"])
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return from_html(publisher["name"]) or None
    for thing in doc.linked_data:
        if {"WebSite"} & set(types(thing)) and isinstance(thing.get("name"), str):
            return from_html(thing["name"]) or None
    for selector in (".site-title", "#site-title", ".site-name", "#site-name", "#blog-title", ".navbar-brand"):
        for e in doc.find(selector):
            text = words(e)
            if 0 < len(text) <= 60:
                return text
    return None


def ld(doc: Document, name: str) -> Iterator[Any]:
    for thing in articles_ld(doc):
        if thing.get(name):
            yield thing[name]


def articles_ld(doc: Document) -> list[dict[str, Any]]:
    """The JSON-LD objects that describe this article (and not the ten that are listed beside it)."""
    found = [t for t in doc.linked_data if ARTICLES & set(types(t))]
    if len(found) > 1 and doc.url:
        path = urlsplit(doc.url).path.rstrip("/")
        own = [
            t for t in found if path and path in str(t.get("url") or t.get("mainEntityOfPage") or t.get("@id") or "")
        ]
        found = own or found[:1]
    return found or [t for t in doc.linked_data if {"WebPage", "ItemPage"} & set(types(t))][:1]
