"""`cuttings service`: the systemd unit that keeps `serve` running, with this machine's paths in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

TEMPLATE = "config/systemd/cuttings.service"
SYSTEM = Path("/etc/systemd/system/cuttings.service")


class CannotInstall(Exception):
    """The unit can't be written; the message says what to do."""


@app.command()
def service(
    user: Annotated[bool, typer.Option("--user", help="For your own account, without an administrator.")] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Write it where systemd looks, and say what next.")
    ] = False,
    as_user: Annotated[str | None, typer.Option("--as", help="The account it runs under; left out: yours.")] = None,
    worker: Annotated[
        str | None,
        typer.Option("--worker", help="For a second machine: where the first one serves, http://first:4200."),
    ] = None,
) -> None:
    """Print (or install) the systemd unit that keeps `serve` running, also after a restart of the machine."""
    from flows.passwords import ENVIRONMENT_FILE
    from flows.place import HOME, local_folder

    account = None if user else as_user or owner(HOME)
    text = unit(HOME, local_folder() / ENVIRONMENT_FILE, user=account, worker=worker)
    if not install:
        typer.echo(text, nl=False)
        return
    path = _user_path() if user else SYSTEM
    _write(path, text)
    typer.echo(f"Written to {path}. What is left to type:\n")
    for line in next_steps(user=user):
        typer.echo(f"  {line}")


def unit(home: Path, environment: Path, *, user: str | None, worker: str | None = None) -> str:
    """The unit's text. `user`: the account it runs under; None makes it a unit of one's own account.

    `worker`: the address of the machine that serves, where this one is to take runs from it.
    """
    values = {
        "what": f"worker --server {quoted(worker)}" if worker else "serve",
        "user": f"User={user}" if user else "",
        "home": escaped(str(home)),
        "run": quoted(str(home / "run")),
        "environment": escaped(str(environment)),
        "target": "multi-user.target" if user else "default.target",
    }
    text = (home / TEMPLATE).read_text(encoding="utf-8")
    filled = re.sub(r"@([a-z]+)@", lambda found: values.get(found[1], found[0]), text)
    return filled.replace("\n\nWorkingDirectory", "\nWorkingDirectory")


def escaped(path: str) -> str:
    """'%' begins a specifier in a unit: /srv/100%/cuttings would be something else."""
    return path.replace("%", "%%")


def quoted(path: str) -> str:
    """A program's path as ExecStart takes it, with blanks, quotes, dollars and percent signs in it."""
    inner = escaped(path).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{inner}"'


def owner(folder: Path) -> str:
    """Who owns the checkout: asked for with sudo, the service must still not run as root."""
    import pwd

    number = folder.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def next_steps(*, user: bool) -> tuple[str, ...]:
    own = " --user" if user else ""
    steps = (
        f"systemctl{own} daemon-reload",
        f"systemctl{own} enable --now cuttings",
        f"systemctl{own} status cuttings          # and: journalctl{own} -u cuttings",
    )
    # Without it systemd ends a person's services when they log out.
    return (*steps[:1], "loginctl enable-linger", *steps[1:]) if user else steps


def _user_path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "systemd" / "user" / "cuttings.service"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotInstall(
            f"{path} can't be written: {error.strerror}. As an administrator:  sudo ./run service --install\n"
            "or for your own account:  ./run service --user --install"
        ) from error
