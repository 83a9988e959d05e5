"""The steps of `./run update` that the program does: a backup to go back to, and a self-check that notices."""

import json
from datetime import timedelta

import pytest

from cuttings.edges.store import recipients, runs, stats
from tests.commands.making import NOW, command, opened


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "way back").mkdir()
    return tmp_path / "way back"


def counted(tmp_path):
    store = opened(tmp_path)
    try:
        return {table: n for table, n in stats.rows(store).items() if table != "marks"}
    finally:
        store.close()


def test_a_store_that_a_version_spoilt_comes_back(environ, folder, tmp_path):
    before = counted(tmp_path)
    done = command(environ, "updating", "begin", folder)
    assert done.returncode == 0, done.stderr
    file = (folder / "backup").read_text().strip()
    assert file in done.stdout
    store = opened(tmp_path)
    recipients.add(store, "managers", "new@fellshire.example", now=NOW)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    failed = command(environ, "updating", "check", folder)
    assert failed.returncode == 1
    assert "newer version" in failed.stderr
    back = command(environ, "restore", file, "--replace")
    assert back.returncode == 0, back.stderr
    assert counted(tmp_path) == before


def test_a_version_that_works_is_taken_and_what_was_wrong_before_does_not_count(environ, folder, tmp_path):
    (tmp_path / "config" / "smtp-password").write_text("words")
    (tmp_path / "config" / "smtp-password").chmod(0o644)
    assert command(environ, "updating", "begin", folder).returncode == 0
    assert any("smtp-password" in says for says in json.loads((folder / "before.json").read_text()))
    done = command(environ, "updating", "check", folder)
    assert done.returncode == 0, done.stderr
    assert "a sample of each edition prints" in done.stdout


def test_a_template_that_does_not_print_is_noticed(environ, folder, monkeypatch):
    from cuttings import render

    assert command(environ, "updating", "begin", folder).returncode == 0
    monkeypatch.setattr(render, "pdf_from_html", lambda _: b"%PDF-1.7\nnothing in it")
    done = command(environ, "updating", "check", folder)
    assert done.returncode == 1
    assert "sample issue of managers" in done.stderr


def test_a_style_sheet_that_shows_nothing_is_noticed(environ, folder, monkeypatch):
    from cuttings import render

    whole = render.html
    assert command(environ, "updating", "begin", folder).returncode == 0
    hidden = "<style>article, section, li { display: none !important }</style></head>"
    monkeypatch.setattr(render, "html", lambda *a, **k: whole(*a, **k).replace("</head>", hidden))
    done = command(environ, "updating", "check", folder)
    assert done.returncode == 1
    assert "shows 0 links" in done.stderr


def test_a_run_at_work_is_waited_for(environ, folder, tmp_path):
    store = opened(tmp_path)
    runs.begin(store, "collect", now=NOW - timedelta(minutes=1))
    store.close()
    done = command(environ, "updating", "begin", folder)
    assert (done.returncode, "at work" in done.stderr) == (1, True)
    assert not (folder / "backup").exists()


def test_the_command_by_itself_says_who_does_it(environ):
    done = command(environ, "update", "v0.2.0")
    assert (done.returncode, "./run update v0.2.0" in done.stderr) == (1, True)
