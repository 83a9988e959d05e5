"""What the words themselves say: templates, spun and machine text, gibberish, other languages."""

from __future__ import annotations

import re

from cuttings.spam import lexicon, phrases
from cuttings.spam.findings import Finding, once, plural, shown
from cuttings.spam.sight import Sight, scripts_of

_CAMEL = re.compile(r"[a-z][A-Z]|[_(){}<>;=\\/]|\d")
_NO_SPACE = re.compile(r"[a-z]{3,}[.!?,;:][A-Z][a-z]{1,}(?=[\s,])|[a-z]{2,}[.!?][A-Z]?[a-z]{2,}(?=\s)")
_SMILEY = re.compile(
    r"[:;=8]-?[)(DPpO/|]|\b(?:lol|haha+|imho|imo|btw|omg|hmm+|argh|ugh|yay|yep|nope)\b|[\U0001f600-\U0001f64f]",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W\d_]{9,}")
_CUT_LETTERS = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{6,}\b", re.IGNORECASE)
_REPEATED = re.compile(r"(.)\1{7,}")
_OFFENCE = re.compile(
    r"\b(?:rubbish|nonsense|disgrace\w*|shame\w*|stupid|idiots?|crap|hate|horrible|awful|terrible|useless|wrong|disagree|"
    r"appalling|scandal\w*|joke|ridiculous|sick of|fed up|damn|hell|f\*+\w*|shit|bullshit|sucks?|worst|angry|furious|"
    r"outrag\w+)\b",
    re.IGNORECASE,
)
_I = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|mine|we|our|us|we've|we're|myself)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|mine|he|she|him|her|article|author|post|here)\b", re.IGNORECASE)
_TECHNICAL = re.compile(r"[a-z]+[A-Z]\w+|\w+\(\)|\w+\.\w+\.\w+|\b[A-Z]{2,}\d*\b|\bv?\d+\.\d+\b|[{}<>;]|\w+_\w+")


@once
def templates(sight: Sight) -> Finding | None:
    found = sight.templates
    return (
        Finding(f"praise that fits anywhere: {shown(found[0])}", min(1.0, 0.5 + 0.25 * (len(found) - 1)))
        if found
        else None
    )


@once
def many_templates(sight: Sight) -> Finding | None:
    found = sight.templates
    return (
        Finding(f"{len(found)} phrases of praise that fits anywhere", min(1.0, (len(found) - 2) / 2))
        if len(found) >= 3
        else None
    )


@once
def broken(sight: Sight) -> Finding | None:
    found = phrases.broken(sight.own)
    return (
        Finding(f"words put together as by a machine: {shown(found[0])}", min(1.0, 0.6 + 0.2 * len(found)))
        if found
        else None
    )


@once
def empty_praise(sight: Sight) -> Finding | None:
    """Praise and nothing else: no word in it is about anything."""
    if not sight.words or len(sight.words) > 40 or sight.content or not set(sight.words) & lexicon.PRAISE:
        return None
    return Finding("praise without a word on the subject")


@once
def mostly_praise(sight: Sight) -> Finding | None:
    if len(sight.words) < 4 or not sight.content:
        return None
    praise = sum(1 for w in sight.words if w in lexicon.PRAISE)
    share = praise / len(sight.words)
    return Finding("mostly general praise", min(1.0, (share - 0.2) / 0.25)) if share > 0.2 and praise >= 3 else None


@once
def of_the_site(sight: Sight) -> Finding | None:
    """Speaks of the page, of reading and of websites, and hardly of anything else, under an article about other things.

    Spinning swaps the words of praise ('surprising', 'beautiful value') but not what is praised.
    """
    if len(sight.words) < 6:
        return None
    said = [w for w in sight.words if w in lexicon.OF_THE_SITE]
    kinds = {w for w in said if w.removesuffix("s")[:7] not in sight.thread.title_words}
    own = [w for w in set(sight.content) if w not in lexicon.OF_THE_SITE]
    if len(kinds) < 2 or sight.thread.comments[sight.at].parent is not None:
        return None
    share = len(said) / (len(said) + len(own))
    return (
        Finding("speaks of the site and of reading it, not of its subject", min(1.0, (share - 0.2) / 0.35))
        if share > 0.2
        else None
    )


@once
def run_together(sight: Sight) -> Finding | None:
    found = [w for w in _TOKEN.findall(sight.prose) if _glued(w)]
    if not found:
        return None
    return Finding(
        f"{plural(len(found), 'word')} run together: {shown(found[0])}", min(1.0, 0.4 + 0.3 * (len(found) - 1))
    )


def _glued(token: str) -> bool:
    """'thesecarers', 'takestheirtime': unknown as a whole, common words when taken apart.

    Identifiers ('dataGridView', 'viewmodel') are left alone: capitals inside, or no little word among the parts.
    """
    word = re.sub(r"[A-Z]{2,}$", "", token)
    if len(word) < 9 or len(word) > 60 or not word[1:].islower() or not word.isascii():
        return False
    if lexicon.commonness(word.lower()) > 1.0:
        return False
    parts = _split(word.lower())
    little = [p for p in parts if p in lexicon.FUNCTION]
    return len(parts) >= 2 and bool(little) and len(parts) <= len(word) / 3 and (len(parts) > 2 or len(little[0]) >= 3)


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


