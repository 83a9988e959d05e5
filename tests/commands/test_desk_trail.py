"""`cuttings explain`: the whole trail, by key, by its beginning, by address; and plainly where something is erased."""

from datetime import date, timedelta

import pytest

from cuttings.edges.store import issues, judged, people, usage
from cuttings.edges.store.usage import Use
from cuttings.model import Ruling
from tests.commands.making import NOW
from tests.commands.making import command as run
from tests.edges_store.test_issues import digest as made_digest


def told(environ, key):
    done = run(environ, "explain", key)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    return " ".join(done.stdout.split())


def test_an_article_by_its_address_and_by_the_beginning_of_its_key(house):
    environ, _, _, held = house
    here = held["here"]
    said = told(environ, here.url + "?utm_source=letter")
    assert said == told(environ, here.key[:6]) == told(environ, f"article:{here.key}")
    for part in (
        "What fell-end taught us", "status 200", "drop capital: paragraph 1 (sure)", "1 2026-11-03 09:00 first read",
        "the first of its story", "workforce 0.70, first", "text 4–8 ‘team’ for team", "2 review", "nowhere",
    ):  # fmt: skip
        assert part in said, part


def test_a_comment_with_its_verdict_rulings_history_and_copies(house):
    environ, store, voices, _ = house
    bold, copy = voices["bold"], voices["copy"]
    judged.rule(store, [Ruling(f"comment:{bold.key}", "spam", None, "Ed Itor", NOW, "sells stair rails")])
    said = told(environ, bold.key)
    for part in ("an editor decided: spam", "+1.50 one link [link]", "review (0.80)", "by Ed Itor: sells stair rails"):
        assert part in said, part
    assert f"comment {copy.key}" in said
    assert "Rulings on copies of its text, which hold for it too 1 2026-11-04 09:00 spam" in told(environ, copy.key)


def test_where_it_was_published(house):
    environ, store, voices, held = house
    issue, _ = issues.begin(store, "managers", date(2026, 10, 26), date(2026, 11, 1), now=NOW)
    story = held["here"].key
    issues.save(store, issue.id, made_digest(held["here"]), (), now=NOW, because={story: "local: Fell End in the text"})
    usage.log(store, [Use(issue.id, story, "weekly", "excerpt", 31, 12, NOW)])
    said = told(environ, story)
    assert f"{issue.id} (composed), item 1" in said
    assert "31 of its words, to 12 people" in said
    assert "local: Fell End" in said
    assert "not counted there: review" in told(environ, voices["bold"].key)


def test_what_was_erased_says_so_and_shows_no_word_of_it(house):
    environ, store, voices, _ = house
    people.forget_comments(store, [voices["bold"].key], by="Ed", now=NOW + timedelta(days=1))
    said = told(environ, voices["bold"].key)
    assert "ERASED 2026-11-05 09:00" in said
    assert "stair rails" not in said
    assert "Stair Rails" not in said


def test_a_withdrawn_article_says_so(house):
    environ, store, _, held = house
    people.withdraw_article(store, held["here"].key, by="Ed", now=NOW)
    assert "WITHDRAWN by its publisher 2026-11-04 09:00" in told(environ, held["here"].key)


def test_an_expired_name_is_not_told(house):
    environ, store, voices, _ = house
    people.expire_names(store, now=NOW + timedelta(days=400))
    said = told(environ, voices["sure"].key)
    assert "name is no longer kept, only a keyed hash" in said
    assert "Jo Brack" not in said


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("xyz", "is no key"),
        ("12", "is no key"),
        ("0000000000", "Nothing here has a key"),
        ("https://news.example/nowhere", "is not known here"),
        ("person:abcdef12", "is no key"),
        ("file:///etc/passwd", "is not a web address"),
        ("http://[", "is not a web address"),
    ],
)
def test_what_means_nothing_is_told_in_a_sentence(house, typed, why):
    done = run(house[0], "explain", typed)
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_beginning_of_several_keys_lists_them(house, monkeypatch):
    from flows import trail

    monkeypatch.setattr(trail, "FEWEST", 0)
    environ, _, voices, _ = house
    done = run(environ, "explain", "")
    assert done.returncode == 1
    assert f"comment:{voices['sure'].key}" in done.stderr
