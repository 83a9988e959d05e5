"""What later issues must know about one: from its digest, and from what was stored of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cuttings.model import Digest, PastIssue, PastItem


def past_issue(digest: Digest) -> PastIssue:
    """What later issues must know about this one; `model.as_json` makes it storable, `past_issue_from` reads it."""
    versions = {item.story: item.version for item in digest.items}
    copies = {item.story: item.article for item in digest.items}
    return PastIssue(
        digest.number, digest.start, digest.end, versions, digest.asked, dict(digest.stories), dict(digest.comments),
        copies, digest.composed,
    )  # fmt: skip


def past_issue_from(stored: Mapping[str, Any]) -> PastIssue:
    """The inverse of `model.as_json(past_issue(digest))`; a digest's own JSON will do as well."""
    held, copies = stored.get("items") or {}, stored.get("articles") or {}
    if not isinstance(held, Mapping):  # pragma: no cover - as_json of a Digest has no "items"
        held = {}
    if "sections" in stored:
        printed_items = [i for s in stored["sections"] for i in s["items"]]
        printed_items += [*stored["also_read"], *stored.get("archive", ())]
        held = {i["story"]: i["version"] for i in printed_items}
        copies = {i["story"]: i["article"] for i in printed_items}
        asking = [*stored["sections"], *printed_items]
        asked = [one["question"]["text"] for one in asking if one["question"]]
    else:
        asked = stored.get("asked", ())
    return PastIssue(
        int(stored["number"]),
        date.fromisoformat(stored["start"]),
        date.fromisoformat(stored["end"]),
        {str(k): int(v) for k, v in held.items()},
        tuple(asked),
        {str(k): int(v) for k, v in stored["stories"].items()},
        {str(k): int(v) for k, v in stored.get("comments", {}).items()},
        {str(k): str(v) for k, v in copies.items()},
        datetime.fromisoformat(stored["composed"]) if stored.get("composed") else None,
    )


def printed_before(history: Sequence[PastIssue], more: Mapping[str, PastItem]) -> Mapping[str, PastItem]:
    """Where each story stood last, by story key: in the issues of `history` (newest first), or by `more`."""
    found = {
        story: PastItem(issue.number, issue.articles.get(story), version)
        for issue in reversed(history)
        for story, version in issue.items.items()
    }
    return {**found, **more}
