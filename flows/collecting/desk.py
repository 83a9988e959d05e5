"""What the tasks of one collect share."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from cuttings import themes
from cuttings.edges.fetch import Fetched, Fetcher, NotModified, Outgoing
from cuttings.edges.fetch.results import Expects, Get
from cuttings.edges.store import holding, runs
from cuttings.edges.store import sources as states
from cuttings.settings import Source
from flows import themes_in_use
from flows.house import House
from flows.reading import Readers, open_readers

T = TypeVar("T")

BEAT = timedelta(minutes=1)


class TakenOver(Exception):
    """This run gave no sign of life for so long that another one took its place; a sentence for people."""


class Turns:
    """One document at a time from the search for copies to the commit: copies that come together see each other.

    `across` keeps the other processes out that read into the same store.
    """

    def __init__(self, across: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        self._lock, self._across = threading.Lock(), across

    def take(self, step: Callable[[], T]) -> T:
        with self._lock, self._across():
            return step()


@dataclass(slots=True)
class Desk:
    house: House
    fetcher: Fetcher
    readers: Readers
    matcher: themes.Matcher
    run: int
    now: datetime
    turns: Turns = field(default_factory=Turns)
    beaten: datetime = field(default_factory=lambda: datetime.now(UTC))
    lost: bool = False

    def beat(self) -> None:
        """A sign of life, once a minute. Raises TakenOver where another run has taken this one's place."""
        # The real clock, not the house's, which may be set to a day long past: zombies are found by it.
        moment = datetime.now(UTC)
        if not self.lost and moment - self.beaten > BEAT:
            self.beaten = moment
            self.lost = not runs.beat(self.house.store, self.run, now=moment)
        if self.lost:
            raise TakenOver(
                "This collect gave no sign of life for ten minutes, as on a machine that was put to sleep, and another "
                "one has begun since. What it had read is kept; the other one goes on."
            )

    def get(self, source: Source) -> Get:
        """How pages of a source are asked for: each request is a sign of life."""
        bound = self.fetcher.bound_to(source)

        def ask(
            url: str, *, expects: Expects = "page", etag: str | None = None, last_modified: str | None = None
        ) -> Fetched | NotModified:
            self.beat()
            return bound(url, expects=expects, etag=etag, last_modified=last_modified)

        return ask

    def contacted(self, source: Source, *, failure: str | None = None, found: int = 0) -> None:
        states.contacted(
            self.house.store, source.id, name=source.name, now=self.now, run=self.run, failure=failure, found=found
        )


@contextmanager
def open_desk(house: House, run: int, **more: Any) -> Iterator[Desk]:
    council = house.settings.council
    contact = council.user_agent_contact or council.contact_email
    with Fetcher(contact, outgoing=Outgoing.from_environment(os.environ)) as fetcher, open_readers() as readers:
        yield Desk(
            house=house,
            fetcher=fetcher,
            readers=readers,
            matcher=themes_in_use.matcher(house),
            run=run,
            now=house.clock(),
            turns=Turns(lambda: holding.held(house.store, "turn", wait=True)),
            **more,
        )
