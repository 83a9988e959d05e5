"""Reading the archive again: what an upgrade may change, and what it must not."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import rulings, themes
from cuttings.edges.store import addresses, articles, judged, people
from cuttings.edges.store import periods as stored
from cuttings.edges.store.tables import metadata
from cuttings.model import BadConfiguration, Ruling, Unreadable, comment_key, when
from flows.house import open_house
from flows.reading import Line
from flows.rereading import CHANGED, FAILED, GONE, UNCHANGED, Part, read_again, together
from tests.flows import press as paper
from tests.flows.conftest import Home
from tests.flows.press import PARAGRAPHS, Story, remarks
from tests.flows.test_change_over_time import passage

NOW = when("2026-11-02T08:00:00+00:00")
NEXT = "2026-11-04T07:00:00+00:00"


class Changed:
    """Readers whose parsers are those of another version: `change` works on what ours say."""

    def __init__(self, readers, change):
        self._readers, self._change = readers, change

    def read(self, pages, family, source, designs=()):
        return self._change(self._readers.read(pages, family, source, designs))

    def run(self, *args, **kwargs):
        return self._readers.run(*args, **kwargs)


def refuses(_reading):
    raise Unreadable(None, "paragraphs", "no words")


def reread(readers, *, change=None, dry_run=False, **which):
    with open_house() as house:
        matcher = themes.compile_themes(house.settings.themes)
        line = Line(house, Changed(readers, change) if change else readers, matcher, house.clock())
        return read_again(line, addresses.documents(house.store, **which), dry_run=dry_run)


def rows(home):
    with home.store.reading() as connection:
        return {t.name: connection.execute(t.select()).all() for t in metadata.sorted_tables}


def thread(home):
    keys = articles.keys(home.store)
    return [c for t in judged.threads(home.store, keys).values() for c in t]


@pytest.fixture(scope="module")
def first(tmp_path_factory, readers):
    """A paper with threads of every kind and a page that is no article, read twice; and the paper."""
    with pytest.MonkeyPatch.context() as patch, paper.serve() as press:
        home = Home(tmp_path_factory.mktemp("read"), patch)
        home.write(sources=paper.source_toml(press))
        short = Story("plain", "Rounds in the north", passage("Ling", "Moss", "Nab"), post=1)
        press.put(short, comments=remarks(3))
        south = Story("paged", "Rounds in the south", passage("Oak", "Pike", "Quern"), post=2, per_page=2)
        press.put(south, comments=remarks(5, first=20))
        west = Story("script", "Rounds in the west", passage("Rill", "Stone", "Tarn"), post=3, shown="none")
        press.put(west, comments=remarks(4, first=40))
        press.put(Story("wall", "Rounds behind a wall", post=4))
        press.instead["/wall/"] = (
            "<html><title>Log in</title><h1>Log in</h1><input type=password><p>Please log in to read."
        )
        paper.collect(readers)
        press.put(short, comments=remarks(2))
        home.at(NEXT)
        paper.collect(readers)
        yield home, press


@pytest.fixture
def full(first, home):
    shutil.copytree(first[0].folder, home.folder, dirs_exist_ok=True)
    home.at(NEXT)
    return home


def test_where_nothing_is_read_otherwise_nothing_is_written(full, readers):
    reread(readers)  # later copies may have changed what is thought of earlier ones
    before = rows(full)
    again = reread(readers)
    assert rows(full) == before
    assert (again.count(UNCHANGED), again.count("set aside"), again.documents) == (3, 1, 4)
    assert again.details == ()


def test_a_thread_in_pieces_is_read_whole_again(full, readers):
    before = {c.comment.key: c.comment for c in thread(full)}
    reread(readers)
    assert {c.comment.key: c.comment for c in thread(full)} == before
    assert len(before) == 2 + 5 + 4


def test_a_dry_run_says_the_same_and_writes_nothing(full, readers):
    def louder(reading):
        return replace(reading, articles=tuple(replace(a, title=(a.title or "").upper()) for a in reading.articles))

    before = rows(full)
    dry = reread(readers, change=louder, dry_run=True)
    assert rows(full) == before
    real = reread(readers, change=louder)
    assert (real.counts, real.details) == (dry.counts, dry.details)
    assert real.count(CHANGED) == 3


def test_another_reading_of_the_same_page_is_not_the_publishers_edit(full, readers):
    def better(reading):
        return replace(reading, articles=tuple(replace(a, standfirst="A day out.") for a in reading.articles))

    reread(readers, change=better)
    for key in articles.keys(full.store):
        held = articles.find(full.store, [key])[key]
        assert (held.article.standfirst, held.changed) == ("A day out.", False)
        assert articles.versions(full.store, key)[-1].cause == "reread"


def test_rulings_and_gone_comments_survive_a_better_reading_of_the_words(full, readers):
    target = next(c.comment for c in thread(full) if "number 21" in c.comment.text)
    judged.rule(full.store, [Ruling(rulings.comment(target.key), "spam", None, "Morag Tennant", NOW)])
    count = len(rows(full)["comments"])

    def better(reading):
        comments = tuple(
            replace(c, text=f"{c.text} Indeed.", key=comment_key(c.article, c.posted, f"{c.text} Indeed."))
            for c in reading.comments
        )
        return replace(reading, comments=comments)

    result = reread(readers, change=better)
    assert dict(result.details)["reread comments"] == 11
    after = thread(full)
    assert len(after) == 11
    assert all(c.comment.text.endswith("Indeed.") for c in after)
    ruled = next(c for c in after if "number 21" in c.comment.text)
    assert ruled.verdict.outcome == "spam"
    assert ruled.comment.key != target.key
    assert len(rows(full)["comments"]) == count  # the one that was deleted at its site is still there, and gone


def test_a_forgotten_reader_stays_forgotten(full, readers):
    name = next(c.comment.author for c in thread(full) if "number 21" in c.comment.text)
    people.forget(full.store, name, by="Morag Tennant", now=NOW)
    before = rows(full)

    def better(reading):
        comments = tuple(replace(c, text=f"{c.text} Yes.", key=f"{c.key[:-1]}f") for c in reading.comments)
        return replace(reading, comments=comments)

    reread(readers, change=better)
    assert name not in {c.comment.author for c in thread(full)}
    assert not any("number 21" in c.comment.text for c in thread(full))
    assert len(rows(full)["comments"]) == len(before["comments"])


def test_what_can_be_read_for_the_first_time_is_read_and_counts_from_today(first, full, readers):
    press = first[1]
    press.put(Story("new", "Rounds in the east", PARAGRAPHS, post=9))
    full.at("2026-11-08T07:00:00+00:00")
    paper.collect(Changed(readers, refuses))
    assert len(articles.keys(full.store)) == 3
    full.at("2026-11-20T07:00:00+00:00")
    result = reread(readers)
    assert len(articles.keys(full.store)) == 4
    assert result.count(CHANGED) == 1
    counted = stored.audit(full.store, when("2026-11-20"), when("2026-11-21"))
    assert (counted.faults(), counted.articles) == ((), 1)
    assert reread(readers).count(UNCHANGED) == 4


def test_what_can_no_longer_be_read_is_counted_and_stays(full, readers):
    before = rows(full)
    result = reread(readers, change=refuses)
    assert (result.count(FAILED), result.count("set aside")) == (3, 1)
    assert ("no words") in {why for _, why in result.told}
    assert rows(full) == before


def test_without_its_raw_page_a_document_is_counted_and_left(full, readers):
    with open_house() as house:
        for sha256 in list(house.archive.digests()):
            house.archive.delete(sha256)
    before = rows(full)
    result = reread(readers)
    assert (result.count(GONE), result.documents) == (4, 4)
    assert rows(full) == before


@pytest.mark.usefixtures("full")
def test_only_one_source_or_only_what_came_since(readers):
    assert reread(readers, source="moor").documents == 4
    assert reread(readers, source="other").documents == 0
    assert reread(readers, since=when("2026-11-03")).documents == 1  # the one that had changed by then
    assert reread(readers, since=when("2027")).documents == 0


def test_new_themes_are_laid_over_what_was_read(full, readers):
    full.write(
        themes='[[theme]]\nid = "vans"\nname = "Vans"\ndescription = "Vans"\nphrases = ["first", "yard", "van left"]\n'
    )
    result = reread(readers)
    assert dict(result.details).get("relabelled", 0) >= 3
    primary = {articles.find(full.store, [k])[k].labels.primary for k in articles.keys(full.store)}
    assert primary == {"vans"}


# ---------------------------------------------------------------- in parts, for several machines


@settings(deadline=None)
@given(st.sets(st.integers(1, 10_000_000), max_size=300), st.integers(1, 12))
def test_each_document_is_in_exactly_one_part(numbers, of):
    parts = [Part(n, of).of_documents(sorted(numbers)) for n in range(1, of + 1)]
    assert sorted(n for part in parts for n in part) == sorted(numbers)


def test_parts_of_a_large_archive_are_about_equal():
    for step in (1, 2, 7):  # numbers of pages: an article with a page of comments takes two
        sizes = [len(Part(n, 8).of_documents(range(0, 80_000 * step, step))) for n in range(1, 9)]
        assert max(sizes) < 1.05 * min(sizes)


@pytest.mark.parametrize("text", ["", "8", "0/8", "9/8", "a/b", "1/0", "-1/3", "1/2/3", "1.0/2"])
def test_what_is_no_part_is_said_with_an_example(text):
    with pytest.raises(BadConfiguration, match="as 2/8"):
        Part.parse(text)


def test_a_document_is_never_read_by_two_divisions_at_once():
    assert str(Part.parse(" 2/8 ")) == "reread 2/8"
    for mine, other, clash in (
        (Part(2, 8), "reread 3/8", False),
        (Part(2, 8), "reread 2/8", True),
        (Part(2, 8), "reread 3/18", True),
        (Part(2, 8), "reread", True),
        (None, "reread 3/8", True),
        (None, "reread", True),
        (None, "collect", False),
        (Part(2, 8), "collect", False),
    ):
        assert Part.elsewhere(other, mine) is clash, (mine, other)


def test_two_divisions_of_one_archive_read_each_document_once_and_the_whole_stays_as_it_was(full, readers):
    reread(readers)
    before = rows(full)
    with open_house() as house:
        line = Line(house, readers, themes.compile_themes(house.settings.themes), house.clock())
        numbers = addresses.documents(house.store)
        again = [read_again(line, Part(n, 3).of_documents(numbers)) for n in (1, 2, 3)]
    assert together(again).documents == len(numbers) == 4
    assert rows(full) == before
