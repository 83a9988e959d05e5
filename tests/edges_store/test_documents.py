"""Pages that were read together, and reading them again."""

from dataclasses import replace

import pytest

from cuttings import rulings
from cuttings.edges.store import addresses, articles, erased, judged, runs, stories
from cuttings.edges.store.addresses import PageOutcome
from cuttings.model import Membership, Ruling, comment_key
from tests.edges_store.made import DAY, NOW, SPAM, article, comment, page, save, sign
from tests.edges_store.made import judged as thought

MORE = "https://news.example/night-care/comment-page-2/"


def second(of, **changes):
    return replace(page(of, body=b"two"), url=MORE, articles=(), final_url=f"{MORE}?x=1", **changes)


def test_the_pages_of_a_document_are_found_together_in_their_order(store):
    a = article()
    save(store, a, pages=[page(a), second(a)])
    found = addresses.last_document(store, a.url)
    assert [p.url for p in found] == [a.url, MORE]
    assert found[1].final_url == f"{MORE}?x=1"
    assert addresses.document(store, found[0].number) == found
    assert addresses.last_document(store, MORE) == ()
    assert addresses.documents(store) == (found[0].number,)
    assert addresses.is_whole(store, found[0].number)


def test_every_page_an_article_may_stand_on_is_found_and_no_other(store):
    a, other = article(), article("other")
    wall = replace(page(a, body=b"log in"), outcome="set aside", reason="a login page", articles=())
    addresses.record(store, [wall], now=NOW)
    save(store, a, pages=[page(a), second(a)], now=NOW + DAY)
    save(store, other)
    bodies = [p.sha256 for p in (wall, page(a), second(a))]
    assert [p.sha256 for p in erased.pages_of(store, a.key)] == bodies
    assert len(erased.pages_of(store, other.key)) == 1
    assert erased.pages_of(store, article("unknown").key) == ()


def test_a_page_read_alone_is_a_document_too_and_the_newest_counts(store):
    a = article()
    save(store, a)
    save(store, a, now=NOW + DAY, pages=[page(a, body=b"<html>two</html>")])
    (found,) = addresses.last_document(store, a.url)
    assert found.at == NOW + DAY
    assert addresses.documents(store) == (found.number,)
    assert addresses.documents(store, since=NOW + 2 * DAY) == ()
    assert addresses.documents(store, source="weekly") == (found.number,)
    assert addresses.documents(store, source="daily") == ()


def test_a_document_with_a_page_that_did_not_come_is_not_whole(store):
    a = article()
    missed = PageOutcome(MORE, "failed", source="weekly", reason="more comments: too slow")
    save(store, a, pages=[page(a), missed])
    (found,) = addresses.last_document(store, a.url)
    assert not addresses.is_whole(store, found.number)
    assert addresses.find(store, MORE).next_visit is None


def test_what_stands_in_place_of_an_article_is_known_and_the_article_stays_read(store):
    a = article()
    save(store, a)
    wall = replace(page(a, body=b"log in"), outcome="set aside", reason="a login page", articles=())
    addresses.record(store, [wall], now=NOW + DAY)
    assert addresses.find(store, a.url).state == "read"
    assert addresses.last_page(store, a.url).outcome == "set aside"
    assert addresses.last_document(store, a.url)[0].outcome == "read"


def test_a_dry_run_says_what_it_would_change_and_changes_nothing(store):
    a = article()
    spoken = comment(a)
    told = articles.save(store, thought(a, (spoken,)), now=NOW, pages=[page(a)], dry_run=True)
    assert (told.new_articles, told.new_comments) == ((a.key,), (spoken.key,))
    assert articles.keys(store) == ()
    assert addresses.documents(store) == ()
    assert save(store, a, (spoken,)) == told


