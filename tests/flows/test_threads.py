"""Threads over several pages, threads loaded by script, and what their failures cost."""

import pytest

from cuttings.edges.store import articles, judged
from cuttings.edges.store import periods as stored
from cuttings.model import when
from tests.flows import press as paper
from tests.flows.press import Story, remarks


def thread(home, *, gone=False):
    """The comments of the only article."""
    (key,) = articles.keys(home.store)
    return [c.comment for c in judged.threads(home.store, [key], gone=gone).get(key, ())]


def audit(home):
    return stored.audit(home.store, when("2020"), when("2027"))


def texts(comments):
    return [c.text for c in comments]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_thread_over_several_pages_is_one_thread_in_its_order(home, press, readers, newest_first):
    story = press.put(Story(comments=remarks(13), per_page=3, newest_first=newest_first))
    paper.collect(readers)
    found = thread(home)
    assert texts(found) == [r.text for r in story.comments]
    assert [c.n for c in found] == list(range(1, 14))
    (key,) = articles.keys(home.store)
    held = articles.find(home.store, [key])[key].article
    assert held.url == f"{press.base}/evening-visits/"
    assert held.paragraphs == story.paragraphs
    counted = audit(home)
    assert counted.faults() == ()
    assert (counted.articles, counted.pages_joined, counted.comments_in) == (1, 4, 13)


def test_comments_loaded_by_script_come_from_the_sites_interface(home, press, readers):
    story = press.put(Story(comments=remarks(140), shown="none"))
    paper.collect(readers)
    found = thread(home)
    assert sorted(texts(found)) == sorted(r.text for r in story.comments)
    assert {c.author for c in found} == {r.author for r in story.comments}
    assert audit(home).faults() == ()


def test_a_reply_on_another_page_of_the_interface_keeps_its_parent(home, press, readers):
    asked = remarks(120)
    answer = paper.Remark(500, "Late Reader", "2026-10-28T12:00:00", "I can only agree with the first of you.", 1)
    press.put(Story(comments=(*asked, answer), shown="none"))
    paper.collect(readers)
    found = thread(home)
    reply = next(c for c in found if c.author == "Late Reader")
    parent = next(c for c in found if c.n == reply.parent)
    assert parent.text == asked[0].text


@pytest.mark.parametrize(
    ("story", "broken"),
    [
        (Story(comments=remarks(9), per_page=3), "/evening-visits/comment-page-2"),
        (Story(comments=remarks(9), shown="none"), "/wp-json/"),
    ],
)
def test_what_fails_of_a_thread_never_costs_the_article_and_is_said(home, press, readers, story, broken):
    press.put(story)
    press.broken[broken] = 403
    counts = paper.collect(readers)
    assert counts["failed"] == 1
    assert len(articles.keys(home.store)) == 1
    counted = audit(home)
    assert counted.faults() == ()
    assert counted.pages_failed == (("more comments: the server answered 4xx", 1),)


def test_a_missing_page_of_comments_deletes_none_of_them(home, press, readers):
    story = press.put(Story(comments=remarks(9), per_page=3))
    paper.collect(readers)
    assert len(thread(home)) == 9
    press.put(story, comments=(*story.comments, *remarks(1, first=10)))
    press.broken["/evening-visits/comment-page-2"] = 500
    home.at("2026-11-04T07:00:00+00:00")
    paper.collect(readers)
    assert len(thread(home)) == 10  # nine as before, and the new one from the last page
    del press.broken["/evening-visits/comment-page-2"]
    press.put(story, comments=story.comments[:2])
    home.at("2026-11-06T07:00:00+00:00")
    paper.collect(readers)
    assert texts(thread(home)) == texts(story.comments[:2])
    assert len(thread(home, gone=True)) == 10


def test_an_answer_that_is_no_list_costs_its_comments_alone(home, press, readers):
    press.put(Story(comments=remarks(4), shown="none"))
    press.instead["/wp-json/wp/v2/comments"] = '{"surprise": true}'
    paper.collect(readers)
    assert len(articles.keys(home.store)) == 1
    assert audit(home).faults() == ()


def test_a_thread_by_script_grows_while_its_page_stays_the_same(home, press, readers):
    story = press.put(Story(comments=remarks(3), shown="none"))
    paper.collect(readers)
    press.instead["/evening-visits/"] = press.answer("/evening-visits/")[2].decode()
    press.put(story, comments=(*story.comments, *remarks(2, first=4)))
    home.at("2026-11-04T07:00:00+00:00")
    press.log.clear()
    paper.collect(readers)
    assert len(thread(home)) == 5
    assert ("/evening-visits/", 304, True) in press.log


def test_a_counter_gone_wild_is_not_followed_for_ever(home, press, readers):
    press.put(Story(comments=remarks(60), per_page=2))
    paper.collect(readers)
    assert len(press.asked()) <= 30
    assert len(articles.keys(home.store)) == 1
    assert any("more than" in reason for reason, _ in audit(home).pages_failed)
    assert audit(home).faults() == ()


def test_comments_of_the_page_and_of_the_interface_are_each_there_once(home, press, readers):
    story = press.put(Story(comments=remarks(6), per_page=2))
    page = press.answer("/evening-visits/")[2].decode()
    # The theme loads the rest by script: two are there, six are counted, and there is no way to a second page.
    start, end = page.index('<nav class="navigation'), page.index('<ol class="comment-list">')
    press.instead["/evening-visits/"] = page[:start] + page[end:].replace("<nav", "<!--<nav").replace("</nav>", "-->")
    paper.collect(readers)
    found = thread(home)
    assert sorted(texts(found)) == sorted(r.text for r in story.comments)
    assert len({c.key for c in found}) == 6
