"""Commands that look into the store: recipients, issues, outbox, quarantine. No Prefect."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.commands.telling import stop

if TYPE_CHECKING:
    from datetime import datetime

    from cuttings.edges.store.outbox import Mailing
    from cuttings.edges.store.recipients import Recipient

app = typer.Typer()
recipients_app = typer.Typer(help="Who gets which edition.", no_args_is_help=True)
outbox_app = typer.Typer(help="Messages: what left, what did not, what is uncertain.", no_args_is_help=True)
quarantine_app = typer.Typer(help="Comments kept out of print, and why.", no_args_is_help=True)
app.add_typer(recipients_app, name="recipients")
app.add_typer(outbox_app, name="outbox")
app.add_typer(quarantine_app, name="quarantine")

EditionId = Annotated[str, typer.Argument(help="The edition: managers, members, … (editions.toml).")]
By = Annotated[str, typer.Option("--by", help="Your name, for the log.", prompt="Your name")]
_WHY = {"unsubscribed": "asked for no more mail", "bounced": "what we sent came back"}


# ---------------------------------------------------------------- recipients


@recipients_app.command("add")
def add(edition: EditionId, address: str, name: Annotated[str | None, typer.Option(help="Their name.")] = None) -> None:
    """Add somebody to an edition."""
    from cuttings.edges.store import recipients
    from flows import stopped
    from flows.house import open_house

    with open_house() as house:
        house.settings.edition(edition)
        try:
            new = recipients.add(house.store, edition, address, now=house.clock(), name=name)
        except recipients.BadAddress as error:
            stop(str(error))
        stopped.allow(house.store, [address], edition, house.clock())
        kept = recipients.suppressed(house.store, address)
    if kept:
        typer.echo(f"{address} is on the list of {edition}, and gets nothing all the same:")
        typer.echo("\n".join(_kept_from_mail([(address, kept)])))
    else:
        typer.echo(f"{address} gets {edition}." if new else f"{address} has been getting {edition} already.")


def _kept_from_mail(people: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Who is on a list and gets no mail, why, and how to change it."""
    for address, why in people:
        yield f"  {address}: {_WHY.get(why, why)}"
    yield "Only where they ask for it themselves, or the address works again:"
    yield f"  ./run recipients allow {people[0][0] if len(people) == 1 else 'ADDRESS'}"


@recipients_app.command("stop")
def stop_(
    address: str,
    reason: Annotated[str, typer.Option("--reason", help="How they asked, for whoever looks later.", prompt="How")],
) -> None:
    """Send somebody no more mail, as they asked by telephone or letter: off every edition, and kept off."""
    from cuttings.edges.store import recipients
    from flows import stopped
    from flows.house import open_house

    if not reason.strip():
        stop('Say how they asked, so that others can tell later:  --reason "by telephone"')
    with open_house() as house:
        try:
            off = recipients.unsubscribe(house.store, address, now=house.clock(), detail=" ".join(reason.split()))
        except recipients.BadAddress as error:
            stop(str(error))
        stopped.remember(house.store)
    lists = f"taken off {off} edition{'s' if off != 1 else ''}" if off else "on no list"
    typer.echo(f"{address} gets no more mail ({lists}), be they added or imported again.")


@recipients_app.command("remove")
def remove(edition: EditionId, address: str) -> None:
    """Take somebody off an edition. Who asked for no more mail at all: `stop`."""
    from cuttings.edges.store import recipients
    from flows import stopped
    from flows.house import open_house

    with open_house() as house:
        try:
            gone = recipients.remove(house.store, edition, address, now=house.clock())
        except recipients.BadAddress as error:
            stop(str(error))
        stopped.remember(house.store)
    typer.echo(f"{address} no longer gets {edition}." if gone else f"{address} was not getting {edition}.")


@recipients_app.command("list")
def list_(
    edition: Annotated[str | None, typer.Argument(help="The edition; left out: all.")] = None,
    kept: Annotated[bool, typer.Option("--stopped", help="Only who gets no mail, since when and why.")] = False,
) -> None:
    """Who gets what, and who is kept from it and why."""
    from cuttings.edges.store import recipients
    from flows.house import open_house

    with open_house() as house:
        if kept:
            for line in _stopped(recipients.suppressions(house.store), recipients.every(house.store, edition), edition):
                typer.echo(line)
            return
        for r in recipients.every(house.store, edition):
            state = "removed" if r.removed else r.suppressed or ""
            typer.echo(f"{r.edition:<12} {r.address:<40} {r.name or ''} {f'({state})' if state else ''}".rstrip())


