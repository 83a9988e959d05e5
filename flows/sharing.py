"""Whether a second machine works on the same things as the one that serves: store, output folder, key, configuration.

A worker that kept pages in a folder of its own would leave the others without them: `reread` would find no page,
`forget` would miss some, and an issue made there could not be sent from here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from cuttings.edges.store import runs
from cuttings.settings import Settings
from flows.house import House
from flows.place import hash_key

MARK = "shared"
TOKEN = ".shared"  # in the output folder: who reads the same words there sees the same folder


class NotShared(Exception):
    """This machine would work on something else; the message says on what, and what to do."""


def declare(house: House) -> None:
    """Write down, for the workers to come, what they must share. Raises NotShared where the store is a file."""
    _on_a_server(house)
    path = house.output / TOKEN
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(16))
    runs.mark(house.store, MARK, _seen(house, path.read_text()), now=datetime.now(UTC))


def check(house: House) -> None:
    """Compare with what `declare` wrote. Raises NotShared."""
    _on_a_server(house)
    theirs = runs.marked(house.store, MARK)
    if theirs is None:
        raise NotShared("No machine serves with this store yet. Start  ./run serve  there first, with work_pool set.")
    path = house.output / TOKEN
    ours = _seen(house, path.read_text() if path.exists() else "")
    for name, why in _WHY.items():
        if ours[name] != theirs.get(name):
            raise NotShared(why.format(output=house.output))


_WHY = {
    "output": "{output} is not the output folder of the machine that serves: the pages are kept there, and the issues. "
    "Have both see one folder (a network share), and name it in CUTTINGS_OUTPUT or under [storage].",
    "key": "config/local/hash-key is not the one of the machine that serves: the same reader would be two people. "
    "Copy it from there, or have both see one folder (CUTTINGS_CONFIG).",
    "settings": "The configuration is not that of the machine that serves: sources, themes or editions differ. Copy "
    "config/local from there, or have both see one folder (CUTTINGS_CONFIG); if it was changed there, restart  "
    "./run serve.",
}


def _on_a_server(house: House) -> None:
    if house.store.engine.dialect.name != "postgresql":
        raise NotShared(
            "Several machines can't share a store that is a file. Put it into PostgreSQL first ([storage] database, or "
            "CUTTINGS_DATABASE), or take work_pool out of [schedule]."
        )


def _seen(house: House, token: str) -> dict[str, str]:
    key = hmac.new(hash_key(), b"shared", hashlib.sha256).hexdigest()[:16]
    return {"output": token.strip(), "key": key, "settings": _digest(house.settings)}


def _digest(settings: Settings) -> str:
    # Where store and output are, and where the server listens, each machine may name in its own way.
    alike = settings.model_copy(update={"storage": None, "server": None})
    return hashlib.sha256(repr(alike).encode()).hexdigest()[:16]
