"""A story belongs to one issue: not printed, asked, counted or taken out a second time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cuttings.digest import in_period
from cuttings.digest.choose import day, latest
from cuttings.model import PastIssue, PastItem, Ruling
from tests.digest.corpus import COUNCIL, HISTORY, digest, stories, story

LAST = PastIssue(40, date(2026, 9, 28), date(2026, 10, 4), composed=datetime(2026, 10, 5, 8, tzinfo=UTC))


def keys(issue):
    return [i.story for i in issue.items]


def marks(issue, key):
    return [m.id for i in issue.items if i.story == key for m in i.marks]


def held(key="x", published="2026-10-07", seen=datetime(2026, 10, 8, tzinfo=UTC), **more):
    one = story(key, "gazette", f"Title {key}", "Something was said.", theme="carers", published=published)
    return replace(one, articles=(replace(one.articles[0], first_seen=seen, **more),))


# ---------------------------------------------------------------- changed by its publisher


@pytest.mark.parametrize(
    ("version", "edited", "printed", "changed"),
    [
        (1, 1, 1, False),
        (2, 2, 1, True),
        (2, 1, 1, False),  # a newer program read the same page otherwise
        (3, 1, 1, False),
        (3, 1, 2, False),
        (3, 3, 2, True),
        (4, 3, 2, True),  # edited, then read otherwise
        (4, 3, 3, False),
        (2, None, 1, True),  # a store that doesn't tell
    ],
)
def test_changed_is_what_its_publisher_changed(version, edited, printed, changed):
    past = replace(LAST, items={"x": printed}, articles={"x": held().canonical.article.key})
    issue = digest(held=(held(version=version, edited=edited),), history=(past,))
    assert ("changed" in marks(issue, "x")) is changed
    assert ("x" in keys(issue)) is changed


def test_another_copy_than_the_printed_one_is_not_compared():
    past = replace(LAST, items={"x": 1}, articles={"x": "another copy"})
    issue = digest(held=(held(version=5, edited=5),), history=(past,))
    assert keys(issue) == []
    assert ("printed before and unchanged", 1) in issue.left_out


def test_an_old_story_that_was_edited_in_the_period_is_printed_again_and_counted_in_no_trend():
    old = held(published="2026-09-12", seen=datetime(2026, 9, 13, tzinfo=UTC), version=2, edited=2)
    before = {"x": PastItem(38, old.canonical.article.key, 1)}
    issue = digest(held=(held("y"),), edited=(old,), printed_before=before)
    assert sorted(keys(issue)) == ["x", "y"]
    assert marks(issue, "x") == ["changed"]  # not found late: it was there before
    assert issue.stories == {"carers": 1}
    assert [i.changed.text for i in issue.items if i.changed] == [
        "Printed in issue 38; changed by its publisher since."
    ]
    assert any("2 in the period = 2 printed + 0 left out" in entry.words.text for entry in issue.made)


@pytest.mark.parametrize("printed", [{}, {"x": PastItem(38, None, 2)}, {"x": PastItem(38, "another copy", 1)}], ids=str)
def test_an_edit_of_what_no_issue_had_or_had_already_is_no_news(printed):
    old = held(published="2026-09-12", seen=datetime(2026, 9, 13, tzinfo=UTC), version=2, edited=2)
    issue = digest(held=(held("y"),), edited=(old,), printed_before=printed)
    assert keys(issue) == ["y"]
    assert issue.left_out == ()


def test_what_was_struck_stays_out_though_its_publisher_edits_it_until_it_is_pinned():
    old = held(published="2026-09-12", seen=datetime(2026, 9, 13, tzinfo=UTC), version=2, edited=2)
    told = {
        "held": (held("y"),),
        "edited": (old,),
        "struck_before": {"x": AT},
        "printed_before": {"x": PastItem(38, old.canonical.article.key, 1)},
    }
    assert keys(digest(**told)) == ["y"]
    pin = Ruling("story:x", "pin", None, "Ines Tolland", AT + timedelta(hours=1))
    assert keys(digest(**told, rulings=[pin])) == ["x", "y"]


# ---------------------------------------------------------------- printed before


def test_what_any_earlier_issue_printed_is_not_printed_again():
    past = (replace(LAST, number=38, items={"x": 1}), replace(LAST, number=39), LAST)
    assert keys(digest(held=(held(published="2026-09-30"),), history=past)) == []


def test_what_was_printed_too_long_ago_for_the_history_is_known_all_the_same():
    before = {"x": PastItem(7, held().canonical.article.key, 1)}
    assert keys(digest(held=(held(),), printed_before=before)) == []
    issue = digest(held=(held(version=2, edited=2),), printed_before=before)
    assert issue.items[0].changed.text == "Printed in issue 7; changed by its publisher since."
    pinned = Ruling("story:x", "pin", None, "Ines Tolland", datetime(2026, 10, 9, tzinfo=UTC))
    issue = digest(held=(held(),), printed_before=before, rulings=[pinned])
    assert issue.items[0].changed.text == "Printed in issue 7 already; put in again by Ines Tolland."


def test_the_latest_issue_that_had_it_is_named():
    past = (replace(LAST, number=39, items={"x": 1}), replace(LAST, items={"x": 2}))
    issue = digest(held=(held(version=3, edited=3),), history=past)
    assert issue.items[0].changed.text == "Printed in issue 40; changed by its publisher since."


# ---------------------------------------------------------------- struck before


AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def test_what_an_editor_took_out_of_an_earlier_issue_stays_out():
    issue = digest(held=(held(), held("y")), struck_before={"x": AT})
    assert keys(issue) == ["y"]
    assert ("taken out by an editor", 1) in issue.left_out
    assert any("1 taken out by an editor" in entry.words.text for entry in issue.made)


@pytest.mark.parametrize(
    ("subject", "hours", "back"),
    [("item:now/x", 1, True), ("story:x", 1, True), ("item:now/x", -1, False), ("item:other/x", 1, False)],
)
def test_a_later_pin_brings_it_back(subject, hours, back):
    pin = Ruling(subject, "pin", None, "Ines Tolland", AT + timedelta(hours=hours))
    assert (keys(digest(held=(held(),), struck_before={"x": AT}, rulings=[pin], issue="now")) == ["x"]) is back


# ---------------------------------------------------------------- counted once


def counts(issue):
    rows = {row.theme: row for row in issue.trend.rows}
    return rows["carers"].counts if "carers" in rows else None


WEEKEND = {"published": "2026-10-03", "seen": datetime(2026, 10, 5, 6, tzinfo=UTC)}


def test_a_weekend_story_that_the_last_issue_knew_counts_there():
    past = replace(LAST, stories={"carers": 1})
    assert counts(digest(held=(held(**WEEKEND), held("y")), history=(past,))) == (1, 1)


def test_one_that_the_last_issue_could_not_know_counts_here():
    late = held(published="2026-10-03", seen=datetime(2026, 10, 5, 20, tzinfo=UTC))
    past = replace(LAST, stories={"carers": 1})
    assert counts(digest(held=(late, held("y")), history=(past,))) == (1, 2)


def test_a_late_copy_does_not_count_its_story_again():
    one = held(published="2026-10-02", seen=datetime(2026, 10, 2, tzinfo=UTC))
    copy = replace(held("copy").canonical, story="x")
    both = replace(one, articles=(*one.articles, copy))
    assert digest(held=(both, held("y")), history=(LAST,)).stories == {"carers": 1}
    assert digest(held=(both, held("y")), history=()).stories == {"carers": 2}


def past_of(number, start, days, n):
    first = date.fromisoformat(start)
    return PastIssue(number, first, first + timedelta(days=days - 1), stories={"carers": n})


def test_only_periods_of_about_the_same_length_are_compared():
    past = (past_of(38, "2026-09-14", 7, 3), past_of(39, "2026-09-21", 7, 4), past_of(40, "2026-09-01", 30, 20))
    issue = digest(held=(held(),), history=past)
    assert counts(issue) == (3, 4, 1)
    assert issue.trend.periods == ("14–20 Sep", "21–27 Sep", "5–11 Oct")  # the week of the 28th is missing
    month = digest(held=(held(),), history=past, period=(date(2026, 10, 1), date(2026, 10, 31)))
    assert month.trend.periods == ("No. 40", "No. 41")
    assert counts(month) == (20, 1)


def test_where_nothing_is_as_long_nothing_is_compared_and_the_note_says_so():
    issue = digest(held=(held(),), history=(past_of(40, "2026-09-01", 30, 20),))
    assert issue.trend is None
    assert [e.words.text for e in issue.made if e.term == "Trend"] == [
        "No earlier issue has about as many days, so nothing is compared."
    ]


@pytest.mark.parametrize(
    ("days", "other", "compared"),
    [
        (7, 7, True), (7, 8, False), (7, 6, False), (7, 4, False), (7, 10, False), (10, 7, False), (4, 7, False),
        (1, 1, True), (1, 2, False), (14, 13, True), (14, 12, False), (14, 17, False),
        (31, 28, True), (28, 31, True), (30, 31, True), (31, 27, False), (30, 35, False), (92, 90, True),
        (365, 366, True),
    ],
)  # fmt: skip
def test_a_period_is_compared_with_those_as_long_as_itself_in_proportion(days, other, compared):
    start = date(2026, 10, 1)
    past = past_of(40, (start - timedelta(days=other)).isoformat(), other, 3)
    period = (start, start + timedelta(days=days - 1))
    issue = digest(held=(held(),), history=(past,), period=period, now=datetime(2027, 11, 1, tzinfo=UTC))
    assert (issue.trend is not None) is compared


def test_where_no_story_has_a_theme_now_or_before_there_is_no_table_and_the_note_says_so():
    bare = story("x", "gazette", "Nursing home shuts", "It was said.", published="2026-10-07")
    issue = digest(held=(bare,), history=(replace(LAST, stories={}),))
    assert issue.trend is None
    assert keys(issue) == ["x"]
    assert [e.words.text for e in issue.made if e.term == "Trend"] == ["No story has a theme, now or before."]
    assert digest(held=(bare,), history=(replace(LAST, stories={"carers": 2}),)).trend is not None
    assert digest(held=(held(),), history=(replace(LAST, stories={}),)).trend is not None


def test_periods_that_overlap_are_not_set_beside_each_other():
    past = (past_of(39, "2026-09-28", 7, 2), past_of(40, "2026-10-01", 7, 2))
    assert counts(digest(held=(held(),), history=past)) == (2, 1)


def test_the_usual_row_of_weeks_is_headed_by_numbers():
    assert digest(held=stories(), history=HISTORY).trend.periods == ("No. 37", "No. 38", "No. 39", "No. 40", "No. 41")


# ---------------------------------------------------------------- the council's clock


LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("iso", "local"),
    [
        ("2026-06-01T00:30:00+01:00", date(2026, 6, 1)),
        ("2026-05-31T23:30:00Z", date(2026, 6, 1)),
        ("2026-05-31T22:30:00Z", date(2026, 5, 31)),
        ("2026-01-31T23:30:00Z", date(2026, 1, 31)),
        ("2026-06-01", date(2026, 6, 1)),
        ("2026-06", date(2026, 6, 1)),
        ("2026", date(2026, 1, 1)),
        (None, None),
        ("soon", None),
    ],
)
def test_the_day_is_the_council_s(iso, local):
    assert day(iso, LONDON) == local
    assert latest(iso, LONDON) == (
        local if iso not in ("2026-06", "2026") else {"2026-06": date(2026, 6, 30), "2026": date(2026, 12, 31)}[iso]
    )


def test_half_past_midnight_in_june_is_no_late_find_of_may():
    june = date(2026, 6, 1), date(2026, 6, 30)
    one = held(published="2026-06-01T00:30:00+01:00", seen=datetime(2026, 6, 2, tzinfo=UTC))
    assert in_period(one, *june, LONDON)
    assert not in_period(one, date(2026, 5, 1), date(2026, 5, 31), LONDON)
    now = datetime(2026, 7, 1, 7, tzinfo=UTC)
    issue = digest(held=(one,), period=june, now=now, history=(), council=COUNCIL)
    assert marks(issue, "x") == []


# ---------------------------------------------------------------- what comments are about


@pytest.mark.parametrize(
    ("themes", "article", "counts"),
    [
        ((None, None, None), "carers", {"carers": 3}),
        (("finance", None, None), "carers", {"carers": 2, "finance": 1}),
        (("finance", "carers", "finance"), "workforce", {"finance": 2, "carers": 1}),
        (("unknown", None, "carers"), "workforce", {"workforce": 2, "carers": 1}),
        ((None, "finance", None), None, {"finance": 1}),
    ],
)
def test_a_comment_counts_for_its_own_theme_else_for_its_article_s(themes, article, counts):
    one = story("x", "gazette", "Carers and money", "Carers said so.", theme=article, comments=3)
    one = replace(one, comments=tuple(replace(c, theme=t) for c, t in zip(one.comments, themes, strict=True)))
    assert digest(held=(one,)).comments == counts
