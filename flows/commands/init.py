"""`cuttings init`: ask for what is needed and write it to the folder the deployer owns."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from flows.terminal import shown

app = typer.Typer()

Tables = dict[str, dict[str, Any]]
_QUESTIONS: Mapping[str, tuple[str, str | None]] = {  # what is asked, and what stands where nothing is said
    "name": ("The council's name", "Our council"),
    "contact_name": ("The contact officer's name", "The policy team"),
    "contact_email": ("The contact officer's e-mail address", None),
    "contact_phone": ("Their telephone number (may stay empty)", ""),
    "crest": ("The crest, a PNG or SVG file (may stay empty)", ""),
}


@app.command()
def init(
    name: Annotated[str | None, typer.Option(help="The council's name.")] = None,
    contact_name: Annotated[str | None, typer.Option(help="The contact officer.")] = None,
    contact_email: Annotated[str | None, typer.Option(help="The contact officer's e-mail address.")] = None,
    contact_phone: Annotated[str | None, typer.Option(help="The contact officer's telephone number.")] = None,
    crest: Annotated[Path | None, typer.Option(help="The council's crest, a PNG or SVG file.")] = None,
    local: Annotated[
        list[str] | None, typer.Option(help="A local place, provider or hospital; may be given several times.")
    ] = None,
    channel: Annotated[
        Literal["outbox", "smtp"] | None, typer.Option(help="outbox: messages stay in output/outbox; smtp: sent.")
    ] = None,
    smtp_host: Annotated[str | None, typer.Option(help="The mail server; it means --channel smtp.")] = None,
    smtp_port: Annotated[int | None, typer.Option(help="Its port.")] = None,
    smtp_user: Annotated[str | None, typer.Option(help="The user name there.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Change a council.toml that is there; a copy of it is kept.")
    ] = False,
) -> None:
    """Ask for council, contact officer, local places and mail server, and write config/local."""
    from flows.place import KEY_FILE, hash_key, local_folder

    folder = local_folder()
    path = folder / "council.toml"
    if path.exists() and not force:
        typer.echo(shown(f"{path} stands already: edit it, or use --force to change it."), err=True)
        raise typer.Exit(1)
    held = _held(path)
    ask = sys.stdin.isatty()
    before = held.get("council", {})
    given = {
        "name": name,
        "contact_name": contact_name,
        "contact_email": contact_email,
        "contact_phone": contact_phone,
        "crest": str(crest) if crest else None,
    }
    council: dict[str, Any] = {
        key: _answer(ask, given[key], question, before.get(key, default))
        for key, (question, default) in _QUESTIONS.items()
    }
    council |= {"crest": _crest(council["crest"]), "local": _places(ask, local, before.get("local", []))}
    delivery = _delivery(
        ask, held.get("delivery", {}), council["contact_email"], channel, smtp_host, smtp_port, smtp_user
    )
    tables = {**held, "council": {**before, **council}, "delivery": {**held.get("delivery", {}), **delivery}}
    text = _toml(tables)
    _check(text)
    _write(path, text)
    made = not (folder / KEY_FILE).exists()
    hash_key()
    for line in _told(folder, made, delivery["channel"] == "smtp"):
        typer.echo(line)


# ---------------------------------------------------------------- asking


def _answer(ask: bool, given: str | None, question: str, default: str | None) -> str:
    if given is not None:
        return given.strip()
    if ask:
        return str(typer.prompt(question, default=default, show_default=bool(default))).strip()
    if default is None:
        raise typer.BadParameter(f"{question} is needed: there is no terminal to ask on, so give it as an option.")
    return default


def _crest(given: str) -> str:
    if not given:
        return ""
    path = Path(given).expanduser()
    if not path.is_file():
        raise typer.BadParameter(shown(f"there is no crest at {path}"))
    return str(path.resolve())


def _places(ask: bool, given: list[str] | None, before: list[str]) -> list[str]:
    if given is None and ask:
        question = "Local places, providers and hospitals, with commas between them (may stay empty)"
        given = str(typer.prompt(question, default=", ".join(before), show_default=bool(before))).split(",")
    return before if given is None else [place for one in given if (place := " ".join(one.split()))]


def _delivery(
    ask: bool,
    before: Mapping[str, Any],
    contact: str,
    channel: str | None,
    host: str | None,
    port: int | None,
    user: str | None,
) -> dict[str, Any]:
    """What [delivery] is to say. A mail server that is named means that it is to be used."""
    sender = before.get("sender", contact)
    known = before.get("host", "") if before.get("channel") == "smtp" else ""
    if channel == "outbox" and host is None:
        return {"channel": "outbox", "sender": sender}
    host = _answer(ask, host, "The mail server (empty: messages are written to output/outbox)", known)
    if not host:
        if channel == "smtp":
            raise typer.BadParameter("--channel smtp needs --smtp-host, the mail server.")
        return {"channel": "outbox", "sender": sender}
    port = port or (
        typer.prompt("Its port", default=before.get("port", 587), type=int) if ask else before.get("port", 587)
    )
    return {
        "channel": "smtp",
        "sender": sender,
        "host": host,
        "port": port,
        "username": _answer(ask, user, "The user name there (may stay empty)", before.get("username", "")),
    }


# ---------------------------------------------------------------- writing


def _held(path: Path) -> Tables:
    """What the file says already. A file that can't be read is not written over."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        said = f"{path} can't be read ({error}). Mend it or move it away first; nothing was changed."
        typer.echo(shown(said), err=True)
        raise typer.Exit(1) from error


