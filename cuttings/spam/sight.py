"""What the rules look at: one comment, its thread, its article and what is known of other threads, made ready once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from cuttings.duplicates.signatures import Signature, shingles
from cuttings.duplicates.text import MOST, disguised, legible, normalise, unquoted
from cuttings.model import Article, Comment, when
from cuttings.spam import lexicon, phrases

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_TAG = re.compile(r"<[^<>]{0,300}>|\[/?(?:url|link|b|i|img)[^\[\]]{0,200}\]", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s<>\"'\])]{2,300}|\bwww\.[^\s<>\"'\])]{2,300}|\b[a-z0-9-]{2,40}\.(?:com|net|org|info|biz|co\.uk|co|io|ru|pl|de|cn|in|shop|online|site|store|xyz)\b(?:/[^\s<>\"'\])]{0,200})?",
    re.IGNORECASE,
)
_WORDS_WITH_DOTS = (
    ".net",
    ".io",
    ".js",
    ".py",
    ".md",
    ".cs",
    ".config",
    ".zip",
    ".xml",
    ".php",
    ".exe",
    ".dll",
    ".rb",
    ".sh",
)
_HOST = re.compile(r"^(?:[a-z]+:)?(?://)?(?:[^/@\s]*@)?([a-z0-9.-]+)", re.IGNORECASE)
MOST_OF_A_NAME = 120
MOST_TO_JUDGE = 8_000  # characters; what is sold is sold by then, and patterns stay quick on nonsense
_SAME_AGAIN = re.compile(r"([^\w\n])\1{12,}")
_BLANK = re.compile(r"\n[ \t\r]{0,200}\n[ \t\r\n]{0,2000}\n")
_ENDLESS = re.compile(r"(\S{200})\S+")
_QUOTES = re.compile(r"[\"“«][^\"“”«»]{8,600}[\"”»]")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """On how many other articles a text or a name was seen, and how many of those comments were judged spam."""

    pages: int
    spam: int = 0


@dataclass(frozen=True, slots=True)
class RuledSpam:
    """A comment elsewhere that an editor called spam: what it is compared by, and when it was posted."""

    pieces: Signature
    posted: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of other threads; the store answers it for one thread, `memory.Memory` keeps it in memory.

    `texts`: exact key of the normalised text -> Elsewhere; `names`: normalised name -> Elsewhere;
    `near`: signatures of comments elsewhere that share a band with one of the thread; `ruled`: those among them that
    an editor called spam.
    """

    texts: Mapping[str, Elsewhere] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, Elsewhere] = field(default_factory=lambda: MappingProxyType({}))
    near: tuple[Signature, ...] = ()
    ruled: tuple[RuledSpam, ...] = ()


NOTHING_KNOWN = Known()


