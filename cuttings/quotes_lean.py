"""Whether words lean on what stands before them, by their pointers: 'this', 'they', 'the latter', 'also', 'that day'.

`leans`: what begins so can never be read alone. `needs_neighbours`: somewhere in its first clause something points
out of the sentence, since nothing before it there can be meant:

    "I know this because she told me."             'this' stands for something said before
    "On average they waited for a year."           nobody in the sentence whom 'they' could mean
    "Carers said that they waited for a year."     the carers: fine
    "The council said that it will pay."           the council: fine

Rules of thumb, so what only `needs_neighbours` is held back, not forbidden.
"""

from __future__ import annotations

import re

# Words that point back to a sentence the reader does not see.
_THOSE = r"(?:this|these|that|those)"
_LEANING = (
    # pronouns and pointers
    rf"{_THOSE}|he|she|they|it|its|his|her|hers|him|their|theirs|them|such|here|which|who|whose|why|"
    r"(?:there|it|that|he|she|this)['’]s|they['’](?:re|ve|ll|d)|(?:he|she|it)['’](?:d|ll)|another|others|both|neither|"
    r"either|two of them|the (?:former|latter|above|following|same|others?|two|three)|"
    # joints between sentences
    r"but|however|and|or|nor|so|yet|also|then|thus|therefore|hence|moreover|furthermore|additionally|besides|"
    r"nevertheless|nonetheless|instead|otherwise|meanwhile|similarly|likewise|conversely|consequently|accordingly|"
    r"indeed|again|alternatively|finally|(?:first|second|third|fourth|last)ly|first,|second,|third,|crucially|"
    r"equally|still,|even so|of course|certainly|overall|because|not only that|either way|if so|if not|to do (?:this|"
    r"so)|not so|hardly|what['’]s more|that said|no wonder|no doubt|as (?:such|a result|well|above|before)|"
    r"first (?:there|i|we|he|she|they|it|came)|later|afterwards|the (?:first|second|third|last|next|question|answer|"
    r"result|reason|difference|point|idea|trick|rest|remainder|\w+ thing) (?:is|was|were|are|had|has|have|would|will|"
    r"came|went|said)|"
    # 'There a nurse was asked', but 'There are four centres'
    r"there(?! (?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|remains?|seems?|exists?|"
    r"appears?|isn['’]t|aren['’]t|wasn['’]t|weren['’]t)\b)|"
    # a preposition and a pointer
    rf"in (?:{_THOSE}|addition|contrast|turn|response|short|other words|doing so|practice,|fact|return|reply)|"
    rf"in the (?:former|latter|same)|by (?:contrast|then|{_THOSE})|on the (?:other hand|contrary|one hand)|"
    rf"for (?:example|instance|the former|the latter|the record|others|{_THOSE})|from (?:there|then|{_THOSE})|"
    rf"at (?:the same|{_THOSE})|(?:after|before|under|with|through|despite|against|beside|above|beyond|because of|of|"
    rf"to) (?:which|{_THOSE})|(?:one|some|all|many|most|each|none|much|part) (?:of )?(?:them|{_THOSE})|"
    r"(?:one|two|three|four|some|most|all|none|many|several|few) (?:of us|was|were|is|are|had|has|have|did|do|said|"
    r"would)|(?:as|when|if|although|while) (?:he|she|they|it|this|that) |"
    # 'Some start the clock when …', but 'Some people with …'
    r"(?:some|others|many|most|few|several) (?!people|men|women|children|staff|of)[a-z]+(?<!s) (?:the|an?|it|them|"
    r"their|to|that|when|where)|"
    # half of somebody's speech
    r"said|says|added|adds|according to (?:him|her|them|this)"
)
_DANGLING = re.compile(rf"(?:{_LEANING})(?![\w'’-])", re.IGNORECASE)


def leans(bare: str) -> bool:
    """Whether a sentence or clause begins with a word that points back. Without a quotation mark before it."""
    return _DANGLING.match(bare) is not None


