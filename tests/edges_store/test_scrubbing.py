"""What was deleted is gone from the store's files, and what that costs is not the whole file every night."""

from __future__ import annotations

import random
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from cuttings.edges.store import erased, judged, people
from cuttings.model import Reason
from tests.edges_store.made import DAY, HOUR, NOW, SPAM, article, comment, save
from tests.postgresql import missing

NAME, WORDS = re.compile(rb"Qxz\d{6}"), re.compile(rb"the words of \d{6}")
LONG = tuple(Reason("name", -1.0, "a reason that makes the row longer " * 5) for _ in range(3))
WEEK = 7 * DAY - 5 * HOUR / 60  # no night comes to the second


@pytest.fixture(autouse=True)
def _unpacked(monkeypatch):
    """Nothing is packed here: who looks for words in the file's bytes must be able to find them."""
    monkeypatch.setattr("cuttings.edges.store.columns.packed", str.encode)


def talked(store, articles=30, each=25, longest=300):
    """Threads of short and long words, some with pages of their own; keys of the comments."""
    dice, keys = random.Random(7), []
    for number in range(articles):
        a, voices = article(f"a{number}"), []
        for n in range(1, each + 1):
            who = f"{number * each + n:06d}"
            text = f"These are the words of {who} " + "who says much " * dice.randrange(longest)
            voices.append(comment(a, n, text, author=f"Qxz{who} Brack"))
        save(store, a, voices, now=NOW + number * HOUR)
        keys += [voice.key for voice in voices]
    return keys


def judged_again(store, keys):
    """Rows that grow where they stand: pages are split, and rows moved to others."""
    longer = replace(SPAM, because=LONG)
    for start in range(7):
        judged.change(store, dict.fromkeys(keys[start::7], longer), now=NOW + DAY)


def ended(store, days=100):
    """Names and words, a few at a time, as the nights do it."""
    for day in range(0, days, 10):
        people.expire_names(store, now=NOW + day * DAY, keep=people.NameDays())
        people.expire_words(store, now=NOW + day * DAY, days=40)


def left(store):
    files = list(Path(store.place).parent.glob("lite.db*"))
    assert any(file.name.endswith("-wal") for file in files)
    raw = b"".join(file.read_bytes() for file in files)
    return len(set(NAME.findall(raw))), len(set(WORDS.findall(raw)))


def cleared(store, now):
    """The statements that a night's clearing gives to SQLite, and what it says."""
    asked = []
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
    raw.set_trace_callback(asked.append)
    try:
        return erased.clear(store, now=now), [said for said in asked if said.startswith(("VACUUM", "PRAGMA wal"))]
    finally:
        raw.set_trace_callback(None)


@pytest.mark.parametrize("way", ["reading", "writing"])
def test_every_connection_overwrites_what_it_deletes(lite, way):
    # As in a build of SQLite that does not do so by itself.
    event.listen(lite.engine, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete = OFF"), insert=True)
    lite.engine.dispose()
    with getattr(lite, way)() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_a_night_clears_the_file_without_writing_it_anew(lite):
    assert erased.clear(lite, now=NOW) is None
    talked(lite)
    assert min(left(lite)) == 750
    ended(lite)
    said = cleared(lite, NOW + DAY)
    assert said == (None, ["PRAGMA wal_checkpoint(TRUNCATE)"])
    assert left(lite) == (0, 0)


def test_a_file_is_written_anew_in_its_first_night_and_then_once_a_week(lite):
    short = ["PRAGMA wal_checkpoint(TRUNCATE)"]
    nights = [
        (0 * DAY, ["VACUUM", *short]),
        (DAY, short),
        (6 * DAY, short),
        (WEEK, ["VACUUM", *short]),
        (8 * DAY, short),
    ]
    for since, wanted in nights:
        assert cleared(lite, NOW + since) == (None, wanted), since


def test_after_an_erasure_the_coming_night_writes_it_anew_whatever_became_of_the_command(lite):
    a = article()
    voice = comment(a, 1, "What I said of the home.", author="Jo Quill")
    save(lite, a, (voice,))
    erased.clear(lite, now=NOW)
    people.forget_comments(lite, [voice.key], by="Ed", now=NOW)  # and its command is killed here
    assert cleared(lite, NOW + DAY)[1][0] == "VACUUM"
    assert "VACUUM" not in cleared(lite, NOW + 2 * DAY)[1]


def test_a_clock_that_was_wrong_for_a_night_stops_nothing(lite):
    erased.clear(lite, now=NOW + 2000 * DAY)
    assert cleared(lite, NOW)[1][0] == "VACUUM"


def test_what_was_deleted_before_deletions_were_overwritten_is_gone_after_a_night(lite):
    def as_before(raw, _):
        raw.execute("PRAGMA secure_delete = OFF")

    event.listen(lite.engine, "connect", as_before)
    lite.engine.dispose()
    talked(lite)
    ended(lite)
    assert min(left(lite)) > 100
    event.remove(lite.engine, "connect", as_before)
    lite.engine.dispose()
    assert erased.clear(lite, now=NOW) is None
    assert left(lite) == (0, 0)


def test_what_rows_left_behind_when_they_moved_goes_within_a_week(lite):
    erased.clear(lite, now=NOW)
    judged_again(lite, talked(lite, longest=30))
    ended(lite)
    assert erased.clear(lite, now=NOW + DAY) is None
    # A few dozen are left by now, and no setting of SQLite takes them out; a newer one may.
    assert max(left(lite)) < 75
    assert erased.clear(lite, now=NOW + WEEK) is None
    assert left(lite) == (0, 0)


@pytest.mark.parametrize("night", [0, 1])
def test_a_file_that_is_in_use_is_said_to_be_busy_and_comes_next_night(lite, night, monkeypatch):
    monkeypatch.setattr(erased, "PATIENCE", 0.05)
    for before in range(night):
        erased.clear(lite, now=NOW + before * DAY)
    save(lite, article())
    reader = sqlite3.connect(lite.place, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    save(lite, article("later"))
    try:
        assert erased.clear(lite, now=NOW + night * DAY) == "busy"
    finally:
        reader.close()
    assert cleared(lite, NOW + night * DAY)[0] is None


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_servers_tables_are_written_anew_once_a_week(store):
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, said, *_: asked.append(said))
    for night, full in [(0, True), (1, False), (6, False), (7, True)]:
        asked.clear()
        assert erased.clear(store, now=NOW + night * DAY) is None
        said = {line.split()[1] == "(FULL)" for line in asked if line.startswith("VACUUM")}
        assert said == {full}, night
