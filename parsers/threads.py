"""The readers' comments of a page as records, whatever the theme or plugin that drew them.

1. Which elements are comments (`items`): by id ("comment-12", "li-comment-12", "c2925100285921034305"), by class, by
   microdata; else by shape, inside a container that calls itself comments: neighbours alike, each with a name, a date
   and words.
2. What each says (`record`): name, address, time and words are looked for in that order, and what one has found the
   next ignores, so that no name, date or 'Reply' ends up in the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cuttings.model import Aside
from parsers import dates
from parsers.blocks import blocks_of, names
from parsers.markup import Element
from parsers.soup import BLOCKS, SILENT, Document, clean, from_html, http, tokens, types, words


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment before it belongs to an article. `parent` counts from 0 in page order."""

    author: str | None
    author_url: str | None
    posted: str | None
    text: str
    parent: int | None = None
    links: tuple[str, ...] = ()
    by_author: bool = False
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    remarks: tuple[Remark, ...] = ()
    elements: tuple[Element, ...] = ()  # what to take out of the page before its body is read
    asides: tuple[Aside, ...] = ()


_WORD = r"(?:comments?|kommentare?|commentaires?|comentarios?|komentarz|komentar|reacties?|leserbrief|talkback|cmt)"
_ITEM_ID = re.compile(
    rf"^(?:(?:li|div|article|single|wp|dsq|idc|the)[-_])*(?:{_WORD}|forum|reply|message|bb_message)[-_]?(?:id|c|msg)?[-_]?"
    r"(?P<n>\d+|(?=[0-9a-f-]*\d)[0-9a-f-]{8,})$|^c(?P<b>\d{9,})$",
    re.I,
)
_ITEM_CLASSES = frozenset(
    [
        "comment",
        "comment-item",
        "comment_item",
        "commentitem",
        "comment__item",
        "comment-entry",
        "comment_entry",
        "single-comment",
        "comment-single",
        "comment-box",
        "commentbox",
        "usercomment",
        "user-comment",
        "user_comment",
        "reader-comment",
        "kommentar",
        "kommentar-item",
        "commentaire",
        "comentario",
        "komentarz",
        "leserbrief",
        "comment-wrap",
        "comment-container",
        "comment-wrapper",
        "comment-row",
        "comment-card",
        "comment-post",
        "comment-holder",
        "comment-unit",
        "comment-node",
        "comment-block",
        "comments-item",
        "comments__item",
        "comment-list-item",
        "comment-list__item",
        "comment-listing",
        "comments-list__item",
        "comments-list-item",
        "wpd-comment",
        "u-comment",
        "js-comment",
        "c-comment",
        "o-comment",
        "m-comment",
        "post-comment",
        "blog-comment",
        "article-comment",
        "reactie",
    ]
)
_ITEM_TAGS = frozenset({"li", "div", "article", "section", "dl", "tr", "td", "blockquote", "p", "details"})
_NOT_THREAD = frozenset(
    [
        "widget",
        "sidebar",
        "recentcomments",
        "recent-comments",
        "recent_comments",
        "latest-comments",
        "wp-block-latest-comments",
        "widget_recent_comments",
        "respond",
        "comment-respond",
        "commentform",
        "comment-form",
        "testimonials",
        "testimonial",
        "code",
        "highlight",
        "hljs",
        "crayon",
        "prettyprint",
        "syntaxhighlighter",
        "sourcecode",
    ]
)
_PING = frozenset({"pingback", "trackback", "pinglist", "pings", "trackbacks"})

