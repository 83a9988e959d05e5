"""What a collect did, source by source: values, and how people are shown them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """`pages` are (outcome, number): read, unchanged, set aside, failed. `left_out` are entries of the source's lists
    that were not asked for, (reason, number); `notes` are sentences about its lists."""

    source: str
    name: str
    found: int = 0  # addresses not known before
    pages: tuple[tuple[str, int], ...] = ()
    failure: str | None = None
    left_out: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    def count(self, outcome: str) -> int:
        return dict(self.pages).get(outcome, 0)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences about what the source's lists named and was not asked for."""
        sentences = tuple(f"{n} listed and not asked for: {reason}" for reason, n in self.left_out)
        return (*sentences, *self.notes)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run did: the counts of each source, and why a source could not be read."""

    sources: tuple[SourceCounts, ...]
    ran: bool = True  # False: another collect was at work

    @property
    def failed(self) -> tuple[SourceCounts, ...]:
        return tuple(s for s in self.sources if s.failure)


def totals(counts: Sequence[SourceCounts]) -> dict[str, int]:
    """The sums of a run; "left out" and "left out: REASON" count entries of lists, not pages."""
    sums: Counter[str] = Counter(sources=len(counts), sources_failed=sum(bool(c.failure) for c in counts))
    for count in counts:
        sums["found"] += count.found
        sums.update(dict(count.pages))
        for reason, number in count.left_out:
            sums["left out"] += number
            sums[f"left out: {reason}"] += number
    return dict(sums)


def table(collected: Collected) -> tuple[list[dict[str, object]], str]:
    """Rows for the run's page, and a sentence above them."""
    rows: list[dict[str, object]] = [
        {
            "source": c.name,
            "new addresses": c.found,
            **{outcome: c.count(outcome) for outcome in ("read", "unchanged", "set aside", "failed")},
            "could not be asked": c.failure or "",
            "listed and not asked for": "; ".join(f"{n} {reason}" for reason, n in c.left_out),
            "notes": " ".join(c.notes),
        }
        for c in collected.sources
    ]
    asked = len(collected.sources) - len(collected.failed)
    return rows, f"{asked} of {len(collected.sources)} sources could be asked."
