"""What an editor called spam is known again when it comes with other words around it; who was copied is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cuttings import duplicates, rulings, spam
from cuttings.edges.archive import Archive
from cuttings.edges.store import articles, candidates, judged, open_store
from cuttings.model import Reading, Ruling
from cuttings.settings import Settings, Source
from cuttings.themes import compile_themes
from flows.house import House
from flows.judging import judge_like_ruled, judge_reading, mark
from tests.edges_store.made import article, comment

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
SOLD = (
    "My neighbour had her stairs measured by these people in one morning, and by the Friday she was up and down them "
    "like a girl of twenty, so do ask them for the brochure before the spring rush begins."
)
NEAR = SOLD.replace("neighbour", "cousin").replace("Friday", "Monday")


@pytest.fixture
def house(tmp_path):
    store = open_store(tmp_path / "cuttings.db", hash_key=b"a key made for the tests")
    settings = Settings(sources=(Source(id="weekly", name="Weekly", url="https://news.example/feed"),))
    yield House(settings, tmp_path, store, Archive(tmp_path / "pages"), lambda: NOW)
    store.close()


def read(house, name, text, *, author="Moira Platt", posted="2026-04-03"):
    """The key of a comment that came with its article, and what was thought of it."""
    of = article(name)
    one = comment(of, 1, text, author=author, posted=posted)
    source = house.settings.sources[0]
    reading = Reading((of,), (one,))
    marked = mark(reading, compile_themes(house.settings.themes))
    thoughts, _ = judge_reading(house, source, reading, marked, first_contact=NOW, now=NOW)
    articles.save(house.store, thoughts, now=NOW)
    return one.key, outcome(house, one.key)


def outcome(house, key):
    return judged.find(house.store, [key])[key].verdict.outcome


def call_spam(house, key):
    judged.rule(house.store, [Ruling(rulings.comment(key), "spam", None, "Ed Itor", NOW)])


def test_near_copies_of_ruled_spam_wait_for_an_editor_now_and_later(house):
    ruled, before = read(house, "a", SOLD)
    stored, _ = read(house, "b", NEAR, author="Nell Harker", posted="2026-04-04")
    assert before == "genuine"
    call_spam(house, ruled)
    assert judge_like_ruled(house, [ruled], now=NOW) in ((), (stored,))
    assert outcome(house, stored) != "genuine"
    _, later = read(house, "c", NEAR.replace("cousin", "aunt"), author="Omar Vell", posted="2026-04-05")
    assert later != "genuine"
    other = "My neighbour had her stairs measured and was told to wait until the autumn."
    assert read(house, "d", other)[1] == "genuine"


def test_the_elder_text_and_a_complaint_about_it_are_left_alone(house):
    ruled, _ = read(house, "a", SOLD)
    call_spam(house, ruled)
    piece = spam.RuledSpam(duplicates.signature(SOLD), NOW)
    known = spam.Known(ruled=(piece,))
    of = article("z")
    for text, posted, expected in (
        (NEAR, NOW - timedelta(days=2), "genuine"),
        (NEAR, NOW + timedelta(days=2), "review"),
        (f"> {NEAR}\nThis stands below every article. Please take it down.", NOW + timedelta(days=2), "genuine"),
    ):
        one = comment(of, 1, text, author="Nell Harker", posted=posted.isoformat())
        (verdict,) = spam.judge(replace(of, published=None), [one], known)
        assert (verdict.outcome == "genuine") == (expected == "genuine"), (text[:30], verdict.outcome)


def test_many_at_a_time_are_the_same_as_one_by_one(house):
    for n, text in enumerate((SOLD, NEAR, "Well said!", SOLD.upper())):
        read(house, f"p{n}", text, author=f"Reader {n}")
    signs = duplicates.signatures([SOLD, NEAR, "Well said!", "Nothing like any of it, in eight words or more."] * 20)
    assert signs[0] == duplicates.signature(SOLD)
    together = candidates.like_comments(house.store, [(s.exact, s.bands) for s in signs])
    assert together == [candidates.like_comments(house.store, [(s.exact, s.bands)])[0] for s in signs]
    assert [len(found) for found in together[:4]] == [3, 3, 1, 0]
