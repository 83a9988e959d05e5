"""Which articles are one piece of news: copies, syndicated pieces with a new introduction, versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cuttings.duplicates.signatures import Signature, as_band, containment, signature, to_compare
from cuttings.duplicates.text import normalise
from cuttings.model import Article, Membership, when

COPIED = 0.6  # of the later text's word triples in the earlier one
SWALLOWED = 0.8  # of the earlier text in the later one, when the earlier is a good part of it
GOOD_PART = 0.4
RELATED = 0.15  # shared triples that make a version note believable
TITLE_WORDS, MOST_AUTHORS = 4, 3  # the longest words of a title, for each of the first authors
FEW = 12  # word triples below which only the whole text counts

_NOTE = re.compile(
    r"\b(?:a|another|longer|shorter|earlier|edited|full|this) version of (?:this|the) "
    r"(?:piece|article|post|blog|column|story)\b|\b(?:first|originally) (?:appeared|published)\b"
    r"|\bpreviously published\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article read before, as the index gives it back. Candidates are handed over elder first."""

    article: str
    story: str
    title: str | None
    authors: tuple[str, ...]
    signature: Signature
    version_note: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article went, and the younger stories that turned out to be the same (their articles move too)."""

    membership: Membership
    merged: tuple[str, ...] = ()


def article_signature(article: Article) -> Signature:
    """The signature of an article's body, with bands for every author and title so that versions meet as well.

    A version may share no sentence with the first and have another title: 'Reclaiming the job of care' and 'Can we
    reclaim the job?' meet under their author and any long word that both titles hold.
    """
    sign = signature(article.text, "article")
    title = normalise(article.title)
    telling = _telling(title)
    long = sorted({w for w in title.split() if len(w) > 2}, key=lambda w: (-len(w), w))[:TITLE_WORDS] if telling else ()
    authors = [normalise(a) for a in article.authors] if telling else []
    versions = tuple(as_band("version", a, title) for a in authors)
    titled = tuple(as_band("titled", a, word) for a in authors[:MOST_AUTHORS] for word in long)
    return Signature(sign.exact, (*sign.bands, *versions, *titled), sign.shingles, sign.words)


def candidate(article: Article, story: str) -> Candidate:
    """An article as a candidate for later ones, which the index has found already: its bands are not asked again."""
    (sign,) = to_compare([normalise(article.text)], "article")
    return Candidate(article.key, story, article.title, article.authors, sign, notes_a_version(article))


def notes_a_version(article: Article) -> bool:
    """Does it say that it was printed elsewhere? In its note, or in its first or last paragraph."""
    ends = article.paragraphs[:1] + article.paragraphs[-2:]
    return bool(article.version_note) or any(len(p) < 300 and _NOTE.search(p) for p in ends)


def place(article: Article, candidates: Sequence[Candidate]) -> Membership:
    """The story of an article: the elder story that it copies, or its own. `candidates` elder first."""
    return join(article, candidates).membership


def join(article: Article, candidates: Sequence[Candidate], sign: Signature | None = None) -> Placement:
    """As `place`, and which other stories the article shows to be the same. The elder story's key stays."""
    sign = sign or article_signature(article)
    mine = Candidate(article.key, article.key, article.title, article.authors, sign, notes_a_version(article))
    others = [(c, alike) for c in candidates if c.article != article.key and (alike := _alike(mine, c))]
    if not others:
        return Placement(Membership(article.key, article.key, 1.0, "the first of its story"))
    elder = others[0][0].story
    similarity, because = max((alike for c, alike in others if c.story == elder), key=lambda a: a[0])
    merged = tuple(dict.fromkeys(c.story for c, _ in others if c.story != elder))
    return Placement(Membership(article.key, elder, round(similarity, 3), because), merged)


