"""`./run update` on a real git repository, with stand-ins for Python and the libraries: what works stays, and what does
not, or is killed anywhere, leaves everything as it was.

The program of a version is the file `app` of that version; its store is a file with a version's name in it.
"""

import os
import shutil
import signal
import subprocess

import pytest

from tests.run.test_run import Machine

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

# What stands in for the program: it runs the checkout's own `app`, as the editable install does.
COMMAND = 'exec sh "$CHECKOUT/app" "$@"\n'
APP = """
store=$CHECKOUT/output/store
echo "VERSION $*" >>"$CALLS"
case "${DIES:+on} $*" in on*"$DIES"*) kill -9 0 ;; esac
case "$1 $2" in
"updating begin") cp "$store" "$CHECKOUT/output/copy"; echo "$CHECKOUT/output/copy" >"$3/backup" ;;
"updating check") echo VERSION >"$store"; exit CODE ;;
"restore "*) cp "$2" "$store" ;;
"show ") cat "$store" ;;
esac
"""


def version(name, code=0):
    return APP.replace("VERSION", name).replace("CODE", str(code))


class Council:
    """A checkout at version one, made from an origin that goes on."""

    def __init__(self, folder):
        self.machine = Machine(folder)
        for tool in ("git", "sed", "mv", "sh", "head", "cmp", "kill", "sleep", "dirname", "tr", "sort"):
            if not (folder / "real" / tool).exists() and shutil.which(tool):
                (folder / "real" / tool).symlink_to(shutil.which(tool))
        self.origin = folder / "origin"
        shutil.copytree(self.machine.home, self.origin)
        shutil.rmtree(self.machine.home)
        (self.machine.fakes / ".command").write_text(f"#!/bin/sh\n{COMMAND}")
        self.git("init", "-q", "-b", "main")
        (self.origin / ".gitignore").write_text(".venv*/\n.setup.lock\nconfig/local/\noutput/\n.update*\n")
        self.release("one", version("one"))
        subprocess.run(["git", "clone", "-q", self.origin, self.machine.home], check=True)
        home = self.machine.home
        (home / "config" / "local").mkdir(parents=True)
        (home / "config" / "local" / "council.toml").write_text("mine\n")
        (home / "output").mkdir()
        (home / "output" / "store").write_text("one\n")
        self.machine.environment |= {"CHECKOUT": str(home), "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
        assert self.machine.run("show").returncode == 0

    def git(self, *words):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        done = subprocess.run(["git", *who, *words], cwd=self.origin, check=True, text=True, capture_output=True)
        return done.stdout.strip()

    def release(self, name, app, lock=None):
        (self.origin / "app").write_text(app)
        if lock is not None:
            (self.origin / "requirements.lock").write_text(lock)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", name)
        return self.git("rev-parse", "HEAD")

    def run(self, *words, **how):
        return self.machine.run(*words, **how)

    @property
    def home(self):
        return self.machine.home

    def head(self):
        return subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self.home, check=True, text=True, capture_output=True
        ).stdout.strip()

    def left(self):
        return sorted(p.name for p in self.home.glob(".update*")) + [p.name for p in self.home.glob(".venv.*")]

    def is_as_before(self, commit):
        assert self.head() == commit
        status = subprocess.run(
            ["git", "status", "--porcelain", "-b"], cwd=self.home, check=True, text=True, capture_output=True
        ).stdout
        assert status.startswith("## main")
        assert len(status.splitlines()) == 1, "no file differs from the version before"
        assert self.run("show").stdout == "one\n"
        assert (self.home / "config" / "local" / "council.toml").read_text() == "mine\n"
        assert self.left() == [".update.lock"]
        return True


@pytest.fixture
def council(tmp_path):
    return Council(tmp_path)


def test_a_good_version_stays(council):
    new = council.release("two", version("two"))
    done = council.run("update")
    assert done.returncode == 0, done.stderr
    assert council.head() == new
    assert council.run("show").stdout == "two\n"
    assert (council.home / "config" / "local" / "council.toml").read_text() == "mine\n"
    assert council.left() == [".update.lock"]
    again = council.run("update")
    assert (again.returncode, "already" in again.stderr) == (0, True)


