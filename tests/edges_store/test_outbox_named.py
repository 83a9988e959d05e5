"""An issue's own messages are told from those of others by their names, copies and notices with it."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import select, update

from cuttings.edges.store import erased, issues, numbers, outbox, sending
from cuttings.edges.store.outbox import Letter
from cuttings.edges.store.tables import outbox as table
from tests.edges_store.made import DAY, NOW

ISSUE = "man_agers-2026-03-30"
NAMES = {
    "edition": (ISSUE, f"{ISSUE}-r2", "man-agers-2026-03-30"),
    "correction": (ISSUE,),
    "proof": (ISSUE, f"{ISSUE} 2"),
    "notice": (f"{ISSUE} kept back", f"{ISSUE} copying", f"{ISSUE}-r2 late", "man-agers-2026-03-30 late"),
    "copy": (f"{ISSUE} copy 1", f"{ISSUE} copy 2", f"{ISSUE}-r2 copy 1", "man-agers-2026-03-30 copy 1"),
}
READERS = tuple((f"r{n}@x.example", None) for n in range(14))


@pytest.fixture
def sent(store):
    dice = random.Random(3)
    for kind, names in NAMES.items():
        for name in names:
            letter = Letter(name, kind, "s", "t", "h")
            outbox.enqueue(store, letter, dice.sample(READERS, 11), now=NOW, deadline=NOW + DAY)
    with store.writing() as connection:
        for number in connection.execute(select(table.c.id)).scalars().all():
            state = dice.choice(["new", "sending", "sent", "refused", "ambiguous", "bounced", "given up"])
            values = {"state": state, "message_id": dice.choice([None, f"<{number}@x.example>"])}
            values["resent"] = dice.choice([None, None, outbox.BY_A_PERSON])
            connection.execute(update(table).where(table.c.id == number).values(values))
    return store


def rows(store):
    with store.reading() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def its_words(row):
    return (row.issue == ISSUE and row.kind in ("edition", "correction")) or row.issue.startswith(f"{ISSUE} copy ")


def test_how_many_it_reached(sent):
    away = {"sending", "sent", "ambiguous", "bounced"}
    expected = [row for row in rows(sent) if its_words(row) and (row.state in away or row.resent)]
    assert issues.reached(sent, ISSUE) == len(expected) > 3


def test_who_had_it(sent):
    had = {"new", "sending", "sent", "ambiguous"}
    expected = {
        row.folded: row.id
        for row in rows(sent)
        if its_words(row) and row.kind in ("edition", "correction", "copy") and row.state in had
    }
    assert {m.recipient: m.id for m in outbox.who_had(sent, ISSUE)} == expected
    assert len(expected) > 3


def test_its_message_ids(sent):
    mine = [row for row in rows(sent) if row.issue == ISSUE or row.issue.startswith(f"{ISSUE} ")]
    assert {row.kind for row in mine} == set(NAMES)
    assert erased.message_ids(sent, ISSUE) == {row.message_id for row in mine if row.message_id}


def test_those_that_wait_are_stopped(sent):
    waits = {row.id for row in rows(sent) if row.state == "new"}
    expected = {row.id for row in rows(sent) if row.state == "new" and its_words(row)}
    assert sending.stop(sent, ISSUE, "held", now=NOW) == len(expected) > 1
    assert waits - {row.id for row in rows(sent) if row.state == "new"} == expected


def test_messages_are_counted_by_state_since_a_moment(sent):
    with sent.writing() as connection:
        connection.execute(update(table).where(table.c.id % 3 == 0).values(updated=NOW + DAY))
    for since, counted in [(None, rows(sent)), (NOW + DAY, [row for row in rows(sent) if row.id % 3 == 0])]:
        assert numbers.mail(sent, since=since) == Counter(row.state for row in counted)