def _stopped(
    rows: Sequence[tuple[str, str, datetime, str | None]], people: Sequence[Recipient], edition: str | None
) -> Iterator[str]:
    listed = {r.address.casefold() for r in people}
    shown = [row for row in rows if edition is None or row[0].casefold() in listed]
    for address, why, at, detail in shown:
        yield f"{address:<40} since {at:%-d %B %Y}: {_WHY.get(why, why)}{f' ({detail})' if detail else ''}"
    if not shown:
        yield "Nobody is kept from mail."


@recipients_app.command("export")
def export(edition: EditionId) -> None:
    """The recipients of an edition as CSV, to standard output."""
    from cuttings.edges.store import recipients
    from flows.house import open_house

    writer = csv.writer(sys.stdout)
    writer.writerow(("address", "name"))
    with open_house() as house:
        for r in recipients.of_edition(house.store, edition):
            writer.writerow((r.address, r.name or ""))


@recipients_app.command("import")
def import_(
    edition: EditionId,
    file: Annotated[Path, typer.Argument(help="CSV with the columns address and name (the second may be missing).")],
    replace: Annotated[bool, typer.Option("--replace", help="Remove everybody who is not in the file.")] = False,
) -> None:
    """Take recipients in from a CSV file: all of them, or none where one address is wrong."""
    from cuttings.edges.store import recipients
    from flows import given, stopped
    from flows.house import open_house

    try:
        rows = list(csv.DictReader(given.read(file).decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        stop(f"{file}: can't be read: {error}")
    if not rows or "address" not in rows[0]:
        stop(f"{file}: the first line must name the columns: address,name")
    wanted: list[tuple[str, str | None]] = []
    for line, row in enumerate(rows, 2):
        try:
            wanted.append((recipients.checked(row["address"] or ""), row.get("name") or None))
        except recipients.BadAddress as error:
            stop(f"{file}, line {line}: {error} Nothing was taken in.")
    with open_house() as house:
        house.settings.edition(edition)
        if replace:
            added, gone = recipients.replace_all(house.store, edition, wanted, now=house.clock())
        else:
            now = house.clock()
            added = sum(recipients.add(house.store, edition, address, now=now, name=name) for address, name in wanted)
            gone = 0
        stopped.allow(house.store, [address for address, _ in wanted], edition, house.clock())
        stopped.remember(house.store)
        found = ((address, recipients.suppressed(house.store, address)) for address, _ in wanted)
        kept = [(address, why) for address, why in found if why]
    typer.echo(f"{added} added, {gone} removed, {len(wanted) - added} were there.")
    if kept:
        typer.echo(f"{len(kept)} of them get nothing all the same:")
        typer.echo("\n".join(_kept_from_mail(kept)))


# ---------------------------------------------------------------- issues and outbox


@app.command()
def issues() -> None:
    """The latest issues, with their state and their files."""
    from cuttings.edges.store import issues as stored
    from flows.house import open_house

    with open_house() as house:
        found = stored.latest(house.store)
        for issue in found:
            typer.echo(f"{issue.id}  no {issue.number}  {issue.state}")
            for file in issue.files:
                typer.echo(f"    {file.path}")
        if not found:
            typer.echo("There is no issue yet.")


@outbox_app.command("list")
def outbox_list(
    issue: Annotated[str | None, typer.Argument(help="An issue; left out: what needs a person.")] = None,
) -> None:
    """The messages of an issue; else those that were refused, given up or are uncertain, and those sent twice."""
    from cuttings.edges.store import outbox
    from flows.house import open_house

    with open_house() as house:
        rows = outbox.of_issue(house.store, issue) if issue else outbox.troubled(house.store)
        shown = {row.id for row in rows}
        twice = () if issue else tuple(row for row in outbox.doubled(house.store) if row.id not in shown)
        two = outbox.may_have_two(house.store, issue).get(issue) if issue else None
    for row in rows:
        typer.echo(_message(row))
    if two:
        typer.echo(f"{two} of these readers may have it twice: nobody can say whether the first message arrived.")
    if not rows:
        typer.echo("No message." if issue else "No message needs you.")
    if twice:
        typer.echo("Sent once more by themselves, as the first may have arrived; nothing is to be done:")
    for row in twice:
        typer.echo(_message(row))


def _message(row: Mailing) -> str:
    again = f" (sent once more {row.resent})" if row.resent else ""
    return f"{row.id:>6}  {row.state:<10} {row.recipient:<36} {row.issue}  {row.detail or ''}".rstrip() + again


@outbox_app.command("resolve")
def outbox_resolve(
    message: Annotated[int, typer.Argument(help="Its number, as `outbox list` shows it.")],
    decision: Annotated[Literal["resend", "sent", "refused"], typer.Argument(help="What to do, or what you know.")],
    by: By,
) -> None:
    """Settle an uncertain message: send it again, or record what became of it."""
    from cuttings.edges.store import issues, outbox, recipients, sending
    from cuttings.edges.store.issues import FOR_READERS
    from flows import kept_back
    from flows.house import open_house
    from flows.place import send_by

    with open_house() as house:
        now = house.clock()
        if decision == "resend" and (row := outbox.find(house.store, message)) and row.kind in (*FOR_READERS, "copy"):
            issue = issues.find(house.store, row.issue.partition(" copy ")[0])
            if issue is not None and (bar := kept_back.may_not_leave(house, issue, now)):
                stop(f"Nothing is sent again: {bar}.")
            why = recipients.suppressed(house.store, row.recipient)
            if why:
                stop("Nothing is sent again.\n" + "\n".join(_kept_from_mail([(row.recipient, why)])))
        deadline = send_by(house.settings, now) if decision == "resend" else None
        sending.resolve(house.store, message, decision, now=now, by=by, deadline=deadline)
    typer.echo("It goes out with the next deliver." if decision == "resend" else f"Recorded: {decision}.")


# ---------------------------------------------------------------- quarantine


@quarantine_app.command("list")
def quarantine_list(
    outcome: Annotated[Literal["spam", "review", "duplicate"], typer.Option(help="Which kind.")] = "review",
    most: Annotated[int, typer.Option(help="How many.", min=1)] = 50,
) -> None:
    """Comments that are kept out of print, the most suspect first; + speaks for spam, - for a reader."""
    from cuttings.edges.store import judged
    from flows.house import open_house
    from flows.terminal import wrapped

    with open_house() as house:
        rows = judged.by_outcome(house.store, outcome, most=most)
        for row in rows:
            text = " ".join(row.comment.text.split())
            typer.echo(f"{row.comment.key}  {row.verdict.score:.2f}")
            typer.echo("\n".join(wrapped(f"{text[:200]}{'…' if len(text) > 200 else ''}", indent="    ")))
            for reason in row.verdict.because:
                sign = "+" if reason.weight > 0 else "-" if reason.weight < 0 else " "
                typer.echo("\n".join(wrapped(f"{sign} {reason.sentence}", indent="    ")))
        if not rows:
            typer.echo(f"No comment is held as {outcome}.")


@quarantine_app.command("rule")
def quarantine_rule(
    comment: Annotated[str, typer.Argument(help="The comment's key, as `quarantine list` shows it.")],
    decision: Annotated[Literal["release", "spam", "duplicate"], typer.Argument(help="What it is.")],
    by: By,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
) -> None:
    """Rule on a comment: your word outranks every rule, for its copies too."""
    from cuttings import rulings
    from cuttings.edges.store import judged
    from cuttings.model import Ruling
    from flows import judging
    from flows.house import open_house

    with open_house() as house:
        if comment not in judged.find(house.store, [comment]):
            stop(f"There is no comment {comment}.")
        judged.rule(house.store, [Ruling(rulings.comment(comment), decision, None, by, house.clock(), reason)])
        judging.judge_like_ruled(house, [comment], now=house.clock())
    typer.echo(f"{comment}: {decision}.")
