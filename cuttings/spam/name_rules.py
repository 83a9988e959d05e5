"""What the name says: people have names and nicknames, sellers sign with what they sell."""

from __future__ import annotations

import re

from cuttings.duplicates.text import normalise
from cuttings.spam import lexicon
from cuttings.spam.findings import Finding, once, shown
from cuttings.spam.sight import Sight, host_of, scripts_of

_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$|^\S+\.[a-z]{2,12}(?:/\S*)?$", re.IGNORECASE)
_IN_PLACE = re.compile(r"(?:\w+ ){0,3}?(\w+)\s+(?:in|near|to|from|around)\s+\w+", re.IGNORECASE)
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}", re.IGNORECASE)


def _plain(word: str) -> str:
    return normalise(word).replace(" ", "")


def _person(sight: Sight) -> bool:
    """Does it hold a first name? 'Barry - Web Development Blog' is Barry with his blog; 'trik dan tips' is no Dan."""
    named = [_plain(w) in lexicon.people() for w in sight.name_words]
    if len(named) <= 2:
        return any(named)
    capital = any(w[:1].isupper() for w in re.split(r"\W+", sight.name) if w)
    return (
        named[0]
        or (capital and any(named[:3]))
        or (capital and any(w in lexicon.surnames() for w in sight.name_words[-1:]))
    )


def _describes_self(sight: Sight) -> bool:
    """'Concerned citizen', 'can't print it', 'Some guy', 'How do I change it?': a reader in a mask, not a seller."""
    words = set(sight.name_words)
    if words & (lexicon.MOODS | lexicon.ASKING) or "?" in sight.name or sight.name_words[:1] == ("help",):
        return True
    # 'no credit check loans' holds a 'no', and two things that are sold.
    if words & lexicon.OF_SELF and len(_trades(sight)) < 2:
        return True
    # 'Student, second year' and 'Night nurse' are readers, 'Student loans' sells.
    parts = [re.findall(r"[^\W\d_]+", part.lower()) for part in re.split(r"[,(]", sight.name)]
    if any(part and part[-1] in lexicon.ROLES for part in parts):
        return True
    # 'J. Threlkeld, physio': what stands behind a comma says what somebody is, unless he sells before it.
    return len(parts) > 1 and bool(parts[1]) and not _sells(parts[0]) and not set(parts[1]) & lexicon.PUSH


def _sells(words: list[str]) -> bool:
    return any(w in lexicon.TRADE or w.removesuffix("s") in lexicon.TRADE or w in lexicon.PUSH for w in words)


def _body(sight: Sight) -> bool:
    """'Harbour Carers' Forum', 'Centre for Independent Living': speaks for people, whatever it is about."""
    words = sight.name_words
    return len(words) >= 2 and any(w in lexicon.ORGANISATIONS for w in words) and not set(words) & lexicon.PUSH


def _trades(sight: Sight) -> list[str]:
    return [w for w in sight.name_words if w in lexicon.TRADE or w.removesuffix("s") in lexicon.TRADE]


@once
def trade(sight: Sight) -> Finding | None:
    trades = _trades(sight)
    strong = [w for w in trades if w not in lexicon.MILD]
    pushed = [w for w in sight.name_words if w in lexicon.PUSH]
    if (_person(sight) and not (strong and pushed)) or _describes_self(sight) or _body(sight) or address(sight):
        return None
    # 'Social care training' ends in what it sells; 'Nurse, ward 9' does not.
    ends_in_it = len(sight.name_words) >= 2 and sight.name_words[-1] in lexicon.TRADE and "," not in sight.name
    if strong or len(trades) >= 2 or ends_in_it or (trades and (pushed or _place(sight))):
        return Finding(
            f"the name {shown(sight.name)} is a trade, not a person", 1.0 if len(sight.name_words) > 1 else 0.7
        )
    return None


@once
def mild_trade(sight: Sight) -> Finding | None:
    trades = _trades(sight)
    if not trades or trade(sight):
        return None
    return Finding(f"the name {shown(sight.name)} holds a word of a trade")


@once
def phrase(sight: Sight) -> Finding | None:
    """Two or more dictionary words and no first name: 'garden room ideas'."""
    words = sight.name_words
    if len(words) < 2 or _person(sight) or _describes_self(sight) or _body(sight) or trade(sight) or address(sight):
        return None
    if any(_plain(w) in lexicon.surnames() for w in words):
        return None
    known = [w for w in words if len(w) > 2 and lexicon.commonness(w) >= 2.6]
    if len(known) < len([w for w in words if len(w) > 2]) or len(known) < 2:
        return None
    small = sum(1 for w in known if w not in lexicon.FUNCTION)
    return Finding(f"the name {shown(sight.name)} is a phrase, not a person") if small >= 2 else None


@once
def thing(sight: Sight) -> Finding | None:
    """A single common word that is nobody's name: 'homepage', 'betting', 'turkey'."""
    words = sight.name_words
    if len(words) != 1 or _person(sight) or _describes_self(sight) or trade(sight):
        return None
    common = lexicon.commonness(words[0])
    if common < 3.2 or len(words[0]) < 4:
        return None
    return Finding(f"the name {shown(sight.name)} is a common word", min(1.0, (common - 2.7) / 1.5))


def _place(sight: Sight) -> bool:
    return any(w in lexicon.PLACES for w in sight.name_words)


@once
def place_service(sight: Sight) -> Finding | None:
    words = sight.name_words
    if _person(sight) or _describes_self(sight) or len(words) < 2 or address(sight):
        return None
    others = [w for w in words if w not in lexicon.PLACES and lexicon.commonness(w) >= 2.6]
    # 'Hotels in Aberdaron', 'taxi to LHR': what is sold, a little word, a place that no list knows.
    sold = _IN_PLACE.match(sight.name)
    somewhere = sold and (sold[1].lower() in lexicon.TRADE or sold[1].lower().removesuffix("s") in lexicon.TRADE)
    if (_place(sight) and others) or somewhere:
        return Finding(f"the name {shown(sight.name)} is a place with a service")
    return None


