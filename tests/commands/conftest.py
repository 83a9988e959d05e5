"""The command line as people and programs call it: the real process, its answers, its exit code."""

import json
import os
import subprocess
import sys

import pytest

from flows.place import HOME
from tests.commands import making


@pytest.fixture
def cuttings(tmp_path):
    """Run a command in a house of its own: `cuttings("read", "--jsonl", lines=[…])` -> the finished process."""

    def run(*words, lines=None, stdin="", config=None, cwd=tmp_path):
        if lines is not None:
            stdin = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        env = os.environ | {
            "CUTTINGS_CONFIG": os.pathsep.join((str(HOME / "config" / "default"), str(config or tmp_path / "config"))),
            "CUTTINGS_OUTPUT": str(tmp_path / "output"),
        }
        data = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8", "surrogatepass")
        return subprocess.run(
            [sys.executable, "-m", "flows.commands.main", *map(str, words)],
            input=data,
            capture_output=True,
            env=env,
            cwd=cwd,
        )

    return run


@pytest.fixture
def answers(cuttings):
    """The answers of a plumbing command to a list of questions."""

    def ask(command, lines):
        done = cuttings(command, "--jsonl", lines=lines)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ask


@pytest.fixture
def house(tmp_path):
    """A furnished house whose store stays open: (environment, store, comments, articles)."""
    environ = making.environment(tmp_path)
    store = making.opened(tmp_path)
    voices, held = making.furnish(store)
    yield environ, store, voices, held
    store.close()


@pytest.fixture
def environ(tmp_path):
    """The environment of a furnished house, its store closed."""
    made = making.environment(tmp_path)
    store = making.opened(tmp_path)
    making.furnish(store)
    store.close()
    return made
