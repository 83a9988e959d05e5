"""Two issues of an edition out of one store: what one had, asked or was made to leave out, the next does not have."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuttings.edges.store import issues, judged
from cuttings.model import Ruling, when
from flows import making
from flows.house import open_house
from flows.wrapped import Wrapped
from tests.edges_store.made import article, comment, labels, save

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
NOW = when("2026-03-16T07:00:00+00:00")  # after a missed week: both issues are made in one hour


@pytest.fixture
def house(home):  # noqa: ARG001 - where it stands
    with open_house() as opened:
        yield opened


def theme_of(house):
    return house.settings.themes[0].id


def kept(house, name, published, *, seen=NOW, **more):
    one = article(name, published=published, title=f"Social care news: {name}")
    save(house.store, one, now=seen, pages=(), labels={one.key: labels(theme_of(house))}, **more)
    return one


def composed(house, week, *, now=NOW, change=None):
    start = MONDAY + week * WEEK
    issue, _ = issues.begin(house.store, "managers", start, start + timedelta(days=6), now=now)
    edition = house.settings.edition("managers")
    digest, _ = making.compose.fn(Wrapped(house), edition, Wrapped(issue), now, change).value
    issues.save(house.store, issue.id, digest, (), now=now)
    return issue, digest


def printed(digest):
    return {item.article for item in digest.items}


def test_two_issues_of_one_morning_share_no_item_and_no_question(house):
    first, second = kept(house, "first", "2026-03-03"), kept(house, "second", "2026-03-10")
    both = kept(house, "both", "2026-03-14", seen=when("2026-03-16T06:00:00+00:00"))
    one, had = composed(house, 0)
    _, other = composed(house, 1)
    assert printed(had) == {first.key}
    assert printed(other) == {second.key, both.key}
    assert not set(had.asked) & set(other.asked)
    again = composed(house, 0)[1]  # a new proof of the first knows nothing of the second
    assert (printed(again), again.asked) == (printed(had), had.asked)
    _, third = composed(house, 2, now=NOW + WEEK)
    assert printed(third) == set()
    assert issues.find(house.store, one.id).state == "composed"


def test_what_was_struck_from_last_week_s_issue_is_no_late_find_of_this_week(house):
    late = kept(house, "late", "2026-03-07", seen=when("2026-03-09T06:00:00+00:00"))
    kept(house, "new", "2026-03-10")
    one, _ = composed(house, 0, now=when("2026-03-09T07:00:00+00:00"))
    judged.rule(house.store, [Ruling(f"item:{one.id}/{late.key}", "strike", None, "Ed Itor", NOW)])
    assert composed(house, 0)[1].empty
    two, digest = composed(house, 1)
    assert late.key not in printed(digest)
    assert ("taken out by an editor", 1) in digest.left_out
    pin = Ruling(f"item:{two.id}/{late.key}", "pin", None, "Ed Itor", NOW + timedelta(hours=1))
    judged.rule(house.store, [pin])
    assert late.key in printed(composed(house, 1)[1])


def test_a_program_s_upgrade_is_no_publisher_s_change(house):
    one = kept(house, "one", "2026-03-07", seen=when("2026-03-09T06:00:00+00:00"), reader="1")
    composed(house, 0, now=when("2026-03-09T07:00:00+00:00"))
    otherwise = replace(one, standfirst="A day with the social care team, read by a newer program.")
    save(house.store, otherwise, pages=(), labels={one.key: labels(theme_of(house))}, reader="2")
    assert printed(composed(house, 1)[1]) == set()
    edited = replace(otherwise, paragraphs=("The social care team starts at seven.",))
    save(house.store, edited, pages=(), labels={one.key: labels(theme_of(house))}, reader="2")
    (item,) = composed(house, 1)[1].items
    assert item.changed.text == "Printed in issue 1; changed by its publisher since."


def test_what_its_publisher_changed_is_printed_again_and_only_once(house):
    seen = when("2026-03-05T07:00:00+00:00")
    one, other = kept(house, "one", "2026-03-03", seen=seen), kept(house, "other", "2026-03-04", seen=seen)
    composed(house, 0, now=when("2026-03-09T07:00:00+00:00"))
    kept(house, "new", "2026-03-10", seen=when("2026-03-10T07:00:00+00:00"))
    told = {"pages": (), "labels": {one.key: labels(theme_of(house))}}
    edited = replace(one, paragraphs=("The social care team starts at seven, the council says.",))
    save(house.store, edited, now=when("2026-03-11T07:00:00+00:00"), **told)
    two, digest = composed(house, 1)
    again = [item for item in digest.items if item.changed]
    assert [item.article for item in again] == [one.key]
    assert again[0].changed.text == "Printed in issue 1; changed by its publisher since."
    assert other.key not in printed(digest)
    assert digest.stories == {theme_of(house): 1}
    assert one.key in {a.article.key for s in making.stories_of(house, two, NOW) for a in s.articles}
    _, third = composed(house, 2, now=NOW + WEEK)
    assert third.empty


def test_the_trend_has_a_weekend_s_story_and_its_comments_once(house):
    one = article("one", published="2026-03-07", title="Social care news: one")
    voice = comment(one, posted="2026-03-08")
    told = {one.key: labels(theme_of(house))}
    save(house.store, one, [voice], now=when("2026-03-09T06:00:00+00:00"), pages=(), labels=told)
    _, first = composed(house, 0, now=when("2026-03-09T07:00:00+00:00"))
    kept(house, "two", "2026-03-10")
    _, second = composed(house, 1)
    assert (first.stories, first.comments) == ({theme_of(house): 1}, {theme_of(house): 1})
    assert (second.stories, dict(second.comments)) == ({theme_of(house): 1}, {})
    assert [row.counts for row in second.trend.rows] == [(1, 1)]
