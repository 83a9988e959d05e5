"""Text made comparable: what a reader sees, without the tricks that keep a machine from seeing the same.

Everything here is linear in the text's length, also for a megabyte without a space or a thousand accents on one letter.
"""

from __future__ import annotations

import html
import re
import unicodedata

MOST = 20_000  # characters looked at; a comment of a megabyte is judged by its first pages (and is no comment)

# Zero-width space and joiners, soft hyphen, direction marks and overrides, byte-order mark, tag characters.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"[{_MARK}]")
# 'Z̷̡̛a̸' carries its marks by the dozen; Vietnamese needs two on one letter. Cut before normalising,
# whose sorting of marks takes quadratic time.
_PILE = re.compile(f"[{_MARK}]{{3,}}")
_SPACE = re.compile(r"\s+")
_NO_WORD = re.compile(r"[\W_]+")
_QUOTED = re.compile(r"^[ \t]*(?:>|&gt;|\|).*$", re.MULTILINE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff\u0531-\u0587]")
_WORD = re.compile(r"\w+")

# Letters that no decomposition takes apart.
_BARRED = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
# ASCII in lower case, all but letters and figures a space: six times as fast as a pattern, and most texts are ASCII.
_PLAIN = str.maketrans({chr(c): chr(c).lower() if chr(c).isalnum() else " " for c in range(128)})
# Letters of other alphabets that are drawn like Latin ones. 'раypal' begins with two Cyrillic letters.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнгѵԛԝԍ" + "αορντικυηεχγωϲ" + "АВЕКМНОРСТУХІЈЅ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օսոյհցզ",
    "aeopcyxijsdhkmtbhrvqwg" + "aopvtikunexywc" + "ABEKMHOPCTYXIJS" + "ABEZHIKMNOPTYX" + "ounjhqq",
)


def legible(text: str | None) -> str:
    """The text as a reader sees it: entities resolved, invisible and control characters gone, lines kept.

    Words that mix Latin with look-alike letters are written in Latin; a word wholly in another alphabet stays.
    At most `MOST` characters.
    """
    if not text:
        return ""
    text = text[:MOST]
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _CONTROL.sub(" ", text).strip()
    text = _PILE.sub("", _UNSEEN.sub("", _CONTROL.sub(" ", text)))
    text = unicodedata.normalize("NFKC", text[:MOST])
    return _WORD.sub(_in_latin, text).strip() if _FOREIGN.search(text) else text.strip()


def _in_latin(word: re.Match[str]) -> str:
    mixed = _FOREIGN.search(word[0]) and _LATIN.search(word[0])
    return word[0].translate(LOOKALIKES) if mixed else word[0]


def disguised(text: str | None) -> int:
    """How many characters or words of the text are there to deceive: zero-width, overrides, mixed alphabets."""
    text = (text or "")[:MOST]
    if text.isascii():
        return 0
    # Zero-width joiners hold emoji and Persian together; soft hyphens come from typesetters.
    hidden = len(re.findall("[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\U000e0000-\U000e007f]", text))
    letters = _PILE.sub("", text)
    words = _WORD.findall(unicodedata.normalize("NFC", letters)) if _FOREIGN.search(letters) else []
    mixed = sum(1 for w in words if _FOREIGN.search(w) and _mixes(w))
    return hidden + mixed + len(_PILE.findall(text))


def _mixes(word: str) -> bool:
    # 'µm', 'λ-calculus' and 'πr' are science, not disguise: one foreign letter at the start of a short word.
    return len(word) > 3 and len(_LATIN.findall(word)) >= 2 and word.translate(LOOKALIKES).isascii()


def unquoted(text: str) -> str:
    """The text without its quoted lines ('> as you said'); all of it when there is nothing else."""
    if ">" not in text and "|" not in text and "&gt;" not in text:
        return text
    own = _QUOTED.sub("", text)
    return own if own.strip() else text


def normalise(text: str | None) -> str:
    """The key that equal texts share: NFKC, case folded, look-alikes and accents folded, no punctuation, no quotes.

    Words parted by one space. At most `MOST` characters are looked at.
    """
    if not text:
        return ""
    text = unquoted(text[:MOST])
    if text.isascii():
        if "&" in text:
            text = html.unescape(text)
        return " ".join(text.translate(_PLAIN).split())
    text = unicodedata.normalize("NFKD", legible(text)).casefold().translate(_BARRED).translate(LOOKALIKES)
    return _NO_WORD.sub(" ", _MARKS.sub("", text)).strip()
