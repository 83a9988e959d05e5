"""Issues: one for an edition and a period, from its first thought to its delivery, with who decided what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from cuttings.edges.store.connect import Store, StoreError, add_new, begins_with
from cuttings.edges.store.tables import issue_files, issue_items, issue_log, issues, letters, outbox, rulings
from cuttings.edges.store.values import from_json
from cuttings.model import Digest, Ruling

# From each state, the states it may become. What is sent can't be called back, and nothing that expired is sent.
MOVES: Mapping[str, frozenset[str]] = {
    "begun": frozenset({"composed", "empty", "not sent"}),
    "composed": frozenset({"awaiting approval", "approved", "held", "not sent"}),
    "awaiting approval": frozenset({"approved", "held", "expired", "not sent"}),
    "held": frozenset({"awaiting approval", "approved", "expired", "not sent"}),
    "expired": frozenset({"not sent"}),
    "approved": frozenset({"delivering", "delivered", "held", "not sent"}),
    "delivering": frozenset({"delivered", "held", "not sent"}),  # back only while nobody has it: `move_in`
    "empty": frozenset({"begun", "composed", "not sent"}),
    "delivered": frozenset(),
    "not sent": frozenset(),
}
OPEN = ("begun", "composed", "awaiting approval", "held", "empty")  # its contents may still change
LEAVING = ("approved", "delivering", "delivered")  # its messages may go out
FOR_READERS = ("edition", "correction")  # the kinds of messages that need an approved issue


@dataclass(frozen=True, slots=True)
class IssueFile:
    kind: str  # pdf, html, json
    path: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as the store knows it. Both days of the period belong to it; `number` counts within its edition."""

    id: str
    edition: str
    start: date
    end: date
    revision: int
    number: int
    state: str
    begun: datetime
    updated: datetime
    expires: datetime | None = None  # awaiting approval: no answer by then means it is not sent
    digest: Digest | None = None
    files: tuple[IssueFile, ...] = ()

    def file(self, kind: str) -> IssueFile | None:
        return next((f for f in self.files if f.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of an issue's log. `proved`: the name was proved (a login), not only typed."""

    at: datetime
    was: str
    became: str
    by: str
    proved: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """Who had an issue that waits for its approval made anew, and the rulings they made or took back for it."""

    by: str
    proved: bool
    reason: str
    rulings: tuple[Ruling, ...] = ()
    undone: tuple[int, ...] = ()  # numbers of rulings


def begin(
    store: Store, edition: str, start: date, end: date, *, now: datetime, run: int | None = None
) -> tuple[Issue, bool]:
    """The issue of an edition and a period, and whether it is new. Asked twice, the first is found again.

    A period that was empty is begun anew: its number may have gone to a later issue meanwhile, and none is given twice.
    """
    with store.writing() as connection:
        query = _of_period(edition, start, end)
        row = connection.execute(query).first()
        if row is None:
            _insert(connection, edition, (start, end), 1, _next_number(connection, edition), now, run)
            return _issue(connection, connection.execute(query).one()), True
        if row.state == "empty":
            values: dict[str, Any] = {"state": "begun", "updated": now}
            if _number_taken(connection, row):
                values["number"] = _next_number(connection, edition)
            connection.execute(update(issues).where(issues.c.id == row.id).values(values))
            _log(connection, row.id, "empty", "begun", now, "publish", True, None)
            row = connection.execute(query).one()
        return _issue(connection, row), False


def next_number(store: Store, edition: str) -> int:
    """The number that an edition's next issue would get."""
    with store.reading() as connection:
        return _next_number(connection, edition)


def _next_number(connection: Connection, edition: str) -> int:
    numbers = select(func.max(issues.c.number)).where(issues.c.edition == edition, issues.c.state != "empty")
    return (connection.execute(numbers).scalar() or 0) + 1


def _number_taken(connection: Connection, row: Row[Any]) -> bool:
    other = (issues.c.edition == row.edition) & (issues.c.number == row.number) & (issues.c.id != row.id)
    return connection.execute(select(issues.c.id).where(other, issues.c.state != "empty")).first() is not None


def revise(store: Store, issue: str, *, now: datetime, by: str, reason: str) -> Issue:
    """A new revision of an issue that has left the house, for a correction. The first stays as it was sent."""
    with store.writing() as connection:
        old = _row(connection, issue)
        last = connection.execute(_of_period(old.edition, old.period_start, old.period_end)).one()
        if last.state in OPEN:
            raise StoreError(f"{last.id} is still {last.state!r}: change it instead of revising it.")
        period = date.fromisoformat(old.period_start), date.fromisoformat(old.period_end)
        new = _insert(connection, old.edition, period, last.revision + 1, old.number, now, None)
        _log(connection, new, "new", "begun", now, by, False, reason)
        return _issue(connection, _row(connection, new))


def _insert(
    connection: Connection,
    edition: str,
    period: tuple[date, date],
    revision: int,
    number: int,
    now: datetime,
    run: int | None,
) -> str:
    start, end = (day.isoformat() for day in period)
    name = f"{edition}-{start}-{end}" + (f"-r{revision}" if revision > 1 else "")
    row = {"id": name, "edition": edition, "period_start": start, "period_end": end, "revision": revision}
    row |= {"number": number, "state": "begun", "begun": now, "updated": now, "run": run}
    connection.execute(issues.insert().values(row))
    return name


def save(
    store: Store,
    issue: str,
    digest: Digest,
    files: Sequence[IssueFile],
    *,
    now: datetime,
    because: Mapping[str, str] | None = None,
    expected: Sequence[str] = OPEN,
    change: Change | None = None,
) -> Issue:
    """Keep what was composed, with its items and files, in one transaction; the state becomes 'composed' or 'empty'.

    May be done again until the issue is approved (an item was struck): the state then stays, and `change` says who
    asked for what. `because` gives the reason of a choice by story key, where the item does not carry it. Raises
    StoreError where the issue is in none of the `expected` states: another run was quicker, or it has been approved,
    sent or given up.
    """
    with store.writing() as connection:
        row = _row(connection, issue)
        if row.state not in OPEN:
            raise StoreError(f"{issue} is {row.state!r}: its contents can't change any more.")
        if row.state not in expected:
            raise StoreError(f"{issue} is {row.state!r} already: another run has made it.")
        state = "empty" if digest.empty else "composed" if row.state in ("begun", "empty") else row.state
        values = {"digest": digest, "state": state, "updated": now}
        connection.execute(update(issues).where(issues.c.id == issue).values(values))
        if state != row.state:
            _log(connection, issue, row.state, state, now, "composing", True, None)
        if change is not None:
            _changed(connection, issue, state, change, now)
        connection.execute(delete(issue_items).where(issue_items.c.issue == issue))
        news = len(digest.of_period)
        items = [
            {
                "issue": issue,
                # What is from the archive stands in the issue and is none of the "16 articles" that it has.
                "position": position if position <= news else -position,
                "story": item.story,
                "article": item.article,
                "version": item.version,
                "theme": item.theme,
                "reason": (because or {}).get(item.story) or "; ".join(item.because),
            }
            for position, item in enumerate(digest.items, 1)
        ]
        if items:
            connection.execute(issue_items.insert(), items)
        connection.execute(delete(issue_files).where(issue_files.c.issue == issue))
        rows = [{"issue": issue, "kind": f.kind, "path": f.path, "sha256": f.sha256, "size": f.size} for f in files]
        if rows:
            connection.execute(issue_files.insert(), rows)
        return _issue(connection, _row(connection, issue))


def _changed(connection: Connection, issue: str, state: str, change: Change, now: datetime) -> None:
    """In the transaction that keeps the new contents: no issue is approved with half of what its editor asked for."""
    rows = [{name: getattr(r, name) for name in Ruling.__dataclass_fields__} for r in change.rulings]
    if rows:
        connection.execute(rulings.insert(), rows)
    if change.undone:
        connection.execute(update(rulings).where(rulings.c.id.in_(change.undone)).values(undone_at=now))
    _log(connection, issue, state, state, now, change.by, change.proved, change.reason)


def move(
    store: Store,
    issue: str,
    state: str,
    *,
    now: datetime,
    by: str,
    proved: bool = False,
    reason: str | None = None,
    expires: datetime | None = None,
) -> bool:
    """Bring an issue into a state, with who decided it in the log; False where it is there already.

    Raises StoreError where its state doesn't allow it, as of an issue that its first reader has, and ValueError without
    a name: nothing leaves unnamed.
    """
    with store.writing() as connection:
        return move_in(connection, issue, state, now=now, by=by, proved=proved, reason=reason, expires=expires)


def move_in(
    connection: Connection,
    issue: str,
    state: str,
    *,
    now: datetime,
    by: str,
    proved: bool,
    reason: str | None,
    expires: datetime | None = None,
) -> bool:
    """`move`, as a part of a larger transaction."""
    if not by.strip():
        raise ValueError("a decision about an issue needs the name of who made it")
    row = _row(connection, issue)
    if row.state == state:
        return False
    if state not in MOVES[row.state]:
        allowed = ", ".join(sorted(MOVES[row.state])) or "nothing: that is final"
        raise StoreError(f"{issue} is {row.state!r} and can't become {state!r}. It may become: {allowed}.")
    if row.state in LEAVING and state not in LEAVING and (had := _reached(connection, issue)):
        raise StoreError(
            f"{issue} is being sent and can't become {state!r} any more: {had} of its readers have it, or may have it. "
            f'What is wrong with it can be said to all of them:  ./run correct {issue} --reason "…"'
        )
    values: dict[str, Any] = {"state": state, "updated": now}
    if expires is not None:  # a hold does not stop the clock
        values["expires"] = expires
    connection.execute(update(issues).where(issues.c.id == issue).values(values))
    _log(connection, issue, row.state, state, now, by, proved, reason)
    return True


def named_after(connection: Connection, issue: str, about: str = "") -> list[str]:
    """The names of an issue's other letters: "ISSUE copy 1", or a notice's "ISSUE about-what".

    Of letters there is one for each name, of the outbox's rows one for each reader: these are asked for by whole names,
    as a beginning is found by no index that PostgreSQL has of them.
    """
    query = select(letters.c.issue).where(begins_with(connection, letters.c.issue, f"{issue} {about}"))
    return list(connection.execute(query.distinct()).scalars())


def with_its_words(connection: Connection, issue: str) -> ColumnElement[bool]:
    """The messages that bring an issue to its readers, copies on request among them."""
    copies = named_after(connection, issue, "copy ")
    return outbox.c.issue.in_([issue, *copies]) & or_(outbox.c.kind.in_(FOR_READERS), outbox.c.issue != issue)


def reached(store: Store, issue: str) -> int:
    """How many messages of an issue have left or may have, be it this very moment."""
    with store.reading() as connection:
        return _reached(connection, issue)


def _reached(connection: Connection, issue: str) -> int:
    away = outbox.c.state.in_(("sending", "sent", "ambiguous", "bounced")) | outbox.c.resent.is_not(None)
    query = select(func.count()).select_from(outbox).where(with_its_words(connection, issue), away)
    return connection.execute(query).scalar() or 0


def bring_on(store: Store, issue: str, state: str, *, now: datetime, by: str) -> bool:
    """`move` of an issue that leaves; False where it is as far already, or is held: two deliveries may end together,
    and an editor may have been quicker than either."""
    with store.writing() as connection:
        was = _row(connection, issue).state
        if was not in LEAVING or LEAVING.index(was) >= LEAVING.index(state):
            return False
        return move_in(connection, issue, state, now=now, by=by, proved=True, reason=None)


def note(store: Store, issue: str, *, now: datetime, by: str, proved: bool, reason: str) -> None:
    """A line in an issue's log about something that leaves its state as it is."""
    with store.writing() as connection:
        state = _row(connection, issue).state
        _log(connection, issue, state, state, now, by, proved, reason)


def expire(store: Store, *, now: datetime) -> tuple[str, ...]:
    """Close the issues whose editor gave no answer in time, or held them until then; they are never sent."""
    late = issues.c.state.in_(("awaiting approval", "held")) & (issues.c.expires <= now)
    query = select(issues.c.id).where(late).order_by(issues.c.id)
    with store.reading() as connection:
        if not connection.execute(query.limit(1)).first():
            return ()
    with store.writing() as connection:
        # Asked again: another process may have closed them since, or an editor answered.
        found = connection.execute(query).scalars().all()
        why = "no approval in time"
        for issue in found:
            move_in(connection, issue, "expired", now=now, by="the calendar", proved=True, reason=why)
        return tuple(found)


def find(store: Store, issue: str) -> Issue | None:
    with store.reading() as connection:
        row = connection.execute(select(issues).where(issues.c.id == issue)).first()
        return _issue(connection, row) if row else None


def of_period(store: Store, edition: str, start: date, end: date) -> Issue | None:
    """The latest revision of an edition's issue of a period."""
    with store.reading() as connection:
        row = connection.execute(_of_period(edition, start, end)).first()
        return _issue(connection, row) if row else None


def left_last(store: Store, edition: str, start: date, end: date) -> Issue | None:
    """The latest revision of a period's issue that has left the house, or is leaving it."""
    query = _of_period(edition, start, end).where(issues.c.state.in_(LEAVING))
    with store.reading() as connection:
        row = connection.execute(query).first()
        return _issue(connection, row) if row else None


def latest(
    store: Store, *, edition: str | None = None, states: Sequence[str] | None = None, most: int = 20
) -> tuple[Issue, ...]:
    """Issues, newest period first. `states` narrows them, for example to ("awaiting approval",)."""
    query = select(issues)
    if edition is not None:
        query = query.where(issues.c.edition == edition)
    if states is not None:
        query = query.where(issues.c.state.in_(states))
    order = issues.c.period_end.desc(), issues.c.edition, issues.c.revision.desc()
    with store.reading() as connection:
        rows = connection.execute(query.order_by(*order).limit(most)).all()
        return tuple(_issue(connection, row) for row in rows)


def log(store: Store, issue: str) -> tuple[Decision, ...]:
    query = select(issue_log).where(issue_log.c.issue == issue).order_by(issue_log.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(Decision(r.at, r.was, r.became, r.by, r.proved, r.reason) for r in rows)


def proof(store: Store, issue: str) -> int:
    """The number of an issue's latest proof: 1, and one more for each time it was made anew."""
    with store.reading() as connection:
        return proof_in(connection, issue)


def proof_in(connection: Connection, issue: str) -> int:
    again = (issue_log.c.issue == issue) & (issue_log.c.was == issue_log.c.became) & issue_log.c.was.in_(OPEN)
    return 1 + (connection.execute(select(func.count()).where(again)).scalar() or 0)


def rulings_on_items(store: Store, issue: str) -> tuple[tuple[int, Ruling], ...]:
    """The rulings in force on single items of an issue, with their numbers, oldest first."""
    names = Ruling.__dataclass_fields__
    with store.reading() as connection:
        here = begins_with(connection, rulings.c.subject, f"item:{issue}/"), rulings.c.undone_at.is_(None)
        rows = connection.execute(select(rulings).where(*here).order_by(rulings.c.id)).all()
    return tuple((row.id, Ruling(**{name: getattr(row, name) for name in names})) for row in rows)


def earlier_revisions(store: Store, issue: Issue) -> tuple[Issue, ...]:
    """The revisions of the same issue before this one, oldest first."""
    query = _of_period(issue.edition, issue.start, issue.end).limit(None).where(issues.c.revision < issue.revision)
    with store.reading() as connection:
        return tuple(_issue(connection, row) for row in reversed(connection.execute(query).all()))


def _of_period(edition: str, start: date | str, end: date | str) -> Any:
    same = issues.c.edition == edition, issues.c.period_start == str(start), issues.c.period_end == str(end)
    return select(issues).where(*same).order_by(issues.c.revision.desc()).limit(1)


def _row(connection: Connection, issue: str) -> Row[Any]:
    row = connection.execute(select(issues).where(issues.c.id == issue)).first()
    if row is None:
        raise StoreError(f"There is no issue {issue!r}.")
    return row


def _issue(connection: Connection, row: Row[Any]) -> Issue:
    query = select(issue_files).where(issue_files.c.issue == row.id).order_by(issue_files.c.kind)
    return Issue(
        id=row.id,
        edition=row.edition,
        start=date.fromisoformat(row.period_start),
        end=date.fromisoformat(row.period_end),
        revision=row.revision,
        number=row.number,
        state=row.state,
        begun=row.begun,
        updated=row.updated,
        expires=row.expires,
        digest=from_json(Digest, row.digest) if row.digest else None,
        files=tuple(IssueFile(f.kind, f.path, f.sha256, f.size) for f in connection.execute(query)),
    )


def _log(
    connection: Connection, issue: str, was: str, became: str, now: datetime, by: str, proved: bool, reason: str | None
) -> None:
    row = {"issue": issue, "at": now, "was": was, "became": became, "by": by, "proved": proved, "reason": reason}
    add_new(connection, issue_log, [row])
