"""Words of strangers on a terminal, and single keys from it."""

from __future__ import annotations

import os
import re
import select
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 80
MOST_MARKS = 3  # on one letter: more of them climb over the lines above
_LONGEST_PENDING = 64  # bytes that one key may send: an arrow sends three


def safe(text: str) -> str:
    """Text that can do nothing to a terminal, on one line.

    An escape sequence in a comment could clear the screen or write over the reasons beside it; a right-to-left mark
    turns our own words round. Letters of right-to-left scripts stay: they are words.
    """
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category in {"Mn", "Me"}:
            marks += 1
            if marks <= MOST_MARKS:
                kept.append(character)
            continue
        elif category in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            if category != "Cf":  # a mark that nobody sees leaves nothing behind; the others leave a trace
                kept.append("�")
        else:
            kept.append(character)
        marks = 0
    return " ".join("".join(kept).split())


_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """A sentence of ours with a name or path of somebody else's in it: its lines and blanks stay as they are."""
    return _OBEYED.sub("�", text)


def columns(text: str) -> int:
    """How many columns a line takes: Chinese and emoji take two a letter."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text
    )


def wrapped(text: str, *, indent: str = "", width: int = WIDTH) -> list[str]:
    """Safe text in lines of at most `width` columns, indent and all; a word that is too long is cut into pieces."""
    room = width - columns(indent)
    lines: list[str] = []
    line = ""
    for word in safe(text).split():
        for piece in _pieces(word, room):
            joined = f"{line} {piece}" if line else piece
            if columns(joined) <= room:
                line = joined
            else:
                lines.append(line)
                line = piece
    return [indent + one for one in (*lines, line) if one]


def _pieces(word: str, room: int) -> Iterator[str]:
    piece, wide = "", 0
    for character in word:
        wide += columns(character)
        if wide > room:
            yield piece
            piece, wide = "", columns(character)
        piece += character
    if piece:
        yield piece


def cut(text: str, most: int) -> str:
    """Safe text in at most `most` columns, its cut shown."""
    line = safe(text)
    if columns(line) <= most:
        return line
    kept, wide = "", 0
    for character in line:
        wide += columns(character)
        if wide > most - 1:
            break
        kept += character
    return kept.rstrip() + "…"


class Ended(Exception):
    """There is no more to read: the terminal was closed, or the script is at its end."""


class Keys:
    """Single keys where standard input is a terminal; else the letters of its lines, one after the other."""

    def __init__(self) -> None:
        self.terminal = sys.stdin.isatty()
        self._waiting: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[Keys]:
        """The terminal hands over each key at once and does not print it; afterwards it is as it was."""
        if not self.terminal:
            yield self
            return
        import termios
        import tty

        here = sys.stdin.fileno()
        before = termios.tcgetattr(here)
        try:
            tty.setcbreak(here)
            yield self
        finally:
            termios.tcsetattr(here, termios.TCSADRAIN, before)

    def key(self) -> str:
        """The next key, in small letters; "" for one that means nothing, as an arrow. Raises Ended."""
        if not self.terminal:
            return self._letter()
        sys.stdout.flush()
        here = sys.stdin.fileno()
        try:
            typed = os.read(here, 1)
        except OSError as error:  # the window was closed
            raise Ended from error
        if typed in (b"", b"\x04"):
            raise Ended
        if typed == b"\x1b" or typed >= b"\x80":  # an arrow, or a letter of several bytes: the rest belongs to it
            while select.select([here], [], [], 0.02)[0] and os.read(here, _LONGEST_PENDING):
                pass
            return ""
        return typed.decode("ascii").lower()

    def number(self) -> int | None:
        """A number, ended by Enter; None for anything else."""
        digits = ""
        while True:
            key = self.key()
            if key in ("\r", "\n"):
                break
            if key in ("\x7f", "\x08"):
                if digits:
                    self._show("\b \b")
                digits = digits[:-1]
            elif key.isdecimal():
                digits += key
                self._show(key)
            elif key:
                return None
        return int(digits) if digits else None

    def _show(self, text: str) -> None:
        if self.terminal:
            sys.stdout.write(text)

    def _letter(self) -> str:
        while not self._waiting:
            line = sys.stdin.readline()
            if not line:
                raise Ended
            # The end of the line ends a number; alone it is no key.
            self._waiting = [*line.rstrip("\r\n").lower(), *(["\n"] if line.strip() else [])]
        return self._waiting.pop(0)
