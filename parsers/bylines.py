"""Who wrote it: people, out of JSON-LD, meta tags and the byline that the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from parsers import dates
from parsers.around import off
from parsers.headline import articles_ld
from parsers.linked_data import types
from parsers.markup import Element
from parsers.phrases import EDITOR
from parsers.soup import Document, Like, tokens
from parsers.wording import clean, count_words, fold, from_html, shorter, words

_NOBODY = re.compile(
    r"^(?:admin(?:istrator)?\d*|editor(?:ial)?(?: team| staff| board)?|staff(?: writer| reporter)?|"
    r"the editors?|webmaster|web ?team|"
    r"guest(?: author| post| blogger| contributor)?|contributor|author|unknown|anonymous|none|null|"
    r"undefined|super ?user|root|user\d*|"
    r"wordpress|site ?admin|press office|news ?desk|web editor|team|redaktion|news|website|default|"
    r"published|posted|by|von|par|por|text|words|photo|foto|comments?|view all posts.*|\S+\.(?:com|"
    r"org|net|de|it|fr|es|uk|co\.uk|pl|info|eu))$",
    re.I,
)
_AUTHOR_CLASSES = (
    "@author",
    ".author-name",
    ".byline-author",
    ".byline__name",
    ".article-author",
    ".article__author",
    ".entry-author-name",
    ".post-author-name",
    ".author__name",
    ".td-post-author-name",
    ".wp-block-post-author-name",
    ".wp-block-post-author__name",
    ".post-author",
    ".entry-author",
    ".post-byline",
    ".byline",
    ".article-byline",
    ".by-line",
    ".author",
    ".contributor",
    ".field-name-field-author",
    ".field--name-field-author",
    ".field--name-uid",
    ".submitted",
    ".autor",
    ".writer",
    ".credit",
)
_BY = re.compile(
    r"^(?:(?:(?:a\s+)?guest\s+(?:post|blog|article|column|editorial)|written|posted|words|story|text|article|published|"
    r"reported|blog(?:\s+post)?|opinion|"
    r"submitted|ein beitrag|verfasst|geschrieben)\s+)?(?:by|von|par|por|door|di|da)\s*:?\s+",
    re.I,
)
_BY_LINE = re.compile(
    r"^(?:(?:(?:a\s+)?guest\s+(?:post|blog|article|column|editorial)|written|posted|words|published|submitted|text)\s+)?(?:by|von|par|por)\s*:?\s+(?P<who>[^\d|•·]{3,80})",
    re.I,
)
_LABEL = re.compile(
    r"^(?:authors?|autor(?:in|en)?|by|words|text|written by|von|foto|auteurs?|redacci[oó]n)\s*:\s*", re.I
)
_TRIM = re.compile(
    r"\s*(?:\||•|·|\(|\bupdated\b|\bpublished\b|\bposted\b|\bon\b\s+\w+\s+\d|\bin\b\s+[A-Z]|"
    r",\s*(?:the\s+)?(?:senior|chief|political|social|health|news|deputy|local|editor|reporter|"
    r"correspondent|director|professor|head|lecturer|policy|associate|contributing|managing|"
    r"staff)\b).*$",
    re.I,
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "zu",
        "zum",
        "af",
        "av",
        "st",
        "o",
    ]
)


def authors(doc: Document, site: str | None, headline: Element | None = None) -> tuple[str, ...]:
    """People, in the order of the page; empty when only 'admin', a team without a name or the paper itself is given.

    The head of the page is asked first, and what the page shows completes it: JSON-LD may know one of three authors.
    """
    given = people(_given(doc, site))
    shown = _shown(doc, site, headline)
    if given and len(shown) > len(given) and all(len(s.split()) > 1 for s in shown):
        known = {fold(s) for s in shown} | {fold(" ".join(s.split()[1:])) for s in shown}  # "Dr Ann Lee" is Ann Lee
        if all(fold(g) in known for g in given):
            return shown
    return given or shown


_AUTHOR_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
    "article:author_name",
)


def _given(doc: Document, site: str | None) -> list[str]:
    for thing in articles_ld(doc):
        for value in (thing.get("author"), thing.get("creator")):
            named = _names_ld(doc, value) if value else []
            if people(named):
                return named
    named = [m for n in _AUTHOR_METAS for m in doc.metas.get(n, ()) if not m.startswith("http") and len(m) < 120]
    named = [n for n in named if fold(n) != fold(site or "")]
    if not people(named) and (doc.meta("twitter:label1") or "").lower() in {"written by", "by", "author"}:
        named = [doc.meta("twitter:data1") or ""]
    return named


_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|profiles?|profil|people|person|contributors?|writers?|columnists?|autor(?:en)?|"
    r"staff|journalists?|by|auteurs?|author_name)/[^/?#]+/?$|[?&]author=",
    re.I,
)
_AUTHOR_TOKEN = Like(
    re.compile(
        r"(?:^|[-_])(?:author|authors|byline|autor|writer|written-by|writtenby|redakteur|"
        r"verfasser)(?:[-_]{1,2}(?:name|names|link|details|title|list|info|meta|text|fullname|line))?$",
        re.I,
    ),
    ("author", "byline", "autor", "writer", "written", "redakteur", "verfasser"),
)


def _shown(doc: Document, site: str | None, headline: Element | None) -> tuple[str, ...]:
    """The byline as the page shows it: marked as one, a link to an author's page, or "By Ann Lee" near the headline."""
    for e in (a for a in doc.tags.get("a", ()) if (rel := a.get("rel")) and "author" in rel.lower().split()):
        if not off(doc, e) and (good := people([words(e)], site)):
            return good
    start = doc.place(headline) if headline is not None else 0
    marked = [e for selector in _AUTHOR_CLASSES for e in doc.find(selector)]
    named = [e for elements in doc.classed(_AUTHOR_TOKEN) for e in elements]
    if headline is not None:
        close = [e for e in (*marked, *named) if -40 <= doc.place(e) - start <= 120]
        if good := _together(doc, sorted(set(close), key=doc.place), site):
            return good
    for group in (marked, sorted(named, key=doc.place)):
        if good := _together(doc, group, site):
            return good
    if headline is not None:
        near = (a for a in doc.near(headline, 40, 120) if a.tag == "a" and _AUTHOR_PAGE.search(a.get("href") or ""))
        if good := _together(doc, near, site):
            return good
    about = doc.near(headline, 15, 80)
    for tag in ("address", "p", "span", "div", "li", "h4", "h5", "small", "em"):
        for e in about:
            if e.tag == tag and len(e) <= 6 and shorter(e, 200) and not off(doc, e):
                text = words(e)
                if len(text) < 140 and (match := _BY_LINE.match(text)) and (good := people([match["who"]], site)):
                    return good
    for e in doc.tags.get("address", ()):
        if not off(doc, e) and (good := people([words(e)], site)) and all(len(g.split()) > 1 for g in good):
            return good
    return ()


