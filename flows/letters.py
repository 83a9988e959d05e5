"""The messages an issue sets off: the edition to its readers, a proof to the editor, notices where there is none."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cuttings import render
from cuttings.edges.store import StoreError, issues, outbox, recipients
from cuttings.edges.store.issues import Issue
from cuttings.model import Notice
from flows import place
from flows.house import House

People = Sequence[tuple[str, str | None]]  # (address, name)


def release(house: House, issue_id: str, *, by: str, proved: bool, reason: str | None, now: datetime) -> int:
    """Approve an issue and queue it for every reader, in one step; how many messages are new. May be done twice."""
    issue = issues.find(house.store, issue_id)
    if issue is None or issue.digest is None:
        raise StoreError(f"There is no composed issue '{issue_id}'. `./run issues` lists them.")
    return outbox.release(
        house.store,
        _edition(house, issue),
        readers(house, issue.edition),
        by=by,
        proved=proved,
        reason=reason,
        now=now,
        deadline=place.send_by(house.settings, now),
    )


def readers(house: House, edition: str) -> People:
    return [(r.address, r.name) for r in recipients.of_edition(house.store, edition)]


def officer(house: House) -> People:
    council = house.settings.council
    return [(council.contact_email, council.contact_name)]


def _edition(house: House, issue: Issue) -> outbox.Letter:
    assert issue.digest is not None
    settings = house.settings
    unsubscribe = f"mailto:{settings.delivery.unsubscribe or settings.council.contact_email}?subject=unsubscribe"
    template = settings.edition(issue.edition).template
    letter = render.letter(issue.digest, unsubscribe=unsubscribe, template=template)
    pdf = issue.file("pdf")
    return outbox.Letter(
        issue.id, "edition", letter.subject, letter.text, letter.html, pdf.path if pdf else None, letter.attachment
    )


def send_proof(house: House, issue: Issue, now: datetime) -> int:
    """The issue as its readers would get it, to the contact officer, with what to do next on top."""
    edition = _edition(house, issue)
    expires = issue.expires.strftime("%-d %B %Y") if issue.expires else "a week from now"
    todo = (
        f"This is the proof of {issue.id}. Nothing has been sent to its readers.",
        f'To send it:  ./run approve {issue.id} --by "Your Name"',
        f'To hold it:  ./run hold {issue.id} --by "Your Name" --reason "…"',
        f"Without an approval by {expires} it is not sent.",
    )
    banner = "".join(f"<p>{html.escape(line)}</p>" for line in todo)
    proof = replace(
        edition,
        kind="proof",
        subject=f"Proof: {edition.subject}",
        text="\n".join(todo) + "\n\n" + edition.text,
        html=re.sub(r"(<body[^>]*>)", lambda body: body[1] + banner, edition.html, count=1),
    )
    deadline = place.send_by(house.settings, now)
    return outbox.enqueue(house.store, proof, officer(house), now=now, deadline=deadline)


def send_notice(house: House, issue_id: str, notice: Notice, to: People, now: datetime, about: str = "") -> int:
    """`about` tells notices of one issue apart: of each, everybody gets one."""
    letter = render.notice_letter(notice)
    # No two recipients get different letters of one name, so the officer's and the readers' have two names.
    said = outbox.Letter(f"{issue_id} {about or notice.to}", "notice", letter.subject, letter.text, letter.html)
    return outbox.enqueue(house.store, said, to, now=now, deadline=place.send_by(house.settings, now))
