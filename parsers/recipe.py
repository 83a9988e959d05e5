"""How a page becomes a Reading. A family is a Recipe: where its pages keep the body; the rest is common to all.

parse -> comments out -> headline, people, dates -> body -> parts -> walls -> Reading
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cuttings import addresses
from cuttings.model import (
    Article,
    Aside,
    Comment,
    Precision,
    Reading,
    Repair,
    Unreadable,
    comment_key,
    fingerprint,
    plain,
    precision,
)
from parsers import bylines, dates, headline, kinds, published, walls
from parsers.blocks import Block, blocks_of, remove
from parsers.body import structure
from parsers.by_selectors import Picked
from parsers.dense import densest
from parsers.furniture import names
from parsers.language import language
from parsers.language import section as filed_under
from parsers.marked import marked_references
from parsers.markup import Element
from parsers.parts import Body
from parsers.place import EVERYWHERE, container, from_trafilatura, host, leftovers, linked_elsewhere
from parsers.remark import Remark
from parsers.soup import Document, Like, ancestors
from parsers.threads import Thread, read_thread
from parsers.wording import count_words, words, words_without


@dataclass(frozen=True, slots=True)
class Recipe:
    """`bodies`: selectors of the element with the article, the newest design of the family first."""

    bodies: tuple[str, ...] = ()
    prepare: Callable[[Document], None] | None = None
    section: Callable[[Document], str | None] | None = None


def read_page(doc: Document, recipe: Recipe, *, source: str | None = None, picked: Picked | None = None) -> Reading:
    """`picked`: what the source's own selectors found, which stands; the rest is looked for."""
    own = picked or Picked()
    if (why := walls.refused(doc)) is not None:
        raise Unreadable(doc.url, "page", why)
    if doc.root is None:
        raise Unreadable(doc.url, "page", "there is no page: it has no markup and no words")
    if recipe.prepare:
        recipe.prepare(doc)
    thread = own.thread or read_thread(doc)
    site = headline.site_name(doc)
    top = own.title or headline.title(doc)
    title = top.value if top else None
    authors = own.authors or _not_editors(doc, bylines.authors(doc, site, top.element if top else None))
    when = published.read_dates(doc, top.element if top else None)
    when = replace(when, published=own.published, note=None) if own.published else when
    section = (recipe.section or filed_under)(doc)
    around = _comment_sections(doc, thread)
    thread_asides = [Aside(said, "around the readers' comments") for _, said in around if said]
    remove(thread.elements)
    remove(e for e, _ in around)
    element, size = (own.body, None) if own.body is not None else container(doc, (*recipe.bodies, *EVERYWHERE))
    body = _body(doc, element, size, title, authors)
    body.standfirst = own.standfirst or body.standfirst
    text = "\n\n".join(body.paragraphs)
    _check(doc, title, body, text, thread)
    when, dated = _dates(doc, when)
    kind, evidence = kinds.kind(doc, doc.url, title, body.standfirst, section, body.bio, text)
    url = doc.url
    article = Article(
        key=key(url, title, body.paragraphs),
        url=url,
        source=source,
        title=title,
        standfirst=body.standfirst,
        authors=body.authors,
        author_bio=body.bio,
        kind=kind,
        kind_evidence=evidence,
        language=language(doc, text),
        published=when.published,
        precision=_precision(when.published),
        modified=when.modified,
        paragraphs=tuple(body.paragraphs),
        subheads=tuple(body.subheads),
        pull_quotes=tuple(body.pull_quotes),
        references=tuple(body.references),
        related_links=tuple(body.related),
        version_note=body.version_note,
        publication=site,
        repairs=(*body.repairs, *dated),
    )
    comments = as_comments(article, thread.remarks)
    used = [title or "", body.standfirst or "", body.bio or "", *body.paragraphs, *(s.text for s in body.subheads)]
    elsewhere = leftovers(doc, body.element, used)
    return Reading((article,), comments, (*body.asides, *thread.asides, *thread_asides, *elsewhere))


@lru_cache(maxsize=4)
def canonical(url: str) -> str:
    """An address is checked before its page is read, and asked for again as the article's key. May raise ValueError."""
    return addresses.canonical(url)


def key(url: str | None, title: str | None, paragraphs: Sequence[str]) -> str:
    """The article's key: its address, else its headline and first words."""
    return fingerprint(canonical(url)) if url else fingerprint(title, *(paragraphs[:1]))


