"""A piece out of the archive is a headline and no more: what could not be printed of a decision is refused."""

from dataclasses import replace
from datetime import date

import pytest

from cuttings.edges.store.issues import Issue
from cuttings.model import when
from flows.decide import BadDecision, _change, _Said
from flows.house import open_house
from tests.edges_store.made import article
from tests.edges_store.test_issues import digest, item

NEWS, OLD = article("news"), article("old")
NOW = when("2026-11-02")
pytestmark = pytest.mark.usefixtures("home")


def change(decision, of, reason=None, **words):
    made = replace(digest(NEWS), archive=(replace(item(OLD), number="M2"),))
    day = date(2026, 11, 1)
    issue = Issue("managers-1", "managers", day, day, 1, 1, "awaiting approval", NOW, NOW, digest=made)
    with open_house() as house:
        return _change(house, issue, _Said(decision, "Ed Itor", reason, of, words, None), False, NOW)


@pytest.mark.parametrize("words", [{"question": "Who?"}, {"summary": "Tea."}, {"headline": "Old", "summary": "Tea."}])
@pytest.mark.parametrize("of", ["M2", "m2", OLD.url, OLD.key])
def test_no_words_but_a_headline(of, words):
    with pytest.raises(BadDecision, match=f"{of} is out of the archive, which prints headlines alone"):
        change("write", of, **words)
    assert len(change("write", NEWS.url, **words).rulings) == len(words)


def test_it_is_not_put_first_but_struck_or_given_a_headline():
    with pytest.raises(BadDecision, match="Nothing was changed"):
        change("pin", "M2", "it matters")
    assert [r.decision for r in change("strike", "M2", "not ours").rulings] == ["strike"]
    assert [r.decision for r in change("write", "M2", headline="How it was").rulings] == ["headline"]
    assert change("take back", "M2", "after all") is None  # nothing was decided on it
    assert [r.decision for r in change("pin", "M1", "it matters").rulings] == ["pin"]
