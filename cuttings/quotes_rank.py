"""How much each sentence of a text says about it: a number for every sentence, no words changed.

TextRank (sentences vote for those they share words with), joined with where a sentence stands, how near it is to the
title and the standfirst, and whether the author argues with it rather than for it. Pure Python.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log

from cuttings.sentences import Sentence

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?|\d[\d,.]*%?")
_COMMON = """
    a about above after again all also although always am among an and any are as at be because been before being
    between both but by can cannot can't could did do does doing don't down during each even every few for from further
    get gets getting go had has have having he her here hers him his how however i i'm i've if in into is isn't it it's
    its itself just know last less like made make makes making many may me might more most much must my need needs no
    nor not now of off often on once one only or other others our out over own per put rather really said same say says
    see she should since so some still such take taken than that that's the their them then there these they this those
    though through to too two under until up us use used using very was way we we're we've well were what when where
    whether which while who whom whose why will with within without would year years yet you your
    two three four five six seven eight nine ten"""
_STOP_WORDS = frozenset(_COMMON.split())
_SUFFIX = re.compile(r"(?:ations?|ings?|ments?|ness|ies|ied|ers?|ed|es|s|ly|e)$")
_MOST_SENTENCES = 400  # the graph grows with the square; no article's essence stands after its 400th sentence
_DAMPING, _ROUNDS = 0.85, 30
_ANY_WORD = re.compile(r"\w+")
_FULL = 0.75  # of the votes


def stems(text: str) -> list[str]:
    """Content words of a text, roughly stemmed: 'assessments' and 'assessed' are one."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group().lower().replace("’", "'")
        if word in _STOP_WORDS or word.replace("'", "") in _STOP_WORDS:
            continue
        stem = _SUFFIX.sub("", word.removesuffix("'s"))
        found.append(stem if len(stem) > 2 else word)
    return found


# A sentence that a writer sets up in order to answer it.
_CONCEDES = re.compile(
    r"^(?:some|many|critics|opponents|sceptics|others|detractors)\b[^.]{0,40}\b(?:say|says|argue|argues|believe|claim|claims|think|fear|insist|suggest|feel)\b"
    r"|\b(?:of course|admittedly|granted|to be sure|it is true that|it could be argued|it might be argued|"
    r"it has been argued|there is an? (?:\w+ )?(?:risk|danger|fear|temptation)|for (?:others|some),)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"(?:However|But|Yet|Nevertheless|Nonetheless|In response|Despite this|That said|Even so|On the contrary|"
    r"I disagree|This is (?:wrong|not so|untrue|nonsense)|Not so|In fact|Instead)\b"
)


def salience(
    sentences: Sequence[Sentence], *, title: str | None = None, standfirst: str | None = None, full: bool = False
) -> list[float]:
    """One number per sentence, the best about 1; 0 for what has no content words.

    Votes count by the rare content words that two sentences share. `full`: mostly by all their words, the common ones
    too, as TextRank was first written down; it prefers the fuller sentences, several of which stand for a whole text.
    """
    if not sentences:
        return []
    bags = [Counter(stems(s.text)) for s in sentences[:_MOST_SENTENCES]]
    rarity = _rarity(bags)
    ranks = _textrank(bags, rarity)
    if full:
        plain = _ranked(_shared([frozenset(_ANY_WORD.findall(s.text.lower())) for s in sentences[:_MOST_SENTENCES]]))
        ranks = [(1 - _FULL) * one + _FULL * other for one, other in zip(ranks, plain, strict=True)]
    guide = set(stems(" ".join(p for p in (title, standfirst) if p)))
    total = len(bags)
    scores = []
    for n, (sentence, bag, rank) in enumerate(zip(sentences, bags, ranks, strict=False)):
        if not bag:
            scores.append(0.0)
            continue
        score = rank * _position(sentence, n, total)
        if guide:
            weight = sum(rarity.get(w, 1.0) for w in guide) or 1.0
            score *= 0.75 + 0.75 * min(1.0, 2 * sum(rarity.get(w, 1.0) for w in guide if w in bag) / weight)
        scores.append(score * _drift(sentences, n))
    best = max(scores, default=0.0) or 1.0
    return [s / best for s in scores] + [0.0] * (len(sentences) - total)


def _rarity(bags: Sequence[Counter[str]]) -> dict[str, float]:
    """The text's own words: one that occurs in many of its sentences links them all and so tells less."""
    seen = Counter(word for bag in bags for word in bag)
    return {word: log(1 + len(bags) / count) for word, count in seen.items()}


def _textrank(bags: Sequence[Counter[str]], rarity: dict[str, float]) -> list[float]:
    holders: dict[str, list[int]] = defaultdict(list)
    for n, bag in enumerate(bags):
        for word in bag:
            holders[word].append(n)
    links: list[dict[int, float]] = [defaultdict(float) for _ in bags]
    for word, where in holders.items():
        for i in where:
            for j in where:
                if i != j:
                    links[i][j] += rarity[word]
    sizes = [log(1 + sum(bag.values())) for bag in bags]
    for i, row in enumerate(links):
        for j in row:
            row[j] /= (sizes[i] + sizes[j]) or 1.0
    return _ranked(links)


def _shared(bags: Sequence[frozenset[str]]) -> list[dict[int, float]]:
    """Mihalcea and Tarau 2004: the number of words two sentences share, over the logarithms of their lengths."""
    sizes = [log(len(bag)) if bag else 0.0 for bag in bags]
    links: list[dict[int, float]] = [{} for _ in bags]
    for i, one in enumerate(bags):
        if sizes[i]:
            for j in range(i):
                if sizes[j] and (shared := len(one & bags[j])):
                    links[i][j] = links[j][i] = shared / (sizes[i] + sizes[j])
    return links


def _ranked(links: Sequence[Mapping[int, float]]) -> list[float]:
    """Votes passed on until they settle; the best has 1."""
    sums = [sum(row.values()) for row in links]
    ranks = [1.0] * len(links)
    for _ in range(_ROUNDS):
        votes = [rank / total if total else 0.0 for rank, total in zip(ranks, sums, strict=True)]
        ranks = [(1 - _DAMPING) + _DAMPING * sum([weight * votes[j] for j, weight in row.items()]) for row in links]
    best = max(ranks, default=1.0) or 1.0
    return [rank / best for rank in ranks]


def _position(sentence: Sentence, n: int, total: int) -> float:
    """News says it first; an essay's last words often say it again."""
    early = 1.35 - 0.35 * min(1.0, n / max(6.0, total / 3))
    return early if sentence.paragraph == 0 or n < total - 2 else max(early, 1.1)


def _drift(sentences: Sequence[Sentence], n: int) -> float:
    """Less for a sentence that the author only reports in order to answer it."""
    factor = 0.75 if _CONCEDES.search(sentences[n].text) else 1.0
    if n + 1 < len(sentences) and _ANSWERS.match(sentences[n + 1].text):
        factor *= 0.8
    return factor
