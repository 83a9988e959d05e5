"""Where the article is on the page, and what else the page says around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from urllib.parse import urlsplit

from cuttings.model import Aside, Link
from parsers.around import aside_of_page
from parsers.blocks import Block, blocks_of
from parsers.furniture import furniture, names
from parsers.markup import Element
from parsers.parts import Body
from parsers.soup import Document, ancestors, http
from parsers.wording import SILENT, clean, count_words, fold, words

EVERYWHERE = (
    "@articlebody",
    ".article-body",
    ".article__body",
    ".article-content",
    ".article__content",
    ".entry-content",
    ".post-content",
    ".post__content",
    ".post-body",
    ".story-body",
    ".storytext",
    ".article-text",
    ".articletext",
    ".article_body",
    ".articlebody",
    ".body-copy",
    ".blog-post-content",
    ".single-post-content",
    ".e-content",
    ".rich-text",
    ".richtext",
    ".prose",
)


def container(doc: Document, selectors: Sequence[str]) -> tuple[Element | None, int | None]:
    """The element that holds the article: of those that the selectors name, the first that has most of the words.
    With it the number of their letters.

    A teaser may share the class (a card's .post-content), a wrapper may hold everything (.entry round body and
    sidebar), so neither the first nor the longest is good enough.
    """
    sizes: dict[Element, int] = {}
    for selector in selectors:
        for element in doc.find(selector)[:12]:
            if element not in sizes:  # div.post-content.entry-content is named by two selectors
                fits = element.tag not in _NO_CONTAINERS and not detached(element) and not aside_of_page(doc, element)
                sizes[element] = len(words(element)) if fits else 0
    most = max(sizes.values(), default=0)
    least = max(100, 0.6 * most)
    return next(((element, size) for element, size in sizes.items() if size >= least), (None, None))


_NO_CONTAINERS = frozenset({"body", "html", "p", "span", "meta", "a", "li"})


def detached(element: Element) -> bool:
    here = element
    while here.getparent() is not None:
        here = here.getparent()
    return bool(here.tag != "html")


def host(doc: Document, blocks: Sequence[Block]) -> Element | None:
    """The element that holds these blocks and little else: ours keeps the short lists that trafilatura drops."""
    wanted = {b.text[:60] for b in blocks if b.kind == "p" and len(b.text) >= 60}
    if not wanted:
        return None
    holders = [
        e
        for tag in ("p", "li", "td", "div")
        for e in doc.tags.get(tag, ())
        if len(e.text or "") >= 20 and words(e)[:60] in wanted
    ]
    if len({words(e)[:60] for e in holders}) < 0.8 * len(wanted):
        return None
    over: list[Element] = [holders[0], *ancestors(holders[0])]
    for e in holders[1:]:
        others = {e, *ancestors(e)}
        over = [a for a in over if a in others]
    if not over or over[0].tag in {"html", "body", "p"}:
        return None
    size = sum(len(b.text) for b in blocks)
    return over[0] if len(words(over[0])) <= 1.3 * size + 200 else None


def from_trafilatura(doc: Document) -> list[Block]:
    """The body as trafilatura sees it, for pages whose markup says nothing."""
    import trafilatura

    if doc.root is None or (len(doc.tags) and sum(map(len, doc.tags.values())) > 20_000) or len(doc.text) > 3_000_000:
        return []  # it takes several seconds for what no real article has
    try:
        found = trafilatura.bare_extraction(
            _for_trafilatura(doc.root),
            url=doc.url,
            include_comments=False,
            with_metadata=False,
            include_formatting=True,
            include_links=True,
        )
    except Exception:  # a stranger's tree may break any of its four strategies; then there is no body, and we say so
        return []
    tree = getattr(found, "body", None)
    if tree is None:
        return []
    _as_html(tree)
    blocks, _ = blocks_of(tree, skip=lambda _: None)
    menus = [m for nav in doc.tags.get("nav", ()) if not detached(nav) and count_words(m := words(nav)) >= 3]
    if any(m in b.text for b in blocks for m in menus):
        return []  # it found no article and gives the whole page, menus and all, as one paragraph
    return blocks


def _for_trafilatura(root: Element) -> Element:
    """A copy in lxml.html's elements, which it asks for and which are slow: moved there, not parsed again."""
    from lxml import etree, html

    copied = deepcopy(root)
    parser = etree.HTMLParser()
    # One class for all: lxml.html's own choice of a class, by tag and in Python, is made for every element again.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    made = parser.makeelement("html", dict(root.attrib))
    made.extend(list(copied))
    return made


