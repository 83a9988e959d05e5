"""The machine that finds the phrases of all themes in one pass over a text.

A text is cut at its spaces; what stands between two of them is a chunk, mostly one word with its comma. Texts repeat
their words, and each other's, so what begins with a chunk is worked out when it is met for the first time and looked
up ever after, and so is the way on to the chunks behind it: 'care' may lead on, 'care home' ends one phrase and
'care home closures' another. The cost grows with the text, hardly with the number of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, compress, count
from operator import itemgetter
from typing import NamedTuple

from cuttings.themes_phrases import Phrase, Vocabulary, parts, sequences

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP = re.compile(r"[\s\-‐‑–/'’‘“”\"&]*")  # what may stand between two words of a phrase
_MOST_GAP = 4  # characters of it
_TOO_FAR = _MOST_GAP + 1
_AROUND = ".,;:!?()[]“”‘’'\"–—-…\n"
_NEAR = 80  # characters within which the parts of 'a + b' must begin
_MOST_PLACES = 200  # of one part of 'a + b' in one text: every pair of places is looked at
_MOST_KEPT = 100_000  # chunks and ways on; hostile input: a text of millions of different 'words'
_LONGEST_KEPT = 60  # characters between two spaces; what is longer is no word of a text
# Every third word of a text is one of these. Looking at each of them would take longer than at all others together,
# so what begins with one is asked for by the word behind it.
_EVERYWHERE = frozenset(
    ("a", "about", "all", "and", "as", "at", "be", "for", "from", "have", "how", "in", "no", "not", "of", "on", "or",
     "our", "out", "the", "to", "what", "who")
)  # fmt: skip

# A phrase, where it begins and ends, and whether it is 'a + b' with other words between its parts: these do not belong
# to the phrase. A bare tuple: a text has a hundred, and anything with names takes ten times as long to make.
Hit = tuple[Phrase, int, int, bool]
_Places = dict[int, list[tuple[int, int]]]  # number of a part of 'a + b' -> where it stands
_Joint = tuple[Phrase, tuple[int, ...]]  # 'a + b' and the numbers of its parts


@dataclass(slots=True)
class _Node:
    """A place in the tree of keys: what may follow, and what ends here: phrases, and numbers of parts of 'a + b'."""

    below: dict[str, _Node] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)


class _Word(NamedTuple):
    """Where a word begins and ends in its chunk, how much stands between it and the word before, and its keys."""

    start: int
    end: int
    gap: int
    keys: tuple[str, ...]


class _Path(NamedTuple):
    """What begins in a chunk and ends in it or in those taken since, its places counted from that chunk's beginning.

    `on`: the paths that take in the next chunk too, by its `key`. None where nothing longer can begin here.
    """

    phrases: tuple[tuple[Phrase, int, int], ...]
    parts: tuple[tuple[int, int, int], ...]
    on: _On | None


class _Chunk(NamedTuple):
    """`matters`: it has to be looked at, since something begins here or, if it `follows`, before it.

    `behind`: the path of a word that is everywhere, asked for by a chunk that `follows` such words in some phrase.
    `key`: None for a chunk that no phrase goes on with. `gap`: what stands behind its last word; without a word, all.
    """

    matters: bool
    path: _Path
    follows: bool
    behind: _Path | None
    key: str | None
    words: tuple[_Word, ...]
    gap: int
    size: int


_MATTERS = itemgetter(0)
_NOTHING = _Path((), (), None)
_DULL = _Chunk(False, _NOTHING, False, None, None, (_Word(0, 0, _TOO_FAR, ()),), _TOO_FAR, 0)  # most words


class Finder:
    """All phrases in one tree of words. Build it once, then `find` as often as you like."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._root = _Node()
        self._vocabulary = Vocabulary()
        self._remembered = lru_cache(maxsize=_MOST_KEPT)(self._vocabulary.keys)
        self._parts: dict[str, int] = {}
        self._joints: dict[int, dict[int, list[_Joint]]] = {}  # by the first two of their parts
        self._seconds: set[str] = set()  # keys that follow a word that is everywhere
        self._chunks = _Chunks(self)
        self._kept = 0
        for phrase in phrases:
            written = parts(phrase.text)
            if len(written) == 1:
                for node in self._nodes(phrase.text):
                    if phrase not in node.phrases:
                        node.phrases.append(phrase)
                continue
            numbers = tuple(self._part(part) for part in written)
            self._joints.setdefault(numbers[0], {}).setdefault(numbers[1], []).append((phrase, numbers))

    def _part(self, text: str) -> int:
        """A part's number: 'care home' is looked for once, however many phrases it is a part of."""
        number = self._parts.setdefault(text, len(self._parts))
        for node in self._nodes(text):
            if number not in node.parts:
                node.parts.append(number)
        return number

    def _nodes(self, part: str) -> Iterator[_Node]:
        for words in sequences(part):
            node = self._root
            keys = [self._vocabulary.add(word) for word in words]
            for key in keys:
                node = node.below.setdefault(key, _Node())
            if len(keys) > 1 and keys[0] in _EVERYWHERE:
                self._seconds.add(keys[1])
            yield node

    def find(self, text: str) -> tuple[list[Hit], int]:
        """All occurrences, in no certain order, and how many words the text has (a dash by itself is one)."""
        # Of one length, so that places hold; 'end.\n\nStart' would be a word that no other text has.
        pieces = text.replace("\n", " ").split(" ")
        chunks = list(map(self._chunks.__getitem__, pieces))
        chunks.append(_DULL)
        begins = list(accumulate(map(len, pieces), initial=0))  # without the spaces, of which one stands behind each
        hits: list[Hit] = []
        places: _Places = {}
        for n in compress(count(), map(_MATTERS, chunks)):
            chunk = chunks[n]
            if chunk[2]:
                _before(chunks, begins, n, hits, places)
            path = chunk[1]
            last = n
            while (on := path[2]) is not None:
                last += 1
                path = on[chunks[last][4]]
            if path is not _NOTHING:
                _take(path, begins[n] + n, hits, places)
        for number in self._joints.keys() & places.keys():
            joints = self._joints[number]
            for second in joints.keys() & places.keys():
                for phrase, numbers in joints[second]:
                    if len(numbers) == 2 or all(other in places for other in numbers):
                        hits.extend(_joined(phrase, [places[other] for other in numbers]))
        return hits, len(pieces) - pieces.count("")

    def learn(self, raw: str) -> _Chunk:
        """What a chunk of a text can be."""
        bare = raw.strip(_AROUND)
        if bare.isalpha() and not self._keys(bare):  # as nearly always
            return _DULL
        words = tuple(self._words(raw))
        if words and not any(word.keys for word in words):
            return _DULL
        gap = _gap(raw[words[-1].end :] if words else raw)
        chunk = _Chunk(False, _NOTHING, False, None, raw, words, gap, len(raw))
        if not words:
            return chunk
        alone, follows = bare.lower() in _EVERYWHERE, not self._seconds.isdisjoint(words[0].keys)
        path = self.path((chunk,), leads=not alone)
        behind = self.path((chunk,), itself=False) if alone else None
        return _Chunk(
            follows or path is not _NOTHING, path, follows, behind, raw if words[0].keys else None, words, gap, len(raw)
        )

    def chunk(self, raw: str) -> _Chunk:
        return self._chunks[raw]

    def _keys(self, word: str) -> tuple[str, ...]:
        return self._remembered(word) if len(word) <= _LONGEST_KEPT else self._vocabulary.keys(word)

    def _words(self, raw: str) -> Iterator[_Word]:
        before = 0
        for match in _TOKEN.finditer(raw):
            start, end = match.span()
            yield _Word(start, end, _gap(raw[before:start]), self._keys(match[0]))
            before = end

    def path(self, chunks: tuple[_Chunk, ...], *, itself: bool = True, leads: bool = True) -> _Path:
        """What begins in the first of these chunks: its words by themselves, and what they lead to behind them."""
        walk = _Walk(chunks)
        for at, word in enumerate(chunks[0].words):
            below = [self._root.below[key] for key in word.keys if key in self._root.below]
            for node in below if itself else ():
                walk.note(node, word.start, word.end)
            for node in below if leads else ():
                if node.below:
                    walk.follow(node, word.start, word.end, (0, at, 0))
        if not (walk.phrases or walk.parts or walk.unfinished):
            return _NOTHING
        ended = _Path(tuple(walk.phrases), tuple(walk.parts), None)
        if not walk.unfinished:
            return ended
        return ended._replace(on=_On(self, chunks, ended if walk.phrases or walk.parts else _NOTHING, itself=itself))

    def room(self) -> None:
        """Before something is kept."""
        self._kept += 1
        if self._kept >= _MOST_KEPT:
            self._chunks.clear()
            self._kept = 1


