"""What the contact officer hears without asking: once a week how it goes, and the same day when something fails.

All of it goes through the outbox under a name that is made of its kind and its day, so that it is neither lost when a
process is killed nor sent twice when a run is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from prefect import flow

from cuttings.edges.store import numbers, periods, runs, sources
from cuttings.edges.store.sources import SourceState
from cuttings.model import Audit, Notice
from flows import letters, run_log
from flows.house import House, open_house

if TYPE_CHECKING:
    from flows.doctor import Finding

WEEK = timedelta(days=7)
_TOLD = "told that sources fail"
_MOST = 12  # reasons in one mail


# ---------------------------------------------------------------- the same day


def tell_failed(house: House, kind: str, error: BaseException) -> int:
    """A run has failed: one mail a day for each kind of run, however often it fails. How many messages are new."""
    lines = (
        f"The run '{kind}' failed: {run_log.fault(error)}",
        *_WHAT_NOW.get(kind, ()),
        "What to do:  ./run doctor   says what is wrong and how to put it right.",
        "There is no second mail about this today, even if it fails again.",
    )
    return _tell(house, f"failed {kind}", Notice("contact", f"Press cuttings: '{kind}' failed", lines))


def tell_died(house: House, kind: str, *, again: bool) -> int:
    """A run was killed, for want of memory or with its machine: one mail a day, as for one that failed."""
    lines = (
        f"The run '{kind}' ended without a word: its process was killed, or its machine was switched off.",
        "It is begun once more by itself." if again else "It is not begun again by itself: somebody had started it.",
        *(() if again else _WHAT_NOW.get(kind, ())),
        "If it happens again, the machine may have too little memory. What is wrong:  ./run doctor",
        "There is no second mail about this today, even if it happens again.",
    )
    return _tell(house, f"failed {kind}", Notice("contact", f"Press cuttings: '{kind}' was killed", lines))


_WHAT_NOW = {
    "collect": ("What was read before that is kept. The next run takes up where this one ended.",),
    "publish": ("No issue was sent. To make it by hand once that is put right:  ./run publish EDITION",),
    "deliver": ("What waits in the outbox stays there, and is sent by the next run that gets through.",),
}


def tell_failing_sources(house: House) -> int:
    """Sources that have failed for days on end: told once for each spell, all of a day in one mail."""
    now = house.clock()
    told = dict(runs.marked(house.store, _TOLD) or {})
    failing = {s.id: s for s in long_failing(house, now)}
    still = {name: since for name, since in told.items() if name in failing and since == _spell(failing[name])}
    new = [s for s in failing.values() if s.id not in still]
    if not new:
        if still != told:
            runs.mark(house.store, _TOLD, still, now=now)
        return 0
    days = house.settings.schedule.failing_days
    lines = (
        f"{len(new)} of our sources could not be read for {days:g} days or more:",
        *(f"{s.name}: {run_log.plain(s.failure or 'no reason is known')}" for s in new[:_MOST]),
        *((f"and {len(new) - _MOST} more",) if len(new) > _MOST else ()),
        "What to do:  ./run source check   looks at each of them. A source that is gone for good is taken out with",
        "enabled = false in config/local/sources.toml.",
    )
    sent = _tell(house, "failing sources", Notice("contact", "Press cuttings: sources can’t be read", lines))
    if sent:  # else today's mail has gone: these are told tomorrow
        runs.mark(house.store, _TOLD, still | {s.id: _spell(s) for s in new}, now=now)
    return sent


def long_failing(house: House, now: datetime) -> tuple[SourceState, ...]:
    """Configured sources whose last success lies `failing_days` back, and which have failed since."""
    known = {source.id for source in house.settings.sources}
    limit = now - timedelta(days=house.settings.schedule.failing_days)
    return tuple(
        s for s in sources.every(house.store)
        if s.id in known and s.failures and (s.last_success or s.first_contact) <= limit
    )  # fmt: skip


def _spell(state: SourceState) -> str:
    return (state.last_success or state.first_contact).isoformat()


def _tell(house: House, name: str, notice: Notice) -> int:
    now = house.clock()
    day = now.astimezone(ZoneInfo(house.settings.council.timezone)).date()
    return letters.send_notice(house, name, notice, letters.officer(house), now, about=day.isoformat())


# ---------------------------------------------------------------- once a week


@flow(name="health", flow_run_name="how it goes")
def health() -> int:
    """Mail the contact officer how the week went: what needs a person, what was read, what failed. Once a day."""
    from flows.deliver import deliver
    from flows.watching import watched

    with open_house() as house, watched(house, "health"):
        sent = _tell(house, "health", weekly(house))
    if sent:
        deliver()
    return sent


def weekly(house: House) -> Notice:
    from flows import doctor

    now = house.clock()
    findings = [f for f in doctor.examine(house.settings, now=now, online=False) if f.mark != "ok"]
    audit = periods.audit(house.store, now - WEEK, now + timedelta(seconds=1))
    subject = f"Press cuttings: {len(findings)} to look at" if findings else "Press cuttings: all is well"
    lines = (
        f"The week to {now.astimezone(ZoneInfo(house.settings.council.timezone)):%-d %B %Y}.",
        "",
        *_findings(findings),
        "",
        *_counted(audit),
        "",
        *_mail(house, now),
    )
    return Notice("contact", subject, lines)


def _findings(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return ["Nothing needs a person."]
    lines = ["What needs a person:"]
    for finding in findings:
        lines.append(f"- {finding.mark.upper()}  {finding.part}: {finding.says}")
        if finding.todo:
            lines.append(f"  {finding.todo}")
    return lines


def _counted(audit: Audit) -> list[str]:
    aside, failed = sum(n for _, n in audit.pages_set_aside), sum(n for _, n in audit.pages_failed)
    return [
        f"Sources: {len(audit.sources)} asked, {len(audit.sources_failed)} could not be read.",
        *(f"- {name}: {run_log.plain(why)}" for name, why in audit.sources_failed[:_MOST]),
        f"Pages: {audit.pages_in} in, {audit.pages_read} read, {aside} set aside, {failed} failed.",
        *(f"- set aside, {why}: {n}" for why, n in audit.pages_set_aside[:_MOST]),
        *(f"- failed, {run_log.plain(why)}: {n}" for why, n in audit.pages_failed[:_MOST]),
        f"Articles: {audit.articles} new, {audit.stories} stories, {audit.copies} copies.",
        f"Comments: {audit.comments_in} new, {audit.comments_kept} kept, {audit.comments_duplicate} double, "
        f"{audit.comments_spam} spam, {audit.comments_review} for an editor.",
    ]


def _mail(house: House, now: datetime) -> list[str]:
    counts: dict[str, Any] = numbers.mail(house.store, since=now - WEEK)
    told = ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "none"
    waiting = numbers.queue(house.store)
    return [
        f"Messages of the week: {told}.",
        f"The editor's queue: {waiting} comment{'s' if waiting != 1 else ''}"
        + (", to be looked at with  ./run review" if waiting else "") + ".",
    ]  # fmt: skip
