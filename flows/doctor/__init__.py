"""What is configured, what can be reached, what is overdue, and what to do about each. Changes nothing.

Everything here works on a house in disorder: a configuration that can't be read, a store that is not there or of
another version, a disk that is full are findings and no errors.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flows.doctor.finding import Finding, Mark, count, fault, look, ok

if TYPE_CHECKING:
    from cuttings.settings import Settings

__all__ = ["Finding", "Mark", "count", "examine", "fault", "look", "ok", "unreadable"]


def examine(
    settings: Settings, *, now: datetime, online: bool, environ: Mapping[str, str] = os.environ
) -> tuple[Finding, ...]:
    """Every finding, in the order of a morning's round. `online` asks the mail server, the inbox and every source too,
    within a minute in all."""
    return tuple(_examine(settings, now, online, environ))


def _examine(settings: Settings, now: datetime, online: bool, environ: Mapping[str, str]) -> Iterator[Finding]:
    from flows.doctor import configured, here, overdue

    yield from configured.findings(settings)
    yield from here.findings(settings, now, environ)
    store, found = here.opened(settings, environ)
    yield from found
    if store is not None:
        try:
            yield from configured.editions(settings, store)
            yield from here.keys(store)
            yield from overdue.findings(settings, store, now, environ)
        finally:
            store.close()
    if online:
        from flows.doctor import reachable

        yield from reachable.findings(settings, now, environ)


def unreadable(error: Exception) -> Sequence[Finding]:
    """A configuration that can't be used, fault by fault."""
    return [
        fault("configuration", line, "Mend that file; nothing else can be looked at before.")
        for line in str(error).splitlines()
    ]
