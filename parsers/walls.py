"""Pages that are no article: error pages, login, cookie and pay walls, lists of articles.

Each check returns a sentence for people, or None. A wall is told by what it asks for *and* by how little else it says:
an article about paywalls, or with a cookie notice above it, is an article.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from parsers.headline import ARTICLES
from parsers.linked_data import types
from parsers.markup import Element
from parsers.soup import Document, Like, ancestors, http
from parsers.wording import clean, count_words, words

_ERROR = re.compile(
    r"^\W*(?:(?:error|http|fehler)\W*)?"
    r"(?:(?:400|401|403|404|410|429|451|500|502|503|504)(?:\W*|\W+(?:error|(?:page )?not found|forbidden|"
    r"unauthori[sz]ed|unavailable|bad|page|gone|service|too many|internal|gateway|oops|sorry)\b.*)"
    r"|(?:page|article|content|file|seite|resource|post) (?:was )?(?:not|can(?:no|')t be|nicht|no longer) "
    r"(?:found|available|gefunden|exists?)\b.*|not found|(?:page|article) unavailable"
    r"|(?:oops|sorry|uh[- ]?oh|whoops)\b.{0,60}\b(?:found|find|exists?|wrong|missing|error|page)\b.*|oops\W*"
    r"|(?:access |permission )?(?:denied|forbidden)\b.*|service (?:temporarily )?unavailable.*"
    r"|internal server error|bad gateway|gateway time-?out|temporarily unavailable.*"
    r"|access to (?:this|the) (?:page|site) (?:has been |is )?(?:denied|blocked).*|you have been blocked.*"
    r"|(?:we (?:can(?:’|'|no)t|could(?:n(?:’|')t| not)) find|"
    r"this page (?:doesn|isn|could|can|no longer|has (?:moved|been removed))).*"
    r"|nothing found|server error.*|an error (?:has )?occurred.*|site maintenance.*"
    r"|we(?:’|')?ll be back(?: soon)?|(?:down for )?maintenance( mode)?)\W*(?:[|–—-].*)?$",
    re.I,
)
# What a page says of itself in place of a story; a story says such things of another page.
_NOT_HERE = re.compile(
    r"\b(?:page|article|link|address|url|content)\b[^.]{0,60}\b(?:may|might|could|has|have|seems to|appears to) "
    r"(?:have )?(?:be(?:en)? )?(?:removed|moved|renamed|deleted|broken|mistyped|expired|changed)\b|"
    r"\b(?:this|the) page (?:that )?(?:you[^.]{0,40}\b)?(?:does(?: not|n['’]t)|no longer) exists?\b|"
    r"\b(?:search|query)\b[^.]{0,60}\b(?:did not|didn['’]t|does not) match\b|"
    r"\bno (?:results|articles|posts|pages|entries|stories|matches)\b[^.]{0,20}\b(?:were |was )?found\b|"
    r"\b(?:we are|we['’]re|(?:this|our) (?:web ?)?site is)\b[^.]{0,40}\b(?:maintenance|upgrad|improvements)|"
    r"\b(?:site|service|we)\b[^.]{0,60}\bwill be back (?:shortly|soon|online)|"
    r"\b(?:enable|turn on|requires?|needs?) javascript\b|\bjavascript (?:is|must be) (?:disabled|enabled|required)\b|"
    r"\byou (?:have been|were|are) (?:blocked|redirected)\b|"
    r"\bfrom (?:a|your|this) (?:country|region|location)\b[^.]{0,80}\b(?:cannot|can['’]t|not|unavailable)\b|"
    r"\btry again (?:later|in a few|shortly)\b",
    re.I,
)
_RESULTS = re.compile(
    r"^\W*(?:search(?: results)?\b.{0,80}|results for\b.{0,80}|(?:tag|category|topic|section|archives?|"
    r"author)s?\s*:.{0,80}|(?:articles|posts|stories|news|all)(?: \w+)? (?:by|tagged|about|in|from)\b.{0,60}|"
    r".{0,60}\barchives?)\W*(?:[|–—-].*)?$",
    re.I,
)
_SPOKEN_TO = re.compile(r"\b(?:we|our|us|you|your)\b", re.I)
_ROBOT = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|"
    r"verify (?:that )?you are (?:a )?human|checking your browser|"
    r"enable javascript and cookies to continue|ddos protection|security check|captcha|unusual traffic",
    re.I,
)
_LOGIN = re.compile(
    r"^\W*(?:(?:please )?(?:log ?in|sign ?in|log ?on)\b.{0,60}|(?:member|subscriber|user|account|"
    r"staff)s?(?:['’]s?)? (?:log ?in|sign ?in|area).*|register(?: or (?:log|sign) ?in)?\b.{0,50}|"
    r"(?:you (?:must|need to) (?:be logged|log|sign) ?in).*|authentication required|anmelden|"
    r"einloggen|members? only.*)$",
    re.I,
)
_LOGIN_TEXT = re.compile(
    r"(?:please |you (?:must|need to|have to) )(?:be logged in|log ?in|sign ?in|register|be signed in|be a member)|"
    r"(?:log|sign) ?in (?:or (?:register|subscribe) )?to (?:read|view|continue|access|see)|"
    r"this (?:content|page|area|article) is (?:restricted|protected|only available to (?:registered|"
    r"logged|members))|"
    r"register (?:for free |now )?to (?:read|continue|access|view)|forgotten? (?:your )?password",
    re.I,
)
_COOKIE = re.compile(
    r"^\W*(?:(?:before you continue|we (?:value|care about|respect) your privacy|"
    r"your privacy(?: choices| matters)?|cookies? (?:consent|settings|preferences|policy|notice|"
    r"wall).*|"
    r"(?:this (?:web)?site|we) uses? cookies.*|(?:accept|manage|allow)(?: all)? cookies.*|"
    r"privacy settings|consent(?: required)?|willkommen.*zustimm.*|datenschutz.*))$",
    re.I,
)
_COOKIE_TEXT = re.compile(
    r"\bcookies?\b|\bconsent\b|\bpartners?\b.{0,60}\b(?:store|process|data)\b|\bprivacy\b|tracking", re.I
)
_PAY = re.compile(
    r"(?:subscribe|subscription|sign ?up|become a (?:member|subscriber)|upgrade|register|log ?in|"
    r"start your (?:free )?trial)\b.{0,60}?\bto (?:continue|keep|read|unlock|access|view|see|get)\b"
    r"(?! (?:more|other|all|the latest) (?:like|from|stories|articles|news|of our|about))|"
    r"to (?:continue|keep) reading|to read (?:the )?(?:full|rest|more|this|"
    r"complete)\b.{0,40}?(?:subscribe|log|sign|register|member|article)|"
    r"(?:this|the) (?:article|content|story|page|feature|post|report)(?:['’]s full text)? is (?:for|"
    r"only|exclusive|available|reserved|restricted)\b.{0,40}(?:subscribers?|members?|registered)|"
    r"already (?:a|have a) (?:subscriber|subscription|member)|you(?:'|’)ve (?:reached|read|used) (?:your|all)|"
    r"unlock (?:this|the full|unlimited)|for subscribers only|only available to subscribers|(?:your|"
    r"a) free (?:articles?|trial)|nur für abonnenten|weiterlesen mit|choose (?:a|"
    r"your) (?:subscription|plan)",
    re.I,
)
_PAY_CLASS = Like(
    re.compile(
        r"(?:^|[\s_-])(?:paywall|pay-wall|regwall|subscriber-only|subscribers-only|premium-wall|piano|"
        r"metered|content-gate|locked-content|article-locked|subscription-wall|meter-wall)(?:$|[\s_-])",
        re.I,
    ),
    ("wall", "subscriber", "piano", "metered", "content-gate", "locked"),
)
_LIST_BODY = frozenset(
    {
        "archive",
        "category",
        "tag",
        "search",
        "search-results",
        "blog-index",
        "date",
        "author",
        "post-type-archive",
        "search-no-results",
    }
)


def refused(doc: Document) -> str | None:
    """What the server itself said."""
    if doc.page.status >= 400:
        return f"the server answered {doc.page.status}"
    if doc.page.body[:5] == b"%PDF-":
        return "this is a PDF file, not a web page"
    if (
        doc.page.body[:4] in {b"\x89PNG", b"GIF8", b"\xff\xd8\xff\xe0", b"PK\x03\x04"}
        or doc.page.body[:2] == b"\x1f\x8b"
    ):
        return "this is a file of another kind, not a web page"
    return None


def wall(doc: Document, title: str | None, text: str) -> str | None:
    """`text` is what would be published as the article's body."""
    size = count_words(text, 400)  # no page with more is a wall
    called = [
        clean(t)
        for t in (
            title,
            *(words(e) for e in doc.tags.get("title", ())[:1]),
            *(words(e) for e in doc.tags.get("h1", ())[:2]),
        )
        if t
    ]
    story = marked_as_story(doc)
    if size < (60 if story else 250) and any(_ERROR.match(c) for c in called):
        return f"an error page: ‘{next(c for c in called if _ERROR.match(c))}’"
    if "error404" in doc.body_classes or "page-404" in doc.body_classes:
        return "an error page: the site marks it as not found"
    if size < 120 and any(_ROBOT.search(c) for c in (*called, text[:400])):
        return "a check for robots instead of a page"
    if size < 90 and not story and (said := _NOT_HERE.search(text)):
        return f"a notice instead of a page: ‘{clean(said[0])}’"
    asks_password = any((i.get("type") or "").lower() == "password" for i in doc.tags.get("input", ()))
    if size < 150 and (
        (any(_LOGIN.match(c) for c in called) and (asks_password or size < 60))
        or ((asks_password or size < 60) and _LOGIN_TEXT.search(text))
    ):
        return "a login page"
    cookies = len(_COOKIE_TEXT.findall(text)) if size < 400 else 0
    if size < 400 and (
        (any(_COOKIE.match(c) for c in called) and cookies >= 1)
        or (cookies >= 4 and cookies * 18 > size and len(_SPOKEN_TO.findall(text)) * 25 > size)
    ):
        return "a cookie or consent page"
    return _paywall(doc, text, size)


