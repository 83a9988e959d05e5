"""The flows `publish` (an issue of an edition) and `correct` (a corrected one, to those who had it).

Asked twice for one edition and period it finds the issue it made and makes no second one. What missed its day while
the machine was off is made by the first run after it, a period at a time and the oldest first, so that nothing of those
days is lost and numbers follow the calendar. Only the newest goes to readers by itself: news that is more than one
period late, and several issues in one morning, are for a person to decide, so those wait for an approval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from cuttings import digest as compose_digest
from cuttings import periods
from cuttings.edges.store import StoreError, carried, issues, outbox, recipients, runs
from cuttings.edges.store.issues import LEAVING, OPEN, Change, Issue
from cuttings.model import Digest, Notice
from cuttings.settings import Edition, Settings
from flows import before_election, letters, making, who
from flows.deliver import deliver, resend
from flows.house import House, open_house
from flows.making import NotFitToSend
from flows.progress import say
from flows.shown import show
from flows.watching import watched
from flows.wrapped import Wrapped

__all__ = ["NotFitToSend", "Published", "correct", "publish", "remake"]

CATCH_UP_DAYS = 35  # what was missed longer ago than this is history, not news
WAITING = ("composed", "awaiting approval", "held")  # its editor may still change it
# Periods as people say them, counted back from the last whole one.
BACK = {"the last whole one": 0, "the one before": 1, "two before": 2, "three before": 3}
State = Literal["published", "awaiting approval", "empty", "there already", "preview", "sent again"]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one publish: the issue, where its files are, how many messages it has in the outbox.

    `earlier`: the same for the periods before it that had been missed, the oldest first.
    """

    state: State
    issue: str | None
    title: str
    files: tuple[str, ...] = ()
    messages: int = 0
    digest: Digest | None = None
    earlier: tuple[Published, ...] = ()


def _run_name() -> str:
    given = flow_run.parameters
    what = "send again" if given.get("resend_to") else "publish"
    dry = " (dry run)" if given.get("dry_run") else ""
    return f"{what} {given.get('edition')} {given.get('period') or 'latest'}{dry}"


@flow(name="publish", flow_run_name=_run_name)
def publish(
    edition: str,
    period: str | None = None,
    dry_run: bool = False,
    resend_to: str | None = None,
    by: str | None = None,
) -> Published:
    """Make one issue of an edition and hand it to delivery. Safe to run twice: the issue is there already then.

    Args:
        edition: Which edition, as in editions.toml.
        period: Which days. Empty: the last whole week or month. Also 2026-W44, 2026-10 or 2026-10-26..2026-11-01.
        dry_run: Only look: makes the PDF and the HTML in output/preview, keeps nothing, sends nothing.
        resend_to: An e-mail address. Nothing is made; the issue of this edition and period goes to this reader again.
        by: Your name, for the log. Needed to send an issue again.
    """
    with open_house() as house, watched(house, "publish", told=(NotFitToSend,)) as facts:
        chosen = house.settings.edition(edition)
        now = house.clock()
        days = _days(chosen, period, now, house.settings)
        if resend_to:
            published = _again(house, chosen, days, resend_to, by or "", now)
        elif dry_run:
            published = _preview(Wrapped(house), chosen, days, now)
        else:
            recipients.take_in(house.store, chosen.id, chosen.recipients, now=now)
            published = _catch_up(house, chosen, days, now) if not period else _one(house, chosen, days, now)
        say(f"{published.title}: {published.state}, {published.messages} messages")
        facts |= {"edition": edition, "issue": published.issue, "state": published.state}
    for one in (*published.earlier, published):
        show(house, one)
    if published.messages or any(one.messages for one in published.earlier):
        deliver()
    return published


def _days(edition: Edition, period: str | None, now: datetime, settings: Settings) -> periods.Days:
    today = now.astimezone(ZoneInfo(settings.council.timezone)).date()
    if period and period not in BACK:
        return periods.parse(period)
    days = periods.last_whole(edition.period, today)
    for _ in range(BACK[period] if period else 0):
        days = periods.last_whole(edition.period, days[0])
    return days


# ---------------------------------------------------------------- what was missed


def missed(kind: Literal["week", "month"], newest: periods.Days, done: date | None) -> tuple[periods.Days, ...]:
    """The whole periods after the day `done` and before `newest`, the oldest first; none where nothing was done yet."""
    found: list[periods.Days] = []
    first = newest[0]
    while done is not None:
        days = periods.last_whole(kind, first)
        if days[1] <= done or (newest[0] - days[0]).days > CATCH_UP_DAYS:
            break
        found.insert(0, days)
        first = days[0]
    return tuple(found)


