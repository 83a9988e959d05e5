"""The messages an issue sets off: the edition to its readers, a proof to the editor, notices where there is none."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cuttings import render
from cuttings.edges.store import StoreError, issues, outbox, recipients
from cuttings.edges.store.issues import LEAVING, Issue
from cuttings.edges.store.recipients import fold
from cuttings.model import Notice
from flows import names, place
from flows.house import House

DOUBLE_CLICK = timedelta(minutes=10)  # the same copy asked for twice within this is one wish
People = Sequence[tuple[str, str | None]]  # (address, name)


def release(
    house: House,
    issue_id: str,
    *,
    by: str,
    proved: bool,
    reason: str | None,
    now: datetime,
    proof: int | None = None,
) -> int:
    """Approve an issue and queue it for every reader, in one step; how many messages are new. May be done twice.

    A correction goes to those who had the issue it corrects. `proof`: the number of the proof that was approved.
    """
    # Asked before the issue is read: contents that change in between raise this number, and the approval is refused.
    latest = issues.proof(house.store, issue_id)
    issue = issues.find(house.store, issue_id)
    if issue is None or issue.digest is None:
        raise StoreError(f"There is no composed issue '{issue_id}'. `./run issues` lists them.")
    return outbox.release(
        house.store,
        _edition(house, issue),
        _had(house, issue) if issue.revision > 1 else readers(house, issue.edition),
        by=by,
        proved=proved,
        reason=reason,
        proof=latest if proof is None else proof,
        now=now,
        deadline=place.send_by(house.settings, now),
    )


# ---------------------------------------------------------------- who


def readers(house: House, edition: str) -> People:
    return [(r.address, r.name) for r in recipients.of_edition(house.store, edition)]


def officer(house: House) -> People:
    council = house.settings.council
    return [(council.contact_email, council.contact_name)]


def editors(house: House, edition_id: str) -> People:
    """The editor of an edition and the deputy; the contact officer where no editor is named."""
    delivery, edition = house.settings.delivery, house.settings.edition(edition_id)
    editor, deputy = edition.editor or delivery.editor, edition.deputy or delivery.deputy
    chosen: list[tuple[str, str | None]] = [(editor, None)] if editor else list(officer(house))
    if deputy and fold(deputy) != fold(chosen[0][0]):
        chosen.append((deputy, None))
    return chosen


def _had(house: House, issue: Issue) -> People:
    """Everybody the earlier revisions reached, or may have reached; of those still waiting, who is a reader today."""
    today = {fold(address) for address, _ in readers(house, issue.edition)}
    had: dict[str, tuple[str, str | None]] = {}
    for earlier in issues.earlier_revisions(house.store, issue):
        for mailing in outbox.who_had(house.store, earlier.id):
            if mailing.state != "new" or fold(mailing.recipient) in today:
                had[fold(mailing.recipient)] = (mailing.recipient, mailing.name)
    return list(had.values())


# ---------------------------------------------------------------- the edition, its proof, its copies


def _edition(house: House, issue: Issue) -> outbox.Letter:
    assert issue.digest is not None
    settings = house.settings
    unsubscribe = f"mailto:{settings.delivery.unsubscribe or settings.council.contact_email}?subject=unsubscribe"
    template = settings.edition(issue.edition).template
    letter = render.letter(issue.digest, unsubscribe=unsubscribe, template=template)
    pdf = issue.file("pdf")
    kind: outbox.Kind = "correction" if issue.revision > 1 else "edition"
    subject = f"Correction: {letter.subject}" if issue.revision > 1 else letter.subject
    return outbox.Letter(
        issue.id, kind, subject, letter.text, letter.html, pdf.path if pdf else None, letter.attachment
    )


def send_proof(house: House, issue: Issue, now: datetime) -> int:
    """The issue as its readers would get it, to editor and deputy, with what to do next on top. Each proof once."""
    number = issues.proof(house.store, issue.id)
    name = issue.id if number == 1 else f"{issue.id} proof {number}"
    if outbox.queued(house.store, name, "proof"):
        return 0
    edition = _edition(house, issue)
    todo = _to_do(house, issue, number)
    proof = replace(
        edition,
        issue=name,
        kind="proof",
        subject=f"Proof{f' {number}' if number > 1 else ''}: {edition.subject}",
        text="\n".join(todo) + "\n\n" + edition.text,
        html=_topped(edition.html, todo),
    )
    deadline = place.send_by(house.settings, now)
    return outbox.enqueue(house.store, proof, editors(house, issue.edition), now=now, deadline=deadline)


def _topped(page: str, lines: Sequence[str]) -> str:
    banner = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return re.sub(r"(<body[^>]*>)", lambda body: body[1] + banner, page, count=1)


def _to_do(house: House, issue: Issue, number: int) -> tuple[str, ...]:
    log = issues.log(house.store, issue.id)
    why = [d.reason for d in log if d.became == "awaiting approval" and d.was == "composed" and d.reason]
    changes = [f"Changed since: {d.reason} ({d.by})" for d in log if d.was == d.became]
    return (
        f"This is proof {number} of {issue.id}. Nothing has been sent to its readers.",
        *(f"It waits because {reason}." for reason in why),
        *changes,
        *how_to_decide(house, issue.id, number),
        f"Without an approval by {_until(house, issue)} it is not sent.",
    )


def how_to_decide(house: House, issue: str, number: int) -> tuple[str, ...]:
    """What a person does next: in the UI where it has an address people can reach, else by command."""
    address = house.settings.server.ui_url
    if address:
        return (
            f"To decide: open {address.rstrip('/')}/deployments, choose ‘{names.ANSWER}’, then Run.",
            f"Issue: {issue}   Proof: {number}   Items are named as printed here: M3, C1.",
        )
    return (
        f"To send it:  ./run approve {issue} --proof {number}",
        f'To hold it:  ./run hold {issue} --reason "…"',
        f'To take an item out:  ./run strike {issue} M3 --reason "…"',
        f'To add a note by the council:  ./run write {issue} M3 --headline "…" --summary "…" --question "…"',
        f'To send none:  ./run do-not-send {issue} --reason "…"',
    )


def remind(house: House, issue: Issue, now: datetime) -> int:
    """Before its deadline, and once: an issue nobody has answered for, called to mind."""
    number = issues.proof(house.store, issue.id)
    held = "is held back" if issue.state == "held" else "waits for your approval"
    until = _until(house, issue)
    lines = (
        f"{issue.id} {held}. Without an approval by {until} it is not sent.",
        *how_to_decide(house, issue.id, number),
    )
    notice = Notice("contact", f"Until {until}: {issue.id} {held}", lines)
    return send_notice(house, issue.id, notice, editors(house, issue.edition), now, about="reminder")


def _until(house: House, issue: Issue) -> str:
    if issue.expires is None:
        return "a week from now"
    return f"{issue.expires.astimezone(ZoneInfo(house.settings.council.timezone)):%-d %B %Y, %H:%M}"


def send_copy(house: House, issue: Issue, address: str, now: datetime) -> int:
    """An issue once more to one reader who asked for it, under a Message-ID of its own: how many messages are new.

    Only to somebody who is on the edition's list or had the issue, and only an issue that has left. Raises StoreError.
    """
    if issue.state not in LEAVING:
        raise StoreError(f"{issue.id} is {issue.state!r}: only an issue that has been sent can be sent again.")
    latest = issues.left_last(house.store, issue.edition, issue.start, issue.end)
    if latest is not None and latest.revision > issue.revision:
        raise StoreError(
            f"{issue.id} was corrected: {latest.id} has been sent in its place.  ./run resend {latest.id} {address}"
        )
    folded = fold(address)
    known = {fold(a): (a, name) for a, name in readers(house, issue.edition)}
    known |= {fold(m.recipient): (m.recipient, m.name) for m in outbox.who_had(house.store, issue.id)}
    if folded not in known:
        raise StoreError(
            f"{address} is not on the list of {issue.edition} and did not have {issue.id}. "
            f"Add them first: ./run recipients add {issue.edition} {address}"
        )
    if why := recipients.suppressed(house.store, address):
        raise StoreError(
            f"{address} gets no mail from us ({why}). If they ask for it:  ./run recipients allow {address}"
        )
    first = outbox.letter_of(house.store, issue.id, "correction" if issue.revision > 1 else "edition")
    assert first is not None
    before = outbox.copies(house.store, issue.id, address)
    if before and before[-1].created > now - DOUBLE_CLICK:
        return 0
    copy = replace(first, issue=f"{issue.id} copy {len(before) + 1}", kind="copy")
    deadline = place.send_by(house.settings, now)
    return outbox.enqueue(house.store, copy, [known[folded]], now=now, deadline=deadline)


# ---------------------------------------------------------------- notices


def send_notice(house: House, issue_id: str, notice: Notice, to: People, now: datetime, about: str = "") -> int:
    """`about` tells notices of one issue apart: of each, everybody gets one."""
    letter = render.notice_letter(notice)
    # No two recipients get different letters of one name, so the officer's and the readers' have two names.
    said = outbox.Letter(f"{issue_id} {about or notice.to}", "notice", letter.subject, letter.text, letter.html)
    return outbox.enqueue(house.store, said, to, now=now, deadline=place.send_by(house.settings, now))


def confirm_stop(house: House, address: str, now: datetime) -> int:
    """Told once a day at most, to the address that was taken off, whoever asked."""
    council = house.settings.council
    lines = (
        f"You asked for no more e-mails from {council.name}’s press cuttings. You get none from now on.",
        f"If you did not ask, or want them again, write to {council.contact_name}: {council.contact_email}.",
    )
    notice = Notice("readers", "You get no more press cuttings", lines)
    return send_notice(house, "unsubscribed", notice, [(address, None)], now, about=f"{now:%Y-%m-%d}")


def public_link(base: str | None, issues_folder: str, path: str) -> str | None:
    """Where readers find a file of output/issues on the web."""
    if base is None or not path.startswith(f"{issues_folder}/"):
        return None
    return f"{base.rstrip('/')}/{quote(path.removeprefix(f'{issues_folder}/'))}"


def file_line(house: House, path: str) -> str:
    """A file of an issue in a Markdown artifact: a link where readers find it on the web, else its path."""
    link = public_link(house.settings.delivery.public_url, str(house.output / "issues"), path)
    # Within a link Prefect's page shows the backslashes that would keep a sign from being taken for Markdown.
    name = re.sub(r"[^\w.-]|_", " ", Path(path).name)
    return f"- [{name}]({link})" if link else f"- `{path}`"


def marked_down(text: str) -> str:
    """Words from outside in a Markdown artifact: shown as they are, whatever signs they hold."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~-])", r"\\\1", " ".join(text.split()))
