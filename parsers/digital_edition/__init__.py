"""Page-turner editions (YUDU, FlipBuilder basic-html, FlippingBook, and text copies of them) -> articles.

The way of a page: sheets (lines) -> furniture (what belongs to the page) -> layout (columns, pieces) -> headings and
capitals -> pulls (what is set among the text) -> order (blocks as one reads them) -> paragraphs -> an article. Pages
that begin without a heading go on with the article of the page before. Everything mended is in Article.repairs,
everything left out in Reading.set_aside; no body word is lost or doubled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cuttings.model import Article, Aside, Page, Reading, Repair, Subhead, Unreadable, precision
from parsers.digital_edition import furniture, pages, sheets
from parsers.digital_edition.capitals import alone
from parsers.digital_edition.furniture import cleared
from parsers.digital_edition.paragraphs import joined
from parsers.digital_edition.pulls import within
from parsers.language import language
from parsers.plain import article_key
from parsers.plain_text import attributed, ends_sentence

__all__ = ["read", "recognises"]

_ADDRESS = re.compile(
    r"content\.yudu\.com|/resources/(?:\d+|index)\.html?\b|/files/basic-html/page\d+\.html?\b|/libraryhtml/|/flash/resources/",
    re.I,
)
_PAGE_TITLE = re.compile(rb"<title>\s*page \d+ - ", re.I)  # to look for it in a whole page takes long
LOOKED_AT = 100_000  # bytes of a page; a printed one has no more


def recognises(pages: Sequence[Page]) -> bool:
    """True for pages of a page-turner, told by address, markup or the text's own marks (never by the notice alone)."""
    if not pages:
        return False
    if any(_ADDRESS.search(page.url or "") for page in pages):
        return True
    if any(page.media_type.split(";")[0].strip() != "text/plain" for page in pages):
        return any(_marked_up(page) for page in pages)
    return any(_signs(sheets.sheet(replace(page, body=page.body[:LOOKED_AT]))) >= 2.5 for page in pages)


def _marked_up(page: Page) -> bool:
    head = page.body[:400_000]
    if head.count(b"textItem") >= 5 and b"%" in head:
        return True
    titled = next((at for tag in (b"<title>", b"<TITLE>") if (at := head.find(tag)) >= 0), None)
    if titled is not None and _PAGE_TITLE.match(head, titled) and b"<pre" in head.lower():
        return True
    return b"digital edition of a book" in head and b"<article" not in head.lower()


def _signs(sheet: sheets.Sheet) -> float:
    """How much a text copy looks like a page of a magazine: folios, lone capitals, cut lines, gutters, open blocks."""
    sheet = replace(sheet, lines=sheet.lines[: sheets.MOST_LINES])
    score = 3.0 * furniture.looks_turned(sheet)
    page = cleared(sheet)
    texts = [line.text for line in page.lines]
    blocks = [text for text in texts if len(text.split()) >= 8]
    open_ends = sum(1 for text in blocks if not ends_sentence(text))
    score += 1.5 * bool(page.folios)
    score += 1.0 * any(alone(text) for text in texts)
    score += 2.0 * (sum(1 for text in texts if text.endswith("\u2010")) >= 3)
    score += 2.0 * (sum(1 for line in page.lines if re.search(r"\S\s{3,}\S", line.raw)) >= 6)
    score += 1.5 * (open_ends >= 2 and open_ends >= 0.3 * len(blocks))
    return score


COVER = "a cover or a list of contents, with no article on it"
NOTHING = "the page holds no text of an article"
EMPTY = "there is no text on the page"
LONGEST_COVER = 150  # words
# No question mark: 'Who drives the night bus?' may be a headline in the list.
_SENTENCE_END = re.compile(r"[a-z]{2}[.!][\"'”’)]*(?:\s|$)")


@dataclass(slots=True)
class _Draft:
    """An article being put together over pages."""

    section: pages.Section
    blocks: list[str] = field(default_factory=list)
    subheads: list[tuple[int, str]] = field(default_factory=list)
    pulls: list[str] = field(default_factory=list)
    bio: str | None = None
    by_lines: list[bool] = field(default_factory=list)
    urls: list[str | None] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    ended: bool = False


