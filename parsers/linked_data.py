"""JSON-LD as pages print it: broken, in lists, in graphs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any


def types(value: dict[str, Any]) -> tuple[str, ...]:
    kind = value.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(k.rsplit("/", 1)[-1] for k in kinds if isinstance(k, str))


def lenient_json(text: str) -> Iterator[Any]:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    for attempt in (text, re.sub(r"[\x00-\x1f]+", " ", text), re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            yield json.loads(attempt, strict=False)
            return
        except (ValueError, RecursionError):
            continue


def objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from objects(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            if isinstance(value.get(name), (dict, list)):
                yield from objects(value[name], depth + 1)
