"""How many articles an issue has is said the same everywhere: those of its period."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cuttings.edges.store import issues, numbers, past_issues, trail
from cuttings.edges.store.issues import IssueFile
from flows import shelving, shown
from flows.house import House, open_house
from tests.edges_store.made import NOW, article, save
from tests.edges_store.test_issues import END, START, digest, item

pytestmark = pytest.mark.usefixtures("anywhere")
NEWS, OLD = (article("a"), article("b")), article("old", published="2024-04-02")
ISSUE = replace(digest(*NEWS), archive=(replace(item(OLD), number="M3"),))


def printed(home, house, state):
    for one in (*NEWS, OLD):
        save(house.store, one)
    pdf = home.output / "issues" / "managers" / "1.pdf"
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF-")
    issue, _ = issues.begin(house.store, "managers", START, END, now=NOW)
    issues.save(house.store, issue.id, ISSUE, [IssueFile("pdf", str(pdf), "a" * 64, 5)], now=NOW)
    issues.move(house.store, issue.id, state, now=NOW, by="Ed Itor")
    return issue


def test_the_list_of_issues_counts_those_of_the_period(home):
    with open_house() as house:
        issue = printed(home, house, "approved")
        assert [one.items for one in numbers.printed(house.store)] == [2]
        assert shelving.shelve(house) is None
        assert "2 articles" in (home.output / "issues" / "index.html").read_text()
        # It stands in the issue all the same: what is taken back or explained is found there.
        assert past_issues.printed_in(house.store, OLD.key) == (issue.id,)
        (old,) = trail.printed(house.store, [OLD.key])
        assert abs(old.position) == 3


@pytest.mark.parametrize("public", [None, "https://www.fellshire.example/cuttings"])
@pytest.mark.parametrize(("state", "left"), [("awaiting approval", False), ("not sent", False), ("approved", True)])
def test_where_readers_see_the_list_it_opens_what_has_left_alone(home, state, left, public):
    with open_house() as house:
        printed(home, house, state)
        delivery = house.settings.delivery.model_copy(update={"public_url": public})
        settings = house.settings.model_copy(update={"delivery": delivery})
        assert shelving.shelve(House(settings, house.output, house.store, house.archive, house.clock)) is None
        page = (home.output / "issues" / "index.html").read_text()
    assert ("1.pdf" in page) is (left or public is None)
    assert left or state in page


def test_the_run_s_page_counts_those_of_the_period(monkeypatch):
    tables, pages = {}, []
    monkeypatch.setattr(shown, "create_table_artifact", lambda table, key, description: tables.update({key: table}))  # noqa: ARG005
    monkeypatch.setattr(shown, "create_markdown_artifact", lambda text, **_: pages.append(text))
    shown.show(None, SimpleNamespace(digest=ISSUE, messages=1, title="Issue 1", state="sent", files=(), issue="i"))
    assert {"what": "printed", "how many": 2} in tables["counts"]
    assert "**M3**" in pages[0]
