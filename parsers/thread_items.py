"""Which elements of a page are comments: by their marks, else by their shape.

By id ("comment-12", "li-comment-12", "c9000000001"), by class, by microdata; else inside a container that calls itself
comments: neighbours alike, each with a name, a date and words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsers import dates
from parsers.around import WHOLE_BLOG
from parsers.commenter import tidy_name
from parsers.furniture import names
from parsers.markup import Element
from parsers.remark import Scan
from parsers.soup import Document, Like, ancestors, low_tokens, tokens
from parsers.thread_marks import (
    CONTAINER,
    CONTAINERS,
    HEADING,
    ITEM_CLASSES,
    ITEM_IDS,
    ITEM_TAGS,
    MOST,
    NOT_THREAD,
)
from parsers.wording import SILENT, words


def by_marks(doc: Document, scans: dict[Element, Scan]) -> list[Element]:
    candidates: dict[Element, str | None] = {}
    for match, element in doc.identified(ITEM_IDS):
        if element.tag in ITEM_TAGS:
            candidates[element] = match["n"] or match["b"]
    for token in ITEM_CLASSES:
        for element in doc.classes.get(token, ()):
            if element.tag in ITEM_TAGS:
                candidates.setdefault(element, None)
    for element in doc.props.get("comment", ()):
        if element.get("itemscope") is not None and element.tag in ITEM_TAGS:
            candidates.setdefault(element, None)
    for name in ("comment", "usercomments"):
        for element in _typed(doc, name):
            candidates.setdefault(element, None)
    if not candidates:
        return []
    outside: dict[Element, bool] = {}
    candidates = {e: n for e, n in candidates.items() if not _elsewhere(e, outside)}
    return _outermost(candidates, doc, scans)


def _typed(doc: Document, kind: str) -> Iterable[Element]:
    for element in doc.typed:
        if element.tag in ITEM_TAGS and (element.get("itemtype") or "").lower().rstrip("/").endswith("/" + kind):
            yield element


_NEVER_THREADS = frozenset({"nav", "head", "pre", "code"})


def _elsewhere(element: Element, known: dict[Element, bool] | None = None) -> bool:
    """In a sidebar, a list of the latest comments, a form, or program code, where 'comment' is a colour."""
    known = {} if known is None else known
    path: list[Element] = []
    here: Element | None = element
    answer = False
    while here is not None and here.tag != "body":  # "has-sidebar widget" on <body> describes the whole page
        if here in known:
            answer = known[here]
            break
        path.append(here)
        marks = (*low_tokens(here), (here.get("id") or "").lower())
        # Blogger wraps the whole blog in div.widget.Blog.
        if here.tag in _NEVER_THREADS or (not NOT_THREAD.isdisjoint(marks) and WHOLE_BLOG.isdisjoint(marks)):
            answer = True
            break
        here = here.getparent()
    for e in path:
        known[e] = answer
    return answer


def _outermost(candidates: dict[Element, str | None], doc: Document, scans: dict[Element, Scan]) -> list[Element]:
    """One element a comment: li#comment-5 > div#div-comment-5.comment are one, a wrapper round many is none."""
    kept: dict[Element, list[Element]] = {}  # item -> items directly inside
    for element in sorted(candidates, key=doc.place):
        above = next((a for a in ancestors(element) if a in kept), None)
        number = candidates[element]
        if above is not None and number and candidates[above] == number:
            continue
        kept[element] = []
        if above is not None:
            kept[above].append(element)
    alive = set(kept)
    for element in reversed(list(kept)):
        inner = [e for e in kept[element] if e in alive]
        if not inner:
            continue
        if candidates[element] and not candidates[inner[0]] and len(_above_within(inner[0], element)) <= 1:
            alive.discard(inner[0])  # Blogger: li#c123 holds div.comment-block with the comment, and its replies
        elif not (scan := Scan(element, set(inner))).headed:
            alive.discard(element)  # a wrapper, which has no name and no date of its own
            continue
        else:
            scans[element] = scan
        for part in inner:
            if part not in scans:
                scans[part] = Scan(part, {e for e in kept[part] if e in alive})
            if not scans[part].headed:
                alive.discard(part)  # li.comment has name and date, section.comment in it the words
        if any(e not in alive for e in inner):
            scans.pop(element, None)  # what was another comment is now a part of this one
    return [e for e in kept if e in alive]


def _above_within(element: Element, outer: Element) -> list[Element]:
    found: list[Element] = []
    for above in ancestors(element):
        if above is outer:
            break
        found.append(above)
    return found


def wrap_definition_lists(doc: Document) -> None:
    """Blogger's older templates: dt.comment-author, dd.comment-body, dd.comment-footer, flat in one dl."""
    for listing in doc.tags.get("dl", ()):
        if not CONTAINER.search(names(listing)):
            continue
        wrapper: Element | None = None
        for child in list(listing):
            if child.tag == "dt":
                wrapper = child.makeelement("div", {"class": "comment", "id": child.get("id") or ""})
                child.addprevious(wrapper)  # counting places in a list of 60,000 would take as many steps for each
                child.attrib.pop("id", None)
                doc.classes["comment"].append(wrapper)
            if wrapper is not None and child is not wrapper:
                wrapper.append(child)


