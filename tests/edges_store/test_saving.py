"""What a save does: once, again, after an edit, after a deletion, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import StatementError

from cuttings.edges.store import addresses, articles, judged, periods, stats, stories
from cuttings.edges.store.articles import Judged, Saved
from cuttings.model import Aside, Link, Membership, Reading
from tests.edges_store.made import (
    DAY,
    GENUINE,
    NOW,
    REVIEW,
    SPAM,
    article,
    comment,
    labels,
    page,
    save,
)
from tests.edges_store.made import judged as as_judged


def test_what_is_saved_is_found_again_whole(store):
    a = article()
    voices = (
        comment(a),
        comment(a, 2, "Second thoughts,\n\nin two paragraphs.", parent=1, links=("https://x.example",)),
    )
    saved = save(store, a, voices, verdicts={voices[1].key: SPAM})
    assert saved == Saved(new_articles=(a.key,), new_comments=tuple(c.key for c in voices))
    (found,) = articles.find(store, [a.key]).values()
    assert found.article == a
    assert found.labels == labels("home-care")
    assert (found.first_seen, found.version, found.story, found.changed) == (NOW, 1, a.key, False)
    thread = judged.threads(store, [a.key])[a.key]
    assert [t.comment for t in thread] == list(voices)
    assert [t.verdict for t in thread] == [GENUINE, SPAM]
    assert articles.set_aside_of(store, a.key) == (Aside("Related stories", "a list of links"),)


def test_saving_the_same_again_changes_nothing(store):
    a = article()
    voices = (comment(a), comment(a, 2, "Another view."))
    save(store, a, voices)
    before = stats.rows(store)
    again = articles.save(store, as_judged(a, voices), now=NOW + DAY)
    assert again.nothing_new
    assert stats.rows(store) == before
    assert articles.find(store, [a.key])[a.key].first_seen == NOW


def test_an_edit_by_the_publisher_makes_a_version(store):
    a = article()
    save(store, a)
    edited = replace(a, title="What we learnt", paragraphs=(*a.paragraphs, "Correction: it was seven."))
    saved = save(store, edited, now=NOW + DAY, pages=[page(a, body=b"<html>two</html>")])
    assert saved.changed_articles == (a.key,)
    found = articles.find(store, [a.key])[a.key]
    assert (found.article, found.version, found.changed) == (edited, 2, True)
    first, second = articles.versions(store, a.key)
    assert (first.article, first.cause) == (a, "first")
    assert (second.fields, second.cause, second.read_at) == (("title", "paragraphs"), "publisher", NOW + DAY)


def test_the_same_page_read_better_is_no_edit_of_the_publishers(store):
    a = article()
    save(store, a)
    saved = save(store, replace(a, authors=("Mara Ellwood", "Tom Ash")), now=NOW + DAY)
    assert saved.reread_articles == (a.key,)
    found = articles.find(store, [a.key])[a.key]
    assert (found.version, found.changed) == (2, False)


def test_another_version_of_the_reader_is_no_edit_either(store):
    a = article()
    articles.save(store, as_judged(a, reader="1"), now=NOW, pages=[page(a)])
    other = as_judged(replace(a, standfirst=None), reader="2")
    saved = articles.save(store, other, now=NOW + DAY, pages=[page(a, body=b"<html nonce=2>")])
    assert saved.reread_articles == (a.key,)


def test_a_list_of_related_links_is_no_version(store):
    a = article()
    save(store, a)
    busy = replace(a, related_links=(Link("Also today", "https://news.example/also"),))
    saved = save(store, busy, now=NOW + DAY, pages=[page(a, body=b"<html>two</html>")])
    assert (saved.mended_articles, saved.changed_articles) == ((a.key,), ())
    found = articles.find(store, [a.key])[a.key]
    assert (found.article, found.version) == (busy, 1)


def test_a_deleted_comment_is_marked_and_a_returned_one_comes_back(store):
    a = article()
    one, two = comment(a), comment(a, 2, "A second voice.")
    save(store, a, (one, two))
    gone = save(store, a, (replace(two, n=1),), now=NOW + DAY)
    assert gone.gone_comments == (one.key,)
    assert [t.comment.key for t in judged.threads(store, [a.key])[a.key]] == [two.key]
    assert {t.comment.key for t in judged.threads(store, [a.key], gone=True)[a.key]} == {one.key, two.key}
    back = save(store, a, (one, two), now=NOW + 2 * DAY)
    assert back.returned_comments == (one.key,)
    assert [t.comment for t in judged.threads(store, [a.key])[a.key]] == [one, two]


def test_a_part_of_a_thread_deletes_nobody(store):
    a = article()
    one, two = comment(a), comment(a, 2, "A second voice.")
    save(store, a, (one, two))
    assert articles.save(store, as_judged(a, (two,), whole_thread=False), now=NOW + DAY).nothing_new


def test_new_verdicts_put_the_old_ones_into_the_history(store):
    a = article()
    voice = comment(a)
    save(store, a, (voice,), verdicts={voice.key: REVIEW})
    saved = save(store, a, (voice,), verdicts={voice.key: replace(GENUINE, rules_version="v2")}, now=NOW + DAY)
    assert saved.rejudged_comments == (voice.key,)
    assert judged.find(store, [voice.key])[voice.key].verdict == replace(GENUINE, rules_version="v2")
    (past,) = judged.history(store, voice.key)
    assert (past.verdict, past.since, past.until) == (REVIEW, NOW, NOW + DAY)


def test_a_score_that_drifts_is_no_new_verdict(store):
    a = article()
    voice = comment(a)
    save(store, a, (voice,), verdicts={voice.key: REVIEW})
    assert not save(store, a, (voice,), verdicts={voice.key: replace(REVIEW, score=3.6)}).rejudged_comments


def test_labels_follow_and_order_does_not_matter(store):
    a = article()
    save(store, a)
    save(store, a, themes=("workforce", "home-care"), now=NOW + DAY)
    assert articles.find(store, [a.key])[a.key].labels == labels("workforce", "home-care")
    save(store, a, themes=(), now=NOW + 2 * DAY)
    assert articles.find(store, [a.key])[a.key].labels == labels()


def test_comments_take_their_own_labels_and_the_article_keeps_its_own(store):
    a = article()
    voice = comment(a)
    both = replace(as_judged(a, (voice,)), labels={a.key: labels("home-care"), voice.key: labels("carers")})
    articles.save(store, both, now=NOW)
    assert articles.find(store, [a.key])[a.key].labels == labels("home-care")


def test_archive_is_what_is_older_than_first_contact_looks_back(store):
    old, new, undated = article("old", published="2026-01-02"), article("new"), article("undated", published=None)
    for a in (old, new, undated):
        articles.save(store, as_judged(a, since=NOW - 30 * DAY), now=NOW)
    found = periods.stories(store, NOW - 365 * DAY, NOW + DAY, now=NOW)
    assert {s.key for s in found} == {new.key, undated.key}


def test_a_comment_without_a_verdict_is_refused(store):
    a = article()
    voice = comment(a)
    with pytest.raises(ValueError, match="has no verdict"):
        articles.save(store, Judged(Reading((a,), (voice,))), now=NOW)
    assert articles.find(store, [a.key]) == {}


def test_a_comment_below_another_article_is_refused(store):
    a = article()
    stray = comment(article("elsewhere"))
    with pytest.raises(ValueError, match="belongs to no article"):
        articles.save(store, Judged(Reading((a,), (stray,)), {stray.key: GENUINE}), now=NOW)


def test_a_reading_without_an_article_is_refused(store):
    with pytest.raises(ValueError, match="without an article"):
        articles.save(store, Judged(Reading(())), now=NOW)


def test_a_failure_in_the_middle_keeps_nothing(store):
    a = article()
    with pytest.raises(StatementError, match="time zone"):
        # The page is written last: its moment without a zone fails when everything else is in.
        articles.save(store, as_judged(a), now=NOW, pages=[page(a, next_visit=NOW.replace(tzinfo=None))])
    assert sum(stats.rows(store).values()) == 0


def test_a_page_that_was_read_needs_its_articles(store):
    with pytest.raises(ValueError, match=r"articles\.save"):
        addresses.record(store, [page(article())], now=NOW)


def test_two_articles_of_a_page_and_their_threads(store):
    one, two = article("one"), article("two")
    below = comment(one), comment(two, 2)
    both = Judged(Reading((one, two), below), {c.key: GENUINE for c in below})
    assert articles.save(store, both, now=NOW).new_articles == (one.key, two.key)
    assert {k: len(v) for k, v in judged.threads(store, [one.key, two.key]).items()} == {one.key: 1, two.key: 1}


def test_what_no_database_takes_is_replaced_once_and_for_all(store):
    a = article(title="Half a face \ud83d and a nul \x00")
    voice = comment(a, text="nul \x00 and half \udc00", author="\ud800")
    save(store, a, (voice,))
    assert articles.find(store, [a.key])[a.key].article.title == "Half a face � and a nul �"
    assert judged.find(store, [voice.key])[voice.key].comment.text == "nul � and half �"
    assert save(store, a, (voice,), now=NOW + DAY).nothing_new


def test_the_story_of_a_copy_and_a_merge_with_its_history(store):
    first, copy, other = article("first"), article("copy"), article("other")
    save(store, first)
    save(store, copy, story=first.key, now=NOW + DAY)
    save(store, other, now=NOW + 2 * DAY)
    assert stories.members(store, first.key) == (first.key, copy.key)
    elder = stories.merge(store, [other.key, first.key], now=NOW + 3 * DAY, because="a late copy joins them")
    assert elder == first.key
    assert stories.members(store, other.key) == (first.key, copy.key, other.key)
    before, after = stories.history(store, other.key)
    assert (before.membership.story, before.until) == (other.key, NOW + 3 * DAY)
    assert (after.membership.story, after.until) == (first.key, None)
    (merge,) = stories.merges(store, other.key)
    assert (merge.elder, merge.younger) == (first.key, other.key)
    # A later copy that names the younger story joins the one it lives in.
    late = article("late")
    save(store, late, story=other.key, now=NOW + 4 * DAY)
    assert articles.find(store, [late.key])[late.key].story == first.key


def test_merging_twice_and_in_chains_keeps_the_eldest(store):
    made = [article(name) for name in "abc"]
    for n, a in enumerate(made):
        save(store, a, now=NOW + n * DAY)
    a, b, c = (m.key for m in made)
    assert stories.merge(store, [b, c], now=NOW + 5 * DAY, because="x") == b
    assert stories.merge(store, [c, a], now=NOW + 6 * DAY, because="x") == a
    assert stories.merge(store, [c, b, a], now=NOW + 7 * DAY, because="x") == a
    assert set(stories.members(store, c)) == {a, b, c}
    assert len(stories.merges(store, a)) == 1
    with pytest.raises(ValueError, match="no story"):
        stories.merge(store, [a, "ffffffffffffffff"], now=NOW, because="x")


def test_an_article_moves_to_another_story_only_when_told(store):
    one, two = article("one"), article("two")
    save(store, one)
    save(store, two)
    save(store, two, now=NOW + DAY)
    assert articles.find(store, [two.key])[two.key].story == two.key
    moved = as_judged(two, memberships=(Membership(two.key, one.key, 0.7, "70% of its text"),))
    articles.save(store, moved, now=NOW + 2 * DAY)
    assert articles.find(store, [two.key])[two.key].story == one.key
    assert len(stories.history(store, two.key)) == 2