class Thread:
    """An article and the comments below it, with what all of them share worked out once."""

    def __init__(self, article: Article | None, comments: Sequence[Comment], known: Known = NOTHING_KNOWN) -> None:
        self.article, self.comments, self.known = article, tuple(comments), known
        self.published = when(article.published) if article else None
        self.texts = tuple(_broken_up(legible((c.text or "")[:MOST_TO_JUDGE])) for c in self.comments)
        self.keys = tuple(normalise(c.text) for c in self.comments)
        self.names = tuple(normalise((c.author or "")[:MOST_OF_A_NAME]) for c in self.comments)
        self.moments = tuple(when(c.posted) for c in self.comments)

    @cached_property
    def article_words(self) -> frozenset[str]:
        if not self.article:
            return frozenset()
        a = self.article
        return frozenset(_stems(words_of(legible(" ".join(filter(None, (a.title, a.standfirst, a.text[: MOST * 2])))))))

    @cached_property
    def title_words(self) -> frozenset[str]:
        title = self.article.title if self.article else None
        return frozenset(w.removesuffix("s")[:7] for w in words_of(legible(title or "")))

    @cached_property
    def shingles(self) -> tuple[frozenset[int], ...]:
        """Of each comment, for near copies; worked out only when a comment asks."""
        return tuple(map(shingles, self.keys))

    @cached_property
    def scripts(self) -> tuple[Counter[str], ...]:
        return tuple(scripts_of(t[:1000]) for t in self.texts)

    @cached_property
    def every_script(self) -> Counter[str]:
        """Of the article and all comments together: asked once, or a thread of ten thousand takes as many squared."""
        every = self.article_scripts.copy()
        for one in self.scripts:
            every.update(one)
        return every

    @cached_property
    def article_scripts(self) -> Counter[str]:
        return scripts_of(f"{self.article.title or ''} {self.article.text[:2000]}") if self.article else Counter()

    @cached_property
    def article_key(self) -> str:
        return f" {normalise(self.article.text)} " if self.article else " "

    @cached_property
    def spoken(self) -> Counter[str]:
        """In how many comments of the thread each word stem occurs."""
        return Counter(s for text in self.texts for s in set(_stems(words_of(text))))

    def uses(self, word: str) -> bool:
        """Does the article, or more than one comment, use the word?"""
        stem = next(iter(_stems([word.lower()])), None)
        return stem is not None and (stem in self.article_words or self.spoken[stem] > 1)

    @cached_property
    def language(self) -> str | None:
        """What most of the page is written in, if it can be told."""
        if self.article and self.article.language:
            return self.article.language[:2].lower()
        votes = Counter(filter(None, (language_of(words_of(t)) for t in self.texts)))
        if self.article and (own := language_of(words_of(legible(f"{self.article.title} {self.article.text[:3000]}")))):
            votes[own] += 3
        return votes.most_common(1)[0][0] if votes else None

    @cached_property
    def lines_said(self) -> Mapping[str, int]:
        """Normalised sentence -> position of the first comment that says it; sentences of five words or more."""
        said: dict[str, int] = {}
        for at, text in enumerate(self.texts):
            for line in sentences(text):
                key = normalise(line)
                if key.count(" ") >= 4:
                    said.setdefault(key, at)
        return said


@dataclass(frozen=True)
class Sight:
    """One comment as the rules see it. Everything is worked out when it is first asked for."""

    thread: Thread
    at: int  # position in the thread
    found: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # look -> what it found

    @property
    def comment(self) -> Comment:
        return self.thread.comments[self.at]

    @property
    def article(self) -> Article | None:
        return self.thread.article

    @property
    def text(self) -> str:
        return self.thread.texts[self.at]

    @cached_property
    def prose(self) -> str:
        """The words a person would read aloud: without tags, addresses and quoted lines."""
        return _ADDRESS.sub(" ", _TAG.sub(" ", unquoted(self.text))).strip()

    @cached_property
    def own(self) -> str:
        """The prose without what stands in quotation marks."""
        own = _QUOTES.sub(" ", self.prose)
        return own if len(own) > 15 else self.prose

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(words_of(self.prose))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Words that carry meaning: neither grammar nor general praise."""
        return tuple(w for w in self.words if w not in lexicon.FUNCTION and w not in lexicon.PRAISE and len(w) > 2)

    @cached_property
    def name(self) -> str:
        return legible((self.comment.author or "")[:MOST_OF_A_NAME])

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        return tuple(words_of(re.sub(r"[-_.|/&+]+", " ", self.name)))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Addresses in text and markup, each once; without the stubs ('http://site...') that shortening leaves."""
        found = [*(a[:300] for a in self.comment.links[:200]), *_ADDRESS.findall(self.text)]
        whole = dict.fromkeys(a.strip().rstrip(".,;:)]\"'") for a in found if a and not a.startswith("#"))
        return tuple(a for a in whole if a and not a.startswith("/") and host_of(a) and not self._is_a_word(a))

    def _is_a_word(self, address: str) -> bool:
        """'asp.net', 'node.io' and 'README.md' look like hosts: only what is written as an address is taken for one."""
        bare = address.lower().removeprefix("http://").removeprefix("https://").rstrip("/")
        if "/" in bare or bare.startswith("www.") or not bare.endswith(_WORDS_WITH_DOTS):
            return False
        written = self.text.lower()
        return f"//{bare}" not in written and f"www.{bare}" not in written

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(h for a in self.links if (h := host_of(a))))

    @cached_property
    def disguises(self) -> int:
        return disguised(self.comment.text) + disguised(self.comment.author)

    @cached_property
    def age_days(self) -> int | None:
        """Whole days from the article's publication to the comment; None where either has no date."""
        moment = self.thread.moments[self.at]
        if self.thread.published is None or moment is None:
            return None
        return (moment - self.thread.published).days

    @cached_property
    def silence_days(self) -> int | None:
        """Days since the comment before it in the thread (by date); None for the first."""
        moment = self.thread.moments[self.at]
        if moment is None:
            return None
        before = [m for i, m in enumerate(self.thread.moments) if m is not None and i != self.at and m < moment]
        return (moment - max(before)).days if before else None

    @cached_property
    def about_article(self) -> int:
        """How many different content words it shares with the article."""
        return len(set(_stems(self.content)) & self.thread.article_words)

    @cached_property
    def about_thread(self) -> int:
        """How many different content words it shares with other comments of the thread."""
        return sum(1 for s in set(_stems(self.content)) if self.thread.spoken[s] > 1)

    @cached_property
    def language(self) -> str | None:
        return language_of(self.words)

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """Phrases of praise that fits anywhere, in its own words."""
        return tuple(phrases.templates(self.own))

    @cached_property
    def offers(self) -> tuple[str, ...]:
        return tuple(phrases.offers(self.text))

    @cached_property
    def own_key(self) -> str:
        return normalise(self.own)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(sentences(self.own))


