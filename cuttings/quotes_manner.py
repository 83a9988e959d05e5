"""How fit for print a sentence is by its manner, whatever it is about: a factor to multiply its salience with.

A sentence of a sensible length with somebody in it who acts, a claim or a figure is preferred to a scene, a joke, an
order to the reader, the author's own story, a form's boiler-plate, and to whatever leans on its neighbours.
"""

from __future__ import annotations

import re

from cuttings.quotes_lean import needs_neighbours

_PRONOUN_EARLY = re.compile(r"(?:\S+\s+){1,4}(?:he|she|they|him|her|them|their|his)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|I['’]ve|my|me)\b")
_I = re.compile(r"\bI\b")
# 'I have been a nurse since 1990': about the author, not about the matter.
_ABOUT_MYSELF = re.compile(
    r"(?:As an? [^,]{3,60}, )?I(?:['’]m|['’]ve| am| was| have been| have worked| work| qualified| used to)\b"
)
# 'Mam has worn a red button', 'My first visit lasted an hour': one family's or author's day, which makes no point yet.
_KIN = (
    r"mum|mam|mom|dad|gran|nan|nana|grandma|granny|grandad|mother|father|wife|husband|son|daughter|sister|brother|aunt|"
    r"uncle"
)
_OWN_STORY = re.compile(
    r"\b(?:Mum|Mam|Mom|Dad|Gran|Nan|Nana|Grandma|Granny|Grandad|Auntie)\b(?!['’]s [A-Z])|"
    rf"\b(?:my|our) (?:(?:late|old|elderly|own|first|last) )*(?:{_KIN})\b|^my (?:first|last)\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:ask|imagine|consider|take|think|look|let|please|try|note|remember|suppose|picture|go|press|tell|ring|write|"
    r"read|see|send|come|give|keep|say|you (?:can|may|will|should|might))\b",
    re.I,
)
_CHATTY = re.compile(r"\b(?:by the way|anyway|you see|I mean|mind you|believe me|to be fair)\b", re.I)
# What every decision, consultation or study says of itself.
_FORMULA = re.compile(
    r"\b(?:I have (?:completed|found|upheld|decided|considered|ended|discontinued)|(?:my|our) (?:final |"
    r"draft )?decision|we (?:investigate|decide|cannot|can['’]t|consider|will) (?:complaints|whether|question|write|"
    r"not|publish|use)|uphold the complaint|to remedy|(?:are|is) answering|on behalf of an organisation|"
    r"a summary of (?:the )?responses|this paper)\b",
    re.I,
)
_SHARE = re.compile(r"\d\s?%|\bper cent\b|\b(?:one|two|three|\d+) in \w+\b|£\d")
_DIGIT = re.compile(r"\d")
# 'At three I ring …', 'On Sunday the manager …': a scene of a story.
_SCENE = re.compile(
    r"(?:(?:on|at|by|last|one|that|every) (?:\w+day|one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon|night|"
    r"twenty|half|quarter|morning|evening|afternoon)|(?:in|on|at|under|behind|by) (?:\S+ ){1,6}there (?:is|are|was)|"
    r"there (?:was|were)(?! \d)|whenever I|when I|I remember|the other day|yesterday)\b",
    re.I,
)
# How a study was made, not what it found.
_METHOD = re.compile(
    r"(?:(?:we|researchers|the (?:study|researchers|team|authors|survey|charity|review))\s(?:asked|read|looked|put|"
    r"compared|surveyed|interviewed|followed|sent|collected|analysed|visited|took|spoke|counted|used|matched|watched)|"
    r"the (?:\w+ )?(?:study|survey|report|sample|data|figures|results)\s(?:was|were|is|are) (?:based|drawn|taken|"
    r"carried)|(?:[\w'’&-]+\s){1,6}?(?:asked|read|compared|surveyed|interviewed|followed|analysed|examined|"
    r"sampled)\s(?:\w+\s){0,3}?(?:\d[\d,]*|returns|records|replies|cases|interviews)|"
    r"[^.]{0,60}(?:doesn['’]t|does not|do not|don['’]t) say how many)\b",
    re.I,
)
# What somebody will do next about it; the dates of it stand in the diary.
_NEXT_STEP = re.compile(
    r"\bwill (?:\w+ly |also |then |next )?(?:set|meet|consider|discuss|debate|publish|present|hold|take place|report|"
    r"be (?:published|held|considered|presented|shared|announced|available|sent))\b",
    re.I,
)
# 'I need two nights every eight weeks': the author's claim and not the author's story.
_STANCE = re.compile(
    r"\b(?:I|we)(?:['’]d| would| should)? (?:don['’]t |do not |can['’]t |cannot )?(?:need|want|believe|argue|call for|"
    r"ask (?:that|for)|like (?:to see|us|councils)|propose|suggest)\b",
    re.I,
)
# Half of it is what somebody without a name said: colour, not matter.
_A_VOICE = re.compile(
    r"[”’\"']\s(?:one|another|an?)\s(?:[\w-]+\s){0,2}?[\w-]+\s(?:said|says|told|wrote|explained|recalled|put)\b|"
    r"\bas one (?:[\w-]+\s){1,2}(?:said|put|told)",
    re.I,
)
# Who acts in council news, and what a claim is made with.
_AGENTS = re.compile(
    r"\b(?:councils?|authorit(?:y|ies)|people|carers?|residents|social workers?|care workers?|staff|ministers?|"
    r"government|inspectors?|regulator|providers?|homes?|families|councillors?|managers?|hospitals?|trusts?|"
    r"charit(?:y|ies)|researchers|practitioners|employers|older|disabled)\b",
    re.I,
)
_CLAIMS = re.compile(
    r"\b(?:must|should|needs?|have to|has to|can['’]t|cannot|ought|costs?|found|finds|shows?|will|would|because|"
    r"means|propos(?:es|ed)|rose|fell|cut|more|less|fewer|better|worse|never|only)\b",
    re.I,
)


