"""`serve` is killed at its first start after our deployments were renamed: what was switched off stays so."""

import pytest

from flows import pool
from tests.flows.test_died import client

assert client  # a fixture

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect", "sampled")]


class Killed(BaseException):
    pass


def test_killed_between_the_old_name_and_the_new_one_it_is_still_known_what_was_off(client, monkeypatch):
    from flows import place
    from flows.serve import deployments, run_worker

    before = next(one for one in deployments(place.settings()) if one.flow_name == "retention")
    before.name, before.paused = "scheduled", True
    before.apply()
    clear_away = pool.clear_away

    def and_die(*values):
        assert clear_away(*values) == ("retention/scheduled",)
        raise Killed

    monkeypatch.setattr(pool, "clear_away", and_die)
    with pytest.raises(Killed):
        run_worker()
    assert [(one.name, one.paused) for one in client.read_deployments()] == [("delete what is over", True)]
    assert pool.keep_switched_off(deployments(place.settings())) == ("retention/delete what is over",)
