"""The readers' comments of a page as records, whatever the theme or plugin that drew them.

1. Which elements are comments (`items`): by id ("comment-12", "li-comment-12", "c9000000001"), by class, by
   microdata; else by shape, inside a container that calls itself comments: neighbours alike, each with a name, a date
   and words.
2. What each says (`record`): name, address, time and words are looked for in that order, and what one has found the
   next ignores, so that no name, date or 'Reply' ends up in the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from cuttings.model import Aside
from parsers import dates
from parsers.blocks import names
from parsers.markup import Element
from parsers.remark import Remark, Scan, tidy_name, words_without
from parsers.soup import SILENT, Document, Like, ancestors, clean, from_html, http, tokens, types, words
from parsers.thread_marks import (
    CONTAINER,
    CONTAINERS,
    HEADING,
    ITEM_CLASSES,
    ITEM_ID,
    ITEM_IDS,
    ITEM_TAGS,
    NOT_THREAD,
    PING,
)


@dataclass(frozen=True, slots=True)
class Thread:
    remarks: tuple[Remark, ...] = ()
    elements: tuple[Element, ...] = ()  # what to take out of the page before its body is read
    asides: tuple[Aside, ...] = ()


def read_thread(doc: Document) -> Thread:
    """Every comment of the page in page order; no comments gives an empty Thread."""
    _wrap_definition_lists(doc)
    scans: dict[Element, Scan] = {}
    found = _by_marks(doc, scans)
    thread = _thread(doc, found, scans) if found else Thread()
    if not thread.remarks:
        scans = {}
        shaped = max(_by_shape(doc, scans), _by_own_class(doc), key=len) or _by_headings(doc)
        if shaped:
            thread = _thread(doc, shaped, scans)
    if not thread.remarks:
        thread = replace(thread, remarks=_from_linked_data(doc))
    return thread


def _by_marks(doc: Document, scans: dict[Element, Scan]) -> list[Element]:
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
        marks = {t.lower() for t in (*tokens(here), here.get("id") or "")}
        # Blogger wraps the whole blog in div.widget.Blog.
        if here.tag in {"nav", "head", "pre", "code"} or (marks & NOT_THREAD and not marks & {"blog", "blog1", "main"}):
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


def _wrap_definition_lists(doc: Document) -> None:
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


def _by_shape(doc: Document, scans: dict[Element, Scan]) -> list[Element]:
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


def _by_headings(doc: Document) -> list[Element]:
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


def _by_own_class(doc: Document) -> list[Element]:
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


MOST = 2_000  # comments read on one page; the longest real threads come in pages of a few hundred


def _thread(doc: Document, found: Sequence[Element], scans: Mapping[Element, Scan] = MappingProxyType({})) -> Thread:
    chosen = set(found)
    asides = [Aside(_all_words(e, chosen), f"beyond the first {MOST:,} comments of a page") for e in found[MOST:]]
    kept: list[tuple[Element, Scan]] = []
    for element in found[:MOST]:
        if _ping(element):
            asides.append(Aside(words(element), "pingback"))
            continue
        scan = scans.get(element)
        if scan is None or not chosen.isdisjoint(scan.inner):
            scan = Scan(element, chosen)
        if scan.text and (scan.author is not None or scan.date is not None):
            kept.append((element, scan))
        elif scan.text or scan.author is not None:
            asides.append(Aside(words_without(element, chosen), "comment without a name, a date or words"))
    american = dates.looks_american([words(s.date) for _, s in kept if s.date is not None])
    remarks: list[Remark] = []
    place: dict[Element, int] = {}
    numbered: dict[str, int] = {}
    depths: list[tuple[int, int]] = []
    seen: set[tuple[str | None, ...]] = set()
    for element, scan in kept:
        number = _number(element)
        remark = Remark(
            author=scan.name(),
            author_url=scan.url(doc.url),
            posted=scan.iso(american),
            text=scan.text,
            parent=_parent(element, place, numbered, depths),
            links=scan.links(doc.url),
            by_author=_by_author(element, scan),
            id=number,
        )
        twin = (number, remark.author, remark.text)
        if number and twin in seen:
            continue  # the thread printed twice, once for phones
        seen.add(twin)
        place[element] = len(remarks)
        if number:
            numbered.setdefault(number, len(remarks))
        depth = _depth(element)
        if depth:
            depths.append((depth, len(remarks)))
        remarks.append(remark)
    return Thread(tuple(remarks), tuple(found), tuple(asides))


def _all_words(element: Element, chosen: set[Element]) -> str:
    """The words of one of many thousand comments, at the speed of a copy where no other stands in it."""
    if any(e is not element and (e in chosen or e.tag in SILENT) for e in element.iter("*")):
        return words_without(element, chosen)
    return clean(" ".join(element.itertext()))


def _ping(element: Element) -> bool:
    if PING & {t.lower() for t in tokens(element)}:
        return True
    above = element.getparent()
    return above is not None and bool(PING & {t.lower() for t in (*tokens(above), above.get("id") or "")})


def _number(element: Element) -> str | None:
    for e in (element, *(c for c in element if isinstance(c.tag, str))):
        match = ITEM_ID.match(e.get("id") or "")
        if match:
            return match["n"] or match["b"]
    return element.get("data-comment-id") or element.get("data-id") or None


_DEPTH = re.compile(r"(?:depth|level|comment-depth|comment-level)[-_]?(\d{1,2})", re.I)


def _depth(element: Element) -> int | None:
    for token in tokens(element):
        if match := _DEPTH.fullmatch(token):
            return int(match[1])
    return None


def _parent(
    element: Element, place: dict[Element, int], numbered: dict[str, int], depths: list[tuple[int, int]]
) -> int | None:
    for above in ancestors(element):
        if above in place:
            return place[above]
        if "indented" in tokens(above):  # Drupal: the replies follow their comment in a div of their own
            before = above.getprevious()
            while before is not None and before not in place:
                before = before.getprevious()
            if before is not None:
                return place[before]
    wanted = element.get("data-parent-id") or element.get("data-parent") or element.get("data-comment-parent")
    if wanted and wanted != "0" and wanted in numbered:
        return numbered[wanted]
    depth = _depth(element)
    if depth and depth > 1:
        for other_depth, n in reversed(depths):
            if other_depth == depth - 1:
                return n
    return None


def _by_author(element: Element, scan: Scan) -> bool:
    marks = {
        "bypostauthor",
        "by-author",
        "by-node-author",
        "comment-by-author",
        "comment-by-node-author",
        "byarticleauthor",
        "wpd-blog-post_author",
        "is-author",
        "by-post-author",
        "author-comment",
    }
    if marks & {t.lower() for t in tokens(element)}:
        return True
    by_class = (scan.by_token.get(t, ()) for t in ("blog-author", "post-author", "comment-by-post-author"))
    return any("blog-admin" not in tokens(e) for marked in by_class for e in marked)


def _from_linked_data(doc: Document) -> tuple[Remark, ...]:
    remarks: list[Remark] = []

    def add(value: object, parent: int | None) -> None:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict) or "Comment" not in types(item) or len(remarks) >= MOST:
                continue
            text = item.get("text") or item.get("description") or item.get("articleBody")
            if not isinstance(text, str) or not text.strip():
                continue
            author = item.get("author") or item.get("creator")
            author = author[0] if isinstance(author, list) and author else author
            name = author.get("name") if isinstance(author, dict) else author
            link = author.get("url") if isinstance(author, dict) else None
            n = len(remarks)
            remarks.append(
                Remark(
                    author=clean(name) or None if isinstance(name, str) else None,
                    author_url=http(link, doc.url) if isinstance(link, str) else None,
                    posted=dates.read_date(str(item.get("dateCreated") or item.get("datePublished") or "")),
                    text="\n\n".join(
                        t for t in (from_html(p) for p in re.split(r"\n\s*\n|</p>\s*<p[^>]*>", text)) if t
                    ),
                    parent=parent,
                )
            )
            if item.get("comment"):
                add(item["comment"], n)

    for thing in doc.linked_data:
        if "Comment" not in types(thing) and thing.get("comment"):
            before = len(remarks)
            add(thing["comment"], None)
            if len(remarks) > before:
                break
    return tuple(remarks)