_NOISE = re.compile(
    r"(?:^|[\s_-])(?:reply|replies|reply-link|antworten|repondre|avatar|gravatar|says|comment-meta|commentmetadata|comment-metadata|"
    r"comment-date|comment-time|comment-author|comment-header|comment-footer|comment-actions|comment-edit|comment-edit-link|"
    r"edit-link|like|likes|likebtn|liking|comment-likes|comment-like|vote|votes|voting|rating|ratings|wprm-comment-rating|stars|share|report|"
    r"flag|permalink|awaiting|awaiting-moderation|comment-awaiting-moderation|toolbar|tools|actions|links|vcard|badge|badges|"
    r"thumbs|karma|score|moderation|thread-toggle|thread-chrome-toggle|item-control|signature|user-info|userinfo|profile|quote-link|"
    r"comment-rating|submitted|screen-reader-text|sr-only|visually-hidden|visuallyhidden|element-hidden|element-invisible|"
    r"comment-number|comment-count|comment-index|comment-replybox-single|comment-replybox-thread|continue)(?=$|[\s_-])",
    re.I,
)
_TEXT_TOKENS = [
    "comment-content",
    "comment_content",
    "comment__content",
    "commentcontent",
    "comment-text",
    "comment_text",
    "comment__text",
    "commenttext",
    "comment-body-text",
    "comment-message",
    "comment__message",
    "comment_message",
    "commentmessage",
    "wp-block-comment-content",
    "field-name-comment-body",
    "field--name-comment-body",
    "wpd-comment-text",
    "wc-comment-text",
    "comment-copy",
    "commentcopy",
    "kommentar-text",
    "comment-texte",
    "comment-entry",
    "comment__body",
    "comment-body",
    "comment_body",
    "commentbody",
    "comment-inner",
    "comment-post-text",
    "comment-bubble-text",
    "commentbody",
    "forum-texte",
    "message-text",
    "text",
    "body",
    "content",
    "message",
    "entry-content",
    "texte",
    "texto",
    "inhalt",
    "description",
]
_TEXT_PROPS = frozenset({"text", "commenttext", "description", "articlebody", "reviewbody"})
_AUTHOR_STRONG = [
    "fn",
    "comment-author-name",
    "comment_author_name",
    "comment-name",
    "comment__author-name",
    "comment-author__name",
    "author-name",
    "commenter-name",
    "comment-user-name",
    "username",
    "user-name",
    "user_name",
    "display-name",
    "nickname",
    "wp-block-comment-author-name",
    "comment-author-link",
    "wpd-comment-author",
    "wc-comment-author",
]
_AUTHOR_WEAK = [
    "comment-author",
    "comment__author",
    "comment_author",
    "commentauthor",
    "comment-user",
    "comment__user",
    "commenter",
    "comment-by",
    "author",
    "autor",
    "user",
    "benutzer",
    "name",
    "poster",
    "nick",
    "who",
    "vcard",
    "person",
    "member-name",
    "postedby",
    "posted-by",
    "comment-poster",
]
_AUTHORISH = re.compile(
    r"author|autor|user|(?:^|[-_])(?:nick|nome|nombre|name|poster|commenter|member|who|from|by)(?:$|[-_])", re.I
)
_DATEISH = re.compile(
    r"date|time|datum|data\b|fecha|posted|publish|stamp|meta|when|created|submitted|info|zeit|header|byline", re.I
)
_DATE_PROPS = frozenset({"datepublished", "datecreated", "commenttime", "datemodified", "uploaddate"})

_SAYS = re.compile(
    r"\s*\b(?:says|said|writes|wrote|sagt|sagte|schreibt|schrieb|meint|dijo|dice|escribió|a dit|a écrit|dit|disse|napisał\(a\)|"
    r"permalink|commented|replied|on|am|le|el|at|um|·|•|\|)\s*:?\s*$",
    re.I,
)
_BY = re.compile(
    r"^(?:(?:posted|written|comment(?:ed)?|submitted|geschrieben|verfasst|kommentar|publié|enviado)\s+)?(?:by|von|par|por)\s*:?\s+",
    re.I,
)
_GRAVATAR = re.compile(r"^(?:Gravatar of|Avatar (?:of|for)|Profilbild von|Avatar von)\s+", re.I)
_CHROME = re.compile(
    r"^(?:\W*(?:reply|reply to \S+.{0,40}|antworten?|responder|répondre|odpowiedz|rispondi|like|liked|liken|gefällt mir|report|report abuse|"
    r"report this|share|permalink|link|edit|delete|löschen|melden|flag|quote|zitieren|loading\.*|wird geladen\.*|"
    r"log in to reply|login to reply|you must be logged in to (?:reply|post a comment)|your comment is awaiting moderation|"
    r"(?:liked|gefällt|like|likes)\s*(?:by \d+ \w+|\d+)|\d+|(?:up|down)vote|vote (?:up|down)|says|show replies|hide replies|view replies)\W*)$|^[\s!-/:-@\[-`{-~·•|–—…«»“”‘’]{1,5}$",
    re.I,
)
_HEADING = re.compile(
    rf"^(?:\d+\s+)?(?:readers?['’]?s?\s+)?(?:{_WORD}|responses|replies|thoughts on|leserpost|antworten|have your say|meinungen|opiniones)\b.{{0,80}}$",
    re.I,
)
_CONTAINER = re.compile(
    rf"(?:^|[\s_-]){_WORD}|leserbrief|leserpost|lesermeinung|reader-?responses|talkback|discussion|forum|reactions",
    re.I,
)


