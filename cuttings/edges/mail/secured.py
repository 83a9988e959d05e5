"""TLS to a mail server: whose certificates we trust, and what is said where one is not to be trusted."""

from __future__ import annotations

import ssl
from pathlib import Path


def context(ca_file: Path | None) -> ssl.SSLContext:
    """The machine's own authorities, or one of the council's. Names are checked; TLS 1.2 at least."""
    made = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def in_words(error: BaseException) -> str | None:
    """Why no safe connection came about, in a sentence without its full stop; None where TLS is not at fault."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return (
            f"its certificate can't be trusted ({why}), so nothing was said to it, no password either. Check the "
            "host's name; where the council has an authority of its own, name its file in [delivery] ca_file"
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"no safe connection came about ({error.reason or error}). Check the port and [delivery] security: 587 "
            "goes with starttls, 465 with tls"
        )
    return None
