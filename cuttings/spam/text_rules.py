"""What the words themselves say: templates, spun and machine text, gibberish, other languages."""

from __future__ import annotations

import re

from cuttings.spam import lexicon, phrases
from cuttings.spam.findings import Finding, plural, shown
from cuttings.spam.sight import Sight, scripts_of

_CAMEL = re.compile(r"[a-z][A-Z]|[_(){}<>;=\\/]|\d")
_NO_SPACE = re.compile(r"[a-z]{3,}[.!?,;:][A-Z][a-z]{1,}(?=[\s,])|[a-z]{2,}[.!?][A-Z]?[a-z]{2,}(?=\s)")
_SMILEY = re.compile(
    r"[:;=8]-?[)(DPpO/|]|\b(?:lol|haha+|imho|imo|btw|omg|hmm+|argh|ugh|yay|yep|nope)\b|[\U0001f600-\U0001f64f]",
    re.IGNORECASE,
)
_CUT_LETTERS = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{6,}\b", re.IGNORECASE)
_REPEATED = re.compile(r"(.)\1{7,}")
_OFFENCE = re.compile(
    r"\b(?:rubbish|nonsense|disgrace\w*|shame\w*|stupid|idiots?|crap|hate|horrible|awful|terrible|useless|wrong|disagree|appalling|scandal\w*|joke|ridiculous|sick of|fed up|damn|hell|f\*+\w*|shit|bullshit|sucks?|worst|angry|furious|outrag\w+)\b",
    re.IGNORECASE,
)
_I = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|mine|we|our|us|we've|we're|myself)\b", re.IGNORECASE)
_TECHNICAL = re.compile(r"[a-z]+[A-Z]\w+|\w+\(\)|\w+\.\w+\.\w+|\b[A-Z]{2,}\d*\b|\bv?\d+\.\d+\b|[{}<>;]|\w+_\w+")


def templates(sight: Sight) -> Finding | None:
    found = phrases.templates(sight.own)
    return (
        Finding(f"praise that fits anywhere: {shown(found[0])}", min(1.0, 0.5 + 0.25 * (len(found) - 1)))
        if found
        else None
    )


def many_templates(sight: Sight) -> Finding | None:
    found = phrases.templates(sight.own)
    return (
        Finding(f"{len(found)} phrases of praise that fits anywhere", min(1.0, (len(found) - 2) / 2))
        if len(found) >= 3
        else None
    )


def broken(sight: Sight) -> Finding | None:
    found = phrases.broken(sight.own)
    return (
        Finding(f"words put together as by a machine: {shown(found[0])}", min(1.0, 0.6 + 0.2 * len(found)))
        if found
        else None
    )


def empty_praise(sight: Sight) -> Finding | None:
    """Praise and nothing else: no word in it is about anything."""
    if not sight.words or len(sight.words) > 40 or sight.content or not set(sight.words) & lexicon.PRAISE:
        return None
    return Finding("praise without a word on the subject")


def mostly_praise(sight: Sight) -> Finding | None:
    if len(sight.words) < 4 or not sight.content:
        return None
    praise = sum(1 for w in sight.words if w in lexicon.PRAISE)
    share = praise / len(sight.words)
    return Finding("mostly general praise", min(1.0, (share - 0.2) / 0.25)) if share > 0.2 and praise >= 3 else None


def run_together(sight: Sight) -> Finding | None:
    found = [w for w in sight.words if _glued(w)]
    if not found or _CAMEL.search("".join(found)):
        return None
    return Finding(
        f"{plural(len(found), 'word')} run together: {shown(found[0])}", min(1.0, 0.5 + 0.25 * (len(found) - 1))
    )


def _glued(word: str) -> bool:
    """'thebestcarers': unknown as a whole, and three or more common words in a row, or two long ones."""
    if len(word) < 11 or "'" in word or not word.isascii() or len(word) > 60 or lexicon.commonness(word) > 1.0:
        return False
    parts = _split(word)
    return bool(parts) and (len(parts) >= 3 or min(len(p) for p in parts) >= 4) and len(parts) <= len(word) / 3


