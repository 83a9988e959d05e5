"""A house with two small sites' pages read into it, without Prefect and without the network."""

from datetime import UTC, datetime

import pytest

import parsers
from cuttings import duplicates
from cuttings.edges.archive import Archive
from cuttings.edges.store import articles, open_store
from cuttings.edges.store.addresses import PageOutcome
from cuttings.edges.store.articles import Judged
from cuttings.model import Page, Verdict
from cuttings.settings import Settings, Source
from flows.house import House
from tests.people.test_redacted import PAGE

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
KEY = b"a key made for the tests"
GENUINE = Verdict("genuine", True, 0.1, (), rules_version="v1")
URL = "https://moor.example/night-care/"


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


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("CUTTINGS_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CUTTINGS_OUTPUT", str(tmp_path / "output"))
    (tmp_path / "config").mkdir()
    sources = tuple(Source(id=n, name=n, url=f"https://{n}.example/feed") for n in ("moor", "dale"))
    output = tmp_path / "output"
    store = open_store(output / "cuttings.db", hash_key=KEY)
    made = House(Settings(sources=sources), output, store, Archive(output / "pages"), lambda: NOW)
    yield made
    store.close()


@pytest.fixture
def read_house(house):
    take_in(house, URL, PAGE.encode())
    take_in(house, "https://dale.example/night-care/", PAGE.replace("moor", "dale").encode(), source="dale")
    return house
