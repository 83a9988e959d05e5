"""A house with two small sites' pages read into it, without Prefect and without the network: its store is a file, and
a PostgreSQL server where there is one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import parsers
from cuttings import duplicates
from cuttings.edges.archive import Archive
from cuttings.edges.store import articles, open_store
from cuttings.edges.store.addresses import PageOutcome
from cuttings.edges.store.articles import Judged
from cuttings.edges.store.tables import metadata
from cuttings.model import Page, Verdict
from cuttings.settings import Settings, Source
from flows.house import House
from tests.edges_store.conftest import missing, postgresql
from tests.people.test_redacted import PAGE

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
KEY = b"a key made for the tests"
GENUINE = Verdict("genuine", True, 0.1, (), rules_version="v1")
# One line about what is missing, instead of one for every test: see edges_store/test_schema.py.
KINDS = ["sqlite"] if missing() else ["sqlite", "postgresql"]
URL = "https://moor.example/night-care/"


@pytest.fixture(autouse=True)
def _unpacked(monkeypatch):
    """Nothing is packed here: who looks through the store's bytes for somebody's words must be able to find them."""
    monkeypatch.setattr("cuttings.edges.store.columns.packed", str.encode)


class Readers:
    """The parsers in this process: the limits are tested elsewhere."""

    def read(self, pages, family, source):
        return parsers.read(pages, family=family, source=source)


def take_in(house, url, body, source="moor", now=NOW):
    """What the line does with a page, in short: archive, read, keep out, save."""
    from flows import erasing

    sha256 = house.archive.put(body)
    page = Page(url, body)
    reading = parsers.read([page], source=source)
    by_key = {a.key for a in reading.articles}
    judged = Judged(
        reading=reading,
        verdicts={c.key: GENUINE for c in reading.comments},
        signatures={c.key: duplicates.signature(c.text) for c in reading.comments},
    )
    outcome = PageOutcome(url, "read", source=source, articles=tuple(by_key), media_type="text/html", sha256=sha256)
    got = type("Got", (), {"sha256": sha256, "final_url": url, "media_type": "text/html"})()
    chosen = house.settings.source(source)
    pairs = erasing.at_intake(house, Readers(), chosen, [got], reading.comments)
    saved = articles.save(house.store, judged, now=now, pages=[outcome])
    erasing.replace_pages(house, pairs, now=now)
    return saved


class Kept(House):
    """A house that knows where its store is, so that a test can open it beside it, empty it or read its bytes."""

    address = ""

    @property
    def on_a_server(self):
        return "://" in str(self.address)

    def emptied(self):
        self.store.close()
        if self.on_a_server:
            empty(self.store)
        else:
            Path(self.address).unlink()

    def bytes(self):
        """What lies on the disk of the store, free space and all."""
        if not self.on_a_server:
            return b"".join(p.read_bytes() for p in self.output.glob("cuttings.db*") if p.is_file())
        with self.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar())
        return b"".join(p.read_bytes() for p in (folder / "base").rglob("*") if p.is_file())


def empty(store):
    with store.writing() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    store.close()


@pytest.fixture(params=KINDS)
def house(request, tmp_path, monkeypatch):
    monkeypatch.setenv("CUTTINGS_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CUTTINGS_OUTPUT", str(tmp_path / "output"))
    (tmp_path / "config").mkdir()
    sources = tuple(Source(id=n, name=n, url=f"https://{n}.example/feed") for n in ("moor", "dale"))
    output = tmp_path / "output"
    on_server = request.param == "postgresql"
    address = request.getfixturevalue("postgresql") if on_server else output / "cuttings.db"
    monkeypatch.setenv("CUTTINGS_DATABASE", str(address) if on_server else "")
    store = open_store(address, hash_key=KEY)
    made = Kept(Settings(sources=sources), output, store, Archive(output / "pages"), lambda: NOW)
    made.address = address
    yield made
    made.store.close()
    if on_server:
        empty(store)


@pytest.fixture
def read_house(house):
    take_in(house, URL, PAGE.encode())
    take_in(house, "https://dale.example/night-care/", PAGE.replace("moor", "dale").encode(), source="dale")
    return house


__all__ = ["postgresql"]
