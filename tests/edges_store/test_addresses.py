"""Addresses, sources and runs: what is due, what became of it, who is at work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cuttings.edges.store import addresses, runs, sources
from cuttings.edges.store.addresses import LONGEST, Address, PageOutcome
from tests.edges_store.made import DAY, HOUR, NOW, article, page, save


def found(name, **changes):
    return replace(Address(f"https://news.example/{name}", "weekly", NOW), **changes)


def failed(url, **changes):
    return replace(PageOutcome(url, "failed", "weekly", "HTTP 503"), **changes)


def test_known_are_those_taken_in(store):
    assert addresses.add(store, [found("a"), found("b", hint="2026-04-01")]) == 2
    assert addresses.known(store, [found("a").url, found("c").url]) == {found("a").url}
    assert addresses.find(store, found("b").url) == found("b", hint="2026-04-01", next_visit=NOW)


def test_an_address_found_again_stays_as_it_is(store):
    addresses.add(store, [found("a")])
    assert addresses.add(store, [found("a", first_seen=NOW + DAY, source="other"), found("b")]) == 1
    assert addresses.find(store, found("a").url).source == "weekly"


def test_thousands_at_once(store):
    many = [found(str(n)) for n in range(3000)]
    assert addresses.add(store, many) == 3000
    assert len(addresses.known(store, [a.url for a in many] + ["https://news.example/x"])) == 3000


def test_an_address_without_end_is_a_trap(store):
    assert addresses.add(store, [found("a" * LONGEST)]) == 0


def test_due_are_the_new_and_those_whose_time_has_come_longest_overdue_first(store):
    addresses.add(store, [found("new"), found("late", next_visit=NOW - DAY), found("later", next_visit=NOW + DAY)])
    assert [a.url for a in addresses.due(store, now=NOW)] == [found("late").url, found("new").url]
    assert addresses.due(store, now=NOW, source="other") == ()
    assert len(addresses.due(store, now=NOW + DAY, source="weekly", most=2)) == 2


def test_a_page_read_is_not_due_until_its_next_visit(store):
    a = article()
    addresses.add(store, [Address(a.url, "weekly", NOW)])
    save(store, a, pages=[page(a, next_visit=NOW + DAY)])
    assert addresses.due(store, now=NOW) == ()
    (known,) = addresses.due(store, now=NOW + DAY)
    assert (known.state, known.etag, known.sha256) == ("read", '"1"', page(a).sha256)


def test_unchanged_keeps_the_validators_that_the_next_request_needs(store):
    a = article()
    save(store, a)
    addresses.record(store, [PageOutcome(a.url, "unchanged", "weekly", next_visit=NOW + DAY)], now=NOW + HOUR)
    known = addresses.find(store, a.url)
    assert (known.etag, known.sha256, known.next_visit) == ('"1"', page(a).sha256, NOW + DAY)
    addresses.record(store, [PageOutcome(a.url, "unchanged", "weekly", etag='"2"')], now=NOW + DAY)
    assert addresses.find(store, a.url).etag == '"2"'


def test_failures_are_counted_in_a_row_and_forgotten_at_success(store):
    url = found("a").url
    for n in range(1, 4):
        addresses.record(store, [failed(url, next_visit=NOW + n * DAY)], now=NOW)
        assert addresses.find(store, url).failures == n
    addresses.record(store, [PageOutcome(url, "set aside", "weekly", "no article")], now=NOW)
    known = addresses.find(store, url)
    assert (known.failures, known.state, known.next_visit) == (0, "set aside", None)


def test_what_was_read_once_stays_read_though_its_site_is_down(store):
    a = article()
    save(store, a)
    addresses.record(store, [failed(a.url)], now=NOW + DAY)
    known = addresses.find(store, a.url)
    assert (known.state, known.failures, known.etag) == ("read", 1, '"1"')


@pytest.mark.parametrize("outcome", ["failed", "set aside"])
def test_nothing_fails_or_is_set_aside_without_a_reason(outcome):
    with pytest.raises(ValueError, match="without a reason"):
        PageOutcome("https://news.example/a", outcome)


def test_a_source_and_its_failures(store):
    assert sources.find(store, "weekly") is None
    first = sources.contacted(store, "weekly", name="The Weekly", now=NOW, failure="no answer in 20 seconds")
    assert (first.first_contact, first.failures, first.last_success) == (NOW, 1, None)
    second = sources.contacted(store, "weekly", name="The Weekly", now=NOW + DAY, found=3)
    assert (second.first_contact, second.failures, second.last_success) == (NOW, 0, NOW + DAY)
    assert second.failure == "no answer in 20 seconds"
    assert sources.every(store) == (second,)


def test_one_run_of_a_kind_at_a_time(store):
    first = runs.begin(store, "collect", now=NOW)
    assert runs.begin(store, "collect", now=NOW + HOUR / 60) is None
    assert runs.begin(store, "publish", now=NOW) is not None
    assert runs.begin(store, "collect", now=NOW, exclusive=False) is not None
    runs.end(store, first, now=NOW, counts={"pages": 3})
    assert runs.last(store, "collect").counts == {"pages": 3}


def test_a_killed_run_makes_way_after_a_while_and_may_not_go_on(store):
    killed = runs.begin(store, "collect", now=NOW)
    assert runs.beat(store, killed, now=NOW + HOUR / 12)
    assert runs.begin(store, "collect", now=NOW + HOUR / 5) is None
    assert runs.begin(store, "collect", now=NOW + HOUR) is not None
    assert not runs.beat(store, killed, now=NOW + HOUR)
    assert {r.state for r in runs.latest(store)} == {"abandoned", "running"}


def test_a_failed_run_says_why(store):
    run = runs.begin(store, "collect", now=NOW)
    runs.end(store, run, now=NOW + HOUR, counts={}, failure="the disk is full")
    assert runs.last(store, "collect") is None
    assert runs.last(store, "collect", state="failed").detail == "the disk is full"


def test_a_mark_is_kept_and_replaced(store):
    assert runs.marked(store, "collected up to") is None
    runs.mark(store, "collected up to", {"day": "2026-04-05"}, now=NOW)
    runs.mark(store, "collected up to", {"day": "2026-04-06"}, now=NOW)
    assert runs.marked(store, "collected up to") == {"day": "2026-04-06"}
