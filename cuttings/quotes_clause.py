"""Clauses that can stand for a long sentence, as spans of it.

    "The report is late, yet 64% of the carers asked said that they had had no break."
      ->  "64% of the carers asked said that they had had no break."   (cut before, shown as '… ' in print)

Cut only where a clause begins or ends: at a semicolon or a dash, or at a comma before a word that opens a clause.
Never inside a quotation or a bracket, and only what has a subject and a verb of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuttings.sentences import Sentence, quotation_depth

_LEAST_WORDS = 8
_JOINERS = (
    r"and|but|yet|so|or|nor|while|whereas|although|though|because|which|who|where|when|with|as|if|since|unless|until"
)
_BREAK = re.compile(rf"(?P<mark>[,;:]|\s[–—-]|—)\s*(?P<joiner>(?:{_JOINERS})\b\s*)?", re.IGNORECASE)
_TAKES_BACK = frozenset({"but", "yet", "although", "though", "unless", "if", "while", "whereas", "nor"})
_TURNS = re.compile(
    r"[\s,;:–—-]*(?:except|however|provided|only if|rather than|not)\b|.*[,;–—]\s*(?:but|yet|although|though)\b",
    re.IGNORECASE | re.DOTALL,
)
# What a list can't go on with: the comma before it parts two clauses, whatever commas stand further left.
_NO_LIST = frozenset({"so", "because", "since", "when", "where", "until", "which", "who"})
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


# What only says a sentence's last thing again, or names some of it.
_ASIDE = re.compile(r",\s(?:or (?:about|almost|just|less|more|nearly|roughly)|including|such as)\b", re.IGNORECASE)


def clauses(sentence: Sentence, most_words: int) -> Iterator[tuple[int, int]]:
    """Spans (offsets of the whole text) of clauses with 8 to `most_words` words, the longest first."""
    body = sentence.text
    depth = quotation_depth(body, 0, len(body))
    brackets = _bracket_depth(body)
    breaks = [b for b in _BREAK.finditer(body) if not depth[b.start()] and not brackets[b.start()]]
    found: list[tuple[int, int, int]] = []
    for cut in breaks:
        found += _first_part(body, cut, most_words)
        found += _last_part(body, cut, most_words)
    for tail in _ASIDE.finditer(body):
        words = len(body[: tail.start()].split())
        if _LEAST_WORDS <= words <= most_words and not depth[tail.start()] and not brackets[tail.start()]:
            part = body[: tail.start()]
            if _is_clause(part) and _balanced(part) and not _SUBORDINATE.match(part.lstrip("\"'“‘")):
                found.append((words, 0, tail.start()))
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
    part = body[:end]
    words = len(part.split())
    strong = cut["mark"].strip() != "," and cut["mark"] != ":"
    # 'The review says that his capacity was presumed, but that nobody asked …': the rest takes the first part back.
    if (cut["joiner"] or "").strip().lower() in _TAKES_BACK or _TURNS.match(body[end:]):
        return
    if (
        _LEAST_WORDS <= words <= most_words
        and (strong or (cut["joiner"] and _is_clause(body[cut.end() :])))
        and ((cut["joiner"] or "").strip().lower() in _NO_LIST or "," not in _since_last_clause(part))
        and not _SUBORDINATE.match(part.lstrip("\"'“‘"))
        and _is_clause(part)
        and _balanced(part)
    ):
        yield words, 0, end


def _last_part(body: str, cut: re.Match[str], most_words: int) -> Iterator[tuple[int, int, int]]:
    start = cut.end()
    joiner = (cut["joiner"] or "").strip().lower()
    part = body[start:]
    words = len(part.split())
    # 'A, B and C' has no joiner at its comma; a relative clause has no subject of its own.
    opens = joiner in {"and", "but", "yet", "so", "while", "whereas"} or cut["mark"].strip() in {";", "–", "—", "-"}
    if (
        _LEAST_WORDS <= words <= most_words
        and opens
        and joiner not in {"which", "who", "where", "when", "with", "as", "if", "since", "unless", "until"}
        and not _LEANS.match(part)
        and _subject_then_verb(part)
        and _balanced(part)
        and _balanced(body[:start])
    ):
        yield words, start, len(body)


def _since_last_clause(part: str) -> str:
    """A part with commas may be a list that goes on behind the cut: only its last clause is looked at."""
    return re.split(rf",\s(?:{_JOINERS})\b|;", part)[-1] if part.count(",") == 1 else part


def _is_clause(part: str) -> bool:
    return bool(_VERB.search(part))


def _subject_then_verb(part: str) -> bool:
    """A verb, and not as the first word: 'is at risk of closing' has lost its subject."""
    verb = _VERB.search(part)
    return bool(verb and verb.start() > 0)


def _balanced(part: str) -> bool:
    return (
        not quotation_depth(part, 0, len(part))[-1]
        and part.count("(") == part.count(")")
        and part.count("[") == part.count("]")
        and part.count("“") == part.count("”")
        and part.count('"') % 2 == 0
    )
