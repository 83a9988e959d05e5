"""What becomes of an article and its readers after they were first read."""

import pytest

from cuttings import rulings
from cuttings.addresses import canonical
from cuttings.edges.store import addresses, articles, judged, people, stories, tables
from cuttings.edges.store import periods as stored
from cuttings.model import Ruling, Verdict, when
from flows.house import open_house
from tests.flows import press as paper
from tests.flows.press import PARAGRAPHS, Remark, Story, remarks

NOW = when("2026-11-02T08:00:00+00:00")
NEXT, LATER = "2026-11-04T07:00:00+00:00", "2026-11-08T07:00:00+00:00"


def only(home):
    (key,) = articles.keys(home.store)
    return key


def audit(home):
    return stored.audit(home.store, when("2020"), when("2027"))


def told(home):
    return stored.stories(home.store, when("2026-10-01"), when("2027"), now=when("2027"))


# ---------------------------------------------------------------- articles


def test_an_edited_article_gets_a_version_and_what_changed_is_kept(home, press, readers):
    story = press.put(Story())
    paper.collect(readers)
    edited = (PARAGRAPHS[0], PARAGRAPHS[1].replace("a rug", "a loose rug"), PARAGRAPHS[2])
    press.put(story, title="Evening visits are here to stay", paragraphs=edited)
    home.at(NEXT)
    paper.collect(readers)
    first, second = articles.versions(home.store, only(home))
    assert (second.cause, set(second.fields)) == ("publisher", {"title", "paragraphs"})
    assert first.article.paragraphs == PARAGRAPHS
    assert second.article.title == "Evening visits are here to stay"
    (item,) = told(home)
    assert item.canonical.changed
    assert item.canonical.article.paragraphs == edited
    assert item.canonical.version == 2


def due(home, press):
    return addresses.find(home.store, canonical(f"{press.base}/evening-visits/")).next_visit


def test_a_page_that_stays_the_same_is_visited_by_its_own_dates_not_by_its_feeds(home, press, readers):
    press.put(Story(published="2026-10-10T08:00:00", comments=remarks(1)))  # 23 days ago; its last comment, 13
    paper.collect(readers)
    home.at("2026-11-06T08:00:00+00:00")
    assert paper.collect(readers)["unchanged"] == 1
    assert when("2026-11-09T12:00:00+00:00") < due(home, press) < when("2026-11-11T08:00:00+00:00")
    home.at("2026-11-11T08:00:00+00:00")  # the thread's time is over
    assert paper.collect(readers)["unchanged"] == 1
    assert due(home, press) is None


@pytest.mark.parametrize(
    ("updated", "visited"),
    [
        ("<a10:updated>2026-11-02T09:00:00Z</a10:updated>", True),  # an hour after our visit
        ("<a10:updated>2026-11-02</a10:updated>", True),  # some time that day
        ("<a10:updated>2026-11-02T07:00:00Z</a10:updated>", False),
        ("<a10:updated>2999-01-01</a10:updated>", False),
        ("", False),
    ],
)
def test_a_page_is_visited_sooner_where_its_feed_says_it_was_changed(home, press, readers, updated, visited):
    press.put(Story(published="2026-09-20T08:00:00"))  # its thread's time is over: nobody would come again
    paper.collect(readers)
    assert due(home, press) is None
    feed = (
        "<rss xmlns:a10='http://www.w3.org/2005/Atom'><channel><item>"
        f"<link>{press.base}/evening-visits/</link>{updated}</item></channel></rss>"
    )
    press.instead["/feed/"] = feed
    home.at(NEXT)
    assert paper.collect(readers)["unchanged"] == visited
    home.at("2026-11-06T08:00:00+00:00")
    assert paper.collect(readers)["unchanged"] == 0


def test_a_deleted_comment_is_marked_and_no_longer_counted_but_still_listed(home, press, readers):
    story = press.put(Story(comments=remarks(4)))
    paper.collect(readers)
    press.put(story, comments=story.comments[:1] + story.comments[2:])
    home.at(NEXT)
    paper.collect(readers)
    key = only(home)
    assert len(judged.threads(home.store, [key])[key]) == 3
    assert len(judged.threads(home.store, [key], gone=True)[key]) == 4
    (item,) = told(home)
    assert len(item.comments) == 3
    press.put(story)
    home.at(LATER)
    paper.collect(readers)
    assert len(judged.threads(home.store, [key])[key]) == 4


WALL = """<html><head><title>Log in</title></head><body><h1>Log in to read this</h1>
<form><input type="password" name="p"></form><p>Please log in to continue reading.</p></body></html>"""
MISSING = """<html><head><title>Page not found</title></head><body><h1>Page not found</h1>
<p>Sorry, the page you were looking for is not here any more.</p></body></html>"""


