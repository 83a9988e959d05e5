"""A value that Prefect leaves alone: it would walk through every field of what a task is given, at every call."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Wrapped(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value