def _catch_up(house: House, edition: Edition, newest: periods.Days, now: datetime) -> Published:
    """The newest issue and those before it that were missed. The mark says how far this edition has come."""
    mark = f"published {edition.id}"
    done = runs.marked(house.store, mark)
    earlier: list[Published] = []
    faults: list[NotFitToSend] = []
    for days in missed(edition.period, newest, date.fromisoformat(done) if done else None):
        try:
            earlier.append(_one(house, edition, days, now, late=True))
        except NotFitToSend as error:  # told to the officer; the newest must not wait for it
            faults.append(error)
    published = _one(house, edition, newest, now)
    if faults:
        raise faults[0]
    if not done or done < newest[1].isoformat():
        runs.mark(house.store, mark, newest[1].isoformat(), now=now)
    return replace(published, earlier=tuple(e for e in earlier if e.state != "there already"))


# ---------------------------------------------------------------- one issue


def _one(house: House, edition: Edition, days: periods.Days, now: datetime, *, late: bool = False) -> Published:
    with making.alone(house, edition.id):
        issue, _ = issues.begin(house.store, edition.id, *days, now=now)
        return _made(house, edition, issue, now, late=late)


def _made(house: House, edition: Edition, issue: Issue, now: datetime, *, late: bool) -> Published:
    """What is still to be done for an issue, done: a run that was killed half-way is taken up where it ended."""
    # A correction is its author's, with the articles of the issue that it corrects: `correct` takes it up again.
    if issue.state not in OPEN or (issue.revision > 1 and issue.state in ("begun", "composed")):
        return _there_already(issue, outbox.counts(house.store, issue.id, "edition"))
    if issue.state in WAITING and not making.put_in_place(issue):
        issue = replace(issue, digest=None, state="begun")  # its files were lost: made again under the same name
    if issue.state == "composed" and before_election.careless(house, issue, now):
        issue = replace(issue, digest=None, state="begun")  # its run was killed on the day before
    if issue.state == "composed":
        return _hand_over(house, edition, issue, now, late=late)
    if issue.state in WAITING:
        letters.send_proof(house, issue, now)  # once only, however often; a killed run may not have got that far
        return _there_already(issue, outbox.counts(house.store, issue.id, "edition"))
    try:
        made = making.made(Wrapped(house), edition, issue, now, correction=_correction(house, issue))
        if made.digest.empty:
            return _nothing(house, edition, issue, made.digest, now)
        making.put_aside(made.files)
    except NotFitToSend as error:
        _tell_unfit(house, issue, edition.name, error, now)
        raise
    try:
        issue = issues.save(house.store, issue.id, made.digest, made.described, now=now, expected=("begun", *WAITING))
    except StoreError:
        # Another machine was quicker, and its issue has left: that one is the issue.
        making.clear_aside(made.files)
        issue = issues.find(house.store, issue.id) or issue
        return _there_already(issue, outbox.counts(house.store, issue.id, "edition"))
    _placed(issue)
    if issue.state != "composed":  # made again because its files were lost: what was decided about it stands
        return _there_already(issue, {})
    return _hand_over(house, edition, issue, now, late=late)


def _there_already(issue: Issue, counts: dict[str, int]) -> Published:
    title = issue.digest.title.text if issue.digest else issue.id
    return Published("there already", issue.id, title, tuple(f.path for f in issue.files), sum(counts.values()))


def _tell_unfit(house: House, issue: Issue, name: str, error: NotFitToSend, now: datetime) -> None:
    notice = Notice("contact", f"{name}: not sent", (str(error), "Nothing was sent to its readers."))
    letters.send_notice(house, issue.id, notice, letters.officer(house), now, about="faults")
    create_markdown_artifact(f"# Not sent\n\n{error}", key="not-sent", description=issue.id)


def _preview(wrapped: Wrapped[House], edition: Edition, days: periods.Days, now: datetime) -> Published:
    house = wrapped.value
    there = issues.of_period(house.store, edition.id, *days)
    number = there.number if there else issues.next_number(house.store, edition.id)
    issue = there or Issue(f"preview-{edition.id}", edition.id, *days, 1, number, "begun", now, now)
    made = making.made(wrapped, edition, issue, now)
    title = made.digest.title.text
    if made.digest.empty:
        return Published("empty", None, title, digest=made.digest)
    files = tuple(replace(f, path=house.output / "preview" / f.path.name) for f in made.files)
    for file in files:
        making.write(file.path, file.data)
    return Published("preview", None, title, tuple(str(f.path) for f in files), digest=made.digest)