def test_new_libraries_come_with_it(council):
    council.release("two", version("two"), lock="other libraries\n")
    assert council.run("update").returncode == 0
    assert len(council.machine.installs()) == 2
    assert council.run("show").stdout == "two\n"
    assert len(council.machine.installs()) == 2, "they are complete"


@pytest.mark.parametrize("lock", [None, "other libraries\n"])
def test_a_bad_version_goes_back(council, lock):
    before = council.head()
    (council.home / ".venv" / "old").touch()
    council.release("two", version("two", code=1), lock=lock)
    done = council.run("update")
    assert done.returncode == 1
    assert "does not work here" in done.stderr
    assert (council.home / ".venv" / "old").exists(), "the very libraries of before"
    assert council.is_as_before(before)


def test_libraries_that_cannot_be_had_go_back(council):
    before = council.head()
    council.release("two", version("two"), lock="other libraries\n")
    done = council.run("update", FAILS="pip install")
    assert done.returncode == 1
    assert "no such luck" in done.stderr
    assert council.is_as_before(before)
    assert not any(call.startswith("one restore") for call in council.machine.calls), "the store was not touched"


@pytest.mark.parametrize(
    "at", ["updating begin", "--help", "updating check", "restore", "-r requirements.lock", "-e ."]
)
def test_killed_anywhere_the_next_command_goes_back(council, at):
    before = council.head()
    council.release("two", version("two", code=int(at == "restore")), lock="other libraries\n")
    killed = council.run("update", DIES=at)
    assert killed.returncode == -signal.SIGKILL
    done = council.run("show")
    assert (done.returncode, done.stdout) == (0, "one\n"), done.stderr
    if at != "updating begin":
        assert "stopped half-way" in done.stderr
        assert council.is_as_before(before)
    assert council.head() == before
    council.release("three", version("three"))
    assert council.run("update").returncode == 0
    assert council.run("show").stdout == "three\n"


def test_interrupted_it_goes_back_at_once(council):
    before = council.head()
    council.release("two", version("two"), lock="other libraries\n")
    os.mkfifo(council.machine.folder / "in")
    os.mkfifo(council.machine.folder / "out")
    process = council.machine.start("update", WAITS="-r requirements.lock")
    assert (council.machine.folder / "in").read_text() == "here\n"
    busy = council.run("show")
    assert (busy.returncode, "an update is at work" in busy.stderr) == (3, True)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert council.is_as_before(before)


def test_a_named_version_and_back_to_the_branch(council):
    council.git("tag", "v0.1.0")
    council.release("two", version("two"))
    council.git("tag", "v0.2.0")
    newest = council.release("three", version("three"))
    done = council.run("update", "v0.2.0")
    assert done.returncode == 0, done.stderr
    assert council.run("show").stdout == "two\n"
    assert council.run("update", "main").returncode == 0
    assert (council.head(), council.run("show").stdout) == (newest, "three\n")


def test_what_stops_it_before_anything_changes(council):
    before = council.head()
    assert "no version 'v9'" in council.run("update", "v9").stderr
    assert "usage" in council.run("update", "--hard").stderr
    council.release("two", version("two"))
    (council.home / "app").write_text(version("my own"))
    done = council.run("update")
    assert (done.returncode, "config/local" in done.stderr) == (3, True)
    assert (council.home / "app").read_text() == version("my own")
    assert council.head() == before


def test_a_folder_without_git_is_told_how(tmp_path):
    machine = Machine(tmp_path)
    done = machine.run("update")
    assert done.returncode == 3
    assert "./run backup" in done.stderr
    assert not machine.calls


def test_a_refused_start_changes_nothing(council):
    before = council.head()
    (council.home / "app").write_text(version("one").replace('cp "$store" "$CHECKOUT/output/copy";', "exit 1;"))
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@e.org", "commit", "-qam", "x"], cwd=council.home, check=True
    )
    before = council.head()
    council.git("fetch", "-q", str(council.home), "main")
    council.git("merge", "-q", "--ff-only", "FETCH_HEAD")
    council.release("two", version("two"))
    done = council.run("update")
    assert (done.returncode, "nothing was changed" in done.stderr) == (3, True)
    assert council.head() == before
