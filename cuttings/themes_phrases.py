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
from itertools import accumulate, compress, count
from operator import itemgetter
from typing import Any, NamedTuple

Tier = str  # "!", "", "~" or "?"

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MOST_GAP = 4  # characters between two words of a phrase
_GAP = re.compile(rf"[\s\-‐‑–/'’‘“”\"&]{{0,{_MOST_GAP}}}")
_PART = re.compile(r"#+|[^\W_]+(?:['’][^\W_]+)*\*?")
_AND = re.compile(r"(?:^|\s)\+(?:\s|$)")
_NEAR = 80  # characters within which the parts of 'a + b' must begin
_MOST_CACHED = 100_000
_LONGEST_CACHED = 60  # characters between two spaces; what is longer is no word of a text
_MOST_PLACES = 200  # of one part of 'a + b' in one text: every pair of places is looked at


@dataclass(frozen=True, slots=True)
class Phrase:
    """One configured phrase: as written without its mark, its mark, and what it belongs to (any hashable value)."""

    text: str
    tier: Tier
    owner: Any


# A phrase, where it begins and ends, and whether it is 'a + b' with other words between its parts: these do not belong
# to the phrase. A bare tuple: a text has a hundred, and anything with names takes ten times as long to make.
Hit = tuple[Phrase, int, int, bool]


class BadPhrase(ValueError):
    """A phrase that can never match anything: the message quotes it."""


def parse(written: str, owner: Any) -> Phrase:
    """A phrase as a person wrote it -> Phrase. Raises BadPhrase when there is no word in it."""
    text = written.strip()
    tier = text[-1:] if text[-1:] in {"!", "~", "?"} else ""
    text = text[: len(text) - len(tier)].strip()
    for part in _AND.split(text):
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
    if word[1:].islower():
        return False
    return sum(c.isupper() for c in word) > 1


def _sequences(text: str) -> Iterator[list[str]]:
    """The word sequences a phrase stands for: as written, and with each hyphen closed up."""
    yield [m.group() for m in _PART.finditer(text)]
    if re.search(r"\w-\w", text):
        yield [m.group() for m in _PART.finditer(re.sub(r"(?<=\w)-(?=\w)", "", text))]


@dataclass(slots=True)
class _Node:
    """A place in the tree of words: what may follow, and what ends here: phrases, and numbers of parts of 'a + b'."""

    below: dict[str, _Node] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)


class _Word(NamedTuple):
    """A word of a text: what it is by itself, where it leads from the root and with which keys, all its own keys."""

    phrases: tuple[Phrase, ...]
    parts: tuple[int, ...]
    leads: tuple[_Node, ...]
    opens: frozenset[str]
    keys: tuple[str, ...]


_Placed = tuple[int, int, _Word]  # where a word begins and ends in its chunk


class _Chunk(NamedTuple):
    """What stands between two spaces: mostly one word with its comma.

    `certain`: it has to be looked at whatever follows. Else, where it `leads` anywhere, `opens` has the keys of which
    the next chunk must have one in `first`, or nothing begins here. A chunk without a word (a dash) has the key "".
    """

    leads: bool
    certain: bool
    opens: frozenset[str]
    first: tuple[str, ...]
    words: tuple[_Placed, ...]
    size: int
    after: frozenset[str]  # words that are everywhere, behind which it goes on a phrase


_DULL = _Word((), (), (), frozenset(), ())  # most words: no phrase has them
_NO_WORD = ("",)
_AROUND = ".,;:!?()[]“”‘’'\"–—-…\n"
_DULL_CHUNK = _Chunk(False, False, frozenset(), (), ((0, 0, _DULL),), 0, frozenset())  # its places are never asked for
_END = _Chunk(False, False, frozenset(), (), (), 0, frozenset())
_LEADS = itemgetter(0)
# Every third word of a text is one of these: looking at each of them would take longer than all the others together.
_EVERYWHERE = frozenset(
    ("a", "about", "all", "and", "as", "at", "be", "for", "from", "have", "how", "in", "no", "not", "of", "on", "or",
     "our", "out", "the", "to", "what", "who")
)  # fmt: skip
_Place = tuple[_Placed, int, int, int]  # a word, the number of its chunk, its number in it, where the chunk begins
_Joint = tuple[Phrase, tuple[int, ...]]  # 'a + b' and the numbers of its parts
_Seen = dict[int, list[tuple[int, int]]]  # number of a part -> where it stands


