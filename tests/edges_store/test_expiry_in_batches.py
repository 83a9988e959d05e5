"""What has had its time ends in batches: none walks past what the ones before have ended, and a kill loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from cuttings.edges.store import articles, people
from cuttings.edges.store.tables import comments
from tests.edges_store.made import DAY, NOW, SPAM, article, comment, page, save
from tests.edges_store.made import judged as as_judged

LATER = NOW + 400 * DAY


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(people, "BATCH", 10)


def talked(store, number, *, apart=timedelta(0)):
    """So many comments below articles of ten each, first seen in one moment or apart."""
    for start in range(0, number, 10):
        a = article(f"a{start}")
        voices = [comment(a, n, f"The words of {start + n}.", author=f"Reader {start + n}") for n in range(1, 11)]
        save(store, a, voices, now=NOW + start * apart, verdicts={voices[3].key: SPAM})


def steps(store, ask):
    """How many steps SQLite takes, each in as many: a measure of what is read that no other process disturbs."""
    taken = [0]

    def count():
        taken[0] += 1

    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
    raw.set_progress_handler(count, 50)
    try:
        ask()
    finally:
        raw.set_progress_handler(None, 50)
    return taken[0]


def with_words(store):
    with store.reading() as connection:
        return connection.execute(select(func.count()).where(comments.c.erased_at.is_(None))).scalar()


ENDS = {
    "names": lambda store: people.expire_names(store, now=LATER, keep=people.NameDays()),
    "words": lambda store: people.expire_words(store, now=LATER, days=30),
}


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)], ids=["at once", "apart"])
@pytest.mark.parametrize("what", ENDS)
def test_twice_as_much_takes_twice_as_long(lite, what, apart):
    talked(lite, 200, apart=apart)
    few = steps(lite, lambda: ENDS[what](lite))
    talked(lite, 800, apart=apart)  # the first 200 stay as they are: ended
    many = steps(lite, lambda: ENDS[what](lite))
    assert with_words(lite) == (0 if what == "words" else 800)
    assert few * 2 < many < few * 4  # for 600


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)], ids=["at once", "apart"])
@pytest.mark.parametrize("what", ENDS)
def test_all_that_is_over_ends_and_nothing_else(store, what, apart):
    talked(store, 70, apart=apart)
    young = article("young")
    save(store, young, [comment(young)], now=LATER)
    assert ENDS[what](store) == 70
    assert ENDS[what](store) == 0
    with store.reading() as connection:
        left = connection.execute(select(comments.c.key).where(comments.c.author.is_not(None))).scalars().all()
    assert left == [comment(young).key]


@pytest.mark.parametrize("what", ENDS)
def test_a_run_that_is_killed_between_two_batches_is_taken_up_by_the_next(store, what):
    talked(store, 70)
    begun = []

    def killed(_connection):
        begun.append(1)
        if len(begun) > 4:
            raise KeyboardInterrupt

    event.listen(store.engine, "begin", killed)
    with pytest.raises(KeyboardInterrupt):
        ENDS[what](store)
    event.remove(store.engine, "begin", killed)
    done = 70 - ENDS[what](store)
    assert 0 < done < 70


def test_texts_end_in_batches_too(store):
    given = [article(f"a{number}") for number in range(25)]
    for a in given:
        articles.save(store, as_judged(a, text_expires=NOW + 30 * DAY), now=NOW, pages=[page(a)])
    begun = []
    event.listen(store.engine, "begin", lambda _connection: begun.append(1))
    assert people.expire_text(store, now=LATER) == tuple(sorted(a.key for a in given))
    assert len(begun) >= 4
    assert people.expire_text(store, now=LATER) == ()
    assert all(a.article.text == "" for a in articles.find(store, [a.key for a in given]).values())