def _again(house: House, edition: Edition, days: periods.Days, address: str, by: str, now: datetime) -> Published:
    issue = issues.left_last(house.store, edition.id, *days) or issues.of_period(house.store, edition.id, *days)
    if issue is None or issue.digest is None:
        raise StoreError(f"There is no issue of {edition.id} for {days[0]} to {days[1]} that could be sent again.")
    messages = resend(house, issue.id, address, by=by, proved=who.proved.get(), now=now)
    return Published("sent again", issue.id, issue.digest.title.text, messages=messages)


# ---------------------------------------------------------------- hand over


def _hand_over(
    house: House, edition: Edition, issue: Issue, now: datetime, *, late: bool, proof_first: bool = False
) -> Published:
    assert issue.digest is not None
    published = Published(
        "published", issue.id, issue.digest.title.text, tuple(f.path for f in issue.files), digest=issue.digest
    )
    doubt = carried.may_have_left(house.store, issue)
    if edition.approval or late or proof_first or doubt:
        expires = now + timedelta(days=edition.answer_days)
        why = doubt or ("it is late: the time for it was missed" if late else None)
        issues.move(
            house.store, issue.id, "awaiting approval", now=now, by="publish", proved=True, reason=why, expires=expires
        )
        messages = letters.send_proof(house, replace(issue, state="awaiting approval", expires=expires), now)
        return replace(published, state="awaiting approval", messages=messages)
    why = f"the edition '{edition.id}' is sent without approval (editions.toml)"
    messages = letters.release(house, issue.id, by="the configuration", proved=True, reason=why, now=now)
    return replace(published, messages=messages)


def _nothing(house: House, edition: Edition, issue: Issue, digest: Digest, now: datetime) -> Published:
    """An empty period: no issue. The contact officer is told why; readers only where the edition says so."""
    issues.save(house.store, issue.id, digest, (), now=now)
    notice = compose_digest.officer_notice(digest)
    for_readers = compose_digest.readers_notice(digest, edition)
    if for_readers is not None and (doubt := carried.may_have_left(house.store, issue)):
        notice, for_readers = replace(notice, lines=(*notice.lines, f"Its readers were not told: {doubt}.")), None
    messages = letters.send_notice(house, issue.id, notice, letters.officer(house), now)
    if for_readers is not None:
        messages += letters.send_notice(house, issue.id, for_readers, letters.readers(house, edition.id), now)
    return Published("empty", issue.id, digest.title.text, messages=messages, digest=digest)


# ---------------------------------------------------------------- changed by its editor, corrected


def remake(house: House, issue_id: str, change: Change, now: datetime) -> Issue:
    """An issue that waits for its approval, made anew with its editor's rulings; the new proof goes to the outbox.

    Its stories are those of the first proof: what was found since belongs to the next issue. Nothing of the change is
    kept where it leaves nothing to print or something that is not fit to send. Raises StoreError, NotFitToSend.
    """
    edition_id = _composed(house, issue_id).edition
    with making.alone(house, edition_id):
        issue = _composed(house, issue_id)
        if issue.state not in WAITING:
            raise StoreError(
                f"{issue.id} is {issue.state!r}: it can't be changed any more. What has been sent is corrected with "
                f"./run correct {issue.id}."
            )
        assert issue.digest is not None
        correction = _correction(house, issue)
        made = making.made(
            Wrapped(house), house.settings.edition(edition_id), issue, issue.digest.composed,
            change=change, correction=correction,
        )  # fmt: skip
        if made.digest.empty:
            raise StoreError(f"Without that, {issue.id} holds nothing. To send none, use ./run do-not-send {issue.id}.")
        making.put_aside(made.files)
        issue = issues.save(
            house.store, issue.id, made.digest, made.described, now=now, expected=WAITING, change=change
        )
        _placed(issue)
        letters.send_proof(house, issue, now)
    return issue


def _placed(issue: Issue) -> None:
    """Nobody is sent a message whose PDF is not there."""
    if not making.put_in_place(issue):
        raise NotFitToSend(f"The files of {issue.id} were lost while it was made. Nothing was sent: please try again.")


def _composed(house: House, issue_id: str) -> Issue:
    issue = issues.find(house.store, issue_id)
    if issue is None or issue.digest is None:
        raise StoreError(f"There is no composed issue '{issue_id}'. `./run issues` lists them.")
    return issue


