"""`./run update` with this very program, a real store and real migrations; only the libraries are those at hand.

What fetching other libraries does is in test_update.py, with stand-ins.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cuttings.edges.store import open_store, recipients
from cuttings.edges.store.connect import HEAD
from tests.edges_store.made import NOW, article, comment, save

HOME = Path(__file__).resolve().parents[2]
PARTS = ("run", "pyproject.toml", "requirements.lock", "cuttings", "parsers", "flows", "templates", "config/default")
NEXT = f"{int(HEAD) + 1:04}"
MIGRATION = f'''
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{NEXT}", "{HEAD}"
def upgrade():
    op.add_column("marks", sa.Column("later", sa.Integer))
    op.execute("DELETE FROM recipients")  # a migration that loses something
'''

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(folder, *words):
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, text=True, capture_output=True)
    return done.stdout.strip()


class Council:
    def __init__(self, folder):
        self.origin, self.home = folder / "origin", folder / "home"
        for part in PARTS:
            source, target = HOME / part, self.origin / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        (self.origin / ".gitignore").write_text("__pycache__/\n.update*\nconfig/local/\noutput/\n.setup.lock\n")
        git(self.origin, "init", "-q", "-b", "main")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "-m", "one")
        git(folder, "clone", "-q", str(self.origin), str(self.home))
        self._environment(folder / "venv")
        store = open_store(self.home / "output" / "cuttings.db")
        a = article()
        save(store, a, [comment(a)])
        recipients.add(store, "managers", "anna@fellshire.example", now=NOW)
        store.close()

    def _environment(self, venv):
        """One that `run` takes for complete: the Python of these tests, and the checkout's own program."""
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(sys.executable)
        program = venv / "bin" / "cuttings"
        program.write_text(
            f'#!/bin/sh\nPYTHONPATH={self.home} PYTHONSAFEPATH=1 exec {sys.executable} -m flows.commands.main "$@"\n'
        )
        program.chmod(0o755)
        stamp = 'printf \'%s\\n\' "$(cat requirements.lock pyproject.toml | cksum) $0 $(readlink -f "$1")"'
        words = ["sh", "-c", stamp, str(self.home), str(venv / "bin" / "python")]
        done = subprocess.run(words, cwd=self.home, check=True, text=True, capture_output=True)
        (venv / ".cuttings-requirements").write_text(done.stdout)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUTTINGS_", "PREFECT_", "PYTHON"))}
        self.environment = kept | {"CUTTINGS_VENV": str(venv), "PYTHONDONTWRITEBYTECODE": "1"}

    def release(self, *, works):
        versions = self.origin / "cuttings" / "edges" / "migrations" / "versions"
        (versions / "later.py").write_text(MIGRATION)
        connect = self.origin / "cuttings" / "edges" / "store" / "connect.py"
        connect.write_text(connect.read_text().replace(f'HEAD = "{HEAD}"', f'HEAD = "{NEXT}"'))
        if not works:
            with (self.origin / "templates" / "digest.css").open("a") as css:
                css.write("\narticle, section, li { display: none !important }\n")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "-m", "two")

    def run(self, *words):
        # Its own group: `./run` gives signals to the group it stands in.
        return subprocess.run(
            [self.home / "run", *words],
            cwd=self.home,
            env=self.environment,
            text=True,
            capture_output=True,
            start_new_session=True,
        )

    def state(self):
        """(commit, schema, comments, recipients)"""
        connection = sqlite3.connect(self.home / "output" / "cuttings.db")
        try:
            ask = ("SELECT version_num FROM alembic_version", "SELECT count(*) FROM comments",
                   "SELECT count(*) FROM recipients")  # fmt: skip
            return (git(self.home, "rev-parse", "HEAD"), *(connection.execute(q).fetchone()[0] for q in ask))
        finally:
            connection.close()


@pytest.fixture
def council(tmp_path):
    return Council(tmp_path)


@pytest.mark.parametrize("works", [True, False])
def test_a_version_that_works_stays_and_one_that_prints_nothing_takes_its_migration_back(council, works):
    before = council.state()
    council.release(works=works)
    done = council.run("update")
    assert done.returncode == (0 if works else 1), done.stderr
    if works:
        assert council.state()[:2] == (git(council.origin, "rev-parse", "HEAD"), NEXT)
    else:
        assert "The PDF shows 0 links, and 1 items have one." in done.stderr
        assert council.state() == before
    assert git(council.home, "status", "--porcelain") == ""
    assert [p.name for p in council.home.glob(".update*")] == [".update.lock"]
    (kept,) = (council.home / "output" / "backups").glob("before-update-*.tar")
    assert kept.stat().st_mode & 0o077 == 0
