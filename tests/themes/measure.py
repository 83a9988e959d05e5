"""How well the plain path labels titles: python -m tests.themes.measure [FILE.jsonl …] [--wrong]

Rows have `title`, `primary` (a theme's id or "none") and may have `standfirst`, `text` and `secondary`.
Macro-F1 is over the themes and "none", of the primary label, as a classifier's would be; "labels" is the
multi-label macro-F1 over the themes (primary and secondary against all labels given).
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cuttings.model import Labels
from cuttings.settings import load
from cuttings.themes import compile_themes, label

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).with_name("rows.jsonl")
# Titles of ours that nobody had seen when the phrases were chosen. No phrase may be chosen for them: they would be lost
# as a measure.
UNSEEN = Path(__file__).with_name("unseen.jsonl")
# Whole articles of ours with headlines that tell little, and among them pages of other trades.
WHOLE = Path(__file__).with_name("whole.jsonl")
SHARED = ROOT.parent / "shared" / "themes" / "dev.jsonl"


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def plain_path() -> Callable[[Mapping[str, Any]], Labels]:
    matcher = compile_themes(load([ROOT / "config" / "default"]).themes)
    return lambda row: label(row["title"], row.get("standfirst"), row.get("text") or "", matcher)


def _f1(right: int, found: int, there: int) -> float:
    return 2 * right / (found + there) if found + there else 0.0


def measure(rows: Iterable[Mapping[str, Any]], decide: Callable[[Mapping[str, Any]], Labels]) -> dict[str, Any]:
    """Scores between 0 and 1; `wrong` lists (title, expected, given)."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    many: dict[str, Counter[str]] = {"right": Counter(), "found": Counter(), "there": Counter()}
    wrong: list[tuple[str, str, str]] = []
    total = 0
    for row in rows:
        given = decide(row)
        primary, expected = given.primary or "none", row["primary"]
        total += 1
        found[primary] += 1
        there[expected] += 1
        if primary == expected:
            right[primary] += 1
        else:
            wrong.append((row["title"], expected, primary))
        wanted = {expected, *row.get("secondary", ())} - {"none"}
        labels = {one.theme for one in given.labels}
        many["right"].update(wanted & labels)
        many["found"].update(labels)
        many["there"].update(wanted)
    themes = sorted(set(there) - {"none"})
    return {
        "rows": total,
        "macro_f1": sum(_f1(right[t], found[t], there[t]) for t in themes) / len(themes),
        "macro_f1_with_none": sum(_f1(right[t], found[t], there[t]) for t in [*themes, "none"]) / (len(themes) + 1),
        "labels_macro_f1": sum(_f1(many["right"][t], many["found"][t], many["there"][t]) for t in themes) / len(themes),
        "primary": right.total() / total,
        "none_precision": right["none"] / found["none"] if found["none"] else 0.0,
        "none_recall": right["none"] / there["none"] if there["none"] else 0.0,
        "by_theme": {t: round(_f1(right[t], found[t], there[t]), 2) for t in [*themes, "none"]},
        "wrong": wrong,
    }


def main(words: list[str]) -> None:
    paths = [Path(w) for w in words if not w.startswith("--")] or [OWN, UNSEEN, WHOLE, SHARED]
    decide = plain_path()
    for path in paths:
        if not path.exists():
            print(f"{path}: not there")
            continue
        rows = rows_of(path)
        began = time.process_time()
        scores = measure(rows, decide)
        spent = time.process_time() - began
        wrong, by_theme = scores.pop("wrong"), scores.pop("by_theme")
        print(path.name, {k: round(v, 3) for k, v in scores.items()}, f"{len(rows) / spent:.0f} rows per CPU s")
        print("  by theme:", by_theme)
        if "--wrong" in words:
            for title, expected, given in wrong:
                print(f"  {expected:16} -> {given:16} {title}")


if __name__ == "__main__":
    main(sys.argv[1:])
