"""The settings' files: read whole or refused, the deployer's laid over ours, and each fault in a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from cuttings.model import BadConfiguration

FILES = ("council.toml", "glossary.toml", "sources.toml", "themes.toml", "editions.toml")
LARGEST = 10_000_000  # bytes of one of them

# The tables that a file may hold.
TABLES = {
    "council.toml": {"council", "delivery", "storage", "schedule", "server", "retention"},
    "glossary.toml": {"council"},
    "sources.toml": {"source"},
    "themes.toml": {"theme"},
    "editions.toml": {"edition"},
}
_LISTS = ("source", "theme", "edition")  # merged by id
# 'a.a.a. … = 1' with 100,000 parts takes tomllib gigabytes, as it writes down each beginning of such a key.
PARTS = 100
_ENDLESS_KEY = re.compile(
    r"""(?<![\w-])(?:(?>[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){%d}""" % PARTS  # noqa: UP031
)


def is_there(path: Path) -> bool:
    """A link that leads nowhere is there: left out without a word, the deployer's settings would seem to hold."""
    try:
        return path.is_symlink() or path.exists()
    except OSError as error:
        raise BadConfiguration(f"{short(str(path))}: can't be read: {error.strerror}.") from error


def read(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():  # a pipe that nobody writes to would never end
            raise BadConfiguration(f"{path}: is no file, or a link to none.")
        if path.stat().st_size > LARGEST:
            raise BadConfiguration(f"{path}: is larger than {LARGEST // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig")  # Windows' editor puts a mark in front
        if _ENDLESS_KEY.search(text):
            raise BadConfiguration(f"{path}: holds a key of more than {PARTS} parts; none has more than three.")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadConfiguration(f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{path}: is not valid TOML: {error}.") from error
    except RecursionError:
        raise BadConfiguration(f"{path}: is nested too deeply to be read.") from None
    except ValueError as error:  # a whole number of more than 4,300 digits, a day that no month has
        raise BadConfiguration(f"{path}: holds a value that can't be read: {error}.") from error
    except OSError as error:
        raise BadConfiguration(f"{path}: can't be read: {error.strerror}.") from error


def merge(merged: dict[str, Any], data: dict[str, Any], path: Path, origin: dict[tuple[str, str], Path]) -> None:
    allowed = TABLES[path.name]
    for table, content in data.items():
        if table not in allowed:
            hint = _did_you_mean(table, allowed)
            raise BadConfiguration(
                f"{path}: unknown table {short(table)!r}. {hint}Allowed here: {', '.join(sorted(allowed))}."
            )
        if table not in _LISTS:
            if not isinstance(content, dict):
                raise BadConfiguration(f"{path}: '{table}' must be a table: [{table}].")
            merged[table] = _deep(merged[table], content)
            origin[table, ""] = path
            continue
        if not isinstance(content, list):
            raise BadConfiguration(f"{path}: '{table}' must be written with two brackets: [[{table}]].")
        for n, block in enumerate(content, 1):
            key = block.get("id") if isinstance(block, dict) else None
            if not isinstance(key, str):
                raise BadConfiguration(f"{path}: [[{table}]] number {n} has no 'id'. Every block needs one.")
            if origin.get((table, key)) == path:
                raise BadConfiguration(f"{path}: {table} {short(key)!r} stands there twice. Every id may occur once.")
            merged[table][key] = _deep(merged[table].get(key, {}), block)
            origin[table, key] = path


def _deep(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(below)
    for key, value in above.items():
        old = joined.get(key)
        joined[key] = _deep(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined


def sentence(fault: Any, model: type[BaseModel]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        known = _fields(model, fault["loc"][:-1])
        return f"is not known. {_did_you_mean(str(fault['loc'][-1]), known)}Allowed keys: {', '.join(known)}."
    if fault["type"] == "missing":
        return "is missing and needed."
    given = "" if isinstance(fault.get("input"), dict) else f" (it is {short(repr(fault.get('input')))})"
    return f"{short(message[:1].lower() + message[1:], 400)}{given}."


def _fields(model: type[BaseModel], place: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys of the table at this place: of 'licence' those of Licence, of ('page', 0) those of Design."""
    for part in place:
        if isinstance(part, str):
            kind = model.model_fields[part].annotation
            inner = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, BaseModel)]
            model = inner[0] if inner else model
    return tuple(model.model_fields)


def _did_you_mean(typed: str, known: Iterable[str]) -> str:
    near = get_close_matches(typed.lower().replace("-", "_")[:60], list(known), 1)
    return f"Did you mean '{near[0]}'? " if near else ""


def short(text: str, most: int = 80) -> str:
    """One line of a length, whatever somebody pasted into a file; control characters are shown as what they are."""
    shown = "".join(c if c.isprintable() or c == " " else ascii(c)[1:-1] for c in text[: most + 1])
    return shown if len(text) <= most else f"{shown[:most]}…"
