"""The model's values as JSON and back again, and text as both databases can hold it."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from cuttings.model import as_json

T = TypeVar("T")

# NUL is refused by PostgreSQL, a lone surrogate ("\ud83d" out of a cut JSON escape) by both.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with what no database takes replaced by U+FFFD, the mark for a character that was lost."""
    return _UNSTORABLE.sub("�", text)


def clean(value: T) -> T:
    """Any value of the model with every string in it storable, so that what is saved equals what is compared."""
    cleaned: Any = value
    if isinstance(value, str):
        cleaned = storable(value)
    elif isinstance(value, tuple):
        cleaned = tuple(clean(v) for v in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: new for f in fields(value) if (new := clean(old := getattr(value, f.name))) is not old}
        changed = {name: new for name, new in changed.items() if new != getattr(value, name)}
        cleaned = type(value)(**{f.name: changed.get(f.name, getattr(value, f.name)) for f in fields(value)})
    return cleaned  # type: ignore[no-any-return]


def to_json(value: Any) -> str:
    """One line of JSON for a value of the model (or plain lists and mappings); `from_json` is its inverse."""
    return json.dumps(_storable_tree(as_json(value)), ensure_ascii=False, separators=(",", ":"))


def _storable_tree(tree: Any) -> Any:
    if isinstance(tree, str):
        return storable(tree)
    if isinstance(tree, Mapping):
        return {storable(k): _storable_tree(v) for k, v in tree.items()}
    if isinstance(tree, list):
        return [_storable_tree(v) for v in tree]
    return tree


def from_json(kind: type[T], text: str | Any) -> T:
    """The value of `kind` that `to_json` wrote (given as text, or as what json.loads made of it).

    Keys that the dataclass no longer has are ignored and fields it has gained take their default, so rows
    written by an older version stay readable. Raises ValueError where a field without default is missing.
    """
    data = json.loads(text) if isinstance(text, str) else text
    read = _reader(kind)  # type: ignore[arg-type]
    return data if read is None or data is None else read(data)  # type: ignore[no-any-return]


Read = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Read | None:
    """What makes a value of this type of what JSON has for it; None where that is the value already.

    Found once for a type: a month's digest holds thousands of values, and looking at their types again for each of
    them took most of the time of loading it.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any or origin is Literal:
        return None
    if origin in (Union, types.UnionType):
        return _reader(next(a for a in inner if a is not type(None)))
    if origin is tuple:
        return _row(_reader(inner[0])) if inner[-1] is Ellipsis else _tuple([_reader(k) for k in inner])
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_reader(inner[1]))
    if is_dataclass(kind):
        return _dataclass(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    return float if kind is float else None


def _row(read: Read | None) -> Read:
    return tuple if read is None else lambda values: tuple([None if v is None else read(v) for v in values])


def _tuple(reads: Sequence[Read | None]) -> Read:
    return lambda values: tuple(
        v if read is None or v is None else read(v) for read, v in zip(reads, values, strict=True)
    )


def _mapping(read: Read | None) -> Read:
    return dict if read is None else lambda tree: {k: None if v is None else read(v) for k, v in tree.items()}


def _dataclass(kind: Any) -> Read:
    own: dict[str, Read | None] = {}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}

    def read(tree: Any) -> Any:
        if not own:  # not before: a type may hold itself
            hints = get_type_hints(kind)
            own.update({f.name: _reader(hints[f.name]) for f in fields(kind)})
        given = {}
        for name, value in tree.items():
            if name in own:
                make = own[name]
                given[name] = value if make is None or value is None else make(value)
        if missing := needed - given.keys():
            raise ValueError(f"{kind.__name__} without its {min(missing)!r}")
        return kind(**given)

    return read
