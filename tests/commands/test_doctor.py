"""`cuttings doctor` on houses in order and in disorder: every finding has a mark, a part and something to do."""

import json
from datetime import timedelta

import pytest

from cuttings.edges.store import StoreError, connect, issues, outbox, recipients, runs, sending, sources, tables
from flows.place import HOME
from flows.terminal import columns
from tests.commands import making
from tests.commands.making import NOW, command, opened

COUNCIL = """
[council]
name = "Fellshire"
contact_name = "Morag Tennant"
contact_email = "policy@fellshire.gov.uk"
local = ["Fell End"]
[delivery]
sender = "cuttings@fellshire.gov.uk"
"""


@pytest.fixture
def environ(tmp_path):
    made = making.environment(tmp_path)
    (tmp_path / "config" / "council.toml").write_text(COUNCIL)
    return made


@pytest.fixture
def store(tmp_path, environ):  # noqa: ARG001 - the key comes first
    with_rows = opened(tmp_path)
    yield with_rows
    with_rows.close()


def found(environ, *words):
    done = command(environ, "doctor", "--offline", "--json", *words)
    listed = json.loads(done.stdout)
    assert done.returncode == int(any(f["mark"] == "fault" for f in listed))
    assert all(f["says"] and (f["mark"] == "ok") == (not f["todo"]) for f in listed)
    return listed


def about(environ, part, mark=None):
    return [f for f in found(environ) if f["part"] == part and f["mark"] in ((mark,) if mark else ("look", "fault"))]


def collected(store, at):
    run = runs.begin(store, "collect", now=at)
    runs.end(store, run, now=at + timedelta(minutes=3), counts={})


def test_a_house_that_was_just_set_up(environ, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    done = command(environ, "doctor", "--offline")
    assert done.returncode == 0, done.stdout
    assert "There is no store yet" in done.stdout
    assert "./run collect" in done.stdout
    assert all(columns(line) <= 80 for line in done.stdout.splitlines())
    assert not (tmp_path / "output" / "cuttings.db").exists()
    assert sorted(p for p in tmp_path.rglob("*") if p.name != "output") == before, "looking makes nothing"


def test_what_nobody_has_configured_yet(tmp_path):
    environ = making.environment(tmp_path)
    (tmp_path / "config" / "council.toml").write_text("")
    assert about(environ, "contact", "fault")
    assert about(environ, "council", "look")
    assert about(environ, "places", "look")
    (tmp_path / "config" / "council.toml").write_text('[delivery]\nchannel = "smtp"\nhost = "h"\nusername = "u"\n')
    assert "no password" in about(environ, "mail", "fault")[0]["says"]


def test_a_configuration_that_can_not_be_used_is_a_finding(environ, tmp_path):
    (tmp_path / "config" / "council.toml").write_text('[council]\ntimezone = "Fellshire"\nnam = "x"\n')
    faults = about(environ, "configuration", "fault")
    assert len(faults) == 2
    assert all("council.toml" in f["says"] for f in faults)


@pytest.mark.parametrize("name", ["hash-key", "smtp-password", "inbox-password", "prefect-auth", "environment"])
def test_a_secret_that_others_can_read(environ, tmp_path, name):
    path = tmp_path / "config" / name
    path.write_text("words")
    path.chmod(0o640)
    (fault,) = about(environ, "secrets", "fault")
    assert fault["todo"] == f"chmod 600 {path}"


def test_a_store_of_another_version_is_looked_at_and_left(environ, store):
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in about(environ, "store", "fault")[0]["says"]
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert connect.HEAD in about(environ, "store", "look")[0]["says"]
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0000"


def test_a_store_that_is_none(environ, tmp_path):
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "cuttings.db").write_text("this is a letter, not a database\n" * 40)
    assert "restore" in about(environ, "store", "fault")[0]["todo"]


def test_another_key_than_the_store_s(environ, store, tmp_path):
    from flows import keys

    keys.note(store, now=NOW)
    assert not about(environ, "hash key")
    (tmp_path / "config" / "hash-key").write_text("another\n")
    assert "another key" in about(environ, "hash key", "fault")[0]["says"]


def test_runs_that_are_overdue(environ, store):
    assert about(environ, "collect", "look")[0]["says"] == "Nothing has been read yet."
    collected(store, NOW - timedelta(days=3))
    assert "was due on 4 November, 05:00" in about(environ, "collect", "fault")[0]["says"]
    collected(store, NOW - timedelta(hours=4))
    assert not about(environ, "collect")
    run = runs.begin(store, "collect", now=NOW)
    runs.end(store, run, now=NOW, counts={}, failure="StoreError")
    assert "StoreError" in about(environ, "collect", "fault")[0]["says"]
    collected(store, NOW + timedelta(days=2))
    assert "yet to come" in about(environ, "clock", "fault")[0]["says"]


