"""`cuttings init`: ask for what is needed and write it to the folder the deployer owns."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.place import hash_key, local_folder

app = typer.Typer()


@app.command()
def init(
    name: Annotated[str | None, typer.Option(help="The council's name.")] = None,
    contact_name: Annotated[str | None, typer.Option(help="The contact officer.")] = None,
    contact_email: Annotated[str | None, typer.Option(help="The contact officer's e-mail address.")] = None,
    contact_phone: Annotated[str | None, typer.Option(help="The contact officer's telephone number.")] = None,
    crest: Annotated[Path | None, typer.Option(help="The council's crest, a PNG or SVG file.")] = None,
    smtp_host: Annotated[
        str | None, typer.Option(help="The mail server; none: messages stay in output/outbox.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what stands there.")] = False,
) -> None:
    """Ask for council, contact officer and mail server, and write config/local."""
    folder = local_folder()
    path = folder / "council.toml"
    if path.exists() and not force:
        typer.echo(f"{path} stands already: edit it, or use --force to write it anew.", err=True)
        raise typer.Exit(1)

    ask = sys.stdin.isatty()
    council = {
        "name": _answer(ask, name, "The council's name", "Our council"),
        "contact_name": _answer(ask, contact_name, "The contact officer's name", "The policy team"),
        "contact_email": _answer(ask, contact_email, "The contact officer's e-mail address", None),
        "contact_phone": _answer(ask, contact_phone, "Their telephone number (may stay empty)", ""),
        "crest": _answer(ask, str(crest) if crest else None, "The crest, a PNG or SVG file (may stay empty)", ""),
    }
    if council["crest"]:
        council["crest"] = str(Path(council["crest"]).expanduser().resolve())
        if not Path(council["crest"]).is_file():
            raise typer.BadParameter(f"there is no crest at {council['crest']}")
    host = _answer(ask, smtp_host, "The mail server (empty: messages are written to output/outbox)", "")
    delivery: dict[str, Any] = {"channel": "smtp" if host else "outbox", "sender": council["contact_email"]}
    if host:
        delivery |= {
            "host": host,
            "port": typer.prompt("Its port", default=587, type=int) if ask else 587,
            "username": _answer(ask, None, "The user name there (may stay empty)", ""),
        }
    text = _toml({"council": council, "delivery": delivery})
    _check(text)

    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    hash_key()
    typer.echo(f"Written: {path}")
    if host:
        typer.echo("The mail password is read from the environment: CUTTINGS_SMTP_PASSWORD.")
    typer.echo("Next:  ./run recipients add managers name@your-council.gov.uk   then   ./run serve")


def _answer(ask: bool, given: str | None, question: str, default: str | None) -> str:
    if given is not None:
        return given.strip()
    if ask:
        return str(typer.prompt(question, default=default, show_default=bool(default))).strip()
    if default is None:
        raise typer.BadParameter(f"{question} is needed: there is no terminal to ask on, so give it as an option.")
    return default


def _toml(tables: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for table, values in tables.items():
        lines.append(f"[{table}]")
        # A JSON string or number is a TOML string or number too.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value != ""]
        lines.append("")
    return "\n".join(lines)


def _check(text: str) -> None:
    """Refuse to write what could not be read back, in the words of the configuration's own checks."""
    import tempfile

    from cuttings.settings import load

    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "council.toml").write_text(text, encoding="utf-8")
        load([Path(scratch)])