@once
def no_space(sight: Sight) -> Finding | None:
    hits = [
        h
        for h in _NO_SPACE.findall(sight.prose)
        if not re.search(r"\.(?:net|com|org|uk|js|py|cs|io)$", h, re.IGNORECASE)
    ]
    return Finding(f"sentences run together: {shown(hits[0])}", min(1.0, 0.5 * len(hits))) if hits else None


@once
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


@once
def word_salad(sight: Sight) -> Finding | None:
    """Dictionary words in a row with nothing that holds a sentence together."""
    words = [w for w in sight.words if w.isascii()]
    if len(words) < 4 or sight.thread.language not in {None, "en"}:
        return None
    grammar = sum(1 for w in words if w in lexicon.FUNCTION) / len(words)
    rare = sum(1 for w in words if 0.5 < lexicon.commonness(w) < 3.6) / len(words)
    return Finding("rare words in a row without a sentence") if grammar < 0.12 and rare >= 0.5 else None


@once
def no_sentence(sight: Sight) -> Finding | None:
    """Words and never a 'the' or 'is' among them: 'football odds best tips', or keys that were hit blindly."""
    words = sight.words
    if len(words) < 6 or sight.thread.language not in {None, "en"} or sight.language not in {None, "en"}:
        return None
    return None if any(w in lexicon.FUNCTION for w in words) else Finding("words that make no sentence")


@once
def repeated(sight: Sight) -> Finding | None:
    words = sight.words
    if _REPEATED.search(sight.prose) and len(set(sight.prose)) < 12:
        return Finding("one character over and over")
    if len(words) >= 12 and len(set(words)) / len(words) < 0.35:
        return Finding("the same words over and over")
    return None


@once
def no_words(sight: Sight) -> Finding | None:
    return Finding("no words in it") if not sight.words and not sight.links else None


@once
def disguise(sight: Sight) -> Finding | None:
    count = sight.disguises
    return Finding(f"{plural(count, 'hidden or look-alike character')}", min(1.0, 0.5 + count / 6)) if count else None


@once
def other_language(sight: Sight) -> Finding | None:
    mine, page = sight.language, sight.thread.language
    if not mine or not page or mine == page:
        return None
    return Finding("in another language than the page")


@once
def other_script(sight: Sight) -> Finding | None:
    mine = scripts_of(sight.prose)
    others = sight.thread.every_script - sight.thread.scripts[sight.at]
    if not mine or not others or sum(mine.values()) < 3:
        return None
    script, count = mine.most_common(1)[0]
    if count / sum(mine.values()) > 0.5 and others[script] < 0.1 * sum(others.values()):
        return Finding("in another script than the page")
    return None


@once
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


@once
def off_topic(sight: Sight) -> Finding | None:
    """A long comment that shares no word of content with the article or anybody else."""
    words = set(sight.content)
    if len(words) < 6 or (sight.article is None and len(sight.thread.comments) < 3):
        return None
    shared = sight.about_article + sight.about_thread
    return Finding("shares no word with the article or the thread", min(1.0, len(words) / 15)) if not shared else None


@once
def lecture(sight: Sight) -> Finding | None:
    """Tells the world in general how a thing is: nobody speaks, nobody is answered, nothing is asked or disputed."""
    if len(sight.words) < 12 or "?" in sight.own or _SMILEY.search(sight.own) or _OFFENCE.search(sight.own):
        return None
    if _SPEAKER.search(sight.own) or sight.templates:
        return None
    return Finding("a lecture in which nobody speaks", min(1.0, len(sight.words) / 30))


@once
def about_article(sight: Sight) -> Finding | None:
    shared = sight.about_article
    return Finding(f"takes up {plural(shared, 'word')} of the article", min(1.0, shared / 3)) if shared else None


@once
def about_thread(sight: Sight) -> Finding | None:
    shared = sight.about_thread
    return Finding(f"takes up {plural(shared, 'word')} of the thread", min(1.0, shared / 4)) if shared else None


@once
def own_words(sight: Sight) -> Finding | None:
    hits = _SMILEY.findall(sight.own)
    return Finding("written as people chat") if hits else None


@once
def anger(sight: Sight) -> Finding | None:
    return Finding("disagrees or is angry, which sellers are not") if _OFFENCE.search(sight.own) else None


@once
def first_person(sight: Sight) -> Finding | None:
    if sight.templates:
        return None
    return (
        Finding("speaks of its own experience") if len(_I.findall(sight.own)) >= 2 and len(sight.content) >= 5 else None
    )


@once
def technical(sight: Sight) -> Finding | None:
    """Code, versions, and abbreviations that the page uses as well: sellers bring their own (licences, degrees)."""
    hits = {h for h in _TECHNICAL.findall(sight.prose) if not h.isupper() or sight.thread.uses(h)}
    return (
        Finding("holds technical terms or abbreviations", min(1.0, len(hits) / 3)) if hits and not sight.links else None
    )


@once
def question(sight: Sight) -> Finding | None:
    if "?" not in sight.own or sight.templates:
        return None
    return Finding("asks a question") if len(sight.words) >= 3 else None


@once
def substance(sight: Sight) -> Finding | None:
    """Much said in one's own words: long, varied, and without the template phrases."""
    kinds = len(set(sight.content))
    if kinds < 12 or sight.templates or sight.offers:
        return None
    return Finding("says much in its own words", min(1.0, kinds / 40))
