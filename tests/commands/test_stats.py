"""`cuttings stats`: sums agree with each other, in words and as JSON."""

import json

from flows.terminal import columns
from tests.commands import making
from tests.commands.making import command, opened


def test_the_counts_agree_with_each_other(environ):
    counted = json.loads(command(environ, "stats", "--json").stdout)
    assert counted["articles"] == sum(s["articles"] for s in counted["sources"]) == 2
    assert sum(counted["themes"].values()) == 2
    assert counted["themes"]["workforce"] == 1
    assert sum(counted["comments"].values()) == sum(s["comments"] for s in counted["sources"]) == 6
    assert counted["comments"]["genuine"] == sum(s["kept"] for s in counted["sources"])
    assert sum(g["articles"] for g in counted["growth"]) == 2
    assert sum(g["comments"] for g in counted["growth"]) == 6
    assert [g["month"] for g in counted["growth"]] == ["2026-11"]
    assert counted["bytes"]["store"] > 100_000


def test_a_ruling_is_counted_until_it_is_taken_back(environ, tmp_path):
    from cuttings.edges.store import judged

    store = opened(tmp_path)
    key = judged.by_outcome(store, "review")[0].comment.key
    store.close()
    command(environ, "quarantine", "rule", key, "release", "--by", "Ed", "--reason", "a reader")
    counted = json.loads(command(environ, "stats", "--json").stdout)
    assert counted["rulings"] == {"release": 1}
    assert counted["comments"]["genuine"] == 4  # with its copy


def test_for_people_it_fits_a_terminal_and_names_themes(environ):
    done = command(environ, "stats")
    assert done.returncode == 0
    assert "2 articles in 2 stories; 6 comments" in done.stdout
    assert "Workforce" in done.stdout
    assert all(columns(line) <= 80 for line in done.stdout.splitlines())


def test_an_empty_house_has_nothing_to_count(tmp_path):
    done = command(making.environment(tmp_path), "stats")
    assert (done.returncode, "0 articles" in done.stdout) == (0, True)
