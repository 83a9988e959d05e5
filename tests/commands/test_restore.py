"""A backup brought back by hand: onto a machine that has nothing yet, and onto one that has."""

import stat

import pytest

from cuttings.edges.store import open_store, recipients
from tests.commands import making
from tests.commands.making import KEY, NOW, command


@pytest.fixture
def somewhere_new(tmp_path):
    """A machine with the program and nothing else: no configuration, no key, no store."""
    default = making.environment(tmp_path)["CUTTINGS_CONFIG"].partition(":")[0]
    folder = tmp_path / "new"
    return {
        "CUTTINGS_CONFIG": f"{default}:{folder / 'config'}",
        "CUTTINGS_OUTPUT": str(folder / "output"),
        "CUTTINGS_AS_AT": NOW.isoformat(),
    }


@pytest.mark.parametrize("words", [(), ("--replace",)])
def test_a_backup_with_its_secrets_is_all_that_a_new_machine_needs(environ, somewhere_new, tmp_path, words):
    file = tmp_path / "a.tar"
    assert command(environ, "backup", file, "--with-secrets").returncode == 0
    done = command(somewhere_new, "restore", file, *words)
    assert done.returncode == 0, done.stderr
    key = tmp_path / "new" / "config" / "hash-key"
    assert key.read_text().strip().encode() == KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "Jo Brack" in command(somewhere_new, "person", "Jo Brack").stdout
    assert command(somewhere_new, "recipients", "list").returncode == 0


def test_without_its_secrets_no_key_is_made_up(environ, somewhere_new, tmp_path):
    file = tmp_path / "a.tar"
    assert command(environ, "backup", file).returncode == 0
    done = command(somewhere_new, "restore", file)
    assert (done.returncode, "Put the key of that time back first" in done.stderr) == (1, True), done.stderr
    key = tmp_path / "new" / "config" / "hash-key"
    assert not key.exists()
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_text(f"{KEY.decode()}\n")
    key.chmod(0o600)
    assert command(somewhere_new, "restore", file).returncode == 0


def test_a_key_that_is_here_is_never_replaced(environ, somewhere_new, tmp_path):
    file = tmp_path / "a.tar"
    assert command(environ, "backup", file, "--with-secrets").returncode == 0
    command(somewhere_new, "recipients", "list")  # which makes a key
    key = tmp_path / "new" / "config" / "hash-key"
    before = key.read_text()
    done = command(somewhere_new, "restore", file)
    assert (done.returncode, "another key" in done.stderr) == (1, True)
    assert key.read_text() == before


def test_a_reader_who_stopped_at_the_desk_is_not_brought_back_by_a_backup(environ, tmp_path):
    file = tmp_path / "a.tar"
    command(environ, "recipients", "add", "managers", "ann@fellshire.example")
    assert command(environ, "backup", file).returncode == 0
    command(environ, "recipients", "stop", "ann@fellshire.example", "--reason", "by telephone")
    (tmp_path / "output" / "cuttings.db").unlink()
    done = command(environ, "restore", file)
    assert done.returncode == 0, done.stderr
    assert "not known here" in done.stdout
    store = open_store(tmp_path / "output" / "cuttings.db", hash_key=KEY)
    assert recipients.of_edition(store, "managers") == ()
    store.close()
    sure = command(environ, "restore", file, "--replace", "--nothing-sent-since")
    assert (sure.returncode, "as nothing was sent since" in sure.stdout) == (0, True)
    # As `./run update` says it on its way back, to a version that may not know the option yet.
    told = command(environ | {"CUTTINGS_NOTHING_SENT_SINCE": "1"}, "restore", file, "--replace")
    assert told.stdout.splitlines()[-1] == sure.stdout.splitlines()[-1]