def _split(word: str) -> list[str]:
    """The fewest common words that make up the whole word; none when there is no such way."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 15), end - 1):
            before, piece = best[start], word[start:end]
            if before is None or lexicon.commonness(piece) < (5.3 if len(piece) < 4 else 3.6):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or []):
                best[end] = [*before, piece]
    return best[-1] or []


def no_space(sight: Sight) -> Finding | None:
    hits = [
        h
        for h in _NO_SPACE.findall(sight.prose)
        if not re.search(r"\.(?:net|com|org|uk|js|py|cs|io)$", h, re.IGNORECASE)
    ]
    return Finding(f"sentences run together: {shown(hits[0])}", min(1.0, 0.5 * len(hits))) if hits else None


def letters_at_random(sight: Sight) -> Finding | None:
    words = [w for w in sight.words if len(w) >= 7 and w.isascii()]
    odd = [
        w
        for w in words
        if _CUT_LETTERS.search(w) or (lexicon.commonness(w) == 0 and len(re.findall("[aeiouy]", w)) < len(w) / 5)
    ]
    if len(odd) >= 2 or (odd and len(sight.words) < 6):
        return Finding(f"letters at random: {shown(odd[0])}")
    return None


def word_salad(sight: Sight) -> Finding | None:
    """Dictionary words in a row with nothing that holds a sentence together."""
    words = [w for w in sight.words if w.isascii()]
    if len(words) < 4 or sight.thread.language not in {None, "en"}:
        return None
    grammar = sum(1 for w in words if w in lexicon.FUNCTION) / len(words)
    rare = sum(1 for w in words if 0.5 < lexicon.commonness(w) < 3.6) / len(words)
    return Finding("rare words in a row without a sentence") if grammar < 0.12 and rare >= 0.5 else None


def repeated(sight: Sight) -> Finding | None:
    words = sight.words
    if _REPEATED.search(sight.prose) and len(set(sight.prose)) < 12:
        return Finding("one character over and over")
    if len(words) >= 12 and len(set(words)) / len(words) < 0.35:
        return Finding("the same words over and over")
    return None


def no_words(sight: Sight) -> Finding | None:
    return Finding("no words in it") if not sight.words and not sight.links else None


def disguise(sight: Sight) -> Finding | None:
    count = sight.disguises
    return Finding(f"{plural(count, 'hidden or look-alike character')}", min(1.0, 0.5 + count / 6)) if count else None


def other_language(sight: Sight) -> Finding | None:
    mine, page = sight.language, sight.thread.language
    if not mine or not page or mine == page:
        return None
    return Finding("in another language than the page")


def other_script(sight: Sight) -> Finding | None:
    mine = scripts_of(sight.prose)
    others = scripts_of(" ".join(t for i, t in enumerate(sight.thread.texts) if i != sight.at)[:4000])
    if sight.article:
        others += scripts_of(f"{sight.article.title} {sight.article.text[:2000]}")
    if not mine or not others or sum(mine.values()) < 3:
        return None
    script, count = mine.most_common(1)[0]
    if count / sum(mine.values()) > 0.5 and others[script] < 0.1 * sum(others.values()):
        return Finding("in another script than the page")
    return None


def trade_words(sight: Sight) -> Finding | None:
    """Goods and trades that neither the article nor the thread speaks of."""
    stems = sight.thread.article_words
    sold = [
        w
        for w in dict.fromkeys(sight.content)
        if w in lexicon.TRADE
        and w not in lexicon.MILD
        and w.removesuffix("s")[:7] not in stems
        and sight.thread.spoken[w.removesuffix("s")[:7]] <= 1
    ]
    if not sold:
        return None
    return Finding(f"speaks of {shown(', '.join(sold[:3]))}, which the page does not", min(1.0, len(sold) / 3))


def off_topic(sight: Sight) -> Finding | None:
    """A long comment that shares no word of content with the article or anybody else."""
    words = set(sight.content)
    if len(words) < 6 or (sight.article is None and len(sight.thread.comments) < 3):
        return None
    shared = sight.about_article + sight.about_thread
    return Finding("shares no word with the article or the thread", min(1.0, len(words) / 15)) if not shared else None


def about_article(sight: Sight) -> Finding | None:
    shared = sight.about_article
    return Finding(f"takes up {plural(shared, 'word')} of the article", min(1.0, shared / 3)) if shared else None


def about_thread(sight: Sight) -> Finding | None:
    shared = sight.about_thread
    return Finding(f"takes up {plural(shared, 'word')} of the thread", min(1.0, shared / 4)) if shared else None


def own_words(sight: Sight) -> Finding | None:
    hits = _SMILEY.findall(sight.own)
    return Finding("written as people chat") if hits else None


def anger(sight: Sight) -> Finding | None:
    return Finding("disagrees or is angry, which sellers are not") if _OFFENCE.search(sight.own) else None


def first_person(sight: Sight) -> Finding | None:
    if phrases.templates(sight.own):
        return None
    return (
        Finding("speaks of its own experience") if len(_I.findall(sight.own)) >= 2 and len(sight.content) >= 5 else None
    )


def technical(sight: Sight) -> Finding | None:
    hits = set(_TECHNICAL.findall(sight.prose))
    return (
        Finding("holds technical terms or abbreviations", min(1.0, len(hits) / 3)) if hits and not sight.links else None
    )


def question(sight: Sight) -> Finding | None:
    if "?" not in sight.own or phrases.templates(sight.own):
        return None
    return Finding("asks a question") if len(sight.words) >= 3 else None


def substance(sight: Sight) -> Finding | None:
    """Much said in one's own words: long, varied, and without the template phrases."""
    kinds = len(set(sight.content))
    if kinds < 12 or phrases.templates(sight.own) or phrases.offers(sight.text):
        return None
    return Finding("says much in its own words", min(1.0, kinds / 40))


def lower_start(sight: Sight) -> Finding | None:
    text = sight.own.lstrip()
    return Finding("begins in lower case, as people type") if text[:1].islower() and len(sight.words) >= 3 else None
