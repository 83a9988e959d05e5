"""Layers 3 to 7 for one page: its pieces get their roles, its blocks their order. Nothing is dropped on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cuttings.model import Repair
from parsers.digital_edition import capitals, headings, inserts, order, pulls
from parsers.digital_edition.coherence import junction
from parsers.digital_edition.furniture import Cleared, Folio, end_mark
from parsers.digital_edition.layout import Form, Layout, Piece, ends_paragraph, full_width, layout
from parsers.digital_edition.mending import Log, counted, mended
from parsers.digital_edition.paragraphs import BREAK, stitched
from parsers.digital_edition.sheets import Sheet
from parsers.digital_edition.words import cut_in_two, known, rejoined
from parsers.plain_text import byline, ends_sentence, is_bio, is_name

_FUNCTION_WORD = re.compile(
    r"\b(?:a|an|the|of|in|on|at|to|by|for|with|and|or|but|that|which|who|is|was|are|were|my|his|her|their)$"
)
LEFT = "text left as found: its order could not be told"
_INNER_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Section:
    """One article's share of one page. `blocks` are in reading order; BREAK inside them marks a paragraph's start."""

    head: headings.Head
    blocks: tuple[str, ...]
    subheads: tuple[tuple[int, str], ...] = ()  # (block it stands above, text)
    bio: str | None = None
    pulls: tuple[str, ...] = ()
    ended: bool = False  # an end mark or the author's line says that the article ends here
    by_lines: bool = False
    alone: bool = False  # nothing is known of what it goes on from


@dataclass(frozen=True, slots=True)
class Read:
    """One page, read: its sections from top to bottom."""

    sections: tuple[Section, ...]
    folio: Folio | None
    repairs: tuple[Repair, ...]
    aside: tuple[tuple[str, str], ...]


def prepared(page: Cleared) -> Layout:
    return layout(page)


def read(
    page: Cleared,
    found: Layout,
    *,
    number: str | None,
    first: bool,
    authors: Sequence[str],
    elsewhere: Sequence[str],
    before: str | None,
) -> Read:
    """Reads one page.

    `first`: of its document. `authors`, `before`, `elsewhere`: the names known so far, the last words of the page
    before (None where nothing goes on), and the pieces of the other pages.
    """
    log = Log(f"page {number}" if number else "", aside=list(page.aside))
    pieces = mended(found.pieces, log)
    for heading in found.spaced:
        log.mended("heading", f"“{heading}”", "likely")
    if found.woven:
        log.mended("columns", f"{found.woven} lines held two columns", "sure")
    sections = []
    parts = _split(pieces, found)
    for n, part in enumerate(parts):
        own = found
        if len(parts) > 1 and found.form == "lines":
            own = replace(found, width=full_width([piece.text for piece in part[2:]]))  # each set to its own measure
        section = _section(part, own, log, first or n > 0, authors, elsewhere, before if n == 0 else None)
        sections.append(section)
    return Read(tuple(sections), page.folios[0] if page.folios else None, tuple(log.repairs), tuple(log.aside))


def as_found(sheet: Sheet, number: str | None) -> Read:
    """A page that was never printed as it stands: its text in the order as found, a paragraph from gap to gap."""
    paragraphs: list[list[str]] = []
    for line in sheet.lines:
        if line.gap or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    text = BREAK.join(" ".join(lines) for lines in paragraphs)
    log = Log(f"page {number}" if number else "")
    log.mended(LEFT, "more than a printed page holds", "uncertain")
    section = Section(headings.Head(0), (text,) if text else (), by_lines=True, alone=True)
    return Read((section,), None, tuple(log.repairs), ())


# ---------------------------------------------------------------- several articles on a page


_HEAD = 14  # pieces that are looked at below a line that may be a title
MOST_SPLIT = 3000  # pieces on a page; a longer one was not typeset


def _split(pieces: Sequence[Piece], found: Layout) -> list[list[Piece]]:
    """Pieces of each article: a new one begins at a title that has a standfirst or an author's name below it."""
    cuts = [0]
    if len(pieces) > MOST_SPLIT:
        return [list(pieces)]
    start = headings.head(pieces, found.form, found.width).body + 2
    for n in range(start, len(pieces) - 2):
        text = pieces[n].text
        if n < cuts[-1] + 3 or len(text.split()) > 12 or not headings.may_be_title(text):
            continue
        above = pieces[n - 1].text
        if ends_sentence(text.rstrip("?!")) or not (ends_sentence(above) or is_bio(above) or end_mark(above)):
            continue
        if found.width and len(text) > 0.85 * found.width and not headings.undoubled(text):
            continue
        if is_name(text) and len(text.split()) < 4 and not re.match(r"(?:A|An|The)\b", text):
            continue
        head = headings.head(pieces[n : n + _HEAD], found.form, found.width, first=False)
        spoken = head.standfirst and head.title and (head.authors or headings.titled(head.title))
        if found.width and len(pieces[n + 1].text) <= 1.1 * found.width:
            spoken = None  # in typeset lines only another measure tells a standfirst from a line of the text
        told = byline(head.byline or "") or spoken
        if (
            told
            and head.title
            and n + head.body < len(pieces)
            and headings.titled(head.title + " " + (head.byline or ""))
        ):
            cuts.append(n)
    return [list(pieces[a:b]) for a, b in zip(cuts, [*cuts[1:], len(pieces)], strict=True)]


