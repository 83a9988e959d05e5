"""The key that names are hashed with, and the list that outlives the backups."""

import json
from datetime import timedelta

import pytest

from cuttings.edges import ledger
from cuttings.edges.ledger import Entry, LedgerError
from cuttings.edges.store import articles, judged, open_store, people, retained, suppressed
from cuttings.edges.store.suppressed import Suppression, pseudonym
from flows import erasing, keys, place
from tests.people.conftest import NOW, URL, take_in
from tests.people.test_redacted import PAGE

ENTRY = Entry("person", "ab" * 16, "", "2026-04-06T07:00:00+00:00")


def test_another_key_is_noticed(house):
    keys.note(house.store, now=NOW)
    assert keys.faults(house.store) == ()
    other = open_store(house.address, hash_key=b"another")
    keys.note(other, now=NOW)
    (fault,) = keys.faults(other)
    assert "Put the first key back" in fault
    other.close()


def test_files_that_others_can_read_are_named(house):
    place.hash_key()
    erasing.remember("person", ["ab" * 16], "", NOW)
    for path in (place.local_folder() / place.KEY_FILE, erasing.ledger_file()):
        assert keys.faults(house.store) == ()
        path.chmod(0o644)
        (fault,) = keys.faults(house.store)
        assert f"chmod 600 {path}" in fault
        path.chmod(0o600)


def test_a_list_that_lacks_somebody_is_noticed_and_mended(house):
    suppressed.suppress(house.store, Suppression("person", "ab" * 16, "", NOW, "Officer"))
    assert "does not list them" in keys.faults(house.store)[0]
    erasing.in_ledger(house.store, NOW)
    assert keys.faults(house.store) == ()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jo Brack", "  jo\u00a0BRACK "),
        ("Jos\u00e9 P\u00e9rez", "Jose Perez"),
        ("O\u2019Brien", "o'brien"),
        ("J\u200bo B\u00adrack", "Jo Brack"),
        ("Anne\u2011Marie", "anne-marie"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u0141ukasz", "lukasz"),
    ],
)
def test_one_name_however_it_is_written(name, other):
    assert pseudonym(name, b"k") == pseudonym(other, b"k")


@pytest.mark.parametrize(("name", "other"), [("Jo Brack", "Jo Black"), ("Jo", "Joe"), ("\u0915\u093f", "\u0915\u0940")])
def test_two_names_are_two_names(name, other):
    assert pseudonym(name, b"k") != pseudonym(other, b"k")


def test_the_list_is_appended_to_and_each_stands_there_once(tmp_path):
    path = tmp_path / "forgotten"
    assert ledger.add(path, [ENTRY]) == 1
    assert ledger.add(path, [ENTRY, Entry("article", "k", "", ENTRY.at)]) == 1
    assert [e.kind for e in ledger.read(path)] == ["person", "article"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_cut_off_harms_nobody_else(tmp_path):
    path = tmp_path / "forgotten"
    ledger.add(path, [ENTRY])
    with path.open("a") as file:
        file.write('{"kind": "person", "val')
    assert ledger.read(path) == (ENTRY,)
    ledger.add(path, [Entry("comment", "k", "", ENTRY.at)])
    assert [e.kind for e in ledger.read(path)] == ["person", "comment"]


def test_a_damaged_list_is_told_and_not_passed_over(tmp_path):
    path = tmp_path / "forgotten"
    path.write_text(json.dumps({"kind": "person"}) + "\n" + json.dumps({"a": 1}) + "\n\n")
    with pytest.raises(LedgerError, match="line 1"):
        ledger.read(path)


def test_names_end_by_what_became_of_the_comment(read_house):
    from datetime import timedelta

    keep = people.NameDays(genuine=40, quarantined=10, unruled=20)
    assert people.expire_names(read_house.store, now=NOW + timedelta(days=39), keep=keep) == 0
    assert people.expire_names(read_house.store, now=NOW + timedelta(days=40), keep=keep) == 6
    assert len(people.voices_of(read_house.store, "Jo Brack")) == 2


def test_readers_words_end_with_their_term_and_the_page_brings_none_back(read_house):
    before = judged.counts(read_house.store)
    assert people.expire_words(read_house.store, now=NOW + timedelta(days=40), days=None) == 0
    assert people.expire_words(read_house.store, now=NOW + timedelta(days=20), days=30) == 0
    late = NOW + timedelta(days=40)
    over = retained.words_over(read_house.store, now=late, days=30)
    assert people.expire_words(read_house.store, now=late, days=30) == over == sum(before.values())
    take_in(read_house, URL, PAGE.encode(), now=late)
    assert judged.counts(read_house.store) == before
    threads = judged.threads(read_house.store, articles.keys(read_house.store), gone=True)
    assert {one.comment.text for thread in threads.values() for one in thread} == {""}
    assert {one.comment.author for thread in threads.values() for one in thread} == {None}