def _correction(house: House, issue: Issue) -> tuple[str, str, datetime] | None:
    """(what was wrong, who said so, when the first one left), of a revision; None for a first issue."""
    if issue.revision == 1:
        return None
    first = issues.log(house.store, issue.id)[0]
    left = [d.at for d in issues.log(house.store, _before(house, issue).id) if d.became == "approved"]
    zone = ZoneInfo(house.settings.council.timezone)
    return first.reason or "", first.by, (left[-1] if left else first.at).astimezone(zone)


def _before(house: House, issue: Issue) -> Issue:
    """The revision that a correction corrects: the last one that left the house."""
    return next(i for i in reversed(issues.earlier_revisions(house.store, issue)) if i.state in LEAVING)


@flow(name="correct", flow_run_name="correct {issue}")
def correct(issue: str, reason: str, by: str, proof_first: bool = False) -> Published:
    """Send a corrected issue, with what was wrong as its first words, to exactly those who had the first one.

    Args:
        issue: The issue that was sent, as the list of issues names it.
        reason: What was wrong, in a sentence that every reader will see.
        by: Your name: it stands in the log.
        proof_first: Send a proof instead, so that items can be struck or written before the correction leaves.
    """
    if not by.strip() or not reason.strip():
        raise StoreError("A correction needs a name and a sentence that says what was wrong.")
    with open_house() as house, watched(house, "correct", told=(StoreError,)):
        now = house.clock()
        published = _corrected(house, _composed(house, issue), " ".join(reason.split()), by, proof_first, now)
    show(house, published)
    deliver()
    return published


def _corrected(house: House, wrong: Issue, reason: str, by: str, proof_first: bool, now: datetime) -> Published:
    edition = house.settings.edition(wrong.edition)
    with making.alone(house, edition.id):
        issue = issues.of_period(house.store, wrong.edition, wrong.start, wrong.end) or wrong
        if not _asked_already(house, issue, by, reason):
            revisions = (*issues.earlier_revisions(house.store, issue), issue)
            if issue.state in OPEN or not any(i.state in LEAVING for i in revisions):
                raise StoreError(_unfinished(house, issue))
            issue = issues.revise(house.store, issue.id, now=now, by=by, reason=reason)
        lost = issue.state == "composed" and not making.put_in_place(issue)
        careless = issue.state == "composed" and before_election.careless(house, issue, now)
        if issue.state == "begun" or lost or careless:
            before = _before(house, issue).digest
            assert before is not None
            made = making.made(Wrapped(house), edition, issue, before.composed, correction=_correction(house, issue))
            if made.digest.empty:
                why = "nothing is left of it to print"  # all of it opinion, and an election near
                issues.move(house.store, issue.id, "not sent", now=now, by=by, reason=why)
                raise StoreError(f"{issue.id} is closed and was not sent: {why}. Nobody was told of the correction.")
            making.put_aside(made.files)
            issue = issues.save(
                house.store, issue.id, made.digest, made.described, now=now, expected=("begun", "composed")
            )
        if issue.state == "composed":
            _placed(issue)
            return _leaves(house, edition, issue, by, proof_first, now)
        return _there_already(issue, outbox.counts(house.store, issue.id, "correction"))


def _unfinished(house: House, issue: Issue) -> str:
    if issue.revision == 1:
        return f"{issue.id} is {issue.state!r}: it has not been sent, so there is nothing to correct."
    first = issues.log(house.store, issue.id)[0]
    return (
        f"{issue.id} is {issue.state!r}: a correction by {first.by} is not finished ({first.reason}). Give that one "
        f'again with the same words, or close it first:  ./run do-not-send {issue.id} --reason "…"'
    )


def _asked_already(house: House, issue: Issue, by: str, reason: str) -> bool:
    first = next(iter(issues.log(house.store, issue.id)), None)
    closed = issue.state in ("not sent", "expired")
    return first is not None and issue.revision > 1 and not closed and (first.by, first.reason) == (by, reason)


def _leaves(house: House, edition: Edition, issue: Issue, by: str, proof_first: bool, now: datetime) -> Published:
    if edition.approval or proof_first or carried.may_have_left(house.store, issue):
        return _hand_over(house, edition, issue, now, late=False, proof_first=True)
    assert issue.digest is not None
    why = "the correction was asked for by name"
    messages = letters.release(house, issue.id, by=by, proved=who.proved.get(), reason=why, now=now)
    files = tuple(f.path for f in issue.files)
    return Published("published", issue.id, issue.digest.title.text, files, messages, issue.digest)