def read(pages_: Sequence[Page], *, source: str | None = None) -> Reading:
    """The articles of consecutive pages, in order.

    Raises Unreadable(field="page") where no page has text, field "paragraphs" where nothing but furniture is there.
    """
    found = [sheets.sheet(page) for page in pages_]
    url = next((sheet.url for sheet in found if sheet.url), None)
    if not any(sheet.lines for sheet in found):
        raise Unreadable(url, "page", EMPTY)
    cleaned = [cleared(sheet) for sheet in found]
    laid = [pages.prepared(page) for page in cleaned]
    numbers = [_number(sheet, page) for sheet, page in zip(found, cleaned, strict=True)]
    drafts: list[_Draft] = []
    onward: dict[str, _Draft] = {}  # page number -> the article that is said to go on there
    last: _Draft | None = None
    aside: list[Aside] = []
    folios: list[furniture.Folio] = []
    quoted: dict[int, list[str]] = {}  # by page
    for n, (sheet, page, layout) in enumerate(zip(found, cleaned, laid, strict=True)):
        number = numbers[n]
        above = _above(drafts, last, onward, number, page)
        if sheet.beyond_print:
            last = _add(drafts, pages.as_found(sheet, number), sheet.url, number, None)
            continue
        result = pages.read(
            page,
            layout,
            number=number,
            first=n == 0,
            authors=above.section.head.authors if above else (),
            elsewhere=[
                piece.text
                for m, other in enumerate(laid)
                if m != n
                for piece in other.pieces
                if not within(piece.text, quoted.get(m, ()))
            ],
            before=above.blocks[-1][-300:] if above and above.blocks else None,
        )
        quoted[n] = [quote for section in result.sections for quote in section.pulls]
        aside += [Aside(text, why) for text, why in result.aside]
        folios += page.folios
        if not any(section.blocks or section.head.title or section.head.standfirst for section in result.sections):
            aside.append(Aside(f"page {number or n + 1}", NOTHING if sheet.lines else EMPTY))
            continue
        last = _add(drafts, result, sheet.url, number, above)
        onward.pop(number or "", None)
        if _is_cover(last):
            last.ended = True  # the next page begins something
        for on, where in filter(None, (furniture.jump(text) for text, _ in page.aside)):
            if on and where in numbers[n + 1 :]:
                onward[where] = last
    held = [draft for draft in drafts if draft.blocks]
    covers = [draft for draft in held if _is_cover(draft)]
    aside += [Aside(_words(draft), COVER) for draft in covers]
    aside += [one for draft in drafts for one in draft.aside]
    articles = tuple(_article(draft, folios, source) for draft in held if draft not in covers)
    if not articles and covers:
        raise Unreadable(url, "page", COVER)
    if not articles:
        raise Unreadable(url, "paragraphs", NOTHING)
    return Reading(articles, (), tuple(aside))


def _is_cover(draft: _Draft) -> bool:
    """'INSIDE 2 Listening for a living 4 Keys, doors, neighbours': a few words, and not one sentence among them."""
    text = " ".join(draft.blocks)
    return len(text.split()) <= LONGEST_COVER and not _SENTENCE_END.search(text)


def _words(draft: _Draft) -> str:
    head = draft.section.head
    return "\n".join(part for part in (head.title, head.standfirst, *draft.blocks) if part)


def _number(sheet: sheets.Sheet, page: furniture.Cleared) -> str | None:
    return page.folios[0].number if page.folios and page.folios[0].number else sheet.number


