"""What a column may hold: instants, words from outside, values of the model, bands of the index of duplicates."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator

from cuttings.edges.store.packing import packed, unpacked
from cuttings.edges.store.values import storable, to_json


class Moment(TypeDecorator[datetime]):
    """An instant as UTC text of one width, which sorts as it passes and reads alike in both databases."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} needs its time zone to be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return datetime.fromisoformat(value) if value else None


class Words(TypeDecorator[str]):
    """Text from outside: NUL and lone surrogates become U+FFFD instead of an error in the middle of a run."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """A value of the model or a plain tree, as JSON text; comes back as plain lists and mappings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class Packed(TypeDecorator[Any]):
    """`Json`, packed: what is large, says much the same in each row, and is never asked for by its contents."""

    # SQLite keeps what it is given, whatever the column says: rows of earlier schemas hold text and stay as they are.
    impl = LargeBinary().with_variant(Text(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else packed(to_json(value))

    def process_result_value(self, value: bytes | str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(unpacked(value))


class Bands(TypeDecorator[tuple[int, ...]]):
    """Signed 32-bit integers in 4 bytes each: an index from the comment to its bands would take four times that."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else array("i", value).tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> tuple[int, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(array("i", value))


KEY = String(64)  # Article.key, Comment.key, story keys, digests: hex
NAME = String(64)  # ids out of the configuration, states, kinds
# SQLite numbers rows by itself only where the column is exactly INTEGER.
ROW = BigInteger().with_variant(Integer, "sqlite")


def numbered() -> Column[int]:
    """The key of a table whose rows are numbered as they come."""
    return Column("id", ROW, primary_key=True, autoincrement=True)
