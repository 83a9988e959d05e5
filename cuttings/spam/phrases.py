"""Phrases of the praise that machines leave below every page on earth, and of what it sells.

These are the public comment templates that circulate with posting software, written as patterns: each has many
spun forms ('stumbled upon your weblog', 'came across this web site'), so the skeleton is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SITE = r"(?:web ?sites?|web ?pages?|web ?blogs?|weblogs?|blogs?|sites?|pages?|home ?pages?|internet sites?)"
_POST = r"(?:posts?|postings?|articles?|paragraphs?|pieces? of writing|write-?ups?|weblog posts?|blog posts?|content|submits?)"
_GOOD = (
    r"(?:good|great|nice|excellent|awesome|wonderful|fantastic|superb|magnificent|amazing|outstanding|fabulous|terrific|"
    r"brilliant|remarkable|impressive|incredible|marvell?ous|very good|really good|informative|valuable|useful|helpful|"
    r"interesting|fastidious|pleasant|pleasing|perfect|lovely|cool|splendid|beautiful)"
)

TEMPLATES = (
    rf"\bstumbled? (?:up)?on(?:to)? (?:your|this|the) {_SITE}",
    rf"\b(?:came|come|ran) (?:across|upon|over|to) (?:your|this) {_SITE}",
    rf"\b(?:found|discovered) (?:your|this) {_SITE} (?:by|on|in|from|while|via|through|when|at)",
    r"\bbook-?\s?mark(?:ed|ing|s)?\b",
    rf"\b(?:subscribe|subscribing|subscribed|sign(?:ed)? up) (?:to|for|on)? ?(?:your|this|the) (?:{_SITE}|rss|feed|newsletter)",
    r"\b(?:your|the|this) (?:rss|feeds?)\b|\brss feeds?\b",
    rf"\bkeep (?:up|on)? ?(?:the|with the|this|your)? ?(?:{_GOOD} )?(?:works?|job|writing|posting|blogging|sharing)\b",
    rf"\bkeep it (?:up|going)\b",
    r"\b(?:look(?:ing)? (?:forward|ahead) (?:to|for)) (?:reading|seeing|your|more of your|the next|another|contact|be updated)",
    rf"\b(?:thanks?|thank you|thanx|thx|cheers)(?: (?:a lot|so much|very much|a ton|you))? (?:for|of|a ton for) "
    rf"(?:the|your|this|such|posting|sharing|providing|taking|another|a|an)\b(?: \w+){{0,3}} ?(?:{_GOOD}|{_POST}|info\w*|blog|sharing|effort|ideas?)",
    r"\bthanks? (?:\w+ )?(?:for|to) shar\w+",
    rf"\b(?:this|that|it)(?: is|'s| was)(?: such| really| truly| very| certainly| genuinely| actually| quite)* an? (?:really |very |truly )?{_GOOD} "
    rf"(?:and \w+ )?(?:{_POST}|{_SITE}|read|info\w*|subject|topic|stuff)",
    rf"^\W*(?:wow|hi|hello|hey|yes)?\W*(?:pretty|really|very|truly|such an?|what an?|way)? ?{_GOOD} (?:{_POST}|{_SITE}|info\w*|stuff|tips?|work|job|read|share|topic)\b",
    rf"\b(?:i|we) (?:really |truly |just |absolutely |also |genuinely |seriously )*(?:love|like|enjoy|enjoyed|loved|appreciate|admire|adore|dig)(?:ed|ing)? "
    rf"(?:your|this|the)(?: \w+)? (?:{_SITE}|{_POST}|design|layout|theme|style|information|writing|work)",
    rf"\b(?:your|this|the) {_SITE} (?:is|looks|has|loads|provides?|offers?|came|really|and)\b",
    r"\bwhich blog(?:ging)? platform|what blog(?:ging)? (?:platform|system|software)|(?:platform|script|system) (?:are )?you(?:'re| are)? using",
    r"\b(?:what|which|who is your) (?:web ?)?host(?:ing)?(?: provider| company)?\b|\bweb ?hosts?\b",
    r"\b(?:design|layout|theme|template|colou?rs)(?: \w+){0,3} (?:of|on|for) (?:your|this) (?:\w+ )?(?:site|blog|web)",
    r"\bbrowsers? compat|\binternet explorer\b.*\b(?:look|display|overlap)|(?:running|run) off the screen|(?:loads?|loading) (?:up )?(?:really|very|so|incredibly) (?:slow|fast|quick)",
    r"\b(?:protect|prevent|stop|issues?|problems?)(?: \w+){0,3} (?:hackers|spam(?:mers| comments?| remarks?)?|being hacked)\b",
    r"\bquick heads[- ]?up\b|\bgive you a (?:quick )?heads",
    r"\bexchang(?:e|ing) (?:links?|contents?)|guest (?:post|author|writ|blog)\w*|\bhyperlink exchange|\bhyperlink",
    r"\b(?:shar\w+|tweet\w*|forward\w*|pass\w*|sent|send)(?: \w+){0,3} (?:to|with|on|in|onto) (?:my|a) (?:\w+ )?(?:followers|friends?|facebook|twitter|myspace|zynga|co-?worker|colleague|social networks?|group|delicious|digg)",
    r"\bmy (?:brother|cousin|friend|boss|roommate|father|sister)(?: \w+)? (?:suggested|recommended|told|advised)",
    r"\bsomeone in my \w+ group|\bmy (?:myspace|facebook) group|\bblogroll\b",
    r"\b(?:first time|first visit|primary time)(?: \w+){0,3} (?:here|to your|to this|at here|commenting|comment|visit)",
    r"\bpay (?:a )?(?:quick )?(?:visit|a quick visit)\b|\bpay a quick",
    r"\b(?:every|each) (?:one|body|person) (?:is|can|of)|\bthese know-?how\b|\bhere every",
    r"\bthe (?:internet|web|net) (?:users?|viewers|visitors|people)\b|\binternet (?:users|visitors|viewers|people)\b",
    r"\b(?:i(?:'m| am|'ve been)? )?(?:been )?(?:surfing|browsing|searching|exploring|seeking|looking)(?: \w+){0,4} (?:for (?:some ?thing|info\w*|this|a while|hours)|internet|online|more than|on (?:bing|yahoo|google))",
    r"\bi(?:'ve| have)? (?:never )?(?:found|find) (?:any|this|it|so many)(?: \w+){0,3} (?:helpful|useful|interesting|positively|truly|absolutely|like yours)",
    r"\bi (?:will|'ll|am going to|shall)(?: \w+){0,3} (?:come back|be back|return|check(?:ing)? back|visit again|revisit|bookmark|check out more)",
    r"\bcheck(?:ing)? (?:back|your blog|again|here)(?: \w+){0,2} (?:often|frequently|regularly|soon|every|for)\b",
    r"\bgood (?:points|read)\b.{0,20}$|\byou(?:'ve| have)? (?:made|touched|raised) (?:some|a few|certain|several) (?:\w+ )?(?:really )?(?:good|nice|decent|valid|pleasant|fastidious|excellent|great|fine) points?",
    r"\byou (?:actually |really |certainly |definitely )?(?:make it (?:seem|look|enjoyable)|know (?:what you|how to|your stuff)|are (?:so|too|truly|amazing|incredible|very) \w+ (?:blogger|writer))",
    r"\b(?:skilled|talented|gifted|professional|passionate) (?:blogger|writers?)\b|\byou write (?:very|really|so) \w+|\bvery well written\b",
    r"\bmade my day\b|\bhit the nail|\bspot on with this|\bspot-?on\b.{0,20}write",
    r"\b(?:extremely|very|truly|really|quite|most|pretty) (?:helpful|useful|valuable|informative|interesting|nice|good) (?:info\w*|advice|tips|article|post|blog|facts|stuff|tutorial|particularly)",
    r"\bi(?:'ve| have)? (?:learn(?:ed|t)?|read|get|got|gain(?:ed)?|acquired)(?: \w+){0,2} (?:a lot|lot of|lots of|so much|many|some insight|several|new things?|just right)",
    r"\b(?:increase|improve|grow|expand|enhance) (?:my|our|your) (?:knowledge|know-?how|experience|familiarity|skill)",
    r"\b(?:continue|carry on|go on) (?:the|your|to)? ?(?:\w+ )?(?:writ\w+|posting|work|post|job|publish\w*)",
    r"\bwrite more\b|\bmore (?:posts?|articles?) like this|\b(?:extend|elaborate|expand)(?: \w+)? (?:a little|on|more)",
    r"\bi (?:blog|write) (?:frequently|often|quite often|regularly|too)\b|\bmy own (?:blog|site|website)\b|\bmy (?:last|first|own|new) (?:blog|site|website)\b",
    r"\bhelp me(?: out)?\b.{0,12}(?:loads|a lot)|\bhelped me out (?:loads|much|a lot)|\bit (?:has )?(?:really |truly )?(?:helped|aided) me",
    r"\b(?:give|offer|contribute)(?: \w+){0,2} (?:back|something)(?: \w+)? (?:and|&|to) (?:help|aid|assist)",
    r"\bcan i (?:simply |just )?say|\bi (?:must|have to|gotta) say|\bi couldn'?t (?:resist|refrain|help)|\bi do not even know how",
    r"\bthank(?:s)? (?:you )?admin|\badmin\b.{0,8}$",
    r"\byour (?:story-?telling|writing) style|\bthe way you (?:say|write|explain|put)|\bwriting taste\b|\bpleasant (?:designed|piece)",
    r"\bthis (?:subject|topic|matter|issue)\b.{0,30}\b(?:on|about|around) (?:the )?(?:net|web|internet)|\b(?:all|whole) (?:of )?the (?:web|internet|net)\b",
    r"\b(?:hottest|latest|newest|most recent|up-to-date) (?:information|news|updates|information)\b|\bget(?:ting)? (?:the )?(?:latest|most up-to-date|newest|hottest) updates?",
    r"\bwhere (?:can|could|do|did) (?:i|you) (?:do it|get (?:it|your|that|this|the) (?:theme|design|info\w*)?|find it)\b|\bplease help out\b",
    r"\bfrom start to end\b|\bend to end\b.{0,6}$|\bat (?:single|one) place\b|\bat this (?:place|web ?site|web ?page|point here)\b",
    r"\b(?:great|good|nice|wonderful) (?:goods|things|stuff) (?:here|from you)|\bstuff (?:here|right here)\b|\btremendous (?:things|issues)",
    r"\bwill (?:you )?(?:kindly|please) (?:drop|shoot|send) me|\bdrop me a (?:mail|e-?mail|line)|\bshoot me an? e-?mail",
    r"\bnotify me when new comments|\bfour emails|\bremove (?:me|people) from that service|\bsame comment\b.{0,12}$",
    r"\bsave[ds]? as a favou?rite|\bamong my favou?rites|\bfavou?rites?\b.{0,20}\b(?:page|site|blog)\b|\bwas on the net the (?:easiest|simplest)",
    r"\bi(?:'m| am) (?:extremely|really|very|truly) (?:impressed|inspired|satisfied|pleased|happy)(?: \w+){0,2} (?:with|to|by|at) (?:your|look|see|read|find)",
    r"\b(?:great|good|nice|superb|wonderful|excellent) (?:blog|site|website|webpage|information|article|post) ?(?:!|\.|here|and|you|admin)",
)
OFFERS = (
    r"\b(?:visit|see|check(?: ?out)?|look (?:at|into)|surf to|stop by|review|feel free to \w+(?: \w+)?|have a look at|try|browse)(?: \w+)? (?:my|our) (?:own |web |personal |new )?(?:\w+ )?(?:web-?\s?(?:site|page|blog|log)|site|blog|page|homepage|post|profile|channel|store|shop|facebook|services?)",
    r"^\W*(?:my|our) (?:web-?\s?)?(?:site|blog|page|website|weblog|homepage)\b|\bmy (?:blog|site|web-?site|web-?page|homepage) (?:is|on|about)\b|\bmy (?:blog|web-?site|site|page) ?[:;.…]",
    r"\b(?:click|tap|go|come|read|look|visit) (?:here|this link|the link|on this|below|now)\b|\bclick (?:the|this|on)\b",
    r"\bfor more (?:info\w*|details?|help|on)\b.{0,30}(?:visit|click|contact|call|see|http|www|here)",
    r"\b(?:call|contact|e-?mail|whatsapp|text|message|ring|reach|phone|write to) (?:us|me|him|her|them|now|today|dr\.?)\b",
    r"\b(?:we|our (?:company|team|firm|agency|clinic|experts?|services?|products?|range|store|shop))(?: \w+)? (?:offers?|provides?|sells?|supply|supplies|ships?|delivers?|speciali[sz]e|are (?:a |the )?(?:leading|best|top|professional|speciali|experienced))",
    r"\b(?:buy|order|shop|book|hire|rent|download)(?: \w+){0,3} (?:online|now|today|here|cheap|from us)\b|\bfor sale\b|\bon sale\b|\bfree (?:shipping|delivery|trial|quote|download|consultation)",
    r"\b(?:lowest|best|cheapest|affordable|discount(?:ed)?|competitive|great) (?:prices?|rates?|deals?|offers?)\b|\b\d{1,2} ?% off\b|\bmoney back\b|\bno (?:prescription|deposit|credit check)",
    r"\b(?:earn|make|making|earning) (?:\w+ )?(?:money|cash|income|[£$€] ?\d)|\bwork(?:ing)? from home\b|\bpassive income|\bget rich\b",
    r"\b(?:loan|lender|spell|herbal|hacker|recovery) (?:company|caster|doctor|expert|cure|service|offer)",
    r"\b(?:lose|losing|lost) (?:\w+ )?(?:weight|pounds|fat|\d+ ?(?:lbs|kg|pounds))\b|\bburn(?:ing)? (?:belly )?fat|\bmale enhancement|\bcasino\b|\bviagra\b|\bcialis\b|\bporn\b|\bescorts?\b",
    r"\b(?:search engine|page) (?:rank\w*|optimi[sz]\w*)|\bseo\b|\bback-?links?\b|\btraffic to (?:your|my)|\bget (?:listed|ranked|indexed)\b",
    r"\b(?:guaranteed|100 ?%|trusted|certified|licensed|professional|reliable|experienced|qualified) (?:\w+ )?(?:services?|results?|supplier|dealer|experts?|clinicians?|company|supervisors?|providers?|tutors?|coach)",
)
# Words put together as no one who means them would: the tools swap synonyms without looking.
BROKEN = (
    r"\bvery thanks\b|\bmany thank\b|\bthanks? (?:a lot )?(?:you|admin|of)\b(?! (?:all|for|very|so|to|both|and|guys|i|course))",
    r"\b(?:informations|knowledges|advices|contents|helps|softwares|stuffs|equipment's)\b",
    r"\ba (?:informative|amazing|awesome|excellent|interesting|article|informations?|great goods)\b",
    r"\bi (?:have|has|was|am) (?:learn|read this|enjoy|like|agree|stumble|find|found of)\b(?! to)|\bi(?:'ve| have) (?:understand|know)\b|\bi am (?:fan|regular visitor|genuinely|actually|truly) (?:of|pleased|glad|thankful|grateful)",
    r"\bprice bookmarking|\bjust right (?:stuff|article|post)|\bproper here\b|\bthe place (?:else )?(?:could|may|can) (?:anybody|anyone|i)\b|\bpositively (?:useful|helpful)",
    r"\b(?:wish|want|need|like|going) (?:for )?to (?:wrote|subscribed|commented|reading|found|visited)\b|\bwish for to\b|\bdesire to (?:take|get|be|obtain|read)\b",
    r"\bto be (?:happen|occur|precise content)|\bnow (?:each|all)(?: \w+)? (?:easily|effortlessly)|\bso where can i\b|\bso please (?:keep|post|share|send)\b",
    r"\bthis (?:paragraph|piece of writing|submit|put up|article post|weblog post)\b|\bpiece of writing\b",
    r"\b(?:web log|internet site|net page|internet page|web-?site owners?)\b",
    r"\b(?:really|actually|truly|in fact|genuinely) (?:really |truly )?(?:a |an )?(?:fastidious|pleasant|nice|good|great) (?:in favou?r|piece|paragraph|article|post)|\bfastidious\b|\bin favou?r of (?:me|new)|\bon behalf of (?:all|sharing|me)\b",
    r"\bmere(?:ly)? (?:to|wanna) (?:remark|tell|say)",
    r"\b(?:a|an) (?:enormous|immense|large|big) (?:aid|assist|part|element) (?:to|of) (?:other )?(?:folks|people|users)|\bother (?:folks|customers|users|people) like (?:you|its|it)\b",
    r"\b(?:your|the|this) (?:subject|topics?) is (?:wonderful|great|very|nice)",
    r"\bnot afraid to (?:mention|say) how (?:they|you) believe|\b(?:the )?sector hopes|\bgo after your heart|\bfollow your heart\b",
    r"\bas well as(?: \w+)* (?:along with|as well as)\b",
    r"\b(?:the|our|your) (?:actual|particular|genuine|precise) (?:structure|person|guidance|process|voice|thing)\b",
    r"\b(?:very|so|too|more) (?:much )?(?:beneficial|fascinating|enlightening) (?:however|nevertheless|with regard)|\b(?:with regards? to|in terms of) your (?:own|personal)\b",
    r"\b(?:it's|it is|its|that's|is) (?:going to be |truly |actually |really )*(?:end|ending) of (?:mine|my) day|\bbefore (?:end|ending|finish|finishing) i am\b",
    r"\b(?:my|its) (?:first|very first) (?:occasion|time) (?:to|pay|go to see|i) (?:commenting|visit|comment|pay)\b|\bgo to see (?:this|the|your|my)\b|\bcommenting anywhere\b",
)


def _all(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE | re.MULTILINE) for p in patterns)


_TEMPLATES, _OFFERS, _BROKEN = _all(TEMPLATES), _all(OFFERS), _all(BROKEN)


def found(patterns: Sequence[re.Pattern[str]], text: str) -> list[str]:
    """The first words that each pattern finds."""
    return [hit[0].strip() for pattern in patterns if (hit := pattern.search(text))]


def templates(text: str) -> list[str]:
    return found(_TEMPLATES, text)


def offers(text: str) -> list[str]:
    return found(_OFFERS, text)


def broken(text: str) -> list[str]:
    return found(_BROKEN, text)
