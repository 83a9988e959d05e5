"""What a run shows on its page in Prefect: its name, how far it is, its counts, and where its files are."""

import json
from urllib.parse import quote

import pytest

from cuttings.model import when
from tests.edges_store.made import article, save

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

ISSUE = "managers-2026-10-26-2026-11-01"
WEB = "https://www.fellshire.example/cuttings"


@pytest.fixture
def printed(home, monkeypatch):
    """A house with an article, that shows its issues on the web; its progress is collected instead of printed."""
    from flows import progress

    lines = []
    real = progress.get_run_logger

    class Heard:
        def info(self, line, *words):
            lines.append(line)
            real().info(line, *words)

    monkeypatch.setattr(progress, "get_run_logger", Heard)
    home.write(council=(home.config / "council.toml").read_text() + f'public_url = "{WEB}"\n')
    store = home.store
    made = article("a", published="2026-10-27", title="Night care grows", repairs=())
    save(store, made, now=when("2026-10-30"), themes=("workforce",))
    store.close()
    return lines


def newest(kind, **wanted):
    """The newest flow run or artifact there is with these fields."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import ArtifactSort, FlowRunSort

    with get_client(sync_client=True) as client:
        rows = (
            client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=20)
            if kind == "run"
            else client.read_artifacts(sort=ArtifactSort.CREATED_DESC, limit=20)
        )
    return next(row for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


def test_a_publish_says_its_name_its_stages_its_counts_and_links_to_its_files(printed):
    from flows.publish import publish

    published = publish("managers", period="2026-W44")
    assert published.state == "published"

    run = newest("run", name="publish managers 2026-W44")
    assert run.state.is_completed()
    counts = newest("artifact", key="counts")
    assert counts.flow_run_id == run.id
    assert {row["what"]: row["how many"] for row in json.loads(counts.data)}["printed"] == 1
    page = newest("artifact", key="issue", flow_run_id=run.id).data
    for path in published.files:
        assert f"({WEB}/managers/{ISSUE}/{quote(path.rpartition('/')[2])})" in page
        assert path not in page

    stages = [line.partition(" ")[0] for line in printed]
    assert [stages.index(s) for s in ("composing", "rendering", "checking")] == [0, 1, 2]
    assert "sending: 2 of 2 messages" in printed
    assert not [line for line in printed if "@" in line]  # numbers alone


def test_a_decision_says_what_it_is_about_and_what_became_of_it(home, printed):
    from flows.decide import decide
    from flows.publish import publish

    editions = (home.config / "editions.toml").read_text()
    home.write(editions=editions.replace('id = "managers"', 'id = "managers"\napproval = true'))
    publish("managers", period="2026-W44")
    decide(ISSUE, "hold", "Ed Itor", reason="not today")
    assert newest("run", name=f"hold {ISSUE}").state.is_completed()
    assert printed[-2:] == [f"hold: {ISSUE}, which is awaiting approval", f"{ISSUE}: held"]
