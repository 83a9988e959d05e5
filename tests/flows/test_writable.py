"""An output folder that can't be written to is told in a sentence, before anything is begun."""

import os
import subprocess
import sys

import pytest

from cuttings.model import BadConfiguration
from flows import writable
from tests.flows.conftest import HOME


def test_a_folder_is_made_and_left_empty(tmp_path):
    writable.check(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []
    writable.check(tmp_path / "a" / "b")


@pytest.mark.parametrize("place", ["/dev/null/output", "/proc/output"])
def test_where_nothing_can_be_kept_a_sentence_says_so(place):
    with pytest.raises(BadConfiguration, match="nothing can be written there"):
        writable.check(writable.Path(place))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(BadConfiguration, match="Permission denied"):
        writable.check(tmp_path)


@pytest.mark.parametrize("command", ["collect", "reread", "publish managers"])
def test_the_commands_say_it_instead_of_a_traceback(home, command):
    run = [sys.executable, "-m", "flows.commands.main", *command.split()]
    env = {**os.environ, **home.env, "CUTTINGS_OUTPUT": "/dev/null/output"}
    done = subprocess.run(run, cwd=HOME, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nothing can be written there" in done.stderr
    assert "Traceback" not in done.stderr