def _alike(later: Candidate, earlier: Candidate) -> tuple[float, str] | None:
    mine, theirs = later.signature, earlier.signature
    if mine.words and mine.exact == theirs.exact:
        return 1.0, "the same text"
    shared = len(mine.shingles & theirs.shingles)
    if min(len(mine.shingles), len(theirs.shingles)) >= FEW:
        inside = shared / len(mine.shingles)
        if inside >= COPIED:
            return inside, f"{inside:.0%} of its text is in the other"
        around = shared / len(theirs.shingles)
        if around >= SWALLOWED and len(theirs.shingles) >= GOOD_PART * len(mine.shingles):
            return around, f"{around:.0%} of the other's text is in it"
    return _version(later, earlier, containment(mine.shingles, theirs.shingles))


def _version(later: Candidate, earlier: Candidate, inside: float) -> tuple[float, str] | None:
    authors = {normalise(a) for a in later.authors} & {normalise(a) for a in earlier.authors} - {""}
    if not authors:
        return None
    one, other = normalise(later.title), normalise(earlier.title)
    if _telling(one) and one == other:
        return max(inside, 0.5), "the same author and title"
    if (later.version_note or earlier.version_note) and (inside >= RELATED or _titles_meet(one, other)):
        return max(inside, 0.5), "a note says that it appeared in another version, by the same author"
    return None


def _telling(title: str) -> bool:
    """'Letters' and 'Comment' head a column every week; a title of four words names one piece."""
    return len(title.split()) >= 4


def _titles_meet(one: str, other: str) -> bool:
    a, b = set(one.split()), set(other.split())
    return len(a & b) >= 3 and len(a & b) / len(a | b) >= 0.5


# ---------------------------------------------------------------- in memory


@dataclass(slots=True)
class StoryIndex:
    """Stories of everything added so far, in memory: for the plumbing command and for tests.

    The store does the same over its tables: look up candidates by `article_signature(...).bands`, then `join`.
    """

    _articles: list[Candidate] = field(default_factory=list)
    _by_band: dict[int, list[int]] = field(default_factory=dict)
    _now: dict[str, str] = field(default_factory=dict)  # story -> the elder story that it was merged into

    def add(
        self,
        id: str,  # noqa: A002 - the word of the plumbing command
        title: str | None,
        text: str,
        published: str | None = None,
        source: str | None = None,
        authors: Sequence[str] = (),
    ) -> Placement:
        """Place one more article. Its story is the key of the elder, in the order in which they were added."""
        paragraphs = tuple(p for p in re.split(r"\n\s*\n", text or "") if p.strip())
        return self.place(
            Article(id, None, source, title, authors=tuple(authors), published=published, paragraphs=paragraphs)
        )

    def place(self, article: Article) -> Placement:
        sign = article_signature(article)
        hits = sorted({at for band in sign.bands for at in self._by_band.get(band, ())})
        found = [self._current(self._articles[at]) for at in hits]
        found.sort(key=lambda c: self._rank(c.story))
        placement = join(article, found, sign)
        story = placement.membership.story
        for merged in placement.merged:
            self._now[merged] = story
        at = len(self._articles)
        self._articles.append(
            Candidate(article.key, story, article.title, article.authors, sign, notes_a_version(article))
        )
        for band in sign.bands:
            self._by_band.setdefault(band, []).append(at)
        self._order.setdefault(story, at)
        return placement

    _order: dict[str, int] = field(default_factory=dict)  # story -> when its first article came

    def _rank(self, story: str) -> int:
        return self._order.get(story, len(self._articles))

    def _current(self, one: Candidate) -> Candidate:
        story = one.story
        while story in self._now:
            story = self._now[story]
        return Candidate(one.article, story, one.title, one.authors, one.signature, one.version_note)


def canonical_first(articles: Sequence[Article], source_rank: Callable[[str | None], int]) -> tuple[Article, ...]:
    """The copies of one story with the one to print first: original publisher, earliest, longest body.

    `source_rank` says how near a source is to the original publisher, 0 the nearest: the configuration's word goes
    before the clock, because an aggregator's page may carry an earlier date than the paper it took the piece from.
    """

    def order(article: Article) -> tuple[int, int, float, int, str]:
        published = when(article.published)
        note = 1 if notes_a_version(article) else 0
        moment = published.timestamp() if published else float("inf")
        return source_rank(article.source), note, moment, -len(article.text), article.key

    return tuple(sorted(articles, key=order))
