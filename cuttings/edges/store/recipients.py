"""Who gets which edition, and who gets no mail from us any more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from cuttings.edges.store.connect import Store, add_new, chunks, put
from cuttings.edges.store.stops import BOUNCED, keep_off, recognise
from cuttings.edges.store.tables import mail_suppressions, recipients


class BadAddress(ValueError):
    """Something that is no e-mail address, with what is wrong, in a sentence."""


@dataclass(frozen=True, slots=True)
class Recipient:
    edition: str
    address: str
    name: str | None
    added: datetime
    removed: datetime | None = None
    suppressed: str | None = None  # why mail is stopped: unsubscribed, bounced, …


_LOCAL = re.compile(r"[^\s<>(),:;\"\[\]\\@\x00-\x20\x7f]+(?<!\.)$")


def checked(address: str) -> str:
    """The address without white space around it. Raises BadAddress."""
    address = address.strip()
    local, at, domain = address.rpartition("@")
    if not at:
        raise BadAddress(f"{address!r} is no e-mail address: it has no '@'.")
    if not _LOCAL.match(local) or local.startswith(".") or ".." in local or not local.isprintable():
        raise BadAddress(f"{address!r} is no e-mail address: what stands before the '@' can't be used.")
    try:
        labels = ascii_domain(domain).split(".")
    except ValueError:
        labels = []
    if len(labels) < 2 or not all(re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", one) for one in labels):
        raise BadAddress(f"{address!r} is no e-mail address: {domain!r} can't be a domain.")
    if len(address) > 254 or len(local) > 64:
        raise BadAddress(f"{address[:40]!r}… is no e-mail address: it is too long.")
    return address


def ascii_domain(domain: str) -> str:
    """A domain as mail servers know it: "Fellshire.example", "xn--…" for other scripts. Raises ValueError."""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError(f"{domain!r} can't be a domain") from error


def fold(address: str) -> str:
    """An address for comparing: no two people share one that differs in its case alone."""
    local, _, domain = checked(address).rpartition("@")
    return f"{local.casefold()}@{ascii_domain(domain)}"


def add(store: Store, edition: str, address: str, *, now: datetime, name: str | None = None) -> bool:
    """Add a recipient, or bring back one that was removed; False where they were there. Raises BadAddress.

    Somebody who unsubscribed stays on the suppression list: `unsuppress` takes them off when they ask.
    """
    with store.writing() as connection:
        return _add(connection, store.hash_key, edition, address, name, now)


def _add(
    connection: Connection, key: bytes | None, edition: str, address: str, name: str | None, now: datetime
) -> bool:
    row = {"edition": edition, "address": checked(address), "folded": fold(address), "name": name, "added": now}
    recognise(connection, key, fold(address), address.strip(), edition)
    if add_new(connection, recipients, [row]):
        return True
    removed = (
        (recipients.c.edition == edition) & (recipients.c.folded == row["folded"]) & recipients.c.removed.is_not(None)
    )
    again = {"removed": None, "added": now, "name": name, "address": row["address"]}
    return connection.execute(update(recipients).where(removed).values(again)).rowcount == 1


def take_in(store: Store, edition: str, addresses: Sequence[str], *, now: datetime) -> int:
    """Add those of the configuration's recipients that were never there; how many. Removed ones stay removed, and so
    do those who had stopped before a backup was restored that does not know them."""
    rows = [
        {"edition": edition, "address": checked(a), "folded": fold(a), "name": None, "added": now} for a in addresses
    ]
    with store.writing() as connection:
        for row in rows:
            off = recognise(connection, store.hash_key, str(row["folded"]), str(row["address"]), edition)
            if off is not None:
                add_new(connection, recipients, [row | {"removed": off}])
        return add_new(connection, recipients, rows)


def remove(store: Store, edition: str | None, address: str, *, now: datetime) -> int:
    """Take a recipient off an edition (None: off all); off how many they were taken."""
    there = (recipients.c.folded == fold(address)) & recipients.c.removed.is_(None)
    if edition is not None:
        there &= recipients.c.edition == edition
    with store.writing() as connection:
        return connection.execute(update(recipients).where(there).values(removed=now)).rowcount


def replace_all(
    store: Store, edition: str, wanted: Sequence[tuple[str, str | None]], *, now: datetime
) -> tuple[int, int]:
    """Make (address, name) pairs the edition's recipients: how many were added, how many removed; all or nothing."""
    keep = {fold(address) for address, _ in wanted}
    with store.writing() as connection:
        added = sum(_add(connection, store.hash_key, edition, address, name, now) for address, name in wanted)
        there = select(recipients).where(recipients.c.edition == edition, recipients.c.removed.is_(None))
        gone = [row.id for row in connection.execute(there) if row.folded not in keep]
        for part in chunks(gone):
            connection.execute(update(recipients).where(recipients.c.id.in_(part)).values(removed=now))
    return added, len(gone)


