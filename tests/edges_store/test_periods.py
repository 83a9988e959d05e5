"""What a period holds, and an audit that adds up whatever happened."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.edges.store import addresses, articles, open_store, people, periods, sources, stories
from cuttings.edges.store.addresses import PageOutcome
from cuttings.edges.store.articles import Judged
from cuttings.model import Reading
from tests.edges_store.made import (
    DAY,
    DUPLICATE,
    GENUINE,
    HOUR,
    NOW,
    REVIEW,
    SPAM,
    article,
    comment,
    page,
    save,
)

START, END = NOW - 7 * DAY, NOW


def keys(store, start=START, end=END, now=NOW):
    return [s.key for s in periods.stories(store, start, end, now=now)]


def test_a_period_goes_by_publication(store):
    inside, before, after = (article(d, published=d) for d in ("2026-04-01", "2026-03-20", "2026-04-07"))
    for a in (inside, before, after):
        save(store, a, now=END)
    assert keys(store) == [inside.key]


def test_the_end_is_not_part_of_it_and_the_start_is(store):
    first, last = article("first", published="2026-03-30T07:00:00Z"), article("last", published="2026-04-06T07:00:00Z")
    for a in (first, last):
        save(store, a, now=END)
    assert keys(store) == [first.key]


def test_an_article_dated_in_the_future_counts_when_first_seen(store):
    ahead, embargoed = article("ahead", published="2062-04-01"), article("embargoed", published="2026-04-03")
    for a in (ahead, embargoed):
        save(store, a, now=END - 3.5 * DAY)
    assert set(keys(store)) == {ahead.key, embargoed.key}
    assert keys(store, END, END + 365 * DAY, END + 366 * DAY) == []


def test_unknown_dates_and_late_finds_count_when_first_seen(store):
    undated, late = article("undated", published=None), article("late", published="2026-02")
    for a in (undated, late):
        save(store, a, now=START + DAY)
    assert keys(store) == [late.key, undated.key]
    assert keys(store, START - 7 * DAY, START) == []
    assert keys(store, END, END + 7 * DAY, NOW + 7 * DAY) == []


def test_the_archive_comes_where_it_is_asked_for_and_without_its_comments(store):
    old, read = article("old", published="2025-04-02"), article("read", published="2025-04-03")
    save(store, old, (comment(old),), now=START + DAY, since=START - 60 * DAY)
    save(store, read, (comment(read),), now=START + DAY)
    days = (START - 365 * DAY, END - 365 * DAY)
    assert keys(store, *days) == [read.key]
    found = periods.stories(store, *days, now=NOW, archive=True)
    assert [story.key for story in found] == [old.key, read.key]
    assert [story.comments for story in found] == [(), ()]


def edit(store, of, at, *, body=b"<html>two</html>", **more):
    save(store, of, now=at, pages=[page(of, body=body)], **more)


@pytest.mark.parametrize(
    ("changes", "at", "body", "found"),
    [
        ({"title": "Another title"}, START + DAY, b"<html>two</html>", True),
        ({"standfirst": "Another standfirst."}, START + DAY, b"<html>two</html>", True),
        ({"paragraphs": ("Another text.",)}, START + DAY, b"<html>two</html>", True),
        ({"paragraphs": ("Another text.",)}, START, b"<html>two</html>", True),
        ({"paragraphs": ("Another text.",)}, END, b"<html>two</html>", False),  # in the next period
        ({"paragraphs": ("Another text.",)}, START - HOUR, b"<html>two</html>", False),
        ({"authors": ("Somebody Else",)}, START + DAY, b"<html>two</html>", False),
        ({"paragraphs": ("Another text.",)}, START + DAY, b"<html>one</html>", False),  # the same page, read otherwise
        ({}, START + DAY, b"<html>two</html>", False),
    ],
)
def test_what_its_publisher_edited_in_a_period_is_found_there(store, changes, at, body, found):
    a = article(published="2026-03-10")
    save(store, a, now=START - 10 * DAY)
    edit(store, replace(a, **changes), at, body=body)
    assert keys(store) == []
    assert periods.edited(store, START, END, now=NOW) == ((a.key,) if found else ())
    assert periods.edited(store, START, END, now=at - HOUR) == ()


def test_an_edited_story_comes_by_its_key_and_as_it_is_now(store):
    a, copy = article(published="2026-03-10"), article("copy", published="2026-03-11")
    save(store, a, (comment(a),), now=START - 10 * DAY)
    save(store, copy, now=START - 9 * DAY, story=a.key)
    edit(store, replace(copy, title="Another title"), START + DAY)
    assert periods.edited(store, START, END, now=NOW) == (a.key,)
    (story,) = periods.told(store, [a.key], now=NOW)
    assert [held.article.title for held in story.articles] == [a.title, "Another title"]
    assert len(story.comments) == 1
    assert periods.told(store, [], now=NOW) == ()
    people.withdraw_article(store, copy.key, by="Editor", now=NOW)
    assert periods.edited(store, START, END, now=NOW) == ()


def test_what_was_seen_after_now_is_not_known_yet(store):
    save(store, article(), now=NOW + DAY)
    assert keys(store) == []
    assert len(keys(store, now=NOW + DAY)) == 1


def test_a_story_comes_whole_with_its_canonical_copy_first(store):
    first, copy = article("first", published="2026-03-28"), article("copy", published="2026-04-01", source="daily")
    save(store, first, (comment(first),), now=START - DAY)
    save(store, copy, (comment(copy, 1, "Below the copy."),), story=first.key, now=START + DAY)
    (story,) = periods.stories(store, START, END, now=NOW)
    assert [a.article.key for a in story.articles] == [first.key, copy.key]
    assert {c.comment.article for c in story.comments} == {first.key, copy.key}

    def by_source(found):
        return sorted(found, key=lambda a: a.source)

    (story,) = periods.stories(store, START, END, now=NOW, order=by_source)
    assert story.canonical.article == copy


def test_deleted_comments_are_no_longer_among_the_voices(store):
    a = article()
    save(store, a, (comment(a), comment(a, 2, "Stays.")), now=START)
    save(store, a, (comment(a, 2, "Stays."),), now=START + DAY)
    (story,) = periods.stories(store, START, END, now=NOW)
    assert [c.comment.text for c in story.comments] == ["Stays."]


def test_withdrawn_articles_are_out(store):
    a = article()
    save(store, a, now=START)
    people.withdraw_article(store, a.key, by="Editor", now=NOW)
    assert keys(store) == []


def test_an_audit_like_that_of_five_files(store):
    """Five pages, two of which are one article; a repeat and two spam comments among six."""
    two_pages, plain, blog, third = (article(n) for n in ("two-pages", "plain", "blog", "third"))
    second_page = replace(page(two_pages), url="https://news.example/two-pages/2", articles=())
    save(store, two_pages, pages=[page(two_pages), second_page])
    save(store, plain)
    save(store, third)
    texts = ("One.", "Two, twice.", "Two, twice!", "Buy.", "Buy now.", "Three.")
    voices = [comment(blog, n, text) for n, text in enumerate(texts, 1)]
    given = {voices[2].key: DUPLICATE, voices[3].key: SPAM, voices[4].key: SPAM}
    save(store, blog, voices, verdicts=given)
    for name in ("The Weekly", "In the Field"):
        sources.contacted(store, name.lower(), name=name, now=NOW)
    audit = periods.audit(store, NOW, NOW + DAY)
    assert audit.faults() == ()
    assert (audit.pages_in, audit.pages_read, audit.pages_joined, audit.articles) == (5, 5, 1, 4)
    assert (audit.comments_in, audit.comments_kept, audit.comments_duplicate, audit.comments_spam) == (6, 3, 1, 2)
    assert (audit.sources, audit.sources_failed) == (("In the Field", "The Weekly"), ())
    assert audit.repairs == (("drop capital", 4),)


def test_a_page_read_counts_as_read_though_it_failed_later(store):
    a = article()
    save(store, a)
    addresses.record(store, [PageOutcome(a.url, "failed", "weekly", "HTTP 503")], now=NOW + DAY / 2)
    audit = periods.audit(store, NOW, NOW + DAY)
    assert (audit.pages_in, audit.pages_read, audit.pages_failed) == (1, 1, ())
    assert periods.audit(store, NOW + DAY / 4, NOW + DAY).pages_failed == (("HTTP 503", 1),)


def test_a_page_that_only_showed_again_what_we_had_is_not_in(store):
    a = article()
    save(store, a, now=START)
    addresses.record(store, [PageOutcome(a.url, "unchanged", "weekly")], now=NOW)
    audit = periods.audit(store, NOW, NOW + DAY)
    assert (audit.pages_in, audit.pages_unchanged) == (0, 1)


def test_the_same_article_at_two_addresses_is_one(store):
    a = article()
    save(store, a)
    save(store, a, pages=[replace(page(a), url="https://m.news.example/night-care")])
    audit = periods.audit(store, NOW, NOW + DAY)
    assert audit.faults() == ()
    assert (audit.pages_in, audit.pages_read, audit.articles) == (2, 1, 1)
    assert audit.pages_set_aside == ((periods.ELSEWHERE, 1),)


def test_a_source_failed_when_its_last_contact_did(store):
    sources.contacted(store, "a", name="Alpha", now=NOW, failure="no answer")
    sources.contacted(store, "a", name="Alpha", now=NOW + DAY / 2)
    sources.contacted(store, "b", name="Beta", now=NOW)
    sources.contacted(store, "b", name="Beta", now=NOW + DAY / 2, failure="HTTP 500")
    audit = periods.audit(store, NOW, NOW + DAY)
    assert (audit.sources, audit.sources_failed) == (("Alpha", "Beta"), (("Beta", "HTTP 500"),))
    assert periods.audit(store, START, NOW).sources == ()


def test_a_withdrawn_page_counts_as_set_aside(store):
    a = article()
    people.withdraw_article(store, a.key, by="Editor", now=NOW)
    assert save(store, a).withdrawn == (a.key,)
    audit = periods.audit(store, NOW, NOW + DAY)
    assert (audit.faults(), audit.articles) == ((), 0)
    assert audit.pages_set_aside == ((articles.WITHDRAWN, 1),)


# ---------------------------------------------------------------- whatever happens, it adds up

NAMES = st.integers(0, 5).map(lambda n: article(f"piece-{n}"))
VERDICTS = st.sampled_from([GENUINE, SPAM, REVIEW, DUPLICATE])
READ = st.tuples(
    st.just("read"),
    st.lists(NAMES, min_size=1, max_size=3, unique_by=lambda a: a.key),
    st.integers(1, 3),  # pages of the document
    st.lists(st.tuples(st.integers(0, 6), VERDICTS), max_size=4),
)
OTHER = st.tuples(st.sampled_from(["unchanged", "set aside", "failed"]), NAMES, st.sampled_from(["HTTP 404", "a wall"]))
DONE = st.tuples(st.sampled_from(["merge", "withdraw", "forget"]), NAMES, NAMES)
STEPS = st.lists(st.tuples(st.integers(0, 72), st.one_of(READ, OTHER, DONE)), max_size=12)


def happen(store, moment, step):
    kind, first, *rest = step
    if kind == "read":
        pages, voices = rest
        comments = {}
        for n, (which, verdict) in enumerate(voices, 1):
            voice = comment(first[0], n, f"Voice {which}", author=f"Reader {which}")
            comments[voice.key] = (voice, verdict)
        reading = Reading(tuple(first), tuple(v for v, _ in comments.values()))
        outcomes = [page(first[0], articles=tuple(a.key for a in first))]
        outcomes += [replace(outcomes[0], url=f"{first[0].url}/{n}", articles=()) for n in range(2, pages + 1)]
        given = Judged(reading, {key: verdict for key, (_, verdict) in comments.items()})
        articles.save(store, given, now=moment, pages=outcomes)
    elif kind == "merge":
        known = [a.key for a in (first, rest[0]) if a.key in articles.find(store, [a.key])]
        stories.merge(store, known, now=moment, because="a test") if known else None
    elif kind == "withdraw":
        people.withdraw_article(store, first.key, by="Editor", now=moment)
    elif kind == "forget":
        people.forget(store, "Reader 1", by="Editor", now=moment)
    else:
        reason = None if kind == "unchanged" else rest[0]
        addresses.record(store, [PageOutcome(first.url, kind, "weekly", reason)], now=moment)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, start=st.integers(0, 72), end=st.integers(0, 72))
def test_the_audit_of_any_period_adds_up(empty, steps, start, end):
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(shutil.copy(empty, folder), hash_key=b"k")
        for hours, step in sorted(steps, key=lambda s: s[0]):
            happen(store, NOW + timedelta(hours=hours), step)
        whole = periods.audit(store, NOW, NOW + 4 * DAY)
        part = periods.audit(store, NOW + timedelta(hours=start), NOW + timedelta(hours=end))
        store.close()
    assert whole.faults() == ()
    assert part.faults() == ()
    asked = {a.url for _, (kind, a, *_) in steps if kind in ("set aside", "failed")}
    asked |= {s[1][0].url for _, s in steps if s[0] == "read"}
    pages_more = {(s[1][0].url, n) for _, s in steps if s[0] == "read" for n in range(2, s[2] + 1)}
    assert whole.pages_in == len(asked) + len(pages_more)


def test_a_day_without_anything(store):
    audit = periods.audit(store, NOW, NOW + DAY)
    assert audit.faults() == ()
    assert (audit.pages_in, audit.articles, audit.comments_in) == (0, 0, 0)
