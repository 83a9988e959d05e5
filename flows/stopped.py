"""Readers who get no more mail, in the list beside the backups: a backup from before that must not bring them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cuttings.edges import ledger
from cuttings.edges.store import Store, stops
from cuttings.edges.store.recipients import fold
from cuttings.edges.store.stops import Stop
from flows import place

LEDGER = "forgotten"  # beside the hash key


def ledger_file() -> Path:
    return place.local_folder() / LEDGER


def remember(store: Store) -> None:
    """Every stop that the store knows is in the list. Nothing where it is there already."""
    ledger.add(ledger_file(), [ledger.Entry("stopped", s.value, s.scope, _at(s.at)) for s in stops.asked(store)])


def allow(store: Store, addresses: Iterable[str], scope: str, now: datetime) -> None:
    """These want mail again (`scope`: an edition, "" after a stop of all mail): a restore must not stop them once more.

    Written after the store has changed: killed in between, a restore stops them, which is the lesser evil.
    """
    if (key := store.hash_key) is not None:
        back = [ledger.Entry("allowed", stops.hashed(fold(a), key), scope, _at(now)) for a in addresses]
        ledger.add(ledger_file(), back)


def hold(store: Store, entries: Sequence[ledger.Entry]) -> int:
    """Bring a restored store under the list; how many of its readers get less mail for it."""

    def of(kind: str) -> list[Stop]:
        return [Stop(e.value, e.scope, datetime.fromisoformat(e.at)) for e in entries if e.kind == kind]

    return stops.hold(store, of("stopped"), of("allowed"))


def _at(moment: datetime) -> str:
    """Of one width, so that what is later sorts later."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
