"""An output folder that can't be written to is told in a sentence, before anything is begun."""

import os
import subprocess
import sys

import pytest

from cuttings.model import BadConfiguration
from flows import place, prefect_home, writable
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


def test_a_disk_with_too_little_room_is_told_before_it_is_full(tmp_path):
    writable.check(tmp_path, "For logs.", room=1)
    with pytest.raises(BadConfiguration, match=r"only \d+ MB are free on its disk. For logs.$"):
        writable.check(tmp_path, "For logs.", room=10**18)


def test_before_a_temporary_server_is_started_its_place_is_looked_at(home, tmp_path):
    environ = {**home.env, "PREFECT_HOME": "/proc/prefect"}
    with pytest.raises(BadConfiguration, match="Prefect keeps its records"):
        prefect_home.prepare(place.settings(environ), environ)
    prefect_home.prepare(place.settings(environ), environ | {"PREFECT_HOME": str(tmp_path / "prefect")})
    # Somebody else's server has its own disk.
    prefect_home.prepare(place.settings(environ), environ | {"PREFECT_API_URL": "http://127.0.0.1:1/api"})


@pytest.mark.parametrize("command", ["collect", "reread", "publish managers"])
def test_the_commands_say_it_instead_of_a_traceback(home, command):
    run = [sys.executable, "-m", "flows.commands.main", *command.split()]
    env = {**os.environ, **home.env, "CUTTINGS_OUTPUT": "/dev/null/output"}
    done = subprocess.run(run, cwd=HOME, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nothing can be written there" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not writable.Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("command", ["--help", "issues"])
def test_what_a_command_says_to_a_full_disk_is_missing_with_a_sentence(home, command):
    run = [sys.executable, "-m", "flows.commands.main", command]
    with writable.Path("/dev/full").open("w") as full:
        done = subprocess.run(
            run, cwd=HOME, env={**os.environ, **home.env}, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "cuttings: the disk is full. Make room and give the command again.\n"