def by_shape(doc: Document, scans: dict[Element, Scan]) -> list[Element]:
    """Neighbours alike, each with a name, a date and words, in a container that calls itself comments.

    Where every one of them is whole, their scans are left in `scans`, for who reads them next.
    """
    if doc.root is None:
        return []
    best: list[Element] = []
    seen: set[Element] = set()
    for container in _containers(doc):
        if container in seen:
            continue  # it stands in one that was searched
        asked: set[tuple[str, str]] = set()
        for parent in container.iter("*"):
            if parent in seen or parent.tag in SILENT or len(parent) == 0:
                continue
            seen.add(parent)
            for signature, group in _alike(parent).items():
                least = 1 if CONTAINER.search(" ".join(signature)) else 2
                if len(group) < least or len(group) <= len(best) or signature in asked or _elsewhere(group[0]):
                    continue
                whole = group
                if signature[1] != _ANY:
                    asked.add(signature)
                    whole = [e for e in container.iter(signature[0]) if _signature(e) == signature]
                # A row of a table may hold a table of its own, with rows that are no comments.
                for tried in (whole, group) if len(whole) > len(group) else (whole,):
                    full = _complete_among(tried, least)
                    if len(full) > len(best):
                        best = [*full, *tried[MOST:]]
                        scans.clear()
                        if len(full) == len(tried[:MOST]):
                            scans.update(full)
                        break
    return best


def _complete_among(alike: Sequence[Element], least: int) -> dict[Element, Scan]:
    """Those of neighbours alike that are whole comments, with their scans; none where too few of them are."""
    others = set(alike)
    asked = alike[:MOST]
    wanted = max(least, 0.7 * len(asked))
    full: dict[Element, Scan] = {}
    for n, element in enumerate(asked):
        if len(full) + len(asked) - n < wanted:
            return {}  # a menu of a hundred lines is told after thirty
        scan = Scan(element, others)
        if _complete(scan):
            full[element] = scan
    return full if len(full) >= wanted else {}


_ANY = "*"


def _alike(parent: Element) -> dict[tuple[str, str], list[Element]]:
    """The children by tag and first class; and by tag alone where rows have two classes by turns (odd, even)."""
    groups: dict[tuple[str, str], list[Element]] = {}
    tags: dict[str, list[Element]] = {}
    for child in parent:
        if isinstance(child.tag, str) and child.tag in ITEM_TAGS and len(child):
            groups.setdefault(_signature(child), []).append(child)
            tags.setdefault(child.tag, []).append(child)
    if len(groups) > len(tags):
        groups.update({(tag, _ANY): found for tag, found in tags.items() if sum(s[0] == tag for s in groups) == 2})
    return groups


def by_headings(doc: Document) -> list[Element]:
    """A flat list: a heading with name and day over each comment's paragraphs. Each gets a div of its own."""
    for container in _containers(doc):
        for tag in ("h3", "h4", "h5", "h6", "dt"):
            heads = [e for e in container.iter(tag) if len(t := words(e)) <= 120 and _named_and_dated(t)]
            if len(heads) < 2 or len({e.getparent() for e in heads}) > 1:
                continue
            found: list[Element] = []
            for head in heads:
                wrapper = head.makeelement("div", {})
                head.addprevious(wrapper)
                following = [head]
                for e in head.itersiblings():
                    if e.tag not in _SAID_IN:
                        break
                    following.append(e)
                wrapper.extend(following)
                found.append(wrapper)
            return [e for e in found if len(e) > 1]
    return []


_SAID_IN = frozenset({"p", "blockquote", "ul", "ol", "pre", "dd"})


def _named_and_dated(text: str) -> bool:
    found = dates.find_date(text)
    return found is not None and len(found[0]) >= 10 and tidy_name(text[: found[1]]) is not None


_OWN_CLASS = Like(
    re.compile(
        r"^(?!(?:add|leave|no|write|latest|recent|last|new|has|reply|button|btn|icon|fa|fas|far|submit|view|show|load|"
        r"edit|top|featured|open|close|toggle|allow|disable)[-_])[a-z0-9]+[-_]{1,2}comment(?:[-_]{1,2}item)?$"
    ),
    ("comment",),
)


def by_own_class(doc: Document) -> list[Element]:
    """A plugin whose classes all begin with its name: div.acme-comment, each with a name, a date and words."""
    best: list[Element] = []
    for elements in doc.classed(_OWN_CLASS):
        marked = [e for e in elements if e.tag in ITEM_TAGS and not _elsewhere(e)]
        full = _complete_among(marked, 1)
        if len(full) > len(best):
            best = [*full, *marked[MOST:]]
    return best


def _signature(element: Element) -> tuple[str, str]:
    first = [re.sub(r"\d+", "", t) for t in tokens(element)[:1]]
    return element.tag, first[0] if first else ""


_CONTAINERS = frozenset({"section", "div", "ul", "ol", "aside", "table", "article"})


def _containers(doc: Document) -> Iterable[Element]:
    known: dict[Element, bool] = {}
    for element in doc.named(CONTAINERS):
        if element.tag in _CONTAINERS and not _elsewhere(element, known):
            parent = element.getparent()
            if parent is not None and parent.tag in _CONTAINERS and _one_of_many(element, parent):
                yield parent  # article.acme-comment-article: what is called comments is one of them
            yield element
    for tag in ("h2", "h3", "h4", "h5"):
        for heading in doc.tags.get(tag, ()):
            if HEADING.match(words(heading)) and heading.getparent() is not None and heading.getparent().tag != "body":
                yield heading.getparent()


def _one_of_many(element: Element, parent: Element) -> bool:
    signature = _signature(element)
    return any(e is not element and isinstance(e.tag, str) and _signature(e) == signature for e in parent)


def _complete(scan: Scan) -> bool:
    """Name, date and words, which are not all one link: a list of the newest threads has all but that."""
    if scan.author is None or scan.date is None or not scan.text or scan.iso(False) is None:
        return False
    return sum(len(text) for text, _ in scan.content[1]) < 0.8 * len(scan.text)
