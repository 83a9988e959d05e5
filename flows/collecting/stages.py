"""The two stages of a batch of documents, as plain functions: fetch, then read, judge, label and save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from cuttings.edges.archive import ArchiveError
from cuttings.edges.limited import CannotStart
from cuttings.edges.store import StoreError, addresses
from cuttings.edges.store import sources as states
from cuttings.settings import Source
from flows.collecting.desk import Desk, TakenOver
from flows.collecting.fetching import fetch_issue
from flows.collecting.threads import fetch_article
from flows.reading import Document, Line, gave_up_on, take_in

Addresses = tuple[str, ...]  # of the pages of one document


def fetch_batch(desk: Desk, source: Source, batch: Sequence[Addresses]) -> tuple[tuple[Document, ...], Counter[str]]:
    """Ask for the pages, one after the other; what did not come is recorded with its reason, and counted."""
    documents: list[Document] = []
    counts: Counter[str] = Counter()
    for pages in batch:
        got, outcomes = fetch_issue(desk, source, pages) if len(pages) > 1 else fetch_article(desk, source, pages[0])
        if got:
            documents.append(got)
        addresses.record(desk.house.store, outcomes, now=desk.now, run=desk.run)
        counts.update(o.outcome for o in outcomes)
    return tuple(documents), counts


def read_batch(
    desk: Desk, source: Source, documents: Sequence[Document], *, fault: Callable[[str], None]
) -> Counter[str]:
    """Take in what was fetched, a document at a time. `fault` is told, inside the handler, of one that was ours."""
    state = states.find(desk.house.store, source.id)
    first_contact = state.first_contact if state else desk.now
    line = Line(desk.house, desk.readers, desk.matcher, desk.now, desk.run, desk.turns.take)
    counts: Counter[str] = Counter()
    for document in documents:
        desk.beat()
        try:
            outcomes = take_in(line, source, document, first_contact=first_contact)
        except (StoreError, ArchiveError, CannotStart, TakenOver):
            raise
        except Exception:
            # A fault of ours in judging one document costs that document, not the rest of its source.
            fault(document.address)
            outcomes = gave_up_on(line, source, document)
        counts.update(o.outcome for o in outcomes)
    return counts