# Behind one of these 'this' and 'that' stand by themselves; before a noun they may point forward or at the paper.
_NO_NOUN = (
    r"(?=[.,;:!?]|$|\s(?:because|is|was|are|were|has|have|had|will|would|can|could|may|might|must|should|mean[st]?|"
    r"in|on|at|by|for|with|to|and|or|but|as|now|when|if|so|too|well|did|does|do|happen(?:s|ed)?|from|against|about|"
    r"when|where|makes?|made|works?|worked|goes|went|seems?|feels?|felt|shows?|showed|comes?|came|takes?|took|alone|"
    r"much)\b)"
)
_BY_ITSELF = re.compile(
    rf"\bthis{_NO_NOUN}|\bthese{_NO_NOUN}|\b(?:like|than|about|do|does|did|done|doing|say|said|know|knew|seen|heard|"
    rf"noticed|foreseen|of|after|before|from|with|for|by|at|to|see|saw|mean|think|thought|all|and|but|because|if|"
    rf"when) (?:that|those)"
    r"(?=[.,;:!?]|$|\s(?:is|was|means|meant|would|will|has|had|because|and|but)\b)",
    re.IGNORECASE,
)
# 'These groups', 'this tool': named before. Not 'this year', nor what a paper calls itself.
_NAMED_BEFORE = re.compile(
    r"\b(?:these (?!days\b)|those (?!who\b|that\b|with\b|without\b|in\b|on\b|of\b|aged\b|over\b|under\b|from\b|at\b|"
    r"whose\b|\w+ed\b|\w+ing\b)|this (?!(?:financial |calendar |coming )?(?:year|month|week|quarter|autumn|winter|"
    r"spring|summer|decade|century|country|county|region|government|parliament|time|field|sector|area|profession|"
    r"kind|sort|type|age)\b))\w+",
    re.IGNORECASE,
)
_POINTERS = re.compile(
    r"\b(?:(?:of|on|in|at|to|from|with|for|by|over|under|into) that (?!(?:of|is|are|was|which|can|will|would|the|they|"
    r"it|we|he|she|there|people|a|an|no|not|all)\b)\w+|the (?:first|second|third|fourth|fifth) (?:sentence|sort|kind|"
    r"question|reason|recommendation|point|problem|group|case|idea|option|way|thing|part|step|rule|one)|"
    r"the (?:former|latter|above|other(?:s|\sone)?)|such (?!as\b)(?:an? )?\w+|also|another (?:\w+ ){0,2}(?:is|"
    r"was|has|said|says)|the same(?! as)|(?:there|here) too|too(?=[.,;]|$|\s(?:is|was|are|were|has|had|have|will|"
    r"can)\b)|instead(?! of)|likewise|either(?=[.,;]|$)|that (?:day|night|evening|morning|afternoon|week|month|year|"
    r"time|point|moment|one|way)|the next (?:day|morning|one)|(?:offered|had|have|has|gets?|got|given|needs?|needed|"
    r"wants?|wanted|received?|without|uses?|used|took|found) one(?! (?:in|of|or|to|hour|day|week|month|year|person|"
    r"visit|council|more|thing)\b)|the (?:\w+ )?ones?(?! (?:who|that|in|of|which|where|with)\b)|"
    r"the (?:two|three|rest)|the (?:\w+ )?others|first there|"
    r"as (?:above|mentioned)|mentioned above|earlier in this)\b",
    re.IGNORECASE,
)
_FIRST_CLAUSE = re.compile(
    r"[,;:]\s(?:and|but|yet|so|or|while|which|who|because|although|though|where)\b|;|\s[–—]\s", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|she|him|her|his|hers)|(?P<many>they|them|their|theirs|they['’](?:re|ve|d|ll))|"
    r"(?P<thing>it|its|it['’]s))\b",
    re.IGNORECASE,
)
# 'It is clear that', 'it takes a year to', 'it was only then': the word stands for nothing.
_EXPLETIVE = re.compile(
    r"it(?:['’]s|\s(?:is|was|will be|would be|has been|can be|could be|may be|might be|remains|seems?|became|becomes|"
    r"takes?|took|makes sense|matters))\b",
    re.IGNORECASE,
)
_A_PERSON = re.compile(
    r"(?<!^)(?<![“‘\"] )\b(?:Mr|Mrs|Ms|Miss|Dr|Prof(?:essor)?|Cllr|Sir|[A-Z][a-z]+)\b|\b(?:woman|man|mother|father|"
    r"wife|husband|son|daughter|sister|brother|person|carer|worker|resident|councillor|minister|director|manager|"
    r"nurse|officer|patient|tenant|child|parent|neighbour|friend|everyone|everybody|anyone|anybody|nobody|somebody|"
    r"someone|assessor|inspector|doctor|solicitor|author|teacher|employer|owner|manager|who|\w{3,}(?:ist|man|"
    r"woman))\b"
)
_SEVERAL = re.compile(
    r"\b(?:people|staff|men|women|children|families|police|everyone|everybody|anyone|anybody|nobody|somebody|someone|"
    r"person|resident|carer|worker|who|one in \w+|\w{3,}(?:[^s\W]s|sses|ies))\b|\w+ (?:and|or) \w+",
    re.IGNORECASE,
)
_A_THING = re.compile(
    r"\b(?i:the|an?|each|every|any|one|no|our|my|your|this|its|\w+['’]s|[a-z]+s['’]) \w{3,}|(?<!^)\b[A-Z]\w+|"
    r"\b(?:of|on|with|for|from|about|by|in|to|has|have|had|needs?|wants?|gets?) (?:[\w-]+ )?[a-z][\w-]{3,}|"
    r"^[A-Z]\w{2,} (?:is|was|has|will|can)\b"
)
# 'A nurse and a social worker spent sixty hours on it': neither of them is what 'it' means.
_SOMEBODY = (
    r"(?:the|an?) (?:[\w-]+ ){0,2}?(?:woman|man|mother|father|wife|husband|son|daughter|sister|brother|person|carer|"
    r"worker|resident|councillor|minister|director|manager|nurse|officer|patient|tenant|parent|neighbour|friend|"
    r"assessor|inspector|doctor|solicitor|author|teacher|owner|\w{4,}ist)"
)
_PEOPLE_ALONE = re.compile(
    rf"{_SOMEBODY}(?: and {_SOMEBODY})?(?: (?!(?:the|an?|its|his|her|their|that|each|every|any|no)\b)[a-z][\w-]*)+? "
    r"(?:on|of|about|in|into|at|over|after|behind|through|for|from|with|to|by) it\b",
    re.IGNORECASE,
)
# What a sentence opens with says when or how much, and is nobody: 'On average they …', 'Ten years ago it …'.
_OPENER = re.compile(
    r"(?:(?:on|in|at|by|for|over|after|before|during|since|until|within|around|from|"
    r"through)\s(?:[\w'’-]+\s){0,4}?(?:average|sense|day|days|week|weeks|months?|years?|time|times|cases?|end|point|"
    r"moment|morning|night|evening|hours?|minutes?|three|two|four|five|six|seven|eight|nine|ten|eleven|noon|midnight|"
    r"\d{4}|[A-Z][a-z]+day|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"ways?|terms|part|theory|practice)\b|(?:[\w-]+\s){0,3}(?:years?|months?|weeks?|days?|hours?|minutes?|"
    r"decades?)\s(?:ago|later|earlier|on|before|after)\b|sometimes|often|usually|today|now|once|every\s\w+),?\s",
    re.IGNORECASE,
)


def needs_neighbours(body: str) -> bool:
    """Whether the first clause of a sentence points at something that the sentence itself does not name."""
    end = _FIRST_CLAUSE.search(body)
    clause = body[: end.start()] if end and end.start() > 20 else body
    return bool(
        _BY_ITSELF.search(clause)
        or _NAMED_BEFORE.search(clause)
        or _POINTERS.search(clause)
        or _spoken_by_nobody(body)
        or _without_antecedent(clause)
    )


_SPEAKER = re.compile(
    r"[”’\"'],?\s(?:he|she|they|it)\s(?:said|says|told|added|adds|asked|wrote|argued|warned|explained)\b"
)


def _spoken_by_nobody(body: str) -> bool:
    """‘We can't go on,’ he said."""
    return _SPEAKER.search(body) is not None


def _without_antecedent(clause: str) -> bool:
    opener = _OPENER.match(clause)
    begin = opener.end() if opener else 0
    for kind, noun in (("person", _A_PERSON), ("many", _SEVERAL), ("thing", _A_THING)):
        first = next((m for m in _PRONOUN.finditer(clause, begin) if m[kind]), None)
        if first is None or (kind == "thing" and _EXPLETIVE.match(clause, first.start())):
            continue
        if not noun.search(clause, begin, first.start()) or (kind == "thing" and _PEOPLE_ALONE.match(clause, begin)):
            return True
    return False