def test_stories_are_merged_in_the_transaction_of_the_article_that_shows_it(store):
    one, other, both = article("one"), article("other"), article("both")
    save(store, one)
    save(store, other, now=NOW + DAY)
    merges = (((one.key, other.key), "joined by ‘both’"),)
    given = replace(thought(both, story=one.key), merges=merges)
    articles.save(store, given, now=NOW + 2 * DAY, dry_run=True)
    assert stories.merges(store, one.key) == ()
    articles.save(store, given, now=NOW + 2 * DAY)
    assert set(stories.members(store, other.key)) == {one.key, other.key, both.key}
    assert [m.because for m in stories.merges(store, one.key)] == ["joined by ‘both’"]
    with pytest.raises(ValueError, match="no story"):
        articles.save(store, replace(thought(article("x")), merges=((("nope", one.key), "x"),)), now=NOW)
    assert len(articles.keys(store)) == 3


def reworded(of, text):
    return replace(of, text=text, key=comment_key(of.article, of.posted, text))


def test_read_again_with_other_words_it_is_the_same_comment(store):
    a = article()
    first, other = comment(a, 1, "We tried this. Reply"), comment(a, 2, "So did we.", author="Ann Lee")
    save(store, a, (first, other), verdicts={other.key: SPAM})
    judged.rule(store, [Ruling(rulings.comment(first.key), "spam", None, "Morag Tennant", NOW)])
    better = reworded(first, "We tried this.")
    given = thought(a, (better, other), {other.key: SPAM}, again=True)
    saved = articles.save(store, given, now=NOW + DAY)
    assert (saved.reread_comments, saved.new_comments, saved.gone_comments) == ((better.key,), (), ())
    found = judged.find(store, [first.key, better.key])
    assert set(found) == {better.key}
    assert found[better.key].comment.text == "We tried this."
    assert found[better.key].verdict.outcome == "spam"  # as ruled
    assert articles.save(store, given, now=NOW + 2 * DAY).nothing_new
    assert sign(better.text).exact != sign(first.text).exact


def test_of_two_that_could_be_it_neither_is(store):
    a = article()
    pair = comment(a, 1, "One. Reply"), comment(a, 2, "Two. Reply")
    save(store, a, pair)
    given = thought(a, tuple(reworded(c, c.text[:4]) for c in pair), again=True)
    saved = articles.save(store, given, now=NOW + DAY)
    assert (len(saved.new_comments), len(saved.gone_comments), saved.reread_comments) == (2, 2, ())


def test_a_readers_edit_on_the_site_is_another_comment(store):
    a = article()
    first = comment(a)
    save(store, a, (first,))
    saved = save(store, a, (reworded(first, "I have changed my mind."),), now=NOW + DAY)
    assert (len(saved.new_comments), saved.gone_comments) == (1, (first.key,))


def test_a_better_reading_is_no_edit_of_the_publishers(store):
    a = article()
    save(store, a)
    better = replace(a, standfirst="Another day.")
    saved = articles.save(store, thought(better, again=True), now=NOW + DAY)
    assert (saved.reread_articles, saved.changed_articles) == ((a.key,), ())
    first, again = articles.versions(store, a.key)
    assert (again.cause, first.cause) == ("reread", "first")
    mended = replace(better, kind="opinion")
    assert articles.save(store, thought(mended, again=True), now=NOW + DAY).mended_articles == (a.key,)


def test_a_run_whose_process_is_dead_does_not_stand_in_the_way(store):
    first = runs.begin(store, "collect", now=NOW, process="here 1 2")
    assert runs.begin(store, "collect", now=NOW, dead=lambda _: False) is None
    second = runs.begin(store, "collect", now=NOW, process="here 3 4", dead=lambda p: p == "here 1 2")
    runs.end(store, first, now=NOW, counts={"read": 1})  # it was told too late
    assert {r.id: r.state for r in runs.latest(store)} == {first: "abandoned", second: "running"}


def test_a_membership_outlives_its_stories_merge(store):
    one, other = article("one"), article("other")
    save(store, one)
    save(store, other, now=NOW + DAY)
    stories.merge(store, (one.key, other.key), now=NOW + 2 * DAY, because="x")
    late = article("late")
    articles.save(store, replace(thought(late), memberships=(Membership(late.key, other.key, 0.9, "x"),)), now=NOW)
    assert set(stories.members(store, one.key)) == {one.key, other.key, late.key}
