"""Hostile words for every argument and option of every command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.torture.commands_world import Call, World, row
from tests.torture.rows import Row

WORDS = (
    "", " ", "-1", "-x", "0", "9" * 5000, "nan", "1e999", "\x1b[2J\x07", "a\nb", "\udcff", "x" * 100_000, "\u202e",
    "'; DROP TABLE articles; --", "%s%n", "{0.__class__}", "../../../../etc/passwd", "/dev/zero", "2026-W99", "2026-13",
    "9999-12", "9999-W52", "9999-12-31..9999-12-31", "0001-01-01..9999-12-31", "2026-10-02..2026-10-01", "0000-00-00",
    "http://[", "http://127.0.0.1:1/", "file:///etc/passwd", "a@b", "=1+1", "managers", "[!a-z]*", "(", "\\",
)  # fmt: skip
# These stay, bring up servers, change the machine, or ask the network about the sources we ship.
LEFT_OUT = {
    "demo", "serve", "worker", "prefect", "service", "update", "updating", "doctor", "reference",
    "source check", "collect", "digest",
}  # fmt: skip
_PLAUSIBLE = {
    "edition": "managers", "period": "2026-10", "issue": "managers-2026-10-26", "item": "M1", "by": "Ed Itor",
    "reason": "Because.", "address": "a@x.example", "name": "Nell Harker", "key": "0123456789abcdef", "message": "1",
    "decision": "sent", "comment": "0123456789abcdef", "theme": "housing", "url": "http://127.0.0.1:1/", "what": "abc",
    "contact_name": "Jo", "contact_email": "jo@x.example", "channel": "outbox",
}  # fmt: skip


def rows(world: World, quick: bool) -> Iterator[Row]:
    import typer.main

    from flows.commands.main import app

    for name, command in _commands(typer.main.get_command(app), ""):
        wanted = name not in LEFT_OUT and not any(name.startswith(f"{one} ") for one in LEFT_OUT)
        if wanted and (calls := list(_calls(name, command, 250 if quick else 1))):
            yield row(f"any word for `{name}`", world, calls)
    if not quick:
        yield row("words that no command knows", world, _unknown())


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _commands(below, f"{path} {name}".strip())
    else:
        yield path, command


def _calls(name: str, command: Any, every: int) -> Iterator[Call]:
    parameters = [one for one in command.params if one.name != "help"]
    tried = [one for one in parameters if not getattr(one, "is_flag", False)]
    n = 0
    for chosen in tried:
        for word in WORDS:
            n += 1
            if (n + len(name)) % every == 0:
                yield Call((*name.split(), *_line(parameters, chosen, word)), about=f"({chosen.name})")


def _line(parameters: list[Any], chosen: Any, word: str) -> Iterator[str]:
    """The words behind the command: the chosen one hostile, the others that it needs plausible."""
    arguments: list[str] = []
    for one in parameters:
        given = word if one is chosen else _PLAUSIBLE.get(one.name or "", "x")
        if one.param_type_name == "argument":
            arguments.append(given)
        elif one is chosen or one.name in ("by", "reason", "contact_email", "contact_name", "name", "channel"):
            yield max(one.opts, key=len)
            yield given
        elif one.name in ("yes", "force"):
            yield f"--{one.name}"
    yield "--"
    yield from arguments


def _unknown() -> Iterator[Call]:
    for word in WORDS:
        yield Call((word,))
        yield Call(("recipients", word))
        yield Call(("issues", word))
        yield Call(("issues", f"--{word}"))
