"""Measures the page-turner reader on the labelled pages: python -m tests.digital_edition.measure [FOLDER] [-v].

Prints for each fault type: pages, exact word order, mean LCS as found and after, furniture leaked, words lost,
pages that came out worse than they were found.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from cuttings.model import Page
from parsers import digital_edition

SHARED = Path(__file__).resolve().parents[3] / "shared" / "editions"


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    pages: tuple[Path, ...]
    body: tuple[str, ...]
    furniture: tuple[str, ...]
    data: dict


@dataclass(frozen=True)
class Figures:
    exact: bool
    found: float
    after: float
    leaked: float
    lost: float

    @property
    def worse(self) -> bool:
        return self.after < self.found - 1e-9


def cases(folder: Path) -> list[Case]:
    out = []
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("excluded"):
            continue
        names = data.get("pages") or [f"{path.stem}.txt"]
        pull = [*data.get("pull_quotes", ()), data.get("author_bio") or ""]
        other = [f["text"] if isinstance(f, dict) else f for f in data["furniture"]]
        other = [text for text in other if text != "folios"]
        out.append(
            Case(path.stem, data["type"], tuple(folder / n for n in names), tuple(data["body"]), (*other, *pull), data)
        )
    return out


def words(texts) -> list[str]:
    return [word for text in texts for word in text.split()]


def lcs(a: list[str], b: list[str]) -> int:
    """Longest common subsequence of words, bit-parallel."""
    places: dict[str, int] = {}
    for n, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << n
    row, full = 0, (1 << len(a)) - 1
    for word in b:
        both = row | places.get(word, 0)
        shifted = (row << 1 | 1) & full
        row = both & (both ^ (both - shifted & full))
    return row.bit_count()


def likeness(truth: list[str], got: list[str]) -> float:
    return 2 * lcs(truth, got) / (len(truth) + len(got)) if truth or got else 1.0


def measured(case: Case) -> tuple[Figures, list[str]]:
    truth = words(case.body)
    raw = words(path.read_text(encoding="utf-8") for path in case.pages)
    pages = [Page(None, path.read_bytes(), "text/plain") for path in case.pages]
    reading = digital_edition.read(pages)
    got = words(p for article in reading.articles for p in article.paragraphs)
    # As found: the words of the body in the order of the text layer, which flatters it (no furniture at all).
    keep = Counter(truth)
    found = []
    for word in raw:
        if keep[word] > 0:
            keep[word] -= 1
            found.append(word)
    norm = lambda ws: Counter(re.sub(r"\W", "", w).lower() for w in ws)  # noqa: E731
    missing = norm(truth) - norm(got)
    surplus = norm(got) - norm(truth)
    total = norm(words(case.furniture))
    leaked = sum((surplus & total).values()) / max(1, sum(total.values()))
    return Figures(
        got == truth, likeness(truth, found), likeness(truth, got), leaked, sum(missing.values()) / len(truth)
    ), got


def table(folder: Path, verbose: bool = False) -> dict[str, list[Figures]]:
    by_kind: dict[str, list[Figures]] = defaultdict(list)
    for case in cases(folder):
        figures, got = measured(case)
        by_kind[case.kind].append(figures)
        if verbose and not figures.exact:
            truth = words(case.body)
            at = next(
                (n for n, (a, b) in enumerate(zip(truth, got, strict=False)) if a != b), min(len(truth), len(got))
            )
            near = slice(max(0, at - 6), at + 8)
            print(f"{case.name}: {figures}\n   truth …{' '.join(truth[near])}\n   got   …{' '.join(got[near])}")
    return by_kind


def report(by_kind: dict[str, list[Figures]]) -> str:
    rows = [f"{'type':10} {'pages':>5} {'exact':>6} {'found':>6} {'after':>6} {'leaked':>7} {'lost':>6} {'worse':>5}"]
    everything = [f for all_of in by_kind.values() for f in all_of]
    for kind, figures in [*sorted(by_kind.items()), ("all", everything)]:
        n = len(figures)
        mean = lambda name: sum(getattr(f, name) for f in figures) / n  # noqa: B023, E731
        rows.append(
            f"{kind:10} {n:5} {mean('exact'):6.0%} {mean('found'):6.3f} {mean('after'):6.3f} {mean('leaked'):7.2%} "
            f"{mean('lost'):6.2%} {sum(f.worse for f in figures):5}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    where = [a for a in sys.argv[1:] if not a.startswith("-")]
    print(report(table(Path(where[0]) if where else SHARED, "-v" in sys.argv)))
