"""Which rules a verdict was found by: a digest of everything that has a say in it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

ROOMS = ("cuttings.spam", "cuttings.spam.words", "cuttings.duplicates")


@cache
def rules_version() -> str:
    """Eight hex digits over the rules, word lists, weights and the text that they compare, as they stand on disk.

    By content and not by hand: a word taken off a list changes verdicts, and who would remember to count it up?
    """
    digest = hashlib.sha256()
    for room in ROOMS:
        folder = files("cuttings").joinpath(*room.split(".")[1:])
        for part in sorted(folder.iterdir(), key=lambda p: p.name):
            if part.name.endswith((".py", ".txt")):
                digest.update(part.name.encode())
                digest.update(part.read_bytes())
    return digest.hexdigest()[:8]


RULES_VERSION = rules_version()
