"""Commands `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.terminal import shown

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
) -> None:
    """Bring a backup back: checked, brought up to date, and without those who were forgotten since."""
    from cuttings.edges import restoring
    from cuttings.edges.archive import Archive
    from flows import erasing, house, place
    from flows.reading import open_readers

    settings = place.settings()
    output, now = place.output_folder(settings), place.now()
    address = house.database(settings)
    key, config = place.hash_key(), place.local_folder()
    _remember_what_is_here(address, key, now)
    done = restoring.restore(
        file,
        address,
        Archive(output / "pages"),
        output / "issues",
        config,
        hash_key=key,
        prepare=lambda store: erasing.bring_under(store, now),
        replace=replace,
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


def _remember_what_is_here(address: Any, key: bytes, now: Any) -> None:
    """The store about to be replaced may know of people whom the list does not name."""
    from cuttings.edges.store import StoreError, open_store
    from flows import erasing

    if "://" not in str(address) and not Path(address).exists():
        return
    try:
        store = open_store(address, hash_key=key)
    except StoreError:  # damaged: that is why a backup is wanted
        return
    try:
        erasing.in_ledger(store, now)
    finally:
        store.close()