# ---------------------------------------------------------------- roles


def _section(
    pieces: list[Piece],
    found: Layout,
    log: Log,
    first: bool,
    authors: Sequence[str],
    elsewhere: Sequence[str],
    before: str | None,
) -> Section:
    form, width = found.form, found.width
    head = headings.head(pieces, form, width, first=first)
    _log_head(head, log)
    authors = head.authors or tuple(authors)
    lone = [piece for piece in pieces[: head.body] if capitals.alone(piece.text)]
    body = [*lone, *pieces[head.body :]]
    capital = capitals.rejoin(body, len(lone), form, headed=bool(head.title or head.standfirst))
    if capital.word:
        log.mended("drop capital", f"“{capital.word}”", "sure" if capital.sure else "likely")
    body = list(capital.pieces)
    names = frozenset(m for piece in body for m in _INNER_CAPITAL.findall(piece.text))
    roles = [""] * len(body)
    quotes = _quotes(body, roles, found, elsewhere, capital.opening, log)
    bio = _bio(body, roles, authors, form, strangers=False)  # narrow lines about the author look like captions
    _inserts(body, roles, found, names, capital.opening, log)
    bio = bio or _bio(body, roles, authors, form, strangers=True)
    mark = _end_mark(body, roles, form, log)
    subheads = _subheads(body, roles, form, width)
    return _arranged(body, roles, found, head, log, quotes, bio, mark, capital, subheads, names, before)


def _log_head(head: headings.Head, log: Log) -> None:
    if head.mended:
        log.mended("heading", f"“{head.title}”", "likely")
    if head.kicker:
        log.aside.append((head.kicker, "kicker above the headline"))
    if head.byline:
        log.aside.append((head.byline, "byline"))


def _quotes(
    body: list[Piece], roles: list[str], found: Layout, elsewhere: Sequence[str], opening: int | None, log: Log
) -> list[str]:
    """Marks pull quotes in `roles`; returns them."""
    quotes = []
    for run in pulls.repeats(body, found.form, found.width, elsewhere, opening):
        quotes.append(_set(body, roles, run, log))
        log.mended("pull quote", f"“{' '.join(quotes[-1].split()[:5])} …” set aside", "sure")
    return quotes


def _inserts(
    body: list[Piece], roles: list[str], found: Layout, names: frozenset[str], opening: int | None, log: Log
) -> None:
    """Marks what interrupts the text in `roles`: captions, advertisements, staff columns."""
    left = [n for n, role in enumerate(roles) if not role]
    kept = [Piece(body[n].text, _apart(body, roles, n)) for n in left]
    spare = left.index(opening) if opening in left else None
    staff = 0
    for run in inserts.intrusions(kept, 0, found.form, found.width, names, spare):
        first, last = left[run.first], left[run.last]
        above = next((n for n in range(first - 1, -1, -1) if not roles[n]), None)
        text = _set(body, roles, pulls.Run(first, last, run.why), log)
        _heal(body, above, last)
        if run.why == inserts.STAFF:
            staff += 1
        else:
            log.mended("insert", f"“{' '.join(text.split()[:5])} …” set aside", "likely")
    if staff:
        log.mended("insert", f"{staff} lines of a staff or imprint column set aside", "likely")


