"""The flow `decide`: what a person says about an issue that waits, or the calendar where nobody does.

No run waits for an answer; this one changes a row and ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.runtime import flow_run

from cuttings import rulings
from cuttings.digest.wording import LONGEST_HEADLINE
from cuttings.edges.store import StoreError, issues
from cuttings.edges.store.issues import Change, Issue
from cuttings.model import Digest, Ruling
from flows import before_election, deadlines, letters, making, taken_back, who
from flows.deliver import deliver
from flows.house import House, open_house
from flows.progress import say
from flows.publish import remake
from flows.watching import watched


class BadDecision(ValueError):
    """A decision that can't be recorded as it was given."""


Decision = Literal["approve", "hold", "do not send", "strike", "write", "pin", "take back", "keep deadlines"]
_BECOMES: Mapping[str, str] = {"approve": "approved", "hold": "held", "do not send": "not sent"}
NEED_A_REASON = ("hold", "do not send", "strike", "pin", "take back")
# What may be written, the ruling's name = the parameter's, and the most words: they count against the budget.
LONGEST = {"headline": 25, "summary": 60, "question": 40}


@dataclass(frozen=True, slots=True)
class _Said:
    decision: Decision
    by: str
    reason: str | None
    item: str | None
    words: Mapping[str, str]  # headline, summary, question
    proof: int | None


def _run_name() -> str:
    given = flow_run.parameters
    if given.get("decision") == deadlines.DECISION:
        return "remind and close"
    return f"{given.get('decision')} {given.get('issue') or 'the issue that waits'}"


@flow(name="decide", flow_run_name=_run_name)
def decide(
    issue: str,
    decision: Decision,
    by: str,
    reason: str | None = None,
    item: str | None = None,
    headline: str | None = None,
    summary: str | None = None,
    question: str | None = None,
    proof: int | None = None,
) -> str:
    """Approve an issue that awaits approval (it is sent at once), hold it, close it, or change an item of it.

    Args:
        issue: As the proof names it: managers-2026-10-26-2026-11-01. Empty: the one that waits, where only one does.
        decision: approve: send it now. hold: keep it back for now. do not send: close it for good. strike: take an item
            out. pin: put one in, and first. write: add the council's own words to one. take back: undo one of these.
            keep deadlines: what the schedule asks for: remind of what waits, close what had no approval in time.
        by: Your name. It stands in the log, and under what you write.
        reason: Why, in a sentence. Needed for everything but approve and write.
        item: Which item, as the proof prints it (M3, C1), or the address of its article.
        headline: For write: a plain headline. It is printed in [brackets].
        summary: For write: what it says, in your words.
        question: For write: a question that readers could ask.
        proof: The number of the proof you looked at; a later one makes your decision void. May be left out.
    """
    words = {"headline": headline, "summary": summary, "question": question}
    given = {name: " ".join(text.split()) for name, text in words.items() if text and text.strip()}
    said = _Said(decision, by, (reason or "").strip() or None, (item or "").strip() or None, given, proof)
    if decision == deadlines.DECISION:
        return keep_deadlines()
    _check(said)
    with open_house() as house, watched(house, "decide", told=(BadDecision, StoreError)):
        _in_time(house, house.clock())
        chosen = _chosen(house, issue.strip())
        _not_outdated(house, chosen, said)
        say(f"{decision}: {chosen.id}, which is {chosen.state}")
        became = _decided(house, chosen, said, who.proved.get(), house.clock())
        say(f"{chosen.id}: {became}")
        _show(house, chosen.id)
    if decision != "hold":
        deliver()
    return became


def keep_deadlines() -> str:
    """Issues that wait are called to mind, and closed when their time is over; what was done, in a sentence."""
    with open_house() as house, watched(house, "decide"):
        now = house.clock()
        seen = deadlines.keep(house, now)
        done = [f"{one.issue}: {one.did}" for one in seen if one.did]
        became = "; ".join(done) or f"{len(seen)} wait, and nothing is due" if seen else "nothing waits"
        say(became)
        _show_waiting(seen)
    # Not whenever something waits: where the schedule that sends it is switched off, it stays.
    if any(one.queued for one in seen):
        deliver()
    return became


def _show_waiting(seen: Sequence[deadlines.Seen]) -> None:
    rows = [
        {"issue": s.issue, "state": s.state, "until": f"{s.until:%-d %B %H:%M} UTC" if s.until else "", "done": s.did}
        for s in seen
    ]
    if rows:
        create_table_artifact(rows, key="deadlines", description="What waits for an approval, and what was done.")


def _in_time(house: House, now: datetime) -> None:
    """An approval that comes after the deadline is none, be it before the next run of the schedule."""
    if deadlines.close(house, now):
        say("what had no approval in time is closed")


def _check(said: _Said) -> None:
    if said.decision in NEED_A_REASON and not said.reason:
        raise BadDecision(f"To {said.decision}, say why: the log is read by others.")
    if not said.by.strip():
        raise BadDecision("A decision about an issue needs the name of who made it.")
    if said.decision in ("strike", "write", "pin", "take back") and not said.item:
        raise BadDecision(f"To {said.decision}, say which item, as the proof prints it: M3, C1.")
    if said.decision == "write" and not said.words:
        raise BadDecision("To write, give a headline, a summary or a question.")
    for name, text in said.words.items():
        if len(text.split()) > LONGEST[name] or len(text) > (LONGEST_HEADLINE if name == "headline" else 600):
            raise BadDecision(f"The {name} is too long: {LONGEST[name]} words at most. Nothing was changed.")


