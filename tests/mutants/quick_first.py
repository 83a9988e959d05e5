"""For pytest while a mutant is tried: what is quick comes first, and nobody reads the smallest example of a failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import Phase, settings

# Derandomized: every mutant meets the same examples.
settings.register_profile(
    "mutants", max_examples=60, derandomize=True, deadline=None, database=None, report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
settings.load_profile("mutants")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    items.sort(key=_cost)


def _cost(item: Any) -> Sequence[int]:
    return hasattr(item.function, "hypothesis"), len(item.fixturenames)