def _heal(body: list[Piece], above: int | None, last: int) -> None:
    """A word that the insert had cut in two is whole again: its end moves up to its beginning."""
    if above is None or last + 1 >= len(body) or not cut_in_two(body[above].text, body[last + 1].text):
        return
    tail, _, rest = body[last + 1].text.partition(" ")
    start = body[above].text
    solid = start.removesuffix("-").removesuffix("\u2010") + tail
    whole = None if known(solid.split(" ")[-1], 2.5) else rejoined(start.split(" ")[-1], tail)
    start = start[: len(start) - len(start.split(" ")[-1])] + whole if whole else solid
    body[above] = Piece(f"{start} {rest}".rstrip(), body[above].apart)
    body[last + 1] = Piece("", body[last + 1].apart)


def _set(body: list[Piece], roles: list[str], run: pulls.Run, log: Log) -> str:
    text = body[run.first].text
    for n in range(run.first + 1, run.last + 1):
        text, _ = stitched(text, body[n].text)
    for n in range(run.first, run.last + 1):
        roles[n] = "aside"
    log.aside.append((text, run.why))
    return text


def _apart(body: Sequence[Piece], roles: Sequence[str], n: int) -> str:
    """What stands above a piece once the pieces set aside are taken for furniture."""
    strongest = body[n].apart
    while n and roles[n - 1]:
        n -= 1
        strongest = "folio" if "folio" in (strongest, body[n].apart) else "other"
    return strongest


def _parted(body: Sequence[Piece], roles: Sequence[str], n: int) -> str:
    """What parts a typeset line from the one above it: what is woven in between does not, a gap or a folio does."""
    kinds = {body[n].apart}
    while n and roles[n - 1]:
        n -= 1
        kinds.add(body[n].apart)
    return next((kind for kind in ("folio", "gap", "other") if kind in kinds), "")


def _bio(
    body: list[Piece], roles: list[str], authors: Sequence[str], form: Form, *, strangers: bool
) -> tuple[str, int] | None:
    """The line about the author: (text, place of its first piece). The last one on the page wins."""
    left = [n for n, role in enumerate(roles) if not role]
    kept = [Piece(body[n].text, _apart(body, roles, n)) for n in left]
    start = max(1 if len(kept) > 1 else 0, len(kept) - MOST_SPLIT)
    for at in range(len(kept) - 1, start - 1, -1):
        count = headings.bio_at(kept, at, authors, form, strangers=strangers)
        if count:
            text = " ".join(piece.text for piece in kept[at : at + count])
            for n in left[at : at + count]:
                roles[n] = "bio"
            return text, left[at]
    return None


def _end_mark(body: list[Piece], roles: list[str], form: Form, log: Log) -> int | None:
    """The piece that ended with the article's end mark, which is taken off; only one page in an article has it."""
    marks = [n for n in range(len(body)) if not roles[n] and end_mark(body[n].text)]
    for n in reversed(marks):
        mark = end_mark(body[n].text)
        last = all(roles[m] or n == m for m in range(n, len(body)))
        # In blocks, which may stand in any order, it can be anywhere; "… ended there. NHS" at a line's end goes on.
        if mark and (last or (form == "blocks" and len(marks) == 1)):
            body[n] = Piece(mark[0], body[n].apart)
            log.aside.append((mark[1], "end mark"))
            return n
    return None