def _precision(iso: str | None) -> Precision | None:
    return precision(iso)


def as_comments(article: Article, remarks: Sequence[Remark]) -> tuple[Comment, ...]:
    """Records that belong to an article; equal words of one second are told apart by their occurrence."""
    counted: dict[tuple[str | None, str], int] = {}
    found: list[Comment] = []
    wrote = {plain(a) for a in article.authors if len(a.split()) > 1}
    moments = Counter(remark.posted for remark in remarks)
    for n, remark in enumerate(remarks, 1):
        occurrence = 0
        if moments[remark.posted] > 1:
            same = (remark.posted, plain(remark.text))
            occurrence = counted.get(same, 0)
            counted[same] = occurrence + 1
        found.append(
            Comment(
                key=comment_key(article.key, remark.posted, remark.text, occurrence),
                article=article.key,
                n=n,
                author=remark.author,
                author_url=remark.author_url,
                by_article_author=remark.by_author or (bool(wrote) and plain(remark.author or "") in wrote),
                posted=remark.posted,
                text=remark.text,
                parent=None if remark.parent is None else remark.parent + 1,
                links=remark.links,
            )
        )
    return tuple(found)


# ---------------------------------------------------------------- the body


def _body(
    doc: Document, element: Element | None, size: int | None, title: str | None, authors: tuple[str, ...]
) -> Body:
    blocks: list[Block] = []
    asides: list[Aside] = []
    skipped: list[Element] = []
    if element is None:
        element = densest(doc)
    if element is not None:
        blocks, asides = blocks_of(element, related=skipped, size=size)
    if _fewer_words(blocks, 30):
        other = from_trafilatura(doc)
        own = " ".join(b.text for b in blocks)
        # A post of two lines is still the post: what is longer elsewhere on its page is the sidebar.
        if len(own.split()) < 8 or own[:40] in " ".join(b.text for b in other):
            blocks, asides, element = other, [], host(doc, other)
            if element is not None:
                skipped = []
                blocks, asides = blocks_of(element, related=skipped)
    if not blocks:
        for selector in ("article", "main", "body"):
            for whole in doc.find(selector)[:1]:
                blocks, asides = blocks_of(whole)
                element = whole
            if blocks:
                break
    body = structure(blocks, doc, title=title, authors=authors, asides=asides)
    body.element = element
    marked_references(doc, body)
    linked_elsewhere(doc, body, skipped)
    return body


def _fewer_words(blocks: Sequence[Block], least: int) -> bool:
    found = 0
    return all((found := found + count_words(b.text, least)) < least for b in blocks)


_COMMENT_SECTION = Like(
    re.compile(
        r"(?:^|\s)(?:comments?|comments?-?area|comments?-?wrapper|comment-?list|commentlist|"
        r"comments?-?section|respond|comment-respond|commentform|comment-form|"
        r"disqus_thread|fb-comments|trackbacks|pinglist|post-comments|entry-comments|comments-container|"
        r"wpdcom|wpd-thread-list|comment-form-wrapper|wp-block-comments|leave-comment|leavecomment)(?:\s|"
        r"$)",
        re.I,
    ),
    ("comment", "respond", "disqus", "trackbacks", "pinglist", "wpd"),
)
_COUNTED = re.compile(r"^\d+ (?:comments?|responses?|replies|thoughts?|kommentare?|reader)\b", re.I)
_SECTIONS = frozenset({"div", "section", "ol", "ul", "form", "aside", "footer", "article"})


def _comment_sections(doc: Document, thread: Thread) -> list[tuple[Element, str]]:
    """Headings, forms and wrappers of the comments, with their words; never anything that holds the article itself."""
    items = set(thread.elements)
    found: list[tuple[Element, str]] = []
    for e in doc.named(_COMMENT_SECTION):
        if e.tag not in _SECTIONS or e in items:
            continue
        if any(h not in items and "comment" not in names(h) for h in e.iter("h1")):
            continue
        if e.tag != "ol" and e.find(".//article") is not None and not any(i in items for i in e.iter("article")):
            continue
        if len(said := words_without(e, items)) < 2500:
            found.append((e, said))
    counted: dict[Element, bool] = {}  # a paragraph of an answer stands in the parents of all that it answers
    for e in dict.fromkeys(i.getparent() for i in thread.elements):
        for heading in e.iter("h2", "h3", "h4", "h5", "p") if e is not None else ():
            if heading not in counted:
                counted[heading] = _counts_comments(heading)
            if counted[heading]:
                found.append((heading, words_without(heading, items)))
    inside = {e for e, _ in found}
    return [(e, said) for e, said in found if inside.isdisjoint(ancestors(e))]


