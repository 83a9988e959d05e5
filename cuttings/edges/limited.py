"""One reused worker process that parses and renders what strangers wrote, and can be killed.

    with Limited(cpu_seconds=5, memory_mb=500, wall_seconds=20, preload=("parsers",)) as limited:
        reading = limited.call("parsers:read", pages)

A page that loops, eats memory or crashes the interpreter costs itself, not the run: the worker is killed or dies, and
the next call gets a new one. The process is started afresh (never forked: Prefect's process has threads), belongs to
no terminal, knows no secret of the environment, and speaks over two pipes of its own, so that a library which prints
can't disturb it.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import IO, Any, Literal, TypeVar

from cuttings import model

Kind = Literal["cpu", "memory", "wall", "depth", "result"]
T = TypeVar("T")

START_SECONDS = 120.0  # importing trafilatura or WeasyPrint on a busy machine
_LOOK_UP = 0.5  # seconds between two looks at a worker that says nothing
LARGEST_RESULT = 64 * 1024 * 1024  # bytes
_FRAME = struct.Struct("!Q")

# Exceptions that are an answer of the called function, not a fault of the worker: they come back as themselves.
KNOWN: tuple[type[Exception], ...] = (model.Unreadable, ValueError, KeyError, LookupError, TypeError)

# What a reply may be made of. It comes from a process that has just read a stranger's page, and an unrestricted
# pickle can call anything.
_PLAIN = frozenset(
    {
        ("builtins", name)
        for name in ("set", "frozenset", "bytearray", "complex", "slice", "range", "tuple", "list", "dict", "object")
    }
    | {("datetime", name) for name in ("datetime", "date", "time", "timedelta", "timezone")}
    | {("copyreg", "_reconstructor"), ("collections", "OrderedDict")}
    | {("zoneinfo", "ZoneInfo._unpickle"), ("decimal", "Decimal"), ("pathlib", "PurePosixPath")}
)
_OUR_ROOMS = ("cuttings.", "parsers.")

_STAYS_OUTSIDE = ("SECRET", "PASSWORD", "TOKEN", "KEY", "CREDENTIAL", "PROXY", "PREFECT_", "DATABASE", "PG", "SMTP")

_KINDS: Mapping[Kind, str] = {
    "cpu": "It took more than {cpu:g} seconds of computing time.",
    "memory": "It needed more than {memory:g} MB of memory.",
    "wall": "It was not done after {wall:g} seconds.",
    "depth": "It is nested too deeply.",
    "result": "Its result is too large to hand back.",
}


class Exceeded(Exception):
    """The call broke one of its limits; `kind` says which, `detail` is a sentence."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


class Crashed(Exception):
    """The call ended in an error nobody foresaw, or took the worker with it; `detail` says what is known."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class CannotStart(Exception):
    """There is no worker to be had: our fault or the machine's, and never that of the page in hand."""


