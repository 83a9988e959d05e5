"""Errors that are the fault of what somebody typed, and those that are not, are told apart by what they are about."""

import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands import main, typed

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..") and not name.startswith("~")
)


@pytest.mark.parametrize(
    ("failed", "given_words"),
    [
        ("out.csv", ["out.csv"]),
        ("/srv/out.csv", [Path("/srv/out.csv")]),
        (b"/srv/out.csv", ["managers", "/srv/out.csv"]),
        ("/srv/a/b.html", [["/srv/c", "/srv/a/b.html"]]),
        ("/srv/made/register.csv", ["/srv/made"]),
        ("/srv/nowhere", ["/srv/nowhere/out.csv"]),
        ("/srv/out.csv.part", ["/srv/out.csv"]),
        ("/srv/.out.csv-7", ["/srv/out.csv"]),
        ("../x", ["../x/y.csv"]),
    ],
)
def test_a_path_that_was_given(failed, given_words):
    assert typed.named(failed, given_words)


@pytest.mark.parametrize(
    ("failed", "given_words"),
    [
        ("/srv/collect/pages/ab", ["collect"]),  # a command's word, a source's name, a reason
        ("/srv/kitchen/cuttings.db", ["kitchen"]),
        ("/srv/cuttings.db", ["c", "cuttings"]),
        ("/etc", ["it is not / etc"]),
        (None, ["a"]),
        (7, ["7"]),
        ("", [""]),
        ("/srv/x", [None, 7, True, [None]]),
        (str(Path.cwd()), ["new.csv"]),
    ],
)
def test_a_path_that_was_not(failed, given_words):
    assert not typed.named(failed, given_words)


@given(st.lists(NAMES, min_size=1, max_size=4), st.lists(NAMES, min_size=1, max_size=3), st.booleans())
def test_whatever_it_is_called_what_is_in_it_was_named_and_what_is_beside_it_was_not(folder, rest, whole):
    place = "/".join([*([""] if whole else []), *folder])
    assert typed.named(Path(place, *rest), [place])
    assert not typed.named("/elsewhere/" + "/".join(folder), [place]) or whole
    assert not typed.named(Path("/elsewhere", *rest), [place]) or folder[0] == "elsewhere"


# ---------------------------------------------------------------- as commands meet it


FAULT = """
import sys
from flows.commands import main, plumbing
def breaks(*_): raise PermissionError(13, "Permission denied", "/srv/page/ours.db")
plumbing._once = breaks
sys.argv = ["cuttings", "read", *sys.argv[1:]]
main.main()
"""


def test_what_was_typed_is_a_sentence_and_a_path_of_ours_with_that_word_in_it_shows_where_it_is():
    def run(word):
        return subprocess.run([sys.executable, "-c", FAULT, word], capture_output=True, text=True, check=False)

    assert "Traceback" in run("page").stderr
    assert run("/srv/page").stderr == "cuttings: /srv/page/ours.db: Permission denied.\n"


# ---------------------------------------------------------------- Prefect's temporary server


@pytest.fixture(scope="module")
def dead_server():
    """What Prefect raises where its server's process ends as it starts."""
    server = pytest.importorskip("prefect.server.api.server")

    class Dies(server.SubprocessASGIServer):
        def _run_uvicorn_command(self):
            return subprocess.Popen([sys.executable, "-c", ""])

    with pytest.raises(RuntimeError) as raised:
        Dies().start(timeout=1)
    return raised.value


def test_where_prefects_server_does_not_start_the_place_says_so_whatever_its_words(dead_server, capsys, monkeypatch):
    def run():
        raise dead_server

    dead_server.args = ("Other words, in another version.",)
    monkeypatch.setattr(main, "app", run)
    with pytest.raises(SystemExit) as end:
        main._run()
    assert end.value.code == 1
    said = capsys.readouterr().err
    assert "temporary server did not start; nothing was done" in said
    assert "Traceback" not in said


def test_an_error_that_only_sounds_like_it_is_shown_whole(monkeypatch):
    def run():
        raise RuntimeError("Timed out while attempting to connect to ephemeral Prefect API server.")

    monkeypatch.setattr(main, "app", run)
    with pytest.raises(RuntimeError) as raised:
        main._run()
    assert "test_typed" in "".join(traceback.format_tb(raised.value.__traceback__))


def test_what_it_led_to_is_told_as_well(dead_server):
    error = KeyError("flow run")
    error.__context__ = dead_server
    assert main._as_prefect_started(error)
    assert not main._as_prefect_started(KeyError("flow run"))
    assert not main._as_prefect_started(None)
