"""A later copy has elder ones judged again where that can change them, and only there."""

import random

import pytest

from cuttings.edges.archive import Archive
from cuttings.edges.store import articles, judged, open_store
from cuttings.model import Reading
from cuttings.settings import Settings, Source
from cuttings.themes import compile_themes
from flows import judging
from flows.house import House
from tests.edges_store.made import NOW, article, comment

SOLD = "Great post! Cheap loans for everybody in {} at http://loans.example/apply so click now and be happy."
TEMPLATE = "Thank you for sharing this. {} told us that the home would close by {}, and nobody asked the people there."
SHORT = "Well said!"
NAMES = ("Moira Platt", "Nell Harker", "Cheap Sheds Ltd", "Omar Vell", "loans4u")
PLACES = ("Leeds", "Hull", "York")


def threads(seed, count):
    """Campaigns in a few dresses, templates, short words that everybody says, and what is nobody else's."""
    dice = random.Random(seed)
    for n in range(count):
        texts = []
        for m in range(dice.randint(1, 5)):
            texts.append(
                dice.choice(
                    (
                        SOLD.format(dice.choice(PLACES)),
                        SOLD.format(f"{dice.choice(PLACES)} {n}"),
                        TEMPLATE.format(dice.choice(NAMES), dice.choice(PLACES)),
                        SHORT,
                        f"Reader {n} {m} waited {n} weeks for somebody to ring about page {m} of the form.",
                    )
                )
            )
        # No name twice: what is known of a name reaches an elder comment only with something else that is.
        yield f"a{n}", texts, [f"{dice.choice(NAMES)} {n}.{m}" for m in range(len(texts))]


def outcomes(folder, seed, count, looked):
    store = open_store(folder / "cuttings.db", hash_key=b"a key made for the tests")
    settings = Settings(sources=(Source(id="weekly", name="Weekly", url="https://news.example/feed"),))
    house, matcher, keys = House(settings, folder, store, Archive(folder), lambda: NOW), compile_themes(()), []
    for name, texts, names in threads(seed, count):
        of = article(name, paragraphs=(f"What page {name} is about.",))
        voices = tuple(
            comment(of, n, text, author=who, posted=f"2026-04-{n:02}")
            for n, (text, who) in enumerate(zip(texts, names, strict=True), 1)
        )
        keys += [voice.key for voice in voices]
        reading = Reading((of,), voices)
        thoughts, copies = judging.judge_reading(
            house, settings.sources[0], reading, judging.mark(reading, matcher), first_contact=NOW, now=NOW
        )
        articles.save(store, thoughts, now=NOW)
        looked.append(sum(map(len, copies.values())))
        judging.judge_copies_again(house, copies, now=NOW)
    found = judged.find(store, keys)
    store.close()
    return [(found[key].verdict.outcome, found[key].verdict.quotable) for key in keys]


@pytest.mark.parametrize("seed", range(3))
def test_the_outcomes_are_those_of_judging_every_copy_again(tmp_path, monkeypatch, seed):
    few, all_ = [], []
    for name in ("few", "all"):
        (tmp_path / name).mkdir()
    chosen = outcomes(tmp_path / "few", seed, 20, few)
    monkeypatch.setattr(judging, "_moved", lambda _mine, others, _pieces: others)
    assert chosen == outcomes(tmp_path / "all", seed, 20, all_)
    assert len({outcome for outcome, _ in chosen}) >= 2
    assert sum(few) < sum(all_)


def test_an_advertisement_that_waits_for_an_editor_costs_no_more_the_hundredth_time(tmp_path, monkeypatch):
    alone = ((f"a{n}", [SOLD.format("Leeds")], [f"Reader {n} Platt"]) for n in range(30))
    monkeypatch.setitem(globals(), "threads", lambda _seed, _count: alone)
    looked = []
    assert len(outcomes(tmp_path, 0, 30, looked)) == 30
    assert any(looked[:4])
    assert not any(looked[4:])
