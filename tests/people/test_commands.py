"""The commands as people type them."""

import json
import os
import stat
import subprocess
import sys

import pytest

from cuttings.edges.store import erased, open_store
from flows import place
from tests.people.conftest import URL, take_in
from tests.people.test_redacted import PAGE

SOURCES = """
[[source]]
id = "moor"
name = "Moor News"
url = "https://moor.example/feed"

[[source]]
id = "dale"
name = "Dale Post"
url = "https://dale.example/feed"
"""


@pytest.fixture
def typed(house, tmp_path):
    """A house with two pages in it; `typed("forget", …)` -> the finished process."""
    (tmp_path / "config" / "sources.toml").write_text(SOURCES)
    house.store.close()
    own = open_store(house.address, hash_key=place.hash_key())
    house.store = own
    take_in(house, URL, PAGE.encode())
    take_in(house, "https://dale.example/night-care/", PAGE.replace("moor", "dale").encode(), source="dale")
    own.close()

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "flows.commands.main", *map(str, words)],
            env=os.environ | {"CUTTINGS_AS_AT": "2026-04-06T07:00:00+00:00"},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    return run


def test_a_name_is_listed_first_and_erased_when_somebody_agrees(typed, tmp_path):
    asked = typed("forget", "jo brack")
    assert asked.returncode == 1
    assert "moor: 1 below https://moor.example/night-care/" in asked.stdout
    assert "dale: 1 below" in asked.stdout
    assert "--source ID" in asked.stderr
    file = tmp_path / "answer.json"
    assert typed("person", "Jo Brack", "--json", "-o", file).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = json.loads(file.read_text())
    assert [c["source"] for c in held["comments"]] == ["moor", "dale"]
    assert held["comments"][0]["text"].startswith("It worked in our town")
    assert held["comments"][0]["raw_pages"] == 1

    done = typed("forget", "jo brack", "--source", "moor", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Erased: 1 comment(s) below 1 article(s)" in done.stdout
    assert "1 redacted, 0 deleted" in done.stdout
    left = typed("person", "JO BRACK").stdout
    assert "1. " in left
    assert "2. " not in left
    assert "Kept out since 6 April 2026, at moor." in left
    # The one at the other source, and another reader who names them, are said to be left.
    assert "NOT REACHED" in done.stdout


def test_an_author_is_told_about_withdraw(typed):
    done = typed("forget", "Mara Ellwood")
    assert done.returncode == 1
    assert "./run withdraw" in done.stdout


def test_nobody_of_that_name(typed):
    done = typed("forget", "Nobody Here")
    assert done.returncode == 1
    assert "Nothing is held under the name" in done.stdout
    assert "kept out from now on" in typed("forget", "Nobody Here", "--yes").stdout


def test_a_source_that_is_not_there(typed):
    done = typed("forget", "Jo Brack", "--source", "nowhere", "--yes")
    assert done.returncode == 2
    assert "no source 'nowhere'" in done.stderr


def test_an_article_is_withdrawn_by_its_address(typed, house):
    refused = typed("withdraw", URL, "--reason", "their wish")
    assert refused.returncode == 1
    done = typed("withdraw", URL, "--reason", "their wish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Withdrawn: 1 article(s)" in done.stdout
    assert len(list(house.archive.digests())) == 1
    assert typed("withdraw", "https://elsewhere.example/", "--reason", "x", "--yes").returncode == 1


def test_a_backup_comes_back_by_hand(typed, house, tmp_path):
    file = tmp_path / "b.tar"
    made = typed("backup", file)
    assert made.returncode == 0, made.stderr
    assert "2 articles, 6 comments, 2 pages" in made.stdout
    assert typed("backup", file).returncode == 1
    assert typed("forget", "Jo Brack", "--yes").returncode == 0
    assert typed("restore", file).returncode == 1
    back = typed("restore", file, "--replace")
    assert back.returncode == 0, back.stderr
    assert "2 comments and articles were erased again" in back.stdout
    store = open_store(house.address, hash_key=place.hash_key())
    assert erased.unsettled(store) == erased.Unsettled()
    store.close()
    assert b"would do it again" not in b"".join(house.archive.get(d) for d in house.archive.digests())


def test_the_papers_are_written_once(typed, tmp_path):
    folder = tmp_path / "papers"
    done = typed("governance", folder)
    assert done.returncode == 0, done.stderr
    assert len(list(folder.iterdir())) == 8
    assert typed("governance", folder).returncode == 1
