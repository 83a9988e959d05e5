"""Layer 8: blocks joined to running text, and where its paragraphs begin.

In pages of blocks the marks of paragraphs are lost, but one trace is left: the text layer ends a block after the
indented first line of a new paragraph. So where a sentence starts one line's length before a block's open end, a
paragraph starts there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.digital_edition.words import cut_in_two, known, rejoined
from parsers.plain_text import ends_sentence

BREAK = "\n"  # a paragraph's start inside a block's text, where the lines show it
_START = re.compile(r"(?<=[.!?…])[”’\"')\]]*\s+(?=[“‘\"'(]?[A-Z0-9])|(?<=[:–—])\s+(?=[“‘])")
USUAL = 46  # characters in a first line, where the page does not tell
REACH = 10
NEAR_END = 160  # characters of a text's end in which its last first line lies


@dataclass(frozen=True, slots=True)
class Joined:
    paragraphs: tuple[str, ...]
    uncertain: tuple[int, ...]  # paragraphs whose start is a guess
    cut_words: int


def stitched(first: str, second: str) -> tuple[str, bool]:
    """Two pieces as one text; True if a word that was cut between them is whole again."""
    left, right = first.rsplit(" ", 1)[-1].rsplit(BREAK, 1)[-1], second.split(" ", 1)[0].split(BREAK, 1)[0]
    whole = rejoined(left, right)
    if whole is not None:
        return first[: len(first) - len(left)] + whole + second[len(right) :], True
    if first.endswith(BREAK):
        return first + second, False
    if left.isalpha() and right[:1].islower() and (not known(left) or not known(right)) and cut_in_two(first, second):
        return first + second, True
    return f"{first} {second}", False


def _first_lines(text: str) -> list[int]:
    """Lengths from each sentence's start to the text's end."""
    starts = [match.end() for match in _START.finditer(text)]
    return [len(text) - start for start in starts] + ([len(text)] if not starts else [])


def usual_first_line(texts: Sequence[str]) -> int:
    """The first line's length that explains most open block ends of this document, nearest to USUAL."""
    open_ends = [text for text in texts if not ends_sentence(text)]
    lengths = [[n for n in _first_lines(text[-160:]) if 20 <= n <= 75] for text in open_ends]
    best, centre = 0, USUAL
    for guess in sorted(range(28, 64), key=lambda n: abs(n - USUAL)):
        hits = sum(1 for options in lengths if any(abs(n - guess) <= REACH for n in options))
        if hits > best:
            best, centre = hits, guess
    hit = [min(options, key=lambda n: abs(n - centre)) for options in lengths if options]
    near = [n for n in hit if abs(n - centre) <= REACH]
    return round(sum(near) / len(near)) if best >= 2 and near else USUAL


def joined(blocks: Sequence[str], by_lines: Sequence[bool], breaks_before: Sequence[bool]) -> Joined:
    """Blocks in reading order -> paragraphs.

    `by_lines[n]`: block n was typeset lines, which have shown their paragraphs (BREAK in the block); its edges show
    none. `breaks_before[n]`: something is known to part block n from the one before (a subhead).
    """
    line = usual_first_line([block for block, typeset in zip(blocks, by_lines, strict=True) if not typeset])
    text, cut = "", 0
    doubtful: list[int] = []
    for n, block in enumerate(blocks):
        if not text:
            text = block
            continue
        closed = ends_sentence(text)
        if not by_lines[n - 1] and not closed:
            text = _with_break(text, line)
        if breaks_before[n]:
            text = f"{text}{BREAK}{block}"
        elif closed and not (by_lines[n - 1] or by_lines[n] or block[:1].islower()):
            text = f"{text}{BREAK}{block}"
            doubtful.append(text.count(BREAK))
        else:
            text, whole = stitched(text, block)
            cut += whole
    if blocks and not by_lines[-1] and not ends_sentence(text):
        text = _with_break(text, line)
    parts = [part.strip() for part in text.split(BREAK)]
    return Joined(tuple(part for part in parts if part), tuple(doubtful), cut)


def _with_break(text: str, line: int) -> str:
    """Puts a break before the sentence that starts about one line's length before the text's end."""
    tail = text[-NEAR_END:].rsplit(BREAK, 1)[-1]
    offset = len(text) - len(tail)
    starts = [match.end() for match in _START.finditer(tail)]
    near = [(abs(len(tail) - start - line), start) for start in starts if abs(len(tail) - start - line) <= REACH]
    if not near:
        return text
    at = offset + min(near)[1]
    return text[:at].rstrip() + BREAK + text[at:]
