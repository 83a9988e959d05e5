"""Two machines, as two workers of one pool: `serve` with its own and `worker` beside it, both databases PostgreSQL."""

import os
import platform
import subprocess
import sys
from collections import Counter

import pytest
import requests

from cuttings.edges.store import open_store, runs
from cuttings.edges.store import periods as stored
from cuttings.model import when
from flows import place, prefect_home, sharing, worker
from flows.house import open_house
from tests import postgresql as servers
from tests.edges_store.conftest import postgresql  # noqa: F401 - a fixture
from tests.flows import press as paper
from tests.flows.conftest import Home
from tests.flows.test_serve import free_port, until
from tests.site.server import sources_toml

SOURCES = ("care-ledger", "fieldwork", "kitchen-table", "fellshire-observer")  # one more than `serve` takes at once
NEVER = "0 5 29 2 *"  # so that no run of the test is one that merely fell due


@pytest.fixture
def shared(sampled, request, monkeypatch):
    """A house on PostgreSQL, with a pool; nothing is due by the clock."""
    if why := servers.missing():
        pytest.skip(why)
    address = request.getfixturevalue("postgresql")
    with servers.databases(address) as databases:
        name = f"{request.node.name[:40]}-{os.getpid()}"
        sampled.env["CUTTINGS_DATABASE"] = databases.make(f"ours {name}")
        records = databases.make(f"prefect {name}").replace("postgresql://", "postgresql+asyncpg://")
    sampled.env["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = records
    sampled.env["PREFECT_WORKER_QUERY_SECONDS"] = "2"
    monkeypatch.setenv("CUTTINGS_DATABASE", sampled.env["CUTTINGS_DATABASE"])
    schedule = "".join(f'{name} = "{NEVER}"\n' for name in ("collect", "deliver", "remind", "retention", "health"))
    sampled.port = free_port()
    sampled.write(
        council=(sampled.config / "council.toml").read_text()
        + f'\n[server]\nport = {sampled.port}\n[schedule]\nwork_pool = "machines"\n{schedule}',
        editions=(sampled.config / "editions.toml")
        .read_text()
        .replace("[[edition]]", f'[[edition]]\ncron = "{NEVER}"'),
    )
    return sampled


class Api:
    """Prefect's server, asked as any program would."""

    def __init__(self, home):
        self._url = f"http://127.0.0.1:{home.port}/api"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = tuple((home.config / "prefect-auth").read_text().strip().split(":", 1))

    def post(self, path, **body):
        answer = self._session.post(f"{self._url}/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def workers(self):
        found = self.post("work_pools/machines/workers/filter")
        return {worker["name"] for worker in found if worker["status"] == "ONLINE"}

    def deployments(self):
        return {one["name"]: one["id"] for one in self.post("deployments/filter")}

    def runs(self):
        return self.post("flow_runs/filter", flow_runs={"state": {"type": {"not_any_": ["SCHEDULED"]}}})


def command(home, *words):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    log = (home.folder / f"{words[0]}.log").open("wb")
    return subprocess.Popen(
        [sys.executable, "-m", "flows.commands.main", *words], env=kept | home.env, stdout=log, stderr=log
    )


def held(store):
    """What was read, as far as the order in which it came has no say in it."""
    with store.reading() as connection:
        ask = connection.exec_driver_sql
        articles = {tuple(r) for r in ask("SELECT key, url, source, title, primary_theme FROM articles")}
        comments = {tuple(r) for r in ask("SELECT key, article, text, author FROM comments")}
        pages = Counter(tuple(r) for r in ask("SELECT url, outcome, sha256 FROM pages"))
    return articles, comments, pages


@pytest.mark.prefect
def test_two_workers_of_a_pool_read_each_source_once_and_what_one_alone_reads(
    shared, site, readers, tmp_path_factory, monkeypatch
):
    shared.write(sources="".join(b for b in blocks(sources_toml(site)) if any(f'id = "{s}"' in b for s in SOURCES)))
    serving, second, asked = command(shared, "serve"), None, len(site.log)
    try:
        until(lambda: runs.marked(open_store(shared.env["CUTTINGS_DATABASE"]), "served"), "the server", serving)
        api = Api(shared)
        until(lambda: "machines" in [p["name"] for p in api.post("work_pools/filter")], "the pool", serving)
        second = command(shared, "worker", "--name", "second", "--limit", "2")
        until(lambda: api.workers() >= {platform.node(), "second"}, "both workers", second)
        deployed = api.deployments()
        for source in SOURCES:
            api.post(f"deployments/{deployed[source]}/create_flow_run", state={"type": "SCHEDULED"})
        until(lambda: [r["state_type"] for r in api.runs()] == ["COMPLETED"] * len(SOURCES), "the runs", serving)
        took = Counter(tag for run in api.runs() for tag in run["tags"])
        assert took.keys() == {f"on {platform.node()}", "on second"}
        assert took.total() == len(SOURCES)
    finally:
        for process in (second, serving):
            if process is not None:
                process.terminate()
                assert process.wait(90) == 0
    store = open_store(shared.env["CUTTINGS_DATABASE"], hash_key=place.hash_key())
    together, audit = held(store), stored.audit(store, when("2020"), when("2030"))
    store.close()
    assert audit.faults() == ()
    pages = Counter(r.path for r in site.log[asked:] if r.status == 200 and r.source in SOURCES)
    assert [p for p in ("/" + url.split("/", 3)[3] for url, outcome, _ in together[2] if outcome == "read")
            if pages[p] > 1] == []  # fmt: skip

    alone = Home(tmp_path_factory.mktemp("alone"), monkeypatch)
    alone.write(sources=(shared.config / "sources.toml").read_text())
    paper.collect(readers)
    assert held(alone.store) == together


def blocks(toml):
    return [f"[[source]]{block}" for block in toml.split("[[source]]")[1:]]


# ---------------------------------------------------------------- what must be shared


def elsewhere(home, **changed):
    with open_house(home.env | changed) as house:
        sharing.check(house)


def test_a_worker_with_the_same_things_may_work_and_one_with_others_is_told_which(shared, tmp_path):
    with pytest.raises(sharing.NotShared, match="No machine serves"):
        elsewhere(shared)
    with open_house() as house:
        sharing.declare(house)
    elsewhere(shared)
    with pytest.raises(sharing.NotShared, match="not the output folder"):
        elsewhere(shared, CUTTINGS_OUTPUT=str(tmp_path / "of its own"))
    shared.write(sources=(shared.config / "sources.toml").read_text().replace("since_days = ", "since_days = 1"))
    with pytest.raises(sharing.NotShared, match="configuration is not that"):
        elsewhere(shared)


@pytest.mark.usefixtures("sampled")
def test_where_the_store_is_a_file_several_machines_are_refused():
    with open_house() as house, pytest.raises(sharing.NotShared, match="PostgreSQL"):
        sharing.declare(house)


# ---------------------------------------------------------------- what a second machine is told


@pytest.fixture
def second(sampled, monkeypatch):
    settings = place.settings()
    for name, value in prefect_home.environment(settings).items():
        monkeypatch.setenv(name, value)

    def start(**more):
        return worker.main(place.settings(), **({"server": None, "name": None, "limit": 1} | more))

    return sampled, start


def test_without_a_pool_a_worker_says_what_to_write_where(second):
    _, start = second
    with pytest.raises(worker.CannotWork, match=r"council\.toml:\n\[schedule\]\nwork_pool"):
        start()


def test_where_nobody_serves_a_worker_says_what_it_asked_and_makes_no_key_of_its_own(second):
    home, start = second
    home.write(council=(home.config / "council.toml").read_text() + '\n[schedule]\nwork_pool = "machines"\n')
    port = free_port()
    with pytest.raises(worker.CannotWork, match=rf"answers at http://127\.0\.0\.1:{port}/api .*prefect-auth"):
        start(server=f"http://127.0.0.1:{port}/")
    assert not (home.config / prefect_home.AUTH_FILE).exists()
