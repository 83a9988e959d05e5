"""Genuine comments in the Englishes that people write to councils in: nobody's is quarantined, no group's held up more.

The rows were written for this test and are not among those that set the weights.
"""

import json
from collections import defaultdict

import pytest

from cuttings.spam import judge
from tests.judging.making import ARTICLE, comment
from tests.judging.rows import OURS

ROWS = [json.loads(line) for line in (OURS / "fairness" / "varied.jsonl").read_text(encoding="utf-8").splitlines()]
GROUPS = sorted({r["group"] for r in ROWS})


def _outcomes(rows):
    return [judge(ARTICLE, [comment(r["text"], r["author"], r["days"])])[0].outcome for r in rows]


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_is_quarantined_for_his_english(group):
    outcomes = _outcomes([r for r in ROWS if r["group"] == group])
    assert len(outcomes) >= 6
    assert "spam" not in outcomes
    assert outcomes.count("review") <= 1


def test_no_group_waits_for_an_editor_more_than_chance_allows():
    held = defaultdict(list)
    for row, outcome in zip(ROWS, _outcomes(ROWS), strict=True):
        held[row["group"]].append(outcome == "review")
    rates = sorted(sum(h) / len(h) for h in held.values())
    assert rates[-1] - rates[0] <= 1 / 6
