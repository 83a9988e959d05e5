"""Raw pages go when they were last sent too long ago, whoever sent them."""

from __future__ import annotations

from cuttings.edges.store import addresses, articles, retained
from cuttings.edges.store.addresses import PageOutcome
from tests.edges_store.made import DAY, NOW, article, save

OLD, NEW, BOTH, STRANGE = (f"{n:064x}" for n in range(4))


def sent(store, sha256, source, days):
    outcome = PageOutcome(f"https://{source}.example/{sha256[-1]}", "unchanged", source, sha256=sha256)
    addresses.record(store, [outcome], now=NOW - days * DAY)


def over(store, **licences):
    return retained.pages_over(store, [OLD, NEW, BOTH, STRANGE], now=NOW, days=90, licences=licences)


def test_a_page_is_over_when_nobody_has_sent_it_within_the_term(store):
    sent(store, OLD, "weekly", 91)
    sent(store, NEW, "weekly", 91)
    sent(store, NEW, "weekly", 3)
    sent(store, BOTH, "weekly", 200)
    sent(store, BOTH, "daily", 20)
    assert over(store) == retained.Over((OLD,), (STRANGE,))


def test_a_licence_ends_its_own_sources_pages_sooner(store):
    sent(store, OLD, "weekly", 40)
    sent(store, NEW, "daily", 40)
    sent(store, BOTH, "weekly", 40)
    sent(store, BOTH, "daily", 40)
    assert over(store, weekly=30).pages == (OLD,)


def test_articles_come_newest_first_in_pieces(store):
    made = [article(f"piece-{n}") for n in range(5)]
    for n, one in enumerate(made):
        save(store, one, now=NOW + n * DAY)
    assert [len(part) for part in articles.newest(store, together=2)] == [2, 2, 1]
    assert list(articles.newest(store, most=2)) == [(made[4].key, made[3].key)]
    assert articles.held(store) == 5
