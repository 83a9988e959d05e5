"""Commands for what comes before and after sending: decisions on an issue, corrections, copies, the usage log."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.desk import recipients_app
from flows.commands.running import prepare, tell_published

if TYPE_CHECKING:
    from cuttings.edges.store.usage import Use
    from flows.decide import Decision

app = typer.Typer()

IssueId = Annotated[str, typer.Argument(help="The issue, as `cuttings issues` names it.")]
Item = Annotated[str, typer.Argument(help="The item as its proof prints it (M3, C1), or its article's address.")]
By = Annotated[
    str | None, typer.Option("--by", help="Your name, for the log. Left out: that of your account, which is proof.")
]
Why = Annotated[str, typer.Option("--reason", help="Why, in a sentence.", prompt="Why")]
Proof = Annotated[int | None, typer.Option("--proof", help="The number of the proof you looked at.")]


@app.command()
def approve(issue: IssueId, by: By = None, proof: Proof = None, reason: str | None = None) -> None:
    """Approve an issue that awaits approval, and send it."""
    _decide(issue, "approve", by, reason=reason, proof=proof)


@app.command()
def hold(issue: IssueId, reason: Why, by: By = None) -> None:
    """Keep an issue back for now. Without an approval before its deadline it is not sent."""
    _decide(issue, "hold", by, reason=reason)


@app.command("do-not-send")
def do_not_send(issue: IssueId, reason: Why, by: By = None) -> None:
    """Close an issue: its readers never get it."""
    _decide(issue, "do not send", by, reason=reason)


@app.command()
def strike(issue: IssueId, item: Item, reason: Why, by: By = None, proof: Proof = None) -> None:
    """Take an item out of an issue that awaits approval; a new proof is made and mailed."""
    _decide(issue, "strike", by, reason=reason, item=item, proof=proof)


@app.command()
def pin(issue: IssueId, item: Item, reason: Why, by: By = None, proof: Proof = None) -> None:
    """Put an item into an issue that awaits approval, and first; a new proof is made and mailed."""
    _decide(issue, "pin", by, reason=reason, item=item, proof=proof)


@app.command()
def write(
    issue: IssueId,
    item: Item,
    headline: Annotated[str | None, typer.Option(help="A plain headline, printed in [brackets].")] = None,
    summary: Annotated[str | None, typer.Option(help="What it says, in your words.")] = None,
    question: Annotated[str | None, typer.Option(help="A question that readers could ask.")] = None,
    by: By = None,
    proof: Proof = None,
) -> None:
    """Add a note by the council to an item, under your name; a new proof is made and mailed."""
    _decide(issue, "write", by, item=item, headline=headline, summary=summary, question=question, proof=proof)


@app.command("take-back")
def take_back(issue: IssueId, item: Item, reason: Why, by: By = None) -> None:
    """Undo what was struck, pinned or written on an item of an issue that awaits approval."""
    _decide(issue, "take back", by, reason=reason, item=item)


@app.command()
def remind() -> None:
    """Call to mind what waits for an approval, and close what had none in time. `serve` does it every hour."""
    prepare()
    from flows.deadlines import BY, DECISION
    from flows.decide import decide

    said = decide("", DECISION, BY)
    typer.echo(f"{said[:1].upper()}{said[1:]}.")


def _decide(issue: str, decision: Decision, by: str | None, **given: str | int | None) -> None:
    name = _named(by)
    prepare()
    from flows.decide import decide

    typer.echo(f"{issue}: {decide(issue, decision, name, **given)}.")  # type: ignore[arg-type]


def _named(by: str | None) -> str:
    """The name under a decision: as given, else the account's, else asked for."""
    from flows import who

    if by is not None:
        return by
    account = who.account()
    if account is None:
        return str(typer.prompt("Your name"))
    who.proved.set(True)
    return account


# ---------------------------------------------------------------- after sending


@app.command()
def correct(
    issue: IssueId,
    reason: Annotated[str, typer.Option("--reason", help="What was wrong; every reader sees it.", prompt="What")],
    by: By = None,
    proof_first: Annotated[bool, typer.Option("--proof-first", help="Only make a proof; approve it later.")] = False,
) -> None:
    """Send a corrected issue, with what was wrong as its first words, to exactly those who had it."""
    name = _named(by)
    prepare()
    from flows.publish import correct as flow

    tell_published(flow(issue, reason, name, proof_first))


@app.command()
def resend(
    issue: IssueId, address: Annotated[str, typer.Argument(help="The reader's address.")], by: By = None
) -> None:
    """Send an issue again to one reader who asks for it: on the edition's list, or had it."""
    from flows.house import open_house

    name = _named(by)
    prepare()
    from flows import deliver, who

    with open_house() as house:
        new = deliver.resend(house, issue, address, by=name, proved=who.proved.get(), now=house.clock())
    if not new:
        typer.echo(f"{address} was sent {issue} again within the last ten minutes; nothing was done.")
        return
    deliver.deliver()
    typer.echo(f"{issue} is sent again to {address}.")


@app.command()
def usage(
    issue: Annotated[str | None, typer.Argument(help="An issue; left out: all of them.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line for each article, for a spreadsheet.")] = False,
) -> None:
    """Whose words were printed, how many, under which licence and for how many readers."""
    from cuttings.edges.store import outbox
    from cuttings.edges.store import usage as stored
    from flows.house import open_house

    with open_house() as house:
        uses = stored.of_issue(house.store, issue) if issue else stored.every(house.store)
        twice = {} if as_csv else outbox.may_have_two(house.store, issue)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(("issue", "source", "licence", "article", "words", "recipients", "at"))
        writer.writerows((u.issue, u.source or "", u.licence, u.article, u.words, u.recipients, u.at) for u in uses)
    elif uses:
        _table(uses, twice)
    else:
        typer.echo("Nothing was sent yet." if issue is None else f"Nothing of {issue} was sent yet.")


def _table(uses: tuple[Use, ...], twice: Mapping[str, int]) -> None:
    """Readers are counted, not copies: of whom a message may have arrived, and was sent once more, it says so."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for use in uses:
        row = sums.setdefault((use.issue, use.source or "unknown source", use.licence), [0, 0, 0])
        row[0], row[1], row[2] = row[0] + 1, row[1] + use.words, max(row[2], use.recipients)
    before = ""
    for (name, source, licence), (articles, words, people) in sums.items():
        if name != before:
            typer.echo(f"{name}: {people} readers{f'; {twice[name]} may have two' if twice.get(name) else ''}")
            before = name
        typer.echo(f"  {source[:32]:<32} {licence:<8} {articles:>4} articles {words:>6} words")


@recipients_app.command("allow")
def allow(address: str) -> None:
    """Take an address off the list of those who get no mail: it works again, or they asked."""
    from cuttings.edges.store import recipients
    from flows import stopped
    from flows.house import open_house

    with open_house() as house:
        try:
            was = recipients.unsuppress(house.store, address)
            stopped.allow(house.store, [address], "", house.clock())
        except recipients.BadAddress as error:
            typer.echo(f"cuttings: {error}", err=True)
            raise typer.Exit(1) from error
    typer.echo(
        f"{address} may get mail again. Add them to their editions: ./run recipients add EDITION {address}"
        if was
        else f"{address} was not kept from mail."
    )