def _broken_up(text: str) -> str:
    """Runs without a space cut to what an address needs: patterns take quadratic time on 8,000 letters in a row."""
    return _SAME_AGAIN.sub(r"\1" * 12, _BLANK.sub("\n\n", _ENDLESS.sub(r"\1 ", text)))


def words_of(text: str) -> list[str]:
    """Lower-case words, apostrophes kept and straightened: "don’t" -> "don't"."""
    return [w.lower().replace("’", "'") for w in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.split(text) if s.strip()]


def host_of(address: str) -> str | None:
    match = _HOST.match(address.strip())
    host = match[1].lower().removeprefix("www.") if match else ""
    return host if "." in host.strip(".") else None


def _stems(words: Sequence[str]) -> list[str]:
    """Crude stems, so that 'carer', 'carers' and "carer's" meet: the first seven letters without a plural s."""
    kept = (w.split("'")[0] for w in words if w not in lexicon.FUNCTION and w not in lexicon.PRAISE)
    return [w.removesuffix("s")[:7] for w in kept if len(w) > 2]


def language_of(words: Sequence[str]) -> str | None:
    """The language whose little words hold the text together; None when it is too short or unclear to tell."""
    if len(words) < 4:
        return None
    scores = {
        language: sum(1 for w in words if w in little) / len(words)
        for language, little in lexicon.LANGUAGE_WORDS.items()
    }
    best, second = sorted(scores, key=lambda k: -scores[k])[:2]
    return best if scores[best] >= 0.15 and scores[best] >= 1.5 * scores[second] else None


def scripts_of(text: str) -> Counter[str]:
    """How many letters of each script: latin, cyrillic, greek, arabic, hebrew, indic, thai, cjk, other."""
    text = text[:4000]
    if text.isascii():  # nearly all that is written here
        letters = sum(map(str.isalpha, text))
        return Counter({"latin": letters} if letters else {})
    return Counter(_script(ord(char)) for char in text if char.isalpha())


def _script(point: int) -> str:
    for end, script in _SCRIPTS:
        if point < end:
            return script
    return "other"


_SCRIPTS = (
    (0x0370, "latin"),
    (0x0400, "greek"),
    (0x0530, "cyrillic"),
    (0x0590, "other"),
    (0x0600, "hebrew"),
    (0x0780, "arabic"),
    (0x0900, "other"),
    (0x0E00, "indic"),
    (0x0E80, "thai"),
    (0x1E00, "other"),
    (0x2000, "latin"),
    (0x2E80, "other"),
    (0xA4D0, "cjk"),
    (0xAC00, "other"),
    (0xD7B0, "cjk"),
    (0xFB00, "cjk"),
)
