"""The language in which a theme's phrases are written, and the machine that finds them.

    direct payment      the words, whatever their case, also as 'direct payments', 'direct-payment' or 'payment's'
    personalis*         every word that begins so; British and American spelling are one ('personalization')
    co-produc*          a hyphen also stands for a space or for nothing: 'coproduction', 'co production'
    AI                  two capitals or more: only so, never 'ai' (an acronym in small letters is any other word)
    ## ### ###          # stands for a digit: an ombudsman's case number; a single # for any number
    care home + close*  both within eighty characters, in either order
    reablement!         unmistakable: enough by itself
    social worker~      common in the sector: counts a little less than a plain phrase
    pay?                a hint: counts only together with something else

A phrase never reaches over a full stop, a comma or a bracket. One pass over a text finds the phrases of all
themes at once: the cost grows with the text, hardly with the number of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Tier = str  # "!", "", "~" or "?"

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP = re.compile(r"[\s\-‐‑–/'’‘“”\"&]{0,4}")
_PART = re.compile(r"#+|[^\W_]+(?:['’][^\W_]+)*\*?")
_NEAR = 80  # characters within which the parts of 'a + b' must begin
_MOST_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """One configured phrase: as written without its mark, its mark, and what it belongs to (any hashable value)."""

    text: str
    tier: Tier
    owner: Any


@dataclass(frozen=True, slots=True)
class Hit:
    """`apart`: the parts of 'a + b' with other words between them; what lies between is not part of the phrase."""

    phrase: Phrase
    start: int
    end: int
    apart: bool = False


class BadPhrase(ValueError):
    """A phrase that can never match anything: the message quotes it."""


def parse(written: str, owner: Any) -> Phrase:
    """A phrase as a person wrote it -> Phrase. Raises BadPhrase when there is no word in it."""
    text = written.strip()
    tier = text[-1:] if text[-1:] in {"!", "~", "?"} else ""
    text = text[: len(text) - len(tier)].strip()
    for part in text.split(" + "):
        if not _PART.search(part) or re.search(r"(?:^|\s)\*", part):
            raise BadPhrase(f"the phrase {written!r} has no word in it that could be looked for")
    return Phrase(text, tier, owner)


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
    return sum(c.isupper() for c in word) > 1


def _sequences(text: str) -> Iterator[list[str]]:
    """The word sequences a phrase stands for: as written, and with each hyphen closed up."""
    yield [m.group() for m in _PART.finditer(text)]
    if re.search(r"\w-\w", text):
        yield [m.group() for m in _PART.finditer(re.sub(r"(?<=\w)-(?=\w)", "", text))]


@dataclass(slots=True)
class _Node:
    """A place in the tree of words: what may follow, and the phrases that end here."""

    below: dict[str, _Node] = field(default_factory=dict)
    ends: list[Any] = field(default_factory=list)


_Word = tuple[tuple[_Node, ...], tuple[str, ...]]  # where a word leads from the root, and all its keys


@dataclass(slots=True)
class _Joint:
    """'a + b': which of its parts were seen, where."""

    phrase: Phrase
    parts: int


@dataclass(slots=True)
class Finder:
    """All phrases in one tree of words. Build it once with `build`, then `find` as often as you like."""

    _root: _Node = field(default_factory=_Node)
    _words: dict[str, set[str]] = field(default_factory=dict)  # a word's form -> keys of the tree
    _acronyms: dict[str, str] = field(default_factory=dict)
    _stems: set[str] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)
    _cache: dict[str, _Word] = field(default_factory=dict)

    @classmethod
    def build(cls, phrases: Iterable[Phrase]) -> Finder:
        finder = cls()
        for phrase in phrases:
            parts = phrase.text.split(" + ")
            joint = _Joint(phrase, len(parts))
            for n, part in enumerate(parts):
                for words in _sequences(part):
                    finder._add(words, phrase if len(parts) == 1 else (joint, n))
        return finder

    def _add(self, words: list[str], leaf: Any) -> None:
        node = self._root
        for word in words:
            node = node.below.setdefault(self._key(word), _Node())
        if leaf not in node.ends:
            node.ends.append(leaf)

    def _key(self, word: str) -> str:
        if word.startswith("#"):
            self._numbers.add(word)
            return word
        if word.endswith("*"):
            stem = _normal(word[:-1])
            self._stems.add(stem)
            return stem + "*"
        if _is_acronym(word):
            folded = word.lower()
            self._acronyms[folded] = key = "^" + folded
            return key
        key = _normal(word)
        for form in _forms(key):
            self._words.setdefault(form, set()).add(key)
        return key

    def _keys(self, raw: str) -> tuple[str, ...]:
        """Every key of the tree that this word of a text answers to."""
        token = _normal(raw)
        keys = set(self._words.get(token, ()))
        for size in range(2, len(token) + 1):
            if token[:size] in self._stems:
                keys.add(token[:size] + "*")
        if _is_acronym(raw):
            for form in (token, token.removesuffix("s")):
                if form in self._acronyms:
                    keys.add(self._acronyms[form])
        if token.isdecimal():
            keys |= self._numbers & {"#", "#" * len(token)}
        return tuple(sorted(keys))

    def _learn(self, raw: str) -> _Word:
        """What a word of a text can be, worked out once: texts repeat their words, and each other's."""
        if len(self._cache) >= _MOST_CACHED:  # hostile input: a text of millions of different 'words'
            self._cache.clear()
        keys = self._keys(raw)
        word = self._cache[raw] = (tuple(self._root.below[key] for key in keys if key in self._root.below), keys)
        return word

    def find(self, text: str) -> tuple[list[Hit], int]:
        """All occurrences, in order of their start, longest first; and how many words the text has."""
        matches = list(_TOKEN.finditer(text))
        words = [self._cache.get(match[0]) or self._learn(match[0]) for match in matches]
        hits: list[Hit] = []
        joints: dict[int, tuple[_Joint, list[tuple[int, int, int]]]] = {}
        for first, (openings, _) in enumerate(words):
            if not openings:
                continue
            found: list[tuple[int, Any]] = []
            following = words[first + 1][1] if first + 1 < len(words) else ()
            for node in openings:
                # Most openings ('in', 'what') lead nowhere: seen here without a call.
                if node.ends or not node.below.keys().isdisjoint(following):
                    self._walk(text, matches, words, first, node, found)
            if not found:
                continue
            if len(found) > 1:
                found.sort(key=_by_end, reverse=True)
            begin = matches[first].start()
            for end, leaf in found:
                if isinstance(leaf, Phrase):
                    hits.append(Hit(leaf, begin, end))
                else:
                    joint, part = leaf
                    joints.setdefault(id(joint), (joint, []))[1].append((begin, end, part))
        for joint, seen in joints.values():
            hits.extend(_joined(joint, seen))
        return hits, len(matches)

    @staticmethod
    def _walk(
        text: str,
        matches: Sequence[re.Match[str]],
        words: Sequence[_Word],
        at: int,
        node: _Node,
        found: list[tuple[int, Any]],
    ) -> None:
        """`node` is where the word number `at` has led: note what ends there, go on with the next words."""
        last = len(words) - 1
        while True:
            for leaf in node.ends:
                found.append((matches[at].end(), leaf))
            if not node.below or at == last:
                return
            onward = [node.below[key] for key in words[at + 1][1] if key in node.below]
            if not onward or not _GAP.fullmatch(text, matches[at].end(), matches[at + 1].start()):
                return
            at += 1
            for other in onward[1:]:
                Finder._walk(text, matches, words, at, other, found)
            node = onward[0]


def _by_end(found: tuple[int, Any]) -> int:
    return found[0]


def _joined(joint: _Joint, seen: list[tuple[int, int, int]]) -> Iterator[Hit]:
    """One hit for each place where every part of 'a + b' stands near the first-named part."""
    last_end = -1
    for begin, end, part in seen:
        if part != 0 or begin < last_end:
            continue
        chosen = [(begin, end)]
        for other in range(1, joint.parts):
            near = [(abs(b - begin), b, e) for b, e, p in seen if p == other and (b >= end or e <= begin)]
            if not near or min(near)[0] > _NEAR:
                break
            chosen.append(min(near)[1:])
        else:
            last_end = max(e for _, e in chosen)
            yield Hit(joint.phrase, min(b for b, _ in chosen), last_end, apart=True)
