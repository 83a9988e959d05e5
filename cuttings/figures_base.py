"""Of whom a share is: the base that the source gives for it, verbatim, or none.

A wrong base is worse than none, since the issue says 'not given here' where there is none. So a base counts only where
the share can be nobody else's:

    "Of 240 councils asked, 58% replied and 30% of the 400 staff were pleased."      58%: 240 councils; 30%: 400 staff
    "A survey of 1,200 carers came out. Some 64% had had no break."                  1,200 carers: nobody else is named
    "A survey of 1,200 carers came out. The council said that 64% of homes …"        none: the council's, and of homes
    "The union polled 900 workers. Pay rose by 9%."                                  none: a rise has no base
    "A survey of 1,200 carers came out. Some 64% of those under 40 had had no break."  none: of fewer than 1,200
    "Of 800 residents asked, 34% replied and 60% said that they were lonely."        60%: none, of those who replied
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from cuttings.quotes_rank import stems
from cuttings.sentences import Sentence

PEOPLE = (
    r"(?:people|adults?|residents|respondents|participants|carers|workers|staff|councils|authorities|organisations|members|"
    r"social workers|users|patients|employers|managers|directors|providers|homes|households|families|responses|replies|"
    r"interviews|interviewees|practitioners|women|men|professionals|employees|nurses|students|clients)"
)
_THOUSANDS = r"(?:\d{1,3}(?:,\d{3})+|\d{2,})"
_ASKED = r"(?:surveyed|polled|asked|questioned|interviewed|studied|examined|sampled)"
_ABOUT = r"(?:the\s|some\s|about\s|around\s|nearly\s|almost\s|over\s|more than\s|all\s|all the\s)?"
_ANSWERS = r"(?:responded|responding|replied|replying|took part|taking part|answered|completed|returned|participated)"
# '1,204 members of the public', '212 families of residents': half of it is of other people.
_OF_THE = (
    r"(?:\sof\s(?:(?:the|its|our|their)\s)?(?:(?:general|care|nursing|local)\s)?(?!which|whom|them|these|those)[a-z-]+)"
)
_ONE_SORT = rf"(?:[a-z][a-z-]+\s){{0,3}}(?:(?:members|users|families|relatives|clients){_OF_THE}|{PEOPLE}\b)"
# '1,200 carers and 300 social workers', '1,200 carers, nurses and managers': never the first of them alone.
_ANOTHER = rf"(?:(?:some|about|around|another)\s)?(?:{_THOUSANDS}\s)?{_ONE_SORT}"
_AND_OTHERS = (
    rf"(?:(?:,\s{_ANOTHER}){{0,3}},?\s(?:and|plus|as well as)\s{_ANOTHER}"
    r"(?!\s(?:said|says?|told|tells?|warned?|claim\w*|want\w*|thought|think|fear\w*|had|have|has)\b))"
)
_MANY = rf"{_THOUSANDS}\s{_ONE_SORT}{_AND_OTHERS}?"
_ANSWERED = rf"(?:who|that|which)\s{_ANSWERS}"
# Each with the base as its group: of "Of 240 councils asked" the "Of" is left.
_BASE = (
    re.compile(r"(?P<base>\(?\bn\s?=\s?\d[\d,]*\)?)", re.IGNORECASE),
    re.compile(
        rf"(?P<base>\b(?:survey|poll|sample|study|analysis|review)\sof\s{_ABOUT}{_MANY}(?:\s(?:{_ASKED}|{_ANSWERED}))?)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:of|among|amongst|based on|polled|surveyed|asked|interviewed|questioned|"
        rf"(?:responses|replies|answers|returns|data) (?:from|by|of))\s"
        rf"(?P<base>{_ABOUT}{_MANY}(?:\s(?:{_ASKED}|{_ANSWERED}))?)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:from|by)\s(?P<base>{_ABOUT}{_MANY}\s(?:{_ASKED}|{_ANSWERED}))", re.IGNORECASE),
    re.compile(
        rf"(?P<base>\b{_MANY}\s(?:responded|replied|took part|(?:were|was) {_ASKED}|completed|answered|{_ANSWERED}))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<base>\b{_THOUSANDS}\s(?:[a-z-]+\s){{0,2}}(?:respondents|participants|interviewees|replies|responses)\b)",
        re.IGNORECASE,
    ),
)
# Somebody counted or asked them: the only sort that reaches over the end of its sentence.
_A_SURVEY = re.compile(
    rf"\b(?:n\s?=|{_ASKED}|survey|poll|sample|study|analysis|responses|replies|answers|returns|responded|replied|"
    r"took part|completed|answered|respondents|participants|interviewees|based on)",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(
    r"(?:\d%?|per\s?cent|half|third|quarter|one|two|three|four|five|six|seven|eight|nine|ten)\s$", re.I
)
_ROUGHLY = (
    r"(?:about|around|some|only|just|nearly|almost|roughly|over|under|more than|fewer than|less than|at least|up to|"
    r"another|a further|as many as|well over|a)"
)
# A share of money, a rise, a fall: of no people at all.
_OF_MONEY = re.compile(
    r"\s?of\s(?:(?!(?:on|in|with|who|that|which|at|for|from|said|whose|are|were|have|had)\b)\S+\s){0,4}?(?:budgets?|"
    r"spend\w*|money|costs?|incomes?|funding|funds?|grants?|bills?|pounds?|tax\w*|prices?|fees?|revenues?|turnover|"
    r"savings?|payments?|precept|wages?|salar\w+|profits?|expenditure|pay|[£€$]\S*)\b",
    re.IGNORECASE,
)
_MOVES = (
    r"r[oi]se[ns]?|rising|fell|fall(?:s|en|ing)?|rais\w+|increas\w+|decreas\w+|gr[eo]wn?|growth|cuts?|cutting|dropp?\w*|up|"
    r"down|reduc\w+|climb\w*|jump\w*|declin\w+|uplift\w*|inflation|interest|went|shr[aiu]nk\w*|gain\w*|lost|slash\w*|"
    r"trebled|halved|higher|lower"
)
_MOVED_BEFORE = re.compile(
    rf"\b(?:{_MOVES})\s(?:(?:[^\s,;]+\s){{0,5}}?(?:by|to|from|of)\s)?(?:{_ROUGHLY}\s)*$|\bby\s(?:{_ROUGHLY}\s)*$",
    re.IGNORECASE,
)
_MOVES_BEHIND = re.compile(
    r"\s(?:points?\b|(?:(?!(?:of|had|have|has|saw|see|said|say|want\w*|fac\w+|no|an?|the|were|was|are|is|by|in|with|got)\b)"
    r"[a-z-]+\s){0,2}?(?:rise|fall|increase|decrease|cut|drop|reduction|growth|uplift|discount|inflation|interest|boost|"
    r"surcharge)\b|(?:more|less|fewer|higher|lower|extra|up|down|above|below|off)\b)",
    re.IGNORECASE,
)
# Whom a share is of, word by word; a comma or a bracket ends it.
_OF_WHAT = re.compile(r"\s?(?:of|among)\s(?P<whom>(?:[\w'’-]+(?:\s|(?=\W)|$)){1,12})", re.IGNORECASE)
_MIXED = re.compile(r",\s|\b(?:and|plus|as well as)\b")
_OPENS = frozenset(("all", "the", "these", "those", "them", "our", "its", "their"))
_THEM = frozenset(("them", "these", "those"))
_ANY_SAMPLE = frozenset(
    ("respondents", "participants", "interviewees", "replies", "responses", "answers", "returns", "sample", "cases")
)
_WERE_ASKED = re.compile(
    rf"(?:(?:who|that|which)\s(?:\w+ly\s)?(?:(?:were|was|had been)\s)?)?(?:{_ASKED}|{_ANSWERS}|questionnaires?)\b\s*",
    re.IGNORECASE,
)
# 'those who care for a parent', 'nurses in hospitals', 'carers under 40': fewer than were asked.
_FEWER = re.compile(
    r"(?:who|whose|whom|that|which|where|when|under|over|above|below|aged?|between|in|within|inside|outside|with|without|"
    r"at|from|on|for|to|of|by|near|across|not|also|older|younger|living|caring|working|using|receiving|"
    r"(?!saying|feeling|wanting|reporting|being|having)\w+ing)\b(?!-)",
    re.IGNORECASE,
)
_IN_A_PLACE = re.compile(
    r"\s(?:(?:in|across|within)\s(?:the\s(?!survey|poll|sample|study|past|last|previous|year)|[A-Z])|among\s|aged\s|"
    r"(?:under|over)\s(?:the age|\d))"
)
_SUBGROUP = re.compile(
    rf"\b(?:of|among|amongst|for|in|that|while|and)\s(?:(?:all|the)\s)?(?:those|these|respondents|participants|{PEOPLE})\s"
    rf"(?!{_WERE_ASKED.pattern})(?:who|whose|under|over|aged?|in|with|without|living|caring|working|using|from|at)\b",
    re.IGNORECASE,
)
_OF_US = (
    r"(?:of|among|amongst)\s(?:(?:all|the)\s)?"
    rf"(?:them|these|(?:those|respondents|participants)(?:\s{_WERE_ASKED.pattern})?)"
)
# What may stand in front of a share that speaks of the people in the sentence before.
_NOBODY_ELSE = re.compile(
    rf"(?:(?:and|but|yet|however|in all|overall|altogether|in total|{_OF_US}),?"
    r"\s|(?:it|they|we|the (?:same |new |latest )?(?:survey|poll|study|research|researchers|sample|results?|answers|"
    r"replies|findings|data|analysis|respondents|participants)|respondents|participants|researchers|results)\s(?:\w+\s)?(?:found|"
    rf"shows?|showed|suggests?|suggested|said|say|revealed|reported|were|was)\s(?:that\s)?)?(?:{_ROUGHLY}\s)*$",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:response|return|reply|completion)[ -]rate\b", re.IGNORECASE)
_AND_MORE = re.compile(
    rf"(?:,|;|\(|\b(?:and|while|whereas|but|(?<!compared )with|or))\s?(?:that\s)?(?:(?:overall|in all|in total),?\s)?"
    rf"(?:{_OF_US},?\s)?(?:{_ROUGHLY}\s)*$",
    re.IGNORECASE,
)
_A_SHARE = re.compile(rf"(?:{_ROUGHLY}\s)*\d[\d.,]*\s?(?:%|per\s?cent)", re.IGNORECASE)
# 'of whom 34% replied', '272 replied', 'a response rate of 34%': what comes then is of those alone.
_A_RETURN = re.compile(
    rf"(?:%|per\s?cent|\b\d[\d,]*|\b(?:half|thirds?|quarters?|fifths?|tenths?|in (?:two|three|four|five|ten)))\s"
    rf"(?:(?!{PEOPLE}\b)[^\s,;.]+\s){{0,3}}?(?:{_ANSWERS}|a?\s?repl(?:y|ies)|responses?|returns?)\b|"
    r"\b(?:response|return|reply|completion)[ -]rate\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\s(?:of\s|\(|(?:\w+ly\s)?(?:said|say|says|agree|were|was|are|is|had|has|have|would|will|did|do|felt|feel|thought|"
    r"think|found|want|need|believe|could|can|cannot|got|went|left|told|knew|know|gave|made|took|spent|lost|saw|put|\w+ed|"
    r"\w+n['’]t)\b)",
    re.IGNORECASE,
)
_A_THING = re.compile(rf"\s(?:[a-z-]+\s)?{PEOPLE}\b", re.IGNORECASE)  # '20% staff vacancies'
# A new subject between the base and the share: '…, and the council said that 64% …', 'while in London 70% …'
_JOINS = r"(?:and|but|while|whilst|whereas|yet|although|though)"
_NEW_SUBJECT = re.compile(
    rf"(?:[,;]|\s[–—-])\s{_JOINS}\s(?:(?:the|an?|its|our|his|her)\s\w|[A-Z]\w)|;|"
    r"\b(?:while|whilst|whereas)\s(?:(?:the|an?|its|our|his|her)\s\w|[A-Z]\w)|"
    rf"(?:[,;]|\s[–—-]|\b{_JOINS})\s(?:{_JOINS}\s)?(?:in|among|amongst|for|across|at|within|inside|outside|on)\s"
    rf"(?!all\b|total\b|addition|fact\b|general\b|turn\b|example|instance|average|the (?:survey|poll|study|sample)\b|"
    r"them\b|these\b|(?:19|20)\d\d)"
)


_OF_ALL = re.compile(r"\b(?:of|among|in|out of)\s$", re.IGNORECASE)


def gives_base(text: str | None) -> bool:
    """Whether words name how many were asked: '1,204 carers polled', '(n = 240)'."""
    body = text or ""
    return any(_surveyed(body, s, e) or _OF_ALL.search(body[:s]) for s, e in _spans(body))


def base_of(sentences: Sequence[Sentence], n: int, start: int, end: int) -> tuple[int, int] | None:
    """The base of the share at [start:end] of sentence `n`, as offsets of the whole text; None: none is its own."""
    own = sentences[n]
    body = own.text
    before, after = body[:start], body[end:]
    bare = _OF_MONEY.match(after) or _MOVED_BEFORE.search(before) or _MOVES_BEHIND.match(after)
    found = _in_own(body, start, end, explicit=bool(bare))
    if found and not _answered_alone(sentences, n, body[slice(*found)]):
        return own.start + found[0], own.start + found[1]
    if found or bare or not _speaks_of_others(before, after) or _A_RETURN.search(before):
        return None
    for other in (n - 1, n + 1):
        if 0 <= other < len(sentences) and sentences[other].paragraph == own.paragraph:
            beside = sentences[other]
            asked = [(s, e) for s, e in _spans(beside.text) if _surveyed(beside.text, s, e)]
            if _A_RETURN.search(beside.text):
                return None  # '34% replied. 60% said …': of how many, nobody says
            if len(asked) == 1 and _fits(after, beside.text[slice(*asked[0])]):
                return beside.start + asked[0][0], beside.start + asked[0][1]
            if asked:
                return None  # two surveys in one sentence, or one of other people
    return None


def _answered_alone(sentences: Sequence[Sentence], n: int, base: str) -> bool:
    """'The response rate was 34%' beside all who were asked: their share is of fewer, and nobody says of how many."""
    if re.search(rf"\b(?:n\s?=|{_ANSWERS}|respondents|participants|replies|responses|returns)", base, re.IGNORECASE):
        return False
    beside = (sentences[k] for k in (n - 1, n + 1) if 0 <= k < len(sentences))
    return any(_RATE.search(one.text) for one in beside if one.paragraph == sentences[n].paragraph)


def _spans(body: str) -> Iterator[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    for pattern in _BASE:
        for match in pattern.finditer(body):
            span = match.span("base")
            if not any(span[0] < e and s < span[1] for s, e in taken):
                taken.append(span)
    yield from sorted(taken)


def _surveyed(body: str, start: int, end: int) -> bool:
    """With the word before it: 'asked 340 people', 'of 340 people who replied'."""
    return _A_SURVEY.search(body[max(0, start - 24) : end]) is not None


def _in_own(body: str, start: int, end: int, *, explicit: bool) -> tuple[int, int] | None:
    after = body[end:]
    best: tuple[int, tuple[int, int]] | None = None
    for s, e in _spans(body):
        if s < end and start < e:
            continue
        mine = re.fullmatch(r"\s?(?:of|among)\s", body[end:s]) if s >= end else None
        if mine:
            return s, e
        belongs = _OF_ALL.search(body[:s])  # '30% of the 400 staff' is another share's
        bound = belongs and _NUMBER_BEFORE.search(body[: belongs.start()])
        counted = re.search(r"\bn\s?=", body[s:e], re.IGNORECASE)
        if bound or (explicit and not counted) or not (counted or _fits(after, body[s:e])):
            continue
        between = body[e:start] if e <= start else body[end:s]
        if not counted and (_of_others(between) or (e <= start and _is_new(between))):
            continue
        if s >= end and _A_SHARE.search(between):
            continue
        # The nearest, and what stands before the share rather than what follows.
        distance = start - e if e <= start else 1000 + s - end
        if best is None or distance < best[0]:
            best = distance, (s, e)
    return best[1] if best else None


def _of_others(between: str) -> bool:
    """Whether what stands between a base and a share tells of others, or of some of them alone."""
    return any(pattern.search(between) for pattern in (_NEW_SUBJECT, _SUBGROUP, _A_RETURN))


def _is_new(between: str) -> bool:
    """'58% said so, younger carers 70%': a second share has to join the first at once."""
    return _A_SHARE.search(between) is not None and not _AND_MORE.search(between)


def _fits(after: str, base: str) -> bool:
    """Whether '64% of …' goes on with all of the base's own people, with a word for them, or with nobody at all."""
    match = _OF_WHAT.match(after)
    if match is None:
        return not (_A_THING.match(after) or _IN_A_PLACE.match(after))
    words = match["whom"].split()
    opened = list(takewhile(lambda word: word.lower() in _OPENS, words))
    rest = " ".join(words[len(opened) :])
    theirs, more = _of_the_base(rest, base)
    pronoun = bool(opened) and opened[-1].lower() in _THEM
    if not theirs and not pronoun and not _WERE_ASKED.match(rest):
        return False
    asked = _WERE_ASKED.match(more)
    return not _FEWER.match(more[asked.end() :] if asked else more)


def _of_the_base(words: str, base: str) -> tuple[bool, str]:
    """(whether words begin with a name for everybody in the base, what comes behind it)."""
    left, last = words.split(), ""
    own = set() if _MIXED.search(base) else set(stems(base))
    while left and not left[0].endswith(("'", "’", "'s", "’s")):
        if left[0].lower() not in _ANY_SAMPLE and not set(stems(left[0])) & own:
            break
        last = left.pop(0)
    more = " ".join(left)
    # 'Nurse managers' are no nurses, and 'family doctors' no family carers.
    named = last.lower() in _ANY_SAMPLE or base.endswith(last) or re.fullmatch(PEOPLE, last, re.IGNORECASE)
    return bool(last and named and not re.match(rf"{PEOPLE}\b", more, re.IGNORECASE)), more


def _speaks_of_others(before: str, after: str) -> bool:
    """Whether a share's own sentence names nobody who could be meant, so that the one beside it has to say."""
    alone = _NOBODY_ELSE.match(before) or (_A_SHARE.match(before) and _AND_MORE.search(before))
    return bool(alone and _DOES.match(after))
