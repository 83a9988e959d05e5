"""Where it stands: how late, after whom, in whose words, and where it was seen before."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from math import log

from cuttings.duplicates.signatures import SHORT, containment, exact_key, shingles
from cuttings.duplicates.text import normalise
from cuttings.spam import lexicon
from cuttings.spam.findings import Finding, once, plural
from cuttings.spam.sight import Sight

_ADDRESSED = re.compile(r"^\s*@|(?:^|\n)\s*(?:>|&gt;)|(?:^|\n)\s*(?:quote:|re:)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"“”]{8,600}[\"”]")
SAME = 0.8
PAGES = 2  # other articles with the same words; more say no more
NEAREST = 500  # earlier comments that are searched for a copied part, so that a thread of thousands stays quick


@once
def late(sight: Sight) -> Finding | None:
    days = sight.age_days
    if days is None or days < 30:
        return None
    return Finding(f"posted {days} days after the article", min(1.0, log(days / 20) / log(1500 / 20)))


@once
def very_late(sight: Sight) -> Finding | None:
    days = sight.age_days
    return Finding(f"posted {days} days after the article") if days is not None and days >= 365 else None


@once
def after_silence(sight: Sight) -> Finding | None:
    days = sight.silence_days
    if days is None or days < 30:
        return None
    return Finding(f"posted after {days} days of silence in the thread", min(1.0, log(days / 15) / log(700 / 15)))


@once
def early(sight: Sight) -> Finding | None:
    days = sight.age_days
    if days is None or not -2 <= days <= 7:
        return None
    return Finding("posted in the week of the article", 1.0 if days <= 2 else 0.7)


@once
def copies_thread(sight: Sight) -> Finding | None:
    """Sentences of an earlier comment under another name, neither quoted nor addressed to its writer."""
    if _ADDRESSED.search(sight.text):
        return None
    mine = sight.thread.names[sight.at]
    copied, words = 0, 0
    for line in sight.lines:
        key = normalise(line)
        count = key.count(" ") + 1
        if count < 5:
            continue
        words += count
        first = sight.thread.lines_said.get(key)
        before = first is not None and first < sight.at and sight.thread.names[first] != mine
        if before or _inside_earlier(sight, key, mine):
            copied += count
    if not copied:
        return None
    return Finding(
        "copies what an earlier reader of the thread wrote, under another name", min(1.0, 0.4 + 0.6 * copied / words)
    )


def _inside_earlier(sight: Sight, key: str, mine: str) -> bool:
    """A part of a sentence, or one with a word changed here and there."""
    padded = f" {key} "
    for at in range(max(0, sight.at - NEAREST), sight.at):
        other = sight.thread.keys[at]
        if sight.thread.names[at] == mine or len(other) < len(key):
            continue
        if padded in f" {other} ":
            return True
    return False


@once
def nearly_copies(sight: Sight) -> Finding | None:
    if copies_thread(sight) or len(sight.words) < SHORT or _ADDRESSED.search(sight.text):
        return None
    mine, own = sight.thread.names[sight.at], sight.own_key
    long = [
        i
        for i in range(max(0, sight.at - NEAREST), sight.at)
        if sight.thread.names[i] != mine and len(sight.thread.keys[i]) >= 0.7 * len(own)
    ]
    small = shingles(own) if long else frozenset()
    if any(containment(small, sight.thread.shingles[i]) >= SAME for i in long):
        return Finding("nearly copies what an earlier reader of the thread wrote, under another name")
    return None


@once
def copies_article(sight: Sight) -> Finding | None:
    if not sight.article or len(sight.words) < SHORT or _ADDRESSED.search(sight.text):
        return None
    body = sight.thread.article_key
    keys = [normalise(s) for s in sight.lines]
    copied = [k for k in keys if k.count(" ") >= 7 and f" {k} " in body]
    # Readers quote what they answer: only a comment that is nothing but the article's words counts.
    if copied and sum(map(len, copied)) >= 0.8 * sum(map(len, keys)):
        return Finding("repeats the article's own sentences and adds nothing")
    return None


@once
def same_text_elsewhere(sight: Sight) -> Finding | None:
    key = sight.thread.keys[sight.at]
    if key.count(" ") + 1 < SHORT:
        return None
    known = sight.thread.known
    if (seen := known.texts.get(exact_key(key))) and seen.pages:
        return Finding(
            f"the same words stand below {plural(seen.pages, 'other article')}", 1.0 if seen.pages >= PAGES else 0.8
        )
    if known.near:
        mine = shingles(normalise(sight.text))
        if any(containment(mine, other.shingles) >= SAME for other in known.near):
            return Finding("nearly the same words stand below another article", 0.8)
    return None


@once
def known_spam_text(sight: Sight) -> Finding | None:
    seen = sight.thread.known.texts.get(exact_key(sight.thread.keys[sight.at])) if sight.thread.keys[sight.at] else None
    if seen and seen.spam:
        return Finding(f"judged spam below {plural(seen.spam, 'other article')}")
    return like_ruled_spam(sight)


@once
def like_ruled_spam(sight: Sight) -> Finding | None:
    """Nearly the words of an elder comment elsewhere that an editor called spam. The elder one may be a reader's whom
    the spammer copied, and who quotes spam to complain of it is a reader too."""
    ruled = sight.thread.known.ruled
    if not ruled or len(sight.words) < SHORT or _ADDRESSED.search(sight.text):
        return None
    mine, posted = shingles(normalise(sight.text)), sight.thread.moments[sight.at]
    for other in ruled:
        if (posted is None or posted >= other.posted) and containment(mine, other.pieces.shingles) >= SAME:
            return Finding("nearly the words that an editor judged spam below another article")
    return None


@once
def known_spam_name(sight: Sight) -> Finding | None:
    """A name that was only ever seen above spam, on more than one page: 'Fred' is many people and is excused."""
    seen = sight.thread.known.names.get(sight.thread.names[sight.at]) if sight.thread.names[sight.at] else None
    if seen and seen.spam and seen.spam >= 0.8 * seen.pages and len(sight.thread.names[sight.at]) >= 6:
        return Finding(
            f"the name stood above spam below {plural(seen.spam, 'other article')}", 1.0 if seen.spam > 1 else 0.7
        )
    return None


@once
def same_name_in_thread(sight: Sight) -> Finding | None:
    mine = sight.thread.names[sight.at]
    others = [i for i, n in enumerate(sight.thread.names) if n == mine and i != sight.at] if mine else []
    different = [i for i in others if sight.thread.keys[i] != sight.thread.keys[sight.at]]
    return Finding("writes more than once in the thread", min(1.0, 0.5 + 0.25 * len(different))) if different else None


@once
def answers(sight: Sight) -> Finding | None:
    """Speaks to somebody of the thread: a reply, an '@', a quotation, a name."""
    if sight.comment.parent is not None:
        return Finding("answers another comment")
    if _ADDRESSED.search(sight.text):
        return Finding("quotes or addresses another reader")
    spoken = set(sight.words)
    authors = {_first(n) for n in sight.thread.names[: sight.at] if n and n != sight.thread.names[sight.at]}
    if sight.article:
        authors |= {part for a in sight.article.authors for part in normalise(a).split()}
    named = [n for n in authors if len(n) > 2 and n in spoken]
    return Finding("speaks to another writer by name") if named else None


def _first(name: str) -> str:
    """The first word of a name where it is one to call somebody by: not of 'social work jobs'."""
    word = name.split()[0]
    return word if word in lexicon.people() or lexicon.commonness(word) < 3 else ""


@once
def quotes(sight: Sight) -> Finding | None:
    return Finding("quotes before it answers") if _QUOTED.search(sight.text) and not sight.links else None


@once
def by_author(sight: Sight) -> Finding | None:
    if sight.comment.by_article_author:
        return Finding("written by the article's author")
    if sight.article and sight.name:
        name = normalise(sight.name)
        if any(
            normalise(a) == name or SequenceMatcher(None, normalise(a), name).ratio() > 0.9
            for a in sight.article.authors
        ):
            return Finding("signed with the name of the article's author")
    return None


@once
def answered(sight: Sight) -> Finding | None:
    """Somebody later replies to it."""
    if any(c.parent == sight.comment.n for c in sight.thread.comments if c.parent is not None):
        return Finding("others answer it")
    return None
