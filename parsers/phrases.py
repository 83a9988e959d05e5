"""The phrases by which a line shows what it is: a version note, a heading over links, a claim with its author."""

from __future__ import annotations

import re

RELATED = re.compile(
    r"^\W*(?:more (?:on|from|about|in|stories|news|like this)\b.*|related\b.{0,40}|read (?:more|next|"
    r"also|on)\b.{0,40}|see also\b.{0,20}|also (?:read|see|on)\b.{0,30}|"
    r"(?:you (?:may|might)|we think you(?:’|')?(?:ll|d)?|others) (?:also )?(?:like|be interested|"
    r"enjoy).*|recommended\b.{0,30}|(?:most|what(?:’|')?s) (?:popular|read|trending).*|"
    r"(?:latest|new|newest) (?:news|stories|articles|posts|jobs)|popular (?:posts|articles|stories)|further articles|"
    r"next (?:post|article)|previous (?:post|article)|(?:in this|from the) (?:series|archive).{0,30}|"
    r"lesen sie auch.*|mehr zum thema.*|das könnte (?:sie|dich) auch.*|ähnliche (?:beiträge|"
    r"artikel).*|lire aussi.*|à lire.*)\W*$",
    re.I,
)
RELATED_LEAD = re.compile(
    r"^\W*(?:related(?: (?:article|story|content|post|link|news|reading|coverage)s?)?|read (?:more|"
    r"also|next)|see also|also read|more on this(?: story)?|mehr dazu|lesen sie auch)\s*[:–—-]",
    re.I,
)
REFERENCES = re.compile(
    r"^\W*(?:references?|resources?|bibliography|sources?|notes|footnotes|endnotes|further reading|"
    r"further information|useful (?:links|resources|reading)|works cited|citations|literature|"
    r"literatur|quellen|cyfeiriadau)\W*$",
    re.I,
)
VERSION = re.compile(
    r"^\W*(?:(?:editor(?:’|')?s? )?note\b\s*[-–—:]*\s*)?(?:(?:a|an|"
    r"one) (?:\w+ ){0,2}version of (?:this|the)\b|this (?:is an? (?:\w+ ){0,3}(?:version|extract)|"
    r"(?:article|piece|post|blog|story|column|feature|essay|page|interview|report|review|speech|"
    r"comment)\b.{0,40}?"
    r"\b(?:was|has been|had been|is|first|originally|also)\b.{0,40}?\b(?:published|appeared|updated|"
    r"amended|corrected|edited|posted|adapted|changed|reproduced|republished|cross-posted))|"
    r"(?:first|originally|previously) (?:published|appeared|posted) (?:in|on|by|at)\b|(?:correction|"
    r"clarification|update)\s*[:–—-]\s|(?:reproduced|republished|reprinted) (?:with|by|from)\b|"
    r"an earlier version)",
    re.I,
)
CLOSED = re.compile(
    r"^\W*(?:comments (?:are|have been) (?:now )?(?:closed|off|disabled).*|(?:leave|post|add|"
    r"write)(?: a| your)? (?:comment|reply)\b.{0,20}|no comments(?: yet)?|be the first to comment.*|"
    r"\d+ (?:comments?|responses?|replies)\b.{0,80}|"
    r"comments?(?: \(\d+\))?|join the (?:conversation|discussion).*|have your say.{0,40}|"
    r"responses? to\b.{0,80}|kommentare.{0,20}|schreibe einen kommentar.*|log in to (?:comment|reply|"
    r"post).*)\W*$",
    re.I,
)
CHROME = re.compile(
    r"^\W*(?:share(?: (?:this|on|via|it|article|post|story|with)\b.{0,40})?|tweet|"
    r"print(?: this.{0,20})?|e-?mail(?: this.{0,20})?|like this:?|like loading\.*|loading\.*|"
    r"advertisement|advert|sponsored|anzeige|werbung|publicidad|"
    r"(?:click|tap) (?:here )?to share.*|follow us\b.{0,40}|sign up (?:for|to)\b.{0,80}|"
    r"subscribe\b.{0,60}|back to top|skip to (?:main )?content|accessibility|save|copy link|facebook|"
    r"twitter|linkedin|whatsapp|"
    r"home|menu|search|posted in\b.{0,80}|filed under\b.{0,80}|tags?:.{0,160}|tagged(?: with|"
    r" as)?:?.{0,120}|categor(?:y|ies):.{0,120}|topics?:.{0,80}|reading time:?.{0,20}|"
    r"\d+ min(?:ute)?s? read|image(?: credit)?:.{0,80}|"
    r"(?:photo|picture|image|pic|foto|bild)s?(?: credit)?\s?(?:by)?\s?:.{0,80}|permalink|"
    r"table of contents|contents|\d+ (?:shares?|views?|likes?)|get started|(?:learn|find out) more|"
    r"(?:add|choose|make|set) (?:us |this site )?as an? (?:preferred|trusted) source\b.{0,60})\W*$",
    re.I,
)
EDITOR = re.compile(
    r"\bpage (?:author|editor|owner|manager|maintained by)\b|\b(?:web|content) (?:editor|owner)\s*:", re.I
)
_CLAIMS = (
    r"(?:argues?|writes?|says|believes?|asks|explains?|reflects?|suggests?|warns?|reports?|considers?|"
    r"looks at|describes?|examines?|urges?|reveals?|contends?|outlines?|discusses|sets out)"
)
NAME = (
    r"(?:(?:Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness|Rev|Cllr)\.?\s)?(?:[A-Z][\w’'-]+|"
    r"[A-Z]\.)(?:\s(?:[A-Z][\w’'-]*|[A-Z]\.|de|van|von|der|la|le|ap|al)){1,3}"
)
CLAIM_LAST = re.compile(rf"(?:,|–|—|-|\.\.\.|…)?\s+{_CLAIMS}\s+(?P<who>{NAME})\W{{0,3}}$")
CLAIM_FIRST = re.compile(rf"^(?P<who>{NAME})\s+{_CLAIMS}\b")
IS = (
    r"(?:is|was|are|has been|works?|worked|leads?|runs?|heads?|chairs?|teaches|has worked|writes|"
    r"currently|,? (?:an? |the )?(?:director|professor|lecturer|chief|senior|head))"
)


LABEL = re.compile(
    r"^(?:category|decision(?: date)?|reference|case (?:number|reference|no\.?)|date|type|topic|"
    r"status|outcome|sector|subject|jurisdiction|published|"
    r"organisation|council|from|applies to)\s*:\s+\S.{0,100}$",
    re.I,
)
SUMMARY = re.compile(r"^(?:summary|in brief|abstract)\s*:\s+(?P<said>\S.+)$", re.I)


ONLY_NAME = re.compile(rf"^(?:[–—-]\s*)?(?:by\s+)?(?P<who>{NAME})$")


BOOK = re.compile(
    r"(?:\bauthor of|\bwrote|\bbook,?|\beditor of)\s+(?P<ref>[A-Z][^().]{4,120}\([A-Z][^()]{2,60},?\s(?:19|20)\d\d\))"
)
