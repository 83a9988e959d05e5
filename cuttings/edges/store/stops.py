"""Who asked for no more mail, as keyed hashes: what the list beside the backups may hold of them.

A backup that was made before somebody stopped has them as a reader. Addresses may not stand in that list, so a restored
store is looked through for those that it names; of whom the store does not know, the hash is kept until they are added.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from cuttings.edges.store.connect import Store, add_new, put
from cuttings.edges.store.tables import mail_suppressions, recipients, suppressions

KIND = "stopped"  # in `suppressions`: a reader whose address is not in this store
BOUNCED = "bounced"  # the one reason that no person gave; it is found out again by itself
BY_THE_LIST = "asked for before a backup was restored"


@dataclass(frozen=True, slots=True)
class Stop:
    """`value`: keyed hash of an address as `recipients.fold` gives it; `scope`: an edition, or "" for all mail."""

    value: str
    scope: str
    at: datetime


def hashed(folded: str, key: bytes) -> str:
    return hmac.new(key, f"reader:{folded}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def asked(store: Store) -> tuple[Stop, ...]:
    """Every stop that a person asked for, and every reader who was taken off an edition. None without a hash key."""
    if (key := store.hash_key) is None:
        return ()
    with store.reading() as connection:
        people = connection.execute(select(mail_suppressions).where(mail_suppressions.c.why != BOUNCED))
        stops = [Stop(hashed(r.folded, key), "", r.at) for r in people]
        off = connection.execute(select(recipients).where(recipients.c.removed.is_not(None)))
        stops += [Stop(hashed(r.folded, key), r.edition, r.removed) for r in off]
        unknown = connection.execute(select(suppressions).where(suppressions.c.kind == KIND))
        return (*stops, *(Stop(r.value, r.scope, r.at) for r in unknown))


def hold(store: Store, stopped: Iterable[Stop], allowed: Iterable[Stop] = ()) -> int:
    """Bring a restored store under these; how many of its readers get less mail for it. Nothing without a hash key.

    Returns first: who came back to an edition and asked for no more mail after that gets none.
    """
    if (key := store.hash_key) is None:
        return 0
    with store.writing() as connection:
        known = {
            hashed(row.folded, key): row
            for table in (mail_suppressions, recipients)
            for row in connection.execute(select(table.c.folded, table.c.address))
        }
        for back in allowed:
            row = known.get(back.value)
            _let_back(connection, row.folded if row else None, back)
        reached: set[str] = set()
        unknown = []
        for stop in stopped:
            row = known.get(stop.value)
            if row is None:
                unknown.append({"kind": KIND, "value": stop.value, "scope": stop.scope, "at": stop.at, "by": "restore"})
            elif _held(connection, row.folded, row.address, stop):
                reached.add(stop.value)
        add_new(connection, suppressions, unknown)
        return len(reached)


def _let_back(connection: Connection, folded: str | None, back: Stop) -> None:
    """Who wants mail again: what stopped them before that no longer does."""
    by_hash = (suppressions.c.kind == KIND) & (suppressions.c.value == back.value)
    by_hash &= (suppressions.c.scope == back.scope) & (suppressions.c.at < back.at)
    connection.execute(delete(suppressions).where(by_hash))
    if folded is None:
        return
    if back.scope:
        here = (recipients.c.edition == back.scope) & (recipients.c.folded == folded)
        again = {"removed": None, "added": back.at}
        connection.execute(update(recipients).where(here, recipients.c.removed < back.at).values(again))
    else:
        earlier = (mail_suppressions.c.folded == folded) & (mail_suppressions.c.at < back.at)
        connection.execute(delete(mail_suppressions).where(earlier))


def _held(connection: Connection, folded: str, address: str, stop: Stop) -> bool:
    here = (recipients.c.folded == folded) & recipients.c.removed.is_(None)
    if stop.scope:
        # The edition's file may name them, and a row that says so is all that keeps them from being taken in.
        off = {"edition": stop.scope, "folded": folded, "address": address, "added": stop.at, "removed": stop.at}
        add_new(connection, recipients, [off])
        # Who was put on the list again after that stays on it.
        here &= (recipients.c.edition == stop.scope) & (recipients.c.added < stop.at)
    else:
        keep_off(connection, folded, address, stop.at, BY_THE_LIST)
    return connection.execute(update(recipients).where(here).values(removed=stop.at)).rowcount > 0


def keep_off(connection: Connection, folded: str, address: str, at: datetime, detail: str | None) -> None:
    """At this reader's own wish. A stop they asked for before keeps its date and its words."""
    row = {"folded": folded, "address": address, "why": "unsubscribed", "at": at, "detail": detail}
    before = select(mail_suppressions.c.why).where(mail_suppressions.c.folded == folded)
    if connection.execute(before).scalar() in (None, BOUNCED):
        put(connection, mail_suppressions, row)


def recognise(
    connection: Connection, key: bytes | None, folded: str, address: str, edition: str | None = None
) -> datetime | None:
    """An address that comes into the store: is it of somebody who stopped before the backup was restored?

    Since when they are off this edition, or off all mail, which is noted with their address; None of others. Off
    other editions they stay by their hash alone.
    """
    if key is None:
        return None
    here = (suppressions.c.kind == KIND) & (suppressions.c.value == hashed(folded, key))
    here &= suppressions.c.scope.in_(("", edition or ""))
    rows = connection.execute(select(suppressions).where(here)).all()
    for row in rows:
        if not row.scope:
            keep_off(connection, folded, address, row.at, BY_THE_LIST)
    if rows:
        connection.execute(delete(suppressions).where(here))
    return max((row.at for row in rows), default=None)
