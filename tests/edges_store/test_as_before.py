"""What is as before needs no turn, and new themes alone need none: a save would have done just the same."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from cuttings import rulings
from cuttings.edges.store import articles, as_before, judged, open_store, people
from cuttings.edges.store.tables import metadata
from cuttings.model import Aside, Membership, Reading, Ruling, Verdict, when
from tests.edges_store.made import DAY, GENUINE, NOW, SPAM, article, comment, labels, save, sign
from tests.edges_store.made import judged as as_judged

A = article()
VOICES = (comment(A), comment(A, 2, "Another view.", author="Tom Ash", parent=1))
GIVEN = replace(as_judged(A, VOICES, verdicts={VOICES[1].key: SPAM}), again=True)
OTHER = labels("workforce", "home-care")


def of(*voices, a=A, asides=GIVEN.reading.set_aside):
    return replace(GIVEN, reading=Reading((a,), voices, asides))


def rows(store):
    with store.reading() as connection:
        return {t.name: connection.execute(t.select()).all() for t in metadata.sorted_tables}


SAME = {
    "the very same": GIVEN,
    "in another order, each at its place": of(*reversed(VOICES)),
    "a score that drifted": replace(GIVEN, verdicts=GIVEN.verdicts | {VOICES[0].key: replace(GENUINE, score=0.2)}),
    "no furniture to tell of": of(*VOICES, asides=()),
    "a part of the thread, said to be one": replace(of(VOICES[0]), whole_thread=False),
    "the same comment twice": of(*VOICES, VOICES[0]),
    "no labels for a comment that has none": replace(GIVEN, labels=GIVEN.labels | {VOICES[0].key: labels()}),
}
CHANGED = {
    "an article's title": of(*VOICES, a=replace(A, title="What we learnt")),
    "its links, which make no version": of(*VOICES, a=replace(A, kind="blog")),
    "furniture": of(*VOICES, asides=(Aside("Another list", "a list of links"),)),
    "a new comment": replace(
        of(*VOICES, new := comment(A, 3, "A third.")), verdicts=GIVEN.verdicts | {new.key: GENUINE}
    ),
    "one comment fewer": of(VOICES[0]),
    "another place": of(VOICES[0], replace(VOICES[1], n=3)),
    "an answer to nobody": of(VOICES[0], replace(VOICES[1], parent=None)),
    "another verdict": replace(GIVEN, verdicts=GIVEN.verdicts | {VOICES[0].key: SPAM}),
    "other rules": replace(GIVEN, verdicts={key: replace(v, rules_version="v2") for key, v in GIVEN.verdicts.items()}),
    "the hash it is found by": replace(GIVEN, signatures=GIVEN.signatures | {A.key: sign("folded otherwise")}),
}
THEMES = {
    "an article's": replace(GIVEN, labels={A.key: OTHER}),
    "none any more": replace(GIVEN, labels={A.key: labels()}),
    "a comment's": replace(GIVEN, labels=GIVEN.labels | {VOICES[0].key: OTHER}),
    "both": replace(GIVEN, labels={A.key: OTHER, VOICES[0].key: labels("home-care")}),
}
DOUBTED = {
    "a story that it is in": replace(GIVEN, memberships=(Membership(A.key, A.key, 1.0, "the first of its story"),)),
    "another article": of(a=article("unheard-of")),
}


@pytest.mark.parametrize("name", SAME)
def test_where_it_is_as_before_a_save_changes_nothing(lite, name):
    save(lite, A, VOICES, verdicts=GIVEN.verdicts)
    before = rows(lite)
    assert as_before.other_themes(lite, SAME[name]).labels == {}
    assert articles.save(lite, SAME[name], now=NOW + DAY).nothing_new
    assert rows(lite) == before


@pytest.mark.parametrize("name", CHANGED)
def test_whatever_a_save_would_change_is_not_as_before(lite, name):
    save(lite, A, VOICES, verdicts=GIVEN.verdicts)
    before = rows(lite)
    assert as_before.other_themes(lite, CHANGED[name]) is None
    articles.save(lite, CHANGED[name], now=NOW + DAY)
    assert rows(lite) != before
    assert as_before.other_themes(lite, CHANGED[name]).labels == {}


@pytest.mark.parametrize("name", THEMES)
def test_new_themes_are_written_as_a_save_writes_them(lite, empty, tmp_path, name):
    shutil.copy(empty, tmp_path / "other.db")
    other = open_store(tmp_path / "other.db", hash_key=lite.hash_key)
    for one in (lite, other):
        save(one, A, VOICES, verdicts=GIVEN.verdicts)
    found = as_before.other_themes(lite, THEMES[name])
    as_before.put_themes(lite, [found], now=NOW + DAY)
    saved = articles.save(other, THEMES[name], now=NOW + DAY)
    assert sorted(found.labels) == sorted(saved.relabelled) != []
    assert rows(lite) == rows(other)
    assert as_before.other_themes(lite, THEMES[name]).labels == {}
    other.close()


@pytest.mark.parametrize("name", DOUBTED)
def test_where_it_can_not_be_told_at_once_it_is_left_to_the_save(lite, name):
    save(lite, A, VOICES, verdicts=GIVEN.verdicts)
    assert as_before.other_themes(lite, DOUBTED[name]) is None


def test_on_either_database(store):
    save(store, A, VOICES, verdicts=GIVEN.verdicts)
    assert as_before.other_themes(store, GIVEN).labels == {}
    assert as_before.other_themes(store, CHANGED["one comment fewer"]) is None
    found = as_before.other_themes(store, THEMES["both"])
    as_before.put_themes(store, [found], now=NOW)
    assert articles.find(store, [A.key])[A.key].labels == OTHER
    assert as_before.other_themes(store, THEMES["both"]).labels == {}


def forget(store):
    people.forget(store, "Tom Ash", by="Ed Itor", now=NOW)


def end_the_licence(store):
    people.expire_text(store, now=NOW + 9 * DAY)


def rule(store):
    judged.rule(store, [Ruling(rulings.comment(VOICES[0].key), "spam", None, "Ed Itor", NOW)])


def withdraw(store):
    people.withdraw_source(store, "weekly", by="Ed Itor", now=NOW)


@pytest.mark.parametrize("happens", [forget, end_the_licence, rule, withdraw])
def test_what_people_and_licences_took_away_stays_away(lite, happens):
    save(lite, A, VOICES, verdicts=GIVEN.verdicts, text_expires=NOW + DAY)
    happens(lite)
    before = rows(lite)
    found = as_before.other_themes(lite, GIVEN)
    assert rows(lite) == before
    if found is not None:
        assert found.labels == {}
        assert articles.save(lite, GIVEN, now=NOW + 10 * DAY).nothing_new
        assert rows(lite) == before


def edit(store):
    save(store, replace(A, title="What we learnt"), VOICES, verdicts=GIVEN.verdicts, themes=("pay",), now=NOW + DAY)


@pytest.mark.parametrize("happens", [forget, end_the_licence, withdraw, edit])
def test_themes_of_words_that_went_meanwhile_are_not_written(lite, happens):
    """A theme's evidence is made of words: written late, it would bring a forgotten reader's back."""
    save(lite, A, VOICES, verdicts=GIVEN.verdicts, text_expires=NOW + DAY)
    gone = VOICES[1].key if happens is forget else A.key
    found = as_before.other_themes(lite, replace(GIVEN, labels={A.key: OTHER, VOICES[1].key: OTHER}))
    assert len(found.labels) == 2
    happens(lite)
    as_before.put_themes(lite, [found], now=NOW + 10 * DAY)
    left = {r.subject: r.theme for r in rows(lite)["labels"] if r.theme in ("workforce", "home-care")}
    assert not [subject for subject in left if subject.endswith(gone) and left[subject] == "workforce"]


# ---------------------------------------------------------------- whether anything came in between


def new_comment(store):
    save(store, A, (*VOICES, comment(A, 3, "A third.")), verdicts=GIVEN.verdicts)


def new_article(store):
    save(store, article("copy"), story=A.key)


def new_verdict(store):
    worse = Verdict("spam", False, 0.9, (), rules_version="v1")
    judged.change(store, {VOICES[0].key: worse}, now=NOW)


@pytest.mark.parametrize("happens", [new_comment, new_article, new_verdict, rule])
def test_a_generation_ends_with_whatever_others_are_judged_by(store, happens):
    empty = as_before.generation(store)
    save(store, A, VOICES, verdicts=GIVEN.verdicts)
    first = as_before.generation(store)
    assert first != empty
    articles.save(store, replace(GIVEN, labels={A.key: OTHER}), now=when("2026-05-01"))
    assert as_before.generation(store) == first  # themes are nobody else's business
    happens(store)
    assert as_before.generation(store) != first
