"""The model's values as JSON and back again, and text as both databases can hold it."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
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
    return _build(kind, json.loads(text) if isinstance(text, str) else text)  # type: ignore[no-any-return]


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    if data is None or kind is Any:
        return data
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _build(next(a for a in inner if a is not type(None)), data)
    if origin is Literal:
        return data
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return tuple(_build(inner[0], v) for v in data)
        return tuple(_build(k, v) for k, v in zip(inner, data, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {k: _build(inner[1], v) for k, v in data.items()}
    if is_dataclass(kind):
        return _build_dataclass(kind, data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is date:
        return date.fromisoformat(data)
    return float(data) if kind is float else data


def _build_dataclass(kind: Any, data: Any) -> Any:
    hints = _hints(kind)
    given = {}
    for f in fields(kind):
        if f.name in data:
            given[f.name] = _build(hints[f.name], data[f.name])
        elif f.default is MISSING and f.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} without its {f.name!r}")
    return kind(**given)
