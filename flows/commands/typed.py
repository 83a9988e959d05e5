"""What the command that runs was given, and whether a file that failed is one that somebody named there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    import typer

_given: list[object] = []


class Noted(TyperCommand):
    """A command that writes down what its arguments and options were understood as."""

    def invoke(self, ctx: Any) -> Any:
        _given[:] = ctx.params.values()
        return super().invoke(ctx)


def note(app: typer.Typer) -> None:
    """Have all commands of an application written down, those of its groups too."""
    for command in app.registered_commands:
        command.cls = Noted if command.cls in (None, TyperCommand) else command.cls
    for group in app.registered_groups:
        if group.typer_instance is not None:
            note(group.typer_instance)


def named(failed: object, given: Iterable[object] | None = None) -> bool:
    """Whether this path was given to the command: itself, a folder that it is in or on the way to it, or the file whose
    place it was to take (`out.csv.part`). In `cuttings collect kit`, 'kit' names no file but /srv/kit does hold one:
    so paths are compared, never letters."""
    if not isinstance(failed, str | bytes | os.PathLike) or not (text := os.fsdecode(failed)):
        return False
    with suppress(OSError):  # the folder we stand in was deleted
        path = os.path.abspath(text)  # noqa: PTH100 - as it is written: nothing is asked of a disk that just failed
        return any(_meets(path, word) for word in _words(_given if given is None else given))
    return False


def _meets(path: str, word: str) -> bool:
    written = Path(word).expanduser() if word.startswith("~/") else Path(word)
    wanted = Path(os.path.abspath(written))  # noqa: PTH100
    on_the_way = {os.path.abspath(parent) for parent in written.parents if parent != Path()}  # noqa: PTH100
    if path == str(wanted) or path in on_the_way or Path(path).is_relative_to(wanted):
        return True
    name = Path(path).name.lstrip(".")
    return Path(path).parent == wanted.parent and name.startswith(tuple(f"{wanted.name}{mark}" for mark in ".-_~"))


def _words(given: Iterable[object]) -> Iterator[str]:
    for value in given:
        if isinstance(value, str | os.PathLike):
            if word := os.fspath(value):
                yield os.fsdecode(word)
        elif isinstance(value, Sequence) and not isinstance(value, bytes):
            yield from _words(value)