def _write(path: Path, text: str) -> None:
    from cuttings.edges.archive import write_whole

    # Comments and the order of lines are somebody's work, and do not survive being written anew.
    kept = path.with_name(f"{path.name}.{datetime.now(UTC):%Y-%m-%d-%H%M%S}.bak") if path.exists() else None
    try:
        if kept:
            write_whole(kept, path.read_bytes())
        write_whole(path, text.encode())
    except OSError as error:
        if kept:
            with suppress(OSError):
                kept.unlink()
        typer.echo(shown(f"{path} can't be written: {error.strerror}. Nothing was changed."), err=True)
        raise typer.Exit(1) from error
    if kept:
        typer.echo(f"Kept as it was, with its comments: {kept}")
    typer.echo(f"Written: {path}")


def _told(folder: Path, made: bool, smtp: bool) -> list[str]:
    """What was done, what would be lost, and what comes next; in 80 columns."""
    lines = []
    if made:
        from flows.place import KEY_FILE

        lines += [
            f"Made: {folder / KEY_FILE}",
            "  Commenters' names are hashed with it. Keep a copy in a safe place, apart from",
            "  the backups: without it nobody who was forgotten is recognised again.",
        ]
    if smtp:
        lines += [
            "The mail password is read from the environment, CUTTINGS_SMTP_PASSWORD, or from",
            "  config/local/smtp-password, which nobody else may read (chmod 600).",
        ]
    return [
        *lines,
        "",
        "Next:",
        "  ./run doctor                           what is set up, and what is missing",
        "  ./run demo                             both editions, of a sample site",
        "  ./run recipients add managers ADDRESS  who gets the managers' edition",
        "  ./run serve                            from then on by itself",
    ]


def _toml(tables: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for table, values in tables.items():
        lines.append(f"[{table}]")
        below = {key: value for key, value in values.items() if isinstance(value, dict)}
        plain = {key: value for key, value in values.items() if key not in below and value not in ("", [], None)}
        lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
        for name, inner in below.items():
            lines += ["", f"[{table}.{_key(name)}]", *(f"{_key(k)} = {_value(v)}" for k, v in inner.items())]
        lines.append("")
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


def _value(value: Any) -> str:
    """A JSON string, number, word or list is a TOML one too, but for two letters that only JSON takes as they are."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(text: str) -> None:
    """Refuse to write what could not be read back, in the words of the configuration's own checks."""
    import tempfile

    from cuttings.settings import load

    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "council.toml").write_text(text, encoding="utf-8")
        load([Path(scratch)])
