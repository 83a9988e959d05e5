"""What the contact officer hears: once a day of each kind of failure, once of each source's spell, and every week."""

import json
from datetime import timedelta

import pytest

from cuttings.edges.store import StoreError, outbox, sources
from cuttings.edges.store.connect import Store
from cuttings.model import when
from flows import health, run_log, shelving
from flows.house import open_house
from flows.watching import watched
from tests.edges_store.made import article, comment, save

DAY = timedelta(days=1)
NOW = when("2026-11-02T07:00:00+00:00")
pytestmark = pytest.mark.usefixtures("anywhere")


def letters(home):
    with home.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT l.issue, l.subject, l.text, o.recipient FROM letters l JOIN outbox o ON o.issue = l.issue"
        )
        return [tuple(row) for row in rows]


def fails(house, flow="collect", error=None):
    with pytest.raises((KeyError, StoreError)), watched(house, flow):
        raise error or KeyError("Jo Brack")


def test_a_failure_is_told_once_a_day_of_its_kind(home):
    with open_house() as house:
        for _ in range(3):
            fails(house)
        fails(house, "deliver", StoreError("The store x: the disk is full."))
    home.at("2026-11-02T23:30:00+00:00")
    with open_house() as house:
        fails(house)
    home.at("2026-11-03T07:00:00+00:00")
    with open_house() as house:
        fails(house)
    told = letters(home)
    assert sorted(name for name, *_ in told) == [
        "failed collect 2026-11-02",
        "failed collect 2026-11-03",
        "failed deliver 2026-11-02",
    ]
    assert {to for *_, to in told} == {"policy@fellshire.example"}
    by_name = {name: text for name, _, text, _ in told}
    assert "Brack" not in str(told)
    assert "(KeyError)" in by_name["failed collect 2026-11-02"]
    assert "the disk is full" in by_name["failed deliver 2026-11-02"]
    assert "./run doctor" in by_name["failed collect 2026-11-02"]


def test_the_day_is_the_council_s(home):
    home.at("2026-06-30T23:30:00+00:00")  # summer time: the first of July in Fellshire
    with open_house() as house:
        fails(house)
    assert [name for name, *_ in letters(home)] == ["failed collect 2026-07-01"]


def test_what_the_officer_knows_already_is_not_told_again(home):
    with open_house() as house:
        with pytest.raises(StoreError), watched(house, "publish", told=(StoreError,)):
            raise StoreError("told by then")
        assert letters(home) == []


@pytest.mark.usefixtures("home")
def test_a_failure_of_the_store_itself_does_not_hide_the_first_one(monkeypatch):
    def broken(_store):
        raise StoreError("the disk is full")

    with open_house() as house:
        monkeypatch.setattr(Store, "writing", broken)
        with pytest.raises(KeyError), watched(house, "collect"):
            raise KeyError("first")


def test_runs_are_logged_without_anybody_s_name(home):
    with open_house() as house:
        fails(house)
        with watched(house, "deliver") as facts:
            facts["sent"] = 3
    lines = [json.loads(line) for line in (home.output / "logs" / run_log.NAME).read_text().splitlines()]
    assert [(e["event"], e["flow"]) for e in lines] == [("run failed", "collect"), ("run done", "deliver")]
    assert lines[1]["sent"] == 3
    assert "Brack" not in str(lines)


# ---------------------------------------------------------------- sources


@pytest.fixture
def failing(home):
    blocks = "".join(f'[[source]]\nid = "{n}"\nname = "{n}"\nurl = "https://{n}.example/f"\n' for n in ("moor", "dale"))
    home.write(sources=blocks)

    def contact(name, days, failure="it does not answer"):
        with open_house() as house:
            sources.contacted(house.store, name, name=name, now=NOW + days * DAY, failure=failure)

    return contact


def tell(home, days):
    home.at((NOW + days * DAY).isoformat())
    with open_house() as house:
        return health.tell_failing_sources(house)


def test_a_source_is_told_after_its_days_and_once_a_spell(home, failing):
    failing("moor", -1, None)
    failing("moor", 0)
    assert tell(home, 0) == 0
    failing("moor", 3)
    assert tell(home, 3) == 1
    assert tell(home, 3) == 0
    failing("moor", 4)
    assert tell(home, 4) == 0
    failing("moor", 5, None)
    assert tell(home, 5) == 0
    failing("moor", 6)
    failing("moor", 9)
    assert tell(home, 9) == 1


def test_two_sources_of_one_day_are_one_mail_and_none_is_lost(home, failing):
    failing("moor", -4)
    failing("moor", 0)
    assert tell(home, 0) == 1
    failing("dale", -5)
    failing("dale", 0)
    assert tell(home, 0) == 0  # today's mail has gone
    assert tell(home, 1) == 1
    texts = [text for _, _, text, _ in letters(home)]
    assert ["moor" in t for t in texts] == [True, False]
    assert ["dale" in t for t in texts] == [False, True]


def test_a_source_that_was_taken_out_is_nobody_s_worry(home, failing):
    failing("gone", -9)
    failing("gone", 0)
    assert tell(home, 0) == 0


# ---------------------------------------------------------------- once a week


@pytest.mark.usefixtures("home")
def test_the_week_is_told_with_its_counts_and_without_names(failing):
    failing("moor", 0, "moor.example does not answer")
    with open_house() as house:
        one = article("night-care", source="dale")
        save(house.store, one, [comment(one, 1, "I was there.", author="Jo Brack")], now=NOW - DAY)
        outbox.enqueue(
            house.store, outbox.Letter("x", "notice", "s", "t", "h"), [("anna@x.example", "Anna")], now=NOW,
            deadline=NOW + DAY,
        )  # fmt: skip
        notice = health.weekly(house)
    text = "\n".join(notice.lines)
    assert "1 could not be read" in text
    assert "moor.example does not answer" in text
    assert "Pages: 1 in, 1 read, 0 set aside, 0 failed." in text
    assert "Comments: 1 new" in text
    assert "Messages of the week: 1 new." in text
    assert "./run" in text
    assert "to look at" in notice.subject
    for name in ("Brack", "Anna", "anna@"):
        assert name not in text


# ---------------------------------------------------------------- the list of issues


def test_the_list_is_there_before_any_issue_and_a_full_place_is_a_sentence(home):
    with open_house() as house:
        assert shelving.shelve(house) is None
        page = home.output / "issues" / "index.html"
        assert "No issue has been made yet" in page.read_text()
        page.unlink()
        (home.output / "issues" / ".index.lock").unlink()
        (home.output / "issues").rmdir()
        (home.output / "issues").touch()  # a file where the folder should be
        assert "can't be written" in shelving.shelve(house)
