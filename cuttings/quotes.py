"""Key sentences of a text, verbatim: which of its own words to print.

Nothing here makes up, mends or shortens a word. A `Quote` is a span of the text; a clause that stands for its
sentence shows its cut by '…' and is a span as well. What is never chosen: a sentence that leans on the one before
('This …', 'However, …'), a question, a heading, a part of somebody's quotation, a list item, a line of furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cuttings.model import Quote
from cuttings.quotes_clause import clauses
from cuttings.quotes_lean import leans, needs_neighbours
from cuttings.quotes_manner import comfort, manner
from cuttings.quotes_rank import salience, stems
from cuttings.sentences import Sentence, split

ELLIPSIS = "…"
_POOR = 0.25  # below this a short sentence is not worth printing at all
_CLAUSE = 0.7  # of its sentence's score
_FIT = 0.68  # by length and manner alone: below it a sentence is colour that says nothing by itself
_NEW = 3  # content words that a quotation must add to what stands above it
_RUN = 7  # words one after the other that two texts share only where one repeats the other
_ALIKE = 0.6  # share of words in common from which two sentences say the same


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of a text: `text[start:end]`, with '…' where its sentence was cut. Never empty."""

    start: int
    end: int
    text: str
    cut_before: bool = False
    cut_after: bool = False

    @property
    def verbatim(self) -> str:
        """Without the marks of the cuts: exactly the source's words."""
        return self.text.removeprefix(f"{ELLIPSIS} ").removesuffix(f" {ELLIPSIS}") if self.cut else self.text

    @property
    def cut(self) -> bool:
        return self.cut_before or self.cut_after


