"""Who wrote it, when, under what headline: every place a page says so, checked against the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cuttings.model import Kind, day, plain
from parsers import dates
from parsers.blocks import names
from parsers.markup import Element
from parsers.soup import Document, clean, count_words, from_html, tokens, types, words

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


# ---------------------------------------------------------------- title


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


def title(doc: Document, body: Element | None = None) -> Found | None:
    """The headline as it stands on the page; what the head of the page calls it when no heading agrees with it."""
    said = [
        clean(from_html(str(v)))
        for v in (*_ld(doc, "headline"), doc.meta("og:title", "twitter:title", "dc.title", "citation_title"))
        if v
    ]
    window = clean(words(doc.tags["title"][0])) if doc.tags.get("title") else ""
    headings = [h for h in _headings(doc) if not _in_comments(h)]
    site = site_name(doc)
    named = {plain(site)} if site else set()
    headings = [h for h in headings if plain(words(h)) not in named or len(headings) == 1]
    hints = [*said, *([window] if window else [])]
    for hint in hints:
        for heading in headings:
            if _same(words(heading), hint):
                return Found(words(heading), f"heading {heading.tag}", heading)
    for heading in headings:
        text = words(heading)
        if any(len(text) > 12 and plain(text) in plain(hint) for hint in hints):
            return Found(text, f"heading {heading.tag}", heading)
    if headings and (heading := _only_heading(headings, body)) is not None:
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
    found = [e for e in h1 if not _named_as_site(e)] + [e for e in found if e not in h1]
    return found + [
        e for e in doc.tags.get("h2", ())[:6] if e not in found and 0 < len(words(e)) <= 300 and not _site_part(e)
    ]


def _named_as_site(element: Element) -> bool:
    return bool(re.search(r"(?:^|[\s_-])(?:site-title|logo|site-name|blog-title|brand|sitename)", names(element), re.I))


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


def _in_comments(element: Element) -> bool:
    here: Element | None = element
    while here is not None:
        if (
            re.search(r"(?:^|\s)(?:comments?(?:-area|-list)?|respond|comment-respond)(?:$|\s)", names(here), re.I)
            and here.tag != "body"
        ):
            return True
        here = here.getparent()
    return False


def _only_heading(headings: list[Element], body: Element | None) -> Element | None:
    h1 = [h for h in headings if h.tag == "h1"]
    strong = h1 or [h for h in headings if h.tag != "h2"] or headings[:1]
    return strong[0] if strong else None


def _same(text: str, hint: str) -> bool:
    a, b = plain(re.sub(r"\W+", " ", text)), plain(re.sub(r"\W+", " ", hint))
    if hint.endswith(("…", "...")) and len(b) > 20 and a.startswith(b):
        return True
    if not a or not b:
        return False
    return a == b or (len(a) > 8 and (b.startswith(a + " ") or b.endswith(" " + a)) and len(a) > 0.4 * len(b))


def without_site(text: str, site: str | None, *, guess: bool = False) -> str:
    """ "Care costs rise | The Daily Record" -> "Care costs rise", when we know or (`guess`) suppose what follows the bar."""
    pieces = [p for p in _SPLIT.split(text) if p]
    if len(pieces) < 2:
        return text
    if site and plain(pieces[-1]) in plain(site) + " " + plain(site).replace(" ", ""):
        return clean(text[: text.rindex(pieces[-1])].rstrip(" |–—»«·•:-"))
    if site and plain(pieces[0]) == plain(site):
        return clean(text[text.index(pieces[0]) + len(pieces[0]) :].lstrip(" |–—»«·•:-"))
    if guess and len(pieces) == 2 and count_words(pieces[1]) <= 4 and count_words(pieces[0]) >= 3:
        return clean(pieces[0])
    return text


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


def _ld(doc: Document, name: str) -> Iterator[Any]:
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


# ---------------------------------------------------------------- authors


_NOBODY = re.compile(
    r"^(?:admin(?:istrator)?\d*|editor(?:ial)?(?: team| staff| board)?|staff(?: writer| reporter)?|the editors?|webmaster|web ?team|"
    r"guest(?: author| post| blogger| contributor)?|contributor|author|unknown|anonymous|none|null|undefined|super ?user|root|user\d*|"
    r"wordpress|site ?admin|press office|news ?desk|web editor|team|redaktion|news|website|default|published|posted|by|von|par|por|text|words|photo|foto|comments?|view all posts.*|\S+\.(?:com|org|net|de|it|fr|es|uk|co\.uk|pl|info|eu))$",
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
    r"^(?:(?:written|posted|words|story|text|article|published|reported|blog(?:\s+post)?|opinion|submitted|ein beitrag|verfasst|geschrieben)\s+)?(?:by|von|par|por|door|di|da)\s*:?\s+",
    re.I,
)
_BY_LINE = re.compile(
    r"^(?:(?:written|posted|words|published|submitted|text)\s+)?(?:by|von|par|por)\s*:?\s+(?P<who>[^\d|•·]{3,80})", re.I
)
_LABEL = re.compile(
    r"^(?:authors?|autor(?:in|en)?|by|words|text|written by|von|foto|auteurs?|redacci[oó]n)\s*:\s*", re.I
)
_TRIM = re.compile(
    r"\s*(?:\||•|·|\(|\bupdated\b|\bpublished\b|\bposted\b|\bon\b\s+\w+\s+\d|\bin\b\s+[A-Z]|,\s*(?:the\s+)?(?:senior|chief|political|social|health|news|deputy|local|editor|reporter|correspondent|director|professor|head|lecturer|policy|associate|contributing|managing|staff)\b).*$",
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
        known = {plain(s) for s in shown} | {plain(" ".join(s.split()[1:])) for s in shown}  # "Dr Ann Lee" is Ann Lee
        if all(plain(g) in known for g in given):
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
    named = [n for n in named if plain(n) != plain(site or "")]
    if not people(named) and (doc.meta("twitter:label1") or "").lower() in {"written by", "by", "author"}:
        named = [doc.meta("twitter:data1") or ""]
    return named


_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|profiles?|profil|people|person|contributors?|writers?|columnists?|autor(?:en)?|staff|journalists?|by|auteurs?|author_name)/[^/?#]+/?$|[?&]author=",
    re.I,
)
_AUTHOR_TOKEN = re.compile(
    r"(?:^|[-_])(?:author|authors|byline|autor|writer|written-by|writtenby|redakteur|verfasser)(?:[-_]{1,2}(?:name|names|link|details|title|list|info|meta|text|fullname|line))?$",
    re.I,
)


def _shown(doc: Document, site: str | None, headline: Element | None) -> tuple[str, ...]:
    """The byline as the page shows it: marked as one, a link to an author's page, or "By Ann Lee" near the headline."""
    for e in (a for a in doc.tags.get("a", ()) if "author" in (a.get("rel") or "").lower().split()):
        if not _off(e) and (good := people([words(e)], site)):
            return good
    start = doc.place(headline) if headline is not None else 0
    marked = [e for selector in _AUTHOR_CLASSES for e in doc.find(selector)]
    named = [e for token, elements in doc.classes.items() if _AUTHOR_TOKEN.search(token) for e in elements]
    if headline is not None:
        close = [e for e in (*marked, *named) if -40 <= doc.place(e) - start <= 120]
        if good := _together(sorted(set(close), key=doc.place), site):
            return good
    for group in (marked, sorted(named, key=doc.place)):
        if good := _together(group, site):
            return good
    near = [
        a
        for a in doc.tags.get("a", ())
        if _AUTHOR_PAGE.search(a.get("href") or "") and -40 <= doc.place(a) - start <= 120
    ]
    if headline is not None and (good := _together(near, site)):
        return good
    for tag in ("address", "p", "span", "div", "li", "h4", "h5", "small", "em"):
        for e in doc.tags.get(tag, ()):
            if -15 <= doc.place(e) - start <= 80 and len(e) <= 6 and not _off(e):
                text = words(e)
                if len(text) < 140 and (match := _BY_LINE.match(text)) and (good := people([match["who"]], site)):
                    return good
    for e in doc.tags.get("address", ()):
        if not _off(e) and (good := people([words(e)], site)) and all(len(g.split()) > 1 for g in good):
            return good
    return ()


