"""What a publisher takes back while an issue waits is taken out of it, and nobody approves what they have not seen."""

import pytest

from cuttings.edges.store import issues, people
from cuttings.model import when
from tests.edges_store.made import article, save
from tests.flows.test_publish_decided import (
    DEPUTY,
    EDITOR,
    ISSUE,
    TITLES,
    decide,
    desk,
    letters,
    page,
    publish,
    remind,
    words,
)

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]
assert desk  # a fixture


def take_back(home, *titles):
    store = home.store
    for item in issues.find(store, ISSUE).digest.items:
        if item.headline.text in titles:
            people.withdraw_article(store, item.article, by="Editor", now=when("2026-11-02"))
    store.close()


def test_it_is_taken_out_within_the_hour_and_by_an_approval_and_at_last_the_issue_is_closed(desk):
    old = article("old", published="2025-10-28", title="Night care as it was", repairs=())
    save(desk.store, old, now=when("2025-10-29"), themes=("workforce",))
    publish("managers")
    (printed,) = issues.find(desk.store, ISSUE).digest.archive
    assert printed.headline.text == "Night care as it was"
    take_back(desk, TITLES[0])
    remind()
    assert TITLES[0] not in page(desk)
    assert TITLES[1] in page(desk)
    for address in (EDITOR, DEPUTY):
        (proof,) = letters(desk, address, "Proof 2: ")
        assert "taken back by its publisher" in words(proof)
        assert f"./run approve {ISSUE} --proof 2" in words(proof)
    remind()
    assert issues.proof(desk.store, ISSUE) == 2, "made anew once"

    # Taken back a minute before somebody approves: they see the new proof first, and nothing was sent.
    take_back(desk, TITLES[1])
    with pytest.raises(ValueError, match=r"made anew as proof 3\. Nothing was sent"):
        decide(ISSUE, "approve", "Ed Itor", proof=2)
    assert letters(desk, EDITOR, "Proof 3: ")
    assert not letters(desk, "anna@fellshire.example")
    assert issues.find(desk.store, ISSUE).state == "awaiting approval"

    # All its news: the old piece alone makes no issue, and the contact officer hears of it once.
    take_back(desk, TITLES[2])
    remind()
    remind()
    assert issues.find(desk.store, ISSUE).state == "not sent"
    (told,) = letters(desk, "policy@fellshire.example", ISSUE)
    assert "its publisher took back all" in words(told)
    assert not letters(desk, "anna@fellshire.example")