def test_a_wall_in_place_of_an_article_wipes_nothing(home, press, readers):
    press.put(Story(comments=remarks(2)))
    paper.collect(readers)
    key = only(home)
    for page, moment in ((WALL, NEXT), (MISSING, LATER)):
        press.instead["/evening-visits/"] = page
        home.at(moment)
        assert paper.collect(readers)["set aside"] == 1
        held = articles.find(home.store, [key])[key]
        assert (held.version, held.article.paragraphs) == (1, PARAGRAPHS)
        assert len(judged.threads(home.store, [key])[key]) == 2
        assert not held.changed
    # It is looked at again while its thread could still live, and found when it is back.
    press.instead.clear()
    press.put(Story(comments=remarks(3)))
    home.at("2026-11-16T07:00:00+00:00")
    paper.collect(readers)
    assert len(judged.threads(home.store, [key])[key]) == 3
    assert audit(home).faults() == ()


def test_an_article_in_another_language_is_set_aside_with_the_reason(home, press, readers):
    words = (
        "Bydd y cyngor yn talu am ddau ymweliad arall gyda'r nos bob wythnos i bobl sydd wedi bod yn yr ysbyty, ar ôl "
        "i brawf mewn tri phentref ddangos fod llai ohonynt wedi mynd yn ôl i'r ward o fewn mis.",
        "Mae'r arian yn dod o'r gronfa gofal ac mae'n rhedeg hyd ddiwedd mis Mawrth, pan fydd y pwyllgor yn edrych ar "
        "y ffigurau eto ac yn penderfynu a fydd yr ymweliadau yn rhan o'r gwasanaeth.",
    )
    press.put(Story(slug="ymweliadau", title="Ymweliadau gyda'r nos", paragraphs=words, language="cy", post=5))
    press.put(Story())
    counts = paper.collect(readers)
    assert (counts["read"], counts["set aside"]) == (1, 1)
    assert audit(home).pages_set_aside == (("another language: cy", 1),)


def test_an_article_dated_in_the_future_is_not_lost(home, press, readers):
    press.put(Story(published="2031-10-27T08:00:00"))
    paper.collect(readers)
    (item,) = stored.stories(home.store, when("2026-11-01"), when("2026-11-03"), now=when("2026-11-03"))
    assert item.canonical.article.title == "Evening visits for people who leave hospital"


# ---------------------------------------------------------------- stories


def passage(*names):
    return tuple(
        f"{name} told the {name.lower()} meeting that the rounds in {name} had cut the waits there by {n + 2} days, "
        f"which nobody in the {name} team had thought possible when the first {name} van left the yard in spring."
        for n, name in enumerate(names)
    )


def test_a_late_copy_joins_two_stories_and_the_elder_key_stays(home, press, readers):
    one, other = passage("Ambleford", "Brackwater", "Cotterdale"), passage("Dunholme", "Esk Bridge", "Farrowby")
    press.put(Story("one", "Vans in the north", one, "2026-10-26T08:00:00", post=1))
    paper.collect(readers)
    home.at("2026-11-02T09:00:00+00:00")
    press.put(Story("other", "Vans in the south", other, "2026-10-27T08:00:00", post=2))
    paper.collect(readers)
    assert len(told(home)) == 2
    home.at("2026-11-02T11:00:00+00:00")
    press.put(Story("both", "Vans everywhere", (*one, *other), "2026-10-28T08:00:00", post=3))
    paper.collect(readers)
    (story,) = told(home)
    elder = next(k for k, a in articles.find(home.store, articles.keys(home.store)).items() if "one" in a.article.url)
    assert story.key == elder
    assert len(story.articles) == 3
    (merge,) = stories.merges(home.store, elder)
    assert (merge.elder, "Vans everywhere" in merge.because) == (elder, True)
    assert audit(home).faults() == ()


# ---------------------------------------------------------------- campaigns

PITCH = (
    "Quick placements arranged this week, our advisers find a room near you at the best rate, simply leave your name "
    "with the office today"
)


@pytest.fixture
def strict(monkeypatch):
    """Rules for which any copy elsewhere is spam: what the real ones make of it is their own tests' matter."""

    def judge(_article, thread, known):
        elsewhere = bool(known.texts or known.near)
        return tuple(Verdict("spam" if elsewhere else "genuine", not elsewhere, 0.5, (), None, "v") for _ in thread)

    def judge_some(article, thread, keys, known):
        verdicts = zip(thread, judge(article, thread, known), strict=True)
        return {comment.key: verdict for comment, verdict in verdicts if comment.key in keys}

    monkeypatch.setattr("flows.judging.spam.judge", judge)
    monkeypatch.setattr("flows.judging.spam.judge_some", judge_some)


def spread(press, count):
    for n in range(count):
        remark = Remark(n + 1, f"Pat Lowe {n}", f"2026-10-28T10:{n:02}:00", f"{PITCH} and say {'abcdefgh'[n] * 3}.")
        body = passage(f"Ling North{n}", f"Moss South{n}", f"Nab West{n}")
        press.put(Story(f"a{n}", f"What the {n} rounds taught us", body, comments=(remark,), post=n + 1))


