"""The dictionary: which words are words, what was lost inside them, and which cut words belong together.

wordfreq ships its lists inside the package; the list is read once, when the first word is asked for.
Zipf values: 7 = "the", 3 = once in a million words, 0 = never seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

_EDGES = "“”‘’\"'()[]{}.,;:!?…–—*•"
_JOINERS = frozenset(["and", "or", "to", "nor", "but", "versus", "as"])
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")
_LIGATURE_CODES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬆ": "st"})
# Beginnings that English writes solid as readily as with a hyphen; elsewhere a cut word keeps the hyphen it has.
_SOLID = frozenset(
    [
        "re",
        "un",
        "dis",
        "im",
        "in",
        "de",
        "en",
        "em",
        "ex",
        "ad",
        "con",
        "com",
        "ob",
        "sub",
        "trans",
        "per",
        "pro",
        "be",
        "ac",
        "af",
        "al",
        "an",
        "ap",
        "as",
        "at",
    ]
)


@lru_cache(maxsize=1)
def _frequencies() -> Mapping[str, float]:
    from wordfreq import get_frequency_dict

    frequencies: Mapping[str, float] = get_frequency_dict("en", "best")
    return frequencies


def zipf(word: str) -> float:
    """How common a word is, without its punctuation; possessives count as their noun."""
    bare = word.strip(_EDGES).lower().replace("’", "'")
    if not bare:
        return 0.0
    frequency = _frequencies().get(bare) or _frequencies().get(bare.removesuffix("'s")) or 0.0
    return round(math.log10(frequency) + 9, 2) if frequency else 0.0


def known(word: str, at_least: float = 2.0) -> bool:
    return zipf(word) >= at_least


def bare(word: str) -> str:
    """A word without punctuation and case, for comparing copies: "Life,”" and "life" are one word."""
    return re.sub(r"[\W_]+", "", word.replace("\u2010", "")).lower()


# ---------------------------------------------------------------- cut at a line's end


def rejoined(first: str, second: str) -> str | None:
    """A word cut at a line's end, whole again; None where the two are two words.

    "mid-", "week" -> "mid-week" (a real hyphen stays); "devel-", "opment" -> "development";
    "gar\u2010", "den" -> "garden" (U+2010 at a line's end is only typesetting); "two-", "and" stay apart.
    """
    if first.endswith(("\u2010", "\u00ad")):
        return first[:-1] + second
    if not first.endswith("-") or not first[:-1] or not first[-2].isalnum() or not second[:1].isalnum():
        return None
    if second.strip(_EDGES).lower() in _JOINERS and "-" not in second:
        return None
    if second[:1].isupper() and not first[-2].isupper() and not first[:1].isupper():
        return first + second  # "non-British"
    left = re.split(r"[-–—“‘(]", first[:-1])[-1]
    right = re.split(r"[-–—’”),.;:!?]", second)[0]
    solid = zipf(left + right)
    fragment = zipf(left) < 2.5 or zipf(right) < 2.5 or left.lower() in _SOLID
    return first[:-1] + second if solid >= 2.5 and fragment else first + second


_SUFFIX = re.compile(
    r"(?:ly|ing|ings|ed|ers?|ments?|[ts]ions?|ness|[ai]ble|ful|less|al|ally|ity|ty|ists?|ism|ive|[ae]nce|ous|en|ors?|ates?|is(?:e|ed|ing)|ry|ary)$"
)


def certainly_cut(first: str, second: str) -> bool:
    """A hyphen that can only be a line's end: "devel-", "opment", as neither part is a word and the whole is one."""
    left, right, solid = _parts(first, second)
    return bool(left and right) and zipf(solid) >= 3.0 and min(zipf(left), zipf(right)) < 2.0 and right.islower()


def likely_cut(first: str, second: str) -> bool:
    """For a text that cuts words at line ends: "judge-", "ment", "some-", "body"; but "mid-", "week" keeps its own."""
    left, right, solid = _parts(first, second)
    whole = zipf(solid)
    if not left or not right or not right.islower() or whole < 2.5 or second.strip(_EDGES).lower() in _JOINERS:
        return False
    weaker = min(zipf(left), zipf(right))
    return whole >= 4.0 or bool(_SUFFIX.match(right)) or weaker < max(2.5, whole - 0.8) or left.lower() in _SOLID


def _parts(first: str, second: str) -> tuple[str, str, str]:
    """The last part before the hyphen, the first one after it, and both as one word; empty where there is no cut."""
    if not re.search(r"[^\W\d_]-$", first) or not second[:1].isalpha():
        return "", "", ""
    left = re.split(r"[-–—“‘(]", first[:-1])[-1]
    right = re.split(r"[-–—’”),.;:!?]", second)[0]
    return left, right, left + right


def cut_in_two(before: str, after: str) -> bool:
    """True where one text's last word and another's first are clearly one: "kind" | "ness", "opera-" | "tive"."""
    left, right = before.split(" ")[-1], re.match(r"[a-z]+", after)
    if right is None:
        return False
    stem = re.search(r"[^\W\d_]+$", left.removesuffix("-").removesuffix("\u2010"))
    if stem is None:
        return False
    gain = _gain(stem[0] + right[0], stem[0], right[0])
    return gain >= (2.0 if left.endswith(("-", "\u2010")) else 3.9)


# ---------------------------------------------------------------- ligatures


def _gain(joined: str, *parts: str) -> float:
    """How much likelier (powers of ten) one word is than its parts side by side."""
    whole = zipf(joined)
    if whole < 1.5:
        return -9.0
    return (whole - 9) - sum((zipf(part) or 1.0) - 9 for part in parts)


def _tail(token: str) -> str:
    match = re.match(r"[^\W\d_]+", token)
    return match[0] if match else ""


def _stem(token: str) -> str:
    match = re.search(r"[^\W\d_]+$", token)
    return match[0] if match else ""


def _split_ligature(a: str, b: str, bound: float) -> str | None:
    """ "diffi", "cult" -> "difficult"; "off", "the" stay two words."""
    stem, tail = _stem(a), _tail(b)
    if not stem or not tail or not tail[0].islower() or not re.search(r"(?:f[fil]|ft)$", stem):
        return None
    if bound < 4.0 and re.search(r"f[il]$", stem) and zipf(stem) < 4.0:
        return a + b  # "raffi", "a": no English word ends in these signs
    if bound < 4.0 and zipf(tail) < 1.5:
        return a + b  # "eff", "usiveness": where signs are cut throughout, the rest of a rare word is no word either
    return a + b if _gain(stem + tail, stem, tail) >= bound else None


def _lost_h(a: str, b: str, bound: float) -> str | None:
    """ "T", "ere" -> "There" where a font drew 'Th' as one sign."""
    tail = _tail(b)
    if _stem(a) != "T" or not tail or not tail[0].islower() or (bound >= 2.0 and zipf(tail) >= 4.5):
        return None
    if bound < 2.0 and zipf(tail) < 1.5:
        return a + "h" + b  # "T", "orncombe": the rest of a name is no word
    return a + "h" + b if _gain("Th" + tail, "t", tail) >= bound else None


def _lost_ligature(a: str, b: str) -> str | None:
    """ "ef", "ciency" -> "efficiency": the sign was dropped and a blank is left; only one word may fit."""
    stem, tail = _stem(a), _tail(b)
    if not stem or not tail or not tail[0].islower() or len(stem + tail) < 4 or known(tail, 3.0):
        return None
    fits = [f"{a}{sign}{b}" for sign in LIGATURES if zipf(stem + sign + tail) >= 2.5]
    return fits[0] if len(fits) == 1 and zipf(tail) < 2.5 else None


def ligature_faults(tokens: list[str]) -> int:
    """How many cut ligatures a text shows beyond doubt; two or more make the doubtful ones likely."""
    return sum(1 for a, b in pairwise(tokens) if _split_ligature(a, b, 4.0) or _lost_h(a, b, 2.0) or "ſ" in a)


def mend_ligatures(text: str, *, systematic: bool) -> tuple[str, int]:
    """Text with cut and lost ligatures mended, and how many; `systematic` = the document has them throughout."""
    text = text.translate(_LIGATURE_CODES)
    if "ſ" not in text and not re.search(r"(?:f[fil]|ft|\bT|ſt) |\b\w{1,4} \w", text):
        return text, 0
    count = text.count("ſ")
    text = re.sub(r"ſ(?=t)", "f", text).replace("ſ", "s")
    out: list[str] = []
    for token in text.split(" "):
        last = out[-1] if out else ""
        mended = _split_ligature(last, token, 1.5 if systematic else 4.0) or (
            _lost_h(last, token, -0.5 if systematic else 2.0)
        )
        if not mended and systematic:
            mended = _lost_ligature(last, token)
        if mended:
            out[-1] = mended
            count += 1
        else:
            out.append(token)
    return " ".join(out), count


# ---------------------------------------------------------------- lost blanks


_HYPHENED = ("like", "based", "wide", "led", "free", "style", "minded", "looking")


@lru_cache(maxsize=4096)
def parted(token: str) -> str | None:
    """Two words run together, apart: "governmentpolicy" -> "government policy"; None unless there is no doubt.

    Compounds that are always written with a hyphen ("hospital-like") get the one that a line's end has taken.

    The whole must be unknown and small (a place may be called Stokebridge), both parts common, and no second cut may
    do as well.
    """
    core = token.strip(_EDGES)
    if not 9 <= len(core) <= 30 or not core.isascii() or not core.isalpha() or core != core.lower() or zipf(core) > 0:
        return None
    for ending in _HYPHENED:
        if core.endswith(ending) and zipf(core.removesuffix(ending)) >= 4.0:
            at = token.index(core) + len(core) - len(ending)
            return f"{token[:at]}-{token[at:]}"
    cuts = []
    for at in range(3, len(core) - 2):
        left, right = zipf(core[:at]), zipf(core[at:])
        if min(left, right) >= (4.5 if min(at, len(core) - at) < 4 else 3.7):
            cuts.append(((left + right), at))
    cuts.sort(reverse=True)
    if not cuts or (len(cuts) > 1 and cuts[1][0] > cuts[0][0] - 1):
        return None
    at = token.index(core) + cuts[0][1]
    return f"{token[:at]} {token[at:]}"


def words_in(run_together: str) -> str:
    """ "CAREINTHESHIRES" -> "Care in the Shires": the likeliest cut into words; as it is if none is found."""
    lower = run_together.lower()
    if len(lower) > 60:
        return run_together
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(lower) + 1):
        options = []
        for start in range(max(0, end - 20), end):
            word = lower[start:end]
            if best[start][0] > -math.inf and (len(word) > 1 or word in {"a", "i"}):
                frequency = zipf(word)
                if frequency >= 3.0 or (len(word) > 3 and frequency >= 2.0):
                    options.append((best[start][0] + frequency - 9 - 0.5, [*best[start][1], word]))
        best.append(max(options) if options else (-math.inf, []))
    small = {"of", "the", "and", "for", "in", "on", "to", "a", "at"}
    parts = best[-1][1]
    if not parts:
        return run_together
    return " ".join(w if n and w in small else w.capitalize() for n, w in enumerate(parts))


_SPACED = re.compile(r"^(?:\S\s{1,2}){3,}\S$")


def unspaced(raw: str) -> str | None:
    """Letters set apart for looks, as words: "B E D S  F O R  A L L" -> "BEDS FOR ALL"; None where they are not.

    Two blanks part words; where a copy has lost them, the dictionary does.
    """
    raw = raw.strip().replace("\u00a0", " ")
    if not _SPACED.match(raw) or sum(c.isalpha() for c in raw) < 4 or re.search(r"\d\s+\d\s+\d", raw):
        return None
    if "  " in raw:
        return " ".join(word.replace(" ", "") for word in raw.split("  "))
    solid = raw.replace(" ", "")
    cut = words_in(solid)
    return cut.upper() if solid.isupper() else cut