def _counts_comments(heading: Element) -> bool:
    """Asked first of what it begins with: every paragraph of every comment comes by here."""
    return _first_letter(heading).isdigit() and len(text := words(heading)) < 160 and bool(_COUNTED.match(text))


def _first_letter(element: Element) -> str:
    if opening := (element.text or "").lstrip():
        return str(opening[0])
    return next((bare[0] for text in element.itertext() if (bare := text.lstrip())), "")


# ---------------------------------------------------------------- checks


def _check(doc: Document, title: str | None, body: Body, text: str, thread: Thread) -> None:
    """Raises Unreadable where what was found is no article."""
    why = walls.wall(doc, title, text)
    if why is None and not thread.remarks:
        why = walls.listing(doc, body.linked, text)
    if why:
        raise Unreadable(doc.url, "page", why)
    if (size := count_words(text, 15)) < 15 and not (body.standfirst and size >= 5):
        whole = words(doc.root)
        if not whole.strip():
            raise Unreadable(doc.url, "page", "there is no page: it has no words")
        detail = f"no text of an article was found ({size} words of {count_words(whole)} on the page)"
        raise Unreadable(doc.url, "paragraphs", detail)


_UPDATED_LINE = re.compile(
    r"\b(?:last\s+(?:updated|modified|reviewed)|page\s+(?:last\s+)?updated|updated(?:\s+on)?)\s*:?\s*", re.I
)


def _dates(doc: Document, when: published.Dates) -> tuple[published.Dates, tuple[Repair, ...]]:
    repairs: tuple[Repair, ...] = (Repair("publication date", when.note, "likely"),) if when.note else ()
    if when.published and when.modified:
        return when, repairs
    line = _updated_line(doc)
    if not line:
        return when, repairs
    when = replace(when, modified=when.modified or line)
    if when.published is None:
        note = "taken from the page's 'last updated' line, so the true one may be earlier"
        return replace(when, published=line), (*repairs, Repair("publication date", note, "uncertain"))
    return when, repairs


def _updated_line(doc: Document) -> str | None:
    if not any(word in doc.low for word in (b"updated", b"modified", b"reviewed")):
        return None
    for tag in ("p", "div", "span", "li", "small", "footer", "td", "time"):
        for e in doc.tags.get(tag, ()):
            own = (e.text or "")[:200]
            if (len(own) < 5 and len(e) == 0) or (
                not _UPDATED_LINE.search(own) and not any(_UPDATED_LINE.search((c.text or "")[:60]) for c in e[:3])
            ):
                continue
            text = words(e)[:300]
            match = _UPDATED_LINE.search(text)
            if match and (iso := dates.read_date(text[match.end() : match.end() + 40])) and len(iso) >= 10:
                return iso
    return None


_KEEPERS = (b" author", b" editor", b" owner", b" manager")
_KEPT = (b"page", b"web", b"content", b"site")
_PAGE_EDITOR = re.compile(
    r"\b(?:page|web|content|site)\s+(?:author|editor|owner|manager|maintained by)\s*:?\s*(?P<who>[A-Z][^.|\d\n]{2,60})",
    re.I,
)


def _names_a_keeper(low: bytes) -> bool:
    for keeper in _KEEPERS:
        at = low.find(keeper)
        while at >= 0:
            if low.endswith(_KEPT, 0, at):
                return True
            at = low.find(keeper, at + len(keeper))
    return False


def _not_editors(doc: Document, authors: tuple[str, ...]) -> tuple[str, ...]:
    """ "Page Author: Ann Lee" in a footer names who keeps the page, whatever a class around it says."""
    if not authors:
        return authors
    if not _names_a_keeper(doc.low):
        return authors
    kept = {plain(m["who"].strip()) for m in _PAGE_EDITOR.finditer(words(doc.root))}
    return tuple(a for a in authors if not any(plain(a) and k.startswith(plain(a)) for k in kept))
