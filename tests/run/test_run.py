"""The script `run` on machines of every kind: its own copy in a folder, and stand-ins for the tools that it calls.

No network, no real package is touched. What a stand-in is called with is written down; what is not there is not found.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "run"
REAL = ["cat", "cksum", "cp", "dirname", "env", "flock", "grep", "ln", "ls", "mkdir", "readlink", "rm", "tail", "touch"]
LIBRARIES = [
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
]
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1"

NOTE = 'echo "${0##*/} $*" >>"$CALLS"\n'
# $FAILS, $DIES and $WAITS hold a piece of the call that is to go wrong, or to be held up.
TROUBLE = """
case "${FAILS:+on} $*" in on*"$FAILS"*) echo "no such luck" >&2; exit 1 ;; esac
case "${DIES:+on} $*" in on*"$DIES"*) kill -9 0 ;; esac
case "${WAITS:+on} $*" in on*"$WAITS"*) echo "here" >"$GATES/in"; cat "$GATES/out" ;; esac
"""
FAKES = {
    # The one Python stands for the machine's and, by a link, for the environment's.
    "python3": """
case "$1 $2" in
"-c "*purelib*) exit 0 ;;
"-c "*print*) echo python3.12-venv; exit 0 ;;
"-c "*version_info*) exit "${OLD:-0}" ;;
"-c import ensurepip") exit "${NO_ENSUREPIP:-0}" ;;
"--version "*) echo "Python 3.9.2"; exit 0 ;;
"-m compileall") exit "${NO_ROOM_TO_COMPILE:-0}" ;;
"-m pip") [ "$3" != --version ] || exec ls "${0%/*}/pip" >/dev/null 2>&1 ;;
esac
"""
    + NOTE
    + TROUBLE
    + """
case "$2" in
venv)
    mkdir -p "$4/bin"
    touch "$4/pyvenv.cfg"
    echo "VIRTUAL_ENV='$4'" >"$4/bin/activate"
    ln -s "$FAKES/python3" "$4/bin/python"
    cp "$FAKES/.command" "$4/bin/cuttings"
    cp "$FAKES/.command" "$4/bin/pytest" ;;