def _above(
    drafts: Sequence[_Draft],
    last: _Draft | None,
    onward: dict[str, _Draft],
    number: str | None,
    page: furniture.Cleared,
) -> _Draft | None:
    """The article that a page without a heading goes on with: the one that says so, else the one before it."""
    if number in onward:
        return onward[number]
    said = [where for on, where in filter(None, (furniture.jump(text) for text, _ in page.aside)) if not on]
    for draft in reversed(drafts):
        if not draft.ended and set(said) & set(draft.numbers):
            return draft
    elsewhere = last is None or last.ended or last.section.alone
    return None if elsewhere or any(draft is last for draft in onward.values()) else last


def _add(drafts: list[_Draft], result: pages.Read, url: str | None, number: str | None, above: _Draft | None) -> _Draft:
    """Joins a page's first section to the article `above` when it has no heading of its own; gives the last one's."""
    draft = above
    for n, section in enumerate(result.sections):
        head = section.head
        if n == 0 and above is not None and not (head.title or head.standfirst):
            draft = above
            draft.repairs.append(Repair("page join", f"page {number}" if number else "next page", "sure"))
        else:
            draft = _Draft(section)
            drafts.append(draft)
        draft.subheads += [(len(draft.blocks) + at, text) for at, text in section.subheads]
        draft.blocks += section.blocks
        draft.pulls += section.pulls
        if section.bio and draft.bio:
            draft.aside.append(Aside(section.bio, "further line about the author"))
        draft.bio = draft.bio or section.bio
        draft.by_lines += [section.by_lines] * len(section.blocks)
        draft.urls.append(url)
        # The author's line may stand at the foot of the first of two pages; then the text above it is open.
        draft.ended = section.ended and ends_sentence(draft.blocks[-1] if draft.blocks else "")
        if number and number not in draft.numbers:
            draft.numbers.append(number)
        if n == 0:
            draft.repairs += result.repairs
    assert draft is not None, "a page has at least one section"
    return draft


def _article(draft: _Draft, folios: Sequence[furniture.Folio], source: str | None) -> Article:
    head = draft.section.head
    above = dict(draft.subheads)
    parted = [n in above for n in range(len(draft.blocks))]
    text = joined(draft.blocks, draft.by_lines, parted)
    repairs = list(draft.repairs)
    if text.cut_words:
        repairs.append(
            Repair(
                "line-end hyphen",
                f"{text.cut_words} {'word' if text.cut_words == 1 else 'words'} between blocks",
                "likely",
            )
        )
    if not all(draft.by_lines) and len(text.paragraphs) > 1:
        repairs.append(Repair("paragraph breaks", f"{len(text.paragraphs) - 1} restored", "likely"))
    for at in text.uncertain:
        if at < len(text.paragraphs):
            start = " ".join(text.paragraphs[at].split()[:5])
            repairs.append(Repair("paragraph break", f"before “{start} …”", "uncertain"))
    issue = next((folio.issue for folio in folios if folio.issue), None)
    url = next((url for url in draft.urls if url), None)
    article = Article(
        key=article_key(url, head.title, text.paragraphs),
        url=url,
        source=source,
        title=head.title,
        standfirst=head.standfirst,
        authors=head.authors,
        author_bio=draft.bio,
        published=issue,
        precision=precision(issue),
        paragraphs=text.paragraphs,
        subheads=tuple(_subheads(draft, text.paragraphs)),
        pull_quotes=tuple(draft.pulls),
        publication=next((folio.name for folio in folios if folio.name), None),
        pages=tuple(draft.numbers),
        repairs=tuple(repairs),
        language=language(None, "\n".join(text.paragraphs)),
    )
    speaker = attributed(head.standfirst or "")
    if speaker and set(speaker) <= set(head.authors):
        article = replace(article, kind="opinion", kind_evidence=f"the standfirst speaks for {' and '.join(speaker)}")
    return article


def _subheads(draft: _Draft, paragraphs: Sequence[str]) -> list[Subhead]:
    """Each subhead above the paragraph that the block below it begins."""
    out = []
    for at, text in draft.subheads:
        start = draft.blocks[at].split("\n")[0][:40]
        before = next((n for n, paragraph in enumerate(paragraphs) if paragraph.startswith(start)), len(paragraphs) - 1)
        out.append(Subhead(text, before))
    return out
