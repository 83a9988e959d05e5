"""The archive is read again by several at once: they leave what one alone leaves, and see each other's texts."""

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cuttings import themes
from cuttings.edges.store import addresses, as_before, holding
from cuttings.edges.store.tables import metadata
from flows.collecting.desk import Turns
from flows.house import open_house
from flows.reading import Line
from flows.rereading import CHANGED, UNCHANGED, Part, read_again, together
from tests.flows import press as paper
from tests.flows.conftest import Home
from tests.flows.press import Story, remarks
from tests.flows.test_change_over_time import outcomes, passage, spread, strict  # noqa: F401 - the last is a fixture
from tests.flows.test_rereading import Changed

LATER = "2026-11-05T07:00:00+00:00"
THEMES = '[[theme]]\nid = "rounds"\nname = "Rounds"\ndescription = "Rounds"\nphrases = ["round*", "north*", "ward"]\n'


def contents(home):
    """All that the store says; what only tells rows apart is left out, as they come in another order."""
    found = {}
    with home.store.reading() as connection:
        for table in metadata.sorted_tables:
            telling = [c for c in table.columns if c.name != "id" or table.name in ("comments", "pages")]
            found[table.name] = Counter(map(repr, connection.execute(table.select().with_only_columns(*telling))))
    return found


@contextmanager
def at_work(readers, saving=None):
    with open_house() as house:
        turns = Turns(lambda: holding.held(house.store, "turn", wait=True))
        line = Line(house, readers, themes.compile_themes(house.settings.themes), house.clock(), None, turns.take)
        yield Line(line.house, readers, line.matcher, line.now, None, saving(turns)) if saving else line


def reread(readers, part=None, **more):
    with at_work(readers, **more) as line:
        numbers = addresses.documents(line.house.store)
        return read_again(line, part.of_documents(numbers) if part else numbers)


@pytest.fixture(scope="module")
def first(tmp_path_factory, readers):
    """A paper that was read once: threads, a comment below four articles, one article twice."""
    with pytest.MonkeyPatch.context() as patch, paper.serve() as press:
        home = Home(tmp_path_factory.mktemp("read"), patch)
        home.write(sources=paper.source_toml(press))
        spread(press, 4)
        for n in range(4, 12):
            body = passage(f"Ling North{n % 11}", f"Moss South{n % 11}", f"Nab West{n % 11}")
            press.put(Story(f"a{n}", f"The round of the {n}", body, comments=remarks(n % 4, first=20 * n), post=n + 1))
        paper.collect(readers)
        reread(readers)  # the first comments of a campaign are judged with those that came after them
        yield home


@pytest.fixture
def full(first, home):
    shutil.copytree(first.folder, home.folder, dirs_exist_ok=True)
    home.at(LATER)
    return home


def test_two_at_once_leave_what_one_alone_leaves(first, full, readers, tmp_path_factory, monkeypatch):
    full.write(themes=THEMES)
    with ThreadPoolExecutor(3) as threads:
        parts = list(threads.map(lambda n: reread(readers, Part(n, 3)), (1, 2, 3)))
    several, done = contents(full), together(parts)

    alone = Home(tmp_path_factory.mktemp("alone"), monkeypatch)
    shutil.copytree(first.folder, alone.folder, dirs_exist_ok=True)
    alone.write(themes=THEMES)
    alone.at(LATER)
    one = reread(readers)
    assert contents(alone) == several
    assert (dict(one.counts), dict(one.details)) == (dict(done.counts), dict(done.details))
    assert one.count(CHANGED) > 5


@pytest.mark.usefixtures("full")
def test_what_is_as_before_takes_no_turn(readers):
    def never(_turns):
        def saving(_step):
            raise AssertionError("nothing is to be written")

        return saving

    again = reread(readers, saving=never)
    assert again.count(UNCHANGED) == again.documents == 12


@pytest.mark.usefixtures("strict")
def test_a_copy_that_comes_between_judging_and_the_turn_is_seen(home, press, readers):
    """What was judged before the copy came would put the comment's verdict back to what it was."""
    spread(press, 1)
    paper.collect(readers)
    assert outcomes(home) == {"aaa": "genuine"}
    home.at(LATER)
    begun = []

    def better(reading):
        return replace(reading, articles=tuple(replace(a, standfirst="A day out.") for a in reading.articles))

    def saving(turns):
        def take(step):
            with open_house() as house:
                begun.append(as_before.generation(house.store))
                spread(press, 2)
                paper.collect(readers)
                assert as_before.generation(house.store) != begun[0]
            return turns.take(step)

        return take

    reread(Changed(readers, better), saving=saving)
    assert len(begun) == 1
    assert outcomes(home) == {"aaa": "spam", "bbb": "spam"}