# ---------------------------------------------------------------- which elements


def read_thread(doc: Document) -> Thread:
    """Every comment of the page in page order; no comments gives an empty Thread."""
    _wrap_definition_lists(doc)
    found = _by_marks(doc)
    thread = _thread(doc, found) if found else Thread()
    if not thread.remarks:
        shaped = _by_shape(doc)
        if shaped:
            thread = _thread(doc, shaped)
    if not thread.remarks:
        thread = replace(thread, remarks=_from_linked_data(doc))
    return thread


def _by_marks(doc: Document) -> list[Element]:
    candidates: dict[Element, str | None] = {}
    for name, element in doc.ids.items():
        match = _ITEM_ID.match(name)
        if match and element.tag in _ITEM_TAGS:
            candidates[element] = match["n"] or match["b"]
    for token in _ITEM_CLASSES:
        for element in doc.classes.get(token, ()):
            if element.tag in _ITEM_TAGS:
                candidates.setdefault(element, None)
    for element in doc.props.get("comment", ()):
        if element.get("itemscope") is not None and element.tag in _ITEM_TAGS:
            candidates.setdefault(element, None)
    for name in ("comment", "usercomments"):
        for element in _typed(doc, name):
            candidates.setdefault(element, None)
    if not candidates:
        return []
    outside: dict[Element, bool] = {}
    candidates = {e: n for e, n in candidates.items() if not _elsewhere(e, outside)}
    return _outermost(candidates, doc)


def _typed(doc: Document, kind: str) -> Iterable[Element]:
    for element in (*doc.tags.get("li", ()), *doc.tags.get("div", ()), *doc.tags.get("article", ())):
        kinds = element.get("itemtype")
        if kinds and kinds.lower().rstrip("/").endswith("/" + kind):
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
        if here.tag in {"nav", "head", "pre", "code"} or (
            marks & _NOT_THREAD and not marks & {"blog", "blog1", "main"}
        ):
            answer = True
            break
        here = here.getparent()
    for e in path:
        known[e] = answer
    return answer


def _outermost(candidates: dict[Element, str | None], doc: Document) -> list[Element]:
    """One element a comment: li#comment-5 > div#div-comment-5.comment are one, a wrapper round many is none."""
    kept: dict[Element, list[Element]] = {}  # item -> items directly inside
    for element in sorted(candidates, key=doc.place):
        above = next((a for a in _above(element) if a in kept), None)
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
        if not _headed(element, set(inner)):
            alive.discard(element)  # a wrapper, which has no name and no date of its own
            continue
        for part in inner:
            if not _headed(part, {e for e in kept[part] if e in alive}):
                alive.discard(part)  # li.comment has name and date, section.comment in it the words
    return [e for e in kept if e in alive]


def _headed(element: Element, others: set[Element]) -> bool:
    scan = _Scan(element, others)
    return scan.author is not None or scan.date is not None


def _wrap_definition_lists(doc: Document) -> None:
    """Blogger's older templates: dt.comment-author, dd.comment-body, dd.comment-footer, flat in one dl."""
    for listing in doc.tags.get("dl", ()):
        if not _CONTAINER.search(names(listing)):
            continue
        wrapper: Element | None = None
        for child in list(listing):
            if child.tag == "dt":
                wrapper = child.makeelement("div", {"class": "comment", "id": child.get("id") or ""})
                listing.insert(listing.index(child), wrapper)
                child.attrib.pop("id", None)
                doc.classes["comment"].append(wrapper)
            if wrapper is not None and child is not wrapper:
                wrapper.append(child)


