"""What `./run mutants` counts and keeps: a room that was not tried whole is never kept as if it were."""

import json

import pytest

from tests.mutants import __main__ as mutants
from tests.mutants import trying
from tests.mutants.rooms import ROOMS, Room

ROOM = Room(files=("a.py",), tests=("test_a.py",), only=("a.x_*",), equivalent={"a.x_f__mutmut_3": "the same"})
RESULTS = {
    "a.x_f__mutmut_1": "killed", "a.x_f__mutmut_2": "timeout", "a.x_f__mutmut_3": "survived",
    "a.x_f__mutmut_4": "survived", "a.x_f__mutmut_5": "no tests", "a.x_f__mutmut_6": "suspicious",
}  # fmt: skip


def test_every_mutant_is_counted_once():
    row = mutants.counted("a", ROOM, RESULTS)
    assert (row.mutants, row.tried) == (6, 6)
    assert row.killed + row.timeouts + row.survived + row.untested + row.equivalent == row.tried
    assert (row.killed, row.timeouts, row.survived, row.untested, row.equivalent) == (2, 1, 1, 1, 1)
    assert row.share == pytest.approx(3 / 5)


def test_what_was_not_tried_is_no_success():
    row = mutants.counted("a", ROOM, {**RESULTS, "a.x_f__mutmut_7": trying.UNTRIED})
    assert (row.mutants, row.tried) == (7, 6)
    assert row.share == pytest.approx(3 / 5)


def test_only_whole_rooms_are_kept_beside_those_kept_before(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(mutants, "HOME", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "9.9"\n')
    kept = tmp_path / "tests" / "bench" / "results" / "9.9" / "mutants.json"
    whole = mutants.counted("whole", ROOM, RESULTS)
    part = mutants.counted("part", ROOM, {**RESULTS, "a.x_f__mutmut_7": trying.UNTRIED})
    mutants.keep([part])
    assert json.loads(kept.read_text())["rooms"] == {}
    mutants.keep([whole, part])
    assert list(json.loads(kept.read_text())["rooms"]) == ["whole"]
    assert capsys.readouterr().out == "part is not kept: 6 of 7 mutants were tried\n" * 2


def test_a_run_goes_on_with_what_is_left():
    results = {"a.x_f__mutmut_1": "killed", "a.x_f__mutmut_12": trying.UNTRIED, "a.x_f__mutmut_3": trying.UNTRIED}
    assert trying._left(results, "") == ["a.x_f__mutmut_12", "a.x_f__mutmut_3"]
    assert trying._left(results, "27") == ["a.x_f__mutmut_12"]
    assert trying._patterns(ROOM, "27") == ["a.x_*2", "a.x_*7"]
    assert trying._patterns(ROOM, "") == ["a.x_*"]


@pytest.mark.parametrize("name", ROOMS)
def test_a_rooms_files_and_tests_are_there(name):
    room = ROOMS[name]
    assert [one for one in (*room.files, *room.tests) if not (trying.HOME / one).is_file()] == []
