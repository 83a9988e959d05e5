"""`cuttings themes`: what is configured, what it catches in the archive, and what a draft would catch."""

from datetime import timedelta

import pytest

from cuttings.edges.store import articles, judged
from cuttings.model import Ruling
from cuttings.themes import label
from flows import themes_in_use
from flows.house import open_house
from tests.commands.making import NOW, environment, furnish, keep, opened
from tests.commands.making import command as run
from tests.edges_store.made import article

GARDENS = (
    '[[theme]]\nid = "gardens"\nname = "Gardens"\ndescription = "Plots."\nphrases = ["allotment!"]\nlive = false\n'
)


@pytest.fixture
def house(tmp_path):
    environ = environment(tmp_path)
    (tmp_path / "config" / "themes.toml").write_text(GARDENS)
    store = opened(tmp_path)
    _, held = furnish(store)
    for n in range(3):
        page = article(
            f"plot-{n}", title=f"Allotment number {n} and its carer", paragraphs=("Older people of the town dig.",)
        )
        keep(store, page, ())
        held[f"plot-{n}"] = page
    yield environ, store, held
    store.close()


def rule(store, key, decision, theme=None, hours=0):
    judged.rule(store, [Ruling(f"article:{key}", decision, theme, "Ed", NOW + timedelta(hours=hours))])


def test_the_list_counts_and_measures(house):
    environ, store, held = house
    rule(store, held["here"].key, "theme", "carers")
    said = run(environ, "themes", "list").stdout
    assert max(map(len, said.splitlines())) <= 80
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line.strip()}
    assert rows["workforce"][1:3] == ["1", "1"]
    assert rows["carers"][1:6] == ["1", "0", "-", "0%", "1"]  # one ruling; no phrase of ours finds it
    assert "not live: ./run themes check gardens" in said


def test_a_draft_shows_what_it_would_catch_and_changes_nothing(house):
    environ, store, held = house
    before = articles.find(store, [a.key for a in held.values()])
    said = run(environ, "themes", "check", "gardens").stdout
    assert "‘Gardens’ would catch 3" in said
    assert "Newly, compared with the labels they bear: 3. Lost: 0." in said
    assert "title: …[Allotment] number 0" in said
    assert "Beside it: carers (3)" in said
    assert max(map(len, said.splitlines())) <= 80
    assert articles.find(store, [a.key for a in held.values()]) == before


def test_what_a_theme_loses_is_shown_with_the_evidence_it_had(house):
    environ, _, held = house
    said = run(environ, "themes", "check", "workforce").stdout
    assert "Lost: 1." in said
    assert held["here"].key[:8] in said
    assert "The [team] at Fell End" in said


def test_all_themes_in_short(house):
    said = run(house[0], "themes", "check").stdout
    assert "5 articles in the archive." in said
    rows = {line.split()[0]: line.split()[1:4] for line in said.splitlines() if line.strip()}
    assert rows["carers"] == ["3", "3", "1"]
    assert "gardens" not in rows


def test_of_a_large_archive_the_newest_articles_are_looked_at(house, monkeypatch):
    environ, store, _ = house
    keep(store, article("last", title="An allotment again", paragraphs=("They dig.",)), (), now=NOW)
    monkeypatch.setattr("flows.commands.themes.NEWEST", 1)
    said = run(environ, "themes", "check", "gardens").stdout
    assert "The newest 1 of 6 articles in the archive" in said
    assert "‘Gardens’ would catch 1" in said
    assert "‘Gardens’ would catch 4" in run(environ, "themes", "check", "gardens", "--all").stdout


def test_precision_and_recall_on_rulings(house):
    environ, store, held = house
    rule(store, held["plot-0"].key, "theme", "gardens")
    rule(store, held["plot-1"].key, "no-theme")
    rule(store, held["old"].key, "theme", "gardens")
    assert "On 3 rulings: right 50%, found 50%." in run(environ, "themes", "check", "gardens").stdout


def test_an_unknown_theme_names_the_known_ones(house):
    done = run(house[0], "themes", "check", "roads")
    assert done.returncode == 2
    assert "gardens" in done.stderr


WORDS = ("leeks", "beans", "marrows", "compost", "sheds", "soil")
OTHERS = ("novels", "loans", "shelves", "readers", "authors", "covers")


def test_eight_confirmed_examples_teach_a_theme_what_its_phrases_lack(house, monkeypatch):
    environ, store, _ = house
    for n in range(12):
        for words, theme in ((WORDS, "housing"), (OTHERS, None)):
            name = f"{theme or 'none'}-{n}"
            text = f"They like {words[n % 6]} and {words[(n + 1) % 6]}, and {words[(n + 2) % 6]} too."
            page = article(name, title=f"{words[(n + 3) % 6]} of the town", standfirst=None, paragraphs=(text,))
            keep(store, page, ())
            rule(store, page.key, "theme" if theme else "no-theme", theme)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with open_house() as opened_house:
        taught = themes_in_use.matcher(opened_house)
    assert label("Beans and leeks", None, "Soil, compost and marrows.", taught).primary == "housing"
    assert label("Loans of novels", None, "Readers like shelves and covers.", taught).primary is None
    assert "phrases and rulings" in run(environ, "themes", "list").stdout