class Limited:
    """A worker with limits for each call; safe to share between threads, which then take turns.

    cpu_seconds, wall_seconds: computing time and real time for one call.
    memory_mb: address space that one call may add to what the worker had when it began.
    preload: modules the worker imports when it starts, outside every limit.
    """

    def __init__(
        self,
        *,
        cpu_seconds: float = 5.0,
        memory_mb: float = 512.0,
        wall_seconds: float = 30.0,
        preload: Iterable[str] = (),
    ) -> None:
        self._limits = (float(cpu_seconds), float(memory_mb), float(wall_seconds))
        self._preload = tuple(preload)
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        self.starts = 0  # how many workers there have been

    def __enter__(self) -> Limited:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The worker's process, if there is one now."""
        return self._worker.process.pid if self._worker else None

    def call(self, function: str, *args: Any, limits: tuple[float, float, float] | None = None, **kwargs: Any) -> Any:
        """What "module:function" returns for these arguments, computed in the worker.

        `limits` are (cpu seconds, megabytes, seconds) for this call alone. Raises Exceeded, Crashed, or what the
        function raised if it is one of KNOWN.
        """
        limits = limits or self._limits
        request = pickle.dumps((function, args, kwargs, limits), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            worker = self._ready()
            try:
                reply = worker.ask(request, limits)
            except BaseException:  # KeyboardInterrupt as well: its late answer must not become the next call's
                self._end()
                raise
            if reply.worn_out:
                self._end()
        return reply.value()

    def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """`call` for a function of a module, by itself instead of by name."""
        result: T = self.call(f"{function.__module__}:{function.__qualname__}", *args, **kwargs)
        return result

    def _ready(self) -> _Worker:
        if self._worker is not None and self._worker.process.poll() is not None:
            self._end()
        if self._worker is None:
            self._worker = _Worker(self._preload)
            self.starts += 1
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """The process with its pipes, what it writes to stderr, and a folder for its temporary files."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        there, self._to = os.pipe()
        self._from, back = os.pipe()
        self._errors: IO[bytes] = tempfile.TemporaryFile("a+b")  # noqa: SIM115 - closed in end()
        # A killed process tidies nothing: WeasyPrint would leave a folder of fonts behind for every issue.
        self._scratch = tempfile.TemporaryDirectory(prefix="cuttings-worker-", ignore_cleanup_errors=True)
        code = f"import sys; sys.path[:] = {sys.path!r}; from cuttings.edges import limited_worker as w"
        code += f"; w.serve({there}, {back}, {preload!r})"
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=(there, back),
                start_new_session=True,  # Ctrl-C is the parent's to handle
                env={**_environment(os.environ), "TMPDIR": self._scratch.name},
            )
        except BaseException:
            os.close(self._to)
            os.close(self._from)
            self._errors.close()
            self._scratch.cleanup()
            raise
        finally:
            os.close(there)
            os.close(back)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except (EOFError, TimeoutError):
            detail = f"The process that reads strangers' pages does not start: {self._last_words()}"
            self.end()
            raise CannotStart(detail) from None
        except BaseException:
            self.end()
            raise

    def ask(self, request: bytes, limits: tuple[float, float, float]) -> _Reply:
        deadline = time.monotonic() + limits[2]
        try:
            self._send(request, deadline)
            return _Reply(self._receive(deadline), limits)
        except TimeoutError:
            raise _exceeded("wall", limits) from None
        except (EOFError, BrokenPipeError):
            raise self._autopsy(limits) from None

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # with whatever it has started
        self.process.kill()
        self.process.wait()
        for pipe in (self._to, self._from):
            os.close(pipe)
        self._errors.close()
        self._scratch.cleanup()

    def _send(self, request: bytes, deadline: float) -> None:
        data = memoryview(_FRAME.pack(len(request)) + request)
        while data:
            try:
                data = data[os.write(self._to, data) :]
            except BlockingIOError:
                _wait(self._to, selectors.EVENT_WRITE, deadline)

    def _receive(self, deadline: float) -> bytes:
        size = _FRAME.unpack(self._exactly(_FRAME.size, deadline))[0]
        if size > LARGEST_RESULT:
            raise EOFError
        return self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        pieces = io.BytesIO()
        dead = False
        while (missing := size - pieces.tell()) > 0:
            try:
                piece = os.read(self._from, min(missing, 1 << 20))
            except BlockingIOError:
                if dead:
                    raise EOFError from None
                # A child of the worker may outlive it and hold the pipe open: no end would come through it.
                dead = self.process.poll() is not None
                if not dead:
                    _wait(self._from, selectors.EVENT_READ, deadline)
                continue
            if not piece:
                raise EOFError
            pieces.write(piece)
        return pieces.getvalue()

    def _autopsy(self, limits: tuple[float, float, float]) -> Exception:
        try:
            status = self.process.wait(5)
        except subprocess.TimeoutExpired:
            return Crashed("The worker closed its pipe and stayed.")
        if status in {-signal.SIGPROF, -signal.SIGXCPU}:
            return _exceeded("cpu", limits)
        if status == -signal.SIGALRM:
            return _exceeded("wall", limits)
        if status == -signal.SIGKILL:
            return Crashed("The worker was killed from outside, perhaps because the machine ran out of memory.")
        how = f"died by {signal.Signals(-status).name}" if status < 0 else f"ended itself with status {status}"
        return Crashed(f"The worker {how}. {self._last_words()}".strip())

    def _last_words(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 500))
        return " ".join(self._errors.read().decode("utf-8", "replace").split())


class _Reply:
    """What came back: ("ok", value), ("known", …), ("exceeded", kind) or ("crashed", detail), and if it is worn out."""

    def __init__(self, frame: bytes, limits: tuple[float, float, float]) -> None:
        try:
            self._what, self._payload, worn_out = _Restricted(io.BytesIO(frame)).load()
            self.worn_out = bool(worn_out)
        except Exception as error:
            raise Crashed(f"The worker's reply can't be trusted: {error}") from error
        self._limits = limits

    def value(self) -> Any:
        if self._what == "ok":
            return self._payload
        if self._what == "exceeded":
            raise _exceeded(self._payload, self._limits)
        if self._what == "known":
            raise _rebuilt(*self._payload)
        raise Crashed(str(self._payload))


class _Restricted(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_OUR_ROOMS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in it")


def _rebuilt(name: str, args: tuple[Any, ...], attributes: Mapping[str, Any]) -> Exception:
    """An exception as it was, attributes included; its own constructor may want other arguments than `args`."""
    kind = next((known for known in KNOWN if known.__name__ == name), None)
    if kind is None:
        return Crashed(f"{name}: {args}")
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


def _exceeded(kind: Kind, limits: tuple[float, float, float]) -> Exceeded:
    cpu, memory, wall = limits
    return Exceeded(kind, _KINDS[kind].format(cpu=cpu, memory=memory, wall=wall))


def _wait(pipe: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        selector.select(min(left, _LOOK_UP))


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in ours.items() if not any(s in name.upper() for s in _STAYS_OUTSIDE)}
