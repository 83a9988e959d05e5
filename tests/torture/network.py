"""Hostile addresses and servers: what becomes of a request, what it costs, and where it never goes.

Every row is real: real sockets on loopback, the real Fetcher. Time is the only thing that is made: waiting advances a
clock of our own, so that a day's politeness can be watched in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.torture import network_bombs, network_faults, network_inside, network_lists, network_manners
from tests.torture.rows import Row


def rows(quick: bool) -> Iterator[Row]:
    """A row a kind of attack, each with its counts; `quick` takes few of each."""
    for part in (network_faults, network_bombs, network_inside, network_manners, network_lists):
        yield from part.rows(quick)