@dataclass(slots=True)
class Finder:
    """All phrases in one tree of words. Build it once with `build`, then `find` as often as you like."""

    _root: _Node = field(default_factory=_Node)
    _words: dict[str, set[str]] = field(default_factory=dict)  # a word's form -> keys of the tree
    _acronyms: dict[str, str] = field(default_factory=dict)
    _stems: dict[str, list[str]] = field(default_factory=dict)  # by their first two letters
    _numbers: set[str] = field(default_factory=set)
    _parts: dict[str, int] = field(default_factory=dict)
    _joints: dict[int, dict[int, list[_Joint]]] = field(default_factory=dict)  # by the first two of their parts
    _chunks: _Chunks = field(init=False)
    _known: dict[str, _Word] = field(default_factory=dict)
    _after: dict[str, frozenset[str]] = field(default_factory=dict)  # second word -> those everywhere before it

    def __post_init__(self) -> None:
        self._chunks = _Chunks(self)

    @classmethod
    def build(cls, phrases: Iterable[Phrase]) -> Finder:
        finder = cls()
        for phrase in phrases:
            parts = _AND.split(phrase.text)
            if len(parts) == 1:
                for node in finder._nodes(phrase.text):
                    if phrase not in node.phrases:
                        node.phrases.append(phrase)
                continue
            numbers = tuple(finder._part(part) for part in parts)
            finder._joints.setdefault(numbers[0], {}).setdefault(numbers[1], []).append((phrase, numbers))
        return finder

    def _part(self, text: str) -> int:
        """A part's number: 'care home' is looked for once, however many phrases it is a part of."""
        number = self._parts.setdefault(text, len(self._parts))
        for node in self._nodes(text):
            if number not in node.parts:
                node.parts.append(number)
        return number

    def _nodes(self, text: str) -> Iterator[_Node]:
        for words in _sequences(text):
            node = self._root
            keys = [self._key(word) for word in words]
            for key in keys:
                node = node.below.setdefault(key, _Node())
            if len(keys) > 1 and keys[0] in _EVERYWHERE:
                self._after[keys[1]] = self._after.get(keys[1], frozenset()) | {keys[0]}
            yield node

    def _key(self, word: str) -> str:
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

    def _keys(self, raw: str) -> tuple[str, ...]:
        """Every key of the tree that this word of a text answers to."""
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

    def _learn(self, raw: str) -> _Chunk:
        """What a chunk of a text can be, worked out once: texts repeat their words, and each other's."""
        bare = raw.strip(_AROUND)
        if bare.isalpha():  # one word, as nearly always
            word = self._known.get(bare) or self._word(bare)
            if word is _DULL:
                return _DULL_CHUNK
            start = raw.index(bare)
            words: tuple[_Placed, ...] = ((start, start + len(bare), word),)
        else:
            words = tuple(
                [(m.start(), m.end(), self._known.get(m[0]) or self._word(m[0])) for m in _TOKEN.finditer(raw)]
            )
        if not words:
            return _Chunk(False, False, frozenset(), _NO_WORD, (), len(raw), frozenset())
        own, alone = words[0][2], len(words) == 1
        certain = bool(own.phrases or own.parts)
        if not alone:
            certain = certain or not own.opens.isdisjoint(words[1][2].keys)
            certain = certain or any(w.phrases or w.parts or w.leads for _, _, w in words[1:])
        # 'in' begins phrases, and is every thirtieth word: those are looked for from their second word on.
        opens = frozenset() if alone and bare.lower() in _EVERYWHERE else own.opens
        after = self._after.get(own.keys[0], frozenset()) if len(own.keys) == 1 else self._follows(own.keys)
        return _Chunk(certain or bool(opens) or bool(after), certain, opens, own.keys, words, len(raw), after)

    def _follows(self, keys: Iterable[str]) -> frozenset[str]:
        """Words that are everywhere and behind which one of these keys goes on a phrase."""
        return frozenset().union(*(self._after.get(key, frozenset()) for key in keys))

    def _word(self, raw: str) -> _Word:
        keys = self._keys(raw)
        if not keys:
            word = _DULL
            if len(raw) <= _LONGEST_CACHED:
                _keep(self._known, raw, word)
            return word
        below = [self._root.below[key] for key in keys if key in self._root.below]
        leads = tuple([node for node in below if node.below])
        word = _Word(
            tuple([phrase for node in below for phrase in node.phrases]),
            tuple([part for node in below for part in node.parts]),
            leads,
            frozenset(_NO_WORD).union(*(node.below for node in leads)) if leads else frozenset(),
            keys,
        )
        if len(raw) <= _LONGEST_CACHED:
            _keep(self._known, raw, word)
        return word

    def find(self, text: str) -> tuple[list[Hit], int]:
        """All occurrences, in no certain order, and how many words the text has (a dash by itself is one)."""
        # Of one length, so that places hold; 'end.\n\nStart' would be a word that no other text has.
        pieces = text.replace("\n", " ").split(" ")
        chunks = list(map(self._chunks.__getitem__, pieces))
        chunks.append(_END)
        ends = list(accumulate(map(len, pieces)))  # without the spaces, of which one stands behind each
        hits: list[Hit] = []
        seen: _Seen = {}
        for n in compress(count(), map(_LEADS, chunks)):
            _, certain, opens, _, words, size, after = chunks[n]
            if after and n and not (after.isdisjoint(chunks[n - 1][3]) and chunks[n - 1][4]):
                self._from_before(text, pieces, chunks, ends, n, after, hits, seen)
            # Most words that a phrase begins with lead nowhere.
            goes_on = not opens.isdisjoint(chunks[n + 1][3])
            if goes_on or certain:
                base = ends[n] - size + n
                if goes_on or len(words) > 1:
                    for at, placed in enumerate(words):
                        _from(text, chunks, (placed, n, at, base), hits, seen)
                else:
                    start, end, word = words[0]
                    for phrase in word[0]:
                        hits.append((phrase, base + start, base + end, False))
                    if word[1]:
                        _note((), word[1], base + start, base + end, hits, seen)
        for number in self._joints.keys() & seen.keys():
            joints = self._joints[number]
            for second in joints.keys() & seen.keys():
                for phrase, numbers in joints[second]:
                    if len(numbers) == 2 or all(other in seen for other in numbers):
                        hits.extend(_joined(phrase, [seen[other] for other in numbers]))
        return hits, len(pieces) - pieces.count("")

    def _from_before(
        self,
        text: str,
        pieces: Sequence[str],
        chunks: Sequence[_Chunk],
        ends: Sequence[int],
        n: int,
        after: frozenset[str],
        hits: list[Hit],
        seen: _Seen,
    ) -> None:
        """What begins with a word that is everywhere, and goes on with the first one of chunk `n`."""
        before = n - 1
        while before and not chunks[before].words and n - before < _MOST_GAP:  # a dash between them
            before -= 1
        chunk = chunks[before]
        if len(chunk.words) == 1 and not after.isdisjoint(chunk.first):
            base = ends[before] - chunk.size + before
            start, end, word = chunk.words[0]
            if pieces[before].strip(_AROUND).lower() in _EVERYWHERE:
                _from(text, chunks, ((start, end, _Word((), (), *word[2:])), before, 0, base), hits, seen)


