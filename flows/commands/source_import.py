"""`cuttings source import`: the feeds of an OPML file as blocks for sources.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands import source_asking as asking
from flows.commands import source_shown as shown
from flows.commands.telling import stop


def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file, as feed readers export it.")],
    write: Annotated[bool, typer.Option("--write", help="Add them to config/local/sources.toml.")] = False,
) -> None:
    """Turn the feeds of an OPML file into blocks for sources.toml. What stands there is never changed."""
    from cuttings.edges.discover.opml import LARGEST, read_opml
    from flows import given
    from flows.place import local_folder, settings

    settings()  # a configuration that can't be read is not added to
    try:
        body = given.read(file, LARGEST + 1)
    except OSError as error:
        stop(f"{file} can't be read: {error.strerror}.")
    with asking.reader("cuttings.edges.discover.opml") as run:
        found = run(read_opml, body)
    if found.fault:
        stop(found.fault)
    written, twice = _blocks(found.feeds)
    aside = [*found.set_aside, *twice]
    target = local_folder() / "sources.toml"
    if write and written:
        _append(target, written)
        typer.echo(f"{shown.counted(len(written), 'source')} added to {target}.")
    else:
        typer.echo("\n".join(written), nl=False)
    for name, why in aside:
        typer.echo(f"Left out: {shown.short(name, 40)}: {why}.", err=True)
    total = len(written) + len(aside)
    typer.echo(f"{total} in the file: {len(written)} new, {len(aside)} left out.", err=True)
    if written and not write:
        typer.echo("Nothing was written: look through them, then use --write.", err=True)


def _blocks(feeds: Iterable[Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """A block for each feed that is not configured yet, and those that are."""
    from cuttings.addresses import canonical
    from cuttings.edges.discover.blocks import block, identifier

    taken, addresses = _configured()
    written, twice = [], []
    for feed in feeds:
        if (name := addresses.get(canonical(feed.url))) is not None:
            twice.append((feed.name, f"is configured already, as '{name}'"))
            continue
        chosen = identifier(feed.name, feed.url, taken)
        taken.add(chosen)
        addresses[canonical(feed.url)] = chosen
        values = {"id": chosen, "name": feed.name, "method": "feed", "url": feed.url}
        written.append(block(values))
    return written, twice


def _configured() -> tuple[set[str], dict[str, str]]:
    """Ids and addresses in the files, those taken out by `enabled = false` included."""
    import tomllib

    from cuttings.addresses import canonical
    from flows.place import config_folders

    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for folder in config_folders():
        path = folder / "sources.toml"
        blocks = tomllib.loads(path.read_text(encoding="utf-8")).get("source", []) if path.exists() else []
        for found in blocks:
            ids.add(found["id"])
            if isinstance(found.get("url"), str):
                try:
                    addresses[canonical(found["url"])] = found["id"]
                except ValueError:
                    continue  # a list's address with placeholders need not be one
    return ids, addresses


def _append(target: Path, blocks: Sequence[str]) -> None:
    """Old bytes first, whatever they are; the file is replaced whole, once it is known to be good."""
    import tempfile

    import parsers
    from cuttings.settings import load
    from flows.place import config_folders

    old = target.read_bytes() if target.exists() else b""
    gap = b"" if not old or old.endswith(b"\n\n") else b"\n" if old.endswith(b"\n") else b"\n\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".import-") as folder:
        new = Path(folder) / target.name
        new.write_bytes(old + gap + "\n".join(blocks).encode("utf-8"))
        load((*config_folders()[:-1], Path(folder)), parsers.family_names())
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)
