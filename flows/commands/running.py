"""Commands that run flows: collect, publish, digest, deliver, serve. Prefect is imported inside."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.settings import Settings
    from flows.collect import Collected
    from flows.publish import Published

app = typer.Typer()

EditionId = Annotated[str, typer.Argument(help="The edition: managers, members, … (editions.toml).")]
PeriodText = Annotated[
    str | None,
    typer.Option("--period", help="2026-W44, 2026-10, or 2026-10-26..2026-11-01; left out: the last whole one."),
]


@app.command()
def collect(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to read; left out: all of them.")] = None,
) -> None:
    """Read what is new: discover, fetch, read, judge, label, save."""
    settings = prepare()
    for source in sources or ():
        settings.source(source)  # a slip of the pen is told before Prefect starts
    from flows.collect import collect as flow

    tell_collected(flow(sources or None))


@app.command()
def publish(
    edition: EditionId,
    period: PeriodText = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make it in output/preview; keep and send nothing.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each item was chosen.")] = False,
) -> None:
    """Make an issue of an edition: compose, render, check, send."""
    prepare().edition(edition)
    from cuttings import periods

    if period:
        periods.parse(period)
    from flows.publish import publish as flow

    tell_published(flow(edition, period, dry_run), explain)


@app.command()
def digest(
    edition: Annotated[str | None, typer.Argument(help="The edition; left out: every edition.")] = None,
    period: PeriodText = None,
) -> None:
    """Collect, then publish: the whole way of a page in one command."""
    settings = prepare()
    from flows.collect import collect as collect_flow
    from flows.publish import publish as publish_flow

    chosen = [settings.edition(edition)] if edition else settings.editions
    tell_collected(collect_flow())
    for one in chosen:
        tell_published(publish_flow(one.id, period))


@app.command()
def deliver() -> None:
    """Send what waits in the outbox."""
    prepare()
    from flows.deliver import deliver as flow

    done = flow()
    typer.echo(f"{done.sent} sent, {done.refused} refused, {done.later} for later, {done.ambiguous} uncertain.")
    if done.again:
        typer.echo(f"{done.again} of those sent went out once more, as the first may have arrived.")
    for line in done.troubles:
        typer.echo(f"  {line}")


@app.command()
def serve() -> None:
    """Bring up server, schedules and worker, and stay until stopped."""
    from flows import place, serve

    try:
        raise typer.Exit(serve.main(place.settings()))
    except serve.CannotServe as error:
        typer.echo(f"cuttings: {error}", err=True)
        raise typer.Exit(1) from error


@app.command(
    "prefect", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def prefect_(context: typer.Context) -> None:
    """Prefect's own command line, told where our server is: cuttings prefect deployment run publish/managers."""
    prepare()
    raise typer.Exit(subprocess.run([sys.executable, "-m", "prefect", *context.args], check=False).returncode)


def prepare() -> Settings:
    """Settings first, so that a broken configuration is told at once and not after Prefect's slow import."""
    from flows import place, prefect_home, writable

    settings = place.settings()
    writable.check(place.output_folder(settings))
    prefect_home.prepare(settings)
    if "PREFECT_API_URL" not in os.environ:  # so a temporary server will be started
        prefect_home.make_records(settings)
    # What happened is printed by these commands and kept in the store; Prefect's own lines, a traceback for every
    # failed task among them, would bury it.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    os.environ["CUTTINGS_PROGRESS"] = "1"
    return settings


def tell_collected(collected: Collected) -> None:
    if not collected.ran:
        typer.echo("Another collect is at work; this one did nothing.")
        return
    width = max((len(c.name) for c in collected.sources), default=0)
    for c in collected.sources:
        counts = ", ".join(f"{n} {outcome}" for outcome, n in c.pages) or "nothing new"
        typer.echo(f"  {c.name:<{width}}  {c.failure or counts}")
        for remark in c.remarks:
            typer.echo(f"  {'':<{width}}  {remark}")
    read = len(collected.sources) - len(collected.failed)
    typer.echo(f"{read} of {len(collected.sources)} sources read.")


def tell_published(published: Published, explain: bool = False) -> None:
    for missed in published.earlier:
        tell_published(missed)
    typer.echo(f"{published.title}: {published.state}.")
    for path in published.files:
        typer.echo(f"  {path}")
    if published.messages:
        typer.echo(f"  {published.messages} messages in the outbox")
    if published.state == "awaiting approval":
        typer.echo(f"  To send it:  ./run approve {published.issue}")
    if explain and published.digest:
        for item in published.digest.items:
            typer.echo(f"  {item.number}  {item.headline.text}")
            for reason in item.because:
                typer.echo(f"      {reason}")
