"""What sort of piece an article is: news, opinion, research, law, decision; with the evidence, in words for people."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cuttings.model import Kind
from parsers.headline import articles_ld
from parsers.linked_data import types
from parsers.soup import Document, Like
from parsers.wording import count_words

_PATHS: tuple[tuple[str, Kind], ...] = (
    (
        r"/(?:opinions?|comment(?:ary|isfree)?|columns?|columnists?|viewpoints?|letters?|editorials?|"
        r"views?|voices)(?:/|$)",
        "opinion",
    ),
    (r"/(?:research|studies|evidence|statistics|briefings?)(?:/|$)", "research"),
    (r"/(?:decisions?|judgments?|rulings?)(?:/|$)", "decision"),
    (r"/(?:legislation|statutory-guidance|consultations?|guidance|ukpga|uksi)(?:/|$)", "law"),
    (r"/(?:news|latest-news|press-releases?)(?:/|$)", "news"),
    (r"/blogs?(?:/|$)", "opinion"),
)
_SECTIONS: tuple[tuple[str, Kind], ...] = (
    (r"opinions?|comment|blogs?|viewpoints?|columns?|editorial|letters|first person|perspectives?", "opinion"),
    (r"research|evidence|study|studies|statistics|independent report|academic", "research"),
    (
        r"legislation|statutory guidance|guidance|consultation|consultations|policy paper|regulation|law|"
        r"legal|case law",
        "law",
    ),
    (r"decisions?|ombudsman|tribunal|judgments?|rulings?", "decision"),
    (r"news|press release|announcement|news story", "news"),
)
_ARGUES = re.compile(
    r"\b(?:argues?|writes?|believes?|asks|reflects|suggests|contends|explains why|"
    r"says)\s+(?:[A-Z][\w’'-]+\s?){2,4}[.?!]?$"
)
_LD_KINDS: dict[str, Kind] = {
    "OpinionNewsArticle": "opinion",
    "ReviewNewsArticle": "opinion",
    "ScholarlyArticle": "research",
    "ReportageNewsArticle": "news",
    "NewsArticle": "news",
    "BlogPosting": "opinion",
}
_QUOTED = Like(
    re.compile(
        r"[”\"’'],?\s+(?:he|she|they|[A-Z]\w+(?:\s[A-Z]\w+)?)\s+(?:said|added|told|says|warned)\b|"
        r"\b(?:said|told|added|warned)\b"
    ),
    ("said", "added", "told", "says", "warned"),
)
# "I", "my", "me", "myself"; with a letter in front, by which places to try are found three times as fast as by \b.
_FIRST_PERSON = re.compile(r"[Im](?:(?<=\bI)|(?<=\bm)(?:y(?:self)?|e))\b")
_STUDY = Like(
    re.compile(
        r"\b(?:researchers|the study|our study|this study|the evaluation|participants|respondents|sample|"
        r"cohort|randomised|literature review|"
        r"interviewed \d+|survey of \d|analysis of \d|confidence interval|control group|we (?:analysed|"
        r"interviewed|surveyed|found))\b",
        re.I,
    ),
    (
        "researchers",
        "study",
        "evaluation",
        "participants",
        "respondents",
        "sample",
        "cohort",
        "randomised",
        "literature review",
        "interview",
        "survey",
        "analysis of",
        "confidence",
        "control group",
        "we analysed",
        "we found",
    ),
)
_LAW = Like(
    re.compile(
        r"\b(?:Act \d{4}|regulations \d{4}|statutory (?:guidance|duty|instrument)|(?:the|"
        r"this) consultation|regulations|come into force|"
        r"comes into force|section \d+|the Bill|local authorities must|Royal Assent)\b",
        re.I,
    ),
    (
        "act ",
        "regulations",
        "statutory",
        "consultation",
        "into force",
        "section ",
        "the bill",
        "authorities must",
        "royal assent",
    ),
)
_DECISION = Like(
    re.compile(
        r"\b(?:ombudsman|was at fault|there was fault|complained (?:that|about)|the complainant|upheld|"
        r"tribunal|injustice|agreed action|"
        r"final decision|remedy|judicial review|the appellant|maladministration)\b",
        re.I,
    ),
    (
        "ombudsman",
        "fault",
        "complain",
        "upheld",
        "tribunal",
        "injustice",
        "agreed action",
        "final decision",
        "remedy",
        "judicial review",
        "appellant",
        "maladministration",
    ),
)


def kind(
    doc: Document | None,
    url: str | None,
    title: str | None,
    standfirst: str | None,
    section: str | None,
    bio: str | None,
    text: str = "",
) -> tuple[Kind, str | None]:
    """The kind and its evidence; 'unknown' is an honest answer. What the publisher says goes before what we infer."""
    for pattern, found in _SECTIONS:
        if section and re.search(rf"\b(?:{pattern})\b", section, re.I):
            return found, f"filed under ‘{section}’"
    path = urlsplit(url or "").path
    for pattern, found in _PATHS:
        if match := re.search(pattern, path, re.I):
            return found, f"the address has {match[0].rstrip('/')}/"
    if standfirst and (match := _ARGUES.search(standfirst[-120:])):
        return "opinion", f"the standfirst says ‘{match[0].rstrip('.')}’"
    named = [name for thing in (articles_ld(doc) if doc else ()) for name in types(thing) if name in _LD_KINDS]
    if named and _LD_KINDS[named[0]] != "news":
        return _LD_KINDS[named[0]], f"the page calls itself {named[0]}"
    told, why = _by_text(f"{title or ''} {standfirst or ''}", text)
    if told != "unknown":
        return told, why
    if named:
        return _LD_KINDS[named[0]], f"the page calls itself {named[0]}"
    if bio:
        return "opinion", "it closes with a note about its author"
    return "unknown", None


def _by_text(head: str, text: str) -> tuple[Kind, str | None]:
    words = min(count_words(text, 3500), 3500)
    if words < 60:
        return "unknown", None
    sample = text[:20_000]
    per = 1000 / words

    low = f"{head} {sample}".lower()

    def counted(words: Like, head: str = head) -> int:
        if not any(stem in low for stem in words.stems):
            return 0
        return len(words.pattern.findall(head)) * 2 + len(words.pattern.findall(sample))

    # Each count reads the whole text, so it is taken where nothing before it has decided.
    outside = re.sub(r"[“\"][^”\"]{0,600}[”\"]", " ", sample)
    first, quoted = len(_FIRST_PERSON.findall(outside)), counted(_QUOTED, head="")
    if first * per >= 8 and first > quoted:
        return "opinion", f"written in the first person ({first} times ‘I’ or ‘my’)"
    decided = counted(_DECISION)
    if decided * per >= 12 and decided > max(counted(_STUDY), counted(_LAW), quoted):
        return "decision", f"it speaks of complaint, fault and remedy ({decided} times)"
    if quoted >= 2 and quoted * per >= 3:
        return "news", f"it reports what people said ({quoted} times)"
    studied, enacted = counted(_STUDY), counted(_LAW)
    if studied * per >= 5 and studied >= enacted:
        return "research", f"it speaks of a study and its findings ({studied} times)"
    if enacted * per >= 6:
        return "law", f"it speaks of law and regulations ({enacted} times)"
    return "unknown", None
