"""One comment element, searched once: who wrote it, when, and what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from parsers import dates
from parsers.blocks import blocks_of
from parsers.commenter import tidy_name
from parsers.furniture import names
from parsers.markup import Element
from parsers.soup import ancestors, http, tokens
from parsers.thread_marks import (
    AUTHOR_STRONG,
    AUTHOR_WEAK,
    AUTHORISH,
    CHROME,
    DATE_PROPS,
    DATEISH,
    NOISE,
    TEXT_PROPS,
    TEXT_SET,
    TEXT_TOKENS,
)
from parsers.wording import BLOCKS, SILENT, clean, words, words_without


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


_HEAD_PROPS = DATE_PROPS | {"author", "creator"}


class Scan:
    """One comment element, searched once: who, when, and where the words are. `others` are the other comments."""

    def __init__(self, element: Element, others: set[Element]) -> None:
        self.element, self.others = element, others
        self.own = self._own()
        self.inner = self.own[1:]
        self.props = {e: set(given.lower().split()) for e in self.own if (given := e.get("itemprop"))}
        self.by_token: dict[str, list[Element]] = {}
        self.by_tag: dict[str, list[Element]] = {}
        for e in self.inner:
            self.by_tag.setdefault(e.tag, []).append(e)
            if classes := e.get("class"):
                for t in classes.lower().split():
                    self.by_token.setdefault(t, []).append(e)
        self._names: dict[Element, str | None] = {}
        self._named: dict[Element, str] = {}

    @cached_property
    def _marked_author(self) -> Element | None:
        return self._author()

    @cached_property
    def author(self) -> Element | None:
        if self._marked_author is None and self.date is not None:
            return self._signed(self.date)
        return self._marked_author

    @cached_property
    def date(self) -> Element | None:
        return self._date()

    @property
    def headed(self) -> bool:
        return self._marked_author is not None or self.date is not None

    def _own(self) -> list[Element]:
        """The element and what is in it, in page order, without the other comments."""
        found: list[Element] = list(self.element.iter("*"))
        if self.others.isdisjoint(found[1:]) and SILENT.isdisjoint([e.tag for e in found]):
            return found  # nothing to leave out, as in most comments
        found = []
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
        prop = next((e for e, props in self.props.items() if props & {"author", "creator"}), None)
        if prop is not None:
            named = next((e for e in prop.iter("*") if "name" in _props(e)), prop)
            if self._name(named) or named.get("content"):
                return named
        for wanted in (AUTHOR_STRONG, ("cite",), AUTHOR_WEAK):
            for token in wanted:
                for e in (self.by_tag if token == "cite" else self.by_token).get(token, ()):
                    if self._name(e):
                        return e
        for e in self.inner:
            if (rel := e.get("rel")) and {"author", "contributor"} & set(rel.split()) and self._name(e):
                return e
        for e in self.inner:
            if AUTHORISH.search(named := self.named(e)) and "avatar" not in named and self._name(e):
                return e
        return self._leading()

    def _signed(self, date: Element) -> Element | None:
        """The line with the date, where it has a name before it: "Posted by: Ann | May 7, 2024" below the words."""
        for e in (date, date.getparent()):
            if e is None or e is self.element or e not in self.own or len(text := words(e)) > 120:
                return None
            found = dates.find_date(text)
            name = tidy_name(text[: found[1]]) if found else None
            if name and len(name.split()) <= 5 and not re.search(r"\d|[.!?]\s", name) and not CHROME.match(name):
                return e
        return None

    def _leading(self) -> Element | None:
        """A name in bold, a heading or a link that stands before any of the comment's words."""
        before = 0
        for e in self.own:
            if before >= 60:
                break
            if e.tag in {"b", "strong", "h3", "h4", "h5", "h6", "a"} and e is not self.element and self._name(e):
                return e
            before += len((e.text or "").strip()) if e.tag != "time" and not NOISE.search(self.named(e)) else 0
        return None

    def named(self, element: Element) -> str:
        """Its class and id in lower case, which are asked for half a dozen times."""
        if element not in self._named:
            self._named[element] = names(element).lower()
        return self._named[element]

    def _name(self, element: Element) -> str | None:
        if element not in self._names:
            self._names[element] = self._read_name(element)
        return self._names[element]

    def _read_name(self, element: Element) -> str | None:
        if element.tag in {"img", "time"}:
            return None
        skipped = [
            e for e in element.iter("*") if e is not element and (e.tag in {"time", "abbr"} or self._noise_in_name(e))
        ]
        name = tidy_name(words_without(element, set(skipped), self.others))
        if element.find("br") is not None and (first := tidy_name(element.text)):
            name = first  # "Ann Lee<br>Author": the badge is no part of the name
        return name if name and len(name) <= 80 and not CHROME.match(name) else None

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
        links = list(here.iter("a")) + [a for a in (here.getparent(),) if a is not None and a.tag == "a"]
        if not links:
            links = [e for e in (self.element, *self.by_token.get("url", ())) if e.tag == "a" and "url" in tokens(e)]
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
        for e in self.by_tag.get("time", ()):
            if dates.read_date(e.get("datetime")) or dates.read_date(words(e)):
                return e
        for e, props in self.props.items():
            if (
                e is not self.element
                and props & DATE_PROPS
                and dates.read_date(e.get("content") or e.get("datetime") or words(e))
            ):
                return e
        for e in self.inner:
            # Drupal 7: <span property="dc:date dc:created" content="2024-06-03T09:14:00+01:00">
            if (given := e.get("property")) and "created" in given.lower() and dates.read_date(e.get("content")):
                return e
        for e in self.inner:
            # wpDiscuz: <div class="wpd-comment-date" title="June 3, 2024 9:14 am">3 years ago</div>
            if (title := e.get("title")) and DATEISH.search(self.named(e)) and _dated(title):
                return e
        for e in self.by_tag.get("abbr", ()):
            if dates.read_date(e.get("title")):
                return e
        shortest: tuple[int, Element] | None = None
        for e in self.inner:
            if e is self._marked_author or (e.tag not in {"a", "small"} and not DATEISH.search(self.named(e))):
                continue
            text = words_without(e, set(), self.others)
            if len(text) <= 160 and _dated(text) and (shortest is None or len(text) < shortest[0]):
                shortest = (len(text), e)
        if shortest:
            return shortest[1]
        for e in self.inner:
            text = clean((e.text or "") + " " + " ".join(c.tail or "" for c in e)) if e.tag != "time" else ""
            if 6 <= len(text) <= 60 and _dated(text):
                return e
        return None

    def iso(self, american: bool) -> str | None:
        e = self.date
        if e is None:
            return None
        given, seen = e.get("datetime") or e.get("content"), None
        if not given:
            seen = dates.read_date(words(e), american=american)
            given = e.get("title") if e.tag == "abbr" or seen is None else None
        stamp = dates.read_date(given)
        if stamp and "T" in stamp:
            return stamp
        seen = seen or dates.read_date(words(e), american=american)
        return seen if stamp is None or (seen and seen.startswith(stamp)) else stamp

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
        named = self.named(element)
        if named and NOISE.search(named) and not self._holds_text(element):
            return "comment"
        if element in self.props and self.props[element] & _HEAD_PROPS:
            return "comment"
        return None

    def _holds_text(self, element: Element) -> bool:
        if any(t in TEXT_TOKENS[:20] for t in tokens(element)):
            return True
        return any(set(tokens(e)) & TEXT_SET for e in element.iter("*") if e is not element)

    def text_elements(self) -> Iterable[Element]:
        for e, props in self.props.items():
            if props & TEXT_PROPS and e is not self.element:
                yield e
        for token in TEXT_TOKENS:
            yield from self.by_token.get(token, ())
        yield self.element

    @cached_property
    def content(self) -> tuple[str, list[tuple[str, str]]]:
        """The comment's words, and the links in them."""
        holders = {*self._around(self.author), *self._around(self.date)}
        for e in self.text_elements():
            if (
                e is self.author
                or e is self.date
                or (e is not self.element and e in holders and self._meta_only(e) and len(words(e)) < 90)
            ):
                continue
            blocks, _ = blocks_of(e, skip=self.skip, breaks=True)
            lines = [b.text for b in blocks if b.kind != "caption"]
            if e is self.element or e in holders:
                lines = self._without_opening(lines)
            said = [line for line in lines if not CHROME.match(line)]
            if not said and e is not self.element and e not in holders:
                said = lines  # where the words have an element of their own, "100" or "Like" is what the reader wrote
            lines = said
            if lines:
                return "\n\n".join(lines), [link for b in blocks for link in b.links]
        return "", []

    @property
    def text(self) -> str:
        return self.content[0]

    def _around(self, element: Element | None) -> Iterator[Element]:
        """What an element stands in, as far as the comment."""
        for above in ancestors(element) if element is not self.element else ():
            yield above
            if above is self.element:
                return

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
                r"(?:says|said|dijo|on|at|am|um|le|by|von|posted|wrote|schreibt|sagt|schrieb|meint|a|las|\d{1,3}|"
                r"uhr|\s)+",
                rest,
                re.I,
            ):
                lines = lines[1:]
                continue
            break
        if lines and name:
            first = lines[0]
            if first.startswith(name) and (said := _SAID.match(first, len(name))):
                first = first[said.end() :]
            lines = [_SAID_COLON.sub("", first), *lines[1:]]
        return lines

    def links(self, base: str | None) -> tuple[str, ...]:
        found = (http(href, base) for _, href in self.content[1] if not href.startswith("#"))
        return tuple(dict.fromkeys(link for link in found if link))


_SAID = re.compile(r"\s*(?:says|said|wrote|sagt|dijo|:)\s*:?\s*")
_SAID_COLON = re.compile(r"^(?:says|said|dijo|sagt|schreibt|wrote)\s*:\s*")


def _strip_date(text: str, found: tuple[str, int, int] | None) -> str:
    if not found:
        return text
    return re.sub(r"[\d:.]+|\b(?:am|pm|uhr|gmt)\b", " ", text[: found[1]] + " " + text[found[2] :], flags=re.I)


def _dated(text: str) -> bool:
    iso = dates.read_date(text)
    return iso is not None and len(iso) >= 10


def _props(element: Element) -> set[str]:
    found = element.get("itemprop")
    return set(found.lower().split()) if found else set()