def outcomes(home):
    keys = articles.keys(home.store)
    return {c.comment.text[-4:-1]: c.verdict.outcome for t in judged.threads(home.store, keys).values() for c in t}


@pytest.mark.usefixtures("strict")
def test_later_copies_show_that_an_earlier_comment_was_part_of_a_campaign(home, press, readers):
    spread(press, 1)
    paper.collect(readers)
    assert outcomes(home) == {"aaa": "genuine"}
    home.at("2026-11-02T09:00:00+00:00")
    spread(press, 4)
    paper.collect(readers)
    assert outcomes(home) == dict.fromkeys(("aaa", "bbb", "ccc", "ddd"), "spam")
    (key,) = [c.comment.key for c in judged.by_outcome(home.store, "spam") if "aaa" in c.comment.text]
    assert [p.verdict.outcome for p in judged.history(home.store, key)] == ["genuine"]


@pytest.mark.usefixtures("strict")
def test_what_was_published_and_what_an_editor_released_keep_their_verdict(home, press, readers):
    spread(press, 2)
    press.feed = ["a0"]
    paper.collect(readers)
    (key,) = articles.keys(home.store)
    # An issue that went out with it, and nothing else of an issue.
    with home.store.writing() as connection:
        day = {"period_start": "2026-10-26", "period_end": "2026-11-01", "begun": NOW, "updated": NOW}
        connection.execute(
            tables.issues.insert().values(id="i1", edition="managers", revision=1, number=1, state="delivered", **day)
        )
        connection.execute(
            tables.issue_items.insert().values(issue="i1", position=1, story=key, article=key, version=1, reason="x")
        )
    home.at("2026-11-02T09:00:00+00:00")
    press.feed = None
    paper.collect(readers)
    assert outcomes(home) == {"aaa": "genuine", "bbb": "spam"}
    (later,) = [c.comment.key for c in judged.by_outcome(home.store, "spam")]
    judged.rule(home.store, [Ruling(rulings.comment(later), "release", None, "Morag Tennant", NOW)])
    home.at("2026-11-02T11:00:00+00:00")
    spread(press, 3)
    paper.collect(readers)
    assert outcomes(home)["bbb"] == "genuine"


# ---------------------------------------------------------------- people


def test_a_page_with_words_of_a_forgotten_reader_comes_into_the_archive_without_them(home, press, readers):
    story = press.put(Story(comments=remarks(3)))
    paper.collect(readers)
    gone = story.comments[1]
    people.forget(home.store, gone.author, by="Morag Tennant", now=NOW)
    press.put(story, title="Evening visits stay", comments=(*story.comments, *remarks(1, first=4)))
    for moment in (NEXT, LATER):
        home.at(moment)
        paper.collect(readers)
        with open_house() as house:
            latest = addresses.last_document(house.store, canonical(f"{press.base}/evening-visits/"))
            held = house.archive.get(latest[0].sha256).decode()
        assert (gone.text in held, gone.author in held) == (False, False)
        assert remarks(1, first=4)[0].text in held
        assert len(judged.threads(home.store, [only(home)])[only(home)]) == 4
    assert press.log[-1][1] == 304


# ---------------------------------------------------------------- nothing new


def rows(home):
    from cuttings.edges.store.tables import metadata

    with home.store.reading() as connection:
        return {t.name: connection.execute(t.select()).all() for t in metadata.sorted_tables}


def test_a_second_run_asks_conditionally_and_writes_almost_nothing(home, press, readers):
    for n in range(5):
        press.put(Story(f"a{n}", f"Evening visits, part {n}", passage(f"Ling {n}", f"Moss {n}", f"Nab {n}"), post=n + 1,
                        comments=remarks(3, first=10 * n + 1, words=f"I know the {n} round well")))  # fmt: skip
    paper.collect(readers)
    before, asked = rows(home), len(press.asked())
    press.log.clear()
    home.at(NEXT)
    counts = paper.collect(readers)
    assert counts == {"unchanged": 5}
    assert len(press.asked(conditional=True)) == len(press.asked()) == asked == 6
    assert all(status == 304 for path, status, _ in press.log if path != "/robots.txt")
    after = rows(home)
    grown = {name: len(after[name]) - len(before[name]) for name in after if after[name] != before[name]}
    assert grown == {"runs": 1, "sources": 0, "source_contacts": 1, "addresses": 0, "pages": 5}
    press.log.clear()
    home.at("2026-11-04T08:00:00+00:00")
    assert paper.collect(readers) == {}
    assert press.asked() == ["/feed/"]
    assert addresses.due(home.store, now=when("2026-11-04T08:00:00+00:00")) == ()
