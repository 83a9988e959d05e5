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

    `certain`: something may begin in it whatever follows. A chunk without a word (a dash) has the key "".
    """

    certain: bool
    words: tuple[_Placed, ...]
    size: int
    code: int  # the same for all chunks that lead alike: see _Pairs


_DULL = _Word((), (), (), frozenset(), ())  # most words: no phrase has them
_NO_WORD = ("",)
_AROUND = ".,;:!?()[]“”‘’'\"–—-…\n"
_NOTHING = 0  # the code of a chunk in which nothing begins or goes on
_DULL_CHUNK = _Chunk(False, ((0, 0, _DULL),), 0, _NOTHING)  # its places are never asked for
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
    _known: dict[str, _Word] = field(default_factory=dict)
    _chunks: _Chunks = field(init=False)
    _codes: _Codes = field(init=False)
    _pairs: _Pairs = field(init=False)

    def __post_init__(self) -> None:
        self._pairs = _Pairs()
        self._chunks = _Chunks(self)
        self._codes = _Codes(self._chunks)

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
            return _Chunk(False, (), len(raw), self._pairs.code(False, _NO_WORD))
        own = words[0][2]
        certain = bool(own.phrases or own.parts)
        if len(words) > 1:
            certain = certain or not own.opens.isdisjoint(words[1][2].keys)
            certain = certain or any(w.phrases or w.parts or w.leads for _, _, w in words[1:])
        return _Chunk(certain, words, len(raw), self._pairs.code(certain, own.keys, own.leads))

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
        codes = list(map(self._codes.__getitem__, pieces))
        codes.append(_NOTHING)
        ends = list(accumulate(map(len, pieces)))  # without the spaces, of which one stands behind each
        known, pairs = self._chunks, self._pairs
        hits: list[Hit] = []
        seen: _Seen = {}
        for n in compress(count(), codes):
            # Most words that a phrase begins with lead nowhere: it takes the one behind to say.
            way = pairs[codes[n], codes[n + 1]]
            if way is None:
                continue
            _, words, size, _ = known[pieces[n]]
            base = ends[n] - size + n
            if way is _EITHER or len(words) > 1:
                for at, placed in enumerate(words):
                    _from(known, text, pieces, (placed, n, at, base), hits, seen)
                continue
            begin, end, (phrases, parts, *_) = words[0]
            begin, end = base + begin, base + end
            for phrase in phrases:
                hits.append((phrase, begin, end, False))
            for number in parts:
                if number not in seen:
                    seen[number] = [(begin, end)]
                elif len(seen[number]) < _MOST_PLACES:
                    seen[number].append((begin, end))
            if way:
                behind = known[pieces[n + 1]][1]
                base += size + 1
                gap = text[end : base + behind[0][0]]
                if gap == " " or _GAP.fullmatch(gap):
                    _reached(known, text, pieces, begin, (behind[0], n + 1, 0, base), way, hits, seen)
        for number in self._joints.keys() & seen.keys():
            joints = self._joints[number]
            for second in joints.keys() & seen.keys():
                for phrase, numbers in joints[second]:
                    if len(numbers) == 2 or all(other in seen for other in numbers):
                        hits.extend(_joined(phrase, [seen[other] for other in numbers]))
        return hits, len(pieces) - pieces.count("")


_Way = tuple[_Node, ...] | None
_EITHER: tuple[_Node, ...] = (_Node(),)  # what is behind is no word: the one after it may be reached over it


class _Kind(NamedTuple):
    certain: bool
    first: tuple[str, ...]  # the keys of the first word
    leads: tuple[_Node, ...]


class _Pairs(dict[tuple[int, int], _Way]):
    """For the codes of a chunk and of the one behind it, the places of the tree that both lead to.

    None: there is nothing to look for; empty: what begins in the first chunk ends in it. Texts have many words and
    few kinds of them: nearly every pair of a text has been met before.
    """

    def __init__(self) -> None:
        super().__init__()
        nothing = _Kind(False, (), ())
        self._codes: dict[tuple[bool, tuple[str, ...]], int] = {nothing[:2]: _NOTHING}
        self._kinds: dict[int, _Kind] = {_NOTHING: nothing}
        self._next = count(1)

    def code(self, certain: bool, first: tuple[str, ...], leads: tuple[_Node, ...] = ()) -> int:
        """The code of the chunks whose first word has these keys and `leads` there."""
        code = self._codes.get((certain, first))
        if code is None:
            code = next(self._next)
            self._kinds[code] = _Kind(certain, first, leads)  # before anybody can know the code
            code = self._codes.setdefault((certain, first), code)
        return code

    def __missing__(self, pair: tuple[int, int]) -> _Way:
        one, other = self._kinds[pair[0]], self._kinds[pair[1]]
        way: _Way
        if one.leads and other.first == _NO_WORD:
            way = _EITHER
        else:
            way = tuple([node.below[key] for node in one.leads for key in other.first if key in node.below])
        way = way if way or one.certain else None
        _keep(self, pair, way)
        return way


class _Codes(dict[str, int]):
    """The code of every chunk that was met."""

    def __init__(self, chunks: _Chunks) -> None:
        super().__init__()
        self._chunks = chunks

    def __missing__(self, raw: str) -> int:
        code = self._chunks[raw][3]
        if len(raw) <= _LONGEST_CACHED:
            _keep(self, raw, code)
        return code


class _Chunks(dict[str, _Chunk]):
    """Every chunk that was met, worked out at the first time."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def __missing__(self, raw: str) -> _Chunk:
        chunk = self._finder._learn(raw)
        if chunk is not _DULL_CHUNK and len(raw) <= _LONGEST_CACHED:  # of a dull one the code says all
            _keep(self, raw, chunk)
        return chunk


