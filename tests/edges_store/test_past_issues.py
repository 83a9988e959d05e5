"""What an earlier issue took: printed, asked or struck, sent or still waiting."""

from datetime import date, timedelta

import pytest

from cuttings.edges.store import articles, issues, judged, past_issues, periods, stories, tables
from cuttings.model import PastItem, Ruling, when
from tests.edges_store.made import DAY, NOW, SPAM, article, comment, labels, page, save
from tests.edges_store.made import judged as as_judged
from tests.edges_store.test_issues import composed

WEEK = timedelta(days=7)
MONDAY = date(2026, 3, 2)
A, B, C = article("a"), article("b"), article("c")


def weekly(store, n, of=(), *moves, edition="managers"):
    issue = composed(store, of, start=MONDAY + n * WEEK, end=MONDAY + n * WEEK + timedelta(days=6), edition=edition)
    for state in moves:
        issues.move(store, issue.id, state, now=NOW, by="Ed Itor", expires=NOW + DAY)
    return issue


@pytest.fixture
def held(store):
    for one in (A, B, C):
        save(store, one)
    return store


def numbers(store, n, number):
    return [past.number for past in past_issues.past(store, "managers", before=MONDAY + n * WEEK, number=number)]


@pytest.mark.parametrize(
    ("moves", "counts"),
    [
        ((), True),  # composed: made in the same hour
        (("awaiting approval",), True),
        (("awaiting approval", "held"), True),
        (("approved",), True),
        (("approved", "delivered"), True),
        (("awaiting approval", "expired"), False),
        (("not sent",), False),
    ],
)
def test_what_waits_counts_and_what_was_given_up_does_not(held, moves, counts):
    weekly(held, 0, [A], *moves)
    assert numbers(held, 1, 2) == [1] * counts
    assert past_issues.had(held, "managers", [A.key], before=MONDAY + WEEK, number=2) == ({A.key} if counts else set())
    found = past_issues.where_printed(held, "managers", [A.key, B.key], before=MONDAY + WEEK, number=2)
    assert found == ({A.key: PastItem(1, A.key, 1)} if counts else {})


def test_an_issue_of_days_that_overlap_counts_and_a_later_one_does_not(held):
    weekly(held, 0, [A], "approved")
    month = composed(held, [B], start=date(2026, 3, 1), end=date(2026, 3, 31))
    weekly(held, 1, [C])
    assert month.number == 2
    assert numbers(held, 1, 3) == [2, 1]
    assert numbers(held, 0, 1) == []
    asked = [A.key, B.key, C.key]
    assert set(past_issues.where_printed(held, "managers", asked, before=MONDAY + WEEK, number=3)) == {A.key, B.key}


def test_the_last_place_is_named_and_other_editions_have_their_own(held):
    for n in range(10):
        weekly(held, n, [A] if n in (1, 8) else [B], "approved")
    weekly(held, 0, [C], "approved", edition="members")
    found = past_issues.where_printed(held, "managers", [A.key, C.key], before=MONDAY + 10 * WEEK, number=11)
    assert found == {A.key: PastItem(9, A.key, 1)}
    stories.merge(held, [A.key, C.key], now=NOW, because="the same text")
    (living,) = {A.key, C.key} & set(stories_of(held))
    found = past_issues.where_printed(held, "managers", [living], before=MONDAY + 10 * WEEK, number=11)
    assert found == {living: PastItem(9, A.key, 1)}


def stories_of(store):
    return {stored.story for stored in articles.find(store, [A.key, B.key, C.key]).values()}


def strike(store, issue, of, *, decision="strike", at=NOW):
    judged.rule(store, [Ruling(f"item:{issue.id}/{of.key}", decision, None, "Ed Itor", at)])


def test_what_was_struck_from_an_earlier_issue_of_the_edition(held):
    first, other = weekly(held, 0, [A, B], "not sent"), weekly(held, 0, [B], edition="members")
    second = weekly(held, 1, [C])
    strike(held, first, A)
    strike(held, other, B)
    strike(held, second, C)
    strike(held, first, B, decision="pin")
    asked = [A.key, B.key, C.key]
    assert past_issues.struck(held, "managers", asked, number=2) == {A.key: NOW}
    assert past_issues.struck(held, "managers", asked, number=3) == {A.key: NOW, C.key: NOW}
    assert past_issues.struck(held, "managers", [B.key], number=3) == {}
    strike(held, second, A, at=NOW + DAY)
    assert past_issues.struck(held, "managers", [A.key], number=3) == {A.key: NOW + DAY}


def test_a_version_of_ours_is_no_edit_of_theirs(store):
    a = article("edited")
    articles.save(store, as_judged(a, reader="1"), now=NOW, pages=[page(a)])

    def read(title, *, reader, body):
        changed = article("edited", title=title)
        outcome = page(changed, body=body)
        articles.save(store, as_judged(changed, reader=reader), now=NOW, pages=[outcome])
        stored = articles.find(store, [a.key])[a.key]
        return stored.version, stored.edited

    assert articles.find(store, [a.key])[a.key].edited == 1
    assert read("Read otherwise", reader="2", body=b"<html>one</html>") == (2, 1)
    assert read("Edited", reader="2", body=b"<html>two</html>") == (3, 3)
    assert read("Read otherwise again", reader="3", body=b"<html>two</html>") == (4, 3)


def test_a_period_s_comments_come_with_their_own_themes(store):
    one, two, spam = (comment(A, n, text=f"It is about something, namely number {n}.") for n in (1, 2, 3))
    told = {one.key: labels("money", "staff")}
    save(store, A, [one, two, spam], verdicts={spam.key: SPAM}, labels={A.key: labels("home-care"), **told})
    (story,) = periods.stories(store, when("2026-04-01"), when("2026-04-08"), now=NOW)
    assert [(c.verdict.outcome, c.theme) for c in story.comments] == [
        ("genuine", "money"), ("genuine", None), ("spam", None)
    ]  # fmt: skip


def test_the_audit_counts_from_the_issue_before_however_many_came_after(held):
    made = [weekly(held, n) for n in range(30)]
    moments = []
    for n, issue in enumerate(made):
        with held.writing() as connection:
            begun = NOW - (30 - n) * WEEK
            connection.execute(tables.issues.update().where(tables.issues.c.id == issue.id).values(begun=begun))
            moments.append(begun)
    for n in (0, 4, 29):
        first = MONDAY + n * WEEK
        found = past_issues.last_begun(held, "managers", before=first, number=made[n].number)
        assert found == (moments[n - 1] if n else None)