_FURNITURE = re.compile(
    r"https?://|www\.|\bnewsletters?\b|\S@\S+\.\S|\b(?:click|read more|find out more|subscribe|sign up|log ?in|"
    r"cookies?|follow us|all rights reserved|copyright|photo(?:graph)?:|picture:|image:|credit:|related (?:articles?|"
    r"stories)|this article|this blog|this piece|(?:first|originally) (?:appeared|published)|comments are closed|"
    r"email us|see (?:above|below|page|figure|table|box)|(?:table|figure|box|appendix|annex) (?:\d|[a-z]\b)|"
    r"as follows|the following|is an? (?:senior )?(?:lecturer|professor|freelance|reader) (?:in|at|of))\b|©",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[a-z]{2}[.!?][A-Z][a-z]|\[\d{1,3}\]|\S{40}|\|")
_LIST_ITEM = re.compile(r"[*_#>|~]|(?:[•▪◦‣·–—-]|\(?[0-9ivx]{1,4}[.)]|[a-z]\))\s")
_BACKWARD = re.compile(r"\b(?:the former|the latter|as above|as mentioned|mentioned above|earlier in this)\b", re.I)
# 'For managers, this will mean …': the pronoun's noun is in the sentence before.
_POINTS_BACK = re.compile(
    r"(?:for|in|to|at|with|as|on|by|of|from|under|within)\b(?:\s[\w'’-]+){1,7},?\s(?:this|it|that|these|those|they)\s"
    r"(?:is|was|are|were|will|would|has|have|had|means?|seems?|can|could|may|might|must|requires?|feels?|should)\b",
    re.IGNORECASE,
)


def stands_alone(sentence: Sentence) -> bool:
    """Whether a sentence can be read without its neighbours and printed without cutting anything."""
    body = sentence.text
    bare = body.lstrip("\"'“‘([")
    return not (
        not sentence.whole
        or sentence.quoted_at_start
        or sentence.quoted_at_end
        or not bare
        or not (bare[0].isupper() or bare[0].isdigit() or bare[0] == "£")
        or "?" in body
        or body.endswith((":", "…", ".."))
        or body.startswith("…")
        or "\n" in body.strip()
        or sentence.words < 5
        or body.isupper()
        or body.count("(") != body.count(")")
        or body.count("[") != body.count("]")
        or leans(bare)
        or _POINTS_BACK.match(bare)
        or _LIST_ITEM.match(body)
        or _FURNITURE.search(body)
        or _GLUED.search(body)
        or _BACKWARD.search(body)
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: Sentence
    score: float
    fit: float


def _candidates(
    text: str, title: str | None, standfirst: str | None, longest: int = 25, alone: bool = False
) -> tuple[tuple[Sentence, ...], list[_Candidate]]:
    """All sentences, and those that stand alone with their scores, best first (ties: the earlier one)."""
    sentences = split(text)
    saliences = salience(sentences, title=title, standfirst=standfirst, full=not alone)
    chosen = []
    for s, value in zip(sentences, saliences, strict=True):
        if value > 0 and stands_alone(s):
            fit = comfort(s.words, longest, alone) * manner(s.text, alone)
            chosen.append(_Candidate(s, value * fit, fit))
    if alone:
        introduced = _introduced(sentences, title, standfirst)
        chosen = [replace(c, score=c.score * 0.6) if c.sentence.start in introduced else c for c in chosen]
    chosen.sort(key=lambda c: (-c.score, c.sentence.start))
    return sentences, chosen


# 'The guild wants …': which one was said before. 'The council', 'the government' are known to the reader.
_DEFINITE = re.compile(
    r"The ((?:[\w-]+ ){0,2}?[\w-]+)['’]?s? (?:\w+ly )?(?=[a-z]+(?:s|ed|t|ew|ook|ell|ose|ave|ill)\b|can\b|may\b)"
)
_KNOWN = frozenset(
    stems("council county government country nation law public sector state secretary minister NHS budget")
)


def _introduced(sentences: Sequence[Sentence], title: str | None, standfirst: str | None) -> set[int]:
    """Where sentences begin whose subject 'The …' was named in an earlier one, and not in headline or standfirst."""
    said = set(stems(" ".join(part for part in (title, standfirst) if part))) | _KNOWN
    before: set[str] = set()
    found = set()
    for one in sentences:
        match = _DEFINITE.match(one.text)
        if match:
            head = stems(match[1])[-1:]
            if head and head[0] in before and head[0] not in said:
                found.add(one.start)
        before.update(stems(one.text))
    return found


def quote(
    text: str, sentences: int = 3, *, standfirst: str | None = None, title: str | None = None
) -> tuple[Quote, ...]:
    """Up to so many key sentences of the text, whole, in the order of the text: `text[q.start:q.end] == q.text`.

    Fewer where fewer stand alone; none for a text without sentences. Pure.
    """
    if sentences < 1:
        return ()
    # Asked for the essence of a whole text, a long sentence may carry it; a single printed quotation has to be short.
    _, candidates = _candidates(text, title, standfirst, longest=45)
    chosen: list[Sentence] = []
    for candidate in candidates:
        if len(chosen) == sentences:
            break
        if not any(alike(candidate.sentence.text, other.text) for other in chosen):
            chosen.append(candidate.sentence)
    return tuple(_quote(text, s.start, s.end) for s in sorted(chosen, key=lambda s: s.start))


def _quote(text: str, start: int, end: int) -> Quote:
    return Quote(start, end, text[start:end])


def alike(one: str, other: str) -> bool:
    """Whether two sentences say nearly the same in nearly the same words (a sentence and its pull quote)."""
    a, b = set(stems(one)), set(stems(other))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= _ALIKE


def repeats(one: str, other: str) -> bool:
    """Whether a sentence says again what stands elsewhere: nearly the same words, or a run of them word for word."""
    if alike(one, other):
        return True
    words = [_runs(text) for text in (one, other)]
    return not words[0].isdisjoint(words[1])


# What every second headline of the field has, or could have.
_OF_THE_FIELD = _KNOWN | frozenset(stems("adult social care service services people city district borough new"))
_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")


def adds(words: str, said: str) -> bool:
    """Whether words say something that does not stand above them: a headline spelt out is printed twice.

    "Saltwick has been rated ‘good’ by the Care Quality Commission"  adds nothing to  "Saltwick ‘good’, says CQC"
    """
    if not said:
        return True
    for short in set(_CAPITALS.findall(said)):
        # The words that the letters stand for, with small ones between: Ministry of Justice
        spelt = r"\s(?:(?:of|for|and|the|in)\s)*".join(rf"{letter}[\w’'-]*" for letter in short)
        words = re.sub(rf"\b{spelt}", "", words)
    return len(set(stems(words)) - set(stems(said)) - _OF_THE_FIELD) >= _NEW


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w'’%£]+", text.lower())
    return {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}


def best_quote(
    text: str,
    *,
    most_words: int = 25,
    standfirst: str | None = None,
    title: str | None = None,
    avoid: Iterable[str] = (),
) -> Printed | None:
    """The one quotation that says best what a text is about, in at most `most_words` words.

    A whole sentence where a good one is short enough; else a clause of a good one, its cut shown by '…' (the marks do
    not count as words); else None. `avoid`: words printed elsewhere already (a headline, a pull quote, an earlier
    issue's quote), which would only be repeated.
    """
    _, candidates = _candidates(text, title, standfirst, alone=True)
    shunned = tuple(avoid)
    if standfirst:
        # It is printed already: nothing beside it is better than a sentence that nobody can follow.
        candidates = [c for c in candidates if not needs_neighbours(c.sentence.text)]
    candidates = [c for c in candidates if not any(repeats(c.sentence.text, other) for other in shunned)]
    said = " ".join(part for part in (title, standfirst) if part)
    if not candidates:
        return None
    # Worth of a whole sentence is its score, a clause is worth somewhat less than the sentence that it stands for.
    best: tuple[float, int, int, Sentence] | None = None
    for candidate in candidates:
        if candidate.score < _POOR * candidates[0].score or (best and candidate.score <= best[0]):
            break
        one = candidate.sentence
        spans = [(one.start, one.end)] if one.words <= most_words else list(clauses(one, most_words))
        for start, end in spans:
            worth = _worth(text[start:end], candidate, said)
            if worth and (best is None or worth > best[0]):
                best = (worth, start, end, one)
    return _printed(text, *best[1:]) if best else None


def _worth(words: str, candidate: _Candidate, said: str) -> float:
    """What a sentence, or a clause that stands for it, is worth in print; 0 for what says nothing by itself."""
    n = len(words.split())
    whole = n == candidate.sentence.words
    fit = candidate.fit if whole else comfort(n, n, True) * manner(words, True)
    if fit < _FIT or not adds(words, said):
        return 0.0
    if whole:
        return candidate.score
    kept = min(1.0, n / candidate.sentence.words + 0.3)
    return 0.0 if needs_neighbours(words) else candidate.score * _CLAUSE * comfort(n, n, True) * kept


def _printed(text: str, start: int, end: int, sentence: Sentence) -> Printed:
    before, after = start > sentence.start, end < sentence.end
    shown = f"{ELLIPSIS} " * before + text[start:end] + f" {ELLIPSIS}" * after
    return Printed(start, end, shown, before, after)
