"""Commands `backup` and `restore`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.terminal import shown

if TYPE_CHECKING:
    from cuttings.edges.restoring import Restored

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; left out: output/backups, named by the time.")] = None,
    secrets: Annotated[bool, typer.Option("--with-secrets", help="The hash key and the log-in too.")] = False,
) -> None:
    """Write store, raw pages, issues and configuration into one file, while everything runs."""
    from cuttings.edges import backup as edge
    from cuttings.edges.store import runs
    from flows import place
    from flows.house import open_house

    with open_house() as house:
        now = house.clock()
        file = file or house.output / "backups" / f"cuttings-{now:%Y-%m-%d-%H%M%S}.tar"
        if file.exists():
            raise edge.BackupError(f"{file} is there already. Nothing was written.")
        made = edge.make(
            house.store, house.archive, house.output / "issues", place.local_folder(), file, now=now, secrets=secrets
        )
        runs.mark(house.store, "backup", now.isoformat(), now=now)  # `doctor` asks how old the latest is
    pages = sum(name.startswith("pages/") for name in made.files)
    typer.echo(shown(str(file)))
    typer.echo(f"  {made.counts.get('articles', 0)} articles, {made.counts.get('comments', 0)} comments, {pages} pages")
    if secrets:
        typer.echo("  It holds the hash key: whoever has this file can recognise commenters. Lock it away.")
    else:
        typer.echo("  Without secrets. Keep copies of config/local/hash-key and config/local/forgotten elsewhere:")
        typer.echo("  without the key no writer is recognised again; without the list nobody stays forgotten.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="In the place of the store that is here.")] = False,
    nothing_sent: Annotated[
        bool,
        typer.Option(
            "--nothing-sent-since",
            envvar="CUTTINGS_NOTHING_SENT_SINCE",
            help="You know that no issue was sent since it was made: the store is being moved.",
        ),
    ] = False,
) -> None:
    """Bring a backup back: checked, brought up to date, and without those who were forgotten since."""
    from cuttings.edges import restoring
    from cuttings.edges.archive import Archive
    from flows import erasing, house, place
    from flows.reading import open_readers

    settings = place.settings()
    output, now = place.output_folder(settings), place.now()
    address = house.database(settings)
    key, config = _key(file), place.local_folder()
    _remember_what_is_here(address, key, now)
    done = restoring.restore(
        file,
        address,
        Archive(output / "pages"),
        output / "issues",
        config,
        hash_key=key,
        prepare=lambda store: erasing.bring_under(store, now),
        now=now,
        replace=replace,
        nothing_sent=nothing_sent,
        answer_days={edition.id: edition.answer_days for edition in settings.editions},
    )
    with house.open_house() as opened, open_readers(1) as readers:
        left = erasing.settle(opened, readers, now=now)
    typer.echo(f"Restored: the state of {done.manifest.made[:16].replace('T', ' ')} UTC.")
    typer.echo(f"  {done.pages} raw pages and {done.files} files of issues were brought back")
    typer.echo(f"  {done.forgotten} comments and articles were erased again: they were forgotten since")
    typer.echo(f"  raw pages: {left.pages_redacted} redacted, {left.pages_deleted} deleted")
    for name in done.kept:
        typer.echo(f"  {config / name} differs from the backup's and was left as it is.")
    for line in left.left:
        typer.echo(f"  NOT REACHED: {line}")
    for line in _mail(done, nothing_sent=nothing_sent):
        typer.echo(line)


def _mail(done: Restored, *, nothing_sent: bool) -> Iterator[str]:
    """What the officer must know about messages: none goes to anybody twice."""
    if nothing_sent:
        yield "Messages that waited when it was made go out with the next delivery, as nothing was sent since."
        return
    if done.doubt is None:
        yield "Issues, messages and readers are as they were here just now: nothing is sent twice."
        return
    yield "What was sent after the backup was made is not known here. So that nobody gets an issue twice:"
    yield "  Each issue whose days are over by today waits for an approval. Its proof says why. Ask a"
    yield "  reader whether it came: then ./run do-not-send ISSUE, else ./run approve ISSUE."
    if done.doubt.waiting:
        yield f"  {done.doubt.waiting} waited for an answer when the backup was made: a new proof of each is mailed."
    if done.doubt.messages:
        yield f"  {done.doubt.messages} messages that waited then are not sent by themselves:  ./run outbox list"
    yield "  If you know that nothing was sent since, restore it again with --replace --nothing-sent-since."


def _key(file: Path) -> bytes:
    """The hash key that is here; on a new machine the one that the backup brings, if it was made with its secrets."""
    from cuttings.edges import backup as edge
    from flows import place

    here = place.local_folder() / place.KEY_FILE
    if not here.exists():
        if (brought := edge.key_in(file)) is not None:
            return brought  # `restore` puts it into its place, with the rest of the configuration
        if edge.read_manifest(file).key is not None:  # a new one would be none of this store's
            raise edge.BackupError(
                f"The backup does not hold the hash key that its names were hashed with, and there is none here. Put"
                f" the key of that time back first, as {here}: without it nobody who was forgotten is recognised."
            )
    return place.hash_key()


def _remember_what_is_here(address: str | Path, key: bytes, now: datetime) -> None:
    """The store about to be replaced may know of people whom the list does not name. It may also be damaged, be it only
    in the tables that tell so: that is why a backup is wanted. What the list says holds all the same."""
    from cuttings.edges import sent_since
    from flows import erasing

    store = sent_since.readable(address, key)
    if store is None:
        return
    try:
        with suppress(*sent_since.UNREADABLE):
            erasing.in_ledger(store, now)
    finally:
        store.close()