@once
def pushy(sight: Sight) -> Finding | None:
    words = sight.name_words
    if len(words) < 2 or _person(sight) or _describes_self(sight):
        return None
    hits = [w for w in words if w in lexicon.PUSH and w != "your"]
    return Finding(f"the name {shown(sight.name)} advertises ({shown(hits[0])})") if hits else None


@once
def many_words(sight: Sight) -> Finding | None:
    count = len(sight.name_words)
    if count < 3 or _person(sight) or _describes_self(sight) or address(sight):
        return None
    return Finding(f"a name of {count} words", min(1.0, (count - 2) / 3))


@once
def lower_phrase(sight: Sight) -> Finding | None:
    words = re.findall(r"[^\W\d_]{2,}", sight.name)
    if len(words) < 2 or " " not in sight.name or _person(sight) or _describes_self(sight) or address(sight):
        return None
    small = sum(1 for w in words if w.islower())
    if small == len(words) or (len(words) >= 3 and small >= len(words) / 2):
        return Finding(f"the name {shown(sight.name)} is several words in lower case")
    return None


@once
def address(sight: Sight) -> Finding | None:
    host = host_of(sight.name) if _ADDRESS.match(sight.name) else None
    # Signing in with an address of one's own was how OpenID worked.
    if not host or host.endswith(lexicon.IDENTITIES):
        return None
    return Finding(f"the name {shown(sight.name)} is a web address")


@once
def other_script(sight: Sight) -> Finding | None:
    name, page = scripts_of(sight.name), scripts_of(sight.text)
    if not name or not page:
        return None
    mine, theirs = name.most_common(1)[0][0], page.most_common(1)[0][0]
    return Finding(f"the name {shown(sight.name)} is in another script than the words") if mine != theirs else None


@once
def other_language(sight: Sight) -> Finding | None:
    """Several words, none of them English or a name, below an English page."""
    words = [w for w in sight.name_words if len(w) > 2]
    if (
        len(words) < 2
        or _person(sight)
        or sight.thread.language not in {None, "en"}
        or sight.language not in {None, "en"}
    ):
        return None
    strange = [w for w in words if lexicon.commonness(w) < 2.2]
    lower = sum(1 for w in re.split(r"\s+", sight.name) if w[:1].islower())
    # Two capitals and no name that a list knows may still be somebody's name; 'ucuz uçak bileti' is nobody's.
    if len(strange) >= 2 and lower >= 2:
        return Finding(f"the name {shown(sight.name)} is a phrase in another language")
    return None


@once
def gibberish(sight: Sight) -> Finding | None:
    word = sight.name.strip()
    if " " in word or len(word) < 7 or not word.isalpha() or not word.isascii() or _person(sight):
        return None
    vowels = len(re.findall(r"[aeiouy]", word.lower()))
    if _CONSONANTS.search(word) or vowels / len(word) < 0.2:
        return Finding(f"the name {shown(sight.name)} is letters at random")
    return None


@once
def organisation(sight: Sight) -> Finding | None:
    return Finding(f"the name {shown(sight.name)} is a body's that speaks for people") if _body(sight) else None


@once
def firm(sight: Sight) -> Finding | None:
    words = sight.name_words
    if len(words) < 2 or words[-1] not in lexicon.FIRMS or _describes_self(sight):
        return None
    return Finding(f"the name {shown(sight.name)} is a firm's")


@once
def person(sight: Sight) -> Finding | None:
    if len(sight.name_words) > 4 or _trades(sight):
        return None
    full = len(sight.name_words) >= 2
    if _person(sight):
        said = f"signed with a person's name, {shown(sight.name)}" if full else "signed with a first name"
        return Finding(said, 1.0 if full else 0.6)
    if _shaped_like_a_name(sight):
        return Finding(f"signed with what may be a person's name, {shown(sight.name)}", 0.6)
    return None


def _shaped_like_a_name(sight: Sight) -> bool:
    """'Oyelaran Ajibade', 'P. Nwosu': no list knows everybody's name, and rare names must not cost their bearers."""
    parts = sight.name.split()
    if not 2 <= len(parts) <= 3 or _describes_self(sight) or firm(sight) or _body(sight):
        return False
    if any(w in lexicon.PUSH or w in lexicon.PLACES for w in sight.name_words):
        return False
    if not all(re.fullmatch(r"[^\W\d_]\.?|[^\W\d_]+(?:[-'’][^\W\d_]+)*", p) and p[0].isupper() for p in parts):
        return False
    if any(p.isupper() and len(p) > 2 for p in parts):
        return False
    return any(len(w) > 2 and lexicon.commonness(w) < 3.0 for w in sight.name_words)


@once
def self_description(sight: Sight) -> Finding | None:
    if _person(sight) or not _describes_self(sight):
        return None
    return Finding(f"the name {shown(sight.name)} describes a reader")


@once
def handle(sight: Sight) -> Finding | None:
    """One invented word, as people sign themselves on the web: 'mvanrijn', 'sk8rboi77'."""
    name = sight.name.strip()
    if " " in name or len(name) < 3 or "." in name or _person(sight) or gibberish(sight):
        return None
    if not sight.name_words or any(lexicon.commonness(w) >= 2.8 for w in sight.name_words):
        return None
    return Finding(f"signed with a nickname, {shown(sight.name)}") if name.isascii() else None


@once
def missing(sight: Sight) -> Finding | None:
    return None if sight.name else Finding("no name")