_RENAMED = {"list": "ul", "item": "li", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br", "ref": "a"}


def _as_html(tree: Element) -> None:
    """Its TEI-like names -> HTML, so that one walker reads both."""
    for element in tree.iter("*"):
        tag = element.tag
        if tag == "head":
            rend = element.get("rend") or "h2"
            element.tag = rend if re.fullmatch(r"h[1-6]", rend) else "h2"
        elif tag == "hi":
            element.tag = {"#b": "strong", "#i": "em"}.get(element.get("rend") or "", "span")
        elif tag == "list" and element.get("rend") == "ol":
            element.tag = "ol"
        elif tag in _RENAMED:
            element.tag = _RENAMED[tag]
            if tag == "ref" and element.get("target"):
                element.set("href", element.get("target"))


_MORE = re.compile(
    r"^\W*(?:related|more on|read more|see also|more (?:on|about) this|further reading|also read|read next)\b.{0,60}$",
    re.I,
)


def linked_elsewhere(doc: Document, body: Body, skipped: Sequence[Element]) -> None:
    """Links to related articles that stand in boxes of their own: in the body, or in the article's element after it."""
    boxes = list(skipped)
    over = list(ancestors(body.element)) if body.element is not None else []
    for above in over[:4]:
        for sibling in above:
            if (
                sibling.tag in {"aside", "div", "section", "nav"}
                and sibling not in over
                and sibling is not body.element
            ):
                heading = next(iter(sibling.iter("h2", "h3", "h4", "h5")), None)
                if heading is not None and _MORE.match(words(heading)) and len(words(sibling)) < 1500:
                    boxes.append(sibling)
        if above.tag in {"article", "main", "body"}:
            break
    for box in boxes:
        for a in box.iter("a"):
            text, href = words(a), http(a.get("href"), doc.url)
            if href and count_words(text) >= 3 and all(link.text != text for link in body.related):
                body.related.append(Link(text, href))


def leftovers(doc: Document, element: Element | None, used: Sequence[str]) -> list[Aside]:
    """Everything on the page outside the body, one Aside a region, so that no word is left out silently."""
    top = doc.tags["body"][0] if doc.tags.get("body") else doc.root
    if top is None:
        return []
    found: list[Aside] = []
    known = dict.fromkeys(fold(u) for u in used if u)
    longest = max(map(len, known), default=0)

    def add(text: str, why: str) -> None:
        # Folding makes no text shorter: one that is longer than all of the article's parts is none of them.
        if text and (len(text) > longest or fold(text) not in known):
            found.append(Aside(text, why))

    if element is None or detached(element):
        blocks, asides = blocks_of(top, skip=lambda _: None)
        printed = " ".join(known)
        outside = (b.text for b in blocks if (folded := fold(b.text)) not in known and folded not in printed)
        add(" · ".join(outside), "page furniture")
        return found + list(asides)
    here = element
    while here is not None and here is not top:
        parent = here.getparent()
        if parent is None:
            break
        add(clean(parent.text), "page furniture")
        for sibling in parent:
            if sibling is not here and sibling.tag not in SILENT and (text := words(sibling)):
                add(text, region(sibling))
            if sibling.tail:
                add(clean(sibling.tail), "page furniture")
        here = parent
    return found


def region(element: Element) -> str:
    tag, named = element.tag, names(element).lower()
    if tag == "nav" or "nav" in named or "menu" in named:
        return "navigation"
    if tag == "header" or "header" in named:
        return "header"
    if tag == "footer" or "footer" in named:
        return "footer"
    if "comment" in named or "respond" in named:
        return "around the readers' comments"
    if tag == "aside" or "sidebar" in named or "widget" in named:
        return "sidebar"
    if "related" in named:
        return "links to other articles"
    if tag == "form":
        return "form"
    return furniture(element) or "page furniture"


def same_site(url: str | None, other: str | None) -> bool:
    return bool(url and other) and urlsplit(url or "").hostname == urlsplit(other or "").hostname
