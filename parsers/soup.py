"""What every family needs: one page parsed once, with an index of its classes and ids, and words without markup."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from cuttings.model import Aside, Page
from parsers.markup import Element, decode, parse

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


def ancestors(element: Element | None) -> Iterator[Element]:
    """The elements that an element stands in, the nearest first."""
    while element is not None:
        element = element.getparent()
        if element is not None:
            yield element


def tokens(element: Element) -> list[str]:
    return (element.get("class") or "").split()


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def split_case(name: str) -> str:
    """ "relatedPost" -> "related-Post"."""
    return name if name.islower() else _CAMEL.sub("-", name)


def count_words(text: str) -> int:
    return len(text.split())


def http(url: str | None, base: str | None) -> str | None:
    """An absolute http(s) address, or None: "javascript:", "mailto:" and broken ones are none."""
    if not url:
        return None
    try:
        whole = urljoin(base or "", url.strip())
    except ValueError:  # "http://[broken"
        return None
    return whole if re.match(r"https?://[^\s/]+\S*$", whole) else None


@dataclass(frozen=True, slots=True)
class Like:
    """A pattern for names of classes and ids, or for words. `stems`: every match holds one of them, in lower case.

    A page has hundreds of names, and there are a dozen questions about them: to search all of them, as one text, for
    a stem takes a thousandth of what the pattern takes on each.
    """

    pattern: re.Pattern[str]
    stems: tuple[str, ...]


class Document:
    """One page, parsed once. `root` is None for JSON; everything else is worked out when it is first asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = decode(page.body, page.media_type)
        head = self.text[:200].lstrip()
        self.is_json = head[:1] in {"{", "["} and ("json" in page.media_type or '"' in head)
        self.root: Element | None = None if self.is_json else parse(self.text)
        self.url = page.url or self._canonical()
        self.memo: dict[str, dict[Any, Any]] = {}  # what was asked of an element before, by question
        self._index()

    def _index(self) -> None:
        self.classes: dict[str, list[Element]] = defaultdict(list)
        self.ids: dict[str, Element] = {}
        self.props: dict[str, list[Element]] = defaultdict(list)
        self.tags: dict[str, list[Element]] = defaultdict(list)
        self._every: list[Element] = []
        self._place: dict[Element, int] = {}
        self._spellings: dict[str, list[str]] = {}  # of the classes and ids that are not in lower case
        if self.root is None:
            return
        self._every = list(self.root.iter("*"))
        self._place = dict(zip(self._every, count(), strict=False))
        tags, ids = self.tags, self.ids
        spelt: dict[str, list[Element]] = {}  # by the token as it stands on the page
        for element in self._every:
            tags[element.tag].append(element)
            get = element.get
            if found := get("class"):
                for token in found.split():
                    if token not in spelt:
                        spelt[token] = self._spelt(token)
                    spelt[token].append(element)
            if (found := get("id")) and (key := found.lower()) not in ids:
                ids[key] = element
                if key != found:
                    self._spellings[" " + key] = [found]
        for element in self.root.xpath("//*[@itemprop]"):
            for token in element.get("itemprop").split():
                self.props[token.lower()].append(element)

    def _spelt(self, token: str) -> list[Element]:
        """The list for the elements of a class. "relatedPost" and "relatedpost" share one, and both are noted."""
        key = token.lower()
        if key != token:
            self._spellings.setdefault(key, [key] if key in self.classes else []).append(token)
        elif key in self._spellings:
            self._spellings[key].append(key)
        return self.classes[key]

    def _canonical(self) -> str | None:
        if self.root is None:
            return None
        for link in self.root.iter("link"):
            if (link.get("rel") or "").lower() == "canonical":
                return http(link.get("href"), None)
        for meta in self.root.iter("meta"):
            if (meta.get("property") or "").lower() == "og:url":
                return http(meta.get("content"), None)
        return None

    # ------------------------------------------------------------ finding

    def place(self, element: Element) -> int:
        """Where an element stands in the page's order."""
        return self._place.get(element, 0)

    def near(self, element: Element | None, before: int, after: int) -> list[Element]:
        """The elements so many places before and after one, or after the page's beginning, in page order."""
        at = self.place(element)
        return self._every[max(0, at - before) : at + after + 1]

    def find(self, selector: str) -> list[Element]:
        """ ".entry-content", "#comments", "@articleBody" (itemprop) or "time" (tag), in page order."""
        mark, name = selector[0], selector[1:].lower()
        if mark == ".":
            return self.classes.get(name, [])
        if mark == "#":
            return [self.ids[name]] if name in self.ids else []
        if mark == "@":
            return self.props.get(name, [])
        return self.tags.get(selector, [])

    def named(self, like: Like) -> list[Element]:
        """The elements of which a class or the id matches, in page order; "relatedPost" is asked as "related-Post"."""
        found: set[Element] = set()
        for key in self._keys_with(like.stems):
            if any(like.pattern.search(split_case(name)) for name in self._spellings.get(key, (key.strip(),))):
                found.update(self.classes[key] if key[0] != " " else (self.ids[key[1:]],))
        return sorted(found, key=self.place)

    def classed(self, like: Like) -> Iterator[list[Element]]:
        """The elements of each class that matches, in lower case; the classes in the order in which they come."""
        for key in self._keys_with(like.stems):
            if key[0] != " " and like.pattern.search(key):
                yield self.classes[key]

    def identified(self, like: Like) -> Iterator[tuple[re.Match[str], Element]]:
        """The ids that match from their beginning, in lower case, with their elements."""
        for key in self._keys_with(like.stems):
            if key[0] == " " and (match := like.pattern.match(key[1:])):
                yield match, self.ids[key[1:]]

    def _keys_with(self, stems: Iterable[str]) -> list[str]:
        """The classes and the ids in which one of the stems stands, in lower case and page order; an id as " id"."""
        text, starts = self._keys, set()
        for stem in stems:
            at = text.find(stem)
            while at >= 0:
                starts.add(text.rfind("\n", 0, at) + 1)
                at = text.find(stem, text.index("\n", at))
        return [text[start : text.index("\n", start)] for start in sorted(starts)]

    @cached_property
    def _keys(self) -> str:
        ids = (f" {name}\n" for name in self.ids if "\n" not in name)
        return "".join((*(f"{name}\n" for name in self.classes), *ids))

    @cached_property
    def low(self) -> bytes:
        """The page's text in lower case, for looking whether a word is there at all: of a str it takes ten times as
        long."""
        return self.text.encode("utf-8", "replace").lower()

    @cached_property
    def typed(self) -> list[Element]:
        """The elements of microdata that have a type."""
        return list(self.root.xpath("//*[@itemtype]")) if self.root is not None else []

    def first(self, selectors: Iterable[str]) -> Element | None:
        for selector in selectors:
            for element in self.find(selector):
                return element
        return None

    def has(self, *selectors: str) -> bool:
        return any(self.find(s) for s in selectors)

    # ------------------------------------------------------------ what the head says

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """name/property/itemprop/http-equiv of <meta>, lower case -> contents."""
        found: dict[str, list[str]] = defaultdict(list)
        for meta in self.tags.get("meta", ()):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
            content = clean(html.unescape(meta.get("content") or ""))
            if name and content:
                found[name.strip().lower()].append(content)
        return found

    def meta(self, *names: str) -> str | None:
        return next((self.metas[n][0] for n in names if n in self.metas), None)

    @cached_property
    def generator(self) -> str:
        return " ".join(self.metas.get("generator", ())).lower()

    @cached_property
    def body_classes(self) -> frozenset[str]:
        body = self.tags.get("body")
        return frozenset(t.lower() for t in tokens(body[0])) if body else frozenset()

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def linked_data(self) -> list[dict[str, Any]]:
        """Every JSON-LD object on the page that has a type, @graph and lists unrolled; broken JSON is skipped."""
        found: list[dict[str, Any]] = []
        for script in self.tags.get("script", ()):
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                for value in _lenient_json(script.text):
                    found.extend(_objects(value))
        return found

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        return {o["@id"]: o for o in self.linked_data if isinstance(o.get("@id"), str) and len(o) > 2}

    @cached_property
    def language(self) -> str | None:
        return (self.tags["html"][0].get("lang") or None) if self.tags.get("html") else None


def types(value: dict[str, Any]) -> tuple[str, ...]:
    kind = value.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(k.rsplit("/", 1)[-1] for k in kinds if isinstance(k, str))


def _lenient_json(text: str) -> Iterator[Any]:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    for attempt in (text, re.sub(r"[\x00-\x1f]+", " ", text), re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            yield json.loads(attempt, strict=False)
            return
        except (ValueError, RecursionError):
            continue


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            if isinstance(value.get(name), (dict, list)):
                yield from _objects(value[name], depth + 1)


def aside(text: str, why: str) -> tuple[Aside, ...]:
    text = clean(text)
    return (Aside(text, why),) if text else ()
