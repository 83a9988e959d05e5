"""Where else a name stood: as counted from all its comments, for everybody but those who are in half the archive."""

from __future__ import annotations

import random

import pytest

from cuttings.edges.store import namesakes
from tests.edges_store.made import DAY, GENUINE, NOW, REVIEW, SPAM, article, comment, save
from tests.edges_store.test_expiry_in_batches import steps

VERDICTS = {"genuine": GENUINE, "review": REVIEW, "spam": SPAM}


def wrote(store, where, names, outcome=GENUINE, now=NOW):
    a = article(where)
    voices = [comment(a, n, f"{n}: what {name} says.", author=name) for n, name in enumerate(names, 1)]
    save(store, a, voices, now=now, verdicts=dict.fromkeys([v.key for v in voices], outcome))
    return a


def test_other_articles_and_those_where_it_was_spam(store):
    here = wrote(store, "here", ["Ann Vole", "Stairlifts Leeds"], SPAM)
    wrote(store, "b", ["Ann Vole", "ann  vole", "Stairlifts Leeds"])
    wrote(store, "c", ["Stairlifts Leeds"], SPAM)
    found = namesakes.namesakes(store, ["Ann Vole", "Stairlifts Leeds", "Nobody", ""], but=here.key)
    assert found == {"Ann Vole": (1, 0), "Stairlifts Leeds": (2, 1)}
    assert namesakes.namesakes(store, [], but=here.key) == {}


def test_many_names_are_asked_for_at_once(store):
    here = article("here")
    names = [f"Reader {n}" for n in range(150)]
    wrote(store, "b", names)
    assert namesakes.namesakes(store, names, but=here.key) == dict.fromkeys(names, (1, 0))


def test_ordinary_names_are_counted_whole(store):
    dice, names = random.Random(5), [f"Reader {n}" for n in range(12)]
    below: dict[str, dict[str, bool]] = {name: {} for name in names}  # where it stood, and whether as spam
    for n in range(10):
        a, given = article(f"a{n}"), {}
        for name in dice.choices(names, k=20):
            voice, outcome = comment(a, len(given), f"{n} {len(given)}", author=name), dice.choice(sorted(VERDICTS))
            given[voice] = VERDICTS[outcome]
            below[name][a.key] = below[name].get(a.key, False) or outcome == "spam"
        save(store, a, tuple(given), verdicts={voice.key: verdict for voice, verdict in given.items()})
    here = article("a3").key
    found = namesakes.namesakes(store, names, but=here)
    elsewhere = {name: [spam for where, spam in below[name].items() if where != here] for name in names}
    assert found == {name: (len(spam), sum(spam)) for name, spam in elsewhere.items() if spam}
    assert any(spam for _, spam in found.values())


def test_of_a_name_that_is_everywhere_the_newest_are_counted(store, monkeypatch):
    monkeypatch.setattr(namesakes, "MOST", 3)
    monkeypatch.setattr(namesakes, "FEWEST", 1)
    for n in range(4):
        wrote(store, f"old{n}", ["Anonymous"], SPAM, now=NOW + n * DAY)
    for n in range(3):
        wrote(store, f"new{n}", ["Anonymous", "Ann Vole"], now=NOW + (4 + n) * DAY)
    here = wrote(store, "here", ["Anonymous"] * 9, now=NOW + 9 * DAY)  # of its own thread none is counted
    found = namesakes.namesakes(store, ["Anonymous", "Ann Vole"], but=here.key)
    assert found == {"Anonymous": (3, 0), "Ann Vole": (3, 0)}


def test_one_long_thread_says_nothing_of_a_name_that_is_everywhere(store, monkeypatch):
    monkeypatch.setattr(namesakes, "MOST", 8)
    monkeypatch.setattr(namesakes, "FEWEST", 2)
    for n in range(6):
        wrote(store, f"old{n}", ["Anonymous"], now=NOW + n * DAY)
    here = article("here").key
    assert namesakes.namesakes(store, ["Anonymous"], but=here) == {"Anonymous": (6, 0)}
    wrote(store, "long", ["Anonymous"] * 9, SPAM, now=NOW + 7 * DAY)
    assert namesakes.namesakes(store, ["Anonymous"], but=here) == {}
    wrote(store, "later", ["Anonymous"], now=NOW + 8 * DAY)
    assert namesakes.namesakes(store, ["Anonymous"], but=here) == {"Anonymous": (2, 1)}


@pytest.mark.parametrize("names", [["Anonymous"], ["Anonymous", *[f"Reader {n}" for n in range(20)]]])
def test_a_name_that_is_everywhere_costs_no_more_when_there_is_more_of_it(lite, monkeypatch, names):
    monkeypatch.setattr(namesakes, "MOST", 20)

    def ask():
        namesakes.namesakes(lite, names, but=article("here").key)

    for n in range(10):
        wrote(lite, f"a{n}", ["Anonymous"] * 10)
    few = steps(lite, ask)
    for n in range(10, 60):
        wrote(lite, f"a{n}", ["Anonymous"] * 10)
    assert few > 0
    assert steps(lite, ask) <= few + 1
