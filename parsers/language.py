"""What language a page is in, and under which section it is filed."""

from __future__ import annotations

import re
from collections import Counter

from parsers.around import off
from parsers.headline import articles_ld
from parsers.soup import Document
from parsers.wording import from_html, words

_COMMON = {
    "en": "the of and to in is that for with are was this have not",
    "de": "der die das und ist nicht ein mit auf für den von sich auch",
    "fr": "le la les des est dans que pour une pas qui avec sur sont",
    "es": "el la los que de en una por con para las del se es",
    "pt": "que não uma para com dos mais como foi são pelo ao os em",
    "it": "il che di per una sono con della non gli del più è nel",
    "nl": "de het een van en dat niet zijn voor met op te aan ook",
    "pl": "nie się na jest to do że przez jak dla po są oraz być",
    "cy": "yn yr y i o ar gan fod mae wedi bod eu ei ac",
}
_COMMON_WORDS = {language: frozenset(w.split()) for language, w in _COMMON.items()}


def language(doc: Document | None, text: str, declared: str | None = None) -> str | None:
    """What it is written in: as declared, unless its commonest words are plainly another language's."""
    given = (
        declared
        or (doc.language if doc else None)
        or (doc.meta("og:locale", "content-language", "language") if doc else None)
    )
    code = (given or "").strip().lower()[:2]
    code = code if re.fullmatch(r"[a-z]{2}", code) else ""
    if code in _COMMON_WORDS:
        sample, scores, best = _counted(text[:1500])
        if len(sample) >= 20 and best == code:
            return code  # as on nearly every page: its first lines bear out what it declares
    sample, scores, best = _counted(text[:6000])
    if len(sample) < 20:
        return code or None
    if code in scores and scores[code] * 2 >= scores[best]:
        return code
    if scores[best] >= 0.12 * len(sample) and sorted(scores.values())[-2] * 1.5 < scores[best]:
        return best
    if code:
        return code
    import py3langid

    return str(py3langid.classify(text[:3000])[0])


def _counted(text: str) -> tuple[list[str], dict[str, int], str]:
    """The words of a text, how many are common ones of each language, and the language that has the most."""
    sample = re.findall(r"[^\W\d_]+", text.lower())
    counted = Counter(sample)
    scores = {language: sum(counted[w] for w in common) for language, common in _COMMON_WORDS.items()}
    return sample, scores, max(scores, key=lambda c: scores[c])


def section(doc: Document) -> str | None:
    given = doc.meta("article:section", "og:article:section", "parsely-section", "dc.type", "section")
    if given:
        return given
    for thing in articles_ld(doc):
        value = thing.get("articleSection")
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return from_html(value)
    for a in doc.tags.get("a", ()):
        if (
            (rel := a.get("rel"))
            and {"category", "tag"} <= set(rel.split())
            and "category" in (a.get("href") or "")
            and not off(doc, a)
        ):
            return words(a) or None
    return None