def _by_shape(doc: Document) -> list[Element]:
    """Neighbours alike, each with a name, a date and words, in a container that calls itself comments."""
    if doc.root is None:
        return []
    best: list[Element] = []
    seen: set[Element] = set()
    for container in _containers(doc):
        for parent in container.iter("*"):
            if parent in seen or parent.tag in SILENT or len(parent) == 0:
                continue
            seen.add(parent)
            groups: dict[tuple[str, str], list[Element]] = {}
            for child in parent:
                if isinstance(child.tag, str) and child.tag in _ITEM_TAGS and len(child):
                    groups.setdefault(_signature(child), []).append(child)
            for signature, group in groups.items():
                least = 1 if _CONTAINER.search(" ".join(signature)) else 2
                if len(group) < least or len(group) <= len(best) or _elsewhere(group[0]):
                    continue
                whole = [e for e in container.iter(signature[0]) if _signature(e) == signature]
                others = set(whole)
                full = [e for e in whole if _complete(e, others)]
                if len(full) >= max(least, 0.7 * len(whole)) and len(full) > len(best):
                    best = full
    return best


def _signature(element: Element) -> tuple[str, str]:
    first = [re.sub(r"\d+", "", t) for t in tokens(element)[:1]]
    return element.tag, first[0] if first else ""


def _containers(doc: Document) -> Iterable[Element]:
    for tag in ("section", "div", "ul", "ol", "aside", "table", "article"):
        for element in doc.tags.get(tag, ()):
            named = names(element)
            if named and _CONTAINER.search(named) and not _elsewhere(element):
                yield element
    for tag in ("h2", "h3", "h4", "h5"):
        for heading in doc.tags.get(tag, ()):
            if _HEADING.match(words(heading)) and heading.getparent() is not None and heading.getparent().tag != "body":
                yield heading.getparent()


def _complete(element: Element, others: set[Element]) -> bool:
    scan = _Scan(element, others)
    return scan.author is not None and scan.date is not None and bool(scan.text) and scan.iso(False) is not None


# ---------------------------------------------------------------- what each says


