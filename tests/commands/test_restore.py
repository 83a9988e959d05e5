"""A backup brought back by hand: onto a machine that has nothing yet, and onto one that has."""

import sqlite3
import stat
from datetime import timedelta

import pytest

from cuttings.edges.store import issues, open_store, recipients
from tests.commands import making
from tests.commands.making import KEY, NOW, command
from tests.edges_store.test_issues import composed


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


def harm(database, *tables):
    """The beginning of the file is sound, so that it opens; of these tables and their indexes nothing can be read."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    query = f"SELECT rootpage FROM sqlite_master WHERE tbl_name IN ({', '.join('?' * len(tables))})"
    pages = [row[0] for row in connection.execute(query, tables)]
    connection.close()
    with database.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


BROKEN = [("mail_suppressions",), ("recipients",), ("suppressions",), ("mail_suppressions", "recipients", "issues")]


@pytest.mark.parametrize("tables", BROKEN, ids="+".join)
def test_a_store_damaged_in_its_tables_is_restored_over(environ, tmp_path, tables):
    file, database = tmp_path / "a.tar", tmp_path / "output" / "cuttings.db"
    command(environ, "recipients", "add", "managers", "ann@fellshire.example")
    assert command(environ, "backup", file).returncode == 0
    command(environ, "recipients", "stop", "ann@fellshire.example", "--reason", "by telephone")
    harm(database, *tables)
    assert command(environ, "recipients", "list", "managers", "--stopped").returncode == 1 or tables[0] == BROKEN[2][0]
    done = command(environ, "restore", file, "--replace")
    assert done.returncode == 0, done.stderr
    store = open_store(database, hash_key=KEY)
    assert recipients.of_edition(store, "managers") == ()
    assert recipients.suppressed(store, "ann@fellshire.example") == "unsubscribed"
    store.close()


def test_what_can_still_be_read_of_a_damaged_store_is_remembered(environ, tmp_path):
    file, forgotten = tmp_path / "a.tar", tmp_path / "config" / "forgotten"
    assert command(environ, "backup", file).returncode == 0
    assert command(environ, "forget", "Jo Brack", "--by", "Ed", "--yes").returncode == 0
    forgotten.unlink()
    harm(tmp_path / "output" / "cuttings.db", "mail_suppressions")
    assert command(environ, "restore", file, "--replace").returncode == 0
    assert '"person"' in forgotten.read_text()


def test_a_list_of_the_forgotten_that_can_not_be_read_keeps_the_store(environ, tmp_path):
    file = tmp_path / "a.tar"
    assert command(environ, "backup", file).returncode == 0
    (tmp_path / "config" / "forgotten").mkdir()
    done = command(environ, "restore", file, "--replace")
    assert (done.returncode, "forgotten" in done.stderr) == (1, True)


def test_an_editor_who_is_asked_again_has_days_to_answer(environ, tmp_path):
    """A disk lost long after the backup: the deadline that it knows is over."""
    file, database = tmp_path / "a.tar", tmp_path / "output" / "cuttings.db"
    store = open_store(database, hash_key=KEY)
    issue = composed(store)
    issues.move(store, issue.id, "awaiting approval", now=NOW, by="publish", expires=NOW + timedelta(days=1))
    store.close()
    assert command(environ, "backup", file).returncode == 0
    database.unlink()
    edition = '[[edition]]\nid = "managers"\nname = "M"\naudience = "managers"\nanswer_days = 5\n'
    (tmp_path / "config" / "editions.toml").write_text(edition)
    later = NOW + timedelta(days=10)
    done = command(environ | {"CUTTINGS_AS_AT": later.isoformat()}, "restore", file)
    assert (done.returncode, "1 waited for an answer" in done.stdout) == (0, True), done.stderr
    store = open_store(database, hash_key=KEY)
    assert issues.expire(store, now=later + timedelta(days=4.9)) == ()
    assert issues.expire(store, now=later + timedelta(days=5)) == (issue.id,)
    store.close()
