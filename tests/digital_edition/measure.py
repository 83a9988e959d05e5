"""Measures the page-turner reader on the labelled pages, or on made ones.

    python -m tests.digital_edition.measure [FOLDER] [-v]
    python -m tests.digital_edition.measure --made 20 [--start SEED]

Prints for each fault type: pages, exact word order, mean LCS as found and after, furniture leaked, words lost,
pages that came out worse than they were found; then what the pages said of their order, and how often it was right.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cuttings.model import Page, Reading
from parsers import digital_edition
from parsers.digital_edition import pages
from tests.digital_edition import generator, layouts

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
    claim: str = "sure"

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


def bare(found) -> Counter[str]:
    """Words without their marks: a mended hyphen or a quotation mark is no other word."""
    return Counter(word for word in (re.sub(r"\W", "", word).lower() for word in found) if word)


def letters(found) -> Counter[str]:
    return Counter(c for word in found for c in re.sub(r"[\W_]", "", word).lower())


def body(reading: Reading) -> list[str]:
    return words(paragraph for article in reading.articles for paragraph in article.paragraphs)


def everything(reading: Reading) -> list[str]:
    """Every word that came out, whatever role it was given."""
    parts = [aside.text for aside in reading.set_aside]
    for a in reading.articles:
        parts += [a.title or "", a.standfirst or "", a.author_bio or "", *a.paragraphs, *(s.text for s in a.subheads)]
    return words(parts)


def dropped_or_doubled(texts, titles, reading: Reading) -> Counter[str]:
    """Letters that went in and did not come out once, or came out and had not gone in.

    A headline that the page prints twice in a line comes out once. Mending a ligature gives an "h" or turns a long s.
    """
    read = {article.title for article in reading.articles}
    for title in (form for one in titles if one in read for form in (one, generator.broken_ligatures(one))):
        texts = [text.replace(f"{title} {title}", title) for text in texts]
    before, after = letters(words(texts)), letters(everything(reading))
    differ = (before - after) + (after - before)
    if any(r.kind == "ligature" for a in reading.articles for r in a.repairs):
        for letter in "hfſs":
            differ.pop(letter, None)
    return differ


def figures_of(truth: list[str], texts, other, reading: Reading) -> Figures:
    got = body(reading)
    # As found: the words of the body in the order of the text layer, which flatters it (no furniture at all).
    keep = Counter(truth)
    found = []
    for word in words(texts):
        if keep[word] > 0:
            keep[word] -= 1
            found.append(word)
    missing, surplus, total = bare(truth) - bare(got), bare(got) - bare(truth), bare(words(other))
    return Figures(
        got == truth,
        likeness(truth, found),
        likeness(truth, got),
        sum((surplus & total).values()) / max(1, sum(total.values())),
        sum(missing.values()) / max(1, len(truth)),
        claim(reading),
    )


def claim(reading: Reading) -> str:
    """What the reading says of its order: "sure", "likely" or "uncertain" (as found, and said so)."""
    said = [r for a in reading.articles for r in a.repairs if r.kind in ("reading order", pages.LEFT)]
    certainties = {r.certainty for r in said}
    return next((c for c in ("uncertain", "likely") if c in certainties), "sure")


def measured(case: Case) -> tuple[Figures, list[str]]:
    reading = digital_edition.read([Page(None, path.read_bytes(), "text/plain") for path in case.pages])
    texts = [path.read_text(encoding="utf-8") for path in case.pages]
    return figures_of(words(case.body), texts, case.furniture, reading), body(reading)


def read_texts(texts) -> Reading:
    return digital_edition.read([Page(None, text.encode(), "text/plain") for text in texts])


MAKERS: dict[str, tuple[tuple[str, ...], Callable[[str, int], Any]]] = {
    "first": (generator.KINDS, generator.make),
    "second": (layouts.KINDS, lambda kind, seed: layouts.make(kind, seed, layouts.SECOND)),
    "third": (layouts.KINDS, lambda kind, seed: layouts.make(kind, seed, layouts.THIRD)),
}


def made_table(maker: str, count: int, start: int = 0) -> dict[str, list[Figures]]:
    """Figures of generated pages by fault type."""
    kinds, make = MAKERS[maker]
    by_kind: dict[str, list[Figures]] = {}
    for kind in kinds:
        for seed in range(start, start + count):
            one = make(kind, seed)
            bios = [a.bio or "" for a in one.articles] if hasattr(one, "articles") else [one.bio or ""]
            other = [*one.furniture, *one.pulls, *bios]
            by_kind.setdefault(kind, []).append(figures_of(one.words, one.pages, other, read_texts(one.pages)))
    return by_kind


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


def calibration(by_kind: dict[str, list[Figures]]) -> str:
    """Of the pages that say they are sure of their order, how many are right (their words in the true order)?"""
    everything_ = [f for figures in by_kind.values() for f in figures]
    parts = []
    for certainty in ("sure", "likely", "uncertain"):
        said = [f for f in everything_ if f.claim == certainty]
        right = sum(f.after > 0.985 for f in said)
        parts.append(f"{certainty}: {right} of {len(said)} in order")
    return "; ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("-v", action="store_true", help="show where each page goes wrong")
    parser.add_argument("--made", type=int, default=0, metavar="N", help="instead N pages a type of each maker")
    parser.add_argument("--start", type=int, default=0, metavar="SEED", help="first seed of them")
    wanted = parser.parse_args()
    for name in MAKERS if wanted.made else ("labelled pages",):
        by_kind = made_table(name, wanted.made, wanted.start) if wanted.made else table(wanted.folder, wanted.v)
        print(f"{name}\n{report(by_kind)}\n{calibration(by_kind)}\n", flush=True)


if __name__ == "__main__":
    main()
