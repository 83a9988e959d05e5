"""The flows `deliver` (the outbox: claim -> send -> mark) and `decide` (approve or hold an issue)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from cuttings.edges import mail
from cuttings.edges.mail import Channel, Delivered, Folder, Sender, Server, Smtp
from cuttings.edges.store import issues, outbox
from cuttings.edges.store.issues import Issue
from cuttings.model import Notice
from cuttings.settings import Delivery, Settings
from flows import letters
from flows.house import House, open_house
from flows.wrapped import Wrapped

PASSWORD = "CUTTINGS_SMTP_PASSWORD"


class BadDecision(ValueError):
    """A decision that can't be recorded as it was given."""


Decision = Literal["approve", "hold", "do not send"]
_BECOMES: Mapping[Decision, str] = {"approve": "approved", "hold": "held", "do not send": "not sent"}


def _folder(house: House) -> Channel:
    return Folder(house.output / "outbox")


def _smtp(house: House) -> Channel:
    delivery = house.settings.delivery
    server = Server(
        delivery.host,
        delivery.port,
        delivery.security,
        delivery.username,
        os.environ.get(PASSWORD),
        delivery.ca_file,
    )
    return Smtp(server)


# How messages leave, by the name in [delivery].
CHANNELS: Mapping[str, Callable[[House], Channel]] = {"outbox": _folder, "smtp": _smtp}


def sender(settings: Settings, name: str = "cuttings") -> Sender:
    council, delivery = settings.council, settings.delivery
    return Sender(
        address=delivery.sender,
        name=delivery.sender_name or council.name,
        reply_to=council.contact_email,
        reply_to_name=council.contact_name,
        unsubscribe=delivery.unsubscribe or council.contact_email,
        list_name=name,
    )


@flow(name="deliver", flow_run_name="deliver what waits")
def deliver() -> Delivered:
    """Send what waits in the outbox. Each message leaves once; what is uncertain is listed and waits for a person."""
    with open_house() as house:
        for expired in issues.expire(house.store, now=house.clock()):
            lines = (f"{expired} had no approval in time and was not sent.", "Its readers were not told.")
            _tell_officer(house, expired, Notice("contact", f"{expired}: not sent", lines), "expired")
        delivered = send_waiting(Wrapped(house))
        for issue in issues.latest(house.store, states=("approved", "delivering"), most=1000):
            _bring_on(house, issue, house.clock())
    _show(delivered)
    return delivered


@task(name="send", cache_policy=NO_CACHE)
def send_waiting(wrapped: Wrapped[House]) -> Delivered:
    house = wrapped.value
    delivery: Delivery = house.settings.delivery
    return mail.deliver(
        house.store,
        CHANNELS[delivery.channel](house),
        sender=sender(house.settings),
        clock=house.clock,
        by=f"{socket.gethostname()}:{os.getpid()}",
        largest_bytes=int(delivery.largest_message_mb * 1_000_000),
    )


def _bring_on(house: House, issue: Issue, now: datetime) -> None:
    """approved -> delivering -> delivered, as its messages go; the contact officer hears of those that did not."""
    store = house.store
    if issue.state == "approved":
        issues.move(store, issue.id, "delivering", now=now, by="deliver", proved=True)
    if outbox.settled(store, issue.id):
        issues.move(store, issue.id, "delivered", now=now, by="deliver", proved=True)
        failed = [m for m in outbox.of_issue(store, issue.id) if m.state in ("refused", "ambiguous", "given up")]
        if failed:
            lines = (
                f"{len(failed)} of the messages of {issue.id} did not arrive, or we can't know that they did:",
                *(f"{m.recipient}: {m.state}. {m.detail or ''}" for m in failed),
                "What to do:  ./run outbox list   and   ./run outbox resolve NUMBER resend",
            )
            _tell_officer(house, issue.id, Notice("contact", f"{issue.id}: not everybody has it", lines), "delivery")


def _tell_officer(house: House, issue: str, notice: Notice, about: str) -> None:
    letters.send_notice(house, issue, notice, letters.officer(house), house.clock(), about=about)


def _show(delivered: Delivered) -> None:
    states = ("sent", "refused", "later", "ambiguous", "swept")
    table = [{state: getattr(delivered, state) for state in states}]
    # Counts alone: who gets our mail is nothing for Prefect's database.
    create_table_artifact(table, key="delivered", description="Troubles are listed by `./run outbox list`.")


@flow(name="decide", flow_run_name="{decision} {issue}")
def decide(issue: str, decision: Decision, by: str, reason: str | None = None) -> str:
    """Approve or hold an issue that awaits approval; approved, it is sent at once.

    Args:
        issue: id of the issue, as the proof names it: managers-2026-10-26-2026-11-01.
        decision: approve sends it; hold keeps it back for now; do not send closes it.
        by: your name, for the log.
        reason: why, in a sentence; needed for hold and for do not send.
    """
    if decision != "approve" and not (reason or "").strip():
        raise BadDecision(f"To {decision}, say why: the log is read by others.")
    with open_house() as house:
        now = house.clock()
        if decision == "approve":
            letters.release(house, issue, by=by, proved=False, reason=reason, now=now)
        else:
            issues.move(house.store, issue, _BECOMES[decision], now=now, by=by, reason=reason)
    if decision == "approve":
        deliver()
    return _BECOMES[decision]
