"""Commands about people: forget, person, withdraw, retention. Each prints what it did, and what it could not reach."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cuttings.edges.store.erased import Sent
    from cuttings.edges.store.people import Erased, Voice
    from flows.erasing import Done
    from flows.house import House

from flows.commands.telling import stop

app = typer.Typer()

SourceId = Annotated[str | None, typer.Option("--source", help="Only at this source (its id in sources.toml).")]
By = Annotated[str, typer.Option("--by", help="Your name, for the log.")]


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="The name as it stands below articles, or the key of one comment.")],
    source: SourceId = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = "the operator",
) -> None:
    """Erase a reader's words and name everywhere, and keep them out from now on."""
    from cuttings.edges.store import judged, people
    from flows import erasing, keys
    from flows.house import open_house

    with open_house() as house:
        now = house.clock()
        _same_key(keys.faults(house.store))
        keys.note(house.store, now=now)
        if re.fullmatch(r"[0-9a-f]{16}", name) and name in judged.find(house.store, [name]):
            erasing.remember("comment", [name], "", now)
            gone = people.forget_comments(house.store, [name], by=by, now=now)
            typer.echo("That comment alone: others under its name stay. To erase those:  forget NAME --source ID")
        else:
            _known_source(house, source)
            if not _agreed(house, name, source, yes):
                raise typer.Exit(1)
            erasing.remember("person", [people.name_hash(house.store, name)], source or "", now)
            gone = people.forget(house.store, name, by=by, now=now, source=source)
        _carry_through(house, gone, name)


def _same_key(faults: Sequence[str]) -> None:
    """With another key nobody would be found, and it would look as if nothing were held."""
    for fault in faults:
        if "another key" in fault:
            stop(fault)


def _known_source(house: House, source: str | None) -> None:
    from cuttings.edges.store import sources

    if source is not None and sources.find(house.store, source) is None:
        house.settings.source(source)  # says which there are


def _agreed(house: House, name: str, source: str | None, yes: bool) -> bool:
    from cuttings.edges.store import bylines, people

    voices = [v for v in people.voices_of(house.store, name, source=source) if not v.erased]
    authored = bylines.authored(house.store, name)
    if authored:
        typer.echo(
            f"{name} is also the author of {len(authored)} article(s). `forget` is for people who comment: an article\n"
            "is its publisher's. Where the publisher takes one back, use:  ./run withdraw KEY --reason …"
        )
        for key in authored[:10]:
            typer.echo(f"  {key}")
    if not voices:
        if authored and not source:
            return False
        typer.echo(f"Nothing is held under the name {name}{f' at {source}' if source else ''}.")
        if not (yes or (sys.stdin.isatty() and typer.confirm("Keep this name out from now on?"))):
            typer.echo("To keep it out from now on all the same, add --yes.")
            return False
        return True
    if not (source and yes):
        _list(voices)
    sources = {v.source for v in voices}
    if yes:
        return True
    where = source or f"all {len(sources)} sources" if len(sources) > 1 else next(iter(sources)) or "there"
    question = f"Erase {len(voices)} comment(s) at {where}? Several people may share this name."
    if sys.stdin.isatty():
        return bool(typer.confirm(question))
    typer.echo(f"{question}\nNothing was erased. Say which with --source ID, or agree with --yes.", err=True)
    return False


def _list(voices: Sequence[Voice]) -> None:
    counts = Counter((v.source or "?", v.url or v.judged.comment.article) for v in voices)
    for (source, url), number in sorted(counts.items()):
        typer.echo(f"  {source}: {number} below {url}")


def _carry_through(house: House, gone: Erased, name: str) -> None:
    from cuttings.edges.store import erased
    from flows import erasing
    from flows.reading import open_readers

    now = house.clock()
    with open_readers(1) as readers:
        done = erasing.settle(house, readers, now=now)
    shown = erasing.shown_by(gone.texts, gone.names)
    erasing.from_prefect(erasing.prefect_database(house.settings), shown, done)
    done.left += erasing.remaining(house, shown)
    if not erased.scrub(house.store):
        done.left.append(
            "The store's file keeps deleted words in its free space until it is written anew. Something else was at "
            "work, or the disk has no room for it: give the same command again when that is over."
        )
    _tell(gone, done, erased.sent_of(house.store, gone.issues))
    if gone.names and not gone.comments:
        typer.echo(f"{name} is kept out from now on.")


def _tell(gone: Erased, done: Done, sent: Sequence[Sent]) -> None:
    typer.echo(
        f"Erased: {len(gone.comments)} comment(s) below {len(gone.articles)} article(s), with names, index and reasons."
    )
    _tell_done(done)
    if gone.asides:
        typer.echo(f"  {gone.asides} list(s) of 'latest comments' lost the passage")
    for issue in sent:
        when = f", last on {issue.last:%-d %B %Y}" if issue.last else ""
        typer.echo(f"  Issue {issue.issue} had printed words; it was sent to {issue.sent} recipient(s){when}.")
    if any(issue.sent for issue in sent):
        typer.echo("  What was sent is out of our hands. To tell its readers:  ./run correct ISSUE")
    typer.echo("Counts in earlier issues stay as they were. Backups made before today still hold the words; the list")
    typer.echo("of the forgotten is applied to any of them before it is used. Copies of your own are yours to delete.")
    for line in done.left:
        typer.echo(f"  NOT REACHED: {line}")