class _Chunks(dict[str, _Chunk]):
    """Every chunk that was met."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def __missing__(self, raw: str) -> _Chunk:
        chunk = self._finder.learn(raw)
        if len(raw) <= _LONGEST_KEPT:
            self._finder.room()
            self[raw] = chunk
        return chunk


class _On(dict["str | None", _Path]):
    """The ways from some chunks to the next one."""

    def __init__(self, finder: Finder, chunks: tuple[_Chunk, ...], ended: _Path, *, itself: bool) -> None:
        super().__init__({None: ended})
        self._finder, self._taken, self._itself = finder, chunks, itself

    def __missing__(self, key: str) -> _Path:
        path = self._finder.path((*self._taken, self._finder.chunk(key)), itself=self._itself)
        if len(key) <= _LONGEST_KEPT:
            self._finder.room()
            self[key] = path
        return path


class _Walk:
    """One walk down the tree along some chunks; `unfinished` where it would go on with what stands behind them."""

    def __init__(self, chunks: Sequence[_Chunk]) -> None:
        self.phrases: list[tuple[Phrase, int, int]] = []
        self.parts: list[tuple[int, int, int]] = []
        self.unfinished = False
        self._chunks = chunks

    def note(self, node: _Node, start: int, end: int) -> None:
        self.phrases += [(phrase, start, end) for phrase in node.phrases]
        self.parts += [(number, start, end) for number in node.parts]

    def follow(self, node: _Node, start: int, end: int, place: tuple[int, int, int]) -> None:
        """`node` is where the word at `place` (chunk, its number in it, where the chunk begins) has led: go on."""
        n, at, base = place
        words = self._chunks[n].words
        if at + 1 < len(words):
            gap, at = 0, at + 1
        else:
            gap, at = self._chunks[n].gap + 1, 0
            while gap <= _MOST_GAP:
                base += self._chunks[n].size + 1
                n += 1
                if n == len(self._chunks):
                    self.unfinished = True
                    return
                if words := self._chunks[n].words:
                    break
                gap += self._chunks[n].gap + 1
            else:
                return
        if gap + words[at].gap > _MOST_GAP:
            return
        end = base + words[at].end
        for key in words[at].keys:
            below = node.below.get(key)
            if below is not None:
                self.note(below, start, end)
                if below.below:
                    self.follow(below, start, end, (n, at, base))


def _gap(between: str) -> int:
    return len(between) if _GAP.fullmatch(between) else _TOO_FAR


def _before(chunks: Sequence[_Chunk], begins: Sequence[int], n: int, hits: list[Hit], places: _Places) -> None:
    """What begins with a word that is everywhere, and goes on with the first word of chunk `n`."""
    first = n - 1
    while first > 0 and not chunks[first].words and n - first < _MOST_GAP:  # a dash between them
        first -= 1
    path = chunks[first].behind  # of the last one where there is none before: nothing
    if path is None:
        return
    last = first
    while path.on is not None:
        last += 1
        path = path.on[chunks[last].key]
    _take(path, begins[first] + first, hits, places)


def _take(path: _Path, base: int, hits: list[Hit], places: _Places) -> None:
    phrases, numbers, _ = path
    for phrase, start, end in phrases:
        hits.append((phrase, base + start, base + end, False))
    for number, start, end in numbers:
        if number not in places:
            places[number] = [(base + start, base + end)]
        elif len(places[number]) < _MOST_PLACES:
            places[number].append((base + start, base + end))


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
