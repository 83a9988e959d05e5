"""The kills of `kills.py` in houses whose store is on a PostgreSQL server, which this part starts for itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.postgresql import databases, missing, running
from tests.torture.at_the_250 import at_the_250, sent_once_more
from tests.torture.kills import anywhere
from tests.torture.rig import Nursery
from tests.torture.rows import Row
from tests.torture.tally import FEW


def rows(quick: bool) -> Iterable[Row]:
    if why := missing():
        yield Row(f"kills with a store on PostgreSQL: skipped, as {why}", 0, 0)
        return
    with (
        tempfile.TemporaryDirectory(prefix="cuttings-kills-") as folder,
        running() as address,
        databases(address) as server,
        Nursery() as nursery,
    ):
        where = Path(folder)
        yield at_the_250(where, nursery, 3 if quick else 20, whole=not quick, store=server.make("at-the-250"))
        if quick:
            return
        yield sent_once_more(where, nursery, 12, server.make("once-more"))
        yield anywhere(where, nursery, 20, (FEW,), server.make)
