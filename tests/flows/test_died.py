"""What becomes of runs that die, as Prefect's server tells of them: buried, told the same day, begun once more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows import catching_up, pool
from flows.catching_up import Caretaker, bury_zombies, died_since
from flows.house import open_house
from tests.flows.test_serve import until

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect", "sampled")]

HOUR = timedelta(hours=1)


@pytest.fixture
def client(prefect):  # noqa: ARG001 - the server must be up
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as opened:
        for run in opened.read_flow_runs():
            opened.delete_flow_run(run.id)
        for deployment in opened.read_deployments():
            opened.delete_deployment(deployment.id)
        yield opened


@pytest.fixture
def deployed(client):  # noqa: ARG001 - what was there before is gone
    from flows import place
    from flows.serve import deployments

    made = {f"{one.flow_name}/{one.name}": one for one in deployments(place.settings())}

    def write(*names, **more):
        for name in names:
            made[name].apply(**more)
        return [made[name] for name in names]

    return write


def begin(client, name, *tags):
    """A run of a deployment that is at work."""
    from prefect.states import Running, Scheduled

    deployment = client.read_deployment_by_name(name)
    run = client.create_flow_run_from_deployment(deployment.id, state=Scheduled(), tags=list(tags))
    client.set_flow_run_state(run.id, Running(), force=True)
    return run.id


def crash(client, run):
    from prefect.states import Crashed

    client.set_flow_run_state(run, Crashed(message="Process ended with code -9"), force=True)


def state(client, run):
    return client.read_flow_run(run).state.type.value


def letters():
    with open_house() as house, house.store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT issue, subject, text FROM letters")]


def test_a_run_that_was_killed_is_told_once_a_day_and_one_of_the_clock_is_begun_once_more(
    client, deployed, monkeypatch
):
    deployed("collect/read every source", "deliver/send what waits")
    by_clock, by_hand = begin(client, "collect/read every source"), begin(client, "deliver/send what waits")
    keeper = Caretaker((), (), {})
    crash(client, by_clock)
    crash(client, by_hand)
    found = {died.run: died.deployment for died in died_since(datetime.now(UTC) - HOUR)}
    assert found == {by_clock: "collect/read every source", by_hand: "deliver/send what waits"}

    # Only the server's scheduler can make a run that the clock started; test_serve has some.
    def as_if_by_the_clock(moment):
        return tuple(replace(died, again=died.run == by_clock) for died in died_since(moment))

    monkeypatch.setattr(catching_up, "died_since", as_if_by_the_clock)
    for _ in range(2):
        keeper.look_after()
        keeper._catch_up()
    names = sorted(name.rpartition(" ")[0] for name, *_ in letters())
    assert names == ["failed collect", "failed deliver"]
    assert all("was killed" in subject for _, subject, _ in letters())
    again = [run for run in client.read_flow_runs() if run.id not in found]
    assert [run.tags for run in again] == [[catching_up.CATCH_UP]]
    assert again[0].deployment_id == client.read_deployment_by_name("collect/read every source").id


def test_of_what_was_at_work_only_the_dead_are_buried(client, deployed):
    deployed("collect/read every source")
    runs = {worker: begin(client, "collect/read every source", pool.on(worker)) for worker in ("first", "second")}
    untold = begin(client, "collect/read every source")
    bury_zombies(lambda tags: not pool.elsewhere(tags, "first"))
    assert state(client, runs["first"]) == state(client, untold) == "CRASHED"
    assert state(client, runs["second"]) == "RUNNING"
    began = datetime.now(UTC)
    assert died_since(began) == ()  # `serve` has taken up what it buried itself
    bury_zombies(lambda tags: pool.on("second") in tags)  # the other machine, when it is switched on again
    assert state(client, runs["second"]) == "CRASHED"
    assert [died.run for died in died_since(began)] == [runs["second"]]


def test_a_late_run_that_somebody_asked_for_is_not_dropped(client, deployed):
    from prefect.states import Scheduled

    deployed("deliver/send what waits")
    deployment = client.read_deployment_by_name("deliver/send what waits")
    past = datetime.now(UTC) - HOUR
    by_hand = client.create_flow_run_from_deployment(deployment.id, state=Scheduled(scheduled_time=past))
    assert catching_up.drop_late() == ()
    assert state(client, by_hand.id) == "SCHEDULED"


def test_the_deployment_of_a_source_that_was_taken_out_is_deleted_and_other_peoples_are_not(client, sampled):
    from prefect import flow

    from flows import place
    from flows.serve import deployments

    @flow(name="somebody else's")
    def other():
        pass

    sampled.write(council=(sampled.config / "council.toml").read_text() + "\n[schedule]\nper_source = true\n")
    made = {one.name: one for one in deployments(place.settings()) if one.flow_name == "collect"}
    kept, gone = made["care-ledger"], made["fieldwork"]
    for one in (other.to_deployment("theirs"), kept, gone):
        one.apply()
    assert pool.clear_away([kept, gone], None) == ()
    assert pool.clear_away([kept], None) == ("collect/fieldwork",)
    assert {one.name for one in client.read_deployments()} == {"theirs", "care-ledger"}


def test_a_pool_is_made_once_and_deployments_move_into_it_and_out_of_it(client, deployed):
    (collect,) = deployed("collect/read every source")
    assert client.read_deployment_by_name("collect/read every source").work_pool_name is None
    for _ in range(2):
        assert pool.clear_away([collect], "machines") in (("collect/read every source",), ())
        pool.stand_ready([collect], "machines")
    made = client.read_deployment_by_name("collect/read every source")
    assert (made.work_pool_name, made.entrypoint) == ("machines", "flows.collect.collect")
    assert client.read_work_pool("machines").type == "process"
    assert pool.clear_away([collect], None) == ("collect/read every source",)


def test_a_deployment_that_was_switched_off_under_its_former_name_stays_so_and_is_not_there_twice(client):
    from flows import place
    from flows.serve import deployments

    def made():
        return [one for one in deployments(place.settings()) if one.flow_name in ("collect", "deliver")]

    collect, deliver = made()[0], next(one for one in made() if one.flow_name == "deliver")
    collect.name = deliver.name = "scheduled"
    collect.paused = True
    for before in (collect, deliver):
        before.apply()
    for _ in range(2):  # the second time under its new name
        today = made()
        assert pool.keep_switched_off(today) == ("collect/read every source",)
        pool.clear_away(today, None)
        for one in today:
            one.apply()
        found = {one.name: one.paused for one in client.read_deployments()}
        assert found == {"read every source": True, "send what waits": False}
    client.resume_deployment(client.read_deployment_by_name("collect/read every source").id)
    assert pool.keep_switched_off(made()) == ()


def test_a_run_that_falls_silent_is_called_crashed_by_the_server(client, deployed):
    from prefect.events import emit_event
    from prefect.events.worker import EventsWorker

    deployed("collect/read every source")
    for old in client.read_automations_by_name(catching_up.AUTOMATION):
        client.delete_automation(old.id)
    catching_up.crash_the_silent(timedelta(seconds=10))  # in earnest nine minutes; runs give a sign every three
    catching_up.crash_the_silent(timedelta(seconds=10))
    (made,) = client.read_automations_by_name(catching_up.AUTOMATION)
    silent = begin(client, "collect/read every source")
    emit_event("prefect.flow-run.heartbeat", resource={"prefect.resource.id": f"prefect.flow-run.{silent}"})
    EventsWorker.instance().wait_until_empty()
    until(lambda: state(client, silent) == "CRASHED", "the server's notice")
    assert "no sign of life" in client.read_flow_run(silent).state.message
    assert silent in {died.run for died in died_since(datetime.now(UTC) - HOUR)}
    client.delete_automation(made.id)
