"""What looks after the runs lives on, whatever it meets."""

from types import SimpleNamespace

import pytest

from cuttings.model import BadConfiguration
from flows import catching_up
from flows.catching_up import Caretaker


class Enough(BaseException):
    """The test has seen what it wanted."""


def rounds(monkeypatch, most):
    left = iter(range(most))

    def sleep(_seconds):
        if next(left, None) is None:
            raise Enough

    monkeypatch.setattr(catching_up.time, "sleep", sleep)


def test_a_configuration_that_is_saved_half_way_does_not_end_it(monkeypatch, capsys):
    beats, looks = [], []

    def beat(_served, _now):
        beats.append(1)
        if len(beats) == 1:
            raise BadConfiguration("council.toml: line 3: not closed")

    monkeypatch.setattr(catching_up, "crash_the_silent", lambda: None)
    monkeypatch.setattr(catching_up, "write_served", beat)
    monkeypatch.setattr(catching_up, "died_since", lambda _moment: looks.append(1) or ())
    rounds(monkeypatch, 2)
    with pytest.raises(Enough):
        Caretaker((), (), {}).run()
    assert (len(beats), len(looks)) == (3, 2)
    assert "BadConfiguration: council.toml: line 3" in capsys.readouterr().out


def test_a_server_that_is_too_busy_at_the_start_is_asked_again_to_watch_for_silent_runs(monkeypatch):
    asked = []

    def watch():
        asked.append(1)
        if len(asked) < 3:
            raise ConnectionError("busy")

    monkeypatch.setattr(catching_up, "crash_the_silent", watch)
    monkeypatch.setattr(catching_up, "write_served", lambda *_: None)
    monkeypatch.setattr(catching_up, "died_since", lambda _moment: ())
    rounds(monkeypatch, 4)
    with pytest.raises(Enough):
        Caretaker((), (), {}).run()
    assert len(asked) == 3


def test_a_collect_that_somebody_deleted_is_not_waited_for(monkeypatch):
    from prefect.exceptions import ObjectNotFound

    class Client:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read_flow_run(self, run):
            if run == "deleted":
                raise ObjectNotFound(http_exc=OSError())
            return SimpleNamespace(state=SimpleNamespace(is_final=lambda: True))

    monkeypatch.setattr("prefect.client.orchestration.get_client", lambda **_: Client())
    keeper = Caretaker((), (), {})
    keeper._collects[:] = ["done", "deleted"]
    keeper._wait_for_collects()
    assert keeper._collects == []
