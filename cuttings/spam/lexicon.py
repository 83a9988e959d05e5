"""The words that the rules know: trades, praise, places, people. Common knowledge, one plain list a file in words/.

A list is evidence, never a verdict: a care provider may write 'agency', a reader may be called 'Rose'.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import log10


def lines(name: str) -> list[str]:
    """The lines of words/NAME.txt without its comments."""
    text = (files("cuttings.spam") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in lines(name) for word in line.split())


TRADE = _words("trade")
MILD = _words("mild")
PUSH = _words("push")
OF_SELF = _words("self")
MOODS = _words("moods")
ROLES = _words("roles")
ORGANISATIONS = _words("organisations")
FIRMS = _words("firms")
OF_THE_SITE = _words("sitewords")
ASKING = _words("asking")
FUNCTION = _words("function")
PRAISE = _words("praise")
PLACES = _words("places")
SHORTENERS = _words("shorteners")
KNOWN_HOSTS = _words("known_hosts")
IDENTITIES = tuple(_words("identities"))
ODD_ENDINGS = _words("odd_endings")
NAMES_OR_WORDS = _words("names_or_words")
NAMES_ALWAYS = _words("names_always")
LANGUAGE_WORDS = {line.split(":")[0]: frozenset(line.split(":")[1].split()) for line in lines("languages")}


@cache
def people() -> frozenset[str]:
    """First names of some forty languages, in lower case without accents."""
    return _words("people")


@cache
def surnames() -> frozenset[str]:
    """Surnames that are in lists of English words as well, in lower case without accents."""
    return _words("surnames")


@cache
def _english() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    frequencies: dict[str, float] = get_frequency_dict("en", wordlist="best")
    return frequencies


def commonness(word: str) -> float:
    """How common a lower-case word is in English: 0 unknown, 3 once in a million, 6 once in a thousand."""
    frequency = _english().get(word)
    return max(0.0, log10(frequency) + 9) if frequency else 0.0