def test_issues_that_are_overdue(environ, store):
    from datetime import date

    collected(store, NOW)
    assert about(environ, "managers", "look")[-1]["says"] == "No issue has been made yet."
    issue, _ = issues.begin(store, "managers", date(2026, 10, 19), date(2026, 10, 25), now=NOW - timedelta(days=8))
    assert "not finished" in about(environ, "managers", "fault")[0]["says"]
    issues.move(store, issue.id, "not sent", now=NOW, by="test")
    # Mondays at 7.00; this is the Wednesday after.
    assert "26 October to 1 November was due on 2 November, 07:00" in about(environ, "managers", "fault")[0]["says"]
    issues.begin(store, "managers", date(2026, 10, 26), date(2026, 11, 1), now=NOW)
    assert not about(environ, "managers", "fault")


def test_sources_that_fail(environ, store, tmp_path):
    blocks = "".join(f'[[source]]\nid = "{n}"\nname = "{n}"\nurl = "https://{n}.example/f"\n' for n in ("moor", "dale"))
    (tmp_path / "config" / "sources.toml").write_text(blocks)
    for days, failure in ((9, None), (5, "moor.example does not answer."), (0, "moor.example does not answer.")):
        sources.contacted(store, "moor", name="Moor", now=NOW - timedelta(days=days), failure=failure)
    sources.contacted(store, "dale", name="Dale", now=NOW, failure="dale.example does not answer.")
    said = {f["says"]: f["mark"] for f in about(environ, "source")}
    assert said["moor failed 2 times in a row: moor.example does not answer."] == "fault"
    assert said["dale failed the last time: dale.example does not answer."] == "look"


def test_mail_and_approvals_that_wait(environ, store):
    from datetime import date

    letter = outbox.Letter("health 2026-11-02", "notice", "s", "t", "h")
    outbox.enqueue(store, letter, [("a@x.example", None)], now=NOW - timedelta(days=1), deadline=NOW + timedelta(1))
    assert "should have left" in about(environ, "messages", "fault")[0]["says"]
    mailing, _ = sending.claim(store, by="t", now=NOW)
    sending.mark(store, mailing, "ambiguous", now=NOW)
    assert "may or may not have arrived" in about(environ, "messages", "fault")[0]["says"]
    issue, _ = issues.begin(store, "members", date(2026, 10, 1), date(2026, 10, 31), now=NOW)
    for state in ("composed", "awaiting approval"):
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE issues SET state = ?", (state,))
    (waiting,) = about(environ, "approval")
    assert (waiting["mark"], issue.id in waiting["todo"]) == ("look", True)
    with store.writing() as connection:
        connection.execute(tables.issues.update().values(expires=NOW - timedelta(hours=1)))
    (over,) = about(environ, "approval")
    assert (over["mark"], "./run remind" in over["todo"], "approve" in over["todo"]) == ("fault", True, False)


def test_a_backup_is_for_what_is_damaged_alone():
    import sqlite3

    from flows.doctor.here import _way_out

    for code, restores in ((sqlite3.SQLITE_FULL, False), (sqlite3.SQLITE_BUSY, False), (sqlite3.SQLITE_CORRUPT, True)):
        cause, error = sqlite3.OperationalError("x"), StoreError("The store x.")
        cause.sqlite_errorcode, error.__cause__ = code, cause
        assert ("restore" in _way_out(error)) is restores


def test_recipients_and_the_backup(environ, store, tmp_path):
    assert {f["part"] for f in found(environ) if "recipients add" in f["todo"]} == {"managers", "members"}
    recipients.add(store, "managers", "anna@fellshire.gov.uk", now=NOW)
    assert {f["part"] for f in found(environ) if "recipients add" in f["todo"]} == {"members"}
    assert "./run backup" in about(environ, "backup", "look")[0]["todo"]
    done = command(environ, "backup")
    assert done.returncode == 0, done.stderr
    assert not about(environ, "backup")
    later = environ | {"CUTTINGS_AS_AT": (NOW + timedelta(days=10)).isoformat()}
    (tmp_path / "output" / "backups").rename(tmp_path / "elsewhere")
    assert "10 days old" in about(later, "backup", "look")[0]["says"]


def test_no_finding_names_a_reader_or_a_recipient(environ, store):
    making.furnish(store)
    recipients.add(store, "managers", "anna.wold@fellshire.gov.uk", now=NOW, name="Anna Wold")
    said = json.dumps(found(environ))
    assert "Anna" not in said
    assert "Jo Brack" not in said


def test_every_command_that_it_names_is_there():
    """What to do is typed as it stands, so each './run NAME' in the doctor's rooms must be a command."""
    import re

    import typer

    from flows.commands.main import app

    commands = typer.main.get_command(app).commands
    source = "".join(p.read_text() for p in (HOME / "flows" / "doctor").glob("*.py"))
    named = set(re.findall(r"\./run ([a-z-]+)(?: ([a-z]+))?", source)) - {("update", ""), ("update", "does")}
    assert len(named) > 10
    for name, inner in named:
        assert name in commands, name
        below = getattr(commands[name], "commands", None)
        assert below is None or inner in below, f"{name} {inner}"