def _keep(cache: dict[Any, Any], key: Any, value: Any) -> None:
    if len(cache) >= _MOST_CACHED:  # hostile input: a text of millions of different 'words'
        cache.clear()
    cache[key] = value


def _from(known: _Chunks, text: str, pieces: Sequence[str], place: _Place, hits: list[Hit], seen: _Seen) -> None:
    """Everything that begins with one word."""
    (start, end, (phrases, parts, leads, _, _)), n, at, base = place
    start, end = base + start, base + end
    if phrases or parts:
        _note(phrases, parts, start, end, hits, seen)
    if leads:
        following = _next_word(known, pieces, n, at, base)
        if following:
            for node in leads:
                if not node.below.keys().isdisjoint(following[0][2].keys):
                    _follow(known, text, pieces, start, end, following, node, hits, seen)


def _next_word(known: _Chunks, pieces: Sequence[str], n: int, at: int, base: int) -> _Place | None:
    """The word behind word `at` of chunk `n`; None where more lies between than a phrase may reach over."""
    words = known[pieces[n]][1]
    if at + 1 < len(words):
        return words[at + 1], n, at + 1, base
    last = min(n + _MOST_GAP, len(pieces) - 1)
    while n < last:
        base += len(pieces[n]) + 1
        n += 1
        if words := known[pieces[n]][1]:
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
    known: _Chunks,
    text: str,
    pieces: Sequence[str],
    start: int,
    end: int,
    following: _Place,
    node: _Node,
    hits: list[Hit],
    seen: _Seen,
) -> None:
    """`node` is where the words of text[start:end] have led: go on with the one that follows."""
    (begin, _, word), _, _, base = following
    gap = text[end : base + begin]
    if gap != " " and not _GAP.fullmatch(gap):
        return
    nodes = [node.below[key] for key in word.keys if key in node.below]
    _reached(known, text, pieces, start, following, nodes, hits, seen)


def _reached(
    known: _Chunks,
    text: str,
    pieces: Sequence[str],
    start: int,
    place: _Place,
    nodes: Iterable[_Node],
    hits: list[Hit],
    seen: _Seen,
) -> None:
    """`nodes` are where the words from `start` to the one at `place` have led."""
    (_, stop, _), n, at, base = place
    end = base + stop
    for node in nodes:
        _note(node.phrases, node.parts, start, end, hits, seen)
        if node.below and (after := _next_word(known, pieces, n, at, base)):
            _follow(known, text, pieces, start, end, after, node, hits, seen)


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
