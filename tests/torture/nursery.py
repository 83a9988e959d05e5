"""A process that has imported everything, and bears a child for each run: it can be killed without a second's loss.

Started by `rig.py` as `python -m tests.torture.nursery`. A line in, `{"do": ["collect"], "env": {...}, "log": PATH}`;
two lines out, `{"pids": [7]}` when the child has begun and `{"statuses": [0]}` when it has ended (-9: by SIGKILL).
A child is a process group of its own and runs the very functions of the flows, without Prefect around them.
`"together": 3` bears three that begin at the same moment; `"die_at": 5` kills the child before its fifth step, where a
step is whatever outlasts a process: a file opened to be written, moved or removed, a commit, a connection.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any


class _Future:
    def __class_getitem__(cls, _: object) -> type:
        return cls

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self, raise_on_failure: bool = True) -> Any:
        error = self._future.exception()
        if error is None:
            return self._future.result()
        if raise_on_failure or not isinstance(error, Exception):
            raise error
        return error


class _Plain:
    """A task as a function that can be called, or submitted to a thread."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._threads: ThreadPoolExecutor | None = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._function(*arguments, **named)

    def submit(self, *arguments: Any, **named: Any) -> _Future:
        self._threads = self._threads or ThreadPoolExecutor(8)
        return _Future(self._threads.submit(self._function, *arguments, **named))


class _NoLog:
    def info(self, *_: object) -> None: ...

    def error(self, text: str, *values: object) -> None:
        print(text % values, file=sys.stderr, flush=True)


def _decorator(wrap: Callable[[Any], Any]) -> Callable[..., Any]:
    """`@flow` as well as `@flow(name=…)`."""

    def decorate(function: Any = None, **_: object) -> Any:
        return wrap(function) if function is not None else wrap

    return decorate


def instead_of_prefect() -> None:
    """Put modules in Prefect's place that leave flows and tasks plain functions: it takes six seconds to import."""
    names: dict[str, dict[str, Any]] = {
        "prefect": {"flow": _decorator(lambda function: function), "task": _decorator(_Plain)},
        "prefect.artifacts": {f"create_{kind}_artifact": lambda *_, **__: None for kind in ("table", "markdown")},
        "prefect.cache_policies": {"NO_CACHE": None},
        "prefect.context": {},
        "prefect.exceptions": {"MissingContextError": type("MissingContextError", (RuntimeError,), {})},
        "prefect.futures": {"PrefectFuture": _Future},
        "prefect.logging": {"get_run_logger": _NoLog},
        "prefect.runtime": {"flow_run": SimpleNamespace(parameters={})},
        "prefect.task_runners": {"ThreadPoolTaskRunner": lambda **_: None},
    }
    for name, values in names.items():
        module = ModuleType(name)
        vars(module).update(values)
        sys.modules[name] = module


def _do(what: Sequence[str]) -> None:
    """One run: the function `what[0]` of the module of that name in flows, with the rest as its arguments."""
    name, *arguments = what
    result = getattr(importlib.import_module(f"flows.{name}"), name)(*arguments)
    print(str(result)[:300], flush=True)


_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_STEPS = ("os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate", "shutil.copyfile", "socket.connect")


class _Steps:
    """Counts what outlasts the process, and kills it before step `die_at` (0: never)."""

    def __init__(self, folder: str, die_at: int) -> None:
        self._folder, self._die_at = folder, die_at
        self.count = 0

    def watch(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        sys.addaudithook(self._heard)
        event.listen(Engine, "commit", lambda _: self._step())

    def _heard(self, name: str, given: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = given
            if isinstance(path, str | os.PathLike) and flags & _WRITES and os.fspath(path).startswith(self._folder):
                self._step()
        elif name in _STEPS:
            self._step()

    def _step(self) -> None:
        self.count += 1
        if self.count == self._die_at:
            os.killpg(0, signal.SIGKILL)


def _child(order: dict[str, Any], gate: int) -> None:
    os.setsid()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file past its limit is then an error of the disk, as 'full' is
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["env"])
    if order.get("file_bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"], order["file_bytes"]))
    if order.get("user"):
        os.setgid(order["user"])
        os.setuid(order["user"])
    steps = None
    if "die_at" in order:
        steps = _Steps(os.path.dirname(order["log"]), order["die_at"])  # noqa: PTH120
        steps.watch()
    os.read(gate, 1)  # nothing comes: it ends when all have been born
    status = 0
    try:
        _do(order["do"])
    except BaseException as error:
        status = 1
        # Which errors are sentences for people is decided as in the command line.
        ours = type(error).__module__.startswith(("cuttings.", "parsers.", "flows."))
        print(f"SENTENCE {error}" if ours else f"FAULT {traceback.format_exc()}", flush=True)
    finally:
        if steps is not None:
            print(f"STEPS {steps.count}")
        sys.stdout.flush()
        os._exit(status)


def _born(order: dict[str, Any]) -> list[int]:
    """The children of an order; they begin when all of them are there."""
    gate, opened = os.pipe()
    pids = []
    for _ in range(order.get("together", 1)):
        pid = os.fork()
        if pid == 0:
            os.close(opened)
            with suppress(BaseException):
                _child(order, gate)
            os._exit(2)
        pids.append(pid)
    os.close(gate)
    os.close(opened)
    return pids


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    instead_of_prefect()
    for module in ("collect", "deliver", "publish", "decide", "health"):
        importlib.import_module(f"flows.{module}")
    # What a run imports when it needs it; here it would be a second of every child's.
    for module in ("cuttings.render", "cuttings.render.shelf", "cuttings.edges.migrations", "ftfy", "wordfreq"):
        importlib.import_module(module)
    print(json.dumps({"ready": os.getpid()}), file=answers)
    for line in sys.stdin:
        pids = _born(json.loads(line))
        print(json.dumps({"pids": pids}), file=answers)
        ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        print(json.dumps({"statuses": ended}), file=answers)


if __name__ == "__main__":
    main()
