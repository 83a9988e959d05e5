"""What is said when there is nothing to send: to the contact officer always, to readers where the edition asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cuttings.digest import printed, wording
from cuttings.model import Digest, Notice, Words
from cuttings.settings import Edition


def officer_notice(digest: Digest) -> Notice:
    """Why no issue was made, with the counts that show whether something is broken or the period was quiet."""
    period = wording.span(digest.start, digest.end)
    lines = [
        f"There is no issue of ‘{digest.name}’ for {period}: {_why(digest)}",
        "Readers were not sent an edition.",
        *(f"{entry.term}: {entry.words.text}" if entry.term else entry.words.text for entry in digest.made),
    ]
    return Notice(
        "contact", f"{digest.name}: no issue for {wording.short_span(digest.start, digest.end)}", tuple(lines)
    )


def corrected(digest: Digest, reason: str, by: str, sent: datetime) -> Digest:
    """The digest with what was corrected as its first words; they are not counted against its budget."""
    notice = (
        Words(f"This issue replaces the one sent on {sent.day} {sent:%B %Y}.", "count"),
        Words(f"Correction: {' '.join(reason.split())}", "editor", by),
    )
    told = replace(digest, in_brief=(*notice, *digest.in_brief))
    more = sum(len(line.text.split()) for line in notice)
    return replace(told, words=printed.words(told), budget=digest.budget + more)


def readers_notice(digest: Digest, edition: Edition) -> Notice | None:
    """Two lines, or None where the edition says nothing in an empty period."""
    if edition.when_empty != "two-lines":
        return None
    period = wording.span(digest.start, digest.end)
    lines = (
        f"We found no article for ‘{digest.name}’ in {period}, so there is no issue this time.",
        f"{digest.contact[-1].text}.",
    )
    return Notice("readers", f"{digest.name}: none for {wording.short_span(digest.start, digest.end)}", lines)


def _why(digest: Digest) -> str:
    audit = digest.audit
    if audit.sources and len(audit.sources_failed) == len(audit.sources):
        return "no source could be read."
    if digest.left_out:
        return f"{'; '.join(f'{n} {why}' for why, n in digest.left_out)}."
    if audit.sources_failed:
        failed = wording.count(len(audit.sources_failed), "source")
        return f"no article was found, and {failed} could not be read."
    return "no article was found."
