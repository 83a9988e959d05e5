"""What the tests of limited.py call in the worker: everything a stranger's page may do to a parser."""

import ctypes
import os
import sys
import time

from cuttings.model import Article, Page, Reading, Unreadable

CALLS = []


def count():
    """How often this worker was asked, and which process it is."""
    CALLS.append(1)
    return len(CALLS), os.getpid()


def echo(*args, **kwargs):
    return args, kwargs


def loop():
    while True:
        pass


def loop_in_c():
    return sum(range(10**12))


def busy(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def sleep(seconds):
    time.sleep(seconds)


def eat(megabytes):
    return len([bytearray(1 << 20) for _ in range(megabytes)])


def leave():
    sys.exit(3)


def abort():
    os.abort()


def segfault():
    ctypes.string_at(0)


def dive(n=0):
    return dive(n + 1)


def unpicklable():
    return lambda: None


def huge(size):
    return b"x" * size


def unreadable():
    raise Unreadable("https://n.example/a", "title", "The page has no headline.")


class Odd(Exception):
    pass


class OddValue(ValueError):
    pass


def raises(name):
    raise {"value": ValueError("not a date"), "key": KeyError("title"), "odd": Odd("so"), "odd-value": OddValue("so")}[
        name
    ]


def noisy():
    print("to stdout" * 1000)
    print("to stderr", file=sys.stderr)
    os.write(1, b"\x00\x00\x00\x00 raw bytes")
    return "quiet"


def reading(pages):
    article = Article(key="k", url=pages[0].url, paragraphs=("One.", "Two."))
    return Reading((article,))


def page():
    return Page(url=None, body=b"x")


def environment():
    return dict(os.environ)


class Trap:
    """A result that wants the parent to run a command when it is unpacked."""

    def __reduce__(self):
        return os.system, ("touch /tmp/should-not-exist-trap",)


def trap():
    return Trap()


def signals():
    return os.getsid(0) == os.getpid(), sys.stdin.isatty()


def orphan():
    """A child that outlives its call, as a library's helper might."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    return child


def sees_threads():
    import threading

    return threading.active_count()


def scratch():
    """A file that a library made for itself, and left behind when its process was killed."""
    import tempfile

    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name