class _Scan:
    """One comment element, searched once: who, when, and where the words are. `others` are the other comments."""

    def __init__(self, element: Element, others: set[Element]) -> None:
        self.element, self.others = element, others
        self.own = self._own()
        self.author = self._author()
        self.date = self._date()

    def _own(self) -> list[Element]:
        """The element and what is in it, in page order, without the other comments."""
        found: list[Element] = []
        waiting = [self.element]
        while waiting:
            e = waiting.pop()
            found.append(e)
            waiting += [
                c for c in reversed(e) if isinstance(c.tag, str) and not self._another(c) and c.tag not in SILENT
            ]
        return found

    def _another(self, element: Element) -> bool:
        return element in self.others and element is not self.element

    # -------------------------------------------------------- who

    def _author(self) -> Element | None:
        prop = next((e for e in self.own if _props(e) & {"author", "creator"}), None)
        if prop is not None:
            named = next((e for e in prop.iter("*") if "name" in _props(e)), prop)
            if self._name(named) or named.get("content"):
                return named
        for wanted in (_AUTHOR_STRONG, ("cite",), _AUTHOR_WEAK):
            for token in wanted:
                for e in self.own[1:]:
                    if (e.tag == token if token == "cite" else token in map(str.lower, tokens(e))) and self._name(e):
                        return e
        for e in self.own[1:]:
            if e.get("rel") and {"author", "contributor"} & set((e.get("rel") or "").split()) and self._name(e):
                return e
        for e in self.own[1:]:
            if _AUTHORISH.search(names(e)) and "avatar" not in names(e).lower() and self._name(e):
                return e
        for e in self.own[1:]:
            if e.tag in {"b", "strong", "h3", "h4", "h5", "h6", "a"} and self._leads(e) and self._name(e):
                return e
        return None

    def _leads(self, element: Element) -> bool:
        """Does it stand before any of the comment's words?"""
        before = 0
        for e in self.own:
            if e is element:
                return before < 60
            before += len((e.text or "").strip()) if e.tag not in {"time"} and not _NOISE.search(names(e)) else 0
        return False

    def _name(self, element: Element) -> str | None:
        if element.tag in {"img", "time", "p"} and element.tag != "p":
            return None
        skipped = [
            e for e in element.iter("*") if e is not element and (e.tag in {"time", "abbr"} or self._noise_in_name(e))
        ]
        name = tidy_name(_words_without(element, set(skipped), self.others))
        if element.find("br") is not None and (first := tidy_name(element.text)):
            name = first  # "Ann Lee<br>Author": the badge is no part of the name
        return name if name and len(name) <= 80 and not _CHROME.match(name) else None

    @staticmethod
    def _noise_in_name(element: Element) -> bool:
        named = {t.lower() for t in tokens(element)}
        return bool(
            named
            & {
                "says",
                "comment-meta",
                "comment-metadata",
                "commentmetadata",
                "reply",
                "comment-date",
                "date",
                "comment-time",
                "comment-reply-link",
                "datetime",
            }
        )

    def name(self) -> str | None:
        if self.author is None:
            return None
        if self.author.get("content") and not words(self.author):
            return tidy_name(self.author.get("content"))
        return self._name(self.author)

    def url(self, base: str | None) -> str | None:
        if self.author is None:
            return None
        here = self.author
        links = [e for e in here.iter("a")] + [a for a in (here.getparent(),) if a is not None and a.tag == "a"]
        if not links:
            links = [e for e in self.own if e.tag == "a" and "url" in tokens(e)]
        for link in links:
            href = http(link.get("href"), base)
            if (
                href
                and not re.search(r"#(?:li-|div-)?comment|[?&]replytocom=|#respond", href)
                and not (link.get("href") or "").startswith("#")
            ):
                return href
        return None

    # -------------------------------------------------------- when

    def _date(self) -> Element | None:
        for e in self.own[1:]:
            if e.tag == "time" and (dates.read_date(e.get("datetime")) or dates.read_date(words(e))):
                return e
        for e in self.own[1:]:
            if _props(e) & _DATE_PROPS and dates.read_date(e.get("content") or e.get("datetime") or words(e)):
                return e
        for e in self.own[1:]:
            if e.tag == "abbr" and dates.read_date(e.get("title")):
                return e
        shortest: tuple[int, Element] | None = None
        for e in self.own[1:]:
            if e is self.author or (e.tag not in {"a", "small"} and not _DATEISH.search(names(e))):
                continue
            text = _words_without(e, set(), self.others)
            if len(text) <= 160 and _dated(text) and (shortest is None or len(text) < shortest[0]):
                shortest = (len(text), e)
        if shortest:
            return shortest[1]
        for e in self.own[1:]:
            text = clean((e.text or "") + " " + " ".join(c.tail or "" for c in e)) if e.tag != "time" else ""
            if 6 <= len(text) <= 60 and _dated(text):
                return e
        return None

    def iso(self, american: bool) -> str | None:
        e = self.date
        if e is None:
            return None
        shown = words(e)
        given = e.get("datetime") or e.get("content") or (e.get("title") if e.tag == "abbr" else None)
        stamp = dates.read_date(given)
        if stamp is None:
            return dates.read_date(shown, american=american)
        if "T" not in stamp:
            seen = dates.read_date(shown, american=american)
            return seen if seen and seen.startswith(stamp) else stamp
        return stamp

    # -------------------------------------------------------- what

    def skip(self, element: Element) -> str | None:
        if self._another(element):
            return "comment"
        if (
            element is self.author
            or element is self.date
            or element.tag in {"form", "button", "textarea", "input", "time", "nav", "select"}
        ):
            return "comment"
        if element.tag in {"ol", "ul", "div"} and "children" in tokens(element):
            return "comment"
        named = names(element)
        if named and _NOISE.search(named) and not self._holds_text(element):
            return "comment"
        if _props(element) & (_DATE_PROPS | {"author", "creator"}):
            return "comment"
        return None

    def _holds_text(self, element: Element) -> bool:
        if any(t in _TEXT_TOKENS[:20] for t in tokens(element)):
            return True
        return any(set(tokens(e)) & _TEXT_SET for e in element.iter("*") if e is not element)

    def text_elements(self) -> Iterable[Element]:
        for e in self.own:
            if _props(e) & _TEXT_PROPS and e is not self.element:
                yield e
        by_token: dict[str, list[Element]] = {}
        for e in self.own[1:]:
            for t in tokens(e):
                by_token.setdefault(t.lower(), []).append(e)
        for token in _TEXT_TOKENS:
            yield from by_token.get(token, ())
        yield self.element

    @cached_property
    def content(self) -> tuple[str, list[tuple[str, str]]]:
        """The comment's words, and the links in them."""
        holders = set(_above(self.author)) | set(_above(self.date))
        for e in self.text_elements():
            if (
                e is self.author
                or e is self.date
                or (e is not self.element and e in holders and len(words(e)) < 90 and self._meta_only(e))
            ):
                continue
            blocks, _ = blocks_of(e, skip=self.skip, breaks=True)
            lines = [b.text for b in blocks if b.kind != "caption"]
            if e is self.element or e in holders:
                lines = self._without_opening(lines)
            said = [line for line in lines if not _CHROME.match(line)]
            if not said and e is not self.element and e not in holders:
                said = lines  # where the words have an element of their own, "100" or "Like" is what the reader wrote
            lines = said
            if lines:
                return "\n\n".join(lines), [link for b in blocks for link in b.links]
        return "", []

    @property
    def text(self) -> str:
        return self.content[0]

    def _meta_only(self, element: Element) -> bool:
        return not any(c.tag in BLOCKS for c in element.iter("*") if c is not element)

    def _without_opening(self, lines: list[str]) -> list[str]:
        """What is left of the header when name and date are out: "says:", "on", "3. ", the date as loose text."""
        name = self.name()
        while lines:
            first = lines[0]
            if name and first.lower().startswith(name.lower()) and len(first) <= len(name) + 60:
                first = first[len(name) :]
            found = dates.find_date(first) if len(first) <= 80 else None
            rest = clean(re.sub(r"[^\w]+", " ", _strip_date(first, found)))
            if not rest or re.fullmatch(
                r"(?:says|said|dijo|on|at|am|um|le|by|von|posted|wrote|schreibt|sagt|schrieb|meint|a|las|\d{1,3}|uhr|\s)+",
                rest,
                re.I,
            ):
                lines = lines[1:]
                continue
            break
        if lines and name:
            lines = [re.sub(rf"^{re.escape(name)}\s*(?:says|said|wrote|sagt|dijo|:)\s*:?\s*", "", lines[0]), *lines[1:]]
            lines[0] = re.sub(r"^(?:says|said|dijo|sagt|schreibt|wrote)\s*:\s*", "", lines[0])
        return lines

    def links(self, base: str | None) -> tuple[str, ...]:
        found = (http(href, base) for _, href in self.content[1] if not href.startswith("#"))
        return tuple(dict.fromkeys(link for link in found if link))


