"""The secrets that are made at their first use: whole or not at all, and one for everybody who asks at once."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from cuttings.model import BadConfiguration
from flows import place
from tests.flows.conftest import HOME


@pytest.fixture
def environ(tmp_path):
    return {"CUTTINGS_CONFIG": str(tmp_path)}


def test_a_secret_is_made_once_and_is_its_owner_s_alone(tmp_path, environ):
    made = iter(["first", "second"])
    assert place.secret("key", lambda: next(made), environ) == "first"
    assert place.secret("key", lambda: next(made), environ) == "first"
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_all_who_ask_at_once_are_given_the_same_one(tmp_path, environ):
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: place.hash_key(environ), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [place.KEY_FILE]


@pytest.mark.parametrize("step", ["write", "fsync", "link"])
def test_killed_while_it_is_made_it_is_made_by_the_next_run(environ, step):
    code = f"""
import os, signal
from flows import place
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if {step!r} == "write":
    place.secrets.token_hex = die
else:
    setattr(os, {step!r}, die)
place.hash_key()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, env={**os.environ, **environ}, check=False)
    assert done.returncode == -9
    assert len(place.hash_key(environ)) == 64


def test_where_links_are_unknown_the_secret_is_moved_into_its_place(tmp_path, environ, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    key = place.hash_key(environ)
    assert place.hash_key(environ) == key
    assert [path.name for path in tmp_path.iterdir()] == [place.KEY_FILE]


def test_a_folder_that_can_t_be_written_to_is_told_in_a_sentence():
    with pytest.raises(BadConfiguration, match="can't be read or made"):
        place.hash_key({"CUTTINGS_CONFIG": "/proc/nowhere"})
