"""A reader is forgotten in every file there is, and does not come back."""

import sqlite3
import tracemalloc
from datetime import timedelta

import pytest

from cuttings.edges import ledger
from cuttings.edges.store import articles, erased, judged, people, periods, suppressed
from cuttings.redacted import erased_key
from flows import erasing
from tests.people.conftest import NOW, URL, Readers, take_in
from tests.people.test_redacted import PAGE

DAY = timedelta(days=1)
CANARY = b"would do it again"


def forget(house, name="Jo Brack", source=None):
    erasing.remember("person", [people.name_hash(house.store, name)], source or "", NOW)
    gone = people.forget(house.store, name, by="Officer", now=NOW, source=source)
    return gone, erasing.settle(house, Readers(), now=NOW)


def everything(house):
    """Every byte below the output folder and of the store, archived pages unpacked."""
    files = [p.read_bytes() for p in house.output.rglob("*") if p.is_file() and p.suffix != ".gz"]
    return b"".join([*files, house.bytes(), *(house.archive.get(d) for d in house.archive.digests())])


def comments_below(house, url=URL):
    key = erased.at_address(house.store, url)
    return judged.threads(house.store, [key], gone=True)[key]


def test_no_byte_of_their_words_is_left(read_house):
    assert CANARY in everything(read_house)
    before = periods.audit(read_house.store, NOW, NOW + DAY)
    gone, done = forget(read_house, "jo  BRÀCK")
    assert erased.scrub(read_house.store)
    assert (len(gone.comments), done.pages_redacted, done.pages_deleted, done.left) == (2, 2, 0, [])
    left = everything(read_house)
    assert CANARY not in left
    assert b"jo.example" not in left
    assert b"0123456789abcdef0123456789abcdef" not in left
    assert b"Jo Brack is right, and I agree." in left  # another reader's words, which name them
    assert periods.audit(read_house.store, NOW, NOW + DAY) == before


def test_the_list_of_the_forgotten_holds_hashes_and_nothing_else(read_house):
    forget(read_house)
    text = erasing.ledger_file().read_text()
    assert "Jo" not in text
    assert "Brack" not in text
    assert erasing.ledger_file().stat().st_mode & 0o777 == 0o600
    (entry,) = ledger.read(erasing.ledger_file())
    assert (entry.kind, entry.value) == ("person", people.name_hash(read_house.store, "Jo Brack"))


def test_the_same_page_and_a_changed_one_bring_nobody_back(read_house):
    forget(read_house)
    new = PAGE.replace("I agree.</p>", "I agree with all of it.</p>").encode()
    for body in (PAGE.encode(), new):
        take_in(read_house, URL, body, now=NOW + DAY)
    assert CANARY not in b"".join(read_house.archive.get(d) for d in read_house.archive.digests())
    texts = [c.comment.text for c in comments_below(read_house)]
    assert texts.count("") == 1
    assert not any(erased_key(t) or "again" in t for t in texts)


def test_reading_the_redacted_page_again_changes_nothing(read_house):
    forget(read_house)
    before = comments_below(read_house)
    (page,) = erased.pages_of(read_house.store, erased.at_address(read_house.store, URL))
    saved = take_in(read_house, URL, read_house.archive.get(page.sha256), now=NOW + DAY)
    assert (saved.new_comments, saved.gone_comments) == ((), ())
    assert comments_below(read_house) == before


def test_at_one_source_alone(read_house):
    gone, _ = forget(read_house, source="dale")
    assert len(gone.comments) == 1
    assert any("again" in c.comment.text for c in comments_below(read_house))
    assert not any("again" in c.comment.text for c in comments_below(read_house, "https://dale.example/night-care/"))


def test_a_single_comment_by_its_key(read_house):
    key = next(c.comment.key for c in comments_below(read_house) if "again" in c.comment.text)
    gone = people.forget_comments(read_house.store, [key], by="Officer", now=NOW)
    done = erasing.settle(read_house, Readers(), now=NOW)
    assert (gone.comments, done.pages_redacted) == ((key,), 1)
    take_in(read_house, URL, PAGE.encode(), now=NOW + DAY)
    assert not any("again" in c.comment.text for c in comments_below(read_house))


def test_what_was_stopped_half_way_is_carried_through_later(read_house, monkeypatch):
    erasing.remember("person", [people.name_hash(read_house.store, "Jo Brack")], "", NOW)
    people.forget(read_house.store, "Jo Brack", by="Officer", now=NOW)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erased, "settled", killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.settle(read_house, Readers(), now=NOW)
    assert erased.unsettled(read_house.store) != erased.Unsettled()
    erasing.settle(read_house, Readers(), now=NOW)
    assert erased.unsettled(read_house.store) == erased.Unsettled()
    assert CANARY not in b"".join(read_house.archive.get(d) for d in read_house.archive.digests())


def test_a_page_that_can_not_be_redacted_safely_is_deleted(read_house, monkeypatch):
    from cuttings import redacted

    def fails(*_):
        raise redacted.CannotRedact("not found")

    monkeypatch.setattr(redacted, "redact", fails)
    _, done = forget(read_house)
    assert (done.pages_redacted, done.pages_deleted) == (0, 2)
    assert list(read_house.archive.digests()) == []


def test_anybody_may_write_a_mark_and_it_erases_nothing(house):
    forged = PAGE.replace("I agree.</p>", "[erased 0123456789abcdef]</p>").replace("Jo Brack is right, and ", "")
    take_in(house, URL, forged.encode())
    assert "[erased 0123456789abcdef]" in [c.comment.text for c in comments_below(house)]


def test_a_withdrawn_article_leaves_no_page_and_no_words(read_house):
    key = erased.at_address(read_house.store, URL)
    assert people.withdraw_article(read_house.store, key, by="Editor", now=NOW)
    done = erasing.settle(read_house, Readers(), now=NOW)
    assert erased.scrub(read_house.store)
    assert done.pages_deleted == 1
    assert articles.find(read_house.store, [key]) == {}
    assert suppressed.every(read_house.store, "article")
    assert len(list(read_house.archive.digests())) == 1


def test_prefects_records_that_show_somebody_are_deleted(tmp_path):
    database, done = tmp_path / "prefect.db", erasing.Done()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE log (message TEXT)")
        connection.execute("CREATE TABLE flow_run (parameters TEXT)")
        connection.execute("INSERT INTO log VALUES ('could not read: Jo Br\u00e4ck'), ('all is well, Jo Brackley')")
        connection.execute("""INSERT INTO flow_run VALUES ('{"by": "Jo Brack"}'), ('{}')""")
    connection.close()
    erasing.from_prefect(database, erasing.shown_by([], ["jo brack"]), done)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT message FROM log").fetchall() == [("all is well, Jo Brackley",)]
    connection.close()
    assert done.records == 1
    assert ["flow_run.parameters" in line for line in done.left] == [True]


def test_prefects_records_are_looked_through_one_at_a_time(tmp_path):
    database, done = tmp_path / "prefect.db", erasing.Done()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE log (name TEXT, message TEXT)")
        connection.execute("CREATE TABLE block (key TEXT PRIMARY KEY, said TEXT) WITHOUT ROWID")
        line = ("Jo Brack", "all is well. " * 8000 + "Jo Brack")
        connection.executemany("INSERT INTO log VALUES (?, ?)", [line] * 100)
    connection.close()
    size = len(line[1]) * 100
    tracemalloc.start()
    erasing.from_prefect(database, lambda text: "Jo Brack" in text, done)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert done.records == 100  # not twice, though each shows it twice
    assert most < size / 10
