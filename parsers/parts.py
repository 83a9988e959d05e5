"""The parts of an article while they are being found."""

from __future__ import annotations

from dataclasses import dataclass, field

from cuttings.model import Aside, Link, Repair, Subhead
from parsers.markup import Element


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
