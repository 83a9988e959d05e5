"""The flow `deliver`: answers read, and the outbox emptied (claim -> send -> mark)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from cuttings import render
from cuttings.edges import mail
from cuttings.edges.ledger import LedgerError
from cuttings.edges.mail import Channel, Delivered, Folder, InboxError, Returned, Sender, Server, Smtp
from cuttings.edges.store import StoreError, articles, issues, outbox, sending, usage
from cuttings.edges.store.issues import Issue
from cuttings.edges.store.usage import Use
from cuttings.model import BadConfiguration, Notice
from cuttings.settings import Delivery, Settings
from flows import kept_back, letters, stopped
from flows.house import House, open_house
from flows.passwords import INBOX_PASSWORD, INBOX_PASSWORD_FILE, PASSWORD, PASSWORD_FILE, password
from flows.progress import say
from flows.watching import watched
from flows.wrapped import Wrapped

STATES = ("sent", "refused", "later", "ambiguous", "swept", "again")  # what a delivery counts
SAID_EVERY = 25  # messages


# ---------------------------------------------------------------- how messages leave and come back


def _folder(house: House) -> Channel:
    return Folder(house.output / "outbox")


def _smtp(house: House) -> Channel:
    delivery = house.settings.delivery
    server = Server(
        delivery.host,
        delivery.port,
        delivery.security,
        delivery.username,
        password(PASSWORD, PASSWORD_FILE),
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
        unsubscribe_url=delivery.unsubscribe_url,
    )


# ---------------------------------------------------------------- the flow


@flow(name="deliver", flow_run_name="deliver what waits")
def deliver() -> Delivered:
    """Send what waits in the outbox. Each message leaves once; what is uncertain is listed and waits for a person.

    Before that, answers are read: who wants no more mail, and what bounced.
    """
    with open_house() as house, watched(house, "deliver") as facts:
        for done in kept_back.kept_back(house, house.clock()):
            say(done)
        returned = read_answers(Wrapped(house))
        delivered = send_waiting(Wrapped(house))
        for issue in issues.latest(house.store, states=("approved", "delivering"), most=1000):
            _bring_on(house, issue, house.clock())
        for name in delivered.touched:
            log_usage(house, name, house.clock())
        facts |= {state: getattr(delivered, state) for state in STATES}
    _show(delivered, returned)
    return delivered


@task(name="answers", cache_policy=NO_CACHE)
def read_answers(wrapped: Wrapped[House]) -> Returned | None:
    """What came back since: stop requests obeyed and confirmed, bounces counted. None where no inbox is configured.

    What goes wrong keeps no message of ours waiting, nor one reader's wish for another's; the officer hears of it.
    """
    house = wrapped.value
    delivery = house.settings.delivery
    if delivery.inbox is None:
        return None

    def stop(address: str) -> None:
        letters.confirm_stop(house, address, house.clock())

    def report(address: str, why: str) -> None:
        lines = (
            f"{address} gets no more mail: {why}.",
            "Once the address works again:  ./run recipients allow ADDRESS",
        )
        notice = Notice("contact", "A reader’s address does not work", lines)
        letters.send_notice(house, f"bounced {address}"[:120], notice, letters.officer(house), house.clock())

    try:
        secret = password(INBOX_PASSWORD, INBOX_PASSWORD_FILE)
        inbox = mail.inbox_at(delivery.inbox, password=secret, ca_file=delivery.ca_file)
        returned = mail.take_in(
            house.store,
            inbox,
            clock=house.clock,
            confirm=stop,
            report=report,
        )
    except (InboxError, BadConfiguration) as error:
        _fault(house, "inbox", "Answers to our e-mails can’t be read", str(error))
        returned = Returned(failure=str(error))
    try:
        # Also where nobody asked just now: somebody may have, when the list could not be written.
        stopped.remember(house.store)
    except LedgerError as error:
        after = "Who asked for no more mail gets none; but a backup that is restored now would bring them back."
        _fault(house, "list of stops", "Who stopped can’t be written down", str(error), after)
        returned.failure = "; ".join(filter(None, (returned.failure, str(error))))
    return returned


def _fault(house: House, name: str, title: str, *lines: str) -> None:
    """Told to the officer once a day."""
    now, notice = house.clock(), Notice("contact", title, lines)
    letters.send_notice(house, name, notice, letters.officer(house), now, about=f"{now:%Y-%m-%d}")


@task(name="send", cache_policy=NO_CACHE)
def send_waiting(wrapped: Wrapped[House]) -> Delivered:
    house = wrapped.value
    delivery: Delivery = house.settings.delivery
    folder = str(house.output / "issues")

    def link(path: Path) -> str | None:
        return letters.public_link(delivery.public_url, folder, str(path))

    waiting = sending.due(house.store, now=house.clock())

    def told(done: int) -> None:
        # Numbers alone: who gets our mail is nothing for Prefect's database.
        if done % SAID_EVERY == 0 or done == waiting:
            say(f"sending: {done} of {waiting} messages")

    return mail.deliver(
        house.store,
        CHANNELS[delivery.channel](house),
        sender=sender(house.settings),
        clock=house.clock,
        by=f"{socket.gethostname()}:{os.getpid()}",
        policy=delivery.ambiguous,
        largest_bytes=int(delivery.largest_message_mb * 1_000_000),
        link=link,
        told=told,
    )


def _bring_on(house: House, issue: Issue, now: datetime) -> None:
    """approved -> delivering -> delivered, as its messages go; the contact officer hears of those that did not."""
    store = house.store
    kind: outbox.Kind = "correction" if issue.revision > 1 else "edition"
    issues.bring_on(store, issue.id, "delivering", now=now, by="deliver")
    if not outbox.settled(store, issue.id, kind):
        return
    failed = [m for m in outbox.of_issue(store, issue.id) if m.state in ("refused", "ambiguous", "given up")]
    if failed:  # said before the issue counts as delivered: a process killed in between says it the next time
        lines = (
            f"{len(failed)} of the messages of {issue.id} did not arrive, or we can't know that they did:",
            *(f"{m.recipient}: {m.state}. {m.detail or ''}" for m in failed),
            "What to do:  ./run outbox list   and   ./run outbox resolve NUMBER resend",
        )
        notice = Notice("contact", f"{issue.id}: not everybody has it", lines)
        letters.send_notice(house, issue.id, notice, letters.officer(house), house.clock(), about="delivery")
    issues.bring_on(store, issue.id, "delivered", now=now, by="deliver")


def log_usage(house: House, name: str, now: datetime) -> int:
    """The licence register's evidence: which articles an issue printed, how many words of each, for how many readers.

    `name` may be that of a copy; then its issue is looked at again. How many articles are new in the log.
    """
    issue = issues.find(house.store, name.partition(" copy ")[0])
    if issue is None or issue.digest is None:
        return 0
    had = [m for m in outbox.who_had(house.store, issue.id) if m.state in ("sent", "ambiguous")]
    if not had:
        return 0
    digest = issue.digest
    found = articles.find(house.store, [item.article for item in digest.items])
    printed = {key: held.article for key, held in found.items()}
    words = render.words_by_article(digest, printed, {source.id: source for source in house.settings.sources})
    licences = {item.article: item.licence for item in digest.items}
    uses = [
        Use(
            issue.id, key, found[key].article.source if key in found else None, licences.get(key, "link"), n,
            len(had), now,
        )
        for key, n in words.items()
    ]  # fmt: skip
    return usage.log(house.store, uses)


def resend(house: House, issue_id: str, address: str, *, by: str, proved: bool, now: datetime) -> int:
    """An issue sent again to one reader, because somebody asked by name; how many messages are new. Raises StoreError.

    No double: it has a Message-ID of its own, and the issue's log says who wanted it.
    """
    if not by.strip():
        raise StoreError("To send an issue again, say who asks for it: the log is read by others.")
    issue = issues.find(house.store, issue_id)
    if issue is None or issue.digest is None:
        raise StoreError(f"There is no composed issue '{issue_id}'. `./run issues` lists them.")
    if why := kept_back.may_not_leave(house, issue, now):
        raise StoreError(
            f"{issue.id} is not sent again: {why}. What may be sent of it is a correction (./run correct)."
        )
    messages = letters.send_copy(house, issue, address, now)
    if messages:
        reason = f"sent again to {address}"
        issues.note(house.store, issue.id, now=now, by=by, proved=proved, reason=reason)
    return messages


def _show(delivered: Delivered, returned: Returned | None) -> None:
    table = [{state: getattr(delivered, state) for state in STATES}]
    # Counts alone: who gets our mail is nothing for Prefect's database.
    create_table_artifact(table, key="delivered", description="Troubles are listed by `./run outbox list`.")
    if returned is not None:
        counts = {
            "stop requests": len(returned.stopped), "bounced": returned.bounced, "stopped": len(returned.suppressed),
            "automatic": returned.machines, "left unread": returned.unread,
        }  # fmt: skip
        create_table_artifact([counts], key="answers", description=returned.failure or "What came back")
