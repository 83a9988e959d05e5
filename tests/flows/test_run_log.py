"""The log of runs: structured, of a limited size, and nobody's name in it."""

import json
import stat
import threading

import pytest

from cuttings.edges.store import StoreError
from flows import run_log


def lines(folder, name="runs.log"):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


@pytest.fixture(autouse=True)
def somewhere(monkeypatch):
    monkeypatch.setattr(run_log, "_place", [])


def test_a_line_is_an_object_with_its_time_and_event(tmp_path):
    run_log.write("run done", {"flow": "collect", "seconds": 1.5, "counts": {"read": 3}, "none": None}, tmp_path)
    (line,) = lines(tmp_path)
    assert line["at"].endswith("Z")
    assert {name: line[name] for name in ("event", "flow", "seconds", "counts")} == {
        "event": "run done",
        "flow": "collect",
        "seconds": 1.5,
        "counts": {"read": 3},
    }
    assert "none" not in line
    assert stat.S_IMODE((tmp_path / "runs.log").stat().st_mode) == 0o600


def test_without_a_place_nothing_is_written(tmp_path):
    run_log.write("x", {})
    run_log.use(tmp_path)
    run_log.write("y", {})
    assert [line["event"] for line in lines(tmp_path / "logs")] == ["y"]


@pytest.mark.parametrize(
    "text",
    [
        "anna@fellshire.example is not on the list",
        "<anna@fellshire.example>",
        "to:anna@fellshire.example,",
        'a "anna@x"',
    ],
)
def test_no_address_of_a_person_gets_in(tmp_path, text):
    run_log.write("x", {"why": text, "counts": {text: 1}}, tmp_path)
    assert "anna" not in (tmp_path / "runs.log").read_text()


def test_of_a_foreign_exception_only_its_kind():
    assert run_log.fault(KeyError("Jo Brack")) == "a fault of ours (KeyError)"
    assert (
        run_log.fault(StoreError("The store x: it is full for anna@x.example"))
        == "The store x: it is full for (an address)"
    )


def test_it_turns_its_pages_and_forgets_the_oldest(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log, "LARGEST", 2_000)
    for n in range(200):
        run_log.write("x", {"n": n, "why": "w" * 100}, tmp_path)
    files = sorted(p.name for p in tmp_path.glob("runs.log*"))
    assert files == ["runs.log", *(f"runs.log.{n}" for n in range(1, run_log.KEPT + 1))]
    assert all((tmp_path / name).stat().st_size <= 2_000 for name in files)
    kept = [line["n"] for name in reversed(files) for line in lines(tmp_path, name)]
    assert kept == list(range(kept[0], 200)), "no line is lost but the oldest"


def test_many_writers_at_once_lose_no_line(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log, "LARGEST", 20_000)
    monkeypatch.setattr(run_log, "KEPT", 50)

    def work(writer):
        for n in range(50):
            run_log.write("x", {"writer": writer, "n": n}, tmp_path)

    threads = [threading.Thread(target=work, args=(w,)) for w in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {(e["writer"], e["n"]) for p in tmp_path.glob("runs.log*") for e in lines(tmp_path, p.name)}
    assert len(found) == 200


def test_a_place_that_can_not_be_written_stops_nobody(tmp_path):
    (tmp_path / "file").touch()
    run_log.write("x", {}, tmp_path / "file" / "logs")
