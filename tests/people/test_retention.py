"""What a night's retention says and leaves behind, without Prefect's own records."""

import pytest

from cuttings.edges.store import erased, people
from flows import people as flow
from tests.people.conftest import NOW
from tests.people.test_forgetting import DAY


@pytest.fixture
def night(read_house, monkeypatch):
    """What a night ends; Prefect has no records here."""
    monkeypatch.setattr(flow, "_old_runs", lambda _before: [])
    monkeypatch.setattr(flow, "_trim", lambda _old: 0)
    monkeypatch.setattr(erased, "PATIENCE", 0.05)
    return lambda now: flow._ended(read_house, now, people.NameDays(), {})


NAME = b"Jo Quill-Brackenbury"  # nobody quotes them


def renamed(house):
    with house.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE comments SET author = '{NAME.decode()}' WHERE author IS NOT NULL")
    assert NAME in house.bytes()


def named(house):
    with house.store.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM comments WHERE author IS NOT NULL").scalar()


def test_names_that_a_collection_ended_are_gone_from_the_files_by_the_morning(read_house, night):
    renamed(read_house)
    people.expire_names(read_house.store, now=NOW + 91 * DAY)  # as every collection does
    assert named(read_house) == 0
    ended = night(NOW + 91 * DAY)
    assert (ended.names, ended.left) == (0, None)
    assert NAME not in read_house.bytes()


def test_a_night_in_which_somebody_reads_all_through_it_says_so_and_the_next_makes_up_for_it(read_house, night):
    renamed(read_house)
    with read_house.store.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM comments").scalar()
        busy = night(NOW + 91 * DAY)
    assert busy.names > 0
    assert "something else was at work" in busy.left
    assert night(NOW + 92 * DAY).left is None
    assert NAME not in read_house.bytes()


@pytest.mark.parametrize(
    ("why", "said"),
    [("busy", "something else was at work."), ("full", "make room."), ("disk", "look after it.")],
)
def test_what_a_night_could_not_do_is_said(night, monkeypatch, why, said):
    assert "NOT REACHED" not in "\n".join(night(NOW).lines())
    monkeypatch.setattr(erased, "clear", lambda _store, *, now: why)  # noqa: ARG005
    *_, last = night(NOW).lines()
    assert last.startswith("  NOT REACHED: The store's files may still hold deleted words")
    assert last.endswith(said)
