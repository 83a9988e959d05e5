"""The language in which a theme's phrases are written; themes_finder.py is the machine that finds them.

    direct payment      the words, whatever their case, also as 'direct payments', 'direct-payment' or 'payment's'
    personalis*         every word that begins so; British and American spelling are one ('personalization')
    co-produc*          a hyphen also stands for a space or for nothing: 'coproduction', 'co production'
    AI                  two capitals or more: only so, never 'ai' (an acronym in small letters is any other word)
    ## ### ###          # stands for a digit: an ombudsman's case number; a single # for any number
    care home + close*  both within eighty characters, in either order
    reablement!         unmistakable: enough by itself
    social worker~      common in the sector: counts a little less than a plain phrase
    pay?                a hint: counts only together with something else

A phrase never reaches over a full stop, a comma or a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Tier = str  # "!", "", "~" or "?"

_PART = re.compile(r"#+|[^\W_]+(?:['’][^\W_]+)*\*?")
_AND = re.compile(r"(?:^|\s)\+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One configured phrase: as written without its mark, its mark, and what it belongs to (any hashable value)."""

    text: str
    tier: Tier
    owner: Any


class BadPhrase(ValueError):
    """A phrase that can never match anything: the message quotes it."""


def parse(written: str, owner: Any) -> Phrase:
    """A phrase as a person wrote it -> Phrase. Raises BadPhrase when there is no word in it."""
    text = written.strip()
    tier = text[-1:] if text[-1:] in {"!", "~", "?"} else ""
    text = text[: len(text) - len(tier)].strip()
    for part in parts(text):
        if not _PART.search(part) or re.search(r"(?:^|\s)\*", part):
            raise BadPhrase(f"the phrase {written!r} has no word in it that could be looked for")
    return Phrase(text, tier, owner)


def parts(text: str) -> list[str]:
    """'a + b' -> the parts that have to stand near each other; of any other phrase the phrase itself."""
    return _AND.split(text)


def sequences(part: str) -> Iterator[list[str]]:
    """The word sequences a part stands for: as written, and with each hyphen closed up."""
    yield [m.group() for m in _PART.finditer(part)]
    if re.search(r"\w-\w", part):
        yield [m.group() for m in _PART.finditer(re.sub(r"(?<=\w)-(?=\w)", "", part))]


@dataclass(slots=True)
class Vocabulary:
    """The words of all phrases. A key is a word as phrases have it; a word of a text answers to none, one or some."""

    _words: dict[str, set[str]] = field(default_factory=dict)  # a word's form -> keys
    _acronyms: dict[str, str] = field(default_factory=dict)
    _stems: dict[str, list[str]] = field(default_factory=dict)  # by their first two letters
    _numbers: set[str] = field(default_factory=set)

    def add(self, word: str) -> str:
        """The key of a word of a phrase."""
        if word.startswith("#"):
            self._numbers.add(word)
            return word
        if word.endswith("*"):
            stem = _normal(word[:-1])
            alike = self._stems.setdefault(stem[:2], [])
            if stem not in alike:
                alike.append(stem)
            return stem + "*"
        if _is_acronym(word):
            folded = word.lower()
            self._acronyms[folded] = key = "^" + folded
            return key
        key = _normal(word)
        for form in _forms(key):
            self._words.setdefault(form, set()).add(key)
        return key

    def keys(self, raw: str) -> tuple[str, ...]:
        """Every key that this word of a text answers to."""
        token = _normal(raw)
        keys = set(self._words.get(token, ()))
        if stems := self._stems.get(token[:2]):
            keys.update([stem + "*" for stem in stems if token.startswith(stem)])
        if _is_acronym(raw):
            for form in (token, token.removesuffix("s")):
                if form in self._acronyms:
                    keys.add(self._acronyms[form])
        if token.isdecimal():
            keys |= self._numbers & {"#", "#" * len(token)}
        return tuple(sorted(keys))


def _normal(token: str) -> str:
    """A word for comparing: small letters, no apostrophe, -ize spelt -ise."""
    low = token.lower()
    if "'" in low or "’" in low:
        low = low.replace("'", "").replace("’", "")
    return low.replace("iz", "is") if "iz" in low else low


def _forms(word: str) -> Iterator[str]:
    yield word
    yield word + "s"
    if word.endswith(("s", "x", "ch", "sh")):
        yield word + "es"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        yield word[:-1] + "ies"


def _is_acronym(word: str) -> bool:
    if word[1:].islower():
        return False
    return sum(c.isupper() for c in word) > 1