_TEXT_SET = set(_TEXT_TOKENS[:24])


def _strip_date(text: str, found: tuple[str, int, int] | None) -> str:
    if not found:
        return text
    return re.sub(r"[\d:.]+|\b(?:am|pm|uhr|gmt)\b", " ", text[: found[1]] + " " + text[found[2] :], flags=re.I)


def _above(element: Element | None) -> Iterable[Element]:
    while element is not None:
        element = element.getparent()
        if element is not None:
            yield element


def _dated(text: str) -> bool:
    iso = dates.read_date(text)
    return iso is not None and len(iso) >= 10


def _props(element: Element) -> set[str]:
    found = element.get("itemprop")
    return set(found.lower().split()) if found else set()


def _words_without(
    element: Element, skipped: set[Element], others: set[Element] | frozenset[Element] = frozenset()
) -> str:
    parts: list[str] = []

    def gather(e: Element) -> None:
        parts.append(e.text or "")
        for child in e:
            if isinstance(child.tag, str) and child not in skipped and child not in others and child.tag not in SILENT:
                if child.tag in BLOCKS or child.tag == "br":
                    parts.append(" ")
                gather(child)
                if child.tag in BLOCKS:
                    parts.append(" ")
            parts.append(child.tail or "")

    gather(element)
    return clean("".join(parts))


