"""A raw page without one reader's words and name: everything else stays as it was, byte for byte. Pure.

Words are looked for as a person sees them, whatever stands between the letters in the source: tags, entities, JSON
escapes, white space. `[erased KEY]` takes their place, so that reading the page again finds the comment where it was
and knows it; see `erased_key`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cuttings.seen import ATTRIBUTE, SeenPage, Stream, decoded, folded, is_json, parts_of, within

NAMELESS = "[erased]"
_MARK = re.compile(r"\[erased ([0-9a-f]{16,64})\]")

LONG = 16  # visible characters that are nobody else's by chance: such a passage goes wherever it stands
PREFIX = 20  # 'latest comments' show the beginning of one


class CannotRedact(Exception):
    """The words could not be taken out of this page; the message says which part was not found, without quoting it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One comment of the page, in page order. `gone`: its words, name, link and picture are taken out."""

    key: str
    author: str | None
    author_url: str | None
    text: str
    gone: bool = False


def mark(key: str) -> str:
    return f"[erased {key}]"


def erased_key(text: str) -> str | None:
    """The key of the comment whose place this text holds in a redacted page, None where it is a reader's own."""
    found = _MARK.fullmatch(text.strip())
    return found[1] if found else None


def redact(body: bytes, media_type: str, spoken: Sequence[Spoken], article: Sequence[str]) -> bytes:
    """The page without the words and names of those who are `gone`; `article` are the words to leave alone.

    Raises CannotRedact where the words of one of them are not found.
    """
    text, codec = decoded(body, media_type)
    return _redacted(text, is_json(text, media_type), spoken, article).encode(codec, "surrogateescape")


def redact_text(text: str, words: Iterable[str], names: Iterable[str] = ()) -> str:
    """Any HTML or plain text without these passages and full names, wherever they stand."""
    page = SeenPage(text, json=False)
    for passage in words:
        for part in parts_of(passage):
            for where in page.streams:
                page.take_all(where, part, ())
    for name in names:
        if " " in name.strip():
            for where in page.streams:
                page.take_all(where, folded(name), (), replacement=NAMELESS, whole=True)
    return page.edited()


def holds(text: str, passage: str, *, whole: bool = False) -> bool:
    """Does a page, message or record show this passage to somebody who reads it? `whole`: as words of its own."""
    wanted = folded(passage)
    if not wanted:
        return False
    if text.isascii() and "<" not in text and "&" not in text and "\\" not in text:
        if not whole:
            return wanted in folded(text)
        pattern = r"\s+".join(map(re.escape, passage.split()))
        return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None
    # A record of a program is JSON as a rule, cut out of a longer one or whole: "Jo\\u0020Brack".
    escaped = is_json(text, "") or ("\\" in text and "<" not in text)
    page = SeenPage(text, json=escaped)
    return any(next(where.occurrences(wanted, whole=whole), None) is not None for where in page.streams)


# ---------------------------------------------------------------- whose is what


def _redacted(text: str, json: bool, spoken: Sequence[Spoken], article: Sequence[str]) -> str:
    page = SeenPage(text, json=json)
    main = page.main
    spans = _located(main, spoken, article)
    kept = list(_of_article(main, article))
    for one, span in zip(spoken, spans, strict=True):
        if not one.gone and span:
            kept.append(span)
    others = {folded(s.author) for s in spoken if s.author and not s.gone}
    names = {folded(s.author): s.author for s in spoken if s.gone and s.author}
    longer = [
        (at, at + len(other))
        for other in others
        if any(name in other and name != other for name in names)
        for at in main.occurrences(other, whole=True)
    ]
    for one, span in zip(spoken, spans, strict=True):
        if one.gone:
            _take_words(page, one, span, kept, [s.text for s in spoken if not s.gone], article)
    for place, (one, span) in enumerate(zip(spoken, spans, strict=True)):
        if one.gone and span:
            _take_surroundings(page, one, _gap(main, spans, place), kept + longer)
    authors = " ".join(map(folded, article))
    for name, written in names.items():
        _take_name(page, name, written or "", kept + longer, furniture=name not in authors and name not in others)
    _take_links(page, spoken)
    return page.edited()


def _located(main: Stream, spoken: Sequence[Spoken], article: Sequence[str]) -> list[tuple[int, int] | None]:
    """Where each comment stands among the visible characters. Long ones are anchors, short ones lie between them."""
    parts = [parts_of(one.text) for one in spoken]
    spans: list[tuple[int, int] | None] = [None] * len(spoken)
    for place, own in enumerate(parts):
        if own and sum(map(len, own)) >= LONG * 2:
            first = list(main.occurrences(own[0]))
            if len(first) == 1:
                spans[place] = _span(main, own, first[0], None)
    ends = [end for _, end in _of_article(main, article)]
    anchors = [span[0] for span in spans if span]
    lower = max((end for end in ends if not anchors or end <= anchors[0]), default=0)
    for place, own in enumerate(parts):
        if spans[place] is None and own:
            upper = next((s[0] for s in spans[place + 1 :] if s and s[0] >= lower), None)
            spans[place] = _span(main, own, lower, upper) or _span(main, own, 0, None)
        if (found := spans[place]) is not None:
            lower = max(lower, found[1])
    return spans


def _span(main: Stream, parts: Sequence[str], since: int, until: int | None) -> tuple[int, int] | None:
    start = None
    for part in parts:
        at = next(main.occurrences(part, since, until), None)
        if at is None:
            return None
        start, since = at if start is None else start, at + len(part)
    return None if start is None else (start, since)


def _of_article(main: Stream, article: Sequence[str]) -> Iterator[tuple[int, int]]:
    for passage in article:
        for part in parts_of(passage):
            if len(part) >= LONG:
                yield from ((at, at + len(part)) for at in main.occurrences(part))