ensurepip) touch "${0%/*}/pip" ;;
esac
""",
    # What ends up being run: says where it stands and what it was given.
    ".command": 'echo "${0##*/} in $PWD"\nfor word; do echo "<$word>"; done\necho "$SSL_CERT_FILE" >&2\n',
    "uv": '[ "$1" != --version ] || exit 0\n' + NOTE + TROUBLE,
    "apt-get": NOTE + TROUBLE,
    "sudo": '[ "$*" != "-n true" ] || exit "${SUDO_ASKS:-0}"\n' + NOTE + '[ "$1" != -E ] || shift\nexec "$@"\n',
    "ldconfig": 'for name in $LIBRARIES; do echo "	$name (libc6,x86-64) => /lib/$name"; done\n',
    "id": 'echo "${USER_ID:-0}"\n',
    "df": 'echo "Filesystem 1024-blocks Used Available"\necho "/dev/x 9999999 9 ${DISK:-9999999} 1% /"\n',
}


class Machine:
    def __init__(self, folder, missing=()):
        self.folder = folder
        self.home = folder / "a checkout"
        self.home.mkdir()
        shutil.copy2(SCRIPT, self.home / "run")
        for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml"):
            (self.home / name).write_text(f"{name}\n")
        self.venv = self.home / ".venv"
        self.fakes, real = folder / "fakes", folder / "real"
        self.fakes.mkdir()
        real.mkdir()
        for name, body in FAKES.items():
            if name not in missing:
                (self.fakes / name).write_text(f"#!/bin/sh\n{body}")
                (self.fakes / name).chmod(0o755)
        for name in REAL:
            (real / name).symlink_to(shutil.which(name))
        self.environment = {
            "PATH": f"{self.fakes}:{real}",
            "FAKES": str(self.fakes),
            "CALLS": str(folder / "calls"),
            "GATES": str(folder),
            "LIBRARIES": " ".join(LIBRARIES),
        }

    def start(self, *words, at=None, script=None, **environment):
        return subprocess.Popen(
            [script or self.home / "run", *words],
            cwd=at or self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that a stand-in can end the whole call, as a closed terminal does
            # Tests begun by `nohup … &` ignore Ctrl-C, and what they start would.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *words, **how):
        process = self.start(*words, **how)
        out, err = process.communicate(timeout=30)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    @property
    def calls(self):
        log = Path(self.environment["CALLS"])
        return log.read_text().splitlines() if log.exists() else []

    def installs(self, lock="requirements.lock"):
        return [call for call in self.calls if call.endswith(f"-r {lock}")]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def without(tmp_path):
    return lambda *missing: Machine(tmp_path, missing)


# The first call and the next


def test_what_could_not_be_compiled_is_no_reason_to_stop(machine):
    assert machine.run("collect", NO_ROOM_TO_COMPILE="1").returncode == 0


def test_uv_fills_the_environment_once(machine):
    first = machine.run("collect")
    assert (first.returncode, first.stdout) == (0, f"cuttings in {machine.folder}\n<collect>\n")
    made, packages, itself = machine.calls
    assert made == f"python3 -m venv --without-pip {machine.venv}"
    assert packages.startswith("uv pip install")
    assert "--require-hashes" in packages
    assert "--compile-bytecode" in packages, "or whoever may only read the folder compiles it at each start"
    assert itself.endswith("-e .")
    assert "setting up" in first.stderr
    second = machine.run("collect")
    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert "setting up" not in second.stderr
    assert len(machine.calls) == 3, "the second call installs nothing"


def test_pip_fills_it_where_there_is_no_uv(without):
    machine = without("uv")
    assert machine.run("collect").returncode == 0
    assert [call.split()[:3] for call in machine.calls] == [
        ["python3", "-m", "venv"],
        ["python", "-m", "ensurepip"],
        ["python", "-m", "pip"],
        ["python", "-m", "pip"],
    ]
    assert machine.run("collect").returncode == 0
    assert len(machine.calls) == 4


def test_pip_steps_in_where_uv_fails(machine):
    done = machine.run("collect", FAILS="pip install -q --python")
    assert done.returncode == 0
    assert "uv did not succeed" in done.stderr
    assert len(machine.installs()) == 2


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed_into_the_same_environment(machine, changed):
    machine.run("collect")
    (machine.venv / "kept").touch()
    (machine.home / changed).write_text("changed\n")
    assert machine.run("collect").returncode == 0
    assert len(machine.installs()) == 2
    assert (machine.venv / "kept").exists()


def test_an_environment_made_by_hand_is_taken_over(machine):
    machine.run("collect")
    (machine.venv / ".cuttings-requirements").unlink()
    (machine.venv / "kept").touch()
    assert machine.run("collect").returncode == 0
    assert (machine.venv / "kept").exists()


def test_a_moved_checkout_gets_its_own(machine):
    machine.run("collect")
    (machine.venv / "old").touch()
    machine.home = machine.home.rename(machine.folder / "moved here")
    assert machine.run("collect").returncode == 0
    assert not (machine.home / ".venv" / "old").exists()
    assert len(machine.installs()) == 2


def test_a_python_that_went_away_means_a_new_environment(machine):
    machine.run("collect")
    (machine.venv / "bin" / "python").unlink()
    (machine.venv / "bin" / "python").symlink_to("/nowhere/python3.10")
    (machine.venv / "old").touch()
    assert machine.run("collect").returncode == 0
    assert not (machine.venv / "old").exists()


# What the command is given


WORDS = ["read", "two words.html", "", "*", "--as=it's", 'a "quoted" $HOME', "new\nline", "-n", "--help"]


def test_words_pass_whole(machine):
    wanted = f"cuttings in {machine.folder}\n" + "".join(f"<{word}>\n" for word in WORDS)
    assert machine.run(*WORDS).stdout == wanted
    assert machine.run(*WORDS).stdout == wanted


def test_called_from_elsewhere_through_links(machine):
    """The command stands where its caller stands, the environment is the checkout's."""
    elsewhere = machine.folder / "else where"
    elsewhere.mkdir()
    (elsewhere / "near").symlink_to("../a checkout/run")
    (elsewhere / "far").symlink_to(elsewhere / "near")
    done = machine.run("read", at=elsewhere, script="./far")
    assert (done.returncode, done.stdout) == (0, f"cuttings in {elsewhere}\n<read>\n")
    assert (machine.venv / ".cuttings-requirements").exists()
    assert machine.run("read", at=machine.home, script="./run").stdout == f"cuttings in {machine.home}\n<read>\n"
    # With CDPATH set `cd` prints where it went.
    done = machine.run("read", at=machine.folder, script="a checkout/run", CDPATH=str(machine.folder))
    assert done.stdout == f"cuttings in {machine.folder}\n<read>\n"
    assert len(machine.installs()) == 1


