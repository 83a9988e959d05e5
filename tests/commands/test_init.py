"""`cuttings init`: nothing that somebody wrote is lost, the key is made once, and what comes next is told."""

import os
import stat
import tomllib

import pytest

from cuttings.settings import load
from flows.place import HOME
from flows.terminal import columns
from tests.commands.making import command

GIVEN = ("--name", "Fellshire", "--contact-email", "policy@fellshire.gov.uk", "--contact-name", "Morag Tennant")


@pytest.fixture
def environ(tmp_path):
    return {
        "CUTTINGS_CONFIG": os.pathsep.join((str(HOME / "config" / "default"), str(tmp_path / "config"))),
        "CUTTINGS_OUTPUT": str(tmp_path / "output"),
    }


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config" / "council.toml"


def test_everything_can_be_given_as_an_option(environ, file):
    done = command(
        environ, "init", *GIVEN, "--local", "Fell End", "--local", " Moor  Row ",
        "--smtp-host", "mail.fellshire.gov.uk", "--smtp-port", "25", "--smtp-user", "cuttings",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    settings = load([file.parent])
    assert settings.council.local == ("Fell End", "Moor Row")
    assert (settings.delivery.channel, settings.delivery.port) == ("smtp", 25)
    assert settings.delivery.username == "cuttings"
    assert stat.S_IMODE((file.parent / "hash-key").stat().st_mode) == 0o600
    assert "forgotten" in done.stdout
    for word in ("doctor", "demo", "recipients add", "serve"):
        assert f"./run {word}" in done.stdout
    assert all(columns(line) <= 80 or str(file.parent) in line for line in done.stdout.splitlines())


def test_a_file_that_is_there_is_not_touched(environ, file):
    command(environ, "init", *GIVEN)
    before = file.read_bytes()
    done = command(environ, "init", "--name", "Other", "--contact-email", "a@b.example")
    assert (done.returncode, "--force" in done.stderr) == (1, True)
    assert file.read_bytes() == before


def test_force_changes_what_is_said_and_keeps_the_rest(environ, file):
    command(environ, "init", *GIVEN, "--local", "Fell End")
    own = (
        '\n# why we keep less\n[retention]\nname_days = 60\npage_days = 60\n[council.glossary]\n"Care Act" = "A law."\n'
    )
    file.write_text(file.read_text() + own)
    edited = file.read_bytes()
    key = (file.parent / "hash-key").read_bytes()
    done = command(environ, "init", "--force", "--contact-name", "Ada Wold")
    assert done.returncode == 0, done.stderr
    settings = load([file.parent])
    assert settings.council.contact_name == "Ada Wold"
    assert settings.council.local == ("Fell End",)
    assert settings.council.name == "Fellshire"
    assert settings.retention.name_days == 60
    assert settings.council.glossary == {"Care Act": "A law."}
    (kept,) = file.parent.glob("*.bak")
    assert kept.read_bytes() == edited
    assert str(kept) in done.stdout
    assert (file.parent / "hash-key").read_bytes() == key
    assert "hash-key" not in done.stdout, "the key was made before"


def test_a_file_that_can_not_be_read_is_not_written_over(environ, file):
    file.parent.mkdir()
    file.write_text("[council\n")
    done = command(environ, "init", "--force", *GIVEN)
    assert (done.returncode, "nothing was changed" in done.stderr) == (1, True)
    assert file.read_text() == "[council\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--name", "F"),
        (*GIVEN, "--channel", "smtp"),
        (*GIVEN, "--crest", "/nowhere.png"),
        (*GIVEN[:2], "--contact-email", "x"),
    ],
)
def test_what_can_not_be_right_is_refused_and_nothing_written(environ, file, words):
    assert command(environ, "init", *words).returncode == 2
    assert not file.exists()


@pytest.mark.parametrize("name", ['Fell "End"', "Å\\b", "tab\\t", "Ünï – ‘x’"])
def test_a_name_of_any_letters_comes_back(environ, file, name):
    assert command(environ, "init", "--name", name, *GIVEN[2:]).returncode == 0
    assert tomllib.loads(file.read_text(encoding="utf-8"))["council"]["name"] == name