def _gap(main: Stream, spans: Sequence[tuple[int, int] | None], place: int) -> tuple[int, int, int, int]:
    """Source places: end of the comment before, begin and end of this one, begin of the next."""
    own = spans[place]
    assert own is not None
    before = max((s[1] for s in spans if s and s[1] <= own[0]), default=None)
    after = min((s[0] for s in spans if s and s[0] >= own[1]), default=None)
    # A first comment has the whole page before it: its header is near.
    since = main.ends[before - 1] if before else max(0, main.starts[own[0]] - 4000)
    until = main.starts[after] if after is not None else main.ends[own[1] - 1] + 2000
    return since, main.starts[own[0]], main.ends[own[1] - 1], until


def _take_words(
    page: SeenPage,
    one: Spoken,
    span: tuple[int, int] | None,
    kept: Sequence[tuple[int, int]],
    of_others: Sequence[str],
    article: Sequence[str],
) -> None:
    main, parts = page.main, parts_of(one.text)
    if not parts:
        return
    if span is None:
        raise CannotRedact(f"the words of comment {one.key} were not found as they were read")
    since, first = span[0], True
    for part in parts:
        at = next(main.occurrences(part, since, span[1]))
        page.take(main, at, at + len(part), mark(one.key) if first else "")
        since, first = at + len(part), False
    _blank_links(page, main, span)
    elsewhere = "\n".join(map(folded, (*of_others, *article)))
    for part in parts:
        if len(part) >= LONG:
            page.take_all(main, part, (*kept, span))
            for other in page.others:
                if part not in elsewhere:
                    page.take_all(other, part, ())
    _take_beginnings(page, parts[0], (*kept, span))


def _take_beginnings(page: SeenPage, part: str, kept: Sequence[tuple[int, int]]) -> None:
    """'We tried this in our town and …' below 'Latest comments': to the end of that piece of text."""
    if len(part) <= PREFIX:
        return
    main = page.main
    for at in main.occurrences(part[:PREFIX]):
        if not within(kept, at, at + PREFIX):
            end = at + PREFIX
            while end < len(main.starts) and "<" not in page.text[main.ends[end - 1] : main.starts[end]]:
                end += 1
            page.take(main, at, end)


def _blank_links(page: SeenPage, main: Stream, span: tuple[int, int]) -> None:
    """Links and pictures within a comment are its writer's too; one may stand right before the first word."""
    since = main.ends[span[0] - 1] if span[0] else 0
    until = main.ends[span[1] - 1]
    for start, end in page.tags:
        if since <= start < until and re.match(r"<(a|img|source|video|iframe)\b", page.text[start:end], re.IGNORECASE):
            for found in ATTRIBUTE.finditer(page.text, start, end):
                if found[1].lower() in {"href", "src", "srcset", "title", "alt", "data-src"}:
                    group = next(n for n in (2, 3, 4) if found[n] is not None)
                    page.edits.append((found.start(group), found.end(group), ""))


_AVATAR = re.compile(r"avatar/[0-9a-f]{32,64}")


def _take_surroundings(
    page: SeenPage, one: Spoken, gap: tuple[int, int, int, int], kept: Sequence[tuple[int, int]]
) -> None:
    """The name in the header and the footer of a comment, and the picture: its address is a hash of an e-mail."""
    since, start, end, until = gap
    for picture in {found[0] for found in _AVATAR.finditer(page.text, since, start)}:
        at = page.text.find(picture)
        while at >= 0:
            page.edits.append((at, at + len(picture), "avatar/0"))
            at = page.text.find(picture, at + 1)
    if not one.author:
        return
    name = folded(one.author)
    main = page.main
    for low, high in ((since, start), (end, until)):
        for at in main.occurrences(name, main.at_source(low), main.at_source(high), whole=True):
            if not within(kept, at, at + len(name)):
                page.take(main, at, at + len(name), NAMELESS)
        for other in page.others:
            if other.kind == "attribute" and other.starts and low <= other.starts[0] < high:
                page.take_all(other, name, (), NAMELESS, whole=True)


def _take_name(page: SeenPage, name: str, written: str, kept: Sequence[tuple[int, int]], *, furniture: bool) -> None:
    """A full name goes wherever it is neither the article's nor another reader's words; 'Jo' only where it stands
    alone: between two tags, as an attribute, between the quotes of a script."""
    if not furniture or not name:
        return
    full = len(written.split()) > 1
    for stream in page.streams:
        for at in stream.occurrences(name, whole=True):
            end = at + len(name)
            if stream.kind == "text" and within(kept, at, end):
                continue
            if full or _stands_alone(page, stream, at, end):
                page.take(stream, at, end, NAMELESS)


def _stands_alone(page: SeenPage, stream: Stream, at: int, end: int) -> bool:
    before = page.text[: stream.starts[at]].rstrip()[-1:]
    after = page.text[stream.ends[end - 1] :].lstrip()[:1]
    return before in {">", '"', "'"} and after in {"<", '"', "'", "\\"}


def _take_links(page: SeenPage, spoken: Sequence[Spoken]) -> None:
    others = {s.author_url for s in spoken if not s.gone}
    for address in {s.author_url for s in spoken if s.gone and s.author_url} - others:
        assert address is not None
        bare = address.rstrip("/")
        if len(bare) < len("http://a.bc"):
            continue
        for form in {bare, html.escape(bare), bare.replace("/", "\\/")}:
            at = page.text.find(form)
            while at >= 0:
                page.edits.append((at, at + len(form), ""))
                at = page.text.find(form, at + 1)