def _subheads(body: Sequence[Piece], roles: list[str], form: Form, width: int) -> dict[int, str]:
    """Bare lines between a closed and a fresh sentence, each above the piece that follows it."""
    found = {}
    for n in range(1, len(body) - 1):
        text = body[n].text
        if roles[n] or roles[n - 1] or roles[n + 1] or not 1 < len(text.split()) <= 9 or re.search(r"[.,;:]$", text):
            continue
        if width and len(text) > 0.75 * width:
            continue
        after = body[n + 1].text
        if ends_sentence(body[n - 1].text) and text[:1].isupper() and not ends_sentence(text):
            fresh = after[:1].isupper() or after[:1] in "“‘"
            if (
                _FUNCTION_WORD.search(text)
                or inserts.SENTENCE_INSIDE.search(text)
                or (junction(text, after) > 0.5 and not width)
            ):
                continue
            if fresh and len(after.split()) >= 5 and (form == "blocks" or body[n].apart or body[n + 1].apart):
                found[n + 1] = text
                roles[n] = "subhead"
    return found


# ---------------------------------------------------------------- blocks and their order


def _arranged(
    body: list[Piece],
    roles: list[str],
    found: Layout,
    head: headings.Head,
    log: Log,
    quotes: list[str],
    bio: tuple[str, int] | None,
    mark: int | None,
    capital: capitals.Capital,
    subheads: dict[int, str],
    names: frozenset[str],
    before: str | None,
) -> Section:
    blocks, first_piece, cut = _blocks(body, roles, found, set(subheads))
    if cut:
        log.mended("line-end hyphen", counted(cut), "sure")
    place = {piece: n for n, piece in enumerate(first_piece)}
    hints = order.Hints(
        ended=bio is not None or mark is not None,
        opening=place.get(capital.opening) if capital.opening is not None else None,
        held=place.get(capital.held) if capital.held is not None else None,
        displaced=found.form == "blocks",
        headed=bool(head.title or head.standfirst),
        closing=_closing(blocks, first_piece, bio[1]) if bio else None,
        marked=place.get(mark) if mark is not None else None,
        by_lines=found.form != "blocks",
        before=before,
        names=names,
    )
    result = order.ordered(blocks, hints)
    if result.changed:
        log.mended("reading order", f"{len(blocks)} blocks", result.certainty)
    elif result.certainty == "uncertain":
        log.mended(LEFT, "another order reads as well", "uncertain")
    above = {first_piece.index(n): text for n, text in subheads.items() if n in first_piece}
    return Section(
        head=head,
        blocks=tuple(blocks[n].text for n in result.places),
        subheads=tuple((result.places.index(n), text) for n, text in sorted(above.items())),
        bio=bio[0] if bio else None,
        pulls=tuple(quotes),
        ended=bio is not None or mark is not None,
        by_lines=found.form != "blocks",
    )


def _closing(blocks: Sequence[order.Block], firsts: Sequence[int], bio: int) -> int | None:
    """The block above the author's line if it may be the article's last: it ends a sentence."""
    block = max((n for n, first in enumerate(firsts) if first < bio), default=None)
    return block if block is not None and ends_sentence(blocks[block].text) else None


def _blocks(
    body: Sequence[Piece], roles: Sequence[str], found: Layout, above: set[int]
) -> tuple[list[order.Block], list[int], int]:
    """Body pieces as blocks: each its own, or typeset lines joined up to the next gap.

    Returns (blocks, the first piece of each, how many cut words were joined).
    """
    blocks: list[order.Block] = []
    firsts: list[int] = []
    text, cut, last = "", 0, ""
    apart = ""
    for n, piece in enumerate(body):
        if roles[n] or not piece.text:
            continue
        between = _apart(body, roles, n) if found.form == "blocks" or not text else _parted(body, roles, n)
        if found.form == "blocks" or not text or between or n in above:
            if text:
                ended = found.form != "blocks" and ends_paragraph(last, piece.text, found.width)
                blocks.append(order.Block(text + BREAK * ended, apart))
            text, apart = piece.text, between
            firsts.append(n)
        elif ends_paragraph(last, piece.text, found.width):
            text += BREAK + piece.text
        else:
            text, whole = stitched(text, piece.text)
            cut += whole
        last = piece.text
    if text:
        blocks.append(order.Block(text, apart))
    return blocks, firsts, cut
