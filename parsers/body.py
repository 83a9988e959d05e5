"""Where the article is on the page, and what each of its blocks is: standfirst, paragraph, subhead, bio, reference …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cuttings.model import Aside, Link, Repair, Subhead, plain
from parsers import dates
from parsers.blocks import Block, blocks_of, furniture, names
from parsers.markup import Element
from parsers.metadata import people
from parsers.soup import SILENT, Document, clean, count_words, http, words


@dataclass(slots=True)
class Body:
    """The parts of an article, filled in one pass after another; `blocks` is what is left to place."""

    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    bio: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    subheads: list[Subhead] = field(default_factory=list)
    pull_quotes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)
    version_note: str | None = None
    asides: list[Aside] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    linked: float = 0.0  # share of the words inside links
    element: Element | None = None


# ---------------------------------------------------------------- where it is

EVERYWHERE = (
    "@articlebody",
    ".article-body",
    ".article__body",
    ".article-content",
    ".article__content",
    ".entry-content",
    ".post-content",
    ".post__content",
    ".post-body",
    ".story-body",
    ".storytext",
    ".article-text",
    ".articletext",
    ".article_body",
    ".articlebody",
    ".body-copy",
    ".blog-post-content",
    ".single-post-content",
    ".e-content",
    ".rich-text",
    ".richtext",
    ".prose",
)


def container(doc: Document, selectors: Sequence[str]) -> Element | None:
    """The element that holds the article: of those that the selectors name, the first that has most of the words.

    A teaser may share the class (a card's .post-content), a wrapper may hold everything (.entry round body and sidebar),
    so neither the first nor the longest is good enough.
    """
    sizes: list[tuple[int, Element]] = []
    for selector in selectors:
        for element in doc.find(selector)[:12]:
            if (
                element.tag in {"body", "html", "p", "span", "meta", "a", "li"}
                or _detached(element)
                or _aside_of_page(element)
            ):
                continue
            size = len(words(element))
            if size >= 100:
                sizes.append((size, element))
    most = max((size for size, _ in sizes), default=0)
    return next((element for size, element in sizes if size >= 0.6 * most), None)


def _detached(element: Element) -> bool:
    here = element
    while here.getparent() is not None:
        here = here.getparent()
    return here.tag != "html"


def _aside_of_page(element: Element) -> bool:
    here: Element | None = element
    while here is not None and here.tag != "body":
        if here.tag in {"nav", "aside"} or re.search(
            r"(?:^|[\s_-])(?:sidebar|widget|related|footer-widgets)(?:$|[\s_-])", names(here), re.I
        ):
            return True
        here = here.getparent()
    return False


def from_trafilatura(doc: Document) -> list[Block]:
    """The body as trafilatura sees it, for pages whose markup says nothing."""
    import trafilatura

    if doc.root is None or (len(doc.tags) and sum(map(len, doc.tags.values())) > 20_000) or len(doc.text) > 3_000_000:
        return []  # it takes several seconds for what no real article has
    try:
        found = trafilatura.bare_extraction(
            doc.root,
            url=doc.url,
            include_comments=False,
            with_metadata=False,
            include_formatting=True,
            include_links=True,
        )
    except Exception:  # a stranger's tree may break any of its four strategies; then there is no body, and we say so
        return []
    tree = getattr(found, "body", None)
    if tree is None:
        return []
    _as_html(tree)
    blocks, _ = blocks_of(tree, skip=lambda _: None)
    return blocks


_RENAMED = {"list": "ul", "item": "li", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br", "ref": "a"}


def _as_html(tree: Element) -> None:
    """Its TEI-like names -> HTML, so that one walker reads both."""
    for element in tree.iter("*"):
        tag = element.tag
        if tag == "head":
            rend = element.get("rend") or "h2"
            element.tag = rend if re.fullmatch(r"h[1-6]", rend) else "h2"
        elif tag == "hi":
            element.tag = {"#b": "strong", "#i": "em"}.get(element.get("rend") or "", "span")
        elif tag == "list" and element.get("rend") == "ol":
            element.tag = "ol"
        elif tag in _RENAMED:
            element.tag = _RENAMED[tag]
            if tag == "ref" and element.get("target"):
                element.set("href", element.get("target"))


# ---------------------------------------------------------------- what its blocks are

_STANDFIRST = (
    ".standfirst",
    ".article-standfirst",
    ".article__standfirst",
    ".entry-standfirst",
    ".stand-first",
    ".article-intro",
    ".article__intro",
    ".entry-summary",
    ".article-summary",
    ".article__summary",
    ".article-lead",
    ".article__lead",
    ".article-dek",
    ".dek",
    ".deck",
    ".article-subtitle",
    ".entry-subtitle",
    ".post-subtitle",
    ".sub-title",
    ".subtitle",
    ".subheadline",
    ".sub-headline",
    ".kicker-standfirst",
    ".page-summary",
    ".gem-c-lead-paragraph",
    ".lead-paragraph",
    ".post-excerpt",
    ".wp-block-post-excerpt",
    ".field--name-field-summary",
    ".field-name-field-summary",
    ".field--name-field-standfirst",
    ".field-name-field-standfirst",
    ".field--name-field-intro",
    "@alternativeheadline",
    ".intro",
    ".lead",
    ".lede",
    ".summary",
)
_BIO = (
    ".author-bio",
    ".author__bio",
    ".author-description",
    ".author-biography",
    ".about-author",
    ".about-the-author",
    ".post-author-bio",
    ".wp-block-post-author__bio",
    ".wp-block-post-author-biography",
    ".author-box__bio",
    ".author-box-content",
    ".author-info",
    ".author-box",
    ".biography",
)
_RELATED = re.compile(
    r"^\W*(?:more (?:on|from|about|in|stories|news|like this)\b.*|related\b.{0,40}|read (?:more|next|also|on)\b.{0,40}|see also\b.{0,20}|also (?:read|see|on)\b.{0,30}|"
    r"(?:you (?:may|might)|we think you(?:’|')?(?:ll|d)?|others) (?:also )?(?:like|be interested|enjoy).*|recommended\b.{0,30}|(?:most|what(?:’|')?s) (?:popular|read|trending).*|"
    r"latest (?:news|stories|articles|posts|jobs)|popular (?:posts|articles|stories)|further articles|next (?:post|article)|previous (?:post|article)|(?:in this|from the) (?:series|archive).{0,30}|"
    r"lesen sie auch.*|mehr zum thema.*|das könnte (?:sie|dich) auch.*|ähnliche (?:beiträge|artikel).*|lire aussi.*|à lire.*)\W*$",
    re.I,
)
_RELATED_LEAD = re.compile(
    r"^\W*(?:related(?: (?:article|story|content|post|link|news|reading|coverage)s?)?|read (?:more|also|next)|see also|also read|more on this(?: story)?|mehr dazu|lesen sie auch)\s*[:–—-]",
    re.I,
)
_REFERENCES = re.compile(
    r"^\W*(?:references?|resources?|bibliography|sources?|notes|footnotes|endnotes|further reading|further information|useful (?:links|resources|reading)|works cited|citations|literature|literatur|quellen|cyfeiriadau)\W*$",
    re.I,
)
_VERSION = re.compile(
    r"^\W*(?:(?:editor(?:’|')?s? )?note\b\s*[-–—:]*\s*)?(?:(?:a|an|one) (?:\w+ ){0,2}version of (?:this|the)\b|this (?:is an? (?:\w+ ){0,3}(?:version|extract)|(?:article|piece|post|blog|story|column|feature|essay|page|interview)\b.{0,40}?"
    r"\b(?:was|has been|had been|is|first|originally|also)\b.{0,40}?\b(?:published|appeared|updated|amended|corrected|edited|posted|adapted|changed|reproduced|republished|cross-posted))|"
    r"(?:first|originally|previously) (?:published|appeared|posted) (?:in|on|by|at)\b|(?:correction|clarification|update)\s*[:–—-]\s|(?:reproduced|republished|reprinted) (?:with|by|from)\b|an earlier version)",
    re.I,
)
_CLOSED = re.compile(
    r"^\W*(?:comments (?:are|have been) (?:now )?(?:closed|off|disabled).*|(?:leave|post|add|write)(?: a| your)? (?:comment|reply)\b.{0,20}|no comments(?: yet)?|be the first to comment.*|\d+ (?:comments?|responses?|replies)\b.{0,80}|"
    r"comments?(?: \(\d+\))?|join the (?:conversation|discussion).*|have your say.{0,40}|responses? to\b.{0,80}|kommentare.{0,20}|schreibe einen kommentar.*|log in to (?:comment|reply|post).*)\W*$",
    re.I,
)
_CHROME = re.compile(
    r"^\W*(?:share(?: (?:this|on|via|it|article|post|story|with)\b.{0,40})?|tweet|print(?: this.{0,20})?|e-?mail(?: this.{0,20})?|like this:?|like loading\.*|loading\.*|advertisement|advert|sponsored|anzeige|werbung|publicidad|"
    r"(?:click|tap) (?:here )?to share.*|follow us\b.{0,40}|sign up (?:for|to)\b.{0,80}|subscribe\b.{0,60}|back to top|skip to (?:main )?content|accessibility|save|copy link|facebook|twitter|linkedin|whatsapp|"
    r"home|menu|search|posted in\b.{0,80}|filed under\b.{0,80}|tags?:.{0,160}|tagged(?: with| as)?:?.{0,120}|categor(?:y|ies):.{0,120}|topics?:.{0,80}|reading time:?.{0,20}|\d+ min(?:ute)?s? read|image(?: credit)?:.{0,80}|"
    r"(?:photo|picture|image|pic|foto|bild)s?(?: credit)?\s?(?:by)?\s?:.{0,80}|permalink|table of contents|contents|\d+ (?:shares?|views?|likes?))\W*$",
    re.I,
)
_EDITOR = re.compile(
    r"\bpage (?:author|editor|owner|manager|maintained by)\b|\b(?:web|content) (?:editor|owner)\s*:", re.I
)
_CLAIMS = r"(?:argues?|writes?|says|believes?|asks|explains?|reflects?|suggests?|warns?|reports?|considers?|looks at|describes?|examines?|urges?|reveals?|contends?|outlines?|discusses|sets out)"
_NAME = r"(?:(?:Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness|Rev|Cllr)\.?\s)?(?:[A-Z][\w’'-]+|[A-Z]\.)(?:\s(?:[A-Z][\w’'-]*|[A-Z]\.|de|van|von|der|la|le|ap|al)){1,3}"
_CLAIM_LAST = re.compile(rf"(?:,|–|—|-|\.\.\.|…)?\s+{_CLAIMS}\s+(?P<who>{_NAME})\W{{0,3}}$")
_CLAIM_FIRST = re.compile(rf"^(?P<who>{_NAME})\s+{_CLAIMS}\b")
_IS = r"(?:is|was|are|has been|works?|worked|leads?|runs?|heads?|chairs?|teaches|has worked|writes|currently|,? (?:an? |the )?(?:director|professor|lecturer|chief|senior|head))"


def structure(
    blocks: Sequence[Block],
    doc: Document | None,
    *,
    title: str | None,
    authors: tuple[str, ...],
    asides: Iterable[Aside] = (),
) -> Body:
    """Blocks in page order -> the parts of an article. Nothing is dropped: what is no part of it goes to `asides`."""
    body = Body(authors=authors, asides=list(asides))
    url = doc.url if doc else None
    total = sum(len(b.text) for b in blocks) or 1
    body.linked = sum(b.linked * len(b.text) for b in blocks) / total
    rest = _without_chrome(blocks, body, title)
    rest = _related(rest, body, url)
    rest = _references(rest, body, url)
    rest = _versions(rest, body)
    rest = _standfirst(rest, body, doc, title)
    rest = _author_line(rest, body)
    rest = _bio(rest, body, doc)
    rest = _bylines(rest, body)
    _fill(rest, body)
    _cited_in_bio(body)
    return body


def _without_chrome(blocks: Sequence[Block], body: Body, title: str | None) -> list[Block]:
    rest: list[Block] = []
    wanted = plain(title or "")
    for n, b in enumerate(blocks):
        if n < 6 and wanted and plain(b.text) == wanted:
            continue  # the headline again, inside the body
        if len(b.text) < 200 and _CLOSED.match(b.text) and (b.kind != "h" or n > len(blocks) // 2):
            body.asides.append(Aside(b.text, "around the readers' comments"))
        elif len(b.text) < 200 and b.kind != "h" and _CHROME.match(b.text):
            body.asides.append(Aside(b.text, "page furniture"))
        elif _EDITOR.search(b.text) and len(b.text) < 160:
            body.asides.append(Aside(b.text, "the page's editor, who is not its author"))
        elif not any(c.isalnum() for c in b.text):
            body.asides.append(Aside(b.text, "ornament"))
        else:
            rest.append(b)
    return rest


def _related(blocks: list[Block], body: Body, url: str | None) -> list[Block]:
    rest: list[Block] = []
    n = 0
    while n < len(blocks):
        b = blocks[n]
        heads = b.kind == "h" or (len(b.text) < 80 and (b.strong or (b.linked == 0 and b.kind == "p")))
        if heads and _RELATED.match(b.text):
            end = n + 1
            while end < len(blocks) and blocks[end].linked >= 0.75 and blocks[end].kind in {"p", "list", "h"}:
                end += 1
            if end > n + 1 or (
                b.kind == "h" and (n + 1 == len(blocks) or (n > 0.7 * len(blocks) and blocks[n + 1].kind == "h"))
            ):
                body.asides.append(Aside(b.text, "heading over links to other articles"))
                for item in blocks[n + 1 : end]:
                    _add_links(item, body, url)
                n = end
                continue
        if (
            (_RELATED_LEAD.match(b.text) and b.linked >= 0.4 and len(b.text) < 300)
            or (_RELATED.match(b.text) and b.linked >= 0.9 and len(b.text) < 120)
            or (n > 0 and _only_links(b, url))
        ):
            _add_links(b, body, url)
        else:
            rest.append(b)
        n += 1
    return rest


def _only_links(block: Block, url: str | None) -> bool:
    """A line, or a list of three and more, that is nothing but links to other pages of the site."""
    if block.linked < 0.95 or block.kind not in {"p", "list"} or not block.links:
        return False
    near = sum(same_site(http(href, url), url) for _, href in block.links)
    if block.kind == "list":
        return (
            len(block.items) >= 3 and near >= 0.7 * len(block.links) and count_words(block.text) >= 3 * len(block.items)
        )
    return len(block.links) == 1 and near == 1 and 4 <= count_words(block.text) <= 30


def _add_links(block: Block, body: Body, url: str | None) -> None:
    known = {(link.text, link.url) for link in body.related}
    for text, href in block.links or [(block.text, "")]:
        link = Link(text, http(href, url))
        if link not in body.related and (link.text, link.url) not in known:
            body.related.append(link)
    said = {plain(text) for text, _ in block.links}
    if block.links and plain(block.text) not in said and not block.items and len(block.links) == 1:
        body.asides.append(Aside(block.text, "link to another article"))


def _references(blocks: list[Block], body: Body, url: str | None) -> list[Block]:
    for n, b in enumerate(blocks):
        late = n >= 0.4 * len(blocks) or n >= len(blocks) - 3
        if not late or (not b.lines and b.kind != "h"):
            continue
        first = b.lines[0] if b.lines else b.text
        if not _REFERENCES.match(first) or b.kind not in {"h", "p"} or len(first) > 40:
            continue
        found = [*b.lines[1:]]
        end = n + 1
        while (
            end < len(blocks)
            and blocks[end].kind in {"p", "list"}
            and not _VERSION.match(blocks[end].text)
            and not _ends(blocks[end])
        ):
            found += blocks[end].items or blocks[end].lines or (blocks[end].text,)
            end += 1
        if found and all(len(f) < 600 for f in found):
            body.asides.append(Aside(first, "heading over the references"))
            body.references += [re.sub(r"^\[?\d{1,3}[.\])]\s*", "", f) for f in found]
            return blocks[:n] + blocks[end:]
    return blocks


def _ends(block: Block) -> bool:
    return block.em and count_words(block.text) > 12


def _versions(blocks: list[Block], body: Body) -> list[Block]:
    rest: list[Block] = []
    for n, b in enumerate(blocks):
        edge = n < 2 or n >= len(blocks) - 4
        if (
            body.version_note is None
            and edge
            and b.kind in {"p", "quote"}
            and len(b.text) < 400
            and _VERSION.match(b.text)
        ):
            body.version_note = b.text
        else:
            rest.append(b)
    return rest


def _standfirst(blocks: list[Block], body: Body, doc: Document | None, title: str | None) -> list[Block]:
    marked = _marked_standfirst(doc, title) if doc else None
    first = next((n for n, b in enumerate(blocks) if b.kind == "p"), None)
    if marked:
        body.standfirst = marked
        rest = list(blocks)
        for b in blocks[:3]:
            if _alike(b.text, marked):
                # 2010-11 templates print it twice, the second time cut: "… argues Ali Gar..."
                rest.remove(b)
                if plain(b.text) != plain(marked):
                    body.asides.append(Aside(b.text, "the standfirst again"))
                if len(b.text) > len(marked) and not b.text.endswith(("...", "…")):
                    body.standfirst = b.text
        blocks = rest
    elif first is not None and first <= 1 and len(blocks) > 3:
        b = blocks[first]
        words_in = count_words(b.text)
        claim = _CLAIM_LAST.search(b.text) if len(b.text) < 600 else None
        after = blocks[first + 1] if first + 1 < len(blocks) else b
        set_apart = (b.strong or b.em) and not (after.strong or after.em)
        if (
            6 <= words_in <= 70
            and len(b.text) < 600
            and (
                (set_apart and not _names_only(b))
                or (claim and words_in <= 60 and _vouched(claim["who"], blocks[first + 1 :], body.authors))
            )
        ):
            body.standfirst = b.text
            blocks = blocks[:first] + blocks[first + 1 :]
    elif (
        blocks
        and blocks[0].kind == "h"
        and count_words(blocks[0].text) >= 9
        and len(blocks) > 3
        and blocks[0].level <= 3
        and blocks[1].kind == "p"
        and sum(b.kind == "h" and b.level == blocks[0].level for b in blocks) == 1
    ):
        body.standfirst = blocks[0].text
        blocks = blocks[1:]
    if body.standfirst and not body.authors:
        claim = _CLAIM_LAST.search(body.standfirst) or _CLAIM_FIRST.search(body.standfirst)
        if claim and (claim.re is _CLAIM_LAST or _vouched(claim["who"], blocks, ())):
            body.authors = people([re.sub(r"[.’']+$", "", claim["who"])])
    return blocks


def _vouched(who: str, later: Sequence[Block], authors: tuple[str, ...]) -> bool:
    """Does the page itself say that this person wrote it: as its author, or by a note about them at the end?"""
    name = plain(who.strip(" ."))
    return any(plain(a) == name for a in authors) or any(
        re.match(rf"\W*{re.escape(name)}\W+{_IS}\b", plain(b.text)) for b in later[-4:]
    )


def _names_only(block: Block) -> bool:
    return bool(re.match(r"^(?:by|words|von)\b", block.text, re.I))


def _marked_standfirst(doc: Document, title: str | None) -> str | None:
    for selector in _STANDFIRST:
        for e in doc.find(selector)[:3]:
            text = words(e)
            if e.tag in {"body", "meta", "article", "main"} or not 30 <= len(text) <= 700 or count_words(text) < 5:
                continue
            if (
                _aside_of_page(e)
                or furniture(e)
                or (title and plain(text) == plain(title))
                or _detached(e)
                or _teaser(e, title)
            ):
                continue
            if _LINKED(e) > 0.6:
                continue
            return text
    return None


def _LINKED(element: Element) -> float:
    total = len(words(element)) or 1
    return sum(len(words(a)) for a in element.iter("a")) / total


def _teaser(element: Element, title: str | None) -> bool:
    """The summary in a card for another article: its card has a heading of its own, which is not our headline."""
    here = element.getparent()
    for _ in range(3):
        if here is None or here.tag in {"main", "body"}:
            return False
        headings = [words(h) for h in here.iter("h1", "h2", "h3", "h4")]
        if headings:
            return bool(title) and all(
                plain(h) not in plain(title or "") and plain(title or "") not in plain(h) for h in headings[:2]
            )
        here = here.getparent()
    return False


def _alike(text: str, other: str) -> bool:
    a, b = plain(text).rstrip(".… "), plain(other).rstrip(".… ")
    return a == b or (min(len(a), len(b)) >= 40 and (a.startswith(b) or b.startswith(a)))


_ONLY_NAME = re.compile(rf"^(?:[–—-]\s*)?(?:by\s+)?(?P<who>{_NAME})$")


def _author_line(blocks: list[Block], body: Body) -> list[Block]:
    """The author's name alone under the last paragraph (or over the first) is a byline, not a paragraph."""
    for n in [*range(len(blocks) - 1, max(len(blocks) - 4, 0), -1), 0, 1]:
        if not 0 <= n < len(blocks) or blocks[n].kind not in {"p", "h"} or len(blocks[n].text) > 60:
            continue
        match = _ONLY_NAME.match(blocks[n].text)
        if not match or (blocks[n].kind == "h" and n not in {0, len(blocks) - 1}):
            continue
        name = match["who"]
        known = any(plain(a) in plain(name) or plain(name) in plain(a) for a in body.authors)
        if known or (not body.authors and _plausible(name, blocks, n)):
            if not body.authors:
                body.authors = people([name])
            body.asides.append(Aside(blocks[n].text, "byline"))
            return blocks[:n] + blocks[n + 1 :]
    return blocks


def _plausible(name: str, blocks: Sequence[Block], n: int) -> bool:
    pieces = name.split()
    return 2 <= len(pieces) <= 4 and len(blocks) > 3 and (n > 2 or blocks[n].text.lower().startswith("by "))


def _bio(blocks: list[Block], body: Body, doc: Document | None) -> list[Block]:
    known = [plain(a) for a in body.authors]
    for n in range(len(blocks) - 1, max(len(blocks) - 5, 1), -1):
        b = blocks[n]
        if b.kind not in {"p", "quote"} or not 5 <= count_words(b.text) <= 130:
            continue
        text = plain(b.text)
        named = any(
            re.match(
                rf"\W*(?:(?:dr|prof|professor|sir|dame|cllr)\.?\s)?{re.escape(a)}\W+(?:\w+\W+){{0,3}}?{_IS}\b", text
            )
            for a in known
        )
        about = re.match(rf"^\W*(?:about the author\W+)?(?P<who>{_NAME})\s+{_IS}\b", b.text)
        if named or (
            about and ((b.em and not _mostly_em(blocks)) or (not known and n >= len(blocks) - 1 and _has_role(b.text)))
        ):
            body.bio = b.text
            if not known and about:
                body.authors = people([about["who"]])
            return blocks[:n] + blocks[n + 1 :]
    if doc is not None and known:
        body.bio = _marked_bio(doc, known)
    return blocks


def _mostly_em(blocks: Sequence[Block]) -> bool:
    return sum(b.em for b in blocks) > 0.3 * len(blocks)


def _has_role(text: str) -> bool:
    return bool(
        re.search(
            r"\bis (?:an? |the )?(?:[\w-]+ ){0,4}(?:director|professor|lecturer|officer|manager|worker|researcher|fellow|chair|consultant|leader|head|editor|journalist|author|president|secretary|adviser|advisor|councillor|commissioner|reader)\b",
            text,
        )
    )


def _marked_bio(doc: Document, known: Sequence[str]) -> str | None:
    for selector in _BIO:
        for e in doc.find(selector)[:2]:
            if e.tag in {"body", "a", "img"} or _detached(e):
                continue
            blocks, _ = blocks_of(e, skip=lambda _: None)
            kept = [
                b.text for b in blocks if count_words(b.text) >= 5 and b.linked < 0.8 and plain(b.text) not in known
            ]
            text = " ".join(kept)
            if 20 <= len(text) <= 1200:
                return text
    return None


def _bylines(blocks: list[Block], body: Body) -> list[Block]:
    """Lines over the first paragraph that only name the author or the day."""
    rest = list(blocks)
    n = 0
    while n < min(4, len(rest)):
        text = rest[n].text
        bare = rest[n].kind in {"p", "h"} and len(text) < 120
        dated = dates.find_date(text) if bare else None
        by = bare and re.match(
            r"^(?:by|words by|written by|von|text:|words:|posted|published|author:|veröffentlicht)\b", text, re.I
        )
        left = count_words(text[: dated[1]] + text[dated[2] :]) if dated else count_words(text)
        if bare and ((by and left <= 9 and not text.endswith(".")) or (dated and left <= 4)):
            if by and not body.authors:
                body.authors = people([text])
            body.asides.append(Aside(text, "byline"))
            del rest[n]
            continue
        if rest[n].kind == "p" and len(text) > 120:
            break
        n += 1
    return rest


def _fill(blocks: Sequence[Block], body: Body) -> None:
    texts = {plain(b.text) for b in blocks if b.kind == "p"}
    heading: list[str] = []
    for n, b in enumerate(blocks):
        if b.kind == "h" or (b.kind == "p" and _heads(blocks, n)):
            heading.append(b.text)
            continue
        if b.kind == "caption":
            body.asides.append(Aside(b.text, "caption"))
            continue
        if b.kind == "pull" or (b.kind == "quote" and _repeats(b.text, texts)):
            body.pull_quotes.append(b.text)
            continue
        body.subheads += [Subhead(h, len(body.paragraphs)) for h in heading]
        heading = []
        body.paragraphs.append(b.text)
    body.asides += [Aside(h, "heading without a text below it") for h in heading]


def _heads(blocks: Sequence[Block], n: int) -> bool:
    """A short line, all of it bold, over a paragraph that is not: a subhead without its tag."""
    b = blocks[n]
    return (
        b.strong
        and len(b.text) <= 90
        and n + 1 < len(blocks)
        and not blocks[n + 1].strong
        and blocks[n + 1].kind != "h"
        and not re.search(r"[.,;:]$", b.text)
        and n > 0
    )


def _repeats(text: str, paragraphs: set[str]) -> bool:
    bare = plain(text).strip(" \"'‘’“”.…")
    return 20 < len(bare) < 400 and any(bare in p for p in paragraphs)


_BOOK = re.compile(
    r"(?:\bauthor of|\bwrote|\bbook,?|\beditor of)\s+(?P<ref>[A-Z][^().]{4,120}\([A-Z][^()]{2,60},?\s(?:19|20)\d\d\))"
)


def _cited_in_bio(body: Body) -> None:
    """ "… author of Title (Publisher, 2011)" in the bio is a reference, in the bio's own words."""
    for match in _BOOK.finditer(body.bio or ""):
        if match["ref"] not in body.references:
            body.references.append(match["ref"])


# ---------------------------------------------------------------- what the page says elsewhere


def leftovers(doc: Document, element: Element | None, used: Sequence[str]) -> list[Aside]:
    """Everything on the page outside the body, one Aside a region, so that no word is left out silently."""
    top = doc.tags["body"][0] if doc.tags.get("body") else doc.root
    if top is None:
        return []
    found: list[Aside] = []
    known = {plain(u) for u in used if u}

    def add(text: str, why: str) -> None:
        if text and plain(text) not in known:
            found.append(Aside(text, why))

    if element is None or _detached(element):
        blocks, asides = blocks_of(top, skip=lambda _: None)
        printed = " ".join(known)
        add(" · ".join(b.text for b in blocks if plain(b.text) not in printed), "page furniture")
        return found + list(asides)
    here = element
    while here is not None and here is not top:
        parent = here.getparent()
        if parent is None:
            break
        add(clean(parent.text), "page furniture")
        for sibling in parent:
            if sibling is not here and isinstance(sibling.tag, str) and sibling.tag not in SILENT:
                add(words(sibling), region(sibling))
            if sibling.tail:
                add(clean(sibling.tail), "page furniture")
        here = parent
    return found


def region(element: Element) -> str:
    tag, named = element.tag, names(element).lower()
    if tag == "nav" or "nav" in named or "menu" in named:
        return "navigation"
    if tag == "header" or "header" in named:
        return "header"
    if tag == "footer" or "footer" in named:
        return "footer"
    if "comment" in named or "respond" in named:
        return "around the readers' comments"
    if tag == "aside" or "sidebar" in named or "widget" in named:
        return "sidebar"
    if "related" in named:
        return "links to other articles"
    if tag == "form":
        return "form"
    return furniture(element) or "page furniture"


def same_site(url: str | None, other: str | None) -> bool:
    return bool(url and other) and urlsplit(url or "").hostname == urlsplit(other or "").hostname
