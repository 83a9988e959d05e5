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

from lxml import etree

from cuttings.model import Page
from parsers.linked_data import lenient_json, objects
from parsers.markup import Element, decoded, parse
from parsers.wording import clean


def ancestors(element: Element | None) -> Iterator[Element]:
    """The elements that an element stands in, the nearest first."""
    while element is not None:
        element = element.getparent()
        if element is not None:
            yield element


def tokens(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def low_tokens(element: Element) -> list[str]:
    return (element.get("class") or "").lower().split()


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def split_case(name: str) -> str:
    """ "relatedPost" -> "related-Post"."""
    return name if name.islower() else _CAMEL.sub("-", name)


def http(url: str | None, base: str | None) -> str | None:
    """An absolute http(s) address, or None: "javascript:", "mailto:" and broken ones are none."""
    if not url:
        return None
    try:
        whole = urljoin(base or "", url.strip())
    except ValueError:  # "http://[broken"
        return None
    return whole if re.match(r"https?://[^\s/]+\S*$", whole) else None


# By way of the attribute, which takes a quarter of the time of "//*[@itemprop]".
_WITH_ID = etree.XPath(".//@id/..")
_WITH_PROP = etree.XPath("//@itemprop/..")
_WITH_TYPE = etree.XPath("//@itemtype/..")


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
        self.text, self.raw = decoded(page.body, page.media_type)
        head = self.text[:200].lstrip()
        self.is_json = head[:1] in {"{", "["} and ("json" in page.media_type or '"' in head)
        self.root: Element | None = None if self.is_json else parse(self.raw)
        self.url = page.url or self._canonical()
        self.memo: dict[str, dict[Any, Any]] = {}  # what was asked of an element before, by question
        self._index()

    def _index(self) -> None:
        self.classes: dict[str, list[Element]] = defaultdict(list)
        self.ids: dict[str, Element] = {}
        self.props: dict[str, list[Element]] = defaultdict(list)
        self.tags: dict[str, list[Element]] = defaultdict(list)
        self._spellings: dict[str, list[str]] = {}  # of the classes and ids that are not in lower case
        self._place: dict[Element, int] = {}
        # The last to go when the page does, and a list goes from its end. lxml, freeing an element of what was cut out
        # of the tree, looks through all of that for one that is still held: from its end it never has to look far.
        self._every: list[Element] = []
        if self.root is None:
            return
        every = list(self.root.iter("*"))
        self._place, self._every = dict(zip(every, count(), strict=False)), every
        tags, ids = self.tags, self.ids
        spelt: dict[str, list[Element]] = {}  # by the token as it stands on the page
        attribute: dict[str, list[list[Element]]] = {}  # by the whole attribute: a list's items are all of one
        for element in every:
            tags[element.tag].append(element)
            if found := element.get("class"):
                lists = attribute.get(found)
                if lists is None:
                    lists = attribute[found] = []
                    for token in found.split():
                        if token not in spelt:
                            spelt[token] = self._spelt(token)
                        lists.append(spelt[token])
                for of_class in lists:
                    of_class.append(element)
        for element in _WITH_ID(self.root):
            if (found := element.get("id")) and (key := found.lower()) not in ids:
                ids[key] = element
                if key != found:
                    self._spellings[" " + key] = [found]
        for element in _WITH_PROP(self.root) if b"itemprop" in self.low else ():
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
        return self.raw.lower()

    @cached_property
    def typed(self) -> list[Element]:
        """The elements of microdata that have a type."""
        return list(_WITH_TYPE(self.root)) if self.root is not None and b"itemtype" in self.low else []

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
                for value in lenient_json(script.text):
                    found.extend(objects(value))
        return found

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        return {o["@id"]: o for o in self.linked_data if isinstance(o.get("@id"), str) and len(o) > 2}

    @cached_property
    def language(self) -> str | None:
        return (self.tags["html"][0].get("lang") or None) if self.tags.get("html") else None
