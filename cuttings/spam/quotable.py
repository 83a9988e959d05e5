"""May a genuine comment's words be printed at all? Narrower than genuine, and in doubt no.

Never: a text that was cut off, one that names a person, one that charges a person or a group with something,
foul language, links and contact details, and a text in another language than English.
"""

from __future__ import annotations

import re

from cuttings.duplicates.text import normalise
from cuttings.spam import lexicon, link_rules
from cuttings.spam.findings import Finding, shown
from cuttings.spam.sight import Sight

_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Cllr|Councillor|Rev|Judge|Justice)\.?\s+[A-Z]"
)
_TWO_CAPITALS = re.compile(
    r"(?<![.!?…:\n\"“])(?<!^)\s([A-Z][a-z]+(?:[-'’][A-Z]?[a-z]+)*)\s+([A-Z][a-z]+(?:[-'’][A-Z]?[a-z]+)*)"
)
_CHARGE = re.compile(
    r"\b(?:breach\w*|corrupt\w*|liars?|lying|lied|lies|fraud\w*|negligen\w*|neglect\w*|abus\w*|incompeten\w*|bull(?:y|ied|ies|ying)|"
    r"rac(?:ist|ism)|sexist|bigot\w*|crimin\w*|crooks?|illegal\w*|unlawful\w*|"
    r"cover(?:ed|ing)?[- ]?up|steal\w*|stole|theft|thie(?:f|ves)|"
    r"fiddl\w*|guilty|dishonest\w*|malpractice|misconduct|discriminat\w*|disgrac\w*|shame\w*|blam(?:e|ed|ing)|kill(?:ed|ing|s)?|murder\w*|"
    r"cheat\w*|scam\w*|brib\w*|greed\w*|lazy|cruel\w*|heartless|callous\w*|inhuman\w*|evil|bastards?|idiots?|fools?|stupid\w*|clueless|"
    r"useless|pathetic|parasites?|scroungers?|vile|betray\w*|harass\w*|threaten\w*|victimi\w*|cowards?|coward\w*|hypocri\w*|nazi\w*|"
    r"fail(?:ed|ing|s|ure|ures)?|unprofessional\w*|unfit|dangerous\w*|ignor(?:ed|es|ing|ant)|refus(?:ed|es|ing)|robb(?:ed|ing)|"
    r"mislead\w*|misled|manipulat\w*|exploit\w*|profiteer\w*|rip(?:ped|ping)?[- ]?off|money[- ]grabb\w*|"
    r"whitewash\w*|scapegoat\w*)\b"
    r"|\b(?:do(?:es)?n['’]?t|do(?:es)? not|couldn['’]?t|never|not) (?:\w+ )?(?:care|caring|bother\w*|give a)\b"
    r"|\blin(?:e|ed|ing) (?:their|his|her|its) (?:own )?pockets"
    r"|\bpass(?:es|ed|ing)? the buck|\bout of (?:their|his|her) depth"
    r"|\bshould (?:be )?(?:sacked|fired|struck off|resign|jailed|prosecuted|ashamed)",
    re.IGNORECASE,
)
_FOUL = re.compile(
    r"\b(?:f+u+c+k\w*|f\*+\w*|sh[i1*]t\w*|bullshit|crap\w*|arse\w*|bollocks|piss\w*|cunt\w*|wank\w*|tw[a4]t\w*|bloody|damn\w*|wtf|omfg)\b",
    re.IGNORECASE,
)
_CUT_MARK = re.compile(r"(?:\.\.\.+|…|\[(?:\.\.\.|…|more)\]|read more|\bcont(?:inued|['’]?d)?)\W*$", re.IGNORECASE)
_ENDS = re.compile(r"[.!?)\]\"”’'»]\W{0,20}$|[:;=8][-']?[)(DPp]\s{0,9}$|[\U0001f300-\U0001faff]\s{0,9}$")
# "the line ought to be 'That's": a quotation mark after a space, and none before a space or the end behind it.
_SHORT_QUOTE = re.compile(r"(?:^|\s)['‘](?![^\n]{0,400}['’](?:[^\w]|$))[^\n]{0,200}$")


def not_quotable(sight: Sight) -> Finding | None:
    """Why its words may not be printed; None when they may."""
    for look in (_cut_off, _names_somebody, _charges, _foul, _links, _foreign):
        if finding := look(sight):
            return finding
    return None


def _cut_off(sight: Sight) -> Finding | None:
    text = sight.text.rstrip()
    words = sight.words
    if not words:
        return Finding("has no words to quote")
    # "I've been saying the line should be 'That's" ends inside a quotation and on half a sentence.
    opened = text.count("“") > text.count("”") or text.count('"') % 2 or text.count("(") > text.count(")")
    dangling = _SHORT_QUOTE.search(text) is not None
    last = words[-1]
    unfinished = not _ENDS.search(text) and (
        last
        in lexicon.FUNCTION
        - {
            "too",
            "again",
            "most",
            "all",
            "so",
            "now",
            "here",
            "there",
            "this",
            "that",
            "it",
            "you",
            "them",
            "us",
            "me",
            "up",
            "off",
            "out",
            "yet",
            "over",
        }
    )
    if _CUT_MARK.search(text) or opened or dangling or unfinished or text.endswith((",", "-", "–", "—", ":")):
        return Finding("the text is cut off")
    # A long text with full stops that ends without one has most likely met a limit on length.
    if len(text) > 300 and not _ENDS.search(text) and re.search(r"[.!?]\s", text):
        return Finding("the text ends without an end")
    return None


def _names_somebody(sight: Sight) -> Finding | None:
    text = sight.prose
    if hit := _TITLED.search(text):
        return Finding(f"names a person, {shown(hit[0])}")
    people = lexicon.people()
    for word in re.findall(r"[^\W\d_]+", text):
        plain = normalise(word)
        if plain not in people:
            continue
        if plain in lexicon.NAMES_OR_WORDS and not word[0].isupper():
            continue
        if word[0].isupper() or plain in lexicon.NAMES_ALWAYS:
            return Finding(f"names a person, {shown(word)}")
    for first, second in _TWO_CAPITALS.findall(text):
        if min(lexicon.commonness(first.lower()), lexicon.commonness(second.lower())) < 3.0:
            return Finding(f"may name a person, {shown(first + ' ' + second)}")
    spoken = f" {normalise(text)} "
    for at, name in enumerate(sight.thread.names):
        if at != sight.at and len(name) > 3 and lexicon.commonness(name) < 3.5 and f" {name} " in spoken:
            return Finding("names another reader")
    return None


def _charges(sight: Sight) -> Finding | None:
    hit = _CHARGE.search(sight.prose)
    return Finding(f"charges somebody, or comes near it: {shown(hit[0])}") if hit else None


def _foul(sight: Sight) -> Finding | None:
    return Finding("foul language") if _FOUL.search(sight.prose) else None


def _links(sight: Sight) -> Finding | None:
    if sight.links or link_rules.contact(sight):
        return Finding("holds a link or contact details")
    return None


def _foreign(sight: Sight) -> Finding | None:
    if sight.language not in {None, "en"} or sight.disguises:
        return Finding("not plain English")
    return None
