"""`cuttings demo`: the whole way of a page, on the sample site, over real HTTP."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cuttings.model import Audit

app = typer.Typer()

AS_AT = "2026-11-02T07:00:00+00:00"  # the Monday after the sample site's busiest week

COUNCIL = """
[council]
name = "Fellshire County Council"
contact_name = "Morag Tennant, policy officer"
contact_email = "policy@fellshire.example"
contact_phone = "01632 960 142"
local = ["Fellshire"]

[delivery]
channel = "outbox"
sender = "cuttings@fellshire.example"
sender_name = "Fellshire cuttings"
"""

EDITIONS = """
[[edition]]
id = "managers"
recipients = ["adults.managers@fellshire.example", "hospital.team@fellshire.example"]

[[edition]]
id = "members"
recipients = ["cllr.ashgrove@fellshire.example", "cllr.penhale@fellshire.example", "cllr.okoro@fellshire.example"]
"""


@app.command()
def demo() -> None:
    """Read the sample site and make both editions, in output/demo."""
    from flows import writable
    from flows.place import HOME

    sys.path.insert(0, str(HOME))  # the sample site lives with the tests
    from tests.site.server import serve, sources_toml

    began = time.monotonic()
    output = HOME / "output" / "demo"
    writable.check(output)
    _empty(output)
    with serve() as site:
        _configure(output, sources_toml(site))
        typer.echo(f"The sample site is up on this machine; the digest is made as at {AS_AT[:10]}.")
        typer.echo("Starting Prefect …")
        _run(output)
    typer.echo(f"\nDone in {time.monotonic() - began:.0f} seconds.")


def _empty(output: Path) -> None:
    """Begin afresh each time, but keep Prefect's own folder: making it anew takes ten seconds."""
    for path in output.glob("*") if output.exists() else ():
        if path.name != "prefect":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _configure(output: Path, sources: str) -> None:
    from cuttings.settings import load
    from flows.place import HOME

    folder = output / "config"
    folder.mkdir(parents=True)
    real = [source.id for source in load([HOME / "config" / "default"]).sources]
    off = "".join(f'[[source]]\nid = "{name}"\nenabled = false\n\n' for name in real)
    (folder / "sources.toml").write_text(off + sources, encoding="utf-8")
    (folder / "council.toml").write_text(COUNCIL, encoding="utf-8")
    (folder / "editions.toml").write_text(EDITIONS, encoding="utf-8")
    shutil.copy(HOME / "tests" / "site" / "council" / "themes.toml", folder / "themes.toml")
    os.environ |= {
        "CUTTINGS_CONFIG": os.pathsep.join((str(HOME / "config" / "default"), str(folder))),
        "CUTTINGS_OUTPUT": str(output),
        "CUTTINGS_AS_AT": AS_AT,
    }
    os.environ.pop("CUTTINGS_DATABASE", None)
    os.environ.pop("PREFECT_API_URL", None)  # a server of the deployer's has nothing to do with this


def _run(output: Path) -> None:
    from flows.commands.running import prepare, tell_collected, tell_published

    settings = prepare()
    from flows.collect import collect
    from flows.publish import publish

    typer.echo("\nCollecting")
    tell_collected(collect())
    audit: Audit | None = None
    for edition in settings.editions:
        typer.echo(f"\nPublishing: {edition.name}")
        published = publish(edition.id)
        tell_published(published)
        audit = published.digest.audit if published.digest else audit
    if audit:
        _tell_audit(audit)
    typer.echo("\nThe messages, each to be opened in a mail client:")
    for path in sorted((output / "outbox").glob("*.eml")):
        typer.echo(f"  {path}")


def _tell_audit(audit: Audit) -> None:
    aside, failed = sum(n for _, n in audit.pages_set_aside), sum(n for _, n in audit.pages_failed)
    typer.echo("\nThe audit")
    typer.echo(f"  sources   {len(audit.sources)} asked, {len(audit.sources_failed)} could not be read")
    typer.echo(f"  pages     {audit.pages_in} in = {audit.pages_read} read + {aside} set aside + {failed} failed")
    typer.echo(f"  articles  {audit.articles} = {audit.stories} stories + {audit.copies} copies")
    typer.echo(
        f"  comments  {audit.comments_in} in = {audit.comments_kept} kept + {audit.comments_duplicate} duplicates"
        f" + {audit.comments_spam} spam + {audit.comments_review} awaiting an editor"
    )
    typer.echo("  It adds up." if not audit.faults() else f"  IT DOES NOT ADD UP: {'; '.join(audit.faults())}")