_DATED = (
    ".entry-date",
    ".published",
    ".post-date",
    ".article-date",
    ".article__date",
    ".posted-on",
    ".date",
    ".dateline",
)


def marked_as_story(doc: Document) -> bool:
    """Does the page itself say that it is one article of one day? A list has many days, an error page none."""
    if (
        doc.meta("article:published_time", "datepublished", "dc.date.issued")
        or len(doc.props.get("datepublished", ())) == 1
    ):
        return True
    if any(t.get("datePublished") and ARTICLES & set(types(t)) for t in doc.linked_data):
        return True
    return len(doc.tags.get("time", ())) == 1 or any(len(doc.find(s)) == 1 for s in _DATED)


def _paywall(doc: Document, text: str, size: int) -> str | None:
    if size >= 350:
        return None
    if any(str(t.get("isAccessibleForFree")).lower() in {"true", "1"} for t in doc.linked_data):
        return None
    closed = any(str(t.get("isAccessibleForFree")).lower() in {"false", "0"} for t in doc.linked_data)
    marked = any(True for _ in doc.classed(_PAY_CLASS))
    tier = (doc.meta("article:content_tier", "content_tier", "access") or "").lower() in {
        "locked",
        "metered",
        "premium",
        "subscription",
    }
    cut = bool(re.search(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$", text.strip()))
    more = closed + marked + tier + cut
    asks = _PAY.search(_below(doc, text)) if more or size < 100 else None
    if (asks and (more or size < 100)) or (closed and (marked or tier or cut or size < 60)):
        said = f": ‘{clean(asks[0])}’" if asks else ""
        return f"behind a paywall, only the opening is shown{said}"
    return None


def _below(doc: Document, text: str) -> str:
    """What the page says below its body: "Already a subscriber? Log in" above it is on every page."""
    page = words(doc.tags["body"][0]) if doc.tags.get("body") else ""
    last = clean(text)[-50:]
    return page[page.rfind(last) :][:2000] if last and last in page else page[-3000:]


def listing(doc: Document, linked: float, text: str) -> str | None:
    """A list of articles. `linked` is the share of the body's words that are links."""
    if "single" in doc.body_classes or "single-post" in doc.body_classes:
        return None
    if _LIST_BODY & doc.body_classes and "page" not in doc.body_classes:
        return "a list of articles (the site marks it as one)"
    kinds = {t for thing in doc.linked_data for t in types(thing)}
    if {"CollectionPage", "SearchResultsPage"} & kinds and not {"Article", "NewsArticle", "BlogPosting"} & kinds:
        return "a list of articles (the site marks it as one)"
    entries = [a for a in doc.tags.get("article", ()) if _teaser(a)]
    cards = _cards(doc, text)
    if cards >= (2 if any(_RESULTS.match(words(h)) for h in doc.tags.get("h1", ())[:2]) else 4):
        return f"a list of {cards} articles"
    path = urlsplit(doc.url or "").path.strip("/") if doc.url else None
    if len(entries) >= 4 and len(entries) >= 0.8 * len(doc.tags["article"]):
        inside = sum(count_words(words(e)) for e in entries)
        if linked > 0.25 or _index_path(path) or inside > 0.6 * count_words(text):
            return f"a list of {len(entries)} articles"
    if path == "" and doc.meta("og:type") == "website" and (linked > 0.2 or len(entries) >= 3):
        return "a front page"
    if count_words(text, 20) >= 20 and (linked > 0.75 or _links_in(doc, text) > 0.75):
        return "a list of links"
    return None


def _cards(doc: Document, text: str) -> int:
    """How many headings of the body are links to pages of the site with few words below, where they are most of it."""
    flat = ""
    found = held = 0
    for tag in ("h2", "h3", "h4"):
        for heading in doc.tags.get(tag, ())[:200]:
            link = (
                heading.find(".//a")
                if heading.getparent() is None or heading.getparent().tag != "a"
                else heading.getparent()
            )
            card = next((a for a in ancestors(heading) if a.tag != "a" and a.tag not in _NARROW), None)
            if link is None or card is None or not _near(link.get("href"), doc.url):
                continue
            said = words(card)
            count = count_words(said)
            if count < 80 and len(words(link)) >= 0.9 * len(words(heading)):
                flat = flat or clean(text)
                if said[-30:] in flat:
                    found, held = found + 1, held + count
    return found if found and held > 0.6 * count_words(text) else 0


_NARROW = frozenset({"header", "hgroup", "span"})


def _near(href: str | None, url: str | None) -> bool:
    whole = http(href, url)
    return bool(whole) and urlsplit(whole or "").hostname == urlsplit(url or whole or "").hostname


def _links_in(doc: Document, text: str) -> float:
    """The share of a body's letters that are the words of links on the page; short bodies only."""
    flat = clean(text)
    if not flat or len(flat) > 20_000:
        return 0.0
    linked = {t for a in doc.tags.get("a", ())[:500] if len(t := words(a)) >= 12}
    return sum(len(t) * flat.count(t) for t in linked) / len(flat)


def _teaser(article: Element) -> bool:
    """A card in a list: one heading, which is a link, and a few words."""
    headings = list(article.iter("h1", "h2", "h3", "h4"))
    if not headings:
        return False
    above = headings[0].getparent()
    if above is not None and above.tag == "a":
        return True
    return len(headings) == 1 and headings[0].find(".//a") is not None and count_words(words(article)) < 120


def _index_path(path: str | None) -> bool:
    return path is not None and (
        path == ""
        or bool(re.search(r"(?:^|/)(?:category|tag|topics?|page/\d+|author|archive|news|blog|search)/?$", path))
    )