def tidy_name(text: str | None) -> str | None:
    """ "Gravatar of AnnAnn" -> "Ann"; "Ann says:" -> "Ann"; "Posted by Ann on 3 May" -> "Ann". "Martin Martin" stays."""
    name = clean(text)
    doubled = _GRAVATAR.match(name)
    if doubled:
        name = name[doubled.end() :]
        half = len(name) // 2
        if (len(name) % 2 == 0 and name[:half] == name[half:]) or (
            name[:half] == name[half + 1 :] and name[half : half + 1] == " "
        ):
            name = name[:half]
    name = _BY.sub("", name)
    found = dates.find_date(name)
    if found and len(found[0]) >= 10:
        name = name[: found[1]]
    previous = None
    while name != previous:
        previous = name
        name = _SAYS.sub("", name).strip(" \t:,;|/–—-•·(")
    return name or None


# ---------------------------------------------------------------- records


def _thread(doc: Document, found: Sequence[Element]) -> Thread:
    chosen = set(found)
    asides: list[Aside] = []
    kept: list[tuple[Element, _Scan]] = []
    for element in found:
        if _ping(element):
            asides.append(Aside(words(element), "pingback"))
            continue
        scan = _Scan(element, chosen)
        if scan.text and (scan.author is not None or scan.date is not None):
            kept.append((element, scan))
        elif scan.text or scan.author is not None:
            asides.append(Aside(_words_without(element, chosen), "comment without a name, a date or words"))
    american = dates.looks_american([words(s.date) for _, s in kept if s.date is not None])
    remarks: list[Remark] = []
    place: dict[Element, int] = {}
    depths: list[tuple[int, int]] = []
    seen: set[tuple[str | None, ...]] = set()
    for element, scan in kept:
        number = _number(element)
        remark = Remark(
            author=scan.name(),
            author_url=scan.url(doc.url),
            posted=scan.iso(american),
            text=scan.text,
            parent=_parent(element, place, depths),
            links=scan.links(doc.url),
            by_author=_by_author(element, scan),
            id=number,
        )
        twin = (number, remark.author, remark.text)
        if number and twin in seen:
            continue  # the thread printed twice, once for phones
        seen.add(twin)
        place[element] = len(remarks)
        depth = _depth(element)
        if depth:
            depths.append((depth, len(remarks)))
        remarks.append(remark)
    return Thread(tuple(remarks), tuple(found), tuple(asides))


def _ping(element: Element) -> bool:
    if _PING & {t.lower() for t in tokens(element)}:
        return True
    above = element.getparent()
    return above is not None and bool(_PING & {t.lower() for t in (*tokens(above), above.get("id") or "")})


def _number(element: Element) -> str | None:
    for e in (element, *(c for c in element if isinstance(c.tag, str))):
        match = _ITEM_ID.match(e.get("id") or "")
        if match:
            return match["n"] or match["b"]
    return element.get("data-comment-id") or element.get("data-id") or None


def _depth(element: Element) -> int | None:
    for token in tokens(element):
        if match := re.fullmatch(r"(?:depth|level|comment-depth|comment-level)[-_]?(\d{1,2})", token.lower()):
            return int(match[1])
    return None


def _parent(element: Element, place: dict[Element, int], depths: list[tuple[int, int]]) -> int | None:
    for above in _above(element):
        if above in place:
            return place[above]
        if "indented" in tokens(above):  # Drupal: the replies follow their comment in a div of their own
            before = above.getprevious()
            while before is not None and before not in place:
                before = before.getprevious()
            if before is not None:
                return place[before]
    wanted = element.get("data-parent-id") or element.get("data-parent") or element.get("data-comment-parent")
    if wanted and wanted not in {"0", ""}:
        for other, n in place.items():
            if _number(other) == wanted:
                return n
    depth = _depth(element)
    if depth and depth > 1:
        for other_depth, n in reversed(depths):
            if other_depth == depth - 1:
                return n
    return None


def _by_author(element: Element, scan: _Scan) -> bool:
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
    return any(
        {"blog-author", "post-author", "comment-by-post-author"} & {t.lower() for t in tokens(e)}
        and "blog-admin" not in tokens(e)
        for e in scan.own
    )


def _from_linked_data(doc: Document) -> tuple[Remark, ...]:
    remarks: list[Remark] = []

    def add(value: object, parent: int | None) -> None:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict) or "Comment" not in types(item) or len(remarks) > 5000:
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
