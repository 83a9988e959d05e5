"""What a collect shows in Prefect: one task a source, how far each is, and the table of what came."""

import json

import pytest

from tests.flows.test_serve import until
from tests.site.server import sources_toml

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

NAMES = ["care-ledger", "kitchen-table"]


def test_a_source_is_one_task_whose_log_says_how_far_it_is(home, site, monkeypatch):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterName
    from prefect.client.schemas.sorting import ArtifactSort, FlowRunSort

    from flows import collect as module
    from flows import progress

    real, said = progress.get_run_logger, []

    class Heard:
        def info(self, line):
            said.append((real().extra["task_run_name"], line))
            real().info(line)

    monkeypatch.setattr(progress, "get_run_logger", Heard)
    monkeypatch.setattr(module, "BATCH", 4)
    home.write(sources=sources_toml(site))
    collected = module.collect(sources=NAMES)
    assert [source.failure for source in collected.sources] == [None, None]

    with get_client(sync_client=True) as client:
        named = FlowRunFilter(name=FlowRunFilterName(any_=[f"collect {', '.join(NAMES)}"]))
        # Other tests on this server may have collected from the same two.
        (run,) = client.read_flow_runs(flow_run_filter=named, sort=FlowRunSort.START_TIME_DESC, limit=1)
        ours = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        # They come to the server by the by.
        until(lambda: len(client.read_task_runs(flow_run_filter=ours)) >= len(NAMES), "the tasks")
        tasks = client.read_task_runs(flow_run_filter=ours)
        artifacts = client.read_artifacts(sort=ArtifactSort.CREATED_DESC, limit=20)
    assert run.state.is_completed()
    assert sorted(task.name for task in tasks) == NAMES
    (table,) = [one for one in artifacts if one.flow_run_id == run.id]
    read = {row["source"]: row["read"] for row in json.loads(table.data)}
    for source in collected.sources:
        lines = [line.removeprefix(f"{source.name}: ") for task, line in said if task == source.source]
        wanted = int(lines[0].removesuffix(" to fetch"))
        spans = [f"{min(n + 4, wanted)} of {wanted}" for n in range(0, wanted, 4)]
        assert [line.partition(":")[0] for line in lines[1:]] == spans
        assert f"{source.count('read')} read" in lines[-1]
        assert read[source.name] == source.count("read") > 0