def of_edition(store: Store, edition: str) -> tuple[Recipient, ...]:
    """Those who get the edition's next issue, by address: neither removed nor suppressed."""
    return tuple(r for r in every(store, edition) if r.removed is None and r.suppressed is None)


def every(store: Store, edition: str | None = None) -> tuple[Recipient, ...]:
    """All recipients there ever were, with what became of them."""
    stopped = mail_suppressions.c.folded == recipients.c.folded
    query = select(recipients, mail_suppressions.c.why).join(mail_suppressions, stopped, isouter=True)
    if edition is not None:
        query = query.where(recipients.c.edition == edition)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(recipients.c.edition, recipients.c.folded)).all()
    return tuple(Recipient(r.edition, r.address, r.name, r.added, r.removed, r.why) for r in rows)


def suppress(store: Store, address: str, why: str, *, now: datetime, detail: str | None = None) -> bool:
    """No edition goes to this address any more. `why`: unsubscribed, bounced, complained, erased.

    False where nothing changed: what a person asked for is never replaced by 'bounced', as mail would be allowed again
    once the address works.
    """
    row = {"folded": fold(address), "address": checked(address), "why": why, "at": now, "detail": detail}
    with store.writing() as connection:
        here = select(mail_suppressions.c.why).where(mail_suppressions.c.folded == row["folded"])
        if why == BOUNCED and connection.execute(here).scalar() not in (None, BOUNCED):
            return False
        put(connection, mail_suppressions, row)
        return True


def unsubscribe(store: Store, address: str, *, now: datetime, detail: str | None = None) -> int:
    """Take somebody off every edition and keep them off, in one step; off how many they were taken."""
    folded = fold(address)
    there = (recipients.c.folded == folded) & recipients.c.removed.is_(None)
    with store.writing() as connection:
        keep_off(connection, folded, checked(address), now, detail)
        return connection.execute(update(recipients).where(there).values(removed=now)).rowcount


def suppressed(store: Store, address: str) -> str | None:
    """Why this address gets no mail; None where it may."""
    with store.reading() as connection:
        here = mail_suppressions.c.folded == fold(address)
        return connection.execute(select(mail_suppressions.c.why).where(here)).scalar()


def unsuppress(store: Store, address: str) -> bool:
    with store.writing() as connection:
        recognise(connection, store.hash_key, fold(address), checked(address))
        here = mail_suppressions.c.folded == fold(address)
        return connection.execute(mail_suppressions.delete().where(here)).rowcount == 1


def suppressions(store: Store) -> tuple[tuple[str, str, datetime, str | None], ...]:
    """(address, why, since when, detail) of everybody who gets no mail."""
    query = select(mail_suppressions).order_by(mail_suppressions.c.folded)
    with store.reading() as connection:
        return tuple((r.address, r.why, r.at, r.detail) for r in connection.execute(query))
