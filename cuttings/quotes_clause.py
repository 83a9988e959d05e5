"""Clauses that can stand for a long sentence, as spans of it.

    "The report came out with the county's budget in March, and 64% of the carers asked said that they had no break."
      ->  "64% of the carers asked said that they had no break."   (cut before, shown as '… ' in print)

What is cut away must leave what stays as true as it was. It may give a reason, a result or one thing more; it may hold
no condition, exception, denial, contrast or attribution, whatever the comma before it looks like:

    "Home care is a luxury and should be ended, which is what critics said ten years ago."      never cut
    "Councils may stop paying after twelve weeks, as long as each person agrees."               never cut
    "Fees are illegal in every part of the county, or so a leaflet claimed."                    never cut

So a clause ends only at a semicolon or a dash, or before 'because', 'so' and 'since'. It begins only at a semicolon or
a dash, or with 'and', 'so', 'but' and 'yet', since what is said last is what the writer holds. And nothing is cut away
that has a word which turns the sense, or sets the place, the time or the play in which the rest holds:

    "Scotland went its own way twenty years ago, and personal care is free for everybody over 65."     never cut

Where that leaves nothing, another sentence is printed, or none. Never inside a
quotation or a bracket, and only what has a subject and a verb of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuttings.quotes_rank import stems
from cuttings.sentences import Sentence, quotation_depth

_LEAST_WORDS = 8
_JOINERS = (
    r"and|but|yet|so|or|nor|while|whereas|although|though|because|which|who|where|when|with|as|if|since|unless|until"
)
_BREAK = re.compile(rf"(?P<mark>[,;]|\s[–—-](?=\s)|—)\s*(?P<joiner>(?:{_JOINERS})\b\s*)?", re.IGNORECASE)
_ENDS_BEFORE = frozenset({"because", "so", "since"})
_CONTRADICTS = frozenset({"but", "yet"})  # shown with its clause where there is room: '… yet 64% of those asked …'
_BEGINS_BEHIND = frozenset({"and", "so", *_CONTRADICTS})
_DASHES = frozenset("–—-")

# ---------------------------------------------------------------- what may not be cut away

_CONDITION = (
    r"if|unless|until|till|when(?:ever)?|where(?:ver)?|once|provid(?:ed|ing)|as long as|so long as|subject to|"
    r"on condition|in case|in the event|depend(?:s|ed|ing|ent)?|assum(?:e|es|ed|ing)|whether|before|pending|otherwise|"
    r"suppos(?:e|ing)|should (?:an?|the|any|they|he|she|it)|may|might|could|would|perhaps|possibly|maybe|likely|"
    r"eligible|qualif(?:y|ies|ied)|those who|anyone who|people who|temporar(?:y|ily)|imagin\w+|"
    r"pretend\w*|dream\w*|fiction\w*|hypothetic\w*"
)
_EXCEPTION = (
    r"except(?:s|ed|ing|ions?|ional)?|apart from|other than|save for|exclud(?:e|es|ed|ing)|exempt\w*|outside|only|"
    r"solely|merely|at least|at most|or (?:about|almost|just|less|more|nearly|roughly|so|rather)|bar"
)
_DENIAL = (
    r"not|\w+n['’]t|cannot|no|never|nobody|none|nothing|nowhere|neither|nor|without|hardly|scarcely|barely|few|little|"
    r"fail\w*|refus\w+|den(?:y|ies|ied|ying|ials?)|wrong\w*|fals(?:e|ely)|untrue|untruth|myths?|mistak\w+|disput\w+|"
    r"reject\w*|dismiss\w*|doubt\w*|contradict\w*|overturn\w*|revers\w+|opposite|quash\w*|withdr\w+|retract\w*|"
    r"apolog\w+|mislead\w*|misled|inaccurate|incorrect\w*|disprov\w+|refut\w+|rebut\w*|challeng\w+|contest\w*|"
    r"unfounded|baseless|nonsense|fiction|unlawful\w*|illegal\w*|struck|scrap\w*|abandon\w*|drop(?:ped|s)|stopp?\w*|"
    r"unlikely|impossible|unable|lack\w*|ignor\w+|broke|broken|exaggerat\w+|rubbish|hoax|joke|lies?|lied"
)
_CONTRAST = (
    r"but|yet|although|though|tho|however|while|whilst|whereas|despite|in spite|nevertheless|nonetheless|instead|"
    r"rather|still|even (?:so|if|though)|albeit|contrary|on the other hand|in fact|in reality|actually|unlike|"
    r"notwithstanding|regardless|ironically|then again|compared|against|as opposed"
)
_ATTRIBUTION = (
    r"sa(?:y|ys|id|ying)|claim\w*|argu\w+|believ\w+|thinks|thought|according|tells|told|reported\w*|"
    r"reports? that|warn\w*|suggest\w*|insist\w*|alleg\w+|accus\w+|critic\w*|campaigners?|opponents?|sceptics?|"
    r"wrote|writes?|announc\w+|promis\w+|pledg\w+|hop(?:e|es|ed|ing)|fear(?:s|ed|ing)?|expect\w*|estimat\w+|views?|"
    r"opinions?|feels?|felt|consider\w*|maintain(?:s|ed)?|conten(?:d|ds|ded|tion)|assert\w*|stat(?:es|ed)|admit\w*|"
    r"acknowledg\w+|conced\w+|explain\w*|add(?:s|ed)|finds?|found|show(?:s|n|ed)?|conclu\w+|rul(?:ed|es|ing)|judg\w+|"
    r"apparent\w*|supposed\w*|so-called|seem\w*|appear\w*|propos\w+|calls?|called|agree[sd]?|disagree\w*|"
    r"assur\w+|reassur\w+|inform(?:s|ed|ing)|stress(?:es|ed|ing)|declar\w+|testif\w+|brief(?:s|ed|ing)|boast\w*|"
    r"confirm\w*|vow\w*|swear\w*|swore|sworn|urg(?:e|es|ed|ing)|remind\w*|emphasi[sz]\w+|remark\w*|complain\w*|"
    r"lament\w*|tweet\w*|hint\w*|signal\w*|convinc\w+|persuad\w+|guarantee\w*|notif\w+|advis(?:e|es|ed|ing)|"
    r"blam(?:e|es|ed|ing)|describ\w+|recall(?:s|ed)|point(?:s|ed) out|speeches|speech|"
    r"rumou?r\w*|predict\w*|forecast\w*|propaganda|leaflets?|theory|in theory|on paper|officially"
)

# 'The new play is set in 2040, and every home is closed': true on the stage.
_FRAME = (
    r"novels?|novelist|playwright|(?:an?|the|his|her|their|its|this|that)\s(?:(?!(?:to|in|no)\b)[\w-]+\s){0,2}plays?|"
    r"films?|movies?|dramas?|dramati[sz]\w+|sitcoms?|episodes?|storylines?|thrillers?|poems?|fables?|fairy[ -]tales?|"
    r"satires?|sketch(?:es)?|scenarios?|scripts?|fictional|(?:is|are|was|were|being) set in|musical|opera|video game|"
    r"parable|parody|spoof|legend|on stage|utopia\w*|dystopia\w*|april fool\w*"
)


def _words(*kinds: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(kinds)})(?![\w-])", re.IGNORECASE)


# In what follows: any of them may turn what stands before it.
_TURNS = _words(_CONDITION, _EXCEPTION, _DENIAL, _CONTRAST, _ATTRIBUTION, _FRAME)
# In what goes before: a plain 'not' there is over when the next clause begins; a denial of what is to come is not.
_GOVERNS = _words(_CONDITION, _EXCEPTION, _CONTRAST, _ATTRIBUTION, _FRAME)
_DENIES = re.compile(rf"(?<![\w’'-])(?:{_DENIAL})(?![\w-])[^,;–—]*\s(?:that|whether|to|both|only)\b", re.IGNORECASE)
_A_DENIAL = _words(_DENIAL)
# 'Every household pays; pensioners are spared', 'Care is free – in Scotland': what holds for all, or by law, is often
# taken back for some, in words that no list has.
_OF_ALL = re.compile(
    r"\b(?:every\w*|all|always|any\w*|each|whole|entire(?:ly)?|no|nobody|none|never|must|ha(?:ve|s|d) to|may|can|"
    r"should|shall|need to|free|full(?:y)?|most|only)\b",
    re.IGNORECASE,
)
# Behind '…, and': what holds for all may hold for all of what went before alone, 'in Scotland', 'in the new homes'.
_FOR_ALL = re.compile(
    r"\b(?:every\w*|all|always|any\w*|each|whole|entire(?:ly)?|nobody|no one|none|nowhere|free)\b", re.IGNORECASE
)
_A_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\ds?\b|\b(?:century|centuries|decades?|sixties|seventies|eighties|nineties)\b")
_A_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]*")
# Days and months tell when, which is true of both halves; 'I' is nobody's name.
_NO_NAME = re.compile(
    r"(?:I|I['’]\w+|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Christmas|Easter)\Z"
)
# As the first word of a sentence, with a capital whatever it is: what has no article and no plural is mostly a name,
# but for what can't be counted.
_FIRST_WORD = re.compile(r"[\"'“‘]*([A-Z][\w’'-]*)\s+([\w’'-]+)")
_NO_NAME_FIRST = re.compile(
    r"(?:an?|the|this|that|these|those|its?|we|they|he|she|you|i|my|our|his|her|their|your|some|many|most|more|both|half|"
    r"two|three|four|five|six|seven|eight|nine|ten|one|another|such|there|here|nearly|almost|about|around|over|under|"
    r"each|every|all|no|nobody|everybody|everyone|nothing|few|several|what|who|people|staff|care|home|pay|demand|money|"
    r"funding|help|support|respite|homecare|research|inflation|evidence|work|time|housing|health|training|progress|"
    r"spending|council|social|older|disabled|adult|local|last|next|\w{3,}(?:s|ing|ly|ed|men|ren))\Z",
    re.IGNORECASE,
)
_NAMES_IN_S = frozenset(
    ("Wales", "Leeds", "Paris", "Brussels", "Texas", "Wells", "Holmes", "James", "Lewes", "Hastings")
)
# '; that rule is gone', ' – it lasted a week': what follows speaks of what stands before.
_SPEAKS_OF_IT = re.compile(
    r"\b(?:this|that|these|those|it|its|which|who|whose|such|so|they|them|their|he|she|his|her|"
    r"the (?:claim|promise|pledge|idea|rule|plan|duty|law|policy|scheme|decision|offer|figure|former|latter|same)s?)\b",
    re.IGNORECASE,
)
# 'so far as', 'since when', 'since the war': no reason and no result.
_NO_REASON = re.compile(
    r"so (?:far|long|much|many|too|as)\b|since (?:when|then|which|the|\d|last|january|february|march|april|may|june|"
    r"july|august|september|october|november|december)\b|because of\b",
    re.IGNORECASE,
)
# 'Fees rose by 9%; prices rose by 12%': the second number is what the first has to be held against.
_MOVES = re.compile(
    r"\b(?:rose|risen|ris(?:e|es|ing)|fell|fallen|fall(?:s|ing)?|cuts?|dropp?\w*|more|less|fewer|higher|lower|grew|"
    r"grow\w*|increas\w+|decreas\w+|declin\w+|doubled|halved|up|down|better|worse|gain\w*|lost|los(?:e|es|ing))\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|will|would|can|could|must|should|shall|may|might|do|does|did|need|"
    r"needs|make|makes|made|say|says|said|felt|feel|feels|find|finds|found|show|shows|want|wants|give|gives|gave|take|"
    r"takes|took|get|gets|got|come|comes|came|go|goes|went|know|knew|think|thinks|thought|remain|remains|become|becomes|"
    r"became|rose|rise|fell|fall|cost|costs|spend|spent|wait|waits|work|works|receive|receives|face|faces|argue|argues|"
    r"isn['’]t|aren['’]t|wasn['’]t|weren['’]t|hasn['’]t|haven['’]t|can['’]t|won['’]t|don['’]t|doesn['’]t|didn['’]t|"
    r"couldn['’]t|wouldn['’]t|shouldn['’]t|cannot|it['’]s|we['’]re|they['’]re|we['’]ve|\w{3,}ed)\b",
    re.IGNORECASE,
)
# What can't open a clause that is to be read alone: it leans on the part that was cut away.
_LEANS = re.compile(
    r"(?:this|these|those|that|which|who|whose|whom|it|its|he|she|they|them|their|his|her|such|and|or|but|nor|not|also|"
    r"then|thus|therefore|even|only|especially|particularly|including|rather|instead|of|from|in|on|at|for|to|by|with|"
    r"without|under|over|into|about|after|before|between|through|despite|as|because|if|when|while|where|although|though|"
    r"since|unless|until|than|so|too|both|either|neither|is|are|was|were|has|have|had|will|would|can|could|must|should|"
    r"may|might|be|being|been|do|does|did|\w+ing|\w+ly|said|says|say|adds|added|argues|argued|explained|warned|perhaps)"
    r"(?![\w'’-])",
    re.IGNORECASE,
)
# A sentence that begins so says its main thing after the comma: its first part is no sentence.
_SUBORDINATE = re.compile(
    r"(?:although|though|while|whilst|when|whenever|if|because|as|since|unless|until|after|before|despite|with|without|"
    r"unlike|given|having|where|whereas|once|for|from|in|on|at|by|to|under|through|during|following|even|rather|"
    r"according|instead|\w+ing|\w+ed)(?![\w'’-])",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r"(?:an?\s.*\b(?:who|whose|whom|where|when)|.*\b(?:that|which))\b", re.IGNORECASE)


def clauses(sentence: Sentence, most_words: int) -> Iterator[tuple[int, int]]:
    """Spans (offsets of the whole text) of clauses with 8 to `most_words` words, the longest first."""
    body = sentence.text
    depth = quotation_depth(body, 0, len(body))
    brackets = _bracket_depth(body)
    breaks = [b for b in _BREAK.finditer(body) if not depth[b.start()] and not brackets[b.start()]]
    found: list[tuple[int, int, int]] = []
    dashes = sum(b["mark"].strip() in _DASHES for b in breaks)
    for cut in breaks:
        # 'The homes that we visited – nine in all – are to close': nothing ends at either of two dashes.
        if cut["mark"].strip() in _DASHES and dashes > 1:
            continue
        found += _first_part(body, cut, most_words)
        found += _last_part(body, cut, most_words)
    for _, start, end in sorted(found, key=lambda f: (-f[0], f[1])):
        yield sentence.start + start, sentence.start + end


def _bracket_depth(body: str) -> list[int]:
    depth, level = [], 0
    for char in body:
        level += char in "(["
        depth.append(level)
        level -= char in ")]" and level > 0
    return depth


def _first_part(body: str, cut: re.Match[str], most_words: int) -> Iterator[tuple[int, int, int]]:
    end = cut.start()
    part, rest = body[:end], body[cut.end() :]
    words = len(part.split())
    if (
        _LEAST_WORDS <= words <= most_words
        and _may_end(part, cut, rest)
        and not _SUBORDINATE.match(part.lstrip("\"'“‘"))
        and _is_clause(part)
        and _balanced(part)
    ):
        yield words, 0, end


def _may_end(part: str, cut: re.Match[str], rest: str) -> bool:
    """Whether what stands before a break stays as true as it was when the rest goes."""
    joiner = (cut["joiner"] or "").strip().lower()
    if _TURNS.search(rest) or ":" in part or (_MOVES.search(part) and _MOVES.search(rest)):
        return False
    if joiner in _ENDS_BEFORE:
        # 'They did not close it because it was unsafe, …': what is denied may be the reason.
        return (
            not _NO_REASON.match(f"{joiner} {rest}")
            and not (joiner != "so" and _A_DENIAL.search(part))
            and _is_clause(rest)
        )
    return (
        not joiner
        and cut["mark"].strip() != ","
        and _is_clause(rest)
        and not _LEANS.match(rest)
        and not _OF_ALL.search(part)
        and not _SPEAKS_OF_IT.search(rest)
        # 'The home was inadequate in March …; inspectors rated the home good in June': it is still being told.
        and not set(stems(part)) & set(stems(rest))
        and not _names(f" {rest}") - _names(part)
    )


def _last_part(body: str, cut: re.Match[str], most_words: int) -> Iterator[tuple[int, int, int]]:
    start = cut.end()
    part = body[start:]
    words = len(part.split())
    joiner = (cut["joiner"] or "").strip().lower()
    if joiner in _CONTRADICTS and words < most_words:
        start, words = cut.start("joiner"), words + 1
    if (
        _LEAST_WORDS <= words <= most_words
        and _may_begin(body[: cut.start()], cut, part)
        and not _LEANS.match(part)
        and _subject_then_verb(part)
        and _balanced(part)
        and _balanced(body[:start])
    ):
        yield words, start, len(body)


def _may_begin(before: str, cut: re.Match[str], after: str) -> bool:
    """Whether what stands behind a break stays as true as it was when what leads to it goes."""
    joiner = (cut["joiner"] or "").strip().lower()
    # 'A, B and C' has no joiner at its comma.
    opens = joiner in _BEGINS_BEHIND or (not joiner and cut["mark"].strip() != ",")
    return (
        opens
        and _is_clause(before)
        and ":" not in before
        and not _SUBORDINATE.match(before.lstrip("\"'“‘"))
        and not _GOVERNS.search(before)
        and not _DENIES.search(before)
        and not (_MOVES.search(before) and _MOVES.search(after))
        and not _FOR_ALL.search(after)
        and not (_names(before) | _years(before)) - (_names(after) | _years(after))
    )


def _names(part: str) -> set[str]:
    """Proper names: what has a capital, the first word only where it looks like one."""
    found = {m.group().removesuffix("'s").removesuffix("’s") for m in _A_NAME.finditer(part) if m.start() > 1}
    first = _FIRST_WORD.match(part)
    if first and (first[1] in _NAMES_IN_S or not _NO_NAME_FIRST.match(first[1])):
        found.add(first[1])
    return {name for name in found if not _NO_NAME.match(name)}


def _years(part: str) -> set[str]:
    return set(_A_YEAR.findall(part))


def _is_clause(part: str) -> bool:
    return bool(_VERB.search(part))


def _subject_then_verb(part: str) -> bool:
    """A verb, and not as the first word: 'is at risk of closing' has lost its subject; 'a promise that lapsed' has no
    verb of its own, but '64% of those who answered said …' has."""
    verb = _VERB.search(part)
    return bool(verb and verb.start() > 0 and not _APPOSITION.match(part, 0, verb.start()))


def _balanced(part: str) -> bool:
    return (
        not quotation_depth(part, 0, len(part))[-1]
        and part.count("(") == part.count(")")
        and part.count("[") == part.count("]")
        and part.count("“") == part.count("”")
        and part.count('"') % 2 == 0
    )