def _tell_done(done: Done) -> None:
    typer.echo(
        f"  raw pages: {done.pages_redacted} redacted, {done.pages_deleted} deleted, "
        f"{done.pages_gone} had ended by retention"
    )
    for path in done.files:
        typer.echo(f"  printed anew: {path}")
    if done.messages:
        typer.echo(f"  {done.messages} message(s) in the outbox folder written anew")
    if done.records:
        typer.echo(f"  {done.records} of Prefect's records deleted")


# ---------------------------------------------------------------- access


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="The name as it stands below articles.")],
    source: SourceId = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file, yours alone; else the screen.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Everything held about a reader, to answer their request for access."""
    from cuttings.edges.archive import write_whole
    from flows import access
    from flows.house import open_house

    with open_house() as house:
        held = access.held(house, name, source)
    text = access.as_json(held) if json else access.as_text(held)
    if output is None:
        typer.echo(text)
        return
    try:
        write_whole(output, f"{text}\n".encode())
    except OSError as error:
        stop(f"{output}: can't be written: {error.strerror}.")
    typer.echo(f"{len(held.comments)} comment(s) written to {output}, readable by you alone.")


# ---------------------------------------------------------------- publishers


@app.command()
def withdraw(
    what: Annotated[str, typer.Argument(help="An article's key or address, or the id of a source.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the log.", prompt="Why")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = "the operator",
) -> None:
    """Take an article, or all of a source, out for good at its publisher's wish."""
    from cuttings.edges.store import erased, people
    from flows import erasing
    from flows.house import open_house
    from flows.reading import open_readers

    with open_house() as house:
        now = house.clock()
        kind, value, keys = _meant(house, what)
        if not yes and not (sys.stdin.isatty() and typer.confirm(f"Withdraw {len(keys)} article(s) for good?")):
            stop(f"{len(keys)} article(s) would be withdrawn for good. Nothing was done: agree with --yes.")
        erasing.remember(kind, [value], "", now)
        if kind == "source":
            people.withdraw_source(house.store, value, by=by, now=now, reason=reason)
        else:
            people.withdraw_article(house.store, value, by=by, now=now, reason=reason)
        with open_readers(1) as readers:
            done = erasing.settle(house, readers, now=now)
        scrubbed = erased.scrub(house.store)
        printed = erased.sent_of(house.store, erased.issues_with(house.store, keys))
    typer.echo(f"Withdrawn: {len(keys)} article(s) with the comments below. They are kept out from now on.")
    _tell_done(done)
    for issue in printed:
        typer.echo(f"  Issue {issue.issue} ({issue.state}) printed it; {issue.sent} recipient(s) have it.")
        for line in _way_out(issue):
            typer.echo(f"    {line}")
    if not scrubbed:
        done.left.append(
            "The store's file could not be written anew, as something is at work or the disk has no room for it: give "
            "the same command again when that is over."
        )
    for line in done.left:
        typer.echo(f"  NOT REACHED: {line}")


def _way_out(issue: Sent) -> tuple[str, ...]:
    if issue.state in ("composed", "awaiting approval", "held"):
        return (
            "It has not left yet. It is made anew without that, and a new proof is mailed: within an hour under",
            "./run serve, or at once:  ./run remind",
        )
    if issue.state in ("approved", "delivering") and not issue.sent:
        return (
            "It has not left yet. With the next delivery it is held and made anew without that, and a new proof is",
            "mailed:  ./run deliver",
        )
    if issue.state in ("approved", "delivering", "delivered"):
        return (f'To tell those who had it:  ./run correct {issue.issue} --reason "…"',)
    return ()


def _meant(house: House, what: str) -> tuple[str, str, tuple[str, ...]]:
    from cuttings.addresses import canonical
    from cuttings.edges.store import articles, erased

    if any(s.id == what for s in house.settings.sources) or articles.keys(house.store, source=what, most=1):
        keys: list[str] = []
        while part := articles.keys(house.store, source=what, after=keys[-1] if keys else ""):
            keys += part
        return "source", what, tuple(keys)
    try:
        key = erased.at_address(house.store, what, canonical(what)) if "://" in what else what
    except ValueError as error:  # "http://["
        stop(str(error))
    if key is None or not re.fullmatch(r"[0-9a-f]{16,64}", key):
        stop(f"{what} is no source, no article's key and no article's address that we know.")
    return "article", key, (key,)


# ---------------------------------------------------------------- retention


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is over; delete nothing.")] = False,
) -> None:
    """Delete what has been kept for as long as the configuration says. Runs by itself under `serve`."""
    from flows.commands.running import prepare

    prepare()
    from flows.people import retention as flow

    for line in flow(dry_run).lines():
        typer.echo(line)
