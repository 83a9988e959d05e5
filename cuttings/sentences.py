"""Where sentences begin and end, by character offset, and where quotation marks are open.

    "Dr. A. B. Hall (para. 4.2) paid £1.5m. ‘We can’t wait,’ she said."  ->  two sentences, `text[s.start:s.end]` each

Splitting by rules, in order: a blank line always parts; a short line without a full stop is a heading; a full stop
ends a sentence unless it belongs to an abbreviation, an initial or a number. Quotation marks are followed from the
paragraph's beginning, since a British quotation of several paragraphs opens each of them and closes only the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """`whole` is False for a heading or any other line that ends without a full stop, '!', '?' or '…'.

    `quoted_at_start`, `quoted_at_end`: whether a quotation is open just before and just after it. A sentence
    from the middle of a quotation has both, and can't be printed alone without cutting the quotation.
    """

    start: int
    end: int
    text: str
    paragraph: int
    whole: bool
    quoted_at_start: bool
    quoted_at_end: bool

    @property
    def words(self) -> int:
        return len(self.text.split())


# Never the end of a sentence when a name or number follows.
_TITLE_WORDS = "dr mr mrs ms mx prof rev revd hon rt cllr cllrs sir lt col gen sgt capt insp supt st messrs fr sr jr"
_TITLES = frozenset(_TITLE_WORDS.split())
# Only before a number: 'No. 7', but 'The answer is no. We …'
_NUMBER_WORDS = (
    "no nos para paras s ss p pp vol ch chap fig figs art reg regs sch sec sect cl pt c ca approx tel ext ref"
)
_BEFORE_NUMBERS = frozenset(_NUMBER_WORDS.split())
_OTHER_WORDS = (
    "eg ie cf al vs v viz ed eds dept govt assoc jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed "
    "thu thurs fri sat sun ltd co inc bros est incl esp e.g i.e"
)
_OTHERS = frozenset(_OTHER_WORDS.split())
# 'The sums are in annex B. It also …': a letter that counts, no initial of a name.
_LABELLED = re.compile(
    r"\b(?:annex|appendix|table|part|section|schedule|group|class|category|option|band|grade|column|box|list|plan|block|"
    r"level|type|hepatitis|vitamin)\s[A-Z]$",
    re.IGNORECASE,
)
_CLOSERS = "\"'”’)]»"
_OPENERS = "\"'“‘([«"
_STOP = re.compile(r"(?:\.{2,}|[.!?…])+[" + re.escape(_CLOSERS) + r"]*(?:\s*\[\d{1,3}\]|\s*\(\d{1,2}\)(?=\s+[A-Z]))*")
_BLANK = re.compile(r"[ \t\u00a0]*\n(?:[ \t\u00a0]*\n)+[ \t\u00a0]*|[ \t\u00a0]*[\u2028\u2029][ \t\u00a0]*")
_WORD_BEFORE = re.compile(r"[^\s(\[“‘\"']*$")
_BULLET = re.compile(r"\s*(?:[•▪◦‣·*]|[-–—](?=\s)|\(?[0-9ivx]{1,4}[.)](?=\s)|[a-z]\)(?=\s))\s*")


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each block, without white space around it. Headings on lines of their own are blocks."""
    at = 0
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        yield from _lines(text, at, end)
        at = gap.end() if gap else end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines of one block: wrapped lines stay together, a heading or a list item is parted from what follows."""
    lines: list[tuple[int, int]] = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    longest = max((e - s for s, e in lines), default=0)
    first = 0
    for n, (s, e) in enumerate(lines):
        last = n + 1 == len(lines)
        if last or _parts_here(text[s:e].strip(), text[lines[n + 1][0] : lines[n + 1][1]].strip(), longest):
            yield from _trimmed(text, lines[first][0], e)
            first = n + 1


def _parts_here(line: str, following: str, longest: int) -> bool:
    if not line or not following or _BULLET.match(following):
        return True
    starts_anew = following[0].isupper() or following[0].isdigit() or following[0] in _OPENERS
    return starts_anew and len(line) < 0.7 * longest


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def split(text: str) -> tuple[Sentence, ...]:
    """Every sentence and fragment of the text, in order. Nothing but white space lies outside them."""
    found: list[Sentence] = []
    for n, (start, end) in enumerate(paragraphs(text)):
        opened = quotation_depth(text, start, end)
        for s, e in _spans(text, start, end):
            body = text[s:e]
            found.append(Sentence(s, e, body, n, _is_whole(body), opened[s - start] > 0, opened[e - start] > 0))
    return tuple(found)


def _is_whole(body: str) -> bool:
    bare = re.sub(r"\s*(?:\[\d{1,3}\]|\(\d{1,2}\))+$", "", body).rstrip(_CLOSERS)
    return bare.endswith((".", "!", "?", "…"))


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in _STOP.finditer(text, start, end):
        after = stop.end()
        if after >= end or not text[after].isspace():
            continue
        following = _next(text, after, end)
        if following is None or not _ends_here(text, start, stop, following):
            continue
        yield from _trimmed(text, first, after)
        first = after
    yield from _trimmed(text, first, end)


def _next(text: str, at: int, end: int) -> int | None:
    while at < end and text[at].isspace():
        at += 1
    return at if at < end else None


def _ends_here(text: str, start: int, stop: re.Match[str], following: int) -> bool:
    mark = stop.group()
    ahead = text[following:].lstrip(_OPENERS + " ")[:1] if text[following] in _OPENERS else text[following]
    if ahead.islower() and ahead.isalpha():
        # ‘Why wait?’ she asked. / the … of the matter
        return False
    if mark[0] in "!?" or mark.startswith(("…", "..")):
        return True
    before = _WORD_BEFORE.search(text, max(start, stop.start() - 30), stop.start())
    word = before.group() if before else ""
    low = word.lower()
    if len(mark) > 1 and mark[1:].strip(_CLOSERS) == "" and mark[1] in '”"':
        return True  # a quotation that closes after its full stop
    if low in _TITLES or low in _OTHERS:
        return False
    if low in _BEFORE_NUMBERS:
        return not (ahead.isdigit() or (low == "c" and ahead == "£"))
    if len(word) == 1 and word.isupper():
        if _LABELLED.search(text, max(start, stop.start() - 30), stop.start()):
            return True
        return word == "I" and not _follows_name(text, start, stop.start() - 1)
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        # 'J.K. Hall' is a name, 'at 5 p.m. The' an end
        return word.islower()
    return True


def _follows_name(text: str, start: int, at: int) -> bool:
    words = text[max(start, at - 30) : at].split()
    return bool(words) and words[-1][:1].isupper()


def quotation_depth(text: str, start: int, end: int) -> list[int]:
    """For every position of text[start:end] (and one beyond): how many quotations are open just before it.

    Single marks are also apostrophes: ’ closes only where ‘ is open and no letter follows; after an s it closes
    only where no later mark could, so that “‘carers’ rights matter’” is one quotation.
    """
    depth: list[int] = []
    stack: list[str] = []
    for at in range(start, end):
        depth.append(len(stack))
        char = text[at]
        if char == "“":
            stack.append("”")
        elif char in "”" and "”" in stack:
            while stack.pop() != "”":  # an inner single quotation that was never closed
                pass
        elif char == '"':
            if '"' in stack:
                while stack.pop() != '"':
                    pass
            else:
                stack.append('"')
        elif char in "‘'" and _opens_single(text, start, at, end) and not (char == "'" and "'" in stack):
            stack.append("’" if char == "‘" else "'")
        elif char in "’'" and stack and stack[-1] == char and _closes_single(text, at, end, char):
            stack.pop()
    depth.append(len(stack))
    return depth


def _opens_single(text: str, start: int, at: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if not (before.isspace() or before in '([“"—–-/') or after.isspace():
        return False
    # ‘90s, 'til: no quotation
    return not re.match(r"\d0s\b|til\b|tis\b|em\b|n[’']", text[at + 1 : at + 6])


def _closes_single(text: str, at: int, end: int, mark: str) -> bool:
    after = text[at + 1] if at + 1 < end else " "
    if after.isalnum():
        return False
    if text[at - 1] in "sS" and after == " ":
        later = re.search(rf"[{mark}](?!\w)|‘", text[at + 1 : end])
        return not (later and later.group() == mark and not text[at + 1 : at + 1 + later.start()].count("\n"))
    return True
