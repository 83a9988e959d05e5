"""Phrases of praise that fits anywhere, of offers, and of machines: the patterns of words/, compiled."""

from __future__ import annotations

import re

from cuttings.spam import lexicon

Patterns = tuple[re.Pattern[str], ...]


def _patterns(name: str) -> Patterns:
    lines = lexicon.lines(name)
    stand_ins = dict(line.split("=", 1) for line in lines if re.match(r"[a-z]+=\(\?:", line))
    written = [line for line in lines if not re.match(r"[a-z]+=\(\?:", line)]
    for word, pattern in stand_ins.items():
        written = [line.replace("{" + word + "}", pattern) for line in written]
    return tuple(re.compile(line, re.IGNORECASE | re.MULTILINE) for line in written)


_TEMPLATES, _OFFERS, _MACHINE = _patterns("templates"), _patterns("offers"), _patterns("machine")


def _found(patterns: Patterns, text: str) -> list[str]:
    """The first words that each pattern finds."""
    return [hit[0].strip() for pattern in patterns if (hit := pattern.search(text))]


def templates(text: str) -> list[str]:
    return _found(_TEMPLATES, text)


def offers(text: str) -> list[str]:
    return _found(_OFFERS, text)


def broken(text: str) -> list[str]:
    return _found(_MACHINE, text)