def _together(doc: Document, elements: Iterable[Element], site: str | None) -> tuple[str, ...]:
    """The names in the first bylines of a kind: three spans of one byline are three authors."""
    texts: list[str] = []
    parent: Element | None = None
    for e in elements:
        if (
            e.tag in {"body", "html", "meta", "ul", "img", "section", "article"}
            or off(doc, e)
            or (parent is not None and e.getparent() is not parent)
            or not shorter(e, 1500)
        ):
            continue
        inner = next(
            (
                c
                for c in e.iter("*")
                if c is not e
                and ({"fn", "author-name", "url", "username", "name"} & set(tokens(c)) or c.get("itemprop") == "name")
            ),
            None,
        )
        spans = [c for c in e if c.tag in {"a", "span", "p"} and words(c)]
        anchors = [words(a) for a in e.iter("a") if words(a)]
        if inner is not None:
            text = words(inner)
        elif anchors and len(words(e)) > len(anchors[0]) and people(anchors, site):
            text = " ; ".join(anchors[:6])
        elif len(spans) > 1 and len(words(e)) > 30:
            pieces = [words(c) for c in spans if count_words(words(c)) <= 6 and dates.read_date(words(c)) is None]
            text = " ; ".join(pieces[:6])
        else:
            text = words(e)
        if 0 < len(text) <= 160 and people([text], site):
            texts.append(text)
            parent = e.getparent()
    return people(texts[:6], site)


def _names_ld(doc: Document, value: Any) -> list[str]:
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("@id"), str) and "name" not in item:
            item = doc.by_id.get(item["@id"], item)
        if isinstance(item, dict) and not {"Organization", "NewsMediaOrganization", "Corporation"} & set(types(item)):
            name = item.get("name")
            found += [n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str) and n.strip()]
        elif isinstance(item, str) and not item.startswith("http"):
            found.append(item)
    return [from_html(n) for n in found]


_HANDLE = re.compile(r"(?<!\S)\(?@\w+\)?(?!\S)")


def people(found: Iterable[str], site: str | None = None) -> tuple[str, ...]:
    """Names out of bylines: "By Ann Lee and Bo Dahl, social affairs correspondents" -> ("Ann Lee", "Bo Dahl")."""
    result: list[str] = []
    for text in found:
        text = _HANDLE.sub(" ", text)
        if keeper := EDITOR.search(text):
            text = text[: keeper.start()]  # "Page editor: Ann Lee" keeps the page and wrote nothing
        if "://" in text or "@" in text:
            continue
        text = _LABEL.sub("", _BY.sub("", clean(text)))
        text = _TRIM.sub("", text)
        text = re.sub(r"\s+(?:at|on|in|um|am)(?:\s+[\d:.]+\s*(?:[ap]m)?)?$", "", text)
        date = dates.find_date(text)
        if date:
            text = re.sub(r"\s+(?:on|at|in|am|um|le)\s*$", "", text[: date[1]])
        for piece in re.split(
            r"\s*(?:;|/|\band\b|\bund\b|&|\bwith\b|\bet\b|\n)\s*|\s*,\s+(?!(?:Jr|Sr|MBE|OBE|CBE|PhD|MD|CPP|PSP)\b)",
            text,
        ):
            name = clean(piece).strip(" ,.-–—|:•·*")
            name = re.sub(r"^(?:by|von)\s+", "", name, flags=re.I)
            if _is_name(name, site) and name not in result and fold(name) not in {fold(r) for r in result}:
                result.append(name)
    return tuple(result)


def _is_name(name: str, site: str | None) -> bool:
    if (
        not 2 <= len(name) <= 60
        or _NOBODY.match(name)
        or "@" in name
        or "http" in name
        or re.search(r"\d{3,}|[<>{}\[\]=?!]", name)
    ):
        return False
    if site and fold(name) == fold(site):
        return False
    return len(name.split()) <= 6
