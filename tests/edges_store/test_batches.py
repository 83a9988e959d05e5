"""A thread goes into the store by the batch: a hundred times the readers are no more questions."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from cuttings.edges.store import judged
from tests.edges_store.made import DAY, NOW, article, comment, save, sign


@contextmanager
def asked(store):
    """How often the database is asked; many rows given together count once."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


def thread(a, count):
    return [
        comment(a, n, f"We waited {n} weeks for an answer, and then the answer was no.", author=f"Reader {n}")
        for n in range(1, count + 1)
    ]


def kept(store, name, count, *, now):
    a = article(name)
    voices = thread(a, count)
    signatures = {a.key: sign(a.text, 1, 2)} | {c.key: sign(c.text, c.n, -c.n) for c in voices}
    with asked(store) as said:
        save(store, a, voices, now=now, signatures=signatures)
    return len(said), voices


@pytest.mark.parametrize("again", [False, True])
def test_a_long_thread_asks_no_more_than_a_short_one(store, again):
    costs = []
    for name, count in (("short", 4), ("long", 400)):
        cost, voices = kept(store, name, count, now=NOW)
        if again:
            cost, _ = kept(store, name, count, now=NOW + DAY)
        costs.append(cost)
        assert len(judged.find(store, [c.key for c in voices])) == count
    short, long = costs
    assert long <= 2 * short