def _together(elements: Iterable[Element], site: str | None) -> tuple[str, ...]:
    """The names in the first bylines of a kind: three spans of one byline are three authors."""
    texts: list[str] = []
    parent: Element | None = None
    for e in elements:
        if (
            e.tag in {"body", "html", "meta", "ul", "img", "section", "article"}
            or _off(e)
            or (parent is not None and e.getparent() is not parent)
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


def _off(element: Element) -> bool:
    """A name in a comment, a sidebar, a footer or a list of other articles is not this article's author."""
    here: Element | None = element
    while here is not None and here.tag not in {"body"}:
        if here.tag in {"nav", "blockquote"} or (
            here.tag in {"footer", "aside"} and not (_inside_article(here) and _META.search(names(here) or "meta"))
        ):
            return True
        marks = {t.lower() for t in (*tokens(here), here.get("id") or "")}
        if (
            here is not element
            and not marks & {"blog", "blog1", "main"}
            and re.search(
                r"(?:^|[\s_-])(?:comments?|commentlist|comment-list|sidebar|widget|related|recommended|recent|popular|respond|more-posts|"
                r"related-posts|latest|teaser|card|promo)(?:$|[\s_-])",
                names(here),
                re.I,
            )
        ):
            return True
        here = here.getparent()
    return False


_META = re.compile(r"meta|byline|author|info|date", re.I)


def _inside_article(element: Element) -> bool:
    here = element.getparent()
    while here is not None:
        if here.tag in {"article", "main"}:
            return True
        here = here.getparent()
    return False


def people(found: Iterable[str], site: str | None = None) -> tuple[str, ...]:
    """Names out of bylines: "By Ann Lee and Bo Dahl, social affairs correspondents" -> ("Ann Lee", "Bo Dahl")."""
    result: list[str] = []
    for text in found:
        text = _LABEL.sub("", _BY.sub("", clean(text)))
        text = _TRIM.sub("", text)
        date = dates.find_date(text)
        if date:
            text = text[: date[1]]
        for piece in re.split(
            r"\s*(?:;|/|\band\b|\bund\b|&|\bwith\b|\bet\b|\n)\s*|\s*,\s+(?!(?:Jr|Sr|MBE|OBE|CBE|PhD|MD|CPP|PSP)\b)",
            text,
        ):
            name = clean(piece).strip(" ,.-–—|:•·*")
            name = re.sub(r"^(?:by|von)\s+", "", name, flags=re.I)
            if _is_name(name, site) and name not in result and plain(name) not in {plain(r) for r in result}:
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
    if site and plain(name) == plain(site):
        return False
    return len(name.split()) <= 6


# ---------------------------------------------------------------- dates


_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_date",
    "article.published",
    "dc.date",
    "dcterms.date",
    "date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)
_DATE_CLASSES = (
    ".entry-date",
    ".published",
    ".post-date",
    ".posted-on",
    ".article-date",
    ".article__date",
    ".date-published",
    ".pubdate",
    ".publish-date",
    ".wp-block-post-date",
    ".date-header",
    ".post-timestamp",
    ".timestamp",
    ".dateline",
    ".field-name-post-date",
    ".field--name-created",
    ".date-display-single",
    ".submitted",
    ".entry-meta",
    ".post-meta",
    ".article-meta",
    ".meta",
    ".byline",
    ".date",
    ".datum",
    ".time",
)
_UPDATED = re.compile(r"(?:last\s+)?(?:updated|modified|reviewed|edited|aktualisiert|zuletzt)\b", re.I)
_PUBLISHED = re.compile(r"\b(?:first\s+)?(?:published|posted|publié|veröffentlicht|publicado)\b", re.I)


@dataclass(frozen=True, slots=True)
class Dates:
    published: str | None = None
    modified: str | None = None
    note: str | None = None  # when a choice had to be made


def read_dates(doc: Document, headline: Element | None = None) -> Dates:
    """Publication and modification. The address and the page's own line decide where the head of the page disagrees."""
    modified = _first_date(_ld(doc, "dateModified")) or _first_date(
        m for n in _MODIFIED_METAS for m in doc.metas.get(n, ())
    )
    for e in doc.props.get("datemodified", ()):
        modified = modified or dates.read_date(e.get("datetime") or e.get("content") or words(e))
    head = _first_date(_ld(doc, "datePublished")) or _first_date(_ld(doc, "dateCreated"))
    head = head or _first_date(m for n in _DATE_METAS for m in doc.metas.get(n, ()))
    address = dates.from_url(doc.url)
    shown = _shown_date(doc) or _date_near(doc, headline)
    if head and address and len(address) == 10 and not head.startswith(address):
        apart = _days_apart(head, address)
        if apart == 1 and head.endswith(("+00:00", "Z")):
            # 2.40 in the morning in UTC is still the evening before where the paper is.
            return Dates(shown if shown and shown.startswith(address) else address, modified)
        if apart > 1 and shown and shown.startswith(address):
            return Dates(shown, modified, "the address and the page agree on another day than the page's head")
    if head:
        return Dates(_finer(head, shown), modified)
    if shown and (not address or shown.startswith(address[:7])):
        return Dates(shown, modified)
    if address and len(address) == 10:
        return Dates(address, modified)
    if shown or address:
        return Dates(shown or address, modified)
    called = dates.read_date(words(headline)) if headline is not None else None
    if called and len(called) == 10:
        return Dates(called, modified, "taken from the headline")
    return Dates(None, modified)


def _date_near(doc: Document, headline: Element | None) -> str | None:
    """A line by the headline that says hardly more than a date: "December 17, 2025", "Posted 3 May 2012 by Ann"."""
    if headline is None:
        return None
    start = doc.place(headline)
    near: list[tuple[int, str]] = []
    for tag in ("p", "span", "div", "small", "li", "h2", "h3", "h4", "h5", "h6", "em", "strong", "td", "a"):
        for e in doc.tags.get(tag, ()):
            away = doc.place(e) - start
            if (
                not -20 <= away <= 60
                or not 6 <= len((e.text or "").strip()) + sum(len((c.tail or "").strip()) for c in e) <= 80
            ):
                continue
            text = clean((e.text or "") + " " + " ".join(c.tail or "" for c in e))
            if _off(e) or _is_update(e) or not (iso := dates.read_date(text)) or len(iso) < 10:
                continue
            near.append((abs(away) + (20 if away < 0 else 0), iso))
    return min(near)[1] if near else None


def _finer(head: str, shown: str | None) -> str:
    return shown if shown and len(head) == 10 and shown.startswith(head) else head


def _first_date(values: Iterable[Any]) -> str | None:
    for value in values:
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and (iso := dates.read_date(value)):
            return iso
    return None


def _days_apart(a: str, b: str) -> int:
    first, second = day(a), day(b)
    return abs((first - second).days) if first and second else 0


def _shown_date(doc: Document) -> str | None:
    for e in (*doc.props.get("datepublished", ()), *doc.props.get("datecreated", ())):
        if not _off(e) and (
            iso := dates.read_date(e.get("datetime") or e.get("content") or e.get("title") or words(e))
        ):
            return iso
    for e in doc.tags.get("time", ()):
        if (
            not _off(e)
            and not _is_update(e)
            and (iso := dates.read_date(e.get("datetime")) or dates.read_date(words(e)[:80]))
        ):
            return iso
    for e in doc.classes.get("published", ()):
        if e.tag == "abbr" and (iso := dates.read_date(e.get("title"))):
            return iso
    for selector in _DATE_CLASSES:
        for e in doc.find(selector)[:4]:
            if _off(e) or _is_update(e):
                continue
            text = words(e)
            if len(text) <= 200 and (iso := dates.read_date(e.get("datetime") or text)) and len(iso) >= 10:
                return iso
    return None


def _is_update(element: Element) -> bool:
    named = f"{names(element)} {element.get('itemprop') or ''}".lower()
    if ("updated" in named.split() and "published" not in named.split()) or "datemodified" in named:
        return True
    text = words(element)[:60]
    before = element.getprevious()
    lead = clean(
        (before.tail if before is not None else element.getparent().text if element.getparent() is not None else "")
        or ""
    )
    return bool(_UPDATED.search(text) and not _PUBLISHED.search(text)) or bool(
        _UPDATED.search(lead[-30:]) and not _PUBLISHED.search(lead[-30:])
    )


# ---------------------------------------------------------------- language, kind


_COMMON = {
    "en": "the of and to in is that for with are was this have not",
    "de": "der die das und ist nicht ein mit auf für den von sich auch",
    "fr": "le la les des est dans que pour une pas qui avec sur sont",
    "es": "el la los que de en una por con para las del se es",
    "pt": "que não uma para com dos mais como foi são pelo ao os em",
    "it": "il che di per una sono con della non gli del più è nel",
    "nl": "de het een van en dat niet zijn voor met op te aan ook",
    "pl": "nie się na jest to do że przez jak dla po są oraz być",
    "cy": "yn yr y i o ar gan fod mae wedi bod eu ei ac",
}
_COMMON_WORDS = {language: frozenset(w.split()) for language, w in _COMMON.items()}


def language(doc: Document | None, text: str, declared: str | None = None) -> str | None:
    """What it is written in: as declared, unless its commonest words are plainly another language's."""
    given = (
        declared
        or (doc.language if doc else None)
        or (doc.meta("og:locale", "content-language", "language") if doc else None)
    )
    code = (given or "").strip().lower()[:2]
    code = code if re.fullmatch(r"[a-z]{2}", code) else ""
    sample = re.findall(r"[^\W\d_]+", text[:6000].lower())
    if len(sample) < 20:
        return code or None
    scores = {language: sum(w in common for w in sample) for language, common in _COMMON_WORDS.items()}
    best = max(scores, key=lambda c: scores[c])
    if code in scores and scores[code] * 2 >= scores[best]:
        return code
    if scores[best] >= 0.12 * len(sample) and sorted(scores.values())[-2] * 1.5 < scores[best]:
        return best
    if code:
        return code
    import py3langid

    return str(py3langid.classify(text[:3000])[0])


_OPINION_PATH = re.compile(
    r"/(?:opinions?|comment(?:ary|isfree)?|blogs?|columns?|columnists?|viewpoints?|letters?|editorials?|views?|voices)(?:/|$)",
    re.I,
)
_NEWS_PATH = re.compile(r"/(?:news|latest-news|press-releases?)(?:/|$)", re.I)
_RESEARCH_PATH = re.compile(r"/(?:research|reports?|studies|evidence|statistics)(?:/|$)", re.I)
_ARGUES = re.compile(
    r"\b(?:argues?|writes?|believes?|asks|reflects|suggests|contends|explains why|says)\s+(?:[A-Z][\w’'-]+\s?){2,4}[.?!]?$"
)
_LD_KINDS: dict[str, Kind] = {
    "OpinionNewsArticle": "opinion",
    "ReviewNewsArticle": "opinion",
    "ScholarlyArticle": "research",
    "ReportageNewsArticle": "news",
    "NewsArticle": "news",
    "BlogPosting": "opinion",
}
_SECTIONS: tuple[tuple[str, Kind], ...] = (
    (r"opinion|comment|blog|viewpoint|column|editorial|letters|analysis and opinion", "opinion"),
    (r"research|evidence|study|studies|statistics|report", "research"),
    (r"legislation|statutory guidance|statutory instrument|case law|legal|law", "law"),
    (r"decision|ombudsman|tribunal|judgment|ruling", "decision"),
    (r"news|press release|announcement", "news"),
)


def kind(
    doc: Document | None, url: str | None, standfirst: str | None, section: str | None, bio: str | None
) -> tuple[Kind, str | None]:
    """What sort of piece it is, with the evidence in words; 'unknown' is an honest answer."""
    if section:
        for pattern, value in _SECTIONS:
            if re.search(rf"\b(?:{pattern})s?\b", section, re.I):
                return value, f"filed under ‘{section}’"
    path = urlsplit(url or "").path
    for expression, value in ((_OPINION_PATH, "opinion"), (_RESEARCH_PATH, "research"), (_NEWS_PATH, "news")):
        if match := expression.search(path):
            return value, f"the address has {match[0].rstrip('/')}/"  # type: ignore[return-value]
    if standfirst and (match := _ARGUES.search(standfirst)):
        return "opinion", f"the standfirst says ‘{match[0].rstrip('.')}’"
    for thing in articles_ld(doc) if doc else ():
        for name in types(thing):
            if name in _LD_KINDS:
                return _LD_KINDS[name], f"the page calls itself {name}"
    if bio:
        return "opinion", "it closes with a note about its author"
    return "unknown", None


def section(doc: Document) -> str | None:
    given = doc.meta("article:section", "og:article:section", "parsely-section", "dc.type", "section")
    if given:
        return given
    for thing in articles_ld(doc):
        value = thing.get("articleSection")
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return from_html(value)
    for a in doc.tags.get("a", ()):
        if (
            {"category", "tag"} <= set((a.get("rel") or "").split())
            and "category" in (a.get("href") or "")
            and not _off(a)
        ):
            return words(a) or None
    return None
