"""Fetching a document: its pages, and what further pages of readers' comments they name.

What came lies in the archive; only its digest and what the server said of it go on from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cuttings import visits
from cuttings.edges.archive import Archive, ArchiveError
from cuttings.edges.fetch import Fetched, FetchFailed, NotModified
from cuttings.edges.fetch.results import Expects
from cuttings.edges.store import addresses
from cuttings.edges.store.addresses import Address, KeptPage, PageOutcome
from cuttings.settings import Source
from flows.collecting.desk import Desk
from flows.reading import Document, Got

# How a failure is named where it is counted: few, and the same for every page it happened to.
REASONS = {
    "bad-address": "no address of the web",
    "refused-address": "a private address",
    "dns": "the host was not found",
    "connect": "the server did not answer",
    "tls": "its certificate can't be trusted",
    "timeout": "too slow",
    "dropped": "the connection was dropped",
    "truncated": "the page was not whole",
    "too-large": "too large",
    "bad-content": "not a readable page",
    "redirect": "redirected to where we may not go",
    "robots": "robots.txt does not allow it",
    "busy": "the server was busy",
    "missing": "no longer there",
}


def reason(error: FetchFailed) -> str:
    return REASONS.get(error.kind, error.kind.replace("status-", "the server answered "))


@dataclass(frozen=True, slots=True)
class Answer:
    """A page that came, or is still the one we have (`fresh` False: the site or the digest says so)."""

    got: Got
    fresh: bool


def fetch_page(
    desk: Desk, source: Source, url: str, *, known: Address, kept: KeptPage | None, expects: Expects = "page"
) -> Answer:
    """One page; it is asked for conditionally where `kept`, what we have of it, is in the archive. FetchFailed.

    `url` is what the page goes by in the store, `known.to_fetch` what its server calls it.
    """
    get, archive = desk.get(source), desk.house.archive
    if kept is None or not _sound(archive, kept.sha256):
        answer = get(known.to_fetch, expects=expects)
    else:
        answer = get(known.to_fetch, expects=expects, etag=known.etag, last_modified=known.last_modified)
    if isinstance(answer, NotModified):
        if kept is None:  # it was not asked that
            raise FetchFailed(url, "bad-content", "The site says nothing has changed, but was not asked that.")
        return Answer(again(kept, answer.etag, answer.last_modified), fresh=False)
    got = _kept(desk, url, answer)
    return Answer(got, fresh=kept is None or got.sha256 != kept.sha256)


def _sound(archive: Archive, sha256: str) -> bool:
    """A page that is lost or damaged there is asked for as if we had never seen it, and so comes back."""
    try:
        archive.get(sha256)
    except ArchiveError:
        return False
    return True


def again(kept: KeptPage, etag: str | None = None, last_modified: str | None = None) -> Got:
    """A page out of the archive, as if it had come just now."""
    return Got(
        kept.url, kept.final_url, kept.sha256, kept.media_type, kept.status, kept.at, None, None, etag, last_modified
    )


def _kept(desk: Desk, url: str, answer: Fetched) -> Got:
    page, archive = answer.page, desk.house.archive
    # The site sends again what a forgotten reader's words were taken out of: our copy without them stands for it.
    redacted = addresses.kept_as(desk.house.store, page.sha256)
    return Got(
        address=url,
        final_url=answer.final_url,
        sha256=redacted if redacted and archive.has(redacted) else archive.put(page.body),
        media_type=page.media_type,
        status=page.status,
        fetched_at=page.fetched_at,
        family=page.family,
        size=len(page.body),
        etag=answer.etag,
        last_modified=answer.last_modified,
    )


def failed(desk: Desk, source: Source, url: str, error: FetchFailed, known: Address) -> PageOutcome:
    return PageOutcome(
        url,
        "failed",
        source=source.id,
        reason=reason(error),
        status=error.status,
        next_visit=visits.after_failure(known.failures + 1, error.passing, error.retry_after, desk.now),
    )


def unchanged(desk: Desk, source: Source, got: Got, known: Address) -> PageOutcome:
    # What the page said outranks what its feed did; many feeds date nothing at all.
    published, last_comment = addresses.stirred(desk.house.store, got.address)
    following = visits.after_reading(
        published or known.hint, known.first_seen, source.revisit_days, desk.now, last_comment=last_comment
    )
    return PageOutcome(
        got.address,
        "unchanged",
        source=source.id,
        etag=got.etag,
        last_modified=got.last_modified,
        next_visit=following,
    )


def address_of(desk: Desk, source: Source, url: str) -> Address:
    found = addresses.find(desk.house.store, url)
    return found or Address(url=url, source=source.id, first_seen=desk.now)


def fetch_issue(desk: Desk, source: Source, pages: Sequence[str]) -> tuple[Document | None, tuple[PageOutcome, ...]]:
    """The pages of one issue of a page-turner, all or none of those that may still come."""
    got: list[Got] = []
    outcomes: list[PageOutcome] = []
    for url in pages:
        known = address_of(desk, source, url)
        try:
            got.append(fetch_page(desk, source, url, known=known, kept=None).got)
        except FetchFailed as error:
            outcomes.append(failed(desk, source, url, error, known))
    if all(o.next_visit is None for o in outcomes):
        # All of it came, or what did not will never come: what is there is read.
        return (Document(tuple(got)) if got else None), tuple(outcomes)
    # Pages of one issue are read together: an article that lost its second page would end in the middle.
    waits = f"waits for another page of its issue ({outcomes[0].reason})"
    soon = desk.now + visits.PATIENCE[0]
    held = [PageOutcome(g.address, "failed", source=source.id, reason=waits, next_visit=soon) for g in got]
    return None, (*outcomes, *held)
