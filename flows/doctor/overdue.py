"""What should have happened by now: runs, issues, approvals, messages, rulings, backups, deletions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cuttings import periods
from cuttings.settings import Edition, Settings
from flows import place
from flows.doctor import here
from flows.doctor.finding import Finding, count, fault, look, ok

if TYPE_CHECKING:
    from cuttings.edges.store import Store

GRACE = timedelta(hours=3)  # a run takes its time, and a machine may have been off at night
LONG_QUEUE = 100  # comments; somebody judges about as many in twenty minutes
SERVE = "  # or ./run serve, which keeps the schedule"


def findings(settings: Settings, store: Store, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    yield from _collect(settings, store, now)
    yield from _sources(settings, store, now)
    for edition in settings.editions:
        yield from _edition(settings, store, edition, now)
    yield from _approvals(settings, store, now)
    yield from _messages(store, now)
    yield from _queue(store)
    yield from here.backups(store, place.output_folder(settings, environ), now)
    yield from _retention(settings, store, now)


def last_time(cron: str, zone: str, now: datetime) -> datetime:
    """The latest moment before `now` at which a schedule was due, on the council's clock."""
    from cronsim import CronSim

    return next(CronSim(cron, now.astimezone(ZoneInfo(zone)), reverse=True))


def _local(moment: datetime, settings: Settings) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.council.timezone)):%-d %B, %H:%M}"


def _collect(settings: Settings, store: Store, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import runs

    last, failed = runs.last(store, "collect"), runs.last(store, "collect", state="failed")
    due = last_time(settings.schedule.collect, settings.council.timezone, now - GRACE)
    if last is None:
        yield look("collect", "Nothing has been read yet.", f"./run collect{SERVE}")
    elif last.started < due:
        yield fault(
            "collect",
            f"Last read on {_local(last.started, settings)}; a run was due on {_local(due, settings)}.",
            f"./run collect{SERVE}",
        )
    else:
        yield ok("collect", f"Every source was last read on {_local(last.started, settings)}")
    if failed is not None and (last is None or failed.id > last.id):
        why = failed.detail or "no reason is known"
        yield fault("collect", f"The last run failed: {why}.", "./run collect  # shows what is wrong.")
    latest = max((run.beat for run in runs.latest(store)), default=now)
    if latest > now + timedelta(hours=1):
        yield fault(
            "clock",
            f"The last run was on {latest:%Y-%m-%d %H:%M} UTC, which is yet to come.",
            "Set the clock: timedatectl set-ntp true",
        )


def _sources(settings: Settings, store: Store, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import sources

    limit = now - timedelta(days=settings.schedule.failing_days)
    states = {s.id: s for s in sources.every(store)}
    asked = [states[source.id] for source in settings.sources if source.id in states]
    failing = [s for s in asked if s.failures]
    for state in failing:
        mark = fault if (state.last_success or state.first_contact) <= limit else look
        why = (state.failure or "no reason is known").rstrip(".")
        times = f"{state.failures} times in a row" if state.failures > 1 else "the last time"
        yield mark("source", f"{state.id} failed {times}: {why}.", f"./run source check {state.id}")
    if asked and not failing:
        yield ok("source", f"All of the {len(asked)} that were asked could be read")
    never = [s.id for s in settings.sources if s.id not in states]
    if never and asked:
        yield look("source", f"Never asked: {', '.join(never)}.", "./run collect " + " ".join(never[:4]))


def _edition(settings: Settings, store: Store, edition: Edition, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import issues, runs

    latest = next(iter(issues.latest(store, edition=edition.id, most=1)), None)
    due = last_time(edition.cron, settings.council.timezone, now - GRACE)
    days = periods.last_whole(edition.period, due.date())
    first = runs.last(store, "collect")
    by_hand = f"./run publish {edition.id}{SERVE}"
    if latest is None:
        if first is not None:
            yield look(edition.id, "No issue has been made yet.", by_hand)
    elif latest.revision > 1 and latest.state in ("begun", "composed") and latest.updated < now - GRACE:
        yield fault(
            edition.id,
            f"{latest.id}, a correction, was begun and not finished. Give its command again, or close it.",
            f"./run do-not-send {latest.id}",
        )
    elif latest.state == "begun" and latest.updated < now - GRACE:
        yield fault(
            edition.id,
            f"{latest.id} was begun and not finished: it failed, or did not pass the checks.",
            f"./run publish {edition.id}  # says why.",
        )
    elif latest.end < days[1]:
        said = f"The issue for {days[0]:%-d %B} to {days[1]:%-d %B} was due on {_local(due, settings)}."
        yield fault(edition.id, said, by_hand)
    else:
        yield ok(edition.id, f"The last issue is {latest.id}: {latest.state}")


def _approvals(settings: Settings, store: Store, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import issues

    for issue in issues.latest(store, states=("awaiting approval", "held"), most=50):
        until = f", by {_local(issue.expires, settings)}" if issue.expires else ""
        if issue.expires is not None and issue.expires <= now:
            said = f"{issue.id}: nobody approved it{until}; it is not sent, and waits to be closed."
            yield fault("approval", said, f"./run remind{SERVE}")
            continue
        soon = issue.expires is not None and issue.expires <= now + timedelta(days=1)
        mark = fault if soon else look
        yield mark(
            "approval",
            f"{issue.id}: {issue.state}{until}.",
            f"./run approve {issue.id}  # or hold, strike, do-not-send.",
        )


def _messages(store: Store, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import numbers

    counts = numbers.mail(store)
    if counts.get("ambiguous"):
        said = f"{count(counts['ambiguous'], 'message')} may or may not have arrived."
        yield fault("messages", said, "./run outbox list  # then   ./run outbox resolve NUMBER resend|sent|refused")
    bad = {state: counts[state] for state in ("refused", "bounced", "given up") if counts.get(state)}
    if bad:
        said = ", ".join(f"{n} {state}" for state, n in bad.items())
        yield look("messages", f"In all: {said}.", "./run outbox list  # names them.")
    late = numbers.waiting_mail(store, before=now - GRACE)
    if late:
        said = f"{count(late, 'message')} should have left hours ago."
        yield fault("messages", said, f"./run deliver{SERVE}")
    elif not bad and not counts.get("ambiguous"):
        yield ok("messages", f"{counts.get('sent', 0):,} sent, none in trouble")


def _queue(store: Store) -> Iterator[Finding]:
    from cuttings.edges.store import numbers

    waiting = numbers.queue(store)
    said = f"{count(waiting, 'comment')} wait for an editor" if waiting != 1 else "1 comment waits for an editor"
    if waiting > LONG_QUEUE:
        yield look("review", f"{said}; their names end after a month.", "./run review")
    else:
        yield ok("review", said)


def _retention(settings: Settings, store: Store, now: datetime) -> Iterator[Finding]:
    from cuttings.edges.store import people, retained

    keep = settings.retention
    before = now - timedelta(days=2)  # a daily run that was missed once is no news
    names = people.NameDays(keep.name_days, keep.quarantined_days, keep.unruled_days)
    over = retained.names_over(store, now=before, keep=names)
    texts = retained.texts_over(store, now=before)
    if over or texts:
        said = f"{count(over, 'name')} and {count(texts, 'licensed text')} should have been deleted."
        yield fault("retention", said, f"./run retention{SERVE}")
    else:
        yield ok("retention", f"Names go after {keep.name_days:g} days, raw pages after {keep.page_days:g}")
