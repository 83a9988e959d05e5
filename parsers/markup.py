"""Bytes from a stranger -> one lxml tree that has every word in it.

Everything that makes a parser crash, hang or fall silent is met here, before the parser runs: 100,000 nested tags
(libxml2 drops the whole text), 100,000 attributes on one tag (15 seconds), NULs, UTF-16 that says it is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from bs4.dammit import EncodingDetector, UnicodeDammit
from lxml import etree

Element = Any  # lxml ships no types

MAX_BYTES = 20_000_000
MAX_DEPTH = (
    150  # libxml2 gives up at 2,048, our own recursion (three frames a level) much earlier; real pages stay below 100
)
MAX_ATTRIBUTES = 300

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_BYTES = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.I)


def decode(body: bytes, media_type: str = "") -> str:
    """The page's characters. Never fails: what can't be read becomes U+FFFD, control characters go."""
    return decoded(body, media_type)[0]


def decoded(body: bytes, media_type: str = "") -> tuple[str, bytes]:
    """The page's characters, and the same in UTF-8."""
    if (sound := _sound(body)) is not None:
        return sound
    text = _CONTROL.sub("", _decode(body, media_type)).replace("\r\n", "\n").replace("\r", "\n")
    return text, text.encode("utf-8", "replace")


def _sound(body: bytes) -> tuple[str, bytes] | None:
    """UTF-8 in which no character has to go: nearly every page, told at the speed of a copy."""
    if body.startswith(codecs.BOM_UTF8) or len(body.translate(None, _CONTROL_BYTES)) != len(body):
        return None
    if b"\xef" in body and (b"\xef\xbf" in body or b"\xef\xb7" in body):  # the non-characters, and their neighbours
        return None
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return body.decode("utf-8"), body
    except UnicodeDecodeError:
        return None


def _decode(body: bytes, media_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    wide = _utf16_without_bom(body)
    if wide:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    header = _CHARSET.search(media_type)
    declared = (header[1] if header else EncodingDetector.find_declared_encoding(body[:4096], is_html=True)) or ""
    if _mostly_utf8(body):
        # One template in UTF-8, one include in Windows-1252: "Men\xfc" in a page that is otherwise sound.
        return UnicodeDammit.detwingle(body).decode("utf-8", "replace") if len(body) < 2_000_000 else _lossy(body)
    try:
        codec = codecs.lookup(declared).name if declared else "cp1252"
    except (LookupError, ValueError):  # charset=klingon, charset=utf\0
        codec = "cp1252"
    if codec in {"utf-8", "iso8859-1", "ascii"} or codec.startswith(("utf-16", "utf-32")):
        codec = "cp1252"  # what browsers do with pages that say Latin-1
    try:
        return body.decode(codec, "replace")
    except (LookupError, ValueError):  # charset=hex and other codecs that are not for text
        return body.decode("cp1252", "replace")


def _lossy(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _utf16_without_bom(body: bytes) -> str | None:
    """UTF-16 whose meta says UTF-8: every second byte of Western text is then NUL."""
    sample = body[:2000]
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.7 * half and sample[0::2].count(0) < 0.2 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.2 * half:
        return "utf-16-be"
    return None


def _mostly_utf8(body: bytes) -> bool:
    sound = body.decode("utf-8", "ignore")
    multibyte = sum(1 for c in sound if ord(c) > 127)
    broken = len(body) - len(sound.encode("utf-8"))
    return multibyte > 0 and broken <= max(8, multibyte)


# Tags that end by themselves never add depth: 10,000 <p> without </p> are neighbours, not ancestors.
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "rp",
        "rt",
    ]
)
_LEVELS = {"table": 4, "ul": 2, "ol": 2, "dl": 2}  # a table brings its tbody, tr and td along

_SCRIPT = re.compile(r"<(script|style)\b", re.I)
_SCRIPT_END = re.compile(r"</(?:script|style)\s*>", re.I)
_LONG = 4000  # letters of a tag; real ones that are longer hold a picture as data
_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_WHOLE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")


def prescan(raw: bytes) -> bytes:
    """The same words, without the tags that take a parser minutes. Sound pages come back unchanged. raw: UTF-8."""
    kept, done = [], 0
    for at in _long_tags(raw):
        if (match := _TAG.match(raw, at)) and _is_endless(match[2].decode("utf-8", "replace")):
            kept += [raw[done:at], b"<", match[1], b">"]
            done = match.end()
    return b"".join((*kept, raw[done:])) if kept else raw


def _long_tags(raw: bytes) -> Iterator[int]:
    """The places of each '<' with a letter after it and no bracket for a long while.

    Asked in strides, from the last bracket of each to the next: looking at every tag takes half as long as parsing.
    """
    at = 0
    while len(raw) - at > _LONG:
        end = at + 1 + _LONG
        further = max(raw.rfind(b"<", at + 1, end), raw.rfind(b">", at + 1, end))
        if further < 0:
            if raw[at : at + 1] == b"<" and raw[at + 1 : at + 2].isalpha():
                yield at
            following = [found for mark in (b"<", b">") if (found := raw.find(mark, end)) >= 0]
            if not following:
                return
            further = min(following)
        at = further


def _is_endless(attributes: str) -> bool:
    """Not a picture as data, which is one attribute, however long."""
    return len(attributes) >= _LONG and (
        attributes.count("=") > MAX_ATTRIBUTES or len(attributes.split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES
    )


def _flatten(text: str) -> str:
    """Tags below MAX_DEPTH become white space; their words stay."""
    text = _without_scripts(text)
    depth = dropped = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, dropped
        name = match[2].lower()
        if name in _FLAT:
            return match[0]
        levels = _LEVELS.get(name, 1)
        if match[1]:
            if dropped:
                dropped -= 1
                return " "
            depth = max(0, depth - levels)
            return match[0]
        if depth + levels > MAX_DEPTH:
            dropped += 1
            return " "
        depth += levels
        return match[0]

    return _WHOLE_TAG.sub(keep, text)


def _without_scripts(text: str) -> str:
    """Scripts hold strings that look like tags. JSON-LD stays: it may be all the metadata there is."""
    kept, at = [], 0
    while (start := _SCRIPT.search(text, at)) and (end := _SCRIPT_END.search(text, start.end())):
        kept.append(text[at : start.start()])
        if "ld+json" in text[start.start() : start.start() + 200]:
            kept.append(text[start.start() : end.end()])
        at = end.end()
    return "".join((*kept, text[at:]))


_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


def parse(raw: bytes) -> Element | None:
    """An lxml tree of the page, or None where there is no markup and no word at all. raw: UTF-8."""
    raw = prescan(raw)
    if raw.endswith((b"<", b"</")):
        raw = raw[: raw.rindex(b"<")]  # cut short within a tag, of which the beginning would be a word
    root, cut = _tree(raw)
    if cut or (root is not None and _DEEP(root)):
        root, _ = _tree(_flatten(raw.decode("utf-8")).encode("utf-8"))
    return root


def _tree(raw: bytes) -> tuple[Element | None, bool]:
    """The tree, and whether libxml2 gave up on its depth: what follows the 2,048th level is then not in it."""
    # An XML declaration inside a str makes lxml refuse it, so it gets bytes of a known encoding.
    parser = etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8", collect_ids=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        root = None
    last = parser.error_log.last_error
    cut = last is not None and "xcessive depth" in last.message
    return (root if root is not None and isinstance(root.tag, str) else None), cut
