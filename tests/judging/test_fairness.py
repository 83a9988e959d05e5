"""Genuine comments in the Englishes that people write to councils in: nobody's is quarantined, no group's held up more.

The rows were written for this test and are not among those that set the weights.
"""

import json

import numpy as np
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
    assert outcomes.count("review") <= 0.2 * len(outcomes)


def test_no_group_is_held_up_more_than_chance_allows():
    """A permutation test: were the outcomes dealt out at random, groups would differ as much as this quite often."""
    groups = np.array([r["group"] for r in ROWS])
    held = np.array([o != "genuine" for o in _outcomes(ROWS)], dtype=float)

    def spread(order):
        return sum((order[groups == g].mean() - held.mean()) ** 2 * (groups == g).sum() for g in GROUPS)

    chance = np.random.default_rng(5)
    as_much = np.mean([spread(chance.permutation(held)) >= spread(held) - 1e-12 for _ in range(2000)])
    assert as_much > 0.05, {g: held[groups == g].mean() for g in GROUPS}
    assert held.mean() <= 0.08


def test_how_one_writes_costs_nothing_that_the_words_do_not():
    """The same comment in capitals, without them, without punctuation, or misspelt: none is quarantined for it."""
    changes = (str.upper, str.lower, lambda t: t.replace(".", "").replace(",", ""), lambda t: t.replace("ough", "uff"))
    for change in changes:
        assert "spam" not in _outcomes([r | {"text": change(r["text"])} for r in ROWS])
