"""cuttings/edges/limited.py: a call that may do anything costs itself alone."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cuttings.edges.limited import CannotStart, Crashed, Exceeded, Limited
from cuttings.model import Article, Page, Reading, Unreadable

HERE = "tests.edges_net.workload"


@pytest.fixture(scope="module")
def limited():
    with Limited(cpu_seconds=1, memory_mb=200, wall_seconds=20, preload=(HERE,)) as worker:
        yield worker


def call(limited, name, *args, **kwargs):
    return limited.call(f"{HERE}:{name}", *args, **kwargs)


def test_a_result_comes_back(limited):
    assert call(limited, "echo", 1, "ä", b"\x00", None, key=(2.5, {"a": [1]})) == (
        (1, "ä", b"\x00", None),
        {"key": (2.5, {"a": [1]})},
    )


def test_our_values_come_back(limited):
    page = Page(url="https://n.example/a", body=b"<p>words</p>" * 10_000)
    reading = call(limited, "reading", (page,))
    assert reading == Reading((Article(key="k", url=page.url, paragraphs=("One.", "Two.")),))


def test_a_function_can_be_given_by_itself(limited):
    from tests.edges_net.workload import echo

    assert limited.run(echo, 7) == ((7,), {})


@pytest.mark.parametrize(
    ("name", "args", "limits", "kind"),
    [
        ("loop", (), (0.3, 200, 20), "cpu"),
        ("loop_in_c", (), (0.3, 200, 20), "cpu"),
        ("sleep", (30,), (5, 200, 0.3), "wall"),
        ("loop", (), (30, 200, 0.3), "wall"),
        ("eat", (2000,), (5, 100, 20), "memory"),
        ("dive", (), (5, 200, 20), "depth"),
        ("huge", (70_000_000,), (5, 500, 20), "result"),
    ],
)
def test_limits(limited, name, args, limits, kind):
    with pytest.raises(Exceeded) as caught:
        call(limited, name, *args, limits=limits)
    assert caught.value.kind == kind
    assert caught.value.detail.endswith(".")
    assert call(limited, "echo", "next") == (("next",), {})


def test_memory_below_the_limit_is_fine(limited):
    assert call(limited, "eat", 50) == 50


def test_large_pages_and_results_pass(limited):
    page = os.urandom(8_000_000)
    assert call(limited, "echo", page)[0][0] == page


@pytest.mark.parametrize(
    ("name", "detail"),
    [("leave", "status 3"), ("abort", "SIGABRT"), ("segfault", "SIGSEGV")],
)
def test_crashes(limited, name, detail):
    with pytest.raises(Crashed) as caught:
        call(limited, name)
    assert detail in caught.value.detail
    assert call(limited, "echo", "next") == (("next",), {})


def test_what_the_function_raises_comes_back_as_itself(limited):
    with pytest.raises(Unreadable) as caught:
        call(limited, "unreadable")
    error = caught.value
    assert (error.url, error.field, error.detail) == ("https://n.example/a", "title", "The page has no headline.")
    assert str(error) == "https://n.example/a: The page has no headline."
    with pytest.raises(ValueError, match="not a date"):
        call(limited, "raises", "value")
    with pytest.raises(KeyError, match="title"):
        call(limited, "raises", "key")


@pytest.mark.parametrize("name", ["odd", "odd-value"])
def test_what_we_do_not_know_is_a_crash_with_its_words(limited, name):
    with pytest.raises(Crashed, match=r"Odd.*: so \(workload.py:\d+\)"):
        call(limited, "raises", name)


def test_neither_a_crash_in_words_nor_an_exception_costs_the_worker(limited):
    _, before = call(limited, "count")
    for name in ("odd", "value"):
        with pytest.raises((Crashed, ValueError)):
            call(limited, "raises", name)
    with pytest.raises(Crashed, match="can't be handed back"):
        call(limited, "unpicklable")
    assert call(limited, "count")[1] == before


@pytest.mark.parametrize("name", ["no.such.module:function", f"{HERE}:nothing", "nonsense", ":"])
def test_a_function_that_is_not_there(limited, name):
    with pytest.raises((Crashed, ValueError)):
        limited.call(name)
    assert call(limited, "echo") == ((), {})


def test_prints_do_not_disturb(limited, capfd):
    assert call(limited, "noisy") == "quiet"
    assert capfd.readouterr() == ("", "")


def test_a_reply_can_run_nothing(limited):
    trap = Path("/tmp/should-not-exist-trap")
    with pytest.raises(Crashed, match="can't be trusted"):
        call(limited, "trap")
    assert not trap.exists()
    assert call(limited, "echo") == ((), {})


def test_the_worker_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("CUTTINGS_SMTP_PASSWORD", "hush")
    monkeypatch.setenv("HTTPS_PROXY", "http://jo:hush@proxy.example")
    monkeypatch.setenv("CUTTINGS_DATABASE_URL", "postgresql://jo:hush@db.example/x")
    with Limited(preload=(HERE,)) as limited:
        assert "hush" not in str(call(limited, "environment"))
        assert call(limited, "environment")["PATH"] == os.environ["PATH"]


def test_it_belongs_to_no_terminal(limited):
    assert call(limited, "signals") == (True, False)
    assert call(limited, "sees_threads") == 1


def test_many_small_calls_are_one_process():
    with Limited(preload=(HERE,)) as limited:
        counts = [call(limited, "count") for _ in range(500)]
    assert [n for n, _ in counts] == list(range(1, 501))
    assert len({pid for _, pid in counts}) == 1
    assert limited.starts == 1


def test_computing_time_is_counted_for_each_call_anew():
    with Limited(cpu_seconds=0.3, preload=(HERE,)) as limited:
        for _ in range(8):
            call(limited, "busy", 0.1)
        assert limited.starts == 1


def test_threads_take_turns(limited):
    answers = []

    def ask(n):
        answers.append(call(limited, "echo", n)[0][0] == n)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 40


def test_a_worker_that_died_between_two_calls_is_replaced(limited):
    _, pid = call(limited, "count")
    psutil.Process(pid).kill()
    with suppress(Crashed):  # it may not quite have died when the call goes out
        call(limited, "echo")
    assert call(limited, "echo", 1) == ((1,), {})


def test_nothing_is_left_behind():
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}
    files = me.num_fds()
    with Limited(preload=(HERE,), wall_seconds=20) as limited:
        call(limited, "echo")
        grandchild = call(limited, "orphan")
        for _ in range(3):
            with pytest.raises(Crashed):
                call(limited, "abort")
        with pytest.raises(Exceeded):
            call(limited, "sleep", 30, limits=(5, 200, 0.1))
    assert {child.pid for child in me.children(recursive=True)} == before
    assert me.num_fds() == files
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE


def test_temporary_files_go_with_the_worker():
    with Limited() as worker:
        name = Path(call(worker, "scratch"))
        assert name.exists()
    assert not name.parent.exists()


def test_it_ends_with_its_parent():
    program = (
        "import os\nfrom cuttings.edges.limited import Limited\n"
        f"limited = Limited(preload=({HERE!r},))\n"
        f"print(limited.call({HERE + ':count'!r})[1], flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    worker = int(done.stdout)
    _, alive = psutil.wait_procs([psutil.Process(worker)] if psutil.pid_exists(worker) else [], timeout=5)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_a_module_that_does_not_import_is_told():
    with (
        Limited(preload=("no_such_module_at_all",)) as limited,
        pytest.raises(CannotStart, match="no_such_module_at_all"),
    ):
        limited.call("math:sqrt", 4.0)


def test_after_closing_it_starts_again():
    limited = Limited()
    assert limited.call("math:sqrt", 4.0) == 2.0
    limited.close()
    limited.close()
    assert limited.pid is None
    assert limited.call("math:sqrt", 9.0) == 3.0
    limited.close()
