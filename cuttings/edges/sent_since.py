"""What was sent since a backup was made, asked of the store that it replaces, before it does so."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cuttings.edges.store import carried
from cuttings.edges.store.carried import Doubt
from cuttings.edges.store.connect import Store, StoreError, open_store, schema, store_at

Seen = tuple[Any, ...]  # carried.moment
# What a damaged store answers a question with, be only its values wrong: a moment that is none, a digest half unpacked.
UNREADABLE = (StoreError, SQLAlchemyError, ValueError, TypeError, zlib.error)


def brought_up(
    new: Store,
    address: str | Path,
    made: datetime,
    now: datetime,
    nothing_sent: bool,
    answer_days: Mapping[str, float] | None = None,
) -> tuple[Doubt | None, Seen | None]:
    """Bring an unpacked store up to what the one at the address has sent since the backup was `made`.

    What is in doubt in it now (None: nothing is), and how the old store stood when it was asked (None: it told
    nothing). `nothing_sent`: somebody knows that nothing was. `answer_days`: by edition, for a proof sent anew.
    """
    if nothing_sent:
        return None, None
    old = readable(address)
    try:
        if old is not None and (found := _continued(old, new, made, now, answer_days)) is not None:
            return found
    except UNREADABLE:  # damaged in the middle, where nobody had looked so far
        pass
    finally:
        if old is not None:
            old.close()
    with new.writing() as connection:
        carried.be_careful(connection, made=made, now=now, answer_days=answer_days)
        return carried.doubt(connection, now), None


def _continued(
    old: Store, new: Store, made: datetime, now: datetime, answer_days: Mapping[str, float] | None
) -> tuple[Doubt | None, Seen] | None:
    """The same, where the old store is what became of the backup's; None where it is another one."""
    with old.reading() as known, new.writing() as connection:
        if not carried.continues(known, connection):
            return None
        unsure = carried.in_doubt_since(known, made)
        if unsure:
            carried.be_careful(connection, made=made, now=now, answer_days=answer_days)
        carried.take_over(known, connection, unsure=unsure)
        if unsure:  # later than the old store's own
            carried.caution(connection, made=made, now=now)
        return carried.doubt(connection, now) if unsure else None, carried.moment(known)


def readable(address: str | Path, hash_key: bytes | None = None) -> Store | None:
    """The store at the address; None where none of ours is, or one that can't be read or is of a newer version."""
    if "://" not in str(address) and not Path(address).exists():
        return None
    try:
        return open_store(address, hash_key=hash_key) if ours(address) else None
    except (StoreError, SQLAlchemyError):
        return None


def ours(address: str | Path) -> bool:
    """Is there a store? In a database of somebody else, or an empty one, none is made by asking."""
    at = store_at(address)
    try:
        return schema(at.engine) is not None
    finally:
        at.close()
