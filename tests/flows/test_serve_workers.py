"""Several processes, as on several machines, read into one store: each source has one reader, nothing is done twice."""

import multiprocessing
import threading
from collections import Counter
from types import SimpleNamespace

import pytest

from cuttings.edges.store import holding, open_store
from cuttings.edges.store import periods as stored
from cuttings.model import when
from flows import place
from flows.catching_up import schedules_of
from flows.house import database
from tests.edges_store.conftest import missing, postgresql  # noqa: F401 - a fixture
from tests.site.server import sources_toml
from tests.torture.rig import Nursery


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, sampled, monkeypatch):
    """A house whose store several processes share; its environment."""
    if request.param == "postgresql":
        if why := missing():
            pytest.skip(why)
        address = request.getfixturevalue("postgresql")
        sampled.env["CUTTINGS_DATABASE"] = address
        monkeypatch.setenv("CUTTINGS_DATABASE", address)
    return sampled


def run_of(home, name):
    return SimpleNamespace(at=lambda moment: home.env | {"CUTTINGS_AS_AT": moment}, log=home.folder / f"{name}.log")


def test_two_workers_share_the_sources_and_ask_for_no_page_twice(shared, site):
    sources = ["care-ledger", "fieldwork", "kitchen-table", "fellshire-observer"]
    shared.write(sources=sources_toml(site))
    asked = len(site.log)
    with Nursery() as one, Nursery() as two:
        # Both are told to read all of them, in opposite orders, at the same moment.
        one.begin(run_of(shared, "one"), "collect", sources)
        two.begin(run_of(shared, "two"), "collect", sources[::-1])
        assert (one.end(), two.end()) == (0, 0), (shared.folder / "two.log").read_text()
    pages = Counter(r.path for r in site.log[asked:] if r.status == 200 and r.source in sources)
    store = open_store(database(place.settings()), hash_key=place.hash_key())
    audit = stored.audit(store, when("2020"), when("2030"))
    assert audit.faults() == ()
    assert audit.articles >= 20
    with store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT url FROM articles").scalars().all()
        doubled = connection.exec_driver_sql("SELECT count(*) - count(DISTINCT key) FROM comments").scalar()
    assert len(set(kept)) == len(kept)
    assert doubled == 0
    paths = {"/" + url.split("/", 3)[3] for url in kept}
    assert [path for path in paths if pages[path] > 1] == []
    store.close()


def _hold(address, held, let_go):
    store = open_store(address)
    with holding.held(store, "source moor") as ours:
        held.put(ours)
        let_go.wait(60)


@pytest.mark.usefixtures("shared")
def test_what_one_process_holds_no_other_has_until_it_lets_go_or_dies():
    store = open_store(database(place.settings()))
    address = (
        store.engine.url.render_as_string(hide_password=False) if "postgres" in str(store.engine.url) else store.place
    )
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Queue(), spawn.Event()
    other = spawn.Process(target=_hold, args=(address, held, let_go))
    other.start()
    assert held.get(timeout=60) is True
    with holding.held(store, "source moor") as ours, holding.held(store, "source fell") as another:
        assert (ours, another) == (False, True)
    other.kill()
    other.join(30)
    with holding.held(store, "source moor", wait=True) as ours:
        assert ours
        waiting = threading.Thread(
            target=lambda: holding.held(store, "source moor", wait=True).__enter__(), daemon=True
        )
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert not waiting.is_alive()
    store.close()


def test_with_a_run_for_each_source_none_is_read_by_two_schedules(sampled):
    from flows.serve import deployments

    sampled.write(council=(sampled.config / "council.toml").read_text() + "\n[schedule]\nper_source = true\n")
    settings = place.settings()
    names = [s.name for s in schedules_of(deployments(settings)) if s.name.startswith("collect/")]
    assert names == [f"collect/{source.id}" for source in settings.sources]
