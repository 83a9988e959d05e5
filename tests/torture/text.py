"""Hostile text in every field that a stranger can fill: judging and the search for copies see through it, or shrug."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from time import process_time

from cuttings.duplicates import StoryIndex, normalise, repeats, signature
from cuttings.model import Article, Comment
from cuttings.spam import judge
from tests.torture.rows import Row

LIMIT = 2.0  # CPU seconds for one string in one field
FIELDS = ("text", "author", "author_url", "links", "title", "body")
MARKS = [chr(c) for c in range(0x300, 0x370)]
HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LOOKALIKE = str.maketrans("aeopcyxi", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456")
MATHS = (0x1D400, 0x1D434, 0x1D468, 0x1D5A0, 0x1D670)  # bold, italic, … capitals; the small letters follow
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"

SPAM = (
    "We are a leading provider of stairlifts, visit our website for a free quote today",
    "Great post! I have bookmarked your website and will be coming back, keep up the good work",
    "Buy cheap pills online without prescription, lowest prices and free shipping, order now",
)
READERS = (
    "My mother waited nine weeks for a hoist and nobody rang. She is 91 and I lift her myself.",
    "I don't agree with the last speaker. The panel never met and we were told so in writing.",
    "Thank you for printing this, it is what happened to my brother as well.",
)
_EARLY, _LATE = "2014-03-11T09:00:00", "2015-01-05T09:00:00"


def _mathematical(text: str, chance: random.Random) -> str:
    upper = chance.choice(MATHS)
    return "".join(
        chr(upper + ord(c) - 65) if "A" <= c <= "Z" else chr(upper + 26 + ord(c) - 97) if "a" <= c <= "z" else c
        for c in text
    )


def _sprinkled(text: str, chance: random.Random, among: str, share: float = 0.2) -> str:
    return "".join(c + chance.choice(among) if chance.random() < share else c for c in text)


# What hides words: under each of them a person reads the same as before.
DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "zero-width inside words": lambda t, c: _sprinkled(t, c, HIDDEN),
    "direction overrides": lambda t, c: _sprinkled(t, c, OVERRIDES, 0.1),
    "homoglyphs": lambda t, _: t.translate(LOOKALIKE),
    "accents piled up": lambda t, c: _sprinkled(t, c, "".join(MARKS), 0.5),
    "zalgo": lambda t, c: "".join(x + "".join(c.choices(MARKS, k=4)) for x in t),
    "mathematical letters": _mathematical,
    "full width": lambda t, _: "".join(chr(ord(x) + 0xFEE0) if "!" <= x <= "~" else x for x in t),
    "control characters between": lambda t, c: t.replace(" ", " " + c.choice("\x07\x1b\x9b\x00")),
    "entities": lambda t, c: "".join(f"&#{ord(x)};" if c.random() < 0.2 and x.isalpha() else x for x in t),
}
# What is only odd: readers' machines write it too.
ODDITIES: dict[str, Callable[[str, random.Random], str]] = {
    "a family of emoji": lambda t, _: f"{t} {FAMILY}",
    "typesetter's soft hyphens": lambda t, _: t.replace("ti", "t\u00adi"),
    "a byte-order mark in front": lambda t, _: "\ufeff" + t,
    "non-breaking spaces": lambda t, _: t.replace(" ", "\u00a0"),
    "curly quotes and dashes": lambda t, _: t.replace("'", "\u2019").replace(", ", " \u2014 "),
    "a lone surrogate": lambda t, _: t + "\ud83d",
    "a NUL at the end": lambda t, _: t + "\x00",
    "direction marks of a Hebrew keyboard": lambda t, _: "\u200f" + t + "\u200e",
    "Vietnamese name in it": lambda t, _: t + " Nguy\u1ec5n Th\u1ecb Thu\u0301y",
}
FLOODS: dict[str, Callable[[random.Random, int], str]] = {
    "a megabyte without a space": lambda c, n: c.choice("ax0é") * n,
    "marks alone": lambda c, n: c.choice(MARKS) * n,
    "zalgo": lambda c, n: ("a" + "".join(c.choices(MARKS, k=6))) * (n // 7),
    "zero-width": lambda c, n: c.choice(HIDDEN) * n,
    "overrides": lambda c, n: (c.choice(OVERRIDES) + "evil") * (n // 5),
    "NUL": lambda _, n: "\x00" * n,
    "control": lambda c, n: "".join(chr(c.randrange(32)) for _ in range(1000)) * (n // 1000),
    "lone surrogates": lambda c, n: chr(c.randrange(0xD800, 0xE000)) * n,
    "emoji joined": lambda _, n: FAMILY * (n // 7),
    "any characters at all": lambda c, n: "".join(chr(c.randrange(0x110000)) for _ in range(min(n, 4000))),
    "mark-up never closed": lambda c, n: c.choice(["<a ", "[url=", "<!--", "{x|", "&#", "http://", "&amp;"]) * (n // 6),
    "quotes never closed": lambda c, n: c.choice("\"'“«>|") * n,
    "lines": lambda c, n: c.choice(["\n", ">\n", " \t\n", "\r"]) * (n // 2),
    "addresses": lambda _, n: "http://a.b/c?d=e@f:g " * (n // 21),
    "figures": lambda c, n: c.choice(["+1-1 ", "£9", "0" * 9]) * (n // 5),
    "praise for ever": lambda _, n: "the best blog post keep it up " * (n // 30),
    "Thai without spaces": lambda _, n: "\u0e01\u0e34" * (n // 2),
    "mathematical letters": lambda c, n: _mathematical("buy pills now ", c) * (n // 14),
}


def rows(quick: bool) -> Iterable[Row]:
    chance = random.Random(4)
    yield from _floods(chance, 1 if quick else 40, 60_000 if quick else 1_000_000)
    yield from _disguised(chance, 3 if quick else 60)
    yield from _odd(chance, 3 if quick else 60)


def _floods(chance: random.Random, each: int, size: int) -> Iterator[Row]:
    """Every flood in every field: no error, no more than LIMIT, and the comment beside it is judged as ever."""
    for name, make in FLOODS.items():
        tried, bad, slowest, said = 0, 0, 0.0, ""
        for n in range(each):
            # The largest once: a megabyte a field is what a page may hold at most.
            nasty = make(chance, size if n == 0 else chance.randrange(1, 20_000))
            for field in FIELDS:
                tried += 1
                started = process_time()
                try:
                    outcome = _beside(nasty, field)
                except Exception as error:  # whatever it is, it is what we look for
                    bad, said = bad + 1, f"{field}: {type(error).__name__}: {str(error)[:80]}"
                    continue
                spent = process_time() - started
                slowest = max(slowest, spent)
                if spent > LIMIT or outcome != "genuine":
                    bad, said = bad + 1, f"{field}: {outcome}, {spent:.1f} CPU s"
        yield Row(name, tried, bad, said or f"slowest {slowest:.2f} CPU s")


def _beside(nasty: str, field: str) -> str:
    """What becomes of an ordinary comment on a page with the nasty string in one of its fields."""
    article = Article(
        "a",
        None,
        title=nasty if field == "title" else "Fifteen-minute visits",
        published="2014-03-10",
        authors=(nasty,) if field == "author" else (),
        paragraphs=(nasty if field == "body" else "Councils still commission home care visits of fifteen minutes.",),
    )
    odd = _comment(nasty if field == "text" else "Good point.", 1, author=nasty if field == "author" else "Jo")
    odd = Comment(
        *(odd.key, "a", 1, odd.author),
        nasty if field == "author_url" else None,
        False,
        _EARLY,
        odd.text,
        None,
        (nasty,) if field == "links" else (),
    )
    verdicts = judge(article, (odd, _comment(READERS[0], 2)))
    signature(nasty)
    index = StoryIndex()
    index.add("x", nasty, nasty, authors=(nasty[:1000],))
    apart = index.add("y", "Visits", "A text of its own about visits and the people who pay for them.")
    return verdicts[1].outcome if apart.membership.story == "y" else "joined a story it has nothing to do with"


def _disguised(chance: random.Random, each: int) -> Iterator[Row]:
    """Spam with its letters hidden is set aside as its plain twin is, and is the same text to the index of copies."""
    for name, hide in DISGUISES.items():
        tried, bad, said = 0, 0, ""
        for n in range(each):
            plain = SPAM[n % len(SPAM)]
            hidden = hide(plain, chance)
            outcome = _alone(hidden, "stairlift deals", _LATE)
            twice = (_comment(plain, 1), _comment(hidden, 2))
            found = normalise(plain) == normalise(hidden) or bool(repeats(twice))
            tried += 1
            if outcome == "genuine" or not found:
                bad, said = bad + 1, f"{outcome}, {'found' if found else 'not found'} as a copy: {hidden[:40]!r}"
        yield Row(f"spam under {name}", tried, bad, said)


def _odd(chance: random.Random, each: int) -> Iterator[Row]:
    """A reader's comment with odd characters in it stays a reader's."""
    for name, change in ODDITIES.items():
        tried, bad, said = 0, 0, ""
        for n in range(each):
            outcome = _alone(change(READERS[n % len(READERS)], chance), "Moira Platt", _EARLY)
            tried += 1
            if outcome != "genuine":
                bad, said = bad + 1, f"{outcome}: {READERS[n % len(READERS)][:40]!r}"
        yield Row(f"a reader with {name}", tried, bad, said)


def _alone(text: str, author: str, posted: str) -> str:
    article = Article(
        "a", None, title="Fifteen-minute visits", published="2014-03-10", paragraphs=("Home care visits.",)
    )
    (verdict,) = judge(article, (_comment(text, 1, author=author, posted=posted),))
    return verdict.outcome


def _comment(text: str, n: int, *, author: str = "Moira Platt", posted: str = _EARLY) -> Comment:
    return Comment(f"k{n}", "a", n, author, None, False, posted, text)