class _Chunks(dict[str, _Chunk]):
    """Every chunk that was met, worked out at the first time."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def __missing__(self, raw: str) -> _Chunk:
        chunk = self._finder._learn(raw)
        if len(raw) <= _LONGEST_CACHED:
            _keep(self, raw, chunk)
        return chunk


def _keep(cache: dict[str, Any], raw: str, value: Any) -> None:
    if len(cache) >= _MOST_CACHED:  # hostile input: a text of millions of different 'words'
        cache.clear()
    cache[raw] = value


def _from(text: str, chunks: Sequence[_Chunk], place: _Place, hits: list[Hit], seen: _Seen) -> None:
    """Everything that begins with one word."""
    (start, end, (phrases, parts, leads, _, _)), n, at, base = place
    start, end = base + start, base + end
    if phrases or parts:
        _note(phrases, parts, start, end, hits, seen)
    if leads:
        following = _next_word(chunks, n, at, base)
        if following:
            for node in leads:
                if not node.below.keys().isdisjoint(following[0][2].keys):
                    _follow(text, chunks, start, end, following, node, hits, seen)


def _next_word(chunks: Sequence[_Chunk], n: int, at: int, base: int) -> _Place | None:
    """The word behind word `at` of chunk `n`; None where more lies between than a phrase may reach over."""
    words = chunks[n][4]
    if at + 1 < len(words):
        return words[at + 1], n, at + 1, base
    last = min(n + _MOST_GAP, len(chunks) - 1)
    while n < last:
        base += chunks[n][5] + 1
        n += 1
        if words := chunks[n][4]:
            return words[0], n, 0, base
    return None


def _note(phrases: Iterable[Phrase], parts: Iterable[int], start: int, end: int, hits: list[Hit], seen: _Seen) -> None:
    for phrase in phrases:
        hits.append((phrase, start, end, False))
    for number in parts:
        places = seen.setdefault(number, [])
        if len(places) < _MOST_PLACES:
            places.append((start, end))


def _follow(
    text: str,
    chunks: Sequence[_Chunk],
    start: int,
    end: int,
    following: _Place,
    node: _Node,
    hits: list[Hit],
    seen: _Seen,
) -> None:
    """`node` is where the words of text[start:end] have led: go on with the one that follows."""
    (begin, stop, word), n, at, base = following
    gap = text[end : base + begin]
    if gap != " " and not _GAP.fullmatch(gap):
        return
    end = base + stop
    for key in word.keys:
        below = node.below.get(key)
        if below is not None:
            _note(below.phrases, below.parts, start, end, hits, seen)
            if below.below and (after := _next_word(chunks, n, at, base)):
                _follow(text, chunks, start, end, after, below, hits, seen)


def _joined(phrase: Phrase, places: Sequence[Sequence[tuple[int, int]]]) -> Iterator[Hit]:
    """One hit for each place where every part of 'a + b' stands near the first-named part."""
    last_end = -1
    for begin, end in places[0]:
        if begin < last_end:
            continue
        chosen = [(begin, end)]
        for others in places[1:]:
            near: tuple[int, int, int] | None = None
            for b, e in others:
                away = b - begin if b > begin else begin - b
                if away <= _NEAR and (b >= end or e <= begin) and (near is None or (away, b, e) < near):
                    near = (away, b, e)
            if near is None:
                break
            chosen.append(near[1:])
        else:
            last_end = max(e for _, e in chosen)
            yield phrase, min(b for b, _ in chosen), last_end, True
