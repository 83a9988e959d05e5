"""What is held about one reader, as an answer to their request for access. No Prefect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cuttings import model
from cuttings.edges.store import erased, judged, people
from cuttings.edges.store.past_issues import printed_in

if TYPE_CHECKING:
    from flows.house import House


@dataclass(frozen=True, slots=True)
class HeldComment:
    """One comment with all that is known of it; times are UTC."""

    key: str
    source: str | None
    article: str | None  # address
    name: str | None  # None: its time is over; the keyed hash is left
    link: str | None  # the address that the name linked to
    posted: str | None
    text: str
    links: tuple[str, ...]
    first_read: datetime
    name_kept_until: datetime | None
    outcome: str
    because: tuple[str, ...]
    earlier_outcomes: tuple[str, ...]
    rulings: tuple[str, ...]  # of editors
    raw_pages: int  # pages of its article that are kept as they were sent
    counted_in: tuple[str, ...]  # issues that counted the comments below this story


@dataclass(frozen=True, slots=True)
class Held:
    """`erased`: comments of this name whose words are gone already can't be told apart any more, so they are not in."""

    name: str
    source: str | None
    as_at: datetime
    council: str
    contact: str
    comments: tuple[HeldComment, ...]
    kept_out_since: tuple[str, ...]  # suppressions in force


def held(house: House, name: str, source: str | None) -> Held:
    voices = people.voices_of(house.store, name, source=source)
    council = house.settings.council
    return Held(
        name=name,
        source=source,
        as_at=house.clock(),
        council=council.name,
        contact=f"{council.contact_name}, {council.contact_email}",
        comments=tuple(_comment(house, voice) for voice in voices),
        kept_out_since=tuple(people.suppressions_of(house.store, name)),
    )


def _comment(house: House, voice: people.Voice) -> HeldComment:
    comment, verdict = voice.judged.comment, voice.judged.verdict
    rulings = judged.rulings_on(house.store, [f"comment:{comment.key}"]).get(f"comment:{comment.key}", ())
    pages = [p for p in erased.pages_of(house.store, comment.article) if house.archive.has(p.sha256)]
    story = erased.story_of(house.store, comment.article)
    return HeldComment(
        key=comment.key,
        source=voice.source,
        article=voice.url,
        name=comment.author,
        link=comment.author_url,
        posted=comment.posted,
        text=comment.text,
        links=comment.links,
        first_read=voice.first_seen,
        name_kept_until=voice.names_expire,
        outcome=verdict.outcome,
        because=tuple(reason.sentence for reason in verdict.because),
        earlier_outcomes=tuple(past.verdict.outcome for past in judged.history(house.store, comment.key)),
        rulings=tuple(f"{r.decision}, by {r.by}, {r.at:%-d %B %Y}" for r in rulings),
        raw_pages=len(pages),
        counted_in=printed_in(house.store, story) if story else (),
    )


def as_json(given: Held) -> str:
    return json.dumps(model.as_json(given), ensure_ascii=False, indent=1)


def as_text(given: Held) -> str:
    return "\n".join(_lines(given))


def _lines(given: Held) -> Iterator[str]:
    where = f" at {given.source}" if given.source else ""
    yield f"What {given.council} holds in its press cuttings under the name {given.name}{where}"
    yield f"as at {given.as_at:%-d %B %Y, %H:%M} UTC. Questions: {given.contact}."
    yield ""
    yield "Comments were read where their writer published them, below articles of the press. Names are never"
    yield "printed. Several people may share a name: check what follows before it is sent to anybody."
    for number, comment in enumerate(given.comments, 1):
        yield ""
        yield f"{number}. {comment.posted or 'undated'}, below {comment.article or 'an article without address'}"
        yield from (f"   {label}: {value}" for label, value in _facts(comment) if value)
        yield "   Words:"
        yield from (f"   | {line}" for line in (comment.text or "(erased)").splitlines())
    if not given.comments:
        yield ""
        yield "No comment is held under this name."
    if given.kept_out_since:
        yield ""
        yield from (f"Kept out {line}." for line in given.kept_out_since)


def _facts(comment: HeldComment) -> Iterator[tuple[str, Any]]:
    yield "Source", comment.source
    yield "First read", f"{comment.first_read:%-d %B %Y}"
    yield "Name", comment.name or "no longer kept; a keyed hash of it is"
    yield "Name kept until", f"{comment.name_kept_until:%-d %B %Y}" if comment.name_kept_until else None
    yield "Link of the name", comment.link
    yield "Links in the words", ", ".join(comment.links)
    yield "Judged as", comment.outcome
    yield "Because", "; ".join(comment.because)
    yield "Judged earlier as", ", ".join(comment.earlier_outcomes)
    yield "Editors' rulings", "; ".join(comment.rulings)
    yield "Raw pages kept", str(comment.raw_pages)
    yield "Counted in the issues", ", ".join(comment.counted_in)