def comfort(words: int, longest: int, alone: bool) -> float:
    """Very short sentences say little, those of more than `longest` words are hard to follow.

    Read alone, 13 words are as good as 25; among others that stand for a whole text the fuller sentence says more.
    """
    short = min(1.0, 0.25 + 0.06 * words)
    fit = short if alone else min(1.3, words / 25)
    return fit if words <= longest else fit * max(0.7, 1.0 - 0.01 * (words - longest))


def manner(body: str, alone: bool) -> float:
    """How fit for print a sentence is, whatever it is about. `alone`: it will be all that is read of its text."""
    bare = body.lstrip("\"'“‘([")
    factor = 1.0
    if alone and _STANCE.search(body):
        factor = 1.05
    elif _ABOUT_MYSELF.match(bare):
        factor = 0.5
    elif _FIRST_PERSON.search(body):
        factor = 0.9 if not alone else 0.65 if _I.search(body) else 0.85
    if _IMPERATIVE.match(bare):
        factor *= 0.6
    if "!" in body or _CHATTY.search(body):
        factor *= 0.7
    if needs_neighbours(body):
        factor *= 0.4 if alone else 0.75
    elif _PRONOUN_EARLY.match(body):
        factor *= 0.8
    if _FORMULA.search(body):
        factor *= 0.6
    if alone:
        factor *= (1.12 if _AGENTS.search(body) else 1.0) * (1.08 if _CLAIMS.search(body) else 1.0)
        factor *= 1.25 if _SHARE.search(body) else 1.06 if _DIGIT.search(body) else 1.0
        factor *= 0.5 if _METHOD.match(bare) else 1.0
        factor *= 0.5 if _SCENE.match(bare) or (_OWN_STORY.search(bare) and not _STANCE.search(body)) else 1.0
        factor *= 0.5 if _NEXT_STEP.search(body) else 1.0
        factor *= 0.6 if _A_VOICE.search(body) else 1.0
    else:
        factor *= 1.25 if _SHARE.search(body) else 1.12 if _DIGIT.search(body) else 1.0
        factor *= 0.75 if _METHOD.match(bare) else 1.0
    return factor
