"""An issue from its reading to its readers in processes of their own, with the store in PostgreSQL as in a file."""

import uuid
from collections import Counter

import pytest

from cuttings.edges.store import issues, open_store, outbox
from tests.edges_store.conftest import postgresql
from tests.postgresql import databases
from tests.site.server import sources_toml
from tests.stores import KINDS
from tests.torture.rig import SETTLED, Nursery, account, house, only, post_office

assert postgresql  # a fixture

ANNA, BEN = "anna@fellshire.example", "ben@fellshire.example"
ISSUE = "managers-2026-10-26-2026-11-01"


@pytest.fixture(params=KINDS)
def address(request):
    if request.param == "sqlite":
        yield None
        return
    with databases(request.getfixturevalue("postgresql")) as server:
        yield server.make(f"issue-{uuid.uuid4().hex[:8]}")


def test_it_is_made_changed_approved_sent_and_sent_once(address, site, tmp_path):
    with post_office() as office, Nursery() as nursery:
        text = only(sources_toml(site), ("kitchen-table",))
        home = house(tmp_path / "house", text, office.port, managers=[ANNA, BEN], members=[], store=address)
        editions = home.folder / "config" / "editions.toml"
        editions.write_text(editions.read_text().replace('id = "managers"', 'id = "managers"\napproval = true'))

        def run(*words, at="2026-11-02T07:00:00+00:00"):
            assert nursery.run(home, *words, at=at) == 0, home.log.read_text()[-3000:]

        run("collect")
        run("publish", "managers")
        assert Counter(a.recipient for a in office.accepted) == {"policy@fellshire.example": 1}  # the proof
        run("decide", "", "keep deadlines", "the calendar")
        run("decide", ISSUE, "write", "Ed Itor", "", "M1", "A plain headline")
        run("decide", ISSUE, "approve", "Ed Itor")
        run("deliver")
        run("publish", "managers")
        run("deliver", at=SETTLED)
        copies = Counter(a.recipient for a in office.accepted)
        assert (copies[ANNA], copies[BEN]) == (1, 1)
        found = account(home, office, {"managers": [ANNA, BEN]})
        assert not found.bad, found
        store = open_store(home.address)
        assert [i.state for i in issues.latest(store)] == ["delivered"]
        assert issues.proof(store, ISSUE) == 2
        assert outbox.counts(store, ISSUE, "edition") == {"sent": 2}
        store.close()
