"""Terms of the glossary that occur in a text, and the acronyms that the text itself spells out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_GIVEN = re.compile(r"\(([A-Z][A-Za-z&]{1,9})\)")
_SMALL = frozenset({"of", "and", "the", "for", "to", "in", "on", "a", "an", "by", "with"})


def counts_in(text: str, glossary: Iterable[str]) -> dict[str, int]:
    """The glossary's terms (as it writes them) that occur as whole words, in the order of their first occurrence,
    with how often they do.

    Words in any case, with a plural s, a hyphen or a space; an acronym ('ASC', 'DoLS') only as it is written. A term
    inside a longer one does not count there: 'budget' does not occur in 'personal budget' when both are terms.
    """
    spans: list[tuple[int, int, str]] = []
    for term in glossary:
        if term.strip():
            spans += [(m.start(), m.end(), term) for m in _pattern(term).finditer(text)]
    found: dict[str, int] = {}
    covered = -1
    for _, end, term in sorted(spans, key=lambda s: (s[0], -s[1])):
        if end > covered:
            covered = end
            found[term] = found.get(term, 0) + 1
    return found


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s\-‐‑]+", term.strip()) if word]
    joined = r"[\s\-‐‑\u00a0]+".join(words).replace("'", "['’]")
    acronym = any(sum(c.isupper() for c in word) > 1 for word in term.split())
    plural = r"(?:e?s|['’]s?)?" if term[-1].isalpha() else ""
    return re.compile(rf"(?<![\w-]){joined}{plural}(?![\w-]*\w)", 0 if acronym else re.IGNORECASE)


def expansions_in(text: str) -> dict[str, str]:
    """Acronyms that the text itself explains, as it does: 'Care Act Review (CAR)'."""
    found: dict[str, str] = {}
    for match in _GIVEN.finditer(text):
        acronym = match[1].removesuffix("s") if match[1][-1:] == "s" and match[1][:-1].isupper() else match[1]
        letters = [c.lower() for c in acronym if c.isupper()]
        if len(letters) < 2 or acronym in found:
            continue
        before = list(re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text[max(0, match.start() - 120) : match.start()]))
        offset = max(0, match.start() - 120)
        start = _covering(before, letters)
        if start is not None:
            phrase = text[offset + start : match.start()].strip()
            if not re.search(r"[.;:()\n]", phrase):
                found[acronym] = phrase
    return found


def _covering(words: list[re.Match[str]], letters: list[str]) -> int | None:
    """Where the words begin whose first letters are the acronym's, small words left out or counted."""
    at, need = len(words) - 1, len(letters) - 1
    while at >= 0 and need >= 0:
        word = words[at].group().lower()
        if word[0] == letters[need]:
            need -= 1
        elif word not in _SMALL:
            return None
        at -= 1
    return words[at + 1].start() if need < 0 else None