def test_tests_run_in_the_checkout(machine):
    done = machine.run("test", "tests/run", "-k", "two words")
    assert done.stdout == f"pytest in {machine.home}\n<tests/run>\n<-k>\n<two words>\n"
    assert machine.installs("requirements-test.lock")
    machine.run("collect")
    assert not machine.installs(), "who can test can collect"


def test_collecting_first_does_not_make_a_test_environment(machine):
    machine.run("collect")
    machine.run("test", "tests/run")
    assert len(machine.installs()) == len(machine.installs("requirements-test.lock")) == 1


def test_the_environment_may_be_elsewhere(machine):
    done = machine.run("collect", CUTTINGS_VENV="an env")  # beside the caller
    assert (done.returncode, machine.venv.exists()) == (0, False)
    assert (machine.folder / "an env" / ".cuttings-requirements").exists()


# Packages of the system's


def test_root_gets_only_what_is_missing(machine):
    done = machine.run("collect", LIBRARIES=" ".join(LIBRARIES[:3]))
    assert done.returncode == 0
    update, install = machine.calls[:2]
    assert update.startswith("apt-get update")
    assert install.startswith("apt-get install -y")
    assert install.endswith(" libharfbuzz-subset0 libfontconfig1")
    assert "libpango" not in install


def test_everything_is_asked_for_at_once(without):
    machine = without("uv")
    assert machine.run("collect", LIBRARIES="", NO_ENSUREPIP="1").returncode == 0
    assert machine.calls[1].endswith(f"python3.12-venv {PACKAGES}")


def test_no_python_is_asked_for_too(without):
    machine = without("uv", "python3")
    done = machine.run("collect")
    assert machine.calls[1].endswith(" python3 python3-venv")
    assert done.returncode == 3
    assert "apt-get brought none" in done.stderr


def test_an_old_python_is_named(machine):
    done = machine.run("collect", OLD="1")
    assert done.returncode == 3
    assert "Python 3.11 or newer is needed; here is Python 3.9.2" in done.stderr
    assert not machine.calls


def test_sudo_that_asks_nothing_is_used(machine):
    assert machine.run("collect", LIBRARIES="", USER_ID="1000").returncode == 0
    assert machine.calls[0].startswith("sudo -E apt-get update")
    assert machine.calls[2].startswith("sudo -E env DEBIAN_FRONTEND=noninteractive apt-get install")


@pytest.mark.parametrize(("missing", "prefix"), [((), "sudo "), (("sudo",), "")])
def test_who_may_not_install_gets_the_command(without, missing, prefix):
    machine = without(*missing)
    done = machine.run("collect", LIBRARIES="", USER_ID="1000", SUDO_ASKS="1")
    assert done.returncode == 3
    command = done.stderr.splitlines()[-1].strip()
    assert command == (f"{prefix}apt-get update && {prefix}apt-get install -y --no-install-recommends {PACKAGES}")
    assert not machine.calls
    assert not machine.venv.exists()


def test_a_failing_apt_says_why(machine):
    done = machine.run("collect", LIBRARIES="", FAILS="install")
    assert done.returncode == 3
    assert "no such luck" in done.stderr
    assert done.stderr.splitlines()[-1].strip().startswith("apt-get update && apt-get install")
    assert not machine.venv.exists()


