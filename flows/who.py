"""Whose name stands under a decision, and whether it was proved by the account it was made from or only typed."""

from __future__ import annotations

import os
import pwd
from contextvars import ContextVar

LEAST_PERSON = 1000  # accounts below are the system's; root may be anybody
# Set by a command that took the name from the account it runs under. A form in the UI can't set it: everybody shares
# one log-in there.
proved: ContextVar[bool] = ContextVar("proved", default=False)


def account() -> str | None:
    """The name of the person whose account this process runs under, as the machine knows it; None for root."""
    if os.getuid() < LEAST_PERSON:
        return None
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return None
    full = entry.pw_gecos.split(",")[0].strip()
    return f"{full} ({entry.pw_name})" if full else entry.pw_name
