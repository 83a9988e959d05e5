"""The note about the author: in a box of its own, or the article's last lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from cuttings.model import Aside
from parsers.blocks import Block
from parsers.bylines import people
from parsers.furniture import names
from parsers.marked import marked_bio
from parsers.markup import Element
from parsers.parts import Body
from parsers.phrases import BOOK, IS, NAME
from parsers.soup import Document, Like, ancestors
from parsers.wording import count_words, fold


def take_bio(blocks: list[Block], body: Body, doc: Document | None) -> list[Block]:
    known = [fold(a) for a in body.authors]
    blocks = _boxed_bio(blocks, body, doc)
    if body.bio:
        return blocks
    for n in range(len(blocks) - 1, max(len(blocks) - 5, 1), -1):
        b = blocks[n]
        if b.kind not in {"p", "quote"} or not 5 <= count_words(b.text) <= 130:
            continue
        text = fold(b.text)
        named = any(
            a in text
            and re.match(
                rf"\W*(?:(?:dr|prof|professor|sir|dame|cllr)\.?\s)?{re.escape(a)}\W+(?:\w+\W+){{0,3}}?{IS}\b", text
            )
            for a in known
        )
        if n == len(blocks) - 1 and not named:
            # Nobody opens the last paragraph of their own article with their name: "Ann Lee qualified in May."
            named = not b.strong and len(b.text) < 400 and any(" " in a and text.startswith(a + " ") for a in known)
        # "ANN LEE has done many things in her short life.", and after it the address of her site
        named = named or any(" " in a and text.startswith(a) and _ABOUT.match(text, len(a)) for a in known)
        about = re.match(rf"^\W*(?:about the author\W+)?(?P<who>{NAME})\s+{IS}\b", b.text)
        if named or (
            about and ((b.em and not _mostly_em(blocks)) or (not known and n >= len(blocks) - 1 and _has_role(b.text)))
        ):
            body.bio = b.text
            if not known and about:
                body.authors = people([about["who"]])
            return blocks[:n] + blocks[n + 1 :]
    if doc is not None and known:
        body.bio = marked_bio(doc, known)
    return blocks


_BIO_BOX = Like(
    re.compile(r"(?:^|[\s_-])(?:author|contributor)s?[-_]{1,2}bio|(?:^|[\s_-])about[-_](?:the[-_])?author", re.I),
    ("author", "contributor"),
)


def _boxed_bio(blocks: list[Block], body: Body, doc: Document | None) -> list[Block]:
    """A box inside the body whose class says that it is about the author, however long it is."""
    if doc is not None and not doc.named(_BIO_BOX):
        return blocks
    asked: dict[Element, bool] = {}  # a hundred blocks stand in the same few elements
    boxed = [b for b in blocks if any(_is_bio_box(e, asked) for e in (b.element, *islice(ancestors(b.element), 5)))]
    said = [b.text for b in boxed if b.kind in {"p", "quote"} and count_words(b.text) >= 5]
    if not said or sum(len(b.text) for b in boxed) > 0.4 * sum(len(b.text) for b in blocks):
        return blocks
    body.bio = " ".join(said)
    if not body.authors and (about := re.match(rf"^\W*(?P<who>{NAME})\s+{IS}\b", said[0])):
        body.authors = people([about["who"]])
    body.asides += [Aside(b.text, "about the author") for b in boxed if b.text not in said]
    taken = {id(b) for b in boxed}
    return [b for b in blocks if id(b) not in taken]


def _is_bio_box(element: Element, asked: dict[Element, bool]) -> bool:
    if element not in asked:
        asked[element] = _BIO_BOX.pattern.search(names(element)) is not None
    return asked[element]


_ABOUT = re.compile(r" (?:has|is|was|lives|holds|studied|grew)\b")


def _mostly_em(blocks: Sequence[Block]) -> bool:
    return sum(b.em for b in blocks) > 0.3 * len(blocks)


def _has_role(text: str) -> bool:
    return bool(
        re.search(
            r"\bis (?:an? |the )?(?:[\w-]+ ){0,4}(?:director|professor|lecturer|officer|manager|worker|"
            r"researcher|fellow|chair|consultant|leader|head|editor|journalist|author|president|secretary|"
            r"adviser|advisor|councillor|commissioner|reader)\b",
            text,
        )
    )


def cite_bio(body: Body) -> None:
    """ "… author of Title (Publisher, 2011)" in the bio is a reference, in the bio's own words."""
    for match in BOOK.finditer(body.bio or ""):
        if match["ref"] not in body.references:
            body.references.append(match["ref"])
