"""The other end of limited.py: reads calls from a pipe, runs them under their limits, writes replies.

The limits are the kernel's, with their default action: a loop inside a C library never comes back to Python, where a
handler could run, so the process is simply ended.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import resource
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cuttings.edges.limited import KNOWN, LARGEST_RESULT

_FRAME = struct.Struct("!Q")
_PAGE = resource.getpagesize()
_SLACK = 5.0  # seconds after which the worker ends itself when its parent is gone and can't

_Limits = tuple[float, float, float]


def serve(calls: int, replies: int, preload: tuple[str, ...]) -> None:
    """Until the pipe ends. `calls` and `replies` are file descriptors."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in (signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(name, signal.SIG_DFL)
    for module in preload:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not walk it again
    at_rest = _resident()
    _write(replies, b"ready")
    with os.fdopen(calls, "rb", closefd=False) as pipe:
        while request := _read(pipe):
            function, args, kwargs, limits = pickle.loads(request)
            del request
            what, payload = _answer(function, args, kwargs, limits)
            del args, kwargs
            # Memory once taken is seldom given back; a worker that has grown past its limit makes room for a new one.
            worn_out = (what, payload) == ("exceeded", "memory") or _resident() - at_rest > limits[1] * 1e6
            _write(replies, _frame(what, payload, worn_out))
            del payload


def _answer(function: str, args: Any, kwargs: Any, limits: _Limits) -> tuple[str, Any]:
    try:
        with _limited(limits):
            return "ok", _found(function)(*args, **kwargs)
    except MemoryError:
        return "exceeded", "memory"
    except RecursionError:
        return "exceeded", "depth"
    except KNOWN as error:
        for known in KNOWN:
            if type(error) is known:
                return "known", (known.__name__, error.args, dict(error.__dict__))
        return "crashed", _described(error)
    except Exception as error:
        return "crashed", _described(error)


@contextmanager
def _limited(limits: _Limits) -> Iterator[None]:
    cpu, memory, wall = limits
    space = _address_space() + int(memory * 1e6)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        space = min(space, most)
    resource.setrlimit(resource.RLIMIT_AS, (space, most))
    signal.setitimer(signal.ITIMER_PROF, cpu)
    signal.setitimer(signal.ITIMER_REAL, wall + _SLACK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _found(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    callable_: Callable[..., Any] = found
    return callable_


def _frame(what: str, payload: Any, worn_out: bool) -> bytes:
    try:
        frame = pickle.dumps((what, payload, worn_out), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # a lambda, an open file, an element of a parsed tree
        return pickle.dumps(("crashed", f"The result can't be handed back: {_described(error)}", worn_out))
    if len(frame) > LARGEST_RESULT:
        return pickle.dumps(("exceeded", "result", True))
    return frame


def _described(error: BaseException) -> str:
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" ({os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno})" if where else ""  # noqa: PTH119 - no pathlib in a worker's start
    return f"{type(error).__name__}: {str(error)[:500]}{place}"


def _read(pipe: Any) -> bytes:
    head = pipe.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return b""
    body: bytes = pipe.read(_FRAME.unpack(head)[0])
    return body


def _write(replies: int, frame: bytes) -> None:
    data = memoryview(_FRAME.pack(len(frame)) + frame)
    while data:
        data = data[os.write(replies, data) :]


def _memory() -> list[int]:
    with open("/proc/self/statm", "rb") as pages:  # noqa: PTH123 - read twice a call
        return [int(field) * _PAGE for field in pages.read().split()[:2]]


def _address_space() -> int:
    return _memory()[0]


def _resident() -> int:
    return _memory()[1]
