"""Passwords and keys: from the environment, or from files of config/local that their owner alone can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from cuttings.model import BadConfiguration
from flows import place

PASSWORD, PASSWORD_FILE = "CUTTINGS_SMTP_PASSWORD", "smtp-password"
INBOX_PASSWORD, INBOX_PASSWORD_FILE = "CUTTINGS_INBOX_PASSWORD", "inbox-password"
ENVIRONMENT_FILE = "environment"  # read by the systemd unit; CUTTINGS_DATABASE in it may hold a password
FILES = (place.KEY_FILE, "prefect-auth", PASSWORD_FILE, INBOX_PASSWORD_FILE, ENVIRONMENT_FILE, "forgotten")


def password(variable: str, name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """From the environment, else from a file of config/local that its owner alone can read; None where neither is."""
    given = environ.get(variable)
    if given:
        return given
    path = place.local_folder(environ) / name
    try:
        if not path.exists():
            return None
        if wide(path):
            raise BadConfiguration(f"{path}: others can read this password. Run:  chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise BadConfiguration(f"{path}: can't be read: {error.strerror}.") from error


def wide(path: Path) -> bool:
    """Can others on this machine read or change it?"""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def open_to_others(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """The secret files that somebody else could read."""
    folder = place.local_folder(environ)
    return tuple(path for name in FILES if (path := folder / name).exists() and wide(path))
