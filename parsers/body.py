"""Where the article is on the page, and what each of its blocks is: standfirst, paragraph, subhead, bio, reference …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cuttings.model import Aside, Link, Subhead
from parsers import dates
from parsers.bio import cite_bio, take_bio
from parsers.blocks import Block
from parsers.bylines import people
from parsers.headline import site_name
from parsers.marked import marked_standfirst
from parsers.parts import Body
from parsers.phrases import (
    CHROME,
    CLAIM_FIRST,
    CLAIM_LAST,
    CLOSED,
    EDITOR,
    IS,
    LABEL,
    ONLY_NAME,
    REFERENCES,
    RELATED,
    RELATED_LEAD,
    SUMMARY,
    VERSION,
)
from parsers.place import same_site
from parsers.soup import Document, http
from parsers.wording import count_words, fold


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
    rest = _without_chrome(blocks, body, title, site_name(doc) if doc else None)
    rest = _related(rest, body, url)
    rest = _references(rest, body)
    rest = _versions(rest, body)
    rest = _labels(rest, body)
    rest = _standfirst(rest, body, doc, title)
    rest = _author_line(rest, body)
    rest = _bylines(rest, body)
    rest = take_bio(rest, body, doc)
    _fill(rest, body)
    cite_bio(body)
    return body


def _without_chrome(blocks: Sequence[Block], body: Body, title: str | None, site: str | None) -> list[Block]:
    rest: list[Block] = []
    wanted = fold(title or "")
    for n, b in enumerate(blocks):
        if n < 6 and wanted and fold(b.text) == wanted:
            continue  # the headline again, inside the body
        if n < 3 and site and fold(b.text) == fold(site):
            body.asides.append(Aside(b.text, "the paper's name"))
            continue
        if len(b.text) < 200 and CLOSED.match(b.text) and (b.kind != "h" or n > len(blocks) // 2):
            body.asides.append(Aside(b.text, "around the readers' comments"))
        elif len(b.text) < 200 and b.kind != "h" and CHROME.match(b.text):
            body.asides.append(Aside(b.text, "page furniture"))
        elif n < 3 and b.kind == "p" and b.linked >= 0.95 and count_words(b.text) <= 8:
            body.asides.append(Aside(b.text, "navigation"))  # "Jump to the recipe", "Home | Jobs" in a cell beside
        elif len(b.text) < 160 and EDITOR.search(b.text):
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
        if heads and RELATED.match(b.text):
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
            (RELATED_LEAD.match(b.text) and b.linked >= 0.4 and len(b.text) < 300)
            or (RELATED.match(b.text) and b.linked >= 0.9 and len(b.text) < 120)
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
    if not block.links and any(block.text in link.text for link in body.related):
        return  # the heading of a card, whose link has all of its words
    for text, href in block.links or [(block.text, "")]:
        link = Link(text, http(href, url))
        if link not in body.related and (link.text, link.url) not in known:
            body.related.append(link)
    said = {fold(text) for text, _ in block.links}
    if block.links and fold(block.text) not in said and not block.items and len(block.links) == 1:
        body.asides.append(Aside(block.text, "link to another article"))


def _references(blocks: list[Block], body: Body) -> list[Block]:
    for n, b in enumerate(blocks):
        late = n >= 0.4 * len(blocks) or n >= len(blocks) - 3
        if not late or (not b.lines and b.kind != "h"):
            continue
        first = b.lines[0] if b.lines else b.text
        if not REFERENCES.match(first) or b.kind not in {"h", "p"} or len(first) > 40:
            continue
        found = [*b.lines[1:]]
        end = n + 1
        while (
            end < len(blocks)
            and blocks[end].kind in {"p", "list"}
            and not VERSION.match(blocks[end].text)
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
            and VERSION.match(b.text)
        ):
            body.version_note = b.text
        else:
            rest.append(b)
    return rest


def _labels(blocks: list[Block], body: Body) -> list[Block]:
    """A decision opens with a form ("Category : …", "Decision : Upheld") and "Summary: …", which is its standfirst."""
    rest: list[Block] = []
    for n, b in enumerate(blocks):
        if n < 10 and b.kind == "p" and LABEL.match(b.text):
            body.asides.append(Aside(b.text, "the page's own notes about the article"))
        elif (
            n < 10 and b.kind == "p" and not body.standfirst and len(b.text) < 900 and (match := SUMMARY.match(b.text))
        ):
            body.standfirst = match["said"]
            body.asides.append(Aside(b.text[: match.start("said")].strip(), "label before the summary"))
            if rest and rest[-1].kind == "h":
                body.asides.append(Aside(rest.pop().text, "heading over the summary"))
        else:
            rest.append(b)
    return rest


def _standfirst(blocks: list[Block], body: Body, doc: Document | None, title: str | None) -> list[Block]:
    if body.standfirst:
        return blocks
    marked = marked_standfirst(doc, title) if doc else None
    first = next((n for n, b in enumerate(blocks) if b.kind == "p"), None)
    if marked:
        body.standfirst = marked
        rest = list(blocks)
        for b in blocks[:3]:
            if _alike(b.text, marked):
                # 2010-11 templates print it twice, the second time cut: "… argues Ann L..."
                rest.remove(b)
                if fold(b.text) != fold(marked):
                    body.asides.append(Aside(b.text, "the standfirst again"))
                if len(b.text) > len(marked) and not b.text.endswith(("...", "…")):
                    body.standfirst = b.text
        blocks = rest
    elif first is not None and first <= 1 and len(blocks) > 3:
        b = blocks[first]
        words_in = count_words(b.text)
        claim = CLAIM_LAST.search(b.text) if len(b.text) < 600 else None
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
        claim = CLAIM_LAST.search(body.standfirst) or CLAIM_FIRST.search(body.standfirst)
        if claim and (claim.re is CLAIM_LAST or _vouched(claim["who"], blocks, ())):
            body.authors = people([re.sub(r"[.’']+$", "", claim["who"])])
    return blocks


def _vouched(who: str, later: Sequence[Block], authors: tuple[str, ...]) -> bool:
    """Does the page itself say that this person wrote it: as its author, or by a note about them at the end?"""
    name = fold(who.strip(" ."))
    return any(fold(a) == name for a in authors) or any(
        name in fold(b.text) and re.match(rf"\W*{re.escape(name)}\W+{IS}\b", fold(b.text)) for b in later[-4:]
    )


def _names_only(block: Block) -> bool:
    return bool(re.match(r"^(?:by|words|von)\b", block.text, re.I))


def _alike(text: str, other: str) -> bool:
    a, b = fold(text).rstrip(".… "), fold(other).rstrip(".… ")
    return a == b or (min(len(a), len(b)) >= 40 and (a.startswith(b) or b.startswith(a)))


def _author_line(blocks: list[Block], body: Body) -> list[Block]:
    """The author's name alone under the last paragraph (or over the first) is a byline, not a paragraph."""
    for n in [*range(len(blocks) - 1, max(len(blocks) - 4, 0), -1), 0, 1]:
        if not 0 <= n < len(blocks) or blocks[n].kind not in {"p", "h"} or len(blocks[n].text) > 60:
            continue
        match = ONLY_NAME.match(blocks[n].text)
        if not match or (blocks[n].kind == "h" and n not in {0, len(blocks) - 1}):
            continue
        name = match["who"]
        known = any(fold(a) in fold(name) or fold(name) in fold(a) for a in body.authors)
        if known or (not body.authors and _plausible(name, blocks, n)):
            if not body.authors:
                body.authors = people([name])
            body.asides.append(Aside(blocks[n].text, "byline"))
            return blocks[:n] + blocks[n + 1 :]
    return blocks


def _plausible(name: str, blocks: Sequence[Block], n: int) -> bool:
    pieces = name.split()
    return 2 <= len(pieces) <= 4 and len(blocks) > 3 and (n > 2 or blocks[n].text.lower().startswith("by "))


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
    texts = {fold(b.text) for b in blocks if b.kind == "p"} if any(b.kind == "quote" for b in blocks) else set()
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
    bare = fold(text).strip(" \"'‘’“”.…")
    return 20 < len(bare) < 400 and any(bare in p for p in paragraphs)
