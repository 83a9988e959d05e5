"""What stands beside the article: sidebars, widgets, comments, cards for other articles.

A class alone does not make a sidebar: themes name the wrapper of everything "content-sidebar-wrap" or "no-sidebar
widget-title". What holds the page's own heading, or its <main>, is not beside the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from parsers.furniture import names
from parsers.markup import Element
from parsers.soup import Document, ancestors, low_tokens

_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|comment-list|sidebar|widget|related|recommended|recent|popular|respond|"
    r"more-posts|related-posts|latest|teaser|card|promo)(?:$|[\s_-])",
    re.I,
)
_SIDE = re.compile(r"(?:^|[\s_-])(?:sidebar|widget|related|footer-widgets)(?:$|[\s_-])", re.I)
_META = re.compile(r"meta|byline|author|info|date", re.I)
_SITE = re.compile(r"(?:^|[\s_-])(?:site-title|logo|site-name|blog-title|brand|sitename)", re.I)
WHOLE_BLOG = frozenset({"blog", "blog1", "main"})  # Blogger wraps all it has in div.widget.Blog#Blog1


def off(doc: Document, element: Element) -> bool:
    """A name in a comment, a sidebar, a footer or a list of other articles is not this article's author."""
    return _closing(element) or _under(doc, element.getparent(), "off", _off_here)


def aside_of_page(doc: Document, element: Element) -> bool:
    """Is it in a sidebar, a widget, navigation, or among related articles?"""
    return _under(doc, element, "aside", _aside_here)


def _under(doc: Document, element: Element | None, question: str, asked: Callable[[Document, Element], bool]) -> bool:
    known: dict[Element, bool] = doc.memo.setdefault(question, {})
    path: list[Element] = []
    answer = False
    while element is not None and element.tag != "body":
        if element in known:
            answer = known[element]
            break
        path.append(element)
        if asked(doc, element):
            answer = True
            break
        element = element.getparent()
    for e in path:
        known[e] = answer
    return answer


def _off_here(doc: Document, element: Element) -> bool:
    if element.get("itemprop") in {"review", "comment"}:
        return True  # who reviewed the book wrote no word of the article
    return _closing(element) or (_matches(_BESIDE, names(element)) and not _holds_it_all(doc, element))


def _aside_here(doc: Document, element: Element) -> bool:
    return element.tag in {"nav", "aside"} or (_matches(_SIDE, names(element)) and not _holds_it_all(doc, element))


def _closing(element: Element) -> bool:
    tag = element.tag
    if tag in {"nav", "blockquote"}:
        return True
    return tag in {"footer", "aside"} and not (_META.search(names(element) or "meta") and _inside_article(element))


def _inside_article(element: Element) -> bool:
    here = element.getparent()
    while here is not None:
        if here.tag in {"article", "main"}:
            return True
        here = here.getparent()
    return False


def _holds_it_all(doc: Document, element: Element) -> bool:
    if not WHOLE_BLOG.isdisjoint((*low_tokens(element), (element.get("id") or "").lower())):
        return True
    return element in _over_the_article(doc)


def _over_the_article(doc: Document) -> set[Element]:
    """What the page's own h1 stands in, and its only <main>; the paper's name may be an h1 as well."""
    memo: dict[None, set[Element]] = doc.memo.setdefault("over the article", {})
    if None not in memo:
        heading = next((h for h in doc.tags.get("h1", ()) if not named_as_site(h)), None)
        inside = [heading] if heading is not None else []
        main = doc.tags.get("main", ())
        memo[None] = {e for here in (*inside, *(main if len(main) == 1 else ())) for e in (here, *ancestors(here))}
    return memo[None]


def named_as_site(element: Element) -> bool:
    return bool(_SITE.search(names(element)))


def _matches(pattern: re.Pattern[str], named: str) -> bool:
    return bool(named and pattern.search(named))
