"""Phrases of praise that fits anywhere, of offers, and of machines: the patterns of words/, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cuttings.spam import lexicon

# Letters of which IGNORECASE takes for plain ones what lower() does not make plain: 'ſ' for 's', 'ı' and 'İ' for 'i'.
_ODD_CASE = re.compile("[ſıİ]")


@dataclass(frozen=True, slots=True)
class Phrases:
    """`gates` find something, in text in small letters, where any of the patterns does, and a text of a reader passes
    them in a sixth of the time: what begins at a word's edge is tried there alone, and by its letters as they are."""

    patterns: tuple[re.Pattern[str], ...]
    gates: tuple[re.Pattern[str], ...]


def _phrases(name: str) -> Phrases:
    lines = lexicon.lines(name)
    stand_ins = dict(line.split("=", 1) for line in lines if re.match(r"[a-z]+=\(\?:", line))
    written = [line for line in lines if not re.match(r"[a-z]+=\(\?:", line)]
    for word, pattern in stand_ins.items():
        written = [line.replace("{" + word + "}", pattern) for line in written]
    ways = [way for line in written for way in _ways(line)]
    at_a_word = "|".join(way.removeprefix(r"\b") for way in ways if way.startswith(r"\b"))
    gates = [rf"\b(?:{at_a_word})"] * bool(at_a_word) + [way for way in ways if not way.startswith(r"\b")]
    return Phrases(
        tuple(re.compile(line, re.IGNORECASE | re.MULTILINE) for line in written),
        tuple(re.compile(gate, re.MULTILINE) for gate in gates),
    )


def _ways(pattern: str) -> list[str]:
    """A pattern taken apart where it says 'or' outside all brackets."""
    ways, depth, inside = [""], 0, False
    for token in re.findall(r"\\.|.", pattern, re.DOTALL):
        inside = token != "]" if inside else token == "["
        depth += not inside and {"(": 1, ")": -1}.get(token, 0)
        if token == "|" and not inside and not depth:
            ways.append("")
        else:
            ways[-1] += token
    return ways


_TEMPLATES, _OFFERS, _MACHINE = _phrases("templates"), _phrases("offers"), _phrases("machine")


def _found(phrases: Phrases, text: str) -> list[str]:
    """The first words that each pattern finds."""
    small = text.lower()
    if not (_ODD_CASE.search(text) or any(gate.search(small) for gate in phrases.gates)):
        return []
    return [hit[0].strip() for pattern in phrases.patterns if (hit := pattern.search(text))]


def templates(text: str) -> list[str]:
    return _found(_TEMPLATES, text)


def offers(text: str) -> list[str]:
    return _found(_OFFERS, text)


def broken(text: str) -> list[str]:
    return _found(_MACHINE, text)