def _chosen(house: House, name: str) -> Issue:
    if name:
        found = issues.find(house.store, name)
        if found is None:
            raise StoreError(f"There is no issue '{name}'. `./run issues` lists them.")
        return found
    waiting = issues.latest(house.store, states=("awaiting approval", "held"), most=10)
    if len(waiting) == 1:
        return waiting[0]
    names = ", ".join(i.id for i in waiting)
    raise BadDecision(f"Say which issue: {names} wait." if waiting else "No issue waits for a decision.")


def _not_outdated(house: House, issue: Issue, said: _Said) -> None:
    latest = issues.proof(house.store, issue.id)
    if said.proof is not None and said.proof != latest:
        raise BadDecision(
            f"{issue.id} was changed since proof {said.proof}; proof {latest} is the latest. Nothing was done: look at "
            "that one first."
        )


def _decided(house: House, issue: Issue, said: _Said, proved: bool, now: datetime) -> str:
    if said.decision == "approve":
        _as_it_may_leave(house, issue, now)
        letters.release(
            house, issue.id, by=said.by, proved=proved, reason=said.reason, now=now, proof=said.proof
        )  # fmt: skip
        return _BECOMES[said.decision]
    if said.decision in _BECOMES:
        became = _BECOMES[said.decision]
        # What is held must not wait for ever: of an edition that is sent without approval no deadline is set, and of
        # what was approved it may be over.
        fresh = became == "held" and (issue.expires is None or issue.expires <= now)
        expires = now + timedelta(days=house.settings.edition(issue.edition).answer_days) if fresh else None
        issues.move(
            house.store, issue.id, became, now=now, by=said.by, proved=proved, reason=said.reason, expires=expires
        )
        return became
    change = _change(house, issue, said, proved, now)
    if change is None:
        return "done already"
    remake(house, issue.id, change, now)
    return f"made anew as proof {issues.proof(house.store, issue.id)}"


def _as_it_may_leave(house: House, issue: Issue, now: datetime) -> None:
    """What was approved is not what may be sent: the editor sees the new proof first."""
    done = taken_back.made_anew(house, issue, now) or before_election.made_anew(house, issue, now)
    if done is not None:
        deliver()
        raise BadDecision(f"{done}. Nothing was sent to its readers: look at the mail about it first.")


# ---------------------------------------------------------------- a change of one item


def _change(house: House, issue: Issue, said: _Said, proved: bool, now: datetime) -> Change | None:
    """The rulings that a decision comes to; None where the very same was asked before: a double click.

    Numbers shift when an item is struck, so 'strike M3' clicked twice would take out a second one.
    """
    assert said.item is not None
    reason = f"{said.item}: {said.reason}" if said.reason else said.item
    in_force = issues.rulings_on_items(house.store, issue.id)
    wanted = dict(said.words) if said.decision == "write" else {said.decision: None}
    asked = {(r.decision, r.value, r.by, r.reason) for _, r in in_force}
    if said.decision != "take back" and all((d, v, said.by, reason) in asked for d, v in wanted.items()):
        return None
    story = _story(house, issue, said.item)
    subject = rulings.item(issue.id, story)
    if said.decision == "take back":
        undone = tuple(number for number, r in in_force if r.subject == subject)
        if not undone:
            return None
        return Change(said.by, proved, f"what was decided on {reason}, is taken back", (), undone)
    _archive_prints_it(issue, story, said)
    made = tuple(Ruling(subject, d, v, said.by, now, reason) for d, v in wanted.items())
    what = {"strike": "taken out", "pin": "put first", "write": f"given a {' and a '.join(said.words)}"}[said.decision]
    return Change(said.by, proved, f"{said.item} {what}{f': {said.reason}' if said.reason else ''}", made)


def _archive_prints_it(issue: Issue, story: str, said: _Said) -> None:
    """A summary of an old piece would be kept and never printed, and its editor would think that it was."""
    old = issue.digest is not None and story in {item.story for item in issue.digest.archive}
    if old and said.decision != "strike" and set(said.words) != {"headline"}:
        raise BadDecision(
            f"{said.item} is out of the archive, which prints headlines alone: it can be struck, or given a headline. "
            "Nothing was changed."
        )


def _story(house: House, issue: Issue, item: str) -> str:
    """The story that an item is about: by its number in the latest proof, its key, or an address of its articles."""
    digest: Digest | None = issue.digest
    if digest is None:
        raise StoreError(f"{issue.id} is not composed yet.")
    for printed in digest.items:
        if item.casefold() == printed.number.casefold() or item in (printed.story, printed.url):
            return printed.story
    for story in making.stories_of(house, issue, digest.composed):
        if item == story.key or any(item == a.article.url for a in story.articles):
            return story.key
    numbers = ", ".join(i.number for i in digest.items)
    raise BadDecision(f"{issue.id} has no item '{item}'. It prints {numbers}; others are named by their web address.")


def _show(house: House, issue_id: str) -> None:
    issue = issues.find(house.store, issue_id)
    if issue is None:
        return
    title = issue.digest.title.text if issue.digest else issue.id
    lines = [
        f"# {title}",
        "",
        f"State: **{issue.state}**",
        "",
        "| when | what | who | name | why |",
        "|---|---|---|---|---|",
    ]
    for d in issues.log(house.store, issue.id):
        proved = "proved" if d.proved else "typed"
        step = d.became if d.was != d.became else "changed"
        cells = (f"{d.at:%-d %B %H:%M} UTC", step, d.by, proved, d.reason or "")
        lines.append("| " + " | ".join(letters.marked_down(c) for c in cells) + " |")
    lines += ["", *(letters.file_line(house, f.path) for f in issue.files)]
    create_markdown_artifact("\n".join(lines), key="decision", description=issue.id)