def test_lists_that_cannot_be_refreshed_may_do(machine):
    assert machine.run("collect", LIBRARIES="", FAILS="update").returncode == 0


def test_no_apt_at_all(without):
    done = without("apt-get").run("collect", LIBRARIES="")
    assert done.returncode == 3
    assert PACKAGES in done.stderr


# Stopped, failed, at the same time


@pytest.mark.parametrize("tool", ["uv", "pip"])
@pytest.mark.parametrize("step", ["-r requirements.lock", "-e ."])
def test_stopped_half_way_it_starts_afresh(without, tool, step):
    machine = without() if tool == "uv" else without("uv")
    assert machine.run("collect", DIES=step).returncode == -signal.SIGKILL
    (machine.venv / "half a package").touch()
    assert machine.run("collect").returncode == 0
    assert not (machine.venv / "half a package").exists()
    assert len(machine.installs()) == 2


def test_an_update_stopped_half_way_does_not_look_complete(machine):
    machine.run("test", "tests/run")
    lock = machine.home / "requirements.lock"
    was = lock.read_text()
    lock.write_text("changed\n")
    machine.run("collect", DIES="-r requirements.lock")
    lock.write_text(was)  # as after going back to the version before
    machine.run("collect")
    assert len(machine.installs()) == 2


@pytest.mark.parametrize("step", ["-r requirements.lock", "-e .", "ensurepip"])
def test_what_fails_is_not_taken_for_done(without, step):
    machine = without("uv")
    done = machine.run("collect", FAILS=step)
    assert (done.returncode, done.stdout) == (3, "")
    assert "no such luck" in done.stderr
    assert "the environment is not complete" in done.stderr
    assert machine.run("collect").returncode == 0


def test_two_first_calls_make_one_environment(machine):
    for gate in ("in", "out"):
        os.mkfifo(machine.folder / gate)
    first = machine.start("collect", WAITS="-r requirements.lock")
    assert (machine.folder / "in").read_text() == "here\n"  # it is in the middle of it
    second = machine.start("publish")
    assert "another call is setting up" in second.stderr.readline()
    (machine.folder / "out").write_text("go on\n")
    assert first.communicate(timeout=30)[0].endswith("<collect>\n")
    assert second.communicate(timeout=30)[0].endswith("<publish>\n")
    assert (first.returncode, second.returncode, len(machine.installs())) == (0, 0, 1)


# Places that will not do


def test_a_folder_of_other_things_is_left_alone(machine):
    other = machine.folder / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear\n")
    done = machine.run("collect", CUTTINGS_VENV=str(other))
    assert done.returncode == 3
    assert "holds other things" in done.stderr
    assert (other / "letter.txt").read_text() == "dear\n"
    assert not machine.calls


def test_a_place_that_cannot_be_written(machine):
    (machine.folder / "file").touch()  # the superuser may write everywhere but below a file
    done = machine.run("collect", CUTTINGS_VENV=str(machine.folder / "file" / "venv"))
    assert done.returncode == 3
    assert "cannot write in" in done.stderr
    assert not machine.calls


def test_a_full_disk_is_said_before_anything_is_fetched(machine):
    done = machine.run("collect", DISK="204800")
    assert done.returncode == 3
    assert "200 MB free" in done.stderr
    assert not machine.calls
    assert machine.run("collect").returncode == 0


# Behind a proxy with its own certificate


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"])
def test_one_certificate_variable_does_for_all(machine, variable):
    bundle = machine.folder / "council's ca.pem"
    bundle.touch()
    assert str(bundle) in machine.run("collect", **{variable: str(bundle)}).stderr


def test_certificates_that_are_not_there(machine):
    done = machine.run("collect", SSL_CERT_FILE="/nowhere/ca.pem")
    assert done.returncode == 3
    assert "/nowhere/ca.pem" in done.stderr
    assert not machine.calls


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing():
    done = subprocess.run(["shellcheck", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
