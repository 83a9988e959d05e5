"""A house of its own for every test of the flows: configuration, store, archive and output in a temporary folder."""

import os
from pathlib import Path

import pytest

from cuttings.edges.store import open_store
from flows import place, prefect_home
from flows.house import database
from tests.edges_store.conftest import postgresql
from tests.site.server import serve, sources_toml
from tests.stores import KINDS, emptied

HOME = Path(__file__).resolve().parents[2]
AS_AT = "2026-11-02T07:00:00+00:00"  # the Monday after the sample site's busiest week

COUNCIL = """
[council]
name = "Fellshire County Council"
contact_name = "Morag Tennant"
contact_email = "policy@fellshire.example"
local = ["Fellshire"]

[delivery]
sender = "cuttings@fellshire.example"
"""

EDITIONS = """
[[edition]]
id = "managers"
name = "Cuttings for managers"
audience = "managers"
period = "week"
recipients = ["anna@fellshire.example", "ben@fellshire.example"]

[[edition]]
id = "members"
name = "Cuttings for councillors"
audience = "members"
period = "month"
budget_words = 600
most_items = 5
when_empty = "two-lines"
recipients = ["cllr.ash@fellshire.example"]
"""


@pytest.fixture(scope="session")
def site():
    with serve() as running:
        yield running


class Home:
    """A deployer's folders, and what is in them."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.config, self.output = folder, folder / "config", folder / "output"
        self.config.mkdir(parents=True)
        self._monkeypatch = monkeypatch
        self.env = {
            "CUTTINGS_CONFIG": str(self.config),
            "CUTTINGS_OUTPUT": str(self.output),
            "CUTTINGS_AS_AT": AS_AT,
        }
        for name, value in self.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("CUTTINGS_DATABASE", raising=False)
        themes = (HOME / "config" / "default" / "themes.toml").read_text(encoding="utf-8")
        self.write(council=COUNCIL, editions=EDITIONS, themes=themes)

    def write(self, **files):
        for name, text in files.items():
            (self.config / f"{name}.toml").write_text(text, encoding="utf-8")

    def at(self, moment):
        self._monkeypatch.setenv("CUTTINGS_AS_AT", moment)

    @property
    def store(self):
        return open_store(database(place.settings()), hash_key=place.hash_key())

    def messages(self):
        return sorted((self.output / "outbox").glob("*.eml"))


@pytest.fixture
def home(tmp_path, monkeypatch):
    return Home(tmp_path, monkeypatch)


@pytest.fixture(params=KINDS)
def anywhere(request, home, monkeypatch):
    """The house with its store in a file; then on a PostgreSQL server, where it is emptied afterwards."""
    if request.param == "sqlite":
        yield home
        return
    home.env["CUTTINGS_DATABASE"] = request.getfixturevalue("postgresql")
    monkeypatch.setenv("CUTTINGS_DATABASE", home.env["CUTTINGS_DATABASE"])
    with emptied(home.env["CUTTINGS_DATABASE"]):
        yield home


@pytest.fixture
def sampled(home, site):
    """A house whose sources are the sample site."""
    home.write(sources=sources_toml(site))
    return home


@pytest.fixture(scope="session")
def readers():
    """One reading process for all tests that run without Prefect: it takes seconds to start."""
    from flows.reading import open_readers

    with open_readers(1) as opened:
        yield opened


@pytest.fixture
def press(home):
    """A small paper whose articles and threads a test changes; it is the only source of the house."""
    from tests.flows import press as paper

    with paper.serve() as running:
        home.write(sources=paper.source_toml(running))
        yield running


@pytest.fixture(scope="session")
def prefect(tmp_path_factory):
    """One temporary Prefect server for all the runs of the session: it takes many seconds to start."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    os.environ |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "PREFECT_LOGGING_LEVEL": "WARNING"}
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        yield


__all__ = ["AS_AT", "HOME", "Home", "postgresql", "prefect_home"]
