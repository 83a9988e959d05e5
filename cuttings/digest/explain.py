"""Words explained: the council's glossary, as far as the page uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cuttings.glossary import counts_in
from cuttings.model import Entry, Theme, Words

MOST_TERMS = 6


def explained(
    texts: Iterable[str],
    glossary: Mapping[str, str],
    themes: Iterable[Theme],
    most: int = MOST_TERMS,
    spelt: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """At most `most` terms that occur as whole words, in any case and with a plural s, in alphabetical order.

    Where more occur than fit, terms that a printed theme names go first, then acronyms, then what occurs most, and last
    the acronyms that no glossary has and an article spells out (`spelt`), in the article's own words.
    """
    text = "\n".join(texts)
    named = {term.casefold() for theme in themes for term in theme.glossary}
    found = []
    for term, times in counts_in(text, glossary).items():
        if meaning := glossary[term].strip():
            rank = (term.casefold() not in named, not term.isupper(), -times, term.casefold())
            found.append((rank, Entry(term[:1].upper() + term[1:], Words(meaning, "configuration"))))
    for acronym in unexplained_acronyms([text], glossary):
        bare = acronym.removesuffix("s")
        if meaning := (spelt or {}).get(bare, "") if f"({acronym})" not in text else "":
            found.append(((True, True, 0, bare.casefold()), Entry(bare, Words(meaning, "source"))))
    chosen = [entry for _, entry in sorted(found, key=lambda pair: pair[0])[:most]]
    return tuple(sorted(chosen, key=lambda entry: entry.term.casefold()))


def acronyms(glossary: Mapping[str, str]) -> Mapping[str, str]:
    """The terms that are one word of two capitals or more: 'CQC', 'DoLS'."""
    return {t: words for t, words in glossary.items() if len(t.split()) == 1 and sum(c.isupper() for c in t) > 1}


_ACRONYM = re.compile(r"\b[A-Z]{2,6}s?\b")
KNOWN_TO_ALL = frozenset({"UK", "MP", "MPs", "TV", "NHS", "BBC", "OK", "PM", "EU", "US", "ID", "AM", "II", "III", "IV"})


def unexplained_acronyms(texts: Iterable[str], glossary: Mapping[str, str]) -> tuple[str, ...]:
    """Acronyms that are printed and stand in no glossary: for the officer who keeps it, never printed."""
    known = {term.casefold() for term in glossary}
    found = {match for text in texts for match in _ACRONYM.findall(text)}
    return tuple(sorted(a for a in found if a not in KNOWN_TO_ALL and a.rstrip("s").casefold() not in known))
